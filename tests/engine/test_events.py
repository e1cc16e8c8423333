"""Boundary events, catch and throw events, errors, escalations, signals."""

from __future__ import annotations

from service.engine import WaitKind
from tests.engine.drive import CYCLE, ERROR, ESCALATION, HOUR, MESSAGE, SIGNAL, Drive, process, twice

ERROR_2 = '<errorEventDefinition errorRef="E2"/>'


@twice
def test_an_error_nobody_catches_is_an_incident_and_never_a_completed_case(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><subProcess id="x"><startEvent id="is"/><userTask id="a"/>'
        f'<endEvent id="ie">{ERROR_2}</endEvent>is -> a;a -> ie;</subProcess><endEvent id="e"/>s -> x;x -> e;'
        f'<boundaryEvent id="b" attachedToRef="x">{ERROR}</boundaryEvent><endEvent id="be"/>b -> be;',
        reload=reload,
    )
    d.do("a")
    assert d.ended is None and d.incidents() == ["ie"] and "e2" in (d.wait("ie").error or "")
    d.run.retry(d.wait("ie").id)
    d.settle()
    assert d.incidents() == ["ie"]
    return d


@twice
def test_the_specific_error_code_is_caught_before_the_catch_all_and_outwards_through_calls(reload: bool) -> Drive:
    d = Drive(
        process(
            '<startEvent id="s"/><callActivity id="c" calledElement="q"/>'
            '<boundaryEvent id="any" attachedToRef="c"><errorEventDefinition/></boundaryEvent>'
            f'<boundaryEvent id="one" attachedToRef="c">{ERROR}</boundaryEvent>'
            '<userTask id="ua"/><userTask id="uo"/><endEvent id="e"/>s -> c;c -> e;any -> ua;one -> uo;ua -> e;uo -> e;'
        )
        + process(
            '<startEvent id="qs"/><serviceTask id="w" camunda:topic="t"/>'
            f'<boundaryEvent id="wb" attachedToRef="w">{ERROR_2}</boundaryEvent><userTask id="fix"/><endEvent id="qe"/>'
            "qs -> w;w -> qe;wb -> fix;fix -> w;",
            "q",
        ),
        reload=reload,
    )
    assert d.fail("w", "e2") and d.open() == ["fix"]
    d.do("fix")
    assert d.fail("w", "e1") and d.open() == ["uo"]
    d.do("uo")
    assert d.ended == "completed"
    return d


@twice
def test_an_error_of_a_worker_that_nobody_catches_is_an_incident_and_can_be_retried(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><serviceTask id="w" camunda:topic="t"/><userTask id="a"/>s -> w;w -> a;', reload=reload
    )
    id = d.wait("w").id
    assert not d.fail("w", "boom", message="disk full")
    assert d.incidents() == ["w"] and "disk full" in (d.wait("w").error or "") and d.wait("w").id == id
    assert d.outcomes[-1].closed == (id,) and d.outcomes[-1].opened[0].kind is WaitKind.INCIDENT
    d.run.retry(id)
    d.settle()
    assert d.wait("w").kind is WaitKind.EXTERNAL_TASK
    d.do("w")
    assert d.open() == ["a"]
    return d


@twice
def test_an_error_carries_its_code_message_and_variables_to_the_catcher(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><serviceTask id="w" camunda:topic="t"/><boundaryEvent id="b" attachedToRef="w">'
        '<errorEventDefinition errorRef="E1" camunda:errorCodeVariable="code" camunda:errorMessageVariable="told"/></boundaryEvent>'
        '<userTask id="a"/>s -> w;b -> a;',
        reload=reload,
    )
    assert d.fail("w", "e1", message="why", variables={"x": 1})
    assert d.variables() == {"code": "e1", "told": "why", "x": 1}
    return d


@twice
def test_an_uncaught_escalation_is_reported_and_the_flow_goes_on(reload: bool) -> Drive:
    d = Drive(
        f'<startEvent id="s"/><intermediateThrowEvent id="t">{ESCALATION}</intermediateThrowEvent><userTask id="a"/>s -> t;t -> a;',
        reload=reload,
    )
    assert d.open() == ["a"] and d.thrown == [("escalation", "x1")] and d.incidents() == []
    return d


@twice
def test_a_non_interrupting_escalation_is_caught_on_the_call_and_both_go_on(reload: bool) -> Drive:
    d = Drive(
        process(
            '<startEvent id="s"/><callActivity id="c" calledElement="q"/>'
            f'<boundaryEvent id="b" attachedToRef="c" cancelActivity="false">{ESCALATION}</boundaryEvent>'
            '<serviceTask id="r" zw:action="record"/><endEvent id="re"/><endEvent id="e"/>s -> c;c -> e;b -> r;r -> re;'
        )
        + process(
            f'<startEvent id="qs"/><userTask id="u"/><boundaryEvent id="t" attachedToRef="u" cancelActivity="false">{HOUR}</boundaryEvent>'
            f'<endEvent id="x">{ESCALATION}</endEvent><endEvent id="qe"/>qs -> u;u -> qe;t -> x;',
            "q",
        ),
        reload=reload,
    )
    d.pass_time(hours=1)
    assert d.open() == ["u"] and [w.element for w in d.waits(WaitKind.ACTION)] == ["r"] and d.thrown == []
    d.do("u"), d.do("r")
    assert d.ended == "completed"
    return d


