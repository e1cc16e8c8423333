"""Deploying: who may, what is refused, which versions come of it, and what starts by itself afterwards."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.casework.actors import SYSTEM, Actor
from service.casework.completing import complete_task
from service.casework.deploying import DeploymentView, delete_deployment, deploy
from service.casework.examining import examine_upload
from service.casework.office import Office
from service.casework.people import list_people
from service.casework.reading import get_case
from service.casework.starting import start_case
from service.engine.facts import Resource
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.vocabulary import LedgerAction
from service.store.agenda import AgendaRow
from service.store.schema import agenda
from tests.casework.desk import actions_of, agenda_of, open_tasks
from tests.conftest import Clock, deploy_bpmn, make_office

FORM = '{"type": "default", "id": "apply", "components": [{"type": "textfield", "key": "name", "label": "名称"}]}'
WORK = '<userTask id="Work" name="办理"/>'
ADMIN = Actor(username="guotao", name="郭涛", roles=frozenset({"system_admin"}))
DESIGNER = Actor(username="hejing", name="何静", roles=frozenset({"process_designer"}))


def diagram(key: str, body: str = "", *, start: str = "", name: str = "示例", extra: str = "") -> str:
    """A process start → body → end; `body` is one element with id `Work` or nothing."""
    first, second = ("Start", "Work") if body else ("Start", "End")
    flows = f'<sequenceFlow id="f1" sourceRef="{first}" targetRef="{second}"/>'
    if body:
        flows += '<sequenceFlow id="f2" sourceRef="Work" targetRef="End"/>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:zw="urn:lianban:bpmn:zw:1" id="D" targetNamespace="urn:test">{extra}
  <process id="{key}" name="{name}" isExecutable="true">
    <startEvent id="Start">{start}</startEvent>{body}<endEvent id="End"/>{flows}
  </process>
</definitions>"""


def call(key: str) -> str:
    return f'<callActivity id="Work" name="调用" calledElement="{key}"/>'


def task(form: str = "") -> str:
    return f'<userTask id="Work" name="办理" {f"camunda:formKey={chr(34)}{form}{chr(34)}" if form else ""}/>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def start_timers(office: Office) -> list[AgendaRow]:
    with office.reading() as records:
        rows = records.execute(agenda.select().where(agenda.c.kind == "start"))
        return [AgendaRow(**row._mapping) for row in rows]


def versions(view: DeploymentView) -> dict[str, int]:
    return {definition.key: definition.version for definition in view.definitions}


# -- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", ["applicant", "counter_clerk", "supervisor", "security_admin", "audit_admin", "process_designer"]
)
def test_who_is_not_granted_deploys_nothing(office: Office, role: str) -> None:
    actor = Actor(username="x", name="某", roles=frozenset({role}))
    with pytest.raises(Forbidden):
        deploy(office, actor, "n", [Resource(name="a.bpmn", content=diagram("a").encode())])
    with pytest.raises(Forbidden):
        delete_deployment(office, actor, uuid4())
    with office.reading() as records:
        assert records.deployments.newest() == {}


def test_the_command_line_deploys_where_nobody_else_may_directly(sqlite_url: str, tmp_path: Path, clock: Clock) -> None:
    closed = make_office(sqlite_url, tmp_path, clock, direct_deployment=False)
    files = [Resource(name="a.bpmn", content=diagram("a").encode())]
    with pytest.raises(Forbidden) as refusal:
        deploy(closed, Actor(username="x", name="某", roles=frozenset({"system_admin"})), "n", files)
    assert refusal.value.code == "DIRECT_DEPLOYMENT_OFF"
    assert versions(deploy(closed, SYSTEM, "n", files)) == {"a": 1}
    closed.close()


def test_errors_refuse_the_whole_deployment_and_every_finding_is_told(any_office: Office) -> None:
    with pytest.raises(Invalid) as refusal:
        deploy_bpmn(any_office, diagram("good"), diagram("bad", call("nowhere")))
    assert refusal.value.code == "DEPLOYMENT_REFUSED"
    assert [(f.file, f.element) for f in refusal.value.details if f.severity == "error"] == [("diagram-2.bpmn", "Work")]
    with any_office.reading() as records:
        assert records.deployments.newest() == {} and records.deployments.state().made == 0


