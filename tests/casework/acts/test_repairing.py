"""修正数据: who may, what is refused, what the journal says, and that a failed step goes on with the corrected value."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from service.casework import attend_due, start_case
from service.casework.office import Office
from service.casework.repairing import correct_value, repair_view
from service.casework.returning import move_places, move_token
from service.casework.troubles import repeat_act, trouble_list
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework import desk
from tests.casework.desk import CLERK, ENGINE, KEEPER, SUPERVISOR, deploy_text, open_tasks

STUCK = (
    '<startEvent id="S"/><exclusiveGateway id="Sum" name="面积"/><userTask id="B" name="审核"/><userTask id="C" name="备案"/>'
    '<endEvent id="E"/><endEvent id="F"/>'
    '<sequenceFlow id="Large" sourceRef="Sum" targetRef="B"><conditionExpression>=area &gt; 10</conditionExpression></sequenceFlow>'
    '<sequenceFlow id="Small" sourceRef="Sum" targetRef="C"><conditionExpression>=area &lt;= 10</conditionExpression></sequenceFlow>'
    "\nS -> Sum\nB -> E\nC -> F\n"
)


def stuck(office: Office) -> tuple[UUID, UUID]:
    """A case whose gateway compares a number and has a text: its id and the failing item's."""
    desk.hire(office)
    deploy_text(office, STUCK)
    case = start_case(office, ENGINE, key="p", variables={"area": "十二"}).id
    (one,) = trouble_list(office, KEEPER).items
    return case, one.row.id


def test_only_keepers_correct_and_only_what_has_failed(any_office: Office) -> None:
    _case, item = stuck(any_office)
    with pytest.raises(Forbidden):
        correct_value(any_office, CLERK, item, name="area", kind="Integer", text="12", reason="写错")
    with pytest.raises(Forbidden):
        repair_view(any_office, SUPERVISOR, item)
    with pytest.raises(Missing) as caught:
        correct_value(any_office, KEEPER, uuid4(), name="area", kind="Integer", text="12", reason="写错")
    assert caught.value.code == "JOB_NOT_FOUND"


@pytest.mark.parametrize(
    ("name", "kind", "text", "reason", "field"),
    [
        ("a b", "Integer", "12", "写错", "name"),
        ("", "Integer", "12", "写错", "name"),
        ("area", "Number", "12", "写错", "kind"),
        ("area", "Integer", "十二", "写错", "value"),
        ("area", "Integer", "12", " ", "reason"),
        ("area", "Integer", "12", "x" * 501, "reason"),
    ],
)
def test_a_correction_is_refused_at_its_field(
    any_office: Office, name: str, kind: str, text: str, reason: str, field: str
) -> None:
    case, item = stuck(any_office)
    with pytest.raises(Invalid) as refused:
        correct_value(any_office, KEEPER, item, name=name, kind=kind, text=text, reason=reason)
    assert [one.field for one in refused.value.fields] == [field]
    assert [*open_tasks(any_office, case)] == []


def test_a_technician_sees_names_and_types_but_no_values(any_office: Office) -> None:
    _case, item = stuck(any_office)
    view = repair_view(any_office, KEEPER, item)
    assert view is not None and not view.read
    assert [(one.name, one.type, one.value) for one in view.known if one.name == "area"] == [("area", "String", None)]


def test_a_corrected_value_lets_the_step_go_on_and_stands_in_the_journal(any_office: Office) -> None:
    case, item = stuck(any_office)
    correct_value(any_office, KEEPER, item, name="area", kind="Integer", text="12", reason="面积写成了文字")
    assert [*open_tasks(any_office, case)] == []  # nothing is repeated by itself
    with any_office.reading() as records:
        (line,) = [one for one in records.history.lines(case) if one.action == "case:variables_set"]
        (row,) = [one for one in records.variables.of_case(case) if one.name == "area"]
    assert (row.type, row.value) == ("Integer", 12) and line.actor == KEEPER.username
    assert line.detail is not None and line.detail["reason"] == "面积写成了文字"
    assert (line.detail["type_before"], line.detail["type"]) == ("String", "Integer")
    assert (line.detail["before"], line.detail["values"]) == ({"area": "十二"}, {"area": 12})
    repeat_act(any_office, KEEPER, item)
    while attend_due(any_office):
        pass
    assert [*open_tasks(any_office, case)] == ["B"] and trouble_list(any_office, KEEPER).total == 0


def test_a_failed_step_is_moved_to_another_one_with_a_reason(any_office: Office) -> None:
    case, item = stuck(any_office)
    view = repair_view(any_office, KEEPER, item)
    assert view is not None and view.token is not None
    preview = move_places(any_office, KEEPER, case, view.token)
    assert "B" in {one.element for one in preview.places if one.refused is None}
    with pytest.raises(Conflict):
        move_token(any_office, KEEPER, case, view.token, "B", "绕过计算", seen="stale")
    move_token(any_office, KEEPER, case, view.token, "B", "绕过计算", seen=preview.mark)
    assert [*open_tasks(any_office, case)] == ["B"] and trouble_list(any_office, KEEPER).total == 0
