"""Untrusted XML: bounded, without document type, entities or surprises of encoding, with the true line of every element.

Two readers: expat looks at the text first (it stops at the first thing that is not allowed and knows lines beyond
65,535), lxml then builds the tree that everybody else reads.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.parsers import expat

from lxml import etree

MAX_BYTES = 2_000_000
MAX_DEPTH = 100
MAX_ELEMENTS = 60_000
MAX_ATTRIBUTES = 60  # of one element

ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "gb2312", "gbk", "gb18030"})
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SYNTAX_ERRORS = {
    "syntax error": "不是 XML",
    "no element found": "文件不完整，没有找到根元素的结束",
    "not well-formed (invalid token)": "有无效的字符或标记",
    "unclosed token": "标记没有写完",
    "unclosed CDATA section": "CDATA 没有结束",
    "mismatched tag": "开始标签与结束标签不匹配",
    "duplicate attribute": "属性重复",
    "junk after document element": "根元素之后还有内容",
    "undefined entity": "使用了未定义的实体",
    "unbound prefix": "命名空间前缀没有声明",
    "XML or text declaration not at start of entity": "XML 声明不在文件开头",
    "reference to invalid character number": "引用了无效的字符",
}
DECLARATION = re.compile(
    r"""<\?xml\s+version\s*=\s*["']1\.[01]["'](?:\s+encoding\s*=\s*["'][\w.\-]{1,40}["'])?"""
    r"""(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s{0,200}\?>""",
    re.ASCII,
)
DECLARED_ENCODING = re.compile(rb"\A<\?xml[^>]{0,150}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class XmlRefused(ValueError):
    """The bytes are not acceptable XML. `code` names the rule, `detail` and `english` fill its sentences."""

    def __init__(self, code: str, line: int = 1, column: int = 0, detail: str = "", english: str = "") -> None:
        self.code, self.line, self.column, self.detail, self.english = code, line, column, detail, english or detail
        super().__init__(f"{code} at line {line}: {detail}")


@dataclass(frozen=True, kw_only=True)
class Document:
    """A read file: its tree, and line and column of every element in it."""

    root: Any
    places: dict[Any, tuple[int, int]]

    def line(self, element: Any) -> int:
        """The line on which the element's start tag begins, from 1."""
        return self.places.get(element, (1, 0))[0]


def read_xml(content: bytes) -> Document:
    """Read untrusted bytes. Raises XmlRefused with the code of a rule LB001 … LB009, and nothing else."""
    if len(content) > MAX_BYTES:
        raise XmlRefused("LB001", detail=f"{len(content) / 1e6:.1f}")
    if not content.strip():
        raise XmlRefused("LB002")
    text = decode(content)
    if invalid := NOT_XML.search(text):
        line, column = place_of(text, invalid.start())
        raise XmlRefused("LB003", line, column, f"U+{ord(invalid[0]):04X}")
    found = DECLARATION.match(text)
    if found is None and text.startswith("<?xml") and text[5:6].isspace():
        raise XmlRefused("LB005", detail="XML 声明有错", english="malformed XML declaration")
    if found:  # the text is Unicode now: what the declaration says of bytes is over, but lines and columns stay
        text = re.sub(r"[^\n]", " ", found[0]) + text[found.end() :]
    data = text.encode("utf-8")
    places = Gate().look_at(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as failure:
        raise XmlRefused("LB005", failure.lineno or 1, failure.offset or 0, "解析失败", failure.msg or "") from None
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    if len(elements) != len(places):
        raise XmlRefused("LB005", detail="结构不明", english="the readers disagree")
    return Document(root=root, places=dict(zip(elements, places, strict=True)))


def decode(content: bytes) -> str:
    """The text, by byte order mark or declared encoding. Raises XmlRefused LB004."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return decode_as(content[len(mark) :], encoding)
    declared = DECLARED_ENCODING.match(content)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in ENCODINGS:
        raise XmlRefused("LB004", detail=name)
    return decode_as(content, "gb18030" if name.startswith("gb") else "utf-8")


def decode_as(content: bytes, encoding: str) -> str:
    """The text in one encoding. Raises XmlRefused LB004."""
    if not encoding:
        raise XmlRefused("LB004", detail="utf-32")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        raise XmlRefused("LB004", line, detail=encoding) from None


def place_of(text: str, position: int) -> tuple[int, int]:
    """Line (from 1) and column (from 0) of a position."""
    return text.count("\n", 0, position) + 1, position - (text.rfind("\n", 0, position) + 1)


class Gate:
    """The first reader: refuses document types and what is too deep or too much, notes where elements begin."""

    def __init__(self) -> None:
        self.places: list[tuple[int, int]] = []
        self.depth = 0
        self.parser = parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.StartDoctypeDeclHandler = self.doctype
        parser.EntityDeclHandler = self.doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def look_at(self, data: bytes) -> list[tuple[int, int]]:
        """Line and column of every element in document order. Raises XmlRefused."""
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as failure:
            english = expat.ErrorString(failure.code) or ""
            chinese = SYNTAX_ERRORS.get(english, english)
            raise XmlRefused("LB005", failure.lineno, failure.offset, chinese, english) from None
        return self.places

    def refuse(self, code: str, detail: object = "") -> NoReturn:
        """Stop at the current place."""
        raise XmlRefused(code, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber, str(detail))

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.depth += 1
        self.places.append((self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber))
        if self.depth > MAX_DEPTH:
            self.refuse("LB007", MAX_DEPTH)
        if len(self.places) > MAX_ELEMENTS:
            self.refuse("LB008", MAX_ELEMENTS)
        if len(attributes) > MAX_ATTRIBUTES:
            self.refuse("LB008", MAX_ATTRIBUTES)

    def end(self, _name: str) -> None:
        """An element ends."""
        self.depth -= 1

    def doctype(self, *_details: object) -> None:
        """A document type begins: there is no good reason for one in a diagram."""
        self.refuse("LB006")
