"""Pages of documents, certificates, templates and seals, and what the public sees of them."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import pytest
from flask import Flask

from service.casework.messages.codes import access_code
from service.casework.office import Office
from service.casework.papers.reading import pdf_of
from service.documents import sample_seal, shipped_template
from service.rules.message_values import STAGES
from service.web.app import create_app
from service.web.pages import labels
from service.web.pages.patience import ASKS
from tests.casework.papers.city import ACCEPT, GRANT, ISSUE, REVIEW, do, opened, papers, received
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def city(demo_office: Office) -> Office:
    return opened(demo_office)


@pytest.fixture
def door(city: Office) -> Flask:
    return create_app(city)


@pytest.fixture
def case_id(city: Office) -> UUID:
    """The demo case, accepted."""
    case_id = received(city)
    do(city, case_id, "Task_Accept", "wangfang", **ACCEPT)
    return case_id


def decided(city: Office, case_id: UUID) -> UUID:
    """… granted, with its certificate."""
    do(city, case_id, "Task_Review", "zhangwei", **REVIEW)
    do(city, case_id, "Task_Approve", "chengang", **GRANT)
    do(city, case_id, "Task_Issue", "wuqian", **ISSUE)
    with city.reading() as records:
        [row] = records.certificates.of_case(case_id)
    return row.id


def test_a_stranger_sees_neither_documents_nor_their_files(city: Office, door: Flask, case_id: UUID) -> None:
    document = papers(city, case_id)["W02"].id
    stranger = Visitor(door).sign_in("103-a")
    for path in (f"/documents/{document}", f"/documents/{document}.pdf", f"/documents/{document}/page-1.png"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/documents/{document}/void", {"reason": "编号打错"}).status_code == 404
    assert Visitor(door).get(f"/documents/{document}.pdf").status_code == 302
    for path in ("/seals", "/document-templates", "/document-numbers"):
        assert stranger.get(path).status_code == 403


def test_the_case_lists_its_documents_and_opens_their_files(city: Office, door: Flask, case_id: UUID) -> None:
    clerk = Visitor(door).sign_in("wangfang")
    said = text(clerk.get(f"/cases/{case_id}"))
    assert "受理通知书" in said and "云政服受〔2026〕00001号" in said and "990100-20260316-104-00001-" in said
    document = papers(city, case_id)["W02"].id
    answer = clerk.get(f"/documents/{document}.pdf")
    assert answer.data == pdf_of(city, document) and answer.headers["Content-Disposition"].startswith("inline")
    assert clerk.get(f"/documents/{document}/page-1.png").data.startswith(b"\x89PNG")
    assert clerk.get(f"/documents/{document}/page-9.png").status_code == 404
    assert "公众看到的核验结果" in text(clerk.get(f"/documents/{document}"))


def test_a_draft_is_filled_in_beside_the_fields_that_are_wrong_and_issued(
    city: Office, door: Flask, case_id: UUID
) -> None:
    clerk = Visitor(door).sign_in("wangfang")
    clerk.get(f"/cases/{case_id}")
    answer = clerk.post(f"/cases/{case_id}/documents", {"code": "W23"})
    page = answer.headers["Location"]
    assert "还缺" in text(clerk.get(page))
    form = {
        "reason": "撤回",
        "materials.name": ["申请表", "", "合同"],
        "materials.form": ["原件", "", "原件"],
        "materials.copies": ["1", "", "2"],
        "receiver": "",
        "returned_at": "2026-03-17T09:00",
    }
    refused = clerk.post(f"{page}/issue", form)
    assert refused.status_code == 422 and 'value="合同"' in refused.get_data(as_text=True)
    assert 'id="field-receiver-problem"' in refused.get_data(as_text=True)
    assert clerk.post(f"{page}/issue", {**form, "receiver": "李昭"}).status_code == 302
    row = papers(city, case_id)["W23"]
    assert row.state == "ISSUED" and [one["copies"] for one in row.facts["materials"]] == [1, 2]


def test_copies_and_voiding_ask_for_reasons(city: Office, door: Flask, case_id: UUID) -> None:
    document = papers(city, case_id)["W02"].id
    clerk = Visitor(door).sign_in("wangfang")
    clerk.get(f"/documents/{document}")
    assert clerk.post(f"/documents/{document}/reprint", {"reason": ""}).status_code == 422
    copy = clerk.post(f"/documents/{document}/reprint", {"reason": "申请人遗失"})
    assert copy.mimetype == "application/pdf"
    assert clerk.post(f"/documents/{document}/void", {"reason": "编号打错"}).status_code == 403
    assert clerk.post(f"/documents/{document}/nonsense").status_code == 404
    chief = Visitor(door).sign_in("chengang")
    chief.get(f"/documents/{document}")
    assert chief.post(f"/documents/{document}/void", {"reason": "日期有误"}).status_code == 302
    assert "作废：日期有误" in text(chief.get(f"/documents/{document}")) and "更正重出" in text(
        chief.get(f"/documents/{document}")
    )
    numbers = text(Visitor(door).sign_in("sunli").get("/document-numbers"))
    assert "云政服受〔2026〕00001号" in numbers and "日期有误" in numbers
    anybody = Visitor(door)
    told = text(anybody.get(f"/verify/{document.hex}"))
    assert "作废" in told and "日期有误" not in told
    anybody.get(f"/verify/{document.hex}")
    found = anybody.post(f"/verify/{document.hex}", {"file": (io.BytesIO(copy.data), "copy.pdf")})
    assert "第 1 次补打件" in text(found)


def test_the_public_verifies_by_number_or_code_and_sees_a_masked_name(city: Office, door: Flask, case_id: UUID) -> None:
    row = papers(city, case_id)["W02"]
    anybody = Visitor(door)
    for reference in (row.number, row.id.hex):
        said = text(anybody.get(f"/verify/{reference}"))
        assert "有效" in said and "云**公司" in said and row.hash in said
        assert "云溪华印制罐有限公司" not in said and "李昭" not in said and "13900000001" not in said
    found = anybody.get("/verify", query_string={"reference": row.number})
    assert found.status_code == 302
    same = anybody.post(f"/verify/{row.number}", {"file": (io.BytesIO(pdf_of(city, row.id)), "a.pdf")})
    assert "文件一致" in text(same)
    other = anybody.post(f"/verify/{row.number}", {"file": (io.BytesIO(pdf_of(city, row.id) + b" "), "a.pdf")})
    assert "文件不一致" in text(other)
    assert anybody.post(f"/verify/{row.number}", {}).status_code == 422


@pytest.mark.parametrize(
    "reference",
    ["云政服受〔2026〕99999号", "%27 OR 1=1", "a" * 400, "5e246d50a82341ff91ed8cd3d7c79b63", "〔", "\U00020bb7"],
)
def test_what_was_never_issued_is_unknown(door: Flask, reference: str) -> None:
    answer = Visitor(door).get(f"/verify/{reference}")
    assert answer.status_code == 404 and "没有查到这份文书" in text(answer)


def test_nobody_asks_too_often(door: Flask) -> None:
    anybody = Visitor(door)
    answers = [anybody.get(f"/verify/{uuid4().hex}").status_code for _ in range(ASKS + 2)]
    assert answers[:ASKS] == [404] * ASKS and answers[ASKS:] == [429, 429]


def test_a_certificate_is_revoked_with_reasons_and_shown_to_everybody(city: Office, door: Flask, case_id: UUID) -> None:
    certificate = decided(city, case_id)
    clerk = Visitor(door).sign_in("wangfang")
    assert "建筑工程施工许可证" in text(clerk.get("/certificates")) and "有效" in text(clerk.get("/certificates"))
    assert clerk.get(f"/certificates/{certificate}").status_code == 200
    assert clerk.post(f"/certificates/{certificate}/REVOKE", {"reason": "骗取"}).status_code == 403
    assert Visitor(door).sign_in("103-a").get(f"/certificates/{certificate}").status_code == 404
    chief = Visitor(door).sign_in("chengang")
    chief.get(f"/certificates/{certificate}")
    assert chief.post(f"/certificates/{certificate}/REVOKE", {"reason": ""}).status_code == 422
    assert chief.post(f"/certificates/{certificate}/EXPIRE", {"reason": "到期"}).status_code == 404
    assert chief.post(f"/certificates/{certificate}/RENEW", {"number": "新1号"}).status_code == 409
    assert chief.post(f"/certificates/{certificate}/REVOKE", {"reason": "以欺骗手段取得"}).status_code == 302
    told = text(Visitor(door).get("/certificates/revoked"))
    assert "以欺骗手段取得" in told and "云**公司" in told and "云溪华印制罐有限公司" not in told
    assert "已撤销" in text(Visitor(door).get(f"/verify/{papers(city, case_id)['W18'].id.hex}"))


def test_a_template_is_examined_compared_and_deployed_for_later_documents(
    city: Office, door: Flask, case_id: UUID
) -> None:
    designer = Visitor(door).sign_in("hejing")
    assert "受理通知书" in text(designer.get("/document-templates"))
    designer.get("/document-templates/W02")
    body = shipped_template("W02").replace("期限自受理次日起", "办理期限自受理次日起")
    form = {"body": body, "note": "改一处措辞", "seen": "0"}
    bad = designer.post("/document-templates/W02", {**form, "body": body + "{{ ''.__class__ }}", "act": "deploy"})
    assert bad.status_code == 422 and "不允许使用" in text(bad)
    assert "办理期限自受理次日起" in text(designer.post("/document-templates/W02", {**form, "act": "examine"}))
    assert designer.post("/document-templates/W02", {**form, "act": "sample"}).mimetype == "application/pdf"
    assert designer.post("/document-templates/W02", {**form, "act": "deploy"}).status_code == 302
    assert designer.post("/document-templates/W02", {**form, "act": "deploy"}).status_code == 409
    assert designer.get("/document-templates/W02/sample.pdf?version=1").status_code == 200
    assert designer.get("/document-templates/W02/sample.pdf?version=7").status_code == 404
    assert designer.get("/document-templates/W99").status_code == 404
    assert "随系统发布" in text(designer.get("/document-templates/W02?old=0&new=1"))
    another = received(city)
    do(city, another, "Task_Accept", "wangfang", **ACCEPT)
    assert (papers(city, case_id)["W02"].template, papers(city, another)["W02"].template) == (0, 1)
    assert Visitor(door).sign_in("sunli").post("/document-templates/W02", {**form, "act": "deploy"}).status_code == 403
    back = {"version": "0", "reason": "改回原来的措辞", "seen": "1"}
    assert designer.post("/document-templates/W02/restore", {**back, "reason": ""}).status_code == 422
    assert designer.post("/document-templates/W02/restore", {**back, "version": "9"}).status_code == 404
    assert designer.post("/document-templates/W02/restore", {**back, "version": "1"}).status_code == 409
    assert Visitor(door).sign_in("guotao").post("/document-templates/W02/restore", back).status_code == 403
    assert designer.post("/document-templates/W02/restore", back).status_code == 302
    assert "改回原来的措辞" in text(designer.get("/document-templates/W02"))
    third = received(city)
    do(city, third, "Task_Accept", "wangfang", **ACCEPT)
    assert [papers(city, one)["W02"].template for one in (case_id, another, third)] == [0, 1, 2]


def test_a_template_is_shown_as_pictures_while_it_is_written_or_the_line_is_named(door: Flask) -> None:
    designer = Visitor(door).sign_in("hejing")
    body = shipped_template("W02")
    shown = designer.post("/document-templates/W02/preview", {"body": body})
    assert 'src="data:image/png;base64,' in shown.get_data(as_text=True)
    for wrong, told in (
        ("{{ nope }}", "nope"),
        ("{{ head.nope }}", "head.nope"),
        ('{{ value("nope") }}', "nope"),
        ('{{ parts.rows(["nope"]) }}', "nope"),
        ('{{ label["nope"] }}', "nope"),
        ("{{ ''.__class__ }}", "__class__"),
        ("{% set x = 1 %}", "assign"),
        ("{{ range(9) }}", "()"),
        ("{{ ", "11"),
    ):
        answer = designer.post(
            "/document-templates/W02/preview", {"body": body.replace("{% endblock %}", wrong + "{% endblock %}", 1)}
        )
        assert answer.status_code == 422 and told in text(answer) and "第 11 行" in text(answer), wrong
    before = designer.post("/document-templates/W02/preview", {"body": "先印一行" + body})
    assert before.status_code == 422 and "模板应以" in text(before)
    assert Visitor(door).sign_in("zhangwei").post("/document-templates/W02/preview", {"body": body}).status_code == 403


def test_who_only_reads_templates_sees_the_text_and_the_preview(door: Flask) -> None:
    page = Visitor(door).sign_in("guotao").get("/document-templates/W02").get_data(as_text=True)
    assert 'src="data:image/png;base64,' in page and "promised_due" in page and "由流程设计员和业务科修改" in page
    assert "field-body" not in page


def test_a_seal_is_uploaded_used_and_withdrawn(city: Office, door: Flask, case_id: UUID) -> None:
    keeper = Visitor(door).sign_in("machao")
    keeper.get("/seals")
    form = {"authority": "104", "valid_from": "2026-01-01"}
    wrong = keeper.post("/seals", {**form, "image": (io.BytesIO(b"\x89PNG\r\n\x1a\nnonsense"), "a.png")})
    assert wrong.status_code == 422 and "完整的 PNG" in text(wrong)
    own = sample_seal("某某局")
    assert keeper.post("/seals", {**form, "image": (io.BytesIO(own), "a.png")}).status_code == 302
    with city.reading() as records:
        [row] = records.stationery.seals()
    assert keeper.get(f"/seals/{row.id}.png").data == own
    assert keeper.post(f"/seals/{row.id}/withdraw").status_code == 302
    assert keeper.post(f"/seals/{row.id}/withdraw").status_code == 409
    assert "已停用" in text(keeper.get("/seals"))


def test_an_applicant_asks_for_progress_without_an_account(city: Office, door: Flask, case_id: UUID) -> None:
    with city.reading() as records:
        [number] = records.documents.acceptance_numbers({case_id}).values()
        code = access_code(city, records, case_id, None, "QUERY")
    public = Visitor(door)
    public.get("/progress")
    page = public.post("/progress", {"number": number, "code": code})
    assert page.status_code == 200
    shown = text(page)
    assert "审核办理中" in shown and "2026-03-19" in shown and "2026-03-16 受理" in shown
    assert "李昭" not in shown and code not in shown
    wrong = public.post("/progress", {"number": number, "code": "2222"})
    assert wrong.status_code == 422 and "查询码应为 6 位" in text(wrong)
    unknown = public.post("/progress", {"number": "990100-20260316-104-99999-0", "code": code})
    assert unknown.status_code == 404 and 'value="990100-20260316-104-99999-0"' in unknown.get_data(as_text=True)


def test_every_desk_an_applicant_may_wait_for_has_a_name() -> None:
    inside = {"SUPERVISE", "CALLBACK", "COMPLAINT", "RATING"}  # of cases nobody asks for by a query code
    assert {*STAGES} - inside <= {*labels.STAGES}
    assert labels.STAGES["IMMEDIATE"]
