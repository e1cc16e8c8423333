"""The bench: one run on SQLite and PostgreSQL, Lianban and the naive baseline, printed as tables.

`scripts/bench --quick` for a look, `scripts/bench --write` to put the figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from scripts.campaigns.bench_engine import FORM, durable_lianban, durable_naive, engine_steps, stock_steps
from scripts.campaigns.client import Client
from scripts.campaigns.databases import database
from scripts.campaigns.diagrams import Drawing, chain_drawings, linear_drawing, pause_drawing
from scripts.campaigns.figures import Latency, percentile, table
from scripts.campaigns.load import Hands, LianbanHands, Load, NaiveHands, run_load
from scripts.campaigns.served import ROOT, Served, free_port

DATABASES = ("sqlite", "postgresql")
CLIENTS = (1, 4)
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HTTP_COLUMNS = (
    "process", "system", "database", "clients", "completions/s",
    "complete p50/p95/p99 ms", "start p50/p95/p99 ms", "CPU ms/request", "resident MB",
)  # fmt: skip


def processes() -> dict[str, list[Drawing]]:
    """What is measured: the process under test comes last in each list."""
    return {"linear, 4 tasks": [linear_drawing()], "chain, 10 items × 4 tasks": chain_drawings()}


def http_lianban(kind: str, cases: int, quick: bool) -> tuple[list[list[object]], list[list[object]]]:
    """Rows of the HTTP table and of the starts and timers table."""
    rows: list[list[object]] = []
    others: list[list[object]] = []
    with tempfile.TemporaryDirectory(prefix="lianban-bench-") as name, database(kind, Path(name)) as url:
        served = Served(Path(name) / "data", database_url=url)
        try:
            fresh = served.start()
            served.stop()
            warm = served.start()
            others.append([kind, "first start on an empty database", f"{fresh:.2f} s"])
            others.append([kind, "start with nothing to change", f"{warm:.2f} s"])
            client = Client(served.port)
            for process, drawings in processes().items():
                for drawing in drawings:
                    client.deploy(drawing)
                for clients in CLIENTS:
                    amount = max(2, (cases if len(drawings) == 1 else cases // 8) // clients)
                    cpu = served.cpu()
                    load = run_load(partial(LianbanHands, served.port, drawings[-1].key, FORM), clients, amount)
                    spent = (served.cpu() - cpu) / load.requests
                    rows.append(_http_row(process, "Lianban", kind, clients, load, spent, served.memory()))
            others.append([kind, "timer lateness on the idle service, p50 / max", lateness(client, 5 if quick else 20)])
        finally:
            served.stop()
    return rows, others


def http_naive(kind: str, cases: int) -> list[list[object]]:
    """The same load on the naive server."""
    rows = []
    for process, drawings in processes().items():
        for clients in CLIENTS:
            amount = max(2, (cases if len(drawings) == 1 else cases // 8) // clients)
            with tempfile.TemporaryDirectory(prefix="lianban-bench-") as name, database(kind, Path(name)) as url:
                with naive_server(url, "linear" if len(drawings) == 1 else "chain") as (port, process_id):
                    before = _cpu(process_id)
                    hands: partial[Hands] = partial(NaiveHands, port, FORM)
                    load = run_load(hands, clients, amount)
                    spent = (_cpu(process_id) - before) / load.requests
                    rows.append(_http_row(process, "naive", kind, clients, load, spent, _memory(process_id)))
    return rows


def _http_row(process: str, system: str, kind: str, clients: int, load: Load, cpu: float, memory: int) -> list[object]:
    completions, starts = Latency.of(load.completions), Latency.of(load.starts)
    return [
        process, system, kind, clients, f"{load.rate:.0f}", completions, starts, f"{cpu * 1000:.1f}", f"{memory / 2**20:.0f}",
    ]  # fmt: skip


@contextmanager
def naive_server(url: str, shape: str) -> Iterator[tuple[int, int]]:
    """Port and process id of a naive server."""
    port = free_port()
    command = [sys.executable, "-m", "scripts.campaigns.baseline", str(port), shape]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "NAIVE_URL": url}) as process:
        try:
            for _ in range(200):
                try:
                    HTTPConnection("127.0.0.1", port, timeout=1).connect()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port, process.pid
        finally:
            process.kill()


def _cpu(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(process_id: int) -> int:
    return int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def lateness(client: Client, count: int) -> str:
    """How long after its due instant a timer's next task is there, one timer at a time on a service that does nothing else."""
    client.deploy(pause_drawing("PT2S"))
    late = []
    for _ in range(count):
        case_id = client.start("campaign_pause")
        while not (tasks := client.tasks(case_id)):
            time.sleep(0.2)
        begun = client.ask("GET", f"/engine-rest/history/process-instance/{case_id}")["startTime"]
        passed = datetime.fromisoformat(tasks[0]["created"]) - datetime.fromisoformat(begun)
        late.append(passed.total_seconds() - 2)
    return f"{percentile(late, 0.5):.2f} s / {max(late):.2f} s"


