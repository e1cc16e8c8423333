"""A machine without Chinese shows Chinese: a font comes with the pages, in parts that are fetched only when needed."""

from __future__ import annotations

import re

import pytest

from tests.web.pages.conftest import Visitor


@pytest.mark.parametrize("path", ["/login", "/time-limit", "/nowhere"])
def test_every_page_brings_a_font_for_machines_without_chinese(visitor: Visitor, path: str) -> None:
    sheets = re.findall(r'href="(/static/dist/fonts[^"]*\.css)"', visitor.get(path).get_data(as_text=True))
    assert len(sheets) == 1
    with visitor.client.get(sheets[0]) as answer:
        style = answer.get_data(as_text=True)
    assert "unicode-range" in style
    part = re.search(r"url\(\"?\.?/?([^)\"]+\.woff2)", style)
    assert part is not None
    with visitor.client.get(f"/static/dist/{part[1]}") as answer:
        assert answer.status_code == 200 and answer.data[:4] == b"wOF2"
