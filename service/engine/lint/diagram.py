"""A BPMN file as the rules see it: processes, scopes, nodes and flows over the XML, however broken they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.engine.decisions.references import reference_of
from service.engine.kernel.global_tasks import expand_global_tasks
from service.engine.lint.xml import Document

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
ZW = "{urn:lianban:bpmn:zw:1}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

TASKS = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"}
)
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
NODES = ACTIVITIES | GATEWAYS | EVENTS


def local(element: Any) -> str:
    """The name of a BPMN element without namespace, or the full name of any other."""
    tag: str = element.tag if isinstance(element.tag, str) else ""
    return tag.removeprefix(BPMN)


def text_of(element: Any) -> str:
    """The text directly in an element, without surrounding white space."""
    return (element.text or "").strip() if element is not None else ""


@dataclass(eq=False, kw_only=True)
class Flow:
    """One sequence flow; `source` and `target` are None where they point nowhere."""

    element: Any
    source_ref: str
    target_ref: str
    source: Node | None = None
    target: Node | None = None

    @property
    def id(self) -> str | None:
        """Its id, which it need not have."""
        value: str | None = self.element.get("id")
        return value

    @property
    def condition(self) -> Any | None:
        """Its conditionExpression element."""
        return self.element.find(f"{BPMN}conditionExpression")

    @property
    def is_default(self) -> bool:
        """Whether its source takes it when nothing else can be taken."""
        return self.source is not None and self.id is not None and self.source.element.get("default") == self.id


@dataclass(eq=False, kw_only=True)
class Node:
    """One activity, gateway or event."""

    element: Any
    kind: str
    id: str
    scope: Scope
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)
    host: Node | None = None

    @cached_property
    def name(self) -> str:
        """What the drawing says, on one line."""
        return " ".join((self.element.get("name") or "").split())

    @cached_property
    def definitions(self) -> tuple[Any, ...]:
        """Its event definition elements, its own and those it refers to."""
        found = [e for e in self.element if local(e).endswith("EventDefinition")]
        for reference in self.children("eventDefinitionRef"):
            root = self.element.getroottree().getroot()
            found += [e for e in root if local(e).endswith("EventDefinition") and e.get("id") == text_of(reference)]
        return tuple(found)

    @property
    def event(self) -> str:
        """Kind of its only event definition (`timer`, `message` …), `none` without one, `multiple` with several."""
        if not self.definitions:
            return "none"
        return local(self.definitions[0]).removesuffix("EventDefinition") if len(self.definitions) == 1 else "multiple"

    @property
    def interrupting(self) -> bool:
        """Of a boundary event: whether it ends its host; of a start event: whether it ends the scope around."""
        flag = "isInterrupting" if self.kind == "startEvent" else "cancelActivity"
        return self.element.get(flag, "true") not in ("false", "0")

    @property
    def is_event_subprocess(self) -> bool:
        """Whether an event begins it."""
        return self.kind == "subProcess" and self.element.get("triggeredByEvent") in ("true", "1")

    @property
    def is_handler(self) -> bool:
        """Whether it undoes another activity."""
        return self.element.get("isForCompensation") in ("true", "1")

    @property
    def instantiates(self) -> bool:
        """A receive task or event-based gateway that begins instances."""
        return self.kind in ("receiveTask", "eventBasedGateway") and self.element.get("instantiate") in ("true", "1")

    @property
    def link(self) -> str | None:
        """Name of its link, if it is one."""
        return (self.definitions[0].get("name") or "").strip() if self.event == "link" else None

    @property
    def linked(self) -> list[Node]:
        """Of a link throw event: the catch events of its name."""
        if self.kind != "intermediateThrowEvent" or self.event != "link":
            return []
        others = self.scope.nodes.values()
        return [n for n in others if n.kind == "intermediateCatchEvent" and n.event == "link" and n.link == self.link]

    @cached_property
    def loop(self) -> Any | None:
        """Its loop characteristics element."""
        return next((e for e in self.element if local(e).endswith("LoopCharacteristics")), None)

    @cached_property
    def zw(self) -> dict[str, str]:
        """Our attributes without prefix."""
        return zw_attributes(self.element)

    @cached_property
    def form_key(self) -> str | None:
        """Key of its form, if it has one."""
        key = self.element.get(f"{CAMUNDA}formKey") or self.element.get(f"{CAMUNDA}formRef") or self.zw.get("form")
        return key.strip() if key and key.strip() else None

    def camunda(self, name: str) -> str | None:
        """A camunda: attribute."""
        value: str | None = self.element.get(CAMUNDA + name)
        return value

    def extensions(self) -> Iterator[Any]:
        """Elements in its extensionElements."""
        for holder in self.element.iterchildren(f"{BPMN}extensionElements"):
            yield from (e for e in holder if isinstance(e.tag, str))

    def children(self, name: str) -> list[Any]:
        """Its BPMN child elements of a name."""
        return list(self.element.iterchildren(BPMN + name))


@dataclass(eq=False, kw_only=True)
class Scope:
    """A process or an embedded sub-process: what may be connected by flows."""

    element: Any
    id: str
    node: Node | None = None  # the sub-process as a node of the scope around it
    parent: Scope | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    inner: list[Scope] = field(default_factory=list)

    def everything(self) -> Iterator[Scope]:
        """This scope and all in it."""
        waiting = [self]
        while waiting:
            scope = waiting.pop()
            yield scope
            waiting.extend(scope.inner)

    @property
    def starts(self) -> list[Node]:
        """Its start events."""
        return [n for n in self.nodes.values() if n.kind == "startEvent"]


@dataclass(eq=False, kw_only=True)
class Process:
    """One process of the file."""

    element: Any
    key: str
    scope: Scope
    executable: bool
    zw: dict[str, str]
    lanes: dict[str, str]  # element id -> name of the innermost lane
    lane_elements: tuple[Any, ...]

    @property
    def kind(self) -> str | None:
        """zw:kind (ITEM, CHAIN, SUPPORT) of a centre's procedure, None for any other diagram."""
        return self.zw.get("kind")

    def nodes(self) -> Iterator[Node]:
        """All nodes, in sub-processes too."""
        for scope in self.scope.everything():
            yield from scope.nodes.values()

    @property
    def called(self) -> tuple[str, ...]:
        """Keys of the processes it calls."""
        calls = (n.element.get("calledElement") for n in self.nodes() if n.kind == "callActivity")
        return tuple(dict.fromkeys(key for key in calls if key))

    @property
    def decisions(self) -> tuple[str, ...]:
        """Decisions its business rule tasks name, each with its binding."""
        found = (reference_of(n.element) for n in self.nodes() if n.kind == "businessRuleTask")
        return tuple(dict.fromkeys(reference.use for reference in found if reference is not None))

    @property
    def forms(self) -> tuple[str, ...]:
        """Form keys its tasks and start events use."""
        keys = (n.form_key for n in self.nodes() if n.kind in ("userTask", "manualTask", "startEvent"))
        return tuple(dict.fromkeys(key for key in keys if key))


@dataclass(eq=False, kw_only=True)
class Diagram:
    """One BPMN file."""

    file: str
    document: Document
    processes: tuple[Process, ...]
    ids: dict[str, list[Any]]  # every id and the elements that claim it, in order

    def line(self, element: Any) -> int:
        """The line of an element."""
        return self.document.line(element)

    def referred(self, reference: str | None, kind: str) -> Any | None:
        """The root element (message, error, signal, escalation …) that a reference means, or None."""
        found = self.ids.get(reference or "", [])
        return next((e for e in found if local(e) == kind), None)


def zw_attributes(element: Any) -> dict[str, str]:
    """Our attributes of an element without prefix."""
    return {name.removeprefix(ZW): value for name, value in element.attrib.items() if name.startswith(ZW)}


def read_diagram(file: str, document: Document) -> Diagram:
    """The diagram of a read file. Never refuses: what is missing or dangling stays None."""
    ids: dict[str, list[Any]] = {}
    processes = []
    expand_global_tasks(document.root)
    for element in document.places:
        if not local(element).startswith("{") and (identity := element.get("id")):
            ids.setdefault(identity, []).append(element)
    for element in document.root.iterchildren(f"{BPMN}process"):
        scope = read_scope(element, None, None)
        lanes = tuple(element.iter(f"{BPMN}lane"))
        processes.append(
            Process(
                element=element,
                key=element.get("id") or "",
                scope=scope,
                executable=element.get("isExecutable", "true") not in ("false", "0"),
                zw=zw_attributes(element),
                lanes=read_lanes(lanes),
                lane_elements=lanes,
            )
        )
    return Diagram(file=file, document=document, processes=tuple(processes), ids=ids)


def read_scope(element: Any, node: Node | None, parent: Scope | None) -> Scope:
    """A process or sub-process with everything in it (the depth of the XML is bounded)."""
    scope = Scope(element=element, id=element.get("id") or "", node=node, parent=parent)
    for child in element:
        kind = local(child)
        if kind in NODES:
            made = Node(element=child, kind=kind, id=child.get("id") or "", scope=scope)
            scope.nodes.setdefault(made.id, made)
            if kind in SUBPROCESSES:
                scope.inner.append(read_scope(child, made, scope))
        elif kind == "sequenceFlow":
            scope.flows.append(
                Flow(element=child, source_ref=child.get("sourceRef") or "", target_ref=child.get("targetRef") or "")
            )
    for flow in scope.flows:
        flow.source, flow.target = scope.nodes.get(flow.source_ref), scope.nodes.get(flow.target_ref)
        if flow.source is not None:
            flow.source.outgoing.append(flow)
        if flow.target is not None:
            flow.target.incoming.append(flow)
    for made in scope.nodes.values():
        if made.kind == "boundaryEvent":
            made.host = scope.nodes.get(made.element.get("attachedToRef") or "")
            if made.host is not None:
                made.host.boundaries.append(made)
    return scope


def read_lanes(lanes: tuple[Any, ...]) -> dict[str, str]:
    """The innermost lane's name of every element that stands in one (outer lanes come first in the document)."""
    found = {}
    for lane in lanes:
        for reference in lane.iterchildren(f"{BPMN}flowNodeRef"):
            found[text_of(reference)] = (lane.get("name") or "").strip()
    return found
