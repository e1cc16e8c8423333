"""Sequence flows and gateways."""

from __future__ import annotations

import pytest

from service.engine import ModelFault
from tests.engine.drive import CYCLE, HOUR, MESSAGE, Drive, program_of, twice


def test_an_element_the_kernel_does_not_know_is_refused_with_id_and_line() -> None:
    with pytest.raises(ModelFault) as caught:
        program_of('<startEvent id="s"/>\n<callChoreography id="x"/><endEvent id="e"/>s -> x;x -> e;')
    assert caught.value.element == "x" and caught.value.line == 2 and "callChoreography" in caught.value.sentence


@pytest.mark.parametrize(
    "body",
    [
        '<startEvent id="s"><conditionalEventDefinition/></startEvent>',
        '<startEvent id="s"/><subProcess id="x" triggeredByEvent="true"><startEvent id="y"/></subProcess>',
        '<startEvent id="s"/><userTask id="a" isForCompensation="true"/>',
        '<startEvent id="s"/><intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>',
        '<startEvent id="s"/><adHocSubProcess id="a"/>',
        '<startEvent id="s"/><businessRuleTask id="a"/>',
        '<startEvent id="s"/><transaction id="a"/>',
        '<startEvent id="s"/><receiveTask id="a"/>',
        '<startEvent id="s"/><callActivity id="a"/>',
        '<startEvent id="s"/><boundaryEvent id="b" attachedToRef="s"><timerEventDefinition><timeDate>2026-01-01</timeDate>'
        "</timerEventDefinition></boundaryEvent>",
        '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="nowhere"/>',
        '<startEvent id="s"/><scriptTask id="t"><script>import os</script></scriptTask>',
        '<startEvent id="s"/><userTask id="a"><multiInstanceLoopCharacteristics/></userTask>',
        '<startEvent id="s"/><userTask id="a"><standardLoopCharacteristics/></userTask>',
        '<userTask id="a"/><userTask id="a"/>',
        "",
    ],
)
def test_what_cannot_be_run_is_never_skipped_in_silence(body: str) -> None:
    with pytest.raises(ModelFault):
        program_of(body)


@twice
def test_an_implicit_split_and_an_implicit_merge_run_every_token(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><endEvent id="e"/>'
        "s -> a;s -> b;a -> c;b -> c;c -> e;",
        reload=reload,
    )
    d.do("a"), d.do("b")
    assert d.open() == ["c", "c"]
    d.do("c")
    assert d.ended is None
    d.do("c")
    assert d.ended == "completed" and d.ends == ["e", "e"]
    return d


@twice
def test_conditional_flows_of_a_task_are_honoured_with_their_default(reload: bool) -> Drive:
    body = (
        '<startEvent id="s"/><userTask id="a" default="d"/><userTask id="b"/><userTask id="c"/><userTask id="x"/><endEvent id="e"/>'
        's -> a;a -> b : n > 1\na -> c : n > 2\n<sequenceFlow id="d" sourceRef="a" targetRef="x"/>b -> e;c -> e;x -> e;'
    )
    d = Drive(body, reload=reload)
    d.do("a", {"n": 0})
    assert d.open() == ["x"]
    d = Drive(body, reload=reload)
    d.do("a", {"n": 3})
    assert d.open() == ["b", "c"]
    return d


def test_flows_without_ids_run() -> None:
    d = Drive(
        '<startEvent id="s"/><userTask id="a"/><endEvent id="e"/><sequenceFlow sourceRef="s" targetRef="a"/>'
        '<sequenceFlow sourceRef="a" targetRef="e"/>'
    )
    d.do("a")
    assert d.ended == "completed"


