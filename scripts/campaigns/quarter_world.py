"""What happens around the cases of a quarter: absences, a change of the calendar, an outage; and acts on single cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from scripts.campaigns.quarter_cards import CAST
from scripts.campaigns.quarter_law import CHINA, Almanac, Notice
from scripts.campaigns.quarter_people import HOURS

if TYPE_CHECKING:
    from scripts.campaigns.quarter_people import Act, People

ADMIN, SUPERVISOR, HEAD, LEADER, REGION = "guotao", "sunli", "luoming", "xuhong", "990100"
CHAIN_PROCESS = "chain_JS_35"
Asking = Callable[[str, str], Any]


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


@dataclass(frozen=True)
class Request:
    """One act over HTTP."""

    who: str
    method: str
    path: str
    body: Any


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

    def away_at(self, instant: datetime) -> frozenset[str]:
        """Who is not there at an instant."""
        return frozenset(one.username for one in self.away if one.since <= instant < one.until)


def request(case_id: str, process: str, act: Act, ask: Asking) -> Request | None:
    """What an act on a case asks of the service; None when there is nothing to decide. `ask`: a GET by somebody."""
    chain = process == CHAIN_PROCESS
    department = "104" if chain else process.split("_")[1]
    chief, path, values = f"{department}-rep", f"/cases/{case_id}", act.values
    match act.what:
        case "ask_extension":
            return Request(chief, "POST", f"{path}/extensions", {"amount": values["amount"], "reason": "案情复杂"})
        case "decide_extension":
            found = ask(SUPERVISOR, f"{path}/proceedings")["items"]
            pending = [one["id"] for one in found if (one["kind"], one["state"]) == ("EXTENSION", "OPEN")]
            body = {"grant": values["grant"], "notice": f"YQ-{act.tick}", "reason": "按规定"}
            return (
                Request(LEADER if chain else HEAD, "PUT", f"{path}/extensions/{pending[0]}", body) if pending else None
            )
        case "suspend" if not chain:
            body = {"kind": values["kind"], "notice": f"ZT-{act.tick}", "expectedDays": values["expected_days"]}
            return Request(chief, "POST", f"{path}/suspensions", body)
        case "resume" if not chain:
            return Request(chief, "POST", f"{path}/suspensions/{values['kind']}/end", {})
        case "object":
            return Request(SUPERVISOR, "POST", f"{path}/proceedings", {"kind": "INVESTIGATION", "reason": "群众反映"})
        case "settle":
            found = ask(SUPERVISOR, f"{path}/proceedings")["items"]
            pending = [one["id"] for one in found if (one["kind"], one["state"]) == ("INVESTIGATION", "OPEN")]
            return (
                Request(SUPERVISOR, "PUT", f"{path}/proceedings/{pending[0]}", {"reason": "查清"}) if pending else None
            )
        case "hold":
            return Request(SUPERVISOR, "POST", f"{path}/tacit-holds", {"reason": values["reason"]})
    return None


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
    outages = []
    for share, down, up in ((0.55, time(10, 10), time(11, 40)), (0.7, time(9, 30), time(16, 0))):
        outage = Outage(known=at(share, time(16, 55)), down=at(share, down), up=at(share, up))
        outages.append(outage)
        body = {"down": outage.down.isoformat(), "up": outage.up.isoformat(), "reason": "机房断电"}
        event(outage.known, ADMIN, "POST", "/outages", body)
    away = []
    for number, (username, recorder) in enumerate(_absentees(people, len(days))):
        chance = people.chance("away", number)
        first = chance.randrange(len(days) - 3)
        since = datetime.combine(days[first], time(8, 40), CHINA)
        until = datetime.combine(days[min(len(days) - 1, first + chance.randrange(1, 6))], time(18, 10), CHINA)
        body = {"person": username, "reason": "年休假", "until": until.isoformat()}
        if number % 3:  # planned: recorded beforehand
            known = since - timedelta(hours=1)
            body |= {"kind": "LEAVE", "since": since.isoformat()}
        else:
            known = since = datetime.combine(days[first], time(10, 25), CHINA)
            body |= {"kind": "SUDDEN", "reason": "突发疾病"}
        if not any(one.username == username and one.since < until and since < one.until for one in away):
            away.append(Away(username=username, since=since, until=until))
            event(known, recorder, "POST", "/absences", body)
    return World(events=sorted(events, key=lambda one: one.at), away=away, almanac=almanac, outages=outages)


def _absentees(people: People, days: int) -> Iterator[tuple[str, str]]:
    """Who is away once or more, and who records it: A岗 and B岗 of the departments, now and then a 首席代表."""
    for number in range(days // 2):
        chance = people.chance("absentee", number)
        department = chance.choice(("101", "102", "103", "104", "105", "107"))
        post = chance.choice(("a", "a", "a", "b", "rep"))
        name = f"{department}-{post}"
        yield CAST.get(name, name), f"{department}-head"
