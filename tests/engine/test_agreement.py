"""What the linter accepts, the kernel builds and runs: good diagrams, the shipped ones, random ones, wounded copies."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from service.engine import Program, Resource, Run, Source, build_program, examine
from tests.engine.drive import CALENDAR, MONDAY, definitions
from tests.engine.random_processes import Author
from tests.lint.mutate import mutated
from tests.processes.library import resources
from tests.sampling import sample

ROOT = Path(__file__).resolve().parents[2]
GOOD = sorted((ROOT / "tests" / "lint" / "fixtures" / "good").glob("*.bpmn"))
CONFORMANCE = sorted(path for path in (ROOT / "tests" / "bpmn").glob("*/*.bpmn") if path.parent.name != "refused")
SHIPPED = sorted((ROOT / "processes").rglob("*.bpmn"))


@pytest.mark.parametrize("path", GOOD + SHIPPED, ids=lambda path: path.name)
def test_every_accepted_diagram_runs_from_every_start_event(path: Path) -> None:
    beside = [one for one in resources(path.stem) if one.name != path.name] if path in SHIPPED else []
    assert run_if_accepted(path.read_bytes(), beside) > 0 or path.name == "drawing_only.bpmn"


def test_random_processes_are_accepted_without_an_error() -> None:
    for seed in range(40):
        examined = examine([Resource(name="x.bpmn", content=definitions(Author(seed).text()))])
        assert examined.errors == ()


def test_wounded_copies_that_are_still_accepted_build_and_run() -> None:
    dice = random.Random(20260316)
    accepted = 0
    for _ in range(sample(400, 5)):
        path = dice.choice(GOOD if dice.random() < 0.3 else CONFORMANCE)
        content = mutated(path.read_bytes(), dice)
        try:
            accepted += run_if_accepted(content)
        except Exception as error:
            raise AssertionError(f"accepted, but {error!r}: {path.name}\n{content!r}") from error
    assert accepted > 20


def run_if_accepted(content: bytes, beside: Sequence[Resource] = ()) -> int:
    """Start every accepted process at every start event; how many there were. `beside`: what it calls and asks."""
    examined = examine([Resource(name="x.bpmn", content=content), *beside], check_calls=False)
    started = 0
    for draft in () if examined.errors else examined.drafts:
        if draft.resource != "x.bpmn":
            continue
        keys = {
            draft.key,
            *(
                key
                for key in draft.called
                if key in {other.key for other in examined.drafts if other.resource == draft.resource}
            ),
        }
        program = build_program(draft.key, {key: Source(key=key, definition_id=uuid4(), bpmn=content) for key in keys})
        for start in draft.starts:
            run = start_run(program, start.element)
            outcome = run.settle(200)
            assert outcome.ended or outcome.opened or run.offers() or run._instance.conditional
            started += 1
    return started


def start_run(program: Program, element: str) -> Run:
    """A run with a few plain variables."""
    variables = {"n": 1, "amount": 5, "approved": True, "items": [1, 2], "people": ["a", "b"]}
    return Run.start(program, case_id=uuid4(), now=MONDAY, calendar=CALENDAR, variables=variables, start=element)
