"""What a person does in the browser: sign in, fill in whatever a form asks, submit."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

PASSWORD = "Yunxi-2026!"
SHOTS = Path(__file__).resolve().parents[2] / "test-results"
KNOWN = {
    "applicant": "云溪华印制罐有限公司",
    "applicant_uscc": "91990100MA0000001X",
    "contact": "李昭",
    "phone": "13900000001",
    "project_code": "2603-990100-04-01-482915",
    "project_name": "年产2亿只金属罐项目",
    "site_address": "云溪市经开区科创路18号",
    "industry_code": "3333",
    "opinion": "材料齐全，符合法定条件，建议准予。",
    "reason": "缺少环境保护措施说明。",
    "receiver": "李昭",
}
NUMBERS = count(42)  # of certificates: each has its own
AGREE = ("accept", "grant", "agree", "proceed", "record", "form", "window", "joint", "ok")


class Hands:
    """One person at one screen."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def sign_in(self, username: str) -> Hands:
        """Through the sign-in page."""
        self.page.goto(f"{self.address}/login")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("button", name="退出")).to_be_visible()
        return self

    def open(self, path: str) -> Hands:
        """Go to a path of the installation."""
        self.page.goto(self.address + path)
        return self

    def in_english(self) -> Hands:
        """Turn the language, and wait until it is: who goes on at once takes the choice back."""
        self.page.get_by_role("button", name="English").first.click()
        expect(self.page.locator("html")).to_have_attribute("lang", "en")
        return self

    def fill_in(self, choices: Mapping[str, str] | None = None) -> Hands:
        """Answer every required question, as agreeing as the form allows, unless told otherwise."""
        wanted = choices or {}
        answered: set[str] = set()
        for _ in range(4):  # answers may show more questions
            asked = {
                field.get_attribute("data-field") or "": field
                for field in self.page.locator("[data-field]:visible").all()
                if field.locator(".must").count() or field.get_attribute("data-field") in wanted
            }
            if not (new := asked.keys() - answered):
                break
            for name in new:
                number = f"云建许字〔2026〕第{next(NUMBERS):03d}号" if name == "certificate_no" else None
                self._answer(asked[name], name, wanted.get(name, number))
            answered |= new
            expect(self.page.locator("form[aria-busy]")).to_have_count(0)
        return self

    def submit(self) -> Hands:
        """Press the form's main button."""
        self.page.locator("form.form button.main").click()
        return self

    def shoot(self, name: str) -> Hands:
        """Keep a picture of the whole page, when somebody wants to look at them (LIANBAN_SHOTS)."""
        if not os.environ.get("LIANBAN_SHOTS"):
            return self
        SHOTS.mkdir(exist_ok=True)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        self.page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
        return self

    def _answer(self, field: Locator, name: str, wanted: str | None) -> None:
        radios = field.locator("input[type=radio]")
        boxes = field.locator("input[type=checkbox]")
        if radios.count():
            values = [radio.get_attribute("value") or "" for radio in radios.all()]
            chosen = wanted or next((v for v in AGREE if v in values), values[0])
            field.locator(f'input[type=radio][value="{chosen}"]').check()
        elif boxes.count():
            for box in boxes.all():
                box.check()
        elif field.locator("select").count():
            field.locator("select").select_option(index=1)
        else:
            control = field.locator("input, textarea").first
            if not control.input_value() or control.get_attribute("aria-invalid"):
                control.fill(wanted or self._words(name, control))

    @staticmethod
    def _words(name: str, control: Locator) -> str:
        kind = control.get_attribute("type") or "textarea"
        if control.get_attribute("inputmode") == "decimal":
            return control.get_attribute("min") or "12"
        if kind == "date":
            return "2026-04-01"
        if kind == "datetime-local":
            return "2026-04-01T09:00"
        return KNOWN.get(name) or (KNOWN["applicant_uscc"] if re.search("uscc", name) else "云溪示例")


@contextmanager
def person(browser: Browser, address: str, username: str, *, width: int = 1440) -> Iterator[Hands]:
    """A browser of one's own, signed in."""
    height = 900 if width > 800 else 844
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    try:
        yield Hands(context.new_page(), address).sign_in(username)
    finally:
        context.close()
