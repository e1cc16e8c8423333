"""The agenda: what is due is claimed and done, one transaction each, in due order.

An item is claimed in one short transaction so that nodes do not wait for each other. Doing it asks again under the
lock of its case: an item that is gone, parked or due later was attended by somebody else, which is normal. The item is
taken off in the transaction that does it, so it happens once. A failure is put off with back-off and becomes an
incident in the end; it never stops the sweep.

What is due in one case has one order, whichever node comes first: by instant, then clocks before timers before actions,
then by the diagram. Who holds the case does what comes first, also when it was claimed for something later.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from service.casework.absences import turn_absence, turn_absence_in_case
from service.casework.act_book import ACTS
from service.casework.acts.asking import request_of
from service.casework.acts.request import Act, Request
from service.casework.carrying import carry_out, told
from service.casework.clocks.turning import Turn, turn_clock
from service.casework.clockwork.movement import ATTEMPTS
from service.casework.correlating import AlreadyDone
from service.casework.countersigning import attend_held
from service.casework.idling import check_idleness
from service.casework.journalling import CaseFile, put_back, write
from service.casework.measures.effective import held_back_until
from service.casework.messages.telling import tell
from service.casework.migration.batches import go_on
from service.casework.office import Office
from service.casework.projection import Running, clocks_of, settle, take_up, write_clocks
from service.casework.register.effects import take_effect
from service.casework.rehearsals import play_on
from service.casework.scheduling import run_job
from service.casework.thrown import asked_again, send_message, send_signal, start_by_timer
from service.engine.facts import Wait
from service.rules.acts import act_of
from service.rules.refusals import Invalid, Refusal, Unavailable
from service.rules.vocabulary import AgendaKind, CaseState, IncidentKind, InHouseAction, JournalAction
from service.store.agenda import AgendaRow
from service.store.cases import CaseRow
from service.store.incidents import IncidentRow
from service.store.records import Records

log = logging.getLogger(__name__)

CLAIM = timedelta(
    seconds=10
)  # of real time; after that others may try the same item: a killed node holds nothing up for longer
BACK_OFF = {2: timedelta(seconds=10), 1: timedelta(seconds=60)}  # by retries left; more left: as with two
IN_TURN = frozenset(  # done in the order of their case
    {AgendaKind.ABSENCE, AgendaKind.CLOCK, AgendaKind.TIMER, AgendaKind.ACTION, AgendaKind.ACT, AgendaKind.IDLE}
)


def attend_due(office: Office, *, limit: int = 100, node: str = "") -> int:
    """Do what is ready now, in due order; how many items were done or put off. Never raises for a failing item.

    `limit`: most items of one call. What an item makes ready at once is attended in the same call, in its turn.
    Refused: Unavailable when the database cannot be reached.
    """
    attended = 0
    waiting: list[tuple[Any, AgendaRow]] = []
    look = True
    while attended < limit:
        if look:
            claimed = _claim(office, limit - attended - len(waiting))
            attended += _tell(office, [row for row in claimed if row.kind == AgendaKind.NOTICE])
            for row in claimed:
                if row.kind == AgendaKind.NOTICE:
                    continue
                case = b"" if row.case_id is None else row.case_id.bytes  # what concerns everybody comes first
                heapq.heappush(waiting, ((row.due_at, case, row.order), row))
            look = not waiting and bool(claimed)
            if look:
                continue
        if not waiting:
            break
        look = attend(office, heapq.heappop(waiting)[-1], node=node)
        attended += 1
    return attended


def _tell(office: Office, notices: list[AgendaRow]) -> int:
    """Tell people what is to be told; how many notices were seen to. One that fails is put off, the others are told."""
    if not notices:
        return 0
    try:
        if office.attempt(partial(tell, office, notices)) < len(notices):
            # another node's claim still held the lock of a row it found taken: free it for whoever looks next
            office.attempt(partial(_give_back, office, [one.id for one in notices]))
    except Unavailable:
        raise
    except Exception:
        for one in notices:
            attend(office, one)
    return len(notices)


def _give_back(office: Office, items: list[UUID]) -> None:
    with office.transaction() as records:
        records.agenda.unclaim(items)


def _claim(office: Office, limit: int) -> tuple[AgendaRow, ...]:
    if limit < 1:
        return ()
    with office.reading() as records:  # an idle sweep writes nothing
        if not records.agenda.any_ready(records.now):
            return ()
    with office.transaction() as records:
        return records.agenda.claim_ready(records.now, records.real_now + CLAIM, limit)


@dataclass
class Hand:
    """The item somebody is at, for whoever has to say which one failed."""

    item: AgendaRow


def attend(office: Office, item: AgendaRow, *, node: str = "") -> bool:
    """Do one item after what comes before it in its case, or put off what fails; whether something else became ready."""
    ready = False
    while True:
        hand = Hand(item)
        try:
            ready = office.attempt(partial(do, office, item, hand=hand)) or ready
        except AlreadyDone:
            return ready
        except Unavailable:
            raise
        except Exception as failure:
            row, trouble = hand.item, failure
            if not isinstance(failure, Refusal):
                told = {"item": str(row.id), "kind": row.kind, "node": node}
                log.error("agenda item failed", exc_info=failure, extra=told)
            ready = office.attempt(partial(_put_off, office, row, trouble)) or ready
        if hand.item.id == item.id:
            return ready


def do(office: Office, item: AgendaRow, *, early: bool = False, hand: Hand | None = None) -> bool:
    """Do one item in transactions of its own; whether something became ready by it. `early`: whatever its due instant.

    What is due before it in its case is done in its place; `hand` says which it was. Refused: AlreadyDone when the item
    is gone, parked or due later.
    """
    match item.kind:
        case AgendaKind.ABSENCE if item.case_id is None:
            return turn_absence(office, item)
        case kind if kind in IN_TURN:
            return _in_case(office, item, early=early, hand=hand or Hand(item))
        case AgendaKind.START:
            return start_by_timer(office, item)
        case AgendaKind.JOB:
            return run_job(office, item, early=early)
        case AgendaKind.MESSAGE:
            return send_message(office, item)
        case AgendaKind.SIGNAL:
            return send_signal(office, item)
        case AgendaKind.NOTICE:
            tell(office, [item])  # what it puts out is carried by others
            return False
        case AgendaKind.EFFECT:
            return take_effect(office, item)
        case AgendaKind.MIGRATION:
            return go_on(office, item)
        case AgendaKind.REHEARSAL:
            return play_on(office, item)
        case AgendaKind.HELD:
            return attend_held(office, item)
        case AgendaKind.OUTBOX:
            return carry_out(office, item, early=early)
    raise Invalid("AGENDA_KIND_UNKNOWN", "日程种类“{kind}”无法识别", kind=item.kind)


def _in_case(office: Office, item: AgendaRow, *, early: bool, hand: Hand) -> bool:
    """What is first in the item's case: somebody who is away, a clock that turns, something a waiting token waits for."""
    with office.transaction() as records:
        case = records.cases.lock_of_job(item.id)
        hand.item = row = asked_again(records, item, early=True) if early else _first_due(records, item)
        if case is None:
            raise AlreadyDone
        match row.kind:
            case AgendaKind.ABSENCE:
                turn_absence_in_case(records, case, row)
            case AgendaKind.IDLE:
                _look_at_claim(records, case, row)
            case AgendaKind.CLOCK:
                _turn(office, records, case, row)
            case AgendaKind.ACT:
                _do_asked(office, records, case, row)
            case AgendaKind.TIMER:
                _happen(office, records, case, row, _fire)
            case _:
                _happen(office, records, case, row, _act)
        return records.prompt


