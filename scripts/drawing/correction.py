"""补正 (SP-06): one notice, the applicant's thirty working days, back to the formal check or given up."""

from __future__ import annotations

from drawing.office import document, mark, script, timed, waiting_task
from drawing.sheet import Node, Sheet

REPLY = "30wd"


def draw_correction(sheet: Sheet, accepting: Node, accepted: Node, y: float, *, dept: str, right: float = 140) -> None:
    """The way from 受理结论 “补正” back to the desk `accepting`, in a row at `y` above it; `right`: first step after the mark."""
    told = mark(sheet, "Mark_Correcting", "一次告知", "CORRECTING", accepted.x, y, (accepted.x + 22, y - 24))
    x = accepted.x + right
    notice = document(sheet, "Document_Correction", "出具补正告知书", "W04", x, y, sms="M03")
    waiting = waiting_task(
        sheet, "Task_Correction", "等待补正", x + 150, y, stage="CORRECT", role="counter_clerk", dept=dept, limit=REPLY,
        form="supplement", pause="CORRECTION",
    )  # fmt: skip
    waiting.attributes["zw:reaches"] = "SUPPLEMENTED"
    again = script(
        sheet, "Script_Supplement", "登记补正", f"{accepting.id} = null\ndecision = null", accepting.x, y
    )  # fmt: skip
    sheet.flow(accepted, told, "补正", 'decision = "correct"', way="top-bottom", label=(accepted.x + 6, y + 40))
    sheet.flow(told, notice)
    sheet.flow(notice, waiting)
    sheet.flow(waiting, again, way="top-top", bend=y - 56)
    sheet.flow(again, accepting, way="bottom-top")

    edge = waiting.x + waiting.width / 2
    over = timed(
        sheet, waiting, "Abandon_Task_Correction", "逾期未补正", 'due("CORRECTION")', edge, y, label=(edge + 20, y - 28),
        zw__reaches="ABANDONED",
    )  # fmt: skip
    returned = document(sheet, "Document_Abandoned", "出具放弃通知", "W24", edge + 180, y)
    end = sheet.node("endEvent", "End_Abandoned", "放弃", edge + 290, y)
    sheet.flow(over, returned)
    sheet.flow(returned, end)
