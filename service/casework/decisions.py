"""Decisions of the library: versions of every decision, which one a process means, deciding without a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from service.engine import DecisionFailure, Verdict, decision_cards, evaluate_decision, read_use, written_use
from service.rules.refusals import Invalid, Missing

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

PREFIX = "decision:"  # of the decisions among the forms of a definition and the members of a binding


@dataclass(frozen=True, kw_only=True)
class DecisionVersion:
    """One version of a decision: of every different file that holds it one, in the order of deployment."""

    id: UUID
    key: str
    name: str
    version: int
    version_tag: str | None
    deployment_id: UUID
    resource_id: UUID
    resource: str
    deployed_at: datetime
    deleted: bool


def decision_versions(records: Records) -> tuple[DecisionVersion, ...]:
    """All versions of all decisions, oldest first; those of deleted deployments too."""
    files = records.deployments.decision_files()
    contents = _CONTENTS.of(records, [file.id for file in files])
    found: list[DecisionVersion] = []
    last: dict[str, tuple[int, str, bool]] = {}
    for file in files:
        deleted = file.deleted_at is not None
        for card in decision_cards(contents[file.id]):
            version, digest, gone = last.get(card.key, (0, "", True))
            if digest == file.digest and not gone:
                continue  # the same file again makes no new version
            last[card.key] = (version + 1, file.digest, deleted)
            found.append(
                DecisionVersion(
                    id=uuid5(file.id, card.key),
                    key=card.key,
                    name=card.name,
                    version=version + 1,
                    version_tag=card.version_tag,
                    deployment_id=file.deployment_id,
                    resource_id=file.id,
                    resource=file.name,
                    deployed_at=file.deployed_at,
                    deleted=deleted,
                )
            )
    return tuple(found)


def decision_uses(versions: tuple[DecisionVersion, ...]) -> dict[str, UUID]:
    """What a business rule task may write, and the file it means: newest, that version, newest with that tag."""
    uses: dict[str, UUID] = {}
    for one in versions:
        if one.deleted:
            continue
        uses[one.key] = uses[written_use(one.key, "deployment", "")] = one.resource_id
        uses[written_use(one.key, "version", str(one.version))] = one.resource_id
        if one.version_tag:
            uses[written_use(one.key, "versionTag", one.version_tag)] = one.resource_id
    return uses


def newest_decisions(records: Records, forms: Mapping[str, str]) -> dict[str, UUID]:
    """Of what a definition's forms say about decisions: members of a binding that starts now."""
    wanted = [key.removeprefix(PREFIX) for key in forms if key.startswith(PREFIX)]
    latest = [use for use in wanted if read_use(use)[1] == "latest"]
    if not latest:
        return {}
    uses = decision_uses(decision_versions(records))
    return {PREFIX + use: uses[use] for use in latest if use in uses}


def list_decisions(
    office: Office, actor: Actor, *, key: str | None = None, latest: bool = False
) -> tuple[DecisionVersion, ...]:
    """Versions that are not deleted, by key and version."""
    with office.reading() as records:
        versions = [one for one in decision_versions(records) if not one.deleted and key in (None, one.key)]
    if latest:
        versions = list({one.key: one for one in versions}.values())
    return tuple(sorted(versions, key=lambda one: (one.key, one.version)))


def decision_version(
    office: Office, actor: Actor, *, key: str | None = None, id: UUID | None = None
) -> DecisionVersion:
    """The newest version of a decision, or one by its id. Missing DECISION_NOT_FOUND."""
    found = [one for one in list_decisions(office, actor, key=key) if id in (None, one.id)]
    if not found:
        raise Missing("DECISION_NOT_FOUND", "没有决策“{key}”。", key=key or str(id))
    return found[-1]


def decision_file(office: Office, actor: Actor, version: DecisionVersion) -> bytes:
    """The DMN file of a version, byte for byte."""
    with office.reading() as records:
        return records.deployments.contents([version.resource_id])[version.resource_id]


def evaluate(office: Office, actor: Actor, version: DecisionVersion, variables: Mapping[str, Any]) -> Verdict:
    """Decide without a process. Invalid DECISION_FAILED with the sentence an incident would have."""
    with office.reading() as records:
        content = records.deployments.contents([version.resource_id])[version.resource_id]
        now = records.now
    try:
        return evaluate_decision(content, version.key, variables, now=now)
    except DecisionFailure as failure:
        raise Invalid(
            "DECISION_FAILED", "决策“{key}”没有结果：{reason}", key=version.key, reason=failure.sentence
        ) from failure


class _Contents:
    """Files never change: what was read once is kept, the first read is forgotten first."""

    def __init__(self, capacity: int = 1000) -> None:
        self._capacity = capacity
        self._kept: dict[UUID, bytes] = {}

    def of(self, records: Records, ids: list[UUID]) -> dict[UUID, bytes]:
        """The contents of these files."""
        missing = [id for id in ids if id not in self._kept]
        fresh = records.deployments.contents(missing)
        found = {id: fresh[id] if id in fresh else self._kept[id] for id in ids}
        self._kept.update(fresh)
        while len(self._kept) > self._capacity:
            self._kept.pop(next(iter(self._kept)), None)
        return found


_CONTENTS = _Contents()
