"""The frame of every joint chain (DOMAIN E.5): items as collapsed nodes with the lead's ruling, withdrawal, rulings of the
joint review, late milestones, and the wait for the applicant's next filing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from drawing.chain_joined import draw_joined
from drawing.correction import draw_correction
from drawing.items import CENTRE
from drawing.office import choice, document, late, mark, office_task, promoted, script, timed, waiting_task
from drawing.sheet import OTHERWISE, Lane, Node, Sheet, element

TERMINATED = element("bpmn:error", id="Error_Terminated", name="联办终止", errorCode="ERR_TERMINATED")
MILESTONE = element(
    "bpmn:escalation", id="Escalation_Milestone", name="里程碑超期", escalationCode="ESC_CHAIN_MILESTONE"
)
STOPPED = element("bpmn:error", id="Error_Stopped", name="事项停办", errorCode="ERR_ITEM_STOPPED")
MESSAGES = {"Withdraw": "MSG_WITHDRAW", "Ruled": "MSG_MEETING_RULED", "Declare": "MSG_DECLARE"}
IDLE = "120wd"  # half a year: how long a chain waits for the next filing before it is ended


def messages(*names: str) -> list[ET.Element]:
    """The messages of a chain, as root elements; names as in MESSAGES."""
    return [element("bpmn:message", id=f"Message_{name}", name=MESSAGES[name]) for name in names]


def heard(name: str, id: str) -> ET.Element:
    """The definition of an event that waits for one of them."""
    return element("bpmn:messageEventDefinition", id=f"Hear_{id}", messageRef=f"Message_{name}")


# -- the window -------------------------------------------------------------------------------------------------


def draw_window(
    sheet: Sheet, window: Lane, *, code: str, start: str, intake: str, limit: str = "2hd"
) -> tuple[Node, Node]:
    """From the declaration to its acceptance, with correction and refusal: the start event and the gateway 是否受理.

    The flow 受理 out of the gateway is the caller's, as its default.
    """
    correcting, upper, lower = window.top + 75, window.top + 195, window.top + 285
    started = sheet.node(
        "startEvent", "Start_Declare", start, 180, upper, camunda__formKey=f"apply_{code}", zw__doc="W01", zw__sms="M01",
    )  # fmt: skip
    desk = office_task(
        sheet, "Task_Intake", intake, 300, upper, stage="ACCEPT", role="counter_clerk", dept=CENTRE,
        limit=limit, form=f"accept_{code}", results=("decision",),
    )  # fmt: skip
    accepted = choice(sheet, "Gateway_Accept", "是否受理", 420, upper, (364, upper - 46))
    turned = mark(sheet, "Mark_NotAccepted", "不予受理", "NOT_ACCEPTED", 490, lower)
    notice = document(sheet, "Document_Rejection", "出具不予受理通知", "W03", 590, lower, sms="M05")
    rejected = sheet.node("endEvent", "End_NotAccepted", "不予受理", 690, lower, label=(666, lower + 24))
    draw_correction(sheet, desk, accepted, correcting, dept=CENTRE)
    sheet.flow(started, desk)
    sheet.flow(desk, accepted)
    sheet.flow(accepted, turned, "不予受理", 'decision = "reject"', way="bottom-left")
    sheet.flow(turned, notice)
    sheet.flow(notice, rejected)
    return started, accepted


def decide(sheet: Sheet, id: str, name: str, decision: str, variable: str, x: float, y: float) -> Node:
    """A business rule task whose rows come as a list of contexts in `variable`."""
    return sheet.node(
        "businessRuleTask", id, name, x, y, camunda__decisionRef=decision, camunda__resultVariable=variable,
    )  # fmt: skip


# -- items ------------------------------------------------------------------------------------------------------


def prefix_of(slug: str) -> str:
    """`EiaForm` as its variables begin: `eia_form`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in slug).lstrip("_")


