"""Who sends a request: HTTP Basic or a token for programs, the session of our pages for browsers."""

from __future__ import annotations

from flask import request, session

from service.casework.actors import Actor, Origin
from service.casework.identity.security_keys import Site
from service.casework.identity.sessions import session_actor
from service.casework.identity.tokens import token_actor
from service.casework.office import Office
from service.casework.signing_in import sign_in
from service.rules.refusals import Forbidden, Unauthenticated
from service.rules.token_scopes import scope_of
from service.web.budgets import admitted

CHALLENGE = 'Basic realm="lianban", charset="UTF-8"'


SIGNED_IN = "_user_id"  # where the sign-in page keeps the token of the session, in the signed cookie


def origin() -> Origin:
    """Where the request came from; behind a proxy only if it is a trusted one (LIANBAN_TRUSTED_PROXY)."""
    return Origin(address=(request.remote_addr or "")[:45], agent=request.headers.get("User-Agent", "")[:200])


def browser_actor(office: Office) -> Actor | None:
    """Who is signed in at the browser, None when nobody is."""
    token = session.get(SIGNED_IN)
    actor = session_actor(office, token) if isinstance(token, str) else None
    return admitted(office, actor) if actor is not None else None


def program_actor(office: Office) -> Actor:
    """The actor of the Authorization header: a token, for what its scope holds, or a username with its password.

    Refused as `basic_actor`, `admitted`; Unauthenticated TOKEN_INVALID; Forbidden TOKEN_SCOPE.
    """
    given = request.authorization
    if given is None or given.type != "bearer":
        return admitted(office, basic_actor(office))
    return admitted(
        office, ready(token_actor(office, given.token or "", scope_of(request.method, request.path), origin()))
    )


def basic_actor(office: Office) -> Actor:
    """The actor of the Authorization header. Unauthenticated: CREDENTIALS_REQUIRED, SIGN_IN_FAILED, ACCOUNT_LOCKED,
    ADDRESS_LOCKED. Forbidden: PASSWORD_MUST_CHANGE, SECOND_FACTOR_NEEDED, SECOND_FACTOR_MISSING."""
    given = request.authorization
    if given is None or given.type != "basic" or not given.username:
        raise Unauthenticated("CREDENTIALS_REQUIRED", "请用 HTTP Basic 提供用户名和密码，或用 Bearer 提供令牌。")
    actor = sign_in(office, given.username, given.password or "", origin())
    if actor.second_factor:
        raise Forbidden(
            "SECOND_FACTOR_NEEDED", "这个账号启用了第二种验证方式，程序接口请使用令牌（Authorization: Bearer）。"
        )
    return ready(actor)


def ready(actor: Actor) -> Actor:
    """Refused: Forbidden PASSWORD_MUST_CHANGE, SECOND_FACTOR_MISSING."""
    if actor.must_change:
        raise Forbidden("PASSWORD_MUST_CHANGE", "初始密码或过期的密码须先在网页上修改，才能使用程序接口。")
    if actor.must_enrol:
        raise Forbidden("SECOND_FACTOR_MISSING", "您的角色须先在网页上启用第二种验证方式，才能使用程序接口。")
    return actor


def site_of(office: Office) -> Site:
    """The site a security key is for: the public address where there is one, else what the browser has asked."""
    return Site(origin=office.settings.origin or request.host_url.rstrip("/"))


def refuse_other_sites() -> None:
    """A browser that remembers credentials must not lend them to a page of another site. Forbidden CROSS_SITE."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.headers.get("Sec-Fetch-Site") in (
        "cross-site",
        "same-site",
    ):
        raise Forbidden("CROSS_SITE", "不接受从其他网站发出的请求。")
