"""Documents, bills, materials and the register over `/api/v1`: what one may read on the pages, and nothing besides."""

from __future__ import annotations

import io
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from flask import Flask

from service.casework import Office, attend_due, find_actor, start_case
from service.casework.materials.receiving import bring_material
from service.web.app import create_app
from tests.casework.desk import deploy_text
from tests.casework.materials_desk import CODE, ITEM, LINES, form, lines_of
from tests.casework.money.conftest import small_procedures
from tests.casework.money.till import SHELTER, begin, deploy_billed, pay, the_bill
from tests.casework.papers.city import ACCEPT, do, opened, papers, received
from tests.casework.register.cast import CODE as ITEM_CODE
from tests.casework.register.cast import card_data, put_in
from tests.received.made import picture
from tests.web.rest import Client

__all__ = ["small_procedures"]

PASSWORD = "Yunxi-2026!"


@pytest.fixture
def site(demo_office: Office) -> Flask:
    return create_app(demo_office)


def as_(site: Flask, username: str) -> Client:
    return Client(site, "/api/v1", username, PASSWORD)


def test_who_may_not_read_a_case_learns_nothing_of_its_papers_money_and_materials(
    demo_office: Office, site: Flask
) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    bill = the_bill(demo_office, case)
    stranger = as_(site, "103-a")
    for path, code in (
        (f"/cases/{case}/documents", "CASE_NOT_FOUND"),
        (f"/cases/{case}/materials", "CASE_NOT_FOUND"),
        (f"/cases/{case}/bills", "CASE_NOT_FOUND"),
        (f"/bills/{bill.number}", "BILL_NOT_FOUND"),
        (f"/documents/{uuid4()}", "DOCUMENT_NOT_FOUND"),
        ("/documents/nonsense/file", "DOCUMENT_NOT_FOUND"),
        (f"/material-files/{uuid4()}", "MATERIAL_NOT_FOUND"),
        (f"/materials/{uuid4()}", "MATERIAL_NOT_FOUND"),
    ):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json["code"]) == (404, code), path
    assert (stranger.get("/bills").status_code, stranger.get("/bills").json["code"]) == (403, "BILLS_FORBIDDEN")
    for path in ("/bills", "/items", f"/cases/{case}/documents"):
        assert as_(site, "feehan").get(f"{path}?sizes=1").status_code == 400
        assert Client(site, "/api/v1", None).get(path).status_code == 401


def test_documents_of_a_case_with_their_file(demo_office: Office, site: Flask) -> None:
    opened(demo_office)
    case = received(demo_office)
    do(demo_office, case, "Task_Accept", "wangfang", **ACCEPT)
    row = papers(demo_office, case)["W02"]
    clerk, stranger = as_(site, "wangfang"), as_(site, "103-a")
    found = clerk.get(f"/cases/{case}/documents?code=W02&state=ISSUED").json
    assert (found["total"], found["page"], found["size"]) == (1, 1, 20)
    assert (found["items"][0]["id"], found["items"][0]["number"], found["items"][0]["state"]) == (
        str(row.id), row.number, "ISSUED",
    )  # fmt: skip
    every = clerk.get(f"/cases/{case}/documents").json["total"]
    assert len(clerk.get(f"/cases/{case}/documents?size=1&page={every}").json["items"]) == 1
    assert clerk.get(f"/cases/{case}/documents?size=1&page={every + 1}").json["items"] == []
    assert clerk.get(f"/documents/{row.id}").json == found["items"][0]
    file = clerk.get(f"/documents/{row.id}/file")
    assert file.content_type == "application/pdf" and file.data.startswith(b"%PDF")
    assert [stranger.get(f"/documents/{row.id}{more}").status_code for more in ("", "/file")] == [404, 404]


