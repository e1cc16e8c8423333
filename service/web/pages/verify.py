"""文书核验: for everybody, signed in or not, and not too often from one place."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from service.casework.papers.register import public_register
from service.casework.papers.verifying import Compared, Verified, compare, verify
from service.rules.refusals import Refusal, refuse
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.patience import Patience
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the question, the answer, comparing a file, and the register of what was revoked or cancelled."""
    patience = Patience("verify")

    @pages.get("/verify", endpoint="verify")
    def ask() -> Response | str:
        reference = request.args.get("reference", "").strip()[:60]
        if reference:
            return redirect(url_for("pages.verify_document", reference=reference.replace("/", "")))
        return render_template("verify.html", asked="", found=None, compared=None, refusal=None)

    @pages.get("/verify/<reference>", endpoint="verify_document")
    def answer(reference: str) -> str | tuple[str, int]:
        patience.take(request.remote_addr or "")
        return _answer(office, reference[:60])

    @pages.post("/verify/<reference>", endpoint="compare_document")
    def compare_file(reference: str) -> str | tuple[str, int]:
        patience.take(request.remote_addr or "")
        try:
            sent = request.files.get("file")
            content = sent.read() if sent is not None else b""
            if sent is not None:
                sent.close()
            if not content:
                raise refuse("file", "NO_FILES", "请选择至少一个文件。")
            compared = compare(office, reference[:60], content)
        except Refusal as refusal:
            return _answer(office, reference[:60], refusal=refusal)
        return _answer(office, reference[:60], compared=compared)

    def load(number: int) -> Any:
        return public_register(office, search=request.args.get("search", "").strip()[:60], page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="public_register", words=lazy_gettext("撤销注销公示"), load=load, columns=columns.REVOKED),
    )

    @pages.get("/certificates/revoked", endpoint="public_register")
    def revoked() -> str:
        patience.take(request.remote_addr or "")
        search = request.args.get("search", "").strip()[:60]
        return render_template(
            "public_register.html",
            found=listing.shown(listed),
            search=search,
            address=Address("pages.public_register", search=search),
        )


def _answer(
    office: Any, reference: str, *, compared: Compared | None = None, refusal: Refusal | None = None
) -> str | tuple[str, int]:
    found: Verified | None = None
    try:
        found = verify(office, reference)
    except Refusal as unknown:
        refusal = refusal or unknown
    page = render_template("verify.html", asked=reference, found=found, compared=compared, refusal=refusal)
    if refusal is None:
        return page
    return page, 422 if status_of(refusal) == 400 else status_of(refusal)
