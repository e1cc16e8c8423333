"""登录与安全: where one is signed in, and what one signs in with."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.identity.sessions import end_other_sessions, end_own_session, own_sessions
from service.rules.refusals import Missing
from service.web.bodies import as_identity
from service.web.pages.sign_in import acting

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
        return render_template(
            "admin/security.html",
            rules=office.settings.identity,
            sessions=own_sessions(office, acting()),
        )

    @pages.post("/account/security/<act>", endpoint="security_act")
    def see_to(act: str) -> Response:
        match act:
            case "session":
                end_own_session(office, acting(), as_identity(request.form.get("session", "")))
                flash(gettext("这次登录已结束。"), "good")
            case "others":
                count = end_other_sessions(office, acting())
                flash(gettext("已结束 %(count)s 次登录。", count=count), "good")
            case _:
                raise Missing("NOT_FOUND", "没有这个地址。")
        return redirect(url_for("pages.security"))


def browser_words(agent: str) -> str:
    """What somebody would call the browser and the system: Chrome, Windows."""
    found = [next((name for form, name in kinds if form.search(agent)), "") for kinds in (BROWSERS, SYSTEMS)]
    return gettext("、").join(name for name in found if name) or agent[:40] or "—"