def test_bills_with_lines_payments_and_pages(demo_office: Office, site: Flask) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office, **SHELTER)
    bill = the_bill(demo_office, case)
    manager, clerk, reviewer = as_(site, "feehan"), as_(site, "wangfang"), as_(site, "zhangwei")
    listed = manager.get("/bills?view=open&issuedFrom=2026-01-01&issuedTo=2026-12-31&size=1").json
    assert (listed["total"], listed["size"], listed["items"][0]["number"]) == (1, 1, bill.number)
    assert listed["items"][0]["total"] == "600000.00"
    assert manager.get("/bills?page=2").json["items"] == [] and manager.get("/bills?text=nothing").json["total"] == 0
    assert manager.get("/bills?issuedFrom=2026-13-01").status_code == 400
    whole = clerk.get(f"/bills/{bill.number}").json
    assert (whole["capitals"], len(whole["lines"]), whole["payments"]) == ("陆拾万元整", 1, [])
    assert clerk.get(f"/cases/{case}/bills").json["items"][0]["lines"] == whole["lines"]
    pay(demo_office, bill)
    [paid] = manager.get(f"/bills/{bill.number}").json["payments"]
    assert (paid["number"], paid["amount"], paid["settles"]) == ("T1", "600000.00", True)
    assert reviewer.get(f"/bills/{bill.number}").status_code == 404


def _with_files(office: Office) -> tuple[UUID, UUID]:
    deploy_text(office, ITEM.replace('"100"', '"201"'), forms={"list.form": form(*LINES)})
    applicant, clerk = find_actor(office, "lizhao"), find_actor(office, "wangfang")
    assert applicant is not None and clerk is not None
    case = start_case(office, applicant, key="item", variables={"applicant_uscc": CODE}).id
    attend_due(office)
    line = lines_of(office, case)["质量安全措施"].row.id
    bring_material(office, clerk, line, io.BytesIO(picture()), name="措施.jpg")
    return case, line


def test_materials_of_a_case_and_the_content_of_a_file(demo_office: Office, site: Flask) -> None:
    case, line = _with_files(demo_office)
    clerk, stranger = as_(site, "wangfang"), as_(site, "103-a")
    found = clerk.get(f"/cases/{case}/materials").json
    assert found["total"] == len(LINES) and [one["position"] for one in found["items"]] == sorted(
        one["position"] for one in found["items"]
    )
    one = clerk.get(f"/materials/{line}").json
    assert one in found["items"] and one["files"][0]["name"] == "措施.jpg" and one["files"][0]["current"]
    assert clerk.get(f"/cases/{case}/materials?state={one['state']}").json["items"] == [one]
    file = one["files"][0]
    content = clerk.get(f"/material-files/{file['id']}")
    assert content.content_type == "application/octet-stream" and len(content.data) == file["size"]
    assert sha256(content.data).hexdigest() == file["sha256"]
    content.close()
    assert content.headers["Content-Disposition"].startswith("attachment")
    assert [stranger.get(path).status_code for path in (f"/materials/{line}", f"/material-files/{file['id']}")] == [
        404, 404,
    ]  # fmt: skip


def test_the_register_with_cards_and_versions(demo_office: Office, site: Flask) -> None:
    put_in(demo_office, card_data(), card_data("115-GG-004"))
    reviewer = as_(site, "zhangwei")
    page = reviewer.get("/items?size=1").json
    assert page["total"] == 2 and len(page["items"]) == 1
    assert reviewer.get("/items?size=1&page=3").json["items"] == []
    assert [one["code"] for one in reviewer.get("/items?text=115").json["items"]] == ["115-GG-004"]
    assert reviewer.get("/items?kind=SLOW").status_code == 400
    one = reviewer.get(f"/items/{ITEM_CODE}").json
    assert (one["code"], one["current"], one["card"]["name"]) == (ITEM_CODE, True, one["name"])
    assert "to_confirm" not in one["card"]
    assert reviewer.get(f"/items/{ITEM_CODE}?version={one['version']}").json == one
    assert reviewer.get(f"/items/{ITEM_CODE}?version=0").status_code == 400
    assert reviewer.get("/items/999-XX-001").json["code"] == "ITEM_MISSING"
    versions = reviewer.get(f"/items/{ITEM_CODE}/versions").json
    assert versions["total"] == 1 and versions["items"][0]["changed"] == []
