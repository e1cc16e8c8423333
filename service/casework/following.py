"""关注: a person follows a case without having anything to do in it."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.rights import require_reader


def follow_case(office: Office, actor: Actor, case_id: UUID) -> None:
    """From now on the case stands in one's list of followed ones; again changes nothing. Refused: Missing CASE_NOT_FOUND."""
    with office.transaction() as records:
        require_reader(records, actor, records.cases.find(case_id))
        if not records.followings.has(actor.username, case_id):
            records.followings.add(actor.username, case_id)


def unfollow_case(office: Office, actor: Actor, case_id: UUID) -> None:
    """No longer; also for a case one may not read any more."""
    with office.transaction() as records:
        records.followings.drop(actor.username, case_id)


def follows(office: Office, actor: Actor, case_id: UUID) -> bool:
    """Whether the actor follows the case."""
    with office.reading() as records:
        return records.followings.has(actor.username, case_id)
