"""审批表 and the page a decision is made on: every opinion, signatures and seals where there are any, materials beside it."""

from __future__ import annotations

import base64
import io
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader

from service.casework.completing import complete_task
from service.casework.letters import draw_signature
from service.casework.office import Office
from service.casework.papers.printing import sheet_of
from service.casework.returning import return_preview, return_task
from service.web.app import create_app
from tests.casework.desk import open_tasks
from tests.casework.papers.city import ACCEPT, GRANT, REVIEW, do, opened, received, who, work
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, text


def drawn(colour: str) -> str:
    """A signature as a browser sends it."""
    file = io.BytesIO()
    Image.new("RGBA", (90, 30), colour).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


@pytest.fixture
def city(demo_office: Office) -> Office:
    return opened(demo_office)


@pytest.fixture
def door(city: Office) -> Flask:
    return create_app(city)


@pytest.fixture
def case_id(city: Office) -> UUID:
    """The demo case, reviewed twice because it was returned once."""
    case_id = received(city)
    do(city, case_id, "Task_Accept", "wangfang", **ACCEPT)
    do(city, case_id, "Task_Review", "zhangwei", **REVIEW)
    chief, task = who(city, "chengang"), open_tasks(city, case_id)["Task_Approve"].id
    preview = return_preview(city, chief, task)
    place = next(one for one in preview.places if one.element == "Task_Review")
    return_task(
        city,
        chief,
        task,
        element=place.element,
        scope=place.scope,
        reason="请补充规划意见",
        way="again",
        seen=preview.mark,
    )
    do(city, case_id, "Task_Review", "zhangwei", **REVIEW)
    return case_id


def test_the_chief_sees_materials_and_opinions_where_the_decision_is_made(
    city: Office, door: Flask, case_id: UUID
) -> None:
    task = open_tasks(city, case_id)["Task_Approve"].id
    chief = Visitor(door).sign_in("chengang")
    page = chief.get(f"/chief/tasks/{task}")
    said = text(page)
    assert "材料清单" in said and "质量安全措施" in said and "用地、规划、图审手续齐备" in said
    assert f"/chief/tasks/{task}#beside-title" in chief.get("/chief?view=mine").get_data(as_text=True)


def test_the_sheet_shows_what_was_signed_returned_and_sealed(
    city: Office, door: Flask, case_id: UUID, clock: Clock
) -> None:
    chief, task = who(city, "chengang"), open_tasks(city, case_id)["Task_Approve"].id
    draw_signature(city, chief, drawn("navy"))
    complete_task(city, chief, task, answers=GRANT, signed=chief.name)
    work(city)
    clerk = Visitor(door).sign_in("wangfang")
    page = clerk.get(f"/cases/{case_id}/print")
    body, said = page.get_data(as_text=True), text(page)
    assert body.count('class="signed-by"') == 1 and f"{chief.name} 的手写签名" in body
    assert "请补充规划意见" in said and said.count("用地、规划、图审手续齐备") == 2
    assert "已出文书的用印" in said and body.count('class="seal"') >= 1
    pdf = clerk.get(f"/cases/{case_id}/print.pdf").data
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert sum(len(one.images) for one in pages) >= 2
    assert f"1 / {len(pages)}" in pages[0].extract_text()
    clock.advance(minutes=5)
    draw_signature(city, chief, drawn("maroon"))
    assert 'class="signed-by"' not in clerk.get(f"/cases/{case_id}/print").get_data(as_text=True)


def test_a_seal_on_the_sheet_is_the_one_on_the_document(city: Office, door: Flask, case_id: UUID) -> None:
    with city.reading() as records:
        row = next(one for one in records.documents.of_case(case_id) if one.code == "W02")
        ink = base64.b64encode(sheet_of(city, records, row).ink).decode("ascii")
    assert ink and ink in Visitor(door).sign_in("wangfang").get(f"/cases/{case_id}/print").get_data(as_text=True)
