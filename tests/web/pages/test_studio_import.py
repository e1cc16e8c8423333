"""导入: shown before anything is kept, begun as a draft with its report, for designers alone."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from service.casework import Office
from service.rules.vocabulary import LedgerAction
from tests.engine.studio.foreign import SAMPLES, extended, sample, task
from tests.web.pages.conftest import Visitor, text

MIXED = sample(
    task(
        'PRODUCT:assignee="${starter}" PRODUCT:skipExpression="${done}"',
        extended(
            '<PRODUCT:formProperty id="days" name="天数" type="long"/><PRODUCT:taskListener event="create" class="x.Y"/>'
        ),
    )
)


@pytest.fixture
def designer(site: Flask) -> Visitor:
    """何静."""
    visitor = Visitor(site).sign_in("hejing")
    visitor.get("/studio/import")
    return visitor


def sent(**named: bytes) -> dict[str, Any]:
    return {"files": [(BytesIO(content), name.replace("__", ".")) for name, content in named.items()]}


def carried(**named: bytes) -> dict[str, Any]:
    return {
        "file-name": [name.replace("__", ".") for name in named],
        "file-content": [base64.b64encode(content).decode() for content in named.values()],
    }


def preview(visitor: Visitor, **named: bytes) -> Any:
    return visitor.post("/studio/import", sent(**named), content_type="multipart/form-data")


def test_a_file_is_shown_item_by_item_and_nothing_is_kept(centre: Office, designer: Visitor) -> None:
    answer = preview(designer, leave__bpmn=MIXED)
    page = text(answer)
    assert answer.status_code == 200
    for words in (
        "Flowable",
        "flowable:assignee",
        "=starter",
        "监听器不执行",
        "不能按表达式跳过环节",
        "sample_A.form",
        "新流程",
    ):
        assert words in page, words
    with centre.reading() as records:
        assert records.process_drafts.count(["OPEN"]) == 0


def test_a_draft_begins_with_its_forms_and_keeps_the_report(centre: Office, designer: Visitor) -> None:
    preview(designer, leave__bpmn=MIXED)
    answer = designer.post("/studio/import/begin", {"file": "leave.bpmn", **carried(leave__bpmn=MIXED)})
    assert answer.status_code == 302
    report = answer.headers["Location"]
    page = text(designer.get(report))
    assert "Flowable" in page and "监听器不执行" in page and "leave.bpmn" in page
    designer.post("/language", {"language": "en"})
    assert "Listeners are never run" in text(designer.get(report))
    draft = report.removesuffix("/import")
    source = designer.get(f"{draft}.bpmn").data
    assert (
        b'camunda:assignee="=starter"' in source and b"flowable:taskListener" in source and b"drawn by hand" in source
    )
    with centre.reading() as records:
        [row] = records.process_drafts.listed(["OPEN"], first=0, size=5)
        assert (row.process, row.based_on) == ("sample", None)
        assert set(records.process_drafts.files(row.id)) == {"sample.bpmn", "sample_A.form"}
        [line] = records.ledger.lines(LedgerAction.DRAFT_IMPORTED)
        assert line.actor == "hejing" and line.detail["counts"]["open"] == 2


def test_a_diagram_whose_key_is_live_becomes_a_revision(centre: Office, designer: Visitor) -> None:
    content = MIXED.replace(b'process id="sample"', b'process id="two_departments"')
    assert "修订现行的 v1" in text(preview(designer, two__bpmn=content))
    designer.post("/studio/import/begin", {"file": "two.bpmn", **carried(two__bpmn=content)})
    with centre.reading() as records:
        [row] = records.process_drafts.listed(["OPEN"], first=0, size=5)
        assert row.based_on == records.deployments.newest(["two_departments"])["two_departments"].id


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a__bpmn": b"<a/>"}, "不是可以读取的流程图"),
        ({"a__form": b"{}"}, "没有流程图"),
        ({"a__exe": b"MZ"}, "不是 BPMN、DMN 或表单文件"),
        ({"a__bpmn": b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"}, "不是可以读取的流程图"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name(
    designer: Visitor, files: dict[str, bytes], sentence: str
) -> None:
    answer = preview(designer, **files)
    assert answer.status_code == 422 and sentence in text(answer)


def test_a_key_that_no_process_may_have_is_refused(designer: Visitor) -> None:
    content = MIXED.replace(b'process id="sample"', 'process id="流程"'.encode())
    answer = designer.post("/studio/import/begin", {"file": "a.bpmn", **carried(a__bpmn=content)})
    assert answer.status_code == 422 and "流程键以字母开头" in text(answer)


def test_nobody_but_a_designer_imports(site: Flask) -> None:
    clerk = Visitor(site).sign_in("wangfang")
    assert clerk.get("/studio/import").status_code == 403
    assert preview(clerk, a__bpmn=SAMPLES["flowable people"]).status_code == 403
    begun = {"file": "a.bpmn", **carried(a__bpmn=SAMPLES["flowable people"])}
    assert clerk.post("/studio/import/begin", begun).status_code == 403


def test_a_draft_that_was_not_imported_has_no_report(designer: Visitor) -> None:
    path = designer.post("/studio/new", {"way": "blank", "key": "empty_one", "name": "空白"}).headers["Location"]
    assert designer.get(f"{path}/import").status_code == 404
