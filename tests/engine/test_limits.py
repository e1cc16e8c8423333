"""What one case may grow to: refused before it is made, and what is there can always be worked off."""

from __future__ import annotations

from uuid import uuid4

from service.engine import Run, WaitKind
from service.engine.kernel.instance import CALLS_LIMIT, MOST_LIVE
from tests.engine.drive import CALENDAR, MONDAY, program_of

ENDS = '<startEvent id="S"/><endEvent id="E"/>'


def started(body: str) -> Run:
    return Run.start(program_of(body), case_id=uuid4(), now=MONDAY, calendar=CALENDAR, variables={})


def loop(count: int, id: str = "B", tag: str = "userTask", more: str = "", inside: str = "") -> str:
    return (
        f'<{tag} id="{id}"{more}><multiInstanceLoopCharacteristics><loopCardinality>{count}</loopCardinality>'
        f"</multiInstanceLoopCharacteristics>{inside}</{tag}>"
    )


def waiting(run: Run, kind: WaitKind) -> list:  # type: ignore[type-arg]
    return [one for one in run.waits().values() if one.kind is kind]


def test_a_timer_that_comes_round_fills_a_case_up_to_its_limit_and_what_is_there_is_worked_off() -> None:
    run = started(
        f'{ENDS}<userTask id="A"/>{loop(3_000)}<boundaryEvent id="T" attachedToRef="A" cancelActivity="false">'
        "<timerEventDefinition><timeCycle>R100/PT1S</timeCycle></timerEventDefinition></boundaryEvent>"
        "\nS -> A\nA -> E\nT -> B\nB -> E\n"
    )
    run.settle()
    for _ in range(5):
        (timer,) = waiting(run, WaitKind.TIMER)
        run.fire(timer.id)
        run.settle()
    tasks = waiting(run, WaitKind.USER_TASK)
    assert len(tasks) == 9_001 and len(tasks) < MOST_LIVE
    refused = waiting(run, WaitKind.INCIDENT)
    assert len(refused) == 2 and "10000个" in (refused[0].error or "")
    run.complete_task(next(one.id for one in tasks if one.element == "B"))
    assert len(run.settle().closed) == 1


def test_a_loop_for_whose_last_instance_there_is_no_room_begins_none() -> None:
    inner = f'<startEvent id="I"/>{loop(3_000)}<endEvent id="O"/><sequenceFlow id="f" sourceRef="I" targetRef="B"/><sequenceFlow id="g" sourceRef="B" targetRef="O"/>'
    run = started(f"{ENDS}{loop(3, 'X', 'subProcess', inside=inner)}\nS -> X\nX -> E\n")
    run.settle()
    assert len(waiting(run, WaitKind.USER_TASK)) == 6_000
    assert len(waiting(run, WaitKind.INCIDENT)) == 1


def test_so_many_processes_are_called_at_a_time_and_no_more() -> None:
    run = started(
        f"{ENDS}{loop(30, 'C', 'callActivity', more=' calledElement=' + chr(34) + 'p' + chr(34))}\nS -> C\nC -> E\n"
    )
    run.settle()
    assert 400 < len({one.variable_scope for one in run.waits().values()}) <= CALLS_LIMIT + 1
    assert any("同时调用的流程" in (one.error or "") for one in waiting(run, WaitKind.INCIDENT))
