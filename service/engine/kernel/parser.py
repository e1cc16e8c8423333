"""Reading BPMN: the library's parsers, registered with our element classes.

Two passes (elements, then flows) instead of the stock depth-first recursion: no limit on the length of a process, every
sequence flow keeps its identity, and nothing is skipped: a tag nobody knows is a ModelFault.
"""

from __future__ import annotations

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser as StockBpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser as StockProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from service.engine.decisions.references import reference_of
from service.engine.kernel import elements as e
from service.engine.kernel.definitions import event_arguments, loop_around, message_of, script_lines
from service.engine.kernel.details import BPMN, children, read_details, text_of
from service.engine.kernel.elements.activity import Activity
from service.engine.kernel.faults import ModelFault
from service.engine.kernel.formulas import formula
from service.engine.kernel.model import Flow, ProcessModel

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
        if isinstance(self.task, Activity):
            if self.node.get("isForCompensation") == "true":
                self.refuse("补偿处理环节(isForCompensation)不受支持")
            self.task = loop_around(self.spec, self.node, self.task)
        return self.task

    def create_task(self) -> Any:
        """The plain element."""
        return self.spec_class(self.spec, self.bpmn_id, self.details)

    def refuse(self, sentence: str) -> None:
        """Raise ModelFault for this element."""
        raise ModelFault(sentence, element=self.bpmn_id, line=self.node.sourceline or 0)


class EventParser(ElementParser):
    """One parser for all events."""

    def create_task(self) -> Any:
        """With its event definition."""
        arguments = event_arguments(self.node, self.process_parser.parser)
        captures = arguments.pop("captures")
        if arguments["kind"] not in self.spec_class.types:
            self.refuse(f"这类事件不受支持:{arguments['kind'] or '无定义'}({self.details.tag})")
        event = self.spec_class(self.spec, self.bpmn_id, self.details, **arguments)
        event.captures = captures
        if self.details.tag == "boundaryEvent":
            event.interrupting = event.kind == "error" or self.node.get("cancelActivity", "true") != "false"
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


class SubProcessParser(ElementParser):
    """Embedded sub-processes."""

    def create_task(self) -> Any:
        """With the model of what is inside."""
        if self.node.get("triggeredByEvent") == "true":
            self.refuse("事件子流程不受支持")
        parser = self.process_parser.parser
        parser.create_parser(self.node, filename=self.filename, lane=self.lane)
        nested = parser.process_parsers[self.bpmn_id]
        nested.parent = self.process_parser
        return self.spec_class(self.spec, self.bpmn_id, self.details, inner=nested.get_spec())


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
        return ProcessModel(key=key, name=self.get_name(), root=e.ScopeRoot)

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
            entries[node.get("id")].host = host
            host.boundary.append(entries[node.get("id")])
        self.find_starts(entries)

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
        if not spec.starts:
            spec.implicit_starts = [
                element
                for element in entries.values()
                if not element.incoming and not isinstance(element, e.BoundaryEvent)
            ]
        if not spec.starts and not spec.implicit_starts:
            raise ModelFault("流程或子流程应有开始事件", element=self.bpmn_id, line=self.node.sourceline or 0)
        for element in spec.starts or spec.implicit_starts:
            spec.start.connect(element)  # only for the library's own graph tools


class BpmnParser(StockBpmnParser):  # type: ignore[misc]
    """One BPMN file."""

    PROCESS_PARSER_CLASS = ProcessParser
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
            "receiveTask": (MessageTaskParser, e.ReceiveTask),
            "exclusiveGateway": (ElementParser, e.ExclusiveGateway),
            "parallelGateway": (ElementParser, e.ParallelGateway),
            "inclusiveGateway": (ElementParser, e.InclusiveGateway),
            "eventBasedGateway": (ElementParser, e.EventBasedGateway),
            "subProcess": (SubProcessParser, e.SubProcess),
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
        parser.add_bpmn_xml(root)
        model: ProcessModel = parser.get_spec(key)
    except etree.XMLSyntaxError as error:
        raise ModelFault(f"文件应为XML,但第{error.lineno}行无法识别", line=error.lineno or 0) from error
    except ValidationException as error:
        raise ModelFault(f"文件无法识别:{error}", element=key) from error
    return model
