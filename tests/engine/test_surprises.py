"""Surprises of SpiffWorkflow 3.2.0 (D1 to D10), each with the claim that our kernel does not have it. Rerun on every bump."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from service.engine import ModelFault
from service.engine.kernel.instance import ProcessInstance
from service.engine.kernel.token import Token
from tests.engine.drive import ERROR, ESCALATION, Drive, process, twice


def test_the_library_is_the_one_these_claims_were_made_for() -> None:
    assert importlib.metadata.version("SpiffWorkflow") == "3.2.0"


def test_no_attribute_of_spiffworkflow_3_2_0_is_patched() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.fingerprint"], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 1000


@pytest.mark.parametrize(
    "method",
    [
        "catch",
        "send_event",
        "get_events",
        "waiting_events",
        "refresh_timers",
        "create_subprocess",
        "delete_subprocess",
        "reset_from_task_id",
        "do_engine_steps",
        "run_next",
        "run_all",
        "update_waiting_tasks",
        "is_completed",
        "serialize",
    ],
)
def test_stock_methods_that_expect_history_or_forecast_refuse_to_run(method: str) -> None:
    d = Drive('<startEvent id="s"/><userTask id="a"/>s -> a;')
    with pytest.raises(NotImplementedError):
        getattr(d.run._instance, method)(None)
    assert d.open() == ["a"]


@pytest.mark.parametrize(
    "method", ["reset_branch", "_sync_children", "_inherit_data", "_add_child", "_drop_children", "_ready", "trigger"]
)
def test_stock_methods_of_a_task_that_expect_history_or_forecast_refuse_to_run(method: str) -> None:
    d = Drive('<startEvent id="s"/><userTask id="a"/>s -> a;')
    token = d.run._instance.index[str(d.wait("a").id)]
    with pytest.raises(NotImplementedError):
        getattr(token, method)(None)
    assert isinstance(token, Token) and isinstance(d.run._instance, ProcessInstance)


@pytest.mark.parametrize("definition", [ERROR, ESCALATION])
def test_d1_an_error_in_one_of_three_parallel_calls_fires_only_its_own_boundary_event(definition: str) -> None:
    """3.2.0 matches every waiting boundary event of the parent (bpmn/util/event.py)."""
    calls = "".join(
        f'<callActivity id="c{i}" calledElement="q"/><boundaryEvent id="x{i}" attachedToRef="c{i}">{definition}</boundaryEvent>'
        f'<userTask id="h{i}"/>x{i} -> h{i};h{i} -> j{i};<exclusiveGateway id="j{i}"/>g -> c{i};c{i} -> j{i};j{i} -> j;'
        for i in (1, 2, 3)
    )
    called = (
        '<startEvent id="qs"/><userTask id="u"/><exclusiveGateway id="k"/><endEvent id="qe"/>'
        f'<endEvent id="qx">{definition}</endEvent>qs -> u;u -> k;k -> qx : bad\nk -> qe : bad = false\n'
    )
    body = process(
        f'<startEvent id="s"/><parallelGateway id="g"/>{calls}<parallelGateway id="j"/><endEvent id="e"/>s -> g;j -> e;'
    ) + process(called, "q")

    @twice
    def scenario(reload: bool) -> Drive:
        d = Drive(body, reload=reload)
        assert d.open() == ["u", "u", "u"]
        d.do("u", {"bad": True}, nth=1)
        hit = [w for w in d.open() if w.startswith("h")]
        assert len(hit) == 1 and d.open().count("u") == 2
        assert sum(d.count(f"cancelled p/c{i}") for i in (1, 2, 3)) == 1
        d.do(hit[0]), d.do("u", {"bad": False}), d.do("u", {"bad": False})
        assert d.ended == "completed"
        return d

    scenario()


@twice
def test_d2_a_parallel_join_inside_a_loop_does_not_count_arrivals_of_earlier_rounds(reload: bool) -> Drive:
    """3.2.0 counts the cancelled twin of round one (mixins/parallel_gateway.py)."""
    d = Drive(
        '<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/>'
        '<parallelGateway id="j"/><exclusiveGateway id="k" default="back"/><endEvent id="e"/>s -> m;m -> g;g -> a;g -> b;a -> j;b -> j;'
        'j -> k;k -> e : n >= 4\n<sequenceFlow id="back" sourceRef="k" targetRef="m"/>',
        reload=reload,
    )
    for n in range(1, 5):
        assert d.open() == ["a", "b"]
        first, second = ("a", "b") if n % 2 else ("b", "a")
        d.do(first, {"n": n})
        assert d.open() == [second]
        d.do(second, {"n": n})
    assert d.ended == "completed"
    return d


@twice
def test_d3_an_inclusive_join_fed_by_a_nested_block_does_not_fire_early(reload: bool) -> Drive:
    """3.2.0 looks at the first parent only (mixins/inclusive_gateway.py)."""
    d = Drive(
        '<startEvent id="s"/><inclusiveGateway id="o"/><userTask id="a"/><exclusiveGateway id="x"/><inclusiveGateway id="i"/>'
        '<userTask id="c"/><userTask id="d"/><inclusiveGateway id="ij"/><userTask id="b"/><exclusiveGateway id="xj"/><inclusiveGateway id="oj"/>'
        '<userTask id="z"/><endEvent id="e"/>s -> o;o -> a : true\no -> x : true\nx -> i : false\nx -> b : true\ni -> c : true\ni -> d : true\n'
        "c -> ij;d -> ij;ij -> xj;b -> xj;xj -> oj;a -> oj;oj -> z;z -> e;",
        reload=reload,
    )
    d.do("a")
    assert d.open() == ["b"]
    d.do("b"), d.do("z")
    assert d.ended == "completed"
    return d


def test_d4_a_case_deeper_than_a_thousand_tasks_is_neither_lost_nor_called_complete() -> None:
    """3.2.0 stops looking at depth 1000 and reports such a case as completed (util/task.py)."""
    d = Drive(
        '<startEvent id="s"/><scriptTask id="i"><script>n = 0</script></scriptTask><exclusiveGateway id="m"/>'
        '<scriptTask id="a"><script>n = n + 1</script></scriptTask><subProcess id="sp"><startEvent id="ss"/><endEvent id="se"/>ss -> se;</subProcess>'
        '<exclusiveGateway id="k" default="back"/><userTask id="z"/><endEvent id="e"/>s -> i;i -> m;m -> a;a -> sp;sp -> k;k -> z : n >= 400\n'
        'z -> e;<sequenceFlow id="back" sourceRef="k" targetRef="m"/>'
    )
    assert d.open() == ["z"] and d.ended is None and d.variables()["n"] == 400
    d.do("z")
    assert d.ended == "completed"


def test_d5_sequential_parallel_blocks_do_not_multiply_the_state() -> None:
    """3.2.0 predicts the whole rest of the diagram once per branch: 131,069 tasks for 14 blocks."""
    blocks, flows = "", "s -> g0;"
    for n in range(60):
        blocks += f'<parallelGateway id="g{n}"/><userTask id="a{n}"/><userTask id="b{n}"/><parallelGateway id="j{n}"/>'
        flows += f"g{n} -> a{n};g{n} -> b{n};a{n} -> j{n};b{n} -> j{n};" + (
            f"j{n} -> g{n + 1};" if n < 59 else "j59 -> e;"
        )
    d = Drive(f'<startEvent id="s"/>{blocks}<endEvent id="e"/>{flows}')
    for n in range(60):
        d.do(f"a{n}"), d.do(f"b{n}")
    assert d.ended == "completed" and d.largest < 600


@twice
def test_d6_parallel_branches_and_calls_do_not_overwrite_fresh_values_with_stale_copies(reload: bool) -> Drive:
    """3.2.0 merges task data: the last finisher's old copy wins, lists are clobbered, deleted keys come back."""
    d = Drive(
        process(
            '<startEvent id="s"/><parallelGateway id="g"/><callActivity id="c" calledElement="q"/><userTask id="a"/>'
            '<parallelGateway id="j"/><userTask id="z"/>s -> g;g -> c;g -> a;c -> j;a -> j;j -> z;'
        )
        + process('<startEvent id="qs"/><userTask id="u"/><endEvent id="qe"/>qs -> u;u -> qe;', "q"),
        {"n": 1, "list": [1], "gone": True},
        reload=reload,
    )
    d.run.set_variables({}, remove=["gone"])
    d.do("a", {"n": 2, "list": [1, 2]})
    d.do("u", {"own": 5})
    assert d.open() == ["z"] and d.variables() == {"n": 2, "list": [1, 2], "own": 5}
    return d


