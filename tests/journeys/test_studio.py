"""流程设计 in a browser: a designer adds a step with a form and a limit to an item, gets it agreed to, and it is live."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from service.casework import find_actor
from service.casework.studio import begin_revision, discard_draft
from service.casework.workbench import case_page
from service.store.workbench import VersionRow, Workbench
from tests.journeys.hands import Hands, person
from tests.journeys.serving import Installation
from tests.journeys.stage import AXE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ITEM = "item_107_XK_001"
LATIN = re.compile(r"[A-Za-z]{3,}")
KNOWN = re.compile(  # what is not said in any language: codes, keys, names of attributes, formats
    r"BPMN|FEEL|Ctrl|Delete|English|item_\w+|support_\w+|zw:\w+|camunda:\w+|[A-Z]+_[A-Z_]+|\b\w*_\w+\b|item\.department|inspectors|tiers|all|any|sequential|due\(|warn\("
)


@pytest.fixture(scope="module")
def designer(browser: Browser, installation: Installation) -> Iterator[Hands]:
    with person(browser, installation.address, "hejing") as hands:
        yield hands


def drawing(designer: Hands, process: str = ITEM) -> Page:
    """A new draft of a process, open in the designer."""
    designer.open(f"/processes/{process}").page.get_by_role("button", name="修订流程图").click()
    expect(designer.page.locator("[data-studio][data-ready]")).to_be_visible()
    return designer.page


def exported(page: Page) -> str:
    return str(
        page.evaluate(
            "document.querySelector('[data-studio]').modeler.saveXML({ format: true }).then((one) => one.xml)"
        )
    )


def choose(page: Page, element: str) -> None:
    page.evaluate(
        """(id) => {
          const modeler = document.querySelector('[data-studio]').modeler;
          modeler.get('selection').select(modeler.get('elementRegistry').get(id));
        }""",
        element,
    )


def live(installation: Installation) -> VersionRow:
    """The newest version of the item."""
    with installation.office.reading() as records:
        return next(iter(Workbench(records).versions(ITEM)))


def test_a_step_with_form_and_limit_goes_live_with_three_persons(
    browser: Browser, installation: Installation, designer: Hands
) -> None:
    page = drawing(designer)
    choose(page, "Task_Review")
    expect(page.get_by_label("名称", exact=True)).to_have_value("审核")
    page.get_by_label("时限", exact=True).fill("4hd")
    page.get_by_label("时限", exact=True).press("Tab")
    page.get_by_text("插入模板").click()
    page.locator(".block", has_text="征求意见").click()
    expect(page.get_by_label("名称", exact=True)).to_have_value("征求意见")
    page.get_by_label("名称", exact=True).fill("征求园林专家意见")
    page.get_by_label("名称", exact=True).press("Tab")
    page.get_by_role("button", name="检查").first.click()
    missing = page.locator(".finding-line", has_text="人工环节没有表单")
    expect(missing).to_be_visible()
    expect(page.locator(".finding-mark.error")).to_have_count(1)
    missing.click()
    page.get_by_role("button", name="属性", exact=True).click()
    page.get_by_label("表单", exact=True).fill("review")
    page.get_by_label("表单", exact=True).press("Tab")
    page.get_by_label("时限", exact=True).fill("2hd")
    page.get_by_label("时限", exact=True).press("Tab")
    expect(page.locator(".finding-mark.error")).to_have_count(0)
    designer.shoot("studio-draft")
    page.get_by_label("修订说明").fill("审核中增加征求园林专家意见，压缩审核时限")
    page.get_by_role("button", name="提交发布审核").click()
    expect(page.get_by_text("已提交发布，等待审核。")).to_be_visible()
    case = UUID(page.url.rsplit("/", 1)[-1])
    for username in ("tianyue", "gaolin", "guotao"):
        with person(browser, installation.address, username) as officer:
            agree(officer, installation, case)
    newest = live(installation)
    while newest.version == 1:  # the worker deploys what was agreed to
        page.wait_for_timeout(100)
        newest = live(installation)
    designer.open(f"/processes/{ITEM}/compare")
    said = page.locator("tr.item", has_text="征求园林专家意见").first
    expect(said).to_be_visible()
    expect(page.locator('tr.item[data-element="Task_Review"]')).to_contain_text("6hd → 4hd")
    expect(page.locator("#after[data-ready] .difference-mark.added").first).to_be_visible()
    designer.shoot("studio-compare")
    assert newest.version == 2 and newest.deployment_note == "审核中增加征求园林专家意见，压缩审核时限"


def agree(officer: Hands, installation: Installation, case: UUID) -> None:
    """Agrees at whatever desk of the release waits for this person."""
    overseer = find_actor(installation.office, "sunli")
    assert overseer is not None
    open_tasks = case_page(installation.office, overseer, case).open_tasks
    officer.open(f"/tasks/{open_tasks[0].row.id}").fill_in({"decision": "agree"}).submit()
    expect(officer.page.locator("form.form")).to_have_count(0)


def test_what_the_designer_does_not_understand_survives(designer: Hands) -> None:
    page = drawing(designer, "chain_GY_25")
    before = str(
        page.evaluate("fetch(document.querySelector('[data-studio]').dataset.source).then((one) => one.text())")
    )
    foreign = before.replace("<bpmn:process ", '<bpmn:process xmlns:other="urn:other" other:mark="kept" ', 1).replace(
        "<bpmn:extensionElements>",
        '<bpmn:extensionElements><other:note xmlns:other="urn:other" colour="red"><other:part>inside</other:part></other:note>',
        1,
    )
    page.evaluate("(xml) => document.querySelector('[data-studio]').modeler.importXML(xml)", foreign)
    after = exported(page)
    assert facts(after) == facts(before)
    assert 'other:mark="kept"' in after and "inside</other:part>" in after and 'colour="red"' in after


def facts(xml: str) -> list[Any]:
    """Every element that is no drawing with all its attributes, ours and Camunda's and their parts too."""
    from xml.etree import ElementTree as ET

    found = []
    for element in ET.fromstring(xml).iter():
        if "/DI}" in str(element.tag) or "/DC}" in str(element.tag) or "urn:other" in str(element.tag):
            continue
        attributes = sorted(
            (name, value)
            for name, value in element.attrib.items()
            if "urn:other" not in name and not name.endswith(("}type", "exporter", "exporterVersion"))
        )
        found.append((str(element.tag), attributes, (element.text or "").strip()))
    return sorted(found, key=repr)


