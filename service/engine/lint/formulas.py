"""Where the expressions of a diagram stand, so that every rule about expressions looks at all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.engine.lint.diagram import BPMN, CAMUNDA, ZW, Diagram, Node, Process, local, text_of

EVALUATED = (
    "assignee", "candidateUsers", "candidateGroups", "dueDate", "followUpDate", "priority", "taskPriority", "formKey",
    "topic",
)  # fmt: skip
LINE = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*=(?!=)(?P<source>.*)\Z", re.DOTALL)


class Use(StrEnum):
    """What an expression is for; values are the Chinese words findings use."""

    CONDITION = "条件"
    TIMER = "定时"
    CARDINALITY = "多实例次数"
    COLLECTION = "多实例集合"
    COMPLETION = "多实例完成条件"
    LOOP = "循环条件"
    SCRIPT = "脚本"
    ATTRIBUTE = "属性"
    MAPPING = "参数"
    NAME = "名称"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One text that is, or may hold, an expression. `template`: literal unless it says otherwise."""

    use: Use
    text: str
    element: Any  # where a finding points
    node: Node | None = None
    template: bool = False
    detail: str = ""  # name of the attribute, parameter or variable


@dataclass(frozen=True, kw_only=True)
class ScriptLine:
    """One line of a script: `variable = source`; variable is None for a line that is none."""

    variable: str | None
    source: str
    text: str


def places(diagram: Diagram, process: Process) -> Iterator[Place]:
    """All expressions of a process, timers without."""
    for scope in process.scope.everything():
        for flow in scope.flows:
            if flow.condition is not None and text_of(flow.condition):
                yield Place(use=Use.CONDITION, text=text_of(flow.condition), element=flow.element, node=flow.source)
        for node in scope.nodes.values():
            yield from loop_places(node)
            yield from attribute_places(node)
            yield from mapping_places(node)
            yield from condition_places(node)
            if node.kind == "scriptTask":
                yield from script_places(node)


def loop_places(node: Node) -> Iterator[Place]:
    """What a loop counts and asks."""
    loop = node.loop
    if loop is None:
        return
    for tag, use in (
        ("loopCardinality", Use.CARDINALITY), ("completionCondition", Use.COMPLETION), ("loopCondition", Use.LOOP),
        ("loopDataInputRef", Use.COLLECTION),
    ):  # fmt: skip
        for element in loop.iterchildren(BPMN + tag):
            if text_of(element):
                yield Place(use=use, text=text_of(element), element=element, node=node)
    if collection := loop.get(f"{CAMUNDA}collection"):
        yield Place(use=Use.COLLECTION, text=collection, element=loop, node=node)


def condition_places(node: Node) -> Iterator[Place]:
    """What conditional events, complex gateways, ad-hoc sub-processes and complex behaviours ask."""
    asked = [e for d in node.definitions for e in d.iterchildren(f"{BPMN}condition")]
    asked += [*node.children("activationCondition"), *node.children("completionCondition")]
    if node.loop is not None:
        asked += node.loop.iterfind(f"{BPMN}complexBehaviorDefinition/{BPMN}condition")
    for element in asked:
        if text_of(element):
            yield Place(use=Use.CONDITION, text=text_of(element), element=element, node=node)


def attribute_places(node: Node) -> Iterator[Place]:
    """Attributes that may hold expressions: camunda's, ours, and the name of a task."""
    for name, value in node.element.attrib.items():
        own = name.removeprefix(CAMUNDA) in EVALUATED and name.startswith(CAMUNDA)
        if own or name.startswith(ZW):
            short = name.replace(CAMUNDA, "camunda:").replace(ZW, "zw:")
            yield Place(use=Use.ATTRIBUTE, text=value, element=node.element, node=node, template=True, detail=short)
    if node.kind.endswith("Task") and "${" in (node.element.get("name") or ""):
        yield Place(
            use=Use.NAME, text=node.element.get("name"), element=node.element, node=node, template=True, detail="name"
        )


def mapping_places(node: Node) -> Iterator[Place]:
    """Input and output parameters, and what is passed to called processes."""
    for extension in node.extensions():
        if extension.tag == f"{CAMUNDA}inputOutput":
            for parameter in extension:
                for holder in parameter.iter(f"{CAMUNDA}inputParameter", f"{CAMUNDA}outputParameter",
                                             f"{CAMUNDA}value", f"{CAMUNDA}entry"):  # fmt: skip
                    if text_of(holder):
                        yield Place(
                            use=Use.MAPPING, text=text_of(holder), element=parameter, node=node, template=True,
                            detail=parameter.get("name") or "",
                        )  # fmt: skip
                for script in parameter.iter(f"{CAMUNDA}script"):
                    yield Place(
                        use=Use.MAPPING, text=text_of(script), element=parameter, node=node,
                        detail=parameter.get("name") or "",
                    )  # fmt: skip
        elif extension.tag in (f"{CAMUNDA}in", f"{CAMUNDA}out"):
            if source := extension.get("sourceExpression"):
                target = extension.get("target") or ""
                yield Place(use=Use.MAPPING, text=source, element=extension, node=node, detail=target)
            if key := extension.get("businessKey"):
                yield Place(
                    use=Use.MAPPING, text=key, element=extension, node=node, template=True, detail="businessKey"
                )


def script_lines(node: Node) -> list[ScriptLine]:
    """The lines of a script task; blank lines and `//` comments left out. With a resultVariable all of it is one."""
    found = []
    result = node.camunda("resultVariable")
    for script in node.children("script"):
        if result:
            return [ScriptLine(variable=result, source=text_of(script), text=text_of(script))]
        for raw in text_of(script).splitlines():
            text = raw.strip()
            if not text or text.startswith("//"):
                continue
            match = LINE.match(text)
            found.append(
                ScriptLine(variable=match["name"], source=match["source"].strip(), text=text)
                if match
                else ScriptLine(variable=None, source="", text=text)
            )
    return found


def script_places(node: Node) -> Iterator[Place]:
    """What a script computes."""
    for line in script_lines(node):
        if line.variable is not None:
            yield Place(use=Use.SCRIPT, text=line.source, element=node.element, node=node, detail=line.variable)


def event_definitions(process: Process, kind: str) -> Iterator[tuple[Node, Any]]:
    """Event definitions of a kind, with their nodes."""
    for node in process.nodes():
        for definition in node.definitions:
            if local(definition) == f"{kind}EventDefinition":
                yield node, definition
