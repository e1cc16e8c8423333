"""挂起 and 恢复 of a whole case, with a reason, on one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import CaseView, get_case, resume_case, suspend_case
from service.rules.refusals import Missing, Refusal, refuse
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

SUSPENDED = "SUSPENDED"


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and the act."""

    @pages.get("/cases/<uuid:case_id>/standing", endpoint="standing")
    def ask(case_id: UUID) -> str:
        return _page(get_case(office, acting(), case_id), None)

    @pages.post("/cases/<uuid:case_id>/standing", endpoint="do_standing")
    def do(case_id: UUID) -> Response | tuple[str, int]:
        actor, reason = acting(), request.form.get("reason", "").strip()
        suspend = request.form.get("act") == "suspend"
        try:
            if not reason:
                raise refuse("reason", "REASON_MISSING", "请写明理由或要求")
            (suspend_case if suspend else resume_case)(office, actor, case_id, reason=reason)
        except Missing:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(get_case(office, actor, case_id), refusal), 422 if status == 400 else status
        flash(gettext("办件已挂起。") if suspend else gettext("办件已恢复。"), "good")
        return redirect(url_for("pages.case", case_id=case_id))


def _page(case: CaseView, refusal: Refusal | None) -> str:
    return render_template(
        "standing.html",
        case=case,
        suspended=case.state == SUSPENDED,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        reason=request.form.get("reason", "")[:500],
    )
