"""查看联系方式: how the people of a case are reached, whole, for a reason, by who may ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request

from service.casework import get_case
from service.casework.masking import Contact, show_whole
from service.casework.people import people_names
from service.rules.refusals import Invalid
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page that asks for the reason and shows the numbers once."""

    @pages.get("/cases/<uuid:case_id>/contact", endpoint="case_contact")
    def ask(case_id: UUID) -> str:
        return _page(office, case_id)

    @pages.post("/cases/<uuid:case_id>/contact", endpoint="show_case_contact")
    def show(case_id: UUID) -> Response | tuple[str, int]:
        reason = request.form.get("reason", "")[:400]
        try:
            found = show_whole(office, acting(), case_id, reason)
        except Invalid as refusal:
            return _page(office, case_id, problem=refusal.fields[0], reason=reason), 422
        response = make_response(_page(office, case_id, found=found, reason=reason))
        response.headers["Cache-Control"] = "no-store"
        return response


def _page(office: Any, case_id: UUID, *, found: Contact | None = None, problem: Any = None, reason: str = "") -> str:
    case = get_case(office, acting(), case_id)
    people = people_names(office, {one.author for one in found.texts}) if found is not None and found.texts else {}
    return render_template("case_contact.html", case=case, found=found, people=people, problem=problem, reason=reason)
