"""离岗 and 代岗: people who are away, planned or suddenly, and their work that goes to stand-ins and comes back.

An absence counts from its first instant on: whatever opens then is placed without the person (`duties.place`). Its two
turns stand on the agenda; each goes through the cases it touches, one transaction for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from service.casework.actors import Actor
from service.casework.correlating import AlreadyDone
from service.casework.journalling import CaseFile, put_back
from service.casework.messages.time_notices import nobody_there, stands_in
from service.casework.office import Office
from service.casework.posts import CHIEF, REVIEWERS, RUNGS, without_cover
from service.casework.rights import HEADS
from service.casework.standing_in import hand_over
from service.casework.supervising import raise_outside
from service.rules.absences import AbsenceKind
from service.rules.cards import Violation
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import AgendaKind, LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.absences import AbsenceRow
from service.store.agenda import AgendaRow
from service.store.cases import CaseRow
from service.store.people import Person
from service.store.records import Records

BEGIN, END = "begin", "end"
MEETING_MINUTES = 30  # shorter meetings need nobody to stand in (B.4 rule 2)
LONGEST_REASON = 200
LONGEST_ABSENCE = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class AbsenceView:
    """One absence [since, until) as doors show it. `state`: PLANNED, AWAY, OVER or WITHDRAWN."""

    id: UUID
    username: str
    since: datetime
    until: datetime | None
    kind: str
    reason: str
    stand_in: str | None
    recorded_by: str
    recorded_at: datetime
    state: str


def record_absence(
    office: Office,
    actor: Actor,
    username: str,
    *,
    kind: AbsenceKind,
    since: datetime | None = None,
    until: datetime | None = None,
    reason: str = "",
    stand_in: str | None = None,
) -> AbsenceView:
    """Note that somebody is away: suddenly (from now on, end open), or from `since` until `until`.

    By the person, the heads of the department or the business office. `stand_in`: who the letter of authority of a
    首席代表 names. Refused: Forbidden ABSENCE_FORBIDDEN; Invalid naming the field: PERSON_UNKNOWN, ABSENCE_TIMES,
    ABSENCE_PAST, ABSENCE_SHORT, ABSENCE_LONG, REASON_MISSING, REASON_LONG, STAND_IN_INVALID; Conflict ABSENCE_OVERLAPS.
    """

    def attempt() -> AbsenceView:
        with office.transaction() as records:
            person = records.people.find(username)
            if person is None or not person.active:
                raise refuse("username", "PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=username[:60])
            require_recorder(actor, person)
            begins = records.now if since is None or kind is AbsenceKind.SUDDEN else since
            row = AbsenceRow(
                id=uuid4(),
                username=person.username,
                since=begins,
                until=until,
                kind=kind.value,
                reason=reason.strip(),
                stand_in=read_stand_in(records, person, stand_in),
                recorded_by=actor.username,
                recorded_at=records.now,
            )
            _check(records.now, row)
            other = records.absences.overlapping(row.username, row.since, row.until)
            if other is not None:
                raise Conflict(
                    "ABSENCE_OVERLAPS",
                    "{person}在 {since} 起已登记离岗，时间不能重叠",
                    person=person.name,
                    since=other.since.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
                )
            records.absences.add(row)
            ends = [_turn(row, END, row.until)] if row.until is not None else []
            records.agenda.add([_turn(row, BEGIN, max(row.since, records.now)), *ends])
            records.prompt = records.prompt or row.since <= records.now
            records.ledger.write(LedgerAction.ABSENCE_RECORDED, actor.username, row.username, _noted(row))
            return view(row, records.now)

    return office.attempt(attempt)


def end_absence(office: Office, actor: Actor, absence_id: UUID) -> AbsenceView:
    """Back earlier than planned, or back at all; what has not begun yet is withdrawn.

    Refused: Missing ABSENCE_NOT_FOUND, Forbidden ABSENCE_FORBIDDEN, Conflict ABSENCE_OVER.
    """

    def attempt() -> AbsenceView:
        with office.transaction() as records:
            row = records.absences.find(absence_id)
            person = records.people.find(row.username) if row is not None else None
            if row is None or person is None:
                raise absence_missing()
            require_recorder(actor, person)
            records.absences.overlapping(row.username, row.since, row.until)  # locks the person's absences
            row = records.absences.find(absence_id) or row
            if row.withdrawn_at is not None or (row.until is not None and row.until <= records.now):
                raise Conflict("ABSENCE_OVER", "这次离岗已经结束或者撤回")
            if row.since > records.now:
                changes = {"withdrawn_at": records.now}
                records.agenda.drop([uuid5(row.id, BEGIN), uuid5(row.id, END)])
            else:
                changes = {"until": records.now}
                records.agenda.drop([uuid5(row.id, END)])
                records.agenda.add([_turn(row, END, records.now)])
                records.prompt = True
            records.absences.change(row.id, changes)
            records.ledger.write(
                LedgerAction.ABSENCE_ENDED,
                actor.username,
                row.username,
                {"absence": str(row.id), "withdrawn": "withdrawn_at" in changes},
            )
            ended = records.absences.find(row.id)
            return view(ended or row, records.now)

    return office.attempt(attempt)


def turn_absence(office: Office, item: AgendaRow) -> bool:
    """An absence begins or ends: on the agenda for each case it touches; without A岗 and B岗 supervision is told (SM-51).

    Refused: AlreadyDone when another node did it.
    """
    detail = item.detail or {}
    with office.transaction() as records:
        row = _still_there(records, item)
        absence = records.absences.find(UUID(str(detail.get("absence"))))
        records.agenda.drop([row.id])
        if absence is None or absence.withdrawn_at is not None:
            return False
        person = records.people.find(absence.username)
        department = person.department if person is not None else None
        cases = records.absences.cases_touched(absence.username, department)
        records.agenda.add(
            [
                AgendaRow(
                    id=uuid4(),
                    kind=AgendaKind.ABSENCE,
                    case_id=case_id,
                    due_at=row.due_at,
                    ready_at=records.now,
                    detail={"absence": str(absence.id), "turn": detail.get("turn")},
                )
                for case_id in cases
            ]
        )
        if detail.get("turn") == BEGIN and person is not None and department is not None:
            _alarm(records, absence, person, department)
        if detail.get("turn") == BEGIN and person is not None and cases:
            records.agenda.add([stands_in(records.now, absence.id, person.username, person.name)])
        records.prompt = records.prompt or bool(cases)
        return bool(cases)


def turn_absence_in_case(records: Records, case: CaseRow, row: AgendaRow) -> None:
    """The tasks of one locked case go to stand-ins, or come back."""
    records.agenda.drop([row.id])
    if case.ended_at is None:
        file = CaseFile(case)
        hand_over(records, file)
        put_back(records, file)


def require_recorder(actor: Actor, person: Person) -> None:
    """Refused: Forbidden ABSENCE_FORBIDDEN unless it is oneself, one's department as a head, or the business office."""
    if actor.username == person.username or actor.has("business_office"):
        return
    if actor.has(*HEADS) and actor.department is not None and actor.department == person.department:
        return
    raise Forbidden("ABSENCE_FORBIDDEN", "只有本人、本部门负责人和业务科可以登记或结束离岗")


