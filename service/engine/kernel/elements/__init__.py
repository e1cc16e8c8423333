"""One class per BPMN element."""

from service.engine.kernel.elements.decisions import BusinessRuleTask
from service.engine.kernel.elements.element import ScopeRoot
from service.engine.kernel.elements.events import (
    BoundaryEvent,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)
from service.engine.kernel.elements.gateways import (
    ComplexGateway,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from service.engine.kernel.elements.loops import LoopPlan, MultiInstance, StandardLoop
from service.engine.kernel.elements.scopes import (
    AdHocSubProcess,
    CallActivity,
    EventSubProcess,
    SubProcess,
    Transaction,
)
from service.engine.kernel.elements.tasks import (
    ManualTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    Task,
    UserTask,
)

__all__ = [
    "AdHocSubProcess",
    "BoundaryEvent",
    "BusinessRuleTask",
    "CallActivity",
    "ComplexGateway",
    "EndEvent",
    "EventBasedGateway",
    "EventSubProcess",
    "ExclusiveGateway",
    "InclusiveGateway",
    "IntermediateCatchEvent",
    "IntermediateThrowEvent",
    "LoopPlan",
    "ManualTask",
    "MultiInstance",
    "ParallelGateway",
    "ReceiveTask",
    "ScopeRoot",
    "ScriptTask",
    "SendTask",
    "ServiceTask",
    "StandardLoop",
    "StartEvent",
    "SubProcess",
    "Task",
    "Transaction",
    "UserTask",
]
