"""What people may do with a task among themselves, who is asked at it, and what was copied to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.assigning import require_assigner
from service.casework.handing.colleagues import OUTSIDERS, Colleague, colleagues
from service.casework.handing.copying import SENDERS
from service.casework.handing.passing import last_handing, was_touched
from service.casework.handing.urging import may_urge, urgings
from service.casework.journalling import CaseFile
from service.casework.projection import take_up
from service.casework.reading import readable_task
from service.casework.rights import CONFIDENTIAL, HEADS, KEEPERS
from service.rules.refusals import Refusal, refuse
from service.rules.vocabulary import CaseState
from service.store.together import CopyRow, DraftRow, SignerRow, SigningRow
from service.store.workbench import PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.cases import CaseRow
    from service.store.records import Records
    from service.store.tasks import TaskRow


@dataclass(frozen=True, kw_only=True)
class HandingPanel:
    """`acts`: what the actor may do now; `rounds`: who is asked what; `seat`: the opinion the actor owes."""

    task_id: UUID
    case_id: UUID
    title: str
    task: str
    acts: frozenset[str]
    rounds: tuple[tuple[SigningRow, tuple[SignerRow, ...]], ...]
    seat: SignerRow | None
    asked: str
    urged: int
    draft: DraftRow | None
    held: DraftRow | None
    copies: tuple[CopyRow, ...]
    people: Mapping[str, PersonCard]
    seen: int
    delegated: bool
    owner: str | None
    state: str
    now: datetime


def handing_panel(office: Office, actor: Actor, task_id: UUID) -> HandingPanel:
    """Refused: Missing TASK_NOT_FOUND."""
    with office.reading() as records:
        case, row = readable_task(records, actor, task_id)
        together = records.together
        signers = together.of_task(task_id)
        rounds = tuple(
            (one, tuple(seat for seat in signers if seat.signing_id == one.id)) for one in together.rounds(task_id)
        )
        open_ = row.ended_at is None
        seat = next((one for one in signers if open_ and one.person == actor.username and one.state == "OPEN"), None)
        lines = records.history.lines(case.id)
        copies = together.copies(case.id)
        handing = last_handing(lines, row)
        names = {one.person for one in signers} | {one.person for one in copies} | {one.asked_by for one, _ in rounds}
        names |= {one.sent_by for one in copies} | {name for name in (row.assignee, row.owner) if name}
        question = next((str((one.detail or {}).get("reason", "")) for one in (handing,) if one is not None), "")
        return HandingPanel(
            task_id=task_id,
            case_id=case.id,
            title=case.title or case.business_key or "",
            task=row.name,
            acts=_acts(office, records, actor, case, row) | _loop_acts(office, records, actor, case, row),
            rounds=rounds,
            seat=seat,
            asked=question,
            urged=len(urgings(lines, task_id)),
            draft=together.draft_of(task_id, actor.username) if open_ else None,
            held=together.held(task_id) if open_ else None,
            copies=copies,
            people=Workbench(records).people(names),
            seen=row.seen,
            delegated=row.delegation == "PENDING",
            owner=row.owner,
            state=case.state,
            now=records.now,
        )


def task_colleagues(office: Office, actor: Actor, task_id: UUID, *, opinion: bool = False) -> tuple[Colleague, ...]:
    """Who could be given a task, and why others could not. Refused: Missing TASK_NOT_FOUND."""
    with office.reading() as records:
        readable_task(records, actor, task_id)
        task = records.tasks.file(task_id)
        return () if task is None else colleagues(records, actor, task, opinion=opinion)


def people_to_ask(office: Office, actor: Actor) -> tuple[PersonCard, ...]:
    """Everybody of the house who may be asked or sent something, one's own department first."""
    with office.reading() as records:
        names = {
            one.username
            for one in records.people.listing(active=True)
            if one.roles and one.roles.isdisjoint(OUTSIDERS) and one.username != actor.username
        }
        cards = Workbench(records).people(names).values()
        return tuple(
            sorted(cards, key=lambda one: (one.department != actor.department, one.department or "", one.username))
        )


def people_named(office: Office, texts: Sequence[str]) -> list[str]:
    """Usernames of people named as they are called: by username, alias, staff number or name.

    Refused: Invalid PERSON_UNKNOWN, PERSON_AMBIGUOUS (field `people`).
    """
    with office.reading() as records:
        everybody = records.people.listing(active=True)
    found = []
    for text in texts:
        known = [one for one in everybody if text in (one.username, one.alias, one.staff_no)]
        known = known or [one for one in everybody if one.name == text]
        if not known:
            raise refuse("people", "PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=text[:60])
        if len(known) > 1:
            raise refuse(
                "people",
                "PERSON_AMBIGUOUS",
                "有{count}个人叫“{name}”，请填写用户名或工号",
                count=len(known),
                name=text[:60],
            )
        found.append(known[0].username)
    return found


def _acts(office: Office, records: Records, actor: Actor, case: CaseRow, row: TaskRow) -> frozenset[str]:
    """The acts that would not be refused for who asks."""
    if row.ended_at is not None or case.state != CaseState.ACTIVE or actor.service or "applicant" in actor.roles:
        return frozenset()
    mine, pending = row.assignee == actor.username, row.delegation == "PENDING"
    found = set()
    if pending and mine:
        found.add("answer")
    if not pending and records.together.held(row.id) is None:
        if mine or _may_assign(actor, row):
            found.add("transfer")
        if mine:
            found |= {"delegate", "ask"}
    lines = records.history.lines(case.id)
    handing = last_handing(lines, row)
    if handing is not None and handing.actor == actor.username and not was_touched(records, handing, row):
        found.add("take_back")
    if not mine and may_urge(office, records, actor, case):
        found.add("urge")
    involved, departments = records.tasks.groups_involved(case.id)
    heads = actor.has(*HEADS) and actor.department in departments
    if case.key not in CONFIDENTIAL and (actor.has(*SENDERS) or actor.username in involved or heads):
        found.add("copy")
    return frozenset(found)


def _loop_acts(office: Office, records: Records, actor: Actor, case: CaseRow, row: TaskRow) -> frozenset[str]:
    """加签 and 减签 at the loop a task stands in, for who may change it (`together.instances`); the engine tells whether."""
    heads = actor.has(*HEADS) and actor.department == row.department
    if row.ended_at is not None or case.state != CaseState.ACTIVE or not (actor.has(*KEEPERS) or heads):
        return frozenset()
    items = take_up(office, records, CaseFile(case)).run.items(row.id)
    return frozenset() if items is None else frozenset({"join", "leave"})


def _may_assign(actor: Actor, row: TaskRow) -> bool:
    try:
        require_assigner(actor, row)
    except Refusal:
        return False
    return True
