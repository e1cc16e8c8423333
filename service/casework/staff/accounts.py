"""Accounts as the security administrator keeps them: opened with a start password that is shown once, changed, closed."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.actors import SYSTEM, Actor
from service.casework.listing.asking import sight_of
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.passwords import hash_password, matches
from service.casework.people import (
    add_person,
    change_password,
    disable_person,
    enable_person,
    found_person,
    name_problems,
    put_password,
    strength_problems,
    used_before,
)
from service.casework.staff.rights import SECURITY, require_security, require_staff_reader
from service.rules.passwords import password_problems
from service.rules.refusals import Conflict, FieldProblem, Forbidden, Invalid, refuse
from service.rules.roles import ADMINISTRATORS
from service.rules.vocabulary import LedgerAction
from service.store.ledger import LedgerLine
from service.store.listing.staff import PEOPLE, PersonListRow
from service.store.organisation import PostingRow, RoleRequestRow
from service.store.people import Department, Person
from service.store.records import Records

VIEWS: Mapping[str, Mapping[str, Any]] = {
    "active": {"active": True},
    "start_password": {"active": True, "start_password": True},
    "locked": {"locked": True},
    "closed": {"closed": True},
}
LETTERS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))  # nobody mistakes them on paper
SIGNS = "!#%+-=?"
LENGTH = 12
LONGEST_REASON = 500
LINES = 30  # of the ledger on an account's page
COMING_AND_GOING = (LedgerAction.SESSION_BEGAN, LedgerAction.SIGN_IN_REFUSED)  # would leave no room for changes


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account with what belongs to it. `mine`: it is the reader's own; `administrator`: one of the three."""

    person: PersonListRow
    roles: tuple[str, ...]
    department: Department | None
    request: RoleRequestRow | None
    postings: tuple[PostingRow, ...]
    lines: tuple[LedgerLine, ...]
    names: Mapping[str, str]
    open_tasks: int
    mine: bool
    administrator: bool
    may_change: bool


def account_list(
    office: Office,
    actor: Actor,
    *,
    filters: Mapping[str, str] | None = None,
    view: str = "active",
    sort: str = "",
    page: int = 1,
) -> RowPage[PersonListRow]:
    """One page of the accounts; filters q, department, role. Refused: Forbidden STAFF_NOT_YOURS."""
    require_staff_reader(actor)
    return row_page(office, actor, PEOPLE, filters or {}, sort=sort, page=page, views=VIEWS, view=view)


def account(office: Office, actor: Actor, username: str) -> Account:
    """One account. Refused: Forbidden STAFF_NOT_YOURS, Missing PERSON_UNKNOWN."""
    require_staff_reader(actor)
    with office.reading() as records:
        person = found_person(records, username)
        lines = records.ledger.lines(limit=LINES, subject=person.username, without=COMING_AND_GOING)
        request = records.organisation.open_request(person.username)
        names = {line.actor for line in lines if line.actor} | ({request.asked_by} if request else set())
        return Account(
            person=_row(records, person),
            roles=tuple(sorted(person.roles)),
            department=records.people.department(person.department) if person.department else None,
            request=request,
            postings=records.organisation.postings(username=person.username),
            lines=lines,
            names=records.people.names(names),
            open_tasks=records.organisation.open_tasks(person.username),
            mine=person.username == actor.username,
            administrator=not person.roles.isdisjoint(ADMINISTRATORS),
            may_change=SECURITY in actor.roles,
        )


def open_account(
    office: Office,
    actor: Actor,
    *,
    username: str,
    name: str,
    staff_no: str = "",
    department: str = "",
    duty: str = "",
) -> str:
    """Open an account without roles; its start password, shown this once. Refused as `add_person`."""
    require_security(actor)
    _check_plain(staff_no, duty)
    password = start_password()
    add_person(
        office,
        actor,
        username.strip().lower(),
        name,
        password,
        department=department.strip() or None,
        staff_no=staff_no.strip() or None,
        duty=duty.strip(),
    )
    return password


def change_account(
    office: Office, actor: Actor, username: str, *, name: str, staff_no: str, department: str, duty: str
) -> None:
    """What somebody is called and where they belong. A department is a right: it is not one's own to change.

    Refused: Forbidden NOT_GRANTED, OWN_ACCOUNT; Missing PERSON_UNKNOWN; Invalid PERSON_INVALID, DEPARTMENT_UNKNOWN.
    """
    require_security(actor)
    _check_plain(staff_no, duty)
    problems = [one for one in name_problems("aa", name) if one.field == "name"]
    if problems:
        raise Invalid("PERSON_INVALID", "账号资料不完整或不正确。", fields=tuple(problems))
    with office.transaction() as records:
        person = found_person(records, username)
        wanted = {
            "name": name.strip(),
            "staff_no": staff_no.strip() or None,
            "department": department.strip() or None,
            "duty": duty.strip(),
        }
        changed = {field: value for field, value in wanted.items() if getattr(person, field) != value}
        if not changed:
            return
        if "department" in changed:
            if person.username == actor.username:
                raise Forbidden("OWN_ACCOUNT", "不能改变自己的部门，请由另一名安全管理员办理。")
            if wanted["department"] is not None and records.people.department(wanted["department"]) is None:
                raise refuse(
                    "department",
                    "DEPARTMENT_UNKNOWN",
                    "没有编码为 {department} 的部门。",
                    department=wanted["department"],
                )
        records.people.change(person.id, **changed)
        if "department" in changed:
            records.people.end_sessions(person.id)
        detail = {
            "changed": sorted(changed),
            "before": {field: getattr(person, field) for field in changed},
            "after": changed,
        }
        records.ledger.write(LedgerAction.PERSON_CHANGED, actor.username, person.username, detail)