def item_node(sheet: Sheet, slug: str, name: str, called: str, x: float, y: float, *, dept: str, lead: str, limit: str,
              milestone: str, passed: Iterable[str], free: bool = False) -> Node:  # fmt: skip
    """A collapsed sub-process: the call of the item and the lead department's ruling when it is refused.

    `passed`: what was declared and goes along; `free`: the matrix says whether a project has it, so who leads may leave it out.
    Terminated by the ruling, the whole chain ends at once.
    """
    made = sheet.node("subProcess", f"Node_{slug}", name, x, y)
    made.inside = _inside(
        slug, name, called, dept=dept, lead=lead, limit=limit, milestone=milestone, passed=passed, free=free
    )
    catch = element("bpmn:errorEventDefinition", id=f"Catch_{slug}", errorRef="Error_Terminated")
    stopped = sheet.node(
        "boundaryEvent", f"Stop_{slug}", "", x - 34, y - made.height / 2, body=[catch], attachedToRef=made.id
    )
    ended = element("bpmn:terminateEventDefinition", id=f"Terminate_{slug}")
    end = sheet.node(
        "endEvent", f"End_Terminated_{slug}", "终止", x - 88, y - made.height / 2, body=[ended],
        zw__doc="W24", zw__reaches="TERMINATED",
    )  # fmt: skip
    end.label = (x - 136, y - made.height / 2 - 7)
    sheet.flow(stopped, end, way="left-right")
    return made


def _inside(slug: str, name: str, called: str, *, dept: str, lead: str, limit: str, milestone: str,
            passed: Iterable[str], free: bool) -> Sheet:  # fmt: skip
    prefix = prefix_of(slug)
    sheet = Sheet(f"Node_{slug}")
    start = sheet.node("startEvent", f"Start_{slug}", "", 120, 200)
    count = script(
        sheet, f"Script_{slug}", "登记申报次数",
        f"{prefix}_round = if {prefix}_round = null then 1 else {prefix}_round + 1\nTask_Coordinate_{slug} = null\n"
        f"{prefix}_ruling = null", 240, 200,
    )  # fmt: skip
    call = _call(sheet, slug, name, called, dept=dept, limit=limit, milestone=milestone, passed=passed)
    result = choice(sheet, f"Gateway_Result_{slug}", "办理结果", 560, 200)
    done = sheet.node("endEvent", f"Done_{slug}", "完成", 880, 200, label=(902, 193))
    ruling = office_task(
        sheet, f"Task_Coordinate_{slug}", "牵头会商", 560, 330, stage="COORDINATE", role="chief_rep", dept=lead,
        limit="2wd", form="coordinate", shift=-34, mark=-74,
    )  # fmt: skip
    ruling.extensions = [
        element(
            "camunda:inputOutput",
            None,
            element(
                "camunda:outputParameter",
                f"=if {ruling.id}.ruling != null then {ruling.id}.ruling else {prefix}_ruling",
                name=f"{prefix}_ruling",
            ),
        )
    ]
    ruled = choice(sheet, f"Gateway_Ruling_{slug}", "会商结论", 740, 330, (772, 336))
    again = choice(sheet, f"Gateway_Again_{slug}", "", 740, 450)
    thrown = element("bpmn:errorEventDefinition", id=f"Throw_{slug}", errorRef="Error_Terminated")
    stopped = sheet.node("endEvent", f"Stopped_{slug}", "终止", 880, 330, body=[thrown], label=(902, 323))
    sheet.flow(start, count)
    sheet.flow(count, call)
    sheet.flow(call, result)
    sheet.flow(result, done, "准予", f'{prefix}_decision = "grant"')
    sheet.flow(result, ruling, "未准予", OTHERWISE, way="bottom-top")
    sheet.flow(ruling, ruled)
    sheet.flow(ruled, done, "不影响", f'{prefix}_ruling = "proceed"', way="top-bottom", bend=260)
    sheet.flow(ruled, stopped, "终止", f'{prefix}_ruling = "terminate"')
    sheet.flow(ruled, again, "退回", OTHERWISE, way="bottom-top")
    sheet.flow(
        again, count, "退回", f"{prefix}_round <= 2", way="bottom-bottom", bend=520, label=(450, 503)
    )  # fmt: skip
    sheet.flow(
        again, ruling, "已报三次", OTHERWISE, way="left-bottom", shift=(0, 30), label=(610, 433)
    )  # fmt: skip
    late(sheet, ruling, 640, gap=100)
    noted = _dropped(sheet, slug, call, 330, 330)
    if not free:
        sheet.flow(noted, ruling)
        return sheet
    why = choice(sheet, f"Gateway_Dropped_{slug}", "停办原因", 430, 330, (378, 366))
    gone = sheet.node("endEvent", f"Gone_{slug}", "不再参加", 430, 430, label=(354, 423))
    sheet.flow(noted, why)
    sheet.flow(why, ruling, "撤回", OTHERWISE)
    sheet.flow(why, gone, "移出", 'stopped_as = "left_out"', way="bottom-top", label=(403, 390))
    return sheet


