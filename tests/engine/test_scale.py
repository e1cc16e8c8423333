"""Scale of one case: nothing is quadratic in the diagram or in the rounds, no recursion limit, no hidden cap."""

from __future__ import annotations

import gc
from time import process_time
from uuid import uuid4

import pytest

from service.engine import Resource, Run, examine
from tests.engine.drive import CALENDAR, MONDAY, definitions, process, program_of

START_END = '<startEvent id="s"/><endEvent id="e"/>'


def blocks(count: int, tag: str) -> str:
    """`count` 10-way blocks one after the other."""
    parts, flows, last = [START_END], [], "s"
    for block in range(count):
        parts.append(f'<{tag} id="f{block}"/><{tag} id="j{block}"/>')
        flows.append((last, f"f{block}"))
        for way in range(10):
            parts.append(f'<task id="t{block}_{way}"/>')
            flows += [(f"f{block}", f"t{block}_{way}"), (f"t{block}_{way}", f"j{block}")]
        last = f"j{block}"
    return "".join(parts) + "".join(f"{a} -> {b}\n" for a, b in [*flows, (last, "e")])


def rounds(count: int) -> str:
    """An automatic loop."""
    return (
        START_END + '<exclusiveGateway id="m"/><scriptTask id="a"><script>n = n + 1</script></scriptTask>'
        f'<exclusiveGateway id="q"/>s -> m\nm -> a\na -> q\nq -> m : n < {count}\nq -> e : n >= {count}\n'
    )


def instances(count: int, tag: str, content: str) -> str:
    """A parallel multi-instance activity."""
    loop = f"<multiInstanceLoopCharacteristics><loopCardinality>{count}</loopCardinality></multiInstanceLoopCharacteristics>"
    return f'{START_END}<{tag} id="a">{loop}{content}</{tag}>s -> a\na -> e\n'


def seconds(body: str, steps: int, **variables: object) -> float:
    """Play a process that ends by itself; how long it took."""
    program = program_of(body)
    run = Run.start(program, case_id=uuid4(), now=MONDAY, calendar=CALENDAR, variables=variables)
    gc.disable()  # a collection walks the heap of the whole suite, which is not what is measured
    try:
        begin = process_time()
        outcome = run.settle()
        spent = process_time() - begin
    finally:
        gc.enable()
    assert outcome.ended == "completed" and outcome.steps >= steps
    return spent


@pytest.mark.parametrize("tag", ["parallelGateway", "inclusiveGateway"])
def test_twenty_ten_way_blocks_run_at_once(tag: str) -> None:
    assert min(seconds(blocks(20, tag), 240) for _ in range(2)) < 4


def test_three_thousand_rounds_cost_ten_times_three_hundred() -> None:
    small = min(seconds(rounds(300), 900, n=0) for _ in range(3))
    assert min(seconds(rounds(3_000), 9_000, n=0) for _ in range(2)) < 10 * small * 3


def test_a_diagram_of_two_thousand_nodes_is_examined_and_run() -> None:
    body = blocks(166, "parallelGateway")
    begin = process_time()
    assert examine([Resource(name="a.bpmn", content=definitions(process(body)))]).errors == ()
    assert process_time() - begin < 20
    assert seconds(body, 1_990) < 10


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        ("scriptTask", "<script>x = loopCounter</script>"),
        ("subProcess", '<startEvent id="i"/><task id="t"/><endEvent id="o"/>i -> t\nt -> o\n'),
    ],
)
def test_three_thousand_instances_cost_six_times_five_hundred(tag: str, content: str) -> None:
    small = min(seconds(instances(500, tag, content), 500) for _ in range(3))
    large = min(seconds(instances(3_000, tag, content), 3_000) for _ in range(2))
    assert large < 6 * small * 3.5  # a quadratic cost would be 36 times the small one


def test_a_nested_conditional_event_does_not_slow_down_who_writes_other_variables() -> None:
    plain = min(seconds(rounds(1_000), 3_000, n=0) for _ in range(2))
    watched = rounds(1_000) + (
        '<subProcess id="ev" triggeredByEvent="true"><startEvent id="w"><conditionalEventDefinition>'
        '<condition>other = 1</condition></conditionalEventDefinition></startEvent><endEvent id="x"/>w -> x\n</subProcess>'
    )
    assert min(seconds(watched, 3_000, n=0) for _ in range(2)) < 3 * plain + 0.3
