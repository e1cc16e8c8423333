"""流程发布: files handed in to be released, what they change, and where they are on their way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from service.casework.measures.releases import PAGE, release_list, release_page
from service.web.pages.paging import page_wanted
from service.web.pages.sign_in import acting

STATES = {
    "OPEN": _("待审核"),
    "ACTIVE": _("审核中"),
    "SUSPENDED": _("已挂起"),
    "COMPLETED": _("未发布"),
    "TERMINATED": _("已终止"),
    "RELEASED": _("已发布"),
}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list and one release."""

    @pages.get("/releases")
    def releases() -> str:
        page = page_wanted()
        lines = release_list(office, acting(), page=page)
        return render_template("releases.html", lines=lines, states=STATES, page=page, more=len(lines) == PAGE)

    @pages.get("/releases/<uuid:release_id>", endpoint="release")
    def show(release_id: UUID) -> str:
        return render_template("release.html", page=release_page(office, acting(), release_id), states=STATES)
