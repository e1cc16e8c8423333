"""User, service, send and script tasks: facts, answers, mappings, declared types."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from service.engine import EngineFault, Run, WaitKind
from service.rules.refusals import Invalid
from tests.engine.drive import CALENDAR, MONDAY, Drive, process, program_of, twice

IO = "<extensionElements><camunda:inputOutput>{}</camunda:inputOutput></extensionElements>"


def test_a_token_that_is_unknown_or_waits_for_something_else_is_the_callers_fault() -> None:
    d = Drive('<startEvent id="s"/><userTask id="a"/>s -> a;')
    with pytest.raises(EngineFault):
        d.run.complete_task(uuid4())
    with pytest.raises(EngineFault):
        d.run.fire(d.wait("a").id)
    id = d.wait("a").id
    d.run.complete_task(id)
    with pytest.raises(EngineFault):
        d.run.complete_task(id)


@pytest.mark.parametrize("value", [2**70, {1: "x"}, object(), "\ud800", [{"a": {1, 2}}]])
def test_a_value_that_cannot_be_kept_is_refused_by_name_and_changes_nothing(value: object) -> None:
    d = Drive('<startEvent id="s"/><userTask id="a"/>s -> a;')
    with pytest.raises(Invalid) as caught:
        d.run.complete_task(d.wait("a").id, {"fine": 1, "odd": value})
    assert caught.value.code == "VARIABLE_UNREADABLE" and "odd" in caught.value.sentence()
    assert d.settle().passages == () and d.open() == ["a"] and d.variables() == {}


@twice
def test_what_a_user_task_says_is_evaluated_once(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><userTask id="a" name="审核 ${n}" camunda:assignee="${who}" camunda:candidateUsers="u1, u2" '
        'camunda:candidateGroups="${groups}" camunda:dueDate="${due}" camunda:followUpDate="2026-03-20" camunda:priority="${40 + 2}" '
        'camunda:formKey="review" zw:role="reviewer_a" zw:dept="${dept}" zw:stage="REVIEW"><documentation>看清楚</documentation>'
        '<extensionElements><camunda:properties><camunda:property name="k" value="v"/></camunda:properties></extensionElements></userTask>s -> a;',
        {"who": "zhangwei", "n": 3, "groups": ["g1", "g2"], "due": "2026-03-18T17:00:00", "dept": "104"},
        reload=reload,
    )
    wait = d.wait("a")
    assert (wait.name, wait.assignee, wait.priority, wait.form_key, wait.description) == (
        "审核 3",
        "zhangwei",
        42,
        "review",
        "看清楚",
    )
    assert wait.candidate_users == ("u1", "u2") and wait.candidate_groups == ("g1", "g2")
    assert wait.due_date == datetime(2026, 3, 18, 9, tzinfo=UTC) and wait.follow_up == datetime(
        2026, 3, 19, 16, tzinfo=UTC
    )
    assert wait.zw == {"role": "reviewer_a", "dept": "104", "stage": "REVIEW"} and wait.properties == {"k": "v"}
    d.run.set_variables({"who": "somebody else"})
    d.settle()
    assert d.wait("a").assignee == "zhangwei"
    return d


@twice
def test_the_due_date_of_a_task_with_a_limit_is_reckoned_in_working_time(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><userTask id="a" zw:limit="2hd"/>s -> a;',
        now=datetime(2026, 3, 16, 6, tzinfo=UTC),
        reload=reload,
    )
    assert d.wait("a").due_date == datetime(2026, 3, 17, 9, tzinfo=UTC)
    return d


@twice
def test_an_expression_that_fails_makes_the_token_an_incident_and_the_rest_goes_on(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><userTask id="a" camunda:dueDate="${when}"/><userTask id="b"/>s -> a;s -> b;',
        {"when": "soon"},
        reload=reload,
    )
    assert d.incidents() == ["a"] and d.open() == ["b"] and "soon" in (d.wait("a").error or "")
    d.run.set_variables({"when": "PT2H"})
    d.run.retry(d.wait("a").id)
    d.settle()
    assert (
        d.open() == ["a", "b"] and d.wait("a").due_date == MONDAY + timedelta(hours=2) and d.count("entered p/a") == 1
    )
    return d


@twice
def test_answers_are_filed_under_the_elements_id_and_promoted_by_output_mappings(reload: bool) -> Drive:
    out = IO.format('<camunda:outputParameter name="verdict">${a.ok}</camunda:outputParameter>')
    d = Drive(
        f'<startEvent id="s"/><userTask id="a">{out}</userTask><exclusiveGateway id="g"/><userTask id="b"/><userTask id="c"/>'
        "s -> a;a -> g;g -> b : verdict\ng -> c : not(verdict)\n",
        reload=reload,
    )
    d.do("a", {"note": "n"}, answers={"ok": False, "opinion": "退"})
    assert d.open() == ["c"] and d.variables() == {"a": {"ok": False, "opinion": "退"}, "note": "n", "verdict": False}
    return d


@twice
def test_a_failing_output_mapping_is_an_incident_and_its_retry_does_not_ask_again(reload: bool) -> Drive:
    out = IO.format('<camunda:outputParameter name="n">${n + 1}</camunda:outputParameter>')
    d = Drive(
        f'<startEvent id="s"/><userTask id="a">{out}</userTask><userTask id="b"/>s -> a;a -> b : flag\n',
        {"n": 1, "flag": 3},
        reload=reload,
    )
    d.do("a")
    assert d.incidents() == ["a"] and d.variables()["n"] == 2
    d.run.set_variables({"flag": True})
    d.run.retry(d.wait("a").id)
    d.settle()
    assert d.open() == ["b"] and d.variables()["n"] == 2
    return d


@twice
def test_input_parameters_are_locals_of_the_task(reload: bool) -> Drive:
    io = IO.format(
        '<camunda:inputParameter name="x">${y * 2}</camunda:inputParameter><camunda:inputParameter name="list"><camunda:list>'
        "<camunda:value>a</camunda:value><camunda:value>${y}</camunda:value></camunda:list></camunda:inputParameter>"
        '<camunda:inputParameter name="map"><camunda:map><camunda:entry key="k">${x}</camunda:entry></camunda:map></camunda:inputParameter>'
        '<camunda:outputParameter name="z">${x + 1}</camunda:outputParameter>'
    )
    d = Drive(
        f'<startEvent id="s"/><serviceTask id="w" camunda:type="external" camunda:topic="t" camunda:taskPriority="7">{io}</serviceTask><userTask id="b"/>s -> w;w -> b;',
        {"y": 4},
        reload=reload,
    )
    wait = d.wait("w")
    assert wait.kind is WaitKind.EXTERNAL_TASK and wait.topic == "t" and wait.priority == 7
    assert wait.local == {"x": 8, "list": ["a", 4], "map": {"k": 8}}
    d.do("w", {"x": 10, "other": 1})
    assert d.variables() == {"y": 4, "z": 11, "other": 1}
    return d


@twice
def test_a_service_task_is_an_external_task_or_an_action_and_waits(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><serviceTask id="w" camunda:topic="${kind}"/><serviceTask id="x" zw:action="escalate" zw:target="a"/><sendTask id="y" camunda:topic="mail"/>'
        '<sendTask id="m" messageRef="M1"/><userTask id="b"/>s -> w;w -> x;x -> y;y -> m;m -> b;',
        {"kind": "sms"},
        reload=reload,
    )
    assert (d.wait("w").kind, d.wait("w").topic) == (WaitKind.EXTERNAL_TASK, "sms")
    d.do("w")
    assert (d.wait("x").kind, d.wait("x").action, d.wait("x").zw["target"]) == (WaitKind.ACTION, "escalate", "a")
    d.do("x")
    assert d.wait("y").topic == "mail" and d.wait("y").activity_type == "sendTask"
    d.do("y")
    assert d.thrown == [("message", "m1")] and d.open() == ["b"]
    return d


@twice
def test_a_script_assigns_line_by_line_all_or_nothing(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><scriptTask id="t"><script>a = n + 1\n// remark\nb = a * 2\nwhen = date("2026-03-16")</script></scriptTask>'
        '<userTask id="x" camunda:dueDate="${when}"/>s -> t;t -> x;',
        {"n": 1},
        reload=reload,
    )
    assert d.variables() == {"n": 1, "a": 2, "b": 4, "when": date(2026, 3, 16)}
    assert d.wait("x").due_date == datetime(2026, 3, 15, 16, tzinfo=UTC)
    return d


@twice
def test_a_declared_long_comes_back_as_a_long(reload: bool) -> Drive:
    d = Drive(
        process('<startEvent id="s"/><callActivity id="c" calledElement="q"/><userTask id="z"/>s -> c;c -> z;')
        + process('<startEvent id="qs"/><userTask id="u"/>qs -> u;', "q"),
        {"n": 5, "m": 1},
        types={"n": "Long"},
        reload=reload,
    )
    scope = d.wait("u").variable_scope
    assert scope is not None and d.run.variable_types(scope) == {"n": "Long"}
    d.do("u", {"k": 7}, types={"k": "Short"})
    assert d.run.variable_types() == {"n": "Long", "k": "Short"}
    assert {(c.name, c.type) for c in d.outcomes[0].variables if c.scope is None} == {("n", "Long"), ("m", None)}
    return d


def test_locals_of_a_task_can_be_written_and_are_reported_with_the_task() -> None:
    d = Drive('<startEvent id="s"/><userTask id="a"/>s -> a;', {"x": 1})
    id = d.wait("a").id
    d.run.set_variables({"x": 2, "y": 3}, scope=id)
    outcome = d.settle()
    assert (
        outcome.changed[0].local == {"x": 2, "y": 3}
        and outcome.variables == ()
        and d.run.variables(id) == {"x": 2, "y": 3}
    )
    d.run.set_variables({}, remove=["y"], scope=id)
    d.settle()
    assert d.wait("a").local == {"x": 2} and d.variables() == {"x": 1}


def test_only_what_has_changed_is_reported() -> None:
    d = Drive('<startEvent id="s"/><userTask id="a"/><userTask id="b"/>s -> a;s -> b;', {"x": 1, "gone": 2})
    outcome = d.do("a", {"x": 1, "y": True})
    assert [(c.name, c.value) for c in outcome.variables] == [("y", True)]
    assert outcome.opened == () and len(outcome.closed) == 1 and outcome.changed == ()
    d.run.set_variables({"y": 1, "new": 1}, remove=["gone", "new", "never"])
    assert [(c.name, c.value, c.removed) for c in d.settle().variables] == [("y", 1, False), ("gone", None, True)]


def test_the_program_describes_its_elements_and_forms() -> None:
    program = program_of(
        '<laneSet id="l"><lane id="l1" name="窗口"><flowNodeRef> a </flowNodeRef></lane></laneSet><startEvent id="s"/><userTask id="a" name="受理" '
        'camunda:formKey="f" zw:limit="2hd"/><subProcess id="x"><startEvent id="y"/><userTask id="b"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>y -> b;</subProcess>s -> a;a -> x;",
        forms={"f": b'{"components": []}'},
    )
    cards = program.elements("p")
    assert (
        cards["a"].lane == "窗口"
        and cards["a"].zw == {"limit": "2hd"}
        and cards["a"].form_key == "f"
        and cards["a"].kind == "userTask"
    )
    assert cards["b"].parent == "x" and cards["b#multiInstanceBody"].activity_type == "multiInstanceBody"
    assert program.forms("p") == {"f": {"components": []}} and program.definition_id("p").version == 4


def test_a_case_is_cancelled_with_everything_in_it() -> None:
    d = Drive(
        '<startEvent id="s"/><subProcess id="x"><startEvent id="y"/><userTask id="a"/>y -> a;</subProcess>s -> x;'
    )
    d.run.cancel()
    outcome = d.settle()
    assert outcome.ended == "cancelled" and outcome.state is None and len(outcome.closed) == 1
    assert [(p.what, p.element) for p in outcome.passages] == [("cancelled", "a"), ("cancelled", "x")]


def test_more_automatic_steps_than_the_budget_become_an_incident_and_nothing_is_lost() -> None:
    d = Drive(
        '<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><exclusiveGateway id="m"/><task id="t"/>s -> g;g -> a;g -> m;m -> t;t -> m;'
    )
    assert d.ended is None and len(d.incidents()) == 1 and d.open() == ["a"] and d.outcomes[0].steps == 10_000
    again = Run.load(d.program, d.state, case_id=d.case_id, now=MONDAY, calendar=CALENDAR)
    assert {w.kind for w in again.waits().values()} == {WaitKind.USER_TASK, WaitKind.INCIDENT}


@twice
def test_a_number_too_large_to_keep_is_an_incident_and_not_a_lost_case(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><userTask id="u"/><scriptTask id="t"><script>n = n * n</script></scriptTask>s -> u;s -> t;',
        {"n": 10**10},
        reload=reload,
    )
    assert d.incidents() == ["t"] and d.open() == ["u"]
    return d


def test_a_task_whose_written_priority_is_no_number_is_an_incident() -> None:
    drive = Drive('<startEvent id="S"/><userTask id="A" camunda:priority="high"/><endEvent id="E"/>\nS -> A\nA -> E\n')
    (wait,) = drive.run.waits().values()
    assert wait.kind is WaitKind.INCIDENT
    assert "优先级" in (wait.error or "")
