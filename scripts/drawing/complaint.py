"""投诉 (SP-01): accepted, dispatched to who is not concerned, answered, confirmed, reviewed once, closed."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from drawing.office import choice, document, script, timed
from drawing.sheet import OTHERWISE, Sheet, element
from drawing.supporting import AVOID, CENTRE, act, card, desk, end, outside, write


def draw_complaint(folder: Path) -> None:
    """SP-01 投诉."""
    sheet = Sheet("support_SP_01")
    person, officer = sheet.lane("申请人", 110), sheet.lane("投诉受理员", 280)
    system, accused, supervision = sheet.lane("系统", 130), sheet.lane("被投诉部门", 130), sheet.lane("督查", 130)
    y, low, auto = officer.top + 70, officer.top + 170, system.middle
    start = sheet.node("startEvent", "Start_Complaint", "投诉登记", 180, person.middle)
    numbered = choice(sheet, "Gateway_Number", "是否编号", 270, person.middle)
    number = act(sheet, "Number", "编投诉号", "number", 270, auto, zw__series="TS", zw__into="complaint_no")
    accept = desk(
        sheet, "Task_Accept", "受理审查", 420, y, stage="COMPLAINT", role="complaint_officer", dept=CENTRE, limit="1wd",
        form="complaint_accept", results=("decision", "matter_kind", "department", "accused"), zw__avoid=AVOID,
    )  # fmt: skip
    accepted = choice(sheet, "Gateway_Accept", "受理结论", 540, y)
    refused = document(sheet, "Document_Refused", "出具不受理答复", "W29", 650, low)
    why = choice(sheet, "Gateway_Refused", "不受理的情形", 770, low)
    closed = end(sheet, "End_Refused", "投诉不受理", 860, low)
    remedy = end(sheet, "End_Remedy", "告知救济途径", 860, low + 66)
    taken = sheet.node("intermediateThrowEvent", "Mark_Accepted", "受理告知", 650, y, zw__doc="W29")
    dispatch = act(sheet, "Dispatch", "分派(回避)", "dispatch", 960, auto)
    handler = choice(sheet, "Gateway_Handler", "由谁调查", 1070, auto, (1022, auto + 24))
    told = sheet.node("intermediateThrowEvent", "Mark_Transferred", "转办", 1160, accused.middle, zw__sms="L08")
    by_department = desk(
        sheet, "Task_Department", "调查并拟答复", 1270, accused.middle, stage="COMPLAINT", role="=investigator_role",
        dept="=investigator_dept", limit="5wd", form="complaint_investigate", results=("extend",), ladder="none",
        zw__avoid=AVOID,
    )  # fmt: skip
    by_supervision = desk(
        sheet, "Task_Supervision", "督查调查", 1270, supervision.middle, stage="SUPERVISE", role="=investigator_role",
        dept="=investigator_dept", limit="5wd", form="complaint_investigate", results=("extend",), zw__avoid=AVOID,
    )  # fmt: skip
    found = choice(sheet, "Gateway_Extend", "是否延期", 1410, auto, (1432, auto - 30))
    longer = script(
        sheet,
        "Script_Extended",
        "登记延期",
        "extensions = if extensions = null then 1 else extensions + 1\nextend = null",
        1240,
        auto,
    )
    audit = desk(
        sheet, "Task_Audit", "审核答复", 1520, y, stage="COMPLAINT", role="complaint_officer", dept=CENTRE, limit="1wd",
        form="complaint_audit", results=("audit", "reply"), zw__avoid=AVOID,
    )  # fmt: skip
    audited = choice(sheet, "Gateway_Audit", "审核结论", 1640, y)
    again = script(
        sheet, "Script_Returned", "退回重办", "returns = if returns = null then 1 else returns + 1\naudit = null\nextend = null", 1640, low + 10
    )  # fmt: skip
    named = choice(sheet, "Gateway_Anonymous", "能否回访", 1740, y)
    replied = sheet.node(
        "intermediateThrowEvent", "Mark_Replied", "答复", 1830, y, zw__doc="W29", zw__sms="L09"
    )  # fmt: skip
    confirm = outside(
        sheet, "Task_Confirm", "确认答复", 1940, person.middle, stage="COMPLAINT", limit="3wd", form="complaint_confirm",
        who="complainant", else_group=f"{CENTRE}:complaint_officer", results=("satisfaction",), zw__role="applicant",
    )  # fmt: skip
    silent = timed(
        sheet, confirm, "Silent_Task_Confirm", "三日未回复", 'due("COMPLAINT")', 1990, person.middle + 32,
        label=(2012, person.middle + 34),
    )  # fmt: skip
    assumed = script(sheet, "Script_Silent", "视为满意", 'satisfaction = "silent"', 2090, y)
    satisfied = choice(sheet, "Gateway_Confirm", "是否满意", 2200, person.middle)
    close = desk(
        sheet, "Task_Close", "认定并关闭", 2330, y, stage="COMPLAINT", role="complaint_officer", dept=CENTRE, limit="1hd",
        form="complaint_close", results=("valid",), zw__avoid=AVOID,
    )  # fmt: skip
    judged = choice(sheet, "Gateway_Valid", "是否成立", 2450, y)
    scored = card(sheet, "Card_Valid", "有效投诉记录", "COMPLAINT_VALID", 2450, auto)
    over = end(sheet, "End_Closed", "办结", 2560, y, above=True)
    review = desk(
        sheet, "Task_Review", "复核", 2660, supervision.middle, stage="SUPERVISE", role="supervisor", dept="=reviewer_dept",
        limit="5wd", form="complaint_review", zw__avoid=AVOID,
    )  # fmt: skip
    review.extensions.append(
        element(
            "camunda:inputOutput",
            None,
            element("camunda:outputParameter", "=if reviews = null then 1 else reviews + 1", name="reviews"),
        )
    )
    sheet.flow(start, numbered)
    sheet.flow(numbered, number, "未编号", "complaint_no = null", way="bottom-top")
    sheet.flow(numbered, accept, "", OTHERWISE, way="right-top")
    sheet.flow(number, accept, way="right-bottom")
    sheet.flow(accept, accepted)
    sheet.flow(accepted, taken, "受理", OTHERWISE)
    sheet.flow(
        accepted, refused, "不受理", 'decision = "refuse" or decision = "objection"', way="bottom-left",
        label=(546, y + 60),
    )  # fmt: skip
    sheet.flow(refused, why)
    sheet.flow(why, closed, "", OTHERWISE)
    sheet.flow(why, remedy, "业务异议", 'decision = "objection"', way="bottom-left", label=(776, low + 72))
    sheet.flow(taken, dispatch, way="right-top")
    sheet.flow(dispatch, handler)
    sheet.flow(handler, told, "部门", 'handler = "department"', way="right-top")
    sheet.flow(handler, by_supervision, "督查", OTHERWISE, way="bottom-left")
    sheet.flow(told, by_department)
    sheet.flow(by_department, found, way="right-bottom")
    sheet.flow(by_supervision, found, way="right-bottom")
    sheet.flow(
        found, longer, "延期，退回调查", 'extend = "yes" and (extensions = null or extensions < 1)', way="left-right",
        label=(1296, auto - 18),
    )  # fmt: skip
    sheet.flow(longer, handler, way="top-top", bend=system.top + 14)
    sheet.flow(found, audit, "", OTHERWISE, way="right-bottom")
    sheet.flow(audit, audited)
    sheet.flow(
        audited, again, "退回", 'audit = "return" and (returns = null or returns < 1)', way="bottom-top", label=(1648, y + 40)
    )  # fmt: skip
    sheet.flow(again, dispatch, way="left-top")
    sheet.flow(audited, named, "", OTHERWISE)
    sheet.flow(named, replied, "", OTHERWISE)
    sheet.flow(
        named, close, "匿名", "anonymous = true", way="bottom-bottom", bend=low + 86, label=(1748, y + 34)
    )  # fmt: skip
    sheet.flow(replied, confirm, way="right-bottom")
    sheet.flow(silent, assumed, way="bottom-left")
    sheet.flow(assumed, close)
    sheet.flow(confirm, satisfied)
    sheet.flow(satisfied, close, "", OTHERWISE, way="bottom-top")
    sheet.flow(
        satisfied, review, "不满意，退回复核", 'satisfaction = "unsatisfied" and (reviews = null or reviews < 1)', way="right-top"
    )  # fmt: skip
    sheet.flow(review, audit, way="left-bottom")
    sheet.flow(close, judged)
    sheet.flow(judged, over, "", OTHERWISE)
    sheet.flow(judged, scored, "有效", "valid = true", way="bottom-top")
    sheet.flow(scored, over, way="right-bottom")
    message = withdrawal(sheet, 1100, person.middle)
    write(
        sheet, "投诉", "投诉", 2780, folder,
        "in: complaint_no, matter_kind, source, anonymous, complainant, complainant_name, phone, about_number, department, "
        "window, accused, person, complaint_text; out: handler, satisfaction, valid, reviews, extensions, returns, "
        "investigator_role, investigator_dept, reviewer_dept, audit, reply, extend",
        message,
    )  # fmt: skip


def withdrawal(sheet: Sheet, x: float, y: float) -> ET.Element:
    """撤回投诉: ends the case wherever it stands; the page asks before the answer is there only."""
    made = sheet.node("subProcess", "Withdrawal", "撤回投诉", x, y, triggeredByEvent="true")
    inner = made.inside = Sheet("Withdrawal")
    heard = [element("bpmn:messageEventDefinition", id="Hear_Withdraw", messageRef="Message_MSG_WITHDRAW")]
    start = inner.node("startEvent", "Start_Withdraw", "收到撤回", 160, 160, body=heard)
    noted = script(inner, "Script_Withdrawn", "登记撤回", "withdrawn = true", 290, 160)
    over = inner.node("endEvent", "End_Withdrawn", "撤回", 420, 160)
    inner.flow(start, noted)
    inner.flow(noted, over)
    return element("bpmn:message", id="Message_MSG_WITHDRAW", name="MSG_WITHDRAW")
