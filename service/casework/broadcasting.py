"""Signals reach everybody who listens, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.correlating import hand_over, start_by
from service.casework.office import Office
from service.casework.rights import require_keeper, require_writer
from service.rules.refusals import Conflict
from service.rules.vocabulary import SubscriptionKind
from service.store.deployments import StartListener

SIGNAL = SubscriptionKind.SIGNAL


def broadcast(
    office: Office,
    actor: Actor,
    signal: str,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    case_id: UUID | None = None,
) -> int:
    """Deliver a signal to all tokens that listen and start all processes that begin with it; how many it reached.

    `case_id` (or the id of one token) limits it to one case and starts nothing. Suspended cases do not hear it.
    Refused: Forbidden KEEPER_ONLY.
    """
    require_keeper(actor)
    if variables:
        require_writer(actor)
    with office.reading() as records:
        listeners = records.subscriptions.listening(SIGNAL, signal)
        starts: tuple[StartListener, ...] = records.deployments.start_listeners(SIGNAL, signal)
    if case_id is not None:
        listeners = tuple(one for one in listeners if case_id in (one.id, one.case_id))
        starts = ()
    reached = 0
    for one in listeners:
        try:
            reached += hand_over(office, actor, one, variables, types) is not None
        except Conflict:  # suspended or ended meanwhile
            continue
    for listener in starts:
        office.attempt(partial(start_by, office, actor, listener, None, variables, types))
        reached += 1
    return reached
