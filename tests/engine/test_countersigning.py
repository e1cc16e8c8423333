"""Countersigned multi-instance activities (zw:quorum), and more or fewer instances while they run."""

from __future__ import annotations

import random
from itertools import permutations, product

import pytest

from service.engine import EngineFault
from service.rules.countersign import Result, Vote, conclude, read_policy
from service.rules.refusals import Conflict
from tests.engine.drive import Drive, process, program_of, twice

WORDS = {Vote.AGREE: "agree", Vote.OBJECT: "disagree"}


def joint(policy: str, *, sequential: bool = False, collection: str = "=people") -> str:
    quorum = f' zw:quorum="{policy}"' if policy else ""
    return (
        f'<userTask id="a"{quorum}><multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f'camunda:collection="{collection}" camunda:elementVariable="one"/></userTask>'
    )


def line(policy: str, *, sequential: bool = False) -> str:
    return (
        f'<startEvent id="s"/>{joint(policy, sequential=sequential)}<userTask id="z"/><endEvent id="e"/>'
        "s -> a;a -> z;z -> e;"
    )


def say(d: Drive, person: str, vote: str, element: str = "a") -> None:
    wait = next(one for one in d.waits(element=element) if one.local.get("one") == person)
    d.run.complete_task(wait.id, answers={"conclusion": vote})
    d.settle()


PROGRAMS = {
    text: program_of(line(text, sequential=text == "sequential"))
    for text in ("all", "any", "sequential", "veto", "ratio:50", "ratio:67")
}


@pytest.mark.parametrize("policy", PROGRAMS)
@pytest.mark.parametrize("count", [2, 3])
def test_the_engine_follows_the_truth_table_in_every_order(policy: str, count: int) -> None:
    people = [f"p{number}" for number in range(count)]
    orders = [tuple(people)] if policy == "sequential" else list(permutations(people))
    for order, votes in product(orders, product(Vote, repeat=count)):
        d, said = Drive(PROGRAMS[policy], {"people": people}), []
        for person, vote in zip(order, votes, strict=True):
            if "z" in d.open():
                break
            say(d, person, WORDS[vote])
            said.append(vote)
        result = conclude(read_policy(policy), count, said)
        assert d.open() == ["z"] and d.variables()["a_result"] == result.value != Result.OPEN
        assert len(d.variables()["a"]) == len(said)
        (told,) = [one for outcome in d.outcomes for one in outcome.countersigned]
        assert (told.policy, told.result, told.asked) == (policy, result.value, count)
        assert (told.agreed, told.objected) == (said.count(Vote.AGREE), said.count(Vote.OBJECT))
        assert d.count("cancelled p/a") == (0 if policy == "sequential" else count - len(said))


@twice
def test_a_conditional_agreement_agrees(reload: bool) -> Drive:
    d = Drive(PROGRAMS["veto"], {"people": ["x", "y"]}, reload=reload)
    say(d, "x", "conditional")
    say(d, "y", "agree")
    assert d.open() == ["z"] and d.variables()["a_result"] == "PASSED"
    return d


def test_nobody_to_ask_passes_at_once() -> None:
    d = Drive(PROGRAMS["all"], {"people": []})
    assert d.open() == ["z"] and d.variables()["a_result"] == "PASSED"


# -- adding and removing


def test_what_stands_in_no_loop_cannot_be_added_to() -> None:
    d = Drive('<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>s -> a;a -> e;')
    with pytest.raises(EngineFault):
        d.run.add_instance(d.wait("a").id, "x")
    with pytest.raises(EngineFault):
        d.run.remove_instance(d.wait("a").id)
    assert d.run.items(d.wait("a").id) is None


def test_the_last_one_is_not_taken_off() -> None:
    d = Drive(PROGRAMS["all"], {"people": ["x"]})
    with pytest.raises(Conflict) as refusal:
        d.run.remove_instance(d.wait("a").id)
    assert refusal.value.code == "INSTANCE_LAST"


@twice
def test_one_more_is_asked_at_once_and_waited_for(reload: bool) -> Drive:
    d = Drive(PROGRAMS["all"], {"people": ["x", "y"]}, reload=reload)
    say(d, "x", "agree")
    d.run.add_instance(d.wait("a").id, "w")
    d.settle()
    assert d.run.items(d.wait("a").id) == ("y", "w") and d.open() == ["a", "a"]
    say(d, "y", "agree")
    assert d.open() == ["a"]
    say(d, "w", "agree")
    assert d.open() == ["z"]
    return d


@twice
def test_one_more_in_a_sequence_comes_last(reload: bool) -> Drive:
    d = Drive(PROGRAMS["sequential"], {"people": ["x", "y"]}, reload=reload)
    d.run.add_instance(d.wait("a").id, "w")
    d.settle()
    for person in ("x", "y", "w"):
        assert [one.local["one"] for one in d.waits(element="a")] == [person]
        say(d, person, "agree")
    assert d.open() == ["z"]
    return d


