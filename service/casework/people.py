"""Accounts: who may sign in and with which roles. Every change is a line of the ledger."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4

from service.casework.actors import SYSTEM, Actor
from service.casework.office import Office
from service.casework.passwords import hash_password, matches
from service.casework.signing_in import USERNAME
from service.rules.passwords import password_problems
from service.rules.refusals import Conflict, FieldProblem, Forbidden, Invalid, Missing, refuse
from service.rules.roles import ROLES, conflicting_roles, rule_between
from service.rules.vocabulary import LedgerAction
from service.store.database import Duplicate
from service.store.people import Department, Person
from service.store.records import Records

GRANTERS = ("security_admin", "audit_admin")  # without one of each no role is given any more


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """One account without its secrets."""

    username: str
    name: str
    staff_no: str | None
    department: str | None
    alias: str | None
    duty: str
    active: bool
    demo: bool
    roles: frozenset[str]


def add_person(
    office: Office,
    actor: Actor,
    username: str,
    name: str,
    password: str,
    *,
    department: str | None = None,
    roles: Collection[str] = frozenset(),
    staff_no: str | None = None,
    duty: str = "",
) -> PersonView:
    """Open an account. Forbidden NOT_GRANTED, ROLES_BY_TWO; Invalid PERSON_INVALID with its fields; Conflict USERNAME_TAKEN,
    ROLES_CONFLICT. Only the installation itself gives roles along (S-09); a password it did not choose has to be changed."""
    _may_administer(actor)
    if roles and actor is not SYSTEM:
        raise Forbidden("ROLES_BY_TWO", "角色须由一名管理员申请、另一名管理员确认，不能直接授予。")
    problems = [*name_problems(username, name), *strength_problems(office, username, password)]
    if problems:
        raise Invalid("PERSON_INVALID", "账号资料不完整或不正确。", fields=tuple(problems))
    roles_may_meet(roles)
    password_hash = hash_password(office.settings, password)
    try:
        with office.transaction() as records:
            if department is not None and department not in {one.code for one in records.people.departments()}:
                raise Invalid("DEPARTMENT_UNKNOWN", "没有编码为 {department} 的部门。", department=department)
            if records.people.find(username) is not None:
                raise _taken(username)
            person = Person(
                id=uuid4(),
                username=username,
                name=name.strip(),
                staff_no=staff_no,
                department=department,
                duty=duty,
                password_hash=password_hash,
                active=True,
                demo=False,
                failed_logins=0,
                locked_until=None,
                created_at=records.now,
                roles=frozenset(roles),
                must_change=actor is not SYSTEM,
                password_at=records.now,
            )
            records.people.add([person])
            detail = {"roles": sorted(roles), "department": department}
            records.ledger.write(LedgerAction.PERSON_ADDED, actor.username, username, detail)
    except Duplicate as duplicate:
        raise _taken(username) from duplicate
    return _view(person)


def change_password(office: Office, actor: Actor, username: str, password: str) -> None:
    """Give an account another password and unlock it; people may change their own. Forbidden, Missing, Invalid.

    Sessions end. A password an administrator has given has to be changed by whom it is for.
    """
    if actor.username != username:
        _may_administer(actor)
    with office.reading() as records:
        person = found_person(records, username)
    problems = strength_problems(office, person.username, password) or used_before(office, person, password)
    if problems:
        raise Invalid("PERSON_INVALID", "账号资料不完整或不正确。", fields=tuple(problems))
    password_hash = hash_password(office.settings, password)
    with office.transaction() as records:
        person = found_person(records, username)
        given = actor is not SYSTEM and actor.username != person.username
        put_password(office, records, person, password_hash, must_change=given)
        records.ledger.write(LedgerAction.PERSON_CHANGED, actor.username, person.username, {"changed": "password"})


def set_roles(office: Office, actor: Actor, username: str, roles: Collection[str]) -> PersonView:
    """Replace the roles of an account; for the installation itself (S-09, bootstrap), everybody else asks and another
    one confirms (`casework.staff.role_requests`). Forbidden ROLES_BY_TWO; Conflict ROLES_CONFLICT (S-08, S-10)."""
    if actor is not SYSTEM:
        raise Forbidden("ROLES_BY_TWO", "角色须由一名管理员申请、另一名管理员确认，不能直接授予。")
    roles_may_meet(roles)
    with office.transaction() as records:
        give_roles(records, actor, found_person(records, username), roles)
        return _view(found_person(records, username))


def give_roles(records: Records, actor: Actor, person: Person, roles: Collection[str]) -> None:
    """Write the roles of somebody and end their sessions. Refused: Conflict LAST_ADMINISTRATOR."""
    given_up = _holding_granters(records, person.roles - set(roles))
    records.people.set_roles(person.id, roles)
    records.people.end_sessions(person.id)
    _require_left(records, given_up)
    detail = {"changed": "roles", "before": sorted(person.roles), "after": sorted(roles)}
    records.ledger.write(LedgerAction.PERSON_CHANGED, actor.username, person.username, detail)


def disable_person(office: Office, actor: Actor, username: str, *, reason: str = "") -> None:
    """Close an account: no more signing in; what was done stays under its name. Forbidden, Missing, Conflict LAST_ADMINISTRATOR."""
    _set_active(office, actor, username, False, reason)


def enable_person(office: Office, actor: Actor, username: str, *, reason: str = "") -> None:
    """Open a closed account again. Forbidden, Missing."""
    _set_active(office, actor, username, True, reason)


def list_people(office: Office) -> tuple[PersonView, ...]:
    """Every account in the order of the usernames."""
    with office.reading() as records:
        return tuple(_view(person) for person in records.people.listing())


def list_departments(office: Office) -> tuple[Department, ...]:
    """Every department by code."""
    with office.reading() as records:
        return records.people.departments()


def people_names(office: Office, usernames: Collection[str]) -> dict[str, str]:
    """What the people with these usernames are called."""
    with office.reading() as records:
        return records.people.names(usernames)


def names_behind(office: Office, names: Collection[str]) -> dict[str, str]:
    """The usernames behind those of the names that are aliases."""
    with office.reading() as records:
        return records.people.behind(names)


def _taken(username: str) -> Conflict:
    return Conflict("USERNAME_TAKEN", "用户名 {username} 已被使用。", username=username)


def _set_active(office: Office, actor: Actor, username: str, active: bool, reason: str) -> None:
    _may_administer(actor)
    with office.transaction() as records:
        person = found_person(records, username)
        if person.active != active:
            given_up = () if active else _holding_granters(records, person.roles)
            records.people.change(person.id, active=active)
            records.people.end_sessions(person.id)
            _require_left(records, given_up)
            detail = {"changed": "active", "after": active, **({"reason": reason} if reason else {})}
            records.ledger.write(LedgerAction.PERSON_CHANGED, actor.username, person.username, detail)


def _holding_granters(records: Records, given_up: Collection[str]) -> Collection[str]:
    """Which of the roles that give roles somebody gives up. Race: their holders are locked before anything is changed, so
    that two who give up the last two of them wait for each other."""
    held = [role for role in GRANTERS if role in given_up]
    for role in held:
        records.people.lock_holders(role)
    return held


def _require_left(records: Records, given_up: Collection[str]) -> None:
    """Somebody is left to ask for roles and somebody to confirm them (S-09). Refused: Conflict LAST_ADMINISTRATOR."""
    for role in given_up:
        if not records.people.members({role})[role]:
            raise Conflict(
                "LAST_ADMINISTRATOR",
                "这是最后一名能登录的“{role}”，应先由他人担任该角色。",
                role=ROLES[role],
                details={"rule": "S-09"},
            )


def _may_administer(actor: Actor) -> None:
    if actor is not SYSTEM and "security_admin" not in actor.roles:
        raise Forbidden("NOT_GRANTED", "只有安全管理员可以管理账号。")


def found_person(records: Records, username: str) -> Person:
    """The account of this username or alias, also a closed one. Refused: Missing PERSON_UNKNOWN."""
    person = records.people.find(username)
    if person is None:
        raise Missing("PERSON_UNKNOWN", "没有用户名为 {username} 的账号。", username=username)
    return person


def roles_may_meet(roles: Collection[str]) -> None:
    """Refused: Invalid ROLE_UNKNOWN, Conflict ROLES_CONFLICT (S-08, S-10, S-11)."""
    for role in sorted(roles):
        if role not in ROLES:
            raise Invalid("ROLE_UNKNOWN", "没有编码为 {role} 的角色。", role=role)
    pair = conflicting_roles(roles)
    if pair is not None:
        first, second = (ROLES[role] for role in pair)
        raise Conflict(
            "ROLES_CONFLICT",
            "“{first}”和“{second}”不能由同一人担任。",
            first=first,
            second=second,
            details={"rule": rule_between(*pair)},
        )


def name_problems(username: str, name: str) -> list[FieldProblem]:
    """What is wrong with what somebody is called."""
    problems = []
    if not USERNAME.fullmatch(username) or username == SYSTEM.username:
        text = "用户名应为 2 到 60 个小写字母、数字、点、横线或下划线，并以字母或数字开头。"
        problems.append(FieldProblem(field="username", code="USERNAME_INVALID", text=text))
    if not 1 <= len(name.strip()) <= 60:
        problems.append(FieldProblem(field="name", code="NAME_INVALID", text="姓名应为 1 到 60 个字。"))
    return problems


def strength_problems(office: Office, username: str, password: str) -> list[FieldProblem]:
    """What is wrong with a new password by itself (`rules.passwords`)."""
    return password_problems(password, least=office.settings.identity.password_length, username=username)


def used_before(office: Office, person: Person, password: str) -> list[FieldProblem]:
    """PASSWORD_USED: it is one of the last few of this person. Costs a verification each; no transaction is open."""
    history = office.settings.identity.password_history
    if not history:
        return []
    with office.reading() as records:
        earlier = records.identities.past_passwords(person.id, history - 1)
    if not any(matches(office.settings, one, password) for one in (person.password_hash, *earlier)):
        return []
    return list(refuse("password", "PASSWORD_USED", "不能使用最近 {history} 次用过的密码。", history=history).fields)


def put_password(office: Office, records: Records, person: Person, password_hash: str, *, must_change: bool) -> None:
    """Another password from now on: the account is unlocked, the old one is kept among the earlier ones, sessions end."""
    history = office.settings.identity.password_history
    records.identities.keep_password(person.id, person.password_hash, records.now, max(history - 1, 0))
    records.people.change(
        person.id,
        password_hash=password_hash,
        password_at=records.now,
        failed_logins=0,
        locked_until=None,
        must_change=must_change,
    )
    records.people.end_sessions(person.id)


def _view(person: Person) -> PersonView:
    return PersonView(
        username=person.username,
        name=person.name,
        staff_no=person.staff_no,
        department=person.department,
        alias=person.alias,
        duty=person.duty,
        active=person.active,
        demo=person.demo,
        roles=person.roles,
    )
