"""Sessions the server keeps: they end idle, with age, by their owner, by the security administrator, and with the stamp."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from service.casework.actors import NOWHERE, Actor, Origin
from service.casework.demo import load_demo_city
from service.casework.identity.sessions import (
    begin_session,
    end_other_sessions,
    end_own_session,
    end_session_of,
    end_sessions_of,
    own_sessions,
    session_actor,
    sessions_of,
    sign_out,
)
from service.casework.office import Office
from service.casework.people import change_password, disable_person
from service.casework.signing_in import find_actor, sign_in
from service.casework.staff.accounts import change_own_password
from service.rules.refusals import Forbidden, Missing, Unauthenticated
from service.store.database import count_statements
from tests.conftest import LONG_SESSIONS, Clock, make_office

PASSWORD = "Yunxi-2026!"
HALL = Origin(address="10.1.2.3", agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")


@pytest.fixture
def city(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    rules = replace(LONG_SESSIONS, idle_minutes=30, session_hours=12, address_failures=8)
    office = make_office(database_url, tmp_path, clock, demo=True, identity=rules)
    load_demo_city(office)
    yield office
    office.close()


def who(office: Office, username: str) -> Actor:
    actor = find_actor(office, username)
    assert actor is not None
    return actor


def begun(office: Office, username: str, origin: Origin = HALL) -> str:
    return begin_session(office, sign_in(office, username, PASSWORD, origin), origin, ("password",))


def actions(office: Office, subject: str) -> list[str]:
    with office.reading() as records:
        return [line.action for line in records.ledger.lines(subject=subject)]


def test_a_session_lives_by_its_marks_and_dies_idle_or_old(city: Office, clock: Clock) -> None:
    token = begun(city, "zhangwei")
    for _ in range(26):  # 26 × 25 minutes: used all the time
        clock.advance(minutes=25)
        assert session_actor(city, token) is not None
    clock.advance(minutes=30)
    assert session_actor(city, token) is None  # idle
    token = begun(city, "zhangwei")
    for _ in range(28):
        clock.advance(minutes=25)
        assert session_actor(city, token) is not None
    clock.advance(minutes=20)
    assert session_actor(city, token) is None  # twelve hours
    assert own_sessions(city, who(city, "zhangwei")) == ()


def test_a_request_costs_one_statement_more_and_a_mark_once_a_minute(city: Office, clock: Clock) -> None:
    token = begun(city, "zhangwei")
    with count_statements(city.database) as count:
        session_actor(city, token)
    assert count.commits == 0 and count.statements <= 2  # the other one reads the demo clock, twice a second at most
    clock.advance(minutes=2)
    with count_statements(city.database) as count:
        session_actor(city, token)
    assert count.commits == 1
    with count_statements(city.database) as count:
        session_actor(city, token)
    assert count.commits == 0


def test_the_database_does_not_hold_what_the_cookie_holds(city: Office) -> None:
    token = begun(city, "zhangwei")
    with city.reading() as records:
        assert records.identities.session(token) is None
    assert session_actor(city, "guessed") is None and session_actor(city, "\ud800") is None


def test_the_owner_sees_where_they_are_signed_in_and_ends_one_or_all_others(city: Office, clock: Clock) -> None:
    here, there = begun(city, "zhangwei"), begun(city, "zhangwei", Origin(address="10.9.9.9", agent="curl"))
    me = session_actor(city, here)
    assert me is not None
    shown = {one.address: one for one in own_sessions(city, me)}
    assert shown["10.1.2.3"].mine and not shown["10.9.9.9"].mine and shown["10.9.9.9"].agent == "curl"
    end_own_session(city, me, shown["10.9.9.9"].id)
    assert session_actor(city, there) is None and session_actor(city, here) is not None
    begun(city, "zhangwei"), begun(city, "zhangwei")
    assert end_other_sessions(city, me) == 2 and [one.mine for one in own_sessions(city, me)] == [True]
    with pytest.raises(Missing) as refusal:
        end_own_session(city, me, uuid4())
    assert refusal.value.code == "SESSION_NOT_FOUND"
    assert actions(city, "zhangwei")[:2] == ["session:ended", "session:began"]


def test_nobody_ends_the_session_of_somebody_else_by_its_number(city: Office) -> None:
    token = begun(city, "zhangwei")
    [theirs] = own_sessions(city, who(city, "zhangwei"))
    with pytest.raises(Missing):
        end_own_session(city, who(city, "wangfang"), theirs.id)
    assert session_actor(city, token) is not None


def test_the_security_administrator_sees_and_ends_sessions_and_nobody_else_does(city: Office) -> None:
    tokens = [begun(city, "zhangwei") for _ in range(3)]
    for username in ("linlan", "guotao", "tianyue", "zhangwei"):
        with pytest.raises(Forbidden):
            sessions_of(city, who(city, username), "zhangwei")
        with pytest.raises(Forbidden):
            end_sessions_of(city, who(city, username), "zhangwei")
    security = who(city, "machao")
    end_session_of(city, security, "zhangwei", sessions_of(city, security, "zhangwei")[0].id)
    assert end_sessions_of(city, security, "zhangwei") == 2 and end_sessions_of(city, security, "zhangwei") == 0
    assert [session_actor(city, token) for token in tokens] == [None] * 3
    with city.reading() as records:
        line = records.ledger.lines(subject="zhangwei")[0]
    assert (line.action, line.actor, line.detail) == ("session:ended", "machao", {"count": 2})


def test_signing_out_ends_it_on_the_server(city: Office) -> None:
    token = begun(city, "zhangwei")
    me = session_actor(city, token)
    assert me is not None
    sign_out(city, me)
    assert session_actor(city, token) is None


def test_a_new_password_ends_all_sessions_but_the_one_it_was_changed_in(city: Office) -> None:
    here, there = begun(city, "zhangwei"), begun(city, "zhangwei")
    me = session_actor(city, here)
    assert me is not None
    change_own_password(city, me, PASSWORD, "Fresh-2026!", "Fresh-2026!")
    assert session_actor(city, here) is not None and session_actor(city, there) is None


def test_a_session_begun_with_a_password_that_was_changed_meanwhile_never_holds(city: Office) -> None:
    """Race: the old password was verified before the change, the session begins after it."""
    verified = sign_in(city, "zhangwei", PASSWORD)
    change_password(city, who(city, "machao"), "zhangwei", "Fresh-2026!")
    assert session_actor(city, begin_session(city, verified, HALL, ("password",))) is None


def test_a_closed_account_has_no_session(city: Office) -> None:
    token = begun(city, "zhangwei")
    disable_person(city, who(city, "machao"), "zhangwei")
    assert session_actor(city, token) is None


def refused(office: Office, username: str, origin: Origin, password: str = "wrong") -> str:
    with pytest.raises(Unauthenticated) as refusal:
        sign_in(office, username, password, origin)
    return refusal.value.code


def test_one_password_tried_on_many_names_locks_the_address(city: Office, clock: Clock) -> None:
    names = ["nobody1", "zhangwei", "wangfang", "nobody2", "sunli", "hejing", "guotao", "wuqian"]
    assert [refused(city, name, HALL) for name in names] == ["SIGN_IN_FAILED"] * 8
    assert refused(city, "zhangwei", HALL, PASSWORD) == "ADDRESS_LOCKED"
    assert sign_in(city, "zhangwei", PASSWORD, Origin(address="10.1.2.4")).username == "zhangwei"
    assert actions(city, "10.1.2.3") == ["address:locked"]
    clock.advance(minutes=15, seconds=1)
    assert sign_in(city, "wangfang", PASSWORD, HALL).username == "wangfang"


def test_failures_spread_over_days_lock_no_address(city: Office, clock: Clock) -> None:
    for _ in range(20):
        assert refused(city, "nobody", HALL) == "SIGN_IN_FAILED"
        clock.advance(minutes=10)


def test_this_machine_itself_is_never_locked_out(city: Office) -> None:
    for origin in (Origin(address="127.0.0.1"), Origin(address="::1"), NOWHERE):
        for _ in range(10):
            assert refused(city, "nobody", origin) == "SIGN_IN_FAILED"


def test_who_was_verified_lately_works_on_from_a_locked_address(city: Office) -> None:
    assert sign_in(city, "engine", PASSWORD, HALL).service
    for _ in range(8):
        refused(city, "nobody", HALL)
    assert refused(city, "wangfang", HALL, PASSWORD) == "ADDRESS_LOCKED"
    assert sign_in(city, "engine", PASSWORD, HALL).service


def test_failures_and_locks_are_in_the_ledger_without_what_was_typed(city: Office) -> None:
    for _ in range(5):
        refused(city, "zhangwei", HALL, "geheim-Wort")
    with city.reading() as records:
        lines = records.ledger.lines(subject="zhangwei")
    assert [line.action for line in lines] == ["account:locked"] + ["sign_in:refused"] * 5
    assert lines[1].detail == {"address": "10.1.2.3"} and all("geheim" not in str(line) for line in lines)
