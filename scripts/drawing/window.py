"""The window of an item: 收件登记, 受理 with its outcomes, deemed acceptance, 补正; ends in 已受理 and 视为受理."""

from __future__ import annotations

from dataclasses import dataclass

from drawing.correction import draw_correction
from drawing.office import choice, document, mark, office_task, script, timed
from drawing.sheet import OTHERWISE, Lane, Node, Sheet

CENTRE = "201"  # department code of the service centre: window and issuing clerks
LEFT, ROW = 180, 195  # where the row begins, how far it lies under the top of its lane


@dataclass(frozen=True, kw_only=True)
class Window:
    """What the rest of a diagram joins: the start, the desk, and the two ways an item is accepted."""

    start: Node
    accepting: Node
    taken: Node
    told: Node


def draw_window(
    sheet: Sheet, lane: Lane, slug: str, *, registered: str, limit: str, results: tuple[str, ...] = ("decision",),
    turned_away: str = 'decision = "reject"',
) -> Window:  # fmt: skip
    """Draw the window of the item `slug` into its lane; `turned_away`: FEEL of what is not accepted."""
    row = lane.top + ROW
    start = sheet.node(
        "startEvent", "Start_Apply", "提出申请", LEFT, row, camunda__formKey=f"apply_{slug}", zw__doc="W01", zw__sms="M01",
    )  # fmt: skip
    intake = script(sheet, "Script_Register", "收件登记", registered, LEFT + 100, row)
    accepting = office_task(
        sheet, "Task_Accept", "受理", LEFT + 240, row, stage="ACCEPT", role="counter_clerk", dept=CENTRE, limit=limit,
        form=f"accept_{slug}", results=results, shift=-35, mark=-74,
    )  # fmt: skip
    x = LEFT + 360
    accepted = choice(sheet, "Gateway_Accept", "是否受理", x, row, (x - 56, row - 46))
    taken = mark(
        sheet, "Mark_Accepted", "已受理", "ACCEPTED", x, row + 105, (x + 22, row + 98), zw__doc="W02", zw__sms="M02",
    )  # fmt: skip
    turned = mark(sheet, "Mark_NotAccepted", "不予受理", "NOT_ACCEPTED", x + 80, row)
    notice = document(sheet, "Document_Rejection", "出具不予受理通知", "W03", x + 180, row, sms="M05")
    rejected = sheet.node("endEvent", "End_NotAccepted", "不予受理", x + 284, row)
    bottom = row + accepting.height / 2
    deemed = timed(
        sheet, accepting, "Deem_Task_Accept", "视为受理", 'due("RECEIPT")', LEFT + 270, bottom,
        label=(LEFT + 292, bottom + 4), zw__reaches="DEEMED_ACCEPTED",
    )  # fmt: skip
    told = document(sheet, "Document_Deemed", "出具视为受理通知", "W02", LEFT + 270, row + 105, sms="M06")
    told.width = 112
    draw_correction(sheet, accepting, accepted, lane.top + 75, dept=CENTRE)
    sheet.flow(start, intake)
    sheet.flow(intake, accepting)
    sheet.flow(accepting, accepted)
    sheet.flow(accepted, turned, "不予受理", turned_away, label=(x + 16, row - 34))
    sheet.flow(turned, notice)
    sheet.flow(notice, rejected)
    sheet.flow(accepted, taken, "受理", OTHERWISE, way="bottom-top")
    sheet.flow(deemed, told, way="bottom-top")
    return Window(start=start, accepting=accepting, taken=taken, told=told)
