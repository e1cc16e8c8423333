"""Files that others hand in: looked at by a process of its own that may neither last, grow nor take us down with it."""

from __future__ import annotations

from service.received.asking import Examined, examine, show_page

__all__ = ["Examined", "examine", "show_page"]
