"""Sub-processes and calls: variables, mappings, business keys, scope ids."""

from __future__ import annotations

from tests.engine.drive import Drive, process, twice

CALLED = process('<startEvent id="qs"/><userTask id="u"/><endEvent id="qe"/>qs -> u;u -> qe;', "q")


def call(extensions: str = "", attributes: str = "") -> str:
    return (
        process(
            f'<startEvent id="s"/><callActivity id="c" calledElement="q" {attributes}><extensionElements>{extensions}</extensionElements></callActivity>'
            '<userTask id="z"/><endEvent id="e"/>s -> c;c -> z;z -> e;'
        )
        + CALLED
    )


@twice
def test_a_called_process_that_is_not_there_is_an_incident(reload: bool) -> Drive:
    d = Drive(process('<startEvent id="s"/><callActivity id="c" calledElement="nobody"/>s -> c;'), reload=reload)
    assert d.incidents() == ["c"] and "nobody" in (d.wait("c").error or "")
    return d


def test_a_process_that_calls_itself_for_ever_stops_with_an_incident() -> None:
    d = Drive(process('<startEvent id="s"/><callActivity id="c" calledElement="p"/>s -> c;'))
    assert d.ended is None and d.incidents() == ["c"] and "50" in (d.wait("c").error or "")
    d.run.cancel()
    assert d.settle().ended == "cancelled"


@twice
def test_without_mappings_everything_goes_in_and_what_was_written_comes_out(reload: bool) -> Drive:
    d = Drive(call(), {"x": 1, "y": 1}, reload=reload)
    scope = d.wait("u").variable_scope
    assert d.wait("u").scope == scope and d.run.variables(scope) == {"x": 1, "y": 1} and d.table[scope, "x"] == 1
    d.do("u", {"x": 2, "z": 3})
    assert d.variables() == {"x": 2, "y": 1, "z": 3}
    assert {name: value for (where, name), value in d.table.items() if where == scope} == {"x": 2, "y": 1, "z": 3}
    return d


@twice
def test_with_mappings_only_those_go_in_and_come_out(reload: bool) -> Drive:
    d = Drive(
        call(
            '<camunda:in source="x" target="a"/><camunda:in sourceExpression="${x + 1}" target="b"/><camunda:in businessKey="${key}"/>'
            '<camunda:out source="r" target="x"/><camunda:out sourceExpression="=r * 10" target="big"/>'
        ),
        {"x": 1, "key": "K-1"},
        reload=reload,
    )
    scope = d.wait("u").variable_scope
    assert d.run.variables(scope) == {"a": 1, "b": 2}
    assert [v.business_key for v in d.run.scopes()] == [None, "K-1"]
    d.do("u", {"r": 7, "private": 1})
    assert d.variables() == {"x": 7, "big": 70, "key": "K-1"}
    return d


@twice
def test_a_failing_out_mapping_is_an_incident_of_the_call_and_loses_nothing(reload: bool) -> Drive:
    d = Drive(
        call('<camunda:in variables="all"/><camunda:out sourceExpression="${due(r)}" target="x"/>'),
        {"x": 1},
        reload=reload,
    )
    d.do("u", {"r": 7})
    assert d.incidents() == ["c"] and d.variables() == {"x": 1}
    d.run.retry(d.wait("c").id)
    d.settle()
    assert d.incidents() == ["c"] and d.ended is None
    return d


@twice
def test_the_business_key_of_the_case_is_handed_on_when_the_diagram_says_so(reload: bool) -> Drive:
    d = Drive(
        call('<camunda:in businessKey="#{execution.processBusinessKey}"/>'),
        {"x": 1},
        business_key="JS-35-1",
        reload=reload,
    )
    views = d.run.scopes()
    assert [v.business_key for v in views] == ["JS-35-1", "JS-35-1"] and d.run.variables(views[1].host) == {"x": 1}
    assert (views[0].activity_type, views[0].process, views[1].element, views[1].process, views[1].parent) == (
        "process",
        "p",
        "c",
        "q",
        None,
    )
    return d


@twice
def test_an_embedded_sub_process_shares_variables_and_has_its_own_scope_id(reload: bool) -> Drive:
    d = Drive(
        process('<startEvent id="s"/><callActivity id="c" calledElement="q"/>s -> c;')
        + process(
            '<startEvent id="qs"/><subProcess id="x"><startEvent id="xs"/><userTask id="u"/>xs -> u;</subProcess>qs -> x;',
            "q",
        ),
        reload=reload,
    )
    wait = d.wait("u")
    views = d.run.scopes()
    assert (
        len(views) == 3 and wait.scope == views[2].host and wait.variable_scope == views[1].host and wait.process == "q"
    )
    assert (
        views[2].parent == views[1].host
        and views[2].variable_scope == views[1].host
        and views[2].activity_type == "subProcess"
    )
    d.run.set_variables({"v": 1}, scope=wait.variable_scope)
    d.settle()
    assert d.run.variables(wait.variable_scope) == {"v": 1} and d.variables() == {}
    return d


@twice
def test_what_a_call_knew_last_stays_on_the_table_when_it_is_interrupted(reload: bool) -> Drive:
    d = Drive(
        process(
            '<startEvent id="s"/><callActivity id="c" calledElement="q"/><boundaryEvent id="b" attachedToRef="c"><messageEventDefinition messageRef="M1"/></boundaryEvent>'
            '<userTask id="z"/>s -> c;b -> z;'
        )
        + CALLED,
        {"x": 1},
        reload=reload,
    )
    before = dict(d.table)
    assert len(before) == 2
    d.send("message", "m1")
    assert d.open() == ["z"] and d.table == before
    return d


@twice
def test_three_levels_of_calls_end_from_the_inside_out(reload: bool) -> Drive:
    d = Drive(
        process('<startEvent id="s"/><callActivity id="c" calledElement="q"/><endEvent id="e"/>s -> c;c -> e;')
        + process(
            '<startEvent id="qs"/><callActivity id="d" calledElement="r"/><endEvent id="qe"/>qs -> d;d -> qe;', "q"
        )
        + process('<startEvent id="rs"/><userTask id="u"/><endEvent id="re"/>rs -> u;u -> re;', "r"),
        reload=reload,
    )
    d.do("u", {"deep": 1})
    assert d.ended == "completed" and d.ends == ["e"] and d.variables() == {"deep": 1}
    return d
