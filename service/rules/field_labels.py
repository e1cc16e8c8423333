"""安全标记 of single fields (等保 8.1.4.2.g): what a form says about who may read the value it asks for.

A field carries `"properties": {"zw:label": "personal"}` in its form-js schema. Without one a value is judged by its name and
its shape (`rules/masking.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

PROPERTY = "zw:label"


class Label(StrEnum):
    """How much a value gives away; a later one is stricter."""

    PUBLIC = "public"  # 公开: shown to every reader, whatever its name looks like
    PERSONAL = "personal"  # 个人信息: masked like a telephone number
    SENSITIVE = "sensitive"  # 敏感: hidden but for who filed it and whoever holds a task of the case


Labels = Mapping[str, Label]
STRICTNESS = tuple(Label)


def labels_in(schema: Mapping[str, Any]) -> dict[str, Label]:
    """The labels of a form by key of the field; what is no label is none."""
    return {key: Label(said) for key, said in written_labels(schema) if said in STRICTNESS}


def written_labels(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Key and label of every labelled field, as written."""
    for one in schema.get("components") or ():
        if not isinstance(one, Mapping):
            continue
        said = one.get("properties")
        key = one.get("key") or one.get("path")
        if isinstance(said, Mapping) and PROPERTY in said and isinstance(key, str) and key:
            yield key, str(said[PROPERTY])
        yield from written_labels(one)


def together(forms: Iterable[Mapping[str, Label]]) -> dict[str, Label]:
    """The labels of several forms that ask for the same values: the strictest counts."""
    found: dict[str, Label] = {}
    for form in forms:
        for key, label in form.items():
            found[key] = max(found.get(key, label), label, key=STRICTNESS.index)
    return found
