"""Papers: what is printed is what was written, nothing is fetched from elsewhere, and the same paper is the same file."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from jinja2.exceptions import SecurityError, UndefinedError
from pypdf import PdfReader

from service.documents import Paper, papers, print_paper
from service.documents.fonts import RARE as RARE_FONTS
from service.documents.fonts import characters, face, printable
from service.documents.press import PaperFault, press

MADE = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
RARE = "朱镕基喆垚燚淼犇骉麤㐂䶮彧璟堃頔龑珺珮珏鑫㛃邠鳌禤甪埇䢺翯啚垟圳"
FOUR_PROVINCES = "云溪市政务服务中心　许可〔2026〕第００３号　①②③　ⅣⅨ　℃㎡　——……「」『』〖〗"


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def sheet_of(body: str) -> bytes:
    style = "@font-face{font-family:Paper;src:url(font:regular)}@font-face{font-family:Paper;font-weight:700;src:url(font:bold)}body{font-family:Paper}"
    return press(f"<!doctype html><html><head><style>{style}</style></head><body>{body}</body></html>", MADE)


def test_a_paper_that_asks_for_a_file_or_an_address_is_refused(tmp_path):
    secret = tmp_path / "secret.html"
    secret.write_text("secret")
    for asking in (
        f'<img src="{secret.as_uri()}">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<link rel="stylesheet" href="file:///etc/hosts">',
        '<style>@import url("http://127.0.0.1:9/x.css");</style>',
        '<div style="background:url(ftp://127.0.0.1/x)">·</div>',
    ):
        with pytest.raises(PaperFault):
            sheet_of(asking)
    for silent in (f'<img src="{secret}">', f'<iframe src="{secret.as_uri()}"></iframe>'):
        assert text_of(sheet_of(silent)) == ""


def test_what_people_wrote_is_neither_template_nor_markup(monkeypatch, tmp_path):
    (tmp_path / "one.html").write_text("<p>{{ said }}</p>")
    monkeypatch.setattr(papers, "FOLDER", tmp_path)
    papers.environment.cache_clear()
    try:
        said = "{{ 7 * 7 }} {% include '/etc/passwd' %} <script>alert(1)</script>"
        assert "{{ 7 * 7 }}" in papers.written(one(said=said)) and "&lt;script&gt;" in papers.written(one(said=said))
    finally:
        papers.environment.cache_clear()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{{ ''.__class__.__mro__ }}", SecurityError),
        ("{{ said.append(1) }}", SecurityError),
        ("{{ unknown }}", UndefinedError),
    ],
)
def test_a_template_reaches_nothing_but_its_facts(monkeypatch, tmp_path, text, fault):
    (tmp_path / "one.html").write_text(text)
    monkeypatch.setattr(papers, "FOLDER", tmp_path)
    papers.environment.cache_clear()
    try:
        with pytest.raises(fault):
            papers.written(one(said=["x"]))
    finally:
        papers.environment.cache_clear()


def one(**facts) -> Paper:
    return Paper(template="one", title="纸", issuer="中心", number="1", made_at=MADE, facts=facts)


@pytest.mark.parametrize("text", [RARE, FOUR_PROVINCES])
def test_the_printed_text_is_exactly_what_was_written(text):
    assert text_of(sheet_of(f"<p>{text}</p>")) == re.sub(r"\s+", "", text)


def test_no_common_character_is_printed_as_another():
    for row in range(0xB0, 0xF8):  # the two levels of GB 2312
        written = "".join(
            character
            for cell in range(0xA1, 0xFF)
            if (character := bytes([row, cell]).decode("gb2312", errors="ignore")) and ord(character) in characters()
        )
        assert text_of(sheet_of(f"<p>{written}</p>")) == written
        assert len(written) >= 89


def test_rare_characters_beyond_the_basic_plane_are_printed_as_themselves_light_and_bold():
    assert text_of(sheet_of("<p>𠮷野家 䶮 𠀋 𠝹 𡃁 <b>𠮷 䶮</b></p>")) == "𠮷野家䶮𠀋𠝹𡃁𠮷䶮"


def test_every_rare_character_the_fonts_have_is_printed_as_itself():
    for address in RARE_FONTS:
        written = "".join(map(chr, sorted(one for one in face(address).characters if one >= 0x20000)))
        assert len(written) > 300 and text_of(sheet_of(f"<p>{written}</p>")) == written


def test_a_character_without_a_shape_is_named_by_its_number():
    assert printable("\U0002a6d6野家") == "〔U+2A6D6〕野家"
    assert text_of(sheet_of("<p>𪛖野家</p>")) == "〔U+2A6D6〕野家"


def test_marks_that_turn_or_hide_text_are_left_out():
    assert printable("甲\u202e乙\u200b丙\ufe0f\x00\n") == "甲乙丙\n"


def test_the_fonts_are_whole():
    assert len(characters()) > 20_000
    assert all(ord(character) in characters() for character in RARE)


def test_the_same_paper_is_the_same_file_in_every_thread():
    with ThreadPoolExecutor(4) as threads:
        made = set(threads.map(lambda _: sheet_of(f"<p>{RARE}</p>"), range(8)))
    assert len(made) == 1


def test_the_day_it_was_made_stands_in_the_file():
    said = PdfReader(io.BytesIO(sheet_of("<p>一</p>"))).metadata
    assert said is not None and said["/CreationDate"] == "20260316010000+00'00'"


def test_every_page_has_the_issuer_its_number_and_how_many_there_are(monkeypatch, tmp_path):
    for name in ("paper.html", "seal.html"):
        (tmp_path / name).write_bytes((papers.FOLDER / name).read_bytes())
    (tmp_path / "one.html").write_text(
        "{% extends 'paper.html' %}{% block body %}{% for n in range(90) %}<p>{{ n }}</p>{% endfor %}"
        "{% include 'seal.html' %}{% endblock %}"
    )
    monkeypatch.setattr(papers, "FOLDER", tmp_path)
    papers.environment.cache_clear()
    try:
        paper = Paper(template="one", title="证明", issuer='中心"}\\甲', number="990100-1", made_at=MADE)
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(print_paper(paper))).pages]
    finally:
        papers.environment.cache_clear()
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        flat = re.sub(r"\s+", "", text)
        assert '中心"}\\甲' in flat and "证明990100-1" in flat and f"页码{number}/{len(pages)}" in flat
    assert "业务专用章" in pages[-1]
