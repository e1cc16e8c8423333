"""What diagrams can ask of the service: every act with its inputs, outputs and effects. Designers, the linter and the docs read this one list.

An act is named by `zw:action` on a service task, or asked for by what an element hands out when it is passed (`zw:doc`,
`zw:sms`). Inputs are attributes of the element in the namespace zw; outputs are variables of its process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.rules.act_cards import ActCard, Input, InputKind, Output
from service.rules.act_measures import MEASURES
from service.rules.act_quality import QUALITY
from service.rules.cards import Violation
from service.rules.document_kinds import KINDS
from service.rules.message_texts import TEMPLATES
from service.rules.vocabulary import InHouseAction

PASSING = {  # attribute that asks for an act by itself
    "doc": InHouseAction.DOCUMENT, "sms": InHouseAction.MESSAGE, "to": InHouseAction.EXCHANGE,
}  # fmt: skip
ASKED_OTHERWISE = {  # what the service hands out by rule; a diagram that asks for it as well would say it twice
    "M04": "补正期间由系统按日历提醒",
    "M09": "暂停计时由系统通知",
    "M10": "恢复计时由系统通知",
    "M11": "延期由系统通知",
    "M13": "出具账单时由系统通知",
    "M14": "缴费到账时由系统通知",
    "M15": "可以领取时由系统通知",
    "M17": "超时默许由系统通知",
    "M18": "寄出时由系统通知",
    "M19": "领取由系统按日历提醒",
    "M22": "到期由系统提醒",
    "M24": "查询时由系统发送",
    "D01": "由系统汇总",
}
ONCE_PER_CASE = frozenset({"W01", "M01", "M20"})  # a chain's window receives once, its applicant is asked once
TRANSFERS = {  # how a hand-over between bodies is called in the log: three across (XN-24), three up and down (XN-25)
    "DEPT_DEPT": ("部门之间", "between departments"),
    "UNIT_UNIT": ("部门内设机构之间", "between units of a department"),
    "DEPT_WINDOW": ("部门与窗口之间", "between department and window"),
    "CITY_UPPER": ("市与上级之间", "between the city and the level above"),
    "CITY_DISTRICT": ("市与区县之间", "between city and district"),
    "DISTRICT_TOWN": ("区县与乡镇之间", "between district and township"),
}


ACTS: Mapping[InHouseAction, ActCard] = {
    card.name: card
    for card in (
        ActCard(
            name=InHouseAction.DOCUMENT,
            label="出具文书",
            does="按文书种类取号、固定内容并印制，内容取自办件、时钟和表单答案；内容不全的留作草稿待补齐；同一环节只出具一次",
            english="counts a number, freezes the facts and prints; what lacks facts stays a draft to be completed; once per passage",
            inputs=(Input(name="doc", kind=InputKind.DOCUMENT, label="文书种类", english="kinds of documents", required=True),),
            outputs=(
                Output(name="document_no", type="String", label="文书号", english="number of the (last) document"),
                Output(name="acceptance_no", type="String", label="受理号", english="of W02: the acceptance number"),
            ),
            journal=("document:issued", "document:drafted"),
            refusals=("DOCUMENT_KIND", "SERIAL_EXHAUSTED"),
        ),
        ActCard(
            name=InHouseAction.MESSAGE,
            label="发送消息",
            does="按消息模板通知应收到的人，经站内、短信或邮件，遵守静默时段",
            english="tells those a template is meant for, in-app, by SMS or e-mail, with quiet hours",
            inputs=(Input(name="sms", kind=InputKind.MESSAGE, label="消息模板", english="templates", required=True),),
            refusals=("MESSAGE_NOT_NAMED", "MESSAGE_UNKNOWN"),
        ),
        ActCard(
            name=InHouseAction.BILL,
            label="开具账单",
            does="按当日有效的收费标准计算收费一表，应缴费的暂停计时并通知缴费",
            english="computes one bill by the standards of the day; when money is owed the clocks pause and the payer is told",
            inputs=(
                Input(
                    name="fees", kind=InputKind.STANDARDS, label="收费标准", english="fee standards",
                    default="事项全部有效标准",
                ),
            ),
            outputs=(
                Output(name="bill_no", type="String", label="账单号", english="number of the bill"),
                Output(name="bill_total", type="String", label="合计（元）", english="total in yuan"),
                Output(name="fee_due", type="Boolean", label="是否应缴费", english="whether money is owed"),
                Output(name="fee_paid", type="Boolean", label="是否已缴清", english="whether it has been paid"),
                Output(name="bill_due_on", type="String", label="缴费期限", english="day until which to pay"),
            ),
            journal=("bill:issued", "clock:paused"),
            refusals=("FEE_STANDARD_MISSING", "FEE_INPUT"),
        ),
        ActCard(
            name=InHouseAction.NUMBER,
            label="取号",
            does="从一个号码序列取下一个号，不跳号不重号，作废的号保留",
            english="takes the next number of a series, without gaps; voids are kept",
            inputs=(
                Input(name="series", kind=InputKind.SERIES, label="号码序列", english="series", required=True),
                Input(name="into", kind=InputKind.NAMES, label="存入变量", english="variable", default="number"),
            ),
            outputs=(Output(name="number", type="String", label="号码", english="the number, unless zw:into names another"),),
            journal=("action:done",),
            refusals=("SERIES_MISSING", "SERIAL_EXHAUSTED"),
        ),
        ActCard(
            name=InHouseAction.CERTIFICATE,
            label="制发证照",
            does="按事项的证照种类取号、生成证照并登记有效期",
            english="counts a number, makes the certificate of the item and keeps its validity",
            outputs=(
                Output(name="certificate_no", type="String", label="证照号", english="number of the certificate"),
            ),
            journal=("certificate:issued", "document:issued", "document:drafted"),
            refusals=("CERTIFICATE_NUMBER_TAKEN", "CERTIFICATE_TEMPLATE", "SERIAL_EXHAUSTED"),
        ),
        ActCard(
            name=InHouseAction.EXCHANGE,
            label="数据交换",
            does="把列明的变量经交换平台送往另一系统，答复到达后以消息 MSG_EXCHANGE 或 zw:answer 所写的消息继续",
            english="hands the named variables to another system through the exchange; its answer comes as MSG_EXCHANGE, or as zw:answer says",
            inputs=(
                Input(name="to", kind=InputKind.CONNECTION, label="对方系统", english="connection", required=True),
                Input(name="transfer", kind=InputKind.TRANSFER, label="移交类型", english="kind of transfer", required=True),
                Input(name="fields", kind=InputKind.NAMES, label="送出的变量", english="variables that go out", required=True),
                Input(name="subject", kind=InputKind.TEXT, label="事由", english="what it is about", default="环节名称"),
                Input(
                    name="answer", kind=InputKind.EVENT, label="答复消息", english="message the answer comes as",
                    default="MSG_EXCHANGE",
                ),
            ),
            outputs=(
                Output(name="exchange_ref", type="String", label="交换编号", english="reference of the message"),
            ),
            journal=("exchange:queued", "exchange:sent", "exchange:answered", "exchange:failed"),
            refusals=("CONNECTION_UNKNOWN", "EXCHANGE_FIELD"),
            error="ERR_SHARE_FAILED",
        ),
        ActCard(
            name=InHouseAction.ARCHIVE,
            label="归档",
            does="办件结束后封存档案包；事项和联办结束时自动归档，不必画出",
            english="seals the package of the case after its end; items and chains do so by themselves",
            journal=("case:archived",),
            refusals=("CASE_RUNNING",),
        ),
        ActCard(
            name=InHouseAction.START,
            label="启动支持流程",
            does="另立一件与本件关联的支持流程办件，只启动一次，按本件开始时有效的版本",
            english="starts a supporting process as a case of its own, linked to this one, once, in the version bound when this case began",
            inputs=(
                Input(name="process", kind=InputKind.PROCESS, label="流程标识", english="key of the process", required=True),
                Input(name="fields", kind=InputKind.NAMES, label="带去的变量", english="variables it is given"),
                Input(name="title", kind=InputKind.TEXT, label="标题", english="its title", default="本件标题-流程名称"),
            ),
            outputs=(
                Output(name="started_case", type="String", label="支持流程的办件", english="id of the case that was started"),
            ),
            journal=("case:linked",),
            refusals=("DEFINITION_NOT_FOUND", "DEFINITION_SUSPENDED"),
        ),
        ActCard(
            name=InHouseAction.LOT,
            label="抽签",
            does="按比例随机抽取，签号由办件标识算出，任何人可以复核，结果记入流水",
            english="draws by a rate; the ticket follows from the id of the case, anybody can check it, the journal keeps it",
            inputs=(
                Input(name="rate", kind=InputKind.EXPRESSION, label="比例（%）", english="per cent", required=True),
                Input(name="into", kind=InputKind.NAMES, label="存入变量", english="variable", default="drawn"),
            ),
            outputs=(
                Output(name="drawn", type="Boolean", label="是否抽中", english="whether it was drawn, unless zw:into names another"),
            ),
            journal=("action:done",),
            refusals=("LOT_RATE",),
        ),
        ActCard(
            name=InHouseAction.REVOKE,
            label="撤销证照",
            does="按撤销决定把变量 certificate_no 所指的证照（没有写明的为启动本件的办件所发证照）登记为已撤销，理由取自批准环节；已经撤销的不再登记，没有发过证照的只留痕",
            english="registers the certificate that certificate_no names, else that of the case which started this one, as revoked, with the reason of the deciding desk; once; where none was issued a line of the journal says so",
            outputs=(
                Output(name="certificate_state", type="String", label="证照状态", english="what the certificate is worth now"),
            ),
            journal=("certificate:changed", "action:done"),
            refusals=("CERTIFICATE_NOT_FOUND", "CERTIFICATE_REASON", "CERTIFICATE_STATE"),
        ),
        ActCard(
            name=InHouseAction.RECORD,
            label="留痕",
            does="在办件流水中记一笔，供督办",
            english="writes a line into the journal, for supervision",
            inputs=(Input(name="target", kind=InputKind.TASK, label="所指环节", english="task it is about"),),
            journal=("action:done",),
        ),
        ActCard(
            name=InHouseAction.ESCALATE,
            label="升级",
            does="把未办的任务升级给部门首席代表；已办结的不再升级",
            english="hands an open task to the department's chief representative; one that is done needs nobody",
            inputs=(
                Input(name="target", kind=InputKind.TASK, label="升级哪个任务", english="task to escalate", required=True),
            ),
            journal=("task:escalated",),
            refusals=("ESCALATION_TARGET_MISSING", "CHIEF_MISSING"),
        ),
        *QUALITY,
        *MEASURES,
    )
}  # fmt: skip

INPUTS = frozenset(one.name for card in ACTS.values() for one in card.inputs)
WRITTEN: Mapping[InputKind, tuple[re.Pattern[str], str, str]] = {  # how an input is written, in words of both languages
    InputKind.NAMES: (
        re.compile(r"[A-Za-z_]\w*(?:[\s,]+[A-Za-z_]\w*)*"), "变量名，以空格分开", "names of variables separated by spaces",
    ),
    InputKind.STANDARDS: (
        re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}(?:[\s,]+[A-Z0-9][A-Z0-9-]{0,19})*", re.ASCII),
        "收费标准编码，以空格分开", "codes of fee standards separated by spaces",
    ),
    InputKind.SERIES: (
        re.compile(r"[a-z][a-z0-9_.-]{0,59}|[A-Z]{2,3}", re.ASCII),
        "小写字母开头的序列名，或行业编号的字头（TS、HF 等）", "a name of small letters, or a series of the trade such as TS",
    ),
    InputKind.CONNECTION: (re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII), "小写字母开头的对接名", "a name of small letters"),
    InputKind.PROCESS: (re.compile(r"[A-Za-z_][\w.-]*"), "流程标识", "the key of a process"),
    InputKind.EVENT: (re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII), "MSG_ 开头的消息名", "the name of a message"),
    InputKind.TRANSFER: (re.compile("|".join(TRANSFERS)), "、".join(TRANSFERS), ", ".join(TRANSFERS)),
    InputKind.VIOLATION: (re.compile("|".join(Violation)), "监察情形的代码", "the code of a violation"),
    InputKind.SAMPLING: (re.compile("CALLBACK|INSPECTION"), "CALLBACK（回访）或 INSPECTION（抽查）", "CALLBACK or INSPECTION"),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong with one input: the part of its value that does not fit, and what was expected, in both languages."""

    value: str
    expected: str
    english: str


