"""移交: a department brings certificates to the issuing window with a list, the window signs for each (SM-15, W19).

What is on a list and not signed for, or missing, keeps its own item from being issued and no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.delivery.rights import require_hander, require_issuer
from service.casework.handed_over import hold
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.office import Office
from service.casework.papers.issuing import issue_document
from service.rules.deliveries import HandoverState, LineState
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, refuse
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.deliveries import HandoverLineRow, HandoverRow
from service.store.records import Records

PAPER = "W19"
WINDOW = "政务服务中心发证窗口"
MOST_LINES, MOST_COPIES = 100, 999


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One certificate somebody puts on a list."""

    case_id: UUID
    scope: UUID | None
    number: str
    name: str
    copies: int = 1


def hand_over(office: Office, actor: Actor, items: Sequence[Handed], note: str = "") -> HandoverRow:
    """Make a 移交单 of certificates of one's own department that wait to be issued.

    Refused: Forbidden HANDOVER_FORBIDDEN; Invalid HANDOVER_EMPTY, HANDOVER_LINE naming the line; Conflict
    HANDOVER_NOT_WAITING when an item is not at the issuing desk, or on a list already.
    """
    department = require_hander(actor)
    if not items or len(items) > MOST_LINES:
        raise refuse("items", "HANDOVER_EMPTY", "请选择要移交的证照，一次不超过 100 件。")
    _require_lines(items)
    said = " ".join(note.split())[:200]

    def act() -> HandoverRow:
        with office.transaction() as records:
            files = _locked(records, [one.case_id for one in items])
            waiting = {(one["case_id"], one["scope_id"]) for one in records.deliveries.issuing(department)}
            for one in items:
                if (one.case_id, one.scope) not in waiting:
                    title = files[one.case_id].row.title or ""
                    raise Conflict("HANDOVER_NOT_WAITING", "“{title}”不在待移交之列，可能已经移交或发出。", title=title)
            day = records.now.astimezone(SHANGHAI).strftime("%Y%m%d")
            row = HandoverRow(
                id=uuid4(),
                number=f"YJ{day}{department}{records.series.next(f'YJ/{day}/{department}'):03d}",
                department=department,
                handed_by=actor.username,
                handed_at=records.now,
                received_by=None,
                received_at=None,
                state=HandoverState.SENT.value,
                note=said,
            )
            lines = [
                HandoverLineRow(
                    handover_id=row.id,
                    line=number,
                    case_id=one.case_id,
                    scope_id=one.scope,
                    number=one.number.strip(),
                    name=one.name.strip(),
                    copies=one.copies,
                    state=LineState.SENT.value,
                )
                for number, one in enumerate(items, 1)
            ]
            records.deliveries.hand_over(row, lines)
            for line in lines:
                hold(records, line.case_id, line.scope_id, row.number)
                write(records, files[line.case_id], JournalAction.RESULT_HANDED_OVER, actor, detail=_told(row, line))
            for file in files.values():
                put_back(records, file)
            return row

    return office.attempt(act)


def sign_for(office: Office, actor: Actor, handover_id: UUID, missing: Mapping[int, str]) -> HandoverRow:
    """The window signs for a list; `missing`: lines whose certificate was not there, with what is to be said.

    Every case gets its 移交单 (W19) of what was received. Refused: Forbidden DELIVERY_ISSUERS_ONLY, HANDOVER_SELF; Missing
    HANDOVER_NOT_FOUND; Conflict HANDOVER_SIGNED; Invalid HANDOVER_LINE.
    """
    require_issuer(actor)

    def act() -> HandoverRow:
        with office.transaction() as records:
            found = records.deliveries.handover_lines(handover_id)
            files = _locked(records, [line.case_id for line in found])
            row = _open(records, handover_id)
            if row.handed_by == actor.username:
                raise Forbidden("HANDOVER_SELF", "移交人不能自己签收。")
            if set(missing) - {line.line for line in found}:
                raise Invalid("HANDOVER_LINE", "移交单中没有这一行。")
            changes = {
                line.line: {
                    "state": (LineState.MISSING if line.line in missing else LineState.RECEIVED).value,
                    "note": missing.get(line.line, "").strip()[:200],
                }
                for line in found
            }
            state = HandoverState.PARTLY if missing else HandoverState.RECEIVED
            signed = {"state": state.value, "received_by": actor.username, "received_at": records.now}
            records.deliveries.sign(row.id, signed, changes)
            lines = records.deliveries.handover_lines(row.id)
            for line in lines:
                received = line.state == LineState.RECEIVED
                action = JournalAction.RESULT_RECEIVED if received else JournalAction.RESULT_MISSING
                write(records, files[line.case_id], action, actor, detail=_told(row, line))
            for case_id, scope in dict.fromkeys((line.case_id, line.scope_id) for line in lines):
                own = [line for line in lines if (line.case_id, line.scope_id) == (case_id, scope)]
                if all(line.state == LineState.RECEIVED for line in own):
                    hold(records, case_id, scope, None)
            for file in files.values():
                _issue_list(office, records, file, row, lines, actor)
                put_back(records, file)
            return records.deliveries.handover(row.id) or row

    return office.attempt(act)