def test_no_file_and_two_files_of_one_name_are_refused(office: Office) -> None:
    with pytest.raises(Invalid) as refusal:
        deploy(office, SYSTEM, "n", [])
    assert refusal.value.code == "DEPLOYMENT_EMPTY"
    with pytest.raises(Invalid) as refusal:
        deploy(office, SYSTEM, "n", [Resource(name="a.bpmn", content=diagram("a").encode())] * 2)
    assert refusal.value.code == "RESOURCE_TWICE"
    with pytest.raises(Invalid) as refusal:
        deploy(office, SYSTEM, "n", [Resource(name="a\x00.bpmn", content=b"")])
    assert refusal.value.code == "RESOURCE_NAME_INVALID"
    with pytest.raises(Invalid) as refusal:
        deploy(office, SYSTEM, "n" * 201, [Resource(name="a.bpmn", content=diagram("a").encode())], note="\x00")
    assert [problem.field for problem in refusal.value.fields] == ["name", "note"]


@pytest.mark.parametrize("part", ["key", "name", "tag"])
def test_words_longer_than_the_library_keeps_are_a_refusal_not_a_fault(any_office: Office, part: str) -> None:
    words = {"key": "a", "name": "示例", "tag": ""} | {part: "x" * 300}
    text = diagram(words["key"], name=words["name"]).replace(
        "isExecutable", f'camunda:versionTag="{words["tag"]}" isExecutable'
    )
    try:
        made = deploy_bpmn(any_office, text)
    except Invalid as refusal:
        assert refusal.code in {"DEPLOYMENT_REFUSED", "VALUE_NOT_STORABLE"}
    else:
        assert versions(made) == {words["key"]: 1}


def test_a_timer_nobody_can_read_makes_no_version(office: Office) -> None:
    with pytest.raises(Invalid):
        deploy_bpmn(office, diagram("t", start=timer("timeCycle", "every now and then")))
    with office.reading() as records:
        assert records.deployments.newest() == {}


def test_what_does_not_exist_cannot_be_deleted(office: Office) -> None:
    with pytest.raises(Missing):
        delete_deployment(office, SYSTEM, uuid4())
    made = deploy_bpmn(office, diagram("a"))
    delete_deployment(office, SYSTEM, made.id)
    with pytest.raises(Missing):
        delete_deployment(office, SYSTEM, made.id)


# -- versions -----------------------------------------------------------------------------------------------------


def test_a_changed_process_gets_the_next_version_and_an_equal_one_none(any_office: Office) -> None:
    first = deploy_bpmn(any_office, diagram("a"), diagram("b"))
    assert versions(first) == {"a": 1, "b": 1} and not first.unchanged
    again = deploy_bpmn(any_office, diagram("a"), diagram("b"))
    assert (versions(again), again.unchanged, again.id) == ({}, True, first.id)
    second = deploy_bpmn(any_office, diagram("a"), diagram("b", name="改了"))
    assert versions(second) == {"b": 2}
    forced = deploy_bpmn(any_office, diagram("a"), skip_unchanged=False)
    assert versions(forced) == {"a": 2}
    with any_office.reading() as records:
        newest = records.deployments.newest()
        lines = records.ledger.lines(LedgerAction.DEPLOYED)
        assert records.deployments.state().made == 3
    assert {key: row.version for key, row in newest.items()} == {"a": 2, "b": 2}
    assert [line.detail["definitions"] for line in lines] == [{"a": 2}, {"b": 2}, {"a": 1, "b": 1}]
    assert lines[0].actor == "system"


def test_files_are_kept_byte_for_byte(any_office: Office) -> None:
    text = diagram("a").replace("\n", "\r\n") + "<!-- 结尾 -->"
    made = deploy_bpmn(any_office, text)
    with any_office.reading() as records:
        rows = records.deployments.resources_of(made.id)
        assert records.deployments.contents([row.id for row in rows]) == {rows[0].id: text.encode()}


