"""Names of the events procedures may send and hear (DOMAIN E.2.4): one registry, so that who sends finds who listens."""

from __future__ import annotations

MESSAGES = {
    "MSG_WITHDRAW": "撤回",
    "MSG_SUPPLEMENT": "补正到齐",
    "MSG_PAID": "缴费到账",
    "MSG_BILL_CANCELLED": "账单撤销",
    "MSG_BILL_ABANDONED": "逾期未缴",
    "MSG_UPPER_REPLY": "上级回复",
    "MSG_EXCHANGE": "数据到达",
    "MSG_RESUME": "恢复计时",
    "MSG_DELIVERED": "送达",
    "MSG_OPINION": "意见回复",
    "MSG_DECLARE": "申报",
    "MSG_MEETING_RULED": "会议裁定",
    "MSG_CALENDAR": "日历变更",
    "MSG_DEPARTMENT_JOINED": "增加会审部门",
    "MSG_DEPARTMENT_LEFT": "减去会审部门",
    "MSG_RENEWAL_DECIDED": "延续已决定",
    "MSG_RENEWAL_EXPIRED": "届满未决定",
}
ESCALATIONS = {
    "ESC_OVERDUE": "办理超时",
    "ESC_IDLE": "搁置",
    "ESC_NO_COVER": "无人在岗",
    "ESC_CHAIN_MILESTONE": "里程碑超时",
    "ESC_TACIT": "默许待确认",
}
ERRORS = {
    "ERR_SHARE_FAILED": "数据共享失败",
    "ERR_SERIAL": "取号失败",
    "ERR_SEAL": "用章失败",
    "ERR_TERMINATED": "联办终止",
    "ERR_ITEM_STOPPED": "事项停办",
}
SIGNALS = {"SIG_OUTAGE_START": "系统故障开始", "SIG_OUTAGE_END": "系统故障结束"}
