"""What a case knows that a message may say: its item, its number, its stage, when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.messages.receivers import said
from service.rules.message_values import STAGES, item_said, left_said, until_said
from service.rules.numbers import short, shown

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.store.cases import CaseRow
    from service.store.records import Records
    from service.store.tasks import TaskRow

PROJECT = ("project_name",)
SAID = PROJECT
SHORT = "short"  # zw: attribute of a process, the item's short name


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A case, or an item of it, as messages speak of it.

    `known`: variables as `Messages.variables` gives them; `numbers`: 受理号 as `Documents.acceptance_numbers` does.
    """

    case: CaseRow
    scope: UUID | None
    process: str
    known: Mapping[tuple[UUID, UUID, str], Any]
    numbers: Mapping[tuple[UUID, UUID], str]

    def values(self, office: Office, records: Records) -> dict[str, str]:
        """The places that follow from the case alone."""
        program = office.programs.for_binding(records, self.case.binding_id, self.case.key)
        process = self.process if self.process in program.processes() else self.case.key
        if program.attributes(process).get("kind") == "SUPPORT":  # called: it is the case that is spoken of
            process = self.case.key
        number = self.number()
        return {
            "item": item_said(program.attributes(process).get(SHORT), program.name(process)),
            "short": short(number),
            "number": shown(number),
            "project": self._first(PROJECT) or program.name(process),
        }

    def number(self) -> str:
        """The 受理号, before there is one the 收件号."""
        id = self.case.id
        own = self.numbers.get((id, self.scope or id)) or self.numbers.get((id, id))
        return own or self.case.business_key or id.hex[:8].upper()

    def _first(self, names: tuple[str, ...]) -> str:
        return next((text for name in names if (text := said(self.case.id, self.scope, name, self.known))), "")


def task_values(records: Records, row: TaskRow, at: datetime) -> dict[str, str]:
    """The places that follow from a task; `at`: when what is told has happened."""
    values = {"stage": STAGES.get(row.stage or "", row.name[:4])}
    if row.department:
        values["department"] = row.department
    if row.due_at is not None:
        values["until"] = until_said(row.due_at)
        values["left"] = left_said(records.calendar, at, row.due_at)
    return values
