"""Moving tokens: every topology × going back, going straight back, jumping. What ends, what waits, what never happens twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.engine import Spot, Target, WaitKind
from service.rules.refusals import Conflict
from tests.engine.drive import HOUR, MESSAGE, Drive, process, twice

LINEAR = '<startEvent id="s"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><endEvent id="e"/>s -> a;a -> b;b -> c;c -> e;'
PARALLEL = (
    '<startEvent id="s"/><userTask id="a"/><parallelGateway id="fork"/><userTask id="b1"/><userTask id="b2"/>'
    '<userTask id="c1"/><parallelGateway id="join"/><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> fork;fork -> b1;b1 -> b2;b2 -> join;fork -> c1;c1 -> join;join -> z;z -> e;"
)
INCLUSIVE = PARALLEL.replace("parallelGateway", "inclusiveGateway").replace("fork -> c1", "fork -> c1 : both = true\n")
EXCLUSIVE = (
    '<startEvent id="s"/><userTask id="a"/><exclusiveGateway id="x"/><userTask id="b"/><userTask id="c"/>'
    '<exclusiveGateway id="m"/><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> x;x -> b : left = true\nx -> c : left != true\nb -> m;c -> m;m -> z;z -> e;"
)
MANY = "<multiInstanceLoopCharacteristics{flag}><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
SIGNED = (
    '<startEvent id="s"/><userTask id="a"/><userTask id="sign">{loop}</userTask><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> sign;sign -> z;z -> e;"
)
EMBEDDED = (
    '<startEvent id="s"/><userTask id="a"/><subProcess id="x">{loop}<startEvent id="xs"/><userTask id="u"/><userTask id="v"/>'
    '<endEvent id="xe"/>xs -> u;u -> v;v -> xe;</subProcess><boundaryEvent id="late" attachedToRef="x">{timer}</boundaryEvent>'
    '<endEvent id="le"/><userTask id="z"/><endEvent id="e"/>s -> a;a -> x;x -> z;z -> e;late -> le;'
).replace("{timer}", HOUR)
CALLED = process(
    '<startEvent id="qs"/><userTask id="u"/><userTask id="v"/><endEvent id="qe"/>qs -> u;u -> v;v -> qe;', "q"
)
CALLING = (
    process(
        '<startEvent id="s"/><userTask id="a"/><callActivity id="c" calledElement="q"/><userTask id="z"/><endEvent id="e"/>'
        "s -> a;a -> c;c -> z;z -> e;"
    )
    + CALLED
)
LOOPED = (
    '<startEvent id="s"/><exclusiveGateway id="again"/><userTask id="a"/><parallelGateway id="fork"/><userTask id="b"/>'
    '<userTask id="c"/><parallelGateway id="join"/><userTask id="d"/><exclusiveGateway id="x"/><endEvent id="e"/>'
    "s -> again;again -> a;a -> fork;fork -> b;fork -> c;b -> join;c -> join;join -> d;d -> x;"
    "x -> again : more = true\nx -> e : more != true\n"
)
NESTED = (
    '<startEvent id="s"/><userTask id="a"/><parallelGateway id="f1"/><userTask id="p"/><parallelGateway id="f2"/>'
    '<userTask id="q"/><userTask id="r"/><parallelGateway id="j2"/><userTask id="t"/><userTask id="u"/>'
    '<parallelGateway id="j1"/><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> f1;f1 -> p;p -> f2;f2 -> q;f2 -> r;q -> j2;r -> j2;j2 -> t;t -> j1;f1 -> u;u -> j1;j1 -> z;z -> e;"
)


def passed(d: Drive) -> set[tuple[UUID | None, str]]:
    """What a table of completed user tasks would say."""
    return {
        (one.variable_scope, one.element)
        for outcome in d.outcomes
        for one in outcome.passages
        if one.what == "completed" and one.activity_type == "userTask"
    }


def targets(d: Drive, element: str) -> dict[str, Target]:
    """Where the task on an element may be returned to."""
    return {one.spot.element: one for one in d.run.targets(d.wait(element).id, passed(d))}


def move(d: Drive, source: str, target: str, nth: int = 0, **more: str) -> Target:
    """Move the nth token on an element to the nearest target of that name."""
    token = d.wait(source, nth).id
    found = [one for one in (*d.run.targets(token, passed(d)), *d.run.places(token)) if one.spot.element == target]
    spot = found[0].spot if found else Spot(element=target)
    done = d.run.move([token], spot, **more)
    d.settle()
    return done


def finish(d: Drive, limit: int = 60) -> Drive:
    """Complete whatever is open until the case has ended."""
    for _ in range(limit):
        if d.ended:
            return d
        d.do(d.open()[0])
    raise AssertionError(f"does not end: {d.open()}")


# -- what is refused


def test_a_target_nobody_knows_is_refused() -> None:
    d = Drive(LINEAR)
    with pytest.raises(Conflict, match="MOVE_TARGET_UNKNOWN"):
        d.run.move([d.wait("a").id], Spot(element="nobody"))
    assert d.open() == ["a"]


def test_a_branch_is_not_entered_from_behind_its_join() -> None:
    d = Drive(PARALLEL)
    for element in ("a", "b1", "b2", "c1"):
        d.do(element)
    told = targets(d, "z")
    assert told["a"].refused is None
    assert {name for name, one in told.items() if one.refused and one.refused.code == "MOVE_INTO_PARALLEL"} == {
        "b1",
        "b2",
        "c1",
    }
    with pytest.raises(Conflict, match="MOVE_INTO_PARALLEL"):
        move(d, "z", "b2")
    assert d.open() == ["z"]


def test_a_branch_is_not_entered_from_another_one() -> None:
    d = Drive(PARALLEL)
    d.do("a")
    d.do("b1")
    with pytest.raises(Conflict, match="MOVE_INTO_PARALLEL"):
        move(d, "c1", "b2")
    assert d.open() == ["b2", "c1"]


def test_one_instance_is_not_entered() -> None:
    d = Drive(EMBEDDED.replace("{loop}", MANY.replace("{flag}", "")))
    with pytest.raises(Conflict, match="MOVE_INTO_INSTANCE"):
        move(d, "a", "u")
    assert d.open() == ["a"]


def test_a_called_process_that_has_ended_is_not_entered() -> None:
    d = Drive(CALLING)
    for element in ("a", "u", "v"):
        d.do(element)
    assert set(targets(d, "z")) == {"a"}
    with pytest.raises(Conflict, match="MOVE_TARGET_UNKNOWN"):
        move(d, "z", "u")


def test_no_token_is_put_before_another_one_on_the_same_way() -> None:
    d = Drive(
        '<startEvent id="s"/><userTask id="a"/><boundaryEvent id="b" attachedToRef="a" cancelActivity="false">'
        f'{MESSAGE}</boundaryEvent><userTask id="urge"/><userTask id="z"/><endEvent id="e"/><endEvent id="ue"/>'
        "s -> a;a -> z;z -> e;b -> urge;urge -> ue;"
    )
    d.send("message", "m1")
    with pytest.raises(Conflict, match="MOVE_ON_THE_WAY"):
        move(d, "urge", "z")
    assert sorted(d.open()) == ["a", "urge"]


def test_nothing_is_moved_while_something_is_being_undone() -> None:
    undo = "<compensateEventDefinition/>"
    d = Drive(
        f'<startEvent id="s"/><userTask id="a"/><boundaryEvent id="b" attachedToRef="a">{undo}</boundaryEvent>'
        f'<userTask id="undo_a" isForCompensation="true"/><association id="as" sourceRef="b" targetRef="undo_a"/>'
        f'<intermediateThrowEvent id="t">{undo}</intermediateThrowEvent><endEvent id="e"/>s -> a;a -> t;t -> e;'
    )
    d.do("a")
    with pytest.raises(Conflict, match="MOVE_UNDOING"):
        d.run.move([d.wait("undo_a").id], Spot(element="a"))


# -- going back


@twice
def test_back_in_a_line_and_everything_after_it_again(reload: bool) -> Drive:
    d = Drive(LINEAR, reload=reload)
    d.do("a")
    d.do("b")
    told = move(d, "c", "a", person="zhang")
    assert [one.element for one in told.cancelled] == ["c"] and told.backwards and told.straight
    assert d.open() == ["a"] and d.wait("a").returned_to == "zhang"
    assert d.count("cancelled p/c") == 1 and d.count("entered p/a") == 2
    finish(d)
    assert d.count("completed p/b") == 2 and d.count("completed p/c") == 1
    return d


@twice
def test_straight_back_leaves_out_what_lies_between(reload: bool) -> Drive:
    d = Drive(LINEAR, reload=reload)
    d.do("a")
    d.do("b")
    move(d, "c", "a", person="zhang", back="chen")
    d.do("a")
    assert d.open() == ["c"] and d.wait("c").returned_to == "chen"
    finish(d)
    assert d.count("completed p/b") == 1
    return d


def test_back_three_hundred_times_keeps_the_state_as_small() -> None:
    d = Drive(LINEAR)
    d.do("a")
    size = len(d.state)
    for _ in range(300):
        move(d, "b", "a")
        d.do("a")
    assert len(d.state) <= size + 40
    finish(d)


@twice
def test_back_over_a_choice_chooses_again(reload: bool) -> Drive:
    d = Drive(EXCLUSIVE, {"left": True}, reload=reload)
    d.do("a")
    d.do("b")
    assert set(targets(d, "z")) == {"a", "b"}
    move(d, "z", "a")
    d.do("a", {"left": False})
    assert d.open() == ["c"]
    assert set(targets(d, "c")) == {"a"}
    return finish(d)


@twice
def test_back_inside_a_branch_touches_this_branch_only(reload: bool) -> Drive:
    d = Drive(PARALLEL, reload=reload)
    d.do("a")
    d.do("b1")
    told = move(d, "b2", "b1")
    assert [one.element for one in told.cancelled] == ["b2"] and told.forgotten == ()
    assert d.open() == ["b1", "c1"]
    finish(d)
    assert d.count("completed p/z") == 1 and d.count("completed p/join") == 1
    return d


@twice
def test_back_inside_a_branch_while_the_other_waits_at_the_join(reload: bool) -> Drive:
    d = Drive(PARALLEL, reload=reload)
    for element in ("a", "b1", "c1"):
        d.do(element)
    move(d, "b2", "b1")
    assert d.open() == ["b1"]
    finish(d)
    assert d.count("completed p/z") == 1 and d.count("completed p/c1") == 1
    return d


@twice
def test_back_before_the_split_ends_the_other_branches(reload: bool) -> Drive:
    d = Drive(PARALLEL, reload=reload)
    d.do("a")
    told = targets(d, "b1")["a"]
    assert [one.element for one in told.cancelled] == ["b1", "c1"] and not told.forgotten
    move(d, "b1", "a")
    assert d.open() == ["a"] and d.count("cancelled p/c1") == 1
    finish(d)
    assert d.count("completed p/z") == 1 and d.count("completed p/c1") == 1
    return d


@twice
def test_back_before_the_split_forgets_what_has_arrived_at_the_join(reload: bool) -> Drive:
    d = Drive(PARALLEL, reload=reload)
    for element in ("a", "c1"):
        d.do(element)
    told = move(d, "b1", "a")
    assert [(one.element, one.flows) for one in told.forgotten] == [("join", 1)]
    d.do("a")
    d.do("b1")
    d.do("b2")
    assert d.open() == ["c1"], "the stale arrival must not fire the join"
    finish(d)
    assert d.count("completed p/z") == 1
    return d


@twice
def test_back_from_behind_the_join_to_before_the_split(reload: bool) -> Drive:
    d = Drive(PARALLEL, reload=reload)
    for element in ("a", "b1", "b2", "c1"):
        d.do(element)
    move(d, "z", "a")
    finish(d)
    assert d.count("completed p/c1") == 2 and d.count("completed p/z") == 1
    return d


@twice
def test_an_inclusive_join_waits_for_the_branches_that_run_this_time(reload: bool) -> Drive:
    d = Drive(INCLUSIVE, {"both": True}, reload=reload)
    for element in ("a", "c1"):
        d.do(element)
    told = move(d, "b1", "a")
    assert [one.element for one in told.forgotten] == ["join"]
    d.do("a", {"both": False})
    assert d.open() == ["b1"]
    finish(d)
    assert d.count("completed p/z") == 1 and d.count("completed p/c1") == 1
    return d


@twice
def test_one_branch_of_an_inclusive_block_may_be_asked_again(reload: bool) -> Drive:
    d = Drive(INCLUSIVE, {"both": True}, reload=reload)
    for element in ("a", "b1", "b2", "c1"):
        d.do(element)
    told = move(d, "z", "c1")
    assert [one.element for one in told.cancelled] == ["z"]
    assert d.open() == ["c1"]
    d.do("c1")
    assert d.open() == ["z"]
    return finish(d)


@pytest.mark.parametrize("flag", ["", ' isSequential="true"'])
def test_back_from_one_of_several_ends_all_of_them(flag: str) -> None:
    d = Drive(SIGNED.replace("{loop}", MANY.replace("{flag}", flag)))
    d.do("a")
    d.do("sign")
    told = move(d, "sign", "a")
    assert {one.element for one in told.cancelled} == {"sign"} and not told.straight
    assert len(told.cancelled) == (1 if flag else 2)
    assert d.open() == ["a"]
    d.do("a")
    assert len(d.open()) == (1 if flag else 3)
    finish(d)
    assert d.count("completed p/z") == 1 and d.count("completed p/sign") == 4


@pytest.mark.parametrize("flag", ["", ' isSequential="true"'])
def test_back_to_a_countersigning_begins_it_as_a_whole(flag: str) -> None:
    d = Drive(SIGNED.replace("{loop}", MANY.replace("{flag}", flag)))
    for element in ("a", "sign", "sign", "sign"):
        d.do(element)
    move(d, "z", "sign", person="zhang")
    assert len(d.open()) == (1 if flag else 3)
    finish(d)
    assert d.count("completed p/sign") == 6


@twice
def test_back_inside_a_sub_process_keeps_its_timer(reload: bool) -> Drive:
    d = Drive(EMBEDDED.replace("{loop}", ""), reload=reload)
    for element in ("a", "u"):
        d.do(element)
    timer = d.wait("late").id
    told = move(d, "v", "u")
    assert [one.element for one in told.cancelled] == ["v"]
    assert d.open() == ["u"] and d.wait("late").id == timer
    return finish(d)


@twice
def test_back_out_of_a_sub_process_ends_it_and_its_timer(reload: bool) -> Drive:
    d = Drive(EMBEDDED.replace("{loop}", ""), reload=reload)
    for element in ("a", "u"):
        d.do(element)
    told = move(d, "v", "a", back="chen")
    assert sorted(one.element for one in told.cancelled) == ["late", "v"] and len(told.scopes) == 1
    assert not d.waits(WaitKind.TIMER)
    d.do("a")
    assert d.open() == ["v"] and d.waits(WaitKind.TIMER), "straight back into the sub-process, its timer armed anew"
    finish(d)
    assert d.count("completed p/u") == 1 and d.count("completed p/z") == 1
    return d


@twice
def test_back_into_a_sub_process_that_has_ended_opens_it_there(reload: bool) -> Drive:
    d = Drive(EMBEDDED.replace("{loop}", ""), reload=reload)
    for element in ("a", "u", "v"):
        d.do(element)
    told = move(d, "z", "v", person="zhang")
    assert not told.straight and d.open() == ["v"] and d.wait("v").returned_to == "zhang"
    assert [one.element for one in d.waits(WaitKind.TIMER)] == ["late"]
    finish(d)
    assert d.count("completed p/u") == 1 and d.count("completed p/x") == 2
    return d


@twice
def test_back_out_of_a_called_process_to_who_called_it(reload: bool) -> Drive:
    d = Drive(CALLING, reload=reload)
    for element in ("a", "u"):
        d.do(element)
    assert set(targets(d, "v")) == {"u", "a"}
    told = move(d, "v", "a")
    assert len(told.scopes) == 1 and not told.straight and d.open() == ["a"]
    with pytest.raises(Conflict, match="MOVE_NOT_STRAIGHT"):
        d.do("a")
        d.run.move([d.wait("u").id], Spot(element="a"), back="chen")
    finish(d)
    assert d.count("completed q/u") == 2 and d.count("completed p/c") == 1
    return d


@twice
def test_back_and_forth_inside_a_loop(reload: bool) -> Drive:
    d = Drive(LOOPED, reload=reload)
    for element in ("a", "b", "c"):
        d.do(element)
    d.do("d", {"more": True})
    for element in ("a", "b"):
        d.do(element)
    told = move(d, "c", "a")
    assert [one.element for one in told.forgotten] == ["join"] and d.open() == ["a"]
    for element in ("a", "b", "c"):
        d.do(element)
    d.do("d", {"more": False})
    assert d.ended and d.count("completed p/join") == 2
    return d


def test_back_inside_a_branch_of_a_loop_while_the_other_waits() -> None:
    d = Drive(
        LOOPED.replace("fork -> b;", "fork -> b0;b0 -> b;").replace(
            '<userTask id="b"/>', '<userTask id="b0"/><userTask id="b"/>'
        )
    )
    for element in ("a", "b0", "c"):
        d.do(element)
    move(d, "b", "b0")
    assert d.open() == ["b0"]
    finish(d)
    assert d.count("completed p/join") == 1


@twice
def test_back_inside_blocks_within_blocks(reload: bool) -> Drive:
    d = Drive(NESTED, reload=reload)
    for element in ("a", "p", "q"):
        d.do(element)
    told = targets(d, "r")
    assert set(told) == {"p", "a", "q"} and told["q"].refused is not None
    inner, outer = told["p"], told["a"]
    assert [one.element for one in inner.cancelled] == ["r"] and [one.element for one in inner.forgotten] == ["j2"]
    assert [one.element for one in outer.cancelled] == ["r", "u"]
    move(d, "r", "p")
    assert d.open() == ["p", "u"]
    for element in ("p", "q", "r"):
        d.do(element)
    assert d.open() == ["t", "u"]
    d.do("u")
    assert {name for name, one in targets(d, "t").items() if one.refused is None} == {"a", "p"}
    move(d, "t", "p")
    finish(d)
    assert d.count("completed p/z") == 1 and d.count("completed p/u") == 1
    return d


@twice
def test_timers_of_the_task_are_armed_anew(reload: bool) -> Drive:
    d = Drive(
        f'<startEvent id="s"/><userTask id="a"/><boundaryEvent id="t" attachedToRef="a">{HOUR}</boundaryEvent>'
        '<endEvent id="te"/><userTask id="z"/><endEvent id="e"/>s -> a;a -> z;z -> e;t -> te;',
        reload=reload,
    )
    first = d.wait("t").due
    d.pass_time(minutes=30)
    d.do("a")
    assert not d.waits(WaitKind.TIMER)
    d.run._instance.now, d.run._instance.stamp = d.now, d.now.isoformat()
    move(d, "z", "a")
    assert d.wait("t").due == d.now + timedelta(hours=1) != first
    return finish(d)


# -- jumping


@twice
def test_a_jump_forward_leaves_the_block_and_its_join(reload: bool) -> Drive:
    d = Drive(PARALLEL, reload=reload)
    for element in ("a", "c1"):
        d.do(element)
    told = move(d, "b1", "z")
    assert [one.element for one in told.forgotten] == ["join"] and d.open() == ["z"]
    finish(d)
    assert d.count("completed p/z") == 1
    return d


@twice
def test_a_jump_to_the_join_begins_behind_it(reload: bool) -> Drive:
    d = Drive(PARALLEL, reload=reload)
    for element in ("a", "c1"):
        d.do(element)
    d.run.move([d.wait("b1").id], Spot(element="join"))
    d.settle()
    assert d.open() == ["z"]
    return finish(d)


@twice
def test_an_incident_can_be_moved_on(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><scriptTask id="t"><script>x = 1 + nobody.y.z</script></scriptTask><serviceTask id="w"/>'
        '<userTask id="z"/><endEvent id="e"/>s -> t;t -> w;w -> z;z -> e;',
        reload=reload,
    )
    (broken,) = d.incidents()
    move(d, broken, "z")
    assert d.open() == ["z"] and not d.incidents()
    return finish(d)


def test_several_tokens_become_one() -> None:
    d = Drive(PARALLEL)
    d.do("a")
    d.run.move([d.wait("b1").id, d.wait("c1").id], Spot(element="a"))
    d.settle()
    assert d.open() == ["a"]
    finish(d)


def test_an_interrupting_event_sub_process_is_left_and_listens_again() -> None:
    d = Drive(
        f'<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>s -> a;a -> e;'
        f'<subProcess id="ev" triggeredByEvent="true"><startEvent id="evs">{MESSAGE}</startEvent><userTask id="w"/>'
        '<endEvent id="eve"/>evs -> w;w -> eve;</subProcess>'
    )
    d.send("message", "m1")
    assert d.open() == ["w"]
    move(d, "w", "a")
    assert d.open() == ["a"] and d.send("message", "m1") == 1 and d.open() == ["w"]


# -- taking back what waits at a join


@twice
def test_a_branch_that_waits_at_the_join_is_taken_back_alone(reload: bool) -> Drive:
    d = Drive(PARALLEL, reload=reload)
    for element in ("a", "c1"):
        d.do(element)
    told = d.run.arrived(None, "c1")
    assert told is not None and [(one.element, one.flows) for one in told.forgotten] == [("join", 1)]
    assert d.run.arrived(None, "b1") is None and d.run.arrived(None, "a") is None
    d.run.retract(told.spot, person="li")
    d.settle()
    assert sorted(d.open()) == ["b1", "c1"] and d.wait("c1").returned_to == "li"
    finish(d)
    assert d.count("completed p/z") == 1 and d.count("completed p/c1") == 2
    return d
