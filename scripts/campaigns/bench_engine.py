"""Engine and casework inside one process: step cost, durable completions, statements, commits, bytes per instance."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from scripts.campaigns.baseline import Naive
from scripts.campaigns.diagrams import Drawing
from service.casework import Office, Resource, complete_task, deploy, open_office, start_case, upgrade
from service.casework.actors import SYSTEM
from service.engine import Run, Source, build_program
from service.engine.facts import WaitKind
from service.main import tune_interpreter
from service.rules.worktime import WorkCalendar, standard_calendar
from service.settings import Settings
from service.store.database import count_statements

FORM = {"title": "临时用水登记", "quantity": 3, "remark": "材料齐全，符合规定。"}  # answers of demo_request


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Load, complete, run on, dump."""

    steps: int
    ms: float  # per step
    blob: int  # largest stored state in bytes


def engine_steps(drawings: Sequence[Drawing], rounds: int) -> Steps:
    """Our engine: every completion loads the state and dumps it again, no database."""
    sources = {
        drawing.key: Source(key=drawing.key, definition_id=uuid.uuid4(), bpmn=drawing.xml(), forms=drawing.forms)
        for drawing in drawings
    }
    program = build_program(drawings[-1].key, sources)
    now, calendar = datetime.now(UTC), standard_calendar()
    spent, steps, largest = 0.0, 0, 0
    for _ in range(rounds):
        case_id = uuid.uuid4()
        run = Run.start(program, case_id=case_id, now=now, calendar=calendar, variables={})
        outcome = run.settle()
        waiting = [wait.id for wait in run.waits().values() if wait.kind is WaitKind.USER_TASK]
        blob = outcome.state
        while blob is not None:
            largest = max(largest, len(blob))
            begun = time.perf_counter()
            run = _load(program, blob, case_id, now, calendar)
            run.complete_task(waiting[0], FORM)
            blob = run.settle().state
            spent += time.perf_counter() - begun
            steps += 1
            waiting = [wait.id for wait in run.waits().values() if wait.kind is WaitKind.USER_TASK]
    return Steps(steps=steps, ms=spent / steps * 1000, blob=largest)


def _load(program: Any, blob: bytes, case_id: uuid.UUID, now: datetime, calendar: WorkCalendar) -> Run:
    return Run.load(program, blob, case_id=case_id, now=now, calendar=calendar)


def stock_steps(drawings: Sequence[Drawing], rounds: int) -> Steps:
    """Stock library: deserialize_json, run, serialize_json, no database."""
    naive = Naive("sqlite:///:memory:", drawings)
    spent, steps, largest = 0.0, 0, 0
    for _ in range(rounds):
        case_id, waiting = naive.start()
        state = naive.connection.execute("SELECT state FROM naive WHERE id = ?", (case_id,)).fetchone()[0]
        while waiting:
            largest = max(largest, len(state))
            begun = time.perf_counter()
            state, waiting = naive.step(state, waiting[0], FORM)
            spent += time.perf_counter() - begun
            steps += 1
    return Steps(steps=steps, ms=spent / steps * 1000, blob=largest)


@dataclass(frozen=True, kw_only=True)
class Durable:
    """Completions through casework (or the naive table), one at a time."""

    rate: float  # completions per second
    cpu_ms: float
    statements: float
    commits: float
    worst_statements: int
    bytes_per_instance: float


def durable_lianban(url: str, folder: Path, drawings: Sequence[Drawing], cases: int) -> Durable:
    """Complete every task of `cases` cases through `complete_task`, then weigh what a finished case left."""
    settings = Settings(data_dir=folder, database_url=url, secret="bench")
    with closing(open_office(settings)) as office:
        upgrade(office)
        files = [Resource(name=name, content=content) for one in drawings for name, content in one.files]
        deploy(office, SYSTEM, "bench", files)
        _finish(office, drawings[-1].key, 1)
        tune_interpreter()
        before = _stored(office)
        with count_statements(office.database) as count:
            figures = _finish(office, drawings[-1].key, cases, count)
        return Durable(**figures, bytes_per_instance=(_stored(office) - before) / cases)


def _finish(office: Office, key: str, cases: int, count: Any = None) -> dict[str, Any]:
    completions, spent, cpu, statements, commits, worst = 0, 0.0, 0.0, 0, 0, 0
    for _ in range(cases):
        case = start_case(office, SYSTEM, key=key, variables={})
        while tasks := _open(office, case.id):
            for task in tasks:
                sql, commit = (count.statements, count.commits) if count else (0, 0)
                begun, cpu_begun = time.perf_counter(), time.process_time()
                complete_task(office, SYSTEM, task.id, variables=FORM)
                spent += time.perf_counter() - begun
                cpu += time.process_time() - cpu_begun
                completions += 1
                if count:
                    statements += count.statements - sql
                    commits += count.commits - commit
                    worst = max(worst, count.statements - sql)
    return {
        "rate": completions / spent,
        "cpu_ms": cpu / completions * 1000,
        "statements": statements / completions,
        "commits": commits / completions,
        "worst_statements": worst,
    }


def _open(office: Office, case_id: uuid.UUID) -> tuple[Any, ...]:
    with office.reading() as records:
        return tuple(records.tasks.open_of(case_id))


def _stored(office: Office) -> int:
    """Bytes of the database after tidying up."""
    if office.database.dialect == "sqlite":
        with office.database.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return int(raw.execute("PRAGMA page_count").fetchone()[0] * raw.execute("PRAGMA page_size").fetchone()[0])
    with office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM FULL"))
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def durable_naive(url: str, drawings: Sequence[Drawing], cases: int) -> Durable:
    """The same with the naive table."""
    naive = Naive(url, drawings)
    tune_interpreter()
    chance = random.Random(1)
    completions, spent, cpu = 0, 0.0, 0.0
    for _ in range(cases):
        case_id, waiting = naive.start()
        while waiting:
            begun, cpu_begun = time.perf_counter(), time.process_time()
            waiting = naive.complete(case_id, chance.choice(waiting), dict(FORM))
            spent += time.perf_counter() - begun
            cpu += time.process_time() - cpu_begun
            completions += 1
    return Durable(
        rate=completions / spent,
        cpu_ms=cpu / completions * 1000,
        statements=2,
        commits=1,
        worst_statements=2,
        bytes_per_instance=naive.stored_bytes(),
    )


def summary(steps: Mapping[str, tuple[Steps, Steps]]) -> list[tuple[str, str, str, str]]:
    """Rows of the comparison of steps: name, ours, stock, ratio."""
    return [
        (name, f"{ours.ms:.2f} ms, {ours.blob} B", f"{stock.ms:.2f} ms, {stock.blob} B", f"{stock.ms / ours.ms:.1f} ×")
        for name, (ours, stock) in steps.items()
    ]