def test_d7_python_in_a_condition_a_timer_or_a_script_is_not_executed(tmp_path: Path) -> None:
    """3.2.0 evaluates all of them with eval and exec."""
    trace = tmp_path / "pwned"
    evil = f"__import__('os').system('touch {trace}')"
    timer = f"<timerEventDefinition><timeDuration>{evil}</timeDuration></timerEventDefinition>"
    bodies = [
        f'<startEvent id="s"/><userTask id="a"/>s -> a : {evil}\n',
        f'<startEvent id="s"/><scriptTask id="a"><script>x = {evil}</script></scriptTask>s -> a;',
        f'<startEvent id="s"/><intermediateCatchEvent id="a">{timer}</intermediateCatchEvent>s -> a;',
        '<startEvent id="s"/><scriptTask id="a"><script>x = "a".__class__</script></scriptTask>s -> a;',
    ]
    refused = 0
    for body in bodies:
        try:
            d = Drive(body)
        except ModelFault:
            refused += 1
        else:
            assert d.variables().get("x") is None
    assert refused >= 3 and not trace.exists()


def test_d8_a_data_object_reference_two_scopes_up_does_not_hang_the_parser() -> None:
    """3.2.0 loops for ever (parser/node_parser.py)."""
    d = Drive(
        '<dataObject id="o"/><dataObjectReference id="r" dataObjectRef="o"/><startEvent id="s"/><subProcess id="x"><startEvent id="xs"/>'
        '<subProcess id="y"><startEvent id="ys"/><userTask id="a"><dataInputAssociation id="i"><sourceRef>r</sourceRef></dataInputAssociation>'
        "</userTask>ys -> a;</subProcess>xs -> y;</subProcess>s -> x;"
    )
    assert d.open() == ["a"]


@twice
def test_d9_a_running_timer_keeps_its_due_instant_over_save_and_load(reload: bool) -> Drive:
    """3.2.0's migration restarts waiting timers; our state keeps what was armed."""
    d = Drive(
        '<startEvent id="s"/><intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>'
        '</intermediateCatchEvent><userTask id="a"/>s -> t;t -> a;',
        reload=reload,
    )
    due = d.wait("t").due
    d.pass_time(minutes=59)
    assert d.wait("t").due == due and d.open() == []
    d.pass_time(minutes=1)
    assert d.open() == ["a"]
    return d


@twice
def test_d10_a_signal_end_event_is_thrown_and_caught(reload: bool) -> Drive:
    """3.2.0 ignores signal end events; link events and event sub-processes it mis-runs are refused (test_flow)."""
    signal = '<signalEventDefinition signalRef="S1"/>'
    d = Drive(
        '<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/>'
        f'<endEvent id="ea">{signal}</endEvent><intermediateCatchEvent id="c">{signal}</intermediateCatchEvent><userTask id="z"/>'
        "s -> g;g -> a;g -> c;a -> ea;c -> z;",
        reload=reload,
    )
    d.do("a")
    assert d.open() == ["z"] and d.thrown == [("signal", "s1")]
    return d
