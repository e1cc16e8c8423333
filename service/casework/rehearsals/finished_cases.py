"""How a finished case would have gone in the new version, held against the same replay in the version it ran in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from service.casework.office import Office
from service.casework.rehearsals.staging import Staged
from service.engine import Program
from service.engine.migrating import Migration
from service.engine.rehearsing import Recorded, Replayed, replay
from service.rules.form_fields import fields
from service.rules.rehearsals import ReplayVerdict
from service.rules.vocabulary import JournalAction, TaskOutcome
from service.store.cases import CaseRow
from service.store.records import Records

OFF_THE_DIAGRAM = frozenset(
    {
        JournalAction.TASK_RETURNED,
        JournalAction.TOKEN_MOVED,
        JournalAction.CASE_REOPENED,
        JournalAction.CASE_MIGRATED,
        JournalAction.INSTANCE_REMOVED,
    }
)  # where people led a case beside its diagram, another diagram says nothing


def replay_case(office: Office, records: Records, staged: Staged, case_id: UUID) -> tuple[str, dict[str, Any]]:
    """The verdict with what differs; a step that goes on under another id is the same step. A case that does not even end the same way in its own version is not judged."""
    row = records.cases.find(case_id)
    if row is None or row.ended_at is None:
        return ReplayVerdict.NOT_PLAYED.value, {}
    lines = records.history.lines(case_id)
    if any(line.action in OFF_THE_DIAGRAM for line in lines):
        return ReplayVerdict.NOT_PLAYED.value, {"why": "LED"}
    own = office.programs.for_binding(records, row.binding_id, row.key)
    recorded = _recorded(records, row)
    every = records.variables.of_case(case_id)
    known = {one.name: one.value for one in every} | {one.name: one.value for one in every if one.scope_id == row.id}
    begun = _begun_with(own, row, {one.name: one.value for one in every if one.scope_id == row.id})
    about: dict[str, Any] = {"variables": begun, "known": known, "calendar": records.calendar, "now": row.started_at}
    old = replay(own, recorded, **about)
    if old.end is None or old.end != row.end_element:
        return ReplayVerdict.NOT_PLAYED.value, {"why": "EVENTS"}
    renamed = {one.old: one.new for one in Migration(own, staged.program).pairs() if one.new}
    told = [replace(one, element=renamed.get(one.element, one.element)) for one in recorded]
    new = replay(staged.program, told, **about, before=own)
    unasked = {renamed.get(one, one) for one in old.unasked}
    return _verdict(old, new, renamed).value, {
        "end": new.end,
        "was": old.end,
        "waits": [name for _, name in new.waits],
        "unasked": [_named(own, one) for one in new.unasked if one not in unasked],
        "missing": [list(one) for one in new.missing],
        "fault": list(new.fault) if new.fault is not None else None,
    }


def _verdict(old: Replayed, new: Replayed, renamed: Mapping[str, str]) -> ReplayVerdict:
    if new.fault is not None:
        return ReplayVerdict.FAILS
    if new.end is None:
        return ReplayVerdict.WAITS
    if new.end != renamed.get(old.end or "", old.end):
        return ReplayVerdict.OTHER_END
    if new.missing:
        return ReplayVerdict.DATA_MISSING
    passed = tuple(renamed.get(one, one) for one in old.passed)
    return ReplayVerdict.SAME if new.passed == passed else ReplayVerdict.OTHER_WAY


def _recorded(records: Records, row: CaseRow) -> list[Recorded]:
    """What happened, in its order: tasks with what was said, events that came."""
    lines = records.history.lines(row.id)
    said = {line.task_id: (line.detail or {}).get("answers") or {} for line in lines if line.task_id is not None}
    places = {line.task_id: line.line for line in lines if line.action == JournalAction.TASK_COMPLETED}
    found: list[tuple[datetime, int, Recorded]] = []
    for one in records.rehearsals.tasks_of(row.id):
        if one.ended_at is not None and one.outcome in (TaskOutcome.COMPLETED, TaskOutcome.TACIT):
            tacit = one.outcome == TaskOutcome.TACIT
            done = Recorded(element=one.element, answers=said.get(one.id, {}), tacit=tacit)
            found.append((one.ended_at, places.get(one.id, 0), done))
    for event in records.history.activities(row.id):
        if event.ended_at is not None and event.outcome == "COMPLETED":
            found.append((event.ended_at, 0, Recorded(element=event.element, task=False)))
    return [one for _, _, one in sorted(found, key=lambda one: one[:2])]


def _begun_with(program: Program, row: CaseRow, values: dict[str, Any]) -> dict[str, Any]:
    """What its start form asked, as the case knew it at its end; without a form everything that no element wrote."""
    cards = program.elements(row.key)
    forms = program.forms(row.key)
    asked = {
        field.path[0]
        for card in cards.values()
        if card.kind == "startEvent"
        for field in fields(forms.get(card.form_key or "", {}))
    }
    return {name: value for name, value in values.items() if (name in asked if asked else name not in cards)}


def _named(program: Program, element: str) -> str:
    for key in program.processes():
        card = program.elements(key).get(element)
        if card is not None:
            return card.name or element
    return element
