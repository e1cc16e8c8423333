"""Wounded decision tables that the linter still accepts: they decide, or say in a sentence why not."""

from __future__ import annotations

import random
from pathlib import Path

from service.engine import DecisionFailure, Resource, decision_cards, evaluate_decision, examine
from tests.engine.drive import MONDAY
from tests.lint.mutate import mutated
from tests.sampling import sample

TABLES = sorted((Path(__file__).parents[1] / "bpmn").glob("*/*.dmn"))


def test_wounded_decision_tables_decide_or_say_why_not() -> None:
    dice = random.Random(20260317)
    decided = 0
    for _ in range(sample(400, 5)):
        path = dice.choice(TABLES)
        content = mutated(path.read_bytes(), dice)
        if examine([Resource(name="d.dmn", content=content)]).errors:
            continue
        for card in decision_cards(content):
            variables = {"n": dice.choice((0, 3, 9, 20)), "month": 1, "guests": 9, "factor": 3, "item": 4}
            try:
                evaluate_decision(content, card.key, variables, now=MONDAY)
                decided += 1
            except DecisionFailure:
                continue
            except Exception as error:
                raise AssertionError(f"accepted, but {error!r}: {path.name}\n{content!r}") from error
    assert decided > 20
