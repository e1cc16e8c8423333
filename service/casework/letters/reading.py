"""What the page of letters shows: the register, which departments have none (授权到位率), and what is about to end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from service.casework.letters.registering import MAY_ACTIVATE, may_register
from service.casework.posts import CHIEF, HEAD, LEADER
from service.rules.letters import LetterState, Power, share
from service.rules.refusals import Forbidden, Missing
from service.rules.worktime import SHANGHAI
from service.store.workbench import PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.letters import LetterRow
    from service.store.people import Person
    from service.store.records import Records

EVERYWHERE = ("supervisor", "business_office", "security_admin", "audit_admin", "leader")
OF_DEPARTMENT = (CHIEF, LEADER, HEAD, "reviewer_a", "reviewer_b")  # see their own department's
LETTER_READERS = (*EVERYWHERE, *OF_DEPARTMENT)
VIEWS = ("now", "over", "all")
PAGE = 20
MOST = 1000  # letters programs are given at once
WARNED = timedelta(30)  # before its last day


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """One letter. `items`: code → name, empty for every item; what the actor may do with it now."""

    row: LetterRow
    state: LetterState
    ending: bool
    items: Mapping[str, str]
    may_activate: bool
    may_withdraw: bool


@dataclass(frozen=True, kw_only=True)
class DepartmentLine:
    """Whether a department has a 首席代表 with a letter today. `chief`: who holds the post; `number`: of the letter."""

    code: str
    name: str
    chief: str | None
    number: str | None
    valid_to: date | None
    deputy: str | None


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What a new letter may name, for the departments the actor may register for."""

    departments: Mapping[str, str]
    department: str | None
    grantor: str
    grantees: tuple[PersonCard, ...]
    deputies: tuple[PersonCard, ...]
    items: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class LetterPage:
    """The register as the actor may see it. `rate`: 授权到位率 in per cent; None for who sees one department only."""

    lines: tuple[LetterLine, ...]
    total: int
    page: int
    pages: int
    departments: tuple[DepartmentLine, ...]
    with_letter: int
    rate: str | None
    people: Mapping[str, PersonCard]
    names: Mapping[str, str]
    offered: Offered | None
    powers: tuple[Power, ...]
    today: date
    view: str


