"""配套流程 of handling and administration: 督办, 延期, 撤回, 延续, 清理, 退费, 发布, 默许执行 (SP-02, 07, 10, 12, 13, 17, 18, 19).

What people do is a desk, what the service does is an act of `service/rules/acts.py`; rules, amounts and dates are not drawn.
"""

from __future__ import annotations

from pathlib import Path

from drawing.board import Board
from drawing.sheet import OTHERWISE

CENTRE = "201"
SUPERVISION = {"role": "supervisor", "dept": "", "stage": "SUPERVISE"}
WINDOW = {"role": "counter_clerk", "dept": CENTRE, "stage": "COORDINATE"}
OFFICE = {"role": "business_office", "dept": "", "stage": "COORDINATE"}
CHIEF = {"role": "chief_rep", "dept": "=department", "stage": "COORDINATE"}


def draw_measures(folder: Path) -> None:
    """Draw all of them into `folder`."""
    for board in (order(), extension(), withdrawal(), renewal(), review(), refund(), release(), silence()):
        board.write(folder)


def order() -> Board:
    """SP-02 督办: raised by rung L4 or by hand; answered, ruled on, done again once, then the 分管领导."""
    b = Board(
        "support_SP_02",
        "督办",
        "督办",
        {"督查": 1, "系统": 2, "责任人": 2, "分管领导": 1},
        "for_case order_card order_no order_person order_department order_limit order_rework",
    )
    responsible = {"role": "chief_rep", "dept": "=order_department", "stage": "COORDINATE",
                   "camunda__assignee": "=order_person"}  # fmt: skip
    b.start("Start_Order", "督办事由", "督查", form="measure_order")
    b.choice("Gateway_Raised", "是否已立单", 1, "督查")
    b.desk("Task_Issue", "签发督办单", 2, "督查", limit="2hd", form="measure_order_issue", **SUPERVISION,
           gives=("decision", "order_to", "order_matter", "order_demand"))  # fmt: skip
    b.choice("Gateway_Issue", "是否签发", 3, "督查")
    b.end("End_None", "不予督办", 4, "督查")
    b.act("Order", "立督办单", 3, "系统", action="order")
    b.mark("Issued", "督办单已立", 4, "系统", label=(912, 333), zw__doc="W26")
    b.desk("Task_Sign", "签收督办单", 4, "责任人", limit="2hd", form="measure_sign", late="escalate", **responsible)
    b.act("Signed", "登记签收", 5, "系统", action="order_step", deed="sign")
    b.desk("Task_Reply", "办理并回复", 6, "责任人", limit="=order_limit", form="measure_reply", late="escalate",
           gives=("order_reply",), **responsible)  # fmt: skip
    b.act("Replied", "登记回复", 7, "系统", action="order_step", deed="reply")
    b.desk("Task_Rule", "审核回复", 8, "督查", limit="2hd", form="measure_rule", gives=("conclusion", "ruling_note"),
           **SUPERVISION)  # fmt: skip
    b.choice("Gateway_Rule", "是否达标", 9, "督查")
    b.choice("Gateway_Again", "是否重办过", 9, "系统", 1)
    b.act("Rejected", "退回重办", 8, "系统", 1, action="order_step", deed="reject")
    b.act("Escalated", "升级并发红牌", 10, "系统", 1, action="order_step", deed="escalate")
    b.desk("Task_Interview", "约谈记录", 11, "分管领导", limit="2wd", form="measure_interview", gives=("interview",),
           role="resident_leader", dept="=order_department", stage="COORDINATE")  # fmt: skip
    b.act("Closed", "督办销号", 12, "系统", action="order_step", deed="close")
    b.end("End_Done", "完成", 13, "系统")
    b.flow("Start_Order", "Gateway_Raised")
    b.flow("Gateway_Raised", "Task_Issue", "待签发", "order_card = null")
    b.flow("Gateway_Raised", "Issued", "已立单", OTHERWISE)
    b.flow("Task_Issue", "Gateway_Issue")
    b.flow("Gateway_Issue", "End_None", "不督办", OTHERWISE)
    b.flow("Gateway_Issue", "Order", "签发", 'decision = "issue"')
    b.flow("Order", "Issued")
    b.flow("Issued", "Task_Sign")
    b.flow("Task_Sign", "Signed")
    b.flow("Signed", "Task_Reply")
    b.flow("Task_Reply", "Replied")
    b.flow("Replied", "Task_Rule")
    b.flow("Task_Rule", "Gateway_Rule")
    b.flow("Gateway_Rule", "Closed", "达标", 'conclusion = "met"')
    b.flow("Gateway_Rule", "Gateway_Again", "不达标", OTHERWISE)
    b.flow("Gateway_Again", "Rejected", "首次", "order_rework < 1")
    b.flow("Rejected", "Task_Reply", "退回")
    b.flow("Gateway_Again", "Escalated", "仍不达标", OTHERWISE)
    b.flow("Escalated", "Task_Interview")
    b.flow("Task_Interview", "Closed")
    b.flow("Closed", "End_Done")
    return b


