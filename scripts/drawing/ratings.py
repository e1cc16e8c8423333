"""差评处置 (SP-04) and 过错责任 (SP-14)."""

from __future__ import annotations

from pathlib import Path

from drawing.office import choice, script, timed
from drawing.sheet import OTHERWISE, Sheet
from drawing.supporting import AVOID, CENTRE, act, card, desk, end, outside, write


def draw_bad_rating(folder: Path) -> None:
    """SP-04 差评处置."""
    sheet = Sheet("support_SP_04")
    unit, office = sheet.lane("业务办理单位", 200), sheet.lane("业务科", 120)
    supervision, system = sheet.lane("督查", 130), sheet.lane("系统", 130)
    y, auto = unit.top + 80, system.middle
    start = sheet.node("startEvent", "Start_BadRating", "收到差评", 180, y, zw__sms="L10")
    verify = desk(
        sheet, "Task_Verify", "核实联系", 300, y, stage="RATING", role="=verifier_role", dept="=verifier_dept", limit="1wd",
        form="rating_verify", results=("finding", "complex"), ladder="none", zw__avoid=AVOID,
    )  # fmt: skip
    late = timed(
        sheet, verify, "Due_Task_Verify", "逾期未核实", 'due("RATING")', 300, y + 32, label=(322, y + 38),
        interrupting=False,
    )  # fmt: skip
    red = card(sheet, "Card_Unverified", "记红牌", "RATING_UNVERIFIED", 300, auto)
    noted = end(sheet, "End_Unverified", "已记牌", 420, auto)
    found = choice(sheet, "Gateway_Finding", "核实结论", 430, y)
    appeal = desk(
        sheet, "Task_Appeal", "误评复核", 560, office.middle, stage="RATING", role="business_office", dept=CENTRE, limit="2wd",
        form="rating_appeal", results=("appeal",), zw__avoid=AVOID,
    )  # fmt: skip
    ruled = choice(sheet, "Gateway_Appeal", "复核结论", 700, office.middle)
    struck = act(sheet, "Exclude", "标记评价无效", "exclude_rating", 820, auto)
    invalid = end(sheet, "End_Invalid", "误评", 940, auto)
    rectify = desk(
        sheet, "Task_Rectify", "整改", 820, y, stage="RATING", role="=verifier_role", dept="=verifier_dept",
        limit='=if complex = true then "15wd" else "5wd"', form="rating_rectify", ladder="none", zw__avoid=AVOID,
    )  # fmt: skip
    named = choice(sheet, "Gateway_Named", "是否实名", 950, y, (980, y - 20))
    callback = desk(
        sheet, "Task_CallBack", "督查回访", 1080, supervision.middle, stage="SUPERVISE", role="supervisor", dept=CENTRE,
        limit="2wd", form="rating_callback", results=("accepted",), zw__avoid=AVOID,
    )  # fmt: skip
    content = choice(sheet, "Gateway_Accepted", "是否认可", 1210, supervision.middle, (1186, supervision.middle + 30))
    once = script(
        sheet, "Script_Again", "退回整改一次", "rectifications = if rectifications = null then 1 else rectifications + 1\naccepted = null", 1210, y
    )  # fmt: skip
    publish = script(sheet, "Script_Published", "脱敏公示", "published = true", 1340, auto)
    over = end(sheet, "End_Closed", "办结", 1460, auto)
    sheet.flow(start, verify)
    sheet.flow(late, red, way="bottom-top")
    sheet.flow(red, noted)
    sheet.flow(verify, found)
    sheet.flow(found, rectify, "属实", OTHERWISE)
    sheet.flow(found, appeal, "误评", 'finding = "mistaken"', way="bottom-left", label=(438, y + 60))
    sheet.flow(appeal, ruled)
    sheet.flow(ruled, rectify, "不是误评", OTHERWISE, way="right-bottom")
    sheet.flow(ruled, struck, "误评", 'appeal = "upheld"', way="bottom-left", label=(708, office.middle + 30))
    sheet.flow(struck, invalid)
    sheet.flow(rectify, named)
    sheet.flow(named, callback, "实名", OTHERWISE, way="bottom-left", label=(958, y + 40))
    sheet.flow(
        named, publish, "不能联系", "named = false", way="top-top", bend=unit.top + 20, label=(958, y - 46)
    )  # fmt: skip
    sheet.flow(callback, content)
    sheet.flow(content, publish, "认可", OTHERWISE, way="right-top")
    sheet.flow(
        content, once, "不认可，退回整改", 'accepted = "no" and (rectifications = null or rectifications < 1)', way="top-bottom",
        label=(1216, supervision.middle - 46),
    )  # fmt: skip
    sheet.flow(once, rectify, way="top-top", bend=unit.top + 34)
    sheet.flow(publish, over)
    write(
        sheet, "差评处置", "差评处置", 1540, folder,
        "in: rating, grade, rated_case, about_number, named, department, person, verifier_role, verifier_dept; "
        "out: finding, complex, appeal, accepted, published, rectifications",
    )  # fmt: skip