def letter_page(
    office: Office,
    actor: Actor,
    *,
    view: str = "now",
    department: str | None = None,
    draft_for: str | None = None,
    page: int = 1,
    size: int = PAGE,
) -> LetterPage:
    """The register. `view`: now (drafts, active, coming), over, all; `draft_for`: the department a new letter is written for.

    Refused: Forbidden LETTERS_FORBIDDEN.
    """
    everything = _require_reader(actor)
    with office.reading() as records:
        bench = Workbench(records)
        today = records.now.astimezone(SHANGHAI).date()
        names = {one.code: one.name for one in records.people.departments()}
        chosen = department if everything and department in names else None if everything else actor.department
        rows = records.letters.listing(chosen)
        items = {one.code: one.name for one in records.register.current(records.now)}
        lines = tuple(
            _line(actor, row, items, today) for row in rows if view == "all" or _is_over(row, today) == (view == "over")
        )
        pages = max(1, -(-len(lines) // size))
        page = min(max(page, 1), pages)
        people = records.people.listing(active=True)
        report = _report(records, people, names, today) if everything else ()
        have = sum(1 for one in report if one.number is not None)
        return LetterPage(
            lines=lines[(page - 1) * size : page * size],
            total=len(lines),
            page=page,
            pages=pages,
            departments=report,
            with_letter=have,
            rate=share(have, len(report)) if everything else None,
            people=bench.people(
                {
                    name
                    for row in rows
                    for name in (row.grantee, row.deputy, row.registered_by, row.withdrawn_by)
                    if name
                }
            ),
            names=names,
            offered=_offered(bench, actor, people, names, records, draft_for),
            powers=tuple(Power),
            today=today,
            view=view,
        )


def letter_scan(office: Office, actor: Actor, letter_id: UUID) -> tuple[LetterRow, BinaryIO]:
    """The signed paper. Refused: Forbidden LETTERS_FORBIDDEN; Missing LETTER_NOT_FOUND."""
    everything = _require_reader(actor)
    with office.reading() as records:
        row = records.letters.find(letter_id)
    if row is None or row.scan is None or not (everything or row.department == actor.department):
        raise Missing("LETTER_NOT_FOUND", "没有这份授权委托书")
    return row, office.blobs.open(row.scan)


def _require_reader(actor: Actor) -> bool:
    """Whether the actor sees every department's."""
    if actor.has(*EVERYWHERE):
        return True
    if actor.department is None or not actor.has(*OF_DEPARTMENT):
        raise Forbidden("LETTERS_FORBIDDEN", "您没有查看授权委托书的权限")
    return False


def _is_over(row: LetterRow, today: date) -> bool:
    return row.standing(today) in (LetterState.EXPIRED, LetterState.WITHDRAWN)


def _line(actor: Actor, row: LetterRow, items: Mapping[str, str], today: date) -> LetterLine:
    state = row.standing(today)
    open_ = state not in (LetterState.EXPIRED, LetterState.WITHDRAWN)
    return LetterLine(
        row=row,
        state=state,
        ending=state is LetterState.ACTIVE and row.valid_to - today <= WARNED,
        items={code: items.get(code, code) for code in row.items if code != "*"},
        may_activate=state is LetterState.DRAFT and actor.has(*MAY_ACTIVATE),
        may_withdraw=open_ and (actor.has(*MAY_ACTIVATE) or may_register(actor, row.department)),
    )


def report_of(records: Records) -> tuple[DepartmentLine, ...]:
    """Departments with a post of a 首席代表, and who of them has a letter today."""
    names = {one.code: one.name for one in records.people.departments()}
    today = records.now.astimezone(SHANGHAI).date()
    return _report(records, records.people.listing(active=True), names, today)


def _report(
    records: Records, people: Sequence[Person], names: Mapping[str, str], today: date
) -> tuple[DepartmentLine, ...]:
    """Departments with a post of a 首席代表: whoever holds it needs a letter (DF-13)."""
    chiefs: dict[str, Person] = {}
    for one in people:
        if CHIEF in one.roles and one.department is not None:
            chiefs.setdefault(one.department, one)
    named = {one.username: one.name for one in people}
    active = {
        row.department: row
        for row in records.letters.listing()
        if row.standing(today) is LetterState.ACTIVE
        and row.grantee in named
        and row.department in chiefs
        and any(one.username == row.grantee and CHIEF in one.roles for one in people)
    }
    return tuple(
        DepartmentLine(
            code=code,
            name=names.get(code, code),
            chief=chiefs[code].name,
            number=None if row is None else row.number,
            valid_to=None if row is None else row.valid_to,
            deputy=None if row is None or row.deputy is None else named.get(row.deputy, row.deputy),
        )
        for code in sorted(chiefs)
        for row in (active.get(code),)
    )


def _offered(
    bench: Workbench,
    actor: Actor,
    people: Sequence[Person],
    names: Mapping[str, str],
    records: Records,
    department: str | None,
) -> Offered | None:
    """None: the actor may register none."""
    departments = {code: name for code, name in names.items() if may_register(actor, code)}
    if not departments:
        return None
    chosen = department if department in departments else next(iter(departments)) if len(departments) == 1 else None
    here = [one for one in people if one.department == chosen and chosen is not None]
    cards = bench.people({one.username for one in here})
    head = next((one.name for one in here if HEAD in one.roles), "")
    return Offered(
        departments=departments,
        department=chosen,
        grantor=head,
        grantees=tuple(cards[one.username] for one in here if not one.roles.isdisjoint((CHIEF, LEADER))),
        deputies=tuple(cards[one.username] for one in here if not one.roles.isdisjoint(OF_DEPARTMENT)),
        items={one.code: one.name for one in records.register.current(records.now) if one.department == chosen},
    )
