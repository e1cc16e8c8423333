"""审计记录: every change outside cases, for the audit administrator."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from service.casework.staff.audit import audit_list
from service.web.pages import listing
from service.web.pages.labels import LEDGER_ACTIONS
from service.web.pages.ledger_words import detail_words, subject_words
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list."""

    def load(number: int) -> Any:
        return audit_list(office, acting(), filters=_filters(), sort=listing.sort_wanted(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="audit",
            words=lazy_gettext("审计记录"),
            load=load,
            sorts=("written_at", "action", "actor"),
            columns=(
                listing.Column(code="id", words=lazy_gettext("序号"), cell=lambda row, _: row.id),
                listing.Column(code="written_at", words=lazy_gettext("时间"), cell=lambda row, _: row.written_at),
                listing.Column(code="action", words=lazy_gettext("行为"), cell=lambda row, _: action_words(row.action)),
                listing.Column(
                    code="actor",
                    words=lazy_gettext("行为人"),
                    cell=lambda row, found: found.more["names"].get(row.actor, row.actor),
                ),
                listing.Column(
                    code="subject",
                    words=lazy_gettext("对象"),
                    cell=lambda row, found: subject_words(row, found.more),
                ),
                listing.Column(
                    code="detail",
                    words=lazy_gettext("内容"),
                    cell=lambda row, found: detail_words(row.detail, found.more),
                ),
            ),
        ),
    )

    @pages.get("/admin/audit", endpoint="audit")
    def every() -> str:
        filters = _filters()
        return render_template(
            "admin/audit.html",
            found=listing.shown(listed),
            filters=filters,
            actions=LEDGER_ACTIONS,
            words=action_words,
            address=Address("pages.audit", **filters),
        )


def action_words(code: str) -> str:
    """What was done, in words; the code where there are none."""
    return str(LEDGER_ACTIONS.get(code, code))


def _filters() -> dict[str, str]:
    return {
        "q": request.args.get("q", "").strip()[:60],
        "action": request.args.get("action", "")[:40],
        "actor": request.args.get("actor", "").strip()[:60],
        "since": request.args.get("since", "")[:10],
        "until": request.args.get("until", "")[:10],
    }
