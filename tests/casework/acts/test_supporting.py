"""Supporting processes: started once, linked, in the version of the case that asked, and heard by it when they end."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import attend_due, complete_task, start_case
from service.casework.office import Office
from service.casework.reading import case_incidents
from service.casework.supporting import linked_cases
from service.rules.refusals import Missing
from tests.casework import desk
from tests.casework.desk import ENGINE, KEEPER, STRANGER, SUPERVISOR, deploy_text, journal_of, open_tasks
from tests.conftest import Clock
from tests.engine.drive import process

HELP = process(
    '<startEvent id="s"/><userTask id="T" name="{name}"/><endEvent id="f"><messageEventDefinition messageRef="M1"/></endEvent>\n'
    "s -> T\nT -> f\n",
    "help",
)
CASE = process(
    '<startEvent id="S"/><userTask id="A"/>'
    '<serviceTask id="Start" name="启动督办" zw:action="start" zw:process="help" zw:fields="amount missing"/>'
    '<intermediateCatchEvent id="W"><messageEventDefinition messageRef="M1"/></intermediateCatchEvent><endEvent id="E"/>\n'
    "S -> A\nA -> Start\nStart -> W\nW -> E\n",
    "case",
)


def started(office: Office, **variables: str) -> UUID:
    """A case that has asked for its supporting process."""
    case = start_case(office, ENGINE, key="case", variables=variables, business_key="K1", title="华印-施工许可").id
    return asked(office, case)


def asked(office: Office, case: UUID) -> UUID:
    complete_task(office, ENGINE, open_tasks(office, case)["A"].id)
    settle(office)
    return case


def settle(office: Office) -> None:
    while attend_due(office):
        pass


def help_of(office: Office, case: UUID) -> UUID:
    """The one case it has started."""
    _, (found,) = linked_cases(office, SUPERVISOR, case)
    return found.id


@pytest.fixture
def office(any_office: Office) -> Office:
    desk.hire(any_office)
    deploy_text(any_office, HELP.format(name="核查"))
    deploy_text(any_office, CASE)
    return any_office


def test_a_supporting_process_is_a_case_of_its_own_linked_to_the_one_that_asked(office: Office) -> None:
    case = started(office, amount="600000.00")
    other = help_of(office, case)
    with office.reading() as records:
        row = records.cases.find(other)
        values = {one.name: one.value for one in records.variables.of_case(other)}
    assert row is not None and row.key == "help" and row.title == "华印-施工许可-help"
    assert values["amount"] == "600000.00" and values["origin_case"] == str(case) and "missing" not in values
    (parent,), children = linked_cases(office, SUPERVISOR, other)
    assert (parent.id, parent.element, children) == (case, "Start", ())
    (line,) = [one for one in journal_of(office, case) if one.action == "case:linked"]
    assert line.detail is not None and line.detail["case"] == str(other)


def test_its_end_is_heard_by_the_case_that_started_it_and_by_no_other(office: Office) -> None:
    first, second = started(office), None
    second = asked(office, start_case(office, ENGINE, key="case").id)
    complete_task(office, ENGINE, open_tasks(office, help_of(office, second))["T"].id)
    settle(office)
    with office.reading() as records:
        ended = [records.cases.find(one).ended_at is not None for one in (first, second)]  # type: ignore[union-attr]
    assert ended == [False, True]


def test_asked_again_it_is_the_same_case(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.casework import supporting

    begun: list[int] = []
    begin = supporting.begin

    def counting(*args, **more):
        begun.append(1)
        return begin(*args, **more)

    monkeypatch.setattr(supporting, "begin", counting)
    case = started(office)
    with office.transaction() as records:
        link = records.exchange.parent_of(help_of(office, case))
        assert link is not None
        from service.casework.acts.request import Request
        from service.casework.journalling import CaseFile

        row = records.cases.lock(case)
        assert row is not None
        again = Request(
            id=link.request_id, act="start", element="Start", process="case", scope=None, asked_at=records.now,
            inputs={"process": "help"},
        )  # fmt: skip
        assert supporting.start_supporting(office, records, CaseFile(row), again) == {"started_case": str(link.id)}
    assert begun == [1]


def test_it_runs_in_the_version_of_when_the_case_began(office: Office, clock: Clock) -> None:
    case = start_case(office, ENGINE, key="case").id
    clock.advance(minutes=5)
    deploy_text(office, HELP.format(name="新核查"))
    asked(office, case)
    assert open_tasks(office, help_of(office, case))["T"].name == "核查"
    later = started(office)
    assert open_tasks(office, help_of(office, later))["T"].name == "新核查"


def test_a_process_that_is_not_there_is_an_incident_and_nothing_is_started(any_office: Office, clock: Clock) -> None:
    desk.hire(any_office)
    deploy_text(any_office, HELP.format(name="核查"))
    deploy_text(any_office, CASE)
    with any_office.transaction() as records:
        from sqlalchemy import update

        from service.store.schema import definition

        records.execute(update(definition).where(definition.c.key == "help").values(deleted_at=records.now))
    case = started(any_office)
    for seconds in (11, 61):
        clock.advance(seconds=seconds)
        settle(any_office)
    assert "help" in case_incidents(any_office, KEEPER, case)[0].message
    assert linked_cases(any_office, SUPERVISOR, case) == ((), ())


def test_links_are_for_who_may_read_the_case(office: Office) -> None:
    case = started(office)
    with pytest.raises(Missing):
        linked_cases(office, STRANGER, case)
