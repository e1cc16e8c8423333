"""延期: asked for by the department, decided by the right person, once, before the limit ends (行政许可法 art. 42)."""

from __future__ import annotations

from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.clocks.pausing import governing, move_clocks, no_clock
from service.casework.clocks.showing import ClockBook, ProceedingView, proceeding_view
from service.casework.clockwork.book import clock_of
from service.casework.clockwork.movement import Movement
from service.casework.journalling import case_file, put_back
from service.casework.kept_apart import kept_apart
from service.casework.office import Office
from service.casework.posts import HEAD, group_of
from service.casework.powers import require_power
from service.casework.projection import clocks_of
from service.casework.support_asking import EXTENSION as EXTENSION_CASE
from service.casework.support_asking import keep_in_step
from service.casework.support_cases import begin_support
from service.rules.clocks import ClockKind, Extension, Unit
from service.rules.extensions import EXTENSION_RULES, ExtensionRule, extend
from service.rules.letters import Power
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.sentences import Sentence
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.clocks import ClockRow
from service.store.proceedings import ProceedingRow
from service.store.records import Records

EXTENSION = "EXTENSION"
EXTENDED = (ClockKind.CASE, ClockKind.STATUTORY, ClockKind.CHAIN)
DEPARTMENT = (
    "reviewer_a",
    "reviewer_b",
    "chief_rep",
    "resident_leader",
    "dept_head",
    "lead_coordinator",
)
LONGEST_REASON = 500


def ask_extension(
    office: Office, actor: Actor, case_id: UUID, *, scope: UUID | None = None, amount: int, reason: str
) -> ProceedingView:
    """The department asks for more time, so many units of the limit; while it is pending silence decides nothing.

    Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, CASE_SUSPENDED, CLOCK_NOT_RUNNING, EXTENSION_NONE,
    EXTENSION_ONCE, EXTENSION_LATE, EXTENSION_PENDING, Invalid EXTENSION_TOO_LONG, REASON_MISSING, REASON_TOO_LONG,
    Forbidden EXTENSION_FORBIDDEN, OUTSIDE_LETTER (a 首席代表 or 分管领导 whose letter does not say 延期).
    """
    said = reason.strip()
    if not said:
        raise refuse("reason", "REASON_MISSING", "请写明延期的理由。")
    if len(said) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)

    def attempt() -> ProceedingView:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            move = clocks_of(records, file, office.programs.for_binding(records, file.row.binding_id, file.row.key))
            if move is None:
                raise no_clock()
            row = _governing(move, scope)
            if not actor.service and not (actor.has(*DEPARTMENT) and actor.department == row.department):
                raise Forbidden("EXTENSION_FORBIDDEN", "只有承办部门可以申请延期。")
            require_power(records, actor, row.department, Power.EXTEND, item_of(move, row))
            rule = rule_of(move, row)
            wanted = Extension(amount=amount, notice="-", basis=rule.basis if rule is not None else "")
            role = next(iter(sorted(rule.approvers)), "") if rule is not None else ""
            extend(move.clocks.calendar, clock_of(row), wanted, rule=rule, role=role, at=records.now)
            if any(
                one.state == "OPEN" and one.scope_id == scope for one in records.proceedings.of_case(case_id, EXTENSION)
            ):
                raise Conflict("EXTENSION_PENDING", "已有一个延期申请等待决定。")
            proceeding = ProceedingRow(
                id=uuid4(),
                case_id=case_id,
                scope_id=scope,
                kind=EXTENSION,
                state="OPEN",
                opened_at=records.now,
                opened_by=actor.username,
                detail={"amount": amount, "unit": row.unit, "reason": said},
            )
            records.proceedings.add(proceeding)
            detail = {"proceeding": str(proceeding.id), "kind": EXTENSION, "amount": amount, "reason": said}
            move.line(JournalAction.PROCEEDING_OPENED, scope, detail, actor=actor)
            begin_support(
                office,
                records,
                EXTENSION_CASE,
                subject=proceeding.id,
                actor=actor,
                title=f"延期-{file.row.title or file.row.business_key or ''}",
                variables={
                    "proceeding": str(proceeding.id),
                    "amount": amount,
                    "reason": said,
                    "approver_role": role,
                    "approver_department": "" if role == "leader" else row.department or "",
                },
                file=file,
                scope=scope,
                department=row.department,
            )
            put_back(records, file)
            return proceeding_view(proceeding)

    return office.attempt(attempt)


