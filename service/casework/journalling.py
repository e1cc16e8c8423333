"""The file of a case on the desk: the locked row, the lines to be written, and its new version.

Lines are collected and written together when the file is put back, so that an act costs one INSERT and one UPDATE.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.actors import Actor
from service.rules.refusals import Conflict, Missing
from service.rules.vocabulary import CaseState, JournalAction
from service.store.agenda import AgendaRow
from service.store.cases import CaseRow
from service.store.history import JournalLine
from service.store.records import Records

if TYPE_CHECKING:
    from service.casework.projection import Running


class CaseFile:
    """One locked case within a transaction. `version` runs ahead of the row as lines are written."""

    def __init__(self, row: CaseRow, *, new: bool = False) -> None:
        self.row = row
        self.new = new
        self.version = row.version
        self.lines: list[JournalLine] = []
        self.changes: dict[str, Any] = {}
        self.notices: list[AgendaRow] = []  # who is to be told of what; on the agenda with what else the act puts there
        self.running: Running | None = None  # the engine of this case, while somebody has it in hand

    @property
    def id(self) -> UUID:
        """The case's id."""
        return self.row.id

    def take_notices(self) -> list[AgendaRow]:
        """What is to be told and not on the agenda yet, for who writes the agenda now."""
        found, self.notices = self.notices, []
        return found

    def change(self, **columns: Any) -> None:
        """Columns of the case to be written when the file is put back."""
        self.changes.update(columns)


def write(
    records: Records,
    file: CaseFile,
    action: JournalAction,
    actor: Actor | str | None,
    *,
    element: str | None = None,
    task_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Note one act in the journal of a case; returns the case's new version. `actor` None: the system by rule."""
    file.version += 1
    file.lines.append(
        JournalLine(
            case_id=file.id,
            line=file.version,
            written_at=records.now,
            action=action.value,
            actor=actor.username if isinstance(actor, Actor) else actor,
            element=element,
            task_id=task_id,
            detail=detail or None,
        )
    )
    return file.version


def put_back(records: Records, file: CaseFile) -> None:
    """Write what was noted and changed: one INSERT of lines, one UPDATE of the case.

    A new case has been inserted already; it is written again only when lines were noted since then.
    """
    if (not file.new or file.version != file.row.version) and (file.changes or file.lines):
        records.cases.change(file.id, {**file.changes, "version": file.version})
    records.history.write(file.lines)
    records.agenda.add(file.take_notices())
    file.lines, file.changes = [], {}


def case_file(row: CaseRow | None, *, alive: bool = True) -> CaseFile:
    """The file of a row just locked. Refused: Missing CASE_NOT_FOUND; if `alive`, Conflict CASE_ENDED or CASE_SUSPENDED."""
    if row is None:
        raise Missing("CASE_NOT_FOUND", "没有这个办件")
    if alive:
        require_running(row)
    return CaseFile(row)


def require_running(row: CaseRow) -> None:
    """Refused: Conflict CASE_ENDED, CASE_SUSPENDED."""
    if row.ended_at is not None:
        raise Conflict("CASE_ENDED", "办件已经结束，不能再办理")
    if row.state == CaseState.SUSPENDED:
        raise Conflict("CASE_SUSPENDED", "办件已挂起，恢复后才能办理")
