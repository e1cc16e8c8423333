"""What stands between 受理 and 审核, and around 审核: late filings, the short way, ordered procedures, opinions, the survey."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from drawing.office import choice, late, office_task, script, waiting_task
from drawing.procedures import KINDS
from drawing.sheet import OTHERWISE, Lane, Node, Sheet, element
from drawing.specials import Consulted, Late, Ordered, Short

AROUND = 62  # how far under its row a way around a node runs


@dataclass
class Line:
    """The row of 审核 as it grows: where its end is, and what has to join the next node."""

    sheet: Sheet
    y: float
    x: float
    end: Node
    dept: str
    desks: list[Node] = field(default_factory=list)  # whose climbs are drawn at last

    def to(self, node: Node, **more: object) -> Node:
        """Join the end with a node, which becomes the end."""
        self.sheet.flow(self.end, node, **more)  # type: ignore[arg-type]
        self.end, self.x = node, node.x
        return node

    def ask(self, id: str, name: str, ahead: float = 90) -> Node:
        """An exclusive gateway at the end."""
        more = {"condition": OTHERWISE} if self.end.kind == "exclusiveGateway" and self.end.name else {}
        return self.to(choice(self.sheet, id, name, self.x + ahead, self.y), **more)

    def around(self, question: Node, meet: Node, label: str, condition: str) -> None:
        """The way that passes below what stands between the two."""
        at = (question.x + 6, self.y + AROUND - 18)
        self.sheet.flow(question, meet, label, condition, way="bottom-bottom", bend=self.y + AROUND, label=at)


def noted_late(line: Line, rule: Late, top: float) -> None:
    """逾期报送: noted for supervision, the item goes on."""
    sheet = line.sheet
    question = line.ask("Gateway_Late", "是否逾期报送")
    question.label = (question.x - 36, line.y + 30)
    noted = sheet.node("serviceTask", "Record_Late", "逾期报送留痕", question.x + 110, top, zw__action="record")
    meet = choice(sheet, "Merge_Late", "", question.x + 220, line.y)
    overdue = f'{rule.since} != null and date({rule.since}) + duration("P{rule.days}D") < today()'
    sheet.flow(question, noted, "逾期", overdue, way="top-left")
    sheet.flow(noted, meet, way="right-top")
    line.to(meet, name="按期", condition=OTHERWISE)


def short_way(line: Line, rule: Short, slug: str, low: float) -> Node:
    """承诺登记: the small cases; the desk stands in the row below and leads to 批准."""
    sheet = line.sheet
    question = line.ask("Gateway_Short", rule.question)
    desk = office_task(
        sheet, "Task_Short", rule.task, question.x + 120, low, stage="REVIEW", role="reviewer_a", dept=line.dept,
        limit="1hd", form=f"short_{slug}", results=("recommendation",),
    )  # fmt: skip
    sheet.flow(question, desk, rule.label, rule.condition, way="bottom-left", label=(question.x + 6, line.y + 60))
    line.desks.append(desk)
    line.x += 210
    return question


def ordered_procedure(line: Line, rule: Ordered, otherwise: str) -> None:
    """A procedure that is not asked for but ordered: its notice, then the wait during which no limit runs."""
    sheet = line.sheet
    id, name, stage, limit = KINDS[rule.kind]
    question = None
    if rule.condition:
        question = line.ask("Gateway_Ordered", rule.question)
        line.to(
            sheet.node("intermediateThrowEvent", f"Notice_{id}_Ordered", "书面告知", line.x + 100, line.y, zw__doc="W07"),
            name=rule.label, condition=rule.condition,
        )  # fmt: skip
    else:
        line.to(
            sheet.node("intermediateThrowEvent", f"Notice_{id}_Ordered", "书面告知", line.x + 90, line.y, zw__doc="W07"),
            **({"name": otherwise, "condition": OTHERWISE} if otherwise else {}),
        )  # fmt: skip
    line.to(
        waiting_task(
            sheet, f"Task_{id}_Ordered", name, line.x + 100, line.y, stage=stage, role="reviewer_a", dept=line.dept,
            limit=limit, pause=rule.kind, form="procedure_result",
        )
    )  # fmt: skip
    if question is not None:
        meet = line.to(choice(sheet, "Merge_Ordered", "", line.x + 100, line.y))
        line.around(question, meet, rule.otherwise, OTHERWISE)


def batched(line: Line, slug: str) -> None:
    """批次集中办理: the desk that enters the application in a batch and says when the batch is decided."""
    desk = office_task(
        line.sheet, "Task_Batch", "编入办理批次", line.x + 110, line.y, stage="REVIEW", role="reviewer_a", dept=line.dept,
        limit="1wd", form=f"batch_{slug}", results=("batch_no", "batch_on"),
    )  # fmt: skip
    line.desks.append(desk)
    line.to(desk)
    line.x += 110  # room for what follows from being late


def consulted(line: Line, rule: Consulted, lane: Lane) -> None:
    """Another department is asked before 审核, always or where its matter is touched; it answers itself."""
    sheet, y = line.sheet, lane.top + 44
    if rule.beside[0]:
        opening: Node = line.to(sheet.node("parallelGateway", "Fork_Opinions", "征求意见", line.x + 90, line.y))
    else:
        opening = line.ask("Gateway_Opinion", rule.question)
    opening.label = (opening.x - 24, line.y + 30)
    paused = {"zw__pause": rule.pause} if rule.pause else {}
    task = office_task(
        sheet, rule.task, rule.name, opening.x + 130, y, stage="OPINION", role="reviewer_a", dept=rule.dept,
        limit=rule.limit, form="opinion", shift=-26, mark=-74, zw__doc="W10", **{"zw__ladder": "opinion", **paused},
    )  # fmt: skip
    late(sheet, task, y + 56, way="bottom-left", x=opening.x + 280)
    ends = opening.x + 480
    if not rule.beside[0]:
        meet = choice(sheet, "Merge_Opinion", "", ends, line.y)
        sheet.flow(opening, task, rule.label, rule.condition, way="top-left", label=(opening.x + 6, line.y - 46))
        sheet.flow(task, meet, way="right-top")
        line.to(meet, name=rule.otherwise, condition=OTHERWISE)
        return
    question, condition, label, otherwise, name = rule.beside
    join = sheet.node("parallelGateway", "Join_Opinions", "意见到齐", ends + 90, line.y, label=(ends + 66, line.y + 30))
    sheet.flow(opening, task, way="top-left")
    sheet.flow(task, join, way="right-top")
    asked = line.ask("Gateway_Beside", question)
    outside = waiting_outside(line, "Task_Beside", name, asked.x + 150)
    line.to(outside, name=label, condition=condition)
    meet = line.to(choice(sheet, "Merge_Beside", "", ends, line.y))
    line.around(asked, meet, otherwise, OTHERWISE)
    line.to(join)


def waiting_outside(line: Line, id: str, name: str, x: float) -> Node:
    """A desk of the department that registers what somebody outside says."""
    made = office_task(
        line.sheet, id, name, x, line.y, stage="OPINION", role="reviewer_a", dept=line.dept, limit="3wd",
        form="opinion", zw__ladder="opinion",
    )  # fmt: skip
    line.desks.append(made)
    return made


def survey_limits(review: int) -> tuple[int, int]:
    """Half-days for the booking and for the survey out of those of 审核 (at most one working day each, SP-09)."""
    return (2, 2) if review >= 6 else (1, 1)


def surveyed(line: Line, condition: str, limits: tuple[int, int], *, first: float = 120) -> Node:
    """现场勘查 (SP-09), counted and called; the node where it begins, which 综合意见 may send the case back to."""
    sheet = line.sheet
    question = None
    ahead: dict[str, object] = {}
    if condition:
        question = line.ask("Gateway_Survey", "是否现场核查", 105)
        ahead = {"name": "现场核查", "condition": condition}
        first += 30
    count = script(
        sheet, "Script_Survey", "登记勘查次数",
        "survey_count = survey_count + 1\nrecommendation = null\nTask_Conclude = null", line.x + first, line.y,
    )  # fmt: skip
    line.to(count, **ahead)
    call = sheet.node(
        "callActivity", "Call_Survey", "现场勘查", line.x + 120, line.y, calledElement="support_SP_09",
        zw__stage="SURVEY", zw__limit=f"{sum(limits)}hd",
        extensions=survey_mappings(line.dept, limits),
    )  # fmt: skip
    line.to(call)
    if question is not None:
        meet = line.to(choice(sheet, "Merge_Survey", "", line.x + 105, line.y))
        line.around(question, meet, "书面核查", OTHERWISE)
    return count


def survey_mappings(dept: str, limits: tuple[int, int]) -> list[ET.Element]:
    """What SP-09 is told (whose it is, how long it may take) and what it tells."""
    booking, visiting = limits
    given = {"survey_dept": dept, "booking_limit": f"{booking}hd", "survey_limit": f"{visiting}hd"}
    parameters = [element("camunda:inputParameter", value, name=name) for name, value in given.items()]
    return [
        element("camunda:inputOutput", None, *parameters),
        element("camunda:out", source="survey_conclusion", target="survey_conclusion"),
        element("camunda:out", source="survey_inspectors", target="survey_inspectors"),
    ]
