"""What follows a certificate: 事后核查 of what was promised, with withdrawal, and 联合监管 (JG) by the departments named."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from drawing.office import ESCALATION, choice, late, office_task, script
from drawing.sheet import OTHERWISE, Drawing, Sheet, element
from drawing.upper import FAILED, failing

TOLD = "verifier item_name certificate_no applicant phone site_address place suggested"
BEGUN = """suggested = if suggested = true then true else false
survey_conclusion = null
survey_inspectors = null
rectified = null
decision = null"""


def surveyed_by(dept: str, booking: str, visiting: str) -> list[ET.Element]:
    """What 现场勘查 (SP-09) is told, with the department as FEEL, and what it tells."""
    given = {"survey_dept": dept, "booking_limit": booking, "survey_limit": visiting}
    parameters = [element("camunda:inputParameter", value, name=name) for name, value in given.items()]
    return [
        element("camunda:inputOutput", None, *parameters),
        element("camunda:out", source="survey_conclusion", target="survey_conclusion"),
        element("camunda:out", source="survey_inspectors", target="survey_inspectors"),
    ]


def draw_verifying(folder: Path) -> None:
    """Draw support_verify into `folder`: within two months; who broke the promise is heard before anything is withdrawn."""
    sheet = Sheet("support_verify")
    checking, deciding, system = sheet.lane("部门审核", 330), sheet.lane("首席代表", 190), sheet.lane("系统", 100)
    y, low = checking.top + 80, checking.top + 230
    start = sheet.node("startEvent", "Start_Verify", "监管待办", 180, y)
    begun = script(sheet, "Script_Begin", "登记核查", BEGUN, 280, y)
    asked = choice(sheet, "Gateway_Suggested", "是否建议撤销", 400, y)
    survey = sheet.node(
        "callActivity", "Call_Survey", "现场核查", 540, y, calledElement="support_SP_09",
        extensions=surveyed_by("=verifier", "38wd", "2wd"),
    )  # fmt: skip
    result = choice(sheet, "Gateway_Result", "核查结果", 680, y, (708, y + 6))
    repairing = office_task(
        sheet, "Task_Rectify", "限期整改", 820, y, stage="COORDINATE", role="reviewer_a", dept="=verifier", limit="15wd",
        form="rectification", results=("rectified",), shift=-35, mark=-74,
    )  # fmt: skip
    repaired = choice(sheet, "Gateway_Rectified", "是否整改", 960, y)
    kept = sheet.node("endEvent", "End_Kept", "完成", 1500, y, label=(1522, y - 7))
    hearing = office_task(
        sheet, "Task_Statement", "听取陈述申辩", 1080, low, stage="COORDINATE", role="reviewer_a", dept="=verifier",
        limit="5wd", form="statement", shift=-35, mark=-74,
    )  # fmt: skip
    deciding_task = office_task(
        sheet, "Task_Revoke", "撤销决定", 1260, deciding.middle, stage="APPROVE", role="chief_rep", dept="=verifier",
        limit="3wd", form="revocation", results=("decision",), shift=-35, mark=-74,
    )  # fmt: skip
    ruled = choice(sheet, "Gateway_Revoke", "是否撤销", 1390, deciding.middle, (1366, deciding.middle + 30))
    revoked = sheet.node(
        "serviceTask", "Revoke", "撤销证照", 1510, deciding.middle, size=(116, 64), zw__action="revoke",
    )  # fmt: skip
    over = sheet.node("endEvent", "End_Revoked", "终止", 1640, deciding.middle)
    sheet.flow(start, begun)
    sheet.flow(begun, asked)
    sheet.flow(asked, survey, "", OTHERWISE)
    sheet.flow(asked, hearing, "建议撤销", "suggested = true", way="bottom-left", shift=(0, 14), label=(406, y + 40))
    sheet.flow(survey, result)
    sheet.flow(result, repairing, "整改", 'survey_conclusion = "整改"')
    sheet.flow(result, kept, "通过", 'survey_conclusion = "通过"', way="top-top", bend=y - 60, label=(686, y - 74))
    sheet.flow(result, hearing, "不属实", OTHERWISE, way="bottom-left", shift=(0, -14), label=(640, y + 40))
    sheet.flow(repairing, repaired)
    sheet.flow(repaired, kept, "已整改", 'rectified = "yes"')
    sheet.flow(repaired, hearing, "未整改", OTHERWISE, way="bottom-top", bend=y + 90, label=(966, y + 40))
    sheet.flow(hearing, deciding_task, way="right-top")
    sheet.flow(deciding_task, ruled)
    sheet.flow(ruled, revoked, "撤销", 'decision = "revoke"')
    sheet.flow(ruled, kept, "不撤销", OTHERWISE, way="top-bottom", bend=low, label=(1420, low - 18))
    sheet.flow(revoked, over)
    for task in (repairing, hearing, deciding_task):
        late(sheet, task, system.middle)
    _write(
        sheet, folder, "事后核查", 1740,
        "in: verifier, item_name, certificate_no, applicant, phone, site_address, place, suggested; out: decision",
    )  # fmt: skip


def draw_supervision(folder: Path) -> None:
    """Draw chain_JG into `folder`: the list goes to the departments named, each inspects once within three months."""
    sheet = Sheet("chain_JG")
    lane, system = sheet.lane("部门审核", 200), sheet.lane("系统", 130)
    y, beside = lane.top + 100, system.middle
    start = sheet.node("startEvent", "Start_Supervision", "证照已发", 180, y)
    listed = script(
        sheet, "Script_List", "登记监管部门",
        "regulators = if regulators = null then [verifier] else regulators\nsuggested = true", 280, y,
    )  # fmt: skip
    pushed = sheet.node(
        "serviceTask", "Push_List", "推送监管清单", 420, y, zw__action="exchange", zw__to="supervision",
        zw__transfer="DEPT_DEPT", zw__fields="item_name certificate_no applicant site_address", zw__subject="监管清单",
    )  # fmt: skip
    failed = failing(sheet, pushed, "推送失败", 450, y + 32, (474, y + 46))
    noted = sheet.node("serviceTask", "Trace_Push", "推送失败留痕", 450, beside, size=(116, 50), zw__action="record")
    meet = choice(sheet, "Merge_Pushed", "", 560, y)
    each = sheet.node("subProcess", "Inspect", "各部门首查", 680, y, body=[_each()])
    each.inside = _inspection()
    end = sheet.node("endEvent", "End_Supervised", "完成", 800, y)
    sheet.flow(start, listed)
    sheet.flow(listed, pushed)
    sheet.flow(pushed, meet)
    sheet.flow(failed, noted, way="bottom-top")
    sheet.flow(noted, meet, way="right-bottom")
    sheet.flow(meet, each)
    sheet.flow(each, end)
    _write(
        sheet, folder, "联合监管", 900,
        "in: regulators, verifier, item_name, certificate_no, applicant, phone, site_address, place", [FAILED],
        chain_type="JOINT_SUPERVISION",
    )  # fmt: skip


def _each() -> ET.Element:
    """Every department of the list, all at once."""
    made = element("bpmn:multiInstanceLoopCharacteristics")
    made.attrib |= {
        "{http://camunda.org/schema/1.0/bpmn}collection": "=regulators",
        "{http://camunda.org/schema/1.0/bpmn}elementVariable": "regulator",
    }
    return made


def _inspection() -> Sheet:
    """One department: 首查; what is wrong is put right within fifteen days; what cannot be leads to 建议撤销 (许可法 art. 69)."""
    sheet = Sheet("Inspect")
    y, low = 120, 260
    start = sheet.node("startEvent", "Start_Inspect", "", 120, y)
    survey = sheet.node(
        "callActivity", "Call_Inspection", "首次检查", 240, y, calledElement="support_SP_09",
        extensions=surveyed_by("=regulator", "60wd", "2wd"),
    )  # fmt: skip
    result = choice(sheet, "Gateway_Inspected", "检查结果", 380, y, (326, y - 44))
    repairing = office_task(
        sheet, "Task_Repair", "整改通知与复查", 520, y, stage="COORDINATE", role="reviewer_a", dept="=regulator",
        limit="15wd", form="rectification", results=("rectified",), shift=-35, mark=-74,
    )  # fmt: skip
    repaired = choice(sheet, "Gateway_Repaired", "复查结果", 660, y)
    done = sheet.node("endEvent", "End_Inspected", "完成", 880, y)
    suggesting = sheet.node(
        "serviceTask", "Suggest_Revocation", "建议撤销", 760, low, size=(116, 64), zw__action="start",
        zw__process="support_verify", zw__fields=TOLD,
    )  # fmt: skip
    told = sheet.node("endEvent", "End_Suggested", "完成", 880, low)
    sheet.flow(start, survey)
    sheet.flow(survey, result)
    sheet.flow(result, repairing, "整改", 'survey_conclusion = "整改"')
    sheet.flow(result, done, "合格", 'survey_conclusion = "通过"', way="top-top", bend=y - 60, label=(386, y - 74))
    sheet.flow(result, suggesting, "严重", OTHERWISE, way="bottom-left", label=(386, y + 40))
    sheet.flow(repairing, repaired)
    sheet.flow(repaired, done, "合格", 'rectified = "yes"')
    sheet.flow(repaired, suggesting, "不合格", OTHERWISE, way="bottom-top", bend=low - 60, label=(666, y + 40))
    sheet.flow(suggesting, told)
    late(sheet, repairing, low + 110)
    return sheet


def _write(sheet: Sheet, folder: Path, name: str, width: float, contract: str, roots: list[ET.Element] | None = None,
           **more: str) -> None:  # fmt: skip
    attributes = {
        "zw__kind": "SUPPORT", "zw__short": name, "zw__data_contract": contract, "camunda__versionTag": "1.0",
        **{f"zw__{key}": value for key, value in more.items()},
    }  # fmt: skip
    Drawing(
        key=sheet.key, name=name, sheet=sheet, attributes=attributes, width=width, roots=[ESCALATION, *(roots or [])]
    ).write(folder / f"{sheet.key}.bpmn")
