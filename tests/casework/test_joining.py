"""会审部门 of a running chain: asked by who leads, awaited, let go; and one item that is taken back or left out by itself."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from service.casework import complete_task
from service.casework.actors import SYSTEM
from service.casework.chains.joining import join_department, join_page, leave_department, preview_join
from service.casework.chains.withdrawing import split_of
from service.casework.deploying import deploy
from service.casework.matrices import change_matrix, matrix_page
from service.casework.measures.showing import offers
from service.casework.measures.withdrawal import ask_withdrawal
from service.casework.office import Office
from service.casework.returning import Ground, end_case, end_preview
from service.rules.refusals import Conflict, Forbidden, Invalid, Refusal
from service.store.bills import BillLineRow, BillRow
from service.store.records import Records
from service.store.tasks import TaskRow
from tests.casework.clocks.items import lines_of
from tests.casework.clocks.test_joint_chains import state
from tests.casework.desk import ENGINE, KEEPER, open_tasks
from tests.casework.measures.city import answer, ended, work
from tests.casework.test_matrices import accepted, reply, who
from tests.conftest import Clock
from tests.processes.library import resources

SUPPORT = "support_SP_10"
YES = {"decision": "confirm", "identity": ["已核对申请人或代理人身份"], "handling": "returned", "receiver": "李昭"}


def asked(office: Office, case_id: UUID) -> list[TaskRow]:
    """The desks of the departments that are asked besides."""
    return [one for one in state(office, case_id)[0] if one.element == "Task_Joined"]


def test_who_leads_asks_a_department_and_it_is_somebodys_work_with_a_limit(demo_office: Office, clock: Clock) -> None:
    case_id = accepted(demo_office, clock)
    lead = who(demo_office, "101-rep")
    seen = preview_join(demo_office, lead, case_id, department="108", days=3)
    assert seen.reviewers and not seen.late and asked(demo_office, case_id) == []
    join_department(demo_office, lead, case_id, department="108", matter="弃渣场", days=3, reason="踏勘发现")
    (task,) = asked(demo_office, case_id)
    assert (task.department, task.role, task.due_at) == ("108", "reviewer_a", seen.by)
    (line,) = lines_of(demo_office, case_id, "chain:changed")
    assert line.actor == "101-rep" and line.detail is not None
    assert (line.detail["department"], line.detail["joined"], line.detail["matter"]) == ("108", True, "弃渣场")
    with pytest.raises(Conflict, match="JOIN_OPEN"):
        join_department(demo_office, lead, case_id, department="108", matter="弃渣场", reason="再问一次")
    complete_task(demo_office, ENGINE, task.id, answers={"conclusion": "agree", "opinion": "可以"})
    page = join_page(demo_office, lead, case_id)
    assert [(one.department, one.conclusion, one.task) for one in page.asked] == [("108", "agree", None)]
    assert page.open and page.may and "108" in page.offered
    assert not join_page(demo_office, who(demo_office, "wangfang"), case_id).may


def test_a_department_that_has_not_answered_is_let_go_and_what_was_said_stays(
    demo_office: Office, clock: Clock
) -> None:
    case_id = accepted(demo_office, clock)
    lead = who(demo_office, "102-rep")
    for department in ("108", "107"):
        join_department(demo_office, lead, case_id, department=department, matter="会审", reason="牵头部门提出")
    first, second = asked(demo_office, case_id)
    complete_task(demo_office, ENGINE, first.id, answers={"conclusion": "disagree", "reason": "占用河道"})
    with pytest.raises(Conflict, match="JOIN_ANSWERED"):
        leave_department(demo_office, lead, case_id, first.id, reason="不需要")
    with pytest.raises(Forbidden, match="LEAD_ONLY"):
        leave_department(demo_office, who(demo_office, "108-rep"), case_id, second.id, reason="不需要")
    leave_department(demo_office, lead, case_id, second.id, reason="范围调整，不涉及绿地")
    assert asked(demo_office, case_id) == []
    page = join_page(demo_office, who(demo_office, "wangfang"), case_id)
    assert [(one.department, one.conclusion) for one in page.asked] == [(first.department, "disagree")]
    assert [one.detail["joined"] for one in lines_of(demo_office, case_id, "chain:changed") if one.detail] == [
        True,
        True,
        False,
    ]


def test_what_cannot_be_asked_is_refused_by_name(demo_office: Office, clock: Clock) -> None:
    case_id = accepted(demo_office, clock)
    lead = who(demo_office, "101-rep")
    for username, code in (("108-rep", "CASE_NOT_FOUND"), ("wangfang", "LEAD_ONLY")):
        with pytest.raises(Refusal, match=code):
            join_department(
                demo_office, who(demo_office, username), case_id, department="108", matter="会审", reason="理由"
            )
    for given, code in (
        ({"reason": " "}, "REASON_MISSING"),
        ({"matter": ""}, "JOIN_MATTER"),
        ({"days": 0}, "JOIN_DAYS"),
        ({"department": "999"}, "DEPARTMENT_UNKNOWN"),
    ):
        wanted = {"department": "108", "matter": "会审", "reason": "理由", "days": 3, **given}
        with pytest.raises(Invalid, match=code):
            join_department(demo_office, lead, case_id, **wanted)  # type: ignore[arg-type]
    assert asked(demo_office, case_id) == []


def test_an_optional_item_that_runs_is_left_out_with_its_papers_and_the_chain_goes_on(
    demo_office: Office, clock: Clock
) -> None:
    case_id = accepted(demo_office, clock)
    lead = who(demo_office, "101-rep")
    change_matrix(demo_office, lead, case_id, node="Water", join=True, reason="现场踏勘发现弃渣场")
    for _ in range(40):
        work(demo_office)
        tasks, rows = state(demo_office, case_id)
        process = {row.id: row.process for row in rows}
        if any(process.get(one.id) == "item_108_XK_002" for one in tasks):
            break
        complete_task(demo_office, ENGINE, tasks[0].id, answers=reply(tasks[0].element, tasks[0].id))
    assert next(one for one in matrix_page(demo_office, lead, case_id).nodes if one.node == "Water").running
    change_matrix(demo_office, lead, case_id, node="Water", join=False, reason="弃渣场取消")
    work(demo_office)
    tasks, rows = state(demo_office, case_id)
    open_in = {row.id: row.process for row in rows}
    assert all(open_in.get(one.id) != "item_108_XK_002" for one in tasks) and tasks
    assert {one.state for one in rows if one.process == "item_108_XK_002"} == {"STOPPED"}
    marks = [line.detail["mark"] for line in lines_of(demo_office, case_id, "item:reached") if line.detail]
    assert marks[-1] == "TERMINATED"
    with demo_office.reading() as records:
        assert {"W23", "W24"} <= {one.code for one in records.documents.of_case(case_id)}
    with pytest.raises(Conflict, match="NODE_BEGUN"):
        change_matrix(demo_office, lead, case_id, node="Water", join=True, reason="还是要")


def test_an_applicant_takes_one_item_back_and_its_lead_says_how_the_chain_goes_on(
    demo_office: Office, clock: Clock
) -> None:
    case_id = accepted(demo_office, clock)
    deploy(demo_office, SYSTEM, "撤回", resources(SUPPORT))
    work(demo_office)
    clerk = who(demo_office, "wangfang")
    assert ("Record", "项目备案") in offers(demo_office, clerk, case_id).items
    with pytest.raises(Conflict, match="NODE_NOT_RUNNING"):
        ask_withdrawal(demo_office, clerk, case_id, ending="WITHDRAWN", reason="不办了", node="Permit")
    with pytest.raises(Invalid, match="WITHDRAWAL_ENDING"):
        ask_withdrawal(demo_office, clerk, case_id, ending="TERMINATED", reason="不办了", node="Record")
    support = ask_withdrawal(demo_office, clerk, case_id, ending="WITHDRAWN", reason="改为核准", node="Record")
    work(demo_office)
    answer(demo_office, support, "Task_Confirm", "wangfang", **YES)
    assert ended(demo_office, support) == "End_Withdrawn" and ended(demo_office, case_id) is None
    tasks = open_tasks(demo_office, case_id)
    assert "Task_Coordinate_Record" in tasks
    assert tasks["Task_Coordinate_Record"].department == "101"
    reached = [line.detail for line in lines_of(demo_office, case_id, "item:reached") if line.detail]
    assert reached[-1]["mark"] == "WITHDRAWN" and reached[-1]["scope"]
    with demo_office.reading() as records:
        assert {"W23", "W24"} <= {one.code for one in records.documents.of_case(case_id)}
    answer(demo_office, case_id, "Task_Coordinate_Record", ruling="terminate", opinion="缺备案不能继续")
    assert ended(demo_office, case_id) == "End_Terminated_Record"
    work(demo_office)
    with demo_office.reading() as records:
        notices = [one for one in records.documents.of_case(case_id) if one.code == "W24"]
    assert [one.state for one in notices if one.scope_id is None] == ["ISSUED"]  # of the chain itself


def test_who_leads_cannot_sum_up_before_everybody_has_answered(demo_office: Office, clock: Clock) -> None:
    case_id = accepted(demo_office, clock)
    join_department(
        demo_office, who(demo_office, "101-rep"), case_id, department="108", matter="弃渣场", days=10, reason="踏勘发现"
    )
    for _ in range(120):
        work(demo_office)
        tasks = [one for one in state(demo_office, case_id)[0] if one.element != "Task_Joined"]
        if any(one.element == "Task_JoinedSum" for one in tasks):
            break
        complete_task(demo_office, ENGINE, tasks[0].id, answers=reply(tasks[0].element, tasks[0].id))
    summing = open_tasks(demo_office, case_id)["Task_JoinedSum"]
    said = {"joined_ruling": "proceed", "opinion": "采纳"}
    with pytest.raises(Conflict, match="OPINIONS_OPEN"):
        complete_task(demo_office, ENGINE, summing.id, answers=said)
    (task,) = asked(demo_office, case_id)
    complete_task(demo_office, ENGINE, task.id, answers={"conclusion": "agree"})
    complete_task(demo_office, ENGINE, summing.id, answers=said)
    assert "Task_JoinedSum" not in open_tasks(demo_office, case_id)
    with pytest.raises(Conflict, match="JOIN_LATE"):
        preview_join(demo_office, who(demo_office, "101-rep"), case_id, department="107", days=3)


def one_decided(office: Office, clock: Clock) -> UUID:
    """A chain of which 项目备案 has been granted and waits for the joint issue, 用地规划许可 runs."""
    case_id = accepted(office, clock)
    while not any(line.detail["mark"] == "DECIDED_YES" for line in lines_of(office, case_id, "item:reached")):
        tasks, _ = state(office, case_id)
        complete_task(office, ENGINE, tasks[0].id, answers=reply(tasks[0].element, tasks[0].id))
    tasks, _ = state(office, case_id)
    said = {"certificate_no": "云-2603-01", "delivery": "joint"}
    complete_task(office, ENGINE, tasks[0].id, answers=reply(tasks[0].element, tasks[0].id) | said)
    work(office)
    return case_id


def test_a_keeper_ends_a_chain_as_its_applicant_would_and_what_was_granted_stands(
    demo_office: Office, clock: Clock
) -> None:
    case_id = one_decided(demo_office, clock)
    seen = end_preview(demo_office, KEEPER, case_id)
    assert (seen.ends, seen.stands) == (("用地规划许可",), ("项目备案",))
    end_case(demo_office, KEEPER, case_id, ground=Ground.GONE, reason="企业已注销", seen=seen.mark)
    assert ended(demo_office, case_id) == "TERMINATED"
    (line,) = lines_of(demo_office, case_id, "case:terminated")
    assert line.detail is not None and line.detail["ground"] == "GONE"
    assert "随同终止：用地规划许可" in line.detail["reason"] and "不受影响：项目备案" in line.detail["reason"]
    with demo_office.reading() as records:
        (fetched,) = [one for one in records.deliveries.of_case(case_id) if one.certificates]
        assert (fetched.state, fetched.way) == ("WAITING", "PICKUP")


def test_a_chain_does_not_end_while_an_item_it_has_granted_owes_its_fee(demo_office: Office, clock: Clock) -> None:
    case_id = one_decided(demo_office, clock)
    with demo_office.transaction() as records:
        row = records.cases.lock(case_id)
        assert row is not None
        split = split_of(demo_office, records, row)
        assert split is not None
        owe(records, case_id, split.stands[0].scope)
    for end in (
        lambda: ask_withdrawal(
            demo_office, who(demo_office, "wangfang"), case_id, ending="WITHDRAWN", reason="不再建设"
        ),
        lambda: end_case(demo_office, KEEPER, case_id, ground=Ground.LAPSED, reason="地块收回"),
    ):
        with pytest.raises(Conflict, match="WITHDRAWAL_UNPAID"):
            end()
    assert ended(demo_office, case_id) is None


def owe(records: Records, case_id: UUID, scope: UUID) -> None:
    """An open bill with one line of an item."""
    bill = BillRow(
        id=uuid4(), number="F-1", case_id=case_id, scope_id=None, state="ISSUED", total=Decimal("100.00"), owed=True,
        subject="项目备案", issued_at=records.now, issued_on=records.now.date(), issued_by=None, due_on=records.now.date(),
        abandon_on=None, key=None, basis={},
    )  # fmt: skip
    line = BillLineRow(
        bill_id=bill.id, position=1, scope_id=scope, department="101", name="示例费", item="101-QT-001", basis="", formula="",
        inputs={}, exempted=Decimal(0), amount=Decimal("100.00"), reason="", standard="", version=None, mandatory=True,
    )  # fmt: skip
    records.bills.add(bill, [line])


def test_a_chain_is_taken_back_when_an_item_has_been_decided_which_stands_and_is_handed_out_by_itself(
    demo_office: Office, clock: Clock
) -> None:
    case_id = accepted(demo_office, clock)
    deploy(demo_office, SYSTEM, "撤回", resources(SUPPORT))
    clerk = who(demo_office, "wangfang")
    tasks, _ = state(demo_office, case_id)
    (desk,) = [one for one in tasks if one.element == "Task_Accept"]
    while not any(line.detail["mark"] == "DECIDED_YES" for line in lines_of(demo_office, case_id, "item:reached")):
        tasks, _ = state(demo_office, case_id)
        complete_task(demo_office, ENGINE, tasks[0].id, answers=reply(tasks[0].element, tasks[0].id))
    with pytest.raises(Conflict, match="WITHDRAWAL_ISSUING"):
        ask_withdrawal(demo_office, clerk, case_id, ending="WITHDRAWN", reason="项目不再建设")
    assert not offers(demo_office, clerk, case_id).whole
    tasks, _ = state(demo_office, case_id)
    said = {"certificate_no": "云-2603-01", "delivery": "joint"}
    complete_task(demo_office, ENGINE, tasks[0].id, answers=reply(tasks[0].element, tasks[0].id) | said)
    work(demo_office)
    seen = offers(demo_office, clerk, case_id)
    assert seen.whole and seen.stands == ("项目备案",) and seen.ends == ("用地规划许可",)
    support = ask_withdrawal(demo_office, clerk, case_id, ending="WITHDRAWN", reason="项目不再建设")
    work(demo_office)
    answer(demo_office, support, "Task_Confirm", "wangfang", **YES)
    assert (ended(demo_office, support), ended(demo_office, case_id)) == ("End_Withdrawn", "TERMINATED")
    reached = [line.detail for line in lines_of(demo_office, case_id, "item:reached") if line.detail]
    assert [one["mark"] for one in reached][-2:] == ["WITHDRAWN", "WITHDRAWN"]
    assert reached[-2].get("scope") and not reached[-1].get("scope"), "the item that ran, then the chain"
    with demo_office.reading() as records:
        (fetched,) = [one for one in records.deliveries.of_case(case_id) if one.certificates]
        assert (fetched.state, fetched.way) == ("WAITING", "PICKUP")
        papers = {one.code: one for one in records.documents.of_case(case_id)}
        assert {"W23", "W24"} <= papers.keys()
        reason = str(papers["W24"].facts["reason"])
        assert "随同撤回：用地规划许可" in reason and "不受影响：项目备案" in reason
