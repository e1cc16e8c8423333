"""表单设计 in a browser: a form is designed without an expression being typed, previewed, and nothing of it is English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from service.casework import studio
from tests.casework.measures.city import put_up, who
from tests.journeys.hands import Hands, person
from tests.journeys.serving import REPOSITORY, Installation, Serving
from tests.journeys.stage import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ITEM = "item_107_XK_001"
AXE = REPOSITORY / "service/web/assets/node_modules/axe-core/axe.min.js"
LATIN, HAN = re.compile(r"[A-Za-z]{3,}"), re.compile("[\u4e00-\u9fff]")
KNOWN = re.compile(r"FEEL|Powered by bpmn\.io|\b[\w.]*form\b|\b(expression|select|checklist|textfield|textarea|checkbox|taglist|number|datetime|radio)_\w+|survey_days|name|review|recommendation|procedure_reason|opinion|reason|Field_\w+")  # fmt: skip


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo city with one item; what else ships is of no concern here."""
    serving = Serving(tmp_path_factory.mktemp("forms"), deploy=())
    try:
        put_up(serving.installation.office, ITEM, "support_SP_18")
        yield serving.installation
    finally:
        serving.stop()


@pytest.fixture(scope="module")
def draft(installation: Installation) -> UUID:
    """A revision that has taken the form of 审核."""
    he = who(installation.office, "hejing")
    made = studio.begin_revision(installation.office, he, ITEM)
    studio.take_file(installation.office, he, made, "review.form", seen=1)
    return made


@pytest.fixture(scope="module")
def designer(browser: Browser, installation: Installation) -> Iterator[Hands]:
    with person(browser, installation.address, "hejing") as hands:
        yield hands


def designing(designer: Hands, draft: UUID) -> Page:
    designer.open(f"/studio/drafts/{draft}/forms/review.form")
    expect(designer.page.locator("[data-forms][data-ready]")).to_be_visible()
    expect(designer.page.locator("iframe[data-ready]")).to_be_visible()
    return designer.page


def choose(page: Page, key: str) -> None:
    page.evaluate(
        """(key) => {
          const editor = document.querySelector('[data-forms]').editor;
          editor.get('selection').set(editor.get('formFieldRegistry').getAll().find((one) => one.key === key));
        }""",
        key,
    )


def component(page: Page, key: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        "(key) => document.querySelector('[data-forms]').editor.saveSchema().components.find((one) => one.key === key)",
        key,
    )
    return found


def test_a_field_with_a_condition_is_added_by_the_keyboard_and_saved(
    installation: Installation, designer: Hands, draft: UUID
) -> None:
    page = designing(designer, draft)
    page.locator(".fjs-palette-field", has_text="数字").press("Enter")
    page.evaluate(
        """() => {
          const editor = document.querySelector('[data-forms]').editor;
          editor.get('selection').set(editor.getSchema().components.at(-1));
        }"""
    )
    page.get_by_label("字段键", exact=True).fill("opinion")
    page.get_by_label("字段键", exact=True).press("Tab")
    expect(page.get_by_text("这个字段键已有其他组件使用。")).to_be_visible()
    page.get_by_label("字段键", exact=True).fill("survey_days")
    page.get_by_label("字段键", exact=True).press("Tab")
    page.get_by_label("名称", exact=True).fill("现场勘查天数")
    page.get_by_label("名称", exact=True).press("Tab")
    page.get_by_label("必填").check()
    page.get_by_label("什么时候显示").select_option("show")
    page.get_by_label("字段", exact=True).select_option("recommendation")
    page.get_by_label("值", exact=True).select_option("procedure")
    expect(page.locator("[data-told]")).to_contain_text("已保存")
    made = component(page, "survey_days")
    assert made["conditional"] == {"hide": '=not(recommendation = "procedure")'}
    assert (made["label"], made["validate"]) == ("现场勘查天数", {"required": True})
    frame = page.frame_locator("[data-preview] iframe")
    expect(frame.get_by_label("现场勘查天数")).to_be_hidden()
    frame.get_by_label("提请特别程序").check()
    expect(frame.get_by_label("现场勘查天数")).to_be_visible()
    page.get_by_role("button", name="手机").click()
    page.get_by_role("button", name="试提交").click()
    expect(frame.get_by_text("处需要修改")).to_be_visible()
    designer.shoot("form-designer")
    he = who(installation.office, "hejing")
    assert "survey_days" in studio.draft_file(installation.office, he, draft, "review.form").content.decode()
    shown = studio.compare_draft(installation.office, he, draft)
    assert [(one.how, one.label) for one in shown.forms["review"]] == [("ADDED", "现场勘查天数")]


