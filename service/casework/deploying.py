"""Deploying: a set of files becomes immutable definition versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.engine.facts import Finding, Resource


@dataclass(frozen=True, kw_only=True)
class DefinitionView:
    """One version of a process. `starts`: how an instance can begin (kind, name, element)."""

    id: UUID
    key: str
    name: str
    version: int
    version_tag: str | None
    deployment_id: UUID
    resource_name: str
    zw_kind: str | None
    suspended: bool
    starts: tuple[dict[str, Any], ...]
    called: tuple[str, ...]
    deployed_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeploymentView:
    """What a deployment made; `unchanged`: everything was there already, so nothing was made (no definitions)."""

    id: UUID | None
    name: str
    source: str | None
    deployed_at: datetime
    definitions: tuple[DefinitionView, ...]
    unchanged: bool
    findings: tuple[Finding, ...]


def deploy(
    office: Office,
    actor: Actor,
    name: str,
    resources: Sequence[Resource],
    *,
    source: str | None = None,
    note: str | None = None,
    skip_unchanged: bool = True,
) -> DeploymentView:
    """Make definition versions of the files. Invalid DEPLOYMENT_REFUSED (details: findings), Forbidden."""
    raise NotImplementedError


def delete_deployment(office: Office, actor: Actor, deployment_id: UUID, *, cascade: bool = False) -> None:
    """Take a deployment's definitions out of use. Conflict while cases run unless cascade."""
    raise NotImplementedError
