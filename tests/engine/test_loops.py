"""Multi-instance activities and the standard loop."""

from __future__ import annotations

import pytest

from tests.engine.drive import ERROR, Drive, process, twice


def several(inner: str, sequential: bool = False, **attributes: str) -> str:
    extra = " ".join(f'camunda:{name}="{value}"' for name, value in attributes.items())
    return f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" {extra}>{inner}</multiInstanceLoopCharacteristics>'


def one_task(loop: str, rest: str = "") -> str:
    return f'<startEvent id="s"/><userTask id="a">{rest}{loop}</userTask><userTask id="z"/><endEvent id="e"/>s -> a;a -> z;z -> e;'


@pytest.mark.parametrize(
    ("loop", "variables", "says"),
    [
        (several("", collection="people"), {"people": None}, "列表"),
        (several("", collection="${people}"), {"people": "a,b"}, "列表"),
        (several("<loopCardinality>n</loopCardinality>"), {"n": 1.5}, "整数"),
        (several("<loopCardinality>n</loopCardinality>"), {"n": -1}, "整数"),
        (several("<loopCardinality>n</loopCardinality>"), {"n": 10**9}, "3000"),
    ],
)
def test_what_cannot_be_repeated_is_an_incident(loop: str, variables: dict, says: str) -> None:
    d = Drive(one_task(loop), variables)
    assert d.incidents() == ["a#multiInstanceBody"] and says in (d.waits()[0].error or "")


@pytest.mark.parametrize("loop", [several("", collection="people"), several("<loopCardinality>0</loopCardinality>")])
def test_nothing_to_repeat_passes(loop: str) -> None:
    assert Drive(one_task(loop), {"people": []}).open() == ["z"]


@twice
def test_parallel_instances_see_their_item_and_file_their_answers_in_a_list(reload: bool) -> Drive:
    d = Drive(
        one_task(several("", collection="people", elementVariable="who")).replace(
            'id="a"', 'id="a" camunda:assignee="${who}"'
        ),
        {"people": ["x", "y", "z"]},
        reload=reload,
    )
    waits = [w for w in d.run.waits().values() if w.element == "a"]
    assert [(w.assignee, w.loop, w.local) for w in waits] == [
        (p, n, {"who": p, "loopCounter": n}) for n, p in enumerate("xyz")
    ]
    assert waits[0].activity_type == "userTask"
    d.run.complete_task(waits[1].id, answers={"ok": 1})
    d.settle()
    d.run.complete_task(waits[0].id, answers={"ok": 2})
    d.settle()
    assert d.variables()["a"] == [{"ok": 1}, {"ok": 2}] and d.open() == ["a"]
    d.run.complete_task(waits[2].id, {"v": 1}, answers={"ok": 3})
    d.settle()
    assert d.open() == ["z"] and d.variables() == {
        "people": ["x", "y", "z"],
        "a": [{"ok": 1}, {"ok": 2}, {"ok": 3}],
        "v": 1,
    }
    assert (
        d.count("entered p/a#multiInstanceBody") == d.count("completed p/a#multiInstanceBody") == 1
        and d.count("completed p/a") == 3
    )
    return d


@twice
def test_a_quorum_cancels_the_rest(reload: bool) -> Drive:
    d = Drive(
        one_task(
            several(
                "<loopCardinality>4</loopCardinality><completionCondition>nrOfCompletedInstances / nrOfInstances >= 0.5 and nrOfActiveInstances = 2</completionCondition>".replace(
                    ">=", "&gt;="
                )
            )
        ),
        reload=reload,
    )
    d.do("a")
    assert d.open() == ["a", "a", "a"]
    d.do("a")
    assert d.open() == ["z"] and d.count("cancelled p/a") == 2
    return d


@twice
def test_one_veto_decides_through_the_answers_filed(reload: bool) -> Drive:
    d = Drive(
        one_task(
            several(
                "<completionCondition>some r in a satisfies r.ok = false</completionCondition>", collection="people"
            )
        ),
        {"people": [1, 2, 3]},
        reload=reload,
    )
    d.do("a", answers={"ok": True})
    assert d.open() == ["a", "a"]
    d.do("a", answers={"ok": False})
    assert d.open() == ["z"]
    return d


@twice
def test_a_second_round_begins_with_an_empty_list_of_answers(reload: bool) -> Drive:
    d = Drive(
        f'<startEvent id="s"/><exclusiveGateway id="m"/><userTask id="a">{several("<loopCardinality>2</loopCardinality>")}</userTask><userTask id="z" default="f"/><endEvent id="e"/>'
        's -> m;m -> a;a -> z;z -> m : again\n<sequenceFlow id="f" sourceRef="z" targetRef="e"/>',
        reload=reload,
    )
    d.do("a", answers={"n": 1}), d.do("a", answers={"n": 2}), d.do("z", {"again": True})
    assert d.variables()["a"] == [{"n": 1}, {"n": 2}]
    d.do("a", answers={"n": 3})
    assert d.variables()["a"] == [{"n": 3}]
    return d


