"""督办 (SP-02) in the demo city: raised by rung L4 and by hand, answered at desks or on the card's page, given upwards once."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import handle_card, start_case
from service.casework.measures.orders import issue_order
from service.casework.office import Office
from service.casework.supporting import linked_cases
from service.rules.cards import CardAct
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.supervision import SupervisionRow
from tests.casework.desk import ENGINE, actions_of, deploy_text, open_tasks
from tests.casework.measures.city import answer, begin, beside, ended, put_up, task, until, value, who, work
from tests.conftest import Clock
from tests.engine.drive import process

ITEM, SUPPORT = "item_104_XK_002", "support_SP_02"
SAID = {"matter": "申请人反映三日无人联系", "demand": "当日联系申请人并书面回复"}


def received(office: Office) -> UUID:
    put_up(office, ITEM, SUPPORT)
    case = begin(office, ITEM)
    answer(office, case, "Task_Accept", decision="accept")
    return case


def ordered(office: Office, case: UUID, to: str = "104") -> UUID:
    """By hand, by supervision."""
    support = issue_order(office, who(office, "sunli"), case, to=to, **SAID)
    work(office)
    return support


def cards(office: Office, case: UUID, violation: str) -> list[SupervisionRow]:
    with office.reading() as records:
        return [one for one in records.supervision.of_case(case) if one.violation == violation]


def test_a_working_day_after_red_an_order_begins_a_case_of_its_own_beside_the_late_one(
    any_demo_office: Office, clock: Clock
) -> None:
    office = any_demo_office
    case = received(office)
    until(office, clock, "2026-03-24T18:00")
    [order] = cards(office, case, "ORDER")
    _, [link] = linked_cases(office, ENGINE, case)
    assert "DBD-2026-0001" in (link.title or "") and actions_of(office, case).count("case:linked") == 1
    desk = task(office, link.id)
    assert (desk.element, desk.assignee) == ("Task_Sign", order.addressee)
    assert "Task_Review" in open_tasks(office, case), "the case itself waits for nobody"
    answer(office, link.id, "Task_Sign", order.addressee)
    answer(office, link.id, "Task_Reply", order.addressee, order_reply="今日办结")
    assert cards(office, case, "ORDER")[0].state == "REPLIED"
    answer(office, link.id, "Task_Rule", "sunli", conclusion="met")
    assert ended(office, link.id) == "End_Done" and cards(office, case, "ORDER")[0].state == "CLOSED"
    assert [a for a in actions_of(office, case) if a.startswith("card:") and a != "card:raised"] == [
        "card:signed", "card:replied", "card:accepted", "card:closed",
    ]  # fmt: skip
    with office.reading() as records:
        assert [one.code for one in records.documents.of_case(link.id)] == ["W26"]


def test_by_hand_it_goes_to_a_department_once_until_it_is_answered(demo_office: Office) -> None:
    case = received(demo_office)
    support = ordered(demo_office, case)
    assert task(demo_office, support).assignee == "chengang", "the only chief representative of 104"
    with pytest.raises(Conflict, match="ORDER_OPEN"):
        ordered(demo_office, case)
    assert value(demo_office, support, "for_case") == str(case)
    for by, to, code in (
        ("chengang", "104", "ORDER_FORBIDDEN"),
        ("sunli", "999", "ORDER_ADDRESSEE"),
        ("sunli", "sunli", "ORDER_ADDRESSEE"),
    ):
        with pytest.raises((Forbidden, Invalid), match=code):
            issue_order(demo_office, who(demo_office, by), case, to=to, **SAID)
    with pytest.raises(Invalid, match="ORDER_MATTER"):
        issue_order(demo_office, who(demo_office, "sunli"), case, to="104", matter=" ", demand="回复")


def test_an_answer_that_is_not_met_twice_costs_the_department_a_red_card_and_is_talked_about(
    demo_office: Office,
) -> None:
    case = received(demo_office)
    support = ordered(demo_office, case, to="zhangwei")
    answer(demo_office, support, "Task_Sign", "zhangwei")
    for _ in range(2):
        answer(demo_office, support, "Task_Reply", "zhangwei", order_reply="正在办理")
        answer(demo_office, support, "Task_Rule", "sunli", conclusion="unmet", ruling_note="没有写明原因")
    [red] = cards(demo_office, case, "ORDER_UNMET")
    assert (red.level, red.addressee) == ("RED", "104")
    desk = task(demo_office, support)
    assert (desk.element, desk.assignee) == ("Task_Interview", "zhaomin")
    talk = {"held_on": "2026-03-20", "person": "张伟", "interview": "约谈记录", "follow_up": "2026-03-27"}
    answer(demo_office, support, "Task_Interview", "zhaomin", **talk)
    assert ended(demo_office, support) == "End_Done" and cards(demo_office, case, "ORDER")[0].state == "CLOSED"


def test_what_is_done_on_the_page_of_the_card_is_followed_at_the_desks(demo_office: Office) -> None:
    case = received(demo_office)
    support = ordered(demo_office, case)
    [order] = cards(demo_office, case, "ORDER")
    for by, act, text in (
        ("chengang", CardAct.SIGN, ""),
        ("chengang", CardAct.REPLY, "已联系"),
        ("sunli", CardAct.ACCEPT, ""),
    ):
        handle_card(demo_office, who(demo_office, by), order.id, act, text)
        work(demo_office)
    assert ended(demo_office, support) == "End_Done" and cards(demo_office, case, "ORDER")[0].state == "CLOSED"
    assert actions_of(demo_office, case).count("card:replied") == 1


def test_an_order_that_supervision_closes_ends_its_case(demo_office: Office) -> None:
    case = received(demo_office)
    support = ordered(demo_office, case)
    handle_card(demo_office, who(demo_office, "sunli"), cards(demo_office, case, "ORDER")[0].id, CardAct.CLOSE)
    work(demo_office)
    assert ended(demo_office, support) == "TERMINATED"


def test_who_does_not_sign_loses_it_to_the_chief_representative(demo_office: Office, clock: Clock) -> None:
    case = received(demo_office)
    support = ordered(demo_office, case, to="zhangwei")
    until(demo_office, clock, "2026-03-17T12:30")
    assert task(demo_office, support).assignee == "chengang" and beside(demo_office, case) == support


ASKING = process(
    '<startEvent id="S"/><serviceTask id="Ask" name="建议督办" zw:action="start" zw:process="support_SP_02" zw:fields="order_card order_matter"/>'
    '<userTask id="T" name="等待"/><endEvent id="E"/>\nS -> Ask\nAsk -> T\nT -> E\n',
    "asking",
)


def test_what_a_diagram_asks_for_is_issued_by_supervision_first(demo_office: Office) -> None:
    put_up(demo_office, SUPPORT)
    deploy_text(demo_office, ASKING)
    given = {"order_card": None, "order_matter": "抽查发现材料未一次告知"}
    case = start_case(demo_office, ENGINE, key="asking", variables=given).id
    work(demo_office)
    support = beside(demo_office, case)
    assert task(demo_office, support).element == "Task_Issue"
    said = {"order_to": "104", "order_matter": "材料未一次告知", "order_demand": "整改"}
    answer(demo_office, support, "Task_Issue", "sunli", decision="issue", **said)
    assert task(demo_office, support).assignee == "chengang"
    [order] = cards(demo_office, case, "ORDER")
    assert order.detail["number"] == "DBD-2026-0001" and value(demo_office, support, "order_no") == "DBD-2026-0001"