def _dropped(sheet: Sheet, slug: str, call: Node, x: float, y: float) -> Node:
    """本项停办 on the edge of a call: its applicant takes this one item back, or who leads leaves the department out. An error
    the service throws in the item, not a message: nothing has to listen for it while every item runs.

    The script at (x, y) it leads to.
    """
    caught = sheet.node(
        "boundaryEvent", f"Dropped_{slug}", "本项停办", 425, 235, label=(448, 240), attachedToRef=call.id,
        body=[element("bpmn:errorEventDefinition", id=f"Hear_Dropped_{slug}", errorRef="Error_Stopped")],
    )  # fmt: skip
    noted = script(
        sheet, f"Script_Dropped_{slug}", "登记停办", f"{prefix_of(slug)}_decision = stopped_as", x, y
    )  # fmt: skip
    sheet.flow(caught, noted, way="bottom-top")
    return noted


def _call(sheet: Sheet, slug: str, name: str, called: str, *, dept: str, limit: str, milestone: str,
          passed: Iterable[str]) -> Node:  # fmt: skip
    """The call of the item in the middle of its node; an overdue desk in it leaves a trace and stops nothing."""
    prefix = prefix_of(slug)
    mappings: list[ET.Element] = [element("camunda:in", source=f, target=f) for f in passed]
    mappings += [
        element("camunda:in", sourceExpression="=true", target="joint"),
        element("camunda:out", source="decision", target=f"{prefix}_decision"),
        element("camunda:out", source="certificate_no", target=f"{prefix}_certificate_no"),
    ]
    call = sheet.node(
        "callActivity", f"Call_{slug}", name, 400, 200, extensions=mappings, calledElement=called,
        zw__dept=dept, zw__limit=limit, zw__milestone=milestone,
    )  # fmt: skip
    overdue = element("bpmn:escalationEventDefinition", id=f"Hear_{slug}", escalationRef="Escalation_Overdue")
    caught = sheet.node(
        "boundaryEvent", f"Overdue_{slug}", "办理超时", 425, 165, label=(447, 146), body=[overdue],
        attachedToRef=call.id, cancelActivity="false",
    )  # fmt: skip
    traced = sheet.node("serviceTask", f"Trace_{slug}", "督办留痕", 560, 90, zw__action="record")
    trace_end = sheet.node("endEvent", f"Traced_{slug}", "已留痕", 680, 90)
    sheet.flow(caught, traced, way="top-left")
    sheet.flow(traced, trace_end)
    return call


