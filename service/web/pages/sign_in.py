"""登录 and 退出. Only this page, 时限试算, 文书核验 and the built files are shown to who is not signed in."""

from __future__ import annotations

import hmac
import time
from itertools import groupby
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from service.casework.identity.comings import failures_since
from service.casework.identity.directory import let_in_from, oidc_refused, provider_of, sign_in_anywhere
from service.casework.identity.factors import factors_of, second_step
from service.casework.identity.security_keys import begin_key_step, key_step
from service.casework.identity.sessions import begin_session, sign_out
from service.casework.workbench import demo_accounts_by_role
from service.rules.refusals import Forbidden, Refusal, Unauthenticated
from service.web.credentials import browser_actor, origin, site_of
from service.web.pages.addresses import safe_next
from service.web.statuses import status_of

OPEN = frozenset(
    {
        "pages.login",
        "pages.second_step",
        "pages.second_key",
        "pages.oidc_begin",
        "pages.oidc_back",
        "pages.built_file",
        "pages.switch_language",
        "pages.time_limit",
        "pages.time_limit_file",
        "pages.items",
        "pages.item",
        "pages.item_flow",
        "pages.item_picture",
        "pages.item_guide_file",
        "pages.item_versions",
        "pages.item_export",
        "pages.power_list",
        "pages.power_list_changes",
        "pages.fees",
        "pages.published_ratings",
        "pages.public_complaint",
        "pages.file_public_complaint",
    }
    | {
        "pages.progress",
        "pages.ask_progress",
        "pages.verify",
        "pages.verify_document",
        "pages.compare_document",
        "pages.public_register",
        "pages.help",
        "pages.manual",
        "pages.manual_picture",
    }
)
BEFORE = frozenset({"pages.logout", "pages.login", "pages.built_file", "pages.switch_language"})
ENROLLING = frozenset({"pages.begin_key", "pages.security_key"})
PENDING = "pending"  # in the signed cookie: who has given the password and owes the second factor
OUTSIDE = "outside"  # in the signed cookie: what has to come back from the provider
PATIENCE = 300  # seconds for that
DEMO_GROUPS = ("applicant", "counter_clerk", "agency_officer", "issue_clerk", "supervisor", "process_designer")


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, as Flask-Login knows people."""

    def __init__(self, actor: Any, token: str) -> None:
        self.actor, self.token = actor, token

    def get_id(self) -> str:
        """The token of the session, kept in the signed cookie."""
        return self.token


def register(app: Flask, pages: Blueprint, office: Any) -> None:
    """Knows who is signed in by the session the server keeps, and asks everybody else to sign in first."""
    app.config["PERMANENT_SESSION_LIFETIME"] = office.settings.identity.longest
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        actor = browser_actor(office)
        return SignedIn(actor, token) if actor is not None else None

    @pages.before_request
    def signed_in_first() -> Response | None:
        if request.endpoint == "pages.built_file":
            return None  # nobody is asked, nor the database: pages that tell of its absence have a style, too
        if request.endpoint in OPEN or current_user.is_authenticated:
            first = first_of_all(current_user.actor) if current_user.is_authenticated else None
            allowed = {*BEFORE, first, *(ENROLLING if first == "pages.second_factor" else ())}
            return redirect(url_for(first)) if first and request.endpoint not in allowed else None
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("pages.login", next=None if wanted in (None, "/") else wanted))

    @pages.route("/login", methods=["GET", "POST"])
    def login() -> Response | tuple[str, int] | str:
        if request.method == "GET":
            if current_user.is_authenticated:
                return redirect(safe_next(request.args.get("next")))
            return _page(office, None)
        username = request.form.get("username", "").strip()
        try:
            actor, way = sign_in_anywhere(office, username, request.form.get("password", ""), origin())
            if actor.service:
                raise _no_pages_for_programs()
        except Refusal as refusal:
            return _page(office, refusal), status_of(refusal)
        return go_on(actor, (way,), request.form.get("next"))

    def go_on(actor: Any, methods: tuple[str, ...], wanted: str | None) -> Response:
        """To the page that was wanted, or to the second step first."""
        if actor.second_factor and "elsewhere" not in methods:
            _clear()
            until = time.time() + PATIENCE
            session[PENDING] = {
                "username": actor.username, "stamp": actor.stamp, "until": until, "way": methods[0],
            }  # fmt: skip
            return redirect(url_for("pages.second_step", next=wanted or None))
        let_in(actor, methods)
        return redirect(safe_next(wanted))

    def back_address() -> str:
        return str(office.settings.public_url) + url_for("pages.oidc_back")

    @pages.get("/login/oidc", endpoint="oidc_begin")
    def begin() -> Response | tuple[str, int]:
        provider = provider_of(office)
        try:
            begun = provider.begin(back_address())
        except Refusal as refusal:
            return _page(office, refusal), status_of(refusal)
        session[OUTSIDE] = {
            "state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "next": request.args.get("next", ""),
        }  # fmt: skip
        return redirect(begun.address)

    @pages.get("/login/oidc/back", endpoint="oidc_back")
    def back() -> Response | tuple[str, int]:
        provider, kept = provider_of(office), session.pop(OUTSIDE, None) or {}
        try:
            if not kept or not hmac.compare_digest(kept["state"], request.args.get("state", "")):
                raise oidc_refused()
            outsider = provider.finish(
                back_address(),
                request.args.get("code", ""),
                nonce=kept["nonce"],
                verifier=kept["verifier"],
            )
            shown = provider.second_factor
            actor = let_in_from(office, outsider, provider.mapping, shown=shown)
        except Refusal as refusal:
            return _page(office, refusal), status_of(refusal)
        return go_on(actor, ("oidc", "elsewhere") if shown else ("oidc",), kept["next"])

    @pages.route("/login/second", methods=["GET", "POST"], endpoint="second_step")
    def second() -> Response | tuple[str, int] | str:
        pending = session.get(PENDING)
        if not pending or pending["until"] < time.time():
            session.pop(PENDING, None)
            return redirect(url_for("pages.login", next=request.values.get("next") or None))
        if request.method == "GET":
            return _second(office, pending, None)
        try:
            actor, method = shown_factor(pending)
        except Refusal as refusal:
            if refusal.code not in ("CODE_WRONG", "KEY_WRONG"):
                session.pop(PENDING, None)
                return _page(office, refusal), status_of(refusal)
            return _second(office, pending, refusal), status_of(refusal)
        let_in(actor, (pending["way"], method))
        return redirect(safe_next(request.form.get("next")))

    def shown_factor(pending: Any) -> tuple[Any, str]:
        username, stamp = pending["username"], pending["stamp"]
        if answer := request.form.get("credential", ""):
            return key_step(office, username, stamp, site_of(office), answer, origin()), "webauthn"
        return second_step(office, username, stamp, request.form.get("code", "")[:64], origin())

    @pages.post("/login/second/key", endpoint="second_key")
    def ask_key() -> Response:
        pending = session.get(PENDING)
        if not pending or pending["until"] < time.time():
            raise Unauthenticated("SIGN_IN_AGAIN", "请重新登录。")
        return Response(begin_key_step(office, pending["username"], site_of(office)), mimetype="application/json")

    @pages.post("/logout")
    def logout() -> Response:
        if current_user.is_authenticated:
            sign_out(office, current_user.actor)
        logout_user()
        _clear()
        return redirect(url_for("pages.login"))

    def let_in(actor: Any, methods: tuple[str, ...]) -> None:
        """A new session; nothing of what the cookie held before but the language."""
        failures = failures_since(office, actor.username)
        _clear()
        session.permanent = True
        if failures:
            flash(gettext("上次登录以后有 %(count)s 次登录失败。如果不是您本人，请修改密码。", count=failures), "warn")
        login_user(SignedIn(actor, begin_session(office, actor, origin(), methods)))


def first_of_all(actor: Any) -> str | None:
    """The page somebody has to deal with before any other."""
    if actor.must_change:
        return "pages.own_password"
    return "pages.second_factor" if actor.must_enrol else None


def acting() -> Any:
    """The actor behind this request."""
    return current_user.actor


def _page(office: Any, refusal: Refusal | None) -> str:
    accounts = demo_accounts_by_role(office)
    cast = [entry for entry in accounts if not entry[0].username[0].isdigit()]
    others = [entry for entry in accounts if entry[0].username[0].isdigit()]
    groups = [(None, cast)] if cast else []
    groups += [(name, list(found)) for name, found in groupby(others, key=lambda entry: entry[0].department_name)]
    return render_template(
        "sign_in.html",
        refusal=refusal,
        username=request.form.get("username", ""),
        next=request.values.get("next", ""),
        provider=office.provider,
        groups=groups,
    )


def _second(office: Any, pending: Any, refusal: Refusal | None) -> str:
    return render_template(
        "second_step.html",
        refusal=refusal,
        next=request.values.get("next", ""),
        kinds={str(one.kind) for one in factors_of(office, pending["username"]).factors},
    )


def _clear() -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def _no_pages_for_programs() -> Refusal:
    return Forbidden("SERVICE_ACCOUNT", "服务账号只能用于程序接口，不能登录网页。")
