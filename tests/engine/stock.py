"""The naive baseline: stock SpiffWorkflow 3.2.0 with its own parser, serializer and full state, for comparisons of cost."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState


class Stock:
    """One case on the stock library: everything is loaded, done and saved as a whole."""

    def __init__(self, bpmn: bytes, key: str = "p") -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(bpmn)
        self.spec, self.called = parser.get_spec(key), parser.get_subprocess_specs(key)
        self.serializer = BpmnWorkflowSerializer()

    def start(self) -> str:
        """Start and save."""
        workflow = BpmnWorkflow(self.spec, self.called)
        workflow.do_engine_steps()
        return self._saved(workflow)

    def complete_one(self, state: str, values: dict[str, Any]) -> tuple[str, bool]:
        """Load, complete the first open task, save. Returns the state and whether the case has ended."""
        workflow = self.serializer.deserialize_json(state)
        task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
        task.data.update(values)
        task.run()
        workflow.do_engine_steps()
        return self._saved(workflow), workflow.is_completed()

    def _saved(self, workflow: BpmnWorkflow) -> str:
        saved: str = self.serializer.serialize_json(workflow)
        return saved
