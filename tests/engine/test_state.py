"""The stored state: values, versions, size, no specs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engine import EngineFault, Run, WaitKind
from service.engine.kernel import values
from tests.engine.drive import CALENDAR, CYCLE, HOUR, MESSAGE, MONDAY, Drive, process, program_of

plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
temporal = (
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]))
    | st.dates()
    | st.times()
    | st.timedeltas(timedelta(days=-999), timedelta(days=999))
)
keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from(["@", "v", "dict", "datetime"])
anything = st.recursive(
    plain | temporal | st.just({"@": "datetime", "v": "x"}),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("foreign", [{1, 2}, object(), 2**64, {3: 4}, b"bytes", 1j])
def test_foreign_values_are_not_storable(foreign: object) -> None:
    assert not values.storable({"a": [foreign]}) and not values.storable(foreign)


@given(anything)
@settings(max_examples=300, deadline=None)
def test_every_value_comes_back_as_it_was_even_when_it_looks_like_a_mark(value: object) -> None:
    assert values.decode(values.encode({"x": [value]})) == {"x": [value]}
    assert values.same(value, values.decode(values.encode(value)))


def test_one_and_true_and_a_decimal_one_are_three_values() -> None:
    assert (
        not values.same(1, True)
        and not values.same(1, 1.0)
        and not values.same([1], [True])
        and values.same({"a": [1]}, {"a": [1]})
    )


def test_instants_dates_and_durations_survive_in_variables() -> None:
    given_ = {
        "at": datetime(2026, 3, 16, 9, tzinfo=UTC),
        "day": date(2026, 3, 16),
        "span": timedelta(hours=2),
        "clock": time(9, 30),
        "odd": {"@": "date", "v": 1},
    }
    d = Drive('<startEvent id="s"/><userTask id="a"/>s -> a;', given_, reload=True)
    assert d.variables() == given_


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"v":2}',
        b'{"v":1,"p":"other","scopes":[]}',
        b'{"v":1,"p":"p","scopes":[[null,{},null,null,null,[["x",7,"a",32]]]]}',
    ],
)
def test_a_state_that_does_not_fit_is_a_fault(blob: bytes) -> None:
    program = program_of('<startEvent id="s"/><userTask id="a"/>s -> a;')
    with pytest.raises(EngineFault):
        Run.load(program, blob, case_id=uuid4(), now=MONDAY, calendar=CALENDAR)


def test_an_element_that_is_not_in_the_diagram_any_more_is_named() -> None:
    d = Drive('<startEvent id="s"/><userTask id="gone"/>s -> gone;')
    program = program_of('<startEvent id="s"/><userTask id="a"/>s -> a;')
    with pytest.raises(EngineFault, match="gone"):
        Run.load(program, d.state, case_id=d.case_id, now=MONDAY, calendar=CALENDAR)


def test_the_state_holds_live_tokens_only_and_no_specs() -> None:
    d = Drive(
        process(
            '<startEvent id="s"/><userTask id="first"/><callActivity id="c" calledElement="q"/>s -> first;first -> c;'
        )
        + process('<startEvent id="qs"/><userTask id="u"/>qs -> u;', "q")
    )
    d.do("first")
    state = orjson.loads(d.state)
    assert state["v"] == 1 and [row[2] for scope in state["scopes"] for row in scope[5]] == ["c", "u"]
    assert len(d.state) < 450


def test_wait_points_are_the_same_after_load() -> None:
    d = Drive(
        '<startEvent id="s"/><userTask id="a" zw:limit="2hd" camunda:assignee="${who}"/><boundaryEvent id="t" attachedToRef="a"><timerEventDefinition>'
        '<timeDate>due("X")</timeDate></timerEventDefinition></boundaryEvent>s -> a;',
        {"who": "li"},
    )
    later = Run.load(d.program, d.state, case_id=d.case_id, now=MONDAY + timedelta(days=9), calendar=CALENDAR)
    assert later.waits() == d.run.waits() and later.settle().opened == ()


def test_a_state_of_the_first_release_is_read_and_runs_to_its_end() -> None:
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    program = program_of(
        f'<startEvent id="s"/><parallelGateway id="f"/><userTask id="a">{loop}</userTask><subProcess id="x">'
        '<startEvent id="xs"/><userTask id="b"/><endEvent id="xe"/>xs -> b\nb -> xe\n</subProcess>'
        f'<boundaryEvent id="t" attachedToRef="x" cancelActivity="false">{CYCLE}</boundaryEvent><endEvent id="te"/>t -> te\n'
        f'<eventBasedGateway id="g"/><intermediateCatchEvent id="m">{MESSAGE}</intermediateCatchEvent>'
        f'<intermediateCatchEvent id="h">{HOUR}</intermediateCatchEvent><inclusiveGateway id="j"/><endEvent id="e"/>'
        "s -> f\nf -> a\nf -> x\nf -> g\ng -> m\ng -> h\na -> j\nx -> j\nm -> j\nh -> j\nj -> e\n"
    )
    state = (Path(__file__).parent / "state_v1.json").read_bytes()
    run = Run.load(program, state, case_id=uuid4(), now=MONDAY, calendar=CALENDAR)
    kinds = sorted((wait.element, wait.kind.value) for wait in run.waits().values())
    assert kinds == [(e, "userTask") for e in "aab"] + [("h", "timer"), ("m", "message"), ("t", "timer")]
    for wait in run.waits().values():
        if wait.kind is WaitKind.USER_TASK:
            run.complete_task(wait.id)
        elif wait.kind is WaitKind.MESSAGE:
            run.deliver(wait.id)
    outcome = run.settle()
    assert outcome.ended == "completed" and outcome.end_elements == ("e",)