def _look_at_claim(records: Records, case: CaseRow, row: AgendaRow) -> None:
    """A task that was claimed some time ago: back to its queue when nothing happened to it since."""
    if case.ended_at is not None:
        records.agenda.drop([row.id])
        return
    file = CaseFile(case)
    check_idleness(records, file, row)
    put_back(records, file)


def _first_due(records: Records, item: AgendaRow) -> AgendaRow:
    """Of what is due in the item's case the first, locked. Refused: AlreadyDone when the item is not among it."""
    due = () if item.case_id is None else records.agenda.lock_due(item.case_id, records.now)
    if item.id not in {row.id for row in due}:
        raise AlreadyDone
    return min((row for row in due if row.kind in IN_TURN), key=lambda row: (row.ready_at, row.order))


def _happen(
    office: Office,
    records: Records,
    case: CaseRow,
    row: AgendaRow,
    act: Callable[[Office, Records, Running, AgendaRow], None],
) -> None:
    """Something that happens to a waiting token of a case."""
    if case.ended_at is not None or case.state != CaseState.ACTIVE:
        raise AlreadyDone
    running = take_up(office, records, CaseFile(case))
    if row.token_id not in running.before:
        records.agenda.drop([row.id])
        return
    act(office, records, running, row)
    settle(records, running)


def _turn(office: Office, records: Records, case: CaseRow, row: AgendaRow) -> None:
    """A clock of a case turns. One that stopped late still owes its light, also when the case has ended since."""
    if case.state == CaseState.SUSPENDED:
        raise AlreadyDone
    file = CaseFile(case)
    program = office.programs.for_binding(records, case.binding_id, case.key)
    move = clocks_of(records, file, program)
    if move is None or row.id not in move.clocks.rows:
        records.agenda.drop([row.id])
        return
    if row.retries < ATTEMPTS:
        records.agenda.change(row.id, {"retries": ATTEMPTS, "error": None})
        records.incidents.close_at([row.id], records.now)
    turn = Turn(office, records, file, move, row.id)
    turn_clock(turn)
    turn.settle()
    write_clocks(records, move)