def test_the_view_says_what_was_made(office: Office, clock: Any) -> None:
    made = deploy(
        office, ADMIN, "报建", [Resource(name="x/a.bpmn", content=diagram("a").encode())], source="页面", note="因为"
    )
    assert (made.name, made.source, made.deployed_at) == ("报建", "页面", clock.now)
    [definition] = made.definitions
    assert (definition.name, definition.resource_name, definition.deployment_id) == ("示例", "x/a.bpmn", made.id)
    assert [start["kind"] for start in definition.starts] == ["none"]
    assert not definition.suspended and definition.called == ()


def test_two_who_deploy_at_once_get_different_versions(any_office: Office) -> None:
    made: list[int] = []
    together = threading.Barrier(4, timeout=60)

    def one(number: int) -> None:
        together.wait()
        made.append(versions(deploy_bpmn(any_office, diagram("a", name=f"第{number}个")))["a"])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [1, 2, 3, 4]


def test_who_deploys_the_same_at_once_makes_it_once(any_office: Office) -> None:
    made: list[DeploymentView] = []
    together = threading.Barrier(3, timeout=60)

    def one() -> None:
        together.wait()
        made.append(deploy_bpmn(any_office, diagram("a")))

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(view.unchanged for view in made) == [False, True, True]
    assert len({view.id for view in made}) == 1


# -- forms --------------------------------------------------------------------------------------------------------


def test_a_form_comes_from_the_upload_or_from_the_newest_deployment_before(any_office: Office) -> None:
    first = deploy_bpmn(any_office, diagram("a", task("apply")), forms={"forms/apply.form": FORM})
    second = deploy_bpmn(any_office, diagram("a", task("apply"), name="改了"))
    changed = FORM.replace("名称", "单位名称")
    third = deploy_bpmn(any_office, diagram("a", task("apply"), name="改了"), forms={"apply.form": changed})
    assert [versions(view)["a"] for view in (first, second, third)] == [1, 2, 3]
    held = []
    with any_office.reading() as records:
        for view in (first, second, third):
            row = records.deployments.definition(view.definitions[0].id)
            assert row is not None
            form = UUID(row.forms["apply"])
            held.append(records.deployments.contents([form])[form].decode())
    assert held == [FORM, FORM, changed]


def test_a_form_deployed_alone_makes_no_version_but_is_kept(any_office: Office) -> None:
    made = deploy(any_office, SYSTEM, "n", [Resource(name="apply.form", content=FORM.encode())])
    assert (versions(made), made.unchanged) == ({}, False)
    again = deploy(any_office, SYSTEM, "n", [Resource(name="apply.form", content=FORM.encode())])
    assert (again.unchanged, again.id) == (True, made.id)


def test_an_upload_is_examined_against_what_is_deployed_and_changes_nothing(office: Office) -> None:
    upload = [Resource(name="b.bpmn", content=diagram("b", call("a")).encode())]
    assert examine_upload(office, upload).errors
    deploy_bpmn(office, diagram("a"))
    assert not examine_upload(office, upload).errors
    with office.reading() as records:
        assert set(records.deployments.newest()) == {"a"}


# -- what starts by itself ----------------------------------------------------------------------------------------


MESSAGE = '<messageEventDefinition messageRef="M"/>'
GO = '<message id="M" name="出发"/>'


def test_only_the_newest_version_listens(any_office: Office) -> None:
    deploy_bpmn(any_office, diagram("m", start=MESSAGE, extra=GO))
    second = deploy_bpmn(any_office, diagram("m", start=MESSAGE, extra=GO, name="改了"))
    with any_office.reading() as records:
        listeners = records.deployments.start_listeners("message", "出发")
        assert [one.definition_id for one in listeners] == [second.definitions[0].id]
    third = deploy_bpmn(any_office, diagram("m", name="不听了"))
    with any_office.reading() as records:
        assert records.deployments.start_listeners("message", "出发") == ()
    delete_deployment(any_office, SYSTEM, third.id)
    with any_office.reading() as records:
        listeners = records.deployments.start_listeners("message", "出发")
    assert [one.definition_id for one in listeners] == [second.definitions[0].id]


