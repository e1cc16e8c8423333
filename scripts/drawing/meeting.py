"""HY 联审联批会议: issues of the departments, an agenda, the sitting, then every issue answered, settled or submitted by its day."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from drawing.chain_frame import messages
from drawing.forms import area, day, line, moment, radio, write_form
from drawing.items import CENTRE
from drawing.office import ESCALATION, choice, document, late, office_task, script, timed
from drawing.sheet import OTHERWISE, Drawing, Node, Sheet, element

KEY = "support_HY"
OPENED = """departments = if departments = null then ["101", "102", "103", "104", "105", "107", "108"] else departments
collect_limit = if collect_limit = null then "5wd" else collect_limit
raised = if found = null then [] else found
outcomes = []
issue_lines = null
attendance = null
held_at = null"""
FROZEN = 'issue_lines = if count(raised) = 0 then null else string join(raised, "\\n")'
ISSUES = """issues = if issue_lines = null then [] else for one in split(issue_lines, "\\n") return \
{text: split(one, "；")[1], department: if count(split(one, "；")) > 1 then split(one, "；")[2] else "201", \
number: if count(split(one, "；")) > 2 then split(one, "；")[3] else null}"""


def draw_meeting(folder: Path) -> None:
    """Draw support_HY and its forms into `folder`."""
    sheet = Sheet(KEY)
    chiefs = sheet.lane("各部门首席代表", 130)
    desk = sheet.lane("秘书", 150)
    convener = sheet.lane("召集人", 140)
    issues = sheet.lane("责任部门", 130)
    system = sheet.lane("系统", 110)
    y = desk.top + 66
    start = sheet.node("startEvent", "Start_Meeting", "建会", 180, y, camunda__formKey="call_HY")
    opened = script(sheet, "Script_Open", "登记会议", OPENED, 290, y)
    collect = _collect(sheet, 430, chiefs.middle)
    frozen = script(sheet, "Script_Freeze", "议题截止", FROZEN, 570, y)
    agenda = office_task(
        sheet, "Task_Agenda", "排定议程", 700, y, stage="MEETING", role="agency_officer", dept=CENTRE, limit="2wd",
        form="agenda_HY", results=("issue_lines", "meeting_on", "place"), shift=-28, mark=-74,
    )  # fmt: skip
    notice = document(sheet, "Document_Notice", "出具会议通知", "W31", 840, y, sms="L05")
    sitting = office_task(
        sheet, "Task_Meeting", "开会并记录", 980, y, stage="MEETING", role="agency_officer", dept=CENTRE, limit="3wd",
        form="meeting_HY", results=("held_at", "attendance", "issue_lines"), shift=-28, mark=-74,
    )  # fmt: skip
    listed = script(sheet, "Script_Issues", "登记议题", ISSUES, 1110, y)
    fork = sheet.node("parallelGateway", "Fork_Meeting", "会后办理", 1210, y, label=(1186, y - 46))
    tracked = _issue(sheet, 1400, issues.middle)
    minutes = office_task(
        sheet, "Task_Minutes", "起草会议纪要", 1330, y, stage="MEETING", role="agency_officer", dept=CENTRE, limit="1wd",
        form="minutes_HY", results=("minutes",), shift=-28, mark=-74,
    )  # fmt: skip
    signed = sheet.node(
        "userTask", "Task_Sign", "签发会议纪要", 1480, convener.middle, camunda__formKey="sign_HY", zw__stage="MEETING",
        zw__role="leader", zw__limit="1wd", zw__ladder="none",
    )  # fmt: skip
    paper = document(sheet, "Document_Minutes", "出具会议纪要", "W31", 1620, y)
    join = sheet.node("parallelGateway", "Join_Meeting", "议题关闭", 1750, y, label=(1726, y - 46))
    end = sheet.node("endEvent", "End_Meeting", "完成", 1840, y)
    sheet.flow(start, opened)
    sheet.flow(opened, collect, way="right-bottom")
    sheet.flow(collect, frozen, way="right-top")
    sheet.flow(frozen, agenda)
    sheet.flow(agenda, notice)
    sheet.flow(notice, sitting)
    sheet.flow(sitting, listed)
    sheet.flow(listed, fork)
    sheet.flow(fork, minutes)
    sheet.flow(fork, tracked, way="bottom-left")
    sheet.flow(minutes, signed, way="right-top")
    sheet.flow(signed, paper, way="right-bottom")
    sheet.flow(paper, join)
    sheet.flow(tracked, join, way="right-bottom")
    sheet.flow(join, end)
    for task in (agenda, sitting, minutes):
        late(sheet, task, system.middle)
    Drawing(
        key=KEY,
        name="联审联批会议",
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT",
            "zw__item": "HY",
            "zw__short": "联审会议",
            "zw__data_contract": "in: departments, collect_limit, found, meeting_no, meeting_kind, meeting_on",
            "camunda__versionTag": "1.0",
        },
        width=1920,
        roots=[ESCALATION, *messages("Ruled")],
    ).write(folder / "processes" / f"{KEY}.bpmn")
    for key, parts in meeting_forms().items():
        write_form(key, parts, folder / "forms")


def meeting_forms() -> dict[str, list[dict]]:
    """The forms of HY."""
    issue_lines = area("issue_lines", "议题", description="每行一项：议题；责任部门编码；办件编号（有的）")
    return {
        "call_HY": [
            radio("meeting_kind", "会议类别", ("joint", "联审联批工作日"), ("project", "重点项目企业集中办公日"), ("extra", "临时会议")),
            line("meeting_no", "会议号"),
            day("meeting_on", "会议日期", required=True),
        ],
        "raise_HY": [
            area("issue", "提出的议题", description="没有的不填；写明项目、问题和希望的答复"),
            line("about", "责任部门编码", required=False, maximum=3),
        ],
        "agenda_HY": [issue_lines, day("meeting_on", "会议日期", required=True), line("place", "会议地点", maximum=100)],
        "meeting_HY": [
            moment("held_at", "开会时间", required=True),
            area("attendance", "参会人员", required=True, description="每行一人：单位；姓名"),
            issue_lines,
            area("spoken", "当场答复和裁定"),
        ],
        "minutes_HY": [area("minutes", "会议纪要", required=True)],
        "sign_HY": [radio("signed", "签发", ("sign", "签发")), area("remark", "意见")],
        "answer_HY": [area("answer", "当天答复", required=True)],
        "settle_HY": [
            radio("outcome", "三天办结", ("settled", "已办结"), ("cannot", "不能办结")),
            area("settlement", "办结情况或不能办结的原因", required=True),
        ],
        "submit_HY": [line("submitted_to", "提交对象", maximum=100), area("proposal", "方案", required=True)],
        "ruling_HY": [area("ruling", "批示", required=True)],
    }  # fmt: skip


def _collect(sheet: Sheet, x: float, y: float) -> Node:
    """报议题: every department beside each other, until the agenda is frozen; silence raises nothing."""
    made = sheet.node("subProcess", "Sub_Collect", "报议题", x, y)
    made.body = [_each("Each_Department", "departments", "department")]
    inner = made.inside = Sheet("Sub_Collect")
    start = inner.node("startEvent", "Start_Raise", "", 120, 140)
    asked = inner.node(
        "userTask", "Task_Raise", "报送议题", 250, 140, camunda__formKey="raise_HY", zw__stage="MEETING", zw__role="chief_rep",
        zw__dept="=department", zw__limit="=collect_limit", zw__ladder="none",
    )  # fmt: skip
    over = timed(inner, asked, "Freeze_Raise", "议题截止", 'due("MEETING")', 276, 172, label=(298, 176))
    kept = script(
        inner, "Script_Raised", "登记议题",
        "raised = if Task_Raise.issue = null then raised else append(raised, "
        'Task_Raise.issue + "；" + (if Task_Raise.about = null then department else Task_Raise.about))',
        400, 140,
    )  # fmt: skip
    end = inner.node("endEvent", "End_Raise", "完成", 520, 140)
    closed = inner.node("endEvent", "End_Silent", "完成", 400, 240)
    inner.flow(start, asked)
    inner.flow(asked, kept)
    inner.flow(kept, end)
    inner.flow(over, closed, way="bottom-left")
    return made


def _issue(sheet: Sheet, x: float, y: float) -> Node:
    """当天答复、三天办结、一周提交: one issue after its meeting."""
    made = sheet.node("subProcess", "Sub_Issue", "逐项办理议题", x, y)
    made.body = [_each("Each_Issue", "issues", "issue")]
    inner = made.inside = Sheet("Sub_Issue")
    start = inner.node("startEvent", "Start_Issue", "", 120, 140, zw__sms="L06")

    def desk(id: str, name: str, x: float, *, role: str, dept: str, limit: str, form: str) -> Node:
        return office_task(
            inner, id, name, x, 140, stage="MEETING", role=role, dept=dept, limit=limit, form=form, shift=-28, mark=-74
        )

    answer = desk(
        "Task_Answer", "当天答复", 240, role="chief_rep", dept="=issue.department", limit="0wd", form="answer_HY"
    )
    settle = desk(
        "Task_Settle", "三天办结", 440, role="reviewer_a", dept="=issue.department", limit="3wd", form="settle_HY"
    )
    settled = choice(inner, "Gateway_Settled", "是否办结", 570, 140, (546, 172))
    submit = desk(
        "Task_Submit", "一周提交市政府", 700, role="business_office", dept=CENTRE, limit="2wd", form="submit_HY"
    )
    ruling = inner.node(
        "userTask", "Task_Ruling", "市政府批示", 850, 140, camunda__formKey="ruling_HY", zw__stage="MEETING", zw__role="leader",
        zw__limit="5wd", zw__ladder="none",
    )  # fmt: skip
    ruled = script(inner, "Script_Ruled", "登记裁定", _outcome("ruled"), 1000, 140)
    done = script(inner, "Script_Settled", "登记办结", _outcome("settled"), 700, 40)
    which = choice(inner, "Gateway_Case", "是否涉及办件", 1110, 140, (1074, 94))
    told = inner.node(
        "intermediateThrowEvent", "Tell_Ruling", "裁定送达", 1210, 140,
        body=[element("bpmn:messageEventDefinition", id="Throw_Ruling", messageRef="Message_Ruled")],
        extensions=[
            element(
                "camunda:inputOutput",
                None,
                element("camunda:inputParameter", "=issue.number", name="case_number"),
                element("camunda:inputParameter", "=Task_Ruling.ruling", name="ruling_text"),
            )
        ],
    )  # fmt: skip
    end = inner.node("endEvent", "End_Issue", "完成", 1310, 140, label=(1332, 146))
    inner.flow(start, answer)
    inner.flow(answer, settle)
    inner.flow(settle, settled)
    inner.flow(settled, done, "办结", 'Task_Settle.outcome = "settled"', way="top-left", label=(576, 60))
    inner.flow(settled, submit, "不能", OTHERWISE)
    inner.flow(submit, ruling)
    inner.flow(ruling, ruled)
    inner.flow(ruled, which)
    inner.flow(which, told, "涉及", "issue.number != null")
    inner.flow(which, end, "", OTHERWISE, way="bottom-bottom", bend=200)
    inner.flow(told, end)
    inner.flow(done, end, way="right-top")
    for task in (answer, settle, submit):
        late(inner, task, 260, x=task.x - 28, gap=88)
    return made


def _outcome(how: str) -> str:
    said = "Task_Settle.settlement" if how == "settled" else "Task_Ruling.ruling"
    return (
        f'outcomes = append(outcomes, {{matter: issue.text, department: issue.department, how: "{how}", said: {said}}})'
    )


def _each(id: str, collection: str, variable: str) -> ET.Element:
    return element(
        "bpmn:multiInstanceLoopCharacteristics",
        id=id,
        camunda__collection=collection,
        camunda__elementVariable=variable,
    )
