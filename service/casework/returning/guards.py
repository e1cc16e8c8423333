"""What no move may undo: what has been decided, served or paid; and what none may skip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from service.casework.journalling import CaseFile
from service.casework.returning.previews import LONGEST_REASON
from service.engine import Program, Target
from service.rules.payments import BillState
from service.rules.refusals import Conflict, Refusal, refuse
from service.rules.sentences import Sentence
from service.rules.vocabulary import JournalAction, Mark, TaskOutcome
from service.store.bills import BillRow
from service.store.history import JournalLine
from service.store.records import Records
from service.store.tasks import TaskRow

DONE = frozenset({TaskOutcome.COMPLETED, TaskOutcome.TACIT})
INNER = frozenset({Mark.RECEIVED, Mark.SUPPLEMENTED, Mark.SIGNED})  # marks that tell the applicant nothing
ACCEPTED = frozenset({Mark.ACCEPTED, Mark.DEEMED_ACCEPTED})
AFTER_ACCEPTANCE = frozenset({"REVIEW", "APPROVE", "ISSUE"})
UNSETTLED = frozenset({BillState.CANCELLED, BillState.REFUNDED})
MARK_NAMES: Mapping[str, Sentence] = {
    Mark.CORRECTING: Sentence("补正告知"),
    Mark.ACCEPTED: Sentence("受理"),
    Mark.DEEMED_ACCEPTED: Sentence("视为受理"),
    Mark.NOT_ACCEPTED: Sentence("不予受理"),
    Mark.DECIDED_YES: Sentence("准予决定"),
    Mark.DECIDED_NO: Sentence("不予决定"),
    Mark.READY: Sentence("办结"),
    Mark.DELIVERED: Sentence("送达"),
}


class Past:
    """What a case has been through, read once for one preview or act."""

    def __init__(self, records: Records, file: CaseFile) -> None:
        self.tasks: tuple[TaskRow, ...] = records.tasks.of_case(file.id)
        self.lines: tuple[JournalLine, ...] = records.history.lines(file.id)
        self.bills: tuple[BillRow, ...] = records.bills.of_case(file.id)
        self.latest: dict[tuple[UUID | None, str], TaskRow] = {}
        for row in sorted(self.tasks, key=lambda one: one.ended_at or one.created_at):
            if row.ended_at is not None and row.outcome in DONE:
                self.latest[row.scope_id, row.element] = row

    def of(self, target: Target) -> TaskRow | None:
        """The latest completion of a target."""
        return self.latest.get((target.variable_scope, target.spot.element))

    def since(self, row: TaskRow) -> tuple[JournalLine, ...]:
        """What was noted after a task was completed, its own completion left out."""
        done = next((n for n, line in enumerate(self.lines) if line.task_id == row.id and _completes(line)), None)
        if done is not None:
            return self.lines[done + 1 :]
        return tuple(line for line in self.lines if row.ended_at is None or line.written_at >= row.ended_at)

    def marks(self, scope: UUID | None) -> frozenset[str]:
        """The marks an item or chain has reached."""
        return frozenset(
            str((line.detail or {}).get("mark"))
            for line in self.lines
            if line.action == JournalAction.ITEM_REACHED and scope_of(line) == scope
        )


def scope_of(line: JournalLine) -> UUID | None:
    """The called process a line is about; None: the case itself."""
    scope = (line.detail or {}).get("scope")
    return UUID(str(scope)) if scope else None


def refusal_of(program: Program, past: Past, target: Target, since: Iterable[JournalLine] | None) -> Refusal | None:
    """Why law or record forbid a move that the engine could make; None: nothing does.

    `since`: what was noted after the target was done; None: the move does not go back.
    """
    for line in since or ():
        mark = (line.detail or {}).get("mark")
        if line.action != JournalAction.ITEM_REACHED or mark in INNER:
            continue
        if scope_of(line) == target.variable_scope and line.element in target.again:
            return served(mark)
    for line in past.lines:
        mark = (line.detail or {}).get("mark")
        if line.action == JournalAction.ITEM_REACHED and mark not in INNER and scope_of(line) in target.scopes:
            return served(mark)
    for bill in past.bills:
        if bill.scope_id in target.scopes and bill.state not in UNSETTLED:
            return Conflict("MOVE_BILLED", "其中的账单“{number}”已经开出，请先撤销账单或办理退费", number=bill.number)
    card = program.elements(target.process).get(target.spot.element)
    if card is not None and card.zw.get("pause") == "CORRECTION":
        return Conflict("RETURN_TO_APPLICANT", "退回申请人只能由受理窗口一次性告知补正，不能再退回一次")
    return None


def skipped(program: Program, past: Past, target: Target) -> Refusal | None:
    """Why a jump to a place would leave out what the law wants first; None: nothing."""
    card = program.elements(target.process).get(target.spot.element)
    if card is None:
        return None
    if card.kind not in ("userTask", "manualTask") and (card.zw.get("doc") or card.zw.get("reaches")):
        return Conflict("MOVE_ONTO_ACT", "“{target}”出具文书或者作出决定，只能由流程走到", target=target.name)
    if program.attributes(target.process).get("kind") != "ITEM":
        return None
    stages, marks = set(card.zw.get("stage", "").split()), past.marks(target.variable_scope)
    if stages & AFTER_ACCEPTANCE and not marks & ACCEPTED and "ACCEPT" not in stages:
        return Conflict("MOVE_SKIPS", "尚未{before}，不能移到“{target}”", before=Sentence("受理"), target=target.name)
    if stages == {"ISSUE"} and Mark.DECIDED_YES not in marks:
        return Conflict(
            "MOVE_SKIPS", "尚未{before}，不能移到“{target}”", before=Sentence("作出准予决定"), target=target.name
        )
    return None


def served(mark: object) -> Conflict:
    """Something was told or given to the applicant: it is changed by the law's own procedures, never by going back."""
    name = MARK_NAMES.get(str(mark)) or str(mark)
    return Conflict(
        "MOVE_SERVED", "“{mark}”已经作出并告知申请人，不能退到它以前；如有错误，请依法撤销或更正", mark=name
    )


def read_reason(reason: str) -> str:
    """Refused: Invalid REASON_MISSING, REASON_TOO_LONG."""
    said = reason.strip()
    if not said:
        raise refuse("reason", "REASON_MISSING", "请写明理由")
    if len(said) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)
    return said


def require_seen(mark: str, seen: str | None) -> None:
    """Refused: Conflict MOVE_CHANGED when what was shown is not what would happen."""
    if seen is not None and seen != mark:
        raise Conflict("MOVE_CHANGED", "办件在您查看期间已有变化，请核对后再提交")


def ended_by(targets: Sequence[Target]) -> list[Mapping[str, str]]:
    """What a move ends, for the journal."""
    return [
        {"element": wait.element, "name": wait.name, "kind": wait.kind.value}
        for one in targets
        for wait in one.cancelled
    ]


def _completes(line: JournalLine) -> bool:
    return line.action in (JournalAction.TASK_COMPLETED, JournalAction.TACIT_PASSED)
