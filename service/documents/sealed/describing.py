"""What stands first in a package: the file's metadata as XML, and an index people read in any browser.

The fields are those a 政务服务电子文件 is registered by (in the manner of GB/T 42727 and DA/T 85): who keeps it, where it stands, what it
is about, who did what when, and every file of it. Element names are the trade's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from service.documents.papers import environment
from service.documents.sealed.manifest import PackageHead

NAMESPACE = "urn:lianban:archive:1"
NEVER_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
KIND_NAMES = {
    "INDEX": "目录",
    "METADATA": "元数据",
    "DOCUMENT": "文书",
    "CERTIFICATE": "证照",
    "MATERIAL": "申请材料",
    "OPINION": "办理意见",
    "JOURNAL": "办理日志",
    "TASK": "环节",
    "CLOCK": "时限",
    "PROCEEDING": "特别程序",
    "SUPERVISION": "监察",
    "DELIVERY": "送达",
    "FEE": "收费",
    "MESSAGE": "通知",
    "DATA": "办件数据",
    "PROCESS": "流程图",
    "FORM": "表单",
}
FORMATS = {"pdf": "PDF", "json": "JSON", "bpmn": "BPMN 2.0", "form": "JSON", "xml": "XML", "html": "HTML"}


@dataclass(frozen=True, kw_only=True)
class Described:
    """One file of the package, for both."""

    path: str
    title: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was done: which desk, by whom, when, with which result."""

    name: str
    by: str
    at: str
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class Description:
    """Everything both say. `facts`: label → text, in the order they are read."""

    head: PackageHead
    keeper: str
    facts: Mapping[str, str]
    steps: Sequence[Step] = field(default_factory=tuple)
    files: Sequence[Described] = field(default_factory=tuple)


def metadata_xml(told: Description) -> bytes:
    """The metadata, UTF-8."""
    root = Element("归档信息包", {"xmlns": NAMESPACE, "版本": "1"})
    whole = SubElement(root, "案卷")
    _text(whole, "立档单位名称", told.keeper)
    _text(whole, "档号", told.head.number)
    _text(whole, "信息包序号", str(told.head.part))
    for label, text in told.facts.items():
        _text(whole, label, text)
    _text(whole, "封存时间", told.head.sealed_at)
    business = SubElement(root, "业务过程")
    for step in told.steps:
        one = SubElement(business, "业务行为")
        _text(one, "行为", step.name)
        _text(one, "机构人员名称", step.by)
        _text(one, "行为时间", step.at)
        _text(one, "结果", step.result)
    files = SubElement(root, "文件目录")
    for number, file in enumerate(told.files, 1):
        one = SubElement(files, "文件")
        _text(one, "件内顺序号", str(number))
        _text(one, "题名", file.title)
        _text(one, "文件类别", KIND_NAMES.get(file.kind, file.kind))
        _text(one, "计算机文件名", file.path)
        _text(one, "格式", FORMATS.get(file.path.rpartition(".")[2].lower(), file.path.rpartition(".")[2].upper()))
    checks = SubElement(root, "固化信息")
    _text(checks, "摘要算法", "SM3, SHA-256")
    _text(checks, "摘要清单", "manifest.json")
    _text(checks, "封签", "seal.json")
    indent(root, " ")
    written: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"


def index_html(told: Description) -> bytes:
    """The index: what the file is, what is in it, who did what. Needs nothing else, runs nothing."""
    template = environment().get_template("archive/index.j2")
    written: str = template.render(told=told, kinds=KIND_NAMES)
    return written.encode()


def _text(parent: Any, name: str, text: str) -> None:
    """An element, left out when it has nothing to say."""
    if text:
        SubElement(parent, name).text = NEVER_IN_XML.sub("\ufffd", text)