def in_process(kind: str, cases: int) -> list[list[object]]:
    """Durable completions without HTTP: what casework and the database cost."""
    rows: list[list[object]] = []
    for process, drawings in processes().items():
        amount = cases if len(drawings) == 1 else max(2, cases // 8)
        with tempfile.TemporaryDirectory(prefix="lianban-bench-") as name, database(kind, Path(name)) as url:
            ours = durable_lianban(url, Path(name), drawings, amount)
        with tempfile.TemporaryDirectory(prefix="lianban-bench-") as name, database(kind, Path(name)) as url:
            naive = durable_naive(url, drawings, amount)
        for system, figures in (("Lianban", ours), ("naive", naive)):
            rows.append(
                [
                    process, system, kind, f"{figures.rate:.0f}", f"{figures.cpu_ms:.2f}",
                    f"{figures.statements:.1f} (≤ {figures.worst_statements})", f"{figures.commits:.1f}",
                    f"{figures.bytes_per_instance:.0f}",
                ]
            )  # fmt: skip
    return rows


def measure(quick: bool) -> str:
    """The whole run as Markdown."""
    cases = 40 if quick else 200
    parts = [
        f"Measured {date.today().isoformat()} on {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, load clients on the same machine.\n"
    ]
    steps = []
    for process, drawings in processes().items():
        rounds = 5 if quick or len(drawings) > 1 else 50
        ours, stock = engine_steps(drawings, rounds), stock_steps(drawings, rounds)
        steps.append(
            [process, f"{ours.ms:.2f}", ours.blob, f"{stock.ms:.2f}", stock.blob, f"{stock.ms / ours.ms:.1f} ×"]
        )
    columns = ("process", "Lianban ms", "Lianban bytes", "stock ms", "stock bytes", "stock ÷ Lianban")
    parts.append(table("Engine: load, complete, run on, dump; no database", columns, steps))
    _tell(parts[-1])
    rows = [row for kind in DATABASES for row in in_process(kind, cases)]
    columns = (
        "process", "system", "database", "completions/s", "CPU ms", "statements", "commits", "bytes per finished instance",
    )  # fmt: skip
    parts.append(table("In process: durable completions, one at a time", columns, rows))
    _tell(parts[-1])
    rows, others = [], []
    for kind in DATABASES:
        lianban_rows, more = http_lianban(kind, cases, quick)
        rows += lianban_rows + http_naive(kind, cases)
        others += more
    parts.append(table("Over HTTP, keep-alive clients in processes of their own", HTTP_COLUMNS, rows))
    _tell(parts[-1])
    parts.append(table("Starts and timers", ("database", "what", "measured"), others))
    _tell(parts[-1])
    return "\n".join(parts)


def _tell(text: str) -> None:
    print(text, flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and with --write replace the figures of docs/benchmarks.md."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the load")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    figures = measure(options.quick)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n{figures}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
