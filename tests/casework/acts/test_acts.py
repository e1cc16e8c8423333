"""Acts: what a completed element asks for is done once, under the case's lock, also when the case has ended meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from service.casework import attend_due, complete_task, resume_case, start_case, suspend_case
from service.casework.act_book import ACTS
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.reading import case_incidents
from service.engine.kernel import details
from service.rules.refusals import Invalid
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from tests.casework import desk
from tests.casework.desk import ENGINE, KEEPER, agenda_of, deploy_text, journal_of, open_tasks
from tests.conftest import Clock

ASKING = (
    '<startEvent id="S"/><userTask id="A" name="甲"/>'
    '<intermediateThrowEvent id="Done" name="已受理" zw:doc="W02 W13" zw:sms="M02"/><endEvent id="E"/>\n'
    "S -> A\nA -> Done\nDone -> E\n"
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Request]]:
    done: list[Request] = []

    def act(office: Office, records: Records, file: CaseFile, request: Request) -> None:
        done.append(request)
        write(records, file, JournalAction.ACTION_DONE, None, element=request.element)

    monkeypatch.setattr(details, "ASKED", {"doc", "sms"})
    monkeypatch.setitem(ACTS, "document", act)
    monkeypatch.setitem(ACTS, "message", act)
    return done


def test_an_element_asks_for_its_documents_and_messages_when_it_is_completed(
    any_office: Office, asked: list[Request]
) -> None:
    case = _passed(any_office)
    assert [row.kind for row in agenda_of(any_office, case)] == ["act"] * 3
    while attend_due(any_office):
        pass
    assert [(one.act, one.inputs.get("doc"), one.inputs.get("sms")) for one in asked] == [
        ("document", "W02", "M02"),
        ("document", "W13", "M02"),
        ("message", "W02 W13", "M02"),
    ]
    assert {(one.element, one.name, one.scope) for one in asked} == {("Done", "已受理", None)}


def test_an_act_sees_the_variables_as_they_were_when_it_was_asked(any_office: Office, asked: list[Request]) -> None:
    _passed(any_office, amount="600000.00")
    while attend_due(any_office):
        pass
    assert {one.values["amount"] for one in asked} == {"600000.00"}


def test_an_act_is_done_once_and_noted_although_the_case_has_ended(any_office: Office, asked: list[Request]) -> None:
    case = _passed(any_office)
    while attend_due(any_office):
        pass
    assert attend_due(any_office) == 0 and agenda_of(any_office, case) == ()
    lines = [line for line in journal_of(any_office, case) if line.action == JournalAction.ACTION_DONE]
    assert [line.element for line in lines] == ["Done"] * 3


def test_an_act_that_fails_leaves_nothing_and_is_tried_again(
    any_office: Office, clock: Clock, asked: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = ACTS["document"]

    def bad(office: Office, records: Records, file: CaseFile, request: Request) -> None:
        good(office, records, file, request)
        raise RuntimeError("disk")

    monkeypatch.setitem(ACTS, "document", bad)
    case = _passed(any_office)
    while attend_due(any_office):
        pass
    assert sum(line.action == JournalAction.ACTION_DONE for line in journal_of(any_office, case)) == 1, "the message"
    monkeypatch.setitem(ACTS, "document", good)
    clock.advance(seconds=11)
    while attend_due(any_office):
        pass
    assert sum(line.action == JournalAction.ACTION_DONE for line in journal_of(any_office, case)) == 3
    assert agenda_of(any_office, case) == ()


def test_an_act_that_can_never_succeed_is_an_incident_at_once(
    any_office: Office, asked: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(office: Office, records: Records, file: CaseFile, request: Request) -> None:
        raise Invalid("REASONS_MISSING", "应写明理由，但没有")

    monkeypatch.setitem(ACTS, "message", never)
    case = _passed(any_office)
    while attend_due(any_office):
        pass
    (incident,) = case_incidents(any_office, KEEPER, case)
    assert "应写明理由" in incident.message
    (row,) = agenda_of(any_office, case)
    assert row.ready_at is None and row.retries == 0


def test_a_suspended_case_asks_for_nothing_until_it_is_resumed(any_office: Office, asked: list[Request]) -> None:
    asking = (
        '<startEvent id="S"/><userTask id="A" name="甲" zw:doc="W13"/><userTask id="B" name="乙"/><endEvent id="E"/>\n'
        "S -> A\nA -> B\nB -> E\n"
    )
    case = _passed(any_office, text=asking)
    suspend_case(any_office, KEEPER, case)
    assert attend_due(any_office) == 0 and asked == []
    resume_case(any_office, KEEPER, case)
    assert attend_due(any_office) == 1 and len(asked) == 1


def test_what_is_asked_later_keeps_its_instant(any_office: Office, clock: Clock, asked: list[Request]) -> None:
    _passed(any_office)
    before = clock()
    clock.advance(hours=3)
    while attend_due(any_office):
        pass
    assert {one.asked_at for one in asked} == {before} and clock() - before == timedelta(hours=3)


def _passed(office: Office, text: str = ASKING, **variables: str) -> UUID:
    desk.hire(office)
    deploy_text(office, text)
    case = start_case(office, ENGINE, key="p", variables=variables)
    complete_task(office, ENGINE, open_tasks(office, case.id)["A"].id)
    return case.id
