"""A server that cuts the connection at any statement of an act: the act is whole or not there, and whoever asked is told the truth."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, text

from service.casework import Office
from service.web.app import create_app
from tests.conftest import Clock, make_office
from tests.web.rest import LINEAR, Client, hire

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@contextmanager
def cut_at(office: Office, number: int) -> Iterator[list[str]]:
    """All connections are cut before the statement of this number is sent; the statements there were."""
    seen: list[str] = []
    beside = create_engine(office.settings.database_url, isolation_level="AUTOCOMMIT")
    mine = threading.get_ident()

    def count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if threading.get_ident() == mine:
            seen.append(statement)
            if len(seen) == number:
                with beside.connect() as connection:
                    connection.execute(text(CUT))

    event.listen(office.database.engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(office.database.engine, "before_cursor_execute", count)
        beside.dispose()


def test_a_keyed_completion_is_told_truly_wherever_the_connection_is_cut(
    postgres_url: str, tmp_path: Path, clock: Clock
) -> None:
    office = make_office(postgres_url, tmp_path, clock)
    hire(office, "engine", ["service"])
    rest = Client(create_app(office), "/engine-rest", "engine")
    rest.deploy(LINEAR)
    told = set()
    for number in range(1, 100):
        case = rest.start()
        [task] = rest.get(f"/task?processInstanceId={case}").json
        path, key = f"/task/{task['id']}/complete", {"Idempotency-Key": f"k{number}"}
        with cut_at(office, number) as seen:
            answer = rest.post(path, {}, headers=key)
        done = {one["id"] for one in rest.get(f"/task?processInstanceId={case}").json} != {task["id"]}
        assert (answer.status_code, done) in {(204, True), (503, False)}, (number, seen[number - 1 :], answer.text)
        again = rest.post(path, {}, headers=key)
        unanswered = again.status_code == 409 and again.json["reason"] == "IDEMPOTENCY_UNANSWERED"
        assert again.status_code == 204 or (done and unanswered), (number, again.text)
        told.add((answer.status_code, again.status_code))
        if number > len(seen):
            break
    assert told == {(503, 204), (204, 409), (204, 204)}
    office.close()
