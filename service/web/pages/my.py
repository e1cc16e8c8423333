"""我的办件: one's own cases, what there is to do, papers, money, drafts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.drafts import drop_draft, own_drafts
from service.casework.own_cases import VIEWS, own_cases
from service.web.pages.paging import Address, page_wanted
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page, and dropping a draft."""

    @pages.get("/my", endpoint="my")
    def mine() -> str:
        view = request.args.get("state", "running")
        view = view if view in VIEWS else "running"
        search = request.args.get("q", "").strip()[:100]
        return render_template(
            "my.html",
            found=own_cases(office, acting(), view=view, search=search, page=page_wanted()),
            drafts=own_drafts(office, acting()),
            view=view,
            search=search,
            address=Address("pages.my", state=None if view == "running" else view, q=search),
        )

    @pages.post("/my/drafts/<uuid:draft_id>/drop", endpoint="drop_application")
    def drop(draft_id: UUID) -> Response:
        drop_draft(office, acting(), draft_id)
        flash(gettext("草稿已删除。"), "good")
        return redirect(url_for("pages.my"))
