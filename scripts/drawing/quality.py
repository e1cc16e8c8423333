"""Supporting processes of quality (DOMAIN E.6): what happens when somebody complains, rates badly, asks, or is called back.

None of them stands on the path of a case (ENG-5): each is a case of its own, begun by a person, a rating or a job.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from drawing.office import choice, document, promoted, script, timed
from drawing.sheet import OTHERWISE, Drawing, Node, Sheet, element

CENTRE, INSPECTORATE = "201", "202"
AVOID = "=person"  # S-12: never whom the case is about


def draw_quality(folder: Path) -> None:
    """Draw all of them into `folder`."""
    for draw in (
        draw_complaint,
        draw_callback,
        draw_bad_rating,
        draw_fault,
        draw_consultation,
        draw_sampling,
        draw_on_site_day,
    ):
        draw(folder)


def desk(sheet: Sheet, id: str, name: str, x: float, y: float, *, stage: str, role: str, dept: str, limit: str, form: str,
         results: tuple[str, ...] = (), ladder: str = "standard", **more: str) -> Node:  # fmt: skip
    """A person's step with its limit; who is late climbs by the clock, as everywhere."""
    return sheet.node(
        "userTask", id, name, x, y, extensions=promoted(id, *results) if results else None, camunda__formKey=form,
        zw__stage=stage, zw__role=role, zw__dept=dept, zw__limit=limit, zw__ladder=ladder, **more,
    )  # fmt: skip


def outside(sheet: Sheet, id: str, name: str, x: float, y: float, *, stage: str, limit: str, form: str, who: str,
            else_group: str = "", results: tuple[str, ...] = (), **more: str) -> Node:  # fmt: skip
    """A step of somebody who is named; without an account it is asked by telephone for them by `else_group`."""
    if else_group:
        more["camunda__candidateGroups"] = f'=if {who} = null then "{else_group}" else null'
    return sheet.node(
        "userTask", id, name, x, y, extensions=promoted(id, *results) if results else None, camunda__formKey=form,
        camunda__assignee=f"={who}", zw__stage=stage, zw__limit=limit, zw__ladder="none", **more,
    )  # fmt: skip


def act(sheet: Sheet, id: str, name: str, action: str, x: float, y: float, **more: str) -> Node:
    """A step of the service."""
    return sheet.node("serviceTask", id, name, x, y, size=(116, 64), zw__action=action, **more)


def card(sheet: Sheet, id: str, name: str, violation: str, x: float, y: float) -> Node:
    """亮牌 to the department."""
    return act(sheet, id, name, "card", x, y, zw__violation=violation)


def end(sheet: Sheet, id: str, name: str, x: float, y: float) -> Node:
    """An end."""
    return sheet.node("endEvent", id, name, x, y)


def several(collection: str, name: str) -> list[ET.Element]:
    """One instance for each member of a list, all at once."""
    return [
        element(
            "bpmn:multiInstanceLoopCharacteristics",
            camunda__collection=f"={collection}",
            camunda__elementVariable=name,
        )
    ]


def write(sheet: Sheet, name: str, short: str, width: float, folder: Path, contract: str, *roots: ET.Element) -> None:
    """The file."""
    Drawing(
        key=sheet.key,
        name=name,
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT", "zw__short": short, "zw__data_contract": contract, "camunda__versionTag": "1.0",
        },
        width=width,
        roots=list(roots),
    ).write(folder / f"{sheet.key}.bpmn")  # fmt: skip


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
    closed = end(sheet, "End_Refused", "不予受理", 860, low)
    remedy = end(sheet, "End_Remedy", "告知救济途径", 860, low + 66)
    taken = sheet.node("intermediateThrowEvent", "Mark_Accepted", "受理告知", 650, y, zw__doc="W29")
    dispatch = act(sheet, "Dispatch", "分派(回避)", "dispatch", 960, auto)
    handler = choice(sheet, "Gateway_Handler", "由谁调查", 1070, auto)
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
    longer = script(sheet, "Script_Extended", "登记延期", "extended = true\nextend = null", 1270, auto)
    audit = desk(
        sheet, "Task_Audit", "审核答复", 1520, y, stage="COMPLAINT", role="complaint_officer", dept=CENTRE, limit="1wd",
        form="complaint_audit", results=("audit", "reply"), zw__avoid=AVOID,
    )  # fmt: skip
    audited = choice(sheet, "Gateway_Audit", "审核结论", 1640, y)
    again = script(
        sheet, "Script_Returned", "退回重办", "returned = true\naudit = null\nextend = null", 1640, low + 10
    )  # fmt: skip
    named = choice(sheet, "Gateway_Anonymous", "能否回访", 1740, y)
    replied = sheet.node(
        "intermediateThrowEvent", "Mark_Replied", "答复", 1830, y, zw__doc="W29", zw__sms="L09"
    )  # fmt: skip
    confirm = outside(
        sheet, "Task_Confirm", "确认答复", 1940, person.middle, stage="COMPLAINT", limit="3wd", form="complaint_confirm",
        who="complainant", else_group=f"{CENTRE}:complaint_officer", results=("satisfaction",),
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
    over = end(sheet, "End_Closed", "办结", 2560, y)
    review = desk(
        sheet, "Task_Review", "复核", 2660, supervision.middle, stage="SUPERVISE", role="supervisor", dept="=reviewer_dept",
        limit="5wd", form="complaint_review", zw__avoid=AVOID,
    )  # fmt: skip
    review.extensions.append(
        element("camunda:inputOutput", None, element("camunda:outputParameter", "=true", name="reviewed"))
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
    sheet.flow(found, longer, "延期一次", 'extend = "yes" and extended != true', way="left-right")
    sheet.flow(longer, handler, way="top-top", bend=system.top + 14)
    sheet.flow(found, audit, "", OTHERWISE, way="right-bottom")
    sheet.flow(audit, audited)
    sheet.flow(
        audited, again, "退回", 'audit = "return" and returned != true', way="bottom-top", label=(1648, y + 40)
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
        satisfied, review, "不满意", 'satisfaction = "unsatisfied" and reviewed != true', way="right-top"
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
        "window, accused, person, complaint_text; out: handler, satisfaction, valid, reviewed, extended, returned, "
        "investigator_role, investigator_dept, reviewer_dept, audit, reply, extend",
        message,
    )  # fmt: skip


def draw_callback(folder: Path) -> None:
    """SP-03 回访: a sample of the month's ended cases, each called up to three times."""
    sheet = Sheet("support_SP_03")
    caller, system = sheet.lane("回访员", 130), sheet.lane("系统", 130)
    start = sheet.node("startEvent", "Start_Callback", "每月回访", 180, system.middle)
    drawn = act(sheet, "Sample", "抽取回访对象", "sample", 310, system.middle, zw__sampling="CALLBACK")
    anybody = choice(sheet, "Gateway_Sample", "有无对象", 440, system.middle)
    calls = sheet.node("subProcess", "Calls", "逐件回访", 570, caller.middle, body=several("sample", "one"))
    calls.extensions.append(
        element("camunda:inputOutput", None, element("camunda:inputParameter", "=0", name="attempts"))
    )
    inner = calls.inside = Sheet("Calls")
    begin = inner.node("startEvent", "Start_Call", "", 120, 180)
    task = desk(
        inner, "Task_Call", "电话回访", 240, 180, stage="CALLBACK", role="complaint_officer", dept=CENTRE, limit="15wd",
        form="callback", zw__doc="W30",
    )  # fmt: skip
    tried = script(inner, "Script_Tried", "登记次数", "attempts = attempts + 1", 380, 180)
    reached = choice(inner, "Gateway_Reached", "是否接通", 490, 180)
    problem = choice(inner, "Gateway_Problem", "有无问题", 600, 180)
    complaint = act(
        inner, "Start_FoundComplaint", "转为投诉", "start", 740, 270, zw__process="support_SP_01",
        zw__fields="matter_kind source anonymous department about_number complaint_text phone", zw__title="回访发现的问题",
    )  # fmt: skip
    given = inner.node(
        "scriptTask", "Script_Complaint", "整理投诉内容", 600, 270, scriptFormat="feel",
        body=[
            element(
                "bpmn:script",
                'source = "callback"\nanonymous = false\nmatter_kind = "procedure"\n'
                "department = one.department\nabout_number = one.number\ncomplaint_text = Task_Call.problem\nphone = null",
            )
        ],
    )  # fmt: skip
    done = end(inner, "End_Call", "完成", 870, 180)
    inner.flow(begin, task)
    inner.flow(task, tried)
    inner.flow(tried, reached)
    inner.flow(
        reached, task, "再次联系", 'Task_Call.reached = "no" and attempts < 3', way="top-top", bend=100, label=(400, 82)
    )  # fmt: skip
    inner.flow(reached, problem, "", OTHERWISE)
    inner.flow(problem, done, "", OTHERWISE)
    inner.flow(problem, given, "需查处", 'Task_Call.follow = "complaint"', way="bottom-top")
    inner.flow(given, complaint)
    inner.flow(complaint, done, way="right-bottom")
    counted = script(
        sheet, "Script_Rate", "汇总回访率",
        'reached_count = count(Task_Call[item.reached = "yes"])\n'
        'problem_count = count(Task_Call[item.follow != null and item.follow != "none"])',
        720, system.middle,
    )  # fmt: skip
    over = end(sheet, "End_Callback", "归档", 850, system.middle)
    none = end(sheet, "End_NoSample", "完成", 440, caller.middle)
    sheet.flow(start, drawn)
    sheet.flow(drawn, anybody)
    sheet.flow(anybody, none, "无", OTHERWISE, way="top-bottom", label=(448, system.middle - 46))
    sheet.flow(anybody, calls, "有", "sample_size > 0", way="right-bottom")
    sheet.flow(calls, counted, way="right-top")
    sheet.flow(counted, over)
    write(
        sheet, "回访", "回访", 930, folder,
        "in: period, matter_kind, source, anonymous, about_number, complaint_text, phone; out: reached_count, problem_count, reached, follow, problem, number, department, one",
    )  # fmt: skip


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
    named = choice(sheet, "Gateway_Named", "是否实名", 950, y)
    callback = desk(
        sheet, "Task_CallBack", "督查回访", 1080, supervision.middle, stage="SUPERVISE", role="supervisor", dept=CENTRE,
        limit="2wd", form="rating_callback", results=("accepted",), zw__avoid=AVOID,
    )  # fmt: skip
    content = choice(sheet, "Gateway_Accepted", "是否认可", 1210, supervision.middle)
    once = script(
        sheet, "Script_Again", "退回整改一次", "rectified_again = true\naccepted = null", 1210, y
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
        content, once, "不认可", 'accepted = "no" and rectified_again != true', way="top-bottom",
        label=(1216, supervision.middle - 46),
    )  # fmt: skip
    sheet.flow(once, rectify, way="top-top", bend=unit.top + 34)
    sheet.flow(publish, over)
    write(
        sheet, "差评处置", "差评处置", 1540, folder,
        "in: rating, grade, rated_case, about_number, named, department, person, verifier_role, verifier_dept; "
        "out: finding, complex, appeal, accepted, published, rectified_again",
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
        label=(520, subject.middle + 44),
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
        label=(1050, subject.middle + 44),
    )  # fmt: skip
    appealed = choice(sheet, "Gateway_Appeal", "是否申诉", 1210, subject.middle, (1232, subject.middle + 14))
    review = desk(
        sheet, "Task_Review", "另人复核", 1210, y, stage="SUPERVISE", role="supervisor", dept="=reviewer_dept", limit="3wd",
        form="fault_review", results=("review",), zw__avoid=AVOID,
    )  # fmt: skip
    ruled = choice(sheet, "Gateway_Review", "复核结论", 1340, y)
    revoked = end(sheet, "End_Revoked", "撤销认定", 1340, low)
    over = end(sheet, "End_Closed", "办结", 1460, y)
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


def draw_consultation(folder: Path) -> None:
    """SP-15 咨询与首问: answered at once, or handed on and answered within a day."""
    sheet = Sheet("support_SP_15")
    window, answering = sheet.lane("综合窗口", 130), sheet.lane("部门审核", 200)
    y = answering.top + 60
    start = sheet.node(
        "startEvent", "Start_Consultation", "首问登记", 180, window.middle, camunda__formKey="consultation"
    )  # fmt: skip
    at_once = choice(sheet, "Gateway_Answered", "能否当场答", 300, window.middle)
    answered = end(sheet, "End_Answered", "当场答复", 420, window.middle)
    received = desk(
        sheet, "Task_Receive", "接收确认", 420, y, stage="COORDINATE", role="reviewer_a", dept="=department", limit="1hd",
        form="consultation_receive", results=("received",),
    )  # fmt: skip
    ours = choice(sheet, "Gateway_Received", "是否本部门", 550, y)
    back = desk(
        sheet, "Task_Assign", "另行指定部门", 550, answering.top + 150, stage="COORDINATE", role="counter_clerk", dept=CENTRE,
        limit="1hd", form="consultation_assign", results=("department",),
    )  # fmt: skip
    answer = desk(
        sheet, "Task_Answer", "答复", 680, y, stage="COORDINATE", role="reviewer_a", dept="=department", limit="1wd",
        form="consultation_answer", results=("answer",),
    )  # fmt: skip
    over = end(sheet, "End_Replied", "已答复", 810, y)
    sheet.flow(start, at_once)
    sheet.flow(at_once, answered, "当场", 'way = "at_once"')
    sheet.flow(at_once, received, "转办", OTHERWISE, way="bottom-left", label=(308, window.middle + 30))
    sheet.flow(received, ours)
    sheet.flow(ours, answer, "是", OTHERWISE)
    sheet.flow(ours, back, "不是", 'received = "not_ours"', way="bottom-top")
    sheet.flow(back, received, way="left-bottom")
    sheet.flow(answer, over)
    write(
        sheet, "咨询与首问", "咨询", 890, folder, "in: consultation_no; out: received, answer"
    )  # fmt: skip


def draw_sampling(folder: Path) -> None:
    """SP-16 抽查."""
    sheet = Sheet("support_SP_16")
    supervision, office, system = sheet.lane("督查", 130), sheet.lane("业务科", 130), sheet.lane("系统", 130)
    start = sheet.node("startEvent", "Start_Sampling", "每月抽查", 180, system.middle)
    drawn = act(sheet, "Sample", "抽取办件", "sample", 310, system.middle, zw__sampling="INSPECTION")
    anything = choice(sheet, "Gateway_Sample", "有无办件", 440, system.middle)
    checks = sheet.node("subProcess", "Checks", "逐件核查", 570, supervision.middle, body=several("sample", "one"))
    inner = checks.inside = Sheet("Checks")
    begin = inner.node("startEvent", "Start_Check", "", 120, 180)
    task = desk(
        inner, "Task_Check", "核查办件", 240, 180, stage="SUPERVISE", role="supervisor", dept=CENTRE, limit="10wd",
        form="inspection",
    )  # fmt: skip
    wrong = choice(inner, "Gateway_Found", "有无问题", 370, 180)
    confirm = desk(
        inner, "Task_Confirm", "确认问题", 500, 270, stage="COORDINATE", role="business_office", dept=CENTRE, limit="2wd",
        form="inspection_confirm",
    )  # fmt: skip
    stands = choice(inner, "Gateway_Confirmed", "是否成立", 630, 270)
    noted = script(inner, "Script_Found", "登记责任部门", "department = one.department", 750, 270)
    told = card(inner, "Card_Found", "督办整改", "INSPECTION_FINDING", 890, 270)
    done = end(inner, "End_Check", "完成", 1010, 180)
    inner.flow(begin, task)
    inner.flow(task, wrong)
    inner.flow(wrong, done, "", OTHERWISE)
    inner.flow(wrong, confirm, "有", 'Task_Check.result = "problem"', way="bottom-left")
    inner.flow(confirm, stands)
    inner.flow(stands, noted, "成立", 'Task_Confirm.confirmed = "yes"')
    inner.flow(stands, done, "", OTHERWISE, way="top-left")
    inner.flow(noted, told)
    inner.flow(told, done, way="right-bottom")
    counted = script(
        sheet, "Script_Counted", "汇总抽查结果",
        'problem_count = count(Task_Check[item.result = "problem"])', 720, system.middle,
    )  # fmt: skip
    over = end(sheet, "End_Sampling", "归档", 850, system.middle)
    none = end(sheet, "End_NoSample", "完成", 440, office.middle)
    sheet.flow(start, drawn)
    sheet.flow(drawn, anything)
    sheet.flow(anything, none, "无", OTHERWISE, way="top-bottom", label=(448, system.middle - 46))
    sheet.flow(anything, checks, "有", "sample_size > 0", way="right-bottom")
    sheet.flow(checks, counted, way="right-top")
    sheet.flow(counted, over)
    write(
        sheet, "抽查", "抽查", 930, folder,
        "in: period; out: problem_count, result, confirmed, department, one",
    )  # fmt: skip


def draw_on_site_day(folder: Path) -> None:
    """SP-20 一把手现场办公: one for each department and quarter."""
    sheet = Sheet("support_SP_20")
    head, desks, system = sheet.lane("部门负责人", 140), sheet.lane("责任部门", 130), sheet.lane("系统", 120)
    y = head.top + 70
    start = sheet.node("startEvent", "Start_Quarter", "季度开始", 180, y)
    told = sheet.node("intermediateThrowEvent", "Mark_Told", "提醒", 270, y, zw__sms="L12")
    day = desk(
        sheet, "Task_OnSite", "登记现场办公", 390, y, stage="MEETING", role="dept_head", dept="=department", limit="=limit",
        form="on_site_day", results=("problems",), ladder="none",
    )  # fmt: skip
    missed = timed(
        sheet, day, "Missed_Task_OnSite", "季末未登记", 'due("MEETING")', 390, y + 32, label=(412, y + 38)
    )  # fmt: skip
    notice = card(sheet, "Card_Missed", "通报", "ON_SITE_MISSING", 390, system.middle)
    absent = end(sheet, "End_Missed", "通报", 510, system.middle)
    any_left = choice(sheet, "Gateway_Problems", "有无问题", 520, y)
    solve = desk(
        sheet, "Task_Solve", "办理问题", 660, desks.middle, stage="COORDINATE", role="chief_rep", dept="=department",
        limit="5wd", form="on_site_solve",
    )  # fmt: skip
    solve.body = several('split(problems, "\\s*\\n\\s*")[item != ""]', "problem")
    over = end(sheet, "End_OnSite", "完成", 800, y)
    sheet.flow(start, told)
    sheet.flow(told, day)
    sheet.flow(missed, notice, way="bottom-top")
    sheet.flow(notice, absent)
    sheet.flow(day, any_left)
    sheet.flow(any_left, over, "", OTHERWISE)
    sheet.flow(any_left, solve, "有", 'problems != null and problems != ""', way="bottom-left")
    sheet.flow(solve, over, way="right-bottom")
    write(
        sheet, "一把手现场办公", "现场办公", 880, folder, "in: quarter, department, limit, days; out: problems"
    )  # fmt: skip