def test_who_does_not_hold_a_draft_looks_on(installation: Installation, designer: Hands) -> None:
    he = find_actor(installation.office, "hejing")
    assert he is not None
    draft = begin_revision(installation.office, he, ITEM)
    discard_draft(installation.office, he, draft)
    page = designer.open(f"/studio/drafts/{draft}").page
    expect(page.locator("[data-studio][data-ready]")).to_be_visible()
    choose(page, "Task_Review")
    expect(page.get_by_label("名称", exact=True)).to_be_disabled()
    expect(page.locator(".djs-palette, .djs-context-pad.open, [data-tool=save]")).to_have_count(0)
    assert page.locator(".panel-group :is(input, select, textarea, button):enabled").count() == 0


def test_tokens_are_simulated_by_keyboard_and_nothing_is_drawn_meanwhile(designer: Hands) -> None:
    page = drawing(designer)
    before = exported(page)
    button = page.get_by_role("button", name="模拟", exact=True)
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".djs-palette")).to_be_hidden()
    expect(page.locator("[data-panel-box]")).to_have_attribute("inert", "")
    start = page.locator(".djs-overlays[data-container-id=Start_Apply] .bts-context-pad:not(.hidden)[title=触发]")
    start.press("Enter")
    page.locator(".bts-entry[title=显示或收起经过]").press("Enter")
    expect(page.locator(".bts-log .bts-entry", has_text="流程 已开始")).to_be_visible()
    expect(page.locator(".bts-log .bts-entry").nth(2)).to_be_visible()
    count = page.locator(".bts-token-count, .bts-scope").first
    expect(count).to_be_visible()
    assert (
        count.evaluate("(one) => getComputedStyle(one).backgroundColor") != "rgb(250, 250, 250)"
    )  # painted in spite of the policy
    texts = sorted(one for one in spoken(page) if LATIN.search(KNOWN.sub("", one)))
    assert [one for one in texts if "只看这一件" not in one] == []
    assert wrong_with(page, ".studio-tools", ".bts-palette", ".bts-log", ".bts-toggle-mode", ".bts-context-pad") == []
    button.press("Enter")
    expect(page.locator(".djs-palette")).to_be_visible()
    assert exported(page) == before


