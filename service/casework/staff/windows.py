"""Windows of the centre: kinds, boards and opening periods (XN-28), and who is posted to them (YY-31)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.people import found_person
from service.casework.staff.rights import OFFICE, SECURITY, require_organiser, require_staff_reader
from service.rules.item_words import ItemBoard
from service.rules.organisation import WINDOW_NUMBER, Period, WindowKind, check_periods, open_at, period_of
from service.rules.refusals import Conflict, FieldProblem, Invalid, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.listing.staff import WINDOWS, WindowListRow
from service.store.organisation import PostingRow, WindowRow
from service.store.people import Department
from service.store.records import Records

VIEWS: Mapping[str, Mapping[str, Any]] = {"open": {"open": True}, "closed": {"closed": True}, "all": {}}
LONGEST_PURPOSE = 40


@dataclass(frozen=True, kw_only=True)
class WindowPage:
    """One window, its postings, and whether it is open at this moment."""

    row: WindowRow
    periods: tuple[Period, ...]
    department: Department | None
    postings: tuple[PostingRow, ...]
    today: date
    open_now: bool
    may_change: bool


def window_list(
    office: Office,
    actor: Actor,
    *,
    filters: Mapping[str, str] | None = None,
    view: str = "open",
    sort: str = "",
    page: int = 1,
) -> RowPage[WindowListRow]:
    """One page of the windows; `more`: `kinds`, how many open ones of each kind; `people`, who is posted where today;
    `open_now`, numbers of those that are open; `may_change`. Refused: Forbidden STAFF_NOT_YOURS."""
    require_staff_reader(actor)
    found = row_page(office, actor, WINDOWS, filters or {}, sort=sort, page=page, views=VIEWS, view=view)
    with office.reading() as records:
        today = records.now.astimezone(SHANGHAI).date()
        posted: dict[str, list[str]] = {}
        for one in records.organisation.postings(on=today):
            posted.setdefault(one.window, []).append(one.name)
        kinds = Counter(one.kind for one in records.organisation.windows(active_only=True))
        working = _working(records, today)
        open_now = {
            row.number
            for row in found.items
            if row.active and working and open_at([period_of(one) for one in row.periods or ()], records.now)
        }
    more = {"kinds": kinds, "people": posted, "open_now": open_now, "may_change": _may_change(actor)}
    return replace(found, more=more)


def window_page(office: Office, actor: Actor, number: str) -> WindowPage:
    """One window. Refused: Forbidden STAFF_NOT_YOURS, Missing WINDOW_NOT_FOUND."""
    require_staff_reader(actor)
    with office.reading() as records:
        row = _found(records, number)
        periods = tuple(period_of(one) for one in row.periods)
        today = records.now.astimezone(SHANGHAI).date()
        return WindowPage(
            row=row,
            periods=periods,
            department=records.people.department(row.department) if row.department else None,
            postings=records.organisation.postings(window=number),
            today=today,
            open_now=row.active and _working(records, today) and open_at(periods, records.now),
            may_change=_may_change(actor),
        )


def put_window(office: Office, actor: Actor, given: Mapping[str, str], periods: Sequence[Period], *, new: bool) -> str:
    """Open a window, or change one; its number.

    Refused: Forbidden ORGANISATION_NOT_YOURS; Invalid WINDOW_INVALID with its fields, PERIOD_REVERSED, SEASON_MISSING …; Missing
    WINDOW_NOT_FOUND; Conflict WINDOW_TAKEN.
    """
    require_organiser(actor)
    text = {name: value.strip() for name, value in given.items()}
    _check(text)
    check_periods(WindowKind(text["kind"]), periods)
    with office.transaction() as records:
        old = records.organisation.window(text["number"])
        if new and old is not None:
            raise Conflict("WINDOW_TAKEN", "编号 {number} 已经是“{name}”。", number=old.number, name=old.name)
        if not new and old is None:
            raise _none(text["number"])
        department = text.get("department") or None
        if department is not None and records.people.department(department) is None:
            raise refuse("department", "FIELD_INVALID", "请从列表中选择。")
        row = WindowRow(
            number=text["number"],
            name=text["name"],
            board=text["board"],
            general=text["kind"] == WindowKind.COMPREHENSIVE or (old is not None and old.general),
            items=old.items if old is not None else [],
            active=old.active if old is not None else True,
            kind=text["kind"],
            department=department,
            periods=[one.data() for one in periods],
            note=text.get("note", "")[:500],
        )
        if row == old:
            return row.number
        records.organisation.put_windows([row])
        fields = ("name", "kind", "department", "board", "periods", "note")
        changed = [field for field in fields if old is None or getattr(old, field) != getattr(row, field)]
        detail = {
            "before": {field: getattr(old, field) for field in changed} if old is not None else None,
            "after": {field: getattr(row, field) for field in changed},
        }
        records.ledger.write(LedgerAction.WINDOW_CHANGED, actor.username, row.number, detail)
    return text["number"]


def close_window(office: Office, actor: Actor, number: str, reason: str, *, closed: bool = True) -> None:
    """Close a window for good, or open it again, with a reason; postings of a closed one end today.

    Refused: Forbidden ORGANISATION_NOT_YOURS, Invalid REASON_MISSING, Missing WINDOW_NOT_FOUND.
    """
    require_organiser(actor)
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明理由。")
    with office.transaction() as records:
        row = _found(records, number)
        if row.active != closed:
            return
        records.organisation.put_windows([replace(row, active=not closed)])
        if closed:
            today = records.now.astimezone(SHANGHAI).date()
            for one in records.organisation.postings(window=number, on=today):
                records.organisation.end_posting(one.id, today)
        detail = {"closed": closed, "reason": reason.strip()[:500]}
        records.ledger.write(LedgerAction.WINDOW_CHANGED, actor.username, number, detail)


def post_to_window(
    office: Office,
    actor: Actor,
    number: str,
    *,
    username: str,
    since: date,
    until: date | None,
    purpose: str = "",
) -> None:
    """Somebody works at a window from one day to another.

    Refused: Forbidden ORGANISATION_NOT_YOURS; Missing WINDOW_NOT_FOUND; Conflict WINDOW_CLOSED, POSTED_ALREADY (names where);
    Invalid PERSON_UNKNOWN, PERIOD_REVERSED, PURPOSE_TOO_LONG.
    """
    require_organiser(actor)
    if until is not None and until < since:
        raise refuse("until", "PERIOD_REVERSED", "结束日期应不早于开始日期。")
    if len(purpose.strip()) > LONGEST_PURPOSE:
        raise refuse("purpose", "PURPOSE_TOO_LONG", "派驻目的不能超过 {most} 个字。", most=LONGEST_PURPOSE)
    with office.transaction() as records:
        row = _found(records, number)
        if not row.active:
            raise Conflict("WINDOW_CLOSED", "窗口 {number} 已经撤销。", number=number)
        try:
            person = found_person(records, username.strip())
        except Missing:
            raise refuse("username", "PERSON_UNKNOWN", "没有用户名为 {username} 的账号。", username=username) from None
        if not person.active:
            raise refuse("username", "PERSON_CLOSED", "{name}的账号已停用。", name=person.name)
        for one in records.organisation.postings(username=person.username):
            overlaps = (until is None or one.since <= until) and (one.until is None or since <= one.until)
            if overlaps:
                raise Conflict(
                    "POSTED_ALREADY",
                    "{name}自 {since} 起已派驻窗口 {window}，请先结束原派驻。",
                    name=person.name,
                    window=one.window,
                    since=one.since.isoformat(),
                )
        posting = PostingRow(
            id=uuid4(),
            window=number,
            username=person.username,
            since=since,
            until=until,
            purpose=purpose.strip(),
            recorded_by=actor.username,
            recorded_at=records.now,
        )
        records.organisation.add_posting(posting)
        detail = {
            "username": person.username,
            "since": since.isoformat(),
            "until": until.isoformat() if until else None,
        }
        records.ledger.write(
            LedgerAction.POSTING_CHANGED, actor.username, number, {**detail, "purpose": posting.purpose}
        )


def end_posting(office: Office, actor: Actor, posting_id: UUID) -> str:
    """A posting ends today (one that has not begun, the day before it would); the window's number.

    Refused: Forbidden ORGANISATION_NOT_YOURS, Missing POSTING_NOT_FOUND.
    """
    require_organiser(actor)
    with office.transaction() as records:
        row = records.organisation.posting(posting_id)
        if row is None:
            raise Missing("POSTING_NOT_FOUND", "没有这条派驻记录。")
        today = records.now.astimezone(SHANGHAI).date()
        if row.until is None or row.until > today:
            last = max(today, row.since)
            records.organisation.end_posting(posting_id, last)
            detail = {"username": row.username, "since": row.since.isoformat(), "until": last.isoformat()}
            records.ledger.write(LedgerAction.POSTING_CHANGED, actor.username, row.window, detail)
    return row.window


def _check(text: Mapping[str, str]) -> None:
    problems = []
    if not WINDOW_NUMBER.fullmatch(text.get("number", "")):
        problems.append(
            FieldProblem(field="number", code="NUMBER_INVALID", text="窗口编号应为 W 加 3 到 5 位数字，如 W012。")
        )
    if not 1 <= len(text.get("name", "")) <= 60:
        problems.append(FieldProblem(field="name", code="NAME_INVALID", text="窗口名称应为 1 到 60 个字。"))
    if text.get("kind") not in tuple(WindowKind):
        problems.append(FieldProblem(field="kind", code="FIELD_INVALID", text="请从列表中选择。"))
    if text.get("board") not in tuple(ItemBoard):
        problems.append(FieldProblem(field="board", code="FIELD_INVALID", text="请从列表中选择。"))
    if problems:
        raise Invalid("WINDOW_INVALID", "窗口资料不完整或不正确。", fields=tuple(problems))


def _working(records: Records, day: date) -> bool:
    return day.year in records.calendar.years and records.calendar.is_workday(day)


def _may_change(actor: Actor) -> bool:
    return not actor.roles.isdisjoint((OFFICE, SECURITY))


def _found(records: Records, number: str) -> WindowRow:
    row = records.organisation.window(number)
    if row is None:
        raise _none(number)
    return row


def _none(number: str) -> Missing:
    return Missing("WINDOW_NOT_FOUND", "没有编号为 {number} 的窗口。", number=number)
