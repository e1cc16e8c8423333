"""流程图库: every deployed diagram as a picture, by department and kind, found by words, ready for paper."""

from __future__ import annotations

import re
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from service.casework import Office, deploy
from service.casework.actors import SYSTEM
from service.casework.register import deploy_items
from service.engine import Resource
from service.engine.picture import picture
from service.web.app import create_app
from tests.processes.library import FILES, FORMS, ROOT
from tests.web.pages.conftest import Visitor, text

SHOWN = ("item_105_XK_001", "item_107_XK_001", "support_SP_05", "linear")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def library(demo_office: Office) -> Office:
    """Two items, a supporting process and a plain one, with the cards of the items."""
    shown = [FILES[key] for key in SHOWN]
    text = "".join(path.read_text("utf-8") for path in shown)
    paths = [*shown, *(path for form, path in FORMS.items() if f'formKey="{form}"' in text)]
    deploy(demo_office, SYSTEM, "图库", [Resource(name=path.name, content=path.read_bytes()) for path in paths])
    cards = [ROOT / "processes/items" / name for name in ("105-XK-001.json", "107-XK-001.json")]
    deploy_items(demo_office, SYSTEM, [Resource(name=path.name, content=path.read_bytes()) for path in cards])
    return demo_office


@pytest.fixture
def place(library: Office) -> Flask:
    return create_app(library)


@pytest.fixture
def designer(place: Flask) -> Visitor:
    return Visitor(place).sign_in("hejing")


def test_every_process_stands_under_its_department_or_kind(designer: Visitor) -> None:
    body = designer.get("/processes/gallery").get_data(as_text=True)
    assert re.findall(r'<section class="gallery-group" id="([^"]+)"', body) == [
        "item-105", "item-107", "support-all", "other-all",
    ]  # fmt: skip
    assert re.findall(r'href="/processes/(\w+)"', body.split("<main")[1])[-4:] == list(SHOWN)
    assert 'href="/processes/gallery"' in designer.get("/inbox").get_data(as_text=True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("人防", ["item_105_XK_001"]),
        ("107-XK-001", ["item_107_XK_001"]),
        ("rfjj", ["item_105_XK_001"]),
        ("缴费", ["support_SP_05"]),
    ],
)
def test_words_codes_and_initials_find(designer: Visitor, words: str, found: list[str]) -> None:
    body = designer.get(f"/processes/gallery?q={words}").get_data(as_text=True).split("<main")[1]
    assert [key for key in re.findall(r'<li><a href="/processes/(\w+)"', body)] == found


def test_nothing_found_says_so(designer: Visitor) -> None:
    assert "没有符合条件的流程" in text(designer.get("/processes/gallery?q=不存在"))


def test_a_picture_is_served_and_the_page_for_paper_bears_them_all(designer: Visitor) -> None:
    body = designer.get("/processes/gallery").get_data(as_text=True)
    path = re.findall(r'data-picture="([^"]+)"', body)[0]
    answer = designer.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    drawn = ET.fromstring(answer.data)
    assert drawn.findtext(f"{SVG}title") == "结合民用建筑修建防空地下室审批(含易地建设)"
    paper = designer.get("/processes/gallery?print=1").get_data(as_text=True)
    assert paper.count("<svg xmlns") == len(SHOWN) and "data-print" in paper


def test_who_may_not_read_processes_sees_no_gallery_and_no_picture(place: Flask, library: Office) -> None:
    applicant = Visitor(place).sign_in("lizhao")
    assert applicant.get("/processes/gallery").status_code == 403
    with library.reading() as records:
        row = records.deployments.newest(["linear"])["linear"]
    assert applicant.get(f"/definitions/{row.id}.svg").status_code == 404
    assert Visitor(place).get("/processes/gallery").status_code == 302
    assert Visitor(place).sign_in("hejing").get(f"/definitions/{uuid4()}.svg").status_code == 404


def test_the_catalogue_leads_to_the_start_for_whoever_may_start(place: Flask) -> None:
    applicant = Visitor(place).sign_in("lizhao")
    assert 'href="/cases/new/item_105_XK_001"' in applicant.get("/items").get_data(as_text=True)
    public = Visitor(place).get("/items").get_data(as_text=True)
    assert "/cases/new/" not in public and "可网上流转" in public


def test_the_power_list_shows_the_public_the_flow_chart_of_the_deployed_version(place: Flask) -> None:
    public = Visitor(place)
    assert 'data-picture="/items/105-XK-001/flow.svg"' in public.get("/power-list?department=105").get_data(
        as_text=True
    )
    picture = public.get("/items/105-XK-001/flow.svg")
    assert picture.mimetype == "image/svg+xml" and "受理" in picture.get_data(as_text=True)


# -- the pictures themselves ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", FILES)
def test_every_shipped_diagram_has_a_picture_with_its_words(key: str) -> None:
    drawn = ET.fromstring(picture(FILES[key].read_bytes(), "图") or "")
    said = "".join("".join(one.itertext()) for one in drawn.iter(f"{SVG}text"))
    main = ET.parse(FILES[key]).getroot()
    named = [one.get("name") for one in main.iter() if one.tag.endswith(("}lane", "}participant"))]
    assert all(name.replace(" ", "") in said.replace(" ", "") for name in named if name)
    assert not any(one.get("style") or one.get("id") for one in drawn.iter())


def test_a_picture_escapes_what_a_file_says() -> None:
    content = FILES["linear"].read_text("utf-8").replace('name="', 'name="&lt;script&gt;', 1)
    drawn = picture(content.encode(), "<b>")
    assert drawn is not None and "<script" not in drawn and "<b>" not in drawn


@pytest.mark.parametrize("content", [b"", b"<a/>", b"<!DOCTYPE x>"])
def test_what_is_no_drawing_has_no_picture(content: bytes) -> None:
    assert picture(content, "图") is None
