"""Deployed files with their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from service.store.listing.listing import Reading
from service.store.schema import definition, resource


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
    row = records.connection.execute(joined).one_or_none()
    return None if row is None else StoredFile(id=row.id, name=row.name, content=row.content)


def resource_content(records: Reading, resource_id: UUID, deployment_id: UUID | None = None) -> StoredFile | None:
    """One file by id, within a deployment when given."""
    wanted = _FILE.where(resource.c.id == resource_id)
    if deployment_id is not None:
        wanted = wanted.where(resource.c.deployment_id == deployment_id)
    row = records.connection.execute(wanted).one_or_none()
    return None if row is None else StoredFile(id=row.id, name=row.name, content=row.content)
