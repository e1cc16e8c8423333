"""A chain with running cases is revised: rehearsed, released, migrated, taken back, put back; every time desks and due dates are right."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from service.casework import attend_due, complete_task, start_case, studio
from service.casework.rehearsals import playing
from service.casework.rehearsals.paths import report_of
from service.casework.workbench import inbox
from service.rules.vocabulary import AgendaKind
from tests.casework.clocks.test_joint_chains import reply
from tests.casework.desk import ENGINE, open_tasks
from tests.casework.measures.city import answer, who
from tests.journeys.hands import Hands, person
from tests.journeys.serving import Installation
from tests.processes.test_chains import DECLARED, REPLIES
from tests.sampling import sample

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CAMPAIGN = "LIANBAN_SOAK" in os.environ
CHAIN, CASES = "chain_JS_35" if CAMPAIGN else "chain_QY_1", sample(6, 1000)
OLD, NEW, HELD = "Task_Intake", "Task_Reception", "Task_Correction"
PATIENCE = 180_000 + 2_000 * CASES  # milliseconds
WRONG = {"decision": "correct", "gaps": ["申请表(表)"], "gap_notes": "缺签字；补签"}
STANDING = [  # what the window has answered, what is open then: before it, at the departments, put right with every clock held
    (None, OLD),
    (REPLIES[OLD], None),
    *([(WRONG, HELD)] if CAMPAIGN else []),
]
Desks = dict[UUID, dict[UUID, tuple[str, datetime | None]]]


@pytest.fixture
def rehearsed_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paths of so large a diagram get two seconds here; the campaign gives them what the worker would."""
    if not CAMPAIGN:
        monkeypatch.setattr(playing, "report_of", partial(report_of, seconds=2))


@pytest.fixture
def person_of(browser: Browser, installation: Installation) -> Iterator[Callable[[str], Hands]]:
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(person(browser, installation.address, name))


class Revised:
    """The running cases and what people see of them."""

    def __init__(self, installation: Installation) -> None:
        self.office = installation.office
        self.began = time.perf_counter()
        self.cases = [self._standing(n, *STANDING[n % len(STANDING)]) for n in range(CASES)]
        while attend_due(self.office):
            continue
        self.lap(f"{CASES} cases begun")

    def _standing(self, number: int, said: dict[str, Any] | None, element: str | None) -> UUID:
        clerk, title = who(self.office, "wangfang"), f"云溪示例公司{number}-修订中的联办"
        case = start_case(self.office, clerk, key=CHAIN, title=title, variables=DECLARED[CHAIN]).id
        if said is not None:
            complete_task(self.office, ENGINE, open_tasks(self.office, case)[OLD].id, answers=said)
            while element is not None and element not in open_tasks(self.office, case):
                attend_due(self.office)
            while element is None and (taken := open_tasks(self.office, case).get("Task_Accept")) is not None:
                complete_task(self.office, ENGINE, taken.id, answers=reply(taken))
        return case

    def lap(self, what: str) -> None:
        """How long it took, for who runs the campaign."""
        now = time.perf_counter()
        print(f"{what}: {now - self.began:.1f} s", flush=True)
        self.began = now

    def desks(self) -> Desks:
        """Every open task of every case: where, and when it is due."""
        with self.office.reading() as records:
            return {
                case: {one.id: (one.element, one.due_at) for one in records.tasks.open_of(case)} for case in self.cases
            }

    def clocks(self) -> dict[UUID, tuple[object, ...]]:
        """Every clock: what it counts, when it is due, what holds it; and every timer of the cases."""
        with self.office.reading() as records:
            clocks = {
                one.id: (one.kind, one.state, one.started_at, one.due_at, one.warn_at, len(one.pauses), one.stopped_at)
                for case in self.cases
                for one in records.clocks.of_case(case)
            }
            agenda = {
                one.id: (one.kind, one.due_at)
                for case in self.cases
                for one in records.agenda.of_case(case)
                if one.kind in (AgendaKind.TIMER, AgendaKind.CLOCK)
            }
        return {**clocks, **agenda}

    def inboxes(self) -> dict[str, int]:
        """How much work everybody has in the houses where the cases are."""
        with self.office.reading() as records:
            houses = {one.department for case in self.cases for one in records.tasks.open_of(case)}
            names = [one.username for one in records.people.listing(active=True) if one.department in houses]
        return {name: inbox(self.office, who(self.office, name), size=1).total for name in ("wangfang", *names)}

    def newest(self) -> int:
        """The version new cases get."""
        with self.office.reading() as records:
            return records.deployments.newest([CHAIN])[CHAIN].version


