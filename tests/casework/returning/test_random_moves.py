"""Two truths stay one under moves too: after every random act or move the tables say what the engine says.

`LIANBAN_SOAK=2000` plays a tenth of that many cases; each ends in the end.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from uuid import UUID

import pytest

from service.casework import complete_task, start_case
from service.casework.office import Office
from service.casework.returning import (
    Way,
    move_places,
    move_token,
    return_preview,
    return_task,
    take_back_preview,
    take_back_task,
)
from service.engine import WaitKind
from service.rules.refusals import Refusal
from tests.casework import desk
from tests.casework.desk import CLERK, ENGINE, KEEPER, deploy_text, journal_of, open_tasks, waits_of
from tests.casework.test_truths import CHAIN, ITEM, check, step
from tests.conftest import Clock

CASES = max(3, int(os.environ.get("LIANBAN_SOAK", 0)) // 10)


@pytest.mark.parametrize("first", [0, 1000])
def test_random_acts_and_moves_keep_tables_and_engine_one(office: Office, clock: Clock, first: int) -> None:
    desk.hire(office)
    deploy_text(office, ITEM)
    deploy_text(office, CHAIN)
    told: Counter[str] = Counter()
    for seed in range(first, first + CASES):
        try:
            told.update(play(office, clock, seed))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
    print(dict(told))
    assert told["returned"] + told["taken_back"] + told["moved"] >= CASES and told["ended"] == CASES


def play(office: Office, clock: Clock, seed: int) -> Counter[str]:
    """One case: random acts with random moves between them, then to its end."""
    dice = random.Random(seed)
    case_id = start_case(office, CLERK, key="chain", variables={"back": False}).id
    told: Counter[str] = Counter()
    for _ in range(24):
        if not waits_of(office, case_id):
            break
        if dice.random() < 0.45:
            told[move(office, case_id, dice)] += 1
        else:
            step(office, clock, case_id, dice)
        check(office, case_id)
    for _ in range(200):
        waits = waits_of(office, case_id)
        if not waits:
            break
        tasks = sorted(open_tasks(office, case_id).values(), key=lambda row: (row.element, row.id))
        if tasks:
            complete_task(office, ENGINE, tasks[0].id, variables={"back": False})
        else:
            step(office, clock, case_id, dice)
    check(office, case_id)
    lines = [line.action for line in journal_of(office, case_id)]
    moves = ("task:returned", "task:recalled", "token:moved")
    assert sum(lines.count(one) for one in moves) == told["returned"] + told["taken_back"] + told["moved"]
    told["ended"] = not waits_of(office, case_id)
    return told


def move(office: Office, case_id: UUID, dice: random.Random) -> str:
    """One of the moves people can ask for; what came of it."""
    kind = dice.choice(("returned", "returned", "taken_back", "moved"))
    try:
        if kind == "returned":
            rows = sorted(open_tasks(office, case_id).values(), key=lambda row: (row.element, row.id))
            task = dice.choice(rows)
            shown = return_preview(office, ENGINE, task.id)
            place = dice.choice([one for one in shown.places if one.refused is None] or shown.places)
            way = Way.STRAIGHT if place.straight and dice.random() < 0.5 else Way.AGAIN
            return_task(
                office,
                ENGINE,
                task.id,
                element=place.element,
                scope=place.scope,
                reason="重办",
                way=way,
                seen=shown.mark,
            )
        elif kind == "taken_back":
            with office.reading() as records:
                done = [row for row in records.tasks.of_case(case_id) if row.outcome == "COMPLETED"]
            if not done:
                return "refused"
            task = max(done, key=lambda row: (row.ended_at or row.created_at, row.id))
            back = take_back_preview(office, ENGINE, task.id)
            take_back_task(office, ENGINE, task.id, reason="写错", seen=back.mark)
        else:
            waits = [
                one for one in waits_of(office, case_id).values() if one.host is None and one.kind is not WaitKind.TIMER
            ]
            wait = dice.choice(sorted(waits, key=lambda one: (one.element, one.id)))
            places = move_places(office, KEEPER, case_id, wait.id)
            place = dice.choice([one for one in places.places if one.activity_type == "userTask"] or places.places)
            move_token(office, KEEPER, case_id, wait.id, place.element, "调整", scope=place.scope, seen=places.mark)
    except (Refusal, IndexError):
        return "refused"
    return kind