def act_of(zw: Mapping[str, str]) -> ActCard | None:
    """The act that zw:action names, if there is such an act."""
    action = zw.get("action", "").strip()
    return ACTS[InHouseAction(action)] if action in frozenset(InHouseAction) else None


def words_of(value: str) -> tuple[str, ...]:
    """The codes or names of an attribute that holds several."""
    return tuple(value.replace(",", " ").split())


def asked_for(zw: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What passing an element asks for: (attribute, code), documents before messages, which may name their numbers.

    A service task that is itself the act (zw:action) does not ask for it a second time.
    """
    own = zw.get("action", "").strip()
    return tuple((name, code) for name, act in PASSING.items() if act != own for code in words_of(zw.get(name, "")))


def faults_of(one: Input, value: str) -> tuple[Fault, ...]:
    """What is wrong with the value of an input; an expression is judged when it runs."""
    text = value.strip()
    if text.startswith(("${", "#{", "=")):
        return ()
    if one.choices:
        return () if text in one.choices else (Fault(text, "、".join(one.choices), ", ".join(one.choices)),)
    match one.kind:
        case InputKind.DOCUMENT:
            return tuple(
                Fault(code, f"文书种类 {_range(KINDS)}", f"a kind of document, {_range(KINDS)}")
                for code in words_of(text)
                if code not in KINDS
            )
        case InputKind.MESSAGE:
            return tuple(
                Fault(code, "消息模板，如 M02、T08", "a message such as M02 or T08")
                for code in words_of(text)
                if code not in TEMPLATES
            )
        case InputKind.TEXT | InputKind.TASK | InputKind.EXPRESSION:
            return ()
    pattern, expected, english = WRITTEN[one.kind]
    return () if pattern.fullmatch(text) else (Fault(text, expected, english),)


def _range(codes: Mapping[str, object]) -> str:
    return f"{min(codes)}–{max(codes)}"
