"""牵头联办 in the browser: the board, the acts of who leads, refusals beside their fields, nothing for the others."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, complete_task
from tests.casework.clocks.test_joint_chains import REPLIES, begun, reply, state
from tests.casework.desk import ENGINE
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def chain(centre: Office, clock: Clock) -> UUID:
    """GY-25 after its acceptance, led by 101."""
    case_id = begun(centre, clock, "chain_GY_25")
    (intake,) = state(centre, case_id)[0]
    complete_task(centre, ENGINE, intake.id, answers=REPLIES["Task_Intake"])
    for task in state(centre, case_id)[0]:
        complete_task(centre, ENGINE, task.id, answers=reply(task))
    return case_id


def test_the_board_is_for_who_leads(chain: UUID, site: Flask) -> None:
    lead = Visitor(site).sign_in("101-lead")
    inbox = lead.get("/inbox").get_data(as_text=True)
    assert 'href="/chains"' in inbox
    board = lead.get("/chains")
    assert f"/cases/{chain}/chain" in board.get_data(as_text=True) and "M1" in text(board) and "发改" in text(board)
    for query in ("state=completed", "light=red", "q=没有", "state=x&light=y&page=99"):
        assert lead.get(f"/chains?{query}").status_code == 200
    assert "没有符合条件的联办件" in text(Visitor(site).sign_in("111-lead").get("/chains"))
    reviewer = Visitor(site).sign_in("101-a")
    assert 'href="/chains"' not in reviewer.get("/inbox").get_data(as_text=True)
    assert reviewer.get("/chains").status_code == 403


def test_who_leads_urges_convenes_and_sums_up(chain: UUID, site: Flask) -> None:
    lead = Visitor(site).sign_in("101-lead")
    page = lead.get(f"/cases/{chain}/chain").get_data(as_text=True)
    for act in ("remind", "convene", "summary"):
        assert f"/cases/{chain}/lead/{act}" in page
        assert lead.get(f"/cases/{chain}/lead/{act}").status_code == 200
    assert f"/cases/{chain}/lead/remind?department=101" in page
    assert lead.get(f"/cases/{chain}/lead/nothing").status_code == 404

    refused = lead.post(f"/cases/{chain}/lead/remind", {"note": "快"})
    assert refused.status_code == 422 and "请选择要催办的部门" in text(refused)
    assert lead.post(f"/cases/{chain}/lead/remind", {"departments": "101", "note": "请今日办结"}).status_code == 302
    again = lead.post(f"/cases/{chain}/lead/remind", {"departments": "101"}, follow_redirects=True)
    assert "没有催办" in text(again) and "每半天只能催办一次" in text(again)

    call = {"departments": ["101", "103"], "at": "2026-03-04T09:30", "room": "三楼会议室", "subject": "用地边界"}
    past = lead.post(f"/cases/{chain}/lead/convene", {**call, "at": "2026-01-04T09:30"})
    assert past.status_code == 422 and 'id="lead-at-problem"' in past.get_data(as_text=True)
    nobody = lead.post(f"/cases/{chain}/lead/convene", {**call, "departments": []})
    assert nobody.status_code == 422 and "请选择参加会商的部门" in text(nobody)
    assert lead.post(f"/cases/{chain}/lead/convene", call).status_code == 302
    empty = lead.post(f"/cases/{chain}/lead/summary", {"text": " "})
    assert empty.status_code == 422 and "请填写汇总意见" in text(empty)
    assert lead.post(f"/cases/{chain}/lead/summary", {"text": "各部门无不同意见。"}).status_code == 302

    joint = Visitor(site).sign_in("103-a")
    seen = text(joint.get(f"/cases/{chain}/chain"))
    assert "三楼会议室" in seen and "各部门无不同意见。" in seen and "召集会商" not in seen
    told = text(joint.get(f"/cases/{chain}"))
    assert "牵头汇总" in told and "召集会商" in told and "三楼会议室；参加：发改、环保" in told
    for act in ("remind", "convene", "summary"):
        assert joint.get(f"/cases/{chain}/lead/{act}").status_code == 403
        assert joint.post(f"/cases/{chain}/lead/{act}", call).status_code in (403, 422)
    stranger = Visitor(site).sign_in("111-lead")
    assert stranger.get(f"/cases/{chain}/lead/remind").status_code == 404
