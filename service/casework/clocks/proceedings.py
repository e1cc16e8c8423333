"""What is asked for or going on beside the path of a case: hearing requests, objections, investigations.

They do not move clocks; they keep silence from counting as agreement, and the file complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.clocks.showing import ProceedingView, proceeding_view
from service.casework.journalling import case_file, put_back, write
from service.casework.office import Office
from service.casework.projection import clocks_of, write_clocks
from service.casework.rights import require_reader
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import JournalAction
from service.store.proceedings import ProceedingRow

WINDOW = ("counter_clerk", "reviewer_a", "reviewer_b", "chief_rep", "resident_leader", "dept_head", "supervisor")
OVERSIGHT = ("supervisor", "audit_admin")
KINDS: Mapping[str, tuple[str, ...]] = {  # who may open and close one
    "CORRECTION": WINDOW,  # 一次告知
    "HEARING_REQUEST": WINDOW,  # 听证申请
    "OBJECTION": WINDOW,  # 利害关系人异议
    "TRUTH_CHALLENGE": WINDOW,  # 材料真实性存疑
    "FEE": WINDOW,  # 应缴费用
    "HIGHER_LEVEL": WINDOW,  # 上报或集体讨论
    "INVESTIGATION": OVERSIGHT,  # 监察调查
    "COURT_ORDER": OVERSIGHT,  # 法院裁定
}
LONGEST_NUMBER, LONGEST_REASON = 40, 500


def open_proceeding(
    office: Office,
    actor: Actor,
    case_id: UUID,
    *,
    kind: str,
    scope: UUID | None = None,
    document: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> ProceedingView:
    """Note that something is going on. `document`: number of the paper that says so.

    Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, CASE_SUSPENDED, PROCEEDING_OPEN, Invalid PROCEEDING_UNKNOWN,
    NOTICE_TOO_LONG, REASON_TOO_LONG, Forbidden PROCEEDING_FORBIDDEN.
    """
    _require(actor, kind, document, reason)

    def attempt() -> ProceedingView:
        with office.transaction() as records:
            file = case_file(require_reader(records, actor, records.cases.lock(case_id)))
            if any(one.state == "OPEN" and one.scope_id == scope for one in records.proceedings.of_case(case_id, kind)):
                raise Conflict("PROCEEDING_OPEN", "已有一个同类事项尚未了结。")
            found = ProceedingRow(
                id=uuid4(),
                case_id=case_id,
                scope_id=scope,
                kind=kind,
                state="OPEN",
                opened_at=records.now,
                opened_by=actor.username,
                document=document or None,
                detail={**(detail or {}), **({"reason": reason} if reason else {})},
            )
            records.proceedings.add(found)
            told = {"proceeding": str(found.id), "kind": kind, "scope": scope and str(scope), "document": document}
            told["reason"] = reason
            write(
                records,
                file,
                JournalAction.PROCEEDING_OPENED,
                actor,
                detail={name: value for name, value in told.items() if value},
            )
            put_back(records, file)
            return proceeding_view(found)

    return office.attempt(attempt)


def close_proceeding(
    office: Office, actor: Actor, case_id: UUID, proceeding_id: UUID, *, document: str = "", reason: str = ""
) -> ProceedingView:
    """It is over. Refused: Missing CASE_NOT_FOUND, PROCEEDING_NOT_FOUND, Conflict CASE_ENDED, CASE_SUSPENDED,
    PROCEEDING_CLOSED, PROCEEDING_OF_BILL, Forbidden PROCEEDING_FORBIDDEN, Invalid NOTICE_TOO_LONG, REASON_TOO_LONG.
    """

    def attempt() -> ProceedingView:
        with office.transaction() as records:
            file = case_file(require_reader(records, actor, records.cases.lock(case_id)))
            found = records.proceedings.find(proceeding_id)
            if found is None or found.case_id != case_id or found.kind not in KINDS:
                raise Missing("PROCEEDING_NOT_FOUND", "没有这个申请")
            _require(actor, found.kind, document, reason)
            if "bill" in found.detail:
                raise Conflict(
                    "PROCEEDING_OF_BILL", "收费单 {number} 缴清、减免或作废后自动了结。", number=found.document or ""
                )
            if found.state != "OPEN":
                raise Conflict("PROCEEDING_CLOSED", "该申请已由 {who} 处理。", who=found.closed_by or "")
            detail = {**found.detail, **({"answer": reason} if reason else {})}
            closing = {"state": "CLOSED", "closed_at": records.now, "closed_by": actor.username, "detail": detail}
            if document:
                closing["document"] = document
            records.proceedings.change(found.id, closing)
            told = {"proceeding": str(found.id), "kind": found.kind, "scope": found.scope_id and str(found.scope_id)}
            told |= {"document": document, "reason": reason}
            write(
                records,
                file,
                JournalAction.PROCEEDING_CLOSED,
                actor,
                detail={name: value for name, value in told.items() if value},
            )
            move = clocks_of(records, file, office.programs.for_binding(records, file.row.binding_id, file.row.key))
            if move is None:
                put_back(records, file)
            else:
                move.ask_again(found.scope_id)
                write_clocks(records, move)
            closed = records.proceedings.find(found.id)
            assert closed is not None
            return proceeding_view(closed)

    return office.attempt(attempt)


def _require(actor: Actor, kind: str, document: str, reason: str) -> None:
    if kind not in KINDS:
        raise refuse("kind", "PROCEEDING_UNKNOWN", "没有这种事项：{kind}。", kind=kind[:40])
    if not actor.service and not actor.has(*KINDS[kind]):
        raise Forbidden("PROCEEDING_FORBIDDEN", "无权登记或了结这类事项。")
    if len(document) > LONGEST_NUMBER:
        raise refuse("document", "NOTICE_TOO_LONG", "文书编号不能超过 {most} 个字", most=LONGEST_NUMBER)
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)
