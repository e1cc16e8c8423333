"""Writes that wait: in which order they reach the database, what happens when one of them fails, and when they are lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import bindparam, delete, insert, select, text, update

from service.casework.office import Office
from service.rules.refusals import Invalid, Unavailable
from service.store.database import Database, Duplicate, count_statements
from service.store.records import Records
from service.store.schema import activity, idempotency, incident, number_series
from service.store.tasks import _taken
from tests.conftest import Clock, make_office

PUT = insert(number_series)
CHANGE = (
    update(number_series)
    .where(number_series.c.name == bindparam("key"))
    .values(last=bindparam("new", type_=number_series.c.last.type))
)
ALL = select(number_series).order_by(number_series.c.name)
DROP = delete(number_series).where(number_series.c.name == bindparam("key")).returning(number_series.c.name)
HOLD = select(number_series).where(number_series.c.name == bindparam("key")).with_for_update()
NOW = datetime(2026, 3, 16, 1, 0, 0, 123456, tzinfo=UTC)


def put(records: Records, *names: str) -> None:
    """Series that stand at 1."""
    records.send(PUT, [{"name": name, "last": 1} for name in names])


def names(office: Office) -> list[str]:
    """What is stored."""
    with office.reading() as records:
        return [row["name"] for row in records.read(ALL)]


@pytest.fixture
def postgres_office(postgres_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office on PostgreSQL with a single connection."""
    office = make_office(postgres_url, tmp_path, clock, threads=1)
    yield office
    office.close()


@pytest.fixture
def other_office(any_office: Office) -> Iterator[Office]:
    """Another office on the same database."""
    office = Office(database=Database(any_office.database.url), settings=any_office.settings)
    yield office
    office.close()


def test_a_write_that_fails_takes_the_whole_act_with_it(any_office: Office) -> None:
    with any_office.transaction() as records:
        put(records, "a")
    with pytest.raises(Duplicate), any_office.transaction() as records:
        put(records, "b")
        put(records, "a")
        put(records, "c")
    assert names(any_office) == ["a"]


def test_a_write_that_waits_is_refused_at_the_next_question_at_the_latest(any_office: Office) -> None:
    for ask in (lambda records: records.read(ALL), lambda records: records.execute(ALL)):
        with pytest.raises(Duplicate), any_office.transaction() as records:
            put(records, "a", "a")
            ask(records)
    assert names(any_office) == []


def test_a_raise_forgets_what_waits(any_office: Office) -> None:
    with pytest.raises(RuntimeError), any_office.transaction() as records:
        put(records, "a")
        raise RuntimeError
    assert names(any_office) == []


def test_what_was_written_is_seen_whichever_way_one_asks(any_office: Office) -> None:
    with any_office.transaction() as records:
        put(records, "a", "b")
        assert [row["name"] for row in records.read(ALL)] == ["a", "b"]
        records.send(CHANGE, [{"key": "a", "new": 2}])
        assert [row.last for row in records.execute(ALL)] == [2, 1]
        assert [row["name"] for row in records.read(DROP, {"key": "b"}, {"key": "x"}, {"key": "a"})] == ["b", "a"]
        put(records, "c")
    assert names(any_office) == ["c"]


def test_every_kind_of_value_comes_back_as_it_went(any_office: Office) -> None:
    ids, row = uuid4(), {"id": uuid4(), "case_id": uuid4(), "definition_id": uuid4(), "scope_id": None, "element": "受理",
                         "kind": "startEvent", "started_at": NOW, "ended_at": None, "outcome": None}  # fmt: skip
    answer = {"actor": "引擎", "key": "k", "request": "d", "status": -201, "body": "{}", "stored_at": NOW}
    trouble: dict[str, Any] = {"id": ids, "case_id": None, "definition_id": None, "kind": "k", "element": None,
                               "token_id": ids, "message": "", "opened_at": NOW, "closed_at": NOW}  # fmt: skip
    for table, values in ((activity, row), (idempotency, answer), (incident, trouble)):
        with any_office.transaction() as records:
            records.send(insert(table), [values])
        with any_office.reading() as records:
            assert records.read(select(table)) == [values]
            assert [dict(found._mapping) for found in records.execute(select(table))] == [values]


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["x" * 61, "nul\x00"], ids=["long", "zero"])
def test_a_value_that_cannot_be_kept_is_refused_however_it_is_sent(postgres_office: Office, name: str) -> None:
    with pytest.raises(Invalid) as refusal, postgres_office.transaction() as records:
        put(records, name)
    assert refusal.value.code == "VALUE_NOT_STORABLE"


def test_a_naive_instant_is_a_fault(any_office: Office) -> None:
    with pytest.raises(ValueError, match="aware"), any_office.transaction() as records:
        records.send(insert(idempotency), [{"actor": "a", "key": "k", "request": "d", "status": 1, "body": "",
                                            "stored_at": NOW.replace(tzinfo=None)}])  # fmt: skip