def decide_extension(
    office: Office,
    actor: Actor,
    case_id: UUID,
    proceeding_id: UUID,
    *,
    grant: bool,
    notice: str = "",
    reason: str = "",
) -> ClockBook:
    """The right person grants or refuses it; granted, the promise and the statute both get the time.

    Refused: Missing CASE_NOT_FOUND, PROCEEDING_NOT_FOUND; Conflict CASE_ENDED, CASE_SUSPENDED, CLOCK_NOT_RUNNING,
    PROCEEDING_CLOSED, Forbidden EXTENSION_SAME_PERSON (S-14), and what `rules.extensions.extend` refuses: EXTENSION_NONE, EXTENSION_ONCE, EXTENSION_LATE,
    EXTENSION_TOO_LONG, EXTENSION_NOT_GRANTED, EXTENSION_WITHOUT_REASONS.
    """
    _require_words(grant, reason)

    def act(move: Movement) -> None:
        proceeding = pending(move.records, case_id, proceeding_id)
        settle_extension(move, actor, proceeding, grant=grant, notice=notice, reason=reason)
        answers = {"decision": "agree" if grant else "refuse", "answer": reason.strip()}
        keep_in_step(move.records, EXTENSION_CASE, proceeding_id, "Task_Decide", actor.username, answers)

    return move_clocks(office, case_id, act)


def pending(records: Records, case_id: UUID, proceeding_id: UUID) -> ProceedingRow:
    """A request of the case that waits for its decision. Refused: Missing PROCEEDING_NOT_FOUND, Conflict PROCEEDING_CLOSED."""
    proceeding = records.proceedings.find(proceeding_id)
    if proceeding is None or proceeding.case_id != case_id or proceeding.kind != EXTENSION:
        raise Missing("PROCEEDING_NOT_FOUND", "没有这个申请")
    if proceeding.state != "OPEN":
        raise Conflict("PROCEEDING_CLOSED", "该申请已由 {who} 处理。", who=proceeding.closed_by or "")
    return proceeding


def check_decision(
    move: Movement, actor: Actor, proceeding: ProceedingRow, *, grant: bool, notice: str, reason: str
) -> None:
    """Whether the decision can be made, without making it. Refused: as `decide_extension`."""
    _require_words(grant, reason)
    row = _governing(move, proceeding.scope_id)
    rule = rule_of(move, row)
    role, delegated = _role(actor, row, rule), _delegated(move, actor, row)
    if role:
        require_other(move.records, actor, proceeding)
    if not grant:
        if rule is not None and role not in rule.approvers and not (delegated and role in rule.delegates):
            raise Forbidden("EXTENSION_NOT_GRANTED", "无权批准延期，延期依据为{basis}。", basis=rule.basis)
        return
    extension = _extension(move, actor, proceeding, rule, notice)
    for one in _extended(move, proceeding, row):
        extend(
            move.clocks.calendar,
            clock_of(one),
            extension,
            rule=rule,
            role=_role(actor, one, rule),
            at=move.now,
            delegated=delegated,
        )


def settle_extension(
    move: Movement, actor: Actor, proceeding: ProceedingRow, *, grant: bool, notice: str, reason: str
) -> None:
    """Make the decision: the clocks get their time, the applicant is told, the request is closed. Refused: as `decide_extension`."""
    check_decision(move, actor, proceeding, grant=grant, notice=notice, reason=reason)
    row = _governing(move, proceeding.scope_id)
    if grant:
        extension = _extension(move, actor, proceeding, rule_of(move, row), notice)
        for one in _extended(move, proceeding, row):
            move.extend(one, extension, actor)
        _move_last_milestone(move, row, extension, actor)
        move.notify("W09", proceeding.scope_id, row.process)
    close_request(move, actor, proceeding, "GRANTED" if grant else "REFUSED", notice=notice, reason=reason)


def require_other(records: Records, actor: Actor, proceeding: ProceedingRow) -> None:
    """S-14: who has asked for an extension does not decide about it. Refused: Forbidden EXTENSION_SAME_PERSON."""
    if proceeding.opened_by != actor.username or actor.service:
        return
    department = next((one.department for one in records.clocks.of_case(proceeding.case_id) if one.department), None)
    raise kept_apart(
        records,
        "S-14",
        "EXTENSION_SAME_PERSON",
        Sentence("申请延期的人不能批准延期。"),
        Sentence("申请延期的人不能批准延期，可由{instead}决定。"),
        groups=("leader", *((group_of(department, HEAD),) if department else ())),
        without={actor.username},
    )


