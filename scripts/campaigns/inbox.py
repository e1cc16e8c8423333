"""The inbox under load: 100,000 open and 1,000,000 finished tasks, the first page of every place as the server makes it.

Three people ask: a reviewer with a thousand tasks, a 首席代表 who looks over a department, and a window clerk to whose post
20,000 tasks are offered. `scripts/bench inbox --write` puts the figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from flask.testing import FlaskClient
from sqlalchemy import text

from scripts.campaigns.databases import database
from scripts.campaigns.figures import Latency, table
from scripts.campaigns.served import ROOT
from service.casework import DEMO_PASSWORD, SYSTEM, Office, load_demo_city, open_office, start_case, upgrade
from service.cli.deploy import deploy_paths
from service.main import tune_interpreter
from service.settings import Settings
from service.web.app import create_app

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- inbox: begin -->", "<!-- inbox: end -->"
PEOPLE = {"reviewer": "zhangwei", "chief": "chengang", "window clerk": "wangfang"}
TABS = ("all", "mine", "post", "department", "delegated", "copies", "followed")
COPIES = 2_000  # cases each of the three was sent to read
ALLOWED = 100.0  # ms, p95
ROUNDS = 20
TASKS_OF_A_CASE = 10


def fill(office: Office, opened: int, done: int) -> None:
    """Tasks as a centre has them, written by the database itself; copies of one real case of a four-task process."""
    deploy_paths(office, [ROOT / "processes" / "demo" / "linear.bpmn", ROOT / "forms" / "demo_request.form"], "bench")
    start_case(office, SYSTEM, key="linear", title="云溪华印制罐有限公司-施工许可")
    sqlite = office.database.dialect == "sqlite"
    with office.database.writing() as line:
        departments = [row.code for row in line.execute(text("SELECT code FROM department ORDER BY code"))]
        names = [row.username for row in line.execute(text("SELECT username FROM person ORDER BY username"))]
        kinds = {
            "bench_department": "VARCHAR(8)",
            "bench_person": "VARCHAR(60)",
            "bench_case": "BLOB" if sqlite else "UUID",
        }
        for name, kind in kinds.items():
            line.execute(text(f"CREATE TEMPORARY TABLE {name} (place INTEGER PRIMARY KEY, code {kind})"))
        for name, codes in (("bench_department", departments), ("bench_person", names)):
            listed = [{"place": place, "code": code} for place, code in enumerate(codes)]
            line.execute(text(f"INSERT INTO {name} VALUES (:place, :code)"), listed)
        facts = _Facts(sqlite=sqlite, departments=len(departments), people=len(names), open=opened)
        cases = (opened + done) // TASKS_OF_A_CASE
        running = opened // TASKS_OF_A_CASE
        for statement in facts.statements(opened, done, cases, running):
            line.execute(text(statement))
    analyse(office)


class _Facts:
    """The statements that fill a database, in its own words."""

    def __init__(self, *, sqlite: bool, departments: int, people: int, open: int) -> None:
        self.sqlite, self.departments, self.people, self.open = sqlite, departments, people, open
        self.id = "randomblob(16)" if sqlite else "gen_random_uuid()"
        self.now = "(CAST(strftime('%s','now') AS INTEGER) * 1000000)" if sqlite else "now()"
        self.half_day = "12*3600*1000000" if sqlite else "interval '12 hours'"

    def numbers(self, count: int) -> str:
        """The numbers from 0 on."""
        if self.sqlite:
            return f"(WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {count}) SELECT n FROM s) AS s"
        return f"generate_series(0, {count - 1}) AS s(n)"

    def statements(self, opened: int, done: int, cases: int, running: int) -> Iterator[str]:
        """Cases, tasks open and ended, and whom the queues are offered to."""
        now, half = self.now, self.half_day
        yield f"INSERT INTO bench_case SELECT n, {self.id} FROM {self.numbers(cases)}"
        yield (
            "INSERT INTO cases (id, definition_id, key, binding_id, business_key, title, state, version, started_at, started_by, ended_at)"
            " SELECT b.code, c.definition_id, c.key, c.binding_id, 'BJ-' || b.place, '云溪示例公司' || b.place || '-施工许可',"
            f" CASE WHEN b.place < {running} THEN 'ACTIVE' ELSE 'COMPLETED' END, 1, {now} - {half} * (b.place % 60), 'wangfang',"
            f" CASE WHEN b.place < {running} THEN NULL ELSE {now} END"
            " FROM bench_case b CROSS JOIN (SELECT * FROM cases LIMIT 1) AS c"
        )
        due = f"CASE WHEN n % 100 = 0 THEN NULL ELSE {now} + {half} * (n % 180 - 30) END"
        queued = f"n < {2 * opened // 5}"
        yield (
            "INSERT INTO task (id, case_id, definition_id, element, name, assignee, priority, created_at, due_at, warn_at, paused_at,"
            " escalated_at, stage, department, role, seen)"
            f" SELECT {self.id}, b.code, t.definition_id, t.element, t.name, CASE WHEN {queued} THEN NULL ELSE p.code END, 50,"
            f" {now} - {half} * (n % 60), {due}, CASE WHEN n % 100 = 0 THEN NULL ELSE {now} + {half} * (n % 180 - 34) END,"
            f" CASE WHEN n % 50 = 7 THEN {now} END, CASE WHEN n % 40 = 3 THEN {now} END, 'REVIEW', d.code,"
            f" CASE WHEN n < {opened // 5} THEN 'counter_clerk' WHEN {queued} THEN 'reviewer_a' END, 1"
            f" FROM {self.numbers(opened)} JOIN bench_case b ON b.place = n / {TASKS_OF_A_CASE}"
            f" JOIN bench_department d ON d.place = n % {self.departments} JOIN bench_person p ON p.place = (n / 7) % {self.people}"
            " CROSS JOIN (SELECT * FROM task LIMIT 1) AS t"
        )
        yield (
            "INSERT INTO task_candidate (task_id, kind, value) SELECT id, 'group',"
            " CASE role WHEN 'counter_clerk' THEN role ELSE department || ':' || role END FROM task"
            " WHERE ended_at IS NULL AND assignee IS NULL AND role IS NOT NULL"
        )
        yield (
            "INSERT INTO task (id, case_id, definition_id, element, name, assignee, priority, created_at, due_at, warn_at, stage,"
            " department, seen, ended_at, ended_by, outcome)"
            f" SELECT {self.id}, b.code, t.definition_id, t.element, t.name, p.code, 50, {now} - {half} * (n % 600 + 2),"
            f" {now}, {now}, 'REVIEW', d.code, 1, {now} - {half} * (n % 600), p.code, 'COMPLETED'"
            f" FROM {self.numbers(done)} JOIN bench_case b ON b.place = {running} + n / {TASKS_OF_A_CASE}"
            f" JOIN bench_department d ON d.place = n % {self.departments} JOIN bench_person p ON p.place = (n / 7) % {self.people}"
            " CROSS JOIN (SELECT * FROM task LIMIT 1) AS t"
        )
        for person in PEOPLE.values():
            yield (
                "INSERT INTO copied (id, case_id, person, sent_by, sent_at, note, read_at)"
                f" SELECT {self.id}, code, '{person}', 'wangfang', {now} - {half} * (place % 60), '供参考',"
                f" CASE WHEN place % 2 = 0 THEN {now} END FROM bench_case WHERE place < {COPIES}"
            )


def analyse(office: Office) -> None:
    """What a database does by itself over time: statistics, and on PostgreSQL the map of rows everybody sees."""
    with office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
        line.execute(text("ANALYZE" if office.database.dialect == "sqlite" else "VACUUM ANALYZE"))


@contextmanager
def filled(kind: str, opened: int, done: int) -> Iterator[Office]:
    """An office over a filled database."""
    with tempfile.TemporaryDirectory(prefix="lianban-inbox-") as name, database(kind, Path(name)) as url:
        settings = Settings(data_dir=Path(name), database_url=url, demo=True, secret="bench", argon2=(1, 8, 1))
        office = open_office(settings)
        try:
            upgrade(office)
            load_demo_city(office)
            begun = time.perf_counter()
            fill(office, opened, done)
            print(f"{kind}: filled in {time.perf_counter() - begun:.0f} s", flush=True)
            yield office
        finally:
            office.close()


def visitor(office: Office, username: str) -> FlaskClient:
    """Somebody signed in, without a socket in between."""
    client = create_app(office).test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").get_data(as_text=True))
    assert found is not None
    answer = client.post("/login", data={"csrf_token": found[1], "username": username, "password": DEMO_PASSWORD})
    assert answer.status_code == 302, answer.status
    return client


def measure(office: Office, kind: str, rounds: int) -> tuple[list[list[object]], bool]:
    """A row for each person and place; whether all of them were quick enough and counted right."""
    rows: list[list[object]] = []
    good = True
    tune_interpreter()  # as `lianban serve` does
    for who, username in PEOPLE.items():
        client = visitor(office, username)
        pages = {tab: f"/inbox?tab={tab}" for tab in TABS if tab != "department" or who == "chief"}
        pages |= {"done": "/inbox/done", "changes": "/inbox/changes?tab=all&since=2026-01-01T00:00:00Z"}
        for name, path in pages.items():
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status)
            seconds, worked = [], []
            for _ in range(rounds):
                begun, cpu = time.perf_counter(), time.process_time()
                client.get(path)
                seconds.append(time.perf_counter() - begun)
                worked.append(time.process_time() - cpu)
            latency, spent = Latency.of(seconds), Latency.of(worked)
            good = good and latency.p95 <= ALLOWED
            said = f"{latency.p50:.1f} / {latency.p95:.1f}"
            rows.append([kind, who, name, _total(answer), said, f"{spent.p50:.1f} / {spent.p95:.1f}"])
    return rows, good


def _total(answer: Any) -> object:
    if answer.is_json:
        return answer.json["total"]
    found = re.search(r'aria-current="page">[^<]*<b class="number">(\d+)</b>', answer.get_data(as_text=True))
    return int(found[1]) if found else "–"


def main() -> None:
    """Measure, print, write on demand; exit code 1 when something was too slow."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="a tenth of the load")
    asked.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    given = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    opened, done = (10_000, 100_000) if given.quick else (100_000, 1_000_000)
    rows: list[list[object]] = []
    good = True
    for kind in given.database or ("sqlite", "postgresql"):
        with filled(kind, opened, done) as office:
            found, quick = measure(office, kind, ROUNDS)
        rows += found
        good = good and quick
    columns = (
        "database",
        "who",
        "place",
        "tasks or cases",
        "whole page, p50 / p95 ms",
        "CPU of the server, p50 / p95 ms",
    )
    said = table(f"Inbox: {opened:,} open and {done:,} finished tasks", columns, rows)
    print(said)
    if given.write:
        head = (
            f"Measured {date.today()} on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
            "sign-in, counts, list, names and HTML included.\n"
        )
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        _, _, after = rest.partition(END)
        PAGE.write_text(f"{before}{BEGIN}\n{head}\n{said}\n{END}{after}", encoding="utf-8")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
