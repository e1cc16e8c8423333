"""决策表 on pages: edited by designers alone, saved with what the checks find, tried, compared cell by cell."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from service.casework import Office, find_actor, studio
from service.engine.studio import TablePart
from service.web.pages.studio_table_words import table_words
from tests.processes.library import TABLES
from tests.web.pages.conftest import Visitor, text

TABLE = TABLES["matrix_DB_20"].read_bytes().replace(b"matrix_DB_20", b"plan_items")


@pytest.fixture
def draft(demo_office: Office) -> str:
    """The address of a draft with a table of its own."""
    he = find_actor(demo_office, "hejing")
    assert he is not None
    draft = studio.begin_blank(demo_office, he, "try_tables", "试一试")
    studio.add_file(demo_office, he, draft, "table", "plan_items", "事项清单", seen=1)
    return f"/studio/drafts/{draft}"


def sent(visitor: Visitor, path: str, content: bytes, **fields: str) -> tuple[int, Any]:
    form = {**fields, "content": (BytesIO(content), "decisions.dmn")}
    answer = visitor.post(path, form, content_type="multipart/form-data")
    return answer.status_code, answer.get_json()


def test_a_table_is_opened_saved_with_findings_and_tried(site: Flask, draft: str) -> None:
    designer = Visitor(site).sign_in("hejing")
    assert "plan_items.dmn" in text(designer.get(draft))
    page = designer.get(f"{draft}/tables/plan_items.dmn")
    assert page.status_code == 200 and 'data-locked="no"' in page.get_data(as_text=True)
    status, said = sent(designer, f"{draft}/files/plan_items.dmn/save", TABLE, seen="2")
    assert (status, said["version"], said["findings"]) == (200, 3, [])
    wrong = TABLE.replace(b"<text>true</text>", b"<text>if</text>")
    status, said = sent(designer, f"{draft}/files/plan_items.dmn/save", wrong, seen="3")
    assert status == 200 and said["findings"][0]["severity"] == "error" and said["findings"][0]["element"]
    assert designer.get(f"{draft}/tables/plan_items.dmn/findings").get_json()["findings"] == said["findings"]
    path = f"{draft}/tables/plan_items.dmn/try"
    status, said = sent(designer, path, TABLE, decision="plan_items")
    assert status == 200 and [one["kind"] for one in said["asks"]] == ["boolean", "string"] and said["value"] is None
    values = {"value:company_asked": "false", "value:project_kind": "工业"}
    status, said = sent(designer, path, TABLE, decision="plan_items", act="decide", **values)
    assert (status, said["rows"], said["problem"]) == (200, [2], "")


def test_why_a_trial_gives_nothing_is_said_in_the_language_of_who_tries(site: Flask, draft: str) -> None:
    designer, path = Visitor(site).sign_in("hejing"), f"{draft}/tables/plan_items.dmn/try"
    for value, chinese, english in (
        ("maybe", "应为真或假,但得到的是maybe", "true or false, but got maybe"),
        ("x" * 3000, "应不超过2000个字符", "should have at most 2000 characters"),
    ):
        values = {"value:company_asked": value, "value:project_kind": "工业"}
        _, said = sent(designer, path, TABLE, decision="plan_items", act="decide", **values)
        assert chinese in said["problem"]
        designer.post("/language", {"language": "en"})
        _, said = sent(designer, path, TABLE, decision="plan_items", act="decide", **values)
        assert english in said["problem"]
        designer.post("/language", {"language": "zh"})
    broken = TABLE.replace(b"<text>true</text>", b'<text>date("x") + 1 &gt; if</text>', 1)
    designer.post("/language", {"language": "en"})
    _, said = sent(designer, path, broken, decision="plan_items", act="decide", **{"value:company_asked": "true"})
    assert said["problem"] and said["problem"].isascii()


def test_who_may_not_draw_sees_no_table_and_what_is_no_table_is_not_found(site: Flask, draft: str) -> None:
    stranger = Visitor(site).sign_in("zhangwei")
    for path in ("", "/findings"):
        assert stranger.get(f"{draft}/tables/plan_items.dmn{path}").status_code == 403
    assert sent(stranger, f"{draft}/tables/plan_items.dmn/try", TABLE)[0] == 403
    designer = Visitor(site).sign_in("hejing")
    for name in ("other.dmn", "try_tables.bpmn", "nothing"):
        assert designer.get(f"{draft}/tables/{name}").status_code == 404
        assert sent(designer, f"{draft}/tables/{name}/try", TABLE)[0] == 404


def test_a_new_table_is_told_where_the_draft_is_compared(site: Flask, draft: str) -> None:
    designer = Visitor(site).sign_in("hejing")
    shown = text(designer.get(f"{draft}/compare"))
    assert "决策表 plan_items" in shown and "新增的" in shown


@pytest.mark.parametrize(
    ("part", "chinese", "english"),
    [
        (TablePart(aspect="cell", row=3, column="面积"), "第 3 行 · 面积", "Row 3 · 面积"),
        (TablePart(aspect="row", row=2), "第 2 行 · 规则", "Row 2 · Rule"),
        (TablePart(aspect="order", row=2), "第 2 行 · 规则的次序", "Row 2 · Order of the rule"),
        (TablePart(aspect="input.type", column="面积"), "输入列“面积”的类型", "Input column “面积”: Kind"),
        (TablePart(aspect="output", column="结果"), "输出列“结果”", "Output column “结果”"),
        (TablePart(aspect="policy"), "命中策略", "Hit policy"),
    ],
)
def test_where_a_table_differs_is_said_in_both_languages(
    site: Flask, part: TablePart, chinese: str, english: str
) -> None:
    for language, said in (("zh_Hans_CN", chinese), ("en", english)):
        with site.test_request_context(), force_locale(language):
            assert table_words(part) == said
