"""Processes of one shape: the same elements, flows and conditions, with forms that offer the same where it makes a difference.

What differs makes no other way: names, departments, lengths of limits, papers and messages, fields nothing asks for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from service.casework.workbench import feel
from service.rules.form_fields import fields
from service.rules.forms import choices_of
from tests.processes.library import FORMS, ZW, schema
from tests.processes.walking.programs import process_of
from tests.processes.walking.words import CAMUNDA, Words, words_of

MEANT = (f"{ZW}action", f"{ZW}into", f"{ZW}pause", f"{ZW}stage", f"{ZW}tacit")  # of the service's own attributes


def shapes(keys: Collection[str]) -> dict[str, list[str]]:
    """Keys by shape, in their order."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(_shape(key), []).append(key)
    return found


def _shape(key: str) -> str:
    words = words_of(key)
    said = repr([_element(one, words) for one in process_of(key).iter() if isinstance(one.tag, str)])
    return hashlib.sha256(said.encode()).hexdigest()


def _element(one: Any, words: Words) -> tuple[Any, ...]:
    local = one.getparent().tag.endswith("definitions")
    told = [
        (name, value if "}" not in name or name in MEANT or name.startswith(CAMUNDA) or value.startswith("=") else "")
        for name, value in sorted(one.attrib.items())
        if name not in ("name", f"{CAMUNDA}formKey", f"{CAMUNDA}versionTag") and not (local and name == "id")
        and (not local or name == f"{ZW}tacit")
    ]  # fmt: skip
    text = "" if one.tag in (f"{CAMUNDA}inputParameter",) and not (one.text or "").startswith("=") else one.text
    return one.tag, told, (text or "").strip(), _form(one.get(f"{CAMUNDA}formKey"), words)


def _form(key: str | None, words: Words) -> list[tuple[Any, ...]]:
    """The fields that make a difference, with what they offer."""
    if key is None or key not in FORMS:
        return []
    return [
        (one.name, one.kind, one.required, one.conditions, [choice.value for choice in choices_of(one, {}, feel)])
        for one in fields(schema(key))
        if one.path[-1] in words.read or one.kind == "radio"
    ]
