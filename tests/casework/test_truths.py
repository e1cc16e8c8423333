"""Two truths stay one: after every random step the tables say exactly what the engine says."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import pytest

from service.casework import (
    attend_due,
    complete_external,
    complete_task,
    correlate,
    fail_external,
    fetch_and_lock,
    get_case,
    resume_case,
    set_variables,
    start_case,
    suspend_case,
    terminate_case,
    throw_external_error,
)
from service.casework.office import Office
from service.casework.views import TopicRequest
from service.engine.facts import WaitKind
from service.rules.refusals import Invalid
from service.store.agenda import END_OF_TIME
from service.store.schema import agenda, external_task, incident, subscription, task, task_candidate
from tests.casework.desk import ENGINE, KEEPER, deploy_text, waits_of
from tests.conftest import Clock
from tests.engine.drive import CYCLE, ERROR, HOUR, MESSAGE, process

# Everything at once: a send-back loop, a parallel block with timers, an item called three times, work outside, a message.
ITEM = process(
    '<startEvent id="S"/><userTask id="Review" name="审核" camunda:candidateGroups="104" zw:limit="1hd"/>'
    f'<boundaryEvent id="Late" attachedToRef="Review" cancelActivity="false">{CYCLE}</boundaryEvent>'
    '<userTask id="Urge" name="催办"/><endEvent id="Urged"/>'
    '<serviceTask id="File" camunda:type="external" camunda:topic="archive"/>'
    f'<boundaryEvent id="Bad" attachedToRef="File">{ERROR}</boundaryEvent><endEvent id="E"/><endEvent id="Broken"/>'
    "\nS -> Review\nReview -> File\nFile -> E\nLate -> Urge\nUrge -> Urged\nBad -> Broken\n",
    "item",
)
CHAIN = process(
    '<startEvent id="S"/><exclusiveGateway id="Again"/><parallelGateway id="Fork"/><userTask id="A" name="甲" zw:limit="2hd"/>'
    f'<boundaryEvent id="T" attachedToRef="A">{HOUR}</boundaryEvent><exclusiveGateway id="M"/>'
    '<callActivity id="Items" calledElement="item"><multiInstanceLoopCharacteristics>'
    "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></callActivity>"
    f'<intermediateCatchEvent id="Paid">{MESSAGE}</intermediateCatchEvent>'
    '<parallelGateway id="Join"/><userTask id="Decide" name="决定"/><exclusiveGateway id="G" default="done"/>'
    '<endEvent id="E"/><sequenceFlow id="done" sourceRef="G" targetRef="E"/>'
    "\nS -> Again\nAgain -> Fork\nFork -> A\nFork -> Items\nFork -> Paid\nA -> M\nT -> M\nM -> Join\nItems -> Join\n"
    "Paid -> Join\nJoin -> Decide\nDecide -> G\nG -> Again : back = true\n",
    "chain",
)


def check(office: Office, case_id: UUID) -> None:
    """Open rows of every kind are the engine's wait points of that kind."""
    waits = waits_of(office, case_id)
    with office.reading() as records:
        row = records.cases.find(case_id)
        assert row is not None
        lines = records.history.lines(case_id)
        assert [line.line for line in lines] == list(range(1, row.version + 1))

        def ids(table: object, *conditions: object) -> set[UUID]:
            query = table.select().where(table.c.case_id == case_id, *conditions)  # type: ignore[attr-defined]
            return {one.id for one in records.execute(query)}

        def waiting(*kinds: WaitKind) -> set[UUID]:
            return {one.id for one in waits.values() if one.kind in kinds}

        assert ids(task, task.c.ended_at.is_(None)) == waiting(WaitKind.USER_TASK)
        assert ids(external_task) == waiting(WaitKind.EXTERNAL_TASK)
        assert ids(subscription) == waiting(WaitKind.MESSAGE, WaitKind.SIGNAL)
        agenda_rows = records.agenda.of_case(case_id)
        assert {one.id for one in agenda_rows if one.kind == "retry"} == waiting(WaitKind.INCIDENT)
        due = {one.id: one.due_at for one in agenda_rows if one.kind not in ("retry", "clock")}
        assert due == {one.id: one.due or END_OF_TIME for one in waits.values() if one.kind is WaitKind.TIMER}
        clocks = records.clocks.of_case(case_id)
        running = {one.id for one in clocks if one.state != "STOPPED"}
        limited = {one.id: one for one in waits.values() if one.kind is WaitKind.USER_TASK and one.zw.get("limit")}
        assert running == limited.keys()
        turns = {one.id: one.due_at for one in agenda_rows if one.kind == "clock"}
        assert running <= turns.keys() <= {one.id for one in clocks}
        assert all(turns[one.id] == END_OF_TIME for one in clocks if one.state == "PAUSED")
        for one in records.tasks.open_of(case_id):
            copies = next(((row.due_at, row.warn_at) for row in clocks if row.id == one.id), (None, None))
            assert (one.due_at, one.warn_at) == copies
            assert (one.paused_at is not None) == (
                row.state == "SUSPENDED" and one.id in running and one.due_at is None
            )
        troubles = records.execute(
            incident.select().where(incident.c.case_id == case_id, incident.c.closed_at.is_(None))
        )
        about = {one.token_id for one in troubles if one.kind == "engineFailure"}
        assert about == waiting(WaitKind.INCIDENT)
        offered = {one.task_id for one in records.execute(task_candidate.select())}
        assert offered & ids(task) <= ids(task, task.c.ended_at.is_(None))
        if waits:
            stored = {(v.scope_id, v.name): v.value for v in records.variables.of_case(case_id)}
            run = office.programs.for_binding(records, row.binding_id, row.key)
            from service.engine import Run

            live = Run.load(run, row.blob or b"", case_id=case_id, now=records.now, calendar=records.calendar)
            for scope in {None} | {one.variable_scope for one in waits.values()}:
                for name, value in live.variables(scope).items():
                    assert stored[scope or case_id, name] == value
        else:
            assert row.blob is None and row.ended_at is not None


