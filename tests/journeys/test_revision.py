"""The designer revises an item: a broken file is refused with findings, a good one becomes version 2 for new cases only."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from service.casework import find_actor
from service.casework.workbench import case_page
from tests.journeys.hands import Hands, person
from tests.journeys.serving import REPOSITORY, Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FILE = REPOSITORY / "processes" / "item_103_XK_002.bpmn"
NAME = "建设项目环境影响报告表审批"


def test_a_revised_item_serves_new_cases_while_running_ones_stay(
    browser: Browser, installation: Installation, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        designer = stack.enter_context(person(browser, installation.address, "hejing"))
        clerk = stack.enter_context(person(browser, installation.address, "wangfang"))
        old = _take_in(clerk, "一期厂房")

        broken = tmp_path / "broken" / FILE.name
        source = FILE.read_text(encoding="utf-8")
        _write(broken, source.replace('targetRef="Task_Review"', 'targetRef="Task_Gone"', 1))
        _upload(designer, broken)
        expect(designer.page.get_by_role("alert")).to_contain_text("处错误，没有部署")
        wrong = designer.page.locator("tr.item", has_text="Task_Gone")
        expect(wrong).to_contain_text("LB204")
        expect(wrong.locator('td[data-label="行"]')).to_have_text(str(_line(broken, "Task_Gone")))
        expect(designer.page.get_by_role("button", name="提交发布审核")).to_have_count(0)
        designer.shoot("revision-refused")

        good = tmp_path / "good" / FILE.name
        _write(good, source.replace('name="审核"', 'name="环境影响审核"'))
        _upload(designer, good)
        change = designer.page.locator("tr.item", has_text=NAME)
        expect(change).to_contain_text("v1 → v2")
        expect(change).to_contain_text("在办 1 件按原版本继续办理")
        expect(designer.page.get_by_role("button", name="直接部署")).to_have_count(0)
        designer.shoot("revision-confirm")
        admin = stack.enter_context(person(browser, installation.address, "guotao"))
        _upload(admin, good)
        admin.page.get_by_label("修订说明").fill("审核环节改名")
        admin.page.get_by_role("button", name="直接部署").click()
        expect(admin.page.get_by_role("status").first).to_contain_text(f"已部署：{NAME} v2")
        expect(admin.page.locator(".diagram[data-ready]")).to_contain_text("环境影响审核")
        admin.shoot("revision-deployed")

        new = _take_in(clerk, "二期厂房")
        assert _accepted(clerk, installation, new) == (2, "环境影响审核")
        assert _accepted(clerk, installation, old) == (1, "审核")
        clerk.open("/cases?process=item_103_XK_002&version=1")
        expect(clerk.page.locator("tr.item")).to_have_count(1)
        expect(clerk.page.locator("tr.item")).to_contain_text("一期厂房")

        with person(browser, installation.address, "lizhao") as applicant:
            refused = applicant.page.goto(f"{installation.address}/processes")
            assert refused is not None and refused.status == 403
            applicant.open("/cases?state=all")
            expect(applicant.page.get_by_text("没有符合条件的办件")).to_be_visible()


def _take_in(clerk: Hands, project: str) -> UUID:
    clerk.open("/cases/new/item_103_XK_002").page.get_by_label("办件名称").fill(project)
    clerk.fill_in().submit()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text(project)
    return UUID(clerk.page.url.rsplit("/", 1)[-1])


def _accepted(clerk: Hands, installation: Installation, case_id: UUID) -> tuple[int, str]:
    """After 受理: (version the case runs with, name of the next task)."""
    overseer = find_actor(installation.office, "sunli")
    assert overseer is not None
    (task,) = case_page(installation.office, overseer, case_id).open_tasks
    clerk.open(f"/tasks/{task.row.id}").fill_in().submit()
    expect(clerk.page.get_by_role("status").first).to_contain_text("已完成")
    page = case_page(installation.office, overseer, case_id)
    return page.case.version, page.open_tasks[0].row.name


def _upload(designer: Hands, file: Path) -> None:
    designer.open("/processes").page.get_by_role("link", name="上传修订").click()
    designer.page.get_by_label("流程图与表单文件").set_input_files(file)
    designer.page.get_by_role("button", name="检查").click()
    expect(designer.page.get_by_role("heading", level=1)).to_have_text("检查结果")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")


def _line(path: Path, word: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return 1 + next(number for number, line in enumerate(lines) if word in line)