def absence_missing() -> Missing:
    """There is no such absence."""
    return Missing("ABSENCE_NOT_FOUND", "没有这条离岗记录")


def view(row: AbsenceRow, now: datetime) -> AbsenceView:
    """An absence for the doors."""
    if row.withdrawn_at is not None:
        state = "WITHDRAWN"
    elif row.since > now:
        state = "PLANNED"
    else:
        state = "AWAY" if row.until is None or row.until > now else "OVER"
    return AbsenceView(
        id=row.id,
        username=row.username,
        since=row.since,
        until=row.until,
        kind=row.kind,
        reason=row.reason,
        stand_in=row.stand_in,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        state=state,
    )


def _check(now: datetime, row: AbsenceRow) -> None:
    """What an absence must say. Refused: Invalid naming the field."""
    sudden = row.kind == AbsenceKind.SUDDEN
    if row.until is None and not sudden:
        raise refuse("until", "ABSENCE_TIMES", "请填写返岗时间；不知道何时返岗的，请登记为临时离岗")
    if not sudden and row.since.astimezone(SHANGHAI).date() < now.astimezone(SHANGHAI).date():
        raise refuse("since", "ABSENCE_PAST", "离岗不能补记到今天以前")
    if row.until is not None:
        if row.until <= max(row.since, now):
            raise refuse("until", "ABSENCE_TIMES", "返岗时间应晚于离岗时间和现在")
        if row.until - row.since > LONGEST_ABSENCE:
            raise refuse("until", "ABSENCE_LONG", "一次离岗不能超过一年")
        if row.kind == AbsenceKind.MEETING and row.until - row.since <= timedelta(minutes=MEETING_MINUTES):
            raise refuse("until", "ABSENCE_SHORT", "不超过 {minutes} 分钟的会议不需要代岗", minutes=MEETING_MINUTES)
    if not row.reason and not sudden:
        raise refuse("reason", "REASON_MISSING", "请写明离岗事由")
    if len(row.reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_LONG", "理由不能超过 {most} 个字", most=LONGEST_REASON)


def read_stand_in(records: Records, person: Person, name: str | None) -> str | None:
    """Who the letter of authority names. Refused: Invalid STAND_IN_INVALID."""
    if not name:
        return None
    if CHIEF not in person.roles:
        raise refuse("stand_in", "STAND_IN_INVALID", "只有首席代表的授权委托书可以指定代理人")
    other = records.people.find(name)
    if (
        other is None
        or not other.active
        or other.username == person.username
        or other.department != person.department
        or other.roles.isdisjoint(RUNGS)
    ):
        raise refuse("stand_in", "STAND_IN_INVALID", "代理人应是本部门在岗位上的其他人员")
    return other.username


def _alarm(records: Records, absence: AbsenceRow, person: Person, department: str) -> None:
    """A department that had A岗 or B岗 there has neither any more: told once since the last of them left."""
    if person.roles.isdisjoint(REVIEWERS):
        return
    seats = records.people.seats({department}, set(REVIEWERS))
    if not without_cover(seats, department):
        return
    away = {seat.username: seat.absence for holders in seats.values() for seat in holders if seat.absence is not None}
    others = [row for one in away.values() if (row := records.absences.find(one)) is not None]
    if records.supervision.raised_outside(department, Violation.NO_COVER, max(one.since for one in others)):
        return
    facts = {"absence": str(absence.id), "away": sorted(away)}
    card = raise_outside(records, Violation.NO_COVER, to=department, department=department, facts=facts)
    records.agenda.add([nobody_there(records.now, card.id, department, None)])


def _turn(row: AbsenceRow, turn: str, at: datetime) -> AgendaRow:
    """One of the two turns of an absence; its id tells it, so that it can be taken off again."""
    return AgendaRow(
        id=uuid5(row.id, turn),
        kind=AgendaKind.ABSENCE,
        due_at=at,
        ready_at=at,
        detail={"absence": str(row.id), "turn": turn},
    )


def _still_there(records: Records, item: AgendaRow) -> AgendaRow:
    row = records.agenda.lock(item.id)
    if row is None or row.ready_at is None or row.ready_at > records.now:
        raise AlreadyDone
    return row


def _noted(row: AbsenceRow) -> dict[str, str | None]:
    return {
        "absence": str(row.id),
        "since": row.since.isoformat(),
        "until": None if row.until is None else row.until.isoformat(),
        "kind": row.kind,
        "stand_in": row.stand_in,
    }
