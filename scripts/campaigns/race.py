"""The race campaign: simultaneous completions over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from scripts.campaigns.client import Client
from scripts.campaigns.diagrams import pair_drawing, siblings_drawing

RIVALS = ("zhangwei", "liuyang")
NAMES = {"zhangwei": "张伟", "liuyang": "刘洋"}


@dataclass(frozen=True, kw_only=True)
class Duel:
    """Two completions of one task: who was told what."""

    answers: dict[str, tuple[int, Any]]

    @property
    def statuses(self) -> list[int]:
        """Both statuses, smaller first."""
        return sorted(status for status, _ in self.answers.values())

    @property
    def winner_named(self) -> bool:
        """Whether the loser's answer names the winner."""
        winner = next((name for name, (status, _) in self.answers.items() if status == 204), None)
        said = [answer["message"] for status, answer in self.answers.values() if status == 409]
        return winner is not None and all(winner in sentence or NAMES[winner] in sentence for sentence in said)


def at_once(acts: Sequence[Callable[[], tuple[int, Any]]]) -> list[tuple[int, Any]]:
    """Do all acts at the same moment, each in a thread; their answers in order."""
    barrier = threading.Barrier(len(acts))
    answers: list[tuple[int, Any]] = [(0, None)] * len(acts)

    def do(number: int) -> None:
        barrier.wait()
        answers[number] = acts[number]()

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def duel(port: int, rounds: int) -> list[Duel]:
    """`rounds` pairs of simultaneous completions, every pair of one task."""
    with ExitStack() as stack:
        engine = stack.enter_context(Client(port))
        engine.deploy(pair_drawing(RIVALS))
        rivals = {name: stack.enter_context(Client(port, name)) for name in RIVALS}
        for client in rivals.values():
            client.ask("GET", "/engine-rest/task/count")  # connected and known before the race
        duels = []
        for _ in range(rounds):
            (task,) = engine.tasks(engine.start("campaign_pair"))
            path = f"/engine-rest/task/{task['id']}/complete"
            acts = [partial(client.call, "POST", path, {}) for client in rivals.values()]
            duels.append(Duel(answers=dict(zip(rivals, at_once(acts), strict=True))))
        return duels


@dataclass(frozen=True, kw_only=True)
class Joining:
    """Simultaneous completions of parallel siblings."""

    statuses: list[int]
    open_after: list[str]
    joins: int


def join_siblings(port: int, rounds: int, width: int = 6) -> list[Joining]:
    """`rounds` cases whose `width` parallel tasks are completed at the same moment."""
    with ExitStack() as stack:
        engine = stack.enter_context(Client(port))
        engine.deploy(siblings_drawing(width))
        clients = [stack.enter_context(Client(port)) for _ in range(width)]
        for client in clients:
            client.ask("GET", "/engine-rest/task/count")
        return [_join(engine, clients) for _ in range(rounds)]


def _join(engine: Client, clients: Sequence[Client]) -> Joining:
    case_id = engine.start("campaign_siblings", variables={"joins": 0})
    paths = [f"/engine-rest/task/{task['id']}/complete" for task in engine.tasks(case_id)]
    acts = [partial(client.call, "POST", path, {}) for client, path in zip(clients, paths, strict=True)]
    statuses = [status for status, _ in at_once(acts)]
    variables = engine.ask("GET", f"/engine-rest/process-instance/{case_id}/variables")
    return Joining(
        statuses=statuses,
        open_after=[task["taskDefinitionKey"] for task in engine.tasks(case_id)],
        joins=variables["joins"]["value"],
    )
