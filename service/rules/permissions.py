"""The permission matrix of the domain (DOMAIN B.2) as data: which role may do what to which objects, and where the service
differs from it on purpose.

A cell is a word for each act, C create, R read, U change, X perform or decide, A approve, with its scope: `o` own, `d` own
department, `c` centre, `a` all, `m` masked, `h` while the task is held, `r` with a reason. Roles without a word have none.
"""

from __future__ import annotations

from dataclasses import dataclass

ACTS = frozenset("CRUXA")
CHANGING = frozenset("CUXA")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One line of the matrix. `cells`: role → acts with their scope, as in the domain."""

    code: str
    name: str
    cells: dict[str, str]

    def changes(self, role: str) -> bool:
        """Whether the matrix lets the role change something by this operation."""
        return bool(CHANGING & set(self.cells.get(role, "")))

    def touches(self, role: str) -> bool:
        """Whether the matrix gives the role anything at all here."""
        return bool(ACTS & set(self.cells.get(role, "")))


def _line(code: str, name: str, cells: str) -> Operation:
    """`role:acts` by blanks; several roles by `+`."""
    told: dict[str, str] = {}
    for word in cells.split():
        roles, _, acts = word.partition(":")
        told |= dict.fromkeys(roles.split("+"), acts)
    return Operation(code=code, name=name, cells=told)


DESKS = "chief_rep+resident_leader+dept_head"
MATRIX = {
    one.code: one
    for one in (
        _line("P02", "事项、材料、环节计划", "chief_rep:Cd dept_head:Ad supervisor:R business_office:X legal_checker+fee_manager+finance:A process_designer:C"),
        _line("P03", "年度清单", "chief_rep:Cd dept_head:Ad supervisor+leader:R business_office:X legal_checker:A"),
        _line("P04", "申请草稿", "applicant+agency_officer:Co counter_clerk:C"),
        _line("P05", "申报", "applicant+agency_officer:Xo counter_clerk:X"),
        _line("P06", "收件、补正、受理", "counter_clerk:X chief_rep:Xd supervisor+business_office:R"),
        _line("P07", "查看办件", f"applicant+agency_officer:Ro counter_clerk:Ro reviewer_a+reviewer_b:Rhm inspector:Rh {DESKS}:Rdm issue_clerk:R lead_coordinator:Rm supervisor:Rar complaint_officer:R business_office:Ram fee_manager+finance:R leader:Rm"),
        _line("P08", "审核", "reviewer_a+reviewer_b:Xh chief_rep:Xd"),
        _line("P09", "勘查记录", "applicant+agency_officer:Ro inspector:Xh chief_rep:Rd lead_coordinator+supervisor:R"),
        _line("P10", "批准", f"{DESKS}:X"),
        _line("P11", "改派、接办", f"{DESKS}:Xd"),
        _line("P12", "停止、恢复计时", f"counter_clerk+reviewer_a+reviewer_b+lead_coordinator:C {DESKS}:Xd supervisor:R"),
        _line("P13", "延长期限", "chief_rep+lead_coordinator:C dept_head:A supervisor:R"),
        _line("P15", "撤回申请", "applicant+agency_officer:Xo"),
        _line("P16", "发证、送达", "issue_clerk:X supervisor+business_office:R"),
        _line("P18", "缴费、退费", "applicant:X cashier:X fee_manager:C finance:A"),
        _line("P19", "联审会议", f"{DESKS}:U agency_officer+lead_coordinator:X supervisor+business_office:R leader:X"),
        _line("P20", "监察", f"{DESKS}:U supervisor:X business_office+leader:R"),
        _line("P21", "投诉", f"applicant+agency_officer:Co counter_clerk:C reviewer_a+reviewer_b:U {DESKS}:U supervisor+complaint_officer:X business_office+leader:R"),
        _line("P22", "评价", "applicant+agency_officer:Co counter_clerk+issue_clerk:X supervisor+complaint_officer+business_office+leader:R"),
        _line("P23", "流程图", "process_designer:X business_office+legal_checker+system_admin+audit_admin:R"),
        _line("P24", "批准流程版本", "chief_rep:Ad business_office+legal_checker:A audit_admin:R"),
        _line("P25", "部署、停用、迁移", "system_admin:X supervisor+business_office+audit_admin:R"),
        _line("P26", "用户、角色、岗位", "business_office:C security_admin:X audit_admin:RA"),
        _line("P27", "授权委托书", "chief_rep+resident_leader:R dept_head:CA supervisor:R business_office:U security_admin:X audit_admin:R"),
        _line("P28", "工作日历", "business_office:C system_admin:X supervisor+audit_admin:R"),
        _line("P29", "默许级别", "chief_rep:C dept_head:A legal_checker:A security_admin:X supervisor+business_office+audit_admin:R"),
        _line("P30", "统计", f"reviewer_a+reviewer_b:Rd {DESKS}:Rd issue_clerk+agency_officer+lead_coordinator:R supervisor:Ra complaint_officer:R business_office:X fee_manager+finance+audit_admin:R leader:Ra"),
        _line("P31", "审计", "supervisor:R audit_admin:X"),
        _line("P32", "档案", "counter_clerk+issue_clerk:C archivist:CU supervisor+business_office+audit_admin:R"),
        _line("P33", "查看联系方式", "applicant:Ro counter_clerk+issue_clerk+agency_officer:R inspector:R chief_rep+resident_leader:Rdr supervisor+complaint_officer:Rr"),
    )
}  # fmt: skip
"""B.2, line by line. R02 acts as the applicant, R13 as agency officer (secretary) and leader (convener), R20 is three roles (S-11)."""

DEVIATIONS = {
    ("P06", "issue_clerk"): "任何窗口都可收下补交的材料",
    ("P06", "agency_officer"): "代办员代申请人提交材料",
    ("P08", "resident_leader"): "批准人在决定前也可核验材料",
    ("P08", "dept_head"): "批准人在决定前也可核验材料",
    ("P12", "supervisor"): "监察依命令（查处、法院、系统停机）停止计时，逐件写明理由",
    ("P12", "business_office"): "业务科为全中心登记系统停机、不可抗力",
    ("P12", "system_admin"): "系统管理员为全中心登记系统停机",
    ("P13", "reviewer_a"): "承办人提出，由部门主要负责人批准（S-14）",
    ("P13", "reviewer_b"): "承办人提出，由部门主要负责人批准（S-14）",
    ("P13", "resident_leader"): "分管领导提出，由部门主要负责人批准（S-14）",
    ("P15", "counter_clerk"): "窗口收申请人签名的书面撤回，须经申请人确认（SP-10）",
    ("P16", "reviewer_a"): "承办部门把制好的结果移交发证窗口，不直接发给申请人",
    ("P16", "reviewer_b"): "承办部门把制好的结果移交发证窗口，不直接发给申请人",
    ("P16", "chief_rep"): "承办部门把制好的结果移交发证窗口，不直接发给申请人",
    ("P16", "resident_leader"): "承办部门把制好的结果移交发证窗口，不直接发给申请人",
    ("P18", "counter_clerk"): "只提出退费、减免，由财政批准（S-11）",
    ("P18", "issue_clerk"): "只提出减免，由财政批准（S-11）",
    ("P18", "agency_officer"): "只提出退费、减免，由财政批准（S-11）",
    ("P18", "chief_rep"): "只提出退费，由财政批准（S-11）",
    ("P18", "resident_leader"): "只提出退费，由财政批准（S-11）",
    ("P18", "dept_head"): "只提出退费，由财政批准（S-11）",
    ("P25", "business_office"): "迁移须由拟定方案、部署新版本以外的第二人开始（S-07），业务科是这第二人",
    ("P25", "process_designer"): "流程设计员拟定迁移方案并试算，不能自己开始",
}
"""What the service lets a role change that the matrix does not, and why."""


def allowed_to_change(code: str, role: str) -> bool:
    """Whether a role may change something by an operation: by the matrix, or by a deviation with its reason."""
    return MATRIX[code].changes(role) or (code, role) in DEVIATIONS
