"""流程发布: files handed in to be released, what they change, and where they are on their way."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.casework.measures.effective import SCHEDULERS, call_off_release, schedule_release
from service.casework.measures.releases import PAGE, release_count, release_list, release_page
from service.rules.refusals import Conflict, Invalid, Refusal, refuse
from service.rules.worktime import SHANGHAI
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of

STATES = {
    "OPEN": _("待审核"),
    "ACTIVE": _("审核中"),
    "SUSPENDED": _("已挂起"),
    "COMPLETED": _("未发布"),
    "TERMINATED": _("已终止"),
    "RELEASED": _("已发布"),
    "CANCELLED": _("已取消"),
}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list and one release."""

    def load(number: int) -> Any:
        lines, total = release_list(office, acting(), page=number), release_count(office, acting())
        return listing.OnePage(items=lines, total=total, page=number, pages=max(1, -(-total // PAGE)))

    listed = listing.declare(
        pages,
        listing.Listed(name="releases", words=_("流程发布"), load=load, columns=columns.RELEASES),
    )

    @pages.get("/releases")
    def releases() -> str:
        found = listing.shown(listed)
        return render_template(
            "releases.html", found=found, lines=found.items, states=STATES, address=Address("pages.releases")
        )

    @pages.get("/releases/<uuid:release_id>", endpoint="release")
    def show(release_id: UUID) -> str:
        return _shown(release_id)

    @pages.post("/releases/<uuid:release_id>/schedule", endpoint="schedule_release")
    def schedule(release_id: UUID) -> Any:
        text = request.form.get("effective_at", "").strip()
        try:
            schedule_release(office, acting(), release_id, _instant(text))
        except (Conflict, Invalid) as refusal:
            return _shown(release_id, refusal), status_of(refusal)
        flash(gettext("已设定生效时间。") if text else gettext("审核、部署完成后立即生效。"), "good")
        return redirect(url_for("pages.release", release_id=release_id))

    @pages.post("/releases/<uuid:release_id>/call-off", endpoint="call_off_release")
    def call_off(release_id: UUID) -> Any:
        try:
            call_off_release(office, acting(), release_id, request.form.get("reason", ""))
        except (Conflict, Invalid) as refusal:
            return _shown(release_id, refusal), status_of(refusal)
        flash(gettext("定时发布已取消。"), "good")
        return redirect(url_for("pages.release", release_id=release_id))

    def _shown(release_id: UUID, refusal: Refusal | None = None) -> str:
        return render_template(
            "release.html",
            page=release_page(office, acting(), release_id),
            states=STATES,
            refused=None if refusal is None else say(refusal),
            may_schedule=acting().has(*SCHEDULERS),
        )


def _instant(text: str) -> datetime | None:
    """An instant of the wall in China, none for an empty field. Refused: RELEASE_EFFECTIVE."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if text else None
    except ValueError:
        raise refuse("effective_at", "RELEASE_EFFECTIVE", "生效时间应在现在以后、一年以内。") from None
