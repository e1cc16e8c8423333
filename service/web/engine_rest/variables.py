"""Variables as Camunda writes them, `{name: {type, value, valueInfo}}`, and as casework takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import orjson
from flask import Response

from service.rules.refusals import Invalid
from service.web.bodies import Body, field_refused
from service.web.instants import camunda_instant, read_instant

NAMES = {
    name.lower(): name
    for name in ("String", "Boolean", "Integer", "Long", "Short", "Double", "Date", "Json", "Object", "Null")
} | {"number": "Double"}
RANGES = {"Integer": 2**31, "Long": 2**63, "Short": 2**15}
REFUSED = frozenset({"file", "bytes", "xml"})


@dataclass(kw_only=True)
class Given:
    """Values and the types that were declared for them."""

    values: dict[str, Any] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)


class Typed(Protocol):
    """A stored value with its type name."""

    @property
    def type(self) -> str: ...

    @property
    def value(self) -> Any: ...


def read_variables(body: Body, name: str = "variables") -> Given:
    """The variables of a body. Invalid names the variable; File, Bytes and Xml are not supported."""
    given = Given()
    part = body.part(name)
    for variable in part.fields if part else ():
        if not variable or "\0" in variable or len(variable) > 255:
            raise field_refused(f"{name}", "名称为 1 到 255 个字的变量", "VARIABLE_NAME_INVALID")
        described = part.part(variable) if part else None
        if described is None:
            raise field_refused(f"{name}.{variable}", "含 value 和 type 的 JSON 对象")
        kind, value = read_value(described)
        given.values[variable] = value
        if kind is not None:
            given.types[variable] = kind
    return given


def read_value(described: Body) -> tuple[str | None, Any]:
    """Type name (None: to be inferred) and value of one `{value, type, valueInfo}`."""
    path = described.path.rstrip(".")
    declared = described.text("type")
    value = described.raw("value")
    if declared is None:
        return None, value
    if declared.lower() in REFUSED:
        raise Invalid("VARIABLE_TYPE_UNSUPPORTED", "变量 {field} 的类型 {kind} 暂不支持。", field=path, kind=declared)
    kind = NAMES.get(declared.lower())
    if kind is None:
        raise Invalid("VARIABLE_TYPE_UNKNOWN", "变量 {field} 的类型 {kind} 不存在。", field=path, kind=declared)
    if value is None or kind == "Null":
        return "Null" if kind == "Null" else kind, None
    return ("Json" if kind == "Object" else kind), _converted(kind, value, path)


def _converted(kind: str, value: Any, path: str) -> Any:
    if kind == "String" and isinstance(value, str):
        return value
    if kind == "Boolean" and isinstance(value, bool):
        return value
    if kind in RANGES and isinstance(value, int) and not isinstance(value, bool):
        if -RANGES[kind] <= value < RANGES[kind]:
            return value
    elif kind == "Double" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    elif kind == "Date" and isinstance(value, str) and (instant := read_instant(value)):
        return instant
    elif kind in ("Json", "Object"):
        return _parsed(value, path)
    raise field_refused(f"{path}.value", f"类型 {kind} 的值", "VARIABLE_VALUE_INVALID")


def _parsed(value: Any, path: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        raise field_refused(f"{path}.value", "JSON 文本", "VARIABLE_VALUE_INVALID") from None


def variable(kind: str, value: Any) -> dict[str, Any]:
    """One variable as Camunda writes it; JSON documents as text."""
    if value is None:
        return {"type": "Null" if kind == "Null" else kind, "value": None, "valueInfo": {}}
    if isinstance(value, (dict, list)) or kind == "Json":
        return {"type": "Json", "value": orjson.dumps(value, default=_spelled).decode(), "valueInfo": {}}
    if kind == "Date":
        instant = value if isinstance(value, datetime) else read_instant(str(value))
        return {"type": "Date", "value": camunda_instant(instant) or value, "valueInfo": {}}
    return {"type": kind, "value": value, "valueInfo": {}}


def variables(stored: Mapping[str, Typed]) -> dict[str, Any]:
    """All variables as Camunda writes them."""
    return {name: variable(one.type, one.value) for name, one in stored.items()}


def value_bytes(stored: Typed) -> Response:
    """The bare value as bytes: published clients read it beside every variable, not only of files as Camunda allows."""
    shown = variable(stored.type, stored.value)["value"]
    text = shown if isinstance(shown, str) else "" if shown is None else orjson.dumps(shown).decode()
    return Response(text.encode(), content_type="application/octet-stream")


def upload_refused(name: str) -> Invalid:
    """Files and bytes are not supported."""
    return Invalid("VARIABLE_TYPE_UNSUPPORTED", "变量 {field} 的类型 {kind} 暂不支持。", field=name, kind="File")


def _spelled(value: Any) -> str:
    return str(value)