def _fire(office: Office, records: Records, running: Running, row: AgendaRow) -> None:
    running.run.fire(_token(row))
    if row.retries == 0:
        records.incidents.close_at([_token(row)], records.now)
    write(
        records,
        running.file,
        JournalAction.TIMER_FIRED,
        None,
        element=row.element,
        detail={"due": row.due_at.isoformat()},
    )


def _act(office: Office, records: Records, running: Running, row: AgendaRow) -> None:
    token = _token(row)
    wait = running.run.waits()[token]
    process, scope = whose(running, wait)
    request = Request(
        id=row.id,
        act=wait.action or "",
        element=wait.element,
        process=process,
        scope=scope,
        asked_at=row.due_at,
        name=wait.name,
        inputs={**wait.zw, **((row.detail or {}).get("inputs") or {})},  # what an administrator has repaired
        values=running.run.variables(token),
    )
    until = held_back_until(records, request)
    if until is not None:
        records.agenda.change(row.id, {"ready_at": until, "locked_until": None})
        return
    values = _known(request.act)(office, records, running.file, request)
    running.run.complete_external(token, values)


def whose(running: Running, wait: Wait) -> tuple[str, UUID | None]:
    """Process and scope of the item or chain a service task belongs to: what a called supporting process does, its caller does."""
    process, scope = wait.process, wait.variable_scope
    around = {view.host: view for view in running.run.scopes()} if scope is not None else {}
    while scope is not None and running.program.attributes(process).get("kind") == "SUPPORT":
        outside = around[around[scope].parent]
        process, scope = outside.process, outside.variable_scope
    return process, scope


def _do_asked(office: Office, records: Records, case: CaseRow, row: AgendaRow) -> None:
    """What an element asked for when it was completed; also when the case has ended since."""
    if case.state == CaseState.SUSPENDED:
        raise AlreadyDone
    file, request = CaseFile(case), request_of(row)
    _known(request.act)(office, records, file, request)
    records.agenda.drop([row.id])
    if row.retries < ATTEMPTS:
        records.incidents.close_at([row.id], records.now)
    put_back(records, file)


def _known(act: str) -> Act:
    found = ACTS.get(act)
    if found is None:
        raise Invalid("ACTION_UNKNOWN", "没有内部动作“{action}”", action=act)
    return found


def _token(row: AgendaRow) -> UUID:
    if row.token_id is None:
        raise ValueError(f"expected agenda item {row.id} to have a token")
    return row.token_id


def _put_off(office: Office, item: AgendaRow, failure: Exception) -> bool:
    """Count a failure: try again later, or open an incident and park the item. What can never succeed is parked at once."""
    with office.transaction() as records:
        case = records.cases.lock_of_job(item.id)
        row = records.agenda.lock(item.id)
        if row is None or row.retries == 0:
            return False
        retries = 0 if isinstance(failure, Invalid) else row.retries - 1
        text = told(failure)
        if retries > 0:
            wait = BACK_OFF[min(retries, 2)]
            changes = {"retries": retries, "ready_at": records.now + wait, "locked_until": None, "error": text}
            records.agenda.change(row.id, changes)
            return False
        if case is not None and _foreseen(office, records, case, row, text):
            return records.prompt
        records.agenda.change(row.id, {"retries": 0, "ready_at": None, "locked_until": None, "error": text})
        records.incidents.open(
            [
                IncidentRow(
                    id=uuid4(),
                    case_id=row.case_id,
                    definition_id=row.definition_id,
                    kind=IncidentKind.FAILED_JOB,
                    element=row.element,
                    token_id=row.id,
                    message=text,
                    opened_at=records.now,
                )
            ]
        )
        if case is not None:
            file = CaseFile(case)
            write(
                records, file, JournalAction.INCIDENT_OPENED, None, element=row.element, detail={"message": text[:200]}
            )
            put_back(records, file)
        return False


def _foreseen(office: Office, records: Records, case: CaseRow, row: AgendaRow, text: str) -> bool:
    """Whether the diagram goes another way when this act fails for good; then it has gone it, and nothing is left to repair.

    What another system would have been told in passing is noted only (T8).
    """
    if row.kind == AgendaKind.ACT and request_of(row).act == InHouseAction.EXCHANGE:
        file = CaseFile(case)
        detail = {"action": InHouseAction.EXCHANGE.value, "message": text[:200]}
        write(records, file, JournalAction.EXCHANGE_FAILED, None, element=row.element, detail=detail)
        records.agenda.drop([row.id])
        put_back(records, file)
        return True
    if row.kind != AgendaKind.ACTION or case.ended_at is not None or case.state != CaseState.ACTIVE:
        return False
    running, token = take_up(office, records, CaseFile(case)), _token(row)
    wait = running.run.waits().get(token)
    card = act_of({"action": wait.action or ""}) if wait is not None else None
    if card is None or not card.error or not running.run.catches(token, card.error):
        return False
    running.run.throw_error(token, card.error, text)
    detail = {"action": card.name, "error": card.error, "message": text[:200]}
    write(records, running.file, JournalAction.EXCHANGE_FAILED, None, element=row.element, detail=detail)
    settle(records, running)
    return True
