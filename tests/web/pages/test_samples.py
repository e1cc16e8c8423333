"""填入示例: in a demonstration the start page fills itself in, and what it fills in can be handed in as it is."""

from __future__ import annotations

import re

from tests.web.pages.conftest import text

PAGE = "/cases/new/two_departments"


def entries(page: str) -> dict[str, str]:
    """What stands in the text and number fields of a page."""
    return dict(re.findall(r'<input id="field-[^"]*" name="([^"]+)" value="([^"]*)"', page))


def test_the_page_offers_a_sample_that_is_accepted(clerk):
    assert "填入示例" in text(clerk.get(PAGE))
    page = clerk.get(f"{PAGE}?sample=0").get_data(as_text=True)
    filled = entries(page)
    assert filled["project"]
    assert "换一份示例" in page and "sample=1" in page
    assert clerk.post(PAGE, filled).status_code == 302


def test_another_sample_is_another_applicants(clerk):
    assert entries(clerk.get(f"{PAGE}?sample=1").get_data(as_text=True)) != {}


def test_a_number_nobody_could_mean_shows_the_empty_form(clerk):
    for nonsense in ("x", "-1", "99999", "²"):
        answer = clerk.get(f"{PAGE}?sample={nonsense}")
        assert answer.status_code == 200
        assert entries(answer.get_data(as_text=True)).get("project") == ""
