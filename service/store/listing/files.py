"""Deployed files with their bytes, and which versions cases run with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from service.store.listing.listing import Reading
from service.store.schema import case, definition, resource


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """One deployed file, byte for byte."""

    id: UUID
    name: str
    content: bytes


_FILE = select(resource.c.id, resource.c.name, resource.c.content)


def definition_file(records: Reading, definition_id: UUID) -> StoredFile | None:
    """The file a definition was drawn in."""
    joined = _FILE.join(definition, definition.c.resource_id == resource.c.id).where(definition.c.id == definition_id)
    row = records.execute(joined).one_or_none()
    return None if row is None else StoredFile(id=row.id, name=row.name, content=row.content)


def resource_content(records: Reading, resource_id: UUID, deployment_id: UUID | None = None) -> StoredFile | None:
    """One file by id, within a deployment when given."""
    wanted = _FILE.where(resource.c.id == resource_id)
    if deployment_id is not None:
        wanted = wanted.where(resource.c.deployment_id == deployment_id)
    row = records.execute(wanted).one_or_none()
    return None if row is None else StoredFile(id=row.id, name=row.name, content=row.content)


def bindings_of_cases(records: Reading, case_ids: Collection[UUID], most: int) -> tuple[tuple[UUID, str], ...]:
    """(binding, key of the process the case runs) of the cases, each once, at most `most`."""
    if not case_ids:
        return ()
    query = select(case.c.binding_id, case.c.key).where(case.c.id.in_(case_ids)).distinct().limit(most)
    return tuple((row.binding_id, row.key) for row in records.execute(query))
