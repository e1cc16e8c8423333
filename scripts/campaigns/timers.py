"""Ten thousand timers due in one instant, two worker nodes; and what a sweep costs while a hundred thousand wait.

The nodes are processes of their own that run the product's worker on one database. Half of the cases wait at one timer,
the others at ten side by side, so that the nodes also meet in one case. What must hold afterwards: every timer has one
line in its case's journal, the variable its script counts with says so too, and nothing is left on the agenda.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from scripts.campaigns.databases import database
from scripts.campaigns.diagrams import Drawing
from scripts.campaigns.figures import percentile
from scripts.campaigns.served import ROOT
from service.casework import Office, Resource, attend_due, deploy, open_office, start_case, upgrade
from service.casework.actors import SYSTEM
from service.main import tune_interpreter
from service.rules.vocabulary import AgendaKind
from service.settings import Settings
from service.store.agenda import AgendaRow
from service.store.clocks import ClockRow
from service.store.database import count_statements
from service.worker.runner import Worker

WIDTH = 10  # timers side by side in every second kind of case
PATIENCE_SECONDS = 600
SWEEPS = 200  # idle sweeps that are measured


def timers_drawing(width: int) -> Drawing:
    """Timers side by side, each followed by a script that counts; then a task."""
    drawing = Drawing(f"campaign_timers_{width}")
    drawing.node("startEvent", "start")
    drawing.node("parallelGateway", "split")
    drawing.node("parallelGateway", "join")
    drawing.user("after")
    drawing.node("endEvent", "end")
    drawing.line("start", "split")
    for number in range(width):
        drawing.timer(f"timer_{number}", "PT1H")
        drawing.line("split", f"timer_{number}", drawing.add(f"count_{number}", "fired"), "join")
    drawing.line("join", "after", "end")
    return drawing


@dataclass(frozen=True, kw_only=True)
class Node:
    """What one worker process did."""

    attended: int
    statements: int
    commits: int
    cpu: float  # seconds


@dataclass(frozen=True, kw_only=True)
class TimerReport:
    """Figures of a run; `faults` is empty when every timer fired once."""

    timers: int
    cases: int
    seconds: float
    nodes: tuple[Node, ...]
    faults: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Timers a second, both nodes together."""
        return self.timers / self.seconds

    def each(self, what: str) -> float:
        """A figure of the nodes per timer."""
        return float(sum(getattr(node, what) for node in self.nodes)) / self.timers


@dataclass(frozen=True, kw_only=True)
class IdleReport:
    """What one sweep costs while much waits and nothing is due."""

    waiting: int
    statements: int
    sql: str
    plan: str
    p50: float  # milliseconds
    worst: float

    @property
    def indexed(self) -> bool:
        """Whether the one statement goes by an index."""
        return "ix_agenda_ready" in self.plan and "Seq Scan" not in self.plan and "SCAN agenda" not in self.plan


def run_timers(folder: Path, count: int, *, kind: str, nodes: int = 2) -> TimerReport:
    """`count` timers due in one instant, attended by processes of their own on a fresh database."""
    with database(kind, folder) as url, closing(_office(url, folder)) as office:
        upgrade(office)
        return attend_with_nodes(office, folder, count, nodes)


def attend_with_nodes(office: Office, folder: Path, count: int, nodes: int = 2) -> TimerReport:
    """The same on a database that is there and migrated."""
    widths = _start(office, count)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "scripts.campaigns.timers", office.settings.database_url, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        for _ in range(nodes)
    ]
    try:
        for worker in workers:
            assert worker.stdout and worker.stdout.readline() == "ready\n"
        begun = time.monotonic()
        for worker in workers:
            assert worker.stdin
            worker.stdin.write("go\n")
            worker.stdin.flush()
        told = [Node(**json.loads(worker.communicate(timeout=PATIENCE_SECONDS)[0])) for worker in workers]
        seconds = time.monotonic() - begun
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    return TimerReport(
        timers=sum(widths.values()),
        cases=len(widths),
        seconds=seconds,
        nodes=tuple(told),
        faults=tuple(_faults(office, widths)),
    )


def _office(url: str, folder: Path) -> Office:
    return open_office(Settings(data_dir=folder, database_url=url, secret="campaign"))


def _start(office: Office, count: int) -> dict[UUID, int]:
    """Cases with that many timers, all due in one instant which is past; the timers of each case."""
    due = datetime.now(UTC)
    past = open_office(office.settings, clock=lambda: due - timedelta(hours=1))
    with closing(past):
        for width in (1, WIDTH):
            drawing = timers_drawing(width)
            deploy(past, SYSTEM, drawing.key, [Resource(name=n, content=c) for n, c in drawing.files])
        wide = count // 2 // WIDTH
        widths = [WIDTH] * wide + [1] * (count - wide * WIDTH)
        return {
            start_case(past, SYSTEM, key=timers_drawing(width).key, variables={"fired": 0}).id: width
            for width in widths
        }


