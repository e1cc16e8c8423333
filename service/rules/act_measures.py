"""Acts of 配套流程: what their desks have decided, carried out on the case or matter they serve (docs/support_acts.md)."""

from __future__ import annotations

from service.rules.act_cards import ActCard, Input, InputKind, Output
from service.rules.vocabulary import InHouseAction


def _deed(**choices: tuple[str, str]) -> Input:
    return Input(
        name="deed", kind=InputKind.TEXT, label="做什么", english="what is done", required=True, choices=choices
    )


def _text(name: str, label: str, english: str) -> Output:
    return Output(name=name, type="String", label=label, english=english)


def _truth(name: str, label: str, english: str) -> Output:
    return Output(name=name, type="Boolean", label=label, english=english)


MEASURES = (  # acts of 配套流程, on the case or matter a supporting case serves
    ActCard(
        name=InHouseAction.ORDER,
        label="立督办单",
        does="按签发意见立督办单并取号，发给承办部门或承办人，限一个工作日回复；只立一次",
        english="raises an order with its number for a department or a person, to be answered within a working day; once",
        outputs=(
            _text("order_card", "监察事项", "id of the order"),
            _text("order_no", "督办单号", "number of the order"),
            _text("order_person", "承办人", "to whom it is given; null: to the department"),
            _text("order_department", "承办部门", "whose department answers"),
            _text("order_limit", "回复时限", "limit of the reply"),
            Output(name="order_rework", type="Integer", label="重办次数", english="how often it was given back"),
        ),
        journal=("card:raised",),
        refusals=("ORDER_ADDRESSEE",),
    ),
    ActCard(
        name=InHouseAction.ORDER_STEP,
        label="登记督办处理",
        does="把前一环节的签收、回复或审核结论登记到督办单上；已经登记的不再登记",
        english="notes on an order what the desk before has done; what was noted already stays",
        inputs=(
            _deed(
                sign=("签收", "signed for"), reply=("回复", "answered"), reject=("退回重办", "given back"),
                escalate=("升级并发红牌", "given to the resident leader, with a red card"), close=("销号", "closed"),
            ),
        ),
        outputs=(
            _text("card_state", "监察事项状态", "state of the order"),
            _text("order_limit", "回复时限", "limit of the reply"),
            Output(name="order_rework", type="Integer", label="重办次数", english="how often it was given back"),
        ),
        journal=("card:signed", "card:replied", "card:rejected", "card:accepted", "card:closed", "card:raised"),
    ),
    ActCard(
        name=InHouseAction.EXTENSION,
        label="登记延期决定",
        does="按决定延长承诺和法定时限并出具延期告知书，或者记为不同意；到期后才决定的不再延期",
        english="gives the limits their time and issues the notice, or notes the refusal; too late it is neither",
        outputs=(
            _truth("extended", "是否延期", "whether the limits were extended"),
            _text("extension_state", "延期状态", "GRANTED, REFUSED or LAPSED"),
            _text("extension_problem", "未延期的原因", "why not, when it could not be done"),
        ),
        journal=("clock:extended", "proceeding:closed"),
    ),
    ActCard(
        name=InHouseAction.WITHDRAWAL,
        label="撤回或终止办件",
        does="校验办件尚未决定；确认后停止计时、撤销未缴账单、结束办件并出具文书和材料退还清单",
        english="looks whether the case is undecided; then stops its clocks, withdraws open bills, ends it and issues its papers",
        inputs=(_deed(check=("校验", "look"), end=("停钟退件", "end the case")),),
        outputs=(
            _truth("withdrawable", "能否撤回", "whether it is undecided"),
            _truth("withdrawn", "是否已结束", "whether it was ended"),
            _text("withdrawal_problem", "不能撤回的原因", "why not"),
        ),
        journal=("item:reached", "case:terminated", "bill:cancelled", "document:issued"),
    ),
    ActCard(
        name=InHouseAction.RENEWAL,
        label="证照延续",
        does="核对原证照和提出日期；决定后登记新证照接替原证照；届满未决定的视为准予延续并发红牌",
        english="compares certificate and filing day; notes what took its place; undecided at its end it is deemed renewed",
        inputs=(
            _deed(
                register=("核对原证", "compare"), succeed=("登记结果", "note the result"),
                deem=("视为准予延续", "deem it renewed"),
            ),
        ),
        outputs=(
            _truth("filed_in_time", "是否按期提出", "whether it was filed in time"),
            _text("expires_on", "届满日", "last day of the certificate"),
            _truth("deemed", "是否视为准予", "whether it was deemed renewed"),
            _text("new_certificate", "新证照号", "number of the certificate that took its place"),
        ),
        journal=("proceeding:opened", "proceeding:closed", "certificate:changed", "document:issued", "card:raised"),
        refusals=("RENEWAL_CERTIFICATE",),
    ),
    ActCard(
        name=InHouseAction.REVIEW,
        label="事项清理",
        does="登记清理名单的汇总、法制审核（通过或退回修改）和公布；在名单页上已办的不再办",
        english="sums up, checks, gives back or publishes the review; what was done on its page stays",
        inputs=(
            _deed(
                sum=("汇总", "sum up"),
                check=("法制审核", "legal check"),
                revise=("退回修改", "give back"),
                publish=("公布生效", "publish"),
            ),
        ),
        outputs=(
            _truth("published", "是否公布", "whether it was published"),
            _text("review_problem", "未公布的原因", "why not"),
        ),
    ),
    ActCard(
        name=InHouseAction.REFUND,
        label="退付",
        does="登记退费申请；财政批准后原路退回并出具退付单；在收费页上已办的不再办",
        english="asks for a refund; approved, orders it the way the money came; what was done on the pages stays",
        inputs=(_deed(ask=("登记申请", "ask"), settle=("决定并退付", "decide and pay back")),),
        outputs=(
            _text("refund", "退付", "id of the refund"),
            _truth("refunding", "是否退付", "whether the money goes back"),
            _text("refund_problem", "未退付的原因", "why not"),
        ),
        journal=("refund:asked", "refund:decided"),
    ),
    ActCard(
        name=InHouseAction.RELEASE,
        label="流程发布",
        does="校验待发布的文件；三人意见一致后部署；列明在办件数并备好流程发布单的内容",
        english="examines the files; agreed to by three persons, deploys them; counts what is at work for the sheet",
        inputs=(_deed(examine=("校验", "examine"), deploy=("部署", "deploy"), report=("影响面报告", "report")),),
        outputs=(
            _truth("valid", "校验是否通过", "whether the files may be deployed"),
            _truth("legal_needed", "是否须法制审核", "whether limits, silence or fees change"),
            _truth("released", "是否生效", "whether it was deployed"),
            _text("release_problem", "未发布的原因", "why not"),
            Output(name="affected", type="Integer", label="在办件数", english="cases at work with the versions before"),
        ),
    ),
    ActCard(
        name=InHouseAction.TACIT,
        label="默许执行情况",
        does="读出默许的结果：暂缓及其理由，或者默许及补发证照期限；缺少默许通知单的补出",
        english="what silence has come to: held with its reasons, or passed; a missing notice is issued",
        outputs=(
            _truth("tacit_held", "是否暂缓", "whether it is held"),
            _text("tacit_holds", "例外情形", "the exceptions that hold it"),
            _text("certificate_by", "补发证照期限", "until when the certificate has to be issued"),
        ),
        journal=("document:issued",),
    ),
)  # fmt: skip
