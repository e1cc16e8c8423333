"""Cases from start to end: starting, reading, variables, suspending, terminating, incidents."""

from __future__ import annotations

from uuid import uuid4

import pytest

from service.casework import (
    case_activities,
    case_journal,
    case_scopes,
    case_variables,
    complete_task,
    get_case,
    get_task,
    resolve_incident,
    resume_case,
    resume_definition,
    retry_incident,
    set_task_local,
    set_variables,
    start_case,
    start_form,
    suspend_case,
    suspend_definition,
    task_form,
    task_variables,
    terminate_case,
)
from service.casework.office import Office
from service.casework.reading import case_incidents
from service.rules.refusals import Conflict, Forbidden, Missing
from tests.casework import desk
from tests.casework.desk import (
    CLERK,
    ENGINE,
    FOUR_STAGES,
    KEEPER,
    LINEAR,
    REVIEWER,
    SECOND,
    STRANGER,
    SUPERVISOR,
    actions_of,
    agenda_of,
    deploy_text,
    open_tasks,
)

FORM = '{"type": "default", "id": "apply", "components": [{"type": "textfield", "key": "name", "label": "名称"}]}'
ASKING = (
    '<startEvent id="S" camunda:formKey="apply"/><userTask id="A" camunda:formKey="apply"/><endEvent id="E"/>'
    "\nS -> A\nA -> E\n"
)
FORK = (
    '<startEvent id="S"/><userTask id="A"/><exclusiveGateway id="G"/><endEvent id="E"/><endEvent id="F"/>'
    "\nS -> A\nA -> G\nG -> E : n = 1\nG -> F : n = 2\n"
)


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    return any_office


def test_not_everybody_starts_cases(any_office: Office) -> None:
    deploy_text(any_office, LINEAR)
    for actor in (REVIEWER, SUPERVISOR, KEEPER):
        with pytest.raises(Forbidden) as refusal:
            start_case(any_office, actor, key="p")
        assert refusal.value.code == "START_FORBIDDEN"
    assert start_case(any_office, CLERK, key="p").started_by == "wangfang"


def test_what_is_not_there_or_suspended_is_not_started(any_office: Office) -> None:
    definition = deploy_text(any_office, LINEAR)
    with pytest.raises(Missing):
        start_case(any_office, CLERK, key="nothing")
    with pytest.raises(Missing):
        start_case(any_office, CLERK, definition_id=uuid4())
    suspend_definition(any_office, KEEPER, definition)
    with pytest.raises(Conflict) as refusal:
        start_case(any_office, CLERK, key="p")
    assert refusal.value.code == "DEFINITION_SUSPENDED"
    resume_definition(any_office, KEEPER, definition)
    assert start_case(any_office, CLERK, definition_id=definition).state == "ACTIVE"


def test_a_business_key_is_free_again_when_its_case_has_ended(any_office: Office) -> None:
    deploy_text(any_office, LINEAR)
    case = start_case(any_office, CLERK, key="p", business_key="BJ-1")
    with pytest.raises(Conflict) as refusal:
        start_case(any_office, CLERK, key="p", business_key="BJ-1")
    assert refusal.value.code == "BUSINESS_KEY_IN_USE" and "BJ-1" in refusal.value.sentence()
    terminate_case(any_office, KEEPER, case.id, "申请人撤回")
    assert start_case(any_office, CLERK, key="p", business_key="BJ-1").state == "ACTIVE"


def test_a_stranger_finds_no_case_and_no_task(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES)
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["Accept"]
    for ask in (
        lambda: get_case(staffed, STRANGER, case.id),
        lambda: case_journal(staffed, STRANGER, case.id),
        lambda: get_task(staffed, STRANGER, task.id),
        lambda: task_form(staffed, STRANGER, task.id),
        lambda: task_variables(staffed, STRANGER, task.id),
    ):
        with pytest.raises(Missing):
            ask()
    for actor in (CLERK, SECOND, REVIEWER, SUPERVISOR, ENGINE):
        assert get_case(staffed, actor, case.id).id == case.id


def test_forms_come_with_what_is_known(any_office: Office) -> None:
    deploy_text(any_office, ASKING, forms={"apply.form": FORM})
    asked = start_form(any_office, CLERK, "p")
    assert asked.form_key == "apply" and asked.schema is not None
    case = start_case(any_office, CLERK, key="p", variables={"name": "云溪一号"})
    form = task_form(any_office, ENGINE, open_tasks(any_office, case.id)["A"].id)
    assert form.schema == asked.schema and form.data == {"name": "云溪一号"} and form.may_complete
    assert not task_form(any_office, CLERK, form.task.id).may_complete


