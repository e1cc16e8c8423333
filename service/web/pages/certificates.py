"""证照台账: the register, one certificate, and what its authority does about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.papers.certificates import act_on_certificate
from service.casework.papers.register import BY_HAND, certificate_list, certificate_page
from service.rules.certificates import CertificateAct, CertificateState
from service.rules.refusals import Forbidden, Missing, Refusal
from service.web.pages import columns, listing
from service.web.pages.days import read_day
from service.web.pages.labels import CERTIFICATE_ACTS
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, one certificate, and the acts on it."""

    def load(number: int) -> Any:
        return certificate_list(office, acting(), filters=_filters(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="certificates", words=lazy_gettext("证照台账"), load=load, columns=columns.CERTIFICATES),
    )

    @pages.get("/certificates", endpoint="certificates")
    def show_all() -> str:
        filters = _filters()
        return render_template(
            "certificates.html",
            found=listing.shown(listed),
            filters=filters,
            narrowed=any(filters.values()),
            address=Address("pages.certificates", **filters),
        )

    @pages.get("/certificates/<uuid:certificate_id>", endpoint="certificate")
    def show(certificate_id: UUID) -> str:
        return _page(office, certificate_id)

    @pages.post("/certificates/<uuid:certificate_id>/<act>", endpoint="handle_certificate")
    def handle(certificate_id: UUID, act: str) -> Response | tuple[str, int]:
        if act not in BY_HAND:
            raise Missing("NOT_FOUND", "没有这个地址。")
        given = request.form
        try:
            certificate_page(office, acting(), certificate_id)
            row = act_on_certificate(
                office,
                acting(),
                certificate_id,
                CertificateAct(act),
                reason=given.get("reason", ""),
                number=given.get("number", ""),
                valid_to=read_day("valid_to", given.get("valid_to", "")),
            )
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(office, certificate_id, refused=act, refusal=refusal), 422 if status == 400 else status
        flash(gettext("已登记：%(act)s。", act=CERTIFICATE_ACTS[act]), "good")
        return redirect(url_for("pages.certificate", certificate_id=row.id))


def _filters() -> dict[str, str]:
    state = request.args.get("state", "")
    return {
        "state": state if state in tuple(CertificateState) else "",
        "department": request.args.get("department", "")[:8],
        "search": request.args.get("search", "").strip()[:60],
        "ending": "1" if request.args.get("ending") == "1" else "",
    }


def _page(office: Any, certificate_id: UUID, *, refused: str = "", refusal: Refusal | None = None) -> str:
    return render_template(
        "certificate.html",
        page=certificate_page(office, acting(), certificate_id),
        refused=refused,
        refusal=refusal,
        given=request.form,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )
