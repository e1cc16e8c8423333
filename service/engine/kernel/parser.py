"""Reading BPMN: the library's parsers, registered with our element classes.

Two passes (elements, then flows) instead of the stock depth-first recursion: no limit on the length of a process, every
sequence flow keeps its identity, and nothing is skipped: a tag nobody knows is a ModelFault.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser as StockBpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser as StockProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from service.engine.decisions.references import reference_of
from service.engine.kernel import elements as e
from service.engine.kernel.correlation import keys_of
from service.engine.kernel.definitions import event_triggers, loop_around, message_of, script_lines
from service.engine.kernel.details import BPMN, ZW, children, read_details, text_of
from service.engine.kernel.elements.activity import Activity
from service.engine.kernel.elements.items import DataFlow, data_flow
from service.engine.kernel.elements.loops import Loop
from service.engine.kernel.elements.subscriptions import Subscribes
from service.engine.kernel.faults import ModelFault
from service.engine.kernel.formulas import formula
from service.engine.kernel.global_tasks import expand_global_tasks
from service.engine.kernel.items import Item, declared_in, items_of
from service.engine.kernel.model import Flow, ProcessModel

_MOST = 1_000  # tokens of one startQuantity or completionQuantity

# Children of a process or sub-process that are no flow elements.
_QUIET = {
    full_tag(tag)
    for tag in (
        "documentation",
        "extensionElements",
        "laneSet",
        "sequenceFlow",
        "textAnnotation",
        "association",
        "group",
        "incoming",
        "outgoing",
        "dataObject",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "dataObjectReference",
        "dataStoreReference",
        "property",
        "ioSpecification",
        "dataInputAssociation",
        "dataOutputAssociation",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "auditing",
        "monitoring",
        "supportedInterfaceRef",
        "ioBinding",
        "completionCondition",
        "correlationSubscription",
        "potentialOwner",
        "humanPerformer",
        "performer",
        "resourceRole",
    )
}


class ElementParser(TaskParser):  # type: ignore[misc]
    """Makes the element and nothing else; ProcessParser connects."""

    def parse_node(self) -> Any:
        """The element; for a loop, the loop around it."""
        self.details = read_details(self.node, self.lane)
        self.task = self.create_task()
        self.task.associated = self.data_flow()
        if isinstance(self.task, Subscribes):
            self.task.keys = keys_of(self.node)
        if isinstance(self.task, Activity):
            self.task = loop_around(self.spec, self.node, self.task, self.process_parser.parser)
            self.task.is_handler = self.node.get("isForCompensation") in ("true", "1")
            self.task.start_quantity = self.quantity("startQuantity")
            self.task.completion_quantity = self.quantity("completionQuantity")
        return self.task

    def data_flow(self) -> DataFlow | None:
        """Its data associations; what a multi-instance loop collects is not given by each instance."""
        items = self.process_parser.parser.items
        collected = tuple(
            items[reference].variable
            for loop in children(self.node, "multiInstanceLoopCharacteristics")
            for tag in ("loopDataInputRef", "loopDataOutputRef")
            if (reference := text_of(loop, tag)) in items
        )
        return data_flow(self.node, items, collected)

    def quantity(self, name: str) -> int:
        """startQuantity or completionQuantity."""
        text = (self.node.get(name) or "1").strip()
        if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST):
            self.refuse(f"{name}应为1到{_MOST}的整数,但写的是“{text}”")
        return int(text)

    def create_task(self) -> Any:
        """The plain element."""
        return self.spec_class(self.spec, self.bpmn_id, self.details)

    def refuse(self, sentence: str) -> None:
        """Raise ModelFault for this element."""
        raise ModelFault(sentence, element=self.bpmn_id, line=self.node.sourceline or 0)


class EventParser(ElementParser):
    """One parser for all events."""

    def create_task(self) -> Any:
        """With its event definitions."""
        triggers = event_triggers(self.node, self.process_parser.parser)
        kind = "multiple" if len(triggers) > 1 else triggers[0].kind if triggers else None
        if kind not in self.spec_class.types:
            self.refuse(f"这类事件不受支持:{kind or '无定义'}({self.details.tag})")
        everything = self.node.get("parallelMultiple") in ("true", "1")
        event = self.spec_class(self.spec, self.bpmn_id, self.details, triggers=triggers, everything=everything)
        flag = "isInterrupting" if self.details.tag == "startEvent" else "cancelActivity"
        event.interrupting = event.kind in ("error", "cancel") or self.node.get(flag, "true") not in ("false", "0")
        return event


class MessageTaskParser(ElementParser):
    """Send and receive tasks."""

    def create_task(self) -> Any:
        """With its message."""
        event = message_of(self.node, self.process_parser.parser)
        if event is None and self.details.tag == "receiveTask":
            self.refuse("接收任务应引用一个消息(messageRef)")
        return self.spec_class(self.spec, self.bpmn_id, self.details, event=event)


class ScriptTaskParser(ElementParser):
    """Script tasks."""

    def create_task(self) -> Any:
        """With its assignments."""
        lines = script_lines(self.node, self.details.camunda.get("resultVariable"))
        return self.spec_class(self.spec, self.bpmn_id, self.details, lines=lines)


class BusinessRuleTaskParser(ElementParser):
    """Business rule tasks."""

    def create_task(self) -> Any:
        """With the decision it names."""
        reference = reference_of(self.node)
        if reference is None and "topic" not in self.details.texts and not self.details.zw.get("action"):
            self.refuse("业务规则任务应指明决策(camunda:decisionRef)")
        return self.spec_class(self.spec, self.bpmn_id, self.details, reference=reference)


class ReceiveTaskParser(MessageTaskParser):
    """Receive tasks, which may begin an instance."""

    def create_task(self) -> Any:
        """With its message."""
        task = super().create_task()
        if self.node.get("instantiate") in ("true", "1"):
            self.spec.entries[self.bpmn_id] = ()
        return task


class ComplexGatewayParser(ElementParser):
    """Complex gateways."""

    def create_task(self) -> Any:
        """With its activation condition."""
        condition = text_of(self.node, "activationCondition")
        compiled = formula(condition, element=self.bpmn_id, line=self.node.sourceline or 0) if condition else None
        return self.spec_class(self.spec, self.bpmn_id, self.details, activation=compiled)


class SubProcessParser(ElementParser):
    """Embedded sub-processes of every kind."""

    def create_task(self) -> Any:
        """With the model of what is inside."""
        parser = self.process_parser.parser
        parser.create_parser(self.node, filename=self.filename, lane=self.lane)
        nested = parser.process_parsers[self.bpmn_id]
        nested.parent = self.process_parser
        inner = nested.get_spec()
        if self.node.get("triggeredByEvent") in ("true", "1"):
            if len(inner.starts) != 1 or inner.starts[0].kind is None:
                self.refuse("事件子流程应恰好有一个带触发条件的开始事件")
            return e.EventSubProcess(self.spec, self.bpmn_id, self.details, inner=inner)
        return self.spec_class(self.spec, self.bpmn_id, self.details, inner=inner, **self.arguments())

    def arguments(self) -> dict[str, Any]:
        """What a kind of sub-process needs beyond its content."""
        return {}


class AdHocParser(SubProcessParser):
    """Ad-hoc sub-processes."""

    def arguments(self) -> dict[str, Any]:
        """Order, completion condition, what becomes of the rest."""
        condition = text_of(self.node, "completionCondition")
        return {
            "sequential": self.node.get("ordering") == "Sequential",
            "condition": formula(condition, element=self.bpmn_id, line=self.details.line) if condition else None,
            "cancels": self.node.get("cancelRemainingInstances", "true") not in ("false", "0"),
        }


class CallActivityParser(ElementParser):
    """Call activities."""

    def create_task(self) -> Any:
        """With the key of what is called."""
        called = (self.node.get("calledElement") or "").strip()
        if not called:
            self.refuse("调用活动应写明被调用的流程(calledElement)")
        return self.spec_class(self.spec, self.bpmn_id, self.details, called=called)


class ProcessParser(StockProcessParser):  # type: ignore[misc]
    """A process or the inside of a sub-process."""

    def create_spec(self) -> ProcessModel:
        """An empty model."""
        key = self.bpmn_id if self.parent is None else self.parent.spec.key
        model = ProcessModel(key=key, name=self.get_name(), root=e.ScopeRoot)
        if self.parent is None:
            model.zw = {
                name.removeprefix(f"{{{ZW}}}"): value
                for name, value in self.node.attrib.items()
                if name.startswith(f"{{{ZW}}}")
            }
        return model

    def _parse(self) -> None:
        self.spec = self.create_spec()
        self.add_tasks()

    def add_tasks(self) -> None:
        """Elements, flows, boundary events, starts."""
        entries: dict[str, Any] = {}
        for node in self.node:
            if not isinstance(node.tag, str) or node.tag in _QUIET or not node.tag.startswith(f"{{{BPMN}}}"):
                continue
            id, line = node.get("id"), node.sourceline or 0
            tag = node.tag.rpartition("}")[2]
            parser_class, element_class = self.parser._get_parser_class(node.tag)
            if parser_class is None:
                raise ModelFault(f"元素“{tag}”不受支持", element=id, line=line)
            if not id or id in entries:
                raise ModelFault(f"元素“{tag}”应有唯一的id", element=id, line=line)
            entries[id] = parser_class(self, element_class, node, self.nsmap, lane=self.lane).parse_node()
        for number, node in enumerate(children(self.node, "sequenceFlow"), 1):
            self.connect(node, number, entries)
        for node in children(self.node, "boundaryEvent"):
            host = entries.get(node.get("attachedToRef"))
            if not isinstance(host, Activity):
                raise ModelFault("边界事件应附着在一个活动上", element=node.get("id"), line=node.sourceline or 0)
            event = entries[node.get("id")]
            event.host = host
            if event.kind == "compensate":
                self.connect_handler(node, host, entries)
            else:
                host.boundary.append(event)
        handlers = {getattr(element, "handler", None) for element in self.spec.task_specs.values()}
        for id, element in entries.items():
            if isinstance(element, Activity) and element.is_handler and element not in handlers:
                raise ModelFault("补偿处理环节应由补偿边界事件连到", element=id, line=element.details.line)
        self.connect_links(entries)
        self.find_starts(entries)
        self.spec.find_undoable()
        if self.parent is not None:
            self.spec.items = declared_in(self.node, self.parser.items)

    def connect_handler(self, node: Any, host: Any, entries: dict[str, Any]) -> None:
        """The association from a compensation boundary event leads to the handler."""
        id = node.get("id")
        for association in node.getroottree().getroot().iter(full_tag("association")):
            handler = entries.get(association.get("targetRef")) if association.get("sourceRef") == id else None
            if handler is not None and isinstance(handler, Activity) and handler.is_handler:
                (host.body if isinstance(host, Loop) else host).handler = handler
                return
        raise ModelFault("补偿边界事件应由关联连到一个补偿处理环节", element=id, line=node.sourceline or 0)

    def connect_links(self, entries: dict[str, Any]) -> None:
        """A link is a sequence flow in two pieces (BPMN 2.0.2, 10.5.6): every throw leads to the catch of its name."""
        events = [one for one in entries.values() if getattr(one, "kind", None) == "link"]
        catches = {one.triggers[0].link: one for one in events if isinstance(one, e.IntermediateCatchEvent)}
        for one in events:
            if isinstance(one, e.IntermediateThrowEvent):
                target = catches.get(one.triggers[0].link)
                if target is None:
                    sentence = f"链接“{one.triggers[0].link or ''}”应有同名的捕获事件"
                    raise ModelFault(sentence, element=one.name, line=one.details.line)
                self.spec.add_flow(Flow(f"{one.name}=>{target.name}", one, target))

    def connect(self, node: Any, number: int, entries: dict[str, Any]) -> None:
        """One sequence flow; without an id it gets one from its place."""
        source, target = entries.get(node.get("sourceRef")), entries.get(node.get("targetRef"))
        if source is None or target is None:
            raise ModelFault("流向应连接同一流程中的两个元素", element=node.get("id"), line=node.sourceline or 0)
        id = node.get("id") or f"{node.get('sourceRef')}->{node.get('targetRef')}#{number}"
        condition = text_of(node, "conditionExpression")
        default = node.get("id") is not None and source.details.attributes.get("default") == node.get("id")
        compiled = formula(condition, element=id, line=node.sourceline or 0) if condition else None
        self.spec.add_flow(Flow(id, source, target, compiled, default))

    def find_starts(self, entries: dict[str, Any]) -> None:
        """Start events; without any, everything that has no incoming flow."""
        spec = self.spec
        spec.starts = [element for element in entries.values() if isinstance(element, e.StartEvent)]
        for element in entries.values():
            if isinstance(element, e.EventSubProcess):
                if element.kind == "compensate":
                    spec.undoing = element
                else:
                    spec.event_subprocesses.append(element)
            if isinstance(element, e.EventBasedGateway) and element.instantiates:
                targets = [flow.target for flow in element.outgoing]
                for target in targets:
                    others = tuple(one for one in targets if one is not target) if element.parallel else ()
                    spec.entries[target.name] = others
        free = [one for one in entries.values() if not one.incoming and self.is_free(one)]
        spec.activatable = {one.body.name if isinstance(one, Loop) else one.name: one for one in free}
        spec.implicit_starts = [] if spec.starts else free
        if not spec.starts and not free:
            raise ModelFault("流程或子流程应有开始事件", element=self.bpmn_id, line=self.node.sourceline or 0)
        for element in spec.starts or spec.implicit_starts:
            spec.start.connect(element)  # only for the library's own graph tools

    def is_free(self, element: Any) -> bool:
        """May a token begin here when no flow leads to it?"""
        if isinstance(element, (e.BoundaryEvent, e.EventSubProcess, e.StartEvent)):
            return False
        return not (isinstance(element, Activity) and element.is_handler)


class BpmnParser(StockBpmnParser):  # type: ignore[misc]
    """One BPMN file."""

    PROCESS_PARSER_CLASS = ProcessParser
    items: Mapping[str, Item] = {}  # data objects and the like by id
    PARSER_CLASSES = {
        full_tag(tag): pair
        for tag, pair in {
            "startEvent": (EventParser, e.StartEvent),
            "endEvent": (EventParser, e.EndEvent),
            "intermediateCatchEvent": (EventParser, e.IntermediateCatchEvent),
            "intermediateThrowEvent": (EventParser, e.IntermediateThrowEvent),
            "boundaryEvent": (EventParser, e.BoundaryEvent),
            "task": (ElementParser, e.Task),
            "userTask": (ElementParser, e.UserTask),
            "manualTask": (ElementParser, e.ManualTask),
            "scriptTask": (ScriptTaskParser, e.ScriptTask),
            "serviceTask": (ElementParser, e.ServiceTask),
            "businessRuleTask": (BusinessRuleTaskParser, e.BusinessRuleTask),
            "sendTask": (MessageTaskParser, e.SendTask),
            "receiveTask": (ReceiveTaskParser, e.ReceiveTask),
            "exclusiveGateway": (ElementParser, e.ExclusiveGateway),
            "parallelGateway": (ElementParser, e.ParallelGateway),
            "inclusiveGateway": (ElementParser, e.InclusiveGateway),
            "eventBasedGateway": (ElementParser, e.EventBasedGateway),
            "complexGateway": (ComplexGatewayParser, e.ComplexGateway),
            "subProcess": (SubProcessParser, e.SubProcess),
            "transaction": (SubProcessParser, e.Transaction),
            "adHocSubProcess": (AdHocParser, e.AdHocSubProcess),
            "callActivity": (CallActivityParser, e.CallActivity),
        }.items()
    }

    def _add_diagram_indexes(self, bpmn: Any) -> None:
        """Lanes by element (the innermost one); positions of shapes mean nothing here."""
        lanes: dict[str, str] = {}
        for ref in bpmn.iter(full_tag("flowNodeRef")):
            lane = ref.getparent()
            if ref.text:
                lanes[ref.text.strip()] = lane.get("name") or lane.get("id")
        self.document_lanes[self._document_key(bpmn)] = lanes
        self.document_positions[self._document_key(bpmn)] = {}

    def _add_data_stores(self, bpmn: Any) -> None:
        """Data stores are documentation here."""

    def _add_correlations(self, bpmn: Any) -> None:
        """Messages are correlated by casework, not by keys of the diagram."""


def read_process(bpmn: bytes, key: str) -> ProcessModel:
    """The model of one process of a file. Raises ModelFault."""
    settings = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(bpmn, settings)
        parser = BpmnParser()
        expand_global_tasks(root)
        parser.items = items_of(root)
        parser.add_bpmn_xml(root)
        model: ProcessModel = parser.get_spec(key)
    except etree.XMLSyntaxError as error:
        raise ModelFault(f"文件应为XML,但第{error.lineno}行无法识别", line=error.lineno or 0) from error
    except ValidationException as error:
        raise ModelFault(f"文件无法识别:{error}", element=key) from error
    return model
