"""What every procedure of the centre is drawn with: office tasks that climb when late, decisions, documents."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from drawing.sheet import Node, Point, Sheet, element, expression

ESCALATION = element("bpmn:escalation", id="Escalation_Overdue", name="办理超时", escalationCode="ESC_OVERDUE")
STAGES = {
    "ACCEPT": "受理到期",
    "REVIEW": "审核到期",
    "APPROVE": "批准到期",
    "ISSUE": "发证到期",
    "OPINION": "意见到期",
    "COORDINATE": "会商到期",
    "SUPERVISE": "整改到期",
    "SURVEY": "勘查到期",
    "PUBLICITY": "公示到期",
    "HEARING": "公告到期",
    "MEETING": "会议到期",
    "ACCEPT REVIEW APPROVE ISSUE": "当日到期",
}


TACIT = {"INTERNAL_OPINION": "opinion", "STAGE_SKIP": "stage_skip", "DECISION": "decision"}


def promoted(task: str, *names: str) -> list[ET.Element]:
    """Output mappings: what the form answered becomes a variable of the process; a client that sets the variable
    itself is left in peace."""
    parameters = [
        element(
            "camunda:outputParameter",
            f"=if {task}.{name} != null then {task}.{name} else {name}",
            name=name,
        )
        for name in names
    ]
    return [element("camunda:inputOutput", None, *parameters)]


def office_task(sheet: Sheet, id: str, name: str, x: float, y: float, *, stage: str, role: str, dept: str, limit: str,
                form: str, results: tuple[str, ...] = (), shift: float = 0, mark: float = 22,
                **more: str) -> Node:  # fmt: skip
    """A user task of one stage with its non-interrupting due timer; `late` draws where the timer leads."""
    task = sheet.node(
        "userTask", id, name, x, y,
        extensions=promoted(id, *results) if results else None,
        camunda__formKey=form, zw__stage=stage, zw__role=role, zw__dept=dept, zw__limit=limit,
        **{"zw__ladder": "standard", **more},
    )  # fmt: skip
    timer = element("bpmn:timerEventDefinition", None, expression("bpmn:timeDate", f'due("{stage}")'), id=f"Timer_{id}")
    bottom = y + task.height / 2
    sheet.node(
        "boundaryEvent", f"Due_{id}", STAGES[stage], x + shift, bottom,
        label=(x + shift + mark, bottom + 4), body=[timer], attachedToRef=id, cancelActivity="false",
    )  # fmt: skip
    return task


def late(
    sheet: Sheet, task: Node, y: float, *, way: str = "bottom-top", x: float | None = None, gap: float = 96
) -> None:
    """Draw the climb of an overdue task: 升级首席代表, then the escalation the chain may catch."""
    timer = next(node for node in sheet.nodes if node.id == f"Due_{task.id}")
    at = timer.x if x is None else x
    climb = sheet.node(
        "serviceTask", f"Escalate_{task.id}", "升级首席代表", at, y, size=(116, 50),
        zw__action="escalate", zw__target=task.id,
    )  # fmt: skip
    raised = element("bpmn:escalationEventDefinition", id=f"Raise_{task.id}", escalationRef="Escalation_Overdue")
    aside = None if way == "bottom-top" else (at + gap + 22, y - 7)
    end = sheet.node("endEvent", f"Overdue_{task.id}", "超时督办", at + gap, y, body=[raised], label=aside)
    sheet.flow(timer, climb, way=way)
    sheet.flow(climb, end)


def waiting_task(sheet: Sheet, id: str, name: str, x: float, y: float, *, stage: str, role: str, dept: str, limit: str,
                 form: str, pause: str, **more: str) -> Node:  # fmt: skip
    """A desk that waits for somebody outside: the limits of the item stand still, nobody is late, no ladder climbs."""
    return sheet.node(
        "userTask", id, name, x, y, camunda__formKey=form, zw__stage=stage, zw__role=role, zw__dept=dept,
        zw__limit=limit, zw__ladder="none", zw__pause=pause, **more,
    )  # fmt: skip


def mark(
    sheet: Sheet, id: str, name: str, word: str, x: float, y: float, label: Point | None = None, **more: str
) -> Node:
    """An event that says how far the item has come; nothing waits in it. `more`: what is handed out there."""
    return sheet.node("intermediateThrowEvent", id, name, x, y, label=label, zw__reaches=word, **more)


def timed(sheet: Sheet, host: Node, id: str, name: str, when: str, x: float, y: float, *, label: Point,
          interrupting: bool = True, **more: str) -> Node:  # fmt: skip
    """A timer on a task's edge."""
    body = [element("bpmn:timerEventDefinition", None, expression("bpmn:timeDate", when), id=f"Timer_{id}")]
    if not interrupting:
        more["cancelActivity"] = "false"
    return sheet.node("boundaryEvent", id, name, x, y, label=label, body=body, attachedToRef=host.id, **more)


def document(sheet: Sheet, id: str, name: str, code: str, x: float, y: float, *, sms: str = "") -> Node:
    """A service task that issues a document of kind `code` (DOMAIN F.1); the case waits for it. `sms`: who is told then."""
    told = {"zw__sms": sms} if sms else {}
    return sheet.node("serviceTask", id, name, x, y, size=(116, 64), zw__action="document", zw__doc=code, **told)


def script(sheet: Sheet, id: str, name: str, text: str, x: float, y: float) -> Node:
    """A FEEL script task: one assignment a line."""
    body = [element("bpmn:script", text)]
    return sheet.node("scriptTask", id, name, x, y, body=body, scriptFormat="feel")


def choice(sheet: Sheet, id: str, name: str, x: float, y: float, label: Point | None = None) -> Node:
    """An exclusive gateway; its name stands above it unless placed."""
    width = 12 * len(name)
    return sheet.node("exclusiveGateway", id, name, x, y, label=label or (x - width / 2, y - 46))
