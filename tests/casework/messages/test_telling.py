"""What follows from tasks and clocks is told: once, to the right person, at no cost for who completes a task."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from service.casework import attend_due, complete_task, record_absence, start_case
from service.casework.messages.notices import APPLICANT, notice
from service.casework.messages.telling import tell
from service.casework.office import Office
from service.rules.absences import AbsenceKind
from service.rules.sending import Channel
from service.rules.vocabulary import AgendaKind
from service.store.database import count_statements
from tests.casework.clocks.items import MARK, item, task, wait_until
from tests.casework.desk import ENGINE, REVIEWER, deploy_text, open_tasks
from tests.casework.messages.conftest import Line, connect, later, messages, settle_all
from tests.conftest import Clock

DESKS = (
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT", more='zw:role="reviewer_b"')
    + MARK.format(id="Accepted", mark="ACCEPTED")
    + task("Review", more='zw:role="reviewer_a"', limit="3hd")
    + task("Approve", "批准", "APPROVE", more='zw:role="chief_rep"')
    + task("Issue", "发证", "ISSUE", more='zw:role="issue_clerk" zw:reaches="READY"')
    + '<endEvent id="E" zw:reaches="DELIVERED"/>\n'
    "S -> Accept\nAccept -> Accepted\nAccepted -> Review\nReview -> Approve\nApprove -> Issue\nIssue -> E\n"
)
STAGES = ("Accept", "Review", "Approve", "Issue")


@pytest.fixture
def case(town: Office, clock: Clock) -> UUID:
    """施工许可 received on Monday at 10:00."""
    deploy_text(town, item(DESKS, limit="3wd", short="施工许可证核发"))
    clock.set("2026-03-16T10:00")
    return start_case(town, ENGINE, key="item", business_key="SJ202603161040042").id


def test_a_case_of_four_stages_without_delay_tells_four_times(town: Office, clock: Clock, case: UUID) -> None:
    for element in STAGES:
        later(town, clock, minutes=1)
        complete_task(town, ENGINE, open_tasks(town, case)[element].id)
    settle_all(town)
    told = [one for one in messages(town, case) if one.channel == Channel.INAPP]
    assert [(one.code, one.box) for one in told] == [
        ("T01", "liuyang"),
        ("T01", "zhangwei"),
        ("T01", "chengang"),
        ("T01", "wuqian"),
    ]
    assert told[1].text == "【云溪政务】新任务：施工许可证核发…0042审核，限3月17日17时前，请办理。"


def test_a_yellow_light_makes_it_five(town: Office, clock: Clock, case: UUID) -> None:
    settle_all(town)
    complete_task(town, ENGINE, open_tasks(town, case)["Accept"].id)
    wait_until(town, clock, "2026-03-17T14:00")
    for element in STAGES[1:]:
        complete_task(town, ENGINE, open_tasks(town, case)[element].id)
    settle_all(town)
    told = {(one.code, one.task_id) for one in messages(town, case) if one.code.startswith("T")}
    assert Counter(code for code, _ in told) == {"T01": 4, "T03": 1}
    yellow = [one for one in messages(town, case, code="T03", channel="INAPP")]
    assert sorted(one.box for one in yellow if one.box) == ["liuyang", "zhangwei"]
    assert yellow[0].text == "【云溪政务】黄灯：…0042施工许可证核发审核剩余半天，B岗可接办。"


def test_red_goes_to_both_reviewers_and_the_chief_at_night_too(
    town: Office, clock: Clock, case: UUID, line: Line
) -> None:
    settle_all(town)
    complete_task(town, ENGINE, open_tasks(town, case)["Accept"].id)
    wait_until(town, clock, "2026-03-17T17:00")
    settle_all(town)
    red = messages(town, case, code="T04")
    assert {one.box for one in red} == {"zhangwei", "liuyang", "chengang"}
    assert {one.channel for one in red} == {"INAPP", "SMS"} and all(one.planned_at == one.queued_at for one in red)
    assert sum("红灯" in one.text for one in line.sent) == 3


def test_who_is_given_a_task_back_is_told_so_instead_of_a_new_task(town: Office, clock: Clock) -> None:
    back = (
        '<startEvent id="S"/>'
        + task("Review", more='zw:role="reviewer_a"')
        + task("Approve", "批准", "APPROVE", more='zw:role="chief_rep"')
        + '<exclusiveGateway id="G" default="no"/><endEvent id="E"/><sequenceFlow id="no" sourceRef="G" targetRef="E"/>\n'
        "S -> Review\nReview -> Approve\nApprove -> G\nG -> Review : again = true\n"
    )
    deploy_text(town, item(back, short="规划许可", data_contract="again"))
    case = start_case(town, ENGINE, key="item", variables={"again": True}).id
    for element in ("Review", "Approve"):
        complete_task(town, ENGINE, open_tasks(town, case)[element].id)
        settle_all(town)
    codes = [one.code for one in messages(town, case, channel="INAPP", box="zhangwei")]
    assert sorted(codes) == ["T01", "T08"]


def test_who_stands_in_is_told_how_many_tasks_once(town: Office, clock: Clock, case: UUID) -> None:
    complete_task(town, ENGINE, open_tasks(town, case)["Accept"].id)
    settle_all(town)
    record_absence(town, REVIEWER, "zhangwei", kind=AbsenceKind.SUDDEN)
    settle_all(town)
    later(town, clock, minutes=2)
    [told] = messages(town, code="T06", channel="INAPP")
    assert told.box == "liuyang" and told.text == "【云溪政务】zhangwei离岗，其1项任务由您代办，请立即处理。".replace(
        "zhangwei", REVIEWER.name
    )


def test_a_task_done_before_its_message_is_kept_but_calls_nobody(town: Office, case: UUID, line: Line) -> None:
    complete_task(town, ENGINE, open_tasks(town, case)["Accept"].id)
    settle_all(town)
    told = {one.box: one.read_at is not None for one in messages(town, case, code="T01", channel="INAPP")}
    assert told == {"liuyang": True, "zhangwei": False}
    assert [one.to for one in line.sent] == ["13800000001"]


def test_the_same_notice_is_told_once(town: Office) -> None:
    event = uuid4()
    with town.transaction() as records:
        records.agenda.add(
            [notice(records.now, "T06", ["zhangwei"], event=event, values={"person": "张伟", "count": 2})] * 1
        )
        records.agenda.add(
            [notice(records.now, "T06", ["zhangwei"], event=event, values={"person": "张伟", "count": 2})]
        )
    settle_all(town)
    assert len(messages(town, code="T06", channel="INAPP")) == 1


def test_one_broken_notice_does_not_keep_the_others_back(town: Office, clock: Clock) -> None:
    with town.transaction() as records:
        good = notice(records.now, "T06", ["zhangwei"], values={"person": "张伟", "count": 2})
        bad = notice(records.now, "X99", ["zhangwei"])
        records.agenda.add([bad, good])
    attend_due(town)
    assert len(messages(town, code="T06", channel="INAPP")) == 1
    with town.reading() as records:
        row = records.agenda.find(bad.id)
    assert row is not None and row.error is not None and "X99" in row.error


def test_a_notice_somebody_else_holds_is_left_to_them(town: Office) -> None:
    with town.transaction() as records:
        one = notice(records.now, "T06", ["zhangwei"], values={"person": "张伟", "count": 2})
        records.agenda.add([one])
    assert tell(town, [one]) == 1
    assert tell(town, [one]) == 0
    assert len(messages(town, code="T06", channel="INAPP")) == 1


def test_people_without_a_number_are_told_inside_only(town: Office, case: UUID) -> None:
    connect(town)
    settle_all(town)
    [told] = messages(town, case, code="T01", channel="INAPP")
    assert told.state == "DELIVERED"
    [outside] = messages(town, case, code="T01", channel="SMS")
    assert (outside.state, outside.error) == ("FAILED", "CHANNEL_MISSING")


def test_notices_wake_nobody_and_are_not_of_the_cases_order(town: Office, case: UUID) -> None:
    with town.reading() as records:
        kinds = [one.kind for one in records.agenda.of_case(case)]
    assert AgendaKind.NOTICE in kinds
    town.awake.clear()
    complete_task(town, ENGINE, open_tasks(town, case)["Accept"].id)
    assert not town.awake.is_set()


def test_a_hundred_notices_cost_as_much_as_one(town: Office, case: UUID) -> None:
    settle_all(town)
    task_id = open_tasks(town, case)["Accept"].id

    def cost(count: int) -> int:
        with town.transaction() as records:
            rows = [
                notice(
                    records.now, "T02", ["zhangwei"], case_id=case, process="item", task=task_id, values={"left": "1天"}
                )
                for _ in range(count)
            ]
            records.agenda.add(rows)
        with count_statements(town.database) as counted:
            tell(town, rows)
        return len(counted.sql)

    one, hundred = cost(1), cost(100)
    assert one <= 16 and hundred <= one + 1, (one, hundred)
    assert len(messages(town, code="T02", channel="INAPP")) == 101


def test_two_nodes_tell_everything_once(town: Office) -> None:
    with town.transaction() as records:
        for number in range(60):
            values = {"person": "张伟", "count": number + 1}
            records.agenda.add([notice(records.now, "T06", ["zhangwei"], values=values)])
    with ThreadPoolExecutor(4) as nodes:
        while sum(nodes.map(lambda _: attend_due(town, limit=7), range(4))):
            pass
    told = [one.places["count"] for one in messages(town, code="T06", channel="INAPP")]
    assert sorted(told, key=int) == [str(number + 1) for number in range(60)]


def test_the_agent_of_a_contract_reads_along_but_no_secret_code(town: Office) -> None:
    deploy_text(town, item(DESKS, limit="3wd", data_contract="agent"))
    case = start_case(town, ENGINE, key="item", variables={"agent": "wuqian", "phone": "13812345678"}).id
    with town.transaction() as records:
        records.agenda.add(
            [
                notice(records.now, code, [APPLICANT], case_id=case, process="item", values=values)
                for code, values in (("M10", {"day": "3月19日"}), ("M24", {"otp": "482913"}))
            ]
        )
    settle_all(town)
    assert {(one.code, one.box, one.channel) for one in messages(town, case, audience="APPLICANT")} == {
        ("M10", None, "SMS"),
        ("M10", "wuqian", "INAPP"),
        ("M24", None, "SMS"),
    }
