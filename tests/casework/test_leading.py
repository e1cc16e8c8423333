"""牵头部门协调人: reads the chains of the department, urges, convenes and sums up; decides for nobody, and nobody else does it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.casework import complete_task, find_actor
from service.casework.actors import Actor
from service.casework.clocks.extending import ask_extension
from service.casework.handing import handing_panel
from service.casework.leading import convene, remind, sum_up
from service.casework.matrices import change_matrix
from service.casework.notes.reading import note_panel
from service.casework.office import Office
from service.casework.rights import may_read
from service.casework.workbench import case_list, case_page, chain_page, led_chains
from service.casework.workbench.led_pages import may_lead, said_by_lead
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.vocabulary import AgendaKind
from tests.casework.clocks.test_joint_chains import REPLIES, begun, reply, state
from tests.casework.desk import ENGINE, actions_of
from tests.conftest import Clock

GY = "chain_GY_25"


def who(office: Office, username: str) -> Actor:
    """One of the demo city."""
    found = find_actor(office, username)
    assert found is not None
    return found


@pytest.fixture
def chain(demo_office: Office, clock: Clock) -> UUID:
    """GY-25 after its acceptance: led by 101, in part by 102; the desks of the window are done."""
    case_id = begun(demo_office, clock, GY, phone="13900000001")
    (intake,) = state(demo_office, case_id)[0]
    complete_task(demo_office, ENGINE, intake.id, answers=REPLIES["Task_Intake"])
    for _ in range(2):
        for task in state(demo_office, case_id)[0]:
            if task.department == "201":
                complete_task(demo_office, ENGINE, task.id, answers=reply(task))
    return case_id


def test_a_coordinator_sees_the_chains_of_the_department_and_no_others(demo_office: Office, chain: UUID) -> None:
    lead, other = (who(demo_office, name) for name in ("101-lead", "111-lead"))
    assert [line.id for line in led_chains(demo_office, lead).items] == [chain]
    assert led_chains(demo_office, other).total == 0
    found = led_chains(demo_office, lead)
    assert found.milestones[chain][0] == "M1 立项用地" and found.limits[chain][0] == "green"
    assert {one.department for one in found.offices[chain]} >= {"101"}
    assert [line.id for line in case_list(demo_office, lead).items] == [chain]
    with pytest.raises(Forbidden):
        led_chains(demo_office, who(demo_office, "zhangwei"))
    assert may_lead(demo_office, lead, chain) and may_lead(demo_office, who(demo_office, "101-rep"), chain)
    with demo_office.reading() as records:
        row = records.cases.find(chain)
        assert row is not None
        assert may_read(records, lead, row) and not may_read(records, other, row)
    assert not chain_page(demo_office, who(demo_office, "wangfang"), chain).leads


def test_who_leads_a_part_speaks_for_it_once_it_has_begun(demo_office: Office, chain: UUID) -> None:
    part = who(demo_office, "102-lead")
    with pytest.raises(Missing):
        may_lead(demo_office, part, chain)
    for _ in range(40):
        tasks = state(demo_office, chain)[0]
        if any(one.department == "102" for one in tasks):
            break
        complete_task(demo_office, ENGINE, tasks[0].id, answers=reply(tasks[0]))
    assert may_lead(demo_office, part, chain), "102 leads M2"
    assert led_chains(demo_office, part).total == 0, "the board has the chains one leads as a whole"


def test_the_contacts_of_the_applicant_are_masked_for_a_coordinator(demo_office: Office, chain: UUID) -> None:
    told = {one.name: one.value for one in case_page(demo_office, who(demo_office, "101-lead"), chain).variables}
    assert told["phone"] != "13900000001" and "*" in told["phone"]


def test_a_coordinator_decides_nothing_and_gives_nothing_away(demo_office: Office, chain: UUID) -> None:
    lead = who(demo_office, "101-lead")
    for task in state(demo_office, chain)[0]:
        panel = handing_panel(demo_office, lead, task.id)
        assert panel.acts == {"urge"}, task.name
        with pytest.raises(Forbidden):
            complete_task(demo_office, lead, task.id, answers={"conclusion": "agree"})
    with pytest.raises(Forbidden) as refused:
        change_matrix(demo_office, lead, chain, node="Water", join=False, reason="理由")
    assert refused.value.code == "LEAD_ONLY"


def test_departments_are_reminded_once_per_half_day(demo_office: Office, clock: Clock, chain: UUID) -> None:
    lead = who(demo_office, "101-lead")
    tasks = [one for one in state(demo_office, chain)[0] if one.department == "101"]
    done = remind(demo_office, lead, chain, ["101"], "请于今日办结")
    assert (done.told, done.refused) == (len(tasks), ())
    assert actions_of(demo_office, chain).count("task:urged") == len(tasks)
    again = remind(demo_office, lead, chain, ["101"])
    assert again.told == 0 and {one.code for _, one in again.refused} == {"URGED_ALREADY"}
    with pytest.raises(Conflict) as nobody:
        remind(demo_office, lead, chain, ["119"])
    assert nobody.value.code == "REMINDED_NOBODY"
    with pytest.raises(Invalid):
        remind(demo_office, lead, chain, [])
    with pytest.raises(Missing):
        remind(demo_office, who(demo_office, "111-lead"), chain, ["101"])
    with pytest.raises(Forbidden):
        remind(demo_office, who(demo_office, "101-a"), chain, ["101"])


def test_a_meeting_is_told_to_the_chiefs_and_kept_from_the_applicant(
    demo_office: Office, clock: Clock, chain: UUID
) -> None:
    lead, at = who(demo_office, "101-lead"), clock.now + timedelta(days=1)
    call = {"room": "三楼会议室", "subject": "用地边界怎样认定", "departments": ["102", "103"]}
    for change, field in (
        ({"at": clock.now - timedelta(minutes=1)}, "at"),
        ({"at": None}, "at"),
        ({"at": at, "room": " "}, "room"),
        ({"at": at, "departments": []}, "departments"),
        ({"at": at, "departments": ["999"]}, "departments"),
        ({"at": at, "subject": ""}, "subject"),
    ):
        with pytest.raises(Invalid) as refused:
            convene(demo_office, lead, chain, **{**call, **change})  # type: ignore[arg-type]
        assert [one.field for one in refused.value.fields] == [field]
    convene(demo_office, lead, chain, at=at, **call)  # type: ignore[arg-type]
    with demo_office.reading() as records:
        told = [one.detail for one in records.agenda.of_case(chain) if one.kind == AgendaKind.NOTICE]
    assert {"102:chief_rep", "103:chief_rep"} <= {name for one in told if one for name in one["to"]}
    (said,) = said_by_lead(demo_office, who(demo_office, "103-rep"), chain)
    assert (said.at, said.room, said.departments) == (at, "三楼会议室", ("102", "103"))


def test_a_summary_is_a_note_that_all_of_the_chain_read(demo_office: Office, chain: UUID) -> None:
    lead, joint = who(demo_office, "101-lead"), who(demo_office, "103-a")
    with pytest.raises(Invalid):
        sum_up(demo_office, lead, chain, "  ")
    for name, kind in (("101-a", Forbidden), ("wangfang", Forbidden), ("111-lead", Missing)):
        with pytest.raises(kind):
            sum_up(demo_office, who(demo_office, name), chain, "各部门均无不同意见。")
    entry = sum_up(demo_office, lead, chain, "各部门均无不同意见。")
    assert [one.text for one in chain_page(demo_office, joint, chain).said] == ["各部门均无不同意见。"]
    panel = note_panel(demo_office, joint, chain)
    assert panel is not None and [one.id for one in panel.notes] == [entry]
    assert actions_of(demo_office, chain)[-1] == "lead:summed_up"


def test_a_coordinator_asks_for_an_extension_of_the_chain(demo_office: Office, clock: Clock, chain: UUID) -> None:
    ask_extension(demo_office, who(demo_office, "101-lead"), chain, amount=5, reason="专家评审排期")
    assert "proceeding:opened" in actions_of(demo_office, chain)
    with pytest.raises(Forbidden):
        ask_extension(demo_office, who(demo_office, "111-lead"), chain, amount=5, reason="专家评审排期")
