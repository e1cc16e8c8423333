"""窗口: a board of the hall each, and the items it takes; a 全能岗 takes every item of its board (SM-06)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.rules.item_words import ItemBoard
from service.rules.sentences import Sentence

SHOWN = 4  # windows named when several could take an item
BOARD_NAMES = {
    ItemBoard.APPROVAL: Sentence("行政审批"),
    ItemBoard.SERVICE: Sentence("政务服务"),
    ItemBoard.CONVENIENCE: Sentence("便民服务"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """One window. `general`: 全能岗; `items`: codes it takes beside those of its board, or all it takes."""

    code: str
    name: str
    board: str
    general: bool
    items: tuple[str, ...] = ()
    active: bool = True

    def takes(self, board: str, item: str, listed: Iterable[str] = ()) -> bool:
        """Whether an item of `board` is taken here; `listed`: windows the item's own card names. A chain has no code."""
        if not self.active:
            return False
        return (self.general and board == self.board) or item in self.items or self.code in listed


def able(windows: Iterable[Window], board: str, item: str, listed: Iterable[str] = ()) -> tuple[Window, ...]:
    """The windows that take an item, by number."""
    named = frozenset(listed)
    return tuple(sorted((one for one in windows if one.takes(board, item, named)), key=lambda one: one.code))


def in_words(windows: Iterable[Window]) -> str:
    """`W001、W002、W003、W004 等`: where somebody is sent."""
    codes = [one.code for one in windows]
    return "、".join(codes[:SHOWN]) + (" 等" if len(codes) > SHOWN else "")