@twice
def test_sequential_instances_come_one_after_the_other(reload: bool) -> Drive:
    d = Drive(
        one_task(
            several('<loopDataInputRef>people</loopDataInputRef><inputDataItem id="i" name="who"/>', sequential=True)
        ),
        {"people": ["x", "y"]},
        reload=reload,
    )
    for person in "xy":
        assert [w.local["who"] for w in d.waits(element="a")] == [person]
        d.do("a")
    assert d.open() == ["z"]
    return d


@twice
def test_a_failing_completion_condition_is_an_incident_of_the_loop_and_can_be_retried(reload: bool) -> Drive:
    d = Drive(
        one_task(several("<loopCardinality>2</loopCardinality><completionCondition>flag</completionCondition>")),
        {"flag": "maybe"},
        reload=reload,
    )
    d.do("a")
    assert d.incidents() == ["a#multiInstanceBody"] and d.open() == ["a"]
    d.run.set_variables({"flag": True})
    d.run.retry(d.wait("a#multiInstanceBody").id)
    d.settle()
    assert d.open() == ["z"]
    return d


@twice
def test_what_instances_give_is_collected_in_order(reload: bool) -> Drive:
    loop = several(
        '<loopDataInputRef>people</loopDataInputRef><loopDataOutputRef>all</loopDataOutputRef><inputDataItem name="who"/><outputDataItem name="given"/>'
    )
    d = Drive(one_task(loop), {"people": ["x", "y"]}, reload=reload)
    waits = [w for w in d.run.waits().values() if w.element == "a"]
    d.run.complete_task(waits[1].id, local={"given": 2})
    d.settle()
    d.run.complete_task(waits[0].id, local={"given": 1})
    d.settle()
    assert d.variables() == {"people": ["x", "y"], "all": [1, 2]}
    return d


@twice
def test_an_error_in_one_instance_of_a_sub_process_is_caught_on_the_whole(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><subProcess id="x">'
        + several("", collection="people", elementVariable="who")
        + f'<startEvent id="is"/><userTask id="u" camunda:assignee="${{who}}"/><exclusiveGateway id="k" default="d"/><endEvent id="ie"/><endEvent id="ix">{ERROR}</endEvent>'
        'is -> u;u -> k;k -> ix : u.bad\n<sequenceFlow id="d" sourceRef="k" targetRef="ie"/></subProcess>'
        f'<boundaryEvent id="b" attachedToRef="x">{ERROR}</boundaryEvent><userTask id="h"/><userTask id="z"/>s -> x;x -> z;b -> h;',
        {"people": ["p", "q", "r"]},
        reload=reload,
    )
    assert sorted(w.assignee or "" for w in d.waits(element="u")) == ["p", "q", "r"]
    d.do("u", answers={"bad": False})
    assert d.open() == ["u", "u"]
    d.do("u", answers={"bad": True})
    assert (
        d.open() == ["h"]
        and d.count("cancelled p/x#multiInstanceBody") == 1
        and d.variables()["u"] == [{"bad": False}, {"bad": True}]
    )
    return d


@twice
def test_a_call_is_made_once_per_item_and_its_item_does_not_leak(reload: bool) -> Drive:
    d = Drive(
        process(
            f'<startEvent id="s"/><callActivity id="c" calledElement="q">{several("", collection="items", elementVariable="item")}</callActivity><userTask id="z"/>s -> c;c -> z;'
        )
        + process('<startEvent id="qs"/><userTask id="u"/>qs -> u;', "q"),
        {"items": ["i1", "i2"]},
        reload=reload,
    )
    scopes = [w.variable_scope for w in d.waits(element="u")]
    assert sorted(str(d.run.variables(s)["item"]) for s in scopes) == ["i1", "i2"]
    d.do("u", {"r": 1}), d.do("u", {"r": 2})
    assert d.open() == ["z"] and d.variables() == {"items": ["i1", "i2"], "r": 2}
    return d


@twice
def test_a_standard_loop_repeats_while_its_condition_holds(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><userTask id="a"><standardLoopCharacteristics><loopCondition>again</loopCondition></standardLoopCharacteristics></userTask><userTask id="z"/>s -> a;a -> z;',
        reload=reload,
    )
    d.do("a", {"again": True})
    assert d.open() == ["a"] and d.wait("a").loop == 1
    d.do("a", {"again": False})
    assert d.open() == ["z"]
    return d


@twice
def test_a_standard_loop_may_test_before_and_stops_at_its_maximum(reload: bool) -> Drive:
    body = '<startEvent id="s"/><scriptTask id="a"><script>n = n + 1</script><standardLoopCharacteristics testBefore="true" loopMaximum="3"><loopCondition>n &lt; m</loopCondition></standardLoopCharacteristics></scriptTask><userTask id="z"/>s -> a;a -> z;'
    assert Drive(body, {"n": 5, "m": 5}, reload=reload).variables()["n"] == 5
    assert Drive(body, {"n": 3, "m": 5}, reload=reload).variables()["n"] == 5
    d = Drive(body, {"n": 0, "m": 50}, reload=reload)
    assert d.variables()["n"] == 3 and d.open() == ["z"]
    return d
