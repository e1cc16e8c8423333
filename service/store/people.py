"""Departments, people, their roles, and who is in a group of candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, insert, select, update

from service.store.identity_schema import second_factor
from service.store.schema import department, person, person_role
from service.store.seals import Seals
from service.store.seats import Seat
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class Person:
    """One account and its roles."""

    id: UUID
    username: str
    alias: str | None = None
    name: str
    staff_no: str | None
    department: str | None
    duty: str
    password_hash: str
    active: bool
    demo: bool
    failed_logins: int
    locked_until: datetime | None
    created_at: datetime
    roles: frozenset[str]
    must_change: bool = False
    stamp: int = 0
    toured_at: datetime | None = None
    password_at: datetime | None = None  # None: as old as the account
    has_factor: bool = False  # is asked for a second factor after the password


@dataclass(frozen=True, kw_only=True)
class Department:
    """One department; `short` is how it is called on a diagram. Kinds are those of `rules.organisation`."""

    code: str
    name: str
    short: str
    window_kind: str
    kind: str = "FUNCTIONAL"
    unit_type: str | None = None
    parent: str | None = None
    level: str = "CITY"
    entry: str = "RESIDENT"


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Who somebody is in the house."""

    username: str
    name: str
    department: str | None
    roles: frozenset[str]


HAS_FACTOR = (
    exists()
    .where(second_factor.c.person_id == person.c.id, second_factor.c.confirmed_at.is_not(None))
    .correlate(person)
    .label("has_factor")
)
GRANT = (person_role.c.role, person_role.c.mac.label("role_mac"))  # of a person who is selected too
_EVERYBODY = select(person, *GRANT, HAS_FACTOR).outerjoin(person_role, person_role.c.person_id == person.c.id)
_FIND = _EVERYBODY.where((person.c.username == bindparam("wanted")) | (person.c.alias == bindparam("wanted")))
_BEHIND = select(person.c.alias, person.c.username).where(person.c.alias == bindparam("wanted"))
_MEMBERS = (
    select(person.c.id, person.c.username, person.c.department, *GRANT)
    .outerjoin(person_role, person_role.c.person_id == person.c.id)
    .where(
        person.c.active,
        person.c.department.in_(bindparam("departments", expanding=True))
        | person_role.c.role.in_(bindparam("roles", expanding=True)),
    )
    .order_by(person.c.username)
)
_POST = (
    select(person.c.id, person.c.username, *GRANT)
    .join(person_role, person_role.c.person_id == person.c.id)
    .where(person.c.active, person.c.department == bindparam("code"), person_role.c.role == bindparam("held"))
    .order_by(person.c.username)
)


class People:
    """Rows of `person`, `person_role` and `department`."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def find(self, username: str) -> Person | None:
        """The account with this username, else with this alias, active or not, in one statement."""
        found = sorted(
            gather(self.records.read(_FIND, {"wanted": username}), self.records.seals),
            key=lambda one: one.alias == username,
        )
        return found[0] if found else None

    def by_id(self, person_id: UUID) -> Person | None:
        """The account of this number."""
        rows = self.records.execute(_EVERYBODY.where(person.c.id == person_id))
        found = gather((dict(row._mapping) for row in rows), self.records.seals)
        return found[0] if found else None

    def behind(self, names: Collection[str]) -> dict[str, str]:
        """The usernames behind those of the names that are aliases."""
        rows = self.records.read(_BEHIND, *({"wanted": name} for name in sorted(set(names)))) if names else ()
        return {row["alias"]: row["username"] for row in rows}

    def listing(self, *, active: bool | None = None, demo: bool | None = None) -> tuple[Person, ...]:
        """Accounts in the order of their names."""
        query = _EVERYBODY.order_by(person.c.username)
        if active is not None:
            query = query.where(person.c.active.is_(active))
        if demo is not None:
            query = query.where(person.c.demo.is_(demo))
        return gather((dict(row._mapping) for row in self.records.execute(query)), self.records.seals)

    def members(self, groups: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Usernames of the active people in each group (role, department, `department:role`), in one statement."""
        if not groups:
            return {}
        if len(groups) == 1:
            [group] = groups
            code, _, role = group.partition(":")
            if role:  # the usual question, in a statement that is compiled once
                held = self.records.read(_POST, {"code": code, "held": role})
                return {group: tuple(row["username"] for row in held if self._grants(row))}
        departments, roles = set[str](), set[str]()
        for group in groups:
            first, _, second = group.partition(":")
            if second:
                roles.add(second)
            else:
                departments.add(first)
                roles.add(first)
        found: dict[str, dict[str, None]] = {group: {} for group in groups}
        for row in self.records.execute(_MEMBERS, {"departments": departments, "roles": roles}):
            granted = str(row.role) if self._grants(dict(row._mapping)) else ""
            for group in (str(row.department), granted, f"{row.department}:{granted}"):
                if group in found:
                    found[group][row.username] = None
        return {group: tuple(names) for group, names in found.items()}

    def lock_holders(self, role: str) -> None:
        """Lock the accounts of everybody who has a role, in the order of the usernames."""
        held = select(person_role.c.person_id).where(person_role.c.role == role)
        query = select(person.c.id).where(person.c.id.in_(held)).order_by(person.c.username).with_for_update()
        self.records.execute(query).all()

    def seats(self, departments: Collection[str], roles: Collection[str]) -> dict[str, tuple[Seat, ...]]:
        """`department:role` → its active holders and who of them is away now; posts that nobody holds are left out."""
        staff, now = self.records.staff, self.records.now
        posts = (f"{department}:{role}" for department in departments for role in roles)
        return {post: seats for post in posts if (seats := staff.seats(post, now))}

    def names(self, usernames: Collection[str]) -> dict[str, str]:
        """What the people with these usernames are called; unknown ones are left out."""
        if not usernames:
            return {}
        query = select(person.c.username, person.c.name).where(person.c.username.in_(set(usernames)))
        return {row.username: row.name for row in self.records.execute(query)}

    def roles_of(self, usernames: Collection[str]) -> dict[str, Member]:
        """The active people with these usernames and their roles, in one statement."""
        if not usernames:
            return {}
        query = _EVERYBODY.where(person.c.username.in_(set(usernames)), person.c.active)
        found = gather((dict(row._mapping) for row in self.records.execute(query)), self.records.seals)
        return {
            one.username: Member(username=one.username, name=one.name, department=one.department, roles=one.roles)
            for one in found
        }

    def has_demo(self) -> bool:
        """Whether any demo account is there."""
        return bool(self.records.execute(select(exists().where(person.c.demo))).scalar_one())

    def add(self, people: Iterable[Person]) -> None:
        """Store new accounts with their roles. Duplicate when a username is taken."""
        self.records.forget_staff()
        people = list(people)
        columns = [column.name for column in person.columns]
        if people:
            self.records.execute(insert(person), [{name: getattr(one, name) for name in columns} for one in people])
        self._add_roles((one.id, role) for one in people for role in sorted(one.roles))

    def change(self, person_id: UUID, **values: Any) -> None:
        """Write columns of one account."""
        self.records.forget_staff()
        self.records.execute(update(person).where(person.c.id == person_id).values(**values))

    def set_roles(self, person_id: UUID, roles: Collection[str]) -> None:
        """Replace the roles of one account."""
        self.records.forget_staff()
        self.records.execute(delete(person_role).where(person_role.c.person_id == person_id))
        self._add_roles((person_id, role) for role in sorted(roles))

    def end_sessions(self, person_id: UUID) -> None:
        """Whoever is signed in as this person has to sign in again."""
        self.records.execute(update(person).where(person.c.id == person_id).values(stamp=person.c.stamp + 1))

    def count_failure(self, person_id: UUID) -> int:
        """One more failed sign-in; how many there are now. Guesses at the same moment are all counted."""
        failures: int = self.records.execute(
            update(person)
            .where(person.c.id == person_id)
            .values(failed_logins=person.c.failed_logins + 1)
            .returning(person.c.failed_logins)
        ).scalar_one()
        return failures

    def unlock_after(self, now: datetime) -> None:
        """Unlock every account that would stay locked beyond this instant."""
        self.records.execute(update(person).where(person.c.locked_until > now).values(locked_until=None))

    def department(self, code: str) -> Department | None:
        """One department."""
        row = self.records.execute(select(department).where(department.c.code == code)).one_or_none()
        return None if row is None else Department(**row._mapping)

    def departments(self) -> tuple[Department, ...]:
        """Every department, by code."""
        rows = self.records.execute(select(department).order_by(department.c.code))
        return tuple(Department(**row._mapping) for row in rows)

    def put_departments(self, departments: Iterable[Department]) -> None:
        """Add departments or bring their names up to date."""
        rows = [asdict(one) for one in departments]
        if rows:
            self.records.execute(upsert(self.records.dialect, department, ("code",)), rows)

    def _add_roles(self, pairs: Iterable[tuple[UUID, str]]) -> None:
        rows = [{"person_id": person_id, "role": role} for person_id, role in pairs]
        if rows:
            self.records.execute(insert(person_role), self.records.seals.sealed(person_role.name, rows))

    def _grants(self, row: Mapping[str, Any]) -> bool:
        return self.records.seals.grants(row["id"], row["role"], row["role_mac"])


def gather(rows: Iterable[dict[str, Any]], seals: Seals) -> tuple[Person, ...]:
    """People from rows of the join, one row a role; a grant that is not as it was written is no grant."""
    facts: dict[UUID, dict[str, Any]] = {}
    roles: dict[UUID, set[str]] = {}
    for values in rows:
        role, mac = values.pop("role"), values.pop("role_mac")
        facts[values["id"]] = values
        roles.setdefault(values["id"], set()).update([role] if seals.grants(values["id"], role, mac) else [])
    return tuple(Person(**values, roles=frozenset(roles[key])) for key, values in facts.items())