def _faults(office: Office, widths: dict[UUID, int]) -> list[str]:
    """What is not as it should be: doubles, misses, leftovers."""
    with office.reading() as records:
        left = records.agenda.first_ready()
    faults = [] if left is None else [f"the agenda still has something ready at {left}"]
    fired = _by_case(office, "SELECT case_id, count(*) AS n FROM journal WHERE action = 'timer:fired' GROUP BY case_id")
    open_tasks = _by_case(office, "SELECT case_id, count(*) AS n FROM task WHERE ended_at IS NULL GROUP BY case_id")
    counted = {
        case: int(json.loads(value) if isinstance(value, str) else value)
        for case, value in _by_case(office, "SELECT case_id, value AS n FROM variable WHERE name = 'fired'").items()
    }
    for case_id, width in widths.items():
        for what, found, wanted in (
            ("lines", fired.get(case_id), width),
            ("counted", counted.get(case_id), width),
            ("tasks after", open_tasks.get(case_id), 1),
        ):
            if found != wanted:
                faults.append(f"expected {wanted} {what} in case {case_id} but got {found}")
    return faults


def _by_case(office: Office, sql: str) -> dict[UUID, Any]:
    with office.database.engine.connect() as connection:
        rows = connection.execute(text(sql)).all()
    return {UUID(bytes=one) if isinstance(one, bytes) else one: value for one, value in rows}  # SQLite keeps bytes


def run_idle(folder: Path, waiting: int, *, kind: str) -> IdleReport:
    """What a sweep of an idle service costs on a fresh database on which that much waits."""
    with database(kind, folder) as url, closing(_office(url, folder)) as office:
        upgrade(office)
        return idle_cost(office, waiting)


def idle_cost(office: Office, waiting: int) -> IdleReport:
    """Put that many timers and clocks on the agenda, due in the future, and sweep."""
    (case_id,) = _start_one(office)
    begun = datetime.now(UTC) + timedelta(days=1)
    rows = [_waiting(case_id, number, begun) for number in range(waiting)]
    with office.transaction() as records:
        records.agenda.add([row for row, _ in rows])
        records.clocks.put([clock for _, clock in rows if clock is not None])
    with office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    attend_due(office)
    with count_statements(office.database) as count:
        attend_due(office)
    spent = []
    for _ in range(SWEEPS):
        start = time.perf_counter()
        attend_due(office)
        spent.append((time.perf_counter() - start) * 1000)
    return IdleReport(
        waiting=waiting,
        statements=count.statements,
        sql=count.sql[0],
        plan=_plan(office),
        p50=percentile(spent, 0.5),
        worst=max(spent),
    )


def _start_one(office: Office) -> tuple[UUID, ...]:
    drawing = timers_drawing(1)
    deploy(office, SYSTEM, drawing.key, [Resource(name=n, content=c) for n, c in drawing.files])
    return (start_case(office, SYSTEM, key=drawing.key, variables={"fired": 0}).id,)


def _waiting(case_id: UUID, number: int, begun: datetime) -> tuple[AgendaRow, ClockRow | None]:
    """A timer, or every second time a clock with its turn."""
    id, due = uuid4(), begun + timedelta(seconds=number)
    if number % 2:
        return AgendaRow(
            id=id, kind=AgendaKind.TIMER, case_id=case_id, token_id=id, element="timer", due_at=due, ready_at=due
        ), None
    clock = ClockRow(
        id=id,
        case_id=case_id,
        scope_id=None,
        kind="STAGE",
        name="审核",
        unit="HALFDAY",
        amount=4,
        started_at=begun,
        state="RUNNING",
        light="GREEN",
        due_at=due,
        warn_at=due,
    )
    return AgendaRow(
        id=id, kind=AgendaKind.CLOCK, case_id=case_id, token_id=id, element="审核", due_at=due, ready_at=due
    ), clock


def _plan(office: Office) -> str:
    """How the database carries out the question an idle sweep asks."""
    explain = "EXPLAIN QUERY PLAN" if office.database.dialect == "sqlite" else "EXPLAIN"
    question = (
        "SELECT id FROM agenda WHERE ready_at IS NOT NULL AND ready_at <= :at "
        "AND (locked_until IS NULL OR locked_until <= :at) LIMIT 1"
    )
    with office.database.engine.connect() as connection:
        at = datetime.now(UTC)
        rows: Sequence[Any] = connection.execute(text(f"{explain} {question}"), {"at": at}).all()
    return "\n".join(str(row[-1]) for row in rows)


def _work(url: str, folder: str) -> None:
    """One node: ready, wait for the word, sweep until nothing is on the agenda, tell what it cost."""
    with closing(_office(url, Path(folder))) as office:
        worker = Worker(office)
        with office.reading() as records:
            records.agenda.first_ready()
        tune_interpreter()
        print("ready", flush=True)
        sys.stdin.readline()
        attended, begun = 0, time.process_time()
        with count_statements(office.database) as count:
            while True:
                attended += worker.sweep()
                with office.reading() as records:
                    if records.agenda.first_ready() is None:
                        break
        cpu = time.process_time() - begun
    print(json.dumps({"attended": attended, "statements": count.statements, "commits": count.commits, "cpu": cpu}))


if __name__ == "__main__":
    _work(*sys.argv[1:])
