"""Suspending and resuming the clocks of an item by hand: special procedures that no node of the diagram stands for."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from service.casework.actors import Actor
from service.casework.clocks.showing import ClockBook, book_of
from service.casework.clockwork.book import clock_of, read
from service.casework.clockwork.keeping import ITEM_WIDE, OF_THE_CENTRE
from service.casework.clockwork.movement import Movement
from service.casework.journalling import case_file
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.rules.clocks import ClockKind, PauseKind, Suspension
from service.rules.lights import Light
from service.rules.pauses import PAUSE_RULES, PauseRule, open_pause
from service.rules.refusals import Conflict, Forbidden, refuse
from service.store.clocks import ClockRow

LONGEST_TEXT = 500
LONGEST_NUMBER = 40
BY_DIAGRAM = frozenset(  # nobody says so by hand here
    {PauseKind.SUSPENDED, PauseKind.PAYMENT, PauseKind.UPPER_LEVEL, PauseKind.NEXT_FILING}
)


def suspend_clock(
    office: Office,
    actor: Actor,
    case_id: UUID,
    *,
    kind: str,
    scope: UUID | None = None,
    notice: str = "",
    expected_days: int | None = None,
    basis: str = "",
    reason: str = "",
) -> ClockBook:
    """The running clocks of an item stand still for a statutory reason (行政许可法 art. 45).

    Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, CASE_SUSPENDED, CLOCK_NOT_RUNNING, PAUSE_OPEN, and what
    `rules.pauses.open_pause` refuses: PAUSE_KIND_UNKNOWN, PAUSE_COUNTED, CLOCK_STOPPED, CLOCK_RED, PAUSE_ONCE,
    PAUSE_NOT_GRANTED, PAUSE_WITHOUT_NOTICE, PAUSE_TOO_LONG.
    """
    if kind not in PauseKind.__members__ or PauseKind(kind) in BY_DIAGRAM:
        raise refuse("kind", "PAUSE_KIND_UNKNOWN", "没有这种暂停事由：{kind}。", kind=kind[:40])
    if len(reason) > LONGEST_TEXT or len(basis) > LONGEST_TEXT:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_TEXT)
    if len(notice) > LONGEST_NUMBER:
        raise refuse("notice", "NOTICE_TOO_LONG", "文书编号不能超过 {most} 个字", most=LONGEST_NUMBER)
    if expected_days is not None and expected_days < 0:
        raise refuse("expected_days", "PAUSE_DAYS_INVALID", "预计天数不能为负数")
    rule = PAUSE_RULES[PauseKind(kind)]

    def act(move: Movement) -> None:
        rows = running_of(move, scope, PauseKind(kind))
        main = governing(rows)
        if any(one["kind"] == kind and "through" not in one for one in main.pauses):
            raise Conflict("PAUSE_OPEN", "{kind}已经暂停计时，尚未恢复。", kind=rule.name.text)
        require_office(actor, main, rule)
        pause = Suspension(
            kind=kind,
            after=move.today,
            began_at=move.now,
            basis=basis or rule.basis,
            approved_by=actor.username,
            notice=notice,
            expected_days=expected_days,
        )
        role = acting_role(actor, rule)
        excluded = move.drawn.excludes(main.process)
        open_pause(clock_of(main), light_of(move, main), pause, role, item_excludes=excluded)
        ordered = rule.ordered and role == "supervisor"
        held = [row for row in rows if ordered or light_of(move, row) is not Light.RED]
        move.pause(held, pause, scope=scope, actor=actor, **({"reason": reason} if reason else {}))
        move.notify("W08", scope, main.process)

    return move_clocks(office, case_id, act)


def resume_clock(
    office: Office, actor: Actor, case_id: UUID, *, kind: str, scope: UUID | None = None, document: str = ""
) -> ClockBook:
    """What was suspended by hand goes on. `document`: number of the report or record that ends it.

    Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, CASE_SUSPENDED, PAUSE_NOT_OPEN, PAUSE_OF_DIAGRAM, Forbidden
    PAUSE_NOT_GRANTED.
    """
    if kind not in PauseKind.__members__ or PauseKind(kind) in BY_DIAGRAM:
        raise refuse("kind", "PAUSE_KIND_UNKNOWN", "没有这种暂停事由：{kind}。", kind=kind[:40])
    if len(document) > LONGEST_NUMBER:
        raise refuse("document", "NOTICE_TOO_LONG", "文书编号不能超过 {most} 个字", most=LONGEST_NUMBER)
    rule = PAUSE_RULES[PauseKind(kind)]

    def act(move: Movement) -> None:
        rows = [
            row
            for row in move.clocks.live(scope=scope)
            if any(one["kind"] == kind and "through" not in one for one in row.pauses)
        ]
        if not rows:
            raise Conflict("PAUSE_NOT_OPEN", "没有因{kind}暂停的时限。", kind=rule.name.text)
        require_office(actor, governing(rows), rule)
        acting_role(actor, rule)
        more = {"document": document} if document else {}
        by_hand = move.resume(
            rows, lambda one: one["kind"] == kind and "source" not in one, scope=scope, actor=actor, **more
        )
        if not by_hand:
            raise Conflict("PAUSE_OF_DIAGRAM", "这次暂停由流程环节决定，办完该环节即恢复计时。")
        move.notify("W08", scope, governing(rows).process)

    return move_clocks(office, case_id, act)


def move_clocks(office: Office, case_id: UUID, act: Callable[[Movement], None]) -> ClockBook:
    """Move the clocks of a case under its lock, and let everything that follows them follow.

    Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, CASE_SUSPENDED, CLOCK_NOT_RUNNING.
    """

    def attempt() -> ClockBook:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            running = take_up(office, records, file)
            if running.move is None:
                raise no_clock()
            act(running.move)
            settle(records, running)
            return book_of(records, case_id)

    return office.attempt(attempt)


def running_of(move: Movement, scope: UUID | None, kind: PauseKind) -> list[ClockRow]:
    """The clocks of an item a pause holds; stages that are themselves procedures run on. Refused: CLOCK_NOT_RUNNING."""
    rows = [
        row
        for row in move.clocks.live(*ITEM_WIDE, ClockKind.STAGE, scope=scope)
        if kind in OF_THE_CENTRE or row.kind != ClockKind.STAGE or not move.drawn.pausing(row)
    ]
    if not any(row.kind in ITEM_WIDE for row in rows):
        raise no_clock()
    return rows


def governing(rows: list[ClockRow]) -> ClockRow:
    """The clock the law speaks of: the promise, else the statute, else the receipt, else whatever runs."""
    order = {kind: number for number, kind in enumerate((ClockKind.CASE, ClockKind.STATUTORY, ClockKind.RECEIPT))}
    return min(rows, key=lambda row: order.get(ClockKind(row.kind), len(order)))


def light_of(move: Movement, row: ClockRow) -> Light:
    """What a clock shows now; red once turned stays red."""
    said = read(move.clocks.calendar, row, move.now)
    if row.light == Light.RED:
        return Light.RED
    return Light.NONE if said is None else said.light


def acting_role(actor: Actor, rule: PauseRule) -> str:
    """The role in which somebody decides on a pause. Refused: Forbidden PAUSE_NOT_GRANTED."""
    if rule.ordered and actor.has("supervisor"):
        return "supervisor"
    found = sorted(rule.approvers & actor.roles)
    if found:
        return found[0]
    if actor.service and not rule.approvers:
        return "service"
    raise Forbidden("PAUSE_NOT_GRANTED", "无权批准因{kind}暂停计时。", kind=rule.name.text)


def require_office(actor: Actor, row: ClockRow, rule: PauseRule) -> None:
    """The department of the item decides, or who is there for the whole centre. Refused: Forbidden PAUSE_NOT_GRANTED."""
    wide = actor.has("supervisor", "system_admin", "business_office")
    if not wide and row.department is not None and actor.department != row.department:
        raise Forbidden("PAUSE_NOT_GRANTED", "无权批准因{kind}暂停计时。", kind=rule.name.text)


def no_clock() -> Conflict:
    """There is nothing to pause or extend."""
    return Conflict("CLOCK_NOT_RUNNING", "该办件没有正在计时的时限。")
