"""What the issuing window sees: what waits and for how long, one case's deliveries, the post, 移交单."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.delivery.guards import with_certificates
from service.casework.delivery.rights import HANDERS, ISSUERS, LOOKERS, require_looker
from service.casework.office import Office
from service.casework.rights import require_reader
from service.rules.deliveries import AT_WINDOW, DeliveryState, HandoverState, Way
from service.rules.refusals import Forbidden, Missing
from service.rules.worktime import SHANGHAI
from service.store.deliveries import DeliveryLine, DeliveryRow, DeliverySearch, HandoverLineRow, HandoverRow
from service.store.records import Records
from service.store.workbench import PersonCard, Workbench

PAGE = 20
_WINDOW = tuple(one.value for one in AT_WINDOW)
QUEUES: Mapping[str, DeliverySearch] = {
    "waiting": DeliverySearch(states=_WINDOW, way=Way.PICKUP.value),
    "to_post": DeliverySearch(states=_WINDOW, way=Way.POST.value),
    "posted": DeliverySearch(states=(DeliveryState.POSTED.value,)),
    "joined": DeliverySearch(states=(DeliveryState.JOINED.value,)),
    "done": DeliverySearch(states=(DeliveryState.DELIVERED.value,)),
}
HANDOVER_VIEWS: Mapping[str, tuple[str, ...]] = {
    "sent": (HandoverState.SENT.value,),
    "partly": (HandoverState.PARTLY.value,),
    "all": (),
}


@dataclass(frozen=True, kw_only=True)
class IssuingQueue:
    """One page of a queue. `counts`: per queue, with the same words; `late`: how many of those at the window are overdue."""

    items: tuple[DeliveryLine, ...]
    counts: Mapping[str, int]
    late: int
    total: int
    page: int
    pages: int
    today: date
    issues: bool


@dataclass(frozen=True, kw_only=True)
class CaseDeliveries:
    """What a case has to hand out. `together`: those that can be handed out in one go now; `locked_until`: of the code."""

    case_id: UUID
    title: str
    business_key: str | None
    rows: tuple[DeliveryRow, ...]
    together: tuple[DeliveryRow, ...]
    handed: Mapping[UUID, tuple[HandoverLineRow, ...]]
    people: Mapping[str, PersonCard]
    issues: bool
    now: datetime
    today: date


@dataclass(frozen=True, kw_only=True)
class HandoverList:
    """One page of 移交单 and how many wait to be handed over."""

    items: tuple[HandoverRow, ...]
    counts: Mapping[str, int]
    people: Mapping[str, PersonCard]
    departments: Mapping[str, tuple[str, str]]
    total: int
    page: int
    pages: int
    hands: bool
    signs: bool


@dataclass(frozen=True, kw_only=True)
class HandoverPage:
    """One 移交单. `signs`, `takes_back`: what the actor can do about it."""

    row: HandoverRow
    lines: tuple[HandoverLineRow, ...]
    titles: Mapping[UUID, str]
    people: Mapping[str, PersonCard]
    departments: Mapping[str, tuple[str, str]]
    signs: bool
    takes_back: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An item at the issuing desk whose certificate is not on a list yet."""

    case_id: UUID
    scope: UUID | None
    title: str
    business_key: str | None
    name: str
    number: str
    certificate: str
    since: datetime


