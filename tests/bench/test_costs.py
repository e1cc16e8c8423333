"""What an act may cost: counted, so that nobody adds a statement without noticing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from scripts.campaigns.bench_engine import FORM, engine_steps, stock_steps
from scripts.campaigns.diagrams import Drawing, chain_drawings, linear_drawing
from service.casework import Office, Resource, complete_task, deploy, start_case
from service.casework.actors import SYSTEM
from service.store.database import count_statements

STATEMENTS, COMMITS = 12, 1
FINISHED_BYTES = 5_000


def play(office: Office, drawings: Sequence[Drawing], cases: int = 1) -> list[tuple[int, int]]:
    """Deploy and complete everything; (statements, commits) of every completion."""
    deploy(office, SYSTEM, "bench", [Resource(name=n, content=c) for one in drawings for n, c in one.files])
    costs = []
    for _ in range(cases):
        case = start_case(office, SYSTEM, key=drawings[-1].key, variables={})
        while True:
            with office.reading() as records:
                waiting = records.tasks.open_of(case.id)
            if not waiting:
                break
            for task in waiting:
                with count_statements(office.database) as count:
                    complete_task(office, SYSTEM, task.id, variables=FORM)
                costs.append((count.statements, count.commits))
    return costs


@pytest.mark.parametrize("drawings", [[linear_drawing()], chain_drawings()], ids=["linear", "chain"])
def test_a_completion_costs_one_commit_and_at_most_twelve_statements(
    any_office: Office, drawings: list[Drawing]
) -> None:
    costs = play(any_office, drawings)
    assert len(costs) in (4, 40)
    assert {commits for _, commits in costs} == {COMMITS}
    assert max(statements for statements, _ in costs) <= STATEMENTS


def test_a_finished_linear_case_leaves_less_than_five_kilobytes(office: Office) -> None:
    play(office, [linear_drawing()])
    before = pages(office)
    play(office, [linear_drawing()], cases=100)
    assert (pages(office) - before) / 100 <= FINISHED_BYTES


def pages(office: Office) -> int:
    """Bytes of the SQLite database after VACUUM."""
    with office.database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("VACUUM")
        return int(raw.execute("PRAGMA page_count").fetchone()[0] * raw.execute("PRAGMA page_size").fetchone()[0])


@pytest.mark.slow
def test_a_step_of_the_chain_is_fifteen_times_cheaper_than_with_the_stock_serializer() -> None:
    ours, stock = engine_steps(chain_drawings(), 3), stock_steps(chain_drawings(), 1)
    assert ours.steps == 120 and stock.steps == 40
    assert stock.ms / ours.ms >= 15