def extension() -> Board:
    """SP-07 延期: asked for on the case page, decided by the head of the agency, for chains by the city's leader."""
    b = Board(
        "support_SP_07",
        "延期",
        "延期",
        {"首席代表": 1, "部门负责人": 2, "系统": 1},
        "for_case proceeding approver_role approver_department",
    )
    b.start("Start_Extension", "提出延期申请", "首席代表", form="measure_extension")
    b.desk("Task_Decide", "批准延期", 1, "部门负责人", role="=approver_role", dept="=approver_department",
           stage="APPROVE", limit="1wd", form="measure_extension_decide", gives=("decision",), late="record")  # fmt: skip
    b.act("Settle", "登记决定并重算时限", 2, "系统", action="extension")
    b.choice("Gateway_Extended", "是否延期", 3, "系统")
    b.end("End_Extended", "完成", 4, "系统")
    b.end("End_Refused", "未延期", 4, "首席代表")
    b.flow("Start_Extension", "Task_Decide")
    b.flow("Task_Decide", "Settle")
    b.flow("Settle", "Gateway_Extended")
    b.flow("Gateway_Extended", "End_Extended", "已延期", "extended = true")
    b.flow("Gateway_Extended", "End_Refused", "未延期", OTHERWISE)
    return b


def withdrawal() -> Board:
    """SP-10 撤回/终止: before the decision only; the window confirms the will, or the 首席代表 decides to end it."""
    b = Board(
        "support_SP_10",
        "撤回与终止",
        "撤回终止",
        {"综合窗口": 2, "首席代表": 1, "系统": 1},
        "for_case case_number ending node",
    )
    b.start("Start_Withdrawal", "提出撤回或终止", "综合窗口", form="measure_withdrawal", message="MSG_WITHDRAW")
    b.act("Check", "校验尚未决定", 1, "系统", action="withdrawal", deed="check")
    b.choice("Gateway_Open", "能否撤回", 2, "系统")
    b.desk("Task_Confirm", "确认申请人意愿", 3, "综合窗口", limit="1wd", form="measure_withdrawal_confirm",
           gives=("decision",), late="record", **WINDOW)  # fmt: skip
    b.desk("Task_Terminate", "决定终止办理", 3, "首席代表", limit="2wd", form="measure_termination",
           gives=("decision",), **CHIEF)  # fmt: skip
    b.choice("Gateway_Confirmed", "是否撤回或终止", 4, "首席代表")
    b.act("Withdraw", "停钟退件", 4, "系统", action="withdrawal", deed="end")
    b.choice("Gateway_Withdrawn", "是否已结束", 5, "系统")
    b.end("End_Withdrawn", "撤回", 6, "系统")
    b.end("End_Kept", "不撤回", 5, "首席代表")
    b.end("End_Late", "不能撤回", 6, "首席代表")
    b.flow("Start_Withdrawal", "Check")
    b.flow("Check", "Gateway_Open")
    b.flow("Gateway_Open", "Task_Confirm", "申请人撤回", 'withdrawable = true and ending != "TERMINATED"', leave="top")
    b.flow("Gateway_Open", "Task_Terminate", "机关终止", 'withdrawable = true and ending = "TERMINATED"')
    b.flow("Gateway_Open", "End_Late", "已决定", OTHERWISE, leave="bottom")
    b.flow("Task_Confirm", "Gateway_Confirmed")
    b.flow("Task_Terminate", "Gateway_Confirmed")
    b.flow("Gateway_Confirmed", "Withdraw", "确认", 'decision = "confirm"')
    b.flow("Gateway_Confirmed", "End_Kept", "继续办理", OTHERWISE)
    b.flow("Withdraw", "Gateway_Withdrawn")
    b.flow("Gateway_Withdrawn", "End_Withdrawn", "已结束", "withdrawn = true")
    b.flow("Gateway_Withdrawn", "End_Late", "已决定", OTHERWISE)
    return b


