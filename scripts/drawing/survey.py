"""现场勘查 (SP-09): agreed on within a working day, signed for on site by two inspectors; who is absent is met once more."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from drawing.office import ESCALATION, choice, document, late, office_task, script
from drawing.sheet import OTHERWISE, Drawing, Sheet, element

BEGUN = """absences = 0
booking_limit = if booking_limit = null then "2hd" else booking_limit
survey_limit = if survey_limit = null then "2hd" else survey_limit
Task_Booking = null
Task_Survey = null
survey_conclusion = null
survey_inspectors = null"""
MISSED = """absences = absences + 1
Task_Booking = null
survey_on = null"""


def draw_survey(folder: Path) -> None:
    """Draw support_SP_09 into `folder`."""
    sheet = Sheet("support_SP_09")
    site, system = sheet.lane("现场勘查", 300), sheet.lane("系统", 100)
    y = site.top + 110
    start = sheet.node("startEvent", "Start_Survey", "开始勘查", 180, y)
    begun = script(sheet, "Script_Begin", "登记勘查", BEGUN, 280, y)
    agreed = choice(sheet, "Gateway_Booked", "是否已约定", 390, y, (360, y + 30))
    booking = office_task(
        sheet, "Task_Booking", "预约勘查", 530, y, stage="SURVEY", role="reviewer_a", dept="=survey_dept",
        limit="=booking_limit", form="survey_booking", results=("survey_on", "half", "place"), shift=-35, mark=-74,
    )  # fmt: skip
    meet = choice(sheet, "Merge_Booked", "", 645, y)
    told = sheet.node(
        "serviceTask", "Message_Booked", "告知勘查安排", 740, y, size=(116, 64), zw__action="message", zw__sms="M07"
    )
    visit = office_task(
        sheet, "Task_Survey", "现场签单", 890, y, stage="SURVEY", role="reviewer_a", dept="=survey_dept",
        limit="=survey_limit", form="survey", results=("absent", "survey_conclusion"), zw__quorum="inspectors≥2",
        shift=-35, mark=-74,
    )  # fmt: skip
    visit.extensions[0].append(_inspectors())
    present = choice(sheet, "Gateway_Absent", "申请人到场", 1010, y)
    missed = script(sheet, "Script_Absent", "登记缺席", MISSED, 1010, site.top + 230)
    signed = document(sheet, "Document_Survey", "出具勘查签单", "W11", 1160, y)
    result = sheet.node(
        "serviceTask", "Message_Survey", "告知勘查结论", 1310, y, size=(116, 64), zw__action="message", zw__sms="M08"
    )
    end = sheet.node("endEvent", "End_Survey", "完成", 1430, y)
    sheet.flow(start, begun)
    sheet.flow(begun, agreed)
    sheet.flow(agreed, booking, "未约定", OTHERWISE)
    sheet.flow(agreed, meet, "已约定", "survey_on != null", way="top-top", bend=y - 66)
    sheet.flow(booking, meet)
    sheet.flow(meet, told)
    sheet.flow(told, visit)
    sheet.flow(visit, present)
    sheet.flow(present, missed, "退回改约", "absent = true and absences < 1", way="bottom-top", label=(1018, y + 40))
    sheet.flow(missed, booking, "改约", way="left-bottom", shift=(0, 30), label=(900, site.top + 212))
    sheet.flow(present, signed, "已签单", OTHERWISE)
    sheet.flow(signed, result)
    sheet.flow(result, end)
    for task in (booking, visit):
        late(sheet, task, system.middle)
    Drawing(
        key="support_SP_09",
        name="现场勘查",
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT",
            "zw__short": "现场勘查",
            "zw__data_contract": "in: survey_dept, booking_limit, survey_limit, survey_on; out: survey_conclusion, survey_inspectors",
            "camunda__versionTag": "1.0",
        },
        width=1510,
        roots=[ESCALATION],
    ).write(folder / "support_SP_09.bpmn")


def _inspectors() -> ET.Element:
    """Who surveyed, in one text: neither of them may decide the case (S-04)."""
    names = "[Task_Survey.inspector_a, Task_Survey.inspector_b]"
    return element(
        "camunda:outputParameter",
        f'=if Task_Survey.inspector_a != null and Task_Survey.inspector_b != null then string join({names}, "、") '
        "else survey_inspectors",
        name="survey_inspectors",
    )
