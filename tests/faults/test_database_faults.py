"""What people and programs are told while the database is full, read-only or away, and that nothing they were told is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text

from service.casework import Office
from service.rules.refusals import Unavailable
from service.web.app import create_app
from tests.conftest import Clock, make_office
from tests.web.pages.conftest import Visitor
from tests.web.pages.conftest import text as words
from tests.web.rest import LINEAR, Client, hire


def door(office: Office) -> Client:
    """Programs' door, with something deployed."""
    hire(office, "engine", ["service"])
    rest = Client(create_app(office), "/engine-rest", "engine")
    rest.deploy(LINEAR)
    return rest


@contextmanager
def at_every_begin(office: Office, statement: str) -> Iterator[None]:
    """SQLite is told something at the beginning of each transaction."""

    def tell(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.execute(statement)

    event.listen(office.database.engine, "begin", tell)
    try:
        yield
    finally:
        event.remove(office.database.engine, "begin", tell)


def start(rest: Client, note: str = "") -> Any:
    return rest.post("/process-definition/key/p/start", {"variables": {"note": {"value": note, "type": "String"}}})


def cases(rest: Client) -> set[str]:
    return {one["id"] for one in rest.get("/process-instance").json}


def administered(url: str, *statements: str) -> None:
    """Said to the database by somebody else, outside of any transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_full_disk_is_told_loses_nothing_and_is_over_when_there_is_room_again(office: Office) -> None:
    rest = door(office)
    kept = {start(rest).json["id"]}
    with office.database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with at_every_begin(office, f"PRAGMA max_page_count={pages}"):
        for _ in range(100):
            answer = start(rest, "x" * 3000)
            if answer.status_code != 200:
                break
            kept.add(answer.json["id"])
        assert (answer.status_code, answer.json["reason"]) == (503, "DATABASE_FULL")
        assert answer.headers["Retry-After"] == "5"
        assert "已保存的内容不受影响" in answer.json["message"]
        assert cases(rest) == kept  # looking goes on
    with at_every_begin(office, "PRAGMA max_page_count=1073741823"):
        kept.add(start(rest, "x" * 3000).json["id"])
        assert cases(rest) == kept


@pytest.mark.parametrize(
    ("state", "code"), [("disk_full", "DATABASE_FULL"), ("read_only_sql_transaction", "DATABASE_READ_ONLY")]
)
def test_a_server_that_cannot_write_is_told_and_looking_goes_on(
    state: str, code: str, postgres_url: str, tmp_path: Path, clock: Clock
) -> None:
    office = make_office(postgres_url, tmp_path, clock)
    rest = door(office)
    kept = {start(rest).json["id"]}
    refuse = f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no' USING ERRCODE = '{state}'; END $$"
    administered(postgres_url, refuse, "CREATE TRIGGER refuse BEFORE INSERT ON cases EXECUTE FUNCTION refuse()")
    answer = start(rest)
    assert (answer.status_code, answer.json["reason"]) == (503, code)
    assert cases(rest) == kept
    administered(postgres_url, "DROP TRIGGER refuse ON cases", "DROP FUNCTION refuse")
    kept.add(start(rest).json["id"])
    assert cases(rest) == kept
    office.close()


def test_a_read_only_file_can_be_looked_at_and_says_so(office: Office, sqlite_url: str, tmp_path: Path, clock: Clock) -> None:  # fmt: skip
    kept = start(door(office)).json["id"]
    path = sqlite_url.removeprefix("sqlite:///")
    frozen = make_office(f"sqlite:///file:{path}?mode=ro&uri=true", tmp_path, clock)
    rest = Client(create_app(frozen), "/engine-rest", "engine")
    answer = start(rest)
    assert (answer.status_code, answer.json["reason"]) == (503, "DATABASE_READ_ONLY")
    assert "只能查看" in answer.json["message"]
    assert cases(rest) == {kept}
    frozen.close()


def test_connections_the_server_has_cut_are_told_once_and_made_anew(postgres_url: str, tmp_path: Path, clock: Clock) -> None:  # fmt: skip
    office = make_office(postgres_url, tmp_path, clock)
    rest = door(office)
    kept = {start(rest).json["id"]}
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for act in (lambda: start(rest), lambda: rest.get("/process-instance")):
        administered(postgres_url, cut)
        answer = act()
        assert (answer.status_code, answer.json["reason"]) == (503, "DATABASE_UNREACHABLE")
        assert cases(rest) == kept
        kept.add(start(rest).json["id"])
    office.close()


def test_a_server_that_dies_in_the_middle_of_a_transaction_is_told_in_words(
    postgres_url: str, tmp_path: Path, clock: Clock
) -> None:
    office = make_office(postgres_url, tmp_path, clock)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with office.reading() as records:
        records.execute(text("SELECT 1"))
        administered(postgres_url, cut)  # nothing more is asked: what was read is good
    with pytest.raises(Unavailable) as refusal, office.transaction() as records:
        records.settings.put("a", 1)
        records.execute(text("SELECT 1"))
        administered(postgres_url, cut)
        records.execute(text("SELECT 1"))
    assert refusal.value.code == "DATABASE_UNREACHABLE"
    with office.reading() as records:
        assert records.settings.get("a") is None
    office.close()


def test_a_person_sees_a_page_with_words_while_the_database_is_away(
    demo_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(create_app(demo_office)).sign_in("wangfang")
    away = make_office("postgresql+psycopg://nobody@127.0.0.1:1/none", demo_office.settings.data_dir, demo_office.clock)
    monkeypatch.setattr(demo_office, "database", away.database)
    looked = visitor.get("/inbox")
    assert looked.status_code == 503 and looked.headers["Retry-After"] == "5"
    assert "数据库暂时无法访问" in words(looked) and "再试一次" in words(looked)
    (style,) = re.findall(r'href="(/static/dist/page[^"]*)"', looked.get_data(as_text=True))
    with visitor.get(style) as built:
        assert built.status_code in (200, 404)  # 404: nothing has been built here; the database is not asked
    sent = visitor.post("/inbox/filters", {"name": "今天", "view": "all"})
    assert sent.status_code == 503 and "刚才提交的内容可能没有保存" in words(sent)
    monkeypatch.undo()
    assert visitor.get("/inbox").status_code == 200
    away.close()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("RAISE 'x' USING ERRCODE = '53300'", "DATABASE_UNREACHABLE"),  # too many connections
        ("RAISE 'x' USING ERRCODE = '58030'", "DATABASE_UNREACHABLE"),  # I/O error
        ("RAISE 'x' USING ERRCODE = '57P01'", "DATABASE_UNREACHABLE"),  # being shut down
        ("RAISE 'x' USING ERRCODE = '40001'", "DATABASE_BUSY"),
        ("RAISE 'not during recovery' USING ERRCODE = '0A000'", "DATABASE_READ_ONLY"),  # a standby
    ],
)
def test_every_trouble_of_the_server_has_its_words(
    statement: str, code: str, postgres_url: str, tmp_path: Path, clock: Clock
) -> None:
    office = make_office(postgres_url, tmp_path, clock)
    with pytest.raises(Unavailable) as refusal, office.transaction() as records:
        records.execute(text(f"DO $$ BEGIN {statement}; END $$"))
    assert refusal.value.code == code
    office.close()
