"""定时发布: what all three persons agreed to is deployed at an instant, and can be called off before it.

The case of the release stands at its deployment until then: the agenda carries it out, nobody has to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.request import Request
from service.casework.measures.releases import wanted_release
from service.casework.office import Office
from service.casework.support_asking import RELEASE
from service.casework.support_cases import subject_id
from service.rules.refusals import Conflict, Forbidden, refuse
from service.rules.vocabulary import AgendaKind, LedgerAction
from service.store.measures import ReleaseRow
from service.store.records import Records

SCHEDULERS = ("system_admin",)  # who deploys
FURTHEST = timedelta(days=366)
SHORTEST_WORD, LONGEST_WORD = 2, 200


def schedule_release(office: Office, actor: Actor, release_id: UUID, at: datetime | None) -> None:
    """It becomes effective then; None: at once, when the last of the three agrees.

    Refused: Forbidden RELEASE_SCHEDULE_FORBIDDEN; Missing RELEASE_NOT_FOUND; Conflict RELEASE_OVER; Invalid RELEASE_EFFECTIVE.
    """
    _require_scheduler(actor)

    def schedule() -> None:
        with office.transaction() as records:
            row = _open_release(records, release_id)
            if at is not None and not records.now < at <= records.now + FURTHEST:
                raise refuse("effective_at", "RELEASE_EFFECTIVE", "生效时间应在现在以后、一年以内。")
            _change(
                records, actor, row, {"effective_at": at}, LedgerAction.RELEASE_SCHEDULED, {"at": at and at.isoformat()}
            )
            _wake(records, row, at)

    office.attempt(schedule)


def call_off_release(office: Office, actor: Actor, release_id: UUID, reason: str) -> None:
    """A release with a set instant is not deployed after all; its case ends without it.

    Refused: Forbidden RELEASE_SCHEDULE_FORBIDDEN; Missing RELEASE_NOT_FOUND; Conflict RELEASE_OVER; Invalid RELEASE_REASON.
    """
    _require_scheduler(actor)
    reason = " ".join(reason.split())[:LONGEST_WORD]
    if len(reason) < SHORTEST_WORD:
        raise refuse("reason", "RELEASE_REASON", "请填写取消的理由。")

    def call_off() -> None:
        with office.transaction() as records:
            row = _open_release(records, release_id)
            if row.effective_at is None:
                raise Conflict("RELEASE_UNSCHEDULED", "这次发布没有设定生效时间，不能取消。")
            changes = {"state": "CANCELLED", "effective_at": None}
            _change(records, actor, row, changes, LedgerAction.RELEASE_CALLED_OFF, {"reason": reason})
            _wake(records, row, None)

    office.attempt(call_off)


def held_back_until(records: Records, request: Request) -> datetime | None:
    """When the deployment a case asks for may be done; None: now."""
    if request.act != "release" or request.inputs.get("deed") != "deploy":
        return None
    at = wanted_release(records, subject_id(request.values, "release")).effective_at
    return at if at is not None and at > records.now and request.values.get("decision") == "agree" else None


def _require_scheduler(actor: Actor) -> None:
    if not actor.has(*SCHEDULERS):
        raise Forbidden("RELEASE_SCHEDULE_FORBIDDEN", "只有系统管理员可以设定或取消生效时间。")


def _open_release(records: Records, release_id: UUID) -> ReleaseRow:
    wanted_release(records, release_id)
    case_id = records.measures.about_each(RELEASE, [release_id]).get(release_id)
    case = records.cases.lock(case_id) if case_id is not None else None  # the deployment waits for the same lock
    row = wanted_release(records, release_id)
    if row.state != "OPEN" or case is None or case.ended_at is not None:
        raise Conflict("RELEASE_OVER", "这次发布已经生效、取消或结束。")
    return row


def _change(
    records: Records,
    actor: Actor,
    row: ReleaseRow,
    values: Mapping[str, Any],
    action: LedgerAction,
    detail: Mapping[str, Any],
) -> None:
    records.measures.change_release(row.id, values)
    names = "、".join(str(one["name"]) for one in row.changes)[:255]
    records.ledger.write(action, actor.username, names, {"release": str(row.id), **detail})


def _wake(records: Records, row: ReleaseRow, at: datetime | None) -> None:
    """A deployment that is being held back is looked at again."""
    case_id = records.measures.about_each(RELEASE, [row.id])[row.id]
    for one in records.agenda.of_case(case_id):
        if one.kind == AgendaKind.ACTION and one.ready_at is not None and one.ready_at > records.now:
            records.agenda.change(one.id, {"ready_at": at or records.now, "locked_until": None})
            records.prompt = True
