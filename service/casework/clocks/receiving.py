"""收件 and 补正 in running cases: the one notice of everything missing, its answer, and what follows when nobody speaks.

行政许可法 art. 32: all gaps at once and once only; who says nothing within five working days has accepted, as of the
day of receipt. The diagram moves the token; here is what is checked before and what it costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.clocks.climbing import holder_at
from service.casework.clockwork.book import day_of
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.materials.sharing import not_to_be_asked
from service.casework.messages.time_notices import reminded
from service.casework.supervising import About, raise_card
from service.rules.cards import Violation
from service.rules.clocks import ClockKind
from service.rules.receipt import REPLY_DAYS, Gap, check_notice, correction, decide_by
from service.rules.refusals import Conflict, Forbidden, refuse
from service.rules.stages import IMMEDIATE, covers_stage
from service.rules.vocabulary import JournalAction
from service.store.proceedings import ProceedingRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.clocks.turning import Turn
    from service.casework.office import Office
    from service.casework.projection import Running
    from service.store.records import Records
    from service.store.tasks import TaskRow

CORRECTION, RELEASE = "CORRECTION", "NOTICE_RELEASE"  # kinds of proceedings: 补正告知, and leave for a second one
OPEN, GRANTED, CLOSED = "OPEN", "GRANTED", "CLOSED"
NOTICE, GIVEN_UP = "W04", "W23"  # documents, numbered with the documents of a case
STAGES = frozenset({"ACCEPT", "CORRECT", IMMEDIATE})
CORRECT = "correct"  # 受理结论 “补正”
CHIEF = "chief_rep"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One correction notice of a case as pages show it."""

    id: UUID
    scope: UUID | None
    number: str
    issued_on: date
    reply_by: date
    reminders: tuple[date, ...]
    gaps: tuple[Gap, ...]
    notes: str
    state: str
    complete_on: date | None


def check_window(
    office: Office, records: Records, running: Running, task: TaskRow, actor: Actor, said: Mapping[str, Any]
) -> None:
    """What the window is about to answer at 受理 or 等待补正, before the token moves; nothing at any other desk.

    Refused: NOTICE_WITHOUT_GAPS, NOTICE_ONCE, MATERIAL_SHARED, SUPPLEMENT_DAY, CALENDAR_MISSING.
    """
    if covers_stage(task.stage, "ACCEPT") and said.get("decision") == CORRECT:
        _give_notice(office, records, running, task, actor, said)
    elif task.stage == "CORRECT":
        _take_supplement(office, records, running, task, actor, said)


def release_notice(office: Office, actor: Actor, case_id: UUID, *, scope: UUID | None = None, reason: str) -> None:
    """The 首席代表 lets the window ask a second time for what it should have asked for at once; it costs the clerk a 黄牌.

    Refused: Missing CASE_NOT_FOUND; Conflict CASE_ENDED, CASE_SUSPENDED, NOTICE_NONE, RELEASE_OPEN; Forbidden
    RELEASE_FORBIDDEN; Invalid REASON_MISSING.
    """
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明理由")

    def attempt() -> None:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            notices = [one for one in records.proceedings.of_case(case_id) if one.scope_id == scope]
            _require_chief(office, records, actor, file, scope)
            if not any(one.kind == CORRECTION for one in notices):
                raise Conflict("NOTICE_NONE", "该事项还没有发出补正告知，不需要放行。")
            if any(one.kind == RELEASE and one.closed_at is None for one in notices):
                raise Conflict("RELEASE_OPEN", "再次补正已经放行。")
            _open(records, file, actor, RELEASE, scope, state=GRANTED, detail={"reason": reason.strip()})
            put_back(records, file)

    office.attempt(attempt)


def notices_of(rows: Sequence[ProceedingRow]) -> tuple[Notice, ...]:
    """The correction notices among the proceedings of a case, the first one first."""
    return tuple(
        Notice(
            id=row.id,
            scope=row.scope_id,
            number=row.document or "",
            issued_on=date.fromisoformat(row.detail["issued_on"]),
            reply_by=date.fromisoformat(row.detail["reply_by"]),
            reminders=tuple(date.fromisoformat(day) for day in row.detail["reminders"]),
            gaps=tuple(
                Gap(material=one["material"], since=date.fromisoformat(one["since"]), reason=one.get("reason", ""))
                for one in row.detail["gaps"]
            ),
            notes=row.detail.get("notes", ""),
            state=row.detail.get("outcome") or row.state,
            complete_on=_day(row.detail.get("complete_on")),
        )
        for row in rows
        if row.kind == CORRECTION and "issued_on" in row.detail
    )


