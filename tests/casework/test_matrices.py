"""Departments join a running chain, or are left out of it, by who leads: before their turn, with a reason, in the journal."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import attend_due, complete_task, find_actor
from service.casework.actors import Actor
from service.casework.matrices import change_matrix, matrix_page
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework.clocks.items import lines_of
from tests.casework.clocks.test_joint_chains import REPLIES, begun, pass_until, state
from tests.casework.desk import ENGINE
from tests.conftest import Clock

GY = "chain_GY_25"


def who(office: Office, username: str) -> Actor:
    """One of the demo city."""
    found = find_actor(office, username)
    assert found is not None
    return found


def accepted(office: Office, clock: Clock) -> UUID:
    """A project without civil defence whose land permit is not there yet."""
    case_id = begun(office, clock, GY, eia_category="registration", land_area_m2=100, civil_building=False)
    assert not any(one.free or one.taken for one in matrix_page(office, ENGINE, case_id).nodes), "not before 受理"
    (intake,) = state(office, case_id)[0]
    complete_task(office, ENGINE, intake.id, answers=REPLIES["Task_Intake"])
    return case_id


def test_who_leads_takes_a_department_in_and_it_is_called_when_its_turn_comes(
    demo_office: Office, clock: Clock
) -> None:
    case_id = accepted(demo_office, clock)
    lead = who(demo_office, "101-rep")
    page = matrix_page(demo_office, lead, case_id)
    assert {one.node for one in page.nodes if one.free} == {"Water", "Defence"} and page.led >= {"Water", "Defence"}
    assert {one.node for one in page.nodes if one.taken} == {"Record", "Land", "Planning", "Drawings", "Permit"}
    change_matrix(demo_office, lead, case_id, node="Water", join=True, reason="现场踏勘发现弃渣场")
    (line,) = lines_of(demo_office, case_id, "chain:changed")
    assert line.actor == "101-rep" and line.detail is not None
    assert (line.detail["node"], line.detail["department"], line.detail["joined"]) == ("Water", "108", True)
    for _ in range(40):
        pass_until(demo_office, clock, clock.now)
        tasks, rows = state(demo_office, case_id)
        process = {row.id: row.process for row in rows}
        if any(process.get(one.id) == "item_108_XK_002" for one in tasks):
            break
        complete_task(demo_office, ENGINE, tasks[0].id, answers=reply(tasks[0].element, tasks[0].id))
    else:
        raise AssertionError("水利 was never asked")
    with pytest.raises(Conflict) as refused:
        change_matrix(demo_office, lead, case_id, node="Water", join=True, reason="再加一次")
    assert refused.value.code == "NODE_BEGUN"


def reply(element: str, id: UUID) -> dict[str, object]:
    """What a desk answers, with a certificate number nobody else has."""
    said: dict[str, object] = dict(REPLIES.get(element, {"conclusion": "agree"}))
    return said | ({"certificate_no": f"云-{id.hex[:12]}"} if "certificate_no" in said else {})


def test_a_department_left_out_is_not_asked_and_what_the_law_orders_stays(demo_office: Office, clock: Clock) -> None:
    case_id = accepted(demo_office, clock)
    lead, drawings = who(demo_office, "101-rep"), who(demo_office, "104-rep")
    change_matrix(demo_office, drawings, case_id, node="Defence", join=True, reason="增建配套宿舍")
    for actor, node in (
        (who(demo_office, "108-rep"), "Water"),
        (who(demo_office, "101-a"), "Water"),
        (who(demo_office, "102-rep"), "Defence"),
    ):
        with pytest.raises(Forbidden) as forbidden:
            change_matrix(demo_office, actor, case_id, node=node, join=True, reason="理由")
        assert forbidden.value.code == "LEAD_ONLY"
    for node, join, code in (
        ("Permit", False, "NODE_FIXED"),
        ("Record", False, "NODE_FIXED"),
        ("Defence", True, "MATRIX_SAME"),
    ):
        with pytest.raises(Conflict) as conflict:
            change_matrix(demo_office, lead, case_id, node=node, join=join, reason="理由")
        assert conflict.value.code == code
    with pytest.raises(Invalid):
        change_matrix(demo_office, lead, case_id, node="Defence", join=False, reason=" ")
    with pytest.raises(Missing):
        change_matrix(demo_office, lead, case_id, node="Nothing", join=False, reason="理由")
    change_matrix(demo_office, lead, case_id, node="Defence", join=False, reason="宿舍取消")
    page = matrix_page(demo_office, lead, case_id)
    assert not next(one for one in page.nodes if one.node == "Defence").taken
    assert [one.detail["joined"] for one in lines_of(demo_office, case_id, "chain:changed") if one.detail] == [
        True,
        False,
    ]


def declared(office: Office, clock: Clock, key: str, **changes: object) -> UUID:
    """A chain that has passed the window."""
    case_id = begun(office, clock, key, **changes)
    (intake,) = state(office, case_id)[0]
    complete_task(office, ENGINE, intake.id, answers=REPLIES["Task_Intake"])
    return case_id


def nodes(office: Office, lead: Actor, case_id: UUID, what: str) -> set[str]:
    """The nodes of which something holds."""
    return {one.node for one in matrix_page(office, lead, case_id).nodes if getattr(one, what)}


def test_what_js_35_only_sometimes_asks_is_taken_in_and_left_out_by_who_leads(
    demo_office: Office, clock: Clock
) -> None:
    case_id = declared(demo_office, clock, "chain_JS_35", special_project=False, civil_building=False)
    lead = who(demo_office, "104-rep")
    assert nodes(demo_office, lead, case_id, "free") == {"Fire", "Defence"}
    assert nodes(demo_office, lead, case_id, "taken").isdisjoint({"Fire", "Defence", "Approval"})
    change_matrix(demo_office, lead, case_id, node="Fire", join=True, reason="改为人员密集场所")
    change_matrix(demo_office, lead, case_id, node="Defence", join=True, reason="增建宿舍")
    change_matrix(demo_office, lead, case_id, node="Defence", join=False, reason="宿舍取消")
    assert nodes(demo_office, lead, case_id, "taken") >= {"Fire", "Permit"}
    for node in ("Green", "Approval", "EiaBook"):
        with pytest.raises(Conflict, match="NODE_"):
            change_matrix(demo_office, lead, case_id, node=node, join=False, reason="不需要")


def test_who_joins_a_joint_acceptance_surveys_with_the_others_and_nobody_joins_afterwards(
    demo_office: Office, clock: Clock
) -> None:
    case_id = declared(demo_office, clock, "chain_YS_10", built_m2=0, lightning=False)
    lead = who(demo_office, "104-rep")
    assert nodes(demo_office, lead, case_id, "free") == {"Defence", "Lightning"}
    change_matrix(demo_office, lead, case_id, node="Defence", join=True, reason="实测有防空地下室")
    (plan,) = state(demo_office, case_id)[0]
    complete_task(demo_office, ENGINE, plan.id, answers=REPLIES["Task_Plan"])
    while attend_due(demo_office):
        pass
    asked = {one.department for one in state(demo_office, case_id)[0]}
    assert "105" in asked and "122" not in asked
    with pytest.raises(Conflict, match="NODE_SURVEYED"):
        change_matrix(demo_office, lead, case_id, node="Lightning", join=True, reason="漏报")
    with pytest.raises(Conflict, match="NODE_SURVEYED"):
        change_matrix(demo_office, lead, case_id, node="Defence", join=False, reason="不需要")


def test_branches_of_qy_1_join_and_leave_until_the_licence_is_there_and_invoices_go_with_taxes(
    demo_office: Office, clock: Clock
) -> None:
    case_id = declared(demo_office, clock, "chain_QY_1", branches=["seal"])
    lead = who(demo_office, "111-rep")
    assert nodes(demo_office, lead, case_id, "free") == {"Seal", "Tax", "Social", "Medical", "Fund"}
    change_matrix(demo_office, lead, case_id, node="Tax", join=True, reason="申请人补选")
    assert nodes(demo_office, lead, case_id, "taken") == {"Seal", "Tax", "Invoice"}
    change_matrix(demo_office, lead, case_id, node="Seal", join=False, reason="已有公章")
    with pytest.raises(Conflict, match="NODE_FIXED"):
        change_matrix(demo_office, lead, case_id, node="Invoice", join=False, reason="不需要")
    (licence,) = state(demo_office, case_id)[0]
    complete_task(demo_office, ENGINE, licence.id, answers=REPLIES["Task_Desk"])
    while attend_due(demo_office):
        pass
    assert nodes(demo_office, lead, case_id, "running") == {"Tax"}
    with pytest.raises(Conflict, match="NODE_BEGUN"):
        change_matrix(demo_office, lead, case_id, node="Social", join=True, reason="补选")
