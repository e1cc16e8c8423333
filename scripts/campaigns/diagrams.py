"""The diagrams the campaigns run, drawn in a few lines instead of kept as files: what they contain is the claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="urn:lianban:campaign">\n'
)


class Drawing:
    """One executable process; flows are numbered in the order they are drawn."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.forms: dict[str, bytes] = {}
        self.lines: list[str] = []
        self.flows = 0

    def node(self, kind: str, name: str, attributes: str = "", content: str = "") -> str:
        """One element; its id."""
        self.lines.append(f'<bpmn:{kind} id="{name}" name="{name}" {attributes}>{content}</bpmn:{kind}>')
        return name

    def user(self, name: str, candidates: Sequence[str] = ()) -> str:
        """A user task, open to some accounts or to service accounts only."""
        return self.node("userTask", name, f'camunda:candidateUsers="{",".join(candidates)}"' if candidates else "")

    def add(self, name: str, variable: str) -> str:
        """A script task that adds one to a variable: run twice, it shows."""
        return self.node(
            "scriptTask",
            name,
            f'scriptFormat="feel" camunda:resultVariable="{variable}"',
            f"<bpmn:script>{variable} + 1</bpmn:script>",
        )

    def limit(self, name: str, host: str, duration: str) -> str:
        """A boundary timer that does not interrupt, as every step with a limit has one."""
        definition = f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{duration}</bpmn:timeDuration>'
        content = f"<bpmn:timerEventDefinition>{definition}</bpmn:timerEventDefinition>"
        return self.node("boundaryEvent", name, f'attachedToRef="{host}" cancelActivity="false"', content)

    def timer(self, name: str, duration: str) -> str:
        """An intermediate timer the worker fires."""
        definition = f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{duration}</bpmn:timeDuration>'
        return self.node(
            "intermediateCatchEvent",
            name,
            content=f"<bpmn:timerEventDefinition>{definition}</bpmn:timerEventDefinition>",
        )

    def line(self, *names: str) -> None:
        """Sequence flows along the names."""
        for source, target in zip(names, names[1:], strict=False):
            self.flows += 1
            self.lines.append(f'<bpmn:sequenceFlow id="flow_{self.flows}" sourceRef="{source}" targetRef="{target}"/>')

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """What has to be deployed: the diagram and its forms."""
        return [(f"{self.key}.bpmn", self.xml()), *((f"{name}.form", content) for name, content in self.forms.items())]

    def xml(self) -> bytes:
        """The file."""
        body = "\n".join(self.lines)
        text = f'{HEAD}<bpmn:process id="{self.key}" name="{self.key}" isExecutable="true">\n{body}\n</bpmn:process>\n'
        return (text + "</bpmn:definitions>\n").encode()


def crash_drawing() -> Drawing:
    """Every kind of durable step in a short case: tasks, a join, a timer, and counters that betray a second execution."""
    drawing = Drawing("campaign_crash")
    for kind, name in (("startEvent", "start"), ("endEvent", "end")):
        drawing.node(kind, name)
    for name in ("a", "b", "c", "d"):
        drawing.user(name)
    for name in ("split", "join"):
        drawing.node("parallelGateway", name)
    for name in ("after_a", "after_join", "after_timer"):
        drawing.add(name, name)
    drawing.timer("pause", "PT1S")
    drawing.line("start", "a", "after_a", "split", "b", "join", "after_join", "pause", "after_timer", "d", "end")
    drawing.line("split", "c", "join")
    return drawing


def pair_drawing(candidates: Sequence[str]) -> Drawing:
    """One task two people may do, and one after it."""
    drawing = Drawing("campaign_pair")
    drawing.node("startEvent", "start")
    drawing.user("contested", candidates)
    drawing.user("after")
    drawing.node("endEvent", "end")
    drawing.line("start", "contested", "after", "end")
    return drawing


def siblings_drawing(width: int) -> Drawing:
    """Parallel tasks into one join that counts how often it fires."""
    drawing = Drawing("campaign_siblings")
    drawing.node("startEvent", "start")
    drawing.node("parallelGateway", "split")
    drawing.node("parallelGateway", "join")
    drawing.add("joined", "joins")
    drawing.user("after")
    drawing.node("endEvent", "end")
    drawing.line("start", "split")
    for number in range(width):
        drawing.user(f"sibling_{number}")
        drawing.line("split", f"sibling_{number}", "join")
    drawing.line("join", "joined", "after", "end")
    return drawing


STAGES = (1, 3, 4, 1, 1)  # items side by side in the stages of the JS-35 backbone


class Shipped(Drawing):
    """A process of `processes/demo` with the form its tasks ask."""

    def __init__(self, key: str, form: str) -> None:
        super().__init__(key)
        self.forms = {form: (ROOT / "forms" / f"{form}.form").read_bytes()}

    def xml(self) -> bytes:
        """The file as shipped."""
        return (ROOT / "processes" / "demo" / f"{self.key}.bpmn").read_bytes()


def linear_drawing() -> Drawing:
    """Four user tasks in a row, each with a form of three fields."""
    return Shipped("linear", "demo_request")


def chain_drawings() -> list[Drawing]:
    """A chain of ten called items of four user tasks each, two with a limit, in the stages of JS-35; the chain last."""
    chain = Drawing("campaign_chain")
    chain.node("startEvent", "start")
    items = []
    last = "start"
    for stage, width in enumerate(STAGES):
        for gateway in ("split", "join"):
            chain.node("parallelGateway", f"{gateway}_{stage}")
        chain.line(last, f"split_{stage}")
        last = f"join_{stage}"
        for _ in range(width):
            item = Drawing(f"campaign_item_{len(items)}")
            item.node("startEvent", "start")
            steps = [item.user(step) for step in ("accept", "review", "approve", "issue")]
            item.node("endEvent", "end")
            item.line("start", *steps, "end")
            for step in ("review", "approve"):
                item.node("endEvent", f"{step}_reported")
                item.line(item.limit(f"{step}_limit", step, "P3D"), f"{step}_reported")
            call = chain.node("callActivity", f"call_{len(items)}", f'calledElement="{item.key}"')
            chain.line(f"split_{stage}", call, f"join_{stage}")
            items.append(item)
    chain.node("endEvent", "end")
    chain.line(last, "end")
    return [*items, chain]


def pause_drawing(duration: str) -> Drawing:
    """A timer, then a task that shows when it fired."""
    drawing = Drawing("campaign_pause")
    drawing.node("startEvent", "start")
    drawing.timer("pause", duration)
    drawing.user("fired")
    drawing.node("endEvent", "end")
    drawing.line("start", "pause", "fired", "end")
    return drawing
