"""Transactions: what is kept, what is rolled back, who waits for whom, and what errors mean."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from service.casework.office import Office
from service.rules.refusals import Invalid, Unavailable
from service.store import database as module
from service.store.database import Database, Duplicate, count_statements
from tests.conftest import DURABLE


@pytest.fixture
def connect() -> Iterator[Callable[[str], Database]]:
    opened: list[Database] = []

    def connect(url: str) -> Database:
        opened.append(Database(url))
        return opened[-1]

    yield connect
    for database in opened:
        database.close()


def test_a_raise_rolls_everything_back(any_office: Office) -> None:
    with pytest.raises(RuntimeError), any_office.transaction() as records:
        records.settings.put("a", 1)
        raise RuntimeError
    with any_office.reading() as records:
        assert records.settings.get("a") is None


def test_what_is_committed_stays_and_what_is_read_is_never_committed(any_office: Office) -> None:
    with any_office.transaction() as records:
        records.settings.put("a", {"deep": [1, "二"]})
        records.settings.put("a", {"deep": [2, "二"]})
    with any_office.reading() as records:
        assert records.settings.get("a") == {"deep": [2, "二"]}


def test_a_reading_transaction_keeps_no_change(office: Office) -> None:
    with office.reading() as records:
        records.settings.put("a", 1)
    with office.reading() as records:
        assert records.settings.get("a") is None


def test_the_same_key_twice_is_a_duplicate(any_office: Office) -> None:
    with any_office.transaction() as records:
        records.idempotency.store("engine", "k", "d", 200, "{}")
    with pytest.raises(Duplicate) as refusal, any_office.transaction() as records:
        records.settings.put("a", 1)
        records.idempotency.store("engine", "k", "d", 200, "{}")
    assert refusal.value.code == "ALREADY_EXISTS"
    with any_office.reading() as records:
        assert records.settings.get("a") is None
        answer = records.idempotency.find("engine", "k")
        assert answer is not None and answer.status == 200
        assert records.idempotency.find("other", "k") is None


def test_the_instant_of_a_transaction_stands_still(any_office: Office, clock: object) -> None:
    with any_office.reading() as records:
        before = records.now
        clock.advance(hours=1)  # type: ignore[attr-defined]
        assert records.now == before
    with any_office.reading() as records:
        assert (records.now - before).total_seconds() == 3600


def test_many_writers_lose_nothing(any_office: Office) -> None:
    with any_office.transaction() as records:
        records.settings.put("n", 0)

    def increment() -> None:
        for _ in range(10):
            with any_office.transaction() as records:
                if records.dialect == "postgresql":
                    records.execute(text("SELECT 1 FROM setting WHERE name = 'n' FOR UPDATE"))
                records.settings.put("n", records.settings.get("n") + 1)

    threads = [threading.Thread(target=increment) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_office.reading() as records:
        assert records.settings.get("n") == 60


def test_a_writer_of_another_process_that_never_ends_makes_us_unavailable(
    connect: Callable[[str], Database], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.2)
    mine, theirs = connect(sqlite_url), connect(sqlite_url)
    with theirs.writing(), pytest.raises(Unavailable) as refusal, mine.writing():
        pass
    assert refusal.value.code == "DATABASE_BUSY"
    with mine.writing() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_a_reader_is_not_stopped_by_a_writer(connect: Callable[[str], Database], sqlite_url: str) -> None:
    database = connect(sqlite_url)
    with database.writing() as writer:
        writer.execute(text("INSERT INTO setting (name, value) VALUES ('a', '1')"))
        with database.reading() as reader:
            assert reader.execute(text("SELECT count(*) FROM setting WHERE name = 'a'")).scalar() == 0


def test_a_deadlock_is_worth_another_attempt(connect: Callable[[str], Database], postgres_url: str) -> None:
    database = connect(postgres_url)
    with database.writing() as connection:
        connection.execute(text("INSERT INTO setting (name, value) VALUES ('a', '1'), ('b', '1')"))
    refusals: list[str] = []
    both = threading.Barrier(2, timeout=60)

    def lock(first: str, second: str) -> None:
        try:
            with database.writing() as connection:
                connection.execute(text("SELECT 1 FROM setting WHERE name = :n FOR UPDATE"), {"n": first})
                both.wait()
                connection.execute(text("SELECT 1 FROM setting WHERE name = :n FOR UPDATE"), {"n": second})
        except Unavailable as refusal:
            refusals.append(refusal.code)

    threads = [threading.Thread(target=lock, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals == ["DATABASE_BUSY"]


def test_a_value_that_cannot_be_kept_is_refused(connect: Callable[[str], Database], postgres_url: str) -> None:
    database = connect(postgres_url)
    for value in ("x" * 61, "nul\x00"):
        with pytest.raises(Invalid) as refusal, database.writing() as connection:
            connection.execute(text("INSERT INTO setting (name, value) VALUES (:n, '1')"), {"n": value})
        assert refusal.value.code == "VALUE_NOT_STORABLE"


def test_attempt_tries_again_when_busy_and_only_then(office: Office) -> None:
    calls: list[float] = []

    def busy_twice() -> str:
        calls.append(time.monotonic())
        if len(calls) < 3:
            raise Unavailable("DATABASE_BUSY", "系统正忙，请稍后再试。")
        return "done"

    def unreachable() -> None:
        calls.append(0)
        raise Unavailable("DATABASE_UNREACHABLE", "数据库暂时无法访问，请稍后再试。")

    assert office.attempt(busy_twice) == "done" and len(calls) == 3
    with pytest.raises(Unavailable):
        office.attempt(unreachable)
    assert len(calls) == 4


def test_statements_and_commits_are_counted(any_office: Office) -> None:
    with count_statements(any_office.database) as count:
        with any_office.transaction() as records:
            records.settings.get("a")
            records.settings.put("a", 1)
        with any_office.reading() as records:
            records.settings.get("a")
    assert (count.statements, count.commits) == (3, 1)


def test_sqlite_keeps_what_it_acknowledged(
    connect: Callable[[str], Database], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SQLITE", DURABLE)
    with connect(sqlite_url).reading() as connection:
        pragma = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
        assert pragma == {"journal_mode": "wal", "synchronous": 2}
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_database_that_is_not_there_is_unavailable(connect: Callable[[str], Database]) -> None:
    database = connect("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable) as refusal, database.reading():
        pass
    assert refusal.value.code == "DATABASE_UNREACHABLE"


def test_a_server_that_was_restarted_is_unavailable_once(connect: Callable[[str], Database], postgres_url: str) -> None:
    mine, theirs = connect(postgres_url), connect(postgres_url)
    with mine.reading() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar()
    with theirs.writing() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
    with pytest.raises(Unavailable) as refusal, mine.writing() as connection:
        connection.execute(text("SELECT 1"))
    assert refusal.value.code == "DATABASE_UNREACHABLE"
    with mine.writing() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
