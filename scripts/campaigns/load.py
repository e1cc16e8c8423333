"""Load from processes of its own: every client works the same cases level by level, all clients at the same moment.

Only the requests that are measured are inside a level: which tasks are open is asked between two levels.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier as BarrierOfProcesses
from typing import Any, Protocol

from scripts.campaigns.client import Client


class Hands(Protocol):
    """How a client starts a case, learns the open tasks of its cases, and completes one."""

    client: Client

    def start(self) -> str: ...

    def open_tasks(self, cases: Sequence[str]) -> list[tuple[str, str]]: ...

    def complete(self, case_id: str, task_id: str) -> None: ...


class LianbanHands:
    """The product over `/engine-rest`."""

    def __init__(self, port: int, key: str, variables: dict[str, Any]) -> None:
        self.client = Client(port, timeout=120)
        self.key = key
        self.body = {"variables": {name: {"value": value} for name, value in variables.items()}}

    def start(self) -> str:
        """A new case."""
        return self.client.start(self.key)

    def open_tasks(self, cases: Sequence[str]) -> list[tuple[str, str]]:
        """Case and task of everything open in these cases."""
        return [(case_id, task["id"]) for case_id in cases for task in self.client.tasks(case_id)]

    def complete(self, case_id: str, task_id: str) -> None:
        """One durable completion with the form's three values."""
        status, answer = self.client.call("POST", f"/engine-rest/task/{task_id}/complete", self.body)
        if status != 204:
            raise AssertionError(f"expected 204 but got {status}: {answer}")


class NaiveHands:
    """The baseline over its two paths; it answers every request with the open tasks."""

    def __init__(self, port: int, variables: dict[str, Any]) -> None:
        self.client = Client(port, timeout=120)
        self.variables = variables
        self.known: dict[str, list[str]] = {}

    def start(self) -> str:
        """A new instance."""
        answer = self.client.ask("POST", "/start", {})
        self.known[answer["id"]] = answer["tasks"]
        return str(answer["id"])

    def open_tasks(self, cases: Sequence[str]) -> list[tuple[str, str]]:
        """As the last answers said."""
        return [(case_id, task_id) for case_id in cases for task_id in self.known[case_id]]

    def complete(self, case_id: str, task_id: str) -> None:
        """One durable completion."""
        body = {"case": case_id, "task": task_id, "variables": self.variables}
        self.known[case_id] = self.client.ask("POST", "/complete", body)["tasks"]


@dataclass
class Load:
    """What the clients measured, in seconds."""

    starts: list[float] = field(default_factory=list)
    completions: list[float] = field(default_factory=list)
    requests: int = 0  # all that were sent, measured or not
    completing: float = 0.0  # wall time of the levels, all clients together

    @property
    def rate(self) -> float:
        """Completions a second of all clients."""
        return len(self.completions) / self.completing


def _client(
    hands: Callable[[], Hands], cases: int, barrier: BarrierOfProcesses, results: multiprocessing.SimpleQueue[Any]
) -> None:
    try:
        mine = hands()
        load = Load()
        known = [mine.start()]  # connected, signed in and everything loaded before the measurement
        barrier.wait()
        for _ in range(cases - 1):
            begun = time.perf_counter()
            known.append(mine.start())
            load.starts.append(time.perf_counter() - begun)
        while True:
            level = mine.open_tasks(known)
            if not level:
                break
            barrier.wait()
            level_begun = time.perf_counter()
            for case_id, task_id in level:
                begun = time.perf_counter()
                mine.complete(case_id, task_id)
                load.completions.append(time.perf_counter() - begun)
            barrier.wait()
            load.completing += time.perf_counter() - level_begun
        load.requests = mine.client.calls
        results.put(load)
    except BaseException as error:
        barrier.abort()
        results.put(error)
        raise


def run_load(hands: Callable[[], Hands], clients: int, cases: int) -> Load:
    """`cases` cases per client, from start to end. `hands` must be picklable (functools.partial of a class)."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients)
    results = context.SimpleQueue()
    processes = [context.Process(target=_client, args=(hands, cases, barrier, results)) for _ in range(clients)]
    for process in processes:
        process.start()
    loads = [results.get() for _ in processes]
    for process in processes:
        process.join()
    for load in loads:
        if isinstance(load, BaseException):
            raise load
    return Load(
        starts=[value for load in loads for value in load.starts],
        completions=[value for load in loads for value in load.completions],
        requests=sum(load.requests for load in loads),
        completing=max(load.completing for load in loads),
    )