@twice
def test_the_exclusive_gateway_takes_the_first_flow_that_holds(reload: bool) -> Drive:
    body = (
        '<startEvent id="s"/><exclusiveGateway id="g" default="d"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
        's -> g;g -> a : ${n == 1}\ng -> b : n >= 1\n<sequenceFlow id="d" sourceRef="g" targetRef="c"/>'
    )
    assert Drive(body, {"n": 1}, reload=reload).open() == ["a"]
    assert Drive(body, {"n": 2}, reload=reload).open() == ["b"]
    d = Drive(body, {"n": None}, reload=reload)
    assert d.open() == ["c"]
    return d


@twice
def test_no_flow_that_holds_and_no_default_is_an_incident_that_can_be_retried(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="a"/><userTask id="b"/>s -> g;g -> a : n = 1\ng -> b : n = 2\n',
        {"n": 3},
        reload=reload,
    )
    assert d.incidents() == ["g"] and "默认流向" in (d.wait("g").error or "")
    d.run.set_variables({"n": 2})
    d.run.retry(d.wait("g").id)
    d.settle()
    assert d.open() == ["b"] and d.count("entered p/g") == d.count("completed p/g") == 1
    return d


@twice
def test_a_condition_that_is_neither_true_nor_false_is_an_incident(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="a"/><userTask id="b"/>s -> g;g -> a : n\ng -> b : true\n',
        {"n": 7},
        reload=reload,
    )
    assert d.incidents() == ["g"] and "真或假" in (d.wait("g").error or "")
    return d


@twice
def test_an_inclusive_join_waits_for_what_can_still_come(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><inclusiveGateway id="o"/><userTask id="a"/><inclusiveGateway id="i"/><userTask id="b"/><userTask id="c"/>'
        '<inclusiveGateway id="ij"/><userTask id="d"/><inclusiveGateway id="oj"/><userTask id="z"/><endEvent id="e"/>'
        "s -> o;o -> a : true\no -> i : true\ni -> b : true\ni -> c : true\nb -> ij;c -> ij;ij -> d;d -> oj;a -> oj;oj -> z;z -> e;",
        reload=reload,
    )
    assert d.open() == ["a", "b", "c"]
    d.do("a")
    assert d.open() == ["b", "c"]
    d.do("b")
    assert d.open() == ["c"]
    d.do("c")
    assert d.open() == ["d"]
    d.do("d")
    assert d.open() == ["z"]
    d.do("z")
    assert d.ended == "completed"
    return d


@twice
def test_an_inclusive_join_does_not_wait_for_branches_not_taken(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><inclusiveGateway id="o" default="d"/><userTask id="a"/><userTask id="b"/><inclusiveGateway id="j"/>'
        '<userTask id="z"/>s -> o;o -> a : x\n<sequenceFlow id="d" sourceRef="o" targetRef="b"/>a -> j;b -> j;j -> z;',
        {"x": True},
        reload=reload,
    )
    assert d.open() == ["a"]
    d.do("a")
    assert d.open() == ["z"]
    return d


@twice
def test_excess_tokens_of_a_parallel_join_stay(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><userTask id="d"/>'
        '<exclusiveGateway id="m"/><exclusiveGateway id="n"/><parallelGateway id="j"/><userTask id="z"/><endEvent id="e"/>'
        "s -> g;g -> a;g -> b;g -> c;g -> d;a -> m;b -> m;c -> n;d -> n;m -> j;n -> j;j -> z;z -> e;",
        reload=reload,
    )
    d.do("a"), d.do("b")
    assert d.open() == ["c", "d"]
    d.do("c")
    assert d.open() == ["d", "z"]
    d.do("d")
    assert d.open() == ["z", "z"]
    d.do("z"), d.do("z")
    assert d.ended == "completed"
    return d