def branch_node(sheet: Sheet, slug: str, name: str, called: str, x: float, y: float, *, dept: str, limit: str,
                milestone: str, passed: Iterable[str]) -> Node:  # fmt: skip
    """A branch nobody has to wait for: refused, or still open when the chain turns yellow, it goes on as a case of its own."""
    made = sheet.node("subProcess", f"Node_{slug}", name, x, y)
    inner = made.inside = Sheet(f"Node_{slug}")
    prefix, own = prefix_of(slug), tuple(passed)
    start = inner.node("startEvent", f"Start_{slug}", "", 240, 200)
    call = _call(inner, slug, name, called, dept=dept, limit=limit, milestone=milestone, passed=own)
    result = choice(inner, f"Gateway_Result_{slug}", "办理结果", 560, 200)
    done = inner.node("endEvent", f"Done_{slug}", "完成", 880, 200, label=(902, 193))
    open_still = timed(
        inner, call, f"Leave_{slug}", "黄灯未办结", 'warn("CHAIN")', 375, 235, label=(284, 241), interrupting=True,
    )  # fmt: skip
    apart = inner.node(
        "serviceTask", f"Start_Own_{slug}", "转单独办理", 560, 330, size=(116, 64), zw__action="start", zw__process=called,
        zw__fields=" ".join(own),
    )  # fmt: skip
    noted = script(inner, f"Script_Left_{slug}", "登记转办", f"{prefix}_left = true", 720, 330)
    left = inner.node("endEvent", f"Left_{slug}", "已转办", 880, 330, label=(902, 323))
    inner.flow(start, call)
    inner.flow(call, result)
    inner.flow(result, done, "准予", f'{prefix}_decision = "grant"')
    inner.flow(result, apart, "未准予", OTHERWISE, way="bottom-top")
    inner.flow(open_still, apart, way="bottom-left")
    inner.flow(apart, noted)
    inner.flow(noted, left)
    taken_back = _dropped(inner, slug, call, 425, 430)
    gone = inner.node("endEvent", f"Gone_{slug}", "不再办理", 560, 430)
    inner.flow(taken_back, gone)
    return made


def draw_milestones(sheet: Sheet, plan: Mapping[str, tuple[int, str]], places: Mapping[str, str]) -> str:
    """The name of every milestone beside the node that reaches it, and what `zw:milestones` says. `plan`: working days and name
    by mark; `places`: where a name stands that does not stand below.
    """
    for node in sheet.nodes:
        mark = node.attributes.get("zw:reaches", "")
        if mark in plan:
            sheet.note(node, f"{mark} {plan[mark][1]}", places.get(mark, "below"))
    return ",".join(f"{mark}:{days}:{name}" for mark, (days, name) in plan.items())


# -- what may come at any time ----------------------------------------------------------------------------------


def draw_interruptions(sheet: Sheet, x: float, y: float, *, joined: bool = True) -> None:
    """撤回, 会议裁定, 里程碑超期 and, where opinions are asked, 增加会审部门 as event sub-processes, side by side, collapsed."""
    drawn = (_withdrawal, _ruling, _milestone, draw_joined) if joined else (_withdrawal, _ruling, _milestone)
    for n, draw in enumerate(drawn):
        slug, name, inside = draw()
        made = sheet.node("subProcess", f"Event_{slug}", name, x + 150 * n, y, triggeredByEvent="true")
        made.inside = inside


def _withdrawal() -> tuple[str, str, Sheet]:
    """The applicant takes the declaration back: everything stops, the papers are given back."""
    sheet = Sheet("Event_Withdraw")
    start = sheet.node(
        "startEvent", "Start_Withdraw", "申请人撤回", 120, 120, body=[heard("Withdraw", "Withdraw")],
        zw__reaches="WITHDRAWN",
    )  # fmt: skip
    told = sheet.node(
        "serviceTask", "Stop_Departments", "通知各部门停办", 250, 120, size=(116, 64), zw__action="record"
    )
    notice = document(sheet, "Document_Withdrawn", "出具终止通知", "W24", 400, 120, sms="M23")
    end = sheet.node("endEvent", "End_Withdrawn", "撤回", 520, 120, zw__doc="W23")
    sheet.flow(start, told)
    sheet.flow(told, notice)
    sheet.flow(notice, end)
    return "Withdraw", "撤回", sheet


