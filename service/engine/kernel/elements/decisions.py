"""Business rule tasks: a decision is taken inside the engine's step, or an external worker takes it."""

from __future__ import annotations

from typing import Any

from service.engine.decisions.evaluating import decide
from service.engine.decisions.model import DecisionFailure
from service.engine.decisions.references import Reference, mapped
from service.engine.kernel.details import Details
from service.engine.kernel.elements.tasks import ServiceTask
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.scope import view_of, write
from service.engine.kernel.token import Token
from service.engine.kernel.values import storable


class BusinessRuleTask(ServiceTask):
    """With a decision it passes; with camunda:topic or zw:action it waits like a service task."""

    activity_type = "businessRuleTask"

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, reference: Reference | None) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.reference = reference

    def act(self, token: Token) -> bool:
        """Decide; the answer becomes the result variable, and `decisionResult` for the output mappings."""
        reference = self.reference
        if reference is None:
            return super().act(token)
        top = token.workflow.top_workflow
        files = top.models[token.workflow.spec.key].decisions
        file = files.get(reference.use) or files.get(reference.key)
        if file is None or reference.key not in file.decisions:
            raise StepFailure(f"业务规则任务所用的决策“{reference.key}”应已部署,但没有找到")
        try:
            verdict = decide(file, reference.key, view_of(token).values, now=top.now)
            result = mapped(verdict, reference.mapping)
        except DecisionFailure as failure:
            raise StepFailure(failure.sentence) from failure
        if not storable(result):
            raise StepFailure(f"决策“{reference.key}”的结果应为数、文字、日期、列表或对象,但不是")
        token.data["decisionResult"] = result
        if reference.variable:
            write(token, {reference.variable: result}, beyond=True)
        return True
