"""The second arithmetic agrees with every dated table it is written from."""

from __future__ import annotations

import ast
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from scripts.campaigns.quarter_law import (
    CHINA,
    Calendar,
    Limit,
    Pause,
    ends,
    notice_at,
    stage_rungs,
    warns,
)

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "rules" / "vectors.json").read_text(encoding="utf-8")
)
CALENDAR = Calendar()


def vectors(name: str) -> Any:
    return pytest.mark.parametrize("vector", VECTORS[name], ids=lambda one: str(one.get("id", "")))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def day(text: str) -> date:
    return date.fromisoformat(text)


def limit(start: str, n: int, unit: str = "WORKDAY", **more: Any) -> Limit:
    started = datetime.combine(day(start), time(), CHINA) if len(start) == 10 else instant(start)
    return Limit(started=started, amount=n, unit=unit, **more)


@vectors("add_wd")
def test_working_days_are_added(vector: dict[str, Any]) -> None:
    assert CALENDAR.after(day(vector["start"]), vector["n"]) == day(vector["due"])


@vectors("wd_between")
def test_working_days_are_counted(vector: dict[str, Any]) -> None:
    assert CALENDAR.between(day(vector["a"]), day(vector["b"])) == vector["n"]


@vectors("suspension")
def test_pauses_move_the_end(vector: dict[str, Any]) -> None:
    pauses = tuple(Pause(kind="X", after=day(a), through=day(b)) for a, b in vector["suspensions"])
    end = ends(CALENDAR, limit(vector["start"], vector["n"], pauses=pauses))
    assert end is not None and end.date() == day(vector["due"])


@vectors("extension")
def test_extensions_move_the_end(vector: dict[str, Any]) -> None:
    end = ends(CALENDAR, limit(vector["start"], vector["n"], more=vector["ext"]))
    assert end is not None and end.date() == day(vector["due"])


@vectors("effective_due")
def test_the_statute_counts_calendar_days(vector: dict[str, Any]) -> None:
    start = vector["received"] if vector["stat_start"] == "RECEIPT" else vector["accepted"]
    end = ends(CALENDAR, limit(start, vector["stat_days"], "CALENDAR"))
    assert end is not None and end.date() == day(vector["stat_due"])


@vectors("escalation")
def test_the_ladder_has_its_instants(vector: dict[str, Any]) -> None:
    found = dict(stage_rungs(CALENDAR, limit(vector["start"], vector["halfdays"], "HALFDAY")))
    for rung in ("L1", "L2", "L3", "L4", "L5"):
        assert found.get(rung) == (instant(vector[rung]) if vector[rung] else None)


@vectors("stage_slots")
def test_stages_end_with_their_half_days(vector: dict[str, Any]) -> None:
    total = 0
    for stage, due in zip(vector["stages"], vector["stage_due"], strict=True):
        total += stage
        if stage:
            assert ends(CALENDAR, limit(vector["start"], total, "HALFDAY")) == instant(due)


@vectors("tacit_decision")
def test_silence_is_notified_on_the_second_working_day(vector: dict[str, Any]) -> None:
    due = datetime.combine(day(vector["due"]), time(17), CHINA)
    assert notice_at(CALENDAR, due) == instant(vector["notice_at"])


@pytest.mark.parametrize("n, yellow", [(1, "17"), (2, "17"), (3, "18"), (5, "20"), (6, "20"), (7, "23"), (10, "26")])
def test_lights_turn_yellow_a_fifth_before(n: int, yellow: str) -> None:
    one = limit("2026-03-16", n)
    due = ends(CALENDAR, one)
    assert due is not None and warns(CALENDAR, one, due) == instant(f"2026-03-{yellow}T09:00:00")


def test_a_closed_half_day_moves_half_days_and_no_days() -> None:
    closed = Calendar(closed={(day("2026-03-17"), 1)})
    assert ends(closed, limit("2026-03-16T15:00:00", 2, "HALFDAY")) == instant("2026-03-18T12:00:00")
    end = ends(closed, limit("2026-03-16", 1))
    assert end == instant("2026-03-17T17:00:00")


SECOND = ("law", "file", "chains", "expected", "starts", "truth", "cards", "diagrams", "world")


@pytest.mark.parametrize("module", SECOND)
def test_the_second_count_has_nothing_of_the_first(module: str) -> None:
    text = (Path(__file__).parents[2] / "scripts" / "campaigns" / f"quarter_{module}.py").read_text(encoding="utf-8")
    imported = [
        name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    ]
    assert imported and not [name for name in imported if name.split(".")[0] == "service"]