def _ruling() -> tuple[str, str, Sheet]:
    """A ruling of the joint review: kept in the chain for whatever is called later, and in the journal for what runs."""
    sheet = Sheet("Event_Ruling")
    start = sheet.node(
        "startEvent", "Start_Ruling", "会议裁定", 120, 120, body=[heard("Ruled", "Ruling")], isInterrupting="false"
    )
    kept = script(
        sheet, "Script_Ruling", "登记会议裁定",
        "meeting_rulings = if meeting_rulings = null then [ruling_text] else append(meeting_rulings, ruling_text)",
        250, 120,
    )  # fmt: skip
    told = sheet.node("serviceTask", "Note_Ruling", "裁定记入子办件", 400, 120, size=(116, 64), zw__action="record")
    end = sheet.node("endEvent", "End_Ruling", "完成", 520, 120)
    sheet.flow(start, kept)
    sheet.flow(kept, told)
    sheet.flow(told, end)
    return "Ruling", "会议裁定", sheet


def _milestone() -> tuple[str, str, Sheet]:
    """A milestone is late: an issue of the next joint review. Lead and supervision are told by rule (L04)."""
    sheet = Sheet("Event_Milestone")
    caught = element(
        "bpmn:escalationEventDefinition", id="Hear_Milestone", escalationRef="Escalation_Milestone"
    )  # fmt: skip
    start = sheet.node("startEvent", "Start_Milestone", "里程碑超期", 120, 120, body=[caught], isInterrupting="false")
    issue = sheet.node("serviceTask", "Raise_Issue", "列入联审议题", 250, 120, size=(116, 64), zw__action="record")
    end = sheet.node("endEvent", "End_Milestone", "完成", 380, 120)
    sheet.flow(start, issue)
    sheet.flow(issue, end)
    return "Milestone", "里程碑超期", sheet


def draw_filing(sheet: Sheet, x: float, y: float, *, name: str, form: str, results: Iterable[str],
                end: tuple[float, float]) -> tuple[Node, Node]:  # fmt: skip
    """等待下阶段申报: the window registers what is filed, or MSG_DECLARE brings it; nobody is late, chain days are frozen
    while no item runs. The desk, and the gateway where both ways meet. After half a year the chain is ended.
    """
    waiting = waiting_task(
        sheet, "Task_Filing", name, x, y, stage="COORDINATE", role="counter_clerk", dept=CENTRE, limit=IDLE, form=form,
        pause="NEXT_FILING",
    )  # fmt: skip
    waiting.extensions = promoted(waiting.id, *results)
    merged = choice(sheet, "Merge_Filing", "", x + 110, y)
    online = sheet.node(
        "boundaryEvent", "Filed_Online", "网上申报", x + 26, y + waiting.height / 2, label=(x + 48, y + waiting.height / 2 + 4),
        body=[heard("Declare", "Filing")], attachedToRef=waiting.id,
    )  # fmt: skip
    reminded = timed(
        sheet, waiting, "Remind_Filing", "催报", 'warn("COORDINATE")', x - 26, y - waiting.height / 2, interrupting=False,
        label=(x - 76, y - waiting.height / 2 - 26), zw__sms="M21",
    )  # fmt: skip
    sent = sheet.node("endEvent", "End_Reminded", "已提醒", x - 26, y - 90, label=(x - 4, y - 97))
    over = timed(
        sheet, waiting, "Idle_Filing", "逾期未报", 'due("COORDINATE")', x - 26, y + waiting.height / 2,
        label=(x - 102, y + waiting.height / 2 + 4), zw__reaches="ABANDONED",
    )  # fmt: skip
    ended = element("bpmn:terminateEventDefinition", id="Terminate_Idle")
    given_up = sheet.node("endEvent", "End_Idle", "终止", *end, body=[ended], zw__doc="W24")
    sheet.flow(waiting, merged)
    sheet.flow(online, merged, way="bottom-bottom", bend=y + waiting.height / 2 + 46)
    sheet.flow(reminded, sent, way="top-bottom")
    sheet.flow(over, given_up, way="bottom-right")
    return waiting, merged
