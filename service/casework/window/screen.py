"""What the one screen of intake asks: the application, the checklist, and the conclusion of the window's own desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from service.casework.clockwork.book import day_of
from service.casework.materials.opening import checklist
from service.casework.register.rows import card_of
from service.casework.starting import wanted_definition
from service.casework.window.choosing import item_of_process
from service.casework.window.desks import require_able, require_clerk, window_of
from service.rules.items import Material
from service.rules.materials import Listed, kind_of
from service.rules.receipt import NOTICE_DAYS
from service.rules.stages import IMMEDIATE, stage_word
from service.rules.windows import Window
from service.rules.worktime import CalendarMissing

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.engine import ElementCard, Program

ACCEPTING = ("ACCEPT", IMMEDIATE)
MADE_HERE = frozenset({"handed_in", "materials", "gaps"})  # fields the checklist of the screen answers


@dataclass(frozen=True, kw_only=True)
class ListedMaterial:
    """One line of the checklist with what the register says of it; `card` None: the register does not know it."""

    listed: Listed
    card: Material | None

    @property
    def conditional(self) -> bool:
        """Whether it is needed under a condition only."""
        return self.card is not None and self.card.condition != ""

    @property
    def deferrable(self) -> bool:
        """容缺: whether it may come later."""
        return self.card is not None and bool(self.card.defer_days)


@dataclass(frozen=True, kw_only=True)
class Screen:
    """Everything the screen asks. `desk` None: this clerk may take the application in, but not conclude.

    `latest`: the last day of the promise when it is accepted today (XN-10); `deemed_on`: when silence would accept it.
    """

    key: str
    name: str
    code: str
    form: Mapping[str, Any] | None
    desk: Mapping[str, Any] | None
    desk_name: str
    immediate: bool
    minutes: int | None
    lines: tuple[ListedMaterial, ...]
    window: Window | None
    latest: date | None
    deemed_on: date | None
    opened_at: datetime


def intake_screen(office: Office, actor: Actor, key: str, *, window: str = "") -> Screen:
    """The screen of one process at one window.

    Refused: Forbidden WINDOW_ONLY; Missing DEFINITION_NOT_FOUND, WINDOW_UNKNOWN; Conflict WINDOW_CANNOT, WINDOW_NONE, WINDOW_NEEDED.
    """
    require_clerk(actor)
    with office.transaction() as records:
        definition = wanted_definition(records, key=key)
        row = item_of_process(records, key)
        mine = window_of(records, actor, window)
        require_able(records, mine, row, definition.name or key)
        _, program = office.programs.bind(records, definition.id)
        plain_start = next((one for one in definition.starts if one.get("kind") == "none"), {})
        form_key = str(plain_start.get("form_key") or "")
        form = program.forms(key).get(form_key) if form_key else None
        desk = first_desk(program, key)
        own = desk is not None and _is_own(actor, desk)
        card = card_of(row) if row is not None else None
        today = day_of(records.now)
        try:
            latest = records.calendar.add_workdays(today, card.promised) if card is not None else None
            deemed = records.calendar.add_workdays(today, NOTICE_DAYS) if desk is not None else None
        except CalendarMissing:
            latest = deemed = None
        return Screen(
            key=key,
            name=row.name if row is not None else definition.name or key,
            code=row.code if row is not None else "",
            form=form,
            desk=program.forms(key).get(desk.form_key or "") if own and desk is not None else None,
            desk_name=desk.name if desk is not None else "",
            immediate=card is not None and card.immediate,
            minutes=card.counter_minutes if card is not None else None,
            lines=matched(checklist(program, key), card.materials if card is not None else ()),
            window=mine,
            latest=latest,
            deemed_on=deemed,
            opened_at=records.now,
        )


def first_desk(program: Program, key: str) -> ElementCard | None:
    """The desk of a process that decides about acceptance; None: another process does (a chain)."""
    cards = program.elements(key).values()
    return next((one for one in cards if one.kind == "userTask" and stage_word(one.zw.get("stage")) in ACCEPTING), None)


def matched(lines: Sequence[Listed], materials: Sequence[Material]) -> tuple[ListedMaterial, ...]:
    """The lines of a form with the register's materials: by the document they ask for, else by their place in lists of equal length."""
    by_kind = {kind_of(one.name): one for one in materials}
    even = len(lines) == len(materials)
    return tuple(
        ListedMaterial(listed=line, card=by_kind.get(line.kind) or (materials[place] if even else None))
        for place, line in enumerate(lines)
    )


def _is_own(actor: Actor, desk: ElementCard) -> bool:
    department = desk.zw.get("dept")
    return desk.zw.get("role", "") in actor.roles and (not department or department == actor.department)
