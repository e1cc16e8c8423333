"""Who may see and do what with money. A window takes none and marks nothing paid (XZ-18)."""

from __future__ import annotations

from service.casework.actors import Actor
from service.casework.rights import may_read
from service.rules.refusals import Forbidden, Missing
from service.store.bills import BillLineRow, BillRow
from service.store.records import Records

CENTRE = "201"  # its 收费部门 answers for every department's lines
MANAGERS = ("fee_manager",)
FINANCE = ("finance",)
CASHIERS = ("cashier",)
OVERSEERS = ("fee_manager", "finance", "supervisor", "business_office", "leader")  # see every bill
STANDARD_KEEPERS = ("fee_manager", "finance", "business_office")  # propose; 财政 approves
STANDARD_READERS = (*STANDARD_KEEPERS, "supervisor", "leader", "system_admin", "audit_admin")
OF_CASES = (  # see the bills of the cases they may read
    "counter_clerk",
    "issue_clerk",
    "agency_officer",
    "chief_rep",
    "resident_leader",
    "dept_head",
    "applicant",
)


def may_see_bill(records: Records, actor: Actor, bill: BillRow) -> bool:
    """Overseers and cashiers every bill, others those of cases they may read; reviewers none (P17)."""
    if actor.has(*OVERSEERS, *CASHIERS):
        return True
    case = records.cases.find(bill.case_id)
    return (
        case is not None
        and (actor.has(*OF_CASES) or case.started_by == actor.username)
        and may_read(records, actor, case)
    )


def require_bill(records: Records, actor: Actor, bill: BillRow | None) -> BillRow:
    """The bill, for who may see it. Refused: Missing BILL_NOT_FOUND for everybody else, as if there were none."""
    if bill is None or not may_see_bill(records, actor, bill):
        raise bill_missing()
    return bill


def bill_missing() -> Missing:
    """There is no such bill, or none for who asks."""
    return Missing("BILL_NOT_FOUND", "没有这张收费单，或者您无权查看。")


def require_manager(actor: Actor, lines: tuple[BillLineRow, ...] = ()) -> None:
    """收费部门: the department of one of the lines, or the centre's own. Refused: Forbidden FEE_MANAGERS_ONLY."""
    person = not MANAGERS_OF.isdisjoint(actor.roles)
    theirs = actor.department in (None, CENTRE) or any(line.department == actor.department for line in lines)
    if not person or not theirs:
        raise Forbidden("FEE_MANAGERS_ONLY", "只有收费部门可以进行此操作。")


def require_finance(actor: Actor) -> None:
    """财政, a person. Refused: Forbidden FINANCE_ONLY."""
    if FINANCE[0] not in actor.roles:
        raise Forbidden("FINANCE_ONLY", "只有财政部门可以进行此操作。")


def require_cashier(actor: Actor) -> None:
    """The bank's cashier, a person; windows, managers and programs are not. Refused: Forbidden CASHIERS_ONLY."""
    if CASHIERS[0] not in actor.roles:
        raise Forbidden("CASHIERS_ONLY", "窗口不收取现金，也不能确认缴费；只有银行柜台可以确认收款和退款。")


MANAGERS_OF = frozenset(MANAGERS)