def renewal() -> Board:
    """SP-12 延续与视为准予延续: undecided at 24:00 of the last day, a renewal filed in time is granted by law (art. 50)."""
    b = Board(
        "support_SP_12",
        "延续与视为准予延续",
        "延续",
        {"综合窗口": 1, "系统": 2, "首席代表": 1, "督查": 1},
        "for_case certificate",
    )
    b.start("Start_Renewal", "提出延续申请", "综合窗口", form="measure_renewal")
    b.act("Register", "核对原证与期限", 1, "系统", action="renewal", deed="register")
    b.choice("Gateway_Time", "是否按期提出", 2, "系统")
    b.end("End_Late", "逾期申请", 3, "综合窗口")
    b.waits("Wait_Decision", "等待决定或届满", 3, "系统")
    b.catch("Decided", "延续已决定", 4, "系统", message="MSG_RENEWAL_DECIDED")
    b.catch("Expired", "届满未决定", 4, "系统", 1, message="MSG_RENEWAL_EXPIRED")
    b.act("Succeed", "登记延续结果", 5, "系统", action="renewal", deed="succeed")
    b.act("Deem", "视为准予延续", 5, "系统", 1, action="renewal", deed="deem")
    b.choice("Gateway_Deemed", "是否视为准予", 6, "系统", 1)
    b.end("End_Done", "完成", 7, "系统")
    b.desk("Task_Follow", "补办延续手续", 7, "首席代表", limit="5wd", form="measure_renewal_follow", **CHIEF)
    b.desk("Task_Check", "事后核查", 8, "督查", limit="5wd", form="measure_check", gives=("conclusion",), **SUPERVISION)
    b.end("End_Deemed", "视为准予延续", 9, "督查")
    b.flow("Start_Renewal", "Register")
    b.flow("Register", "Gateway_Time")
    b.flow("Gateway_Time", "End_Late", "未按期", OTHERWISE)
    b.flow("Gateway_Time", "Wait_Decision", "按期", "filed_in_time = true")
    b.flow("Wait_Decision", "Decided")
    b.flow("Wait_Decision", "Expired")
    b.flow("Decided", "Succeed")
    b.flow("Succeed", "End_Done")
    b.flow("Expired", "Deem")
    b.flow("Deem", "Gateway_Deemed")
    b.flow("Gateway_Deemed", "End_Done", "否", OTHERWISE)
    b.flow("Gateway_Deemed", "Task_Follow", "是", "deemed = true")
    b.flow("Task_Follow", "Task_Check")
    b.flow("Task_Check", "End_Deemed")
    return b


