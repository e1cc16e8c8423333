"""What a case page offers about quality: to rate it, to complain about it, to withdraw a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.quality.complaints import KEY, is_withdrawable
from service.casework.quality.ratings import SUPPORT, WINDOWS, is_open
from service.casework.quality.rights import may_register
from service.store.quality import RatingRow


@dataclass(frozen=True, kw_only=True)
class CaseOffers:
    """`given`: how it was rated, for who may know."""

    rate: bool = False
    given: RatingRow | None = None
    complain: bool = False
    withdraw: bool = False


def case_offers(office: Office, actor: Actor, case_id: UUID) -> CaseOffers:
    """What somebody who reads the case may do about it, in at most three statements."""
    with office.reading() as records:
        row = records.cases.find(case_id)
        if row is None or actor.service:
            return CaseOffers()
        mine = row.started_by == actor.username
        if row.key.startswith(SUPPORT):
            return CaseOffers(withdraw=row.key == KEY and mine and is_withdrawable(records, case_id))
        given = records.quality.rating_of(case_id) if row.ended_at is not None else None
        rater = (mine and "applicant" in actor.roles) or actor.has(*WINDOWS)
        return CaseOffers(
            rate=rater and is_open(row, given, records),
            given=given,
            complain=may_register(actor, "complaints"),
        )