def test_variables_are_written_read_and_kept(any_office: Office) -> None:
    deploy_text(any_office, LINEAR)
    case = start_case(any_office, ENGINE, key="p", variables={"a": 1, "b": [1, {"c": None}]}, types={"a": "Long"})
    with pytest.raises(Forbidden):
        set_variables(any_office, CLERK, case.id, {"a": 2})
    set_variables(any_office, ENGINE, case.id, {"x": 2.5, "y": True}, remove=["b"])
    task = open_tasks(any_office, case.id)["A"].id
    set_task_local(any_office, ENGINE, task, {"own": "甲"})
    assert {name: (one.type, one.value) for name, one in case_variables(any_office, ENGINE, case.id).items()} == {
        "a": ("Long", 1),
        "x": ("Double", 2.5),
        "y": ("Boolean", True),
    }
    assert set(task_variables(any_office, ENGINE, task)) == {"a", "x", "y", "own"}
    assert set(task_variables(any_office, ENGINE, task, local=True)) == {"own"}
    terminate_case(any_office, KEEPER, case.id)
    assert set(case_variables(any_office, ENGINE, case.id)) == {"a", "x", "y"}
    with pytest.raises(Conflict) as refusal:
        set_variables(any_office, ENGINE, case.id, {"a": 2})
    assert refusal.value.code == "CASE_ENDED"


def test_suspending_is_for_keepers_and_twice_is_once(any_office: Office) -> None:
    deploy_text(any_office, LINEAR)
    case = start_case(any_office, CLERK, key="p")
    with pytest.raises(Forbidden):
        suspend_case(any_office, CLERK, case.id)
    assert suspend_case(any_office, KEEPER, case.id).suspended
    assert suspend_case(any_office, KEEPER, case.id).version == 2
    assert not resume_case(any_office, KEEPER, case.id).suspended


def test_a_definition_can_take_its_cases_along(any_office: Office) -> None:
    definition = deploy_text(any_office, LINEAR)
    cases = [start_case(any_office, CLERK, key="p") for _ in range(2)]
    suspend_definition(any_office, KEEPER, definition, cases=True)
    assert {get_case(any_office, KEEPER, one.id).state for one in cases} == {"SUSPENDED"}
    resume_definition(any_office, KEEPER, definition, cases=True)
    assert {get_case(any_office, KEEPER, one.id).state for one in cases} == {"ACTIVE"}


def test_a_terminated_case_leaves_nothing_open(any_office: Office) -> None:
    deploy_text(any_office, LINEAR)
    case = start_case(any_office, CLERK, key="p")
    with pytest.raises(Forbidden):
        terminate_case(any_office, CLERK, case.id, "不想办了")
    suspend_case(any_office, KEEPER, case.id)
    ended = terminate_case(any_office, KEEPER, case.id, "申请人撤回")
    assert (ended.state, ended.reason) == ("TERMINATED", "申请人撤回")
    assert open_tasks(any_office, case.id) == {} and agenda_of(any_office, case.id) == ()
    assert actions_of(any_office, case.id)[-1] == "case:terminated"
    with pytest.raises(Conflict) as refusal:
        terminate_case(any_office, KEEPER, case.id)
    assert refusal.value.code == "CASE_ENDED"


def test_a_case_that_cannot_go_on_waits_for_repair(any_office: Office) -> None:
    deploy_text(any_office, FORK)
    case = start_case(any_office, CLERK, key="p", variables={"n": 7})
    complete_task(any_office, ENGINE, open_tasks(any_office, case.id)["A"].id)
    (incident,) = case_incidents(any_office, CLERK, case.id)
    assert incident.kind == "engineFailure" and incident.element == "G"
    with pytest.raises(Conflict) as refusal:
        retry_incident(any_office, KEEPER, incident.id)
    assert refusal.value.code == "RETRY_FAILED"
    assert case_incidents(any_office, CLERK, case.id) == (incident,)
    set_variables(any_office, ENGINE, case.id, {"n": 2})
    retry_incident(any_office, KEEPER, incident.id)
    with pytest.raises(Missing):
        retry_incident(any_office, KEEPER, incident.id)
    assert actions_of(any_office, case.id)[2:] == [
        "incident:opened",
        "case:variables_set",
        "incident:resolved",
        "case:completed",
    ]
    assert get_case(any_office, CLERK, case.id).end_element == "F"
    assert case_incidents(any_office, CLERK, case.id) == ()


def test_an_incident_can_be_closed_without_trying(any_office: Office) -> None:
    deploy_text(any_office, FORK)
    case = start_case(any_office, CLERK, key="p", variables={"n": 7})
    complete_task(any_office, ENGINE, open_tasks(any_office, case.id)["A"].id)
    (incident,) = case_incidents(any_office, CLERK, case.id)
    resolve_incident(any_office, KEEPER, incident.id)
    assert case_incidents(any_office, CLERK, case.id) == ()


def test_element_instances_and_scopes_are_told(any_office: Office) -> None:
    deploy_text(any_office, LINEAR)
    case = start_case(any_office, CLERK, key="p")
    complete_task(any_office, ENGINE, open_tasks(any_office, case.id)["A"].id)
    told = {one.element: (one.kind, one.outcome) for one in case_activities(any_office, CLERK, case.id)}
    assert told == {"S": ("startEvent", "COMPLETED"), "A": ("userTask", "COMPLETED"), "B": ("userTask", None)}
    assert [one.activity_type for one in case_scopes(any_office, CLERK, case.id)] == ["process"]