@twice
def test_without_the_one_who_is_taken_off_the_others_are_enough(reload: bool) -> Drive:
    d = Drive(PROGRAMS["all"], {"people": ["x", "y", "w"]}, reload=reload)
    say(d, "x", "agree")
    say(d, "y", "agree")
    d.run.remove_instance(d.wait("a").id)
    d.settle()
    assert d.open() == ["z"] and d.variables()["a_result"] == "PASSED" and d.count("cancelled p/a") == 1
    return d


@twice
def test_taking_off_whose_turn_it_is_lets_the_next_begin(reload: bool) -> Drive:
    d = Drive(PROGRAMS["sequential"], {"people": ["x", "y"]}, reload=reload)
    d.run.remove_instance(d.wait("a").id)
    d.settle()
    say(d, "y", "agree")
    assert d.open() == ["z"] and d.variables()["a_result"] == "PASSED"
    return d


INNER = joint("veto") + '<startEvent id="is"/><endEvent id="ie"/>is -> a;a -> ie;'
EMBEDDED = (
    f'<startEvent id="s"/><subProcess id="x">{INNER}</subProcess><userTask id="z"/><endEvent id="e"/>'
    "s -> x;x -> z;z -> e;"
)
CALLED = process(
    '<startEvent id="s"/><callActivity id="x" calledElement="q"/><userTask id="z"/><endEvent id="e"/>s -> x;x -> z;z -> e;'
) + process(INNER, "q")
AROUND = (  # the loop is around a sub-process: one desk after another inside each instance
    '<startEvent id="s"/><subProcess id="x" zw:quorum="veto"><multiInstanceLoopCharacteristics camunda:collection="=people" '
    'camunda:elementVariable="one"/><startEvent id="is"/><userTask id="a"/><endEvent id="ie"/>is -> a;a -> ie;</subProcess>'
    '<userTask id="z"/><endEvent id="e"/>s -> x;x -> z;z -> e;'
)
LOOPED = (  # the embedded one again and again
    f'<startEvent id="s"/><subProcess id="x"><standardLoopCharacteristics loopMaximum="2"/>{INNER}</subProcess>'
    '<userTask id="z"/><endEvent id="e"/>s -> x;x -> z;z -> e;'
)


@pytest.mark.parametrize("body", [EMBEDDED, CALLED, AROUND], ids=["embedded", "called", "around"])
@pytest.mark.parametrize("reload", [False, True])
def test_wherever_the_loop_stands_people_come_and_go(body: str, reload: bool) -> None:
    d = Drive(body, {"people": ["x", "y"]}, reload=reload)
    d.run.add_instance(d.wait("a").id, "w")
    d.settle()
    assert d.open() == ["a", "a", "a"]
    gone = next(one for one in d.waits(element="a") if one.id == d.waits(element="a")[1].id)
    d.run.remove_instance(gone.id)
    d.settle()
    assert d.open() == ["a", "a"]
    while "a" in d.open():
        d.do("a", answers={"conclusion": "agree"})
    assert d.open() == ["z"]
    d.do("z")
    assert d.ended == "completed"


@pytest.mark.parametrize("reload", [False, True])
def test_a_veto_in_a_sub_process_of_every_department_ends_the_others(reload: bool) -> None:
    d = Drive(AROUND, {"people": ["x", "y", "w"]}, reload=reload)
    d.do("a", answers={"conclusion": "disagree"})
    assert d.open() == ["z"] and d.variables()["x_result"] == "FAILED"
    assert d.count("cancelled p/x") == 2 == d.count("cancelled p/a")


@pytest.mark.parametrize("reload", [False, True])
def test_every_round_of_a_loop_asks_those_of_its_collection_again(reload: bool) -> None:
    d = Drive(LOOPED, {"people": ["x", "y"]}, reload=reload)
    d.run.add_instance(d.wait("a").id, "w")
    d.settle()
    for person in ("x", "y", "w"):
        say(d, person, "agree")
    assert [one.local["one"] for one in d.waits(element="a")] == ["x", "y"]
    say(d, "y", "disagree")
    assert d.open() == ["z"] and d.variables()["a_result"] == "FAILED"


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_added_removed_and_said_the_loop_ends_as_the_rules_say(seed: int) -> None:
    chance = random.Random(seed)
    policy = chance.choice(list(PROGRAMS))
    people = [f"p{number}" for number in range(chance.randint(1, 4))]
    d = Drive(PROGRAMS[policy], {"people": people}, reload=bool(seed % 2))
    asked, said = len(people), []
    for step in range(40):
        if "z" in d.open():
            break
        waits = d.waits(element="a")
        act = chance.choice(("say", "say", "add", "remove"))
        if act == "add" and asked < 7:
            d.run.add_instance(waits[0].id, f"n{step}")
            asked += 1
        elif act == "remove":
            try:
                d.run.remove_instance(chance.choice(waits).id)
            except Conflict:
                assert asked == 1
                continue
            asked -= 1
        else:
            vote = chance.choice(list(Vote))
            d.run.complete_task(chance.choice(waits).id, answers={"conclusion": WORDS[vote]})
            said.append(vote)
        d.settle()
        result = conclude(read_policy(policy), asked, said)
        assert (d.open() == ["z"]) is (result is not Result.OPEN)
    assert d.open() == ["z"] and d.variables()["a_result"] == conclude(read_policy(policy), asked, said).value
