"""A chain with running cases is revised: rehearsed, released, migrated, taken back, put back; every time desks and due dates are right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from service.casework import find_actor, start_case, studio
from tests.casework.desk import open_tasks
from tests.casework.measures.city import answer, who
from tests.journeys.hands import Hands, person
from tests.journeys.serving import Installation
from tests.sampling import sample

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHAIN, CASES = "chain_JS_35", sample(12, share=1000)
PATIENCE = 180_000 + 2_000 * CASES  # milliseconds


@pytest.fixture
def designer(browser: Browser, installation: Installation) -> Iterator[Hands]:
    with person(browser, installation.address, "hejing") as hands:
        yield hands


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def desks(installation: Installation, cases: list[UUID]) -> dict[UUID, dict[str, datetime | None]]:
    """The open tasks of every case with their due dates."""
    return {
        case: {element: row.due_at for element, row in open_tasks(installation.office, case).items()} for case in cases
    }


def clocks(installation: Installation, cases: list[UUID]) -> list[tuple[UUID, datetime | None]]:
    """Every clock that runs and when it is due."""
    with installation.office.reading() as records:
        return sorted((one.id, one.due_at) for case in cases for one in records.clocks.of_case(case))


def shown(hands: Hands, case: UUID, element: str, *, cases_in_all: int = CASES) -> None:
    """The clerk's inbox counts every case, and the diagram of one has its mark where it waits."""
    hands.open("/inbox?q=一站报建")
    expect(hands.page.get_by_text("联合预审与受理").first).to_be_visible()
    expect(hands.page.get_by_text(f"共 {cases_in_all} 件")).to_be_visible()
    marks = hands.page.request.get(f"{hands.address}/cases/{case}/marks").json()["elements"]
    assert marks[element]["state"] not in ("done", "failed")


def newest(installation: Installation) -> int:
    with installation.office.reading() as records:
        return records.deployments.newest([CHAIN])[CHAIN].version


def test_a_revised_chain_is_rehearsed_migrated_taken_back_and_put_back(
    browser: Browser, installation: Installation, designer: Hands, stack: ExitStack
) -> None:
    office, page = installation.office, designer.page
    clerk = find_actor(office, "wangfang")
    assert clerk is not None
    cases = [start_case(office, clerk, key=CHAIN, title=f"云溪示例公司{n}-一站报建").id for n in range(CASES)]
    before, ticking = desks(installation, cases), clocks(installation, cases)
    assert all(set(one) == {"Task_Intake"} for one in before.values())
    window = stack.enter_context(person(browser, installation.address, "wangfang"))
    shown(window, cases[0], "Task_Intake")

    hejing = who(office, "hejing")
    draft = studio.begin_revision(office, hejing, CHAIN)
    row, _, content = studio.draft_source(office, hejing, draft)
    studio.save_draft(office, hejing, draft, content.replace(b"Task_Intake", b"Task_Reception"), seen=row.version)
    designer.open(f"/studio/drafts/{draft}/rehearsal")
    page.get_by_role("button", name="开始试演").click()
    expect(page.get_by_role("link", name="查看结果")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="查看结果").click()
    verdicts = page.locator(".verdicts").first
    expect(verdicts).to_contain_text(f"{CASES} 可按对应关系迁移")
    expect(page.locator("[data-compared][data-ready]")).to_be_visible()
    designer.shoot("rehearsal-chain")
    assert desks(installation, cases) == before

    row = studio.draft_page(office, hejing, draft).line.row
    support = studio.hand_in(office, hejing, draft, seen=row.version, note="受理环节改用新编号")
    for element, name in (("Task_Office", "tianyue"), ("Task_Deploy", "guotao")):
        while element not in open_tasks(office, support):
            page.wait_for_timeout(200)
        answer(office, support, element, name, decision="agree")
    while newest(installation) == 1:
        page.wait_for_timeout(200)
    assert desks(installation, cases) == before

    page.goto(f"{installation.address}/processes/{CHAIN}/migration", timeout=PATIENCE)
    page.get_by_role("button", name="保存方案").click()
    expect(page.get_by_text("迁移方案已保存")).to_be_visible(timeout=PATIENCE)
    with person(browser, installation.address, "tianyue") as officer:
        officer.page.goto(page.url, timeout=PATIENCE)
        officer.page.get_by_role("button", name=f"核准并迁移 {CASES} 个办件").click()
        expect(officer.page.get_by_text(f"已迁移 {CASES}")).to_be_visible(timeout=PATIENCE)
        expect(officer.page.get_by_role("button", name="撤回这一批迁移")).to_be_visible(timeout=PATIENCE)
        moved = {case: {"Task_Reception": one["Task_Intake"]} for case, one in before.items()}
        assert desks(installation, cases) == moved
        assert clocks(installation, cases) == ticking
        shown(window, cases[0], "Task_Reception")
        officer.page.get_by_role("button", name="撤回这一批迁移").click()
        expect(officer.page.get_by_text(f"已撤回 {CASES}")).to_be_visible(timeout=PATIENCE)
    assert desks(installation, cases) == before
    assert clocks(installation, cases) == ticking
    shown(window, cases[0], "Task_Intake")

    with person(browser, installation.address, "guotao") as keeper:
        keeper.open(f"/processes/{CHAIN}")
        form = keeper.page.locator("form[action$='/restore']")
        if not form.is_visible():
            keeper.page.locator("details", has=form).locator("summary").first.click()
        form.locator("[name=reason]").fill("新版受理环节有误")
        form.get_by_role("button").click()
        expect(keeper.page.get_by_text("已恢复 v1 的内容")).to_be_visible()
    assert newest(installation) == 3
    fresh = start_case(office, clerk, key=CHAIN, title="云溪示例公司-一站报建").id
    assert set(open_tasks(office, fresh)) == {"Task_Intake"}
    assert desks(installation, cases) == before
    shown(window, cases[0], "Task_Intake", cases_in_all=CASES + 1)
