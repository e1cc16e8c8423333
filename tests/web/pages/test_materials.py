"""材料 before people: handed in beside the task, looked at, marked; and nothing of a file ever runs in our origin."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, attend_due, find_actor, start_case
from service.casework.materials.reading import MaterialLine, materials_of
from service.web.app import create_app
from tests.casework.desk import deploy_text
from tests.casework.materials_desk import CODE, ITEM, LINES, form
from tests.received.made import OFD, packed, pages, pdf, picture
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def counter(demo_office: Office) -> Office:
    deploy_text(demo_office, ITEM.replace('"100"', '"201"'), forms={"list.form": form(*LINES)})
    return demo_office


@pytest.fixture
def site(counter: Office) -> Flask:
    return create_app(counter)


@pytest.fixture
def case(counter: Office) -> UUID:
    applicant = find_actor(counter, "lizhao")
    assert applicant is not None
    made = start_case(counter, applicant, key="item", variables={"applicant_uscc": CODE}).id
    attend_due(counter)
    return made


def lines(office: Office, case: UUID) -> dict[str, MaterialLine]:
    with office.reading() as records:
        return {line.row.name: line for line in materials_of(records, case)}


def send(visitor: Visitor, office: Office, case: UUID, material: str, content: bytes, name: str, **more):
    line = lines(office, case)[material].row.id
    sent = {"file": (io.BytesIO(content), name), **more}
    return visitor.post(f"/materials/{line}/files", sent, content_type="multipart/form-data")


def file_of(office: Office, case: UUID, material: str) -> UUID:
    return lines(office, case)[material].current[-1].row.id


def test_without_a_token_of_our_page_nothing_is_taken(counter: Office, visitor: Visitor, case: UUID):
    visitor.sign_in("wangfang")
    line = lines(counter, case)["质量安全措施"].row.id
    visitor.token = "forged"
    assert send(visitor, counter, case, "质量安全措施", picture(), "a.jpg").status_code == 400
    assert visitor.client.post(f"/materials/{line}/pieces", data=b"x").status_code == 400
    assert not lines(counter, case)["质量安全措施"].files


def test_a_stranger_is_told_that_there_is_nothing(counter: Office, visitor: Visitor, site: Flask, case: UUID):
    visitor.sign_in("wangfang")
    send(visitor, counter, case, "质量安全措施", picture(), "a.jpg", origin="UPLOAD")
    version, line = file_of(counter, case, "质量安全措施"), lines(counter, case)["质量安全措施"].row.id
    stranger = Visitor(site).sign_in("105-a")
    for path in (
        f"/cases/{case}/materials",
        f"/cases/{case}/materials/panel",
        f"/cases/{case}/materials.zip",
        f"/materials/files/{version}",
        f"/materials/files/{version}/content",
        f"/materials/files/{version}/thumbnail",
        f"/materials/files/{version}/pages/1",
        f"/materials/{line}/reuse",
    ):
        assert stranger.get(path).status_code == 404, path
    stranger.get("/inbox")
    assert send(stranger, counter, case, "质量安全措施", pdf(), "b.pdf").status_code == 404
    assert len(lines(counter, case)["质量安全措施"].files) == 1


def test_a_wrong_file_is_told_in_a_sentence_and_by_its_code(counter: Office, visitor: Visitor, case: UUID):
    visitor.sign_in("wangfang")
    visitor.get(f"/cases/{case}/materials")
    answer = send(visitor, counter, case, "质量安全措施", b"MZ" + bytes(100), "程序.pdf", origin="UPLOAD")
    assert answer.status_code == 302
    assert "内容与扩展名不符：应为 PDF，实际为 EXE" in text(visitor.get(answer.location))
    line = lines(counter, case)["质量安全措施"].row.id
    told = visitor.post(
        f"/materials/{line}/files",
        {"file": (io.BytesIO(b""), "a.pdf"), "origin": "UPLOAD"},
        content_type="multipart/form-data",
        headers={"Accept": "application/json"},
    )
    assert (told.status_code, told.json["code"]) == (400, "FILE_EMPTY")
    for field, value, code in (
        ("valid_to", "明年", "DAY_INVALID"),
        ("origin", "X", "ORIGIN_UNKNOWN"),
        ("replaces", "x", "ID_INVALID"),
    ):
        told = visitor.post(
            f"/materials/{line}/files",
            {"file": (io.BytesIO(pdf()), "a.pdf"), field: value},
            content_type="multipart/form-data",
            headers={"Accept": "application/json"},
        )
        assert (told.status_code, told.json["code"]) == (400, code)


def test_a_file_is_given_so_that_it_can_do_nothing(counter: Office, visitor: Visitor, case: UUID):
    visitor.sign_in("wangfang")
    given = {
        "照片 1.jpg": (picture(), "image/jpeg", True),
        "b.pdf": (pdf(), "application/pdf", True),
        "c.tif": (pages(2), "image/tiff", False),
        "d.ofd": (packed(OFD), "application/ofd", False),
    }
    for name, (content, media_type, shown) in given.items():
        send(visitor, counter, case, "检测报告", content, name, origin="UPLOAD")
        version = file_of(counter, case, "检测报告")
        for query in ("", "?inline=1"):
            answer = visitor.client.get(f"/materials/files/{version}/content{query}")
            assert answer.get_data() == content and answer.mimetype == media_type
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert ("sandbox" in answer.headers["Content-Security-Policy"]) == (name != "b.pdf")
            assert answer.headers["Content-Disposition"].startswith("inline" if query and shown else "attachment")
            assert "private" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Disposition"].encode("latin-1")
            answer.close()
        part = visitor.client.get(f"/materials/files/{version}/content", headers={"Range": "bytes=2-5"})
        assert (part.status_code, part.get_data()) == (206, content[2:6])
        part.close()


def test_a_large_file_comes_in_pieces(counter: Office, visitor: Visitor, case: UUID):
    visitor.sign_in("wangfang")
    content = picture("PNG", (900, 900), compress_level=0)
    line = lines(counter, case)["质量安全措施"].row.id
    slips = []
    for start in range(0, len(content), 1_000_000):
        kept = visitor.client.post(
            f"/materials/{line}/pieces",
            data=content[start : start + 1_000_000],
            headers={"X-CSRFToken": visitor.token},
        )
        slips.append(kept.json["slip"])
    done = visitor.post(
        f"/materials/{line}/files",
        {"slip": slips, "name": "大图.png", "origin": "UPLOAD"},
        headers={"Accept": "application/json"},
    )
    assert len(slips) == 3 and done.json["message"] == "材料已提交。"
    assert lines(counter, case)["质量安全措施"].current[0].row.size == len(content)


def test_the_window_works_through_a_checklist_beside_its_task(counter: Office, visitor: Visitor, case: UUID):
    visitor.sign_in("wangfang")
    task = re.search(r'href="(/tasks/[^"]+)"', visitor.get("/inbox").get_data(as_text=True))
    assert task is not None
    page = visitor.get(task[1])
    assert "待共享获取 2. 营业执照" in text(page)
    send(visitor, counter, case, "质量安全措施", picture(), "措施.jpg", origin="SCAN", next=task[1])
    page = visitor.get(task[1])
    assert "3. 质量安全措施" in text(page) and "已提交 措施.jpg" in text(page)
    line = lines(counter, case)
    told = visitor.post(f"/materials/{line['质量安全措施'].row.id}/seen", {"paper": "COPY", "copies": "2"})
    assert "已登记核对原件" in text(visitor.get(told.location))
    visitor.post(f"/materials/{line['营业执照'].row.id}/failed", {"reason": "市监接口停机"})
    page = text(visitor.get(f"/cases/{case}/materials"))
    assert "共享获取失败：市监接口停机" in page and "纸质件：复印件 2 份" in page
    whole = text(visitor.get(f"/cases/{case}"))
    assert "材料（4）" in whole and "核对原件" in whole


def test_a_file_is_looked_at_replaced_and_withdrawn(counter: Office, visitor: Visitor, case: UUID):
    visitor.sign_in("wangfang")
    send(visitor, counter, case, "检测报告", pages(3), "报告.tif", origin="UPLOAD")
    first = file_of(counter, case, "检测报告")
    page = visitor.get(f"/materials/files/{first}")
    assert "1 / 3" in text(page) and "打开原文件" not in text(page)
    assert visitor.client.get(f"/materials/files/{first}/pages/3?width=300").mimetype == "image/jpeg"
    assert visitor.client.get(f"/materials/files/{first}/pages/4").status_code == 404
    assert visitor.client.get(f"/materials/files/{first}/thumbnail").mimetype == "image/jpeg"
    again = send(
        visitor,
        counter,
        case,
        "检测报告",
        pdf(),
        "新报告.pdf",
        origin="UPLOAD",
        replaces=str(first),
        reason="盖章页缺失",
    )
    assert again.status_code == 302
    assert "已被替换" in text(visitor.get(f"/materials/files/{first}"))
    second = file_of(counter, case, "检测报告")
    page = text(visitor.get(f"/materials/files/{second}"))
    assert "盖章页缺失" in page and "打开原文件" in page and "历史（2）" in page
    visitor.post(f"/materials/files/{second}/withdraw", {"reason": "不是本项目"})
    assert "撤下的理由：不是本项目" in text(visitor.get(f"/materials/files/{second}"))
    assert not lines(counter, case)["检测报告"].current


def test_earlier_materials_are_offered_on_a_page(counter: Office, visitor: Visitor, case: UUID):
    visitor.sign_in("wangfang")
    send(visitor, counter, case, "检测报告", picture(), "报告.jpg", origin="UPLOAD")
    clerk = find_actor(counter, "wangfang")
    assert clerk is not None
    later = start_case(counter, clerk, key="item", variables={"applicant_uscc": CODE}).id
    attend_due(counter)
    line = lines(counter, later)["检测报告"].row.id
    page = visitor.get(f"/materials/{line}/reuse")
    assert "报告.jpg" in text(page)
    chosen = re.search(r'name="chosen" value="([^"]+)"', page.get_data(as_text=True))
    assert chosen is not None
    visitor.post(f"/materials/{line}/reuse", {"chosen": chosen[1]})
    assert lines(counter, later)["检测报告"].current[0].row.origin == "EARLIER"
    package = visitor.client.get(f"/cases/{later}/materials.zip")
    assert (
        package.get_data()[:2] == b"PK"
        and package.headers["Content-Disposition"].encode("latin-1")[:10] == b"attachment"
    )
    package.close()
