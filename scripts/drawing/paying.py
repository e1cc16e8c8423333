"""缴费 (SP-05): one bill, then whatever comes of it. Amounts, reminders and exemptions are the cashier's, not the diagram's."""

from __future__ import annotations

from pathlib import Path

from drawing.office import choice, script
from drawing.sheet import OTHERWISE, Drawing, Sheet, element

MESSAGES = ("MSG_PAID", "MSG_BILL_CANCELLED", "MSG_BILL_ABANDONED")


def draw_paying(folder: Path) -> None:
    """Draw support_SP_05 into `folder`."""
    sheet = Sheet("support_SP_05")
    desk, system = sheet.lane("收费部门", 250), sheet.lane("系统", 120)
    y, beside = desk.top + 125, system.middle
    start = sheet.node("startEvent", "Start_Fee", "应缴费", 180, y)
    bill = sheet.node("serviceTask", "Bill", "出具收费一表", 300, y, size=(116, 64), zw__action="bill")
    due = choice(sheet, "Gateway_Due", "是否应缴", 430, y)
    free = sheet.node("endEvent", "End_Free", "完成", 430, desk.top + 220, label=(454, desk.top + 213))
    waits = sheet.node("eventBasedGateway", "Wait_Paid", "等待缴费", 540, y, label=(490, y - 44))
    caught = {
        name: sheet.node(
            "intermediateCatchEvent", id, title, 660, at,
            body=[element("bpmn:messageEventDefinition", id=f"Hear_{id}", messageRef=f"Message_{name}")],
        )
        for name, id, title, at in (
            ("MSG_PAID", "Paid", "缴费到账", y),
            ("MSG_BILL_CANCELLED", "Cancelled", "账单撤销", desk.top + 50),
            ("MSG_BILL_ABANDONED", "Abandoned", "逾期未缴", beside),
        )
    }  # fmt: skip
    paid = sheet.node("endEvent", "End_Paid", "完成", 800, y)
    noted = script(sheet, "Script_Abandoned", "登记放弃缴费", "fee_abandoned = true", 780, beside)
    over = sheet.node("endEvent", "End_Unpaid", "放弃", 890, beside)
    sheet.flow(start, bill)
    sheet.flow(bill, due)
    sheet.flow(due, free, "不缴费", OTHERWISE, way="bottom-top")
    sheet.flow(due, waits, "应缴", "fee_due = true")
    sheet.flow(waits, caught["MSG_PAID"])
    sheet.flow(waits, caught["MSG_BILL_CANCELLED"], way="top-left")
    sheet.flow(waits, caught["MSG_BILL_ABANDONED"], way="bottom-left")
    sheet.flow(caught["MSG_PAID"], paid)
    sheet.flow(
        caught["MSG_BILL_CANCELLED"], bill, "重新出单", way="top-top", bend=desk.top + 14, label=(500, desk.top + 16)
    )  # fmt: skip
    sheet.flow(caught["MSG_BILL_ABANDONED"], noted)
    sheet.flow(noted, over)
    Drawing(
        key="support_SP_05",
        name="缴费",
        sheet=sheet,
        attributes={"zw__kind": "SUPPORT", "zw__short": "缴费", "camunda__versionTag": "1.0"},
        width=970,
        roots=[element("bpmn:message", id=f"Message_{name}", name=name) for name in MESSAGES],
    ).write(folder / "support_SP_05.bpmn")
