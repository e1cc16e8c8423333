"""The fields of a form-js schema, flattened: what is asked, under which name, behind which conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ASKING = frozenset(
    {"textfield", "textarea", "number", "datetime", "date", "select", "radio", "checkbox", "checklist", "taglist"}
)
MANY = frozenset({"checklist", "taglist"})
SHOWING = frozenset({"text", "html", "separator", "spacer", "expression"})
GROUPING = frozenset({"group"})
SILENT = frozenset({"button"})
KNOWN = ASKING | SHOWING | GROUPING | SILENT


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option of a select, radio group or check list."""

    value: Any
    label: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One component that asks (or computes) a value. `name` is the dotted path, also the name in the page."""

    name: str
    path: tuple[str, ...]
    kind: str
    label: str
    component: Mapping[str, Any]
    conditions: tuple[str, ...]  # FEEL; the field is hidden as soon as one of them is true

    @property
    def rules(self) -> Mapping[str, Any]:
        """The `validate` block of the component."""
        found = self.component.get("validate")
        return found if isinstance(found, Mapping) else {}

    @property
    def required(self) -> bool:
        """Whether an answer must be given while the field is visible."""
        return bool(self.rules.get("required"))

    @property
    def locked(self) -> bool:
        """Whether the page shows the value without letting anybody change it."""
        return bool(self.component.get("disabled")) or bool(self.component.get("readonly"))


def components(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The child components of a schema or a group; anything malformed is left out."""
    found = schema.get("components")
    return [c for c in found if isinstance(c, Mapping)] if isinstance(found, list) else []


def kind_of(component: Mapping[str, Any]) -> str:
    """The component's type; unknown types read as `unknown`."""
    kind = str(component.get("type", ""))
    return kind if kind in KNOWN else "unknown"


def hide_condition(component: Mapping[str, Any]) -> str | None:
    """The FEEL text of `conditional.hide` without its leading `=`, None when the component is always shown."""
    conditional = component.get("conditional")
    text = str(conditional.get("hide") or "").strip() if isinstance(conditional, Mapping) else ""
    return text.removeprefix("=").strip() or None


def field_path(component: Mapping[str, Any], above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Where the answer of this component is filed: keys may be dotted, groups may add a `path`."""
    return (*above, *(part for part in str(component.get("key", "")).split(".") if part))


def group_path(component: Mapping[str, Any], above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The path a group adds in front of its children's keys."""
    return (*above, *(part for part in str(component.get("path", "")).split(".") if part))


def fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """All fields of the schema in reading order, hidden ones too."""
    return tuple(_fields(schema, (), ()))


def _fields(node: Mapping[str, Any], above: tuple[str, ...], conditions: tuple[str, ...]) -> Iterator[Field]:
    for component in components(node):
        own = hide_condition(component)
        inherited = (*conditions, own) if own else conditions
        kind = kind_of(component)
        if kind in GROUPING:
            yield from _fields(component, group_path(component, above), inherited)
        elif (kind in ASKING or kind == "expression") and component.get("key"):
            path = field_path(component, above)
            yield Field(
                name=".".join(path),
                path=path,
                kind="datetime" if kind == "date" else kind,
                label=str(component.get("label") or component.get("dateLabel") or component.get("key")),
                component=component,
                conditions=inherited,
            )


def lookup(data: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """The value at a path, None when any part of it is missing."""
    value: Any = data
    for part in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def place(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """File a value under a path, making the mappings in between."""
    for part in path[:-1]:
        below = data.get(part)
        if not isinstance(below, dict):
            below = data[part] = {}
        data = below
    data[path[-1]] = value
