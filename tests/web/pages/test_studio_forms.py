"""表单设计 on pages: the designer's page, and the preview that is the task page's own form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from service.casework import Office
from tests.casework.measures.city import put_up
from tests.processes.library import FORMS, schema
from tests.web.pages.conftest import Visitor, text
from tests.web.pages.test_studio import begun


@pytest.fixture
def site(demo_office: Office) -> Flask:
    """The demo city with one item and the process of releases."""
    from service.web.app import create_app

    put_up(demo_office, "item_104_XK_002", "support_SP_18")
    return create_app(demo_office)


def preview(visitor: Visitor, path: str, form: Mapping[str, Any] | bytes, **fields: str) -> tuple[int, dict[str, Any]]:
    content = form if isinstance(form, bytes) else json.dumps(form).encode()
    answer = visitor.post(
        f"{path}/form-preview",
        {"content": (BytesIO(content), "form.form"), **fields},
        content_type="multipart/form-data",
    )
    return answer.status_code, answer.get_json(silent=True) or {}


def test_a_form_is_looked_at_until_it_is_taken_and_designed_then(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    assert 'data-locked="yes"' in designer.get(f"{path}/forms/review.form").get_data(as_text=True)
    designer.post(f"{path}/files/review.form/take", {"seen": "1"})
    page = designer.get(f"{path}/forms/review.form")
    assert 'data-locked="no"' in page.get_data(as_text=True) and "尚未修改" in text(page)
    designer.post("/language", {"language": "en"})
    english = designer.get(f"{path}/forms/review.form").get_data(as_text=True)
    words = re.search(r'data-words="([^"]*)"', english)
    assert words is not None and "Shown when" in words[1] and not re.search("[\u4e00-\u9fff]", words[1])
    for name in ("nothing.form", "item_104_XK_002.bpmn", "matrix.dmn"):
        assert designer.get(f"{path}/forms/{name}").status_code == 404
    assert Visitor(site).sign_in("wangfang").get(f"{path}/forms/review.form").status_code == 403


def test_the_preview_is_the_form_of_the_task_page_with_its_conditions(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    status, said = preview(designer, path, schema("review"))
    assert status == 200 and 'name="recommendation"' in said["html"] and "<script" not in said["html"]
    assert {"reason", "procedure_reason"} <= set(said["hidden"])
    _, refused = preview(designer, path, schema("review"), entries='{"recommendation": ["refuse"]}', judge="1")
    assert "reason" not in refused["hidden"] and "需要修改" in refused["html"]
    _, sampled = preview(designer, path, schema("review"), sample="1")
    assert " checked>" in sampled["html"]


def test_what_conditions_ask_of_the_case_can_be_given(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    form = {
        "components": [
            {"type": "textfield", "key": "seal", "label": "印章", "conditional": {"hide": "=amount > 3 or not(urgent)"}}
        ]
    }
    _, said = preview(designer, path, form, data='{"amount": "1", "urgent": "true"}')
    assert said["variables"] == ["amount", "urgent"] and said["hidden"] == []
    assert preview(designer, path, form, data='{"amount": "5", "urgent": "true"}')[1]["hidden"] == ["seal"]


def test_what_cannot_be_shown_is_said_and_nobody_else_asks(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    for form in (b"", b"[]", json.dumps({"components": [{"type": "iframe", "url": "x"}]}).encode()):
        status, said = preview(designer, path, form)
        assert (status, said["code"]) == (400, "FORM_NOT_SHOWN") and said["sentence"].startswith("表单不能预览")
    good = FORMS["review"].read_bytes()
    for fields in ({"entries": "["}, {"data": "3"}, {"entries": "[1]"}):
        assert preview(designer, path, good, **fields)[1]["code"] == "PREVIEW_UNREADABLE"
    marked = {"components": [{"type": "text", "text": "<img src=x onerror=alert(1)>**重要**"}]}
    html = preview(designer, path, marked)[1]["html"]
    assert "<img" not in html and "重要" in html
    clerk = Visitor(site).sign_in("wangfang")
    clerk.get("/inbox")
    assert preview(clerk, path, good)[0] == 403