def give_start_password(office: Office, actor: Actor, username: str) -> str:
    """Another start password, shown this once; sessions end. That of an administrator is given on the command line only:
    who could sign in as the other one would confirm the own requests.

    Refused: Forbidden NOT_GRANTED, ADMINISTRATOR_PASSWORD; Missing PERSON_UNKNOWN.
    """
    require_security(actor)
    with office.reading() as records:
        person = found_person(records, username)
    if person.username == actor.username or not person.roles.isdisjoint(ADMINISTRATORS):
        raise Forbidden("ADMINISTRATOR_PASSWORD", "管理员账号的密码只能由本人修改，或在服务器命令行重设。")
    password = start_password()
    change_password(office, actor, person.username, password)
    return password


def close_account(office: Office, actor: Actor, username: str, reason: str) -> None:
    """No more signing in, with a reason; what was done stays. Work in hand is handed over before.

    Refused: Forbidden NOT_GRANTED, OWN_ACCOUNT; Invalid REASON_MISSING; Conflict WORK_IN_HAND.
    """
    require_security(actor)
    _require_reason(reason)
    with office.reading() as records:
        person = found_person(records, username)
        if person.username == actor.username:
            raise Forbidden("OWN_ACCOUNT", "不能停用自己的账号。")
        open_tasks = records.organisation.open_tasks(person.username)
    if open_tasks:
        raise Conflict(
            "WORK_IN_HAND",
            "{name}还有 {count} 件任务在手，应先移交再停用。",
            name=person.name,
            count=open_tasks,
        )
    disable_person(office, actor, person.username, reason=reason.strip())


def reopen_account(office: Office, actor: Actor, username: str, reason: str) -> None:
    """Open a closed account again, with a reason. Refused: Forbidden NOT_GRANTED, Invalid REASON_MISSING, Missing."""
    require_security(actor)
    _require_reason(reason)
    enable_person(office, actor, username, reason=reason.strip())


def change_own_password(office: Office, actor: Actor, old: str, new: str, again: str) -> None:
    """One's own password, with the old one. The session that asks goes on, all others end.

    Refused, naming the field: OLD_PASSWORD_WRONG, PASSWORD_SAME, PASSWORDS_DIFFER, PASSWORD_USED and those of
    `rules.passwords`. No transaction is open while passwords are verified.
    """
    with office.reading() as records:
        person = found_person(records, actor.username)
    problems: list[FieldProblem] = []
    if not matches(office.settings, person.password_hash, old):
        problems += refuse("old", "OLD_PASSWORD_WRONG", "原密码不正确。").fields
        problems += strength_problems(office, person.username, new)
    elif old == new:
        problems += refuse("password", "PASSWORD_SAME", "新密码应与原密码不同。").fields
    else:
        problems += strength_problems(office, person.username, new) or used_before(office, person, new)
    if new != again:
        problems += refuse("again", "PASSWORDS_DIFFER", "两次输入的新密码不一致。").fields
    if problems:
        raise Invalid("PERSON_INVALID", "密码没有修改。", fields=tuple(problems))
    password_hash = hash_password(office.settings, new)
    with office.transaction() as records:
        person = found_person(records, actor.username)
        put_password(office, records, person, password_hash, must_change=False)
        if actor.session is not None:
            records.identities.change_session(actor.session, stamp=person.stamp + 1)
        records.ledger.write(LedgerAction.PERSON_CHANGED, actor.username, person.username, {"changed": "password"})


def end_tour(office: Office, actor: Actor) -> None:
    """The tour of the first day is put away for good."""
    with office.transaction() as records:
        person = found_person(records, actor.username)
        records.people.change(person.id, toured_at=records.now)


def begin_tour(office: Office, actor: Actor) -> None:
    """Show the tour again."""
    with office.transaction() as records:
        records.people.change(found_person(records, actor.username).id, toured_at=None)


def start_password() -> str:
    """Twelve letters, digits and a sign, of three kinds at least."""
    while True:
        drawn = "".join(secrets.choice(LETTERS) for _ in range(LENGTH - 1)) + secrets.choice(SIGNS)
        if not password_problems(drawn):
            return drawn


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明理由。")
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)


def _check_plain(staff_no: str, duty: str) -> None:
    problems = []
    if len(staff_no.strip()) > 20:
        problems.append(FieldProblem(field="staff_no", code="TOO_LONG", text="工号不能超过 20 个字符。"))
    if len(duty.strip()) > 40:
        problems.append(FieldProblem(field="duty", code="TOO_LONG", text="岗位称谓不能超过 40 个字。"))
    if problems:
        raise Invalid("PERSON_INVALID", "账号资料不完整或不正确。", fields=tuple(problems))


def _row(records: Records, person: Person) -> PersonListRow:
    [row] = PEOPLE.rows(records, sight_of(SYSTEM, PEOPLE), {"username": person.username})
    return row
