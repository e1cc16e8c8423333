"""The demo city 云溪市: departments and people to try everything with, all of them with one password.

The roster is data: `demo_city/departments.csv` and `demo_city/people.csv`; so are its fee standards, `demo_city/fees.json`. In department 104 the cast (zhangwei,
liuyang, chengang, zhaomin) holds the posts, so `104-a` … `104-head` are their aliases: a post with exactly one active
holder gets its tasks at once. `<code>-head` is the deputy head resident at the window (分管领导).
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from uuid import uuid4

from service.casework.actors import SYSTEM
from service.casework.demo_clock import show_instant
from service.casework.letters.registering import SERIES
from service.casework.money.standards import APPROVED, checked, read_catalogue, standard_row
from service.casework.office import Office
from service.casework.passwords import hash_password
from service.casework.posts import CHIEF, HEAD, LEADER
from service.rules.letters import EVERY_ITEM, LetterState, Power
from service.rules.organisation import period_of
from service.rules.refusals import Forbidden
from service.rules.vocabulary import LedgerAction
from service.rules.windows import Window
from service.rules.worktime import SHANGHAI
from service.store.letters import LetterRow
from service.store.organisation import PostingRow
from service.store.people import Department, Person
from service.store.records import Records

DEMO_PASSWORD = "Yunxi-2026!"
AHEAD = timedelta(days=120)  # a chain of 35 working days, extended by 15, with pauses
POSTED = {"wangfang": "W012"}
SINCE = date(2026, 1, 4)
FIRST_MORNING = datetime(2026, 3, 16, 1, tzinfo=UTC)  # 09:00 in China


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """One line of the roster. `title`: name, department and duty for a list of accounts."""

    username: str
    alias: str | None
    name: str
    staff_no: str | None
    department: str | None
    duty: str
    roles: frozenset[str]
    title: str


def load_demo_city(office: Office) -> int:
    """Add the departments and people that are missing; how many people. Forbidden DEMO_ONLY outside demo mode.

    Whoever is there already stays as they are; a city without letters of authority gets them. All accounts share one password hash: 140 of their own would take
    seconds and hide nothing.
    """
    if not office.settings.demo:
        raise Forbidden("DEMO_ONLY", "只有演示模式可以载入示范城市。")
    with office.reading() as records:
        there = {person.username for person in records.people.listing()}
        lettered = bool(records.letters.listing())
    missing = [account for account in _roster() if account.username not in there]
    if not missing and lettered:
        return 0
    password_hash = hash_password(office.settings, DEMO_PASSWORD)
    with office.transaction() as records:
        there = {person.username for person in records.people.listing()}
        known = {department.code for department in records.people.departments()}
        records.people.put_departments(one for one in _departments() if one.code not in known)
        people = [
            Person(
                id=uuid4(),
                username=account.username,
                alias=account.alias if account.alias not in there else None,
                name=account.name,
                staff_no=account.staff_no,
                department=account.department,
                duty=account.duty,
                password_hash=password_hash,
                active=True,
                demo=True,
                failed_logins=0,
                locked_until=None,
                created_at=records.now,
                roles=account.roles,
            )
            for account in missing
            if account.username not in there
        ]
        records.people.add(people)
        _begin_on_a_known_day(office, records)
        _put_fees(records)
        _put_letters(records)
        _put_windows(records)
        _plan_windows(records)
        if people:
            records.ledger.write(LedgerAction.DEMO_LOADED, SYSTEM.username, "云溪市", {"people": len(people)})
    return len(people)


def _put_letters(records: Records) -> None:
    """Every 首席代表 and 分管领导 has a letter for all items of the department, from this year through the end of the one a chain would end in."""
    if records.letters.listing():
        return
    year, last = (at.astimezone(SHANGHAI).year for at in (records.now, records.now + AHEAD))
    posts: dict[tuple[str, str], DemoAccount] = {
        (account.department, role): account
        for account in _roster()
        if account.department is not None
        for role in account.roles
    }
    rows: list[LetterRow] = []
    for (department, role), account in sorted(posts.items()):
        if role not in (CHIEF, LEADER):
            continue
        deputy = posts.get((department, LEADER)) if role == CHIEF else None
        head = posts.get((department, HEAD))
        count = records.series.next(f"{SERIES}/{department}/{year}")
        rows.append(
            LetterRow(
                id=uuid4(),
                number=f"{SERIES}-{department}-{year}-{count:03d}",
                department=department,
                grantor=head.name if head is not None else "部门主要负责人",
                grantee=account.username,
                deputy=deputy.username if deputy is not None else None,
                items=[EVERY_ITEM],
                powers=[one.value for one in Power],
                valid_from=date(year, 1, 1),
                valid_to=date(last, 12, 31),
                state=LetterState.ACTIVE.value,
                registered_by="tianyue",
                registered_at=records.now,
                activated_by="machao",
                activated_at=records.now,
            )
        )
    records.letters.add(rows)


def _put_fees(records: Records) -> None:
    """The city's fee standards, local samples marked as such; approved by 财政 like any other."""
    if records.fees.listing():
        return
    text = (files("service.casework") / "demo_city" / "fees.json").read_text(encoding="utf-8")
    rows = [standard_row(one, checked(one), by="feehan", at=records.now) for one in read_catalogue(json.loads(text))]
    records.fees.add([replace(row, state=APPROVED, decided_by="caiwu", decided_at=records.now) for row in rows])