def step(office: Office, clock: Clock, case_id: UUID, dice: random.Random) -> None:
    """One random act."""
    waits = list(waits_of(office, case_id).values())
    wait = dice.choice(sorted(waits, key=lambda one: (one.element, one.id)))
    match dice.choice(("do", "do", "do", "do", "wait", "pause", "set", "fail")):
        case "wait":
            clock.advance(timedelta(minutes=dice.choice((10, 61, 200))))
            attend_due(office)
        case "pause":
            suspend_case(office, KEEPER, case_id)
            clock.advance(minutes=30)
            attend_due(office)
            resume_case(office, KEEPER, case_id)
            attend_due(office)
        case "set":
            set_variables(
                office, ENGINE, case_id, {"n": dice.randrange(9)}, remove=["m"] if dice.random() < 0.5 else []
            )
        case act if wait.kind is WaitKind.USER_TASK:
            complete_task(office, ENGINE, wait.id, variables={"back": dice.random() < 0.3, "m": 1}, answers={"ok": act})
        case act if wait.kind is WaitKind.EXTERNAL_TASK:
            topics = [TopicRequest(topic="archive", lock_ms=1000)]
            for locked in fetch_and_lock(office, ENGINE, "w", 1, topics):
                if act == "fail" and dice.random() < 0.5:
                    throw_external_error(office, ENGINE, locked.id, "w", "e1")
                elif act == "fail":
                    fail_external(office, ENGINE, locked.id, "w", retries=1)
                else:
                    complete_external(office, ENGINE, locked.id, "w", {"filed": True})
        case _ if wait.kind is WaitKind.MESSAGE:
            with pytest.raises(Invalid):
                correlate(office, ENGINE, "m2", case_id=case_id)
            correlate(office, ENGINE, "m1", case_id=case_id)
        case _:
            clock.advance(hours=1)
            attend_due(office)


@pytest.mark.parametrize("seed", range(6))
def test_tables_and_engine_agree_after_every_step(any_office: Office, clock: Clock, seed: int) -> None:
    deploy_text(any_office, ITEM)
    deploy_text(any_office, CHAIN)
    dice = random.Random(seed)
    case = start_case(any_office, ENGINE, key="chain", variables={"back": False})
    for _ in range(60):
        check(any_office, case.id)
        if get_case(any_office, ENGINE, case.id).ended:
            break
        step(any_office, clock, case.id, dice)
    else:
        terminate_case(any_office, KEEPER, case.id, "试验结束")
    check(any_office, case.id)
    with any_office.reading() as records:
        left = records.execute(agenda.select().where(agenda.c.case_id == case.id)).all()
        assert left == [], "nothing happens in a case that has ended"
