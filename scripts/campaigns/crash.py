"""The crash campaign: the served process is killed with -9 at random moments under load and restarted.

What must hold afterwards: no acknowledged completion lost, none applied twice, every case at its end, and after every
kill the open rows are what the engine has open (`books.py`, asked while the process is down).
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.campaigns.books import compare_books
from scripts.campaigns.client import Client
from scripts.campaigns.databases import database
from scripts.campaigns.diagrams import crash_drawing
from scripts.campaigns.served import Served

CLIENTS = 4
PATIENCE_SECONDS = 120  # how long a case may take after the last restart
AWAY_SECONDS = 900  # how long one request may find nobody: on a busy machine the kills come faster than answers
COUNTERS = ("after_a", "after_join", "after_timer")


@dataclass
class Ledger:
    """What the clients were told."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    started: dict[str, str] = field(default_factory=dict)  # business key -> case id, acknowledged
    completed: dict[str, str] = field(default_factory=dict)  # task id -> the mark the acknowledged completion wrote
    unknown: int = 0  # requests whose answer was lost in a crash


@dataclass(frozen=True, kw_only=True)
class CrashReport:
    """Figures of a campaign; `faults` is empty when every promise held."""

    kills: int
    cases: int
    acknowledged: int
    unknown: int
    slowest_restart: float
    faults: tuple[str, ...]