@twice
def test_the_first_event_behind_an_event_based_gateway_wins(reload: bool) -> Drive:
    half = HOUR.replace("PT1H", "PT30M")
    d = Drive(
        '<startEvent id="s"/><eventBasedGateway id="g"/>'
        f'<intermediateCatchEvent id="m">{MESSAGE}</intermediateCatchEvent><intermediateCatchEvent id="t1">{HOUR}</intermediateCatchEvent>'
        f'<intermediateCatchEvent id="t2">{half}</intermediateCatchEvent><receiveTask id="rt" messageRef="M2"/><userTask id="z"/><endEvent id="e"/>'
        "s -> g;g -> m;g -> t1;g -> t2;g -> rt;m -> e;t1 -> e;t2 -> z;rt -> e;z -> e;",
        reload=reload,
    )
    assert len(d.waits()) == 4
    d.pass_time(minutes=31)
    assert d.open() == ["z"] and len(d.waits()) == 1
    assert d.count("entered p/t2") == 1 and d.count("entered p/t1") == d.count("cancelled p/t1") == 0
    d.do("z")
    assert d.ended == "completed"
    return d


@twice
def test_a_receive_task_can_win_behind_an_event_based_gateway(reload: bool) -> Drive:
    d = Drive(
        f'<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="t1">{HOUR}</intermediateCatchEvent>'
        '<receiveTask id="rt" messageRef="M2"/><userTask id="z"/><endEvent id="e"/>s -> g;g -> t1;g -> rt;t1 -> e;rt -> z;z -> e;',
        reload=reload,
    )
    assert d.send("message", "m2", {"got": 1}) == 1
    assert d.open() == ["z"] and d.variables()["got"] == 1 and d.waits() == d.waits(element="z")
    return d


@twice
def test_three_thousand_elements_in_a_row_parse_and_run(reload: bool) -> Drive:
    size = 3000 if not reload else 300
    tasks = "".join(f'<task id="t{n}"/>' for n in range(size))
    flows = "".join(f"t{n} -> t{n + 1};" for n in range(size - 1))
    d = Drive(f'<startEvent id="s"/>{tasks}<endEvent id="e"/>s -> t0;{flows}t{size - 1} -> e;', reload=reload)
    assert d.ended == "completed"
    return Drive('<startEvent id="s"/>', reload=reload)


@twice
def test_a_loop_holds_a_handful_of_tokens_however_often_it_turns(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><exclusiveGateway id="m"/><userTask id="a"/><boundaryEvent id="w" attachedToRef="a" cancelActivity="false">'
        f'{CYCLE}</boundaryEvent><userTask id="wu"/><endEvent id="we"/>w -> wu;wu -> we;<parallelGateway id="g"/><task id="x"/><task id="y"/>'
        '<parallelGateway id="j"/><subProcess id="sp"><startEvent id="ss"/><task id="st"/><endEvent id="se"/>ss -> st;st -> se;</subProcess>'
        '<exclusiveGateway id="k" default="back"/><endEvent id="e"/>s -> m;m -> a;a -> g;g -> x;g -> y;x -> j;y -> j;j -> sp;sp -> k;'
        'k -> e : n >= 50\n<sequenceFlow id="back" sourceRef="k" targetRef="m"/>',
        reload=reload,
    )
    for n in range(1, 51):
        d.do("a", {"n": n})
    assert d.ended == "completed" and d.largest < 1000
    return d


@twice
def test_a_join_whose_other_branch_was_interrupted_says_so_instead_of_waiting_for_ever(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/><userTask id="z"/>'
        f'<boundaryEvent id="t" attachedToRef="b">{HOUR}</boundaryEvent><userTask id="x"/><endEvent id="xe"/>s -> g;g -> a;g -> b;a -> j;b -> j;'
        "j -> z;t -> x;x -> xe;",
        reload=reload,
    )
    d.do("a"), d.pass_time(hours=1)
    assert d.incidents() == [] and d.open() == ["x"]
    d.do("x")
    assert d.incidents() == ["j"] and d.ended is None
    d.run.retry(d.wait("j").id)
    d.settle()
    assert d.incidents() == ["j"] and d.count("entered p/j") == 0
    return d
