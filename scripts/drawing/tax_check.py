"""SK 税控联管, called at control points: has the tax been paid, is it exempt? What the tax office is told, it is always told.

An exchange that cannot be made, or is not answered within half a day, is looked up by a person of the tax office, whose
silence never counts. Who owes is told once and has thirty working days, which are the applicant's; where the law does not
make the tax a condition, the answer is a hint.
"""

from __future__ import annotations

from pathlib import Path

from drawing.office import ESCALATION, choice, late, office_task, promoted, script, timed, waiting_task
from drawing.sheet import OTHERWISE, Drawing, Sheet, element, expression
from drawing.upper import FAILED, failing
from drawing.window import CENTRE

TAX = "113"
FIELDS = "tax_point applicant applicant_uscc project_code"
ANSWERED = element("bpmn:message", id="Message_Exchange", name="MSG_EXCHANGE")
BEGUN = "tax_state = null\ntax_voucher = null\ntax_cleared = false\nTask_Manual = null\nTask_Tax = null"
HINTED = 'tax_point = "T3"'  # 土地增值税预缴: the department is told and decides, nobody waits
CLEAR = 'tax_state = "paid" or tax_state = "exempt"'


def draw_tax_check(folder: Path) -> None:
    """Draw chain_SK_check into `folder`."""
    sheet = Sheet("chain_SK_check")
    window, bureau = sheet.lane("综合窗口", 300), sheet.lane("税务", 510)
    asking, y, checking, low = window.top + 110, bureau.top + 70, bureau.top + 210, bureau.top + 370
    start = sheet.node("startEvent", "Start_Check", "控制点触发", 180, y)
    begun = script(sheet, "Script_Begin", "登记控制点", BEGUN, 280, y)
    fork = sheet.node("parallelGateway", "Fork_Check", "", 380, y)
    shared = sheet.node("subProcess", "Share", "查询完税信息", 510, y, extensions=[_own_reference()], zw__limit="1hd")
    shared.inside = _asked()
    failed = failing(sheet, shared, "查询失败", 535, y + 35, (543, y + 68))
    state = choice(sheet, "Gateway_Tax", "完税情况", 660, y, (688, y + 6))
    manual = office_task(
        sheet, "Task_Manual", "人工核实", 800, checking, stage="OPINION", role="reviewer_a", dept=TAX, limit="1wd",
        form="tax_opinion", results=("tax_state", "tax_voucher"), shift=-26, mark=-74, zw__ladder="opinion",
    )  # fmt: skip
    late(sheet, manual, checking + 76, way="bottom-left", x=950)
    verified = choice(sheet, "Gateway_Manual", "核实结果", 960, checking, (892, checking - 34))
    hinting = choice(sheet, "Gateway_Hint", "是否仅提示", 1050, asking, (1014, asking - 46))
    notice = office_task(
        sheet, "Task_Notify", "一次告知纳税", 1170, asking, stage="COORDINATE", role="counter_clerk", dept=CENTRE, limit="1hd",
        form="tax_notice", shift=-26, mark=-74,
    )  # fmt: skip
    late(sheet, notice, asking + 76, way="bottom-left", x=1320)
    watch = sheet.node(
        "serviceTask", "Watch_Tax", "登记待税", 1530, asking, zw__action="exchange", zw__to="tax", zw__transfer="DEPT_DEPT",
        zw__fields=FIELDS, zw__subject="完税后回复",
    )  # fmt: skip
    unwatched = failing(sheet, watch, "登记失败", 1560, asking + 32, (1584, asking + 46))
    meet = sheet.node(
        "intermediateThrowEvent", "Notice_Tax", "待税告知", 1640, asking, label=(1616, asking - 40), zw__doc="W08"
    )
    waiting = waiting_task(
        sheet, "Task_Tax", "等待完税", 1760, asking, stage="PAY", role="counter_clerk", dept=CENTRE, limit="30wd",
        form="tax_paid", pause="PAYMENT",
    )  # fmt: skip
    waiting.extensions = promoted(waiting.id, "tax_state", "tax_voucher")
    heard = sheet.node(
        "boundaryEvent", "Tax_Paid", "完税信息到达", 1785, asking - 32, label=(1808, asking - 56), attachedToRef=waiting.id,
        body=[element("bpmn:messageEventDefinition", id="Hear_TaxPaid", messageRef="Message_Exchange")],
    )  # fmt: skip
    over = timed(
        sheet, waiting, "Due_Tax", "逾期未完税", 'due("PAY")', 1735, asking + 32, label=(1652, asking + 44)
    )  # fmt: skip
    paid = choice(sheet, "Gateway_Paid", "是否完税", 1920, asking, (1936, asking - 40))
    blocked = script(sheet, "Script_Blocked", "登记未完税", "tax_cleared = false", 1860, asking + 140)
    cleared = script(sheet, "Script_Cleared", "登记已完税", "tax_cleared = true", 2010, y)
    checked = choice(sheet, "Merge_Checked", "", 2120, y)
    report = sheet.node(
        "serviceTask", "Report_Tax", "推送业务信息", 510, low, zw__action="exchange", zw__to="tax", zw__transfer="DEPT_DEPT",
        zw__fields=FIELDS, zw__subject="协税信息",
    )  # fmt: skip
    unsent = failing(sheet, report, "推送失败", 540, low + 32, (564, low + 44))
    noted = sheet.node(
        "serviceTask", "Trace_Report", "推送失败留痕", 690, low + 90, size=(116, 50), zw__action="record"
    )
    reported = choice(sheet, "Merge_Reported", "", 830, low)
    join = sheet.node("parallelGateway", "Join_Check", "", 2200, y)
    end = sheet.node("endEvent", "End_Check", "完成", 2280, y)

    sheet.flow(start, begun)
    sheet.flow(begun, fork)
    sheet.flow(fork, shared)
    sheet.flow(fork, report, way="bottom-left")
    sheet.flow(shared, state)
    sheet.flow(failed, manual, way="bottom-left", shift=(0, 14))
    sheet.flow(state, manual, "无数据", OTHERWISE, way="bottom-left", shift=(0, -14), label=(666, y + 50))
    sheet.flow(state, hinting, "未完税", 'tax_state = "unpaid"', way="top-left", label=(666, asking - 18))
    sheet.flow(state, cleared, "已完税或免税", CLEAR, label=(1000, y - 18))
    sheet.flow(manual, verified)
    sheet.flow(verified, hinting, "未完税", OTHERWISE, way="top-left", label=(966, checking - 60))
    sheet.flow(verified, cleared, "已完税或免税", CLEAR, way="right-bottom", label=(1000, checking - 18))
    sheet.flow(hinting, notice, "", OTHERWISE)
    sheet.flow(hinting, blocked, "仅提示", HINTED, way="bottom-left", shift=(0, 14), label=(1056, asking + 134))
    sheet.flow(notice, watch)
    sheet.flow(watch, meet)
    sheet.flow(unwatched, meet, way="bottom-bottom", bend=asking + 76)
    sheet.flow(meet, waiting)
    sheet.flow(waiting, paid)
    sheet.flow(heard, paid, way="top-top", bend=asking - 76)
    sheet.flow(
        paid, waiting, "退回", OTHERWISE, way="bottom-bottom", bend=asking + 76, shift=(0, 25), label=(1840, asking + 58)
    )  # fmt: skip
    sheet.flow(paid, cleared, "已完税", CLEAR, way="right-top", label=(1950, asking + 4))
    sheet.flow(over, blocked, way="bottom-left", shift=(0, -14))
    sheet.flow(cleared, checked)
    sheet.flow(blocked, checked, way="right-top")
    sheet.flow(report, reported)
    sheet.flow(unsent, noted, way="bottom-left")
    sheet.flow(noted, reported, way="right-bottom")
    sheet.flow(checked, join)
    sheet.flow(reported, join, way="right-bottom")
    sheet.flow(join, end)
    Drawing(
        key="chain_SK_check",
        name="税控联管",
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT",
            "zw__chain_type": "TAX_CONTROL",
            "zw__short": "税控核查",
            "zw__data_contract": "in: tax_point, applicant, applicant_uscc, project_code; out: tax_cleared, tax_voucher",
            "camunda__versionTag": "1.0",
        },
        width=2370,
        roots=[ESCALATION, FAILED, ANSWERED],
    ).write(folder / "chain_SK_check.bpmn")


