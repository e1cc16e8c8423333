"""Fields that a task or a start declares in the diagram itself (formData, formProperty) as a form of its own."""

from __future__ import annotations

import json
import re
from typing import Any

from service.engine.lint.diagram import BPMN, CAMUNDA
from service.engine.studio.importing import vendors
from service.engine.studio.importing.pen import NotePen, called

FIELDS = (f"{CAMUNDA}formField", *(f"{one}formProperty" for one in vendors.COUSINS))
KEY = re.compile(r"[^\W\d]\w*")
KINDS = {
    "long": "number",
    "integer": "number",
    "double": "number",
    "boolean": "checkbox",
    "enum": "select",
    "date": "datetime",
}
LIMITS = {"min": "min", "max": "max", "minlength": "minLength", "maxlength": "maxLength"}


def take_over_fields(element: Any, process: str, pen: NotePen) -> tuple[str, bytes] | None:
    """The form of the fields of one element under a key of its own; the fields then stand there and no longer here."""
    holders = element.findall(f"{BPMN}extensionElements")
    fields = [one for holder in holders for one in holder.iter(*FIELDS)]
    if not fields or element.get(f"{CAMUNDA}formKey") or element.get(f"{CAMUNDA}formRef"):
        return None
    wrong = [one for one in fields if not KEY.fullmatch(one.get("id") or "")]
    for one in wrong:
        pen.open(one, called(one.tag), one.get("id") or "", vendors.NO_FIELD)
    good = [one for one in fields if one not in wrong]
    if not good:
        return None
    key = re.sub(r"\W", "_", f"{process}_{element.get('id')}")
    for one in good:
        pen.mapped(one, called(one.tag), one.get("label") or one.get("name") or one.get("id"), f"{key}.form")
        _leave(one)
    element.set(f"{CAMUNDA}formKey", key)
    schema = {"type": "default", "id": key, "schemaVersion": 17, "components": [_component(one) for one in good]}
    return f"{key}.form", (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


def _leave(field: Any) -> None:
    """Take a field out, and the list around it when it was the last one."""
    holder = field.getparent()
    holder.remove(field)
    if holder.tag == f"{CAMUNDA}formData" and not len(holder):
        holder.getparent().remove(holder)


def _component(field: Any) -> dict[str, Any]:
    key = field.get("id")
    kind = KINDS.get(field.get("type") or "", "textfield")
    made: dict[str, Any] = {
        "id": f"Field_{key}",
        "key": key,
        "label": field.get("label") or field.get("name") or key,
        "type": kind,
    }
    if kind == "datetime":
        made |= {"subtype": "date", "dateLabel": made.pop("label")}
    if kind == "select":
        made["values"] = [
            {"value": one.get("id"), "label": one.get("name") or one.get("id")}
            for one in field
            if isinstance(one.tag, str) and one.tag.endswith("}value") and one.get("id")
        ]
    rules = _rules(field)
    if rules.pop("readonly", False):
        made["readonly"] = True
    return made | ({"validate": rules} if rules else {})


def _rules(field: Any) -> dict[str, Any]:
    """What may be filled in."""
    found: dict[str, Any] = {}
    if field.get("required") == "true":
        found["required"] = True
    if field.get("writable") == "false" or field.get("writeable") == "false":
        found["readonly"] = True
    for one in field.iter(f"{CAMUNDA}constraint"):
        name, config = one.get("name") or "", (one.get("config") or "").strip()
        if name in ("required", "readonly") and config != "false":
            found[name] = True
        elif name in LIMITS and re.fullmatch(r"-?\d{1,9}", config):
            found[LIMITS[name]] = int(config)
    return found
