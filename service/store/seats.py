"""Who holds which post, who of them is away, which letters hold and who is near to whom: read once, and kept by a process
as long as nobody changes the staff.

The version of the staff grows with every change of a person, a role, an absence, a letter of authority or a declared
relative, whoever makes it: triggers see to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select

from service.rules.letters import Letter, LetterState, Power
from service.rules.relatives import Relative
from service.rules.worktime import SHANGHAI
from service.store.duty_schema import authority_letter, relative
from service.store.schema import person, person_role
from service.store.time_schema import absence
from service.store.versions import STAFF

if TYPE_CHECKING:
    from service.store.records import Records

BACK = timedelta(days=1)  # how far the clock may be set back before absences are read anew
_SINCE = bindparam("at", type_=absence.c.until.type)
_HOLDERS = (
    select(
        person.c.username,
        person.c.name,
        person.c.department,
        person.c.id.label("person_id"),
        person_role.c.role,
        person_role.c.mac,
        absence.c.id,
        absence.c.since,
        absence.c.until,
        absence.c.stand_in,
    )
    .join(person_role, person_role.c.person_id == person.c.id)
    .outerjoin(
        absence,
        and_(
            absence.c.username == person.c.username,
            absence.c.withdrawn_at.is_(None),
            or_(absence.c.until.is_(None), absence.c.until > _SINCE),
        ),
    )
    .where(person.c.active, person.c.department.is_not(None))
    .order_by(person.c.username, absence.c.since)
)
_LETTERS = (
    select(*(authority_letter.c[name] for name in Letter.__dataclass_fields__))
    .where(authority_letter.c.state == LetterState.ACTIVE.value)
    .order_by(authority_letter.c.valid_from, authority_letter.c.number)
)
_RELATIVES = (
    select(relative.c.username, relative.c.kind, relative.c.name, relative.c.identity)
    .where(relative.c.withdrawn_at.is_(None))
    .order_by(relative.c.declared_at, relative.c.id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """One holder of a post. `absence`: why the seat is empty now; `stand_in`: who its letter of authority names."""

    username: str
    absence: UUID | None = None
    stand_in: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """An absence [since, until) that counts."""

    id: UUID
    since: datetime
    until: datetime | None
    stand_in: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """Somebody of the house as duties know them."""

    name: str
    department: str
    roles: frozenset[str]
    relatives: tuple[Relative, ...] = ()


class Staff:
    """The posts `department:role` of everybody active, with absences that had not ended at the instant `since`.

    `letters`: by department, those that are active, whatever their days; `enforced`: nobody decides without one;
    `fingerprint`: of the number of an identity card, as declared relatives keep it.
    """

    def __init__(
        self,
        since: datetime,
        posts: Mapping[str, Mapping[str, Sequence[Away]]],
        people: Mapping[str, Known],
        letters: Mapping[str, Sequence[Letter]],
        *,
        enforced: bool,
        fingerprint: Callable[[str], str],
    ) -> None:
        self.since, self._posts = since, posts
        self.people, self.letters, self.enforced = people, letters, enforced
        self.fingerprint = fingerprint

    def seats(self, post: str, at: datetime) -> tuple[Seat, ...]:
        """The holders of a post in the order of their names, and who of them is away at an instant."""
        return tuple(_seat(username, away, at) for username, away in self._posts.get(post, {}).items())

    def empowered(self, person: str, department: str, power: Power, item: str | None, at: datetime) -> Letter | None:
        """The letter by which somebody uses a power of a department for an item at an instant; None: there is none."""
        day = at.astimezone(SHANGHAI).date()
        return next((one for one in self.letters.get(department, ()) if one.covers(person, power, item, day)), None)


class StaffShelf:
    """The staff as a process knows it. Safe to share between threads.

    `enforced`: nobody decides without a letter, even where the register has none (LIANBAN_LETTERS).
    """

    def __init__(self, *, enforced: bool = True, fingerprint: Callable[[str], str] = str) -> None:
        self._enforced, self._fingerprint = enforced, fingerprint
        self._kept: tuple[int, Staff] | None = None

    def take(self, records: Records, *, changed: bool) -> Staff:
        """The staff as this transaction sees it: one statement for the version, others when it is not the kept one.

        `changed`: by this transaction itself, which may still be rolled back: neither taken nor kept.
        """
        if changed:
            return self._read(records)
        kept, version = self._kept, records.versions.of(STAFF)
        if kept is not None and kept[0] == version and kept[1].since <= records.now:
            return kept[1]
        found = self._read(records)
        self._kept = (version, found)
        return found

    def _read(self, records: Records) -> Staff:
        posts, people, letters = _asked(records)
        enforced = self._enforced or bool(letters)
        return Staff(records.now - BACK, posts, people, letters, enforced=enforced, fingerprint=self._fingerprint)


def _asked(
    records: Records,
) -> tuple[dict[str, dict[str, list[Away]]], dict[str, Known], dict[str, list[Letter]]]:
    """Posts with absences, people, and letters, in one round trip."""
    since = records.now - BACK
    posts: dict[str, dict[str, list[Away]]] = {}
    facts: dict[str, tuple[str, str]] = {}
    roles: dict[str, set[str]] = {}
    nothing: tuple[Mapping[str, object], ...] = ({},)
    holders, letters, declared = records.read_together(
        (_HOLDERS, ({"at": since},)), (_LETTERS, nothing), (_RELATIVES, nothing)
    )
    for row in holders:
        if not records.seals.grants(row["person_id"], row["role"], row["mac"]):
            continue
        away = posts.setdefault(f"{row['department']}:{row['role']}", {}).setdefault(row["username"], [])
        facts[row["username"]] = (row["name"], row["department"])
        roles.setdefault(row["username"], set()).add(row["role"])
        if row["id"] is not None:
            away.append(Away(id=row["id"], since=row["since"], until=row["until"], stand_in=row["stand_in"]))
    near: dict[str, list[Relative]] = {}
    for row in declared:
        near.setdefault(row.pop("username"), []).append(Relative(**row))
    of: dict[str, list[Letter]] = {}
    for row in letters:
        row.update(items=frozenset(row["items"]), powers=frozenset(row["powers"]))
        of.setdefault(row["department"], []).append(Letter(**row))
    people = {
        username: Known(
            name=name, department=department, roles=frozenset(roles[username]), relatives=tuple(near.get(username, ()))
        )
        for username, (name, department) in facts.items()
    }
    return posts, people, of


def _seat(username: str, absences: Sequence[Away], at: datetime) -> Seat:
    for one in absences:
        if one.since <= at and (one.until is None or at < one.until):
            return Seat(username=username, absence=one.id, stand_in=one.stand_in)
    return Seat(username=username)
