"""The page of a chain's 职责矩阵: everybody of the case reads it, who leads changes it with a reason."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from service.casework import Office, complete_task
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from tests.casework.clocks.test_joint_chains import REPLIES, begun, state
from tests.casework.desk import ENGINE
from tests.conftest import Clock
from tests.processes.library import resources
from tests.web.pages.conftest import Visitor, text

WANTED = {"department": "107", "days": "4", "matter": "厂区绿地率", "reason": "占用绿地"}


def running(office: Office, clock: Clock) -> UUID:
    """GY-25 of a small project, accepted."""
    case_id = begun(office, clock, "chain_GY_25", eia_category="registration", land_area_m2=100, civil_building=False)
    (intake,) = state(office, case_id)[0]
    complete_task(office, ENGINE, intake.id, answers=REPLIES["Task_Intake"])
    return case_id


def test_a_department_is_asked_and_let_go_again_on_the_page_of_a_running_chain(
    centre: Office, clock: Clock, site: Flask
) -> None:
    deploy(centre, SYSTEM, "撤回", resources("support_SP_10"))
    case_id = running(centre, clock)
    address = f"/cases/{case_id}/matrix"
    lead, other = Visitor(site).sign_in("101-rep"), Visitor(site).sign_in("wangfang")
    assert "增加会审部门" in text(lead.get(address)) and "增加会审部门" not in text(other.get(address))
    assert other.post(f"{address}/joined", WANTED | {"sure": "yes"}).status_code == 403
    seen = text(lead.post(f"{address}/joined", WANTED | {"sure": "no"}))
    assert "由城市管理局" in seen and "联办总时限" in seen and "确认增加" in seen
    assert [one.element for one in state(centre, case_id)[0]].count("Task_Joined") == 0, "shown, not done"
    refused = lead.post(f"{address}/joined", WANTED | {"sure": "yes", "matter": ""})
    assert refused.status_code == 422 and "请写明请该部门审查的内容" in text(refused)
    assert lead.post(f"{address}/joined", WANTED | {"sure": "yes"}).status_code == 302
    (desk,) = [one for one in state(centre, case_id)[0] if one.element == "Task_Joined"]
    assert desk.department == "107"
    page = text(lead.get(address))
    assert "厂区绿地率" in page and "前答复" in page and "减去" in page
    leaving = f"{address}/joined/{desk.id}/leave"
    assert lead.post(leaving, {"reason": ""}).status_code == 422
    assert other.post(leaving, {"reason": "不需要"}).status_code == 403
    assert lead.post(leaving, {"reason": "绿地已由用地审查"}).status_code == 302
    assert "没有临时会审的部门" in text(lead.get(address))
    assert [one.element for one in state(centre, case_id)[0]].count("Task_Joined") == 0
    for keeper, path in (("wangfang", "measures/withdraw"), ("tianyue", "end")):
        shown = Visitor(site).sign_in(keeper).get(f"/cases/{case_id}/{path}")
        page, here = text(shown), shown.get_data(as_text=True).split('aria-current="true"')[1]
        assert here.partition("</a>")[0].endswith("办件查询")
        assert "随同停办：项目备案" in page and "没有缴的账单作废" in page and "不受影响" not in page
    journal = text(lead.get(f"/cases/{case_id}"))
    assert "占用绿地" in journal and "绿地已由用地审查" in journal


def test_who_leads_takes_a_department_in_on_the_page(centre: Office, clock: Clock, site: Flask) -> None:
    case_id = running(centre, clock)
    address = f"/cases/{case_id}/matrix"
    lead, other = Visitor(site).sign_in("101-rep"), Visitor(site).sign_in("wangfang")
    assert address in lead.get(f"/cases/{case_id}").get_data(as_text=True)
    page = text(lead.get(address))
    assert "加入：水土保持方案" in page and "施工许可" in page and "移出：" not in page
    assert "调整联办部门" not in text(other.get(address))
    refused = lead.post(address, {"change": "Water:join", "reason": ""})
    assert refused.status_code == 422 and "请写明理由" in text(refused)
    assert other.post(address, {"change": "Water:join", "reason": "理由"}).status_code == 403
    assert lead.post(address, {"change": "Water:join", "reason": "现场发现弃渣场"}).status_code == 302
    assert "移出：水土保持方案" in text(lead.get(address))
    assert "调整联办部门" in text(lead.get(f"/cases/{case_id}"))
