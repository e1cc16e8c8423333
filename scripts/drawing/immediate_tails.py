"""What follows the certificate of single 即办件, before their end: old permits, seals, lots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from drawing.office import choice, late, office_task
from drawing.reviewing import survey_mappings
from drawing.sheet import OTHERWISE, Lane, Node, Sheet, element

RATE = 20  # per cent, where the province has not said another
EXCHANGE = element("bpmn:message", id="Message_Exchange", name="MSG_EXCHANGE")


@dataclass(frozen=True)
class Tail:
    """`first` is reached by every way of issuing; `exits` draw the flows to the end, which stands at `right`."""

    first: Node
    exits: tuple[Callable[[Node], object], ...]
    right: float


def old_permit(sheet: Sheet, card: Mapping, x: float, y: float, lanes: Sequence[Lane], system: float) -> Tail:
    """110-QT-001: the permit of former times, if there is one, is noted as void."""
    asked = choice(sheet, "Gateway_Old", "有无旧证", x, y, (x - 66, y - 34))
    noted = sheet.node("serviceTask", "Record_Old", "标注旧证失效", x + 110, y - 80, zw__action="record")
    sheet.flow(asked, noted, "有", "old_permit = true", way="top-left")
    return Tail(
        asked,
        (
            lambda end: sheet.flow(asked, end, "无", OTHERWISE),
            lambda end: sheet.flow(noted, end, way="right-top"),
        ),
        x + 220,
    )


def seals(sheet: Sheet, card: Mapping, x: float, y: float, lanes: Sequence[Lane], system: float) -> Tail:
    """112-QT-001: the engraver gives the impressions back, through the exchange or on paper; the receipt is out already."""
    task = office_task(
        sheet, "Task_Seals", "登记印模回传", x + 40, y, stage="ISSUE", role="counter_clerk", dept="201", limit="1wd",
        form="seals_112_QT_001", shift=30, mark=22,
    )  # fmt: skip
    body = [element("bpmn:messageEventDefinition", id="Hear_Seals", messageRef="Message_Exchange")]
    heard = sheet.node(
        "boundaryEvent", "Data_Task_Seals", "印模回传", task.x + 20, y - 32, body=body, attachedToRef=task.id,
        label=(task.x - 50, y - 64),
    )  # fmt: skip
    late(sheet, task, system)
    return Tail(
        task,
        (
            lambda end: sheet.flow(task, end),
            lambda end: sheet.flow(heard, end, way="top-top", bend=y - 86),
        ),
        x + 190,
    )


def spot_check(sheet: Sheet, card: Mapping, x: float, y: float, lanes: Sequence[Lane], system: float) -> Tail:
    """104-QT-004: after the filing a lot decides whether the site is looked at; what does not pass is mended, three times at most."""
    dept, row = card["department"], lanes[0].top + 105
    lot = sheet.node(
        "serviceTask", "Lot_Check", "随机抽查", x + 40, y, zw__action="lot",
        zw__rate=f"=if Task_Desk.spot_rate = null then {RATE} else Task_Desk.spot_rate",
    )  # fmt: skip
    drawn = choice(sheet, "Gateway_Lot", "是否抽中", x + 160, y)
    call = sheet.node(
        "callActivity", "Call_Survey", "现场检查", x + 270, row, calledElement="support_SP_09",
        extensions=survey_mappings(dept, (2, 2)),
    )  # fmt: skip
    found = choice(sheet, "Gateway_Checked", "检查结论", x + 400, row, (x + 336, row - 40))
    mending = office_task(
        sheet, "Task_Mend", "督促整改", x + 330, row + 115, stage="SUPERVISE", role="reviewer_a", dept=dept, limit="10wd",
        form="mend_104_QT_004",
    )  # fmt: skip
    mending.extensions = [
        element("camunda:inputOutput", None, element("camunda:outputParameter", "=mended + 1", name="mended"))
    ]
    stopped = sheet.node(
        "endEvent", "End_Terminated", "终止", x + 510, row, zw__doc="W24", zw__reaches="TERMINATED",
    )  # fmt: skip
    sheet.flow(lot, drawn)
    sheet.flow(drawn, call, "抽中", "drawn = true", way="bottom-left", label=(x + 166, y + 32))
    sheet.flow(call, found)
    sheet.flow(
        found, mending, "整改", 'survey_conclusion != "通过" and mended < 3', way="bottom-right", label=(x + 406, row + 32)
    )  # fmt: skip
    sheet.flow(mending, call, "退回", way="left-bottom", label=(x + 276, row + 46))
    sheet.flow(found, stopped, "仍不通过", OTHERWISE)
    late(sheet, mending, system)
    return Tail(
        lot,
        (
            lambda end: sheet.flow(drawn, end, "未抽中", OTHERWISE),
            lambda end: sheet.flow(found, end, "通过", 'survey_conclusion = "通过"', way="top-bottom"),
        ),
        x + 400,
    )


OUT_BEFORE = frozenset({"104-QT-004", "112-QT-001"})  # the receipt is out before somebody has to do what follows
TAILS: dict[str, Callable[[Sheet, Mapping, float, float, Sequence[Lane], float], Tail]] = {
    "104-QT-004": spot_check,
    "110-QT-001": old_permit,
    "112-QT-001": seals,
}
