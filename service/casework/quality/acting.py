"""What the diagrams of quality ask of the service: 分派, 抽样, 亮牌, 误评."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.posts import LEADER, group_of, look_up
from service.casework.supervising import About
from service.casework.supervising import raise_card as give_card
from service.rules.cards import Violation
from service.rules.numbers import VISIT
from service.rules.quality import CENTRE, RATIO, Candidate, dispatched, draw, month_days
from service.rules.refusals import Invalid, Missing
from service.rules.roles import OVERSIGHT
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.people import Person
from service.store.quality import SamplingRow
from service.store.records import Records


def dispatch(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """分派投诉 (S-12): who investigates, and whom the case keeps away. Asked again after 退回, it decides anew."""
    said = request.values
    department, accused = _text(said, "department"), _text(said, "accused")
    person = _person(records, accused, department)
    leader = group_of(department, LEADER) if department else ""
    seats = look_up(records, [(department, LEADER)]) if department else {}
    found = dispatched(
        _text(said, "matter_kind") or "",
        department=department,
        person=person.username if person else accused,
        person_department=person.department if person else None,
        overseer=person is not None and not person.roles.isdisjoint(OVERSIGHT),
        window=_text(said, "window"),
        leaders={department} if department and seats.get(leader) else set(),
    )
    chosen = {
        "handler": found.handler,
        "investigator_role": found.role,
        "investigator_dept": found.department,
        "reviewer_dept": found.reviewer_department,
    }
    detail = {"action": request.act, **chosen}
    write(records, file, JournalAction.ACTION_DONE, None, element=request.element, detail=detail)
    return {**chosen, "person": person.username if person else None}


def sample(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """抽样 (J-13): of the items and chains that ended in the month `period`; drawn once, the seed kept with it.

    Refused: Invalid PERIOD_UNREADABLE.
    """
    kind, period = request.inputs.get("sampling", "").strip(), str(request.values.get("period") or "")
    known = records.quality.sampling_of(kind, period)
    if known is not None:
        return {"sample": list(known.selected), "sample_size": len(known.selected)}
    first, after = (datetime.combine(day, time(), SHANGHAI) for day in month_days(period))
    ended = {str(one.id): one for one in records.quality.ended_between(first, after)}
    seed = token_hex(16)
    drawn = draw([Candidate(id=id, reasons=one.reasons) for id, one in ended.items()], seed)
    selected = []
    for one in drawn:
        found = ended[one.id]
        number = found.number or found.id.hex[:8].upper()
        entry = {
            "case": one.id,
            "number": number,
            "title": found.title or number,
            "department": found.department,
            "reasons": "、".join(REASONS[reason] for reason in one.reasons),
        }
        if kind == "CALLBACK":
            entry["visit"] = VISIT.number(first.date(), records.series.next(VISIT.series(first.date())))
        selected.append(entry)
    records.quality.add_sampling(
        SamplingRow(
            id=uuid4(),
            case_id=file.id,
            kind=kind,
            period=period,
            population=len(ended),
            ratio=str(RATIO),
            seed=seed,
            selected=selected,
            drawn_at=records.now,
        )
    )
    detail = {"action": request.act, "seed": seed, "population": len(ended), "drawn": len(selected)}
    write(records, file, JournalAction.ACTION_DONE, None, element=request.element, detail=detail)
    return {"sample": selected, "sample_size": len(selected)}


REASONS = {
    "RANDOM": "随机",
    "REFUSED": "不予",
    "OVERDUE": "超时",
    "BAD_RATING": "差评",
    "COMPLAINT": "投诉",
}


def raise_card(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """亮牌: what `zw:violation` names, to the department the case is about; to the centre when it names none.

    Refused: Invalid VIOLATION_UNKNOWN.
    """
    name = request.inputs.get("violation", "").strip()
    if name not in tuple(Violation):
        raise Invalid("VIOLATION_UNKNOWN", "没有监察情形“{name}”（zw:violation）", name=name)
    department = _text(request.values, "department") or CENTRE
    about = About(scope=request.scope, element=request.element)
    give_card(
        records,
        file,
        Violation(name),
        to=department,
        department=department,
        at=request.asked_at,
        about=about,
    )


def exclude_rating(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """误评: the rating stays on record and counts for nothing. Refused: Missing RATING_MISSING."""
    rated = _text(request.values, "rated_case")
    row = records.quality.rating_of(UUID(rated)) if rated else None
    if row is None:
        raise Missing("RATING_MISSING", "没有这个评价。")
    records.quality.change_rating(row.id, excluded_at=records.now)
    detail = {"action": request.act, "case": rated, "grade": row.grade}
    write(records, file, JournalAction.ACTION_DONE, None, element=request.element, detail=detail)


def _person(records: Records, named: str | None, department: str | None) -> Person | None:
    """Whom a complaint names: by username, alias or staff number, or by a name that only one person bears."""
    if named is None:
        return None
    staff = [one for one in records.people.listing(active=True) if "applicant" not in one.roles]
    exact = [one for one in staff if named in (one.username, one.staff_no, one.alias)]
    by_name = [one for one in staff if one.name == named]
    ours = [one for one in by_name if one.department == department]
    for found in (exact, ours, by_name):
        if len(found) == 1:
            return found[0]
    return None


def _text(values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    return value.strip() if isinstance(value, str) and value.strip() else None
