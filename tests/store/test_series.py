"""Series without gaps on both databases."""

from __future__ import annotations

import threading

import pytest

from service.casework.office import Office


def test_a_series_counts_from_one_and_apart_from_others(any_office: Office) -> None:
    with any_office.transaction() as records:
        assert [records.series.next("a"), records.series.next("a"), records.series.next("b")] == [1, 2, 1]
    with any_office.transaction() as records:
        assert records.series.next("a") == 3


def test_what_is_rolled_back_is_counted_again(any_office: Office) -> None:
    with pytest.raises(RuntimeError), any_office.transaction() as records:
        assert records.series.next("a") == 1
        raise RuntimeError
    with any_office.transaction() as records:
        assert records.series.next("a") == 1


def test_who_counts_at_the_same_moment_gets_another_number(any_office: Office) -> None:
    together = threading.Barrier(6, timeout=60)
    given: list[int] = []

    def count() -> None:
        together.wait()
        for _ in range(5):
            with any_office.transaction() as records:
                number = records.series.next("a")
            given.append(number)

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 31))
