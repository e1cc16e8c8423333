"""What many evaluations may take together: each of them is bounded, but a file may hold thousands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .errors import FeelError

SLOW = 0.005  # seconds; ordinary expressions take a hundredth of it
DEAR = 20  # what is slow is counted so many times: a few are nobody's harm, hundreds are meant


class Allowance:
    """Seconds of the processor that are left."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def check(self) -> None:
        """Refused: FEEL_TIME when nothing is left."""
        if self.left <= 0:
            raise FeelError(
                "FEEL_TIME", "表达式过多或过于复杂，合计计算超时", "all expressions together take too much time"
            )

    def take(self, seconds: float) -> None:
        """What one evaluation took."""
        self.left -= seconds if seconds < SLOW else seconds * DEAR


_current: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def allowance(seconds: float) -> Iterator[None]:
    """Everything evaluated within takes at most about so long together, then FEEL_TIME; an outer allowance counts alone."""
    if _current.get() is not None:
        yield
        return
    token = _current.set(Allowance(seconds))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def taking() -> Iterator[None]:
    """One evaluation, on the account of the allowance there is. Refused: FEEL_TIME."""
    current = _current.get()
    if current is None:
        yield
        return
    current.check()
    began = time.thread_time()
    try:
        yield
    finally:
        current.take(time.thread_time() - began)
