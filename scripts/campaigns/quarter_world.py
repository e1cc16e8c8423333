"""What happens around the cases of a quarter: absences, a change of the calendar, an outage; and acts on single cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from scripts.campaigns.quarter_law import CHINA, Almanac, Notice
from scripts.campaigns.quarter_people import HOURS

if TYPE_CHECKING:
    from scripts.campaigns.quarter import Quarter
    from scripts.campaigns.quarter_people import Act, People

ADMIN, REGION = "guotao", "990100"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One request at an instant. `number`: distinguishes it for its Idempotency-Key."""

    number: int
    at: datetime
    who: str
    method: str
    path: str
    body: Any


@dataclass(frozen=True, kw_only=True)
class Away:
    """Somebody who does nothing from one instant to another."""

    username: str
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A declared outage, known from an instant on."""

    known: datetime
    down: datetime
    up: datetime


@dataclass
class World:
    """Events in their order. `away`: who is not there when."""

    events: Sequence[Event] = ()
    away: Sequence[Away] = ()
    almanac: Almanac = field(default_factory=Almanac)
    outages: Sequence[Outage] = ()
    _done: int = field(default=0)

    def until(self, instant: datetime) -> Iterator[Event]:
        """What happens before an instant and has not happened yet."""
        while self._done < len(self.events) and self.events[self._done].at < instant:
            self._done += 1
            yield self.events[self._done - 1]

    def is_away(self, username: str, instant: datetime) -> bool:
        """Whether somebody is not there."""
        return any(one.username == username and one.since <= instant < one.until for one in self.away)

    def requests(self, case_id: str, process: str, act: Act, quarter: Quarter) -> Iterator[Event]:
        """The requests of an act on a case."""
        yield from ()


def world_of(people: People) -> World:
    """The notice, the outages and the absences of a quarter, on days that follow from its ticks."""
    days = sorted({one.date() for one in people.ticks if one.time() == HOURS[0]})
    events: list[Event] = []

    def at(share: float, hour: time) -> datetime:
        return datetime.combine(days[int(share * len(days))], hour, CHINA)

    def event(instant: datetime, who: str, method: str, path: str, body: Any) -> None:
        events.append(Event(number=len(events), at=instant, who=who, method=method, path=path, body=body))

    known = at(0.45, time(16, 50))
    rest, half = days[int(0.45 * len(days)) + 8], days[int(0.45 * len(days)) + 3]
    notice = {
        "status": "ACTIVE",
        "notice": "云政办发〔2026〕6号",
        "days": [
            {"date": half.isoformat(), "workday": True, "reason": "LOCAL", "name": "防汛演练", "closed": ["PM"]},
            {"date": rest.isoformat(), "workday": False, "reason": "LOCAL", "name": "建市纪念日"},
        ],
    }
    event(known, ADMIN, "PUT", f"/calendars/{REGION}/2026", notice)
    almanac = Almanac([Notice(known=known, rests=frozenset({rest}), closed=frozenset({(half, 1)}))])
    return World(events=sorted(events, key=lambda one: one.at), almanac=almanac)
