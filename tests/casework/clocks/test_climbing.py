"""The escalation ladder on real cases, the clock turned by hand (DOMAIN D.8): who is told, who owns, which card it costs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from service.casework import (
    assign_task,
    attend_due,
    claim_task,
    comment_task,
    complete_task,
    end_absence,
    get_task,
    give_back_task,
    record_absence,
    release_task,
    start_case,
    suspend_clock,
)
from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.workbench import inbox
from service.rules.absences import AbsenceKind
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.rules.work_filters import WorkFilter
from service.store.supervision import SupervisionRow
from service.store.tasks import TaskRow
from tests.casework import desk
from tests.casework.clocks.items import clocks_of, item, lines_of, shown, wait_until
from tests.casework.desk import (
    CAST,
    CHIEF,
    CLERK,
    LEADER,
    REVIEWER,
    SECOND,
    STRANGER,
    SUPERVISOR,
    actions_of,
    deploy_text,
    journal_of,
    open_tasks,
)
from tests.casework.test_races import at_once
from tests.conftest import Clock, make_office

HEAD = Actor(username="yishou", name="一把手", department="104", roles=frozenset({"dept_head"}))
HALL = Actor(username="zhuren", name="中心主任", department="100", roles=frozenset({"leader"}))
REVIEW = (
    '<userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104" zw:limit="{limit}" '
    'zw:ladder="standard" {more}/>'
)
LATE = (
    '<boundaryEvent id="Late" attachedToRef="Review" cancelActivity="false"><timerEventDefinition>'
    '<timeDate>due("REVIEW")</timeDate></timerEventDefinition></boundaryEvent>'
    '<serviceTask id="Escalate" zw:action="escalate" zw:target="Review"/><endEvent id="Escalated"/>'
)
ACCEPTED = '<intermediateThrowEvent id="Accepted" zw:reaches="ACCEPTED"/>'


def one_review(limit: str = "6hd", more: str = "") -> str:
    return item(
        f'<startEvent id="S"/>{REVIEW.format(limit=limit, more=more)}<endEvent id="E"/>\nS -> Review\nReview -> E\n'
    )


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office, (*CAST, HEAD, HALL))
    return any_office


def open_review(office: Office, clock: Clock, opened: str, limit: str = "6hd", diagram: str = "") -> UUID:
    """A case whose review opens at an instant."""
    deploy_text(office, diagram or one_review(limit))
    clock.set(opened)
    return start_case(office, CLERK, key="item").id


def review_of(office: Office, case_id: UUID) -> TaskRow:
    return open_tasks(office, case_id)["Review"]


def rungs_of(office: Office, case_id: UUID, kind: str = "STAGE") -> dict[str, dict[str, Any]]:
    """What was noted of each rung; each at most once."""
    found = [dict(line.detail or {}) for line in lines_of(office, case_id, "ladder:climbed")]
    found = [one for one in found if one["kind"] == kind]
    assert max(Counter((one["clock"], one["rung"]) for one in found).values(), default=1) == 1
    return {one["rung"]: one for one in found}


def cards_of(office: Office, case_id: UUID) -> list[tuple[str, str, str]]:
    with office.reading() as records:
        return [(one.violation, one.level, one.addressee) for one in records.supervision.of_case(case_id)]


def rows_of(office: Office, case_id: UUID) -> dict[str, SupervisionRow]:
    with office.reading() as records:
        return {one.violation: one for one in records.supervision.of_case(case_id)}


@pytest.mark.parametrize(
    ("opened", "limit", "instants"),
    [
        ("2026-03-16T14:00", 2, (None, "03-17 09:00", "03-17 17:00", "03-18 17:00", "03-19 17:00")),
        ("2026-03-16T10:00", 6, ("03-17 13:30", "03-18 09:00", "03-19 12:00", "03-20 12:00", "03-23 12:00")),
        ("2026-09-29T15:00", 6, ("10-08 09:00", "10-08 13:30", "10-09 17:00", "10-10 17:00", "10-12 17:00")),
        ("2026-02-12T10:00", 13, ("02-24 13:30", "02-26 09:00", "02-27 17:00", "02-28 17:00", "03-02 17:00")),
        ("2026-03-16T10:00", 1, (None, "03-16 13:30", "03-16 17:00", "03-17 17:00", "03-18 17:00")),
    ],
    ids=["V11-01", "V11-02", "V11-03", "V11-04", "V11-05"],
)
def test_every_rung_at_its_instant(
    staffed: Office, clock: Clock, opened: str, limit: int, instants: tuple[str | None, ...]
) -> None:
    case_id = open_review(staffed, clock, opened, f"{limit}hd")
    wait_until(staffed, clock, "2026-12-31T12:00" if opened.startswith("2026-09") else "2026-04-10T12:00")
    found = rungs_of(staffed, case_id)
    expected = {f"L{n}": at for n, at in enumerate(instants, 1) if at is not None}
    assert {rung: shown(datetime.fromisoformat(one["at"]))[5:] for rung, one in found.items()} == expected
    lines = lines_of(staffed, case_id, "ladder:climbed")
    stage = [line for line in lines if (line.detail or {})["kind"] == "STAGE"]
    assert [shown(line.written_at)[5:] for line in stage] == list(expected.values())


def test_who_is_told_and_who_owns_the_task_at_each_rung(staffed: Office, clock: Clock) -> None:
    """BR-01, V11-02."""
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    owners = {}
    for instant in ("2026-03-17T13:30", "2026-03-18T09:00", "2026-03-19T12:00", "2026-03-20T12:00", "2026-03-23T12:00"):
        wait_until(staffed, clock, instant)
        owners[instant[5:10]] = review_of(staffed, case_id).assignee
    assert owners == {
        "03-17": "zhangwei",
        "03-18": "zhangwei",
        "03-19": "chengang",
        "03-20": "chengang",
        "03-23": "chengang",
    }
    told = {rung: one["told"] for rung, one in rungs_of(staffed, case_id).items()}
    assert told == {
        "L1": ["zhangwei"],
        "L2": ["zhangwei", "liuyang"],
        "L3": ["zhangwei", "liuyang", "chengang"],
        "L4": ["chengang", "supervisor"],
        "L5": ["zhaomin", "leader"],
    }
    red = rungs_of(staffed, case_id)["L3"]
    assert (red["from"], red["to"]) == ("zhangwei", "chengang")
    assert cards_of(staffed, case_id) == [
        ("YELLOW_LIGHT", "HINT", "zhangwei"),
        ("STAGE_OVERDUE", "YELLOW", "zhangwei"),
        ("ORDER", "HINT", "chengang"),
        ("STAGE_UNATTENDED", "RED", "104"),
    ]
    order = rows_of(staffed, case_id)["ORDER"]
    assert order.detail["number"] == "DBD-2026-0001"
    assert order.feedback_due_at is not None and shown(order.feedback_due_at) == "2026-03-23 12:00"  # two half-days
    assert review_of(staffed, case_id).escalated_at is not None


def test_before_the_yellow_light_the_deputy_may_not_touch_the_task(staffed: Office, clock: Clock) -> None:
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    wait_until(staffed, clock, "2026-03-18T08:59:59")
    task = review_of(staffed, case_id)
    with pytest.raises(Conflict):
        claim_task(staffed, SECOND, task.id)
    with pytest.raises(Forbidden):
        complete_task(staffed, SECOND, task.id)


def test_from_the_yellow_light_on_reviewer_and_deputy_may_both_complete(staffed: Office, clock: Clock) -> None:
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    other = start_case(staffed, CLERK, key="item").id
    wait_until(staffed, clock, "2026-03-18T09:00")
    for actor in (STRANGER, CHIEF, CLERK):
        with pytest.raises((Forbidden, Conflict)):
            claim_task(staffed, actor, review_of(staffed, case_id).id)
    task = claim_task(staffed, SECOND, review_of(staffed, case_id).id)
    assert task.assignee == "liuyang" and review_of(staffed, case_id).acting_for == "zhangwei"
    [line] = [line for line in journal_of(staffed, case_id) if line.action == "task:claimed"]
    assert line.detail == {"from": "zhangwei", "acting_for": "zhangwei"}
    complete_task(staffed, REVIEWER, task.id)  # still may
    with staffed.reading() as records:
        row = records.tasks.find(task.id)
        assert row is not None and (row.ended_by, row.acting_for) == ("zhangwei", None)
    complete_task(staffed, SECOND, review_of(staffed, other).id)  # without claiming
    done = next(line for line in journal_of(staffed, other) if line.action == "task:completed")
    assert done.actor == "liuyang" and (done.detail or {})["acting_for"] == "zhangwei"


@pytest.mark.parametrize(
    "posts",
    ['zw:role="reviewer_a"', 'camunda:candidateGroups="104:reviewer_a"'],
    ids=["by_role", "as_candidates"],
)
def test_the_deputy_shares_a_yellow_task_also_where_the_diagram_draws_no_ladder(
    staffed: Office, clock: Clock, posts: str
) -> None:
    """S-16: from the yellow light on; nothing climbs, nobody gets a card, the 首席代表 gets no task."""
    review = f'<userTask id="Review" name="审核" zw:stage="REVIEW" zw:dept="104" zw:limit="2wd" {posts}/>'
    case_id = open_review(
        staffed,
        clock,
        "2026-03-16T10:00",
        diagram=f'<process id="item" name="small" isExecutable="true"><startEvent id="S"/>{review}<endEvent id="E"/>\nS -> Review\nReview -> E\n</process>',
    )
    warned = clocks_of(staffed, case_id)["Review"].warn_at
    assert warned is not None
    clock.set(warned)
    with pytest.raises((Conflict, Forbidden)):  # the worker has not come yet
        claim_task(staffed, SECOND, review_of(staffed, case_id).id)
    wait_until(staffed, clock, warned.isoformat())
    seen = inbox(staffed, SECOND, WorkFilter(tab="post")).items
    assert [one.row.id for one in seen] == [review_of(staffed, case_id).id]
    with pytest.raises((Conflict, Forbidden)):
        claim_task(staffed, CHIEF, review_of(staffed, case_id).id)
    wait_until(staffed, clock, "2026-03-19T12:00")
    assert rungs_of(staffed, case_id) == {} and cards_of(staffed, case_id) == []
    complete_task(staffed, SECOND, review_of(staffed, case_id).id)
    assert "case:completed" in actions_of(staffed, case_id)


def test_the_card_goes_to_who_held_the_task_at_the_due_instant(staffed: Office, clock: Clock) -> None:
    """SM-25: the deputy had taken it over; the worker came late, after somebody had moved it on."""
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    wait_until(staffed, clock, "2026-03-18T09:30")
    claim_task(staffed, SECOND, review_of(staffed, case_id).id)
    clock.set("2026-03-19T12:10")
    assign_task(staffed, CHIEF, review_of(staffed, case_id).id, "zhangwei")
    wait_until(staffed, clock, "2026-03-19T12:30")
    assert ("STAGE_OVERDUE", "YELLOW", "liuyang") in cards_of(staffed, case_id)
    assert review_of(staffed, case_id).assignee == "chengang"


def test_a_task_done_in_time_never_climbs_and_one_done_late_costs_its_card(staffed: Office, clock: Clock) -> None:
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    late = start_case(staffed, CLERK, key="item").id
    wait_until(staffed, clock, "2026-03-19T11:59:59")
    complete_task(staffed, REVIEWER, review_of(staffed, case_id).id)
    clock.set("2026-03-19T12:00:01")  # no worker came at noon
    complete_task(staffed, REVIEWER, review_of(staffed, late).id)
    wait_until(staffed, clock, "2026-04-01T12:00")
    assert "L3" not in rungs_of(staffed, case_id) and "STAGE_OVERDUE" not in rows_of(staffed, case_id)
    assert {"L1", "L2", "L3"} == set(rungs_of(staffed, late)) and "L4" not in rungs_of(staffed, late)
    assert rows_of(staffed, late)["STAGE_OVERDUE"].addressee == "zhangwei"


def test_supervision_is_told_but_never_gets_the_task(staffed: Office, clock: Clock) -> None:
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    for instant in ("2026-03-16T10:00", "2026-03-20T12:00", "2026-03-23T12:00"):
        wait_until(staffed, clock, instant)
        task = review_of(staffed, case_id)
        for act in (
            partial(claim_task, staffed, SUPERVISOR, task.id),
            partial(complete_task, staffed, SUPERVISOR, task.id),
            partial(assign_task, staffed, LEADER, task.id, "sunli"),
        ):
            with pytest.raises((Forbidden, Conflict)) as refusal:
                act()
            assert refusal.value.code in ("SUPERVISION_NEVER_ACTS", "TASK_TAKEN_OVER")
    fresh = start_case(staffed, CLERK, key="item").id
    with pytest.raises(Forbidden) as refusal:
        assign_task(staffed, CHIEF, review_of(staffed, fresh).id, "sunli")
    assert refusal.value.code == "SUPERVISION_NEVER_ACTS"


def test_only_the_chief_gives_back_what_was_taken_over_and_only_with_a_reason(staffed: Office, clock: Clock) -> None:
    """Rule 3; the ladder does not take it a second time."""
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    task = review_of(staffed, case_id)
    with pytest.raises(Conflict) as early:
        give_back_task(staffed, REVIEWER, task.id, "不必")
    assert early.value.code == "NOT_TAKEN_OVER"
    wait_until(staffed, clock, "2026-03-19T12:00")
    for actor in (REVIEWER, SECOND, LEADER, SUPERVISOR):
        with pytest.raises(Forbidden) as refusal:
            give_back_task(staffed, actor, task.id, "我来办")
        assert refusal.value.code == "GIVE_BACK_FORBIDDEN"
    with pytest.raises(Invalid) as missing:
        give_back_task(staffed, CHIEF, task.id, "  ")
    assert [one.field for one in missing.value.fields] == ["reason"]
    for act in (
        lambda: release_task(staffed, CHIEF, task.id),
        lambda: assign_task(staffed, LEADER, task.id, "zhangwei"),
        lambda: assign_task(staffed, CHIEF, task.id, None),
    ):
        with pytest.raises(Conflict) as taken:
            act()
        assert taken.value.code == "TASK_TAKEN_OVER"
    assert get_task(staffed, REVIEWER, task.id).assignee == "chengang"  # A岗 keeps read access
    back = give_back_task(staffed, CHIEF, task.id, "材料已齐，由原承办人办结")
    assert back.assignee == "zhangwei" and back.escalated_at is None
    [line] = [line for line in journal_of(staffed, case_id) if line.action == "task:given_back"]
    assert line.detail == {"from": "chengang", "to": "zhangwei", "reason": "材料已齐，由原承办人办结"}
    wait_until(staffed, clock, "2026-04-01T12:00")
    assert review_of(staffed, case_id).assignee == "zhangwei"
    assert actions_of(staffed, case_id).count("task:escalated") == 1
    complete_task(staffed, REVIEWER, task.id)


def test_the_leader_gets_the_task_from_the_fifth_rung_on(staffed: Office, clock: Clock) -> None:
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    wait_until(staffed, clock, "2026-03-20T12:00")
    task = review_of(staffed, case_id)
    with pytest.raises(Conflict) as refusal:
        assign_task(staffed, CHIEF, task.id, "zhaomin")
    assert refusal.value.code == "LADDER_NOT_THERE"
    wait_until(staffed, clock, "2026-03-23T12:00")
    assert assign_task(staffed, CHIEF, task.id, "zhaomin").assignee == "zhaomin"
    complete_task(staffed, LEADER, task.id)


def test_while_the_clock_stands_nobody_climbs(staffed: Office, clock: Clock) -> None:
    """Rule 5: five working days of a hearing move every rung by as much."""
    diagram = item(
        f'<startEvent id="S"/>{ACCEPTED}{REVIEW.format(limit="6hd", more="")}<endEvent id="E"/>\n'
        "S -> Accepted\nAccepted -> Review\nReview -> E\n",
        limit="10wd",
    )
    case_id = open_review(staffed, clock, "2026-03-16T10:00", diagram=diagram)
    wait_until(staffed, clock, "2026-03-17T10:00")
    suspend_clock(staffed, CHIEF, case_id, kind="HEARING", notice="TZ-1", expected_days=5)
    wait_until(staffed, clock, "2026-03-24T10:00")
    assert rungs_of(staffed, case_id) == {}
    from service.casework import resume_clock

    resume_clock(staffed, CHIEF, case_id, kind="HEARING", document="BL-1")
    wait_until(staffed, clock, "2026-04-10T12:00")
    instants = {r: shown(datetime.fromisoformat(one["at"]))[5:] for r, one in rungs_of(staffed, case_id).items()}
    assert instants["L2"] == "03-25 09:00" and instants["L3"] == "03-26 12:00"


def test_the_drawn_escalation_and_the_clock_take_over_once(staffed: Office, clock: Clock) -> None:
    diagram = item(
        f'<startEvent id="S"/>{REVIEW.format(limit="2hd", more="")}{LATE}<endEvent id="E"/>\n'
        "S -> Review\nReview -> E\nLate -> Escalate\nEscalate -> Escalated\n"
    )
    case_id = open_review(staffed, clock, "2026-03-16T10:00", diagram=diagram)
    wait_until(staffed, clock, "2026-03-20T12:00")
    actions = actions_of(staffed, case_id)
    assert actions.count("task:escalated") == 1 and "timer:fired" in actions
    assert review_of(staffed, case_id).assignee == "chengang"
    assert "incident:opened" not in actions


def test_whoever_stands_in_for_the_chief_takes_over(staffed: Office, clock: Clock) -> None:
    """Rule 4, by letter and without."""
    case_id = open_review(staffed, clock, "2026-03-16T10:00")
    absence = record_absence(staffed, CHIEF, "chengang", kind=AbsenceKind.SUDDEN)
    wait_until(staffed, clock, "2026-03-19T12:00")
    task = review_of(staffed, case_id)
    assert (task.assignee, task.acting_for) == ("zhaomin", "chengang")
    end_absence(staffed, CHIEF, absence.id)
    wait_until(staffed, clock, "2026-03-19T12:01")
    task = review_of(staffed, case_id)
    assert (task.assignee, task.acting_for) == ("chengang", None)


def test_two_workers_at_the_same_instant_climb_once(staffed: Office, clock: Clock) -> None:
    deploy_text(staffed, one_review("6hd"))
    clock.set("2026-03-16T10:00")
    cases = [start_case(staffed, CLERK, key="item").id for _ in range(6)]
    for instant in ("2026-03-18T09:00", "2026-03-19T12:00", "2026-03-20T12:00"):
        clock.set(instant)
        for result in at_once(*[lambda: attend_due(staffed)] * 3):
            assert not isinstance(result, Exception), result
    while attend_due(staffed):
        pass
    for case_id in cases:
        assert set(rungs_of(staffed, case_id)) == {"L1", "L2", "L3", "L4"}
        assert Counter(violation for violation, _, _ in cards_of(staffed, case_id)) == Counter(
            ["YELLOW_LIGHT", "STAGE_OVERDUE", "ORDER"]
        )


def test_a_restart_between_rungs_neither_loses_nor_repeats_one(database_url: str, tmp_path: Path, clock: Clock) -> None:
    office = make_office(database_url, tmp_path, clock)
    desk.hire(office, (*CAST, HEAD, HALL))
    case_id = open_review(office, clock, "2026-03-16T10:00")
    for instant in ("2026-03-18T09:00", "2026-03-19T12:00", "2026-03-20T12:00", "2026-03-23T12:00"):
        wait_until(office, clock, instant)
        office.close()
        office = make_office(database_url, tmp_path, clock)
    assert set(rungs_of(office, case_id)) == {"L1", "L2", "L3", "L4", "L5"}
    assert actions_of(office, case_id).count("card:raised") == 4
    office.close()


def test_a_second_yellow_card_of_the_item_is_upgraded(staffed: Office, clock: Clock) -> None:
    second = REVIEW.format(limit="2hd", more="").replace('"Review"', '"Approve"').replace("REVIEW", "APPROVE")
    second = second.replace("reviewer_a", "chief_rep")
    diagram = item(
        f'<startEvent id="S"/>{REVIEW.format(limit="2hd", more="")}{second}<endEvent id="E"/>\n'
        "S -> Review\nReview -> Approve\nApprove -> E\n"
    )
    case_id = open_review(staffed, clock, "2026-03-16T10:00", diagram=diagram)
    wait_until(staffed, clock, "2026-03-17T12:00")
    complete_task(staffed, CHIEF, review_of(staffed, case_id).id)
    approve = open_tasks(staffed, case_id)["Approve"]
    assert approve.assignee == "zhaomin"  # S-02
    wait_until(staffed, clock, "2026-03-18T12:00")
    with staffed.reading() as records:
        rows = [one for one in records.supervision.of_case(case_id) if one.violation == "STAGE_OVERDUE"]
    assert [(one.addressee, one.level, one.upgraded) for one in rows] == [
        ("zhangwei", "YELLOW", False),
        ("zhaomin", "RED", True),
    ]


def test_a_case_beyond_its_promise_costs_the_department_a_red_card(staffed: Office, clock: Clock) -> None:
    """L6, and 过错责任 when the statutory limit goes by too."""
    diagram = item(
        f'<startEvent id="S"/>{ACCEPTED}{REVIEW.format(limit="2hd", more="")}<endEvent id="E"/>\n'
        "S -> Accepted\nAccepted -> Review\nReview -> E\n",
        limit="3wd",
        statutory="5wd",
        dept="104",
    )
    case_id = open_review(staffed, clock, "2026-03-16T10:00", diagram=diagram)
    wait_until(staffed, clock, "2026-03-30T12:00")
    case, law = rungs_of(staffed, case_id, "CASE")["L6"], rungs_of(staffed, case_id, "STATUTORY")["L6"]
    assert shown(datetime.fromisoformat(case["at"])) == "2026-03-19 17:00"
    assert shown(datetime.fromisoformat(law["at"])) == "2026-03-23 17:00"
    rows = rows_of(staffed, case_id)
    overdue, fault = rows["CASE_OVERDUE"], rows["STATUTORY_OVERDUE"]
    assert (overdue.level, overdue.fault, fault.level, fault.fault) == ("RED", False, "RED", True)
    assert overdue.detail["holders"] == ["chengang"]
    assert case["told"] == ["yishou"] and overdue.addressee == "104"
    assert clocks_of(staffed, case_id)["CASE"].department == "104"


def test_a_returned_task_climbs_a_ladder_of_its_own(staffed: Office, clock: Clock) -> None:
    """Rule 1: what is left of the case is its limit; the rungs of the first round do not count for the second."""
    approve = REVIEW.format(limit="2hd", more="").replace('"Review"', '"Approve"').replace("REVIEW", "APPROVE")
    approve = approve.replace("reviewer_a", "chief_rep")
    diagram = item(
        f'<startEvent id="S"/>{ACCEPTED}{REVIEW.format(limit="6hd", more="")}{approve}<exclusiveGateway id="G"/>'
        '<endEvent id="E"/>\nS -> Accepted\nAccepted -> Review\nReview -> Approve\nApprove -> G\n'
        "G -> Review : again\nG -> E : not(again)\n",
        limit="5wd",
        dept="104",
        data_contract="again",
    )
    case_id = open_review(staffed, clock, "2026-03-16T10:00", diagram=diagram)
    wait_until(staffed, clock, "2026-03-18T10:00")
    first = review_of(staffed, case_id)
    complete_task(staffed, REVIEWER, first.id)
    complete_task(staffed, CHIEF, open_tasks(staffed, case_id)["Approve"].id, variables={"again": True})
    again = review_of(staffed, case_id)
    assert again.assignee == "zhangwei" and again.escalated_at is None
    wait_until(staffed, clock, "2026-03-30T12:00")
    rungs = [
        (str((line.detail or {})["clock"]), (line.detail or {})["rung"])
        for line in lines_of(staffed, case_id, "ladder:climbed")
        if (line.detail or {})["kind"] == "STAGE"
    ]
    assert [rung for id, rung in rungs if id == str(first.id)] == ["L1", "L2"]
    assert [rung for id, rung in rungs if id == str(again.id)] == ["L1", "L2", "L3", "L4", "L5"]
    red = next(line for line in lines_of(staffed, case_id, "ladder:climbed") if (line.detail or {})["rung"] == "L3")
    assert shown(red.written_at) == "2026-03-23 17:00"  # the end of the case


def test_an_opinion_climbs_in_its_own_department_and_the_asking_one_is_only_told(staffed: Office, clock: Clock) -> None:
    """Rule 6."""
    other = Actor(username="lin-a", name="园林A岗", department="199", roles=frozenset({"reviewer_a"}))
    boss = Actor(username="lin-rep", name="园林首席", department="199", roles=frozenset({"chief_rep"}))
    desk.hire(staffed, (other, boss))
    opinion = (
        '<userTask id="Review" name="征求意见" zw:stage="OPINION" zw:role="chief_rep" zw:dept="199" zw:limit="2hd" '
        'zw:ladder="opinion"/>'
    )
    diagram = item(
        f'<startEvent id="S"/>{ACCEPTED}{opinion}<endEvent id="E"/>\nS -> Accepted\nAccepted -> Review\nReview -> E\n',
        limit="5wd",
        dept="104",
    )
    case_id = open_review(staffed, clock, "2026-03-16T10:00", diagram=diagram)
    wait_until(staffed, clock, "2026-03-17T12:00")
    task, red = review_of(staffed, case_id), rungs_of(staffed, case_id)["L3"]
    assert task.assignee == "lin-rep"
    assert red["told"] == ["lin-rep", "chengang"]
    assert rows_of(staffed, case_id)["STAGE_OVERDUE"].addressee == "lin-rep"


def test_an_application_without_an_answer_is_told_further_and_further_up(staffed: Office, clock: Clock) -> None:
    """R-ACC-1: yellow at half the promise, red at it, the chief after two working days, supervision after three."""
    accept = '<userTask id="Accept" name="受理" zw:stage="ACCEPT" zw:role="reviewer_b" zw:dept="104"/>'
    diagram = item(f'<startEvent id="S"/>{accept}<endEvent id="E"/>\nS -> Accept\nAccept -> E\n', dept="104")
    case_id = open_review(staffed, clock, "2026-03-16T10:00", diagram=diagram)
    wait_until(staffed, clock, "2026-03-20T12:00")
    found = rungs_of(staffed, case_id, "RECEIPT")
    assert [(rung, shown(datetime.fromisoformat(one["at"]))[5:], one["told"]) for rung, one in found.items()] == [
        ("R1", "03-16 17:00", ["liuyang"]),
        ("R2", "03-17 12:00", ["liuyang"]),
        ("R3", "03-18 12:00", ["chengang"]),
        ("R4", "03-19 12:00", ["supervisor"]),
    ]
    assert open_tasks(staffed, case_id)["Accept"].assignee == "liuyang"
    assert cards_of(staffed, case_id) == [("YELLOW_LIGHT", "HINT", "liuyang")]


def test_a_task_claimed_from_a_queue_and_left_alone_goes_back(staffed: Office, clock: Clock) -> None:
    """B.4 rule 4, XZ-06: two half-days without any line about it."""
    queue = '<userTask id="Review" name="受理" zw:stage="ACCEPT" zw:role="counter_clerk" zw:limit="6hd" zw:ladder="standard"/>'
    window = Actor(username="w2", name="窗口二", department="100", roles=frozenset({"counter_clerk"}))
    desk.hire(staffed, (window,))
    diagram = item(f'<startEvent id="S"/>{queue}<endEvent id="E"/>\nS -> Review\nReview -> E\n')
    case_id = open_review(staffed, clock, "2026-03-16T10:00", diagram=diagram)
    other = start_case(staffed, CLERK, key="item").id
    for one in (case_id, other):
        claim_task(staffed, CLERK, review_of(staffed, one).id)
    clock.set("2026-03-16T16:00")
    comment_task(staffed, CLERK, review_of(staffed, other).id, "已电话联系")
    wait_until(staffed, clock, "2026-03-17T11:59:59")
    assert review_of(staffed, case_id).assignee == "wangfang"
    wait_until(staffed, clock, "2026-03-17T12:00")
    assert review_of(staffed, case_id).assignee is None
    assert review_of(staffed, other).assignee == "wangfang"
    assert ("IDLE", "HINT", "wangfang") in cards_of(staffed, case_id)
    assert lines_of(staffed, case_id, "task:released")[0].detail == {"from": "wangfang", "why": "IDLE"}
    claim_task(staffed, window, review_of(staffed, case_id).id)
