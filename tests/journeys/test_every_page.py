"""Every page there is, with something on it, passes axe-core at both widths; what is looked at elsewhere or is no page is named.

The list is compared with the routes: a page that is added has to be looked at somewhere.
"""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from service.casework import carry_due, move_demo_clock, start_case
from service.casework.act_book import ACTS
from service.casework.materials.reading import materials_of
from service.casework.materials.receiving import bring_material
from service.casework.measures.releases import submit_release
from service.casework.money.standards import APPROVED
from service.casework.register.drafting import save_draft
from service.casework.register.reviews import open_review
from service.web.app import create_app
from tests.casework.measures.test_releases import RENAMED, revised
from tests.casework.money.till import deploy_billed
from tests.casework.papers.city import ACCEPT, APPLICATION, BUILDING, GRANT, ISSUE, REVIEW
from tests.journeys.stage import Stage, look
from tests.journeys.test_accessibility import addresses
from tests.journeys.test_administration import PAGES as ADMINISTRATION
from tests.journeys.test_chief import pages_of_duty
from tests.processes.test_chains import DECLARED
from tests.received.made import pdf
from tests.web.pages.test_revising import revised_card

HURRIED = (
    '<startEvent id="S"/><userTask id="A" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104" zw:limit="1hd"/>'
    '<endEvent id="E"/>\nS -> A\nA -> E\n'
)
BROKEN = '<startEvent id="S"/><serviceTask id="X" name="留痕" zw:action="record"/><endEvent id="E"/>\nS -> X\nX -> E\n'
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
        "/incidents",
        "/admin/departments/new",
        "/admin/windows/new",
        "/letters/new",
        "/seals",
        "/messages/undelivered",
    ),
    "hejing": ("/items/new", "/items/104-XK-001/edit", "/items/drafts/{draft}", "/releases", "/releases/{release}"),
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
ELSEWHERE = {  # endpoint → the journey that looks at it with `look` while somebody works there
    "handing_act": "test_reviewer.py",
    "bulk": "test_deputy.py",
    "leaving": "test_deputy.py",
    "reopen_case": "test_clerk.py",
    "handovers": "test_issuing_clerk.py",
    "handover": "test_issuing_clerk.py",
    "new_handover": "test_issuing_clerk.py",
    "issuing": "test_issuing_clerk.py",
    "delivery": "test_issuing_clerk.py",
    "standing": "test_keepers.py",
    "led_chains": "test_lead_coordinator.py",
    "lead_act": "test_lead_coordinator.py",
    "calendar_edit": "test_calendar.py",
    "calendar_year": "test_calendar.py",
}
NO_PAGES = {  # endpoint → why nobody looks at it by itself
    "home": "leads to the inbox",
    "calendar": "leads to the calendar of the year",
    "message": "leads to what the message is about",
    "built_file": "a file",
    "manual_picture": "a file",
    "document_file": "a file",
    "document_picture": "a file",
    "time_limit_file": "a file",
    "time_proof_file": "a file",
    "print_case_file": "a file",
    "inbox_export": "a file",
    "item_export": "a file",
    "item_guide_file": "a file",
    "item_flow": "a file",
    "item_picture": "a file",
    "letter_scan": "a file",
    "material_content": "a file",
    "material_thumbnail": "a file",
    "material_page": "a file",
    "materials_zip": "a file",
    "note_file": "a file",
    "diagram": "a file",
    "diagram_picture": "a file",
    "template_sample": "a file",
    "seal_image": "a file",
    "signature_image": "a file",
    "window_qr": "a file",
    "marks": "data of the page of a case",
    "inbox_changes": "data of the inbox",
    "window_items": "a part of the window",
    "window_applicants": "a part of the window",
    "beside": "a part of the task, seen in test_case_page.py",
    "chain_part": "a part of the chain",
    "materials_part": "a part of the materials",
}


