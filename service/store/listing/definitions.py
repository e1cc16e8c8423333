"""The process library: definitions, deployments and their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, select

from service.store.listing.criteria import (
    TENANTS,
    Criterion,
    Kind,
    after,
    among,
    at,
    before,
    equals,
    flag,
    id_among,
    like,
    same_id,
    whole,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import definition, deployment, incident, resource, start_subscription


@dataclass(frozen=True, kw_only=True)
class DefinitionRow:
    """One version of a process."""

    id: UUID
    key: str
    name: str
    version: int
    version_tag: str | None
    zw_kind: str | None
    deployment_id: UUID
    resource: str
    deployed_at: datetime
    suspended: bool
    called: list[str]
    starts: list[dict[str, Any]]
    digest: str


@dataclass(frozen=True, kw_only=True)
class DeploymentRow:
    """One deployment."""

    id: UUID
    name: str
    source: str | None
    deployed_at: datetime
    deployed_by: str
    note: str | None


@dataclass(frozen=True, kw_only=True)
class ResourceRow:
    """One deployed file, without its bytes."""

    id: UUID
    name: str
    deployment_id: UUID
    digest: str


_newer = definition.alias("newer")
_newest = (
    select(func.max(_newer.c.version))
    .where(_newer.c.key == definition.c.key, _newer.c.deleted_at.is_(None))
    .scalar_subquery()
)


def _with_incident(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    open_ones = select(incident.c.id).where(incident.c.definition_id == definition.c.id, incident.c.closed_at.is_(None))
    return exists(open_ones.where(condition))


DEFINITIONS: Listing[DefinitionRow] = Listing(
    row=DefinitionRow,
    columns={
        **pick(definition, DefinitionRow),
        "resource": resource.c.name,
        "deployed_at": deployment.c.deployed_at,
    },
    source=definition.join(resource, resource.c.id == definition.c.resource_id).join(
        deployment, deployment.c.id == definition.c.deployment_id
    ),
    identity=definition.c.id,
    criteria={
        "process_definition_id": same_id(definition.c.id),
        "process_definition_id_in": id_among(definition.c.id),
        "name": equals(definition.c.name),
        "name_like": like(definition.c.name),
        "deployment_id": same_id(definition.c.deployment_id),
        "deployed_after": after(deployment.c.deployed_at),
        "deployed_at": at(deployment.c.deployed_at),
        "key": equals(definition.c.key),
        "keys_in": among(definition.c.key),
        "key_like": like(definition.c.key),
        "version": whole(definition.c.version),
        "latest_version": flag(definition.c.version == _newest),
        "resource_name": equals(resource.c.name),
        "resource_name_like": like(resource.c.name),
        "active": flag(definition.c.suspended.is_(False)),
        "suspended": flag(definition.c.suspended.is_(True)),
        "version_tag": equals(definition.c.version_tag),
        "version_tag_like": like(definition.c.version_tag),
        "without_version_tag": flag(definition.c.version_tag.is_(None)),
        "incident_id": Criterion(kind=Kind.ID, clause=lambda value, now: _with_incident(incident.c.id == value)),
        "incident_type": Criterion(kind=Kind.TEXT, clause=lambda value, now: _with_incident(incident.c.kind == value)),
        "zw_kind": equals(definition.c.zw_kind),
        "category": Criterion(kind=Kind.TEXT, clause=lambda value, now: false()),
        "startable_in_tasklist": flag(definition.c.id.is_not(None)),
        "message_event_subscription_name": Criterion(
            kind=Kind.TEXT,
            clause=lambda value, now: exists(
                select(start_subscription.c.element).where(
                    start_subscription.c.definition_id == definition.c.id, start_subscription.c.name == value
                )
            ),
        ),
        **TENANTS,
    },
    sorts={
        "id": definition.c.id,
        "key": definition.c.key,
        "name": definition.c.name,
        "version": definition.c.version,
        "deployment_id": definition.c.deployment_id,
        "deploy_time": deployment.c.deployed_at,
        "version_tag": definition.c.version_tag,
    },
    default=(definition.c.key, definition.c.version),
    always=(definition.c.deleted_at.is_(None),),
)

DEPLOYMENTS: Listing[DeploymentRow] = Listing(
    row=DeploymentRow,
    columns=pick(deployment, DeploymentRow),
    source=deployment,
    identity=deployment.c.id,
    criteria={
        "id": same_id(deployment.c.id),
        "name": equals(deployment.c.name),
        "name_like": like(deployment.c.name),
        "source": equals(deployment.c.source),
        "without_source": flag(deployment.c.source.is_(None)),
        "after": after(deployment.c.deployed_at),
        "before": before(deployment.c.deployed_at),
        **TENANTS,
    },
    sorts={"id": deployment.c.id, "name": deployment.c.name, "deployment_time": deployment.c.deployed_at},
    default=(deployment.c.deployed_at,),
    always=(deployment.c.deleted_at.is_(None),),
)

RESOURCES: Listing[ResourceRow] = Listing(
    row=ResourceRow,
    columns=pick(resource, ResourceRow),
    source=resource,
    identity=resource.c.id,
    criteria={
        "id": same_id(resource.c.id),
        "deployment_id": same_id(resource.c.deployment_id),
        "name": equals(resource.c.name),
    },
    sorts={},
    default=(resource.c.name,),
)
