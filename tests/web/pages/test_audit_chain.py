"""审计链: who audits sees how far it is sealed, verifies it on the spot and takes it out with a reason; nobody else."""

from __future__ import annotations

import zipfile
from io import BytesIO

from flask import Flask
from sqlalchemy import update

from service.casework.audit.sealing import seal_audit
from service.casework.office import Office
from service.store.schema import ledger
from tests.casework.audit.sealed_city import owner
from tests.web.pages.conftest import Visitor, text


def test_the_chain_is_verified_and_what_was_touched_is_named(site: Flask, centre: Office) -> None:
    audit = Visitor(site).sign_in("linlan")
    assert "还没有封存过" in text(audit.get("/admin/audit/chain"))
    assert seal_audit(centre) > 0
    assert "完好：1 段相连" in text(audit.get("/admin/audit/chain?verify=1"))
    with owner(centre) as connection:
        connection.execute(update(ledger).where(ledger.c.id == 2).values(actor="somebody"))
    page = text(audit.get("/admin/audit/chain?verify=1&since=2020-01-01"))
    assert "发现 1 处问题" in page and "台账第 2 行被改动" in page
    audit.post("/language", {"language": "en"})
    assert "Line 2 of the ledger was changed" in text(audit.get("/admin/audit/chain?verify=1"))


def test_an_export_needs_its_purpose_and_is_a_record_itself(site: Flask, centre: Office) -> None:
    seal_audit(centre)
    audit = Visitor(site).sign_in("linlan")
    audit.get("/admin/audit/chain")
    refused = audit.post("/admin/audit/chain/export", {"reason": ""})
    assert refused.status_code == 422 and "请填写用途" in text(refused)
    taken = audit.post("/admin/audit/chain/export", {"reason": "年度审计"})
    assert sorted(zipfile.ZipFile(BytesIO(taken.get_data())).namelist()) == ["blocks.jsonl", "lines.jsonl", "verify.py"]
    assert "年度审计" in text(audit.get("/admin/audit?action=audit:exported"))


def test_nobody_else_sees_it(site: Flask) -> None:
    for name in ("guotao", "machao", "wangfang"):
        visitor = Visitor(site).sign_in(name)
        assert visitor.get("/admin/audit/chain?verify=1").status_code == 403
        visitor.get("/inbox")
        assert visitor.post("/admin/audit/chain/export", {"reason": "看看"}).status_code == 403
