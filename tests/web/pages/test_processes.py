"""流程: versions are read by staff, revised by designers, and never deployed with an error."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from service.casework import Office, find_actor, start_case
from service.store.workbench import Workbench
from tests.web.pages.conftest import FORMS, HERE, Visitor, begin, text

BPMN = (HERE / "two_departments.bpmn").read_text(encoding="utf-8")


def files(**named: str) -> dict[str, Any]:
    return {"files": [(BytesIO(content.encode()), name.replace("__", ".")) for name, content in named.items()]}


def kept(**named: str) -> dict[str, Any]:
    return {
        "file-name": [name.replace("__", ".") for name in named],
        "file-content": [base64.b64encode(content.encode()).decode() for content in named.values()],
        "note": "住建审核改为三个工作日",
    }


@pytest.fixture
def designer(site: Flask) -> Visitor:
    """何静, who may revise processes."""
    visitor = Visitor(site).sign_in("hejing")
    visitor.get("/processes/upload")
    return visitor


@pytest.fixture
def admin(site: Flask) -> Visitor:
    """郭涛, who deploys."""
    visitor = Visitor(site).sign_in("guotao")
    visitor.get("/processes/upload")
    return visitor


def test_the_library_lists_versions_and_running_cases(centre: Office, clerk: Visitor) -> None:
    begin(centre)
    page = text(clerk.get("/processes"))
    assert "两部门联办" in page and "two_departments" in page and "v1" in page
    page = text(clerk.get("/processes/two_departments"))
    assert "现行版本" in page
    assert clerk.get("/processes/nothing").status_code == 404


def test_the_diagram_is_served_byte_for_byte(clerk: Visitor) -> None:
    import re

    body = clerk.get("/processes/two_departments").get_data(as_text=True)
    path = re.search(r'data-diagram="([^"]+)"', body)
    assert path is not None
    assert clerk.get(path[1]).data == (HERE / "two_departments.bpmn").read_bytes()
    assert "two_departments.v1.bpmn" in clerk.get(path[1] + "?download=1").headers["Content-Disposition"]


def test_a_clerk_may_not_upload(clerk: Visitor) -> None:
    assert 'href="/processes/upload"' not in clerk.get("/processes").get_data(as_text=True)
    assert clerk.get("/processes/upload").status_code == 403
    assert clerk.post("/processes/upload", files(two__bpmn=BPMN)).status_code == 403
    assert clerk.post("/processes/deploy", kept(two__bpmn=BPMN)).status_code == 403


def test_findings_are_listed_with_line_and_element_and_nothing_is_deployed(designer: Visitor) -> None:
    broken = BPMN.replace(
        '<bpmn:userTask id="Task_Planning"', '<bpmn:complexGateway id="Odd" />\n    <bpmn:userTask id="Task_Planning"'
    )
    answer = designer.post("/processes/upload", files(two_departments__bpmn=broken), content_type="multipart/form-data")
    page = text(answer)
    assert answer.status_code == 422 and "没有部署" in page and "Odd" in page and "9" in page
    assert "直接部署" not in page
    assert "v2" not in text(designer.get("/processes/two_departments"))


def test_a_revision_says_what_changes_before_and_running_cases_stay(
    centre: Office, designer: Visitor, admin: Visitor
) -> None:
    begin(centre)
    revised = BPMN.replace(
        'zw:limit="2hd" />\n    <bpmn:userTask id="Task_Planning"',
        'zw:limit="3wd" />\n    <bpmn:userTask id="Task_Planning"',
    )
    assert revised != BPMN
    answer = designer.post(
        "/processes/upload", files(two_departments__bpmn=revised), content_type="multipart/form-data"
    )
    page = text(answer)
    assert answer.status_code == 200 and "v1 → v2" in page
    assert "新办件使用新版本，在办 1 件按原版本继续办理" in page and "two_review.form" in page
    assert "直接部署" not in page  # a designer hands it in
    answer = admin.post("/processes/deploy", kept(two_departments__bpmn=revised))
    assert answer.status_code == 302
    page = text(designer.get("/processes/two_departments"))
    assert "v2" in page and "住建审核改为三个工作日" in page and "郭涛" in page


def test_a_revised_form_alone_makes_a_version_of_the_process_that_uses_it(designer: Visitor) -> None:
    revised = FORMS["two_review.form"].replace("审核意见", "审核意见及理由")
    answer = designer.post("/processes/upload", files(two_review__form=revised), content_type="multipart/form-data")
    assert answer.status_code == 200 and "v1 → v2" in text(answer)


def test_the_same_files_make_no_version(designer: Visitor) -> None:
    answer = designer.post("/processes/upload", files(two_departments__bpmn=BPMN), content_type="multipart/form-data")
    assert "没有变化" in text(answer) and "直接部署" not in text(answer)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "请选择至少一个文件"),
        (files(virus__exe="MZ"), "不是 BPMN、DMN 或表单文件"),
        (files(big__bpmn="x" * 1001), "超过 4 MB"),
    ],
)
def test_what_is_no_process_file_is_refused_with_a_sentence(
    designer: Visitor, sent: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.web.pages.sent_files.TOGETHER", 1000)
    answer = designer.post("/processes/upload", sent, content_type="multipart/form-data")
    assert answer.status_code == 422 and sentence in text(answer)


def test_a_broken_confirmation_is_refused(admin: Visitor) -> None:
    answer = admin.post("/processes/deploy", {"file-name": "a.bpmn", "file-content": "%%%"})
    assert answer.status_code == 400 and "不完整" in text(answer)


def test_the_demo_clock_is_moved_by_who_may(designer: Visitor, site: Flask) -> None:
    assert designer.post("/demo/clock", {"step": "1wd", "next": "/inbox"}).status_code == 302
    assert "03-17 17:00" in text(designer.get("/inbox"))
    assert designer.post("/demo/clock", {"step": "1 century"}).status_code == 400
    assert designer.post("/demo/clock", {"step": "freeze", "next": "/inbox"}).status_code == 302
    assert "已停住" in text(designer.get("/inbox"))
    assert designer.post("/demo/clock", {"step": "thaw", "next": "/inbox"}).status_code == 302
    assert "已停住" not in text(designer.get("/inbox"))
    reviewer = Visitor(site).sign_in("zhangwei")
    assert "前移半天" not in text(reviewer.get("/inbox"))
    assert reviewer.post("/demo/clock", {"step": "1wd"}).status_code == 403


def test_an_applicant_reads_no_library_and_only_diagrams_of_own_cases(centre: Office, site: Flask) -> None:
    applicant = Visitor(site).sign_in("lizhao")
    for path in ("/processes", "/processes/two_departments"):
        assert applicant.get(path).status_code == 403
    with centre.reading() as records:
        definition = next(v.id for v in Workbench(records).versions() if v.key == "two_departments")
    assert applicant.get(f"/definitions/{definition}.bpmn").status_code == 404
    actor = find_actor(centre, "lizhao")
    assert actor is not None
    start_case(centre, actor, key="two_departments", variables={"project": "自家项目"})
    assert applicant.get(f"/definitions/{definition}.bpmn").status_code == 200


def test_a_count_of_running_cases_leads_to_exactly_these(centre: Office, clerk: Visitor, admin: Visitor) -> None:
    begin(centre, 1)
    begin(centre, 2)
    admin.post("/processes/deploy", kept(two_departments__bpmn=BPMN.replace('name="住建审核"', 'name="住建复核"')))
    begin(centre, 3)
    page = clerk.get("/processes/two_departments").get_data(as_text=True)
    for version, count in ((1, 2), (2, 1)):
        address = f"/cases?process=two_departments&amp;version={version}"
        assert f'<a href="{address}">{count}</a>' in page
        assert f"共 {count} 件" in text(clerk.get(address.replace("&amp;", "&")))
