"""The shipped items in the office with the clock turned by hand: correction, deemed acceptance, silence (V9, V10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.casework import attend_due, case_variables, complete_task, set_variables, start_case
from service.casework.actors import SYSTEM
from service.casework.clocks.holding import hold_tacit, late_opinion, silence_file
from service.casework.clocks.proceedings import close_proceeding, open_proceeding
from service.casework.clocks.receiving import Notice, notices_of, release_notice
from service.casework.deploying import deploy
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.people import Department, Person
from service.store.proceedings import OutageRow, ProceedingRow
from tests.casework.desk import (
    CHIEF,
    CLERK,
    ENGINE,
    REVIEWER,
    STRANGER,
    SUPERVISOR,
    deploy_text,
    journal_of,
    open_tasks,
)
from tests.conftest import CHINA, Clock
from tests.processes.library import resources

DEPARTMENTS = ("101", "102", "103", "104", "105", "107")
SKIP, DECIDES, NEVER, PLAIN = "item_104_XK_001", "item_107_XK_005", "item_104_XK_002", "item_105_XK_001"
SHIPPED = (SKIP, DECIDES, NEVER, PLAIN, "item_101_XK_002", "item_102_XK_003_chain", "item_103_XK_002")
GAPS = {"decision": "correct", "gaps": ["申请表(表)"], "gap_notes": "缺签字"}


@pytest.fixture
def centre(any_office: Office) -> Office:
    """An office with the shipped procedures and their departments: a reviewer and a chief representative each."""
    deploy(any_office, SYSTEM, "事项库", resources(*SHIPPED))
    with any_office.transaction() as records:
        records.people.put_departments(
            Department(code=code, name=code, short=code, window_kind="常设") for code in (*DEPARTMENTS, "201")
        )
        records.people.add(
            Person(
                id=uuid4(), username=f"{code}-{suffix}", name=f"{code}{suffix}", staff_no=None, department=code, duty="",
                password_hash="-", active=True, demo=False, failed_logins=0, locked_until=None,
                created_at=datetime(2026, 1, 1, tzinfo=CHINA), roles=frozenset({role}),
            )
            for code in (*DEPARTMENTS, "201")
            for suffix, role in (("a", "reviewer_a"), ("rep", "chief_rep"), ("lead", "resident_leader"))
        )  # fmt: skip
    return any_office


def begun(office: Office, clock: Clock, key: str, at: str) -> UUID:
    """An application received at an instant."""
    clock.set(at)
    return start_case(office, ENGINE, key=key, variables={"applicant": "云溪华印制罐有限公司"}).id


def do(office: Office, case_id: UUID, element: str, **answers: Any) -> None:
    """The desk answers like its form."""
    complete_task(office, ENGINE, open_tasks(office, case_id)[element].id, answers=answers)


def until(office: Office, clock: Clock, text: str) -> None:
    """Let time pass up to an instant, attending everything on the way at its own instant."""
    target = Clock().set(text)
    for _ in range(1000):
        with office.reading() as records:
            stop = records.agenda.first_ready()
        if stop is None or stop > target:
            break
        clock.now = max(stop, clock.now)
        while attend_due(office):
            pass
    clock.now = target
    while attend_due(office):
        pass


def lines(office: Office, case_id: UUID, action: str) -> list[dict[str, Any]]:
    """Details of the journal lines of one action, with `_at` and `_element`."""
    return [
        {**(one.detail or {}), "_at": shown(one.written_at), "_element": one.element}
        for one in journal_of(office, case_id)
        if one.action == action
    ]


def cards(office: Office, case_id: UUID, violation: str) -> list[dict[str, Any]]:
    """The cards of a case for one violation."""
    return [one for one in lines(office, case_id, "card:raised") if one["violation"] == violation]


def shown(instant: datetime) -> str:
    """An instant as people write it in China."""
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def clock_row(office: Office, case_id: UUID, kind: str) -> Any:
    """The latest clock of a kind."""
    with office.reading() as records:
        return [row for row in records.clocks.of_case(case_id) if row.kind == kind][-1]


# -- deemed acceptance ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "received", "deemed", "accepted", "due", "late"),
    [  # V9
        (SKIP, "2026-03-16T10:00", "2026-03-23 17:00", "2026-03-16", "2026-03-19 17:00", True),
        ("item_103_XK_002", "2026-03-16T10:00", "2026-03-23 17:00", "2026-03-16", "2026-03-30 17:00", False),
        (NEVER, "2026-09-29T10:00", "2026-10-12 17:00", "2026-09-29", "2026-10-14 17:00", False),
        ("item_101_XK_002", "2026-02-12T10:00", "2026-02-26 17:00", "2026-02-12", "2026-03-09 17:00", False),
        ("item_103_XK_002", "2026-02-21T10:00", "2026-02-28 17:00", "2026-02-21", "2026-03-06 17:00", False),
    ],
)
def test_silence_at_the_window_accepts_as_of_the_day_of_receipt(
    centre: Office, clock: Clock, key: str, received: str, deemed: str, accepted: str, due: str, late: bool
) -> None:
    case = begun(centre, clock, key, received)
    until(centre, clock, deemed.replace(" ", "T") + ":01")
    marks = lines(centre, case, "item:reached")
    assert [(one["mark"], one["_at"]) for one in marks] == [
        ("RECEIVED", received.replace("T", " ")),
        ("DEEMED_ACCEPTED", deemed),
    ]
    assert marks[1]["on"] == accepted and "第三十二条" in marks[1]["basis"]
    assert "Task_Review" in open_tasks(centre, case)
    assert shown(clock_row(centre, case, "CASE").due_at) == due
    (card,) = cards(centre, case, "LATE_CORRECTION_NOTICE")
    assert (card["_element"], card["_at"], card["level"]) == ("Task_Accept", deemed, "RED")
    assert late == (clock_row(centre, case, "CASE").light == "red")
    assert open_tasks(centre, case)["Task_Review"].stage == "REVIEW"


# -- correction -------------------------------------------------------------------------------------------------


def test_a_notice_without_gaps_is_refused(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    for gaps in ([], None):
        with pytest.raises(Invalid) as refused:
            do(centre, case, "Task_Accept", decision="correct", gaps=gaps)
        assert refused.value.code == "NOTICE_WITHOUT_GAPS"
    assert "Task_Accept" in open_tasks(centre, case)


def test_what_existed_at_the_first_notice_cannot_be_asked_for_again(centre: Office, clock: Clock) -> None:
    case = corrected(centre, clock)
    with pytest.raises(Conflict) as refused:
        do(centre, case, "Task_Accept", decision="correct", gaps=["质量安全措施(自)"], gap_notes="漏列")
    assert refused.value.code == "NOTICE_ONCE"
    with pytest.raises(Conflict):
        do(
            centre, case, "Task_Accept", decision="correct", gaps=["质量安全措施(自)"], gap_notes="漏列",
            new_gap_reason="一直没有", gap_since="2026-03-17",
        )  # fmt: skip
    assert [one.number for one in notices(centre, case)] == ["BZ202603172010001"]


def test_what_arose_later_may_be_asked_for_once_more_with_its_reason(centre: Office, clock: Clock) -> None:
    case = corrected(centre, clock)
    do(
        centre, case, "Task_Accept", decision="correct", gaps=["质量安全措施(自)"], gap_notes="证件到期",
        new_gap_reason="批准文件3月19日到期", gap_since="2026-03-19",
    )  # fmt: skip
    assert [one.number for one in notices(centre, case)] == ["BZ202603172010001", "BZ202603202010001"]
    assert cards(centre, case, "REPEATED_NOTICE") == []


def test_the_chief_representative_may_release_a_second_notice_which_costs_the_clerk_a_card(
    centre: Office, clock: Clock
) -> None:
    case = corrected(centre, clock)
    with pytest.raises(Forbidden):
        release_notice(centre, CLERK, case, reason="漏列一项")
    with pytest.raises(Forbidden):
        release_notice(centre, replace(CHIEF, department="105"), case, reason="漏列一项")
    release_notice(centre, CHIEF, case, reason="漏列一项")
    with pytest.raises(Conflict):
        release_notice(centre, CHIEF, case, reason="又放行")
    again = {"decision": "correct", "gaps": ["质量安全措施(自)"], "gap_notes": "漏列"}
    do(centre, case, "Task_Accept", **again)
    (card,) = cards(centre, case, "REPEATED_NOTICE")
    assert (card["to"], card["level"], card["upgraded"]) == ("engine", "RED", True), "after one for the late reply"
    until(centre, clock, "2026-03-20T16:00")
    do(centre, case, "Task_Correction", received="用地批准手续")
    with pytest.raises(Conflict) as refused:
        do(centre, case, "Task_Accept", **again)
    assert refused.value.code == "NOTICE_ONCE", "one release is for one notice"


def test_a_notice_has_its_number_its_gaps_and_its_days(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    until(centre, clock, "2026-03-17T11:00")
    do(centre, case, "Task_Accept", **GAPS)
    (notice,) = notices(centre, case)
    assert (notice.number, notice.issued_on, notice.reply_by) == (
        "BZ202603172010001",
        date(2026, 3, 17),
        date(2026, 4, 29),
    )
    assert notice.reminders == (date(2026, 3, 31), date(2026, 4, 15), date(2026, 4, 27))
    assert [gap.material for gap in notice.gaps] == ["申请表(表)"]
    (pause,) = clock_row(centre, case, "RECEIPT").pauses
    assert (pause["kind"], pause["notice"], pause["expected_days"]) == ("CORRECTION", notice.number, 30)
    until(centre, clock, "2026-04-28T12:00")
    assert [(one["days"], one["_at"]) for one in lines(centre, case, "correction:reminded")] == [
        (10, "2026-03-31 09:00"),
        (20, "2026-04-15 09:00"),
        (28, "2026-04-27 09:00"),
    ]
    assert set(open_tasks(centre, case)) == {"Task_Correction"}
    until(centre, clock, "2026-04-29T17:01")
    assert open_tasks(centre, case) == {}
    assert [one["mark"] for one in lines(centre, case, "item:reached")] == ["RECEIVED", "CORRECTING", "ABANDONED"]
    assert [one.state for one in notices(centre, case)] == ["ABANDONED"]
    assert "case:completed" in [one.action for one in journal_of(centre, case)]


def test_the_day_the_last_material_came_is_the_day_of_acceptance(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", **GAPS)
    until(centre, clock, "2026-03-23T10:00")
    for wrong in ("2026-03-15", "2026-03-24", "soon"):
        with pytest.raises(Invalid) as refused:
            do(centre, case, "Task_Correction", received="申请表", complete_on=wrong)
        assert refused.value.code == "SUPPLEMENT_DAY"
    do(centre, case, "Task_Correction", received="申请表", complete_on="2026-03-20")
    assert [one.complete_on for one in notices(centre, case)] == [date(2026, 3, 20)]
    do(centre, case, "Task_Accept", decision="accept", materials=["申请表(表)"])
    accepted = lines(centre, case, "item:reached")[-1]
    assert (accepted["mark"], accepted["on"]) == ("ACCEPTED", "2026-03-20")
    assert shown(clock_row(centre, case, "CASE").due_at) == "2026-03-25 17:00"


def corrected(office: Office, clock: Clock) -> UUID:
    """A case whose applicant was told on 17 March what was missing and brought it on the 20th."""
    case = begun(office, clock, SKIP, "2026-03-16T10:00")
    until(office, clock, "2026-03-17T11:00")
    do(office, case, "Task_Accept", **GAPS)
    until(office, clock, "2026-03-20T15:00")
    do(office, case, "Task_Correction", received="申请表", complete_on="2026-03-20")
    return case


def notices(office: Office, case_id: UUID) -> tuple[Notice, ...]:
    """The correction notices of a case."""
    with office.reading() as records:
        return notices_of(records.proceedings.of_case(case_id))


# -- silence ----------------------------------------------------------------------------------------------------


def test_a_review_nobody_touched_passes_at_its_due_instant_and_says_so(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    review = open_tasks(centre, case)["Task_Review"]
    until(centre, clock, "2026-03-17T11:59:59")
    assert set(open_tasks(centre, case)) == {"Task_Review"}
    until(centre, clock, "2026-03-18T09:00")
    assert set(open_tasks(centre, case)) == {"Task_Approve"}
    (passed,) = lines(centre, case, "tacit:passed")
    assert passed["_at"] == shown(review.due_at) == "2026-03-17 12:00"
    assert (passed["level"], passed["silent"], passed["department"]) == ("STAGE_SKIP", "104-a", "104")
    assert (passed["document"], passed["answers"]) == ("W13", {})
    with centre.reading() as records:
        row = records.tasks.find(review.id)
    assert row is not None and (row.outcome, row.ended_by) == ("TACIT", None)
    (card,) = cards(centre, case, "TACIT_STAGE")
    assert (card["to"], card["level"], card["_at"]) == ("104-a", "YELLOW", "2026-03-17 12:00")
    assert cards(centre, case, "STAGE_OVERDUE") == [], "one card for one silence"
    assert [one["rung"] for one in lines(centre, case, "ladder:climbed") if one["_element"] == "Task_Review"] == ["L2"]
    assert "task:escalated" not in [one.action for one in journal_of(centre, case)][:20]


@pytest.mark.parametrize("key", [NEVER, PLAIN])
def test_a_review_that_may_not_pass_stays_open_for_ever(centre: Office, clock: Clock, key: str) -> None:
    case = begun(centre, clock, key, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    until(centre, clock, "2026-05-20T10:00")
    assert set(open_tasks(centre, case)) == {"Task_Review"}
    assert lines(centre, case, "tacit:passed") == lines(centre, case, "tacit:held") == []


@pytest.mark.parametrize(
    ("accepted", "due", "notice", "certificate"),
    [  # V10
        ("2026-03-11T10:00", "2026-03-18 17:00", "2026-03-20 09:00", "2026-03-23 17:00"),
        ("2026-03-12T10:00", "2026-03-19 17:00", "2026-03-23 09:00", "2026-03-24 17:00"),
        ("2026-09-22T10:00", "2026-09-30 17:00", "2026-10-09 09:00", "2026-10-10 17:00"),
        ("2026-02-06T10:00", "2026-02-13 17:00", "2026-02-24 09:00", "2026-02-25 17:00"),
    ],
)
def test_a_decision_nobody_made_passes_two_working_days_after_the_promise(
    centre: Office, clock: Clock, accepted: str, due: str, notice: str, certificate: str
) -> None:
    case = begun(centre, clock, DECIDES, accepted)
    do(centre, case, "Task_Accept", decision="accept")
    assert shown(clock_row(centre, case, "CASE").due_at) == due
    until(centre, clock, notice.replace(" 09:00", "T08:59"))
    assert set(open_tasks(centre, case)) == {"Task_Approve"}
    until(centre, clock, notice.replace(" ", "T"))
    assert set(open_tasks(centre, case)) == {"Task_Issue"}
    passed = lines(centre, case, "tacit:passed")
    assert [one["level"] for one in passed] == ["STAGE_SKIP", "DECISION"]
    assert (passed[1]["_at"], passed[1]["document"], passed[1]["answers"]) == (notice, "W16", {"decision": "grant"})
    assert shown(datetime.fromisoformat(passed[1]["certificate_by"])) == certificate
    (card,) = cards(centre, case, "TACIT_DECISION")
    assert (card["to"], card["level"], card["_at"]) == ("107", "RED", notice)
    assert [one["mark"] for one in lines(centre, case, "item:reached")] == ["RECEIVED", "ACCEPTED", "DECIDED_YES"]
    do(centre, case, "Task_Issue", certificate_no="1", delivery="window")
    assert journal_of(centre, case)[-1].element == "End_Tacit" or "End_Tacit" in [
        one.element for one in journal_of(centre, case)
    ]


def test_an_officer_who_answers_in_time_leaves_nothing_to_silence(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, DECIDES, "2026-03-11T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    do(centre, case, "Task_Review", recommendation="grant")
    do(centre, case, "Task_Approve", decision="refuse", reason="不符合条件")
    until(centre, clock, "2026-04-20T10:00")
    assert lines(centre, case, "tacit:passed") == []


def test_opinions_nobody_gave_count_as_agreement(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, "item_102_XK_003_chain", "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    do(centre, case, "Task_Opinion_Green", conclusion="conditional", reason="绿地率不足")
    until(centre, clock, "2026-03-19T16:59")
    assert len(open_tasks(centre, case)) == 3
    until(centre, clock, "2026-03-19T17:00")
    assert set(open_tasks(centre, case)) == {"Task_Review"}
    passed = lines(centre, case, "tacit:passed")
    assert {one["department"] for one in passed} == {"104", "105"}
    assert {(one["level"], one["document"], str(one["answers"])) for one in passed} == {
        ("INTERNAL_OPINION", "W17", "{'conclusion': 'agree'}")
    }
    variables = case_variables(centre, ENGINE, case)
    assert variables["Task_Opinion_Fire_tacit"].value is True
    assert variables["Task_Opinion_Fire"].value == {"conclusion": "agree", "tacit": True}
    assert "Task_Opinion_Green_tacit" not in variables


# -- held back --------------------------------------------------------------------------------------------------

WRONGS = [  # exception, kind of proceeding or variable
    ("PROCEDURE_OPEN", "HEARING", None),
    ("FEE_UNPAID", None, {"fee_due": 100}),
    ("MATERIAL_INCOMPLETE", "TRUTH_CHALLENGE", None),
    ("MATERIAL_INCOMPLETE", None, {"materials_complete": False}),
    ("OBJECTION_OPEN", "OBJECTION", None),
    ("OBJECTION_OPEN", "HEARING_REQUEST", None),
    ("HIGHER_LEVEL", None, {"collective_decision": True}),
    ("INVESTIGATION", "INVESTIGATION", None),
    ("INVESTIGATION", "COURT_ORDER", None),
    ("EXTENSION_PENDING", "EXTENSION", None),
]


@pytest.mark.parametrize(("exception", "kind", "variables"), WRONGS)
@pytest.mark.parametrize(("key", "at"), [(SKIP, "2026-03-17T12:00"), (DECIDES, "2026-03-25T09:00")])
def test_every_exception_holds_silence_until_its_reason_is_gone(
    centre: Office, clock: Clock, key: str, at: str, exception: str, kind: str | None, variables: dict | None
) -> None:
    case = begun(centre, clock, key, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    if key == DECIDES:
        do(centre, case, "Task_Review", recommendation="grant")
    opened = None
    if kind is not None:
        with centre.transaction() as records:
            opened = uuid4()
            records.proceedings.add(
                ProceedingRow(
                    id=opened,
                    case_id=case,
                    scope_id=None,
                    kind=kind,
                    state="OPEN",
                    opened_at=records.now,
                    opened_by="x",
                )
            )
    if variables:
        set_variables(centre, ENGINE, case, variables)
    until(centre, clock, at)
    (held,) = lines(centre, case, "tacit:held")
    assert held["holds"] == [exception]
    assert held["_at"] == at.replace("T", " ")
    assert lines(centre, case, "tacit:passed") == []
    open_desk = "Task_Approve" if key == DECIDES else "Task_Review"
    assert open_desk in open_tasks(centre, case)
    again = Clock().set(held["again"])
    if opened is not None:
        with centre.transaction() as records:
            records.proceedings.change(opened, {"closed_at": records.now, "state": "CLOSED"})
    else:
        cured = {"fee_due": 0, "materials_complete": True, "collective_decision": False}
        set_variables(centre, ENGINE, case, {name: cured[name] for name in variables or {}})
    until(centre, clock, again.isoformat())
    assert len(lines(centre, case, "tacit:passed")) == 1
    assert open_desk not in open_tasks(centre, case)


def test_silence_passes_when_its_reason_is_settled_and_names_who_had_it_when_the_limit_ended(
    centre: Office, clock: Clock
) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    reported = open_proceeding(centre, ENGINE, case, kind="INVESTIGATION", reason="群众反映")
    until(centre, clock, "2026-03-18T15:10")
    (moved,) = lines(centre, case, "task:escalated")
    assert (moved["from"], moved["to"], moved["_at"]) == ("104-a", "104-rep", "2026-03-17 12:00")
    close_proceeding(centre, ENGINE, case, reported.id, reason="查清")
    until(centre, clock, "2026-03-18T15:10")
    (passed,) = lines(centre, case, "tacit:passed")
    assert shown(datetime.fromisoformat(passed["at"])) == passed["_at"] == "2026-03-18 15:10"
    assert passed["silent"] == cards(centre, case, "TACIT_STAGE")[0]["to"] == "104-a"


def test_silence_decides_after_a_special_procedure_that_nobody_took_up(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, DECIDES, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    do(centre, case, "Task_Review", recommendation="procedure", procedure_reason="专家评审")
    until(centre, clock, "2026-03-30T10:00")  # the promise ended on 03-23, silence would have decided on 03-25
    assert lines(centre, case, "tacit:passed") == []
    do(centre, case, "Task_Procedure", procedure="none")
    until(centre, clock, "2026-03-31T09:00")
    assert [(one["_element"], one["_at"]) for one in lines(centre, case, "tacit:passed")] == [
        ("Task_Review", "2026-03-30 17:00"),
        ("Task_Approve", "2026-03-31 09:00"),
    ]


def test_a_reason_that_lasts_is_noted_once(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    set_variables(centre, ENGINE, case, {"fee_due": 100})
    until(centre, clock, "2026-03-27T10:00")
    assert len(lines(centre, case, "tacit:held")) == 1


def test_an_outage_of_an_hour_in_the_last_two_half_days_holds_silence(centre: Office, clock: Clock) -> None:
    for minutes, passes in ((59, True), (60, False)):
        case = begun(centre, clock, SKIP, "2026-03-16T10:00")
        do(centre, case, "Task_Accept", decision="accept")
        clock.set("2026-03-17T09:30")
        with centre.transaction() as records:
            records.proceedings.declare(
                OutageRow(
                    id=uuid4(), down_at=Clock().set("2026-03-17T09:00"),
                    up_at=Clock().set("2026-03-17T09:00") + timedelta(minutes=minutes), declared_by="x",
                    declared_at=records.now,
                )
            )  # fmt: skip
        until(centre, clock, "2026-03-17T12:00")
        assert bool(lines(centre, case, "tacit:passed")) is passes
        if not passes:
            assert lines(centre, case, "tacit:held")[0]["holds"] == ["SYSTEM_OUTAGE"]
            until(centre, clock, "2026-03-18T09:00")
            assert not lines(centre, case, "tacit:passed"), "yesterday is the last two half-days"
            until(centre, clock, "2026-03-19T09:00")
            assert lines(centre, case, "tacit:passed")


def test_a_special_procedure_stops_the_clock_and_silence_with_it(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    do(centre, case, "Task_Review", recommendation="procedure", procedure_reason="专家评审")
    do(centre, case, "Task_Procedure", procedure="EXPERT", expected_days=5, notice="W07-1")
    (pause,) = clock_row(centre, case, "CASE").pauses
    assert (pause["kind"], pause["notice"], pause["expected_days"]) == ("EXPERT", "W07-1", 5)
    assert (pause["approved_by"], clock_row(centre, case, "CASE").state) == ("engine", "PAUSED")
    until(centre, clock, "2026-03-23T10:00")
    assert lines(centre, case, "tacit:passed") == []
    do(centre, case, "Task_Expert", result="通过")
    assert shown(clock_row(centre, case, "CASE").due_at) == "2026-03-26 17:00"
    until(centre, clock, "2026-03-26T17:00")
    assert [one["_element"] for one in lines(centre, case, "tacit:passed")] == ["Task_Review"]


# -- held by supervision, said too late -------------------------------------------------------------------------


def test_supervision_holds_silence_once_for_three_working_days(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, DECIDES, "2026-03-12T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    do(centre, case, "Task_Review", recommendation="grant")
    until(centre, clock, "2026-03-20T10:00")
    for actor, code in ((CHIEF, "HOLD_FORBIDDEN"), (ENGINE, "HOLD_FORBIDDEN")):
        with pytest.raises(Forbidden) as refused:
            hold_tacit(centre, actor, case, reason="正在核查")
        assert refused.value.code == code
    with pytest.raises(Invalid):
        hold_tacit(centre, SUPERVISOR, case, reason=" ")
    assert hold_tacit(centre, SUPERVISOR, case, reason="正在核查") == date(2026, 3, 25)
    with pytest.raises(Conflict) as again:
        hold_tacit(centre, SUPERVISOR, case, reason="再核查")
    assert again.value.code == "HOLD_ONCE"
    until(centre, clock, "2026-03-26T08:59")
    (held,) = lines(centre, case, "tacit:held")
    assert (held["_at"], held["holds"]) == ("2026-03-23 09:00", ["SUPERVISOR_HOLD"])
    until(centre, clock, "2026-03-26T09:00")
    (passed,) = lines(centre, case, "tacit:passed")
    assert shown(datetime.fromisoformat(passed["certificate_by"])) == "2026-03-27 17:00", "by the day it took effect"


def test_what_is_not_to_pass_or_has_passed_cannot_be_held(centre: Office, clock: Clock) -> None:
    plain = begun(centre, clock, PLAIN, "2026-03-16T10:00")
    with pytest.raises(Conflict) as refused:
        hold_tacit(centre, SUPERVISOR, plain, reason="核查")
    assert refused.value.code == "HOLD_NOTHING"
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    assert hold_tacit(centre, SUPERVISOR, case, reason="核查") == date(2026, 3, 19)


def test_a_late_opinion_is_kept_and_changes_nothing(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    review = open_tasks(centre, case)["Task_Review"].id
    with pytest.raises(Conflict) as refused:
        late_opinion(centre, REVIEWER, review, "同意")
    assert refused.value.code == "OPINION_NOT_LATE"
    until(centre, clock, "2026-03-17T12:00")
    with pytest.raises(Forbidden):
        late_opinion(centre, STRANGER, review, "同意")
    with pytest.raises(Invalid):
        late_opinion(centre, REVIEWER, review, "  ")
    before = set(open_tasks(centre, case))
    late_opinion(centre, REVIEWER, review, "总平面与规划不符")
    assert set(open_tasks(centre, case)) == before
    (said,) = lines(centre, case, "opinion:late")
    assert (said["author"], said["text"], said["task"]) == ("zhangwei", "总平面与规划不符", str(review))
    (one,) = silence_file(centre, ENGINE, case).silences
    assert (one.passed, one.level, one.silent, one.late) == (
        True, "STAGE_SKIP", "104-a", (("zhangwei", "总平面与规划不符"),),
    )  # fmt: skip


# -- confirmed by the lead, granted by the statute --------------------------------------------------------------

CONFIRMED = (
    '<escalation id="Esc" name="默许待确认" escalationCode="ESC_TACIT"/>'
    '<process id="item" name="item" isExecutable="true" zw:kind="ITEM" zw:item="104-QT-005" zw:limit="5wd">'
    '<startEvent id="S"/><intermediateThrowEvent id="Accepted" zw:reaches="ACCEPTED"/>'
    '<userTask id="Opinion" name="意见" zw:stage="OPINION" zw:dept="104" zw:role="reviewer_a" zw:limit="2hd" '
    'zw:tacit="opinion" zw:tacit_answers="conclusion=agree" zw:tacit_confirm="lead"/>'
    '<boundaryEvent id="Silent" attachedToRef="Opinion"><escalationEventDefinition escalationRef="Esc"/></boundaryEvent>'
    '<userTask id="Confirm" name="默许确认" zw:stage="COORDINATE" zw:dept="104" zw:role="chief_rep" zw:limit="2hd"/>'
    '<endEvent id="E"/>\nS -> Accepted\nAccepted -> Opinion\nOpinion -> E\nSilent -> Confirm\nConfirm -> E\n</process>'
)
STATUTORY = (
    '<process id="item" name="item" isExecutable="true" zw:kind="ITEM" zw:item="119-XK-004" zw:limit="10wd" '
    'zw:statutory="30cd" zw:statutory_start="RECEIPT" zw:tacit="statutory"><startEvent id="S"/>'
    '<intermediateThrowEvent id="Accepted" zw:reaches="ACCEPTED"/>'
    '<userTask id="Review" name="审核" zw:stage="REVIEW" zw:dept="104" zw:limit="2hd"/>'
    '<userTask id="Approve" name="批准" zw:stage="APPROVE" zw:dept="104" zw:limit="2hd"/>'
    '<intermediateThrowEvent id="Granted" zw:reaches="DECIDED_YES"/><userTask id="Issue" name="发证" zw:stage="ISSUE"/>'
    '<endEvent id="E"/>\nS -> Accepted\nAccepted -> Review\nReview -> Approve\nApprove -> Granted\nGranted -> Issue\n'
    "Issue -> E\n</process>"
)


def test_silence_the_lead_has_to_confirm_opens_its_desk(centre: Office, clock: Clock) -> None:
    deploy_text(centre, CONFIRMED)
    case = begun(centre, clock, "item", "2026-03-16T10:00")
    opinion = open_tasks(centre, case)["Opinion"].id
    until(centre, clock, "2026-03-17T12:00")
    assert set(open_tasks(centre, case)) == {"Confirm"}
    with centre.reading() as records:
        row = records.tasks.find(opinion)
    assert row is not None and row.outcome == "TACIT"
    (passed,) = lines(centre, case, "tacit:passed")
    assert passed["confirmed_by"] == "lead"
    assert case_variables(centre, ENGINE, case)["Opinion"].value == {"conclusion": "agree", "tacit": True}
    until(centre, clock, "2026-04-20T10:00")
    assert set(open_tasks(centre, case)) == {"Confirm"}, "the lead's own silence confirms nothing"
    do(centre, case, "Confirm")
    assert "case:completed" in [one.action for one in journal_of(centre, case)]


def test_a_statute_that_deems_it_granted_knows_no_exception(centre: Office, clock: Clock) -> None:
    deploy_text(centre, STATUTORY)
    case = begun(centre, clock, "item", "2026-03-16T10:00")
    set_variables(centre, ENGINE, case, {"fee_due": 100})
    until(centre, clock, "2026-04-15T16:59")
    assert set(open_tasks(centre, case)) == {"Review"}
    until(centre, clock, "2026-04-15T17:00")
    assert set(open_tasks(centre, case)) == {"Issue"}
    assert [one["level"] for one in lines(centre, case, "tacit:passed")] == ["STAGE_SKIP", "STATUTORY"]
    assert lines(centre, case, "item:reached")[-1]["mark"] == "DECIDED_YES"
    assert lines(centre, case, "tacit:held") == []


# -- once -------------------------------------------------------------------------------------------------------


def test_several_workers_let_one_silence_pass_once(centre: Office, clock: Clock) -> None:
    cases = [begun(centre, clock, SKIP, "2026-03-16T10:00") for _ in range(3)]
    for case in cases:
        do(centre, case, "Task_Accept", decision="accept")
    until(centre, clock, "2026-03-17T11:59:59")
    clock.set("2026-03-17T12:00")
    workers = [Thread(target=lambda: [attend_due(centre) for _ in range(12)]) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while attend_due(centre):
        pass
    for case in cases:
        assert len(lines(centre, case, "tacit:passed")) == 1
        assert set(open_tasks(centre, case)) == {"Task_Approve"}
        assert len(cards(centre, case, "TACIT_STAGE")) == 1


def test_a_worker_that_comes_days_late_lets_pass_what_was_due_then(centre: Office, clock: Clock) -> None:
    case = begun(centre, clock, SKIP, "2026-03-16T10:00")
    do(centre, case, "Task_Accept", decision="accept")
    clock.set("2026-03-20T10:00")
    while attend_due(centre):
        pass
    (passed,) = lines(centre, case, "tacit:passed")
    assert shown(datetime.fromisoformat(passed["at"])) == "2026-03-17 12:00"
    assert set(open_tasks(centre, case)) == {"Task_Approve"}
    rungs = [one["rung"] for one in lines(centre, case, "ladder:climbed") if one["_element"] == "Task_Review"]
    assert not {"L3", "L4", "L5"} & set(rungs), "what silence has passed climbs no further"