def review() -> Board:
    """SP-13 事项年度清理 and, without 公示, 季清理: begun by the calendar together with the list of the register."""
    b = Board(
        "support_SP_13",
        "事项清理",
        "事项清理",
        {"责任部门": 2, "业务科": 1, "法制审核": 1, "系统": 2},
        "review review_kind departments filing_limit",
    )
    b.start("Start_Review", "清理开始", "责任部门")
    b.script("Script_Begin", "登记清理", 1, "系统", text="legal_round = 0\ndecision = null")
    b.desk("Task_File", "部门申报", 2, "责任部门", limit="=filing_limit", form="measure_filing", late="escalate",
           each=("departments", "department"), **CHIEF)  # fmt: skip
    b.desk("Task_Sum", "业务科汇总", 3, "业务科", limit="5wd", form="measure_sum", **OFFICE)
    b.act("Sum", "登记汇总", 4, "系统", action="review", deed="sum")
    b.desk("Task_Legal", "法制审核", 5, "法制审核", limit="10wd", form="measure_legal", gives=("decision",), role="legal_checker",
           dept="", stage="COORDINATE")  # fmt: skip
    b.choice("Gateway_Legal", "审核意见", 6, "法制审核")
    b.act("Return", "退回业务科", 6, "系统", 1, action="review", deed="revise")
    b.script(
        "Script_Return",
        "登记退回次数",
        4,
        "系统",
        1,
        text="legal_round = legal_round + 1\nTask_Legal = null\ndecision = null",
    )
    b.end("End_Disagreed", "未公布", 7, "法制审核")
    b.act("Legal", "登记法制审核", 7, "系统", action="review", deed="check")
    b.choice("Gateway_Kind", "是否公示", 8, "系统")
    b.desk("Task_Public", "公示征求意见", 9, "业务科", limit="10wd", form="measure_public", gives=("objections",),
           role="business_office", dept="", stage="PUBLICITY")  # fmt: skip
    b.timer("Task_Public", "Over_Public", "公示期满", "PUBLICITY")
    b.desk(
        "Task_Answer",
        "处理意见并公布",
        10,
        "业务科",
        limit="3wd",
        form="measure_publish",
        gives=("decision",),
        **OFFICE,
    )
    b.act("Publish", "公布生效", 11, "系统", action="review", deed="publish")
    b.choice("Gateway_Published", "是否生效", 12, "系统")
    b.end("End_Published", "完成", 13, "系统")
    b.end("End_Stopped", "未公布", 13, "业务科")
    b.flow("Start_Review", "Script_Begin")
    b.flow("Script_Begin", "Task_File")
    b.flow("Task_File", "Task_Sum")
    b.flow("Task_Sum", "Sum")
    b.flow("Sum", "Task_Legal")
    b.flow("Task_Legal", "Gateway_Legal")
    b.flow("Gateway_Legal", "Legal", "通过", 'decision = "agree"', leave="right")
    b.flow("Gateway_Legal", "Return", "退回", 'decision != "agree" and legal_round < 3', leave="bottom")
    b.flow("Gateway_Legal", "End_Disagreed", "仍不通过", OTHERWISE, leave="top")
    b.flow("Return", "Script_Return")
    b.flow("Script_Return", "Task_Sum")
    b.flow("Legal", "Gateway_Kind")
    b.flow("Gateway_Kind", "Task_Public", "年度清理", 'review_kind = "YEARLY"')
    b.flow("Gateway_Kind", "Task_Answer", "季清理", OTHERWISE)
    b.flow("Task_Public", "Task_Answer")
    b.flow("Over_Public", "Task_Answer")
    b.flow("Task_Answer", "Publish")
    b.flow("Publish", "Gateway_Published")
    b.flow("Gateway_Published", "End_Published", "已生效", "published = true")
    b.flow("Gateway_Published", "End_Stopped", "未公布", OTHERWISE)
    return b


