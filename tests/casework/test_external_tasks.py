"""External tasks: what workers get, what they may not do, and what becomes of failures."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from service.casework import (
    complete_external,
    extend_lock,
    fail_external,
    fetch_and_lock,
    get_case,
    lock_external,
    retry_incident,
    set_external_priority,
    set_external_retries,
    start_case,
    suspend_case,
    throw_external_error,
    throw_external_escalation,
    unlock_external,
)
from service.casework.office import Office
from service.casework.reading import case_incidents
from service.casework.views import LockedTask, TopicRequest
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework.desk import CLERK, ENGINE, KEEPER, actions_of, deploy_text, open_tasks
from tests.conftest import Clock
from tests.engine.drive import ERROR

WORK = (
    '<startEvent id="S"/><serviceTask id="W" name="归档" camunda:type="external" camunda:topic="archive"/>'
    '<boundaryEvent id="B" attachedToRef="W">' + ERROR + '</boundaryEvent><userTask id="Fix" name="补正"/>'
    '<endEvent id="E"/>\nS -> W\nW -> E\nB -> Fix\nFix -> E\n'
)


def fetch(office: Office, worker: str = "w1", most: int = 10, **topic: object) -> tuple[LockedTask, ...]:
    request = TopicRequest(**({"topic": "archive", "lock_ms": 60_000} | topic))  # type: ignore[arg-type]
    return fetch_and_lock(office, ENGINE, worker, most, [request])


def begin(office: Office, number: str | None = None, **variables: object) -> UUID:
    return start_case(office, ENGINE, key="p", business_key=number, variables=variables).id


def test_only_service_accounts_work(any_office: Office) -> None:
    with pytest.raises(Forbidden):
        fetch_and_lock(any_office, CLERK, "w1", 1, [TopicRequest(topic="archive", lock_ms=1)])


def test_an_unknown_task_is_missing(any_office: Office) -> None:
    with pytest.raises(Missing) as refusal:
        complete_external(any_office, ENGINE, uuid4(), "w1")
    assert refusal.value.code == "EXTERNAL_TASK_NOT_FOUND"


@pytest.mark.parametrize("most, lock_ms, worker", [(0, 1000, "w"), (1, 0, "w"), (1, 1000, "")])
def test_a_fetch_that_asks_nonsense_is_refused(office: Office, most: int, lock_ms: int, worker: str) -> None:
    with pytest.raises(Invalid):
        fetch(office, worker, most, lock_ms=lock_ms)


def test_a_locked_task_belongs_to_its_worker_until_the_lock_ends(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, WORK)
    case_id = begin(any_office, "BJ-1", region="东")
    (task,) = fetch(any_office)
    assert (task.case_id, task.business_key, task.worker) == (case_id, "BJ-1", "w1")
    assert task.variables["region"].value == "东" and task.variables["region"].type == "String"
    assert task.locked_until == clock.now + timedelta(seconds=60) and task.retries is None
    assert fetch(any_office, "w2") == ()
    with pytest.raises(Invalid) as refusal:
        complete_external(any_office, ENGINE, task.id, "w2")
    assert refusal.value.code == "EXTERNAL_TASK_NOT_LOCKED_BY_WORKER"
    clock.advance(seconds=61)
    with pytest.raises(Invalid):
        extend_lock(any_office, ENGINE, task.id, "w1", 1000)
    (again,) = fetch(any_office, "w2")
    assert again.id == task.id
    with pytest.raises(Invalid):
        complete_external(any_office, ENGINE, task.id, "w1")
    complete_external(any_office, ENGINE, task.id, "w2", {"number": 7})
    assert get_case(any_office, ENGINE, case_id).state == "COMPLETED"
    assert actions_of(any_office, case_id) == ["case:started", "external:completed", "case:completed"]


def test_a_late_worker_may_complete_while_nobody_else_has_taken_the_task(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, WORK)
    case_id = begin(any_office)
    (task,) = fetch(any_office)
    clock.advance(seconds=61)
    complete_external(any_office, ENGINE, task.id, "w1")
    assert get_case(any_office, ENGINE, case_id).state == "COMPLETED"


def test_locks_are_extended_given_and_taken_back(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, WORK)
    begin(any_office)
    (task,) = fetch(any_office)
    extend_lock(any_office, ENGINE, task.id, "w1", 120_000)
    clock.advance(seconds=100)
    with pytest.raises(Invalid):
        lock_external(any_office, ENGINE, task.id, "w2", 1000)
    unlock_external(any_office, ENGINE, task.id)
    lock_external(any_office, ENGINE, task.id, "w2", 1000)
    complete_external(any_office, ENGINE, task.id, "w2")


def test_filters_and_priority(any_office: Office) -> None:
    definition = deploy_text(any_office, WORK)
    first, second = begin(any_office, "BJ-1", region="东"), begin(any_office, "BJ-2", region="西")
    assert fetch(any_office, business_key="BJ-3") == ()
    assert fetch(any_office, definition_keys=("q",)) == ()
    assert fetch(any_office, process_variables={"region": "南"}) == ()
    (task,) = fetch(any_office, process_variables={"region": "西"}, definition_ids=(definition,), variables=("none",))
    assert task.case_id == second and task.variables == {}
    unlock_external(any_office, ENGINE, task.id)
    set_external_priority(any_office, ENGINE, task.id, 9)
    topics = [TopicRequest(topic="archive", lock_ms=1000)]
    (task,) = fetch_and_lock(any_office, ENGINE, "w1", 1, topics, use_priority=True)
    assert task.case_id == second
    (task,) = fetch_and_lock(any_office, ENGINE, "w1", 1, topics, sorting=[("createTime", "desc")])
    assert task.case_id == first
    with pytest.raises(Invalid):
        fetch_and_lock(any_office, ENGINE, "w1", 1, topics, sorting=[("name", "asc")])


def test_failures_count_down_to_an_incident_and_back(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, WORK)
    case_id = begin(any_office)
    (task,) = fetch(any_office)
    fail_external(any_office, ENGINE, task.id, "w1", message="坏了", details="stack", retries=1, retry_ms=5000)
    assert fetch(any_office) == (), "not before the retry timeout"
    clock.advance(seconds=6)
    (task,) = fetch(any_office)
    assert (task.retries, task.error_message, task.error_details) == (1, "坏了", "stack")
    fail_external(any_office, ENGINE, task.id, "w1", message="还是坏的", retries=0)
    assert fetch(any_office) == ()
    (incident,) = case_incidents(any_office, ENGINE, case_id)
    assert (incident.kind, incident.message, incident.token_id) == ("failedExternalTask", "还是坏的", task.id)
    retry_incident(any_office, KEEPER, incident.id)
    assert case_incidents(any_office, ENGINE, case_id) == ()
    (task,) = fetch(any_office)
    set_external_retries(any_office, ENGINE, task.id, 0)
    assert len(case_incidents(any_office, ENGINE, case_id)) == 1
    complete_external(any_office, ENGINE, task.id, "w1")
    assert case_incidents(any_office, ENGINE, case_id) == ()


def test_an_error_goes_to_its_boundary_event(any_office: Office) -> None:
    deploy_text(any_office, WORK)
    case_id = begin(any_office)
    (task,) = fetch(any_office)
    throw_external_error(any_office, ENGINE, task.id, "w1", "e1", "缺页", {"pages": 3})
    assert list(open_tasks(any_office, case_id)) == ["Fix"]


def test_an_error_nobody_catches_is_an_incident_that_can_be_retried(any_office: Office) -> None:
    deploy_text(any_office, WORK)
    case_id = begin(any_office)
    (task,) = fetch(any_office)
    throw_external_error(any_office, ENGINE, task.id, "w1", "unheard")
    (incident,) = case_incidents(any_office, ENGINE, case_id)
    assert incident.kind == "engineFailure" and "unheard" in incident.message
    assert fetch(any_office, "w2") == ()
    retry_incident(any_office, KEEPER, incident.id)
    (task,) = fetch(any_office, "w2")
    complete_external(any_office, ENGINE, task.id, "w2")
    assert get_case(any_office, ENGINE, case_id).state == "COMPLETED"
    assert case_incidents(any_office, ENGINE, case_id) == ()


def test_an_escalation_nobody_catches_is_only_noted(any_office: Office) -> None:
    deploy_text(any_office, WORK)
    case_id = begin(any_office)
    (task,) = fetch(any_office)
    throw_external_escalation(any_office, ENGINE, task.id, "w1", "up", {"x": 1})
    assert actions_of(any_office, case_id)[1:] == ["external:bpmn_escalation", "escalation:uncaught"]
    complete_external(any_office, ENGINE, task.id, "w1")


def test_a_suspended_case_gives_no_work_and_takes_none(any_office: Office) -> None:
    deploy_text(any_office, WORK)
    case_id = begin(any_office)
    (task,) = fetch(any_office)
    suspend_case(any_office, KEEPER, case_id)
    with pytest.raises(Conflict):
        complete_external(any_office, ENGINE, task.id, "w1")
    unlock_started = begin(any_office)
    assert [one.case_id for one in fetch(any_office)] == [unlock_started]