def issuing_queue(
    office: Office, actor: Actor, *, queue: str = "waiting", words: str = "", page: int = 1
) -> IssuingQueue:
    """One page: what is due first comes first. Refused: Forbidden DELIVERY_FORBIDDEN."""
    require_looker(actor)
    queue = queue if queue in QUEUES else "waiting"
    with office.reading() as records:
        today = records.now.astimezone(SHANGHAI).date()
        searches = {name: replace(one, words=words) for name, one in QUEUES.items()}
        counts = {name: records.deliveries.count(one) for name, one in searches.items()}
        late = records.deliveries.count(DeliverySearch(states=_WINDOW, due_before=today))
        pages = max(1, -(-counts[queue] // PAGE))
        page = min(max(page, 1), pages)
        lines = _registered(records, records.deliveries.lines(searches[queue], skip=(page - 1) * PAGE, limit=PAGE))
        return IssuingQueue(
            items=lines,
            counts=counts,
            late=late,
            total=counts[queue],
            page=page,
            pages=pages,
            today=today,
            issues=actor.has(*ISSUERS),
        )


def _registered(records: Records, lines: tuple[DeliveryLine, ...]) -> tuple[DeliveryLine, ...]:
    """The lines with the certificates registered since their deliveries were opened."""
    bare = {line.row.case_id for line in lines if not line.row.certificates}
    found = records.certificates.of_cases(bare)
    return tuple(
        replace(
            line,
            row=replace(
                line.row,
                certificates=[
                    {"number": one.number, "name": one.kind, "copies": 1}
                    for one in found
                    if (one.case_id, one.scope_id) == (line.row.case_id, line.row.scope_id)
                ],
            ),
        )
        if line.row.case_id in bare
        else line
        for line in lines
    )


def case_deliveries(office: Office, actor: Actor, case_id: UUID) -> CaseDeliveries:
    """The deliveries of a case. Refused: Missing CASE_NOT_FOUND, also for who may not read it."""
    with office.reading() as records:
        case = require_reader(records, actor, records.cases.find(case_id))
        stored = records.deliveries.of_case(case_id)
        rows = tuple(with_certificates(records, row, stored) for row in stored)
        people = {row.delivered_by for row in rows} | {str(one.get("by")) for row in rows for one in row.attempts}
        return CaseDeliveries(
            case_id=case_id,
            title=case.title or case.business_key or "",
            business_key=case.business_key,
            rows=rows,
            together=tuple(row for row in rows if DeliveryState(row.state) in AT_WINDOW and row.way == Way.PICKUP),
            handed={row.id: records.deliveries.handed_over(case_id, row.scope_id) for row in rows},
            people=Workbench(records).people({one for one in people if one}),
            issues=actor.has(*ISSUERS),
            now=records.now,
            today=records.now.astimezone(SHANGHAI).date(),
        )


def handover_list(office: Office, actor: Actor, *, view: str = "sent", page: int = 1) -> HandoverList:
    """One page of 移交单: of one's department, of all for the window. Refused: Forbidden HANDOVER_FORBIDDEN."""
    department = _sight(actor)
    view = view if view in HANDOVER_VIEWS else "sent"
    with office.reading() as records:
        counts = {
            name: records.deliveries.count_handovers(department=department, states=states)
            for name, states in HANDOVER_VIEWS.items()
        }
        pages = max(1, -(-counts[view] // PAGE))
        page = min(max(page, 1), pages)
        rows = records.deliveries.handovers(
            department=department, states=HANDOVER_VIEWS[view], skip=(page - 1) * PAGE, limit=PAGE
        )
        names = {one for row in rows for one in (row.handed_by, row.received_by) if one}
        workbench = Workbench(records)
        return HandoverList(
            items=rows,
            counts=counts,
            people=workbench.people(names),
            departments=workbench.departments(),
            total=counts[view],
            page=page,
            pages=pages,
            hands=actor.department is not None and actor.has(*HANDERS),
            signs=actor.has(*ISSUERS),
        )


def handover_page(office: Office, actor: Actor, handover_id: UUID) -> HandoverPage:
    """One 移交单. Refused: Forbidden HANDOVER_FORBIDDEN; Missing HANDOVER_NOT_FOUND, also for other departments."""
    department = _sight(actor)
    with office.reading() as records:
        row = records.deliveries.handover(handover_id)
        if row is None or department not in (None, row.department):
            raise Missing("HANDOVER_NOT_FOUND", "没有这份移交单，或者您无权查看。")
        lines = records.deliveries.handover_lines(handover_id)
        titles = {
            line.case_id: (case.title or case.business_key or "") if case is not None else ""
            for line in lines
            for case in (records.cases.find(line.case_id),)
        }
        names = {one for one in (row.handed_by, row.received_by) if one}
        workbench = Workbench(records)
        waits = row.state == HandoverState.SENT
        return HandoverPage(
            row=row,
            lines=lines,
            titles=titles,
            people=workbench.people(names),
            departments=workbench.departments(),
            signs=waits and actor.has(*ISSUERS) and row.handed_by != actor.username,
            takes_back=waits and actor.department == row.department and actor.has(*HANDERS),
        )


def waiting_to_hand_over(office: Office, actor: Actor) -> tuple[Waiting, ...]:
    """Items of one's department at the issuing desk that are on no list. Refused: Forbidden HANDOVER_FORBIDDEN."""
    if actor.department is None or not actor.has(*HANDERS):
        raise Forbidden("HANDOVER_FORBIDDEN", "只有审批部门的人员可以向发证窗口移交证照。")
    with office.reading() as records:
        rows = records.deliveries.issuing(actor.department)
        names = Workbench(records).definition_names({row["definition_id"] for row in rows})
        found = []
        for row in rows:
            known: Any = next(
                (one for one in records.certificates.of_case(row["case_id"]) if one.scope_id == row["scope_id"]), None
            )
            name = names.get(row["definition_id"], "")
            found.append(
                Waiting(
                    case_id=row["case_id"],
                    scope=row["scope_id"],
                    title=row["title"] or row["business_key"] or "",
                    business_key=row["business_key"],
                    name=name,
                    number=known.number if known is not None else "",
                    certificate=known.kind if known is not None else name,
                    since=row["created_at"],
                )
            )
        return tuple(found)


def _sight(actor: Actor) -> str | None:
    """None: every department's. Refused: Forbidden HANDOVER_FORBIDDEN."""
    if actor.has(*LOOKERS):
        return None
    if actor.department is not None and actor.has(*HANDERS):
        return actor.department
    raise Forbidden("HANDOVER_FORBIDDEN", "您无权查看移交单。")
