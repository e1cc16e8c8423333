"""How often one place may ask what needs no account: thirty questions a minute, whatever else is allowed."""

from __future__ import annotations

from flask import current_app
from limits import RateLimitItemPerMinute

from service.web.budgets import Budgets

ASKS = 30
MINUTE = RateLimitItemPerMinute(ASKS)


class Patience:
    """Questions of one page; kept in memory, for each process by itself."""

    def __init__(self, page: str) -> None:
        self.page = page

    def take(self, place: str) -> None:
        """Count a question. Refused: TooMany TOO_MANY_REQUESTS."""
        budgets: Budgets = current_app.extensions["budgets"]
        budgets.take_of(MINUTE, self.page, place)
