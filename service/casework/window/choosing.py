"""What is there to apply for: found by initials, words, code or board; what a clerk keeps at hand and took in last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from service.casework.register.initials import initials
from service.casework.register.reading import found_by
from service.casework.window.desks import board_of, listed_windows, require_clerk, window_of
from service.casework.workbench import startable
from service.rules.refusals import Missing
from service.rules.windows import Window, able, in_words
from service.rules.worktime import SHANGHAI
from service.store.register import VersionRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

RECENT = 6
MOST = 40  # lines of one search


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something to apply for. `able`: this window takes it; `others`: else who does, in words. `code` empty: a chain."""

    key: str
    name: str
    code: str
    department: str
    board: str
    promised: int
    immediate: bool
    able: bool
    others: str
    favourite: bool


@dataclass(frozen=True, kw_only=True)
class WindowDesk:
    """What the desk shows. `window` None: nobody said yet at which; `windows`: those in use, none: nothing is routed."""

    window: Window | None
    windows: tuple[Window, ...]
    found: tuple[Choice, ...]
    more: int
    favourites: tuple[Choice, ...]
    recent: tuple[Choice, ...]
    taken_today: int
    now: datetime


def window_desk(office: Office, actor: Actor, *, window: str = "", search: str = "", board: str = "") -> WindowDesk:
    """The desk of a clerk. Refused: Forbidden WINDOW_ONLY, Missing WINDOW_UNKNOWN."""
    require_clerk(actor)
    versions = {one.key: one.name or one.key for one in startable(office, actor)}
    with office.reading() as records:
        mine = window_of(records, actor, window)
        windows = tuple(one for one in records.intakes.windows() if one.active)
        kept = records.intakes.favourites(actor.username)
        items = _items(records)
        every = _choices(records, items, versions, mine, windows, kept)
        last = [every[key] for key in records.intakes.recent(actor.username, RECENT) if key in every]
        morning = datetime.combine(records.now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
        taken = records.intakes.taken_since(mine.code, morning) if mine is not None else 0
        now = records.now
    found = [
        one for one in every.values()
        if (not board or one.board == board) and _matches(one, items.get(one.key), search)
    ] if search or board else []  # fmt: skip
    found.sort(key=lambda one: (not one.able, not one.favourite, bool(one.code), one.code, one.name))
    return WindowDesk(
        window=mine,
        windows=windows,
        found=tuple(found[:MOST]),
        more=max(0, len(found) - MOST),
        favourites=tuple(every[key] for key in kept if key in every),
        recent=tuple(last),
        taken_today=taken,
        now=now,
    )


def keep_favourite(office: Office, actor: Actor, key: str, *, keep: bool) -> None:
    """Keep a process at hand, or no longer. Refused: Forbidden WINDOW_ONLY, Missing DEFINITION_NOT_FOUND."""
    require_clerk(actor)
    if keep and all(one.key != key for one in startable(office, actor)):
        raise Missing("DEFINITION_NOT_FOUND", "没有流程“{key}”", key=key[:100])

    def attempt() -> None:
        with office.transaction() as records:
            records.intakes.keep_favourite(actor.username, key, keep)

    office.attempt(attempt)


def item_of_process(records: Records, key: str) -> VersionRow | None:
    """The item in use a process carries out, with its card; None: a chain, or a process without an item."""
    return _items(records).get(key)


def _items(records: Records) -> Mapping[str, VersionRow]:
    return {row.process: row for row in records.register.current(records.now, whole=True) if row.process}


def _choices(
    records: Records,
    items: Mapping[str, VersionRow],
    versions: Mapping[str, str],
    mine: Window | None,
    windows: tuple[Window, ...],
    kept: tuple[str, ...],
) -> dict[str, Choice]:
    departments = {one.code: one.name for one in records.people.departments()}
    made = {}
    for key, name in versions.items():
        row = items.get(key)
        board, code, listed = board_of(row), row.code if row is not None else "", listed_windows(row)
        fits = not windows or (mine is not None and mine.takes(board, code, listed))
        made[key] = Choice(
            key=key,
            name=row.name if row is not None else name,
            code=code,
            department=departments.get(row.department, row.department) if row is not None else "",
            board=board,
            promised=row.promised if row is not None else 0,
            immediate=row is not None and row.kind == "IMMEDIATE",
            able=fits,
            others="" if fits else in_words(able(windows, board, code, listed)),
            favourite=key in kept,
        )
    return made


def _matches(one: Choice, row: VersionRow | None, search: str) -> bool:
    words = search.casefold().split()
    if row is not None:
        return all(found_by(row, word, one.department) for word in words)
    named = f"{one.key} {one.name} {initials(one.name)}".casefold()
    return all(word in named for word in words)
