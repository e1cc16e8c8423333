"""What a diagram writes on an element beside its BPMN meaning: camunda: and zw: attributes, mappings, loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.engine.kernel.faults import ModelFault
from service.engine.kernel.formulas import Composite, Formula, Text, attribute, formula
from service.rules.acts import PASSING

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZW = "urn:lianban:bpmn:zw:1"
READINESS = frozenset({"READY", "DELIVERED"})
ASKED: set[str] = {"doc", "sms", "to"}  # attributes whose act is carried out


@dataclass(frozen=True)
class Transfer:
    """One declared mapping: `name` receives the value of `source`; `all` copies everything."""

    name: str
    source: Any = None
    variable: str | None = None  # plain copy of one variable, with its declared type
    all: bool = False
    local: bool = False  # only, or into, variables of the call activity itself


@dataclass(frozen=True, kw_only=True)
class Details:
    """Read once; shared by all instances."""

    tag: str = ""
    line: int = 0
    name: str = ""
    name_text: Text | None = None  # a task's name that holds an expression
    documentation: str | None = None
    lane: str | None = None
    camunda: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)  # the camunda attributes that may hold expressions
    zw: Mapping[str, str] = field(default_factory=dict)
    zw_texts: Mapping[str, Text] = field(default_factory=dict)  # the zw attributes that hold expressions
    limit: Text | None = None
    stage: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Transfer, ...] = ()
    outputs: tuple[Transfer, ...] = ()
    calls_in: tuple[Transfer, ...] = ()
    calls_out: tuple[Transfer, ...] = ()
    business_key: Text | None = None
    same_business_key: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)  # without namespace
    ready: bool = False  # the item is ready or delivered when it is left: whoever follows that sees what it saw
    asks: bool = (
        False  # its completion asks for acts (zw:doc, zw:sms, zw:to), other than the one it is itself (zw:action)
    )


_EVALUATED = (
    "assignee",
    "candidateUsers",
    "candidateGroups",
    "dueDate",
    "followUpDate",
    "priority",
    "taskPriority",
    "formKey",
    "topic",
)


def children(node: Any, tag: str, namespace: str = BPMN) -> list[Any]:
    """Direct children of that tag."""
    return list(node.iterchildren(f"{{{namespace}}}{tag}"))


def text_of(node: Any, tag: str) -> str | None:
    """The text of the first such child; None when there is none or it is empty."""
    for child in node.iterchildren(f"{{{BPMN}}}{tag}"):
        text = (child.text or "").strip()
        return text or None
    return None


def read_details(node: Any, lane: str | None) -> Details:
    """Everything our namespaces say about one element. Raises ModelFault for an expression that cannot be read."""
    element, line = node.get("id"), node.sourceline or 0
    camunda, zw, plain = _attributes(node)
    extensions = [child for holder in children(node, "extensionElements") for child in holder]

    def text(value: str) -> Text:
        return attribute(value, element=element, line=line)

    def extension(tag: str, namespace: str = CAMUNDA) -> list[Any]:
        return [child for child in extensions if child.tag == f"{{{namespace}}}{tag}"]

    properties = {
        item.get("name") or "": item.get("value") or ""
        for holder in extension("properties")
        for item in children(holder, "property", CAMUNDA)
    }
    mapped = extension("inputOutput")
    business = [item.get("businessKey") for item in extension("in") if item.get("businessKey") is not None]
    same_key = any("processBusinessKey" in key for key in business)
    return Details(
        tag=node.tag.rpartition("}")[2],
        line=line,
        name=node.get("name") or "",
        name_text=text(node.get("name")) if "${" in (node.get("name") or "") and node.tag.endswith("Task") else None,
        documentation=text_of(node, "documentation"),
        lane=lane,
        camunda=camunda,
        texts={name: text(camunda[name]) for name in _EVALUATED if camunda.get(name)},
        zw=zw,
        zw_texts={name: found for name, value in zw.items() if (found := text(value)).literal is None},
        limit=text(zw["limit"]) if zw.get("limit") else None,
        stage=zw.get("stage"),
        ready=zw.get("reaches") in READINESS,
        asks=any(name in zw and zw.get("action") != act for name, act in PASSING.items() if name in ASKED),
        properties=properties,
        inputs=tuple(
            _parameter(item, text, element, line) for io in mapped for item in children(io, "inputParameter", CAMUNDA)
        ),
        outputs=tuple(
            _parameter(item, text, element, line) for io in mapped for item in children(io, "outputParameter", CAMUNDA)
        ),
        calls_in=tuple(m for item in extension("in") if (m := _call_mapping(item, element, line)) is not None),
        calls_out=tuple(m for item in extension("out") if (m := _call_mapping(item, element, line)) is not None),
        business_key=text(business[0]) if business and not same_key else None,
        same_business_key=same_key,
        attributes=plain,
    )


def _attributes(node: Any) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    found: dict[str, dict[str, str]] = {CAMUNDA: {}, ZW: {}, "": {}}
    for name, value in node.attrib.items():
        namespace, _, local = name.rpartition("}")
        found.setdefault(namespace.removeprefix("{"), {})[local] = value
    return found[CAMUNDA], found[ZW], found[""]


def _parameter(node: Any, text: Any, element: str | None, line: int) -> Transfer:
    name = node.get("name")
    if not name:
        raise ModelFault("输入输出参数应有名称(name)", element=element, line=line)
    return Transfer(name=name, source=_content(node, text, element, line))


def _content(node: Any, text: Any, element: str | None, line: int) -> Any:
    parts = [child for child in node if isinstance(child.tag, str)]
    if not parts:
        return text((node.text or "").strip())
    return _structure(parts[0], text, element, line)


def _structure(inner: Any, text: Any, element: str | None, line: int) -> Any:
    kind = inner.tag.rpartition("}")[2]
    if kind == "list":
        return Composite(
            tuple(_content_of_value(item, text, element, line) for item in inner if isinstance(item.tag, str))
        )
    if kind == "map":
        return Composite(
            {item.get("key") or "": _content(item, text, element, line) for item in inner if isinstance(item.tag, str)}
        )
    if kind == "script":
        if "feel" not in (inner.get("scriptFormat") or "feel").lower() or inner.get("resource"):
            raise ModelFault("参数中的脚本只能用FEEL,且写在参数里", element=element, line=line)
        return formula(inner.text or "", element=element, line=line)
    raise ModelFault(f"输入输出参数中的“{kind}”不受支持,应为文字、列表、映射或FEEL脚本", element=element, line=line)


def _content_of_value(node: Any, text: Any, element: str | None, line: int) -> Any:
    if node.tag.rpartition("}")[2] == "value":
        return text((node.text or "").strip())
    return _structure(node, text, element, line)


def _call_mapping(node: Any, element: str | None, line: int) -> Transfer | None:
    local = node.get("local") == "true"
    if node.get("variables") == "all":
        return Transfer(name="*", all=True, local=local)
    if node.get("source"):
        return Transfer(name=node.get("target") or node.get("source"), variable=node.get("source"), local=local)
    if node.get("sourceExpression"):
        if not node.get("target"):
            raise ModelFault("sourceExpression应有target", element=element, line=line)
        source: Formula = formula(node.get("sourceExpression"), element=element, line=line)
        return Transfer(name=node.get("target"), source=source, local=local)
    return None
