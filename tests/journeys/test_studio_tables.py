"""决策表 in a browser: a designer opens a table, changes a cell, tries it, and sees which rules hold; all of it in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from service.casework import find_actor, studio
from tests.journeys.hands import Hands, person
from tests.journeys.serving import Installation, Serving
from tests.journeys.stage import AXE
from tests.journeys.test_accessibility import violations
from tests.processes.library import TABLES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABLE = TABLES["matrix_DB_20"].read_bytes().replace(b"matrix_DB_20", b"plan_items")
LATIN = re.compile(r"[A-Za-z]{3,}")
KNOWN = re.compile(r"FEEL|DMN|\b\w*_\w+\b|true|company|industry|building|single|not\(|-?\d+T\S+|English")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo city without processes: a draft of its own is all that is drawn here."""
    serving = Serving(tmp_path_factory.mktemp("installation"), deploy=())
    try:
        yield serving.installation
    finally:
        serving.stop()


@pytest.fixture
def address(installation: Installation) -> Iterator[str]:
    """The page of a table in a draft that nobody holds."""
    he = find_actor(installation.office, "hejing")
    assert he is not None
    draft = studio.begin_blank(installation.office, he, "try_tables", "试一试")
    version, _ = studio.add_file(installation.office, he, draft, "table", "plan_items", "事项清单", seen=1)
    studio.save_file(installation.office, he, draft, "plan_items.dmn", TABLE, seen=version)
    studio.let_go(installation.office, he, draft)
    yield f"/studio/drafts/{draft}/tables/plan_items.dmn"
    studio.discard_draft(installation.office, he, draft)


@pytest.fixture(scope="module")
def designer(browser: Browser, installation: Installation) -> Iterator[Hands]:
    with person(browser, installation.address, "hejing") as hands:
        yield hands


def opened(designer: Hands, address: str) -> Page:
    page = designer.open(address).page
    expect(page.locator("[data-tables][data-ready]")).to_be_visible()
    return page


def test_a_cell_is_changed_saved_and_tried(installation: Installation, designer: Hands, address: str) -> None:
    page = opened(designer, address)
    page.locator('td[data-col-id="Input_2"]', has_text="工业").first.click()
    page.keyboard.press("End")
    page.keyboard.type(',"能源"')
    page.keyboard.press("Enter")
    expect(page.locator("[data-told]")).to_contain_text("已保存")
    he = find_actor(installation.office, "hejing")
    assert he is not None
    draft = address.split("/")[3]
    content = studio.draft_file(installation.office, he, UUID(draft), "plan_items.dmn").content.decode()
    assert '"工业","能源"' in content and 'label="项目类别"' in content
    page.locator("[data-side=try]").click()
    page.locator('[name="value:project_kind"]').fill("能源")
    page.locator('[name="value:company_asked"]').select_option("true")
    page.locator("[data-try-box] button").click()
    expect(page.locator(".try-answer")).to_contain_text("命中第 1、2、4 行")
    expect(page.locator("tr.row-hit")).to_have_count(3)
    designer.shoot("studio-table")


def test_what_is_wrong_is_found_and_leads_to_its_cell(designer: Hands, address: str) -> None:
    page = opened(designer, address)
    page.locator('td[data-col-id="Input_2"]', has_text="工业").first.click()
    page.keyboard.press("End")
    page.keyboard.type(",,")
    page.keyboard.press("Enter")
    expect(page.locator(".finding-line.error")).to_be_visible()
    page.get_by_role("button", name="决策关系图", exact=True).click()
    expect(page.locator(".djs-shape").first).to_be_visible()
    page.locator(".finding-line.error").click()
    expect(page.locator(".cell-found")).to_be_visible()


def test_nothing_in_the_chinese_editor_is_english(designer: Hands, address: str) -> None:
    page = opened(designer, address)
    texts = spoken(page)
    page.locator('td[data-col-id="Input_2"]', has_text="工业").first.click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    texts |= spoken(page)
    page.keyboard.press("Escape")
    for head in ("th.input-cell", "th.output-cell"):
        page.locator(head).first.dblclick()
        expect(page.locator(".context-menu")).to_be_visible()
        texts |= spoken(page)
        page.keyboard.press("Escape")
    page.locator('td[data-col-id="Input_2"]').first.click()
    page.locator(".simple-mode-button").click()
    texts |= spoken(page)
    page.keyboard.press("Escape")
    page.locator("[data-side=try]").click()
    expect(page.locator('[name="value:project_kind"]')).to_be_visible()
    texts |= spoken(page)
    page.get_by_role("button", name="决策关系图", exact=True).click()
    page.locator(".djs-shape").first.click()
    expect(page.locator(".djs-context-pad.open")).to_be_visible()
    texts |= spoken(page)
    page.locator('.djs-context-pad [data-action="replace"]').click()
    texts |= spoken(page)
    assert len(texts) > 40
    english = sorted(one for one in texts if LATIN.search(KNOWN.sub("", one)))
    assert english == [], english


def test_the_editor_is_accessible_and_nothing_is_run_from_text(designer: Hands, address: str) -> None:
    if not Path(AXE).exists():
        pytest.skip("axe-core is not installed; run npm ci in service/web/assets")
    said: list[str] = []
    designer.page.on("console", lambda one: said.append(one.text) if "script-src" in one.text else None)
    page = opened(designer, address)
    page.locator("[data-side=try]").click()
    expect(page.locator('[name="value:project_kind"]')).to_be_visible()
    assert violations(designer) == [] and said == []


def spoken(page: Page) -> set[str]:
    """Everything the editor says on the screen or to a screen reader, without what is written in cells and fields."""
    return set(
        page.evaluate(
            """() => {
              const found = [];
              for (const node of document.querySelectorAll('[data-tables] *, .djs-popup *, .djs-popup')) {
                if (node.closest('svg, code, td, .bjs-powered-by, .cm-editor, .dmn-definitions-id')) continue;
                for (const name of ['title', 'aria-label', 'placeholder']) if (node.getAttribute(name)) found.push(node.getAttribute(name));
                for (const child of node.childNodes) if (child.nodeType === 3 && child.textContent.trim()) found.push(child.textContent.trim());
              }
              return found;
            }"""
        )
    )
