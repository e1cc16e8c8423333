"""The agenda: timers, actions, thrown messages and signals, failures and what stops nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from service.casework import (
    attend_due,
    attending,
    complete_task,
    execute_job,
    get_task,
    resume_case,
    retry_incident,
    set_job_due,
    set_job_retries,
    start_case,
    suspend_case,
)
from service.casework.act_book import ACTS
from service.casework.attending import BACK_OFF, attend
from service.casework.office import Office
from service.casework.projection import Running
from service.casework.reading import case_incidents, get_case
from service.rules.refusals import Conflict, Forbidden, Missing
from service.store.agenda import AgendaRow
from service.store.records import Records
from tests.casework import desk
from tests.casework.desk import (
    CHIEF,
    CLERK,
    ENGINE,
    KEEPER,
    REVIEWER,
    actions_of,
    agenda_of,
    deploy_text,
    journal_of,
    open_tasks,
    waits_of,
)
from tests.conftest import Clock
from tests.engine.drive import MESSAGE, SIGNAL, process

HOURLY = "<timerEventDefinition><timeDuration>PT{}H</timeDuration></timerEventDefinition>"
TIMER = (
    f'<startEvent id="S"/><userTask id="A" name="甲"/><boundaryEvent id="T" attachedToRef="A">{HOURLY.format(1)}'
    '</boundaryEvent><userTask id="B" name="乙"/><endEvent id="E"/>\nS -> A\nA -> E\nT -> B\nB -> E\n'
)
CYCLE = (
    '<startEvent id="S"/><userTask id="A" name="甲"/><boundaryEvent id="T" attachedToRef="A" cancelActivity="false">'
    "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>"
    '<userTask id="B" name="乙"/><endEvent id="E"/>\nS -> A\nA -> E\nT -> B\nB -> E\n'
)
LADDER = (
    '<startEvent id="S"/><userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104"/>'
    f'<boundaryEvent id="T" attachedToRef="Review" cancelActivity="false">{HOURLY.format(2)}</boundaryEvent>'
    '<serviceTask id="Up" name="升级" zw:action="escalate" zw:target="Review"/>'
    '<endEvent id="Over"><escalationEventDefinition escalationRef="X1"/></endEvent>'
    '<endEvent id="E"/>\nS -> Review\nReview -> E\nT -> Up\nUp -> Over\n'
)
UNKNOWN = '<startEvent id="S"/><serviceTask id="X" zw:action="record"/><endEvent id="E"/>\nS -> X\nX -> E\n'
THROWER = (
    '<startEvent id="S"/><intermediateThrowEvent id="Throw">{}</intermediateThrowEvent>'
    '<userTask id="A" name="甲"/><endEvent id="E"/>\nS -> Throw\nThrow -> A\nA -> E\n'
)
CATCHER = (
    '<startEvent id="S"/><intermediateCatchEvent id="Catch">{}</intermediateCatchEvent>'
    '<userTask id="A" name="甲"/><endEvent id="E"/>\nS -> Catch\nCatch -> A\nA -> E\n'
)


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    return any_office


def attend_all(office: Office) -> int:
    total = 0
    while done := attend_due(office):
        total += done
    return total


def test_nothing_is_attended_before_it_is_due(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p")
    clock.advance(minutes=59)
    assert attend_due(any_office) == 0
    assert list(open_tasks(any_office, case.id)) == ["A"]


def test_a_due_timer_fires_once_and_says_so(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p")
    clock.advance(hours=2)
    assert attend_due(any_office) == 1
    assert attend_due(any_office) == 0
    assert list(open_tasks(any_office, case.id)) == ["B"]
    assert actions_of(any_office, case.id) == ["case:started", "timer:fired"]
    assert agenda_of(any_office, case.id) == ()


def test_a_completed_task_takes_its_timer_off_the_agenda(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p")
    complete_task(any_office, ENGINE, open_tasks(any_office, case.id)["A"].id)
    clock.advance(hours=2)
    assert attend_due(any_office) == 0
    assert get_case(any_office, ENGINE, case.id).state == "COMPLETED"


def test_missed_rounds_are_caught_up(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, CYCLE)
    case = start_case(any_office, ENGINE, key="p")
    clock.advance(hours=30)
    assert attend_due(any_office) == 3
    assert actions_of(any_office, case.id).count("timer:fired") == 3
    assert agenda_of(any_office, case.id) == ()


def test_what_is_due_first_is_attended_first(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, CYCLE, key="p")
    deploy_text(any_office, TIMER.replace("PT1H", "PT90M"), key="q")
    cycle = start_case(any_office, ENGINE, key="p")
    once = start_case(any_office, ENGINE, key="q")
    clock.advance(hours=30)
    assert attend_due(any_office, limit=2) == 2
    assert actions_of(any_office, cycle.id).count("timer:fired") == 1
    assert actions_of(any_office, once.id).count("timer:fired") == 1


def test_an_overdue_review_goes_to_the_chief_representative(staffed: Office, clock: Clock) -> None:
    deploy_text(staffed, LADDER)
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["Review"]
    assert task.assignee == REVIEWER.username
    clock.advance(hours=3)
    assert attend_all(staffed) == 2, "the timer, then the action it leads to, in one call"
    moved = open_tasks(staffed, case.id)["Review"]
    assert (moved.assignee, moved.id, moved.escalated_at) == (CHIEF.username, task.id, clock.now)
    assert moved.seen > task.seen
    lines = journal_of(staffed, case.id)
    assert [line.action for line in lines[1:]] == ["timer:fired", "task:escalated", "escalation:uncaught"]
    assert lines[2].detail == {"from": "zhangwei", "to": "chengang"} and lines[2].actor is None
    with pytest.raises(Forbidden):
        complete_task(staffed, REVIEWER, task.id)
    assert complete_task(staffed, CHIEF, task.id).ended


def test_an_escalation_without_anybody_to_take_it_becomes_an_incident_after_its_retries(
    any_office: Office, clock: Clock
) -> None:
    deploy_text(any_office, LADDER)
    case = start_case(any_office, ENGINE, key="p")
    clock.advance(hours=3)
    attend_all(any_office)
    assert case_incidents(any_office, ENGINE, case.id) == ()
    assert attend_due(any_office) == 0, "put off, not tried again at once"
    for seconds in (11, 61):
        clock.advance(seconds=seconds)
        assert attend_due(any_office) == 1
    (incident,) = case_incidents(any_office, ENGINE, case.id)
    assert incident.kind == "failedJob" and "首席代表" in incident.message
    (job,) = agenda_of(any_office, case.id)
    assert job.ready_at is None and job.retries == 0
    desk.hire(any_office)
    retry_incident(any_office, KEEPER, incident.id)
    assert attend_all(any_office) == 1
    assert open_tasks(any_office, case.id)["Review"].assignee == CHIEF.username
    assert case_incidents(any_office, ENGINE, case.id) == ()


def test_an_unknown_action_is_an_incident_at_once_and_stops_nothing(
    any_office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ACTS, "record")  # deployed by a release that knew it
    deploy_text(any_office, UNKNOWN, key="q")
    deploy_text(any_office, TIMER, key="p")
    broken = start_case(any_office, ENGINE, key="q")
    sound = start_case(any_office, ENGINE, key="p")
    clock.advance(hours=2)
    assert attend_due(any_office) == 2
    assert [one.kind for one in case_incidents(any_office, ENGINE, broken.id)] == ["failedJob"]
    assert list(open_tasks(any_office, sound.id)) == ["B"]


def test_a_thrown_message_reaches_the_case_with_the_same_number(any_office: Office) -> None:
    deploy_text(any_office, process(CATCHER.format(MESSAGE), "q"))
    deploy_text(any_office, process(THROWER.format(MESSAGE), "p"))
    other = start_case(any_office, ENGINE, key="q", business_key="BJ-2")
    mine = start_case(any_office, ENGINE, key="q", business_key="BJ-1")
    start_case(any_office, ENGINE, key="p", business_key="BJ-1")
    assert attend_all(any_office) == 1
    assert list(open_tasks(any_office, mine.id)) == ["A"]
    assert open_tasks(any_office, other.id) == {}


def test_a_message_nobody_waits_for_is_noted_where_it_was_thrown(any_office: Office) -> None:
    deploy_text(any_office, THROWER.format(MESSAGE))
    case = start_case(any_office, ENGINE, key="p")
    attend_all(any_office)
    assert actions_of(any_office, case.id) == ["case:started", "message:unclaimed"]
    assert agenda_of(any_office, case.id) == ()


def test_a_thrown_signal_reaches_everybody_who_listens(any_office: Office) -> None:
    deploy_text(any_office, process(CATCHER.format(SIGNAL), "q"))
    deploy_text(any_office, process(THROWER.format(SIGNAL), "p"))
    listeners = [start_case(any_office, ENGINE, key="q") for _ in range(3)]
    start_case(any_office, ENGINE, key="p")
    assert attend_all(any_office) == 4
    assert [list(open_tasks(any_office, one.id)) for one in listeners] == [["A"]] * 3


def test_a_suspended_case_keeps_its_timers_until_it_is_resumed(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p")
    suspend_case(any_office, KEEPER, case.id)
    clock.advance(hours=2)
    assert attend_due(any_office) == 0
    (job,) = agenda_of(any_office, case.id)
    with pytest.raises(Conflict):
        execute_job(any_office, KEEPER, job.id)
    resume_case(any_office, KEEPER, case.id)
    assert attend_due(any_office) == 1
    assert actions_of(any_office, case.id) == ["case:started", "case:suspended", "case:resumed", "timer:fired"]


def test_a_timer_start_begins_a_case_every_round(any_office: Office, clock: Clock) -> None:
    start = "<timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>"
    text = f'<startEvent id="S">{start}</startEvent><userTask id="A"/><endEvent id="E"/>\nS -> A\nA -> E\n'
    deploy_text(any_office, text)
    for _ in range(4):
        clock.advance(hours=1)
        attend_all(any_office)
    with any_office.reading() as records:
        from service.store.schema import case

        assert len(records.execute(case.select()).all()) == 2


def test_a_job_can_be_done_at_once_or_at_another_time(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    first, second = (start_case(any_office, ENGINE, key="p") for _ in range(2))
    (job,) = agenda_of(any_office, first.id)
    execute_job(any_office, KEEPER, job.id)
    assert list(open_tasks(any_office, first.id)) == ["B"]
    with pytest.raises(Missing):
        execute_job(any_office, KEEPER, job.id)
    (job,) = agenda_of(any_office, second.id)
    set_job_due(any_office, KEEPER, job.id, clock.now + timedelta(hours=5))
    clock.advance(hours=2)
    assert attend_due(any_office) == 0
    assert [w.due for w in waits_of(any_office, second.id).values() if w.due] == [clock.now + timedelta(hours=3)]
    set_job_retries(any_office, KEEPER, job.id, 0)
    clock.advance(hours=9)
    assert attend_due(any_office) == 0
    set_job_retries(any_office, KEEPER, job.id, 1)
    assert attend_due(any_office) == 1


def test_strangers_do_not_touch_jobs(any_office: Office) -> None:
    with pytest.raises(Forbidden):
        set_job_retries(any_office, CLERK, uuid4(), 1)


def test_a_task_taken_by_the_ladder_is_seen_by_both(staffed: Office, clock: Clock) -> None:
    deploy_text(staffed, LADDER)
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["Review"]
    clock.advance(hours=3)
    attend_all(staffed)
    assert get_task(staffed, REVIEWER, task.id).assignee == CHIEF.username
    assert get_task(staffed, CHIEF, task.id).escalated_at is not None


SIDE_BY_SIDE = (
    '<startEvent id="S"/><parallelGateway id="Split"/><parallelGateway id="Join"/><endEvent id="E"/>'
    + "".join(
        f'<intermediateCatchEvent id="{name}">{HOURLY.format(1)}</intermediateCatchEvent>'
        for name in ("A", "B", "C", "D")
    )
    + "\nS -> Split\nJoin -> E\n"
    + "".join(f"Split -> {name}\n{name} -> Join\n" for name in ("D", "B", "A", "C"))
)


def fired(office: Office, case_id: UUID) -> list[str | None]:
    return [line.element for line in journal_of(office, case_id) if line.action == "timer:fired"]


def test_what_is_due_in_a_case_at_one_instant_has_one_order(staffed: Office, clock: Clock) -> None:
    deploy_text(staffed, SIDE_BY_SIDE)
    cases = [start_case(staffed, ENGINE, key="p").id for _ in range(3)]
    clock.advance(hours=1)
    assert attend_due(staffed) == 12
    assert [fired(staffed, one) for one in cases] == [["A", "B", "C", "D"]] * 3


def test_who_comes_first_with_the_last_item_does_the_first_ones_too(staffed: Office, clock: Clock) -> None:
    deploy_text(staffed, SIDE_BY_SIDE)
    case = start_case(staffed, ENGINE, key="p")
    items = {one.element: one for one in agenda_of(staffed, case.id)}
    clock.advance(hours=1)
    attend(staffed, items["C"])
    assert fired(staffed, case.id) == ["A", "B", "C"]
    attend(staffed, items["A"])
    attend(staffed, items["D"])
    assert fired(staffed, case.id) == ["A", "B", "C", "D"]


def test_an_item_that_fails_does_not_keep_those_behind_it(
    staffed: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy_text(staffed, SIDE_BY_SIDE)
    case = start_case(staffed, ENGINE, key="p")
    items = {one.element: one for one in agenda_of(staffed, case.id)}
    fire = attending._fire

    def broken(office: Office, records: Records, running: Running, row: AgendaRow) -> None:
        if row.element == "A":
            raise RuntimeError("broken")
        fire(office, records, running, row)

    monkeypatch.setattr(attending, "_fire", broken)
    clock.advance(hours=1)
    attend(staffed, items["B"])
    assert fired(staffed, case.id) == ["B"]
    failed = next(one for one in agenda_of(staffed, case.id) if one.element == "A")
    assert (failed.retries, failed.ready_at) == (2, clock.now + BACK_OFF[2])
