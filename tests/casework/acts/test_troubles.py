"""异常: who may see to what has failed, what is repaired and repeated, and what giving up leaves."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from service.casework import attend_due, complete_task, start_case
from service.casework.act_book import ACTS
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.troubles import give_up_act, repair_act, repeat_act, trouble, trouble_list
from service.engine.kernel import details
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from tests.casework import desk
from tests.casework.desk import CLERK, ENGINE, KEEPER, actions_of, agenda_of, deploy_text, open_tasks
from tests.conftest import Clock

PASSING = (
    '<startEvent id="S"/><userTask id="A"/><intermediateThrowEvent id="Mark" name="准予" zw:doc="W14"/>'
    '<userTask id="B"/><endEvent id="E"/>\nS -> A\nA -> Mark\nMark -> B\nB -> E\n'
)
WAITING = (
    '<startEvent id="S"/><userTask id="A"/><serviceTask id="Mark" name="出具决定" zw:action="document" zw:doc="W15"/>'
    '<userTask id="B"/><endEvent id="E"/>\nS -> A\nA -> Mark\nMark -> B\nB -> E\n'
)


@pytest.fixture
def issued(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Documents made; the act refuses without a reason."""
    done: list[str] = []

    def document(office: Office, records: Records, file: CaseFile, request: Request) -> None:
        if not request.values.get("reason"):
            raise Invalid("DOCUMENT_FACTS", "文书内容{name}缺少", name="reason")
        done.append(f"{request.inputs['doc']} {request.values['reason']}")
        write(records, file, JournalAction.ACTION_DONE, None, element=request.element)

    monkeypatch.setattr(details, "ASKED", {"doc", "sms"})
    monkeypatch.setitem(ACTS, "document", document)
    return done


def failed(office: Office, text: str) -> tuple[UUID, UUID]:
    """A case with a failed act: its id and the item's."""
    desk.hire(office)
    deploy_text(office, text)
    case = start_case(office, ENGINE, key="p").id
    complete_task(office, ENGINE, open_tasks(office, case)["A"].id)
    settle(office)
    (item,) = [row.id for row in agenda_of(office, case) if row.error]
    return case, item


def settle(office: Office) -> None:
    while attend_due(office):
        pass


