"""短信和站内消息的模板: event, receivers, text. M: to the applicant, T: about a task, L: to those who lead (DOMAIN F.2), N: between colleagues,
in-app only.

A text has no signature; places in braces are described in `PLACES`, there are no others. No place holds a name of an
applicant, a number of a person or an address: what is personal never enters a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who gets a message; casework finds the persons."""

    APPLICANT = "APPLICANT"
    REVIEWER_A = "REVIEWER_A"  # A岗
    REVIEWER_B = "REVIEWER_B"  # B岗
    CHIEF_REP = "CHIEF_REP"  # 首席代表
    SUPERVISOR = "SUPERVISOR"  # 督查
    PREVIOUS = "PREVIOUS"  # who had the stage a task goes back to
    HOLDER = "HOLDER"  # 责任人: who has the task now
    ASKED = "ASKED"  # 协办部门
    RESIDENT_LEADER = "RESIDENT_LEADER"  # 分管领导
    DEPT_HEAD = "DEPT_HEAD"  # 部门一把手
    LEAD = "LEAD"  # 牵头部门
    ATTENDEES = "ATTENDEES"  # 参会负责人
    RESPONSIBLE = "RESPONSIBLE"  # 责任部门
    COMPLAINED = "COMPLAINED"  # 被投诉部门
    COMPLAINANT = "COMPLAINANT"  # 投诉人
    HANDLING = "HANDLING"  # 办理单位
    LEADERS = "LEADERS"  # 领导
    IN_PROGRESS = "IN_PROGRESS"  # everybody who has an open task
    DESIGNER = "DESIGNER"  # 设计员


@dataclass(frozen=True)
class Place:
    """What fills a place: a sample, the longest real value, and whether longer words are cut or refused."""

    sample: str
    longest: str
    cut: bool = False


@dataclass(frozen=True)
class Template:
    """One message. `at_once`: it does not wait for the end of the quiet hours."""

    code: str
    event: str
    to: tuple[Audience, ...]
    text: str
    at_once: bool = False


PLACES = {
    "item": Place("施工许可证核发", "施工许可证核发件"),  # the item's short_name, up to eight characters
    "short": Place("…0042-0", "…0042-0"),
    "number": Place("990100-20260316-104-00042-0", "990100-20260316-104-00042-0"),
    "code": Place("K7M2QP", "K7M2QP"),
    "otp": Place("482913", "482913"),
    "day": Place("3月19日", "12月31日"),
    "half": Place("上午", "上午"),
    "count": Place("2", "99"),
    "nth": Place("2", "9"),
    "days": Place("20", "999"),
    "left": Place("1天", "99天"),
    "until": Place("3月19日12时", "12月31日12时"),
    "hotline": Place("0371-60000000", "0371-60000000"),
    "place": Place("高新区8号地块", "高新技术产业开发区科学大道八号地块", cut=True),
    "conclusion": Place("整改2项", "整改99项"),
    "procedure": Place("专家评审", "检验检测检疫"),
    "stage": Place("审核", "现场勘查"),
    "amount": Place("600000.00", "999999999.99"),
    "bill": Place("SF2026031900011", "SF2026031900011"),
    "department": Place("住建局", "自然资源和规划局", cut=True),
    "waybill": Place("EMS1234567890123", "EMS12345678901234567"),
    "hours": Place("9:00至17:00", "13:30至17:30"),
    "project": Place("年产2亿只金属罐项目", "年产二十亿只金属罐搬迁扩建项目", cut=True),
    "window": Place("12", "999"),
    "person": Place("张伟", "欧阳慕华", cut=True),
    "order": Place("DBD-2026-0012", "DBD-2026-0012"),
    "chain": Place("LB202603020003", "LB202603020003"),
    "moment": Place("3月16日9:00", "12月31日14:30"),
    "room": Place("三楼会议室", "行政服务中心三楼会议室", cut=True),
    "complaint": Place("TS-2026-0007", "TS-2026-0007"),
    "month": Place("3", "12"),
    "received": Place("1302", "999999"),
    "closed": Place("1240", "999999"),
    "rate": Place("96.4", "100.0"),
    "began": Place("10:00", "10:00"),
    "ended": Place("12:00", "12:00"),
    "version": Place("v4", "v9999"),
    "deed": Place("办理", "出具意见"),
}

