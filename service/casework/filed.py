"""Files deployed from a folder: what has not changed since it was deployed from there makes nothing.

A restart deploys the same folder again. What was revised through the pages meanwhile must stay, as it does with item
cards: only a file that says something new makes a version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from service.casework.examining import form_key_of
from service.engine.facts import Resource
from service.store.records import Records

FOLDER = "lianban deploy"  # source of deployments made from a folder


def changed_since_filed(records: Records, resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """The files that are new or differ from those of the last deployment from a folder, and diagrams whose form does."""
    filed = records.deployments.newest_files(source=FOLDER)
    changed = [
        one
        for one in resources
        if one.name not in filed or filed[one.name].digest != hashlib.sha256(one.content).hexdigest()
    ]
    keys = [key for one in changed if (key := form_key_of(one.name)) is not None]
    tables = [one for one in changed if one.name.lower().endswith((".dmn", ".dmn11.xml"))]
    return tuple(one for one in resources if one in changed or _uses(one, keys, bool(tables)))


def _uses(resource: Resource, forms: Sequence[str], tables: bool) -> bool:
    """Whether a diagram names one of the forms, or decides by a table while tables have changed.

    A diagram in an encoding whose letters are no single bytes is taken to use what has changed.
    """
    if form_key_of(resource.name) is not None or not resource.name.lower().endswith((".bpmn", ".bpmn2", ".xml")):
        return False
    if b"\x00" in resource.content[:200]:
        return bool(forms) or tables
    named = any(f'"{key}"'.encode() in resource.content or f"'{key}'".encode() in resource.content for key in forms)
    return named or tables and b"businessRuleTask" in resource.content
