"""流程设计: the list of drafts, and how one begins, is discarded and comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from service.casework import studio
from service.casework.studio.reading import PAGE, VIEWS, people_of
from service.casework.workbench import process_list
from service.rules.refusals import Conflict, Invalid
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of

VIEW_WORDS = {"open": _("正在设计"), "submitted": _("已提交发布"), "discarded": _("已作废")}
Result = Response | str | tuple[str, int]


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, the page to begin with, and what is done with a draft from the list; `may_design()` for templates."""

    @pages.app_template_global("may_design")
    def may_design() -> bool:
        return bool(acting().has(*studio.DESIGNERS))

    def view_wanted() -> str:
        view = request.args.get("view", "open")
        return view if view in VIEWS else "open"

    def load(number: int) -> Any:
        view = view_wanted()
        lines = studio.draft_list(office, acting(), view=view, page=number)
        total = studio.draft_count(office, acting(), view=view)
        people = people_of(office, lines)
        return listing.OnePage(
            items=lines, total=total, page=number, pages=max(1, -(-total // PAGE)), more={"people": people}
        )

    listed = listing.declare(
        pages, listing.Listed(name="studio", words=_("流程草稿"), load=load, columns=columns.DRAFTS)
    )

    @pages.get("/studio", endpoint="studio")
    def drafts() -> str:
        found, view = listing.shown(listed), view_wanted()
        return render_template(
            "studio/drafts.html",
            found=found,
            lines=found.items,
            people=found.more["people"],
            view=view,
            views=VIEW_WORDS,
            address=Address("pages.studio", view=view),
        )

    @pages.get("/studio/new", endpoint="new_process_draft")
    def new() -> str:
        return _asked(request.args)

    @pages.post("/studio/new", endpoint="begin_process_draft")
    def begin() -> Result:
        given = request.form
        try:
            if given.get("way") == "revise":
                made = studio.begin_revision(office, acting(), given.get("process", ""))
            elif given.get("way") == "copy":
                made = studio.begin_copy(
                    office, acting(), given.get("process", ""), given.get("key", ""), given.get("name", "")
                )
            else:
                made = studio.begin_blank(office, acting(), given.get("key", ""), given.get("name", ""))
        except (Invalid, Conflict) as refusal:
            return _asked(given, refusal), 422 if isinstance(refusal, Invalid) else status_of(refusal)
        return redirect(url_for("pages.process_draft", draft_id=made))

    @pages.post("/studio/drafts/<uuid:draft_id>/discard", endpoint="discard_process_draft")
    def discard(draft_id: UUID) -> Response:
        return _done(draft_id, studio.discard_draft, gettext("草稿已作废，可在“已作废”中恢复。"))

    @pages.post("/studio/drafts/<uuid:draft_id>/resume", endpoint="resume_process_draft")
    def resume(draft_id: UUID) -> Response:
        return _done(draft_id, studio.resume_draft, gettext("草稿已恢复。"))

    def _done(draft_id: UUID, act: Any, words: str) -> Response:
        try:
            act(office, acting(), draft_id)
        except Conflict as refusal:
            flash(say(refusal), "bad")
        else:
            flash(words, "good")
        return redirect(url_for("pages.studio"))

    def _asked(given: Any, refusal: Invalid | Conflict | None = None) -> str:
        studio.draft_count(office, acting())  # for designers only
        way = given.get("way", "revise")
        return render_template(
            "studio/new.html",
            lines=process_list(office, acting()),
            given=given,
            way=way if way in ("revise", "copy", "blank") else "revise",
            refusal=refusal,
        )
