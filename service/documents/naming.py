"""What a template may name: facts of its kind, parts of the head, and the few words of the frame. And how each is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from jinja2 import nodes

from service.documents.official import DocumentHead, samples, shown
from service.rules.document_kinds import DocumentKind, Fact, FactKind, read_facts
from service.rules.refusals import Invalid, refuse

HEAD = frozenset(one.name for one in fields(DocumentHead))
WORDS = frozenset(
    {"kind", "head", "label", "value", "columns", "cell", "chinese", "capitals", "mark", "reprint", "made_at", "qr"}
) | {"seal", "review", "appeal"}
BY_NAME = frozenset({"value", "columns", "rows", "listing", "said", "points"})  # called with the name of a fact


@dataclass(frozen=True, kw_only=True)
class TemplatePlace:
    """Something a template may say: how it is written there, and what sample facts make of it."""

    name: str
    label: str
    written: str
    sample: str
    optional: bool


def template_places(kind: DocumentKind) -> tuple[TemplatePlace, ...]:
    """The facts of a kind, in the order they are listed, then who and what the document is about."""
    said = read_facts(kind, samples()[kind.code])
    facts = tuple(
        TemplatePlace(
            name=fact.name,
            label=fact.label,
            written=_written(fact),
            sample="" if fact.kind is FactKind.ROWS else shown(fact, said[fact.name]),
            optional=fact.optional,
        )
        for fact in kind.facts
    )
    return (*facts, _of_head("applicant", "申请人"), _of_head("item", "事项"), _of_head("case_number", "办件编号"))


def check_names(kind: DocumentKind, tree: nodes.Template) -> None:
    """Refused: TEMPLATE_UNKNOWN naming the line and the name."""
    facts = frozenset(fact.name for fact in kind.facts)
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}  # of loops
    own |= {imported.target for imported in tree.find_all(nodes.Import)} | {"loop"}
    for name in tree.find_all(nodes.Name):
        if name.name not in own | facts | WORDS:
            raise _unknown(name, name.name)
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name == "head" and part.attr not in HEAD:
            raise _unknown(part, f"head.{part.attr}")
    for node, said in _named(tree):
        if said not in facts:
            raise _unknown(node, said)


def _named(tree: nodes.Template) -> Iterator[tuple[nodes.Node, str]]:
    """Facts that are named by a text: `value("fee")`, `label["fee"]`, `parts.rows(["fee"])`."""
    for call in tree.find_all(nodes.Call):
        called = call.node.name if isinstance(call.node, nodes.Name) else getattr(call.node, "attr", "")
        if called in BY_NAME and call.args:
            first = call.args[0]
            yield from _texts(*(first.items if isinstance(first, nodes.List) else (first,)))
    for part in tree.find_all(nodes.Getitem):
        if isinstance(part.node, nodes.Name) and part.node.name == "label":
            yield from _texts(part.arg)


def _texts(*parts: nodes.Node) -> Iterator[tuple[nodes.Node, str]]:
    for part in parts:
        if isinstance(part, nodes.Const) and isinstance(part.value, str):
            yield part, part.value


def _written(fact: Fact) -> str:
    match fact.kind:
        case FactKind.ROWS:
            return f'{{{{ parts.listing("{fact.name}", {fact.name}) }}}}'
        case FactKind.PROSE:
            return f'{{{{ parts.said("{fact.name}") }}}}'
        case _:
            return f'{{{{ value("{fact.name}") }}}}'


def _of_head(name: str, label: str) -> TemplatePlace:
    return TemplatePlace(name=f"head.{name}", label=label, written=f"{{{{ head.{name} }}}}", sample="", optional=True)


def _unknown(node: nodes.Node, name: str) -> Invalid:
    return refuse(
        "body", "TEMPLATE_UNKNOWN", "模板第 {line} 行的“{name}”不是这种文书的内容项。", line=node.lineno, name=name
    )