def refund() -> Board:
    """SP-17 退费: asked for, reviewed by the charging department, approved by 财政, given back the way it came."""
    b = Board(
        "support_SP_17",
        "退费",
        "退费",
        {"综合窗口": 1, "收费部门": 2, "财政": 2, "系统": 1},
        "for_case payment refund amount",
    )
    b.start("Start_Refund", "申请退费", "综合窗口", form="measure_refund")
    b.choice("Gateway_Reviewed", "是否已审核", 1, "收费部门")
    b.desk("Task_Review", "审核退费", 2, "收费部门", role="fee_manager", dept="=department", stage="REVIEW", limit="2wd",
           form="measure_refund_review", gives=("decision", "answer"), late="record")  # fmt: skip
    b.choice("Gateway_Review", "是否同意退费", 3, "收费部门")
    b.act("Ask", "登记退费申请", 3, "系统", action="refund", deed="ask")
    b.desk("Task_Approve", "批准退费", 4, "财政", role="finance", dept="", stage="APPROVE", limit="2wd",
           form="measure_refund_approve", gives=("decision", "answer"), late="record")  # fmt: skip
    b.act("Settle", "原路退回", 5, "系统", action="refund", deed="settle")
    b.choice("Gateway_Settled", "是否退付", 6, "系统")
    b.end("End_Refunded", "完成", 7, "系统")
    b.end("End_Refused", "不予退费", 7, "收费部门")
    b.flow("Start_Refund", "Gateway_Reviewed")
    b.flow("Gateway_Reviewed", "Task_Review", "未审核", OTHERWISE)
    b.flow("Gateway_Reviewed", "Ask", "已审核", "refund != null")
    b.flow("Task_Review", "Gateway_Review")
    b.flow("Gateway_Review", "End_Refused", "不同意", OTHERWISE)
    b.flow("Gateway_Review", "Ask", "同意", 'decision = "agree"')
    b.flow("Ask", "Task_Approve")
    b.flow("Task_Approve", "Settle")
    b.flow("Settle", "Gateway_Settled")
    b.flow("Gateway_Settled", "End_Refunded", "已退付", "refunding = true")
    b.flow("Gateway_Settled", "End_Refused", "不批准", OTHERWISE)
    return b


def release() -> Board:
    """SP-18 流程发布: three persons (S-07), 法制 when limits, silence or fees change; what is at work stays as it began."""
    b = Board(
        "support_SP_18", "流程发布", "流程发布", {"流程设计员": 1, "业务科": 2, "法制审核": 1, "系统管理员": 1, "系统": 1},
        "release",
    )  # fmt: skip
    b.start("Start_Release", "提交发布", "流程设计员", form="measure_release")
    b.act("Examine", "校验", 1, "系统", action="release", deed="examine")
    b.choice("Gateway_Valid", "校验是否通过", 2, "系统")
    b.end("End_Invalid", "校验未通过", 3, "系统")
    b.desk("Task_Office", "业务科审核", 3, "业务科", role="business_office", dept="", stage="REVIEW", limit="2wd",
           form="measure_release_review", gives=("decision",), late="record")  # fmt: skip
    b.choice("Gateway_Office", "业务科意见", 4, "业务科")
    b.desk("Task_Legal", "法制审核", 5, "法制审核", role="legal_checker", dept="", stage="COORDINATE", limit="2wd",
           form="measure_release_review", gives=("decision",))  # fmt: skip
    b.choice("Gateway_Legal", "法制意见", 6, "法制审核")
    b.desk("Task_Deploy", "确认部署", 7, "系统管理员", role="system_admin", dept="", stage="COORDINATE", limit="1wd",
           form="measure_release_deploy", gives=("decision",))  # fmt: skip
    b.act("Deploy", "部署生效", 8, "系统", action="release", deed="deploy")
    b.choice("Gateway_Released", "是否生效", 9, "系统")
    b.act("Report", "影响面报告", 10, "系统", action="release", deed="report")
    b.act("Sheet", "出具流程发布单", 11, "系统", action="document", doc="W38")
    b.end("End_Released", "完成", 12, "系统")
    b.end("End_Rejected", "不予发布", 10, "业务科", label=(1932, 333))
    b.flow("Start_Release", "Examine")
    b.flow("Examine", "Gateway_Valid")
    b.flow("Gateway_Valid", "Task_Office", "通过", "valid = true")
    b.flow("Gateway_Valid", "End_Invalid", "有错误", OTHERWISE)
    b.flow("Task_Office", "Gateway_Office")
    b.flow("Gateway_Office", "Task_Legal", "须法制审核", 'decision = "agree" and legal_needed = true')
    b.flow("Gateway_Office", "Task_Deploy", "同意", 'decision = "agree"', leave="bottom")
    b.flow("Gateway_Office", "End_Rejected", "不同意", OTHERWISE, leave="top")
    b.flow("Task_Legal", "Gateway_Legal")
    b.flow("Gateway_Legal", "Task_Deploy", "同意", 'decision = "agree"')
    b.flow("Gateway_Legal", "End_Rejected", "不同意", OTHERWISE)
    b.flow("Task_Deploy", "Deploy")
    b.flow("Deploy", "Gateway_Released")
    b.flow("Gateway_Released", "Report", "已生效", "released = true")
    b.flow("Gateway_Released", "End_Rejected", "未部署", OTHERWISE)
    b.flow("Report", "Sheet")
    b.flow("Sheet", "End_Released")
    return b


