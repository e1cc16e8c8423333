"""值班与代岗: one's own absences, and for a department who holds which post and who does the work now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from service.casework.listing.asking import sight_of
from service.casework.posts import CHIEF, HEAD, LEADER, RUNGS, Cover, cover, group_of, without_cover
from service.casework.rights import HEADS
from service.casework.workbench.duty_calendar import DutyWeeks, duty_weeks
from service.rules.worktime import SHANGHAI
from service.store.listing import ABSENCES, Sight
from service.store.listing.absences import OVERSEERS, AbsenceListRow
from service.store.workbench import PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.seats import Seat

MOST = 100  # absences of one page; a department has a handful
POSTS = ("reviewer_a", "reviewer_b", CHIEF, LEADER, HEAD)


@dataclass(frozen=True, kw_only=True)
class PostLine:
    """One post: who holds it, who of them is away, and who does its work now."""

    role: str
    seats: tuple[Seat, ...]
    now: Cover


@dataclass(frozen=True, kw_only=True)
class DutyBoard:
    """One department's posts and absences. `uncovered`: neither A岗 nor B岗 is there."""

    department: str
    posts: tuple[PostLine, ...]
    absences: tuple[AbsenceListRow, ...]
    uncovered: bool
    weeks: DutyWeeks


@dataclass(frozen=True, kw_only=True)
class DutyPage:
    """What the page shows. `choices`: departments the actor may look at; `colleagues`: whom the actor may record."""

    own: tuple[AbsenceListRow, ...]
    board: DutyBoard | None
    choices: Mapping[str, tuple[str, str]]
    colleagues: tuple[PersonCard, ...]
    people: Mapping[str, PersonCard]
    alarms: tuple[str, ...]
    now: datetime


def duty_page(office: Office, actor: Actor, department: str | None = None) -> DutyPage:
    """Own absences, and the board of a department: the actor's own, any for who oversees the centre."""
    everything = actor.has(*OVERSEERS)
    with office.reading() as records:
        bench = Workbench(records)
        departments = bench.departments()
        chosen = department if everything and department in departments else actor.department
        own = ABSENCES.rows(
            records, sight_of(actor, ABSENCES), {"username": actor.username}, sorting=(("since", True),), size=MOST
        )
        board = None
        if chosen is not None and (everything or actor.department is not None):
            seats = records.people.seats({chosen}, set(RUNGS))
            posts = tuple(
                PostLine(role=role, seats=found, now=cover(seats, chosen, role))
                for role in POSTS
                if (found := seats.get(group_of(chosen, role), ()))
            )
            asked = {"department": chosen, "current": True}
            board = DutyBoard(
                department=chosen,
                posts=posts,
                absences=ABSENCES.rows(records, Sight(everything=True), asked, sorting=(("since", False),), size=MOST),
                uncovered=without_cover(seats, chosen),
                weeks=duty_weeks(records, chosen, records.now.astimezone(SHANGHAI).date()),
            )
        alarms: tuple[str, ...] = ()
        if everything:
            every = records.people.seats(set(departments), set(RUNGS))
            alarms = tuple(code for code in sorted(departments) if without_cover(every, code))
        names = {seat.username for line in (board.posts if board else ()) for seat in line.seats}
        names |= {line.now.owner for line in (board.posts if board else ()) if line.now.owner}
        planned = {
            name
            for day in (board.weeks.days if board else ())
            for halves in day.posts.values()
            for half in halves
            for name in (half.who, *half.away)
            if name
        }
        people = bench.people({*names, *planned, *(one.recorded_by for one in own), actor.username})
        manages = actor.has("business_office") or (actor.has(*HEADS) and chosen == actor.department)
        colleagues = tuple(people[name] for name in sorted(names) if name in people) if manages else ()
        return DutyPage(
            own=own,
            board=board,
            choices=departments if everything else {},
            colleagues=colleagues,
            people=people,
            alarms=alarms,
            now=records.now,
        )