def draw_fault(folder: Path) -> None:
    """SP-14 过错责任."""
    sheet = Sheet("support_SP_14")
    supervision, subject = sheet.lane("督查", 240), sheet.lane("责任人", 130)
    y, low = supervision.top + 70, supervision.top + 175
    start = sheet.node("startEvent", "Start_Fault", "过错线索", 180, y)
    opened = desk(
        sheet, "Task_Open", "立案", 300, y, stage="SUPERVISE", role="supervisor", dept="=supervisor_dept", limit="1wd",
        form="fault_open", results=("opened",), zw__avoid=AVOID,
    )  # fmt: skip
    whether = choice(sheet, "Gateway_Opened", "是否立案", 420, y)
    dropped = end(sheet, "End_NotOpened", "不予立案", 420, low)
    said = outside(
        sheet, "Task_Statement", "陈述申辩", 550, subject.middle, stage="SUPERVISE", limit="5wd", form="fault_statement",
        who="person",
    )  # fmt: skip
    silent = timed(
        sheet, said, "Silent_Task_Statement", "逾期未陈述", 'due("SUPERVISE")', 585, subject.middle + 32,
        label=(496, subject.middle + 36),
    )  # fmt: skip
    ready = choice(sheet, "Merge_Statement", "", 690, subject.middle)
    decide = desk(
        sheet, "Task_Decide", "集体认定", 690, y, stage="SUPERVISE", role="supervisor", dept="=supervisor_dept", limit="5wd",
        form="fault_decide", results=("guilty",), zw__avoid=AVOID,
    )  # fmt: skip
    guilty = choice(sheet, "Gateway_Guilty", "有无过错", 810, y)
    innocent = end(sheet, "End_NoFault", "无过错", 810, low)
    sanction = desk(
        sheet, "Task_Sanction", "处理与送达", 940, y, stage="SUPERVISE", role="supervisor", dept="=supervisor_dept",
        limit="3wd", form="fault_sanction", results=("sanction",), zw__doc="W28", zw__avoid=AVOID,
    )  # fmt: skip
    appeal = outside(
        sheet, "Task_Appeal", "是否申诉", 1080, subject.middle, stage="SUPERVISE", limit="5wd", form="fault_appeal",
        who="person", results=("appeals",),
    )  # fmt: skip
    final = timed(
        sheet, appeal, "Silent_Task_Appeal", "逾期未申诉", 'due("SUPERVISE")', 1115, subject.middle + 32,
        label=(1026, subject.middle + 36),
    )  # fmt: skip
    appealed = choice(sheet, "Gateway_Appeal", "是否申诉", 1210, subject.middle, (1232, subject.middle + 14))
    review = desk(
        sheet, "Task_Review", "另人复核", 1210, y, stage="SUPERVISE", role="supervisor", dept="=reviewer_dept", limit="3wd",
        form="fault_review", results=("review",), zw__avoid=AVOID,
    )  # fmt: skip
    ruled = choice(sheet, "Gateway_Review", "复核结论", 1340, y)
    revoked = end(sheet, "End_Revoked", "撤销认定", 1340, low)
    over = end(sheet, "End_Closed", "办结", 1460, y, above=True)
    sheet.flow(start, opened)
    sheet.flow(opened, whether)
    sheet.flow(whether, dropped, "不立案", 'opened = "no"', way="bottom-top")
    sheet.flow(whether, said, "立案", OTHERWISE, way="right-top")
    sheet.flow(said, ready)
    sheet.flow(silent, ready, way="bottom-bottom", bend=subject.middle + 60)
    sheet.flow(ready, decide, way="top-bottom")
    sheet.flow(decide, guilty)
    sheet.flow(guilty, innocent, "无过错", 'guilty = "no"', way="bottom-top")
    sheet.flow(guilty, sanction, "有过错", OTHERWISE)
    sheet.flow(sanction, appeal, way="right-top")
    sheet.flow(appeal, appealed)
    sheet.flow(final, over, way="bottom-bottom", bend=subject.middle + 60)
    sheet.flow(appealed, review, "申诉", 'appeals = "yes"', way="top-bottom", label=(1218, subject.middle - 46))
    sheet.flow(appealed, over, "", OTHERWISE, way="right-bottom")
    sheet.flow(review, ruled)
    sheet.flow(ruled, revoked, "撤销", 'review = "revoke"', way="bottom-top")
    sheet.flow(ruled, over, "", OTHERWISE)
    write(
        sheet, "过错责任追究", "过错责任", 1540, folder,
        "in: fault_no, person, person_name, department, fault_kind, facts, about_number, supervisor_dept, reviewer_dept; "
        "out: opened, guilty, sanction, appeals, review",
    )  # fmt: skip
