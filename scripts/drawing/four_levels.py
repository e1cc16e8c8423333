"""SX-1 四级联动: the village takes the papers, the township checks and files, the city handles, the result goes back the same way.

The case clock is the item's and begins when the city's window accepts; the days of handing over are counted apart (YY-15).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drawing.card_fields import asked
from drawing.office import ESCALATION, choice, document, late, mark, office_task, promoted, script
from drawing.register import slug
from drawing.sheet import OTHERWISE, Drawing, Sheet, element
from drawing.window import CENTRE

TAKEN = ("115-GG-004", "120-XK-001", "121-XK-001")  # what a village may take papers for
PASSED = (
    "applicant",
    "applicant_kind",
    "applicant_id_no",
    "applicant_uscc",
    "contact",
    "phone",
    "site_address",
    "handed_in",
)
OFFICER, ROW = "agency_officer", 130
AGAIN = "return_count = return_count + 1\nTask_Collect = null\nTask_Declare = null\ndeclared = null"


def own_fields(card: Mapping) -> list[str]:
    """Names of what the township files for one item, as its form asks them."""
    found = []
    for one in asked(card):
        ends = ("_from", "_to") if one["kind"] == "DATE_RANGE" else ("",)
        found += [one["key"] + end for end in ends]
    return found


def draw_four_levels(cards: dict[str, dict], folder: Path) -> None:
    """Draw chain_SX_1 into `folder`."""
    sheet = Sheet("chain_SX_1")
    village, town = sheet.lane("代办员(村)", 150), sheet.lane("代办员(乡镇)", 210)
    county, system = sheet.lane("综合窗口", 60 + ROW * len(TAKEN)), sheet.lane("系统", 100)
    high, low, top = village.top + 85, town.top + 120, town.top + 45
    start = sheet.node("startEvent", "Start_Village", "群众委托", 180, high, camunda__formKey="apply_SX_1")
    begun = script(sheet, "Script_Begin", "登记委托", "return_count = 0\ndeclared = null", 290, high)
    collecting = office_task(
        sheet, "Task_Collect", "代收材料", 430, high, stage="COORDINATE", role=OFFICER, dept=CENTRE, limit="1hd",
        form="collect_SX_1", shift=-26, zw__doc="W34", mark=-74,
    )  # fmt: skip
    declaring = office_task(
        sheet, "Task_Declare", "核对录入申报", 610, low, stage="COORDINATE", role=OFFICER, dept=CENTRE, limit="1wd",
        form="declare_SX_1", shift=-26, mark=-74, zw__doc="W34",
    )  # fmt: skip
    fields = [name for code in TAKEN for name in own_fields(cards[code])]
    declaring.extensions = promoted(declaring.id, "declared")
    declaring.extensions[0].extend(
        element("camunda:outputParameter", f"={declaring.id}.{name}", name=name) for name in fields
    )  # some fields are called like functions of FEEL: no looking for a variable of that name
    complete = choice(sheet, "Gateway_Declared", "材料情况", 740, low, (668, low - 36))
    back = script(sheet, "Script_Back", "退村一次告知", AGAIN, 740, high)
    which = choice(sheet, "Gateway_Item", "代办事项", 870, low, (898, low + 6))
    turned = mark(sheet, "Mark_Returned", "退回群众", "RETURNED", 970, top, (946, top - 36))
    listed = document(sheet, "Document_Returned", "出具材料退还清单", "W23", 1080, top)
    returned = sheet.node("endEvent", "End_Returned", "退件", 1190, top, label=(1212, top - 7))
    merged = choice(sheet, "Merge_Item", "", 1240, low)
    receiving = office_task(
        sheet, "Task_Receive", "接收结果", 1370, low, stage="COORDINATE", role=OFFICER, dept=CENTRE, limit="1wd",
        form="receive_SX_1", zw__doc="W34",
    )  # fmt: skip
    delivering = office_task(
        sheet, "Task_Deliver", "送交申请人", 1560, high, stage="COORDINATE", role=OFFICER, dept=CENTRE, limit="2wd",
        form="deliver_SX_1", zw__doc="W34",
    )  # fmt: skip
    end = sheet.node("endEvent", "End_Delivered", "完成", 1690, high)
    sheet.flow(start, begun)
    sheet.flow(begun, collecting)
    sheet.flow(collecting, declaring, way="right-top")
    sheet.flow(declaring, complete)
    sheet.flow(complete, which, "齐", 'declared = "complete"')
    sheet.flow(complete, back, "退回", "return_count < 3", way="top-bottom")
    sheet.flow(back, collecting, way="top-top", bend=village.top + 24)
    sheet.flow(complete, turned, "已退三次", OTHERWISE, way="bottom-bottom", bend=low + 60, label=(746, low + 64))
    sheet.flow(which, turned, "不属代办", OTHERWISE, way="top-left", label=(876, top + 8))
    sheet.flow(turned, listed)
    sheet.flow(listed, returned)
    for n, code in enumerate(TAKEN):
        card = cards[code]
        own = own_fields(card)
        call = sheet.node(
            "callActivity", f"Call_{slug(card)}", card["short_name"], 1050, county.top + 85 + ROW * n,
            calledElement=f"item_{slug(card)}", zw__dept=card["department"],
            extensions=[
                *(element("camunda:in", source=name, target=name) for name in (*PASSED, *own)),
                element("camunda:out", source="decision", target="decision"),
                element("camunda:out", source="certificate_no", target="certificate_no"),
            ],
        )  # fmt: skip
        sheet.flow(
            which, call, card["short_name"], f'item_code = "{code}"', way="bottom-left", label=(890, call.y - 18)
        )
        sheet.flow(call, merged, way="right-bottom")
    sheet.flow(merged, receiving)
    sheet.flow(receiving, delivering, way="right-bottom", shift=(0, -20))
    sheet.flow(delivering, end)
    for task in (collecting, declaring, receiving, delivering):
        late(sheet, task, system.middle)
    Drawing(
        key="chain_SX_1",
        name="四级联动代办",
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT",
            "zw__short": "四级联动",
            "zw__data_contract": "out: decision, certificate_no",
            "camunda__versionTag": "1.0",
        },
        width=1790,
        outsider="申请人",
        outsider_flow=("委托材料", start.id),
        roots=[ESCALATION],
    ).write(folder / "chain_SX_1.bpmn")
