"""综合窗口: the desk of a clerk, with what to apply for, favourites, and what still waits for an outcome."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from service.casework.window.choosing import keep_favourite, window_desk
from service.casework.window.desks import keep_window, window_list
from service.casework.window.slip import slip_code, slip_of
from service.casework.window.waiting import ONLINE, waiting
from service.rules.item_words import ItemBoard
from service.rules.refusals import Invalid, Missing, Refusal
from service.rules.windows import BOARD_NAMES, Window
from service.web.pages.addresses import safe_next
from service.web.pages.paging import Address, page_wanted
from service.web.pages.sign_in import acting
from service.web.pages.window_seat import chosen_window, sit_at


def register(pages: Blueprint, office: Any) -> None:
    """Adds the desk, its search, favourites, the list of windows and the receipt of a case."""

    @pages.get("/window", endpoint="window")
    def desk() -> str:
        at = request.args.get("at", "")[:10]
        words = request.args.get("w", "").strip()[:60]
        return render_template(
            "window.html",
            desk=_desk(office),
            asked=_asked(),
            boards=BOARD_NAMES,
            waiting=waiting(office, acting(), at=at, search=words, page=page_wanted()),
            at=at,
            words=words,
            online=ONLINE,
            address=Address("pages.window", at=at, w=words),
        )

    @pages.get("/window/items", endpoint="window_items")
    def items() -> str:
        return render_template("parts/window_items.html", desk=_desk(office), asked=_asked())

    @pages.post("/window/here", endpoint="window_here")
    def here() -> Answer:
        code = request.form.get("window", "")[:10]
        window_desk(office, acting(), window=code)
        sit_at(code)
        return redirect(safe_next(request.form.get("next") or url_for("pages.window")))

    @pages.post("/window/favourites", endpoint="window_favourite")
    def favourite() -> Answer:
        keep_favourite(office, acting(), request.form.get("key", "")[:255], keep=request.form.get("keep") == "1")
        return redirect(safe_next(request.form.get("next") or url_for("pages.window")))

    @pages.get("/window/cases/<uuid:case_id>/slip", endpoint="window_slip")
    def slip(case_id: UUID) -> str:
        return render_template("window_slip.html", slip=slip_of(office, acting(), case_id), boards=BOARD_NAMES)

    @pages.get("/window/cases/<uuid:case_id>/qr.svg", endpoint="window_qr")
    def code(case_id: UUID) -> Response:
        answer = Response(slip_code(office, acting(), case_id), mimetype="image/svg+xml")
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    @pages.get("/windows", endpoint="windows")
    def windows() -> str:
        return _windows(office, {})

    @pages.post("/windows", endpoint="keep_window")
    def keep() -> Answer | tuple[str, int]:
        given = {name: text.strip() for name, text in request.form.items() if name != "csrf_token"}
        wanted = Window(
            code=given.get("code", "").upper(),
            name=given.get("name", ""),
            board=given.get("board", ""),
            general=given.get("general") == "1",
            items=tuple(given.get("items", "").replace(",", " ").replace("，", " ").split()),
            active=given.get("active") == "1",
        )
        try:
            keep_window(office, acting(), wanted)
        except Invalid as refusal:
            return _windows(office, given, refusal), 422
        flash(gettext("窗口 %(window)s 已保存。", window=wanted.code), "good")
        return redirect(url_for("pages.windows"))


def _desk(office: Any) -> Any:
    asked = _asked()
    try:
        return window_desk(office, acting(), window=chosen_window(), search=asked["q"], board=asked["board"])
    except Missing:  # the window of the session was closed meanwhile
        sit_at("")
        return window_desk(office, acting(), search=asked["q"], board=asked["board"])


def _asked() -> dict[str, str]:
    board = request.args.get("board", "")
    return {
        "q": request.args.get("q", "").strip()[:60],
        "board": board if board in ItemBoard.__members__ else "",
        "ticket": request.args.get("ticket", "").strip()[:20],
    }


def _windows(office: Any, given: dict[str, str], refusal: Refusal | None = None) -> str:
    found = window_list(office, acting())
    code = given.get("code") or request.args.get("code", "")
    one = next((window for window in found if window.code == code), None)
    if one is not None and not given:
        given = {
            "code": one.code,
            "name": one.name,
            "board": one.board,
            "general": "1" if one.general else "",
            "items": " ".join(one.items),
            "active": "1" if one.active else "",
        }
    return render_template(
        "windows.html",
        windows=found,
        given=given or {"active": "1"},
        boards=BOARD_NAMES,
        may_keep=acting().has("business_office"),
        problems={problem.field: problem for problem in (refusal.fields if refusal else ())},
    )
