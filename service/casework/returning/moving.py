"""跳转: whoever answers for a case moves a waiting token to another activity, with a reason (SM-26 counts it as a deviation).

For keepers whatever waits, an incident too; for the 首席代表 the tasks of the own department (P11). Nothing is skipped that the
law wants first, and nothing undone that has been decided or served.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, require_running, write
from service.casework.office import Office
from service.casework.posts import CHIEF
from service.casework.projection import Running, settle, take_up
from service.casework.reading import get_case
from service.casework.returning.guards import (
    Past,
    ended_by,
    read_reason,
    refusal_of,
    require_seen,
    skipped,
)
from service.casework.returning.previews import MovePreview, mark_of, named, place_of
from service.casework.returning.sending_back import rounds
from service.casework.rights import KEEPERS, require_seer
from service.casework.views import CaseView
from service.engine import Spot, Target, Wait, WaitKind
from service.rules.refusals import Forbidden, Missing, Refusal, refuse
from service.rules.vocabulary import InHouseAction, JournalAction
from service.store.records import Records


def move_places(office: Office, actor: Actor, case_id: UUID, token: UUID) -> MovePreview:
    """Where a waiting token may be moved to and what that ends; nothing changes.

    Refused: Missing CASE_NOT_FOUND, TOKEN_NOT_FOUND; Conflict CASE_ENDED, CASE_SUSPENDED; Forbidden MOVE_FORBIDDEN.
    """

    def look() -> MovePreview:
        with office.reading() as records:
            file = CaseFile(require_seer(records, actor, records.cases.find(case_id)))
            require_running(file.row)
            running = take_up(office, records, file)
            wait = _wait(running, token)
            _require_mover(records, actor, wait)
            past, places = Past(records, file), running.run.places(token)
            allowed = _allowed(running, past, places)
            return MovePreview(
                token=token,
                element=wait.element,
                name=wait.name or wait.element,
                places=named(records, (place_of(running.program, one, past.of(one), [token]) for one in allowed)),
                mark=mark_of(token, allowed),
            )

    return office.attempt(look)


def move_token(
    office: Office,
    actor: Actor,
    case_id: UUID,
    token: UUID,
    target: str,
    reason: str,
    *,
    scope: UUID | None = None,
    seen: str | None = None,
) -> CaseView:
    """Move a waiting token to the activity `target` of the open scope `scope`; `seen`: the mark of the preview.

    Refused: as `move_places`; Invalid MOVE_TARGET, REASON_MISSING, REASON_TOO_LONG; Conflict MOVE_CHANGED, MOVE_SERVED,
    MOVE_BILLED, MOVE_SKIPS, MOVE_ONTO_ACT, MOVE_INTO_PARALLEL, MOVE_INTO_INSTANCE, MOVE_ON_THE_WAY, MOVE_UNDOING.
    """
    said = read_reason(reason)
    if not target:
        raise refuse("target", "MOVE_TARGET", "请选择要移到的环节")

    def act() -> None:
        with office.transaction() as records:
            file = CaseFile(require_seer(records, actor, records.cases.lock(case_id)))
            require_running(file.row)
            running = take_up(office, records, file)
            wait = _wait(running, token)
            _require_mover(records, actor, wait)
            past = Past(records, file)
            if seen is not None:
                require_seen(mark_of(token, _allowed(running, past, running.run.places(token))), seen)
            spot = Spot(element=target, scope=scope)
            effect = running.run.effect([token], spot)
            refusal = effect.refused or forbidden(running, past, effect)
            if refusal is not None:
                raise refusal
            done = past.of(effect)
            running.run.move([token], spot, person=done.ended_by if done is not None else None)
            detail = {
                "to": effect.spot.element,
                "to_name": effect.name,
                "reason": said,
                "round": rounds(past, effect) + 1,
                "ended": ended_by([effect]),
                **({"scope": str(effect.variable_scope)} if effect.variable_scope else {}),
            }
            user_task = wait.kind is WaitKind.USER_TASK
            write(
                records,
                file,
                JournalAction.TOKEN_MOVED,
                actor,
                element=wait.element,
                task_id=token if user_task else None,
                detail=detail,
            )
            settle(records, running, doer=actor)

    office.attempt(act)
    return get_case(office, actor, case_id)


def _allowed(running: Running, past: Past, places: Sequence[Target]) -> list[Target]:
    """What is worth showing: nothing that law or record forbid, and not the machinery of the ladder."""
    return [
        one
        for one in places
        if forbidden(running, past, one) is None
        and running.program.elements(one.process)[one.spot.element].zw.get("action") != InHouseAction.ESCALATE
    ]


def forbidden(running: Running, past: Past, target: Target) -> Refusal | None:
    """Why law or record do not allow a move the engine could make; None: nothing does."""
    done = past.of(target)
    since = past.since(done) if done is not None else past.lines if target.backwards else None
    return refusal_of(running.program, past, target, since) or skipped(running.program, past, target)


def _wait(running: Running, token: UUID) -> Wait:
    wait = running.run.waits().get(token)
    if wait is None or wait.host is not None:
        raise Missing("TOKEN_NOT_FOUND", "这里没有等待中的环节，可能已经办理")
    return wait


def _require_mover(records: Records, actor: Actor, wait: Wait) -> None:
    if actor.has(*KEEPERS):
        return
    if actor.has(CHIEF) and wait.kind is WaitKind.USER_TASK:
        row = records.tasks.find(wait.id)
        if row is not None and row.department is not None and row.department == actor.department:
            return
    raise Forbidden("MOVE_FORBIDDEN", "只有业务科、系统管理员和本部门首席代表可以跳转环节")
