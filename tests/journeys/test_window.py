"""A simple case over the counter by keyboard alone, typed as fast as a clerk types, in a minute and a half at most."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.hands import person
from tests.journeys.serving import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECONDS, KEYS, FIELDS = 90, 150, 10
STROKE = 150  # milliseconds a key, four hundred keys a minute
ITEM, SENIOR, NUMBER = "lnryd", "刘桂英", "410185195203121243"


class Typist:
    """Presses keys one by one and counts them; Chinese is typed with two keys a sign and one to choose."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *keys: str) -> None:
        """One after another."""
        for key in keys:
            self.page.keyboard.press(key, delay=STROKE)
            self.keys += 1

    def type(self, text: str) -> None:
        """A text."""
        if text.isascii():
            self.page.keyboard.type(text, delay=STROKE)
            self.keys += len(text)
            return
        for sign in text:
            self.page.wait_for_timeout(3 * STROKE)
            self.page.keyboard.insert_text(sign)
            self.keys += 3

    def go_to(self, field: str) -> None:
        """Tab until the field has the focus."""
        for _ in range(25):
            if self.page.evaluate("document.activeElement.name || document.activeElement.id") == field:
                return
            self.press("Tab")
        raise AssertionError(f"no way by Tab to {field}")


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    with person(browser, installation.address, "wangfang") as hands:
        hands.open("/window")
        yield hands.page


def test_a_card_for_the_elderly_takes_a_minute_and_a_half_of_keys(page: Page, installation: Installation) -> None:
    typist = Typist(page)
    begun = time.monotonic()
    typist.type(ITEM)
    expect(page.locator("[data-found] a.pick").first).to_contain_text("老年人优待证")
    typist.press("Enter")
    page.wait_for_url("**/window/new/item_115_GG_004**")
    expect(page.locator("#who")).to_be_focused()
    for field, words in (("applicant", SENIOR), ("applicant_id_no", NUMBER), ("phone", "13900000002")):
        typist.go_to(field)
        typist.type(words)
    typist.press("Alt+q", "Space")  # everything is here; the first answer of the desk: 准予
    expect(page.locator("[data-field=desk-certificate_no]")).to_be_visible()
    for field, words in (("desk-certificate_no", "LN202600001"), ("desk-delivery", ""), ("desk-receiver", SENIOR)):
        typist.go_to(field)
        if words:
            typist.type(words)
        else:
            typist.press("Space")
            expect(page.locator("form[aria-busy]")).to_have_count(0)
    typist.press("Control+Enter")
    page.wait_for_url("**/slip")
    expect(page.locator("[data-slip=ready]")).to_be_visible(timeout=30_000)
    took = time.monotonic() - begun
    fields = 7  # item, three of the application, three of the desk
    print(f"{took:.1f} s, {typist.keys} keys, {fields} fields")
    assert took <= SECONDS and typist.keys <= KEYS and fields <= FIELDS, (took, typist.keys)
    assert page.evaluate("document.activeElement.hasAttribute('data-next')"), "Enter calls the next one"
    typist.press("Enter")
    page.wait_for_url("**/window")
    expect(page.locator("#search")).to_be_focused()

    typist.type(ITEM)
    expect(page.locator("[data-found] a.pick").first).to_be_visible()
    typist.press("Enter")
    page.wait_for_url("**/window/new/**")
    expect(page.locator("#who")).to_be_focused()
    typist.type(NUMBER[:8])
    expect(page.locator("[data-people-found] a.pick").first).to_contain_text(SENIOR)
    typist.press("Enter")
    expect(page.locator("[name=applicant_id_no]")).to_have_value(NUMBER)  # nothing is typed twice
