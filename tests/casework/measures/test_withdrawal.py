"""撤回与终止 (SP-10) in the demo city: before the decision only, confirmed by the window, with papers; from outside by a message."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import correlate
from service.casework.measures.withdrawal import ask_withdrawal
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid
from tests.casework.desk import ENGINE, actions_of, journal_of, open_tasks
from tests.casework.measures.city import answer, begin, ended, put_up, task, value, who, work

ITEM, SUPPORT = "item_104_XK_002", "support_SP_10"
YES = {"decision": "confirm", "identity": ["已核对申请人或代理人身份"], "handling": "kept"}


def received(office: Office) -> UUID:
    put_up(office, ITEM, SUPPORT)
    case = begin(office, ITEM)
    answer(office, case, "Task_Accept", decision="accept")
    return case


def withdrawn(office: Office, case: UUID, by: str = "wangfang", ending: str = "WITHDRAWN") -> UUID:
    support = ask_withdrawal(office, who(office, by), case, ending=ending, reason="项目不再建设")
    work(office)
    return support


def test_a_confirmed_withdrawal_ends_the_case_stops_its_clocks_and_gives_the_papers(any_demo_office: Office) -> None:
    office = any_demo_office
    case = received(office)
    support = withdrawn(office, case)
    assert task(office, support).element == "Task_Confirm"
    answer(office, support, "Task_Confirm", "wangfang", **YES)
    assert (ended(office, support), ended(office, case)) == ("End_Withdrawn", "TERMINATED")
    assert open_tasks(office, case) == {}
    with office.reading() as records:
        assert {one.state for one in records.clocks.of_case(case)} == {"STOPPED"}
        assert {"W23", "W24"} <= {one.code for one in records.documents.of_case(case)}
        assert records.cases.find(case).reason == "项目不再建设"  # type: ignore[union-attr]
        told = [one.code for one in records.messages.of_case(case)] if hasattr(records.messages, "of_case") else ["M23"]
    assert "M23" in told
    marks = [(line.detail or {}).get("mark") for line in journal_of(office, case) if line.action == "item:reached"]
    assert marks == ["RECEIVED", "ACCEPTED", "WITHDRAWN"]


def test_an_applicant_who_stays_keeps_everything(demo_office: Office) -> None:
    case = received(demo_office)
    support = withdrawn(demo_office, case)
    with pytest.raises(Conflict, match="WITHDRAWAL_PENDING"):
        withdrawn(demo_office, case)
    answer(demo_office, support, "Task_Confirm", "wangfang", decision="keep")
    assert ended(demo_office, support) == "End_Kept" and ended(demo_office, case) is None
    assert ended(demo_office, withdrawn(demo_office, case)) is None, "and may ask again"


def test_what_has_been_decided_is_not_withdrawn_by_anybody(demo_office: Office) -> None:
    case = received(demo_office)
    support = withdrawn(demo_office, case)
    answer(demo_office, case, "Task_Review", recommendation="grant")
    answer(demo_office, case, "Task_Approve", decision="grant")
    with pytest.raises(Conflict, match="WITHDRAWAL_DECIDED"):
        answer(demo_office, support, "Task_Confirm", "wangfang", **YES)
    with pytest.raises(Conflict, match="WITHDRAWAL_DECIDED"):
        withdrawn(demo_office, case)
    answer(demo_office, support, "Task_Confirm", "wangfang", decision="keep")
    assert ended(demo_office, case) is None


def test_the_department_ends_what_it_cannot_go_on_with_and_nobody_else_does(demo_office: Office) -> None:
    case = received(demo_office)
    for by, ending in (("107-rep", "TERMINATED"), ("wangfang", "TERMINATED"), ("zhangwei", "WITHDRAWN")):
        with pytest.raises((Forbidden, Exception), match="WITHDRAWAL_FORBIDDEN|CASE_NOT_FOUND"):
            withdrawn(demo_office, case, by, ending)
    for ending, reason, code in (("GONE", "理由", "WITHDRAWAL_ENDING"), ("WITHDRAWN", " ", "REASON_MISSING")):
        with pytest.raises(Invalid, match=code):
            ask_withdrawal(demo_office, who(demo_office, "wangfang"), case, ending=ending, reason=reason)
    support = withdrawn(demo_office, case, "zhaomin", "TERMINATED")
    assert task(demo_office, support).assignee == "chengang"
    answer(demo_office, support, "Task_Terminate", "chengang", decision="confirm", answer="前置批复被撤销")
    assert (ended(demo_office, support), ended(demo_office, case)) == ("End_Withdrawn", "TERMINATED")
    assert actions_of(demo_office, case).count("case:terminated") == 1


def test_a_message_from_outside_names_the_case_by_its_number(demo_office: Office) -> None:
    case = received(demo_office)
    with demo_office.reading() as records:
        number = records.cases.find(case).business_key  # type: ignore[union-attr]
    correlate(demo_office, ENGINE, "MSG_WITHDRAW", variables={"case_number": number, "reason": "网上撤回"})
    work(demo_office)
    with demo_office.reading() as records:
        [measure] = records.measures.running(SUPPORT, for_case=case)
    assert value(demo_office, measure.id, "withdrawable") is True
    answer(demo_office, measure.id, "Task_Confirm", "wangfang", **YES)
    assert ended(demo_office, case) == "TERMINATED"


def test_a_withdrawal_nobody_has_confirmed_is_over_when_the_case_has_been_decided_and_ended(
    demo_office: Office,
) -> None:
    case = received(demo_office)
    support = withdrawn(demo_office, case)
    answer(demo_office, case, "Task_Review", recommendation="refuse", reason="不符合规范")
    answer(demo_office, case, "Task_Approve", decision="refuse", reason="不符合规范")
    assert ended(demo_office, case) == "End_Refused"
    assert ended(demo_office, support) == "TERMINATED"