def _put_windows(records: Records) -> None:
    """The hall: 69 windows on three boards, sixteen of them 全能岗 of 行政审批 (SM-06)."""
    if not records.intakes.windows():
        records.intakes.put_windows(
            Window(
                code=row["code"],
                name=row["name"],
                board=row["board"],
                general=row["general"] == "1",
                items=tuple(row["items"].split()),
            )
            for row in _rows("windows.csv")
        )


def _plan_windows(records: Records) -> None:
    """What the windows are for and when they are open, and who of the cast is posted to which."""
    if records.organisation.postings():
        return
    there = {one.number: one for one in records.organisation.windows()}
    records.organisation.put_windows(
        [
            replace(
                there[row["code"]],
                kind=row["kind"],
                department=row["department"] or None,
                periods=[period_of(row).data()] if row["since"] else [],
            )
            for row in _rows("window_plans.csv")
            if row["code"] in there
        ]
    )
    for username, window in POSTED.items():
        records.organisation.add_posting(
            PostingRow(
                id=uuid4(),
                window=window,
                username=username,
                since=SINCE,
                until=None,
                purpose="常驻",
                recorded_by=SYSTEM.username,
                recorded_at=records.now,
            )
        )


def _begin_on_a_known_day(office: Office, records: Records) -> None:
    """Where the calendar does not know the months a chain takes, the demo begins on the Monday its examples begin on."""
    ahead = (records.now + AHEAD).astimezone(office.settings.time_zone)
    if ahead.year not in records.calendar.years and not records.cases.any():
        show_instant(office, records, FIRST_MORNING)


def has_demo_accounts(office: Office) -> bool:
    """Whether accounts with the password everybody knows are there."""
    with office.reading() as records:
        return records.people.has_demo()


def demo_accounts() -> tuple[DemoAccount, ...]:
    """The cast: the accounts to show somebody who tries the service (those of every department are left out)."""
    return tuple(account for account in _roster() if "-" not in account.username)


@cache
def _departments() -> tuple[Department, ...]:
    return tuple(
        Department(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            window_kind=row["window_kind"],
            kind=row["kind"],
            unit_type=row["unit_type"] or None,
        )
        for row in _rows("departments.csv")
    )


@cache
def _roster() -> tuple[DemoAccount, ...]:
    short = {department.code: department.short for department in _departments()}
    return tuple(
        DemoAccount(
            username=row["username"],
            alias=row["alias"] or None,
            name=row["name"],
            staff_no=row["staff_no"] or None,
            department=row["department"] or None,
            duty=row["duty"],
            roles=frozenset(row["roles"].split()),
            title=" ".join(filter(None, (row["name"], short.get(row["department"]), row["duty"]))),
        )
        for row in _rows("people.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("service.casework") / "demo_city" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