def test_who_waited_for_a_lock_reads_what_its_holder_has_left(any_office: Office, other_office: Office) -> None:
    """Lock and question go together, but the question must not be answered as of before the lock was had."""
    with any_office.transaction() as records:
        put(records, "lock", "a")
    locked, told = threading.Event(), []

    def second() -> None:
        locked.wait(10)
        with other_office.transaction() as records:
            _, rows = records.read_together((HOLD, [{"key": "lock"}]), (ALL, [{}]))
            told.extend(row["name"] for row in rows)

    thread = threading.Thread(target=second)
    thread.start()
    with any_office.transaction() as records:
        records.read(HOLD, {"key": "lock"})
        locked.set()
        thread.join(0.5)  # until it stands in the queue
        assert thread.is_alive()
        put(records, "b")
    thread.join(10)
    assert told == ["a", "b", "lock"]


def test_statements_that_wait_are_counted_with_their_commit(any_office: Office) -> None:
    with count_statements(any_office.database) as count, any_office.transaction() as records:
        put(records, "a", "b", "c")
        put(records, "d")
        records.read_together((ALL, [{}]), (HOLD, [{"key": "a"}]))
    assert (count.statements, count.commits) == (4, 1)


# -- PostgreSQL: the statements a connection has prepared


def backend(records: Records) -> int:
    """Process of the server at the other end."""
    return int(records.execute(text("SELECT pg_backend_pid()")).scalar_one())


@pytest.mark.postgres
def test_a_refused_act_costs_no_prepared_statement(postgres_office: Office) -> None:
    def prepared() -> set[tuple[str, Any]]:
        with postgres_office.reading() as records:
            return {
                tuple(row) for row in records.execute(text("SELECT name, prepare_time FROM pg_prepared_statements"))
            }

    with postgres_office.transaction() as records:
        put(records, "a")
    before = prepared()
    for _ in range(3):
        with pytest.raises(Duplicate), postgres_office.transaction() as records:
            put(records, "a")
    assert before <= prepared()
    with postgres_office.transaction() as records:
        put(records, "b")
    assert names(postgres_office) == ["a", "b"]


@pytest.mark.postgres
def test_statements_somebody_has_dropped_are_prepared_again_at_the_next_attempt(postgres_office: Office) -> None:
    backends = []

    def act() -> None:
        with postgres_office.transaction() as records:
            if not backends:
                records.execute(text("DEALLOCATE ALL"))
            backends.append(backend(records))
            put(records, "a")

    with postgres_office.transaction() as records:
        put(records, "before")
    postgres_office.attempt(act)
    assert len(backends) == 2 and len(set(backends)) == 1
    assert names(postgres_office) == ["a", "before"]


@pytest.mark.postgres
def test_a_connection_lost_before_the_commit_is_unavailable_once(postgres_office: Office, postgres_url: str) -> None:
    with pytest.raises(Unavailable) as refusal, postgres_office.transaction() as records:
        gone = backend(records)
        put(records, "a")
        other = Database(postgres_url)
        with other.writing() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": gone})
        other.close()
    assert refusal.value.code == "DATABASE_UNREACHABLE"
    assert names(postgres_office) == []
    with postgres_office.transaction() as records:
        put(records, "a")
    assert names(postgres_office) == ["a"]


@pytest.mark.postgres
@pytest.mark.parametrize("interruption", [TypeError, KeyboardInterrupt])
def test_a_connection_interrupted_between_question_and_answer_is_given_up(
    postgres_office: Office, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    """Else the answer would be taken for that of the next question."""

    def interrupted(_pgconn: object) -> None:
        raise interruption

    with pytest.raises(interruption), postgres_office.transaction() as records:
        gone = backend(records)
        put(records, "a")
        with monkeypatch.context() as patch:
            patch.setattr("service.store.pipeline._collect", interrupted)
            records.flush()
    with postgres_office.transaction() as records:
        assert backend(records) != gone
        put(records, "b")
    assert names(postgres_office) == ["b"]


@pytest.mark.postgres
def test_a_reading_transaction_writes_nothing(postgres_office: Office) -> None:
    with pytest.raises(Unavailable, match="DATABASE_READ_ONLY"), postgres_office.reading() as records:
        put(records, "a")
    assert names(postgres_office) == []


@pytest.mark.postgres
def test_a_reading_transaction_sees_one_state_of_the_database(postgres_office: Office) -> None:
    """Else a list and its count, or a state and its open tasks, would be of two moments."""
    with postgres_office.reading() as records:
        before = records.execute(ALL).all()
        writer = threading.Thread(target=_write, args=(postgres_office, "a"))
        writer.start()
        writer.join(30)
        assert not writer.is_alive() and records.execute(ALL).all() == before == []
    assert names(postgres_office) == ["a"]


def _write(office: Office, name: str) -> None:
    with office.transaction() as records:
        put(records, name)


@pytest.mark.postgres
def test_an_act_whose_failure_was_hidden_is_not_acknowledged(postgres_office: Office) -> None:
    """The server answers COMMIT with ROLLBACK then; nobody may take that for a commit."""
    with pytest.raises(RuntimeError, match="ROLLBACK"), postgres_office.transaction() as records:
        put(records, "a")
        with pytest.raises(Exception, match="division"):
            records.execute(text("SELECT 1/0"))
    assert names(postgres_office) == []


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_no_parameter_of_the_hot_read_meets_the_condition_of_a_partial_index(dialect: str) -> None:
    """SQLite would prepare it anew at every completion, which costs more than everything else it asks."""
    sql = " ".join(str(_taken(dialect)).split())
    assert "task.outcome = 'COMPLETED'" in sql and "task.outcome = :" not in sql