@twice
def test_an_interrupting_escalation_takes_the_thrower_with_it(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><subProcess id="x"><startEvent id="is"/><userTask id="a"/><parallelGateway id="g"/><userTask id="b"/>'
        f'<endEvent id="ie">{ESCALATION}</endEvent>is -> g;g -> a;g -> b;a -> ie;</subProcess>'
        f'<boundaryEvent id="be" attachedToRef="x">{ESCALATION}</boundaryEvent><userTask id="h"/><endEvent id="e"/>s -> x;x -> e;be -> h;h -> e;',
        reload=reload,
    )
    d.do("a")
    assert d.open() == ["h"] and d.count("cancelled p/b") == 1 and d.count("cancelled p/x") == 1
    d.do("h")
    assert d.ended == "completed"
    return d


@twice
def test_a_task_may_throw_an_escalation_and_stay_open(reload: bool) -> Drive:
    d = Drive(
        f'<startEvent id="s"/><userTask id="a"/><boundaryEvent id="b" attachedToRef="a" cancelActivity="false">{ESCALATION}</boundaryEvent>'
        '<userTask id="h"/>s -> a;b -> h;',
        reload=reload,
    )
    assert d.run.throw_escalation(d.wait("a").id, "x1", {"v": 1})
    d.settle()
    assert d.open() == ["a", "h"] and d.variables() == {"v": 1}
    assert not d.run.throw_escalation(d.wait("a").id, "other")
    d.settle()
    assert d.open() == ["a", "h"] and d.thrown == [("escalation", "other")]
    return d


@twice
def test_non_interrupting_boundary_messages_fire_again_and_again_and_a_signal_interrupts(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><subProcess id="x"><startEvent id="is"/><userTask id="iu"/><endEvent id="ie"/>is -> iu;iu -> ie;</subProcess>'
        f'<boundaryEvent id="bm" attachedToRef="x" cancelActivity="false">{MESSAGE}</boundaryEvent><userTask id="n"/><endEvent id="ne"/>bm -> n;n -> ne;'
        f'<boundaryEvent id="bs" attachedToRef="x">{SIGNAL}</boundaryEvent><userTask id="q"/><endEvent id="qe"/>bs -> q;q -> qe;'
        '<endEvent id="e"/>s -> x;x -> e;',
        reload=reload,
    )
    wait = d.wait("bm")
    assert wait.activity_type == "boundaryMessage" and wait.event == "m1" and wait.host is not None
    d.send("message", "m1", {"k": 1}), d.send("message", "m1")
    assert d.open() == ["iu", "n", "n"] and d.variables() == {"k": 1}
    d.send("signal", "s1")
    assert d.open() == ["n", "n", "q"] and d.waits(WaitKind.MESSAGE) == []
    d.do("n"), d.do("q"), d.do("n")
    assert d.ended == "completed"
    return d


@twice
def test_an_interrupting_boundary_timer_cancels_its_activity_once(reload: bool) -> Drive:
    d = Drive(
        f'<startEvent id="s"/><userTask id="a"/><boundaryEvent id="t" attachedToRef="a">{CYCLE}</boundaryEvent><userTask id="h"/>'
        '<endEvent id="e"/>s -> a;a -> e;t -> h;h -> e;',
        reload=reload,
    )
    d.pass_time(hours=5)
    assert (
        d.open() == ["h"]
        and d.count("cancelled p/a") == 1
        and d.count("completed p/t") == 1
        and d.waits(WaitKind.TIMER) == []
    )
    return d


@twice
def test_a_boundary_cycle_fires_as_often_as_it_says_and_keeps_its_token(reload: bool) -> Drive:
    d = Drive(
        f'<startEvent id="s"/><userTask id="a"/><boundaryEvent id="t" attachedToRef="a" cancelActivity="false">{CYCLE}</boundaryEvent>'
        '<userTask id="h"/><endEvent id="e"/>s -> a;a -> e;t -> h;h -> e;',
        reload=reload,
    )
    first = d.wait("t")
    d.pass_time(hours=1)
    again = d.wait("t")
    assert (
        again.id == first.id
        and again.due is not None
        and first.due is not None
        and (again.due - first.due).seconds == 3600
    )
    assert d.outcomes[-1].changed == (again,)
    d.pass_time(hours=9)
    assert d.open() == ["a", "h", "h", "h"] and d.waits(WaitKind.TIMER) == []
    return d


