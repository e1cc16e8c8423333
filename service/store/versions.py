"""What is counted and placed by, the calendars and the staff, each with a version: one row of `setting`.

A process may keep what it has read for as long as the version stays the same. That of the calendars is held as well:
whoever counts in a transaction reads it under a shared lock, whoever changes a calendar takes the row alone, so that no
limit is counted by days another node has already replaced. That of the staff is not: somebody may fall ill at any instant,
and whoever recorded it could wait for ever while others complete their tasks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Executable, bindparam, select

from service.store.schema import setting

if TYPE_CHECKING:
    from service.store.records import Records

CALENDARS, STAFF = "calendar_version", "staff_version"
UNCOUNTED = (
    "uncounted"  # a row nobody ever changes: what an act on a case without clocks holds in place of the calendars'
)
_READ = select(setting.c.value).where(setting.c.name == bindparam("wanted"))
_SHARE = _READ.with_for_update(read=True)
_HOLD = _READ.with_for_update()


class Versions:
    """The versions as one transaction sees them, each asked for once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: dict[str, int] = {}

    def of(self, name: str) -> int:
        """Grows with every change. In a transaction that writes, that of the calendars stays what it is until the end."""
        if name not in self._known:
            held = self._records.writes and name == CALENDARS
            self._known[name] = self._read(_SHARE if held else _READ, name)
        return self._known[name]

    def hold(self, name: str) -> None:
        """Keep everybody from counting until this transaction has ended; waits for those who are at it."""
        self._known[name] = self._read(_HOLD, name)

    def note(self, name: str, version: int) -> None:
        """It was read under the lock together with something else, or this transaction has changed it."""
        self._known[name] = version

    def _read(self, statement: Executable, name: str) -> int:
        return next((int(row["value"]) for row in self._records.read(statement, {"wanted": name})), 0)
