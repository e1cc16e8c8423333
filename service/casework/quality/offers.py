"""What a case page says and offers about quality: to rate the case, to complain, to withdraw; what a supporting case is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.quality.complaints import KEY, is_withdrawable
from service.casework.quality.ratings import SUPPORT, WINDOWS, is_open
from service.casework.quality.registers import REGISTERS
from service.casework.quality.rights import OVERSEERS, may_register
from service.store.cases import CaseRow
from service.store.quality import RatingRow, SamplingRow
from service.store.records import Records

OF_COMPLAINANT = ("complainant_name", "phone")  # only for who takes in complaints and for supervision
SAMPLES = {"callbacks": "CALLBACK", "inspections": "INSPECTION"}


@dataclass(frozen=True, kw_only=True)
class CaseOffers:
    """`given`: how it was rated; `register`: the register a supporting case stands in, `said`: what it is about,
    `sample`: what it has drawn, `departments`: their names."""

    rate: bool = False
    given: RatingRow | None = None
    complain: bool = False
    withdraw: bool = False
    register: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    sample: SamplingRow | None = None
    departments: Mapping[str, str] = field(default_factory=dict)


def case_offers(office: Office, actor: Actor, case_id: UUID) -> CaseOffers:
    """What somebody who reads the case is told and may do about it; one statement more for most cases."""
    with office.reading() as records:
        row = records.cases.find(case_id)
        if row is None or actor.service:
            return CaseOffers()
        if row.key.startswith(SUPPORT):
            return _of_support(records, actor, row)
        given = records.quality.rating_of(case_id) if row.ended_at is not None else None
        rater = (row.started_by == actor.username and "applicant" in actor.roles) or actor.has(*WINDOWS)
        return CaseOffers(
            rate=rater and is_open(row, given, records),
            given=given,
            complain=may_register(actor, "complaints"),
        )


def _of_support(records: Records, actor: Actor, row: CaseRow) -> CaseOffers:
    name = next((name for name, one in REGISTERS.items() if one.key == row.key), "")
    if not name:
        return CaseOffers()
    said = {one.name: one.value for one in records.variables.of_scope(row.id, row.id)}
    mine = row.started_by == actor.username
    if not (mine or actor.has(*OVERSEERS)):
        said = {key: value for key, value in said.items() if key not in OF_COMPLAINANT}
    kind = SAMPLES.get(name)
    return CaseOffers(
        withdraw=row.key == KEY and mine and is_withdrawable(records, row.id),
        register=name,
        said=said,
        sample=records.quality.samplings(kind, [row.id]).get(row.id) if kind else None,
        departments={one.code: one.name for one in records.people.departments()},
    )
