"""Two at once: exactly one effect, the other is told who won or simply comes later; a join fires once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from service.casework import (
    TopicRequest,
    attend_due,
    claim_task,
    complete_task,
    fetch_and_lock,
    get_case,
    start_case,
    suspend_case,
)
from service.casework.office import Office
from service.rules.refusals import Conflict
from tests.casework import desk
from tests.casework.desk import CLERK, ENGINE, KEEPER, REVIEWER, SECOND, actions_of, deploy_text, open_tasks
from tests.casework.test_attending import TIMER
from tests.casework.test_external_tasks import WORK
from tests.conftest import Clock

ROUNDS = 5
QUEUE = (
    '<startEvent id="S"/><userTask id="A" name="甲" camunda:candidateGroups="104"/><endEvent id="E"/>\nS -> A\nA -> E\n'
)
BRANCHES = (
    '<startEvent id="S"/><parallelGateway id="F"/><userTask id="A"/><userTask id="B"/><parallelGateway id="J"/>'
    '<userTask id="C"/><endEvent id="E"/>\nS -> F\nF -> A\nF -> B\nA -> J\nB -> J\nJ -> C\nC -> E\n'
)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run them in threads behind one barrier; what each returned or raised."""
    barrier = threading.Barrier(len(acts), timeout=60)
    results: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = act()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def refusals(results: list[object]) -> list[Conflict]:
    found = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Conflict) for one in found), found
    return [one for one in found if isinstance(one, Conflict)]


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    return any_office


def test_of_two_completions_one_wins_and_the_other_is_told_who(staffed: Office) -> None:
    deploy_text(staffed, QUEUE)
    for _ in range(ROUNDS):
        case = start_case(staffed, CLERK, key="p")
        task = open_tasks(staffed, case.id)["A"].id
        results = at_once(
            lambda task=task: complete_task(staffed, REVIEWER, task),
            lambda task=task: complete_task(staffed, SECOND, task),
        )
        (refusal,) = refusals(results)
        winner, name = ("张伟", "zhangwei") if isinstance(results[1], Conflict) else ("刘洋", "liuyang")
        assert refusal.code == "TASK_ALREADY_COMPLETED"
        assert winner in refusal.sentence() and name in refusal.sentence()
        assert actions_of(staffed, case.id) == ["case:started", "task:completed", "case:completed"]


def test_parallel_siblings_both_succeed_and_the_join_fires_once(any_office: Office) -> None:
    deploy_text(any_office, BRANCHES)
    for _ in range(ROUNDS):
        case = start_case(any_office, ENGINE, key="p")
        tasks = open_tasks(any_office, case.id)
        results = at_once(
            lambda task=tasks["A"].id: complete_task(any_office, ENGINE, task),
            lambda task=tasks["B"].id: complete_task(any_office, ENGINE, task),
        )
        assert refusals(results) == []
        assert list(open_tasks(any_office, case.id)) == ["C"]
        with any_office.reading() as records:
            assert len([one for one in records.tasks.of_case(case.id) if one.element == "C"]) == 1


def test_two_workers_never_get_the_same_task(any_office: Office) -> None:
    deploy_text(any_office, WORK)
    for _ in range(20):
        start_case(any_office, ENGINE, key="p")
    topics = [TopicRequest(topic="archive", lock_ms=60_000)]

    def work(worker: str) -> list[object]:
        return [one.id for _ in range(8) for one in fetch_and_lock(any_office, ENGINE, worker, 2, topics)]

    results = at_once(*(lambda name=name: work(name) for name in ("w1", "w2", "w3")))
    got = Counter(one for result in results for one in result)  # type: ignore[attr-defined]
    assert len(got) == 20 and set(got.values()) == {1}


def test_two_nodes_attend_one_timer_once(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    cases = [start_case(any_office, ENGINE, key="p") for _ in range(10)]
    clock.advance(hours=2)
    results = at_once(*(lambda node=node: attend_due(any_office, node=node) for node in ("n1", "n2")))
    assert sum(results) == 10  # type: ignore[arg-type]
    assert all(actions_of(any_office, one.id) == ["case:started", "timer:fired"] for one in cases)


def test_an_item_claimed_by_a_node_that_died_is_attended_by_another(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p")
    now = clock.advance(hours=2)
    with any_office.transaction() as records:
        assert len(records.agenda.claim_ready(now, now + timedelta(seconds=60), 10)) == 1
    assert attend_due(any_office) == 0
    clock.advance(seconds=61)
    assert attend_due(any_office) == 1
    assert list(open_tasks(any_office, case.id)) == ["B"]


def test_of_two_claims_one_wins(staffed: Office) -> None:
    deploy_text(staffed, QUEUE)
    for _ in range(ROUNDS):
        case = start_case(staffed, CLERK, key="p")
        task = open_tasks(staffed, case.id)["A"].id
        results = at_once(
            lambda task=task: claim_task(staffed, REVIEWER, task), lambda task=task: claim_task(staffed, SECOND, task)
        )
        (refusal,) = refusals(results)
        assert refusal.code == "TASK_ALREADY_CLAIMED"
        assert refusal.params["username"] == open_tasks(staffed, case.id)["A"].assignee


def test_a_completion_and_its_timer_do_not_both_happen(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    for _ in range(ROUNDS):
        case = start_case(any_office, ENGINE, key="p")
        task = open_tasks(any_office, case.id)["A"].id
        clock.advance(hours=2)
        results = at_once(lambda task=task: complete_task(any_office, ENGINE, task), lambda: attend_due(any_office))
        acts = actions_of(any_office, case.id)
        if isinstance(results[0], Conflict):
            assert results[0].code == "TASK_CANCELLED"
            assert acts == ["case:started", "timer:fired"]
        else:
            assert acts == ["case:started", "task:completed", "case:completed"]


def test_suspending_and_completing_take_turns(any_office: Office) -> None:
    deploy_text(any_office, BRANCHES)
    for _ in range(ROUNDS):
        case = start_case(any_office, ENGINE, key="p")
        task = open_tasks(any_office, case.id)["A"].id
        results = at_once(
            lambda task=task: complete_task(any_office, ENGINE, task),
            lambda id=case.id: suspend_case(any_office, KEEPER, id),
        )
        assert [one.code for one in refusals(results)] in ([], ["CASE_SUSPENDED"])
        assert get_case(any_office, ENGINE, case.id).state == "SUSPENDED"


def test_a_case_started_during_a_deployment_runs_one_version_or_the_other(any_office: Office) -> None:
    old = deploy_text(any_office, QUEUE)
    for number in range(ROUNDS):
        text = QUEUE.replace("甲", f"第{number}版")
        results = at_once(
            lambda text=text: deploy_text(any_office, text), lambda: start_case(any_office, ENGINE, key="p")
        )
        new, case = results
        assert not isinstance(new, Exception) and not isinstance(case, Exception), results
        assert case.definition_id in (old, new)  # type: ignore[attr-defined]
        assert len(open_tasks(any_office, case.id)) == 1  # type: ignore[attr-defined]
        old = new  # type: ignore[assignment]


def test_one_business_key_starts_one_case(any_office: Office) -> None:
    deploy_text(any_office, QUEUE)
    results = at_once(*(lambda: start_case(any_office, ENGINE, key="p", business_key="BJ-1") for _ in range(3)))
    assert [one.code for one in refusals(results)] == ["BUSINESS_KEY_IN_USE"] * 2
