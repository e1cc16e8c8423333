"""流程试演: what a draft or a release would do, before it is live."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale

from service.casework import rehearsals
from service.casework.rehearsals import PAGE, RehearsalPage
from service.rules.refusals import Conflict, Invalid
from service.web.pages import migration_words
from service.web.pages import rehearsal_words as words
from service.web.pages.paging import Address, page_wanted
from service.web.pages.sign_in import acting
from service.web.pages.wording import say

LOOK = 1.0  # seconds between two looks at one that is under way


def register(pages: Blueprint, office: Any) -> None:
    """Adds the rehearsal of a draft and of a process of a release; `rehearsed(draft)` for templates."""

    @pages.app_template_global("rehearsed")
    def rehearsed(draft_id: UUID) -> bool:
        return rehearsals.is_rehearsed(office, acting(), draft_id)

    @pages.get("/studio/drafts/<uuid:draft_id>/rehearsal", endpoint="rehearsal")
    def of_draft(draft_id: UUID) -> str:
        page = rehearsals.draft_rehearsal(office, acting(), draft_id, verdict=_verdict(), page=page_wanted())
        return _page(page, Address("pages.rehearsal", draft_id=draft_id, verdict=_verdict()))

    @pages.post("/studio/drafts/<uuid:draft_id>/rehearsal", endpoint="rehearse_draft")
    def begin(draft_id: UUID) -> Any:
        return _begun(
            lambda: rehearsals.rehearse_draft(office, acting(), draft_id),
            url_for("pages.rehearsal", draft_id=draft_id),
        )

    @pages.post("/studio/drafts/<uuid:draft_id>/rehearsal/look", endpoint="look_at_rehearsal")
    def look(draft_id: UUID) -> Any:
        address = url_for("pages.rehearsal", draft_id=draft_id)
        return _looked(lambda: rehearsals.draft_rehearsal(office, acting(), draft_id), address)

    @pages.get("/releases/<uuid:release_id>/processes/<key>/rehearsal", endpoint="release_rehearsal")
    def of_release(release_id: UUID, key: str) -> str:
        page = rehearsals.release_rehearsal(office, acting(), release_id, key, verdict=_verdict(), page=page_wanted())
        return _page(page, Address("pages.release_rehearsal", release_id=release_id, key=key, verdict=_verdict()))

    @pages.post("/releases/<uuid:release_id>/processes/<key>/rehearsal", endpoint="rehearse_release")
    def begin_release(release_id: UUID, key: str) -> Any:
        return _begun(
            lambda: rehearsals.rehearse_release(office, acting(), release_id, key),
            url_for("pages.release_rehearsal", release_id=release_id, key=key),
        )

    @pages.post("/releases/<uuid:release_id>/processes/<key>/rehearsal/look", endpoint="look_at_release_rehearsal")
    def look_release(release_id: UUID, key: str) -> Any:
        address = url_for("pages.release_rehearsal", release_id=release_id, key=key)
        return _looked(lambda: rehearsals.release_rehearsal(office, acting(), release_id, key), address)


def _verdict() -> str | None:
    return request.args.get("verdict") or None


def _begun(begin: Any, address: str) -> Any:
    try:
        begin()
    except (Conflict, Invalid) as refusal:
        flash(say(refusal), "bad")
    return redirect(address)


def _looked(read: Any, address: str) -> Any:
    """Progress while it is under way; the whole page when it is over."""
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect(address)
    time.sleep(LOOK)
    return render_template("parts/rehearsal.html", **_shown(read()))


def _page(page: RehearsalPage, address: Address) -> str:
    report = page.row.report if page.row is not None else None
    counted = page.counts["RUNNING"]
    asked = _verdict() or ""
    total = counted[asked] if asked in counted else sum(counted.values())
    return render_template(
        "studio/rehearsal.html",
        report=report,
        marks=_marks(report),
        verdicts=migration_words,
        verdict=_verdict(),
        list={"page": page_wanted(), "pages": max(1, -(-total // PAGE)), "total": total},
        address=address,
        chinese=str(get_locale()).startswith("zh"),
        **_shown(page),
    )


def _shown(page: RehearsalPage) -> dict[str, Any]:
    subject = page.subject
    release = subject.release_id
    return {
        "page": page,
        "row": page.row,
        "words": words,
        "source": url_for("pages.release_diagram", release_id=release, key=subject.process)
        if release is not None
        else url_for("pages.process_draft_source", draft_id=subject.draft_id),
        "begin": url_for("pages.rehearse_release", release_id=release, key=subject.process)
        if release is not None
        else url_for("pages.rehearse_draft", draft_id=subject.draft_id),
        "look": url_for("pages.look_at_release_rehearsal", release_id=release, key=subject.process)
        if release is not None
        else url_for("pages.look_at_rehearsal", draft_id=subject.draft_id),
    }


def _marks(report: Any) -> dict[str, str]:
    """Element → colour: what nobody reached, what failed."""
    if report is None:
        return {}
    paths = report["paths"]
    missing = {one["element"]: "REMOVED" for one in paths["missing"]}
    missing |= {one["element"]: "REMOVED" for one in paths["ends"] if not one["reached"]}
    return missing | {one["element"]: "CHANGED" for one in paths["faults"] if one["element"]}