def test_a_timer_start_waits_on_the_agenda_for_the_newest_version_only(any_office: Office, clock: Any) -> None:
    deploy_bpmn(any_office, diagram("t", start=timer("timeCycle", "R3/PT1H")))
    second = deploy_bpmn(any_office, diagram("t", start=timer("timeCycle", "R/P1D")))
    [row] = start_timers(any_office)
    assert (row.definition_id, row.element) == (second.definitions[0].id, "Start")
    assert row.due_at == row.ready_at == clock.now + timedelta(days=1)
    assert row.detail == {"left": -1, "every": "P1D"}
    delete_deployment(any_office, SYSTEM, second.id)
    [row] = start_timers(any_office)
    assert row.detail == {"left": 3, "every": "PT1H"}


# -- deleting -----------------------------------------------------------------------------------------------------


def start_row(office: Office, view: DeploymentView) -> UUID:
    """A running case, as the store sees it."""
    from service.store.cases import CaseRow

    definition = view.definitions[0]
    with office.transaction() as records:
        binding_id, _program = office.programs.bind(records, definition.id)
        row = CaseRow(
            id=uuid4(),
            definition_id=definition.id,
            key=definition.key,
            binding_id=binding_id,
            business_key=None,
            title=None,
            state="ACTIVE",
            version=0,
            started_at=records.now,
            started_by=None,
            ended_at=None,
            end_element=None,
            reason=None,
            blob=b"",
        )
        records.cases.add(row)
        return row.id


def test_a_deployment_that_runs_or_is_called_is_not_deleted(any_office: Office) -> None:
    called = deploy_bpmn(any_office, diagram("b"))
    caller = deploy_bpmn(any_office, diagram("a", call("b")))
    start_row(any_office, caller)
    for view in (caller, called):
        with pytest.raises(Conflict) as refusal:
            delete_deployment(any_office, SYSTEM, view.id)
        assert refusal.value.code == "DEPLOYMENT_IN_USE"
    with any_office.reading() as records:
        assert set(records.deployments.newest()) == {"a", "b"}


def test_a_cascade_ends_the_cases_that_run_or_call_the_deployment_and_no_other(any_office: Office) -> None:
    other = deploy_bpmn(any_office, diagram("other", WORK)).definitions[0]
    first = deploy_bpmn(any_office, diagram("b", WORK))
    deploy_bpmn(any_office, diagram("a", call("b")))
    second = deploy_bpmn(any_office, diagram("b", WORK, name="改了"))
    bystander = start_case(any_office, SYSTEM, definition_id=other.id).id
    earlier = start_case(any_office, SYSTEM, definition_id=first.definitions[0].id).id
    ended = start_case(any_office, SYSTEM, key="b").id
    complete_task(any_office, SYSTEM, open_tasks(any_office, ended)["Work"].id)
    running = [start_case(any_office, SYSTEM, key=key, business_key="BJ-1").id for key in ("a", "b")]
    delete_deployment(any_office, SYSTEM, second.id, cascade=True)
    for case_id in running:
        case = get_case(any_office, SYSTEM, case_id)
        assert (case.state, case.reason) == ("TERMINATED", "所用的部署被删除")
        assert open_tasks(any_office, case_id) == {} and agenda_of(any_office, case_id) == ()
        assert actions_of(any_office, case_id)[-1] == "case:terminated"
    assert get_case(any_office, SYSTEM, ended).state == "COMPLETED"
    for case_id in (bystander, earlier):
        complete_task(any_office, SYSTEM, open_tasks(any_office, case_id)["Work"].id)
        assert get_case(any_office, SYSTEM, case_id).state == "COMPLETED"
    with any_office.reading() as records:
        assert records.deployments.newest(["b"])["b"].version == 1
        [line] = records.ledger.lines(LedgerAction.DEPLOYMENT_DELETED)
        assert line.detail == {"definitions": ["b"], "cascade": 2}