# -- what follows from the clocks -------------------------------------------------------------------------------


def receipt_due(turn: Turn, at: datetime) -> None:
    """Nobody has said a word about the application within its limit: 红牌 to whoever had it (R-ACC-3).

    The interrupting timer of the diagram, due at the same instant after the clocks, accepts it as of the day of receipt.
    """
    row = turn.row
    for task in turn.records.tasks.open_of(turn.file.id):
        if task.scope_id == row.scope_id and covers_stage(task.stage, "ACCEPT"):
            raise_card(
                turn.records,
                turn.file,
                Violation.LATE_CORRECTION_NOTICE,
                to=holder_at(turn.records, turn.file, task, at),
                department=task.department,
                at=at,
                about=About(scope=row.scope_id, clock=row.id, task=task.id, element=task.element),
            )


def correction_due(turn: Turn, at: datetime) -> None:
    """The applicant has not answered in time: 视为放弃, documents may be fetched, filing anew is free (R-ACC-4)."""
    for one in _open_notices(turn.records, turn.file, turn.row.scope_id):
        _close(turn.records, turn.file, None, one, {"outcome": "ABANDONED", "at": at.isoformat(), "document": GIVEN_UP})


def remind(turn: Turn, days: int, at: datetime) -> None:
    """The applicant is reminded of the correction notice, so many working days after it."""
    for one in _open_notices(turn.records, turn.file, turn.row.scope_id):
        detail = {"proceeding": str(one.id), "days": days, "at": at.isoformat(), "reply_by": one.detail["reply_by"]}
        turn.move.line(JournalAction.CORRECTION_REMINDED, turn.row.scope_id, detail)
        turn.file.notices += reminded(turn.records.now, turn.row, one, days)


# -- inside -----------------------------------------------------------------------------------------------------


def _give_notice(
    office: Office, records: Records, running: Running, task: TaskRow, actor: Actor, said: Mapping[str, Any]
) -> None:
    today, file = day_of(records.now), running.file
    rows = [one for one in records.proceedings.of_case(file.id) if one.scope_id == task.scope_id]
    earlier: dict[str, date] = {}
    for notice in notices_of(rows):
        earlier |= {gap.material: notice.issued_on for gap in notice.gaps}
    gaps = _gaps(said, today if not earlier else max(earlier.values()))
    release = next((one for one in rows if one.kind == RELEASE and one.closed_at is None), None)
    try:
        check_notice(gaps, earlier=earlier, shared=_shared(records, running, task, gaps))
    except Conflict as refusal:
        if refusal.code != "NOTICE_ONCE" or release is None:
            raise
        _close(records, file, actor, release, {"outcome": "USED"})
        raise_card(
            records,
            file,
            Violation.REPEATED_NOTICE,
            to=actor.username,
            department=task.department,
            at=records.now,
            about=About(scope=task.scope_id, task=task.id, element=task.element),
        )
    reply = correction(records.calendar, today)
    department = task.department or "201"
    day = f"{today:%Y%m%d}"
    number = f"BZ{day}{department}{records.series.next(f'BZ/{day}/{department}'):04d}"
    detail = {
        "number": number,
        "document": NOTICE,
        "gaps": [{"material": one.material, "since": one.since.isoformat(), "reason": one.reason} for one in gaps],
        "notes": str(said.get("gap_notes") or ""),
        "issued_on": today.isoformat(),
        "reply_by": reply.reply_by.isoformat(),
        "reminders": [one.isoformat() for one in reply.reminders],
        "clerk": actor.username,
    }
    _open(records, file, actor, CORRECTION, task.scope_id, document=number, detail=detail)
    if running.move is not None:
        running.move.told = {"notice": number, "expected_days": REPLY_DAYS, "approved_by": actor.username}


def _take_supplement(
    office: Office, records: Records, running: Running, task: TaskRow, actor: Actor, said: Mapping[str, Any]
) -> None:
    """The last missing item has come: on that day the application was complete, whenever it is registered (R-LIM-9)."""
    today, file = day_of(records.now), running.file
    notices = _open_notices(records, file, task.scope_id)
    issued = max((date.fromisoformat(one.detail["issued_on"]) for one in notices), default=None)
    try:
        complete = _day(said.get("complete_on")) or today
    except ValueError as error:
        raise refuse("complete_on", "SUPPLEMENT_DAY", "最后一项材料收到日期无法识别") from error
    if complete > today or (issued is not None and complete < issued):
        raise refuse(
            "complete_on",
            "SUPPLEMENT_DAY",
            "最后一项材料收到日期应在告知之日（{issued}）至今日之间",
            issued=(issued or today).isoformat(),
        )
    for one in notices:
        decide = decide_by(records.calendar, complete)
        detail = {
            "outcome": "SUPPLEMENTED",
            "complete_on": complete.isoformat(),
            "decide_by": decide.at.isoformat(),
            "received": str(said.get("received") or ""),
        }
        _close(records, file, actor, one, detail)
    if running.move is not None:
        running.move.complete_on = complete


