"""补正 and 超时默许 before people: the banner on 批准, opinions that come too late, holds and releases."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, attend_due, complete_task, find_actor, start_case
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from tests.casework.desk import ENGINE, open_tasks
from tests.conftest import Clock
from tests.processes.library import resources
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def shipped(demo_office: Office) -> Office:
    """The demo city with everything that ships."""
    deploy(demo_office, SYSTEM, "事项库", resources("item_104_XK_001", "item_107_XK_005"))
    return demo_office


@pytest.fixture
def site(shipped: Office) -> Flask:
    """The web application over it."""
    from service.web.app import create_app

    return create_app(shipped)


def begun(office: Office, key: str = "item_104_XK_001") -> UUID:
    """An application 李昭 has made."""
    applicant = find_actor(office, "lizhao")
    assert applicant is not None
    return start_case(office, applicant, key=key, variables={"applicant": "云溪华印制罐有限公司"}).id


def until(office: Office, clock: Clock, text: str) -> None:
    """Let time pass, attending everything on the way."""
    target = Clock().set(text)
    while True:
        with office.reading() as records:
            stop = records.agenda.first_ready()
        if stop is None or stop > target:
            break
        clock.now = max(stop, clock.now)
        attend_due(office)
    clock.now = target


def task_of(office: Office, case: UUID, element: str) -> UUID:
    """The open task of an element."""
    return open_tasks(office, case)[element].id


def test_the_approver_is_told_that_nobody_reviewed(shipped: Office, site: Flask, clock: Clock) -> None:
    case = begun(shipped)
    complete_task(shipped, ENGINE, task_of(shipped, case, "Task_Accept"), answers={"decision": "accept"})
    review = task_of(shipped, case, "Task_Review")
    until(shipped, clock, "2026-03-18T09:00")
    chief = Visitor(site).sign_in("chengang")
    page = text(chief.get(f"/tasks/{task_of(shipped, case, 'Task_Approve')}"))
    assert "审核环节超时，免签通过" in page and "张伟" in page
    passed = text(chief.get(f"/tasks/{review}"))
    assert "依超时默许规则通过" in passed
    reviewer = Visitor(site).sign_in("zhangwei")
    assert "补交意见" in text(reviewer.get(f"/tasks/{review}"))
    answer = reviewer.post(f"/tasks/{review}/late-opinion", {"text": "总平面与规划不符"})
    assert answer.status_code == 302
    assert "补交意见已存入办件" in text(reviewer.get(f"/tasks/{review}"))
    assert "总平面与规划不符" in text(chief.get(f"/cases/{case}"))
    assert "总平面与规划不符" in text(chief.get(f"/tasks/{task_of(shipped, case, 'Task_Approve')}"))


def test_supervision_holds_silence_on_the_case_page(shipped: Office, site: Flask, clock: Clock) -> None:
    case = begun(shipped, "item_107_XK_005")
    complete_task(shipped, ENGINE, task_of(shipped, case, "Task_Accept"), answers={"decision": "accept"})
    watcher = Visitor(site).sign_in("sunli")
    assert "暂缓默许" in text(watcher.get(f"/cases/{case}"))
    watcher.post(f"/cases/{case}/hold-tacit", {"reason": "正在核查"})
    page = text(watcher.get(f"/cases/{case}"))
    assert "已暂缓默许，至 2026-03-19" in page
    watcher.post(f"/cases/{case}/hold-tacit", {"reason": "再核查"})
    assert "暂缓默许只能决定一次" in text(watcher.get(f"/cases/{case}"))
    until(shipped, clock, "2026-03-19T17:01")
    other = Visitor(site).sign_in("zhangwei")
    other.get("/inbox")
    other.post(f"/cases/{case}/hold-tacit", {"reason": "也核查"})
    assert "只有督查人员可以暂缓默许" in text(other.get("/inbox"))


def test_a_correction_is_asked_for_once_and_released_by_the_chief_representative(
    shipped: Office, site: Flask, clock: Clock
) -> None:
    case = begun(shipped)
    clerk = Visitor(site).sign_in("wangfang")
    accept = task_of(shipped, case, "Task_Accept")
    clerk.get(f"/tasks/{accept}")
    wrong = clerk.post(f"/tasks/{accept}", {"decision": "correct"})
    assert wrong.status_code == 422 and "需要补正的材料" in text(wrong)
    said = {"decision": "correct", "gaps": "申请表(表)", "gap_notes": "缺签字"}
    assert clerk.post(f"/tasks/{accept}", said).status_code == 302
    until(shipped, clock, "2026-03-17T10:00")
    waiting = task_of(shipped, case, "Task_Correction")
    clerk.get(f"/tasks/{waiting}")
    early = clerk.post(f"/tasks/{waiting}", {"received": "申请表", "complete_on": "2026-03-20"})
    assert early.status_code == 400 and "最后一项材料收到日期应在" in text(early)
    assert clerk.post(f"/tasks/{waiting}", {"received": "申请表", "complete_on": "2026-03-17"}).status_code == 302
    again = task_of(shipped, case, "Task_Accept")
    said = {"decision": "correct", "gaps": "质量安全措施(自)", "gap_notes": "漏列"}
    clerk.get(f"/tasks/{again}")
    refused = clerk.post(f"/tasks/{again}", said)
    assert refused.status_code == 409 and "补正应一次告知" in text(refused)
    chief = Visitor(site).sign_in("chengang")
    page = text(chief.get(f"/cases/{case}"))
    assert "BZ" in page and "放行再次补正" in page
    chief.post(f"/cases/{case}/release-notice", {"reason": "确有遗漏"})
    assert "已放行再次补正" in text(chief.get(f"/cases/{case}"))
    clerk.get(f"/tasks/{again}")
    assert clerk.post(f"/tasks/{again}", said).status_code == 302
