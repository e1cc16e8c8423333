"""Windows of the hall: at which one a clerk sits, and what it takes (SM-06, 依事项设窗)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from service.rules.item_words import ItemBoard
from service.rules.refusals import Conflict, FieldProblem, Forbidden, Invalid, Missing
from service.rules.sentences import Sentence
from service.rules.vocabulary import LedgerAction
from service.rules.windows import Window, able, in_words

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records
    from service.store.register import VersionRow

CLERKS = ("counter_clerk",)
KEEPERS = ("business_office",)  # windows are the centre's own affair (B.1 R18)
LONGEST_CODE, LONGEST_NAME = 10, 60
CODE_WRONG = Sentence("窗口编号应为 1 至 10 个字母或数字。")
NAME_WRONG = Sentence("请填写窗口名称，不超过 60 个字。")
BOARD_WRONG = Sentence("请选择板块。")
ITEM_UNKNOWN = Sentence("没有编码为 {item} 的事项。")
ITEMS_NONE = Sentence("专业窗口至少要有一个事项。")


def require_clerk(actor: Actor) -> None:
    """Refused: Forbidden WINDOW_ONLY."""
    if not actor.has(*CLERKS):
        raise Forbidden("WINDOW_ONLY", "只有综合窗口受理人员可以在窗口收件。")


def window_of(records: Records, actor: Actor, code: str = "") -> Window | None:
    """The window somebody works at: the one they chose, else the one their staff number names; None without any.

    Refused: Missing WINDOW_UNKNOWN (chosen, but there is no such window in use).
    """
    windows = {one.code: one for one in records.intakes.windows() if one.active}
    if code:
        if code not in windows:
            raise Missing("WINDOW_UNKNOWN", "没有编号为“{window}”的窗口，或者已停用。", window=code[:LONGEST_CODE])
        return windows[code]
    person = records.people.find(actor.username)
    return windows.get(person.staff_no or "") if person is not None else None


def board_of(row: VersionRow | None) -> str:
    """The board of an item; a chain belongs to 行政审批. `row` with its card."""
    return ItemBoard.APPROVAL.value if row is None else str(row.card.get("board") or ItemBoard.APPROVAL.value)


def listed_windows(row: VersionRow | None) -> Sequence[str]:
    """The windows the item's card names."""
    return () if row is None else tuple(str(one) for one in row.card.get("windows") or ())


def require_able(records: Records, window: Window | None, row: VersionRow | None, name: str) -> None:
    """Refused: Conflict WINDOW_CANNOT naming the windows that can, WINDOW_NEEDED when nobody said where. An installation
    without windows takes everything everywhere.
    """
    windows = [one for one in records.intakes.windows() if one.active]
    if not windows:
        return
    if window is None:
        raise Conflict("WINDOW_NEEDED", "请先选择您所在的窗口。")
    board, code, listed = board_of(row), row.code if row is not None else "", listed_windows(row)
    if not window.takes(board, code, listed):
        others = able(windows, board, code, listed)
        if not others:
            raise Conflict("WINDOW_NONE", "没有窗口可以受理“{item}”，请业务科配置窗口。", item=name)
        raise Conflict(
            "WINDOW_CANNOT", "{window}窗口不受理“{item}”，请到{others}窗口办理。",
            window=window.code, item=name, others=in_words(others),
        )  # fmt: skip


def window_list(office: Office, actor: Actor, *, item: str = "") -> tuple[Window, ...]:
    """Every window; with `item` (its code) those that take it. Refused: Forbidden WINDOWS_CLOSED, Missing ITEM_MISSING."""
    if not actor.has(*CLERKS, *KEEPERS, "supervisor", "system_admin", "leader"):
        raise Forbidden("WINDOWS_CLOSED", "您没有查看窗口的权限。")
    with office.reading() as records:
        windows = records.intakes.windows()
        if not item:
            return windows
        row = records.register.at(item, records.now)
    if row is None:
        raise Missing("ITEM_MISSING", "没有编码为 {item} 的事项。", item=item[:10])
    return able(windows, board_of(row), row.code, listed_windows(row))


def keep_window(office: Office, actor: Actor, window: Window) -> None:
    """Add a window, or change it; tickets and intake follow at once. The ledger says what.

    Refused: Forbidden WINDOWS_CLOSED; Invalid with every wrong field: WINDOW_CODE, WINDOW_NAME, WINDOW_BOARD, WINDOW_ITEMS.
    """
    if not actor.has(*KEEPERS):
        raise Forbidden("WINDOWS_CLOSED", "窗口由业务科配置。")

    def attempt() -> None:
        with office.transaction() as records:
            known = {row.code for row in records.register.current(records.now)}
            problems = _problems(window, known)
            if problems:
                raise Invalid(
                    "WINDOW_INVALID", "窗口有 {count} 处不正确。", fields=tuple(problems), count=len(problems)
                )
            records.intakes.put_windows([window])
            detail: dict[str, Any] = {
                "board": window.board, "general": window.general, "items": list(window.items), "active": window.active,
            }  # fmt: skip
            records.ledger.write(LedgerAction.WINDOW_KEPT, actor.username, window.code, detail)

    office.attempt(attempt)


def _problems(window: Window, known: set[str]) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    if not (window.code.isascii() and window.code.isalnum() and len(window.code) <= LONGEST_CODE):
        found.append(FieldProblem(field="code", code="WINDOW_CODE", text=CODE_WRONG.text))
    if not 0 < len(window.name) <= LONGEST_NAME:
        found.append(FieldProblem(field="name", code="WINDOW_NAME", text=NAME_WRONG.text))
    if window.board not in ItemBoard.__members__:
        found.append(FieldProblem(field="board", code="WINDOW_BOARD", text=BOARD_WRONG.text))
    strange = [one for one in window.items if one not in known]
    if strange or not (window.general or window.items):
        text = ITEM_UNKNOWN.text if strange else ITEMS_NONE.text
        params = (("item", strange[0][:20]),) if strange else ()
        found.append(FieldProblem(field="items", code="WINDOW_ITEMS", text=text, params=params))
    return found
