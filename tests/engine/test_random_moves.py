"""Random processes, random moves: no token is lost or doubled, saved ≡ never saved, and every case can still end.

What is asked of every move: exactly what was told beforehand ends, and exactly one token begins. 加签 ends nothing, 减签
what stands in its instance and nothing else. In calm processes (nothing interrupts, throws or undoes) besides: no element
ever carries two tokens, no join two arrivals of one flow, no join waits for ever, a case that is ended and reopened goes on
at its desk with the values it had, and the case ends. `LIANBAN_SOAK=2000` plays that many.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from service.engine import EngineFault, Run, Spot, Target, Wait, WaitKind
from service.rules.refusals import Conflict
from tests.engine.drive import CALENDAR, Drive, program_of
from tests.engine.random_processes import Author
from tests.engine.test_moving import passed
from tests.engine.test_random import TASKS, _act, _begin, _sorted
from tests.sampling import sample

NORMAL = 80
ACTS, MOVES = 40, 12
MOVED = ("return", "return", "return", "jump", "back")
HAPPEN = ("returned", "straight", "moved", "retracted", "added", "removed", "restarted", "refused")


def test_random_moves_lose_and_double_no_token_and_every_case_can_end() -> None:
    told = soak(sample(NORMAL, 5))
    assert all(told[one] for one in HAPPEN), told
    print(dict(told))


def soak(count: int, first: int = 0) -> Counter[str]:
    """Play `count` sequences from seed `first` on, every other one calm. Raises AssertionError naming the seed."""
    told: Counter[str] = Counter()
    for seed in range(first, first + count):
        try:
            told.update(play(seed, calm=seed % 2 == 0))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
    return told


def play(seed: int, *, calm: bool) -> Counter[str]:
    """One process, the same acts and moves in memory and reloaded after every engine step."""
    program = program_of(Author(seed, calm=calm).text())
    kept, reloaded = Drive(program), Drive(program, reload=True)
    chance = random.Random(seed)
    told: Counter[str] = Counter(cases=1)
    for number in range(600):
        if kept.ended:
            break
        waits, twins = _sorted(kept), _sorted(reloaded)
        assert [(w.element, w.kind, w.due) for w in waits] == [(w.element, w.kind, w.due) for w in twins]
        if calm:
            _require_safe(kept)
        if number < ACTS and told["moves"] < MOVES and waits and chance.random() < 0.4:
            told.update(_operate(kept, reloaded, chance, calm=calm))
            continue
        if _begin(kept, reloaded, chance, last=number >= ACTS):
            continue
        pick = _next(kept, waits, chance, number)
        if pick is None:
            if kept.run.offers():
                _begin(kept, reloaded, chance, last=True)
                continue
            break
        for drive, wait in ((kept, waits[pick]), (reloaded, twins[pick])):
            _act(drive, wait, False, number)
        told["acts"] += 1
    else:
        raise AssertionError("never comes to an end")
    assert kept.trace == reloaded.trace and kept.ended == reloaded.ended
    assert kept.variables() == reloaded.variables()
    if kept.ended:
        assert not kept.run._instance.index and not kept.run._instance.subprocesses and not kept.rows
        told["completed"] = 1
    else:
        assert kept.incidents() and not calm, "the case cannot end any more"
        told["incident"] = 1
    return told


def _next(drive: Drive, waits: list, chance: random.Random, number: int) -> int | None:
    choices = [n for n, w in enumerate(waits) if w.kind in TASKS or number < ACTS and w.kind is not WaitKind.INCIDENT]
    choices = choices or [
        n
        for n, w in enumerate(waits)
        if w.kind is not WaitKind.INCIDENT and w.host is None and "tart" not in w.activity_type
    ]
    return chance.choice(choices) if choices else None


def _operate(kept: Drive, reloaded: Drive, chance: random.Random, *, calm: bool) -> Counter[str]:
    """One of the operations a person can ask for, on both."""
    kind = chance.choice((*MOVED, "add", "remove", *(("restart",) if calm else ())))
    if kind in MOVED:
        return _move(kept, reloaded, chance, kind)
    pick, done = chance.random(), "nowhere"
    act = {"add": _add, "remove": _remove, "restart": _restart}[kind]
    for drive in (kept, reloaded):
        found = [one for one in _sorted(drive) if _fits(drive, one, kind)]
        if found:
            done = act(drive, found[int(pick * len(found))])
    return Counter({done: 1, "moves": 1})


def _fits(drive: Drive, wait: Wait, kind: str) -> bool:
    if kind == "restart":
        return wait.kind is WaitKind.USER_TASK and wait.variable_scope is None
    return drive.run.items(wait.id) is not None


def _add(drive: Drive, wait: Wait) -> str:
    """加签: nothing ends; where all are asked at once, one begins."""
    loop, _ = drive.run._multi_instance(wait.id)
    index, state = drive.run._instance.index, loop.internal_data["loop"]
    before, waiting, many = set(index), drive.run.waits().keys(), state["n"]
    drive.run.add_instance(wait.id, "one more")
    assert before <= set(index) and waiting <= drive.run.waits().keys(), "nothing ends"
    assert len(index) - len(before) == (not loop.task_spec.plan.sequential) and state["n"] == many + 1
    drive.settle()
    return "added"


def _remove(drive: Drive, wait: Wait) -> str:
    """减签: what stands in the instance ends, and nothing else."""
    loop, instance = drive.run._multi_instance(wait.id)
    index = drive.run._instance.index
    before = set(index)
    within = {id for id, token in index.items() if instance in _around(token)} if instance is not None else set()
    try:
        drive.run.remove_instance(wait.id)
    except (Conflict, EngineFault) as refusal:
        last = isinstance(refusal, Conflict) and refusal.code == "INSTANCE_LAST"
        assert last or instance is None or instance.task_spec is not loop.task_spec.body
        assert set(index) == before
        return "refused"
    assert before - set(index) == within and loop.live, "the instance ends, and nothing else"
    drive.settle()
    return "removed"


def _around(token: Any) -> Iterator[Any]:
    """A token, the ones above it, and the hosts of its scopes."""
    while token is not None:
        yield token
        above = token.parent
        token = above if above is not None and above is not token.workflow.task_tree else token.workflow.host


def _restart(drive: Drive, desk: Wait) -> str:
    """终止 and 重新启动: all of it ends, and the desk begins again with the values there were."""
    values = drive.variables()
    try:
        run = Run.reopen(
            drive.program,
            case_id=drive.case_id,
            now=drive.now,
            calendar=CALENDAR,
            variables=values,
            types=None,
            business_key=None,
            spot=Spot(element=desk.element),
        )
    except Conflict as refusal:
        assert refusal.code in ("MOVE_INTO_PARALLEL", "MOVE_INTO_INSTANCE"), refusal.code
        return "refused"
    drive.run.cancel()
    drive.settle()
    assert drive.ended == "cancelled" and not drive.rows and not drive.run._instance.index
    drive.run, drive.ended = run, None
    drive.settle()
    assert {one.element for one in drive.rows.values()} == {desk.element} and drive.variables() == values
    return "restarted"


def _move(kept: Drive, reloaded: Drive, chance: random.Random, kind: str) -> Counter[str]:
    """A token goes back, on, or is taken back from its join."""
    pick, refused, dice = chance.random(), chance.random() < 0.1, chance.random()
    done = "nowhere"
    for drive in (kept, reloaded):
        places = [one for one in _places(drive, kind) if (one[1].refused is not None) == refused]
        if places:
            done = _do(drive, kind, *places[int(pick * len(places))], dice)
    return Counter({done: 1, "moves": 1})


def _places(drive: Drive, kind: str) -> list[tuple[UUID | None, Target]]:
    """Every move of a kind: the token, and where to."""
    known = passed(drive)
    if kind == "back":
        order = {one.host: number for number, one in enumerate(drive.run.scopes())}
        keys = sorted((key for key in known if key[0] in order), key=lambda key: (order[key[0]], key[1]))
        found = (drive.run.arrived(*key) for key in keys)
        return [(None, one) for one in found if one is not None]
    tokens = [one.id for one in _sorted(drive) if one.host is None]
    told = drive.run.places if kind == "jump" else lambda token: drive.run.targets(token, known)
    return [(token, one) for token in tokens for one in told(token)]


def _do(drive: Drive, kind: str, token: UUID | None, target: Target, dice: float) -> str:
    index = drive.run._instance.index
    before, waiting = set(index), {id for id in drive.run.waits()}
    what = "retracted" if kind == "back" else "returned" if kind == "return" else "moved"
    back = "someone" if kind == "return" and target.straight and dice > 0.5 else None
    try:
        if token is None:
            drive.run.retract(target.spot, person="me")
        else:
            drive.run.move([token], target.spot, person="me", back=back)
    except Conflict as refusal:
        assert target.refused is not None and refusal.code == target.refused.code
        assert set(index) == before
        return "refused"
    assert target.refused is None
    begun = [id for id in index if id not in before]
    free = [
        id
        for id in begun
        if index[id].free and not (index[id].task_spec.guards and not index[id].task_spec.holds(index[id]))
    ]
    assert len(free) == 1, "one token begins"
    now = {id for id in drive.run.waits()}
    assert waiting - now == {one.id for one in target.cancelled}, "what was told ends, and nothing else"
    drive.settle()
    return "straight" if back else what


def _require_safe(drive: Drive) -> None:
    """No element carries two tokens, and no join two arrivals of one flow."""
    for scope in drive.run._instance.scopes():
        counts: Counter[tuple[str, bool]] = Counter()
        for token in scope.tokens():
            arrived = token.internal_data.get("arrived", {})
            assert all(count == 1 for count in arrived.values()), f"two arrivals at {token.task_spec.name}"
            counts[token.task_spec.name, bool(arrived)] += 1
        assert all(count == 1 for count in counts.values()), f"two tokens: {counts}"
