"""What a paper is about: one case or one item of a chain, read once, for the builders of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.clockwork.book import clock_of
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.papers.authorities import authority_name
from service.casework.workbench.answers import call_scopes
from service.rules.clocks import Clock, ClockKind
from service.rules.counting import deadline
from service.rules.forms import entries_of, present
from service.rules.refusals import Refusal
from service.rules.stages import covers_stage
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.cases import CaseRow
from service.store.clocks import ClockRow
from service.store.history import JournalLine
from service.store.proceedings import ProceedingRow
from service.store.records import Records
from service.store.work import WorkRow
from service.store.workbench import PersonCard, Workbench

if TYPE_CHECKING:
    from service.engine import Program

NOT_REGISTERED = frozenset(
    {
        "applicant", "applicant_kind", "applicant_uscc", "contact", "phone", "email", "handed_in", "pick_up", "delivery",
        "receiver",
    }
)  # fmt: skip
MOST_REGISTERED = 14


@dataclass(frozen=True, kw_only=True)
class Step:
    """One task that has ended, with what was answered."""

    task: WorkRow
    answers: Mapping[str, Any]


class Subject:
    """A case, or the item of a chain that runs in a scope. Everything is read when first asked for."""

    def __init__(
        self,
        office: Office,
        records: Records,
        row: CaseRow,
        scope: UUID | None,
        *,
        file: CaseFile | None = None,
        values: Mapping[str, Any] | None = None,
        element: str | None = None,
    ) -> None:
        self.office, self.records, self.row, self.element = office, records, row, element
        self._file, self._given = file, values or {}
        self._asked_scope = scope

    @cached_property
    def _calls(self) -> dict[UUID, UUID | None]:
        return item_scopes(self._program, self.records, self.row)

    @cached_property
    def scope(self) -> UUID | None:
        """The hosting token of the item; sub-processes inside it belong to it."""
        asked = self._asked_scope
        return None if asked is None else self._calls.get(asked, asked)

    def has(self, scope: UUID | None) -> bool:
        """Whether something in this scope belongs to the subject."""
        return (self._calls.get(scope, scope) if scope is not None else None) == self.scope

    # -- what it is

    @cached_property
    def _program(self) -> Program:
        return self.office.programs.for_binding(self.records, self.row.binding_id, self.row.key)

    @cached_property
    def process(self) -> str:
        """Key of the process that runs there."""
        if self.scope is None:
            return self.row.key
        members = {value: key for key, value in Workbench(self.records).binding(self.row.binding_id).items()}
        called = dict(Workbench(self.records).calls_of(self.row.id))
        return members.get(called[self.scope], self.row.key) if self.scope in called else self.row.key

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """What the diagram says of the process."""
        return self._program.attributes(self.process)

    def drawn(self, element: str) -> Mapping[str, str]:
        """What the diagram says of an element, of a called supporting process too."""
        program = self._program
        supporting = [key for key in program.processes() if program.attributes(key).get("kind") == "SUPPORT"]
        cards = (program.elements(process).get(element) for process in (self.process, *supporting))
        return next((card.zw for card in cards if card is not None), {})

    @cached_property
    def item(self) -> str:
        """The name of the item."""
        definition = self._program.definition_id(self.process)
        return Workbench(self.records).definition_names({definition}).get(definition, self.process)

    @property
    def item_code(self) -> str:
        """事项编码, empty when the process is no item."""
        return self.attributes.get("item", "")

    @cached_property
    def department(self) -> str | None:
        """The department whose item it is: by the item's code, a chain's lead, or the department that decided."""
        code = self.item_code[:3] or self.attributes.get("lead", "")
        if code.isdigit() and len(code) == 3:
            return code
        deciding = [one.task.department for one in self.steps if one.task.stage == "APPROVE"]
        return deciding[-1] if deciding else None

    @cached_property
    def authority(self) -> str:
        """The full name of the department."""
        return authority_name(self.office, self.records, self.department or "201")

    # -- what was said

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The variables: of the case, of the item, and as they were when the paper was asked for."""
        found: dict[str, Any] = {}
        for wanted in (self.row.id, self.scope):
            found |= {
                one.name: one.value for one in self.records.variables.of_case(self.row.id) if one.scope_id == wanted
            }
        return {**found, **self._given}

    def text(self, *names: str) -> str:
        """The first of some variables that is a text and not empty."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return ""

    @property
    def applicant(self) -> str:
        """申请人."""
        return self.text("applicant", "owner", "applicant_name")

    @cached_property
    def journal(self) -> tuple[JournalLine, ...]:
        """The lines of the case, those of this transaction included."""
        return (*self.records.history.lines(self.row.id), *(self._file.lines if self._file is not None else ()))

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every task of the subject that has ended with a result, in order."""
        return tuple(one for one in self.every_step if self.has(one.task.scope_id))

    @cached_property
    def every_step(self) -> tuple[Step, ...]:
        """Every task of the case that has ended with a result, whatever item it belongs to, in order."""
        said = {
            line.task_id: (line.detail or {}).get("answers") or {}
            for line in self.journal
            if line.action == JournalAction.TASK_COMPLETED and line.task_id is not None
        }
        lines = {line.task_id: line.line for line in self.journal if line.task_id is not None}
        rows = Workbench(self.records).work_of_case(self.row.id)
        ended = [row for row in rows if row.ended_at is not None and row.outcome in ("COMPLETED", "TACIT")]
        return tuple(
            Step(task=row, answers=said.get(row.id, {}))
            for row in sorted(ended, key=lambda row: (row.ended_at or row.created_at, lines.get(row.id, 0)))
        )

    def last(
        self, *, stage: str | None = None, element: str | None = None, answering: str | None = None
    ) -> Step | None:
        """The latest step of a stage or an element; `answering`: that said something of this name."""
        found = [
            one
            for one in self.steps
            if (stage is None or covers_stage(one.task.stage, stage))
            and (element is None or one.task.element == element)
            and (answering is None or one.answers.get(answering) is not None)
        ]
        return found[-1] if found else None

    @cached_property
    def application(self) -> tuple[tuple[str, str], ...]:
        """What was applied for: label and value of every field of the item's form, without whom to call."""
        cards = self._program.elements(self.process).values()
        forms = self._program.forms(self.process)
        schema = next(
            (
                forms[one.form_key]
                for one in cards
                if one.kind == "startEvent" and one.form_key and one.form_key in forms
            ),
            None,
        )
        if schema is None:
            return ()
        values = dict(self.values)
        waiting = list(present(schema, entries_of(schema, values), data=values))
        found = []
        while waiting:
            block = waiting.pop(0)
            waiting[:0] = block.children
            told = block.name and block.name not in NOT_REGISTERED and not block.name.endswith("_id_no")
            if told and not block.hidden and block.shown not in ("", "—"):
                found.append((block.label, f"{_day_in_words(block.shown)}{block.suffix}"))
        return tuple(found[:MOST_REGISTERED])

    # -- time

    @property
    def today(self) -> date:
        """The day the paper is made."""
        return day_of(self.records.now)

    @cached_property
    def clocks(self) -> tuple[ClockRow, ...]:
        """The clocks of the subject in the order they started."""
        return tuple(row for row in self.records.clocks.of_case(self.row.id) if self.has(row.scope_id))

    def clock(self, *kinds: ClockKind) -> ClockRow | None:
        """The latest clock of the first of these kinds there is."""
        for kind in kinds:
            found = [row for row in self.clocks if row.kind == kind]
            if found:
                return found[-1]
        return None

    @property
    def main(self) -> ClockRow | None:
        """The clock whose days are the case's."""
        return self.clock(ClockKind.CASE, ClockKind.CHAIN, ClockKind.STATUTORY, ClockKind.RECEIPT)

    def due_of(self, clock: Clock) -> datetime | None:
        """When a clock ends; None while nobody knows."""
        try:
            end = deadline(self.records.calendar, clock)
        except Refusal:
            return None
        return None if end is None else end.at

    def due(self, row: ClockRow | None) -> date | None:
        """The day a limit ends, or ended when it has stopped."""
        if row is None:
            return None
        at = row.due_at or self.due_of(clock_of(row))
        return None if at is None else day_of(at)

    def reached(self, *marks: str) -> tuple[datetime, date] | None:
        """When the latest of some marks was reached, and the day that counts for it."""
        wanted = str(self.scope) if self.scope else None
        for line in reversed(self.journal):
            detail = line.detail or {}
            if (
                line.action == JournalAction.ITEM_REACHED
                and detail.get("mark") in marks
                and detail.get("scope") == wanted
            ):
                on = detail.get("on")
                return line.written_at, date.fromisoformat(on[:10]) if on else day_of(line.written_at)
        return None

    # -- people

    @cached_property
    def people(self) -> Mapping[str, PersonCard]:
        """Everybody who did something in it."""
        names = {one.task.ended_by for one in self.steps} | {self.row.started_by}
        return Workbench(self.records).people({name for name in names if name})

    def name(self, username: str | None) -> str:
        """The name of somebody; of nobody: the system by rule."""
        if not username:
            return "系统（按规则）"
        card = self.people.get(username) or Workbench(self.records).people({username}).get(username)
        return card.name if card is not None else username

    def proceedings(self, *kinds: str) -> tuple[ProceedingRow, ...]:
        """What went on beside the path, in order."""
        return tuple(one for one in self.records.proceedings.of_case(self.row.id, *kinds) if self.has(one.scope_id))


def item_scopes(program: Program, records: Records, row: CaseRow) -> dict[UUID, UUID | None]:
    """Scope → the hosting token of the item it belongs to; what a called supporting process does, its caller does."""
    found, bench = call_scopes(records, row.id), Workbench(records)
    keys = {definition_id: key for key, definition_id in bench.binding(row.binding_id).items()}
    supporting = {
        scope
        for scope, definition_id in bench.calls_of(row.id)
        if program.attributes(keys.get(definition_id, row.key)).get("kind") == "SUPPORT"
    }
    if not supporting:
        return found
    hosts = {one.id: one.scope_id for one in records.history.activities(row.id) if one.id in supporting}
    for scope, host in found.items():
        while host in hosts:
            outside = hosts[host]
            host = None if outside is None else found.get(outside, outside)
        found[scope] = host
    return found


def _day_in_words(text: str) -> str:
    """A day as documents write it: 2026年4月1日; anything else as it is."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    return text if day is None else f"{day.year}年{day.month}月{day.day}日"


def day_of(moment: datetime) -> date:
    """The day of an instant in China."""
    return moment.astimezone(SHANGHAI).date()
