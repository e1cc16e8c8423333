"""Every page passes axe-core at both widths, scrolls in one direction only, and loads nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Request

from service.casework import Resource, complete_task, find_actor, start_case
from service.casework.migration import begin_batch, make_plan
from service.casework.studio import begin_revision
from service.casework.studio.importing import begin_import
from service.casework.workbench import inbox
from tests.casework.desk import ENGINE, LINEAR, deploy_text, open_tasks
from tests.engine.studio.foreign import SAMPLES
from tests.journeys.hands import Hands, person
from tests.journeys.serving import REPOSITORY, Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STUDIO = (
    "studio", "studio-new", "studio-draft", "studio-compare", "studio-rehearsal", "studio-import", "import-report",
)  # fmt: skip
MIGRATION = ("migration", "migration-plan", "migration-batch")
AXE = REPOSITORY / "service/web/assets/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def paths(installation: Installation) -> dict[str, str]:
    """Name → path of every page, with something on it."""
    clerk = find_actor(installation.office, "wangfang")
    assert clerk is not None
    for number in range(25):
        case = start_case(
            installation.office,
            clerk,
            key="linear",
            business_key=f"YS-2026-{number:04}",
            variables={"title": "补办登记", "quantity": 2},
            title=f"云溪示例公司{number}-四步登记",
        )
    task = inbox(installation.office, clerk).items[0].row.id
    desks = open_tasks(installation.office, case.id)
    complete_task(installation.office, clerk, desks["Task_1"].id)
    second = open_tasks(installation.office, case.id)["Task_2"].id
    chain = start_case(installation.office, clerk, key="chain_JS_35", title="云溪示例公司-一站报建").id
    plan, batch = migrated(installation)
    seen = {"task": task, "first": desks["Task_1"].id, "second": second, "case": case.id, "chain": chain}
    designer = find_actor(installation.office, "hejing")
    assert designer is not None
    draft = begin_revision(installation.office, designer, "item_107_XK_001")
    files = [Resource(name="a.bpmn", content=SAMPLES["flowable fields"])]
    foreign = begin_import(installation.office, designer, files, "a.bpmn")
    return addresses(**seen, plan=plan, batch=batch, draft=draft, foreign=foreign)


def addresses(
    *,
    task: UUID,
    first: UUID,
    second: UUID,
    case: UUID,
    chain: UUID,
    plan: UUID,
    batch: UUID,
    draft: UUID,
    foreign: UUID,
) -> dict[str, str]:
    """Name → path of every page that is seen here, given something for each to show."""
    return {
        "studio": "/studio",
        "studio-new": "/studio/new?way=copy",
        "studio-draft": f"/studio/drafts/{draft}",
        "studio-compare": f"/studio/drafts/{draft}/compare",
        "studio-rehearsal": f"/studio/drafts/{draft}/rehearsal",
        "studio-import": "/studio/import",
        "import-report": f"/studio/drafts/{foreign}/import",
        "migration": "/processes/moving/migration",
        "migration-plan": f"/migrations/{plan}",
        "migration-batch": f"/migration-batches/{batch}?show=all",
        "inbox": "/inbox",
        "done": "/inbox/done",
        "followed": "/inbox?tab=followed",
        "copies": "/inbox?tab=copies&read=all",
        "bulk-runs": "/inbox/bulk",
        "intake": "/cases/new",
        "start": "/cases/new/chain_JS_35",
        "window": "/window?q=jz",
        "window-intake": "/window/new/item_104_XK_001?sample=0",
        "window-slip": f"/window/cases/{case}/slip",
        "window-code": f"/window/cases/{case}/code",
        "windows": "/windows",
        "five-checks": "/admin/departments/checks",
        "my": "/my",
        "task": f"/tasks/{task}",
        "return": f"/tasks/{second}/return",
        "take-back": f"/tasks/{first}/recall",
        "end": f"/cases/{case}/end",
        "move": f"/cases/{case}/tokens/{second}/move",
        "handing-on": f"/tasks/{task}/handing/copy",
        "together": "/together",
        "cases": "/cases",
        "case": f"/cases/{case}",
        "processes": "/processes",
        "process": "/processes/chain_JS_35",
        "process-live": "/processes/chain_JS_35/live?by=overdue",
        "duty": "/duty",
        "supervision": "/supervision",
        "upload": "/processes/upload",
        "gallery": "/processes/gallery",
        "gallery-print": "/processes/gallery?print=1&q=JS",
        "power-list": "/power-list?department=104",
        "power-list-changes": "/power-list/changes",
        "missing": "/nowhere",
        "chain": f"/cases/{chain}",
        "chain-view": f"/cases/{chain}/chain",
        "matrix": f"/cases/{chain}/matrix",
        "case-print": f"/cases/{chain}/print",
        "queries": "/queries",
        "time-proof": f"/cases/{chain}/time-proof",
        "time-limit": "/time-limit?start=2026-03-16T10:00&amount=3&from0=2026-03-17&to0=2026-03-20&kind0=EXPERT",
        "clock-act": f"/cases/{chain}/clocks/note",
        "outages": "/outages",
        "complaints": "/complaints",
        "new-complaint": "/complaints/new",
        "public-complaint": "/complaints/public",
        "new-consultation": "/consultations/new",
        "published-ratings": "/ratings/published",
    }


def migrated(installation: Installation) -> tuple[UUID, UUID]:
    """A plan of a process of its own, and a batch of it: one case goes over, one cannot."""
    old = deploy_text(installation.office, LINEAR, key="moving")
    for number in range(2):
        case = start_case(installation.office, ENGINE, key="moving", title=f"云溪示例公司{number}-迁移").id
    complete_task(installation.office, ENGINE, open_tasks(installation.office, case)["A"].id)
    shorter = LINEAR.replace('<userTask id="B" name="乙"/>', '<userTask id="C" name="丙"/>').replace(
        "A -> B\nB -> E", "A -> C\nC -> E"
    )
    new = deploy_text(
        installation.office,
        shorter.replace("<endEvent", '<manualTask id="D"/><endEvent').replace("C -> E", "C -> D\nD -> E"),
        key="moving",
    )
    plan = make_plan(installation.office, ENGINE, old, new, {})
    return plan.id, begin_batch(installation.office, ENGINE, plan.id)


OTHERS = {
    "hejing": (
        *MIGRATION,
        *STUDIO,
        "processes",
        "process",
        "process-live",
        "upload",
        "gallery",
        "gallery-print",
        "power-list",
        "power-list-changes",
    ),
    "guotao": ("outages", "end", "move"),
    "lizhao": ("my",),
    "tianyue": ("windows", "five-checks"),
}  # what the clerk may not open


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_accessible_and_ours_alone(
    browser: Browser, installation: Installation, paths: dict[str, str], width: int
) -> None:
    if not Path(AXE).exists():
        pytest.skip("axe-core is not installed; run npm ci in service/web/assets")
    wrong: list[str] = []
    for username in ("wangfang", *OTHERS):
        with person(browser, installation.address, username, width=width) as hands:
            hands.page.on("request", lambda request: wrong.extend(_foreign(request, installation.address)))
            hands.page.on(
                "console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None
            )
            for name, path in paths.items():
                apart = {*OTHERS["guotao"], *OTHERS["lizhao"], *OTHERS["tianyue"], *MIGRATION, *STUDIO}
                if name not in OTHERS.get(username, paths) or (username == "wangfang" and name in apart):
                    continue
                hands.open(path)
                if name in ("case", "process") and width > 800:
                    hands.page.locator(".diagram[data-ready]").wait_for()
                if name == "studio-draft":
                    hands.page.locator("[data-studio][data-ready]").wait_for()
                if name == "gallery":
                    hands.page.locator(".picture[data-ready=yes]").first.wait_for()
                wrong.extend(f"{name}: {what}" for what in violations(hands))
                if hands.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wrong.append(f"{name}: scrolls sideways at {width}")
                hands.shoot(f"page-{name}")
    assert wrong == []


def test_the_sign_in_page_is_accessible(browser: Browser, installation: Installation) -> None:
    if not Path(AXE).exists():
        pytest.skip("axe-core is not installed; run npm ci in service/web/assets")
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    hands = Hands(context.new_page(), installation.address).open("/login")
    hands.page.locator("summary").click()
    hands.shoot("page-login")
    assert violations(hands) == []
    context.close()


def violations(hands: Hands) -> list[str]:
    """What axe-core finds; injected by the debugger, so our policy for scripts stays as it is."""
    hands.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = hands.page.evaluate(
        "axe.run({include: [['html']], exclude: [['.djs-container']]}, {resultTypes: ['violations']})"
        ".then(result => result.violations)"
    )
    return [f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:2]]}" for v in found]


def _foreign(request: Request, address: str) -> list[str]:
    return [] if request.url.startswith((address, "data:", "blob:")) else [f"loads {request.url}"]