def test_conditions_that_ship_are_read_as_rows_and_others_stay_text(designer: Hands, draft: UUID) -> None:
    page = designing(designer, draft)
    choose(page, "reason")
    expect(page.locator(".condition-row")).to_have_count(1)
    page.get_by_role("button", name="添加条件").click()
    page.get_by_label("条件之间").select_option("or")
    expect(page.locator(".condition-row")).to_have_count(2)
    before = component(page, "reason")["conditional"]["hide"]
    page.get_by_role("button", name="用表达式书写").click()
    expect(page.get_by_label("隐藏的条件（FEEL）")).to_have_value(before)
    page.get_by_label("隐藏的条件（FEEL）").fill("recommendation = ")
    page.get_by_label("隐藏的条件（FEEL）").press("Tab")
    expect(page.locator(".condition .error")).to_be_visible()
    page.get_by_label("隐藏的条件（FEEL）").fill('=recommendation = "grant" and (opinion = null or reason = null)')
    page.get_by_label("隐藏的条件（FEEL）").press("Tab")
    expect(page.locator("[data-told]")).to_contain_text("已保存")
    choose(page, "opinion")
    choose(page, "reason")
    expect(page.get_by_label("隐藏的条件（FEEL）")).to_be_visible()


def test_the_form_designer_is_walked_by_the_tabulator_alone(designer: Hands, draft: UUID) -> None:
    page = designing(designer, draft)
    choose(page, "reason")
    page.locator("[data-tool=save]").focus()
    for wanted in (
        page.locator(".fjs-palette-field", has_text="数字"),
        page.get_by_label("名称", exact=True),
        page.get_by_role("button", name="手机"),
        page.get_by_role("button", name="试提交"),
    ):
        tab_to(page, wanted)
        assert wanted.first.evaluate("one => one.matches(':focus-visible')")


def test_nothing_in_the_chinese_designer_is_english_nor_chinese_in_the_english_one(
    designer: Hands, draft: UUID
) -> None:
    page = designing(designer, draft)
    said = spoken(page)
    assert sorted(one for one in said if LATIN.search(KNOWN.sub("", one))) == []
    assert violations(page) == []
    designer.open("/inbox").in_english()
    page = designing(designer, draft)
    own = re.compile("现场勘查天数|审核|建议|提请|不予|听证|写明|事由|意见|结论|理由|何静|绿化|云溪")
    english = {one for one in spoken(page) if HAN.search(one) and not own.search(one)}
    assert english == set()
    designer.shoot("form-designer-english")
    page.get_by_role("button", name="中文").or_(page.get_by_role("link", name="中文")).first.click()


def spoken(page: Page) -> set[str]:
    """What every kind of component makes the designer say, on the screen or to a screen reader."""
    said: set[str] = set()
    for one in page.locator(".fjs-palette-field").all():
        one.press("Enter")
    count = page.evaluate("document.querySelector('[data-forms]').editor.getSchema().components.length")
    for at in range(count):
        page.evaluate(
            """(at) => {
              const editor = document.querySelector('[data-forms]').editor;
              editor.get('selection').set(editor.getSchema().components[at]);
            }""",
            at,
        )
        page.wait_for_timeout(60)
        said |= set(
            page.evaluate(
                """() => {
                  const found = [];
                  for (const node of document.querySelectorAll('[data-forms] *, [data-preview] *')) {
                    if (node.closest('svg, code, kbd')) continue;
                    for (const name of ['title', 'aria-label', 'placeholder']) if (node.getAttribute(name)) found.push(node.getAttribute(name));
                    for (const child of node.childNodes) if (child.nodeType === 3 && child.textContent.trim()) found.push(child.textContent.trim());
                  }
                  return found;
                }"""
            )
        )
    undo = page.locator("[data-tool=undo]")
    while undo.is_enabled():
        undo.click()
    expect(page.locator("[data-told]")).to_contain_text(re.compile("已保存|Saved"))
    return said


def violations(page: Page) -> list[str]:
    """What axe-core finds in all but what the library draws as a picture of the form."""
    if not Path(AXE).exists():
        pytest.skip("axe-core is not installed; run npm ci in service/web/assets")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(
        "axe.run({ include: [['html']], exclude: [['.fjs-form']] }).then(found => found.violations.map(one => one.id + ' ' + one.nodes.map(n => n.html)))"
    )
    return found
