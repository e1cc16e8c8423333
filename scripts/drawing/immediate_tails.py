"""What follows the certificate of single 即办件, before their end: old permits, seals, lots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drawing.office import choice, late, office_task
from drawing.sheet import OTHERWISE, Node, Sheet, element

EXCHANGE = element("bpmn:message", id="Message_Exchange", name="MSG_EXCHANGE")


@dataclass(frozen=True)
class Tail:
    """`first` is reached by every way of issuing; `exits` draw the flows to the end, which stands at `right`."""

    first: Node
    exits: tuple[Callable[[Node], object], ...]
    right: float


def old_permit(sheet: Sheet, card: Mapping, x: float, y: float, system: float) -> Tail:
    """110-QT-001: the permit of former times, if there is one, is noted as void."""
    asked = choice(sheet, "Gateway_Old", "有无旧证", x, y, (x - 66, y - 34))
    noted = sheet.node("serviceTask", "Record_Old", "标注旧证失效", x + 110, y - 80, zw__action="record")
    sheet.flow(asked, noted, "有", 'old_permit_no != null and old_permit_no != ""', way="top-left")
    return Tail(
        asked,
        (
            lambda end: sheet.flow(asked, end, "无", OTHERWISE),
            lambda end: sheet.flow(noted, end, way="right-top"),
        ),
        x + 220,
    )


def seals(sheet: Sheet, card: Mapping, x: float, y: float, system: float) -> Tail:
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


TAILS: dict[str, Callable[[Sheet, Mapping, float, float, float], Tail]] = {
    "110-QT-001": old_permit,
    "112-QT-001": seals,
}
