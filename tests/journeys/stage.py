"""People at their own screens in one installation; what a customer would see on each of them, at both widths."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, Locator, Page, expect

from service.casework import Actor, attend_due, complete_task, find_actor, start_case
from service.store.tasks import TaskRow
from tests.casework.desk import deploy_text
from tests.journeys.hands import Hands, person
from tests.journeys.serving import REPOSITORY, Installation

AXE = REPOSITORY / "service/web/assets/node_modules/axe-core/axe.min.js"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TABS = 120  # presses of the tabulator that lead anywhere on a page
OPINION = {
    "opinion.form": json.dumps(
        {
            "type": "default",
            "id": "opinion",
            "components": [
                {"type": "textarea", "key": "opinion", "label": "审查意见", "id": "f", "validate": {"required": True}}
            ],
        }
    ),
    "vote.form": json.dumps(
        {
            "type": "default",
            "id": "vote",
            "components": [
                {
                    "type": "radio",
                    "key": "conclusion",
                    "label": "意见",
                    "id": "v",
                    "values": [{"value": "agree", "label": "同意"}, {"value": "disagree", "label": "不同意"}],
                    "validate": {"required": True},
                },
                {"type": "textarea", "key": "opinion", "label": "具体意见", "id": "o"},
            ],
        }
    ),
}


class Stage:
    """Everybody of the city, each with a browser of their own that stays signed in."""

    def __init__(self, browser: Browser, installation: Installation, stack: ExitStack) -> None:
        self.office, self.address = installation.office, installation.address
        self._browser, self._stack = browser, stack
        self._hands: dict[str, Hands] = {}

    def hands(self, username: str) -> Hands:
        """The browser of somebody."""
        if username not in self._hands:
            self._hands[username] = self._stack.enter_context(person(self._browser, self.address, username))
        return self._hands[username]

    def stranger(self) -> Hands:
        """A browser nobody has signed in to."""
        context = self._browser.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
        self._stack.callback(context.close)
        return Hands(context.new_page(), self.address)

    def page(self, username: str, path: str) -> Page:
        """What somebody sees at a path."""
        return self.hands(username).open(path).page

    def actor(self, username: str) -> Actor:
        """Somebody, for what happens behind the scenes."""
        found = find_actor(self.office, username)
        assert found is not None
        return found

    def deploy(self, key: str, text: str) -> None:
        """A small procedure whose tasks ask for an opinion where they name the form."""
        deploy_text(self.office, text, key=key, forms=OPINION)

    def begin(self, key: str, title: str, by: str = "wangfang", **variables: Any) -> UUID:
        """A case, behind the scenes."""
        return start_case(self.office, self.actor(by), key=key, title=title, variables=variables).id

    def task(self, case_id: UUID, element: str, department: str | None = None) -> TaskRow:
        """An open task."""
        with self.office.reading() as records:
            rows = records.tasks.open_of(case_id)
        return next(one for one in rows if one.element == element and department in (None, one.department))

    def elements(self, case_id: UUID) -> list[str]:
        """What is open."""
        with self.office.reading() as records:
            return sorted(one.element for one in records.tasks.open_of(case_id))

    def do(self, case_id: UUID, element: str, by: str, answers: Mapping[str, Any] | None = None) -> None:
        """Complete a task, behind the scenes."""
        complete_task(self.office, self.actor(by), self.task(case_id, element).id, answers=answers)

    def settle(self) -> None:
        """What is due now happens."""
        while attend_due(self.office):
            pass

    def hears(self, username: str, words: str) -> bool:
        """Whether a message with these words reaches somebody soon."""
        for _ in range(40):
            self.settle()
            if words in self.page(username, "/messages?view=all").locator("main").inner_text():
                return True
            self.hands(username).page.wait_for_timeout(250)
        return False

    def sees(self, username: str, title: str, *, tab: str = "all", task: str | None = None) -> Locator:
        """The line of a case in somebody's 待办; its page is open then."""
        page = self.page(username, f"/inbox?tab={tab}&q={title}")
        row = page.locator("tr.item", has_text=title)
        return row.filter(has_text=task) if task else row


def look(hands: Hands, name: str) -> None:
    """A picture at both widths, nothing axe-core finds, nothing that scrolls sideways."""
    wrong: list[str] = []
    for size in (PHONE, DESK):
        hands.page.set_viewport_size(size)  # type: ignore[arg-type]
        hands.shoot(name)
        if hands.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"scrolls sideways at {size['width']}")
        if AXE.exists():
            hands.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = hands.page.evaluate(
                "axe.run({include: [['html']], exclude: [['.djs-container']]}, {resultTypes: ['violations']})"
                ".then(result => result.violations)"
            )
            wrong += [
                f"{one['id']} at {size['width']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found
            ]
    assert wrong == [], name


def tab_to(page: Page, wanted: Locator) -> None:
    """Press the tabulator until something has the focus."""
    target = wanted.first.element_handle()
    for _ in range(TABS):
        if page.evaluate("one => document.activeElement === one", target):
            return
        page.keyboard.press("Tab")
    raise AssertionError("no way by Tab")


def press_on(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go somewhere by the tabulator and press a key there."""
    tab_to(page, wanted)
    page.keyboard.press(key)


def told(hands: Hands, words: str) -> None:
    """What the page says after an act."""
    expect(hands.page.get_by_role("status").first).to_contain_text(words)


def names(rows: Iterable[TaskRow]) -> set[str]:
    """The names of tasks."""
    return {one.name for one in rows}
