"""修正数据: what a failing work goes wrong with is corrected by hand, typed, with a reason; the token may go another way.

Whoever keeps the service running corrects values they may not read: they see names and types (P07).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, require_running, write
from service.casework.masking import shown
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.rights import may_read, require_keeper, require_seer
from service.casework.troubles import require_reason
from service.casework.typed_values import plain
from service.engine import Wait
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.typed_text import read_typed
from service.rules.vocabulary import JournalAction
from service.store.agenda import AgendaRow
from service.store.records import Records

LONGEST_NAME = 255


@dataclass(frozen=True, kw_only=True)
class Known:
    """One variable where the work failed. `value`: None unless `read`."""

    name: str
    type: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class RepairView:
    """What may be corrected. `read`: values are shown; `scope`: the item of a chain; `token`: what may be moved, if anything may."""

    known: tuple[Known, ...]
    read: bool
    scope: UUID | None
    token: UUID | None


def repair_view(office: Office, actor: Actor, item_id: UUID) -> RepairView | None:
    """The variables at a failing work of a running case; None when it has none.

    Refused: Forbidden KEEPER_ONLY, Missing JOB_NOT_FOUND, CASE_NOT_FOUND.
    """
    require_keeper(actor)
    with office.reading() as records:
        row = _failing(records.agenda.find(item_id), item_id)
        case = records.cases.find(row.case_id) if row.case_id is not None else None
        if case is None or case.ended_at is not None:
            return None
        require_seer(records, actor, case)
        wait = _wait(office, records, CaseFile(case), row)
        scope = wait.variable_scope if wait is not None else None
        rows = records.variables.of_scope(case.id, scope or case.id)
        read = may_read(records, actor, case)
        values = shown(records, actor, case, {one.name: one.value for one in rows}) if read else {}
        return RepairView(
            known=tuple(Known(name=one.name, type=one.type, value=values.get(one.name)) for one in rows),
            read=read,
            scope=scope,
            token=wait.id if wait is not None and wait.host is None else None,
        )


def correct_value(office: Office, actor: Actor, item_id: UUID, *, name: str, kind: str, text: str, reason: str) -> None:
    """Write one variable where a work has failed, as the type that is declared for it; the work itself is not repeated.

    Refused: Forbidden KEEPER_ONLY; Missing JOB_NOT_FOUND, CASE_NOT_FOUND; Conflict CASE_ENDED, CASE_SUSPENDED, NO_CASE_HERE;
    Invalid VARIABLE_NAME, VALUE_TYPE_UNKNOWN, VALUE_TOO_LONG, VALUE_TYPE, REASON_MISSING, REASON_TOO_LONG.
    """
    require_keeper(actor)
    if not name.isidentifier() or len(name) > LONGEST_NAME:
        raise refuse("name", "VARIABLE_NAME", "名称应由字母、数字和下划线组成，不以数字开头")
    value = read_typed(kind, text)
    require_reason(reason)

    def act() -> None:
        with office.transaction() as records:
            case = records.cases.lock_of_job(item_id)
            row = _failing(records.agenda.lock(item_id), item_id)
            if case is None:
                raise Conflict("NO_CASE_HERE", "这项工作不属于任何办件，没有可以修改的数据")
            file = CaseFile(require_seer(records, actor, case))
            require_running(file.row)
            running = take_up(office, records, file)
            wait = running.run.waits().get(row.token_id) if row.token_id is not None else None
            scope = wait.variable_scope if wait is not None else None
            before = {one.name: one for one in records.variables.of_scope(file.id, scope or file.id)}.get(name)
            running.run.set_variables({name: value}, types={name: kind}, scope=scope)
            said: dict[str, Any] = {
                "names": [name],
                "type": kind,
                "values": {name: plain(value)},
                "reason": reason.strip(),
                **({"type_before": before.type, "before": {name: before.value}} if before is not None else {}),
                **({"scope": str(scope)} if scope is not None else {}),
            }
            write(records, file, JournalAction.CASE_VARIABLES_SET, actor, element=row.element, detail=said)
            settle(records, running)

    office.attempt(act)


def _wait(office: Office, records: Records, file: CaseFile, row: AgendaRow) -> Wait | None:
    return take_up(office, records, file).run.waits().get(row.token_id) if row.token_id is not None else None


def _failing(row: AgendaRow | None, item_id: UUID) -> AgendaRow:
    """Only what has failed is touched by hand."""
    if row is None or row.error is None:
        raise Missing("JOB_NOT_FOUND", "没有作业 {id}，或者它已经执行", id=str(item_id))
    return row
