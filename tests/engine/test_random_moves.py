"""Random processes, random moves: no token is lost or doubled, saved ≡ never saved, and every case can still end.

What is asked of every move: exactly what was told beforehand ends, and exactly one token begins. In calm processes
(nothing interrupts, throws or undoes) besides: no element ever carries two tokens, no join two arrivals of one flow, no
join waits for ever, and the case ends. `LIANBAN_SOAK=2000` plays that many.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from uuid import UUID

from service.engine import Target, WaitKind
from service.rules.refusals import Conflict
from tests.engine.drive import Drive, program_of
from tests.engine.random_processes import Author
from tests.engine.test_moving import passed
from tests.engine.test_random import TASKS, _act, _begin, _sorted

NORMAL = 120
ACTS, MOVES = 40, 12


def test_random_moves_lose_and_double_no_token_and_every_case_can_end() -> None:
    told = soak(int(os.environ.get("LIANBAN_SOAK", NORMAL)))
    assert told["returned"] and told["straight"] and told["moved"] and told["retracted"] and told["refused"]
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
            told.update(_move(kept, reloaded, chance))
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


def _move(kept: Drive, reloaded: Drive, chance: random.Random) -> Counter[str]:
    """One of the moves a person can ask for, on both."""
    kind = chance.choice(("return", "return", "return", "jump", "back"))
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
