"""投诉: filed by who is served, signed in or not, or by a window, withdrawn by who filed it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.quality import (
    ComplaintForm,
    file_complaint,
    file_public_complaint,
    open_complaint,
    public_departments,
    withdraw_complaint,
)
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from service.web.pages.patience import Patience
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

FIELDS = ("kind", "text", "source", "about", "department", "window", "accused", "name", "phone")


def register(pages: Blueprint, office: Any) -> None:
    """Adds the form, that for everybody, and the withdrawal."""
    patience = Patience("complaints")

    @pages.get("/complaints/new", endpoint="new_complaint")
    def form() -> str:
        return _page(office, {})

    @pages.post("/complaints/new", endpoint="file_complaint")
    def file() -> Response | tuple[str, int]:
        given = _given()
        try:
            made = file_complaint(office, acting(), _form(given), _files())
        except (Invalid, Conflict) as refusal:
            return _page(office, given, refusal), 422 if isinstance(refusal, Invalid) else status_of(refusal)
        number = made.business_key
        if given["anonymous"]:
            flash(gettext("投诉已登记，编号 %(number)s。匿名投诉不再联系您，请记下编号。", number=number), "good")
            return redirect(url_for("pages.complaints"))
        flash(gettext("投诉已登记，编号 %(number)s，一个工作日内告知是否受理。", number=number), "good")
        return redirect(url_for("pages.case", case_id=made.id))

    @pages.get("/complaints/public", endpoint="public_complaint")
    def public_form() -> str:
        return _public(office, {"about": request.args.get("about", "")[:40]})

    @pages.post("/complaints/public", endpoint="file_public_complaint")
    def file_public() -> Response | str | tuple[str, int]:
        patience.take(request.remote_addr or "")
        given = _given()
        try:
            made = file_public_complaint(office, _form(given), _files())
        except (Invalid, Conflict) as refusal:
            return _public(office, given, refusal), 422 if isinstance(refusal, Invalid) else status_of(refusal)
        return render_template("quality/complaint_filed.html", number=made.business_key, given=given)

    @pages.post("/complaints/<uuid:case_id>/withdraw", endpoint="withdraw_complaint")
    def withdraw(case_id: UUID) -> Response:
        try:
            withdraw_complaint(office, acting(), case_id)
        except (Conflict, Forbidden) as refusal:
            flash(gettext(refusal.text), "bad")
        else:
            flash(gettext("投诉已撤回。"), "good")
        return redirect(url_for("pages.case", case_id=case_id))


def _given() -> dict[str, str]:
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    return given | {"anonymous": "1" if request.form.get("anonymous") == "1" else ""}


def _form(given: dict[str, str]) -> ComplaintForm:
    values = {name: given[name] for name in FIELDS if name != "source"}
    return ComplaintForm(**values, source=given["source"] or "online", anonymous=bool(given["anonymous"]))


def _files() -> list[tuple[str, Any]]:
    """What was chosen; browsers send one nameless file for none."""
    return [(one.filename, one.stream) for one in request.files.getlist("files") if one.filename]


def _public(office: Any, given: dict[str, str], refusal: Refusal | None = None) -> str:
    return render_template(
        "quality/complaint_public.html",
        departments=public_departments(office),
        given=given,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )


def _page(office: Any, given: dict[str, str], refusal: Refusal | None = None) -> str:
    case_id = None
    try:
        case_id = UUID(request.args["case"]) if "case" in request.args else None
    except ValueError:
        raise Missing("CASE_NOT_FOUND", "没有这个办件，或者您无权查看。") from None
    offered = open_complaint(office, acting(), case_id)
    return render_template(
        "quality/complaint.html",
        offered=offered,
        given={"about": offered.about, "department": offered.department, **given},
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )
