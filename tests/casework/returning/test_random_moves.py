"""Two truths stay one under operations too: after every random act, move, 加签, 减签 or 转办 the tables say what the engine says.

`LIANBAN_SOAK=2000` plays a tenth of that many cases; each ends in the end. So do cases of an item that are returned by
mistake, ended and reopened again and again.
"""

from __future__ import annotations

import random
from collections import Counter
from uuid import UUID

import pytest

from service.casework import (
    assign_task,
    complete_task,
    delegate_task,
    resolve_task,
    resume_case,
    start_case,
    suspend_case,
)
from service.casework.office import Office
from service.casework.returning import (
    Ground,
    Way,
    end_case,
    move_places,
    move_token,
    reopen_case,
    reopen_preview,
    return_preview,
    return_task,
    take_back_preview,
    take_back_task,
)
from service.casework.together.instances import add_instance, remove_instance
from service.engine import WaitKind
from service.rules.refusals import Conflict, Refusal
from tests.casework import desk
from tests.casework.desk import CHIEF, CLERK, ENGINE, KEEPER, deploy_text, journal_of, open_tasks, waits_of
from tests.casework.returning.test_ending import ASKED, RETURNING
from tests.casework.test_truths import CHAIN, ITEM, check, step
from tests.conftest import Clock
from tests.sampling import sample

CASES = max(2, sample(20, 5) // 10)
MOVES = ("returned", "returned", "taken_back", "moved", "added", "removed", "handed", "delegated")
LINES = {
    "returned": "task:returned",
    "taken_back": "task:recalled",
    "moved": "token:moved",
    "added": "instance:added",
    "removed": "instance:removed",
}


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
    assert sum(told[one] for one in LINES) >= CASES and told["ended"] == CASES


@pytest.mark.parametrize("first", [0])
def test_what_was_returned_by_mistake_goes_on_and_what_was_ended_does_not(
    office: Office, clock: Clock, first: int
) -> None:
    desk.hire(office)
    deploy_text(office, RETURNING, forms=ASKED)
    told: Counter[str] = Counter()
    for seed in range(first, first + CASES):
        try:
            told.update(reopen_again(office, clock, random.Random(seed)))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
    print(dict(told))
    assert told["reopened"] >= CASES and told["ended"] == CASES


def reopen_again(office: Office, clock: Clock, dice: random.Random) -> Counter[str]:
    """One case: returned and reopened some times, with other acts between them, then issued or ended for good."""
    case_id = start_case(office, CLERK, key="item").id
    told: Counter[str] = Counter()
    complete_task(office, ENGINE, open_tasks(office, case_id)["Accept"].id)
    for _ in range(dice.randint(1, 4)):
        review = open_tasks(office, case_id)["Review"].id
        match dice.choice(("suspend", "hand", "wait")):
            case "suspend":
                suspend_case(office, KEEPER, case_id)
                resume_case(office, KEEPER, case_id)
            case "hand":
                assign_task(office, KEEPER, review, dice.choice(("zhangwei", "liuyang")))
            case _:
                clock.advance(minutes=dice.choice((1, 30)))
        same_waits(office, case_id)
        complete_task(office, ENGINE, review, answers={"mistaken": True})
        same_waits(office, case_id)
        shown = reopen_preview(office, CHIEF, case_id)
        reopen_case(office, CHIEF, case_id, reason="误退", seen=shown.mark)
        same_waits(office, case_id)
        told["reopened"] += 1
    if dice.random() < 0.3:
        end_case(office, KEEPER, case_id, ground=Ground.MISFILED, reason="重复立件")
    else:
        complete_task(office, ENGINE, open_tasks(office, case_id)["Review"].id, answers={"mistaken": False})
        for element in ("Approve", "Issue"):
            complete_task(office, ENGINE, open_tasks(office, case_id)[element].id)
    same_waits(office, case_id)
    with pytest.raises(Conflict):
        reopen_case(office, CHIEF, case_id, reason="误退")
    assert [line.action for line in journal_of(office, case_id)].count("case:reopened") == told["reopened"]
    told["ended"] = not open_tasks(office, case_id)
    return told


def same_waits(office: Office, case_id: UUID) -> None:
    """Open tasks and timers of a case with clocks are the engine's, its running clocks are none of an ended case."""
    waits = waits_of(office, case_id).values()
    with office.reading() as records:
        timers = {one.id for one in records.agenda.of_case(case_id) if one.kind == "timer"}
        assert {one.id for one in records.tasks.open_of(case_id)} == {
            one.id for one in waits if one.kind is WaitKind.USER_TASK
        }
        assert timers == {one.id for one in waits if one.kind is WaitKind.TIMER}
        running = [one for one in records.clocks.of_case(case_id) if one.state != "STOPPED"]
        assert bool(running) == bool(waits)


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
    assert {one: lines.count(action) for one, action in LINES.items()} == {one: told[one] for one in LINES}
    told["ended"] = not waits_of(office, case_id)
    return told


def move(office: Office, case_id: UUID, dice: random.Random) -> str:
    """One of the moves people can ask for; what came of it."""
    kind = dice.choice(MOVES)
    try:
        rows = sorted(open_tasks(office, case_id).values(), key=lambda row: (row.element, row.id))
        if kind == "added":
            add_instance(office, KEEPER, dice.choice(rows).id, None, "再征求一家")
        elif kind == "removed":
            remove_instance(office, KEEPER, dice.choice(rows).id, "不需要")
        elif kind == "handed":
            assign_task(office, KEEPER, dice.choice(rows).id, dice.choice(("zhangwei", "liuyang")))
        elif kind == "delegated":
            task = dice.choice(rows)
            delegate_task(office, ENGINE, task.id, "liuyang")
            check(office, case_id)
            resolve_task(office, ENGINE, task.id, {"heard": True})
        elif kind == "returned":
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
