"""How a draft begins: from a deployed version to revise it, from another process to make one like it, or from nothing."""

from __future__ import annotations

from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.checking import counted
from service.casework.studio.rights import require_designer
from service.engine.studio import blank_diagram, copied
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.studio import HOLD, KEY, LONGEST_NAME, DraftState
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.studio import ProcessDraftRow
from service.store.workbench import VersionRow, Workbench


def begin_revision(office: Office, actor: Actor, process: str) -> UUID:
    """A draft of the newest version of a process. Refused: Forbidden STUDIO_FORBIDDEN; Missing DEFINITION_NOT_FOUND."""
    require_designer(actor)

    def begin() -> UUID:
        with office.transaction() as records:
            version, name, content = newest_version(records, process)
            return keep(records, actor, process, version.name, {_base(name): content}, based_on=version.id)

    return as_begun(office, actor, office.attempt(begin))


def begin_copy(office: Office, actor: Actor, template: str, key: str, name: str) -> UUID:
    """A draft of a new process that begins as another one is drawn.

    Refused: as `begin_revision`; Invalid STUDIO_KEY, STUDIO_NAME; Conflict STUDIO_KEY_TAKEN.
    """
    require_designer(actor)
    key, name = named(key, name)

    def begin() -> UUID:
        with office.transaction() as records:
            _require_free(records, key)
            version, _, content = newest_version(records, template)
            return keep(records, actor, key, name, {f"{key}.bpmn": copied(content, key, name)}, template=version.id)

    return as_begun(office, actor, office.attempt(begin))


def begin_blank(office: Office, actor: Actor, key: str, name: str) -> UUID:
    """A draft of a new process with nothing but its start. Refused: as `begin_copy`."""
    require_designer(actor)
    key, name = named(key, name)

    def begin() -> UUID:
        with office.transaction() as records:
            _require_free(records, key)
            return keep(records, actor, key, name, {f"{key}.bpmn": blank_diagram(key, name)})

    return as_begun(office, actor, office.attempt(begin))


def keep(
    records: Records,
    actor: Actor,
    process: str,
    name: str,
    files: dict[str, bytes],
    *,
    based_on: UUID | None = None,
    template: UUID | None = None,
) -> UUID:
    """A new draft with its files, held by who begins it."""
    row = ProcessDraftRow(
        id=uuid4(),
        process=process,
        name=name[:200],
        based_on=based_on,
        version=1,
        state=DraftState.OPEN,
        created_by=actor.username,
        created_at=records.now,
        changed_by=actor.username,
        changed_at=records.now,
        authors=[actor.username],
        held_by=actor.username,
        held_until=records.real_now + HOLD,
    )
    records.process_drafts.add(row, files)
    detail = {"draft": str(row.id), "name": row.name, "based_on": str(based_on or template or "") or None}
    records.ledger.write(LedgerAction.DRAFT_BEGUN, actor.username, process, detail)
    return row.id


def as_begun(office: Office, actor: Actor, draft_id: UUID) -> UUID:
    """The draft, with what the linter says of it as it begins."""
    with office.reading() as records:
        files = records.process_drafts.files(draft_id)
    errors, warnings = counted(office, actor, files)
    with office.transaction() as records:
        records.process_drafts.change(draft_id, errors=errors, warnings=warnings)
    return draft_id


def named(key: str, name: str) -> tuple[str, str]:
    """Key and name of a process, tidied. Refused: Invalid STUDIO_KEY, STUDIO_NAME."""
    key, name = key.strip(), " ".join(name.split())
    if not KEY.fullmatch(key):
        raise refuse("key", "STUDIO_KEY", "流程键以字母开头，由字母、数字、下划线、点和短横线组成，2 到 100 个字符。")
    if not 1 <= len(name) <= LONGEST_NAME:
        raise refuse("name", "STUDIO_NAME", "请填写流程名称，不超过 {most} 个字。", most=LONGEST_NAME)
    return key, name


def _require_free(records: Records, key: str) -> None:
    if records.deployments.last_versions([key]):
        raise Conflict("STUDIO_KEY_TAKEN", "已有键为 {key} 的流程，请换一个，或修订现有流程。", key=key)


def newest_version(records: Records, process: str) -> tuple[VersionRow, str, bytes]:
    """The live version with its diagram. Refused: Missing DEFINITION_NOT_FOUND."""
    bench = Workbench(records)
    version = next(iter(bench.versions(process)), None)
    found = None if version is None else bench.bpmn(version.id)
    if version is None or found is None:
        raise Missing("DEFINITION_NOT_FOUND", "没有键为 {key} 的流程。", key=process)
    return version, found[0], found[1]


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]
