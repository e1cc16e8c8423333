"""备注 and 内部查询 on the pages: written on the case, shown again when refused, invisible to the applicant."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, find_actor, start_case
from tests.received.made import picture
from tests.web.pages.conftest import Visitor, begin, text
from tests.web.pages.test_task import GOOD, first_task
from tests.web.rest import Client


@pytest.fixture
def case(centre: Office, clerk: Visitor) -> UUID:
    """A case that stands before the reviewers."""
    case_id = begin(centre)
    queued = first_task(centre, "wangfang")
    clerk.get(f"/tasks/{queued}")
    clerk.post(f"/tasks/{queued}", GOOD)
    return case_id


def test_a_refused_note_is_shown_again_with_what_was_typed(case: UUID, clerk: Visitor) -> None:
    clerk.get(f"/cases/{case}")
    answer = clerk.post(f"/cases/{case}/notes", {"text": "@不在这里的人 请看"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "“@不在这里的人”不是可以查看本件的工作人员" in body
    assert re.search(r"<textarea[^>]*>\s*@不在这里的人 请看</textarea>", body)


def test_a_note_with_a_file_is_written_read_and_taken_away(case: UUID, clerk: Visitor, site: Flask) -> None:
    clerk.get(f"/cases/{case}")
    sent = {"text": "@张伟 现场照片见附件", "file": (io.BytesIO(picture()), "现场.jpg")}
    assert clerk.post(f"/cases/{case}/notes", sent, content_type="multipart/form-data").status_code == 302
    reviewer = Visitor(site).sign_in("zhangwei")
    body = reviewer.get(f"/cases/{case}").get_data(as_text=True)
    assert "现场照片见附件" in body and "提到：张伟" in body
    file = re.search(r"/notes/files/[0-9a-f-]+", body)
    assert file is not None
    with reviewer.get(file[0]) as given:
        assert given.data == picture()
    assert Visitor(site).sign_in("105-a").get(file[0]).status_code == 404
    note = re.search(r"/cases/[0-9a-f-]+/notes/([0-9a-f-]+)/delete", clerk.get(f"/cases/{case}").get_data(as_text=True))
    assert note is not None
    assert reviewer.post(note[0]).status_code == 302
    assert "现场照片见附件" in text(reviewer.get(f"/cases/{case}"))
    clerk.post(note[0])
    assert "现场照片见附件" not in text(reviewer.get(f"/cases/{case}")) and "删除备注" in text(
        reviewer.get(f"/cases/{case}")
    )


def test_the_applicant_reads_neither_notes_nor_that_there_are_any(centre: Office, site: Flask) -> None:
    applicant = find_actor(centre, "lizhao")
    assert applicant is not None
    case = start_case(centre, applicant, key="two_departments", title="申请人自己申报").id
    clerk = Visitor(site).sign_in("wangfang")
    clerk.get(f"/cases/{case}")
    clerk.post(f"/cases/{case}/notes", {"text": "只给同事看"})
    page = text(Visitor(site).sign_in("lizhao").get(f"/cases/{case}"))
    assert "申请人自己申报" in page and "备注" not in page and "只给同事看" not in page
    assert Client(site, "/api/v1", "lizhao").get(f"/cases/{case}/notes").status_code == 403


def test_a_query_is_asked_by_the_reviewer_and_answered_from_the_window_s_list(
    case: UUID, clerk: Visitor, site: Flask
) -> None:
    reviewer = Visitor(site).sign_in("zhangwei")
    reviewer.get(f"/cases/{case}")
    assert reviewer.post(f"/cases/{case}/queries", {"question": ""}).status_code == 422
    assert reviewer.post(f"/cases/{case}/queries", {"question": "面积以哪份图纸为准？"}).status_code == 302
    assert reviewer.get("/queries").status_code == 403
    body = clerk.get("/queries").get_data(as_text=True)
    address = re.search(rf"/cases/{case}/queries/[0-9a-f-]+/answer", body)
    assert "面积以哪份图纸为准？" in body and address is not None
    assert clerk.post(address[0], {"answer": "以施工图为准。", "next": "queries"}).location.endswith("/queries")
    again = clerk.post(address[0], {"answer": "再答一次"})
    assert again.status_code == 409 and "已由 王芳 处理" in text(again) and "再答一次" in text(again)
    assert "以施工图为准。" in text(reviewer.get(f"/cases/{case}"))


def test_programs_write_change_and_remove_notes(case: UUID, site: Flask) -> None:
    clerk, other = Client(site, "/api/v1", "wangfang"), Client(site, "/api/v1", "zhangwei")
    made = clerk.post(f"/cases/{case}/notes", {"text": "一"})
    assert made.status_code == 201 and made.json["mayEdit"] is True
    address = f"/cases/{case}/notes/{made.json['id']}"
    assert other.put(address, {"text": "二"}).status_code == 403
    assert clerk.put(address, {"text": "二"}).json["text"] == "二"
    assert clerk.delete(address).json["deletedAt"] is not None
    assert clerk.get(f"/cases/{case}/notes").json["items"][0]["text"] == ""
    asked = other.post(f"/cases/{case}/queries", {"question": "问"})
    assert asked.status_code == 201
    there = f"/cases/{case}/queries/{asked.json['id']}"
    assert other.post(f"{there}/answer", {"answer": "答"}).status_code == 403
    assert clerk.post(f"{there}/answer", {"answer": "答"}).json["state"] == "ANSWERED"
    assert other.post(f"{there}/withdraw").status_code == 409
    assert Client(site, "/api/v1", "105-a").get(f"/cases/{case}/queries").status_code == 404
