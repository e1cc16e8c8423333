"""时限证明单 as a page and as a file: for who may read the case, in the language of the reader."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from flask import Flask
from pypdf import PdfReader

from service.casework import Office
from tests.casework import clock_rows
from tests.casework.clock_rows import EXPERT, row
from tests.web.pages.conftest import Visitor, begin, text

HELD = {**EXPERT, "after": "2026-03-11", "through": "2026-03-13"}


@pytest.fixture
def case_id(centre: Office) -> UUID:
    """A case with a promise that stood still for three days and an extended statutory limit."""
    case = begin(centre)
    clock_rows.put(
        centre,
        row(case, "CASE", 7, started="2026-03-09T10:00", pauses=[HELD], basis="承诺"),
        row(
            case,
            "STATUTORY",
            20,
            started="2026-03-09T10:00",
            pauses=[HELD],
            extensions=[
                {"amount": 10, "approved_on": "2026-03-10", "approved_by": "zhaomin", "notice": "延〔2026〕1号"}
            ],
        ),
    )
    return case


def test_nobody_sees_the_sheet_of_a_case_that_is_none_of_theirs(site: Flask, case_id: UUID) -> None:
    stranger = Visitor(site).sign_in("hejing")
    for path in (f"/cases/{case_id}/time-proof", f"/cases/{case_id}/time-proof.pdf"):
        assert stranger.get(path).status_code == 404
        assert Visitor(site).get(path).status_code == 302


@pytest.mark.parametrize("scope", ["nonsense", "00000000-0000-4000-8000-000000000001"])
def test_an_item_that_is_not_there_is_not_found(clerk: Visitor, case_id: UUID, scope: str) -> None:
    assert clerk.get(f"/cases/{case_id}/time-proof?scope={scope}").status_code == 404
    assert clerk.get(f"/cases/{case_id}/time-proof.pdf?scope={scope}").status_code == 404


def test_the_page_tells_every_day_every_pause_and_which_limit_binds(clerk: Visitor, case_id: UUID) -> None:
    page = text(clerk.get(f"/cases/{case_id}/time-proof"))
    for words in (
        "承诺时限 约束",
        "专家评审",
        "特告〔2026〕3号",
        "陈刚",
        "延〔2026〕1号",
        "赵敏",
        "暂停计时（专家评审），不计入",
        "2026-03-09 周一 不计入 0 开始当日",
        "2026-03-10 周二 计入 1 工作日",
        "尚未到来，如不再变动",
    ):
        assert words in page, words


def test_long_runs_of_days_are_folded(clerk: Visitor, case_id: UUID) -> None:
    body = clerk.get(f"/cases/{case_id}/time-proof").get_data(as_text=True)
    folds = re.findall(r"<details( open)?>", body)
    assert len(folds) >= 6 and " open" in folds and "" in folds


def test_the_file_is_a_pdf_with_a_chinese_name_kept_by_nobody(clerk: Visitor, case_id: UUID) -> None:
    answer = clerk.get(f"/cases/{case_id}/time-proof.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert (
        "filename*=UTF-8''%E6%97%B6%E9%99%90%E8%AF%81%E6%98%8E%E5%8D%95%20TWO-0001.pdf"
        in answer.headers["Content-Disposition"]
    )
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert all("云溪市政务服务中心" in page and "TWO-0001" in page for page in pages)


def test_an_english_reader_gets_an_english_sheet(clerk: Visitor, case_id: UUID) -> None:
    clerk.post("/language", {"language": "en", "next": "/inbox"})
    page = text(clerk.get(f"/cases/{case_id}/time-proof"))
    assert "Promised limit" in page and "clock stopped (expert review), not counted" in page
    pdf = clerk.get(f"/cases/{case_id}/time-proof.pdf")
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages)
    assert "Time proof sheet" in printed and "Statutory limit" in printed
