"""异常: what failed for good or is being tried again; repaired and repeated, or given up with a reason.

An act is one transaction, so what failed has left nothing behind: it is done as a whole when it is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from service.casework.act_book import CARRIERS
from service.casework.actors import Actor
from service.casework.acts.asking import request_of
from service.casework.jobs import set_job_retries
from service.casework.journalling import CaseFile, put_back, require_running, write
from service.casework.masking import shown
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.rights import may_read, require_keeper
from service.rules.act_cards import ActCard
from service.rules.acts import act_of, faults_of
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.vocabulary import AgendaKind, JournalAction, LedgerAction
from service.store.agenda import AgendaRow
from service.store.records import Records
from service.store.troubles import TroubleRow, Troubles

PAGE = 50
ROUND = 3  # tries of another round
REPAIRABLE = (AgendaKind.ACT, AgendaKind.ACTION)
LONGEST_REASON = 500
LONGEST_VALUES = 20_000  # characters
VIEWS = ("parked", "trying")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One failing item. `act`: its card, for what a diagram asks for; `inputs`, `values`: what it was given."""

    row: TroubleRow
    act: str
    card: ActCard | None
    place: str  # what the drawing calls the element
    process: str
    inputs: Mapping[str, str]
    values: Mapping[str, Any]
    repairable: bool
    droppable: bool


@dataclass(frozen=True, kw_only=True)
class TroubleList:
    """A page of them; `counts` of both views."""

    items: tuple[Trouble, ...]
    total: int
    page: int
    pages: int
    counts: Mapping[str, int]