def grant_procedure(running: Running, actor: Actor, said: Mapping[str, Any]) -> None:
    """A special procedure is granted: the pause that begins with it names its notice, its length and who granted it."""
    days = said.get("expected_days")
    if running.move is not None and isinstance(days, int):
        running.move.told = {
            "notice": str(said.get("notice") or ""),
            "expected_days": days,
            "approved_by": actor.username,
        }


def _gaps(said: Mapping[str, Any], first: date) -> tuple[Gap, ...]:
    """What is missing, as the form or a client says it. Refused: GAPS_UNREADABLE."""
    listed = said.get("gaps") or ()
    if isinstance(listed, str):
        listed = [line.strip() for line in listed.splitlines() if line.strip()]
    reason = str(said.get("new_gap_reason") or "")
    try:
        since = _day(said.get("gap_since")) or first
        return tuple(
            Gap(
                material=str(one["material"] if isinstance(one, Mapping) else one),
                since=_day(one.get("since") if isinstance(one, Mapping) else None) or since,
                reason=str(one.get("reason") or reason) if isinstance(one, Mapping) else reason,
            )
            for one in listed
        )
    except (KeyError, TypeError, ValueError) as error:
        raise refuse("gaps", "GAPS_UNREADABLE", "需要补正的材料无法识别") from error


def _shared(records: Records, running: Running, task: TaskRow, gaps: Sequence[Gap]) -> tuple[str, ...]:
    """Materials the shared base has: as far as the case knows, and 共 lines it has not failed to give (SM-43)."""
    known = running.run.variables(task.scope_id).get("shared_materials")
    told = tuple(str(one) for one in known) if isinstance(known, (list, tuple)) else ()
    return told + not_to_be_asked(records, running.file.id, task.scope_id, [gap.material for gap in gaps])


def _open_notices(records: Records, file: CaseFile, scope: UUID | None) -> list[ProceedingRow]:
    return [
        one
        for one in records.proceedings.of_case(file.id)
        if one.kind == CORRECTION and one.scope_id == scope and one.closed_at is None and "issued_on" in one.detail
    ]


def _open(
    records: Records,
    file: CaseFile,
    actor: Actor,
    kind: str,
    scope: UUID | None,
    *,
    state: str = OPEN,
    document: str | None = None,
    detail: Mapping[str, Any],
) -> None:
    row = ProceedingRow(
        id=uuid4(),
        case_id=file.id,
        scope_id=scope,
        kind=kind,
        state=state,
        opened_at=records.now,
        opened_by=actor.username,
        document=document,
        detail=detail,
    )
    records.proceedings.add(row)
    told = {"proceeding": str(row.id), "kind": kind, **({} if scope is None else {"scope": str(scope)}), **detail}
    write(records, file, JournalAction.PROCEEDING_OPENED, actor, detail=told)


def _close(
    records: Records, file: CaseFile, actor: Actor | None, row: ProceedingRow, detail: Mapping[str, Any]
) -> None:
    by = None if actor is None else actor.username
    records.proceedings.change(
        row.id,
        {"state": CLOSED, "closed_at": records.now, "closed_by": by, "detail": {**row.detail, **detail}},
    )
    scope = {} if row.scope_id is None else {"scope": str(row.scope_id)}
    told = {"proceeding": str(row.id), "kind": row.kind, **scope, **detail}
    write(records, file, JournalAction.PROCEEDING_CLOSED, actor, detail=told)


def _require_chief(office: Office, records: Records, actor: Actor, file: CaseFile, scope: UUID | None) -> None:
    """首席代表 of the item's department."""
    clock = next(
        (one for one in records.clocks.of_case(file.id) if one.kind == ClockKind.RECEIPT and one.scope_id == scope),
        None,
    )
    department = None if clock is None else clock.department
    if CHIEF not in actor.roles or (department is not None and actor.department != department):
        raise Forbidden("RELEASE_FORBIDDEN", "只有该事项责任部门的首席代表可以放行再次补正。")


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)[:10]) if text else None
