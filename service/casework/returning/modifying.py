"""Camunda's modification of an instance, as far as it moves tokens: some are cancelled and one begins elsewhere.

For keepers. Whatever law or record forbid for 跳转 is forbidden here too: a program is no way around the decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, require_running, write
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.casework.returning.guards import Past, ended_by
from service.casework.returning.moving import forbidden
from service.casework.returning.previews import LONGEST_REASON
from service.casework.rights import require_keeper, require_seer
from service.rules.refusals import Invalid, Missing
from service.rules.vocabulary import JournalAction


def modify_case(
    office: Office,
    actor: Actor,
    case_id: UUID,
    *,
    cancel: Sequence[str | UUID],
    begin: str,
    after: bool = False,
    reason: str = "",
) -> None:
    """Cancel tokens (all on an element, or one by its id) and begin one before `begin`, or right behind it (`after`).

    Refused: Forbidden KEEPER_ONLY; Missing CASE_NOT_FOUND, TOKEN_NOT_FOUND; Invalid MODIFICATION_UNBALANCED; Conflict CASE_ENDED,
    CASE_SUSPENDED, MOVE_AFTER_UNCLEAR and what moving a token refuses.
    """
    require_keeper(actor)
    if not cancel or not begin:
        raise Invalid("MODIFICATION_UNBALANCED", "修改应取消至少一个环节，并从恰好一个环节开始")

    def act() -> None:
        with office.transaction() as records:
            file = CaseFile(require_seer(records, actor, records.cases.lock(case_id)))
            require_running(file.row)
            running = take_up(office, records, file)
            tokens = _tokens(running, cancel)
            spot = running.run.spot(tokens[0], begin, after=after)
            effect, past = running.run.effect(tokens, spot), Past(records, file)
            refusal = effect.refused or forbidden(running, past, effect)
            if refusal is not None:
                raise refusal
            running.run.move(tokens, spot)
            detail = {
                "to": effect.spot.element,
                "to_name": effect.name,
                "reason": reason.strip()[:LONGEST_REASON] or "modification",
                "ended": ended_by([effect]),
                **({"scope": str(effect.variable_scope)} if effect.variable_scope else {}),
            }
            write(records, file, JournalAction.TOKEN_MOVED, actor, detail=detail)
            settle(records, running, doer=actor)

    office.attempt(act)


def _tokens(running: Running, cancel: Sequence[str | UUID]) -> list[UUID]:
    waits = [one for one in running.run.waits().values() if one.host is None]
    hosts = [one for one in running.run.scopes() if one.host is not None]
    found: dict[UUID, None] = {}
    for named in cancel:
        here = [one.id for one in waits if named in (one.id, one.element)]
        here += [one.host for one in hosts if one.host is not None and named in (one.host, one.element)]
        if not here:
            raise Missing("TOKEN_NOT_FOUND", "这里没有等待中的环节，可能已经办理")
        found.update(dict.fromkeys(here))
    return list(found)
