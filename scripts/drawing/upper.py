"""上报: what is sent to the level above, by the exchange or on paper, and its reply, while the local limit stands still.

行政许可法 art. 43: the lower agency examines within its limit and sends everything up; the limit of the upper one is its
own. The reply comes as MSG_UPPER_REPLY or on paper, which a desk registers; only grant or refuse is a reply.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from drawing.office import choice, office_task, promoted, timed, waiting_task
from drawing.sheet import OTHERWISE, Node, Sheet, element

REPLY = element("bpmn:message", id="Message_UpperReply", name="MSG_UPPER_REPLY")
FAILED = element("bpmn:error", id="Error_ShareFailed", name="数据交换失败", errorCode="ERR_SHARE_FAILED")


def failing(sheet: Sheet, host: Node, name: str, x: float, y: float, label: tuple[float, float]) -> Node:
    """The edge of an exchange that cannot be made: ERR_SHARE_FAILED, once nothing more is tried."""
    caught = element("bpmn:errorEventDefinition", id=f"Catch_{host.id}", errorRef="Error_ShareFailed")
    return sheet.node(
        "boundaryEvent", f"Failed_{host.id}", name, x, y, label=label, body=[caught], attachedToRef=host.id
    )


def draw_upper(sheet: Sheet, decided: Node, x: float, *, dept: str, to: str, fields: str,
               limit: str) -> tuple[Node, Node]:  # fmt: skip
    """From `decided` to the reply, in its row: the gateway that grants or refuses, and the desk that may be late."""
    y = decided.y
    sent = sheet.node(
        "serviceTask", "Send_Upper", "报送上级", x, y, zw__action="exchange", zw__to=to, zw__transfer="CITY_UPPER",
        zw__fields=fields, zw__subject="报上级审批",
        zw__answer="MSG_UPPER_REPLY",
    )  # fmt: skip
    failed = failing(sheet, sent, "报送失败", x + 30, y + 32, (x - 40, y + 48))
    paper = office_task(
        sheet, "Task_Send", "纸质报送", x + 30, y + 125, stage="COORDINATE", role="reviewer_a", dept=dept, limit="2hd",
        form="send_upper", shift=-20, mark=-74,
    )  # fmt: skip
    gone = sheet.node(
        "intermediateThrowEvent", "Mark_Sent", "已报送", x + 140, y, label=(x + 122, y - 40), zw__doc="W08"
    )
    waiting = waiting_task(
        sheet, "Task_Upper", "登记上级批复", x + 250, y, stage="COORDINATE", role="reviewer_a", dept=dept, limit=limit,
        form="upper_reply", pause="UPPER_LEVEL",
    )  # fmt: skip
    waiting.extensions = promoted(waiting.id, "decision", "upper_no", "reason")
    body: list[ET.Element] = [
        element("bpmn:messageEventDefinition", id="Hear_Upper", messageRef="Message_UpperReply")
    ]  # fmt: skip
    heard = sheet.node(
        "boundaryEvent", "Upper_Replied", "上级回复", x + 275, y - 32, label=(x + 298, y - 60), body=body,
        attachedToRef=waiting.id,
    )  # fmt: skip
    over = timed(
        sheet, waiting, "Due_Upper", "上级到期", 'due("COORDINATE")', x + 225, y + 32, label=(x + 148, y + 44),
        interrupting=False,
    )  # fmt: skip
    noted = sheet.node(
        "serviceTask", "Trace_Upper", "上级逾期留痕", x + 225, y + 125, size=(116, 50), zw__action="record",
        zw__target=waiting.id,
    )  # fmt: skip
    noted_end = sheet.node("endEvent", "Traced_Upper", "已留痕", x + 320, y + 125)
    replied = choice(sheet, "Gateway_Reply", "是否已批复", x + 380, y, (x + 396, y - 40))
    ruled = choice(sheet, "Gateway_Upper", "上级决定", x + 480, y, (x + 456, y - 46))
    sheet.flow(decided, sent, "报送", 'decision = "report"')
    sheet.flow(sent, gone)
    sheet.flow(failed, paper, way="bottom-top")
    sheet.flow(paper, gone, way="right-bottom")
    sheet.flow(gone, waiting)
    sheet.flow(over, noted, way="bottom-top")
    sheet.flow(noted, noted_end)
    sheet.flow(heard, replied, way="top-top", bend=y - 75)
    sheet.flow(waiting, replied)
    sheet.flow(
        replied, waiting, "退回", OTHERWISE, way="bottom-bottom", bend=y + 70, shift=(0, 25), label=(x + 310, y + 73)
    )  # fmt: skip
    sheet.flow(replied, ruled, "", 'decision = "grant" or decision = "refuse"')
    return ruled, paper
