"""Roles and which of them may not meet in one person (DOMAIN B.1, S-08, S-10). Names are gettext msgids."""

from __future__ import annotations

from collections.abc import Collection

ROLES = {
    "applicant": "申请人",
    "counter_clerk": "综合窗口受理人员",
    "reviewer_a": "A岗",
    "reviewer_b": "B岗",
    "inspector": "现场勘查人员",
    "chief_rep": "首席代表",
    "resident_leader": "分管领导",
    "dept_head": "部门主要负责人",
    "issue_clerk": "发证窗口",
    "agency_officer": "代办员",
    "lead_coordinator": "牵头部门协调人",
    "archivist": "档案员",
    "supervisor": "督查科",
    "complaint_officer": "投诉受理员",
    "business_office": "业务科",
    "legal_checker": "法制审核员",
    "process_designer": "流程设计员",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "audit_admin": "审计管理员",
    "leader": "领导",
    "service": "程序账号",
    "fee_manager": "收费部门",
    "finance": "财政",
    "cashier": "银行柜台（缴费台）",
}
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
BUSINESS = frozenset(
    {
        "counter_clerk",
        "reviewer_a",
        "reviewer_b",
        "inspector",
        "chief_rep",
        "resident_leader",
        "dept_head",
        "issue_clerk",
        "agency_officer",
        "lead_coordinator",
        "fee_manager",
        "finance",
        "cashier",
    }
)
OVERSIGHT = ("supervisor", "complaint_officer")  # hold no business task rights (S-10)
MONEY = (
    "fee_manager",
    "finance",
    "cashier",
)  # 收支两条线: who asks, who approves and who takes are three people (S-11)
WINDOWS = ("counter_clerk", "issue_clerk", "agency_officer")  # take no money (XZ-18)


def rule_between(first: str, second: str) -> str:
    """The duty rule that keeps two roles of `conflicting_roles` apart; empty for a program's account."""
    pair = {first, second}
    if pair & set(ADMINISTRATORS):
        return "S-08"
    if pair & set(OVERSIGHT):
        return "S-10"
    return "" if "service" in pair else "S-11"


def conflicting_roles(roles: Collection[str]) -> tuple[str, str] | None:
    """The first two roles that one person may not hold together, None when all may.

    The three administrators (三员) exclude each other and whatever else there is to do in the house (S-08; 等保 8.1.4.2.d),
    but not that one applies for something as a citizen; supervision and complaint
    officers hold no business role (S-10); who asks for money back, who approves it and who takes money are not one person; a program's account is
    nobody else.
    """
    business = sorted(BUSINESS.intersection(roles))
    held = [role for role in ADMINISTRATORS if role in roles]
    if len(held) > 1:
        return held[0], held[1]
    beside = sorted(set(roles) - {*ADMINISTRATORS, "applicant"})
    if held and beside:
        return held[0], beside[0]
    overseer = next((role for role in OVERSIGHT if role in roles), None)
    if overseer is not None and business:
        return overseer, business[0]
    money = [role for role in MONEY if role in roles]
    if len(money) > 1:
        return money[0], money[1]
    window = next((role for role in WINDOWS if role in roles), None)
    if window is not None and "cashier" in roles:
        return window, "cashier"
    others = sorted(set(roles) - {"service"})
    if "service" in roles and others:
        return "service", others[0]
    return None