def test_a_boundary_subscription_that_never_fired_leaves_no_passage() -> None:
    d = Drive(
        f'<startEvent id="s"/><userTask id="a"/><boundaryEvent id="t" attachedToRef="a">{HOUR}</boundaryEvent><endEvent id="e"/>s -> a;a -> e;t -> e;'
    )
    d.do("a")
    assert d.ended == "completed" and not [line for line in d.trace if line.endswith("/t")]


def test_activity_types_are_those_camunda_users_know() -> None:
    d = Drive(
        f'<startEvent id="s"/><userTask id="a"/><boundaryEvent id="t" attachedToRef="a">{HOUR}</boundaryEvent>'
        f'<intermediateCatchEvent id="c">{HOUR}</intermediateCatchEvent><endEvent id="e"><terminateEventDefinition/></endEvent>s -> a;t -> c;c -> e;'
    )
    d.pass_time(hours=1), d.pass_time(hours=1)
    types = {p.element: p.activity_type for outcome in d.outcomes for p in outcome.passages}
    assert types == {
        "s": "startEvent",
        "a": "userTask",
        "t": "boundaryTimer",
        "c": "intermediateTimer",
        "e": "terminateEndEvent",
    }


@twice
def test_terminate_ends_its_own_scope_only(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><parallelGateway id="g"/><subProcess id="x"><startEvent id="is"/><parallelGateway id="ig"/><userTask id="a"/><userTask id="b"/>'
        '<endEvent id="t"><terminateEventDefinition/></endEvent>is -> ig;ig -> a;ig -> b;a -> t;</subProcess><userTask id="c"/><userTask id="d"/>'
        "s -> g;g -> x;g -> c;x -> d;",
        reload=reload,
    )
    d.do("a")
    assert d.open() == ["c", "d"] and d.count("cancelled p/b") == 1 and d.count("completed p/x") == 1
    return d


@twice
def test_thrown_messages_are_reported_and_thrown_signals_reach_the_same_instance_at_once(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/>'
        f'<intermediateThrowEvent id="m">{MESSAGE}</intermediateThrowEvent><intermediateThrowEvent id="t">{SIGNAL}</intermediateThrowEvent><endEvent id="ea"/>'
        f'<userTask id="b"/><boundaryEvent id="bs" attachedToRef="b" cancelActivity="false">{SIGNAL}</boundaryEvent><userTask id="h"/>'
        f'<intermediateCatchEvent id="c">{SIGNAL}</intermediateCatchEvent><userTask id="z"/>'
        "s -> g;g -> a;g -> b;g -> c;a -> m;m -> t;t -> ea;bs -> h;c -> z;",
        reload=reload,
    )
    d.do("a")
    assert d.thrown == [("message", "m1"), ("signal", "s1")] and d.open() == ["b", "h", "z"]
    return d


def test_an_instance_can_begin_at_a_message_start_event_and_knows_its_initiator() -> None:
    body = (
        '<startEvent id="s" camunda:initiator="who"/>'
        f'<startEvent id="sm" camunda:initiator="sender">{MESSAGE}</startEvent><userTask id="a"/><userTask id="b"/>s -> a;sm -> b;'
    )
    d = Drive(body, start="sm", initiator="lizhao")
    assert d.open() == ["b"] and d.variables() == {"sender": "lizhao"} and d.trace[0] == "entered p/sm"
    assert d.outcomes[0].passages[0].activity_type == "messageStartEvent"
    assert Drive(body, initiator="lizhao").variables() == {"who": "lizhao"}


@twice
def test_interrupting_the_host_inside_a_half_joined_block_leaves_nothing_behind(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><subProcess id="x"><startEvent id="is"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
        f'<endEvent id="ie"/>is -> g;g -> a;g -> b;a -> j;b -> j;j -> ie;</subProcess><boundaryEvent id="t" attachedToRef="x">{HOUR}</boundaryEvent>'
        '<endEvent id="e"/>s -> x;x -> e;t -> e;',
        reload=reload,
    )
    d.do("a"), d.pass_time(hours=1)
    assert d.ended == "completed" and not d.run._instance.index and not d.run._instance.subprocesses
    return d


@twice
def test_a_process_as_a_whole_may_be_escalated_and_goes_on(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>s -> a;a -> e;'
        f'<subProcess id="x" triggeredByEvent="true"><startEvent id="xs" isInterrupting="false">{ESCALATION}</startEvent>'
        '<userTask id="h"/><endEvent id="xe"/>xs -> h;h -> xe;</subProcess>',
        reload=reload,
    )
    assert d.run.escalate(None, "x1", {"late": "M1"})
    d.settle()
    assert d.open() == ["a", "h"] and d.variables() == {"late": "M1"}
    assert not d.run.escalate(None, "other") and not d.run.escalate(d.wait("a").id, "x1")
    d.do("a"), d.do("h")
    assert d.ended == "completed" and d.thrown == []
    return d