def withdraw(office: Office, actor: Actor, handover_id: UUID) -> HandoverRow:
    """Take a list back before it is signed for. Refused: Forbidden HANDOVER_FORBIDDEN; Missing; Conflict HANDOVER_SIGNED."""
    department = require_hander(actor)

    def act() -> HandoverRow:
        with office.transaction() as records:
            lines = records.deliveries.handover_lines(handover_id)
            files = _locked(records, [line.case_id for line in lines])
            row = _open(records, handover_id)
            if row.department != department:
                raise Missing("HANDOVER_NOT_FOUND", "没有这份移交单，或者您无权查看。")
            records.deliveries.sign(row.id, {"state": HandoverState.WITHDRAWN.value}, {})
            for line in lines:
                hold(records, line.case_id, line.scope_id, None)
                detail = {**_told(row, line), "withdrawn": True}
                write(records, files[line.case_id], JournalAction.RESULT_HANDED_OVER, actor, detail=detail)
            for file in files.values():
                put_back(records, file)
            return records.deliveries.handover(row.id) or row

    return office.attempt(act)


def _issue_list(
    office: Office,
    records: Records,
    file: CaseFile,
    row: HandoverRow,
    lines: Sequence[HandoverLineRow],
    actor: Actor,
) -> None:
    """The case's own part of the list, as a document."""
    own = [line for line in lines if line.case_id == file.id and line.state == LineState.RECEIVED]
    if not own:
        return
    names = records.people.names([row.handed_by, actor.username])
    departments = {one.code: one.name for one in records.people.departments()}
    issue_document(
        office,
        records,
        file,
        code=PAPER,
        facts={
            "certificates": [{"number": one.number, "name": one.name, "copies": one.copies} for one in own],
            "from_unit": departments.get(row.department, row.department),
            "handed_by": names.get(row.handed_by, row.handed_by),
            "to_unit": WINDOW,
            "received_by": names.get(actor.username, actor.username),
            "at": records.now.astimezone(SHANGHAI).isoformat(),
        },
        scope=own[0].scope_id if len({one.scope_id for one in own}) == 1 else None,
        actor=actor,
    )


def _open(records: Records, handover_id: UUID) -> HandoverRow:
    row = records.deliveries.handover(handover_id, lock=True)
    if row is None:
        raise Missing("HANDOVER_NOT_FOUND", "没有这份移交单，或者您无权查看。")
    if row.state != HandoverState.SENT:
        raise Conflict("HANDOVER_SIGNED", "移交单 {number} 已经签收或撤回。", number=row.number)
    return row


def _locked(records: Records, cases: Sequence[UUID]) -> dict[UUID, CaseFile]:
    """Cases are locked in the order of their ids."""
    return {id: case_file(records.cases.lock(id), alive=False) for id in sorted(set(cases), key=lambda one: one.bytes)}


def _require_lines(items: Sequence[Handed]) -> None:
    for number, one in enumerate(items, 1):
        if not 1 <= len(one.number.strip()) <= 60 or not 1 <= len(one.name.strip()) <= 100:
            raise refuse(f"items.{number}", "HANDOVER_LINE", "第 {number} 行应填写证照编号和名称。", number=number)
        if not 1 <= one.copies <= MOST_COPIES:
            raise refuse(f"items.{number}", "HANDOVER_LINE", "第 {number} 行的份数应为 1 到 999。", number=number)
    if len({(one.case_id, one.scope, one.number.strip()) for one in items}) != len(items):
        raise refuse("items", "HANDOVER_LINE", "同一证照在移交单中重复。")


def _told(row: HandoverRow, line: HandoverLineRow) -> dict[str, Any]:
    told: dict[str, Any] = {"handover": row.number, "certificate": line.number, "name": line.name}
    if line.scope_id is not None:
        told["scope"] = str(line.scope_id)
    return {**told, "note": line.note} if line.note else told
