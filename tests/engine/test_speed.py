"""Cost: the thousandth round of a loop costs what the tenth did, and the state stays small."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from uuid import uuid4

from service.engine import Run
from tests.engine.drive import CALENDAR, HOUR, MONDAY, program_of

ROUNDS = 1000


def test_step_cost_and_state_do_not_grow_over_a_thousand_send_backs() -> None:
    program = program_of(
        '<startEvent id="s"/><exclusiveGateway id="m"/><userTask id="a" zw:limit="2hd"/>'
        f'<boundaryEvent id="w" attachedToRef="a" cancelActivity="false">{HOUR}</boundaryEvent><userTask id="h"/>w -> h;'
        '<userTask id="review"/><exclusiveGateway id="k" default="back"/><endEvent id="e"/>'
        's -> m;m -> a;a -> review;review -> k;k -> e : done\n<sequenceFlow id="back" sourceRef="k" targetRef="m"/>'
    )
    case, costs, largest = uuid4(), [], 0
    run = Run.start(program, case_id=case, now=MONDAY, calendar=CALENDAR, variables={"done": False})
    outcome = run.settle()
    rows = {w.id: w for w in outcome.opened}
    for number in range(2 * ROUNDS):
        task = next(w for w in rows.values() if w.element in ("a", "review"))
        begin = perf_counter()
        run = Run.load(program, outcome.state or b"", case_id=case, now=MONDAY, calendar=CALENDAR)
        run.complete_task(task.id, {"round": number}, answers={"opinion": "退回", "round": number})
        outcome = run.settle()
        costs.append(perf_counter() - begin)
        largest = max(largest, len(outcome.state or b""))
        for id in outcome.closed:
            del rows[id]
        rows |= {w.id: w for w in outcome.opened}
    assert outcome.ended is None and len(rows) in (1, 2)
    assert largest < 8192
    assert median(costs[-40:]) <= 1.3 * median(costs[10:50]) or median(costs[-400:]) <= 1.3 * median(costs[10:410])
