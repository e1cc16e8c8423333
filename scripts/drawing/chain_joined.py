"""会审部门 of a chain: departments that are asked while it runs, beside the items that were drawn, and what their opinions come to.

Any number may be asked, one after the other or together (MSG_DEPARTMENT_JOINED); one that is not needed any more is let go
(MSG_DEPARTMENT_LEFT). Before the chain goes on to what closes it, who leads sums up what they said. None of them agrees by
silence: the chain does not know what the law says of the department that is asked.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from drawing.office import choice, late, office_task, script
from drawing.sheet import OTHERWISE, Node, Sheet, element

MESSAGES = {"Joined": "MSG_DEPARTMENT_JOINED", "Left": "MSG_DEPARTMENT_LEFT"}
BEGUN = "joined = []\njoint_asked = false\njoined_opinions = []\njoined_ruling = null"  # lines of the script that opens a chain
CONTRACT = "joining, leaving, stopped_as"  # what comes with the messages of the frame
ASKED = {"department": "null", "limit": '"3wd"', "no": "0", "matter": '""'}


def joined_messages() -> list[ET.Element]:
    """Both messages, as root elements."""
    return [element("bpmn:message", id=f"Message_{name}", name=text) for name, text in MESSAGES.items()]


def draw_joined() -> tuple[str, str, Sheet]:
    """增加会审部门 as an event sub-process: one department more is asked, with a limit of its own."""
    sheet = Sheet("Event_Joined")
    y = 180
    hears = element("bpmn:messageEventDefinition", id="Hear_Joined", messageRef="Message_Joined")
    start = sheet.node("startEvent", "Start_Joined", "增加会审部门", 120, y, body=[hears], isInterrupting="false")
    kept = script(
        sheet, "Script_Joined", "登记会审部门", "joined = append(joined, joining)\njoint_asked = true", 250, y
    )
    task = office_task(
        sheet, "Task_Joined", "会审意见", 410, y, stage="OPINION", role="reviewer_a", dept="=joint_department",
        limit="=joint_limit", form="opinion_joint", shift=-26, mark=-74, zw__ladder="opinion", zw__doc="W10",
    )  # fmt: skip
    given = [
        element(
            "camunda:inputParameter",
            f"=if joining.{name} = null then {other} else joining.{name}",
            name=f"joint_{name}",
        )
        for name, other in ASKED.items()
    ]
    said = element(
        "camunda:outputParameter",
        "=append(joined_opinions, {no: joint_no, department: joint_department, conclusion: Task_Joined.conclusion, "
        "opinion: if Task_Joined.reason != null then Task_Joined.reason else Task_Joined.opinion})",
        name="joined_opinions",
    )
    task.extensions = [element("camunda:inputOutput", None, *given, said)]
    hears = element("bpmn:messageEventDefinition", id="Hear_Left", messageRef="Message_Left")
    left = sheet.node(
        "boundaryEvent", "Left_Joined", "减去会审部门", 435, y - 32, label=(458, y - 56), body=[hears], attachedToRef=task.id
    )  # fmt: skip
    dropped = script(
        sheet,
        "Script_Left",
        "登记减去部门",
        "joined = joined[item.no != leaving]\njoint_asked = count(joined) > 0",
        570,
        70,
    )
    over = sheet.node("endEvent", "End_Left", "已减去", 690, 70)
    end = sheet.node("endEvent", "End_Joined", "完成", 560, y)
    sheet.flow(start, kept)
    sheet.flow(kept, task)
    sheet.flow(task, end)
    sheet.flow(left, dropped, way="top-left")
    sheet.flow(dropped, over)
    late(sheet, task, y + 110)
    return "Joined", "增加会审部门", sheet


def draw_summing_up(sheet: Sheet, x: float, y: float, *, lead: str) -> tuple[Node, Node, Node]:
    """汇总会审意见 by who leads, where anybody was asked: the gateway before, where the ways meet, 330 further on, and the desk."""
    asked = choice(sheet, "Gateway_Joined", "有无会审部门", x, y, (x - 36, y - 46))
    task = office_task(
        sheet, "Task_JoinedSum", "汇总会审意见", x + 115, y, stage="COORDINATE", role="chief_rep", dept=lead, limit="2wd",
        form="sum_joint", results=("joined_ruling",), shift=-28, mark=-74,
    )  # fmt: skip
    ruled = choice(sheet, "Gateway_JoinedSum", "汇总结论", x + 230, y, (x + 258, y + 6))
    meet = choice(sheet, "Merge_Joined", "", x + 330, y)
    ended = element("bpmn:terminateEventDefinition", id="Terminate_Joined")
    stopped = sheet.node(
        "endEvent", "End_Terminated_Joined", "终止", x + 285, y - 48, label=(x + 309, y - 55), body=[ended], zw__doc="W24",
        zw__reaches="TERMINATED",
    )  # fmt: skip
    sheet.flow(asked, task, "有", "joint_asked = true", label=(x + 30, y - 18))
    sheet.flow(asked, meet, "没有", OTHERWISE, way="bottom-bottom", bend=y + 52, label=(x + 262, y + 34))
    sheet.flow(task, ruled)
    sheet.flow(ruled, stopped, "", 'joined_ruling = "terminate"', way="top-left")
    sheet.flow(ruled, meet, "", OTHERWISE)
    return asked, meet, task
