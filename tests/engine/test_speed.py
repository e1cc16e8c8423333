"""Cost: the thousandth round of a loop costs what the tenth did, and the state stays small."""

from __future__ import annotations

from statistics import median
from time import thread_time
from uuid import uuid4

from service.engine import Program, Run, WaitKind
from tests.engine.drive import CALENDAR, HOUR, MONDAY, definitions, process, program_of
from tests.engine.stock import Stock

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
        begin = thread_time()
        run = Run.load(program, outcome.state or b"", case_id=case, now=MONDAY, calendar=CALENDAR)
        run.complete_task(task.id, {"round": number}, answers={"opinion": "退回", "round": number})
        outcome = run.settle()
        costs.append(thread_time() - begin)
        largest = max(largest, len(outcome.state or b""))
        for id in outcome.closed:
            del rows[id]
        rows |= {w.id: w for w in outcome.opened}
    assert outcome.ended is None and len(rows) in (1, 2)
    assert largest < 8192
    assert median(costs[-40:]) <= 1.3 * median(costs[10:50]) or median(costs[-400:]) <= 1.3 * median(costs[10:410])


def test_a_step_with_load_and_dump_is_fifteen_times_cheaper_than_stock_on_a_chain_of_calls_with_timers() -> None:
    items = "".join(
        process(
            f'<startEvent id="is{n}"/><userTask id="u{n}"/><boundaryEvent id="b{n}" attachedToRef="u{n}" cancelActivity="false">'
            f'<timerEventDefinition><timeDuration>"PT1H"</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="be{n}"/>'
            f'b{n} -> be{n};<userTask id="v{n}"/><endEvent id="ie{n}"/>is{n} -> u{n};u{n} -> v{n};v{n} -> ie{n};',
            f"q{n}",
        )
        for n in range(3)
    )
    calls = "".join(f'<callActivity id="c{n}" calledElement="q{n}"/>g -> c{n};c{n} -> j;' for n in range(3))
    body = process(
        f'<startEvent id="s"/><parallelGateway id="g"/>{calls}<parallelGateway id="j"/><userTask id="z"/><endEvent id="e"/>'
        "s -> g;j -> z;z -> e;"
    )
    ours, theirs = [], []
    program, stock = program_of(body + items), Stock(definitions(body + items))
    for _ in range(8):
        theirs += _stock_costs(stock)
        ours += _our_costs(program)
    assert median(theirs) >= 15 * median(ours), (median(theirs), median(ours))


def _stock_costs(stock: Stock) -> list[float]:
    state, ended, costs = stock.start(), False, []
    while not ended:
        begin = thread_time()
        state, ended = stock.complete_one(state, {"k": 1})
        costs.append(thread_time() - begin)
    return costs


def _our_costs(program: Program) -> list[float]:
    case, costs = uuid4(), []
    outcome = Run.start(program, case_id=case, now=MONDAY, calendar=CALENDAR, variables={}).settle()
    rows = {wait.id: wait for wait in outcome.opened}
    while outcome.ended is None:
        task = next(wait for wait in rows.values() if wait.kind is WaitKind.USER_TASK)
        begin = thread_time()
        run = Run.load(program, outcome.state or b"", case_id=case, now=MONDAY, calendar=CALENDAR)
        run.complete_task(task.id, {"k": 1})
        outcome = run.settle()
        costs.append(thread_time() - begin)
        for id in outcome.closed:
            del rows[id]
        rows |= {wait.id: wait for wait in outcome.opened}
    return costs
