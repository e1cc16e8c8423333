"""登录与安全: where one is signed in, and what one signs in with."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.identity.comings import recent_sign_ins
from service.casework.identity.factors import begin_totp, confirm_totp, new_codes, own_factors, remove_factor
from service.casework.identity.security_keys import begin_key, confirm_key
from service.casework.identity.sessions import end_other_sessions, end_own_session, own_sessions
from service.casework.identity.tokens import make_token, own_tokens, revoke_token
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal, Unauthenticated
from service.web.bodies import as_identity
from service.web.credentials import origin, site_of
from service.web.pages import labels
from service.web.pages.sign_in import acting
from service.web.pages.wording import say

BROWSERS = (  # the first that is found says what a browser calls itself
    (re.compile(r"\bEdg(?:e|A|iOS)?/"), "Edge"),
    (re.compile(r"\bMicroMessenger/"), "WeChat"),
    (re.compile(r"\b(?:OPR|Opera)/"), "Opera"),
    (re.compile(r"\bFirefox/"), "Firefox"),
    (re.compile(r"\bChrome/"), "Chrome"),
    (re.compile(r"\bSafari/"), "Safari"),
)
SYSTEMS = (
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"HarmonyOS|OpenHarmony"), "HarmonyOS"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"iPhone|iPad"), "iOS"),
    (re.compile(r"Mac OS X|Macintosh"), "macOS"),
    (re.compile(r"Linux|UOS|Kylin"), "Linux"),
)


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and its acts."""

    @pages.app_template_filter("browser")
    def browser(agent: str) -> str:
        return browser_words(agent)

    @pages.get("/account/security", endpoint="security")
    def show() -> str:
        return _page(office)

    @pages.route("/account/second-factor", methods=["GET", "POST"], endpoint="second_factor")
    def enrol() -> Response | str | tuple[str, int]:
        refusal = None
        try:
            if request.method == "POST":
                codes = confirm_totp(office, acting(), request.form.get("code", "")[:64])
                return render_template("admin/recovery_codes.html", codes=codes)
            enrolment = begin_totp(office, acting())
        except Conflict as there:
            flash(say(there), "warn")
            return redirect(url_for("pages.security"))
        except Invalid as wrong:
            refusal, enrolment = wrong, begin_totp(office, acting())
        problems = {one.field: one for one in (refusal.fields if refusal else ())}
        page = render_template(
            "admin/second_factor.html", enrolment=enrolment, refusal=refusal, problems=problems, given={}
        )
        return (page, 422) if refusal else page

    @pages.post("/account/second-factor/key/begin", endpoint="begin_key")
    def ask_key() -> Response:
        return Response(begin_key(office, acting(), site_of(office)), mimetype="application/json")

    @pages.post("/account/second-factor/key", endpoint="security_key")
    def take_key() -> Response | str:
        answer, name = request.form.get("credential", ""), request.form.get("name", "")
        try:
            codes = confirm_key(office, acting(), site_of(office), answer, name)
        except (Invalid, Conflict) as refusal:
            flash(say(refusal), "bad")
            return redirect(url_for("pages.second_factor" if acting().must_enrol else "pages.security"))
        if codes:
            return render_template("admin/recovery_codes.html", codes=codes)
        flash(gettext("安全密钥已启用。"), "good")
        return redirect(url_for("pages.security"))

    @pages.post("/account/security/<act>", endpoint="security_act")
    def see_to(act: str) -> Response | str | tuple[str, int]:
        code = request.form.get("code", "")[:64]
        try:
            return act_on(act, code)
        except (Unauthenticated, Invalid, Forbidden) as refusal:
            return _page(office, act=act, refusal=refusal), 403 if isinstance(refusal, Forbidden) else 422

    def act_on(act: str, code: str) -> Response | str:
        match act:
            case "token":
                given = request.form
                days = int(given.get("days", "")) if given.get("days", "").isdecimal() else 0
                _, token = make_token(
                    office,
                    acting(),
                    acting().username,
                    name=given.get("name", "")[:200],
                    scopes=given.getlist("scopes"),
                    days=days,
                )
                return _page(office, token=token)
            case "revoke":
                revoke_token(office, acting(), acting().username, as_identity(request.form.get("token", "")))
                flash(gettext("令牌已吊销。"), "good")
            case "codes":
                return _page(office, codes=new_codes(office, acting(), code, origin()))
            case "remove":
                remove_factor(office, acting(), as_identity(request.form.get("factor", "")), code, origin())
                flash(gettext("已停用。"), "good")
            case "session":
                end_own_session(office, acting(), as_identity(request.form.get("session", "")))
                flash(gettext("这次登录已结束。"), "good")
            case "others":
                count = end_other_sessions(office, acting())
                flash(gettext("已结束 %(count)s 次登录。", count=count), "good")
            case _:
                raise Missing("NOT_FOUND", "没有这个地址。")
        return redirect(url_for("pages.security"))


def _page(
    office: Any, *, act: str = "", refusal: Refusal | None = None, codes: tuple[str, ...] = (), token: str = ""
) -> str:
    return render_template(
        "admin/security.html",
        rules=office.settings.identity,
        sessions=own_sessions(office, acting()),
        comings=recent_sign_ins(office, acting()),
        own=own_factors(office, acting()),
        act=act,
        refusal=refusal,
        codes=codes,
        token=token,
        tokens=own_tokens(office, acting()),
        scopes=labels.TOKEN_SCOPES,
        given={"name": "", "days": "90"} | (request.form.to_dict() if act == "token" else {}),
        chosen=request.form.getlist("scopes") if act == "token" else ["read"],
        problems={one.field: one for one in (refusal.fields if refusal and act == "token" else ())},
    )


def browser_words(agent: str) -> str:
    """What somebody would call the browser and the system: Chrome, Windows."""
    found = [next((name for form, name in kinds if form.search(agent)), "") for kinds in (BROWSERS, SYSTEMS)]
    return gettext("、").join(name for name in found if name) or agent[:40] or "—"
