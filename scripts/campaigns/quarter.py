"""A simulated quarter of the demo city over HTTP: people file, decide and keep silent while the demo clock is turned.

The clock stands between moves (`"frozen": true`), so that everything happens at exactly the instant it shows; only
`PUT /api/v1/demo/clock` moves it. At every tick each case sees at most one act at a time, and what an act makes due is
attended before the next one, so that the journals do not depend on how fast anybody is. Lost connections are survived:
each act is repeated under the same Idempotency-Key until it is answered.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scripts.campaigns.client import Client
from scripts.campaigns.quarter_people import HOURS, NEVER, ONLINE, Act, Filing, People
from scripts.campaigns.quarter_world import Event, World, request

CLERK, ONLINE_APPLICANT, ISSUER, SUPERVISOR, ADMIN = "wangfang", "lizhao", "wuqian", "sunli", "guotao"
POSTS = {"reviewer_a": "a", "reviewer_b": "b", "chief_rep": "rep", "resident_leader": "head", "dept_head": "head"}
PATIENCE_SECONDS = 300  # how long the service may be away
AGAIN = 8  # ticks after which somebody refused tries again
ANSWER_LOST = "IDEMPOTENCY_UNANSWERED"
Line = Mapping[str, Any]


@dataclass
class Told:
    """What the campaign was told."""

    cases: dict[int, str] = field(default_factory=dict)  # number → id
    processes: dict[int, str] = field(default_factory=dict)
    acts: int = 0
    attended: int = 0
    lost: int = 0  # answers lost in a crash
    refusals: dict[str, int] = field(default_factory=dict)


@dataclass
class _Seen:
    """An open task somebody will do something about."""

    number: int
    nth: int
    due: int  # tick


class Quarter:
    """Everybody at once, one connection each."""

    def __init__(self, port: int, people: People, world: World) -> None:
        self.port, self.people, self.world = port, people, world
        self.told = Told()
        self._clients: dict[str, Client] = {}
        self._seen: dict[str, _Seen] = {}
        self._times: dict[tuple[int, str, str], int] = {}
        self._filings: dict[int, list[Filing]] = {}
        self._acts: dict[int, list[tuple[int, Act]]] = {}
        self._numbers: dict[str, int] = {}
        for filing in people.filings():
            self._filings.setdefault(filing.tick, []).append(filing)
            for act in people.acts(filing.number, filing.process):
                self._acts.setdefault(filing.tick + act.tick, []).append((filing.number, act))

    def run(self) -> Told:
        """The whole quarter."""
        for tick, instant in enumerate(self.people.ticks):
            for event in self.world.until(instant):
                self.turn(event.at)
                self.happen(event)
            if self.has_work(tick, instant):
                self.turn(instant)
                self.play(tick, instant)
        self.turn(self.people.ticks[-1])
        return self.told

    def close(self) -> None:
        """Give every connection back."""
        for client in self._clients.values():
            client.close()

    def turn(self, instant: datetime) -> None:
        """Move the clock and let everything due on the way happen."""
        answer = self.ask(CLERK, "PUT", "/demo/clock", {"now": instant.isoformat(), "frozen": True})
        self.told.attended += int(answer["attended"])

    def has_work(self, tick: int, instant: datetime) -> bool:
        """Whether anybody acts at a tick; each day is looked at once."""
        return (
            instant.time() == HOURS[0]
            or tick in self._filings
            or tick in self._acts
            or any(seen.due <= tick for seen in self._seen.values())
        )

    def happen(self, event: Event) -> None:
        """Something that concerns everybody."""
        status, answer = self.act(event.who, event.method, event.path, event.body, key=f"world-{event.number}")
        if status >= 400:
            raise AssertionError(f"expected {event.method} {event.path} to succeed but got {status}: {answer}")
        self.turn(event.at)

    def play(self, tick: int, instant: datetime) -> None:
        """What people do at one tick, in rounds: one act a case, then everything that follows from it."""
        online = instant.time() == ONLINE
        for filing in self._filings.get(tick, ()):
            self.file(filing, online=online)
        busy: set[int] = set()
        for number, act in sorted(self._acts.get(tick, ()), key=lambda one: (one[0], one[1].nth)):
            if number not in busy and number in self.told.cases:
                busy.add(number)
                self.do(number, act)
        if busy or tick in self._filings:
            self.turn(instant)
        while not online and self.round(tick, instant):
            self.turn(instant)

    def file(self, filing: Filing, *, online: bool) -> None:
        """One application, taken in at the counter or filed online."""
        body = {"process": filing.process, "businessKey": filing.business_key, "answers": filing.answers}
        who = ONLINE_APPLICANT if online else CLERK
        status, answer = self.act(who, "POST", "/cases", body, key=filing.business_key)
        if status == 409 and answer["code"] == ANSWER_LOST:
            found = self.ask(SUPERVISOR, "GET", f"/cases?businessKey={filing.business_key}")
            answer = found["items"][0]
        elif status != 201:
            raise AssertionError(f"expected {filing.business_key} to be filed but got {status}: {answer}")
        self.told.cases[filing.number] = answer["id"]
        self.told.processes[filing.number] = filing.process
        self._numbers[filing.business_key] = filing.number

    def round(self, tick: int, instant: datetime) -> int:
        """At most one task of every case is done; how many were."""
        done: set[int] = set()
        for task in self.open_tasks():
            seen = self._seen.get(task["id"]) or self._notice(task, tick, instant)
            if seen.due > tick or seen.number in done:
                continue
            doer = self.doer(task)
            if doer is None or self.world.is_away(doer, instant):
                continue
            decision = self.people.decide(
                seen.number, task["process"]["key"], task["element"], seen.nth, task["formKey"], instant.date()
            )
            where = f"{task['process']['key']}/{task['element']}/{seen.nth}"
            key = f"{seen.number}/{where}/{tick}"
            status, _ = self.act(doer, "POST", f"/tasks/{task['id']}/complete", {"answers": decision.answers}, key=key)
            seen.due = NEVER if status < 300 else tick + AGAIN
            done.add(seen.number)
        return len(done)

    def open_tasks(self) -> list[dict[str, Any]]:
        """Every open task of the quarter, by case number, process and element."""
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            answer = self.ask(SUPERVISOR, "GET", f"/tasks?view=all&size=200&page={page}")
            found += answer["items"]
            if len(found) >= answer["total"] or not answer["items"]:
                break
            page += 1
        return sorted(
            (one for one in found if one["case"]["businessKey"] in self._numbers),
            key=lambda one: (one["case"]["businessKey"], one["createdAt"], one["process"]["key"], one["element"]),
        )

    def _notice(self, task: Mapping[str, Any], tick: int, instant: datetime) -> _Seen:
        number = self._numbers[task["case"]["businessKey"]]
        process, element = task["process"]["key"], task["element"]
        nth = self._times.get((number, process, element), 0)
        self._times[number, process, element] = nth + 1
        decision = self.people.decide(number, process, element, nth, task["formKey"], instant.date())
        seen = self._seen[task["id"]] = _Seen(number=number, nth=nth, due=tick + decision.patience)
        return seen

    def doer(self, task: Mapping[str, Any]) -> str | None:
        """Who does a task: who has it, else who holds the post it is offered to."""
        if task["assignee"]:
            return str(task["assignee"])
        if task["role"] == "counter_clerk":
            return CLERK
        if task["role"] == "issue_clerk":
            return ISSUER
        post = POSTS.get(task["role"] or "")
        return f"{task['department']}-{post}" if post and task["department"] else None

    def do(self, number: int, act: Act) -> None:
        """An act beside the tasks; refusals are part of the game and counted."""
        asked = request(
            self.told.cases[number],
            self.told.processes[number],
            act,
            lambda who, path: self.ask(who, "GET", path),
        )
        if asked is not None:
            self.act(asked.who, asked.method, asked.path, asked.body, key=f"{number}/act/{act.nth}")

    def journals(self) -> dict[int, list[Line]]:
        """What the service wrote, by case number."""
        return {
            number: list(self.ask(SUPERVISOR, "GET", f"/cases/{case_id}/journal")["items"])
            for number, case_id in sorted(self.told.cases.items())
        }

    # -- HTTP

    def act(self, who: str, method: str, path: str, body: Any, *, key: str) -> tuple[int, Any]:
        """One act, repeated until it is answered; a refusal is counted."""
        self.told.acts += 1
        status, answer = self.call(who, method, path, body, key=key)
        if status >= 400:
            code = answer.get("code", "") if isinstance(answer, dict) else ""
            if code == ANSWER_LOST:
                self.told.lost += 1
                return (status if path == "/cases" else 200), answer
            self.told.refusals[code] = self.told.refusals.get(code, 0) + 1
        return status, answer

    def ask(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """The answer of something that must succeed."""
        status, answer = self.call(who, method, path, body)
        if status >= 400:
            raise AssertionError(f"expected {method} {path} to succeed but got {status}: {answer}")
        return answer

    def call(self, who: str, method: str, path: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        """Status and answer, however often the service is away meanwhile."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            client = self._clients.setdefault(who, Client(self.port, who, timeout=600))
            try:
                status, answer = client.call(method, f"/api/v1{path}", body, key=key)
                if isinstance(answer, str) and answer.startswith("{"):  # application/problem+json
                    answer = json.loads(answer)
            except ConnectionError:
                status, answer = 503, None
                client.close()
            if status != 503 or time.monotonic() > give_up:
                return status, answer
            time.sleep(0.05)
