"""Every page there is has been looked at with axe-core at both widths, or stands on a list with the reason why not.

A route that is added has to be put somewhere: into the pages of a journey, or here.
"""

from __future__ import annotations

from inspect import signature
from pathlib import Path
from uuid import uuid4

from service.casework import Office
from service.web.app import create_app
from tests.journeys import test_accessibility, test_administration, test_chief, test_every_page

JOURNEYS = Path(test_accessibility.__file__).parent
AT_WORK = {  # route → the journey that looks at it while somebody works there
    "bulk": "test_deputy.py",
    "leaving": "test_deputy.py",
    "reopen_case": "test_clerk.py",
    "handovers": "test_issuing_clerk.py",
    "handover": "test_issuing_clerk.py",
    "new_handover": "test_issuing_clerk.py",
    "issuing": "test_issuing_clerk.py",
    "standing": "test_keepers.py",
    "delivery": "test_issuing_clerk.py",
    "led_chains": "test_lead_coordinator.py",
    "lead_act": "test_lead_coordinator.py",
    "calendar_edit": "test_calendar.py",
    "calendar_year": "test_calendar.py",
    "calendar_days": "test_calendar.py",
    "draft_form": "test_form_designer.py",
    "draft_table": "test_studio_tables.py",
}
LEADS_ON = {
    "home",
    "calendar",
    "message",
    "second_step",
    "oidc_begin",
    "oidc_back",
}  # answer with the address of another page
PARTS = {  # of a page that is looked at, or data for it
    "beside", "chain_part", "materials_part", "marks", "inbox_changes", "window_items", "window_applicants",
    "process_draft_findings", "process_draft_names", "studio_panel", "draft_table_findings", "process_live_marks",
}  # fmt: skip
FILES = {  # downloads and pictures
    "built_file", "manual_picture", "document_file", "document_picture", "time_limit_file", "time_proof_file",
    "print_case_file", "inbox_export", "item_export", "item_guide_file", "item_flow", "item_picture", "letter_scan",
    "material_content", "material_thumbnail", "material_page", "materials_zip", "note_file", "diagram", "diagram_picture",
    "template_sample", "seal_image", "signature_image", "window_qr", "process_draft_source", "release_diagram",
    "draft_file",
}  # fmt: skip


class _Some(dict[str, str]):
    """Something that fits wherever an address names a thing."""

    def __missing__(self, name: str) -> str:
        return str(uuid4())


def test_every_page_is_looked_at_or_has_a_reason(office: Office) -> None:
    app = create_app(office)
    adapter = app.url_map.bind("localhost")
    some = uuid4()
    paths = [
        *test_accessibility.addresses(
            **dict.fromkeys(signature(test_accessibility.addresses).parameters, some)
        ).values(),
        *(path for paths in test_administration.PAGES.values() for path in paths),
        *test_chief.pages_of_duty(str(some), some).values(),
        *(path.format_map(_Some()) for paths in test_every_page.PAGES.values() for path in paths),
    ]
    seen = {
        adapter.match(path.partition("?")[0], method="GET")[0].removeprefix("pages.")
        for path in paths
        if path != "/nowhere"
    }
    routes = {
        rule.endpoint.removeprefix("pages.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())
    }
    reasons = [seen, AT_WORK.keys(), LEADS_ON, PARTS, FILES]
    assert routes - set().union(*reasons) == set(), "a page nobody looks at: put it into a journey, or say why not"
    assert set().union(*reasons[1:]) - routes == set(), "no longer there"
    assert [
        one for at, those in enumerate(reasons) for one in those if any(one in more for more in reasons[at + 1 :])
    ] == []


def test_a_page_seen_at_work_is_seen_by_a_journey_that_looks() -> None:
    for name, file in AT_WORK.items():
        said = (JOURNEYS / file).read_text(encoding="utf-8")
        assert any(word in said for word in ("look(", "violations(", "_axe(")), (name, file)