A, B, CHIEF, SUPERVISOR = Audience.REVIEWER_A, Audience.REVIEWER_B, Audience.CHIEF_REP, Audience.SUPERVISOR
APPLICANT = (Audience.APPLICANT,)
TEMPLATES = {
    one.code: one
    for one in (
        Template("M01", "收件", APPLICANT, "已收到您的{item}申请，收件号{short}，1个工作日内告知是否受理。"),
        Template("M02", "受理", APPLICANT, "您的{item}已受理，受理号{number}，查询码{code}，{day}前办结"),
        Template(
            "M03",
            "补正一次告知",
            APPLICANT,
            "您的{item}需补齐{count}项材料，清单见通知书或微信，补齐当日即受理。查询码{code}",
        ),
        Template("M04", "补正提醒", APPLICANT, "{item}仍缺{count}项材料，逾期未补将视为放弃，请于{day}前补齐。"),
        Template("M05", "不予受理", APPLICANT, "您的{item}不属受理范围，理由及应去机关见通知书，异议可拨{hotline}。"),
        Template("M06", "视为受理", APPLICANT, "您的{item}自收件日起视为受理，受理号{number}，{day}前办结。"),
        Template("M07", "预约现场勘查", APPLICANT, "请于{day}{half}在{place}接受{item}现场勘查，结论当场签单。"),
        Template("M08", "勘查签单结果", APPLICANT, "{item}现场勘查结论：{conclusion}，签单已交您，整改后请回复复查。"),
        Template("M09", "暂停计时", APPLICANT, "{item}因{procedure}约需{days}个工作日，期间不计时，结束即通知您。"),
        Template("M10", "恢复计时", APPLICANT, "{item}已恢复办理，新的办结日{day}。"),
        Template("M11", "延期", APPLICANT, "{item}经批准延长{days}个工作日，新的办结日{day}，理由见告知书。"),
        Template("M12", "阶段完成", APPLICANT, "您的{item}{stage}环节已完成，预计{day}前办结。"),
        Template("M13", "缴费", APPLICANT, "{item}应缴{amount}元，账单{bill}，请{days}个工作日内缴纳，缴前不计时。"),
        Template("M14", "缴费到账", APPLICANT, "已收到{amount}元，票据可在线下载，{item}继续办理。"),
        Template("M15", "准予领证", APPLICANT, "您的{item}已准予，请凭取件码{code}和身份证到发证窗口领取。"),
        Template("M16", "不予决定", APPLICANT, "您的{item}决定不予许可，理由和救济途径见决定书，咨询{hotline}。"),
        Template(
            "M17",
            "超时默许",
            APPLICANT,
            "{department}逾期未决，您的{item}按超时默许视为同意，证照1个工作日内发出。",
        ),
        Template("M18", "快递寄出", APPLICANT, "您的{item}证照已寄出，单号{waybill}，请注意签收。"),
        Template("M19", "催领", APPLICANT, "您的{item}证照待领取第{nth}次提醒，发证窗口工作日{hours}。"),
        Template("M20", "评价邀请", APPLICANT, "{item}已办结，请评价服务：非常满意至非常不满意，回复5至1。"),
        Template("M21", "联办阶段", APPLICANT, "{project}第{nth}阶段已完成，可申报下一阶段，受理后继续计时。"),
        Template("M22", "到期延续提醒", APPLICANT, "您的许可证将于{day}到期，请提前30日申请延续。"),
        Template("M23", "撤回确认", APPLICANT, "已按您的申请撤回{item}，材料可到{window}号窗口领回。"),
        Template("M24", "查询验证码", APPLICANT, "查询验证码{otp}，5分钟内有效，请勿告知他人。", at_once=True),
        Template("T01", "新任务", (A,), "新任务：{item}{short}{stage}，限{until}前，请办理。"),
        Template("T02", "半程催办", (A,), "催办：{short}{stage}已过半程，剩余{left}。"),
        Template("T03", "黄灯", (A, B), "黄灯：{short}{item}{stage}剩余{left}，B岗可接办。"),
        Template(
            "T04",
            "红灯升级",
            (A, B, CHIEF),
            "红灯：{short}{stage}已超时，已转首席代表办理，记黄牌。",
            at_once=True,
        ),
        Template("T05", "免签通过", (A, CHIEF), "{short}{stage}超时按免签通过转批准，请首席代表审定，已记黄牌。"),
        Template("T06", "替岗", (B,), "{person}离岗，其{count}项任务由您代办，请立即处理。"),
        Template(
            "T07",
            "无人在岗",
            (CHIEF, SUPERVISOR),
            "{window}号窗口A岗B岗均不在岗，请首席代表立即到岗。",
            at_once=True,
        ),
        Template("T08", "任务退回", (Audience.PREVIOUS,), "{short}被退回{stage}，理由见系统，剩余{left}。"),
        Template("T09", "恢复计时", (Audience.HOLDER,), "{short}已恢复计时，剩余{left}，办结日{day}。"),
        Template("T10", "缴费到账", (Audience.HOLDER,), "{short}缴费到账，请继续办理，剩余{left}。"),
        Template("T11", "征求意见", (Audience.ASKED,), "{project}征求{department}意见，限{until}，逾期视为同意。"),
        Template("T12", "催办", (Audience.HOLDER,), "{person}催办：{short}{stage}，请尽快办理。"),
        Template("T13", "协同办理", (Audience.HOLDER,), "{person}：{short}{stage}请您{deed}，详见系统。"),
        Template("L01", "督办单", (CHIEF,), "督办{order}：{short}超时，限半日书面回复。", at_once=True),
        Template(
            "L02",
            "分管领导",
            (Audience.RESIDENT_LEADER,),
            "{department}{short}{stage}超时{days}日未办，请督促，已记红牌。",
            at_once=True,
        ),
        Template(
            "L03",
            "办件超期",
            (Audience.DEPT_HEAD,),
            "{department}{item}{short}超过承诺时限，列入通报，请督办。",
            at_once=True,
        ),
        Template("L04", "链里程碑超期", (Audience.LEAD, SUPERVISOR), "联办{chain}第{nth}里程碑超期，已列入联审议题。"),
        Template(
            "L05",
            "会议通知",
            (Audience.ATTENDEES,),
            "联审联批会{moment}在{room}，议题{count}项，请签收，缺席视为同意。",
        ),
        Template("L06", "会议答复", (Audience.RESPONSIBLE,), "议题{count}请于今日17时前答复，3个工作日内办结。"),
        Template(
            "L07",
            "会议议题逾期",
            (Audience.RESPONSIBLE, SUPERVISOR),
            "议题{count}答复已逾期，列入下次会议首项并记黄牌。",
        ),
        Template(
            "L08",
            "投诉转办",
            (Audience.COMPLAINED,),
            "投诉{complaint}转你单位，5个工作日内答复，勿由当事人处理。",
        ),
        Template(
            "L09",
            "投诉答复",
            (Audience.COMPLAINANT,),
            "您的投诉{complaint}已答复，请在3日内确认，未回复视为满意。",
        ),
        Template("L10", "差评", (Audience.HANDLING,), "收到差评{count}件（{short}），1个工作日内核实联系。"),
        Template(
            "L11",
            "月统计",
            (Audience.LEADERS,),
            "{month}月受理{received}件办结{closed}件，按时率{rate}%，红牌{count}张，详见看板。",
        ),
        Template(
            "L12",
            "一把手现场办公",
            (Audience.DEPT_HEAD,),
            "本季度现场办公尚未完成，剩余{days}个工作日，请安排。",
        ),
        Template(
            "L13",
            "系统故障停钟",
            (Audience.IN_PROGRESS,),
            "系统故障，{began}至{ended}不计时，默许暂停，恢复后另行通知。",
            at_once=True,
        ),
        Template(
            "L14",
            "流程更新",
            (Audience.DESIGNER, CHIEF),
            "{item}流程{version}于{moment}生效，在办件沿用旧版。",
        ),
        Template("N01", "备注中提到", (Audience.HOLDER,), "{person}在{short}的备注中提到您，请登录查看。"),
        Template(
            "N02", "内部查询", (Audience.HOLDER,), "{department}对{short}{item}提出内部查询，请联系申请人后答复。"
        ),
        Template("N03", "内部查询答复", (Audience.HOLDER,), "{short}{item}的内部查询已有答复，请登录查看。"),
        Template(
            "L15",
            "授权委托到期",
            (CHIEF, Audience.DEPT_HEAD),
            "{department}授权委托书{days}天后到期，到期后不能批准，请办理续签。",
        ),
        Template("D01", "消息汇总", (Audience.HOLDER,), "您有{count}条新消息，请登录系统查看。"),
    )
}
