"""Joint items through the office with the people of 云溪市: clocks that stand, silence that means nothing, papers, revocation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from service.casework import attend_due, complete_task, find_actor, start_case
from service.casework.actors import SYSTEM
from service.casework.correlating import correlate
from service.casework.deploying import deploy
from service.casework.office import Office
from service.casework.reading import case_incidents
from service.casework.supporting import linked_cases
from service.engine.lint.rules import families
from service.store.clocks import ClockRow
from service.store.tasks import TaskRow
from tests.casework.clocks.conftest import SMALL
from tests.casework.clocks.items import item, task
from tests.casework.desk import ENGINE, KEEPER, SUPERVISOR, actions_of, deploy_text, journal_of
from tests.casework.papers.city import papers, who
from tests.conftest import CHINA, Clock
from tests.processes.library import resources

PERSON = {
    "applicant": "云溪华印制罐有限公司", "applicant_uscc": "91990100MA0000001X", "contact": "李昭", "phone": "13900000001",
    "project_code": "2603-990100-04-01-482915", "project_name": "年产2亿只金属罐项目", "site_address": "云溪市高新区科学大道8号",
}  # fmt: skip
ACCEPT = {"decision": "accept", "materials": ["申请表(表)"]}
SIGNED = {
    "committed": "yes", "promises": ["消防设施、器材完好有效，疏散通道、安全出口畅通"], "signed_by": "李昭",
    "signed_at": "2026-03-16T09:30:00", "way": "现场签字",
}  # fmt: skip


def opened(office: Office, *keys: str) -> Office:
    """The processes are deployed with everything they call and start."""
    deploy(office, SYSTEM, "事项库", resources(*keys))
    return office


def work(office: Office) -> None:
    """Everything that is due but printing and carrying."""
    while attend_due(office):
        pass


def received(office: Office, key: str, **fields: Any) -> UUID:
    """王芳 takes an application in."""
    case = start_case(office, who(office, "wangfang"), key=key, variables=PERSON | fields).id
    work(office)
    return case


def desk(office: Office, case_id: UUID, element: str) -> TaskRow:
    """The open task on an element."""
    with office.reading() as records:
        return next(t for t in records.tasks.of_case(case_id) if t.ended_at is None and t.element == element)


def desks(office: Office, case_id: UUID) -> list[str]:
    """Elements of the open tasks."""
    with office.reading() as records:
        return sorted(t.element for t in records.tasks.of_case(case_id) if t.ended_at is None)


def do(office: Office, case_id: UUID, element: str, **answers: Any) -> str:
    """Whoever has the task answers; who that was."""
    task = desk(office, case_id, element)
    name = task.assignee
    if name is None:
        with office.reading() as records:
            group = next(c.value for c in records.tasks.candidates(task.id) if c.kind == "group")
            name = next(iter(records.people.members({group.rpartition(":")[2]}).values()))[0]
    actor = find_actor(office, name)
    assert actor is not None
    complete_task(office, actor, task.id, answers=answers)
    work(office)
    return name


def clocks(office: Office, case_id: UUID) -> dict[str, ClockRow]:
    """The clocks of a case by kind, those of desks by element."""
    with office.reading() as records:
        return {row.element or row.kind: row for row in records.clocks.of_case(case_id)}


def until(office: Office, clock: Clock, text: str) -> None:
    """Let time pass, attending everything at its own instant."""
    target = Clock().set(text)
    while True:
        work(office)
        with office.reading() as records:
            stop = records.agenda.first_ready()
        if stop is None or stop > target:
            break
        clock.now = max(clock.now, stop)
    clock.now = target
    work(office)


def shown(instant: Any) -> str:
    """An instant as people write it in China."""
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


# -- T4 上报件 --------------------------------------------------------------------------------------------------


@pytest.fixture
def forest(demo_office: Office) -> UUID:
    """使用林地 examined here and to be sent to the province, to which there is no connection."""
    opened(demo_office, "item_121_XK_002")
    case = received(demo_office, "item_121_XK_002")
    do(demo_office, case, "Task_Accept", **ACCEPT)
    assert do(demo_office, case, "Task_Review", recommendation="grant") == "121-a"
    assert do(demo_office, case, "Task_Approve", decision="report", advice="agree", opinion="符合条件") == "121-rep"
    return case


def test_what_cannot_be_exchanged_is_sent_on_paper_and_nobody_has_to_repair_it(demo_office, forest):
    assert desks(demo_office, forest) == ["Task_Send"]
    assert case_incidents(demo_office, KEEPER, forest) == ()
    (line,) = [one for one in journal_of(demo_office, forest) if one.action == "exchange:failed"]
    assert line.element == "Send_Upper" and line.detail["error"] == "ERR_SHARE_FAILED"
    assert "province" in line.detail["message"]
    assert not clocks(demo_office, forest)["STATUTORY"].pauses, "our own time runs until it is sent"


def test_the_local_limit_stands_while_the_level_above_decides(demo_office, forest, clock):
    until(demo_office, clock, "2026-03-18T10:00")
    do(demo_office, forest, "Task_Send", sent_on="2026-03-18", document="林函1", receiver="省林业局")
    running = clocks(demo_office, forest)
    assert {running[kind].state for kind in ("CASE", "STATUTORY")} == {"PAUSED"}
    assert running["CASE"].pauses[-1]["kind"] == "UPPER_LEVEL"
    assert running["Task_Upper"].state == "RUNNING", "the limit of the level above is a clock of its own"
    assert shown(running["Task_Upper"].due_at) == "2026-04-16 17:00"
    told = papers(demo_office, forest)["W08"]
    assert (told.state, told.facts["act"]) == ("ISSUED", "暂停")
    until(demo_office, clock, "2026-03-25T10:00")
    assert do(demo_office, forest, "Task_Upper", decision="grant", upper_no="1") == "121-a"
    case = clocks(demo_office, forest)["CASE"]
    assert (case.state, case.pauses[-1]["through"]) == ("RUNNING", "2026-03-25")
    assert shown(case.due_at) == "2026-04-07 17:00", "ten working days, less the five that stood still"
    assert papers(demo_office, forest)["W08"].facts["act"] == "恢复"


def test_a_reply_by_the_exchange_takes_the_desk_off(demo_office, forest):
    do(demo_office, forest, "Task_Send", sent_on="2026-03-16", document="林函1", receiver="省林业局")
    correlate(
        demo_office, ENGINE, "MSG_UPPER_REPLY", case_id=forest,
        variables={"decision": "refuse", "upper_no": "2", "reason": "占用天然林"},
    )  # fmt: skip
    work(demo_office)
    assert desks(demo_office, forest) == []
    refusal = papers(demo_office, forest)["W15"]
    assert (refusal.state, refusal.facts["reason"]) == ("ISSUED", "占用天然林")


def test_the_opinions_about_a_school_bus_are_never_given_by_silence(demo_office: Office, clock: Clock):
    opened(demo_office, "item_117_XK_002")
    case = received(demo_office, "item_117_XK_002", plate="云A12345", seats=19)
    do(demo_office, case, "Task_Accept", **ACCEPT)
    do(demo_office, case, "Task_Ask", opinion="请提出意见", sent_on="2026-03-16")
    assert desks(demo_office, case) == ["Task_Opinion_Police", "Task_Opinion_Transport"]
    assert desk(demo_office, case, "Task_Opinion_Police").assignee == "112-a"
    until(demo_office, clock, "2026-03-20T10:00")
    assert desks(demo_office, case) == ["Task_Opinion_Police", "Task_Opinion_Transport"]
    assert desk(demo_office, case, "Task_Opinion_Police").assignee == "112-rep", "it has climbed"
    assert not {"tacit:passed", "tacit:held"} & {*actions_of(demo_office, case)}


# -- T5 告知承诺 ------------------------------------------------------------------------------------------------


@pytest.fixture
def promised(demo_office: Office) -> UUID:
    """A fire check promised for and granted on the spot, its certificate fetched."""
    opened(demo_office, "item_106_XK_001")
    case = received(demo_office, "item_106_XK_001", venue_name="云溪大剧院", commit_mode=True)
    do(demo_office, case, "Task_Accept", **ACCEPT)
    do(demo_office, case, "Task_Commit", **SIGNED)
    assert do(demo_office, case, "Task_Check", recommendation="grant") == "106-a"
    assert do(demo_office, case, "Task_Approve_Now", decision="grant") == "106-rep"
    assert do(demo_office, case, "Task_Issue", delivery="electronic", receiver="李昭") == "wuqian"
    return case


def check_of(office: Office, case_id: UUID) -> UUID:
    """The case that checks the promise."""
    _, (found,) = linked_cases(office, SUPERVISOR, case_id)
    return found.id


def test_a_promise_is_signed_granted_within_the_day_and_checked_in_a_case_of_its_own(demo_office, promised):
    with demo_office.reading() as records:
        row = records.cases.find(promised)
        (held,) = records.certificates.of_case(promised)
    assert row.ended_at is not None and held.state == "ACTIVE"
    letter = papers(demo_office, promised)["W06"]
    assert (letter.state, letter.facts["signed_by"]) == ("ISSUED", "李昭")
    assert {"W02", "W13", "W14", "W18"} <= {*papers(demo_office, promised)}
    check = check_of(demo_office, promised)
    assert desk(demo_office, check, "Task_Booking").assignee == "106-a"
    assert case_incidents(demo_office, KEEPER, promised) == ()


def test_a_broken_promise_costs_the_certificate_after_a_hearing(demo_office, promised, clock):
    check = check_of(demo_office, promised)
    do(demo_office, check, "Task_Booking", survey_on="2026-03-18", half="上午", place="云溪大剧院")
    clock.set("2026-03-18T10:00")
    do(
        demo_office, check, "Task_Survey", survey_conclusion="不通过", began_at="2026-03-18T09:30:00", place="云溪大剧院",
        inspector_a="高云霞", certificate_a="X1", inspector_b="刘素芬", certificate_b="X2", checks="疏散通道；堵塞；1",
        applicant_signed="李昭",
    )  # fmt: skip
    do(demo_office, check, "Task_Statement", told_on="2026-03-18", opinion="疏散通道确被堵塞")
    assert do(demo_office, check, "Task_Revoke", decision="revoke", reason="承诺不实") == "106-rep"
    with demo_office.reading() as records:
        (held,) = records.certificates.of_case(promised)
    assert (held.state, held.reason, held.changed_by) == ("REVOKED", "承诺不实", "106-rep")
    for case in (promised, check):
        (line,) = [one for one in journal_of(demo_office, case) if one.action == "certificate:changed"]
        assert line.detail["act"] == "REVOKE" and line.detail["by"] == "106-rep"
    assert case_incidents(demo_office, KEEPER, check) == ()


def test_a_grant_without_a_certificate_is_revoked_and_the_journal_says_there_was_none(demo_office):
    opened(demo_office, "support_verify")
    told = {"verifier": "106", "item_name": "公众聚集场所检查", "applicant": PERSON["applicant"], "suggested": True}
    check = start_case(demo_office, ENGINE, key="support_verify", variables=told).id
    work(demo_office)
    do(demo_office, check, "Task_Statement", told_on="2026-03-16", opinion="疏散通道确被堵塞")
    do(demo_office, check, "Task_Revoke", decision="revoke", reason="承诺不实")
    with demo_office.reading() as records:
        assert records.cases.find(check).end_element == "End_Revoked"
    assert case_incidents(demo_office, KEEPER, check) == ()
    assert {"action": "revoke", "name": "撤销证照", "certificate": None} in [
        one.detail for one in journal_of(demo_office, check) if one.action == "action:done"
    ]


# -- T7 会签 ----------------------------------------------------------------------------------------------------


def test_the_silence_of_the_police_about_a_road_agrees_and_says_so(demo_office: Office, clock: Clock):
    opened(demo_office, "item_107_XK_003")
    case = received(demo_office, "item_107_XK_003", road="科学大道", mode="占用", area_m2=12, days=3, emergency=False)
    do(demo_office, case, "Task_Accept", **ACCEPT)
    assert desk(demo_office, case, "Task_Opinion_Police").assignee == "112-a"
    until(demo_office, clock, "2026-03-18T17:30")
    assert desks(demo_office, case) == ["Task_Review"]
    silent = papers(demo_office, case)["W17"]
    assert (silent.state, silent.element) == ("ISSUED", "Task_Opinion_Police")
    do(demo_office, case, "Task_Review", recommendation="grant")
    do(demo_office, case, "Task_Approve", decision="grant")
    assert clocks(demo_office, case)["CASE"].pauses[-1]["kind"] == "PAYMENT"
    with demo_office.reading() as records:
        (bill,) = records.bills.of_case(case)
    assert str(bill.total) == "21.60", "0.60 yuan for twelve square metres and three days"


# -- ST-7, SK ---------------------------------------------------------------------------------------------------


def test_silence_agrees_for_energy_saving_alone(demo_office: Office, clock: Clock):
    opened(demo_office, "item_104_QT_005_joint")
    case = received(demo_office, "item_104_QT_005_joint", lightning_review=True)
    do(demo_office, case, "Task_Accept", **ACCEPT)
    until(demo_office, clock, "2026-03-23T10:00")
    assert desks(demo_office, case) == ["Task_Defence", "Task_Fire", "Task_Lightning", "Task_Structure"]
    (passed,) = [one for one in journal_of(demo_office, case) if one.action == "tacit:passed"]
    assert passed.element == "Task_Energy"
    assert papers(demo_office, case)["W17"].element == "Task_Energy"


def test_the_limit_stands_while_drawings_are_revised_and_the_sections_have_what_is_left(demo_office, clock):
    opened(demo_office, "item_104_QT_005_joint")
    case = received(demo_office, "item_104_QT_005_joint")
    do(demo_office, case, "Task_Accept", **ACCEPT)
    assert do(demo_office, case, "Task_Defence", conclusion="agree") == "105-a"
    do(demo_office, case, "Task_Energy", conclusion="agree")
    do(demo_office, case, "Task_Fire", conclusion="revise", reason="疏散宽度不足")
    do(demo_office, case, "Task_Structure", conclusion="agree")
    do(demo_office, case, "Task_Review", recommendation="revise", opinion="见消防意见")
    stopped = clocks(demo_office, case)["CASE"]
    assert (stopped.state, stopped.pauses[-1]["kind"]) == ("PAUSED", "DESIGN_REVISION")
    assert papers(demo_office, case)["W08"].facts["act"] == "暂停"
    until(demo_office, clock, "2026-03-26T10:00")
    assert do(demo_office, case, "Task_Revision", received="消防图", received_on="2026-03-26") == "wangfang"
    assert desks(demo_office, case) == ["Task_Fire"]
    assert shown(clocks(demo_office, case)["CASE"].due_at) == "2026-04-07 17:00", (
        "seven working days from the day it came"
    )


def test_a_tax_that_is_owed_stops_the_clock_of_the_item_that_asked(
    demo_office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    opened(demo_office, "chain_SK_check")
    kept = tuple(one for one in families.FAMILIES if one.__name__ in SMALL)
    monkeypatch.setattr(families, "FAMILIES", kept)  # an item of three desks is enough here
    monkeypatch.setattr(families, "check_limits", lambda *given, **more: None)
    body = (
        '<startEvent id="S"/>' + task("Accept", "受理", "ACCEPT")
        + '<intermediateThrowEvent id="Taken" zw:reaches="ACCEPTED"/>'
        + '<callActivity id="Tax" calledElement="chain_SK_check"/>' + task("Review")
        + '<endEvent id="E" zw:reaches="READY"/>\nS -> Accept\nAccept -> Taken\nTaken -> Tax\nTax -> Review\nReview -> E\n'
    )  # fmt: skip
    deploy_text(demo_office, item(body, "estate", limit="5wd", statutory="20wd"))
    case = start_case(demo_office, ENGINE, key="estate", variables=PERSON).id
    with demo_office.reading() as records:
        (accept,) = [t.id for t in records.tasks.of_case(case)]
    complete_task(demo_office, ENGINE, accept)
    work(demo_office)
    assert desks(demo_office, case) == ["Task_Manual"], "there is no connection to the tax office: a person looks"
    assert desk(demo_office, case, "Task_Manual").assignee == "113-a"
    assert clocks(demo_office, case)["CASE"].state == "RUNNING"
    do(demo_office, case, "Task_Manual", tax_state="unpaid")
    assert do(demo_office, case, "Task_Notify", tax_kind="契税", place="办税窗口", opinion="请缴纳契税") == "wangfang"
    assert desks(demo_office, case) == ["Task_Tax"]
    assert clocks(demo_office, case)["CASE"].pauses[-1]["kind"] == "PAYMENT"
    told = papers(demo_office, case)["W08"]
    assert (told.state, told.facts["act"], told.facts["reason"]) == ("ISSUED", "暂停", "因待缴费，暂停计算办理期限。")
    until(demo_office, clock, "2026-03-20T10:00")
    do(demo_office, case, "Task_Tax", tax_state="paid", tax_voucher="完税1")
    assert desks(demo_office, case) == ["Review"]
    assert shown(clocks(demo_office, case)["CASE"].due_at) == "2026-03-27 17:00"
    assert case_incidents(demo_office, KEEPER, case) == ()


# -- SX-1 -------------------------------------------------------------------------------------------------------


def test_the_case_clock_begins_in_the_city_and_every_hand_over_has_its_paper(demo_office: Office, clock: Clock):
    opened(demo_office, "chain_SX_1")
    case = start_case(
        demo_office, who(demo_office, "zhouqiang"), key="chain_SX_1",
        variables={"item_code": "121-XK-001", "applicant": "王大山", "phone": "13900000001", "applicant_kind": "person"},
    ).id  # fmt: skip
    do(demo_office, case, "Task_Collect", collected=["申请书"], collected_by="周强", client="王大山")
    receipt = papers(demo_office, case)["W34"]
    assert (receipt.state, receipt.facts["form"]) == ("ISSUED", "代收单")
    until(demo_office, clock, "2026-03-17T10:00")
    assert {row.kind for row in clocks(demo_office, case).values()} == {"STAGE"}
    do(
        demo_office,
        case,
        "Task_Declare",
        declared="complete",
        handed_by="周强",
        received_by="郑凯",
        area_ha=2,
        mode="择伐",
    )
    assert papers(demo_office, case)["W34"].facts["form"] == "交接单"
    assert shown(clocks(demo_office, case)["RECEIPT"].started_at) == "2026-03-17 10:00"
    do(demo_office, case, "Task_Accept", **ACCEPT)
    with demo_office.reading() as records:
        (promise,) = [row for row in records.clocks.of_case(case) if row.kind == "CASE"]
    assert promise.scope_id is not None, "it is the item's, not that of the hand-over"
    assert case_incidents(demo_office, KEEPER, case) == ()
