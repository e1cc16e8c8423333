"""流程发布: files handed in to be released, what they change, and where they are on their way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from service.casework.measures.releases import PAGE, release_count, release_list, release_page
from service.web.pages import columns, listing
from service.web.pages.paging import Address
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
        return render_template("release.html", page=release_page(office, acting(), release_id), states=STATES)