def trouble_list(
    office: Office, actor: Actor, *, view: str = "parked", kind: str = "", search: str = "", page: int = 1
) -> TroubleList:
    """What has failed, the latest first; `view` trying: what waits for its next try. Refused: Forbidden KEEPER_ONLY."""
    require_keeper(actor)
    with office.reading() as records:
        shelf = Troubles(records)
        counts = {"parked": shelf.count(parked=True), "trying": shelf.count(parked=False)}
        kinds = (kind,) if kind in tuple(AgendaKind) else ()
        total, _ = shelf.page(parked=view != "trying", kinds=kinds, search=search, top=1, skip=0)
        pages = max(1, -(-total // PAGE))
        page = min(max(page, 1), pages)
        _, rows = shelf.page(
            parked=view != "trying", kinds=kinds, search=search, top=PAGE, skip=(page - 1) * PAGE
        )  # fmt: skip
        items = tuple(_shown(office, records, row) for row in rows)
    return TroubleList(items=items, total=total, page=page, pages=pages, counts=counts)


def trouble(office: Office, actor: Actor, item_id: UUID) -> Trouble:
    """One failing item; what it was given for who may read the case (P07). Refused: Forbidden KEEPER_ONLY, Missing JOB_NOT_FOUND."""
    require_keeper(actor)
    with office.reading() as records:
        row = Troubles(records).one(item_id)
        if row is None:
            raise _gone(item_id)
        case = records.cases.find(row.case_id) if row.case_id is not None else None
        read = case is not None and may_read(records, actor, case)
        found = _shown(office, records, row, values=read)
        return replace(found, values=shown(records, actor, case, found.values)) if case is not None and read else found


def repeat_act(office: Office, actor: Actor, item_id: UUID) -> None:
    """Another round, at once. Refused as `set_job_retries`."""
    set_job_retries(office, actor, item_id, ROUND)


def repair_act(
    office: Office, actor: Actor, item_id: UUID, *, inputs: Mapping[str, str], values: str, reason: str
) -> None:
    """Change what a failed act was given, and try it again. `values`: a JSON object of variables to set.

    Inputs hold for this asking only; values of a waiting task become variables of its process, else they too hold for this
    asking. Refused: Forbidden KEEPER_ONLY, Missing JOB_NOT_FOUND, Conflict ACT_NOT_REPAIRABLE, CASE_SUSPENDED, Invalid REASON_MISSING,
    REASON_TOO_LONG, ACT_INPUT, VALUES_UNREADABLE.
    """
    require_keeper(actor)
    require_reason(reason)
    changed = _read_values(values)

    def act() -> None:
        with office.transaction() as records:
            file, row = _held(records, item_id)
            if row.kind not in REPAIRABLE or file is None:
                raise Conflict("ACT_NOT_REPAIRABLE", "这项工作没有可以修改的内容，只能重试或放弃")
            card = act_of({"action": _act_of(office, records, file, row)})
            for name, value in inputs.items():
                one = card.input(name) if card is not None else None
                if one is None or len(value) > LONGEST_REASON or (one.required and not value.strip()):
                    raise refuse(name, "ACT_INPUT", "“{name}”不是这个动作的内容，或者没有填写", name=name)
                for fault in faults_of(one, value) if value.strip() else ():
                    raise refuse(
                        name, "ACT_INPUT_VALUE", "“{value}”无效：应为{expected}", value=fault.value, expected=fault.expected
                    )  # fmt: skip
            detail = dict(row.detail or {})
            detail["inputs"] = {**(detail.get("inputs") or {}), **inputs}
            if row.kind == AgendaKind.ACT:
                detail["values"] = {**(detail.get("values") or {}), **changed}
            records.agenda.change(row.id, {"detail": detail})
            said = {"inputs": dict(inputs), "values": sorted(changed), "reason": reason.strip()}
            write(records, file, JournalAction.ACT_REPAIRED, actor, element=row.element, detail=said)
            if changed and row.kind == AgendaKind.ACTION and row.token_id is not None:
                running = take_up(office, records, file)
                running.run.set_variables(changed, scope=running.run.waits()[row.token_id].variable_scope)
                settle(records, running)
            else:
                put_back(records, file)

    office.attempt(act)
    repeat_act(office, actor, item_id)


def give_up_act(office: Office, actor: Actor, item_id: UUID, *, reason: str) -> None:
    """Do without it, with a reason. A waiting task goes on without its act; an errand is never carried again.

    Refused: Forbidden KEEPER_ONLY, Missing JOB_NOT_FOUND, Conflict ACT_NOT_DROPPABLE, CASE_SUSPENDED, Invalid REASON_MISSING,
    REASON_TOO_LONG.
    """
    require_keeper(actor)
    require_reason(reason)

    def act() -> None:
        with office.transaction() as records:
            file, row = _held(records, item_id)
            if not _droppable(row):
                raise Conflict("ACT_NOT_DROPPABLE", "定时和时限不能放弃，请修复后重试")
            said = {"reason": reason.strip(), "error": (row.error or "")[:200], "kind": row.kind}
            if row.kind == AgendaKind.OUTBOX:
                carrier = CARRIERS.get(str((row.detail or {}).get("carrier", "")))
                if carrier is not None:
                    carrier.give_up(office, records, row, row.error or "")
            if file is None:
                records.ledger.write(LedgerAction.ERRAND_GIVEN_UP, actor.username, str(row.id), said)
            else:
                write(records, file, JournalAction.ACT_GIVEN_UP, actor, element=row.element, detail=said)
            records.agenda.drop([row.id])
            records.incidents.close_at([row.id], records.now)
            if file is not None and row.kind == AgendaKind.ACTION and row.token_id is not None:
                running = take_up(office, records, file)
                running.run.complete_external(row.token_id, None)
                settle(records, running)
            elif file is not None:
                put_back(records, file)

    office.attempt(act)


def _held(records: Records, item_id: UUID) -> tuple[CaseFile | None, AgendaRow]:
    """The item and its case, both locked; only what has failed is touched by hand."""
    case = records.cases.lock_of_job(item_id)
    row = records.agenda.lock(item_id)
    if row is None or row.error is None:
        raise _gone(item_id)
    if case is not None and case.ended_at is None:
        require_running(case)
    return (CaseFile(case) if case is not None else None), row


def _droppable(row: AgendaRow | TroubleRow) -> bool:
    return row.kind in (*REPAIRABLE, AgendaKind.OUTBOX, AgendaKind.MESSAGE, AgendaKind.SIGNAL)


def _shown(office: Office, records: Records, row: TroubleRow, *, values: bool = False) -> Trouble:
    detail = row.detail or {}
    act, place, process = str(detail.get("act", "")), str(detail.get("title", "")), str(detail.get("process", ""))
    inputs: Mapping[str, str] = detail.get("inputs") or {}
    given: Mapping[str, Any] = (detail.get("values") or {}) if values else {}
    case = records.cases.find(row.case_id) if row.case_id is not None else None
    if case is not None:
        program = office.programs.for_binding(records, case.binding_id, case.key)
        process = process if process in program.processes() else case.key
        card = next(
            (
                found
                for one in (process, *program.processes())
                if (found := program.elements(one).get(row.element or ""))
            ),
            None,
        )
        place = place or (card.name if card is not None else "")
        if row.kind == AgendaKind.ACTION and card is not None:
            act, inputs = card.zw.get("action", ""), {**card.zw, **inputs}
            if values:
                given = {one.name: one.value for one in records.variables.of_case(case.id)}
    if row.kind == AgendaKind.OUTBOX:
        act = str(detail.get("carrier", ""))
    card_of = act_of({"action": act}) if row.kind in REPAIRABLE else None
    named = {one.name: inputs.get(one.name, "") for one in card_of.inputs} if card_of is not None else {}
    return Trouble(
        row=row,
        act=act,
        card=card_of,
        place=place or row.element or "",
        process=process,
        inputs=named,
        values=given,
        repairable=row.kind in REPAIRABLE and row.case_id is not None,
        droppable=_droppable(row),
    )


def _act_of(office: Office, records: Records, file: CaseFile, row: AgendaRow) -> str:
    if row.kind == AgendaKind.ACT:
        return request_of(row).act
    run = take_up(office, records, file).run
    wait = run.waits().get(row.token_id) if row.token_id is not None else None
    return (wait.action or "") if wait is not None else ""


def _read_values(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        found = orjson.loads(text) if len(text) <= LONGEST_VALUES else None
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(name, str) and name.isidentifier() for name in found):
        raise refuse("values", "VALUES_UNREADABLE", '应为 JSON 对象，如 {"reason": "…"}，但不是')
    return found


def require_reason(reason: str) -> None:
    """Refused, naming the field: REASON_MISSING, REASON_TOO_LONG."""
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明理由。")
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)


def _gone(item_id: UUID) -> Missing:
    return Missing("JOB_NOT_FOUND", "没有作业 {id}，或者它已经执行", id=str(item_id))