def silence() -> Board:
    """SP-19 超时默许执行: what silence has decided is carried out and looked at afterwards, or is explained when held."""
    b = Board(
        "support_SP_19",
        "超时默许执行",
        "默许执行",
        {"系统": 1, "督查": 1, "责任部门": 1, "业务科": 1},
        "for_case clock_id item_scope",
    )
    b.start("Start_Silence", "默许触发", "系统")
    b.act("State", "检查例外情形", 1, "系统", action="tacit")
    b.choice("Gateway_Held", "是否暂缓", 2, "系统")
    b.desk("Task_Explain", "说明暂缓理由", 3, "督查", limit="1wd", form="measure_explain", gives=("explanation",),
           **SUPERVISION)  # fmt: skip
    b.end("End_Held", "挂起", 4, "督查")
    b.desk("Task_Certificate", "补发证照", 3, "责任部门", limit="1wd", form="measure_certificate", **CHIEF)
    b.timer("Task_Certificate", "Over_Certificate", "逾期未补发", "COORDINATE")
    b.desk("Task_Centre", "业务科代发证照", 4, "业务科", limit="1wd", form="measure_certificate", **OFFICE)
    b.desk("Task_Check", "事后核查", 5, "督查", limit="5wd", form="measure_check", gives=("conclusion",), **SUPERVISION)
    b.choice("Gateway_Lawful", "是否合法", 6, "督查")
    b.end("End_Done", "完成", 7, "督查")
    b.act("Revoke", "移送撤销留痕", 6, "系统", action="record")
    b.end("End_Revoke", "移送撤销", 7, "系统")
    b.flow("Start_Silence", "State")
    b.flow("State", "Gateway_Held")
    b.flow("Gateway_Held", "Task_Explain", "暂缓", "tacit_held = true")
    b.flow("Gateway_Held", "Task_Certificate", "默许", OTHERWISE)
    b.flow("Task_Explain", "End_Held")
    b.flow("Task_Certificate", "Task_Check")
    b.flow("Over_Certificate", "Task_Centre")
    b.flow("Task_Centre", "Task_Check")
    b.flow("Task_Check", "Gateway_Lawful")
    b.flow("Gateway_Lawful", "End_Done", "合法", OTHERWISE)
    b.flow("Gateway_Lawful", "Revoke", "违法", 'conclusion = "unlawful"')
    b.flow("Revoke", "End_Revoke")
    return b