@pytest.fixture(scope="module")
def ids(stage: Stage) -> dict[str, str]:
    """Something for every page to show."""
    office, clerk = stage.office, stage.actor("wangfang")
    found: dict[str, str] = {}
    case = _received(stage)
    _work(stage)
    with office.reading() as records:
        lines = [one.row for one in materials_of(records, case) if one.row.source != "SHARED"]
    bring_material(office, clerk, lines[0].id, io.BytesIO(pdf(2)), name="申请表.pdf")
    with office.reading() as records:
        first = next(one for one in materials_of(records, case) if one.row.id == lines[0].id)
    found |= {"case": str(case), "material": str(lines[0].id), "version": str(first.current[-1].row.id)}

    ended = _received(stage, by="lizhao")
    _work(stage)
    for element, username, said in (
        ("Task_Accept", "wangfang", ACCEPT),
        ("Task_Review", "zhangwei", REVIEW),
        ("Task_Approve", "chengang", GRANT),
        ("Task_Issue", "wuqian", ISSUE),
    ):
        stage.do(ended, element, username, said)
        _work(stage)
    with office.reading() as records:
        papers = records.documents.of_case(ended)
        [certificate] = records.certificates.of_case(ended)
        done = next(one for one in records.tasks.of_case(ended) if one.ended_by == "wangfang")
    found |= {"ended": str(ended), "certificate": str(certificate.id), "done": str(done.id)}
    found |= {"document": str(papers[0].id), "reference": papers[0].number or str(papers[0].id)}

    found["chain"] = str(stage.begin("chain_JS_35", "云溪示例公司-一站报建", **DECLARED["chain_JS_35"]))
    deploy_billed(office)
    billed = start_case(office, clerk, key="billed", title="云溪示例公司-人防结建", variables={"shelter_area": 500}).id
    stage.do(billed, "Accept", "wangfang")
    _work(stage)
    with office.reading() as records:
        found["bill"] = records.bills.of_case(billed)[0].number
        found["standard"] = str(next(one.id for one in records.fees.listing() if one.state == APPROVED))
    found["review"] = str(open_review(office, stage.actor("tianyue"), "YEARLY", 2026).id)
    return found | _prepared(stage)


def _received(stage: Stage, by: str = "wangfang") -> UUID:
    return stage.begin(BUILDING, "云溪华印制罐有限公司-建筑工程施工许可证核发", by=by, **APPLICATION)


def _prepared(stage: Stage) -> dict[str, str]:
    """What administrators, designers and supervision look at."""
    office, designer = stage.office, stage.actor("hejing")
    draft = save_draft(office, designer, revised_card(), note="压缩办理时限")
    submit_release(office, designer, revised(*RENAMED))
    stage.deploy("hurried", HURRIED)
    late = stage.begin("hurried", "云溪迟到公司-厂房")
    stage.deploy("broken", BROKEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(ACTS, "record")  # deployed by a release that knew it
        broken = stage.begin("broken", "云溪故障公司-厂房")
        _work(stage)
    move_demo_clock(office, stage.actor("guotao"), advance="P2WD")
    _work(stage)
    with office.reading() as records:
        [row] = records.measures.releases(first=0, size=5)
        return {
            "draft": str(draft.id),
            "release": str(row.id),
            "card": str(records.supervision.of_case(late)[0].id),
            "agenda": str(records.agenda.of_case(late)[0].id),
            "incident": str(records.incidents.open_of_case(broken)[0].token_id),
        }


def _work(stage: Stage) -> None:
    """Everything that is due, in house and out of it."""
    while True:
        stage.settle()
        if not carry_due(stage.office):
            return


@pytest.mark.parametrize("username", PAGES)
def test_every_page_passes_axe_at_both_widths(stage: Stage, ids: dict[str, str], username: str) -> None:
    hands = stage.stranger() if not username else stage.hands(username)
    for path in PAGES[username]:
        answer = hands.page.goto(stage.address + path.format(**ids))
        assert answer is not None and answer.status == 200, (username, path)
        look(hands, f"page{path.replace('/', '-')}".partition("{")[0].rstrip("-"))


def test_no_page_is_left_out(stage: Stage) -> None:
    app = create_app(stage.office)
    adapter = app.url_map.bind("localhost")
    some = uuid4()
    ids = dict.fromkeys(
        ("case", "material", "version", "document", "done", "chain", "bill", "certificate", "card", "review", "draft",
         "release", "agenda", "incident", "ended", "standard", "reference"), str(some),
    )  # fmt: skip
    paths = [
        *addresses(task=some, first=some, second=some, case=some, chain=some).values(),
        *(path for found in ADMINISTRATION.values() for path in found),
        *pages_of_duty(str(some), some).values(),
        *(path.format(**ids) for found in PAGES.values() for path in found),
    ]
    seen = {"pages.login"}
    for path in paths:
        if path != "/nowhere":
            endpoint, _ = adapter.match(path.partition("?")[0], method="GET")
            seen.add(endpoint)
    here = Path(__file__).parent
    for endpoint, file in ELSEWHERE.items():
        assert (here / file).exists(), file
        seen.add(f"pages.{endpoint}")
    routes = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())
    }
    reasons = {f"pages.{name}" for name in NO_PAGES}
    assert routes - seen - reasons == set(), "nobody has looked at these"
    assert reasons <= routes and not reasons & seen, "of pages that are there, each is seen or has a reason"
