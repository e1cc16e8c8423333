"""代岗: who does the work of somebody who is away, and who has it when they are back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from service.casework import (
    attend_due,
    claim_task,
    comment_task,
    complete_task,
    end_absence,
    record_absence,
    start_case,
)
from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.absences import AbsenceKind
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.supervision import SupervisionRow
from service.store.tasks import TaskRow
from tests.casework import desk
from tests.casework.desk import (
    CAST,
    CHIEF,
    CLERK,
    FOUR_STAGES,
    ISSUER,
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
from tests.conftest import CHINA, Clock

OFFICE = Actor(username="yewu", name="业务科", department="100", roles=frozenset({"business_office"}))
REVIEW = '<userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104"/>'
ONE_REVIEW = f'<startEvent id="S"/>{REVIEW}<endEvent id="E"/>\nS -> Review\nReview -> E\n'
WINDOW = '<startEvent id="S"/><userTask id="W" name="发证" zw:role="issue_clerk" zw:dept="104"/><endEvent id="E"/>\nS -> W\nW -> E\n'


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office, (*CAST, OFFICE))
    deploy_text(any_office, ONE_REVIEW)
    deploy_text(any_office, WINDOW, key="w")
    return any_office


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def leave(office: Office, person: Actor, **more: object) -> UUID:
    """Away from now on."""
    return record_absence(office, person, person.username, kind=AbsenceKind.SUDDEN, **more).id  # type: ignore[arg-type]


def work_off(office: Office) -> None:
    while attend_due(office):
        pass


def review_of(office: Office, case_id: UUID) -> TaskRow:
    return open_tasks(office, case_id)["Review"]


def raised(office: Office, case_id: UUID) -> tuple[SupervisionRow, ...]:
    with office.reading() as records:
        return records.supervision.of_case(case_id)


# -- what is refused ----------------------------------------------------------------------------------------------


def test_strangers_and_colleagues_do_not_record_an_absence(staffed: Office) -> None:
    for actor in (SECOND, STRANGER, SUPERVISOR, CLERK):
        with pytest.raises(Forbidden) as refusal:
            record_absence(staffed, actor, "zhangwei", kind=AbsenceKind.SUDDEN)
        assert refusal.value.code == "ABSENCE_FORBIDDEN"
    for actor in (CHIEF, OFFICE):
        end_absence(staffed, actor, record_absence(staffed, actor, "zhangwei", kind=AbsenceKind.SUDDEN).id)


@pytest.mark.parametrize(
    ("since", "until", "kind", "reason", "field", "code"),
    [
        ("2026-03-17T09:00", None, AbsenceKind.LEAVE, "年休", "until", "ABSENCE_TIMES"),
        ("2026-03-17T09:00", "2026-03-17T09:00", AbsenceKind.LEAVE, "年休", "until", "ABSENCE_TIMES"),
        ("2026-03-15T09:00", "2026-03-17T17:00", AbsenceKind.LEAVE, "年休", "since", "ABSENCE_PAST"),
        ("2026-03-17T09:00", "2027-06-17T17:00", AbsenceKind.LEAVE, "年休", "until", "ABSENCE_LONG"),
        ("2026-03-17T09:00", "2026-03-17T09:30", AbsenceKind.MEETING, "例会", "until", "ABSENCE_SHORT"),
        ("2026-03-17T09:00", "2026-03-17T17:00", AbsenceKind.DUTY, " ", "reason", "REASON_MISSING"),
        ("2026-03-17T09:00", "2026-03-17T17:00", AbsenceKind.DUTY, "字" * 201, "reason", "REASON_LONG"),
    ],
)
def test_an_absence_says_what_is_wrong_beside_its_field(
    staffed: Office, since: str, until: str | None, kind: AbsenceKind, reason: str, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        record_absence(
            staffed,
            REVIEWER,
            REVIEWER.username,
            kind=kind,
            since=at(since),
            until=None if until is None else at(until),
            reason=reason,
        )
    assert refusal.value.code == code and [one.field for one in refusal.value.fields] == [field]


def test_absences_of_a_person_do_not_overlap(staffed: Office) -> None:
    for kind, since, until in ((AbsenceKind.LEAVE, "2026-03-18T09:00", "2026-03-19T17:00"),):
        record_absence(staffed, REVIEWER, "zhangwei", kind=kind, since=at(since), until=at(until), reason="年休")
    with pytest.raises(Conflict) as refusal:
        leave(staffed, REVIEWER)  # open end
    assert refusal.value.code == "ABSENCE_OVERLAPS" and "03-18" in refusal.value.sentence()
    leave(staffed, REVIEWER, until=at("2026-03-18T09:00"))  # half-open: it may touch


def test_only_a_chief_has_a_letter_that_names_a_stand_in(staffed: Office) -> None:
    for person, name in ((REVIEWER, "liuyang"), (CHIEF, "chengang"), (CHIEF, "stranger"), (CHIEF, "nobody")):
        with pytest.raises(Invalid) as refusal:
            leave(staffed, person, stand_in=name)
        assert refusal.value.code == "STAND_IN_INVALID"


def test_an_absence_that_is_over_is_not_ended_again(staffed: Office, clock: Clock) -> None:
    absence = leave(staffed, REVIEWER)
    clock.advance(hours=1)
    assert end_absence(staffed, REVIEWER, absence).state == "OVER"
    with pytest.raises(Conflict) as refusal:
        end_absence(staffed, REVIEWER, absence)
    assert refusal.value.code == "ABSENCE_OVER"


# -- who gets what opens ------------------------------------------------------------------------------------------


def test_a_review_goes_to_the_deputy_while_the_reviewer_is_away(staffed: Office) -> None:
    absence = leave(staffed, REVIEWER)
    case = start_case(staffed, CLERK, key="p")
    task = review_of(staffed, case.id)
    assert (task.assignee, task.acting_for) == ("liuyang", "zhangwei")
    line = next(line for line in journal_of(staffed, case.id) if line.action == "task:handed_over")
    assert line.detail == {
        "from": "zhangwei",
        "to": "liuyang",
        "why": str(absence),
        "acting_for": "zhangwei",
    }
    complete_task(staffed, SECOND, task.id)
    done = next(line for line in journal_of(staffed, case.id) if line.action == "task:completed")
    assert done.actor == "liuyang" and (done.detail or {})["acting_for"] == "zhangwei"
    with staffed.reading() as records:
        row = records.cases.find(case.id)
        assert row is not None and row.version == len(journal_of(staffed, case.id))


def test_without_reviewer_and_deputy_the_chief_covers_and_supervision_is_told(staffed: Office) -> None:
    leave(staffed, REVIEWER)
    leave(staffed, SECOND)
    case = start_case(staffed, CLERK, key="p")
    task = review_of(staffed, case.id)
    assert (task.assignee, task.acting_for) == ("chengang", "zhangwei")
    assert [(one.violation, one.level, one.addressee) for one in raised(staffed, case.id)] == [
        ("NO_COVER", "HINT", "104")
    ]


def test_the_leader_covers_when_the_chief_is_away_too_and_the_letter_names_nobody(staffed: Office) -> None:
    for person in (REVIEWER, SECOND, CHIEF):
        leave(staffed, person)
    case = start_case(staffed, CLERK, key="p")
    assert review_of(staffed, case.id).assignee == "zhaomin"


def test_when_everybody_is_away_the_work_waits_in_the_queue_of_its_post(staffed: Office) -> None:
    for person in (REVIEWER, SECOND, CHIEF, LEADER):
        leave(staffed, person)
    case = start_case(staffed, CLERK, key="p")
    assert review_of(staffed, case.id).assignee is None
    assert [one.violation for one in raised(staffed, case.id)] == ["NO_COVER"]


def test_the_letter_of_authority_comes_before_the_leader(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES.replace('"reviewer_b"', '"counter_clerk"'), key="four")
    leave(staffed, CHIEF, stand_in="liuyang")
    case = start_case(staffed, CLERK, key="four")
    clerk = Actor(username="ck", name="窗口", department="104", roles=frozenset({"counter_clerk"}))
    complete_task(staffed, clerk, open_tasks(staffed, case.id)["Accept"].id)
    complete_task(staffed, REVIEWER, open_tasks(staffed, case.id)["Review"].id)
    task = open_tasks(staffed, case.id)["Approve"]
    assert (task.assignee, task.acting_for) == ("liuyang", "chengang")


def test_a_stand_in_is_kept_from_what_duties_keep_apart(staffed: Office) -> None:
    """The deputy accepted the case; 审核 passes over the deputy to the chief (S-01)."""
    deploy_text(staffed, FOUR_STAGES, key="four")
    case = start_case(staffed, CLERK, key="four")
    leave(staffed, REVIEWER)
    complete_task(staffed, SECOND, open_tasks(staffed, case.id)["Accept"].id)
    task = open_tasks(staffed, case.id)["Review"]
    assert (task.assignee, task.acting_for) == ("chengang", "zhangwei")
    assert raised(staffed, case.id) == ()  # the deputy is there
    complete_task(staffed, CHIEF, task.id)
    assert open_tasks(staffed, case.id)["Approve"].assignee == "zhaomin"  # S-02


def test_a_window_without_deputies_waits_for_its_own_people(staffed: Office) -> None:
    leave(staffed, ISSUER)
    case = start_case(staffed, CLERK, key="w")
    task = open_tasks(staffed, case.id)["W"]
    assert task.assignee is None and task.acting_for is None
    assert claim_task(staffed, ISSUER, task.id).assignee == "wuqian"


# -- what is open already -----------------------------------------------------------------------------------------


def test_a_planned_absence_hands_the_open_work_over_when_it_begins_and_back_when_it_ends(
    staffed: Office, clock: Clock
) -> None:
    """SM-50: tasks of that day go to the deputy, the next day they are back; nothing moves before."""
    case = start_case(staffed, CLERK, key="p")
    record_absence(
        staffed,
        REVIEWER,
        "zhangwei",
        kind=AbsenceKind.LEAVE,
        since=at("2026-03-17T00:00"),
        until=at("2026-03-18T00:00"),
        reason="年休",
    )
    work_off(staffed)
    assert review_of(staffed, case.id).assignee == "zhangwei"
    clock.set("2026-03-17T00:00")
    work_off(staffed)
    task = review_of(staffed, case.id)
    assert (task.assignee, task.acting_for) == ("liuyang", "zhangwei")
    clock.set("2026-03-18T00:00")
    work_off(staffed)
    task = review_of(staffed, case.id)
    assert (task.assignee, task.acting_for) == ("zhangwei", None)
    assert actions_of(staffed, case.id).count("task:handed_over") == 2
    work_off(staffed)
    assert actions_of(staffed, case.id).count("task:handed_over") == 2


@pytest.mark.parametrize("begin", ["claim", "comment"])
def test_the_deputy_keeps_what_the_deputy_has_begun(staffed: Office, clock: Clock, begin: str) -> None:
    case = start_case(staffed, CLERK, key="p")
    absence = leave(staffed, REVIEWER)
    work_off(staffed)
    task = review_of(staffed, case.id)
    assert task.assignee == "liuyang"
    if begin == "claim":
        claim_task(staffed, SECOND, task.id)
    else:
        comment_task(staffed, SECOND, task.id, "已联系申请人")
    clock.advance(hours=2)
    end_absence(staffed, CHIEF, absence)
    work_off(staffed)
    task = review_of(staffed, case.id)
    assert (task.assignee, task.acting_for) == ("liuyang", "zhangwei")


def test_an_absence_is_withdrawn_before_it_begins(staffed: Office, clock: Clock) -> None:
    case = start_case(staffed, CLERK, key="p")
    absence = record_absence(
        staffed,
        REVIEWER,
        "zhangwei",
        kind=AbsenceKind.DUTY,
        since=at("2026-03-17T09:00"),
        until=at("2026-03-17T17:00"),
        reason="现场勘查",
    )
    assert absence.state == "PLANNED" and end_absence(staffed, REVIEWER, absence.id).state == "WITHDRAWN"
    clock.set("2026-03-17T10:00")
    work_off(staffed)
    assert review_of(staffed, case.id).assignee == "zhangwei"
    leave(staffed, REVIEWER)


def test_work_goes_on_to_the_chief_when_the_deputy_leaves_too_and_back_step_by_step(
    staffed: Office, clock: Clock
) -> None:
    case = start_case(staffed, CLERK, key="p")
    first = leave(staffed, REVIEWER)
    work_off(staffed)
    second = leave(staffed, SECOND)
    work_off(staffed)
    task = review_of(staffed, case.id)
    assert (task.assignee, task.acting_for) == ("chengang", "zhangwei")
    assert [one.violation for one in raised(staffed, case.id)] == ["NO_COVER"]
    clock.advance(hours=1)
    end_absence(staffed, SECOND, second)
    work_off(staffed)
    assert review_of(staffed, case.id).assignee == "liuyang"
    end_absence(staffed, REVIEWER, first)
    work_off(staffed)
    task = review_of(staffed, case.id)
    assert (task.assignee, task.acting_for) == ("zhangwei", None)


def test_supervision_is_told_at_once_when_a_department_is_left_without_cover(staffed: Office) -> None:
    """SM-51: no case has to open for it."""
    leave(staffed, REVIEWER)
    leave(staffed, SECOND)  # both gone before the worker comes: told once
    work_off(staffed)
    with staffed.reading() as records:
        [line] = [one for one in records.ledger.lines() if one.action == "card:raised"]
        assert line.subject == "104" and line.detail["violation"] == "NO_COVER"


def test_what_was_given_by_hand_to_somebody_present_stays(staffed: Office) -> None:
    from service.casework import assign_task

    case = start_case(staffed, CLERK, key="p")
    assign_task(staffed, CHIEF, review_of(staffed, case.id).id, "liuyang")
    absence = leave(staffed, REVIEWER)
    work_off(staffed)
    end_absence(staffed, REVIEWER, absence)
    work_off(staffed)
    assert review_of(staffed, case.id).assignee == "liuyang"
    assert "task:handed_over" not in actions_of(staffed, case.id)