def close_request(
    move: Movement, actor: Actor, proceeding: ProceedingRow, state: str, *, notice: str = "", reason: str = ""
) -> None:
    """The request is over; silence that was held back by it is asked for again."""
    closing = {"state": state, "closed_at": move.now, "closed_by": actor.username, "document": notice or None}
    move.records.proceedings.change(
        proceeding.id, {**closing, "detail": {**proceeding.detail, "answer": reason.strip()}}
    )
    detail = {
        "proceeding": str(proceeding.id),
        "kind": EXTENSION,
        "state": state,
        "notice": notice,
        "reason": reason,
    }
    move.line(
        JournalAction.PROCEEDING_CLOSED,
        proceeding.scope_id,
        {name: value for name, value in detail.items() if value},
        actor=actor,
    )
    move.ask_again(proceeding.scope_id)


def rule_of(move: Movement, row: ClockRow) -> ExtensionRule | None:
    """How much the law gives: what zw:extension names; else a chain's fifteen days, a licence's ten; else nothing."""
    zw = move.drawn.processes.get(row.process, {})
    name = zw.get("extension", "").strip()
    if name:
        return EXTENSION_RULES.get(name)
    if row.kind == ClockKind.CHAIN:
        return EXTENSION_RULES["JOINT"]
    statutory = move.clocks.one(ClockKind.STATUTORY, row.scope_id)
    licence = statutory is not None and statutory.unit == Unit.WORKDAY
    return EXTENSION_RULES["SINGLE"] if licence else None


def _require_words(grant: bool, reason: str) -> None:
    if not grant and not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明不同意延期的理由。")
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)


def _extension(
    move: Movement, actor: Actor, proceeding: ProceedingRow, rule: ExtensionRule | None, notice: str
) -> Extension:
    return Extension(
        amount=int(proceeding.detail["amount"]),
        approved_on=move.today,
        approved_by=actor.username,
        notice=notice,
        basis=rule.basis if rule is not None else "",
    )


def _extended(move: Movement, proceeding: ProceedingRow, row: ClockRow) -> list[ClockRow]:
    """The limits that get the time: the one that governs, and the others that have none yet."""
    live = move.clocks.live(*EXTENDED, scope=proceeding.scope_id)
    return [one for one in live if one.id == row.id or not one.extensions]


def _governing(move: Movement, scope: UUID | None) -> ClockRow:
    rows = list(move.clocks.live(*EXTENDED, scope=scope))
    if not rows:
        raise no_clock()
    return governing(rows)


def _role(actor: Actor, row: ClockRow, rule: ExtensionRule | None) -> str:
    """The role in which somebody decides: a department's own, or the city's leader."""
    wanted = (rule.approvers | rule.delegates) if rule is not None else frozenset()
    found = sorted(wanted & actor.roles)
    if not found:
        return ""
    return found[0] if "leader" in found or row.department is None or actor.department == row.department else ""


def item_of(move: Movement, row: ClockRow) -> str | None:
    """The code of the item a clock is of."""
    return move.drawn.processes.get(row.process, {}).get("item")


def _delegated(move: Movement, actor: Actor, row: ClockRow) -> bool:
    """D.5: the head of the agency has handed extensions on, by a letter of their own that says 延期 and names the item."""
    day = move.now.astimezone(SHANGHAI).date()
    return any(
        one.grantee == actor.username and one.covers(actor.username, Power.EXTEND, item_of(move, row), day)
        for one in move.records.staff.letters.get(row.department or "", ())
    )


def _move_last_milestone(move: Movement, row: ClockRow, extension: Extension, actor: Actor) -> None:
    """An extension of a chain moves its last milestone only (R-CHN-1)."""
    if row.kind != ClockKind.CHAIN:
        return
    milestones = [one for one in move.clocks.live(ClockKind.MILESTONE, scope=row.scope_id)]
    last = max(milestones, key=lambda one: one.amount, default=None)
    if last is not None:
        move.extend(last, extension, actor)
