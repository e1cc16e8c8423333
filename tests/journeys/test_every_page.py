"""The pages of every desk that no other journey looks at, with something on each, at both widths (tests/web/pages/test_looked_at.py compares)."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest

from service.casework import carry_due, complete_task, move_demo_clock, start_case
from service.casework.materials.reading import materials_of
from service.casework.materials.receiving import bring_material
from service.casework.measures.releases import submit_release
from service.casework.money.standards import APPROVED
from service.casework.register.drafting import save_draft
from service.casework.register.reviews import open_review
from tests.casework.acts.test_repairing import STUCK
from tests.casework.clocks.items import item
from tests.casework.desk import ENGINE, deploy_text
from tests.casework.measures.test_releases import RENAMED, revised
from tests.casework.money.till import BILLED_BODY, LIMITS, ROOT
from tests.casework.papers.city import ACCEPT, APPLICATION, BUILDING, GRANT, ISSUE, REVIEW
from tests.casework.register.test_drafting import APRIL, publish_change
from tests.journeys.stage import Stage, look
from tests.processes.test_chains import DECLARED
from tests.received.made import pdf
from tests.web.pages.test_revising import ITEMS, revised_card

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = {  # who looks → addresses
    "wangfang": (
        "/cases/{case}/materials",
        "/materials/{material}/reuse",
        "/materials/files/{version}",
        "/documents/{document}",
        "/messages/contact",
        "/tasks/{done}/completed",
        "/items",
        "/items/104-XK-001",
        "/items/104-XK-001/versions",
        "/fees",
        "/progress",
        "/verify",
        "/certificates/revoked",
        "/cases/{chain}/matrix",
    ),
    "sunli": (
        "/bills",
        "/bills/{bill}",
        "/money",
        "/reconciliation",
        "/reconciliation/2026-03-16",
        "/certificates",
        "/certificates/{certificate}",
        "/document-numbers",
        "/orders",
        "/supervision/{card}",
        "/ratings",
        "/callbacks",
        "/consultations",
        "/inspections",
        "/faults",
        "/faults/new",
        "/bad-ratings",
        "/on-site-days",
        "/cases/{case}/measures/order",
        "/messages",
    ),
    "tianyue": (
        "/exchange",
        "/items/reviews",
        "/items/reviews/{review}",
        "/items/drafts",
        "/items/files",
        "/items/104-XK-001/status",
        "/items/104-XK-002/withdraw",
        "/incidents",
        "/admin/departments/new",
        "/admin/windows/new",
        "/letters/new",
        "/seals",
        "/messages/undelivered",
    ),
    "hejing": (
        "/items/new",
        "/items/104-XK-001/edit",
        "/items/drafts/{draft}",
        "/releases",
        "/releases/{release}",
        "/releases/{release}/processes/{released}",
        "/releases/{release}/processes/{released}/rehearsal",
        "/processes/{released}/compare",
    ),
    "guotao": (
        "/admin/agenda/{agenda}",
        "/admin/external-tasks",
        "/messages/log",
        "/messages/templates",
        "/messages/templates/M01",
        "/messages/channels",
        "/document-templates",
        "/document-templates/W01",
        "/incidents/{incident}",
    ),
    "qinlan": ("/archive", "/archive/terms", "/archive/{ended}"),
    "cashier": ("/cashier",),
    "feehan": ("/bills/new", "/fees/standards", "/fees/standards/{standard}", "/fees/standards/new"),
    "lizhao": ("/cases/{ended}/rating",),
    "": ("/login", "/verify/{reference}"),
}


@pytest.fixture(scope="module")
def ids(stage: Stage) -> dict[str, str]:
    """Something for every page to show."""
    office, clerk = stage.office, stage.actor("wangfang")
    found: dict[str, str] = {}
    case = _received(stage)
    lines = _until(
        stage, lambda records: [one.row for one in materials_of(records, case) if one.row.source != "SHARED"]
    )
    bring_material(office, clerk, lines[0].id, io.BytesIO(pdf(2)), name="申请表.pdf")
    with office.reading() as records:
        first = next(one for one in materials_of(records, case) if one.row.id == lines[0].id)
    found |= {"case": str(case), "material": str(lines[0].id), "version": str(first.current[-1].row.id)}

    ended = _received(stage, by="lizhao")
    for element, username, said in (
        ("Task_Accept", "wangfang", ACCEPT),
        ("Task_Review", "zhangwei", REVIEW),
        ("Task_Approve", "chengang", GRANT),
        ("Task_Issue", "wuqian", ISSUE),
    ):
        _until(stage, lambda records, wanted=element: [t for t in records.tasks.open_of(ended) if t.element == wanted])
        stage.do(ended, element, username, said)
    [certificate] = _until(stage, lambda records: records.certificates.of_case(ended))
    with office.reading() as records:
        papers = records.documents.of_case(ended)
        done = next(one for one in records.tasks.of_case(ended) if one.ended_by == "wangfang")
    found |= {"ended": str(ended), "certificate": str(certificate.id), "done": str(done.id)}
    found |= {"document": str(papers[0].id), "reference": papers[0].number or str(papers[0].id)}

    found["chain"] = str(stage.begin("chain_JS_35", "云溪示例公司-一站报建", **DECLARED["chain_JS_35"]))
    billing = item(BILLED_BODY, key="billed", item="105-XK-001", **LIMITS)
    deploy_text(office, re.sub(r' zw:kind="\w+"', "", billing) + ROOT)  # shorter than the rules of items allow
    billed = start_case(office, clerk, key="billed", title="云溪示例公司-人防结建", variables={"shelter_area": 500}).id
    complete_task(office, ENGINE, stage.task(billed, "Accept").id)
    found["bill"] = _until(stage, lambda records: records.bills.of_case(billed))[0].number
    with office.reading() as records:
        found["standard"] = str(next(one.id for one in records.fees.listing() if one.state == APPROVED))
    found["review"] = str(open_review(office, stage.actor("tianyue"), "YEARLY", 2026).id)
    return found | _prepared(stage, case)


def _received(stage: Stage, by: str = "wangfang") -> UUID:
    return stage.begin(BUILDING, "云溪华印制罐有限公司-建筑工程施工许可证核发", by=by, **APPLICATION)


def _prepared(stage: Stage, late: UUID) -> dict[str, str]:
    """What administrators, designers and supervision look at."""
    office, designer = stage.office, stage.actor("hejing")
    card = json.loads((ITEMS / "104-XK-002.json").read_text("utf-8"))
    publish_change(office, {**card, "visits": 0}, effective_from=APRIL)
    draft = save_draft(office, designer, revised_card(), note="压缩办理时限")
    submit_release(office, designer, revised(*RENAMED))
    deploy_text(office, STUCK)
    broken = start_case(office, ENGINE, key="p", title="云溪故障公司-厂房", variables={"area": "十二"}).id
    [incident] = _until(stage, lambda records: records.incidents.open_of_case(broken))
    move_demo_clock(office, stage.actor("guotao"), advance="P2WD")
    [raised, *_] = _until(stage, lambda records: records.supervision.of_case(late))
    with office.reading() as records:
        [row] = records.measures.releases(first=0, size=5)
        return {
            "draft": str(draft.id),
            "release": str(row.id),
            "released": str(row.changes[0]["key"]),
            "card": str(raised.id),
            "agenda": str(records.agenda.of_case(late)[0].id),
            "incident": str(incident.token_id),
        }


def _until(stage: Stage, read: Callable[..., Sequence[Any]]) -> Sequence[Any]:
    """What is read once everything due has been done, by us or by the worker of the service, which may be at it still."""
    for _ in range(400):
        stage.settle()
        while carry_due(stage.office):
            stage.settle()
        with stage.office.reading() as records:
            found = read(records)
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("expected something to be there but nothing came")


@pytest.mark.parametrize("username", PAGES)
def test_every_page_passes_axe_at_both_widths(stage: Stage, ids: dict[str, str], username: str) -> None:
    hands, wrong = stage.hands(username) if username else stage.stranger(), []
    for path in PAGES[username]:
        answer = hands.page.goto(stage.address + path.format(**ids))
        if answer is None or answer.status != 200:
            wrong.append(f"{path}: {answer and answer.status}")
            continue
        try:
            look(hands, f"page{path.replace('/', '-').replace('?', '-')}".partition("{")[0].rstrip("-"))
        except AssertionError as error:
            wrong.append(f"{path}: {str(error)[:600]}")
    assert wrong == []
