"""Bar 2: one construction project through the joint chain, each step by the account that really does it.

The environment office leaves its review alone; its chief representative takes over when the limit has passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from service.casework import Actor, complete_task, find_actor
from service.casework.workbench import WorkItem, case_page, demo_accounts_by_role
from service.rules.refusals import Forbidden
from service.store.workbench import Workbench
from tests.journeys.hands import Hands, person
from tests.journeys.serving import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "云溪华印制罐有限公司-年产2亿只金属罐项目"
NUMBER = "2603-990100-04-01-482915"
LATE = "建设项目环境影响报告表审批"


class Centre:
    """Everybody of the centre, each with a browser of their own, and what the service says is open."""

    def __init__(self, browser: Browser, installation: Installation, stack: ExitStack) -> None:
        self.office = installation.office
        self._browser, self._address, self._stack = browser, installation.address, stack
        self._hands: dict[str, Hands] = {}
        overseer = find_actor(self.office, "sunli")
        assert overseer is not None
        self._overseer = overseer
        names = [card.username for card, _ in demo_accounts_by_role(self.office)]
        found = {name: find_actor(self.office, name) for name in names}
        self._cast = {name: actor.groups for name, actor in found.items() if actor is not None}

    def hands(self, username: str) -> Hands:
        """The signed-in browser of somebody."""
        if username not in self._hands:
            self._hands[username] = self._stack.enter_context(person(self._browser, self._address, username))
        return self._hands[username]

    def open_tasks(self, case_id: UUID) -> tuple[WorkItem, ...]:
        """What is open in the case now."""
        return case_page(self.office, self._overseer, case_id).open_tasks

    def state(self, case_id: UUID) -> str:
        """The case's state."""
        return case_page(self.office, self._overseer, case_id).case.state

    def acts(self, case_id: UUID) -> list[tuple[str, str | None]]:
        """(action, element) of the journal."""
        return [(line.action, line.element) for line in case_page(self.office, self._overseer, case_id).journal]

    def passed(self, case_id: UUID, element: str) -> int:
        """How often an element of the chain itself was completed, by its rows in history."""
        with self.office.reading() as records:
            rows = [*records.history.activities(case_id), *Workbench(records).work_of_case(case_id)]
        outcomes = [row.outcome for row in rows if row.element == element and row.scope_id is None]
        marked = case_page(self.office, self._overseer, case_id).diagrams[0].marks[element].times
        assert outcomes == ["COMPLETED"] * marked
        return marked

    def whose(self, item: WorkItem) -> str:
        """The account that does a task: its assignee, else somebody it is offered to."""
        if item.row.assignee:
            return item.row.assignee
        for username, groups in self._cast.items():
            if not groups.isdisjoint(item.offers):
                return username
        raise AssertionError(f"nobody may do {item.row.name} {item.offers}")

    def do(self, item: WorkItem, shot: str | None = None) -> None:
        """Complete a task on its page."""
        hands = self.hands(self.whose(item)).open(f"/tasks/{item.row.id}").fill_in()
        if shot:
            hands.shoot(shot)
        hands.submit()
        expect(hands.page.get_by_role("status").first).to_contain_text("已完成")


@pytest.fixture
def centre(browser: Browser, installation: Installation) -> Iterator[Centre]:
    """The centre on the morning the project arrives."""
    with ExitStack() as stack:
        yield Centre(browser, installation, stack)


