"""Messages and signals from outside."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework import Correlation, broadcast, case_variables, correlate
from service.rules.refusals import Invalid
from service.web.bodies import read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import case_id, door, this_office, who
from service.web.engine_rest.variables import read_variables, variables


@door.post("/message")
def correlate_message() -> Response:
    """204, or with `resultEnabled` 200 and where the message went."""
    body = read_body()
    with_variables = body.flag("variablesInResultEnabled")
    with_result = body.flag("resultEnabled")
    if with_variables and not with_result:
        raise Invalid("RESULT_NOT_ENABLED", "variablesInResultEnabled 需要同时设置 resultEnabled。")
    given = read_variables(body, "processVariables")
    local = read_variables(body, "processVariablesLocal")
    if local.values:
        raise Invalid("LOCAL_VARIABLES_UNSUPPORTED", "消息暂不支持 processVariablesLocal。")
    instance = body.text("processInstanceId")
    correlations = correlate(
        this_office(),
        who(),
        body.needed_text("messageName"),
        business_key=body.text("businessKey"),
        case_id=case_id(instance) if instance else None,
        keys=read_variables(body, "correlationKeys").values,
        local_keys=read_variables(body, "localCorrelationKeys").values,
        variables=given.values,
        types=given.types,
        all=body.flag("all"),
    )
    return answer([_result(one, with_variables) for one in correlations]) if with_result else done()


@door.post("/signal")
def throw_signal() -> Response:
    """Reaches everybody who listens, or one execution."""
    body = read_body()
    given = read_variables(body)
    execution = body.text("executionId")
    broadcast(
        this_office(),
        who(),
        body.needed_text("name"),
        given.values,
        given.types,
        case_id(execution) if execution else None,
    )
    return done()


def _result(correlation: Correlation, with_variables: bool) -> dict[str, Any]:
    case = correlation.case
    started: dict[str, Any] = {
        "links": [],
        "id": str(case.id),
        "definitionId": str(case.definition_id),
        "definitionKey": case.key,
        "businessKey": case.business_key,
        "caseInstanceId": None,
        "ended": case.ended,
        "suspended": case.suspended,
        "tenantId": None,
    }
    execution = {
        "id": str(correlation.execution_id),
        "processInstanceId": str(case.id),
        "ended": case.ended,
        "tenantId": None,
    }
    by_execution = correlation.kind == "execution"
    result: dict[str, Any] = {
        "resultType": "Execution" if by_execution else "ProcessDefinition",
        "execution": execution if by_execution else None,
        "processInstance": None if by_execution else started,
    }
    if with_variables:
        result["variables"] = variables(case_variables(this_office(), who(), case.id))
    return result
