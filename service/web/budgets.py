"""How often one account or one address may ask before it is told to wait (429 with `Retry-After`).

Counted in the memory of each process (`limits`): with several nodes behind a proxy everybody has so many at each of them. The
machine itself is not counted: behind a proxy on it that is not named (LIANBAN_TRUSTED_PROXY) everybody comes from there.
"""

from __future__ import annotations

import re
import time

from flask import Flask, current_app, g, request, session
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.networks import within
from service.rules.refusals import Forbidden, TooMany
from service.rules.roles import ADMINISTRATORS
from service.settings.rates import RateRules

THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
UNCOUNTED = re.compile(r"/static/|/(healthz|readyz|metrics)$")
HEAVY = re.compile(
    r"export|\.(pdf|zip|csv|xlsx)$|/upload|/import|/deployment/create$|/processes/(lint|submit)|/rehearsal|/preview|/print$|/verify$"
)


class Budgets:
    """The counters of one process."""

    def __init__(self, rules: RateRules) -> None:
        self.rules = rules
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def take(self, kind: str, who: str) -> None:
        """Count a request of a kind (a name in RateRules). Refused: TooMany TOO_MANY_REQUESTS with the seconds to wait."""
        most: int = getattr(self.rules, kind)
        if most:
            self.take_of(RateLimitItemPerMinute(most), kind, who)

    def take_of(self, limit: RateLimitItem, kind: str, who: str) -> None:
        """Count a request against a limit of its own."""
        if not self._limiter.hit(limit, kind, who):
            again = self._limiter.get_window_stats(limit, kind, who).reset_time
            seconds = max(1, round(again - time.time()))
            raise TooMany("TOO_MANY_REQUESTS", "请求过于频繁，请 {seconds} 秒后再试。", seconds=seconds)


def register(app: Flask, office: Office) -> None:
    """Counts who is not signed in, before anything is done for them."""
    app.extensions["budgets"] = Budgets(office.settings.rates)

    @app.before_request
    def count_strangers() -> None:
        if UNCOUNTED.search(request.path) or request.remote_addr in THIS_MACHINE:
            return
        if request.authorization is None and "_user_id" not in session:
            app.extensions["budgets"].take("address", request.remote_addr or "")


def admitted(office: Office, actor: Actor) -> Actor:
    """The actor, counted once a request. Refused: TooMany; Forbidden ADMIN_ADDRESS for 三员 from elsewhere (LIANBAN_ADMIN_ADDRESSES)."""
    if g.get("admitted") == actor.username or request.routing_exception is not None:
        return actor  # a page that says there is no such address asks who is there only while it is drawn
    g.admitted = actor.username  # who is refused is told so on a page, which asks again who is there
    if actor.has(*ADMINISTRATORS) and not within(request.remote_addr or "", office.settings.admin_addresses):
        raise Forbidden("ADMIN_ADDRESS", "管理员账号只能在规定的网络地址使用。")
    if UNCOUNTED.search(request.path):
        return actor
    budgets: Budgets = current_app.extensions["budgets"]
    budgets.take("program" if actor.service else "person", actor.username)
    if not actor.service and HEAVY.search(request.path):
        budgets.take("heavy", actor.username)
    return actor
