"""The kills campaign: web nodes, a worker and the database die at random under mixed load, with an oracle client.

The load is the crash campaign's (cases with tasks, a join, a timer and counters, through `/engine-rest`), and items that are turned
away: papers, messages and an archive package each, made by workers that are being killed; and a clerk's, who hands in files by the
pages (`window.py`). What must hold in the end is the crash campaign's audit, each paper and message once, one package an item that holds
its journal, an archive and an audit trail that are whole, and every file whose arrival was told (`kills_check.py`).
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from scripts.campaigns.acts import ENGINE, ITEM, REJECTED
from scripts.campaigns.books import compare_books
from scripts.campaigns.client import Client
from scripts.campaigns.crash import AWAY_SECONDS, CLIENTS, Ledger, LoadClient, audit
from scripts.campaigns.diagrams import crash_drawing
from scripts.campaigns.kills_check import nothing_twice, packages_hold_the_journal
from scripts.campaigns.nodes import Node, PostgreSQL
from scripts.campaigns.window import Window
from service.casework import complete_task, load_demo_city, open_office, start_case, upgrade
from service.casework.archive.checking import verify_chain
from service.casework.audit.sealing import seal_audit
from service.casework.office import Office
from service.cli.deploy import deploy_paths
from service.rules.refusals import Refusal, Unavailable
from service.settings import Settings

WEIGHTS = {"sqlite": {"web": 6, "worker": 4}, "postgresql": {"web": 4, "worker": 4, "database": 2}}
LOOK_EVERY = 25  # kills between two comparisons of the books
STILL_SECONDS = 25  # a worker stands still so long now and then: its claims have lapsed when it goes on
STILL_EVERY = 40  # kills between two of those
REST_SECONDS = 600  # for what is left to be done after the last kill


@dataclass(frozen=True, kw_only=True)
class KillsReport:
    """Figures of a campaign; `faults` is empty when every promise held."""

    kills: dict[str, int]
    cases: int
    acknowledged: int
    unknown: int
    pauses: int
    packages: int
    documents: int
    messages: int
    files: int
    lines: int
    seconds: float
    faults: tuple[str, ...]


class Items(threading.Thread):
    """Items that are turned away at the counter, one after another; repeats what found no database."""

    def __init__(self, office: Office) -> None:
        super().__init__(daemon=True)
        self.office = office
        self.draining = threading.Event()
        self.ended: set[UUID] = set()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Until draining; a fault is kept for the main thread."""
        try:
            while not self.draining.wait(2):
                self.one()
        except BaseException as error:  # told by the campaign's main thread
            self.error = error

    def one(self) -> None:
        """Start one and turn it away."""
        case = begin_item(self.office)
        if case is None:
            return
        while not self.draining.is_set():
            try:
                with self.office.reading() as records:
                    found = records.cases.find(case)
                    tasks = records.tasks.open_of(case)
                if found is not None and found.ended_at is not None:
                    self.ended.add(case)
                    return
                for task in tasks:
                    complete_task(self.office, ENGINE, task.id, answers=REJECTED.get(task.element, {}))
            except Refusal:
                pass
            time.sleep(0.2)


def begin_item(office: Office) -> UUID | None:
    """An item at the counter; None: whether it was begun is not known, it may stand there open."""
    handed = {"applicant": "云溪制罐厂", "contact": "李昭", "phone": "13800000001", "handed_in": ["申请表(表)"]}
    try:
        return start_case(office, ENGINE, key=ITEM, variables=handed).id
    except Unavailable:
        return None


def run_kills(
    folder: Path, kills: int, *, kind: str = "sqlite", seed: int | None = None, items: bool = True, tell: Any = print
) -> KillsReport:
    """Kill `kills` times, let everything come to its end, then audit. Prints a line every `LOOK_EVERY` kills."""
    chance, began = random.Random(seed), time.monotonic()
    with _database(kind, folder) as (url, server):
        nothing = folder / "nothing"  # nodes deploy nothing when they start
        settings = Settings(
            data_dir=folder, database_url=url, demo=True, secret="a secret of the campaign", processes_dir=nothing, forms_dir=nothing
        )  # fmt: skip
        office = open_office(settings)
        upgrade(office)
        load_demo_city(office)
        if items:
            deploy_paths(office, [Settings().processes_dir, Settings().forms_dir], "campaign")
        webs = [Node(f"web-{n}", settings, web=True) for n in range(2 if server else 1)]
        nodes = [*webs, Node("worker", settings, web=False)]
        campaign = Campaign(office, url, server, nodes, chance, Items(office) if items else None)
        try:
            campaign.play(kills, tell)
        finally:
            for node in nodes:
                node.stop()
            office.close()
    return replace(campaign.report(), seconds=time.monotonic() - began)


