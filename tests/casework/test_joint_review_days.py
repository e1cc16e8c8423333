"""The two meetings of a month: called on its first working day, once, with what is late on their agenda (V12, DF-21 to DF-23)."""

from __future__ import annotations

from service.casework import case_variables, complete_task, start_case
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.joint_review_days import open_meetings
from service.casework.office import Office
from service.rules.worktime import SHANGHAI
from tests.casework.clocks.test_joint_chains import begun, day, pass_until, state
from tests.casework.desk import ENGINE
from tests.conftest import Clock
from tests.processes.library import resources
from tests.processes.test_chains import DECLARED, SITTING

THURSDAY = Clock().set("2026-03-19T10:00")


def called(office: Office, clock: Clock, at: str) -> dict[str, object]:
    """What the job of an instant says."""
    clock.set(at)
    with office.transaction() as records:
        return open_meetings(office, records, records.now.astimezone(SHANGHAI))


def test_both_meetings_of_a_month_are_called_on_its_first_working_day_once(demo_office: Office, clock: Clock) -> None:
    assert called(demo_office, clock, "2026-05-06T06:20") == {"opened": 0}, "no diagram, no meeting"
    deploy(demo_office, SYSTEM, "会议", resources("support_HY"))
    assert called(demo_office, clock, "2026-05-05T06:20") == {"opened": 0}, "a day of rest"
    assert called(demo_office, clock, "2026-05-06T06:20") == {"opened": 2, "month": "2026-05"}
    assert called(demo_office, clock, "2026-05-06T06:20") == {"opened": 0, "month": "2026-05"}
    assert called(demo_office, clock, "2026-05-07T06:20") == {"opened": 0}
    with demo_office.reading() as records:
        cases = [records.cases.running_numbered(number) for number in ("LS-202605", "JB-202605")]
    assert [one.title for one in cases if one is not None] == ["联审联批会议 5月18日", "集中办公日 5月19日"]
    assert cases[0] is not None
    tasks, rows = state(demo_office, cases[0].id)
    assert {one.element for one in tasks} == {"Task_Raise"} and {"102", "104", "108"} <= {
        one.department for one in tasks
    }
    assert {day(row.due_at) for row in rows if row.element == "Task_Raise"} == {"2026-05-11"}, (
        "five working days before"
    )


def test_a_late_milestone_stands_on_the_agenda_and_its_issue_has_three_limits(
    demo_office: Office, clock: Clock
) -> None:
    deploy(demo_office, SYSTEM, "会议", resources("support_HY"))
    begun(demo_office, clock, "chain_QY_1", "2026-02-26T10:00")
    pass_until(demo_office, clock, Clock().set("2026-03-02T06:00"))
    assert called(demo_office, clock, "2026-03-02T06:20")["opened"] == 2
    with demo_office.reading() as records:
        meeting = records.cases.running_numbered("LS-202603")
    assert meeting is not None
    pass_until(demo_office, clock, Clock().set("2026-03-09T17:00"))
    for element in ("Task_Agenda", "Task_Meeting"):
        tasks, _ = state(demo_office, meeting.id)
        assert [one.element for one in tasks] == [element], "who raised nothing by the day of freezing is passed over"
        complete_task(demo_office, ENGINE, tasks[0].id, answers=SITTING[element])
        pass_until(demo_office, clock, Clock().set("2026-03-16T09:30"))
    found = {one.name for one in state(demo_office, meeting.id)[1] if one.element == "Task_Answer"}
    assert found == {"当天答复"}
    limits: dict[str, set[str]] = {}
    for _ in range(4):
        tasks, rows = state(demo_office, meeting.id)
        for task in [one for one in tasks if one.element in ("Task_Answer", "Task_Settle", "Task_Submit")]:
            limits.setdefault(task.element, set()).add(next(day(row.due_at) for row in rows if row.id == task.id))
            if task.element == "Task_Settle" and clock.now < THURSDAY:
                continue
            answers = SITTING[task.element] | ({"outcome": "cannot"} if task.element == "Task_Settle" else {})
            complete_task(demo_office, ENGINE, task.id, answers=answers)
        pass_until(demo_office, clock, clock.now)
        pass_until(demo_office, clock, max(clock.now, THURSDAY if "Task_Settle" in limits else clock.now))
    assert limits == {"Task_Answer": {"2026-03-16"}, "Task_Settle": {"2026-03-19"}, "Task_Submit": {"2026-03-23"}}
    with demo_office.reading() as records:
        (notice,) = (row for row in records.documents.of_case(meeting.id) if row.code == "W31")
        told = {
            (one.code, one.box): one.text for one in records.messages.of_case(meeting.id) if one.code in ("L05", "L06")
        }
    assert (notice.facts["form"], notice.facts["meeting_no"]) == ("会议通知", "LS-202603")
    assert {receiver for code, receiver in told if code == "L05"} >= {"chengang", "102-rep", "108-rep"}, (
        "all who take part"
    )
    assert "3月16日9:00" in told["L05", "chengang"]
    assert {receiver for code, receiver in told if code == "L06"} == {"102-rep", "108-rep"}, "whose issues they are"


def test_a_ruling_reaches_the_chain_it_is_about(demo_office: Office, clock: Clock) -> None:
    deploy(demo_office, SYSTEM, "库", resources("support_HY", "chain_QY_1"))
    clock.set("2026-03-16T09:00")
    chain = start_case(demo_office, ENGINE, key="chain_QY_1", variables=DECLARED["chain_QY_1"], business_key="LB-7").id
    other = start_case(demo_office, ENGINE, key="chain_QY_1", variables=DECLARED["chain_QY_1"], business_key="LB-8").id
    meeting = start_case(demo_office, ENGINE, key="support_HY", variables={"departments": []}).id
    sitting = {"issue_lines": "名称争议；111；LB-7", "held_at": "2026-03-16T09:00", "attendance": "市监局；毛云霞"}
    for element in ("Task_Agenda", "Task_Meeting", "Task_Answer", "Task_Settle", "Task_Submit", "Task_Ruling"):
        task = next(one for one in state(demo_office, meeting)[0] if one.element == element)
        answers = SITTING[element] | (sitting if element in ("Task_Agenda", "Task_Meeting") else {})
        answers |= {"outcome": "cannot"} if element == "Task_Settle" else {}
        complete_task(demo_office, ENGINE, task.id, answers=answers)
        pass_until(demo_office, clock, clock.now)
    assert case_variables(demo_office, ENGINE, chain)["meeting_rulings"].value == ["同意先行办理"]
    assert "meeting_rulings" not in case_variables(demo_office, ENGINE, other)
