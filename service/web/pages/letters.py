"""授权委托书 and 回避申报: the register of letters with who has none, and one's own declarations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer
from werkzeug.wsgi import wrap_file

from service.casework.letters import (
    LetterForm,
    activate_letter,
    declare_relative,
    letter_page,
    letter_scan,
    register_letter,
    relative_page,
    withdraw_letter,
)
from service.casework.letters.reading import VIEWS
from service.rules.refusals import Conflict, Forbidden, Missing, Refusal
from service.web.downloads import disposition
from service.web.pages import columns, listing
from service.web.pages.days import read_day
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of

INERT = "default-src 'none'; sandbox; frame-ancestors 'none'"
MOST_ITEMS = 200


def register(pages: Blueprint, office: Any) -> None:
    """Adds the register, a new letter, its acts and its scan; declarations."""

    def load(number: int) -> listing.OnePage:
        view, department = _filters()
        page = letter_page(office, acting(), view=view, department=department or None, page=number)
        return listing.OnePage(
            items=page.lines, total=page.total, page=page.page, pages=page.pages, more={"page": page}
        )

    listed = listing.declare(
        pages,
        listing.Listed(name="letters", words=lazy_gettext("授权委托书"), load=load, columns=columns.LETTERS),
    )

    @pages.get("/letters")
    def letters() -> str:
        view, department = _filters()
        found = listing.shown(listed)
        return render_template(
            "letters.html",
            found=found,
            page=found.more["page"],
            department=department,
            address=Address("pages.letters", view=None if view == "now" else view, department=department),
        )

    @pages.get("/letters/new")
    def new_letter() -> str:
        return _form(office, None)

    @pages.post("/letters", endpoint="register_letter")
    def enter() -> Answer | tuple[str, int]:
        sent = request.files.get("scan")
        try:
            row = register_letter(
                office,
                acting(),
                _asked(),
                sent.stream if sent is not None and sent.filename else None,
                (sent.filename or "") if sent is not None else "",
            )
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _form(office, refusal), 422 if status == 400 else status
        flash(gettext("授权委托书 %(number)s 已登记，等待安全管理员生效。", number=row.number), "good")
        return redirect(url_for("pages.letters"))

    @pages.post("/letters/<uuid:letter_id>/<any(activate, withdraw):act>", endpoint="letter_act")
    def handle(letter_id: UUID, act: str) -> Answer:
        try:
            if act == "activate":
                row = activate_letter(office, acting(), letter_id)
                flash(gettext("授权委托书 %(number)s 已生效。", number=row.number), "good")
            else:
                row = withdraw_letter(office, acting(), letter_id, request.form.get("reason", ""))
                flash(gettext("授权委托书 %(number)s 已撤回。", number=row.number), "good")
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            flash(say(refusal), "bad")
        return redirect(url_for("pages.letters", department=request.form.get("department") or None))

    @pages.get("/letters/<uuid:letter_id>/scan", endpoint="letter_scan")
    def scan(letter_id: UUID) -> Response:
        row, stream = letter_scan(office, acting(), letter_id)
        response = Response(wrap_file(request.environ, stream), mimetype=row.scan_type, direct_passthrough=True)
        response.call_on_close(stream.close)
        response.headers["Content-Disposition"] = disposition("attachment", row.scan_name)
        response.headers["Content-Security-Policy"] = INERT
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @pages.get("/relatives")
    def relatives() -> str:
        return _relatives(office, None)

    @pages.post("/relatives", endpoint="declare_relative")
    def declare() -> Answer | tuple[str, int]:
        given = {name: text.strip()[:200] for name, text in request.form.items()}
        try:
            declare_relative(
                office,
                acting(),
                kind=given.get("kind", ""),
                name=given.get("name", ""),
                identity=given.get("identity", ""),
            )
        except Forbidden:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _relatives(office, refusal), 422 if status == 400 else status
        flash(gettext("已申报，涉及该人的任务不再分给您。"), "good")
        return redirect(url_for("pages.relatives"))


def _form(office: Any, refusal: Refusal | None) -> str:
    department = request.values.get("department", "").strip()[:8] or None
    page = letter_page(office, acting(), draft_for=department)
    if page.offered is None:
        raise Forbidden("LETTER_FORBIDDEN", "只有部门主要负责人和业务科可以登记、撤回本部门的授权委托书")
    return render_template(
        "letter_new.html",
        page=page,
        given=request.form,
        chosen=request.form.getlist("items"),
        powers=request.form.getlist("powers") if request.form else [one.value for one in page.powers],
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
        conflict=isinstance(refusal, Conflict),
    )


def _relatives(office: Any, refusal: Refusal | None) -> str:
    return render_template(
        "relatives.html",
        page=relative_page(office, acting()),
        given=request.form,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )


def _filters() -> tuple[str, str]:
    view = request.args.get("view", "now")
    return view if view in VIEWS else "now", request.args.get("department", "")[:8]


def _asked() -> LetterForm:
    """What was sent. Refused: FIELD_INVALID for a day that is none."""
    given = {name: text.strip()[:200] for name, text in request.form.items()}
    return LetterForm(
        department=given.get("department", ""),
        grantor=given.get("grantor", ""),
        grantee=given.get("grantee", ""),
        deputy=given.get("deputy", ""),
        items=tuple(request.form.getlist("items")[:MOST_ITEMS]),
        powers=tuple(request.form.getlist("powers")[:MOST_ITEMS]),
        valid_from=read_day("valid_from", given.get("valid_from", "")),
        valid_to=read_day("valid_to", given.get("valid_to", "")),
    )