class Campaign:
    """One installation under load."""

    def __init__(
        self,
        office: Office,
        url: str,
        server: PostgreSQL | None,
        nodes: list[Node],
        chance: random.Random,
        items: Items | None,
    ) -> None:
        self.office, self.url, self.server, self.nodes, self.chance = office, url, server, nodes, chance
        self.webs = [node for node in nodes if node.web]
        self.items, self.ledger = items, Ledger()
        self.kills: Counter[str] = Counter()
        self.faults: list[str] = []
        self.packages = self.lines = 0
        self.figures: dict[str, int] = {}
        self.pauses = 0
        self.still_until = 0.0
        ports = [node.port for node in self.webs]
        seed = chance.randrange(2**32)
        self.window = Window(ports, seed, lambda: begin_item(office)) if items else None

    def play(self, kills: int, tell: Any) -> None:
        """Load, kills, rest, audit."""
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.come_back()
        with Client(self.webs[0].port) as client:
            client.deploy(crash_drawing())
        clients = [
            LoadClient(self.webs[n % len(self.webs)].port, self.ledger, self.chance.randrange(2**32))
            for n in range(CLIENTS)
        ]
        threads: list[Any] = [*clients, *[one for one in (self.items, self.window) if one]]
        for thread in threads:
            thread.start()
        while self.kills.total() < kills:
            time.sleep(self.chance.uniform(0.05, 1.0))
            self.kill_one()
            self.pause()
            if self.kills.total() % LOOK_EVERY == 0:
                self.faults += compare_books(self.url)
                tell(f"  {self.kills.total()} kills, {len(self.ledger.completed)} completions acknowledged, {len(self.faults)} faults")  # fmt: skip
            self.raise_errors(threads)
        for node in self.nodes:
            node.go_on()
            node.come_back()
        for thread in threads:
            thread.draining.set()
        for thread in threads:
            thread.join(AWAY_SECONDS)
            if thread.is_alive():
                raise AssertionError("expected everything to come to its end but a client still waits")
        self.raise_errors(threads)
        self.office.database.engine.dispose()  # what a killed server has cut is not asked again
        self.rest()
        with Client(self.webs[0].port) as auditor:
            self.faults += audit(auditor, self.ledger)
        self.faults += compare_books(self.url)
        self.look_at_seals()

    def kill_one(self) -> None:
        """Somebody who works dies; a supervisor starts it again."""
        for node in self.nodes:
            node.tend()
        weights = WEIGHTS["postgresql" if self.server else "sqlite"]
        (kind,) = self.chance.choices(list(weights), list(weights.values()))
        if kind == "database" and self.server:
            self.server.kill()
            self.server.come_back()
        else:
            those = [node for node in self.nodes if node.web == (kind == "web") and self.awake(node) and node.ready()]
            if not those:
                return  # all of them are on their way up
            self.chance.choice(those).kill()
        self.kills[kind] += 1

    def awake(self, node: Node) -> bool:
        """Whether it may be killed: who stands still is left to go on with what it holds."""
        return node.web or not self.still_until

    def pause(self) -> None:
        """Every so often the worker stands still, longer than its claims are good for; the web nodes' workers do its work."""
        worker = self.nodes[-1]
        if self.still_until and time.monotonic() > self.still_until:
            worker.go_on()
            self.still_until = 0.0
        elif not self.still_until and self.kills.total() // STILL_EVERY > self.pauses and worker.ready():
            worker.stand_still()
            self.pauses, self.still_until = self.pauses + 1, time.monotonic() + STILL_SECONDS

    def rest(self) -> None:
        """What was asked for of ended items is done by the workers."""
        until = time.monotonic() + REST_SECONDS
        open_work = "SELECT count(*) FROM agenda WHERE kind IN ('act', 'action', 'outbox') AND case_id IS NOT NULL AND ready_at IS NOT NULL"
        while time.monotonic() < until:
            with self.office.reading() as records:
                if not records.execute(text(open_work)).scalar_one():
                    return
            time.sleep(1)
        self.faults.append("expected the agenda to be done with but something is still to be done")

    def look_at_seals(self) -> None:
        """Archive and audit trail; one package an item that has ended."""
        seal_audit(self.office)
        found = verify_chain(self.office)
        self.faults += [one.text for one in found.broken]
        self.packages = found.packages
        with self.office.reading() as records:
            rows = records.execute(text("SELECT case_id, count(*) AS n FROM archive_package GROUP BY case_id")).all()
            self.lines = int(records.execute(text("SELECT count(*) FROM journal")).scalar_one())
        packed = {_id(row.case_id): int(row.n) for row in rows}
        for case in self.items.ended if self.items else ():
            if packed.get(case) != 1:
                self.faults.append(f"{case}: expected one package but there are {packed.get(case, 0)}")
        self.faults += packages_hold_the_journal(self.office)
        if self.items and self.window:
            self.figures, faults = nothing_twice(self.office, self.items.ended)
            self.faults += faults + self.window.faults(self.office)

    def raise_errors(self, threads: list[Any]) -> None:
        """What broke in a thread breaks here."""
        for thread in threads:
            if thread.error:
                raise thread.error

    def report(self) -> KillsReport:
        """What there is to tell."""
        return KillsReport(
            kills=dict(self.kills),
            cases=len(self.ledger.started),
            acknowledged=len(self.ledger.completed),
            unknown=self.ledger.unknown + (self.window.unknown if self.window else 0),
            pauses=self.pauses,
            packages=self.packages,
            documents=self.figures.get("documents", 0),
            messages=self.figures.get("messages", 0),
            files=len(self.window.brought) if self.window else 0,
            lines=self.lines,
            seconds=0,
            faults=tuple(self.faults),
        )


def _id(value: Any) -> UUID:
    """An id as either database keeps it."""
    return UUID(bytes=value) if isinstance(value, bytes) else UUID(str(value))


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[str, PostgreSQL | None]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'lianban.db'}", None
        return
    server = PostgreSQL(folder)
    try:
        yield server.url, server
    finally:
        server.stop()
