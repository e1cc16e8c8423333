"""How often one place may ask what needs no account."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

from werkzeug.exceptions import TooManyRequests

ASKS, WITHIN, PLACES = 30, 60.0, 10_000  # questions, in seconds, of so many places that are remembered


class Patience:
    """How often one place may ask: thirty questions a minute. Kept in memory, for each process by itself."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, place: str) -> None:
        """Count a question. Raises TooManyRequests."""
        now = time.monotonic()
        with self._lock:
            asked = self._asked.setdefault(place, deque())
            self._asked.move_to_end(place)
            while asked and asked[0] < now - WITHIN:
                asked.popleft()
            if len(asked) >= ASKS:
                raise TooManyRequests
            asked.append(now)
            while len(self._asked) > PLACES:
                self._asked.popitem(last=False)