class LoadClient(threading.Thread):
    """Starts cases and works on them until told to stop, then drives what it began to the end."""

    def __init__(self, port: int, ledger: Ledger, seed: int) -> None:
        super().__init__(daemon=True)
        self.client = Client(port, timeout=10)
        self.ledger = ledger
        self.random = random.Random(seed)
        self.draining = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Case after case."""
        with self.client:
            self.work()

    def work(self) -> None:
        """Until draining; a fault is kept for the main thread."""
        try:
            while not self.draining.is_set():
                self.drive(f"crash-{uuid.uuid4()}")
        except BaseException as error:  # told by the campaign's main thread
            self.error = error

    def drive(self, business_key: str) -> None:
        """One case from start to end, through as many crashes as it takes."""
        case_id = self.start_once(business_key)
        with self.ledger.lock:
            self.ledger.started[business_key] = case_id
        give_up = time.monotonic() + PATIENCE_SECONDS * 10
        while time.monotonic() < give_up:
            status, found = self.persist("GET", f"/engine-rest/task?processInstanceId={case_id}")
            if status != 200:
                raise AssertionError(f"expected the tasks of {case_id} but got {status}: {found}")
            for task in found:
                self.complete_once(task["id"])
            if not found:
                status, instance = self.persist("GET", f"/engine-rest/process-instance/{case_id}")
                if status == 404:
                    return  # ended: the runtime no longer knows it, history does
                time.sleep(0.1)
        raise AssertionError(f"expected {case_id} to reach its end but it did not")

    def start_once(self, business_key: str) -> str:
        """Start with an Idempotency-Key, repeated until answered: the same case comes back."""
        body = {"businessKey": business_key, "variables": {name: {"value": 0, "type": "Integer"} for name in COUNTERS}}
        path = f"/engine-rest/process-definition/key/{crash_drawing().key}/start"
        status, answer = self.persist("POST", path, body, key=business_key)
        if status == 409 and answer["reason"] == "IDEMPOTENCY_UNANSWERED":  # done, but the answer was lost in a crash
            path = f"/engine-rest/history/process-instance?processInstanceBusinessKey={business_key}"
            status, (answer,) = self.persist("GET", path)
        if status != 200:
            raise AssertionError(f"expected a start but got {status}: {answer}")
        return str(answer["id"])

    def complete_once(self, task_id: str) -> None:
        """Claim sometimes, complete; with an Idempotency-Key a repetition is answered as the first time was."""
        mark = str(uuid.uuid4())
        if self.random.random() < 0.3:
            self.persist("POST", f"/engine-rest/task/{task_id}/claim", {"userId": "engine"})
        body = {"variables": {f"mark_{task_id.replace('-', '')}": {"value": mark, "type": "String"}}}
        keyed = self.random.random() < 0.5
        path = f"/engine-rest/task/{task_id}/complete"
        if keyed:
            status, answer = self.persist("POST", path, body, key=mark)
        else:
            try:
                status, answer = self.client.call("POST", path, body)
            except ConnectionError:
                with self.ledger.lock:
                    self.ledger.unknown += 1
                return  # unknown; the next look at the task list shows whether it was done
        if status in (200, 204):
            with self.ledger.lock:
                self.ledger.completed[task_id] = mark
        elif status not in (404, 409, 503):
            raise AssertionError(f"expected completion or refusal of {task_id} but got {status}: {answer}")

    def persist(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        """Repeat until there is an answer other than 'busy'."""
        give_up = time.monotonic() + AWAY_SECONDS
        lost = False
        while True:
            try:
                status, answer = self.client.call(method, path, body, key=key)
                if status != 503:
                    return status, answer
            except ConnectionError:
                with self.ledger.lock:
                    self.ledger.unknown += not lost
                lost = True
                if time.monotonic() > give_up:
                    raise
            time.sleep(0.05)


def run_crash_campaign(
    folder: Path, kills: int, *, kind: str = "sqlite", seed: int | None = None, tell: Any = print
) -> CrashReport:
    """Kill and restart `kills` times under load, let every case end, then audit. Prints a line every ten kills."""
    chance = random.Random(seed)
    ledger = Ledger()
    restarts: list[float] = []
    faults: list[str] = []
    with database(kind, folder) as url:
        served = Served(folder / "data", database_url=url)
        try:
            served.start()
            with Client(served.port) as client:
                client.deploy(crash_drawing())
            clients = [LoadClient(served.port, ledger, chance.randrange(2**32)) for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            for number in range(1, kills + 1):
                time.sleep(chance.uniform(0.05, 1.5))
                served.kill()
                faults += compare_books(url)
                restarts.append(served.start())
                if number % 10 == 0:
                    tell(f"  {number} kills, {len(ledger.completed)} completions acknowledged, {len(faults)} faults")
                for worker in clients:
                    if worker.error:
                        raise worker.error
            for client in clients:
                client.draining.set()
            for client in clients:
                client.join(AWAY_SECONDS)
                if client.error or client.is_alive():
                    raise client.error or AssertionError(
                        "expected every case to reach its end but a client still waits"
                    )
            with Client(served.port) as auditor:
                faults += audit(auditor, ledger)
        finally:
            served.stop()
        faults += compare_books(url)
    return CrashReport(
        kills=kills,
        cases=len(ledger.started),
        acknowledged=len(ledger.completed),
        unknown=ledger.unknown,
        slowest_restart=max(restarts, default=0.0),
        faults=tuple(faults),
    )


def audit(client: Client, ledger: Ledger) -> list[str]:
    """What history says against what the clients were told."""
    faults = []
    for case_id in ledger.started.values():
        instance = client.ask("GET", f"/engine-rest/history/process-instance/{case_id}")
        if instance["state"] != "COMPLETED":
            faults.append(f"{case_id}: expected COMPLETED but is {instance['state']}")
        tasks = client.ask("GET", f"/engine-rest/history/task?processInstanceId={case_id}")
        if sorted(task["taskDefinitionKey"] for task in tasks) != ["a", "b", "c", "d"]:
            faults.append(f"{case_id}: expected each task once but got {[task['taskDefinitionKey'] for task in tasks]}")
        rows = client.ask("GET", f"/engine-rest/history/variable-instance?processInstanceId={case_id}")
        values = {row["name"]: row["value"] for row in rows}
        for counter in COUNTERS:
            if values.get(counter) != 1:
                faults.append(f"{case_id}: expected {counter} to have run once but it counts {values.get(counter)}")
        for task in tasks:
            told = ledger.completed.get(task["id"])
            kept = values.get(f"mark_{task['id'].replace('-', '')}")
            if told is not None and kept != told:
                faults.append(f"{task['id']}: acknowledged {told} but the record says {kept}")
            if kept is None:
                faults.append(f"{task['id']}: expected a mark of its completion but there is none")
    known = sum(1 for case_id in ledger.started.values() for _ in (case_id,))
    found = client.ask("GET", f"/engine-rest/history/process-instance/count?processDefinitionKey={crash_drawing().key}")
    if found["count"] != known:
        faults.append(f"expected {known} cases but the service has {found['count']}: a start was applied twice or lost")
    return faults