def wrong_with(page: Page, *parts: str) -> list[str]:
    """What axe-core finds in parts of the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(
        """(parts) => axe.run({ include: parts.filter((one) => document.querySelector(one)).map((one) => [one]) })
          .then((result) => result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`)))""",
        list(parts),
    )
    return found


def test_one_key_tidies_and_one_undo_takes_it_back(designer: Hands) -> None:
    page = drawing(designer)
    page.evaluate(MESS)
    messy = exported(page)
    page.evaluate("document.querySelector('[data-studio]').modeler.get('canvas').focus()")
    page.keyboard.press("p")
    tidy = exported(page)
    assert tidy != messy and undrawn(tidy) == undrawn(messy)
    page.get_by_role("button", name="自动排版", exact=True).click()
    assert exported(page) == tidy
    designer.shoot("studio-tidy")
    page.get_by_role("button", name="撤销").click()
    assert exported(page) == messy


MESS = """() => {
  const modeler = document.querySelector('[data-studio]').modeler;
  const shapes = modeler.get('elementRegistry').filter((one) => one.type === 'bpmn:UserTask');
  shapes.forEach((one, at) => modeler.get('modeling').moveShape(one, { x: at % 2 ? 130 : -90, y: at % 3 ? 20 : -15 }));
}"""


def undrawn(xml: str) -> str:
    """What a file says, without its drawing."""
    return re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", xml, flags=re.S)


def test_nothing_in_the_english_studio_is_chinese_except_names(browser: Browser, installation: Installation) -> None:
    with person(browser, installation.address, "hejing") as hands:
        hands.in_english().open(f"/processes/{ITEM}").page.get_by_role("button", name="Revise the diagram").click()
        page = hands.page
        expect(page.locator("[data-studio][data-ready]")).to_be_visible()
        names = page.evaluate(
            "() => document.querySelector('[data-studio]').modeler.get('elementRegistry').filter((one) => one.businessObject?.name).map((one) => one.businessObject.name)"
        )
        texts: set[str] = set()
        for element in ("Task_Review", "Gateway_Review", "Due_Task_Review", "Start_Apply", "Flow_18_Task_Review", ITEM):
            choose(page, element)
            texts |= spoken(page)
        for side in ("findings", "keys"):
            page.locator(f"[data-side={side}]").click()
            texts |= spoken(page)
        page.locator("[data-tool=simulate]").click()
        texts |= spoken(page)
        left = {one: one for one in texts}
        for name in sorted(names, key=len, reverse=True):
            left = {one: rest.replace(name, "") for one, rest in left.items()}
        assert sorted(one for one, rest in left.items() if re.search("[\u4e00-\u9fff]", rest)) == []


def test_nothing_in_the_chinese_studio_is_english(designer: Hands) -> None:
    page = drawing(designer)
    texts: set[str] = set()
    for element in ("Task_Review", "Gateway_Review", "Due_Task_Review", "Start_Apply", "Flow_18_Task_Review", ITEM):
        choose(page, element)
        texts |= spoken(page)
        entry = page.locator('.djs-context-pad [data-action="replace"]')
        if entry.count():
            entry.click()
            expect(page.locator(".djs-popup")).to_be_visible()
        texts |= spoken(page)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="键盘").click()
    page.get_by_role("button", name="查找").click()
    texts |= spoken(page)
    english = sorted(one for one in texts if LATIN.search(KNOWN.sub("", one)))
    assert english == [], english


def spoken(page: Page) -> set[str]:
    """Everything the studio says on the screen or to a screen reader, without what is drawn and what is written in fields."""
    return set(
        page.evaluate(
            """() => {
              const found = [];
              for (const node of document.querySelectorAll('[data-studio] *, .djs-popup *, .djs-popup')) {
                if (node.closest('svg, datalist, option, code, kbd, .chosen, .bts-scope, .bjs-powered-by')) continue;
                for (const name of ['title', 'aria-label', 'placeholder']) if (node.getAttribute(name)) found.push(node.getAttribute(name));
                for (const child of node.childNodes) if (child.nodeType === 3 && child.textContent.trim()) found.push(child.textContent.trim());
              }
              return found;
            }"""
        )
    )