def test_a_project_passes_the_joint_chain_with_one_department_late(
    centre: Centre, browser: Browser, installation: Installation
) -> None:
    clerk = centre.hands("wangfang")
    clerk.open("/cases/new").shoot("intake-choice")
    clerk.page.get_by_role("link", name="建设工程一站报建").click()
    clerk.submit().shoot("intake-refused")
    expect(clerk.page.get_by_role("alert")).to_contain_text("请填写“申请单位”")
    clerk.page.get_by_label("办件名称").fill(TITLE)
    clerk.page.get_by_label("编号").fill(NUMBER)
    clerk.fill_in({"special_project": "true"}).shoot("intake-filled")
    expect(clerk.page.get_by_role("alert")).to_be_hidden()  # what was mended is no longer called wrong
    expect(clerk.page.locator(".problem:visible")).to_have_count(0)
    clerk.submit()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    case_id = UUID(clerk.page.url.rsplit("/", 1)[-1])

    # the window takes the project in; the departments' first tasks open side by side
    (intake,) = centre.open_tasks(case_id)
    centre.do(intake, "task-intake")
    for item in centre.open_tasks(case_id):
        assert centre.whose(item) == "wangfang", item.row.name
        centre.do(item)
    reviews = {item.row.process_name: item for item in centre.open_tasks(case_id)}
    assert LATE in reviews and len(reviews) >= 2
    for name, item in reviews.items():
        if name != LATE:
            centre.do(item, "task-review")

    # everybody but the environment office goes on until nothing else is open
    _work_until_only(centre, case_id, LATE)
    late = next(item for item in centre.open_tasks(case_id) if item.row.process_name == LATE)
    reviewer = centre.whose(late)
    assert late.row.escalated_at is None and reviewer == "103-a"

    # the demonstration clock passes the limit, by the clerk's own widget in the header
    for _ in range(8):
        clerk.open("/inbox").page.locator("details.clock > summary").click()
        clerk.page.get_by_role("button", name="前移 1 个工作日").click()
        expect(clerk.page.get_by_role("status").first).to_contain_text("演示时钟已前移")
        late = next(item for item in centre.open_tasks(case_id) if item.row.process_name == LATE)
        if late.row.escalated_at:
            break
    assert late.row.assignee == "103-rep"

    # the A岗 has lost it: gone from the inbox, readable, not to be completed even from a page left open
    former = centre.hands("103-a").open("/inbox")
    expect(former.page.locator("tr.item", has_text=TITLE)).to_have_count(0)
    former.open(f"/tasks/{late.row.id}")
    expect(former.page.get_by_text("您可以查看这项任务，但不能办理。")).to_be_visible()
    expect(former.page.get_by_role("button", name="提交")).to_have_count(0)
    with pytest.raises(Forbidden):
        complete_task(centre.office, _actor(centre, "103-a"), late.row.id, answers={"recommendation": "grant"})
    assert ("task:escalated", late.row.element) in centre.acts(case_id)

    # its 首席代表 sees it in 待办 as 已升级, on the diagram too, and completes it
    chief = centre.hands("103-rep").open("/inbox").shoot("inbox-escalated")
    row = chief.page.locator("tr.item", has_text="审核")
    expect(row).to_contain_text("已升级")
    expect(row).to_contain_text("超期")
    chief.page.keyboard.press("j")
    chief.page.keyboard.press("Enter")
    expect(chief.page.get_by_role("heading", level=1)).to_have_text("审核")
    chief.open(f"/cases/{case_id}")
    expect(chief.page.locator(".diagram[data-ready]")).to_be_visible()
    expect(chief.page.locator(".djs-element.mark-escalated").first).to_be_attached()
    chief.shoot("case-escalated")
    with person(browser, installation.address, "103-rep", width=390) as phone:
        phone.open("/inbox").shoot("inbox-escalated")
        assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
        phone.page.get_by_role("link", name="审核").first.click()
        phone.shoot("task-escalated")
        phone.open(f"/cases/{case_id}").shoot("case-escalated")
        assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    centre.do(late, "task-escalated")

    # a second person who still has the old page open is told who was faster
    stale = centre.hands("103-a").open(f"/tasks/{late.row.id}")
    expect(stale.page.locator("main")).to_contain_text("已由 ")

    # the chain goes on, joins once, the certificates are issued, the case is closed
    _work_until_only(centre, case_id, None)
    for _ in range(60):  # joint supervision is begun by the worker
        if centre.state(case_id) == "COMPLETED":
            break
        clerk.page.wait_for_timeout(500)
    assert centre.state(case_id) == "COMPLETED"
    assert centre.passed(case_id, "Join_Approved") == 1
    assert centre.passed(case_id, "Task_Check") == centre.passed(case_id, "Task_Issue") == 1
    issued = [a for a in centre.acts(case_id) if a[0] == "task:completed"]
    assert issued[-1][1] is not None and "Issue" in issued[-1][1]
    final = centre.hands("wuqian").open(f"/cases/{case_id}")
    expect(final.page.locator("header .badge.done")).to_have_text("已办结")
    expect(final.page.locator(".diagram[data-ready]")).to_be_visible()
    final.shoot("case-closed")
    with person(browser, installation.address, "wuqian", width=390) as phone:
        phone.open(f"/cases/{case_id}").shoot("case-closed")
        phone.open("/inbox/done").shoot("done")


def _actor(centre: Centre, username: str) -> Actor:
    actor = find_actor(centre.office, username)
    assert actor is not None
    return actor


def _work_until_only(centre: Centre, case_id: UUID, left_alone: str | None) -> None:
    """Everybody completes what is theirs; the left-alone item is nobody's."""
    for _ in range(80):
        todo = [item for item in centre.open_tasks(case_id) if item.row.process_name != left_alone]
        if not todo:
            return
        centre.do(todo[0])
    raise AssertionError("the chain does not end")
