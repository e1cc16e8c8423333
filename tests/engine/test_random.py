"""Random processes, random acts: never saved ≡ saved and reloaded after every step; open rows ≡ open tokens; nothing left behind.

`LIANBAN_SOAK=2000` plays that many; `soak(n, first)` can be called by a campaign.
"""

from __future__ import annotations

import random
from collections import Counter

from SpiffWorkflow.util.task import TaskState as S

from service.engine import WaitKind
from tests.engine.drive import Drive, program_of
from tests.engine.random_processes import Author
from tests.sampling import sample

NORMAL = 220
ACTS = 60
STARTED = (
    *("userTask", "manualTask", "serviceTask", "receiveTask"),
    *("intermediateTimer", "intermediateMessageCatch", "intermediateSignalCatch"),
)
TASKS = (WaitKind.USER_TASK, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)


def test_random_processes_run_the_same_in_memory_and_reloaded_after_every_step() -> None:
    told = soak(sample(NORMAL))
    assert told["cases"] >= 200 and told["completed"] > told["cases"] * 0.5
    assert told["incident"] + told["completed"] == told["cases"]


def soak(count: int, first: int = 0) -> Counter[str]:
    """Play `count` processes from seed `first` on. Raises AssertionError naming the seed."""
    told: Counter[str] = Counter()
    for seed in range(first, first + count):
        try:
            told.update(play(seed))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
    return told


def play(seed: int) -> Counter[str]:
    """One process, the same acts on both."""
    program = program_of(Author(seed).text())
    kept, reloaded = Drive(program), Drive(program, reload=True)
    chance = random.Random(seed)
    told: Counter[str] = Counter(cases=1)
    for number in range(1000):
        waits = _sorted(kept)
        twins = _sorted(reloaded)
        assert [(w.element, w.kind, w.due) for w in waits] == [(w.element, w.kind, w.due) for w in twins]
        assert _engine_tokens(kept) == len(waits)
        if _begin(kept, reloaded, chance, last=number >= ACTS):
            continue
        choices = [
            n for n, w in enumerate(waits) if w.kind in TASKS or number < ACTS and w.kind is not WaitKind.INCIDENT
        ]
        if not choices:
            choices = [
                n
                for n, w in enumerate(waits)
                if w.kind is not WaitKind.INCIDENT and w.host is None and "tart" not in w.activity_type
            ]
        if not choices and kept.run.offers():
            _begin(kept, reloaded, chance, last=True)
            continue
        if kept.ended or not choices:
            break
        pick = chance.choice(choices)
        error = waits[pick].kind in TASKS and number < ACTS and chance.random() < 0.08
        for drive, wait in ((kept, waits[pick]), (reloaded, twins[pick])):
            _act(drive, wait, error, number)
        told["acts"] += 1
    else:
        raise AssertionError("never comes to an end")
    assert kept.trace == reloaded.trace and kept.thrown == reloaded.thrown and kept.ended == reloaded.ended
    assert kept.variables() == reloaded.variables() and kept.steps == reloaded.steps
    done = Counter(line.partition("/")[2] for line in kept.trace if line.startswith("completed "))
    assert all(done[name] <= done[name.removeprefix("undo_")] for name in done if name.startswith("undo_"))
    told["steps"], told["undone"] = kept.steps, sum(n for name, n in done.items() if name.startswith("undo_"))
    told["events"] = sum(n for name, n in done.items() if name.startswith("ev"))
    instance = kept.run._instance
    if kept.ended:
        assert not instance.index and not instance.subprocesses and not kept.rows
        assert {name: value for (scope, name), value in kept.table.items() if scope is None} == kept.variables()
        told["completed"] = 1
    else:
        assert kept.incidents(), "nobody waits and the case has not ended"
        told["incident"] = 1
    return told


def _begin(kept: Drive, reloaded: Drive, chance: random.Random, last: bool) -> bool:
    """Perhaps something is begun or ended in an ad-hoc block, or the variable of all conditions changes."""
    offers, twins = kept.run.offers(), reloaded.run.offers()
    assert [(o.element, o.activities) for o in offers] == [(o.element, o.activities) for o in twins]
    pick = chance.random()
    if offers and (last or pick < 0.3):
        number = chance.randrange(len(offers))
        name = chance.choice(offers[number].activities) if offers[number].activities and not last else None
        for drive, offer in ((kept, offers[number]), (reloaded, twins[number])):
            if name is not None and pick < 0.25:
                drive.run.activate(offer.host, name)
            else:
                drive.run.finish(offer.host)
            drive.settle()
        return True
    if not last and pick > 0.93 and not kept.ended:
        for drive in (kept, reloaded):
            drive.run.set_variables({"c": int(pick > 0.96)})
            drive.settle()
        return True
    return False


def _sorted(drive: Drive) -> list:
    return list(drive.run.waits().values())


def _engine_tokens(drive: Drive) -> int:
    """Waiting tokens counted without the kernel's own list of wait points."""
    found = 0
    for token in drive.run._instance.index.values():
        element = token.task_spec
        if token._state == S.ERROR:
            found += 1
        elif element.activity_type in STARTED:
            found += token._state == S.STARTED
        elif element.guards:
            found += token._state == S.WAITING and element.kind in ("timer", "message", "signal")
        elif element.activity_type in ("boundaryTimer", "boundaryMessage", "boundarySignal"):
            found += token._state == S.WAITING
    return found


def _act(drive: Drive, wait: object, error: bool, number: int) -> None:
    kind = wait.kind  # type: ignore[attr-defined]
    id = wait.id  # type: ignore[attr-defined]
    if error:
        drive.run.throw_error(id, "e1")
    elif kind is WaitKind.USER_TASK:
        drive.run.complete_task(id, {"last": number}, answers={"n": number})
    elif kind in TASKS:
        drive.run.complete_external(id, {"last": number})
    elif kind is WaitKind.TIMER:
        drive.run.fire(id)
    else:
        drive.run.deliver(id, {"heard": number})
    drive.settle()
