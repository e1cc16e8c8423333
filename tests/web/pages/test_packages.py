"""流程包 on pages: taken away as a file, seen entry by entry, imported by system administrators alone."""

from __future__ import annotations

import base64
import re
from io import BytesIO

import pytest
from flask import Flask

from service.casework import Office
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.engine import Resource
from tests.casework.test_packages import repacked
from tests.engine.drive import definitions, process
from tests.processes.library import TABLES
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def admin(site: Flask) -> Visitor:
    """郭涛."""
    visitor = Visitor(site).sign_in("guotao")
    visitor.get("/admin/packages")
    return visitor


def exported(admin: Visitor) -> bytes:
    answer = admin.post("/admin/packages/export")
    assert answer.status_code == 200 and answer.content_type == "application/zip"
    return bytes(answer.data)


def revised(files: dict[str, bytes]) -> None:
    path = "processes/two_departments.bpmn"
    files[path] = files[path].replace('name="住建审核"'.encode(), 'name="住建复核"'.encode())


def show(admin: Visitor, content: bytes):
    return admin.post("/admin/packages", {"file": (BytesIO(content), "city.zip")}, content_type="multipart/form-data")


def test_a_package_is_shown_with_its_differences_and_imported_at_once_in_a_demonstration(
    centre: Office, admin: Visitor
) -> None:
    content = exported(admin)
    assert "相同" in text(show(admin, content))
    newer = repacked(content, revised)
    page = text(show(admin, newer))
    assert "有改动 1" in page and "住建复核" in page and "马上生效" in page
    sent = {"content": base64.b64encode(newer).decode(), "note": ""}
    refused = admin.post("/admin/packages/import", sent)
    assert refused.status_code == 422 and "请写明为什么导入" in text(refused)
    done = admin.post("/admin/packages/import", {**sent, "note": "统一名称"})
    assert done.status_code == 302
    assert "导入了 1 个流程版本" in text(admin.get(done.headers["Location"]))
    with centre.reading() as records:
        assert records.deployments.newest()["two_departments"].version == 2


def test_a_table_that_decides_otherwise_is_told_cell_by_cell(centre: Office, admin: Visitor) -> None:
    diagram = process(
        '<startEvent id="S"/><businessRuleTask id="R" camunda:decisionRef="matrix_DB_20"/><endEvent id="E"/>S -> R;R -> E;',
        "asks_a_table",
    )
    table = TABLES["matrix_DB_20"].read_bytes()
    files = [Resource(name="asks_a_table.bpmn", content=definitions(diagram))]
    deploy(centre, SYSTEM, "一张表", [*files, Resource(name="matrix_DB_20.dmn", content=table)])

    def otherwise(files: dict[str, bytes]) -> None:
        files["decisions/matrix_DB_20.dmn"] = table.replace(b"<text>true</text>", b"<text>false</text>", 1)

    page = text(show(admin, repacked(exported(admin), otherwise)))
    assert "1 处不同" in page and re.search("第 1 行 · .*：.*true.*→.*false", page)


def test_what_is_no_package_is_refused_on_the_page(admin: Visitor) -> None:
    answer = show(admin, b"nonsense")
    assert answer.status_code == 400 and "不是可以读取的流程包" in text(answer)
    broken = admin.post("/admin/packages/import", {"content": "%%%", "note": "试试"})
    assert broken.status_code == 400 and "不完整" in text(broken)


def test_nobody_else_reaches_packages(site: Flask) -> None:
    for username in ("hejing", "wangfang", "tianyue", "machao"):
        visitor = Visitor(site).sign_in(username)
        assert visitor.get("/admin/packages").status_code == 403
        assert visitor.post("/admin/packages/export").status_code == 403
        assert show(visitor, b"PK").status_code == 403
        assert 'href="/admin/packages"' not in visitor.get("/admin/deployments").get_data(as_text=True)
