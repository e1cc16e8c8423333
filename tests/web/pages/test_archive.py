"""档案 in the browser: who sees it, filters, verifying, taking packages out with a reason, paper, terms."""

from __future__ import annotations

import io
import zipfile
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office
from service.casework.act_book import ACTS
from tests.casework.archive.files import ended, work
from tests.casework.clocks.conftest import small_procedures  # noqa: F401
from tests.casework.clocks.items import ITEM_BODY, item
from tests.casework.desk import deploy_text
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def case_id(centre: Office, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A filed case."""
    monkeypatch.setitem(ACTS, "delivery", lambda *_: None)
    deploy_text(centre, item(ITEM_BODY))
    case = ended(centre)
    work(centre)
    return case


@pytest.fixture
def archivist(site: Flask) -> Visitor:
    """秦岚, archivist."""
    return Visitor(site).sign_in("qinlan")


def test_who_has_no_business_there_finds_no_way_in(site: Flask, case_id: UUID) -> None:
    reviewer = Visitor(site).sign_in("zhangwei")
    assert "/archive" not in reviewer.get("/inbox").get_data(as_text=True)
    for path in ("/archive", f"/archive/{case_id}", "/archive/terms"):
        assert reviewer.get(path).status_code == 403
    for path in (f"/archive/{case_id}/packages/0/take", "/archive/export", f"/archive/{case_id}/place"):
        assert reviewer.post(path, {"reason": "核对案卷内容", "case": str(case_id)}).status_code == 403
    clerk = Visitor(site).sign_in("wangfang")
    assert "调取" not in text(clerk.get(f"/archive/{case_id}")) and "登记纸质位置" in text(
        clerk.get(f"/archive/{case_id}")
    )


def test_an_empty_archive_says_so(archivist: Visitor) -> None:
    assert "还没有归档的办件" in text(archivist.get("/archive"))


def test_the_list_keeps_its_filters_and_wrong_ones_do_no_harm(archivist: Visitor, case_id: UUID) -> None:
    assert "云溪大厦" in text(archivist.get("/archive?year=2026&years=D30&category=XK&q=云溪"))
    assert "没有符合条件的案卷" in text(archivist.get("/archive?year=2025"))
    for query in ("year=20x6&years=X&category=<b>&view=none&page=-1&box=%00", "page=99999999&q=%25"):
        assert archivist.get(f"/archive?{query}").status_code == 200


def test_a_package_is_verified_and_taken_out_with_a_reason(archivist: Visitor, case_id: UUID, centre: Office) -> None:
    page = archivist.get(f"/archive/{case_id}")
    assert "990100-ZWFW·2026·D30-00001" in text(page) and "opinions.json" in text(page)
    assert "核验通过" in text(archivist.post(f"/archive/{case_id}/packages/0/check"))
    refused = archivist.post(f"/archive/{case_id}/packages/0/take", {"reason": "看"})
    assert refused.status_code == 422 and 'id="take-0-reason-problem"' in refused.get_data(as_text=True)
    taken = archivist.post(f"/archive/{case_id}/packages/0/take", {"reason": "投诉核查调阅"})
    assert taken.mimetype == "application/zip" and taken.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(taken.get_data())) as opened:
        assert opened.testzip() is None and "manifest.json" in opened.namelist()
    assert archivist.post(f"/archive/{case_id}/packages/7/take", {"reason": "投诉核查调阅"}).status_code == 404


def test_several_files_are_exported_with_their_chain(archivist: Visitor, case_id: UUID) -> None:
    archivist.get("/archive")
    refused = archivist.post("/archive/export", {"case": str(case_id), "reason": ""})
    assert refused.status_code == 422 and 'id="export-reason-problem"' in refused.get_data(as_text=True)
    assert archivist.post("/archive/export", {"case": "x", "reason": "移交市档案馆"}).status_code == 422
    taken = archivist.post("/archive/export", {"case": str(case_id), "reason": "移交市档案馆"})
    with zipfile.ZipFile(io.BytesIO(taken.get_data())) as opened:
        assert set(opened.namelist()) == {"990100-ZWFW-2026-D30-00001.zip", "chain.json"}


def test_paper_is_laid_into_a_box_and_terms_are_the_archivists(archivist: Visitor, site: Flask, case_id: UUID) -> None:
    archivist.get(f"/archive/{case_id}")
    wrong = archivist.post(f"/archive/{case_id}/place", {"box": "", "position": "x"})
    assert wrong.status_code == 422 and 'id="place-box-problem"' in wrong.get_data(as_text=True)
    laid = archivist.post(f"/archive/{case_id}/place", {"box": "2026-104-07", "position": "12"})
    assert laid.status_code == 302
    assert "2026-104-07 盒第 12 位" in text(archivist.get(f"/archive/{case_id}"))
    assert archivist.get("/archive/terms").status_code == 200
    wrong = archivist.post("/archive/terms/XK", {"years": "Y", "basis": " "})
    assert wrong.status_code == 422 and 'id="XK-basis-problem"' in wrong.get_data(as_text=True)
    assert archivist.post("/archive/terms/XK", {"years": "Y", "basis": "本市保管期限表"}).status_code == 302
    assert "永久 本市保管期限表" in text(archivist.get("/archive/terms"))
    supervisor = Visitor(site).sign_in("sunli")
    supervisor.get("/archive/terms")
    assert supervisor.post("/archive/terms/XK", {"years": "Y", "basis": "本市保管期限表"}).status_code == 403
