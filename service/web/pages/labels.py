"""The words of states, acts, roles and stages, for every language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from service.rules.tacit import SENTENCES

CASE_STATES = {
    "ACTIVE": _("办理中"),
    "SUSPENDED": _("已挂起"),
    "COMPLETED": _("已办结"),
    "TERMINATED": _("已终止"),
}
LIGHTS = {
    "red": _("超期"),
    "yellow": _("临期"),
    "green": _("正常"),
    "stopped": _("暂停计时"),
    "done": _("已停止"),
    "none": _("无时限"),
}
PROCEEDINGS = {
    "EXTENSION": _("延期申请"),
    "CORRECTION": _("一次告知补正"),
    "HEARING_REQUEST": _("听证申请"),
    "OBJECTION": _("利害关系人异议"),
    "TRUTH_CHALLENGE": _("材料真实性存疑"),
    "FEE": _("应缴费用"),
    "HIGHER_LEVEL": _("上报或集体讨论"),
    "INVESTIGATION": _("监察调查"),
    "COURT_ORDER": _("法院裁定"),
    "TACIT_HOLD": _("暂缓默许"),
}
PROCEEDING_STATES = {"OPEN": _("进行中"), "GRANTED": _("已批准"), "REFUSED": _("未批准"), "CLOSED": _("已了结")}
TACIT_LEVELS = {
    "INTERNAL_OPINION": _("缺席默认同意"),
    "STAGE_SKIP": _("审核逾期，免签通过"),
    "DECISION": _("超时默许"),
    "STATUTORY": _("依法视为同意"),
}
HOLDS = {one.value: sentence for one, sentence in SENTENCES.items()}
STRETCHES = {
    "RUNNING": _("计时"),
    "PAUSED": _("暂停计时"),
    "OVERDUE": _("超期"),
    "AHEAD": _("尚未到来，如不再变动"),
}
UNITS = {"WORKDAY": _("工作日"), "CALENDAR": _("自然日"), "HALFDAY": _("半日"), "HOUR": _("小时（窗口开放时间）")}
BANDS = {
    "over": _("已超期"),
    "today": _("今天到期"),
    "later": _("今天以后到期"),
    "stopped": _("不计时"),
    "open": _("未设时限"),
}
INBOX_VIEWS = {
    "all": _("全部"),
    "red": _("超期"),
    "yellow": _("临期"),
    "green": _("正常"),
    "stopped": _("不计时"),
    "escalated": _("已升级"),
    "queue": _("待认领"),
}
CASE_LIGHTS = {
    "red": _("超期"),
    "yellow": _("临期"),
    "green": _("正常"),
    "stopped": _("不计时"),
    "none": _("无时限"),
}
CASE_VIEWS = {"running": _("在办"), "completed": _("已办结"), "terminated": _("已终止"), "all": _("全部")}
KINDS = {"CHAIN": _("联办链"), "ITEM": _("事项"), "SUPPORT": _("支撑流程")}
SEVERITIES = {"error": _("错误"), "warning": _("警告"), "note": _("提示")}
MARKS = {
    "done": _("已完成"),
    "active": _("办理中"),
    "yellow": _("临期"),
    "late": _("超期"),
    "escalated": _("已升级"),
    "failed": _("故障"),
    "cancelled": _("已取消"),
}
ROLES = {
    "applicant": _("申请人"),
    "counter_clerk": _("综合窗口"),
    "reviewer_a": _("A岗"),
    "reviewer_b": _("B岗"),
    "inspector": _("勘查人员"),
    "chief_rep": _("首席代表"),
    "resident_leader": _("分管领导"),
    "dept_head": _("部门负责人"),
    "issue_clerk": _("发证窗口"),
    "agency_officer": _("代办员"),
    "supervisor": _("督查"),
    "business_office": _("业务科"),
    "process_designer": _("流程设计员"),
    "system_admin": _("系统管理员"),
    "security_admin": _("安全管理员"),
    "audit_admin": _("审计管理员"),
    "leader": _("领导"),
    "service": _("服务账号"),
}
ACTS = {
    "case:started": _("收件，办件开始"),
    "case:completed": _("办件办结"),
    "case:terminated": _("终止办件"),
    "case:suspended": _("挂起办件"),
    "case:resumed": _("恢复办件"),
    "case:variables_set": _("修改办件数据"),
    "task:claimed": _("认领"),
    "task:released": _("退回队列"),
    "task:assigned": _("改派"),
    "task:delegated": _("委派"),
    "task:resolved": _("交回委派"),
    "task:completed": _("完成"),
    "task:escalated": _("超期升级"),
    "task:updated": _("修改任务"),
    "task:commented": _("批注"),
    "timer:fired": _("时限到"),
    "message:received": _("收到消息"),
    "message:unclaimed": _("消息无人接收"),
    "signal:received": _("收到信号"),
    "escalation:uncaught": _("升级已记录"),
    "action:done": _("系统动作"),
    "external:locked": _("外部任务被领取"),
    "external:completed": _("外部任务完成"),
    "external:failed": _("外部任务失败"),
    "external:bpmn_error": _("外部任务报告业务错误"),
    "external:bpmn_escalation": _("外部任务报告升级"),
    "job:retries_set": _("重设重试次数"),
    "job:due_set": _("重设到期时间"),
    "incident:opened": _("出现故障"),
    "incident:resolved": _("故障解除"),
    "item:reached": _("节点达成"),
    "clock:started": _("开始计时"),
    "clock:paused": _("暂停计时"),
    "clock:resumed": _("恢复计时"),
    "clock:extended": _("延期"),
    "clock:turned": _("超期"),
    "clock:recounted": _("重新计算时限"),
    "clock:stopped": _("停止计时"),
    "ladder:climbed": _("逐级升级"),
    "task:handed_over": _("代岗"),
    "card:raised": _("监察事项"),
    "tacit:passed": _("超时默许"),
    "tacit:held": _("暂缓默许"),
    "opinion:late": _("迟到的意见"),
    "proceeding:opened": _("登记"),
    "proceeding:closed": _("了结"),
}
ACTIONS = {"escalate": _("超期升级"), "record": _("督查记录")}

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
STATUSES = {
    400: _("请求无法理解"),
    401: _("请先登录"),
    403: _("没有权限"),
    404: _("没有找到"),
    405: _("请求方式不正确"),
    409: _("状态已变化"),
    413: _("内容太大"),
    429: _("请求过于频繁"),
    500: _("系统故障"),
    503: _("暂时无法服务"),
}
HTTP_SENTENCES = (  # said by the application for whatever is no refusal
    _("请求格式不正确。"),
    _("没有这个地址。"),
    _("这个地址不支持该请求方法。"),
    _("请求内容超过 8 MB。"),
    _("不支持的内容类型。"),
    _("请求过于频繁，请稍后再试。"),
    _("请求无法处理。"),
    _("缺少{year}年的工作日历,无法计算时限"),
)
