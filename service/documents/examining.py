"""Templates that a city brings itself: examined before they are ever filled, so that none can compute, wait or hide.

A template extends the frame of every document, which prints head, foot, marks, seal and remedies; it may only say what
stands between them. Everything not named here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from difflib import unified_diff

from jinja2 import TemplateError, nodes

from service.documents.naming import check_names
from service.documents.official import FOLDER_OF_KINDS, Printed, photograph_preview, preview
from service.documents.papers import environment
from service.documents.press import PaperFault
from service.rules.document_kinds import DocumentKind, FactKind, document_kind
from service.rules.refusals import Invalid, refuse

FRAME, PARTS = "official/document.j2", "official/parts.j2"
LONGEST = 20_000  # characters
BLOCKS = frozenset({"title", "style", "body", "signing", "contested"})
CALLS = frozenset({"value", "cell", "chinese", "capitals", "columns"})
MACROS = frozenset({"rows", "listing", "lines", "said", "points", "signatures"})
OF_FRAME = frozenset({"review_authority", "court", "appeal_by"})  # said by the frame
DEEPEST, MOST_NODES, DEEPEST_LOOP = 40, 4_000, 2  # of the tree of a template; loops within each other
GROWING, LONGEST_REPLACED = frozenset({"replace", "join"}), 20  # characters put in the place of others, or between them
FILTERS = frozenset({"length", "join", "default", "trim", "upper", "replace", "first", "last"})
TAGS = frozenset(
    {"script", "iframe", "object", "embed", "link", "style", "img", "svg", "base", "meta", "form", "input"}
)
PROPERTIES = re.compile(
    r"(margin|padding|border)(-[a-z]+)*|font-(size|weight)|line-height|text-(align|indent)|letter-spacing|width|color"
)
SELECTOR = re.compile(
    r"body|h1|h2|\.(?!mark|again|foot|end|stamp|place|code|note)[a-z-]+( (th|td|p|li))?"
)  # never what the frame says
VALUE = re.compile(r"[a-z0-9 .%#-]+")
HUGE = re.compile(r"(?<![#0-9a-f])[0-9]{4,}")  # no measure of a paper has four digits
UNSEEN = re.compile(r"(^|[ ])(0(\.0+)?(pt|mm|px|em|%)?|-[0-9.]+.*|transparent|white|#f{3,8})($|[ ])")
NODES = (
    nodes.Template, nodes.Extends, nodes.Import, nodes.Block, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name,
    nodes.Getattr, nodes.Getitem, nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Concat, nodes.Filter, nodes.Call, nodes.List, nodes.Keyword,
)  # fmt: skip


def examine_template(code: str, body: str, *, made_at: datetime) -> Printed:
    """Examine a template of a kind and print it with sample facts.

    Refused: DOCUMENT_KIND, TEMPLATE_SIZE, TEMPLATE_SYNTAX, TEMPLATE_DEEP, TEMPLATE_FRAME, TEMPLATE_WORD and TEMPLATE_UNKNOWN naming the line,
    TEMPLATE_LACKS (a fact that must be said), TEMPLATE_FACTS.
    """
    _examine(code, body)
    with _filled():
        return preview(code, made_at=made_at, body=body)


def photograph_template(code: str, body: str, *, made_at: datetime) -> tuple[bytes, ...]:
    """The same as pictures of its pages. Refused: what `examine_template` refuses."""
    _examine(code, body)
    with _filled():
        return photograph_preview(code, made_at=made_at, body=body)


def _examine(code: str, body: str) -> None:
    kind = document_kind(code)
    if not body.strip() or len(body) > LONGEST:
        raise refuse("body", "TEMPLATE_SIZE", "模板应有内容，且不超过 {most} 个字符。", most=LONGEST)
    try:
        tree = environment().parse(body)
    except RecursionError:
        raise refuse("body", "TEMPLATE_DEEP", "模板嵌套过深或过于复杂。") from None
    except TemplateError as error:
        line = getattr(error, "lineno", 0) or 0
        raise refuse(
            "body", "TEMPLATE_SYNTAX", "模板第 {line} 行无法识别：{message}", line=line, message=str(error)
        ) from None
    _measure(tree)
    _check(tree)
    check_names(kind, tree)
    _check_loops(kind, tree)
    said = {node.name for node in tree.find_all(nodes.Name)} | {node.value for node in tree.find_all(nodes.Const)}
    for fact in kind.facts:
        if not fact.optional and fact.name not in said and fact.name not in OF_FRAME:
            raise refuse(
                "body", "TEMPLATE_LACKS", "模板应写明“{label}”（{name}），但没有。", label=fact.label, name=fact.name
            )


@contextmanager
def _filled() -> Iterator[None]:
    """What goes wrong with sample facts is a refusal."""
    try:
        yield
    except (RecursionError, MemoryError, SyntaxError):
        raise refuse("body", "TEMPLATE_DEEP", "模板嵌套过深或过于复杂。") from None
    except (TemplateError, PaperFault, ArithmeticError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise refuse(
            "body", "TEMPLATE_FACTS", "用示例数据填写模板时出错：{message}", message=str(error)[:300]
        ) from None


def shipped_template(code: str) -> str:
    """The template that comes with the release. Refused: DOCUMENT_KIND."""
    return (FOLDER_OF_KINDS / f"{document_kind(code).template}.j2").read_text("utf-8")


def template_changes(old: str, new: str) -> tuple[str, ...]:
    """What differs, line by line, with a little around it; `+` added, `-` gone."""
    return tuple(line for line in unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))[2:]


def _measure(tree: nodes.Template) -> None:
    """Neither deep nor large, before anything walks through it."""
    waiting: list[tuple[nodes.Node, int]] = [(tree, 1)]
    count = 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > DEEPEST or count > MOST_NODES:
            raise refuse("body", "TEMPLATE_DEEP", "模板嵌套过深或过于复杂。")
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


def _check_loops(kind: DocumentKind, tree: nodes.Template) -> None:
    """A loop goes over the lines of a fact, their columns or the points of a list: nothing a template could make long."""
    listed = {fact.name for fact in kind.facts if fact.kind in (FactKind.ROWS, FactKind.LIST)}
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, nodes.For):
            over, depth = node.iter, depth + 1
            by_name = isinstance(over, nodes.Name) and over.name in listed
            by_call = isinstance(over, nodes.Call) and isinstance(over.node, nodes.Name) and over.node.name == "columns"
            if depth > DEEPEST_LOOP or not (by_name or by_call):
                raise _word(node, "for")
        waiting += [(child, depth) for child in node.iter_child_nodes()]


def _check(tree: nodes.Template) -> None:
    frames = [node for node in tree.find_all(nodes.Extends)]
    first = next(
        (node for node in tree.body if not _is_blank(node)), None
    )  # what stands before the frame would be printed
    named = len(frames) == 1 and isinstance(frames[0].template, nodes.Const) and frames[0].template.value == FRAME
    if not named or first is not frames[0]:
        raise refuse("body", "TEMPLATE_FRAME", "模板应以 {frame} 开头。", frame=f'{{% extends "{FRAME}" %}}')
    for node in tree.find_all(nodes.Node):
        _allow(node)


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
    )


def _allow(node: nodes.Node) -> None:
    """One node of the template, or a refusal that says what is not allowed there."""
    match node:
        case nodes.Import():
            if not isinstance(node.template, nodes.Const) or node.template.value != PARTS:
                raise _word(node, "import")
        case nodes.Block():
            if node.name not in BLOCKS:
                raise _word(node, f"block {node.name}")
            if node.name == "style":
                _allow_style_sheet(node)
        case nodes.Filter():
            if node.name not in FILTERS or node.name in GROWING and not _grows_little(node):
                raise _word(node, f"|{node.name}")
        case nodes.Call():
            _allow_call(node)
        case nodes.Getattr():
            if node.attr.startswith("_"):
                raise _word(node, node.attr)
        case nodes.For():
            if node.recursive or isinstance(node.iter, nodes.Const):
                raise _word(node, "for")
        case nodes.TemplateData():
            _allow_markup(node)
        case _ if not isinstance(node, NODES):
            raise _word(node, type(node).__name__.lower())


def _grows_little(node: nodes.Filter) -> bool:
    """Short texts, and once: replaced or joined again and again a text grows without end."""
    texts = [one.value for one in node.args if isinstance(one, nodes.Const) and isinstance(one.value, str)]
    short = len(texts) == len(node.args) and all(len(one) <= LONGEST_REPLACED for one in texts) and not node.kwargs
    if node.name == "replace":
        short = short and len(texts) == 2 and texts[0] != ""
    return short and not any(isinstance(one, nodes.Filter) and one.name in GROWING for one in _all_within(node.node))


def _all_within(node: nodes.Node | None) -> Iterator[nodes.Node]:
    if node is not None:
        yield node
        yield from node.find_all(nodes.Node)


def _allow_markup(node: nodes.TemplateData) -> None:
    text = node.data.lower()
    for tag in TAGS:
        if f"<{tag}" in text:
            raise _word(node, f"<{tag}>")
    for declared in re.findall(r"style\s*=\s*(.{0,200})", text):
        quoted = re.match(r"\"([^\"]*)\"", declared)
        _allow_style(node, quoted[1] if quoted else "?")


def _allow_style_sheet(block: nodes.Block) -> None:
    """Rules of plain selectors; what the frame prints may not be touched."""
    text = "".join(part.data for part in block.find_all(nodes.TemplateData)).lower()
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", text)
    if re.sub(r"[^{}]*\{[^{}]*\}", "", text).strip():
        raise _word(block, "style")
    for selectors, declared in rules:
        for selector in selectors.split(","):
            if not SELECTOR.fullmatch(selector.strip()):
                raise _word(block, selector.strip()[:40])
        _allow_style(block, declared)


def _allow_style(node: nodes.Node, declared: str) -> None:
    for one in filter(None, (part.strip() for part in declared.split(";"))):
        name, _, value = (part.strip() for part in one.partition(":"))
        shrinks = name in ("font-size", "line-height", "width", "color", "letter-spacing", "text-indent")
        wanted = PROPERTIES.fullmatch(name) and VALUE.fullmatch(value) and not HUGE.search(value)
        if not wanted or (shrinks and UNSEEN.search(value)):
            raise _word(node, one[:40])


def _allow_call(node: nodes.Call) -> None:
    called = node.node
    if isinstance(called, nodes.Name) and called.name in CALLS:
        return
    macro = isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.attr in MACROS
    if not macro:
        raise _word(node, "()")


def _word(node: nodes.Node, word: str) -> Invalid:
    return refuse("body", "TEMPLATE_WORD", "模板第 {line} 行的 {word} 不允许使用。", line=node.lineno, word=word)
