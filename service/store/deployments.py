"""The process library: deployments, their files, definition versions, what starts them, and bindings of cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, exists, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from service.rules.vocabulary import AgendaKind
from service.store.schema import agenda, binding, case, definition, deployment, resource, start_subscription

if TYPE_CHECKING:
    from service.store.records import Records

LIBRARY_LOCK = 7_104_202  # advisory lock of PostgreSQL: deployments change the library one after another


@dataclass(frozen=True, kw_only=True)
class DeploymentRow:
    """One deployment."""

    id: UUID
    name: str
    source: str | None
    deployed_at: datetime
    deployed_by: str
    note: str | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ResourceRow:
    """One file of a deployment, without its content."""

    id: UUID
    deployment_id: UUID
    name: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class DefinitionRow:
    """One version of a process. `forms`: form key to resource id (text); `starts`: kind, name, element, timer."""

    id: UUID
    key: str
    version: int
    deployment_id: UUID
    resource_id: UUID
    name: str
    version_tag: str | None
    zw_kind: str | None
    digest: str
    called: Sequence[str]
    forms: Mapping[str, str]
    starts: Sequence[Mapping[str, Any]]
    note: Any = None
    suspended: bool = False
    deleted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StartListener:
    """A message or signal start event of the newest version of a process."""

    definition_id: UUID
    element: str
    kind: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DecisionFileRow:
    """One deployed DMN file, without its content."""

    id: UUID
    name: str
    digest: str
    deployment_id: UUID
    deployed_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LibraryState:
    """Equal to another one exactly when nothing was deployed or deleted between them."""

    made: int
    deleted: int
    latest: datetime | None


_BY_ID = select(definition).where(definition.c.id == bindparam("wanted"))
_FILE = (resource.c.id, resource.c.deployment_id, resource.c.name, resource.c.digest)
_MEMBERS = select(binding.c.members).where(binding.c.id == bindparam("wanted"))
_LISTENERS = select(start_subscription).where(
    start_subscription.c.kind == bindparam("wanted_kind"), start_subscription.c.name == bindparam("wanted_name")
)


def _newest(keys: Collection[str] | None) -> Select[Any]:
    top = select(definition.c.key, func.max(definition.c.version).label("version")).where(
        definition.c.deleted_at.is_(None)
    )
    if keys is not None:
        top = top.where(definition.c.key.in_(keys))
    newest = top.group_by(definition.c.key).subquery()
    same = (definition.c.key == newest.c.key) & (definition.c.version == newest.c.version)
    return select(definition).join(newest, same).order_by(definition.c.key)


class Deployments:
    """Rows of `deployment`, `resource`, `definition`, `start_subscription` and `binding`."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def lock(self) -> None:
        """Nobody else changes the library until this transaction ends."""
        if self.records.dialect == "postgresql":  # SQLite has one writer anyway
            self.records.execute(text(f"SELECT pg_advisory_xact_lock({LIBRARY_LOCK})"))

    def state(self) -> LibraryState:
        """How many deployments there are and were, and when the last one was made."""
        query = select(
            func.count().label("made"),
            func.count(deployment.c.deleted_at).label("deleted"),
            func.max(deployment.c.deployed_at).label("latest"),
        ).select_from(deployment)
        return LibraryState(**self.records.execute(query).one()._mapping)

    # -- writing ------------------------------------------------------------------------------------------------

    def add(self, row: DeploymentRow) -> None:
        """Store a deployment."""
        self.records.execute(insert(deployment).values(**vars(row)))

    def add_resources(self, rows: Iterable[tuple[ResourceRow, bytes]]) -> None:
        """Store files byte for byte."""
        values = [{**vars(row), "content": content} for row, content in rows]
        if values:
            self.records.execute(insert(resource), values)

    def add_definitions(self, rows: Iterable[DefinitionRow]) -> None:
        """Store definition versions. Duplicate when a version of the key is taken."""
        values = [vars(row) for row in rows]
        if values:
            self.records.execute(insert(definition), values)

    def change_definition(self, definition_id: UUID, **values: Any) -> None:
        """Write columns of one definition version."""
        self.records.execute(update(definition).where(definition.c.id == definition_id).values(**values))

    def delete(self, deployment_id: UUID) -> None:
        """Take a deployment and its definitions out of use; the rows stay for audit and for ended cases."""
        gone = {"deleted_at": self.records.now}
        self.records.execute(update(deployment).where(deployment.c.id == deployment_id).values(**gone))
        self.records.execute(
            update(definition)
            .where(definition.c.deployment_id == deployment_id, definition.c.deleted_at.is_(None))
            .values(**gone)
        )

    def replace_starts(self, key: str, listeners: Iterable[StartListener]) -> None:
        """Only these start events of the process listen from now on; timer starts of all its versions are dropped."""
        versions = select(definition.c.id).where(definition.c.key == key)
        self.records.execute(delete(start_subscription).where(start_subscription.c.definition_id.in_(versions)))
        timers = (agenda.c.kind == AgendaKind.START.value) & agenda.c.definition_id.in_(versions)
        self.records.execute(delete(agenda).where(timers))
        rows = [vars(one) for one in listeners]
        if rows:
            self.records.execute(insert(start_subscription), rows)

    # -- reading ------------------------------------------------------------------------------------------------

    def find(self, deployment_id: UUID) -> DeploymentRow | None:
        """One deployment, deleted or not."""
        row = self.records.execute(select(deployment).where(deployment.c.id == deployment_id)).one_or_none()
        return None if row is None else DeploymentRow(**row._mapping)

    def definition(self, definition_id: UUID) -> DefinitionRow | None:
        """One definition version, deleted or not."""
        row = self.records.execute(_BY_ID, {"wanted": definition_id}).one_or_none()
        return None if row is None else DefinitionRow(**row._mapping)

    def definitions(self, ids: Collection[UUID]) -> tuple[DefinitionRow, ...]:
        """Definition versions by id, deleted or not."""
        rows = self.records.execute(select(definition).where(definition.c.id.in_(ids))) if ids else ()
        return tuple(DefinitionRow(**row._mapping) for row in rows)

    def definitions_of(self, deployment_id: UUID) -> tuple[DefinitionRow, ...]:
        """What a deployment made, by key."""
        query = select(definition).where(definition.c.deployment_id == deployment_id).order_by(definition.c.key)
        return tuple(DefinitionRow(**row._mapping) for row in self.records.execute(query))

    def versions_of(self, key: str) -> tuple[tuple[DefinitionRow, DeploymentRow], ...]:
        """Every version of a process that is not deleted, the newest first, with the deployment that made it."""
        query = select(definition).where(definition.c.key == key, definition.c.deleted_at.is_(None))
        rows = self.records.execute(query.order_by(definition.c.version.desc())).all()
        found = tuple(DefinitionRow(**row._mapping) for row in rows)
        wanted = select(deployment).where(deployment.c.id.in_({row.deployment_id for row in found}))
        made = {row.id: DeploymentRow(**row._mapping) for row in self.records.execute(wanted)} if found else {}
        return tuple((row, made[row.deployment_id]) for row in found)

    def newest(self, keys: Collection[str] | None = None) -> dict[str, DefinitionRow]:
        """The newest version of each key that is not deleted; of all keys when none are given."""
        rows = self.records.execute(_newest(keys)) if keys is None or keys else ()
        return {row.key: DefinitionRow(**row._mapping) for row in rows}

    def in_force(self, key: str, at: datetime) -> DefinitionRow | None:
        """The version of a key that was the newest at an instant, if it has not been deleted since."""
        query = (
            select(definition)
            .join(deployment, deployment.c.id == definition.c.deployment_id)
            .where(definition.c.key == key, definition.c.deleted_at.is_(None), deployment.c.deployed_at <= at)
            .order_by(definition.c.version.desc())
            .limit(1)
        )
        row = self.records.execute(query).one_or_none()
        return None if row is None else DefinitionRow(**row._mapping)

    def last_versions(self, keys: Collection[str]) -> dict[str, int]:
        """The highest version number ever given to each key, deleted ones included."""
        query = (
            select(definition.c.key, func.max(definition.c.version).label("version"))
            .where(definition.c.key.in_(keys))
            .group_by(definition.c.key)
        )
        return {row.key: row.version for row in self.records.execute(query)} if keys else {}

    def resources_of(self, deployment_id: UUID) -> tuple[ResourceRow, ...]:
        """The files of a deployment, by name."""
        query = select(*_FILE).where(resource.c.deployment_id == deployment_id).order_by(resource.c.name)
        return tuple(ResourceRow(**row._mapping) for row in self.records.execute(query))

    def resources(self, ids: Collection[UUID]) -> dict[UUID, ResourceRow]:
        """Files by id."""
        rows = self.records.execute(select(*_FILE).where(resource.c.id.in_(ids))) if ids else ()
        return {row.id: ResourceRow(**row._mapping) for row in rows}

    def contents(self, ids: Collection[UUID]) -> dict[UUID, bytes]:
        """What the files hold."""
        query = select(resource.c.id, resource.c.content).where(resource.c.id.in_(ids))
        return {row.id: bytes(row.content) for row in self.records.execute(query)} if ids else {}

    def newest_files(self, *, source: str | None = None) -> dict[str, ResourceRow]:
        """Of every file name ever deployed (and not deleted) the newest file; the one deployed last comes last.

        `source`: of deployments of one source only.
        """
        query = (
            select(*_FILE)
            .join(deployment, deployment.c.id == resource.c.deployment_id)
            .where(deployment.c.deleted_at.is_(None), *([deployment.c.source == source] if source else []))
            .order_by(deployment.c.deployed_at)
        )
        newest: dict[str, ResourceRow] = {}
        for row in self.records.execute(query):
            newest.pop(row.name, None)
            newest[row.name] = ResourceRow(**row._mapping)
        return newest

    def decision_files(self) -> tuple[DecisionFileRow, ...]:
        """Every DMN file ever deployed, oldest first; deleted deployments too, so that versions keep their numbers."""
        query = (
            select(*_FILE, deployment.c.deployed_at, deployment.c.deleted_at)
            .join(deployment, deployment.c.id == resource.c.deployment_id)
            .where(func.lower(resource.c.name).like("%.dmn") | func.lower(resource.c.name).like("%.dmn11.xml"))
            .order_by(deployment.c.deployed_at, resource.c.name)
        )
        return tuple(DecisionFileRow(**row._mapping) for row in self.records.execute(query))

    def start_listeners(self, kind: str, name: str) -> tuple[StartListener, ...]:
        """Start events that listen to a message or signal: of newest versions that are not suspended."""
        rows = self.records.execute(_LISTENERS, {"wanted_kind": kind, "wanted_name": name})
        return tuple(StartListener(**row._mapping) for row in rows)

    def running_cases(self, definition_ids: Collection[UUID]) -> tuple[UUID, ...]:
        """Cases that have not ended and run, or may call, one of these definition versions."""
        wanted = {str(one) for one in definition_ids}
        used = exists().where(case.c.binding_id == binding.c.id, case.c.ended_at.is_(None))
        rows = self.records.execute(select(binding.c.id, binding.c.members).where(used))
        bound = [row.id for row in rows if not wanted.isdisjoint(row.members.values())]
        query = select(case.c.id).where(case.c.binding_id.in_(bound), case.c.ended_at.is_(None)).order_by(case.c.id)
        return tuple(self.records.execute(query).scalars()) if bound else ()

    # -- bindings -----------------------------------------------------------------------------------------------

    def members(self, binding_id: UUID) -> dict[str, UUID] | None:
        """Which version of every process a binding names."""
        members = self.records.execute(_MEMBERS, {"wanted": binding_id}).scalar_one_or_none()
        return None if members is None else {key: UUID(text) for key, text in members.items()}

    def keep_binding(self, binding_id: UUID, digest: str, members: Mapping[str, UUID]) -> None:
        """Store a binding; nothing happens when it is there already."""
        values = {"id": binding_id, "digest": digest, "members": {key: str(one) for key, one in members.items()}}
        insertion = (postgresql.insert if self.records.dialect == "postgresql" else sqlite.insert)(binding)
        self.records.execute(insertion.on_conflict_do_nothing(), values)
