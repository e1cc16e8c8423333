"""What two versions of a form differ in, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ABOUT = ("label", "type", "description", "defaultValue", "values", "valuesExpression", "text", "readonly", "disabled")
QUIET = ("id", "layout", "key", "components", "validate", "conditional", "properties", "appearance")


@dataclass(frozen=True, kw_only=True)
class FieldDifference:
    """One field that is new (ADDED), gone (REMOVED) or asks something else (CHANGED): (what, before, after)."""

    how: str
    field: str
    label: str
    parts: tuple[tuple[str, str | None, str | None], ...] = ()


def compare_forms(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[FieldDifference, ...]:
    """Fields in the order of the later form; those that are gone last."""
    old, new = dict(_fields(before or {})), dict(_fields(after or {}))
    found = []
    for key, said in new.items():
        if key not in old:
            found.append(FieldDifference(how="ADDED", field=key, label=said.get("label", "")))
            continue
        names = [*said, *(name for name in old[key] if name not in said)]
        parts = tuple(
            (name, old[key].get(name), said.get(name)) for name in names if old[key].get(name) != said.get(name)
        )
        if parts:
            found.append(FieldDifference(how="CHANGED", field=key, label=said.get("label", ""), parts=parts))
    found += [
        FieldDifference(how="REMOVED", field=key, label=said.get("label", ""))
        for key, said in old.items()
        if key not in new
    ]
    return tuple(found)


def _fields(form: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    components = form.get("components")
    for component in components if isinstance(components, list) else ():
        if not isinstance(component, dict):
            continue
        key = component.get("key") or component.get("id")
        if key:
            yield str(key), dict(_said(component))
        yield from _fields(component)


def _said(component: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in component.items():
        if name in ABOUT or name not in QUIET:
            yield name, _text(value)
    for group in ("validate", "conditional", "properties"):
        inside = component.get(group)
        for name, value in inside.items() if isinstance(inside, dict) else ():
            yield f"{group}.{name}", _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_text(one.get("label", one) if isinstance(one, dict) else one) for one in value)
    return str(value).strip()
