"""The page of a chain's 职责矩阵: everybody of the case reads it, who leads changes it with a reason."""

from __future__ import annotations

from flask import Flask

from service.casework import Office, complete_task
from tests.casework.clocks.test_joint_chains import REPLIES, begun, state
from tests.casework.desk import ENGINE
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, text


def test_who_leads_takes_a_department_in_on_the_page(centre: Office, clock: Clock, site: Flask) -> None:
    case_id = begun(centre, clock, "chain_GY_25", eia_category="registration", land_area_m2=100, civil_building=False)
    (intake,) = state(centre, case_id)[0]
    complete_task(centre, ENGINE, intake.id, answers=REPLIES["Task_Intake"])
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
