"""The words of states, acts, roles and stages, for every language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from service.rules.certificates import STATE_NAMES as CERTIFICATE_STATES
from service.rules.tacit import SENTENCES

__all__ = ["CERTIFICATE_STATES"]

CASE_STATES = {
    "ACTIVE": _("办理中"),
    "SUSPENDED": _("已挂起"),
    "COMPLETED": _("已办结"),
    "TERMINATED": _("已终止"),
}
STAGES = {
    "IMMEDIATE": _("即办件"),
    "ACCEPT": _("受理"),
    "REVIEW": _("审核"),
    "APPROVE": _("批准"),
    "ISSUE": _("制证发证"),
    "OPINION": _("征求意见"),
    "SURVEY": _("现场勘查"),
    "EXPERT": _("专家评审"),
    "HEARING": _("听证"),
    "PUBLICITY": _("公示"),
    "PAY": _("缴费"),
    "CORRECT": _("补正"),
    "COORDINATE": _("会商"),
    "MEETING": _("会议"),
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
    "DEFERRAL": _("容缺受理承诺"),
    "HEARING_REQUEST": _("听证申请"),
    "OBJECTION": _("利害关系人异议"),
    "TRUTH_CHALLENGE": _("材料真实性存疑"),
    "FEE": _("应缴费用"),
    "HIGHER_LEVEL": _("上报或集体讨论"),
    "INVESTIGATION": _("监察调查"),
    "COURT_ORDER": _("法院裁定"),
    "TACIT_HOLD": _("暂缓默许"),
}
PROCEEDING_STATES = {
    "OPEN": _("进行中"),
    "LAPSED": _("逾期未补交"),
    "GRANTED": _("已批准"),
    "REFUSED": _("未批准"),
    "CLOSED": _("已了结"),
}
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
DAY_KINDS = {
    "work": _("工作日"),
    "rest": _("周末"),
    "holiday": _("节假日"),
    "makeup": _("调休上班"),
    "local": _("地方规定"),
}
LOCAL_KINDS = {
    "REST": _("放假"),
    "AM": _("上午停止办公"),
    "PM": _("下午停止办公"),
    "ALL": _("全天停止办公，仍计工作日"),
    "WORK": _("上班"),
}
CLOSINGS = (_("上午停止办公"), _("下午停止办公"), _("全天停止办公"))
CLOSED_MARKS = (_("上午停"), _("下午停"), _("全天停"))
FESTIVALS = (_("元旦"), _("春节"), _("清明节"), _("劳动节"), _("端午节"), _("中秋节"), _("国庆节"))
CLOCK_KINDS = {
    "RECEIPT": _("收件"),
    "CASE": _("承诺时限"),
    "STATUTORY": _("法定时限"),
    "STAGE": _("环节时限"),
    "CORRECTION": _("补正期限"),
    "DELIVERY": _("送达期限"),
    "CHAIN": _("联办总时限"),
    "MILESTONE": _("节点时限"),
    "AGENCY": _("代办时限"),
    "TIMER": _("流程定时"),
}
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
GALLERY_KINDS = {"CHAIN": _("联办"), "SUPPORT": _("配套流程"), "OTHER": _("其他流程")}
SEVERITIES = {"error": _("错误"), "warning": _("警告"), "note": _("提示")}
MARKS = {
    "done": _("已完成"),
    "active": _("办理中"),
    "yellow": _("临期"),
    "late": _("超期"),
    "escalated": _("已升级"),
    "failed": _("故障"),
    "cancelled": _("已取消"),
    "planned": _("接下来"),
    "possible": _("视结果而定"),
}
BRANCH_STATES = {"RUNNING": _("办理中"), "AHEAD": _("未到"), "DONE": _("已办结"), "OUT": _("不参加")}
SILENCES = {
    "opinion": _("缺席默认同意"),
    "stage_skip": _("审核逾期，免签通过"),
    "decision": _("超时默许"),
}
QUERY_STATES = {"OPEN": _("待答复"), "ANSWERED": _("已答复"), "WITHDRAWN": _("已撤回")}
TIMELINE_KINDS = {
    "": _("全部"),
    "opinion": _("意见"),
    "act": _("办理"),
    "clock": _("时限与监察"),
    "document": _("文书与证照"),
    "material": _("材料"),
    "payment": _("收费"),
    "message": _("消息"),
    "note": _("备注与查询"),
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
    "complaint_officer": _("投诉受理员"),
    "business_office": _("业务科"),
    "legal_checker": _("法制审核员"),
    "process_designer": _("流程设计员"),
    "system_admin": _("系统管理员"),
    "security_admin": _("安全管理员"),
    "audit_admin": _("审计管理员"),
    "leader": _("领导"),
    "service": _("服务账号"),
    "fee_manager": _("收费部门"),
    "finance": _("财政"),
    "cashier": _("银行柜台"),
}
CHIEF_VIEWS = {
    "escalated": _("升级给我"),
    "mine": _("我的待办"),
    "soon": _("即将升级"),
    "overdue": _("超期"),
    "today": _("今天到期"),
    "all": _("全部在办"),
    "silent": _("超时默许"),
}
CHIEF_EMPTY = {
    "escalated": _("没有升级的任务"),
    "mine": _("没有待办"),
    "soon": _("半天内没有将要升级的任务"),
    "overdue": _("没有超期的任务"),
    "today": _("今天没有到期的任务"),
    "all": _("没有在办任务"),
    "silent": _("近三十天没有超时默许的任务"),
}
CONTACT_FIELDS = {
    "phone": _("联系电话"),
    "mobile": _("手机"),
    "email": _("电子邮箱"),
    "address": _("地址"),
}
POWERS = {
    "ACCEPT": _("受理"),
    "REVIEW": _("审核"),
    "APPROVE": _("批准"),
    "SEAL": _("用章"),
    "ISSUE": _("发证"),
    "EXTEND": _("延期请求"),
}
LETTER_STATES = {
    "DRAFT": _("待生效"),
    "COMING": _("未到期限"),
    "ACTIVE": _("有效"),
    "EXPIRED": _("已过期"),
    "WITHDRAWN": _("已撤回"),
}
KINSHIP = {
    "SELF": _("本人"),
    "SPOUSE": _("配偶"),
    "LINEAL": _("直系血亲"),
    "COLLATERAL": _("三代以内旁系血亲"),
    "IN_LAW": _("近姻亲"),
    "INTEREST": _("其他利害关系（持股单位等）"),
}
ACTS = {
    "case:started": _("收件，办件开始"),
    "case:completed": _("办件办结"),
    "document:drafted": _("起草文书"),
    "document:issued": _("出具文书"),
    "document:dropped": _("放弃文书草稿"),
    "document:reprinted": _("补打文书"),
    "document:voided": _("作废文书"),
    "certificate:issued": _("制发证照"),
    "certificate:changed": _("变更证照状态"),
    "case:terminated": _("终止办件"),
    "case:suspended": _("挂起办件"),
    "case:resumed": _("恢复办件"),
    "case:variables_set": _("修改办件数据"),
    "task:claimed": _("认领"),
    "task:released": _("退回队列"),
    "task:assigned": _("改派"),
    "task:delegated": _("委派"),
    "task:transferred": _("转办"),
    "task:taken_back": _("收回"),
    "task:urged": _("催办"),
    "task:raised": _("审批人调整"),
    "task:submitted": _("提交，等待会签"),
    "task:unsubmitted": _("提交未生效，退回承办人"),
    "signing:asked": _("加签"),
    "signing:answered": _("会签意见"),
    "signing:removed": _("减签"),
    "signing:closed": _("会签结束"),
    "instance:added": _("增加会签对象"),
    "instance:removed": _("减少会签对象"),
    "countersign:closed": _("会签结束"),
    "case:copied": _("抄送"),
    "case:copy_read": _("已阅"),
    "task:resolved": _("交回委派"),
    "task:completed": _("完成"),
    "task:escalated": _("超期升级"),
    "task:updated": _("修改任务"),
    "task:commented": _("批注"),
    "task:handed_over": _("代岗移交"),
    "task:given_back": _("退回原承办人"),
    "task:returned": _("退回"),
    "task:recalled": _("撤回"),
    "token:moved": _("跳转"),
    "case:reopened": _("重新启动办件"),
    "ladder:climbed": _("催办升级"),
    "card:raised": _("监察提示"),
    "card:signed": _("签收监察提示"),
    "card:replied": _("答复监察提示"),
    "card:accepted": _("认可答复"),
    "card:rejected": _("退回答复"),
    "card:appealed": _("提出申诉"),
    "card:revoked": _("申诉成立，撤牌"),
    "card:dismissed": _("驳回申诉"),
    "card:closed": _("销号"),
    "timer:fired": _("时限到"),
    "message:received": _("收到消息"),
    "message:unclaimed": _("消息无人接收"),
    "signal:received": _("收到信号"),
    "escalation:uncaught": _("升级已记录"),
    "action:done": _("系统动作"),
    "tacit:passed": _("超时默许"),
    "tacit:held": _("暂不默许"),
    "opinion:late": _("补交意见"),
    "proceeding:opened": _("登记程序"),
    "proceeding:closed": _("程序了结"),
    "correction:reminded": _("提醒补正"),
    "deferral:supplied": _("补交容缺材料"),
    "material:submitted": _("提交材料"),
    "material:attached": _("复用材料"),
    "material:seen": _("核对原件"),
    "material:examined": _("审查材料"),
    "material:withdrawn": _("撤下材料"),
    "material:shared": _("共享核验"),
    "material:share_failed": _("共享获取失败"),
    "material:scanned": _("病毒检查"),
    "material:refused": _("拒收带病毒的文件"),
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
    "chain:changed": _("调整联办部门"),
    "clock:extended": _("延期"),
    "clock:turned": _("超期"),
    "clock:recounted": _("重新计算时限"),
    "clock:stopped": _("停止计时"),
    # acts
    "case:linked": _("启动支持流程"),
    "exchange:queued": _("登记数据交换"),
    "exchange:sent": _("数据已送出"),
    "exchange:answered": _("收到数据交换答复"),
    "exchange:failed": _("数据交换失败，改走人工"),
    "act:repaired": _("修改后重试"),
    "act:repeated": _("重试"),
    "act:given_up": _("放弃"),
    # money
    "bill:issued": _("出具收费一表"),
    "bill:paid": _("缴费到账"),
    "bill:anomaly": _("到账与账单不符"),
    "bill:overdue": _("逾期未缴费"),
    "bill:reminded": _("提醒缴费"),
    "bill:exempted": _("减免后重新计费"),
    "bill:cancelled": _("作废收费单"),
    "bill:abandoned": _("逾期未缴，视为放弃"),
    "exemption:asked": _("申请减免"),
    "exemption:reviewed": _("减免初审"),
    "exemption:decided": _("减免批准"),
    "refund:asked": _("申请退付"),
    "refund:decided": _("退付批准"),
    "refund:done": _("退付完成"),
    "result:handed_over": _("证照移交发证窗口"),
    "result:received": _("发证窗口签收证照"),
    "result:missing": _("证照未随移交单送达"),
    "delivery:opened": _("结果待送达"),
    "delivery:changed": _("变更送达方式"),
    "delivery:code_sent": _("重发取件码"),
    "delivery:code_refused": _("取件码不正确"),
    "delivery:reminded": _("提醒领取"),
    "delivery:posted": _("邮寄"),
    "delivery:attempted": _("投递未成功"),
    "delivery:returned": _("邮件退回窗口"),
    "delivery:done": _("送达"),
    "archive:sealed": _("归档封存"),
    "note:written": _("写备注"),
    "note:edited": _("修改备注"),
    "note:deleted": _("删除备注"),
    "query:asked": _("提出内部查询"),
    "query:answered": _("答复内部查询"),
    "query:withdrawn": _("撤回内部查询"),
}
SIGNING_PLACES = {"BEFORE": _("前加签"), "PARALLEL": _("并加签"), "AFTER": _("后加签")}
SIGNING_STATES = {
    "WAITING": _("提交后征求"),
    "OPEN": _("征求中"),
    "PASSED": _("通过"),
    "FAILED": _("未通过"),
    "CANCELLED": _("已取消"),
}
SIGNING_MODES = {
    "all": _("全部同意"),
    "any": _("一人同意"),
    "sequential": _("依次会签"),
    "veto": _("一票否决"),
}
CONCLUSIONS = {"agree": _("同意"), "conditional": _("有条件同意"), "disagree": _("不同意")}
VOTES = {"agree": _("同意"), "object": _("不同意")}
LEFT_KINDS = {
    "TASK": _("待办任务"),
    "DELEGATED": _("委派出去的任务"),
    "SIGNER": _("会签意见"),
    "STAND_IN": _("授权代理"),
    "LETTER": _("授权委托书"),
}
MATERIAL_STATES = {
    "MISSING": _("待提交"),
    "WAITING": _("待共享获取"),
    "QUARANTINED": _("隔离待查"),
    "SUBMITTED": _("已提交"),
    "SHARED": _("已共享获取"),
    "SEEN": _("原件已核"),
    "EXAMINED": _("已审查"),
}
MATERIAL_TONES = {
    "MISSING": "",
    "WAITING": "",
    "QUARANTINED": "over",
    "SUBMITTED": "active",
    "SHARED": "done",
    "SEEN": "done",
    "EXAMINED": "done",
}
MATERIAL_SOURCES = {
    "FORM": _("系统填表"),
    "SHARED": _("共享获取，免提交"),
    "APPLICANT": _("申请人提交"),
    "THIRD_PARTY": _("中介机构出具"),
}
MATERIAL_ORIGINS = {
    "SCAN": _("窗口扫描"),
    "UPLOAD": _("上传"),
    "SHARED": _("共享库"),
    "EARLIER": _("以前办件"),
    "SIBLING": _("同一办件的其他事项"),
}
VERDICTS = {
    "UNSCANNED": _("未查毒"),
    "PENDING": _("等待病毒检查"),
    "CLEAN": _("病毒检查通过"),
    "INFECTED": _("含有病毒"),
}
PAPERS = {"": _("不留纸质件"), "ORIGINAL": _("原件"), "COPY": _("复印件")}
ACTIONS = {"escalate": _("超期升级"), "record": _("督查记录"), "bill": _("出具收费一表"), "number": _("取号")}
TROUBLE_VIEWS = {"parked": _("等待处理"), "trying": _("自动重试中")}
AGENDA_KINDS = {
    "act": _("随环节办的事"),
    "action": _("自动环节"),
    "outbox": _("对外送出"),
    "timer": _("定时"),
    "start": _("定时发起"),
    "clock": _("时限"),
    "message": _("流程消息"),
    "signal": _("流程信号"),
    "retry": _("流程步骤"),
    "job": _("定期任务"),
    "absence": _("代岗"),
    "idle": _("闲置检查"),
    "held": _("会签后生效"),
    "effect": _("事项版本生效"),
    "notice": _("通知"),
}
ACT_NAMES = {
    "document": _("出具文书"),
    "message": _("发送消息"),
    "bill": _("开具账单"),
    "number": _("取号"),
    "materials": _("列出材料清单"),
    "scan": _("病毒检查"),
    "certificate": _("制发证照"),
    "exchange": _("数据交换"),
    "exchange_answer": _("数据交换答复"),
    "archive": _("归档"),
    "delivery": _("发证登记"),
    "start": _("启动支持流程"),
    "record": _("留痕"),
    "escalate": _("升级"),
    "bill_turn": _("未缴费提醒和终结"),
    "bill_query": _("查询缴费结果"),
    "sms": _("短信送出"),
    "email": _("邮件送出"),
    "print": _("印制文书"),
    "order": _("支付下单"),
    "refund": _("退款"),
    "statement": _("对账文件"),
}
TRANSFERS = {
    "DEPT_DEPT": _("部门之间"),
    "UNIT_UNIT": _("部门内设机构之间"),
    "DEPT_WINDOW": _("部门与窗口之间"),
    "CITY_UPPER": _("市与上级之间"),
    "CITY_DISTRICT": _("市与区县之间"),
    "DISTRICT_TOWN": _("区县与乡镇之间"),
}
EXCHANGE_STATES = {
    "QUEUED": _("待送出"),
    "SENT": _("已送出"),
    "ANSWERED": _("已答复"),
    "FAILED": _("未送达"),
    "RECEIVED": _("收件箱"),
    "DONE": _("已收到"),
}
ZONES = {"INNER": _("内网"), "AGENCY": _("专网"), "OUTER": _("外网")}
CONNECTIONS = {"NONE": _("未对接"), "TEST": _("测试"), "LIVE": _("已对接")}
ABSENCE_KINDS = {"LEAVE": _("请假"), "MEETING": _("会议"), "DUTY": _("公务外出"), "SUDDEN": _("临时离岗")}
ABSENCE_STATES = {"PLANNED": _("已登记"), "AWAY": _("离岗中"), "OVER": _("已返岗"), "WITHDRAWN": _("已撤回")}
CARD_VIEWS = {"open": _("未结"), "overdue": _("逾期未答复"), "over": _("已销号或撤销"), "all": _("全部")}
CARD_LEVELS = {"HINT": _("提示"), "YELLOW": _("黄牌"), "RED": _("红牌")}
CARD_STATES = {
    "OPEN": _("待签收"),
    "SIGNED": _("已签收"),
    "REPLIED": _("已答复"),
    "ACCEPTED": _("答复已认可"),
    "APPEALED": _("申诉中"),
    "REVOKED": _("已撤销"),
    "CLOSED": _("已销号"),
}
DOCUMENT_STATES = {"DRAFT": _("草稿"), "ISSUED": _("已出具"), "VOID": _("已作废")}
CERTIFICATE_ACTS = {
    "ISSUE": _("发证"),
    "RENEW": _("延续"),
    "DEEM_RENEWED": _("视为准予延续"),
    "CHANGE": _("变更"),
    "REISSUE": _("遗失补发"),
    "SUSPEND": _("暂扣"),
    "LIFT": _("解除暂扣"),
    "EXPIRE": _("到期"),
    "REVOKE": _("撤销"),
    "CANCEL": _("注销"),
}
CERTIFICATE_ABOUT = {
    "RENEW": _("原证在有效期届满后由新证接替。"),
    "CHANGE": _("原证失效，新证使用剩余的有效期。"),
    "REISSUE": _("原证失效，新证使用剩余的有效期。"),
    "SUSPEND": _("暂扣期间证照无效，解除后恢复。"),
    "LIFT": _("证照恢复有效。"),
    "REVOKE": _("撤销后不能恢复，并向社会公示（《行政许可法》第六十九条）。"),
    "CANCEL": _("注销后不能恢复，并向社会公示（《行政许可法》第七十条）。"),
}
CARD_ACTS = {
    "sign": _("签收"),
    "reply": _("答复"),
    "appeal": _("申诉"),
    "accept": _("认可答复"),
    "reject": _("退回答复"),
    "uphold": _("撤销"),
    "dismiss": _("驳回申诉"),
    "close": _("销号"),
}
VIOLATIONS = {
    "YELLOW_LIGHT": _("临近时限"),
    "STAGE_OVERDUE": _("环节超期"),
    "CASE_OVERDUE": _("超过承诺时限"),
    "STATUTORY_OVERDUE": _("超过法定时限"),
    "LATE_CORRECTION_NOTICE": _("逾期未告知补正"),
    "TACIT_OPINION": _("逾期未反馈意见，视为同意"),
    "TACIT_STAGE": _("逾期不审，免签通过"),
    "TACIT_DECISION": _("逾期未决定，超时默许"),
    "STAGE_UNATTENDED": _("超期两个工作日仍未办理"),
    "ORDER_UNMET": _("督办两次回复仍不达标"),
    "ORDER": _("督办单"),
    "NO_COVER": _("A、B岗均不在岗"),
    "IDLE": _("认领后搁置"),
    "FEE_ANOMALY": _("缴费异常"),
    "COMPLAINT_VALID": _("有效投诉"),
    "RATING_UNVERIFIED": _("差评逾期未核实"),
    "ON_SITE_MISSING": _("未完成季度现场办公"),
    "REOPENED": _("误退、误撤的办件重新启动"),
}
# money
BILL_STATES = {
    "ISSUED": _("待缴费"),
    "PARTLY_EXEMPT": _("部分减免，待缴费"),
    "OVERDUE": _("逾期未缴"),
    "PAID": _("已缴费"),
    "EXEMPT": _("无需缴费"),
    "REFUND_REQUESTED": _("已申请退付"),
    "REFUNDING": _("退付中"),
    "REFUNDED": _("已退付"),
    "CANCELLED": _("已作废"),
}
BILL_VIEWS = {
    "open": _("待缴费"),
    "overdue": _("逾期未缴"),
    "paid": _("已缴费"),
    "refunds": _("退付"),
    "all": _("全部"),
}
REFUND_STATES = {
    "REQUESTED": _("待财政批准"),
    "REFUNDING": _("已批准，待退回"),
    "REFUSED": _("未批准"),
    "REFUNDED": _("已退回"),
}
EXEMPTION_STATES = {
    "REQUESTED": _("待初审"),
    "REVIEWED": _("待财政批准"),
    "GRANTED": _("已批准"),
    "REFUSED": _("未批准"),
}
PAY_CHANNELS = {
    "BANK_COUNTER": _("银行柜台"),
    "CARD": _("缴费一卡通"),
    "UNIONPAY": _("银联"),
    "WECHAT": _("微信"),
    "ALIPAY": _("支付宝"),
}
STANDARD_STATES = {
    "PROPOSED": _("待批准"),
    "APPROVED": _("已批准"),
    "REFUSED": _("未批准"),
    "REPLACED": _("已被替换"),
}
BASIS_LEVELS = {
    "LAW": _("法律"),
    "ADMINISTRATIVE_REGULATION": _("行政法规"),
    "LOCAL_REGULATION": _("地方性法规"),
    "RULE": _("规章"),
    "NORMATIVE": _("规范性文件"),
}
FEE_KINDS = {
    "FIXED": _("按件"),
    "PER_UNIT": _("按数量"),
    "PER_UNIT_DAYS": _("按数量和天数"),
    "RATIO": _("按比例"),
    "TIERED": _("分档累进"),
}
DIFFERENCES = {
    "MISSING": _("银行无此笔"),
    "SURPLUS": _("本中心无此笔"),
    "REPEATED": _("银行重复列示"),
    "DIFFERING": _("金额或账单不一致"),
}
ENTRIES = {"PAYMENT": _("收款"), "REFUND": _("退付")}
SOURCES = {"GATEWAY": _("缴费网关"), "FILE": _("上传文件")}

RUNGS = {
    "L1": _("催办"),
    "L2": _("黄灯，A、B岗均可办理"),
    "L3": _("红灯，首席代表接管"),
    "L4": _("报中心督查，发督办单"),
    "L5": _("报分管领导"),
    "L6": _("报部门主要负责人"),
    "R1": _("收件后未答复，提醒承办人"),
    "R2": _("收件后超过承诺未答复"),
    "R3": _("收件后未答复，报首席代表"),
    "R4": _("收件后未答复，报中心督查"),
}

SHORT_WEEKDAYS = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))
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

# issuing, delivery, archive
ISSUING_QUEUES = {
    "waiting": _("待领取"),
    "to_post": _("待寄出"),
    "posted": _("已寄出"),
    "joined": _("移交统一发证"),
    "done": _("已送达"),
}
IDENTITY_KINDS = {"ID_CARD": _("居民身份证"), "PASSPORT": _("护照"), "OTHER": _("其他有效证件")}
HANDOVER_VIEWS_WORDS = {"sent": _("待签收"), "partly": _("部分签收"), "all": _("全部")}
HANDOVER_STATES = {
    "SENT": _("待签收"),
    "RECEIVED": _("已签收"),
    "PARTLY": _("部分签收"),
    "WITHDRAWN": _("已撤回"),
}
HANDOVER_LINES = {"SENT": _("待签收"), "RECEIVED": _("已签收"), "MISSING": _("未收到")}
ARCHIVE_VIEWS = {"all": _("全部"), "unplaced": _("未登记位置"), "ripe": _("保管期满")}
ARCHIVE_TERMS = {"Y": _("永久"), "D30": _("30 年"), "D10": _("10 年")}
ARCHIVE_KINDS = {
    "INDEX": _("目录"),
    "METADATA": _("元数据"),
    "DOCUMENT": _("文书"),
    "CERTIFICATE": _("证照"),
    "MATERIAL": _("申请材料"),
    "OPINION": _("办理意见"),
    "JOURNAL": _("办理日志"),
    "TASK": _("环节"),
    "CLOCK": _("时限"),
    "PROCEEDING": _("特别程序"),
    "SUPERVISION": _("监察"),
    "DELIVERY": _("送达"),
    "FEE": _("收费"),
    "MESSAGE": _("通知"),
    "DATA": _("办件数据"),
    "PROCESS": _("流程图"),
    "FORM": _("表单"),
}
MESSAGE_STATES = {
    "QUEUED": _("等待发送"),
    "SENT": _("已发出"),
    "DELIVERED": _("已送达"),
    "FAILED": _("未送达"),
}
MESSAGE_TROUBLES = {
    "CHANNEL_MISSING": _("没有配置通道"),
    "ADDRESS_MISSING": _("没有联系方式"),
}
CHANNELS = {"INAPP": _("站内"), "SMS": _("短信"), "EMAIL": _("邮件")}
BOX_VIEWS = {"unread": _("未读"), "read": _("已读"), "all": _("全部")}
FAILED_VIEWS = {"open": _("待处理"), "handled": _("已告知")}
MESSAGE_KINDS = {"M": _("申请人消息"), "T": _("任务消息"), "L": _("督办和领导消息"), "N": _("同事消息")}
AUDIENCES = {
    "APPLICANT": _("申请人"),
    "REVIEWER_A": _("A岗"),
    "REVIEWER_B": _("B岗"),
    "CHIEF_REP": _("首席代表"),
    "SUPERVISOR": _("督查科"),
    "PREVIOUS": _("上一环节"),
    "HOLDER": _("责任人"),
    "ASKED": _("协办部门"),
    "RESIDENT_LEADER": _("分管领导"),
    "DEPT_HEAD": _("部门主要负责人"),
    "LEAD": _("牵头部门"),
    "ATTENDEES": _("参会负责人"),
    "RESPONSIBLE": _("责任部门"),
    "COMPLAINED": _("被投诉部门"),
    "COMPLAINANT": _("投诉人"),
    "HANDLING": _("办理单位"),
    "LEADERS": _("领导"),
    "IN_PROGRESS": _("全体在办人员"),
    "DESIGNER": _("流程设计员"),
}
MESSAGE_EVENTS = {
    "N01": _("备注中提到"),
    "N02": _("内部查询"),
    "N03": _("内部查询答复"),
    "M01": _("收件"),
    "M02": _("受理"),
    "M03": _("补正一次告知"),
    "M04": _("补正提醒"),
    "M05": _("不予受理"),
    "M06": _("视为受理"),
    "M07": _("预约现场勘查"),
    "M08": _("勘查签单结果"),
    "M09": _("暂停计时"),
    "M10": _("恢复计时"),
    "M11": _("延期"),
    "M12": _("阶段完成"),
    "M13": _("缴费"),
    "M14": _("缴费到账"),
    "M15": _("准予领证"),
    "M16": _("不予决定"),
    "M17": _("超时默许"),
    "M18": _("快递寄出"),
    "M19": _("催领"),
    "M20": _("评价邀请"),
    "M21": _("联办阶段"),
    "M22": _("到期延续提醒"),
    "M23": _("撤回确认"),
    "M24": _("查询验证码"),
    "T01": _("新任务"),
    "T02": _("半程催办"),
    "T03": _("黄灯"),
    "T04": _("红灯升级"),
    "T05": _("免签通过"),
    "T06": _("替岗"),
    "T07": _("无人在岗"),
    "T08": _("任务退回"),
    "T09": _("恢复计时"),
    "T10": _("缴费到账"),
    "T11": _("征求意见"),
    "L01": _("督办单"),
    "L02": _("分管领导"),
    "L03": _("办件超期"),
    "L04": _("链里程碑超期"),
    "L05": _("会议通知"),
    "L06": _("会议答复"),
    "L07": _("会议议题逾期"),
    "L08": _("投诉转办"),
    "L09": _("投诉答复"),
    "L10": _("差评"),
    "L11": _("月统计"),
    "L12": _("一把手现场办公"),
    "L13": _("系统故障停钟"),
    "L14": _("流程更新"),
    "D01": _("消息汇总"),
}

# -- organisation
DEPARTMENT_KINDS = {
    "FUNCTIONAL": _("职能部门"),
    "INTERMEDIARY": _("中介机构"),
    "SUPPORTING": _("配套机构"),
    "MANAGING": _("管理机构"),
}
UNIT_TYPES = {
    "APPROVAL_UNIT": _("行政审批科"),
    "COORDINATION_UNIT": _("审批协调科"),
    "SINGLE_UNIT": _("单一科室"),
}
LEVELS = {"CITY": _("市级"), "DISTRICT": _("区县"), "TOWNSHIP": _("乡镇（街道）"), "VILLAGE": _("村（社区）")}
ENTRIES = {"PREPARING": _("筹建"), "RESIDENT": _("已进驻"), "LEFT": _("迁出")}
WINDOW_KINDS = {
    "STANDING": _("常设窗口"),
    "COMPREHENSIVE": _("综合窗口（全能岗）"),
    "SEASONAL": _("季节性临时窗口"),
    "CONVENIENCE": _("便民窗口"),
    "COMPLAINTS": _("监督投诉窗口"),
    "ISSUING": _("发证窗口"),
    "SUPPORTING": _("配套窗口"),
    "AGENCY": _("帮办代办窗口"),
}
BOARDS = {"APPROVAL": _("行政审批"), "SERVICE": _("政务服务"), "CONVENIENCE": _("便民服务")}
LACKS = {
    "reviewer_a": _("缺A岗"),
    "reviewer_b": _("缺B岗"),
    "chief_rep": _("缺首席代表"),
    "chief_rep_many": _("首席代表多于一人"),
    "resident_leader": _("缺分管领导"),
    "dept_head": _("缺主要负责人"),
    "same_person": _("A岗和B岗为同一人"),
    "unit_type": _("未定进驻科室"),
}
REQUEST_STATES = {
    "ASKED": _("待确认"),
    "CONFIRMED": _("已确认"),
    "REFUSED": _("未同意"),
    "WITHDRAWN": _("已撤回"),
}
ACCOUNT_VIEWS = {
    "active": _("在用"),
    "start_password": _("初始密码未改"),
    "locked": _("锁定中"),
    "closed": _("已停用"),
}
WINDOW_VIEWS = {"open": _("在用"), "closed": _("已撤销"), "all": _("全部")}
DEPARTMENT_STATES = {
    "incomplete": _("不齐全"),
    "complete": _("齐全"),
    "PREPARING": _("筹建"),
    "LEFT": _("迁出"),
}
ABSENCE_VIEWS = {"away": _("正在代岗"), "planned": _("已登记"), "all": _("全部")}
WEEKDAYS_SHORT = {
    "1": _("一"),
    "2": _("二"),
    "3": _("三"),
    "4": _("四"),
    "5": _("五"),
    "6": _("六"),
    "7": _("日"),
}
LEDGER_ACTIONS = {
    "definition:deployed": _("部署流程"),
    "deployment:deleted": _("删除部署"),
    "definition:suspended": _("停用流程版本"),
    "definition:resumed": _("恢复流程版本"),
    "person:added": _("开设账号"),
    "person:changed": _("变更账号"),
    "roles:asked": _("申请变更角色"),
    "roles:decided": _("处理角色申请"),
    "roles:withdrawn": _("撤回角色申请"),
    "department:changed": _("变更部门"),
    "window:changed": _("变更窗口"),
    "posting:changed": _("变更派驻"),
    "agenda:moved": _("改期待办事项"),
    "agenda:run": _("提前执行"),
    "list:exported": _("导出列表"),
    "clock:moved": _("移动演示时钟"),
    "calendar:changed": _("变更工作日历"),
    "calendar:warned": _("日历提醒"),
    "job:ran": _("定时任务执行"),
    "absence:recorded": _("登记离岗"),
    "absence:ended": _("返岗"),
    "card:raised": _("监察提示"),
    "card:handled": _("处理监察提示"),
    "outage:declared": _("认定系统故障"),
    "errand:given_up": _("放弃外发事项"),
    "connection:changed": _("变更对接状态"),
    "exchange:received": _("收到数据交换"),
    "archive:read": _("查阅档案"),
    "archive:exported": _("导出档案"),
    "archive:placed": _("登记存放位置"),
    "archive:term_set": _("设定保管期限"),
    "archive:checked": _("检查档案"),
    "demo:loaded": _("载入示范城市"),
    "files:swept": _("清理文件"),
    "materials:taken": _("下载全部材料"),
    "document:issued": _("出具文书"),
    "document:voided": _("作废文书"),
    "certificate:changed": _("变更证照状态"),
    "seal:changed": _("变更印章"),
    "template:deployed": _("部署文书模板"),
    "contact:changed": _("变更联系方式"),
    "contact:shown": _("查看完整号码"),
    "message:text_changed": _("变更消息模板"),
    "message:repeated": _("重新发送消息"),
    "channel:tried": _("测试消息通道"),
    "work:handed_over": _("移交全部工作"),
    "item:deployed": _("部署事项"),
    "item:drafted": _("起草事项"),
    "item:submitted": _("提交事项审核"),
    "item:checked": _("法制审核事项"),
    "item:returned": _("退回事项草稿"),
    "item:dropped": _("放弃事项草稿"),
    "item:published": _("发布事项"),
    "item:effective": _("事项版本生效"),
    "item:withdrawn": _("撤回事项发布"),
    "item:status": _("变更事项状态"),
    "review:opened": _("开出清理单"),
    "review:filed": _("填报清理意见"),
    "review:moved": _("推进清理"),
    "fee:proposed": _("提出收费标准"),
    "fee:decided": _("审批收费标准"),
    "fee:ended": _("终止收费标准"),
    "money:unknown": _("收到无主款项"),
    "money:returned": _("退还无主款项"),
    "reconciliation:run": _("对账"),
    "reconciliation:handled": _("处理对账差异"),
    "window:kept": _("设置窗口"),
    "work:taken": _("接收移交的工作"),
    "letter:registered": _("登记授权委托书"),
    "letter:activated": _("授权委托书生效"),
    "letter:withdrawn": _("撤回授权委托书"),
    "relative:declared": _("声明回避关系"),
    "relative:withdrawn": _("撤回回避声明"),
    "signature:drawn": _("更新手写签名"),
    "applicants:searched": _("查找申请人"),
}
# -- operations
JOB_NAMES = {
    "pick-up-reminders": _("领取提醒"),
    "calendar-guard": _("日历检查"),
    "renewals": _("到期视为延续"),
    "certificates": _("证照到期提醒"),
    "reconciliation": _("昨日对账"),
    "item-cleanup": _("季清理开单"),
    "item-review": _("年规范开单"),
    "quality-month": _("回访与抽查"),
    "on-site-day": _("现场办公"),
    "joint-review": _("联审联批会议"),
    "archive-check": _("档案链检查"),
    "blob-sweep": _("清理无主文件"),
    "letters": _("授权委托书到期提醒"),
}
AGENDA_VIEWS = {
    "late": _("已迟"),
    "due": _("现在应办"),
    "trying": _("失败重试中"),
    "failed": _("已停下"),
    "parked": _("随办件挂起"),
    "coming": _("将来"),
    "all": _("全部"),
}
EXTERNAL_VIEWS = {"failed": _("已失败"), "locked": _("办理中"), "waiting": _("等待领取"), "all": _("全部")}
STATE_WARNINGS = {
    "WORKER": _("没有后台程序在运行，时限不会到点。"),
    "MIGRATION": _("数据库的表与程序版本不一致。"),
    "DISK": _("磁盘剩余不足一成。"),
    "LATE": _("有事项超过 5 分钟没有执行。"),
    "INCIDENTS": _("有尚未处理的异常。"),
    "CALENDAR": _("工作日历尚未确认。"),
}
