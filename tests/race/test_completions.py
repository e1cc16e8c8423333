"""Simultaneous completions over HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.campaigns.databases import database
from scripts.campaigns.race import duel, join_siblings
from scripts.campaigns.served import Served

pytestmark = pytest.mark.slow
PAIRS = 50


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real service on a database of the kind."""
    folder = tmp_path_factory.mktemp("race")
    with database(request.param, folder) as url, Served(folder / "data", database_url=url) as served:
        yield served


def test_exactly_one_of_two_rivals_completes_a_task_and_the_other_is_told_who(served: Served) -> None:
    duels = duel(served.port, PAIRS)
    assert [one.statuses for one in duels] == [[204, 409]] * PAIRS
    assert all(one.winner_named for one in duels), duels[0].answers


def test_parallel_siblings_all_succeed_and_the_join_fires_once(served: Served) -> None:
    joins = join_siblings(served.port, 10, width=6)
    assert [one.statuses for one in joins] == [[204] * 6] * 10
    assert [(one.open_after, one.joins) for one in joins] == [(["after"], 1)] * 10