def test_only_keepers_see_and_touch_what_has_failed(any_office: Office, issued: list[str]) -> None:
    _, item = failed(any_office, PASSING)
    for act in (
        lambda: trouble_list(any_office, CLERK),
        lambda: trouble(any_office, CLERK, item),
        lambda: repeat_act(any_office, CLERK, item),
        lambda: repair_act(any_office, CLERK, item, inputs={}, values="", reason="x"),
        lambda: give_up_act(any_office, CLERK, item, reason="x"),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(
    ("inputs", "values", "reason", "field"),
    [
        ({"doc": "W15"}, "", "", "reason"),
        ({"doc": "W15"}, "", "x" * 501, "reason"),
        ({"doc": "W99"}, "", "写错", "doc"),
        ({"doc": ""}, "", "写错", "doc"),
        ({"series": "a"}, "", "写错", "series"),
        ({}, "[1]", "写错", "values"),
        ({}, '{"a b": 1}', "写错", "values"),
        ({}, "{", "写错", "values"),
    ],
)
def test_a_repair_is_refused_at_its_field(
    any_office: Office, issued: list[str], inputs: dict[str, str], values: str, reason: str, field: str
) -> None:
    _, item = failed(any_office, PASSING)
    with pytest.raises(Invalid) as refused:
        repair_act(any_office, KEEPER, item, inputs=inputs, values=values, reason=reason)
    assert [one.field for one in refused.value.fields] == [field]
    assert issued == []


def test_what_is_not_failing_is_not_touched(any_office: Office, issued: list[str]) -> None:
    case, item = failed(any_office, PASSING)
    repair_act(any_office, KEEPER, item, inputs={}, values='{"reason": "补"}', reason="补理由")
    settle(any_office)
    for act in (
        lambda: repair_act(any_office, KEEPER, item, inputs={}, values="", reason="再"),
        lambda: give_up_act(any_office, KEEPER, item, reason="再"),
        lambda: trouble(any_office, KEEPER, item),
    ):
        with pytest.raises(Missing):
            act()


def test_a_failed_act_is_shown_with_what_it_was_given(any_office: Office, issued: list[str]) -> None:
    case, item = failed(any_office, PASSING)
    (one,) = trouble_list(any_office, KEEPER).items
    assert (one.row.id, one.act, one.place, one.row.case_id) == (item, "document", "准予", case)
    shown = trouble(any_office, KEEPER, item)
    assert shown.inputs == {"doc": "W14"} and shown.repairable and shown.droppable
    assert shown.row.error is not None and "reason" in shown.row.error
    assert trouble_list(any_office, KEEPER, view="trying").total == 0


def test_a_repaired_act_is_done_once_with_the_new_values(any_office: Office, issued: list[str]) -> None:
    case, item = failed(any_office, PASSING)
    repair_act(any_office, KEEPER, item, inputs={"doc": "W15"}, values='{"reason": "不符合条件"}', reason="结论写反")
    settle(any_office)
    assert issued == ["W15 不符合条件"]
    assert "act:repaired" in actions_of(any_office, case) and "incident:resolved" in actions_of(any_office, case)
    assert trouble_list(any_office, KEEPER).total == 0


def test_a_waiting_task_gets_its_missing_value_as_a_variable_and_the_case_goes_on(
    any_office: Office, issued: list[str]
) -> None:
    case, item = failed(any_office, WAITING)
    assert [*open_tasks(any_office, case)] == []
    repair_act(any_office, KEEPER, item, inputs={}, values='{"reason": "不符合条件"}', reason="补理由")
    settle(any_office)
    assert issued == ["W15 不符合条件"] and [*open_tasks(any_office, case)] == ["B"]


def test_giving_up_lets_the_case_go_on_and_says_why(any_office: Office, issued: list[str]) -> None:
    case, item = failed(any_office, WAITING)
    give_up_act(any_office, KEEPER, item, reason="文书已由窗口手工出具")
    assert issued == [] and [*open_tasks(any_office, case)] == ["B"]
    with any_office.reading() as records:
        (line,) = [one for one in records.history.lines(case) if one.action == "act:given_up"]
    assert line.detail is not None and line.detail["reason"] == "文书已由窗口手工出具" and line.actor == "guotao"
    assert trouble_list(any_office, KEEPER).total == 0


def test_a_failed_act_stays_owed_when_its_case_has_ended(any_office: Office, issued: list[str]) -> None:
    case, item = failed(any_office, PASSING)
    complete_task(any_office, ENGINE, open_tasks(any_office, case)["B"].id)
    (one,) = trouble_list(any_office, KEEPER).items
    assert one.row.state == "COMPLETED" and one.row.opened_at is not None
    repair_act(any_office, KEEPER, item, inputs={}, values='{"reason": "已补"}', reason="补")
    settle(any_office)
    assert issued == ["W14 已补"]


def test_a_limit_cannot_be_given_up(any_office: Office, clock: Clock) -> None:
    desk.hire(any_office)
    text = '<startEvent id="S"/><intermediateCatchEvent id="T"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent><endEvent id="E"/>\nS -> T\nT -> E\n'
    deploy_text(any_office, text)
    case = start_case(any_office, ENGINE, key="p").id
    (row,) = agenda_of(any_office, case)
    with any_office.transaction() as records:
        records.agenda.change(row.id, {"error": "boom", "retries": 0, "ready_at": None})
    with pytest.raises(Conflict):
        give_up_act(any_office, KEEPER, row.id, reason="不要了")
    assert not trouble(any_office, KEEPER, row.id).droppable