def _own_reference() -> object:
    """The number of this very question, which the report beside it must not overwrite."""
    return element("camunda:inputOutput", None, element("camunda:inputParameter", "=null", name="exchange_ref"))


def _asked() -> Sheet:
    """The question and its answer; without one within half a day it has failed."""
    sheet = Sheet("Share")
    y, low = 120, 220
    start = sheet.node("startEvent", "Start_Share", "", 120, y)
    query = sheet.node(
        "serviceTask", "Query_Tax", "查询税务系统", 240, y, zw__action="exchange", zw__to="tax", zw__transfer="DEPT_DEPT",
        zw__fields=FIELDS, zw__subject="查询完税信息",
    )  # fmt: skip
    waits = sheet.node("eventBasedGateway", "Wait_Answer", "等待答复", 370, y, label=(346, y - 46))
    answered = sheet.node(
        "intermediateCatchEvent", "Answered", "税务答复", 480, y,
        body=[element("bpmn:messageEventDefinition", id="Hear_Answer", messageRef="Message_Exchange")],
    )  # fmt: skip
    timer = element(
        "bpmn:timerEventDefinition", None, expression("bpmn:timeDate", 'due("SHARE")'), id="Timer_Unanswered"
    )
    unanswered = sheet.node("intermediateCatchEvent", "Unanswered", "逾时未答复", 480, low, body=[timer])
    done = sheet.node("endEvent", "End_Share", "完成", 600, y)
    thrown = element("bpmn:errorEventDefinition", id="Throw_Share", errorRef="Error_ShareFailed")
    failed = sheet.node("endEvent", "End_ShareFailed", "终止", 600, low, body=[thrown])
    sheet.flow(start, query)
    sheet.flow(query, waits)
    sheet.flow(waits, answered)
    sheet.flow(waits, unanswered, way="bottom-left")
    sheet.flow(answered, done)
    sheet.flow(unanswered, failed)
    return sheet