def renamed(desks: Desks) -> Desks:
    """The same after the revision."""
    return {
        case: {id: (NEW if element == OLD else element, due) for id, (element, due) in one.items()}
        for case, one in desks.items()
    }


def test_a_revised_chain_is_rehearsed_migrated_taken_back_and_put_back(
    installation: Installation, person_of: Callable[[str], Hands], rehearsed_briefly: None
) -> None:
    office, revised = installation.office, Revised(installation)
    before, ticking, work = revised.desks(), revised.clocks(), revised.inboxes()
    elements = {element for one in before.values() for element, _ in one.values()}
    assert len(elements) > 1 and work["wangfang"] >= CASES // len(STANDING)
    window, designer = person_of("wangfang"), person_of("hejing")

    def shown(element: str, *, more: int = 0) -> None:
        """Desks, inboxes, clocks, and the diagrams of a case of each kind are as they should be."""
        assert revised.desks() == (renamed(before) if element == NEW else before)
        assert revised.clocks() == ticking
        assert revised.inboxes() == work | {"wangfang": work["wangfang"] + more}
        window.open("/inbox?q=修订中的联办")
        expect(window.page.get_by_text(f"共 {work['wangfang'] + more} 件")).to_be_visible()
        for case in revised.cases[: len(STANDING)]:
            marks = window.page.request.get(f"{installation.address}/cases/{case}/marks").json()["elements"]
            at = {one for one, _ in revised.desks()[case].values()} & {element, HELD}
            assert all(marks[one]["state"] not in ("done", "failed") for one in at)

    shown(OLD)
    hejing, page = who(office, "hejing"), designer.page
    draft = studio.begin_revision(office, hejing, CHAIN)
    row, _, content = studio.draft_source(office, hejing, draft)
    studio.save_draft(office, hejing, draft, content.replace(OLD.encode(), NEW.encode()), seen=row.version)
    designer.open(f"/studio/drafts/{draft}/rehearsal")
    page.get_by_role("button", name="开始试演").click()
    expect(page.get_by_role("link", name="查看结果")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="查看结果").click()
    verdicts = page.locator(".verdicts").first
    waiting = sum(any(at == OLD for at, _ in one.values()) for one in before.values())
    expect(verdicts).to_contain_text(f"{waiting} 可按对应关系迁移")
    expect(verdicts).to_contain_text(f"{CASES - waiting} 可")
    expect(page.locator("[data-compared][data-ready]")).to_be_visible()
    designer.shoot("rehearsal-chain")
    revised.lap("rehearsed")
    shown(OLD)

    row = studio.draft_page(office, hejing, draft).line.row
    support = studio.hand_in(office, hejing, draft, seen=row.version, note="受理环节改用新编号")
    for element, name in (("Task_Office", "tianyue"), ("Task_Deploy", "guotao")):
        while element not in open_tasks(office, support):
            page.wait_for_timeout(100)
        answer(office, support, element, name, decision="agree")
    while revised.newest() == 1:
        page.wait_for_timeout(100)
    assert revised.desks() == before
    revised.lap("released")

    page.goto(f"{installation.address}/processes/{CHAIN}/migration", timeout=PATIENCE)
    page.get_by_role("button", name="保存方案").click()
    expect(page.get_by_text("迁移方案已保存")).to_be_visible(timeout=PATIENCE)
    officer = person_of("tianyue").page
    officer.goto(page.url, timeout=PATIENCE)
    revised.lap("planned")
    officer.get_by_role("button", name=f"核准并迁移 {CASES} 个办件").click()
    expect(officer.get_by_text(f"已迁移 {CASES}")).to_be_visible(timeout=PATIENCE)
    undo = officer.get_by_role("button", name="撤回这一批迁移")
    expect(undo).to_be_visible(timeout=PATIENCE)
    revised.lap("migrated")
    shown(NEW)
    revised.lap("looked at")
    undo.click()
    expect(officer.get_by_text(f"已撤回 {CASES}")).to_be_visible(timeout=PATIENCE)
    revised.lap("taken back")
    shown(OLD)

    keeper = person_of("guotao").open(f"/processes/{CHAIN}").page
    form = keeper.locator("form[action$='/restore']")
    if not form.is_visible():
        keeper.locator("details", has=form).locator("summary").first.click()
    form.locator("[name=reason]").fill("新版受理环节有误")
    form.get_by_role("button").click()
    expect(keeper.get_by_text("已恢复 v1 的内容")).to_be_visible()
    assert revised.newest() == 3
    fresh = start_case(office, who(office, "wangfang"), key=CHAIN, title="云溪示例公司-修订中的联办").id
    assert set(open_tasks(office, fresh)) == {OLD}
    revised.lap("put back")
    shown(OLD, more=1)