def test_a_designer_does_not_end_cases_by_deleting_their_deployment(any_office: Office) -> None:
    view = deploy_bpmn(any_office, diagram("b", WORK))
    case_id = start_case(any_office, SYSTEM, key="b").id
    with pytest.raises(Forbidden) as refusal:
        delete_deployment(any_office, DESIGNER, view.id, cascade=True)
    assert refusal.value.code == "NOT_GRANTED"
    assert get_case(any_office, SYSTEM, case_id).state == "ACTIVE"
    with any_office.reading() as records:
        assert set(records.deployments.newest()) == {"b"}


def test_numbers_are_never_given_twice(any_office: Office) -> None:
    first = deploy_bpmn(any_office, diagram("a"))
    delete_deployment(any_office, SYSTEM, first.id)
    second = deploy_bpmn(any_office, diagram("a"))
    assert versions(second) == {"a": 2}
    with any_office.reading() as records:
        [line] = records.ledger.lines(LedgerAction.DEPLOYMENT_DELETED)
        assert line.subject == str(first.id)
        kept = records.deployments.definition(first.definitions[0].id)
        assert kept is not None and kept.deleted_at is not None


# -- bindings -----------------------------------------------------------------------------------------------------


def bound(office: Office, definition_id: UUID) -> tuple[UUID, Any]:
    with office.transaction() as records:
        return office.programs.bind(records, definition_id)


def test_a_case_is_bound_to_the_versions_of_its_start(any_office: Office) -> None:
    deploy_bpmn(any_office, diagram("c"))
    middle = deploy_bpmn(any_office, diagram("b", call("c")))
    top = deploy_bpmn(any_office, diagram("a", call("b"))).definitions[0]
    binding_id, program = bound(any_office, top.id)
    assert set(program.processes()) == {"a", "b", "c"}
    assert program.definition_id("b") == middle.definitions[0].id
    assert bound(any_office, top.id) == (binding_id, program)
    newer = deploy_bpmn(any_office, diagram("c", name="改了")).definitions[0]
    other_id, other = bound(any_office, top.id)
    assert other_id != binding_id and other.definition_id("c") == newer.id
    any_office.programs.__init__()  # type: ignore[misc]  # as after a restart
    with any_office.reading() as records:
        again = any_office.programs.for_binding(records, binding_id)
    assert again.key == "a" and again.definition_id("c") != newer.id


def test_a_circle_of_calls_through_deployed_processes_is_refused(any_office: Office) -> None:
    deploy_bpmn(any_office, diagram("c"))
    deploy_bpmn(any_office, diagram("b", call("c")))
    deploy_bpmn(any_office, diagram("a", call("b")))
    with pytest.raises(Invalid) as refusal:
        deploy_bpmn(any_office, diagram("c", call("a")))
    assert [(f.code, f.file, f.element) for f in refusal.value.details] == [("LB702", "diagram-1.bpmn", "c")]


def test_without_the_called_process_nothing_starts(any_office: Office) -> None:
    called = deploy_bpmn(any_office, diagram("b"))
    caller = deploy_bpmn(any_office, diagram("a", call("b")))
    delete_deployment(any_office, SYSTEM, called.id)
    with pytest.raises(Conflict) as refusal:
        bound(any_office, caller.definitions[0].id)
    assert refusal.value.code == "CALLED_PROCESS_MISSING"
    with pytest.raises(Missing):
        bound(any_office, called.definitions[0].id)


def test_a_cached_program_costs_no_statement(office: Office) -> None:
    from service.store.database import count_statements

    view = deploy_bpmn(office, diagram("a"))
    binding_id, program = bound(office, view.definitions[0].id)
    with count_statements(office.database) as count, office.reading() as records:
        assert office.programs.for_binding(records, binding_id) is program
    assert count.statements == 0


def test_an_office_without_people_deploys_all_the_same(office: Office) -> None:
    assert list_people(office) == ()
    assert versions(deploy_bpmn(office, diagram("a"))) == {"a": 1}
