"""Posts and absences as a process keeps them: never by a staff that somebody has already changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Executable, delete, update

from service.casework.office import Office
from service.store.absences import AbsenceRow
from service.store.database import count_statements
from service.store.people import Department, Person
from service.store.schema import person, person_role
from service.store.seats import Seat
from service.store.time_schema import absence
from tests.conftest import Clock, make_office

POST = "104:reviewer_a"


@pytest.fixture
def nodes(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Office]]:
    """Makes offices on one database, with one person on one post."""
    made: list[Office] = []

    def make() -> Office:
        made.append(make_office(database_url, tmp_path, clock))
        if len(made) == 1:
            with made[0].transaction() as records:
                codes = ("104", "105")
                records.people.put_departments(
                    [Department(code=code, name=code, short=code, window_kind="COMPREHENSIVE") for code in codes]
                )
                records.people.add([somebody("zhang", clock)])
        return made[-1]

    yield make
    for office in made:
        office.close()


def somebody(username: str, clock: Clock) -> Person:
    """A person on the post."""
    return Person(
        id=uuid4(),
        username=username,
        name="某人",
        staff_no=None,
        department="104",
        duty="",
        password_hash="x",
        active=True,
        demo=False,
        failed_logins=0,
        locked_until=None,
        created_at=clock(),
        roles=frozenset({"reviewer_a"}),
    )


def seats(office: Office) -> tuple[Seat, ...]:
    """Who a transaction that places a task sees on the post."""
    with office.transaction() as records:
        return records.people.seats(["104"], ["reviewer_a"]).get(POST, ())


def holders(office: Office) -> list[str]:
    """Their names."""
    return [seat.username for seat in seats(office)]


def by_hand(office: Office, change: Executable) -> None:
    """What somebody does in the database without the service."""
    with office.database.writing() as connection:
        connection.execute(change)


def identity(office: Office) -> UUID:
    """The person's id."""
    with office.reading() as records:
        found = records.people.find("zhang")
        assert found is not None
        return found.id


def leave(office: Office, clock: Clock) -> AbsenceRow:
    """Somebody is away for an hour from in an hour on."""
    row = AbsenceRow(
        id=uuid4(),
        username="zhang",
        since=clock() + timedelta(hours=1),
        until=clock() + timedelta(hours=2),
        kind="PLANNED",
        reason="",
        stand_in=None,
        recorded_by="zhang",
        recorded_at=clock(),
    )
    with office.transaction() as records:
        records.absences.add(row)
    return row


def test_nothing_is_placed_by_what_was_rolled_back(nodes, clock):
    here = nodes()
    assert holders(here) == ["zhang"]
    with pytest.raises(RuntimeError), here.transaction() as records:
        records.people.add([somebody("wang", clock)])
        assert [seat.username for seat in records.people.seats(["104"], ["reviewer_a"])[POST]] == ["wang", "zhang"]
        raise RuntimeError
    assert holders(here) == ["zhang"]


def test_a_transaction_sees_what_it_has_changed_itself(nodes):
    here = nodes()
    with here.transaction() as records:
        assert records.people.seats(["104"], ["reviewer_a"])[POST] == (Seat(username="zhang"),)
        found = records.people.find("zhang")
        records.people.set_roles(found.id, ["reviewer_b"])
        assert records.people.seats(["104"], ["reviewer_a", "reviewer_b"]).keys() == {"104:reviewer_b"}
    assert holders(here) == []


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda id: update(person).where(person.c.id == id).values(active=False), []),
        (lambda id: update(person).where(person.c.id == id).values(department="105"), []),
        (lambda id: update(person).where(person.c.id == id).values(username="zhao"), ["zhao"]),
        (lambda id: delete(person_role).where(person_role.c.person_id == id), []),
        (lambda id: update(person_role).where(person_role.c.person_id == id).values(role="reviewer_b"), []),
    ],
)
def test_a_change_by_hand_is_placed_by_on_every_node(nodes, change, left):
    here, there = nodes(), nodes()
    id = identity(here)
    assert holders(here) == holders(there) == ["zhang"]
    by_hand(here, change(id))
    assert holders(there) == left and holders(here) == left


def test_an_absence_counts_from_its_first_to_its_last_instant_without_another_read(nodes, clock):
    here, there = nodes(), nodes()
    assert seats(there) == (Seat(username="zhang"),)
    row = leave(here, clock)
    assert seats(there) == (Seat(username="zhang"),)
    with count_statements(there.database) as count:
        clock.advance(timedelta(hours=1))
        assert seats(there) == (Seat(username="zhang", absence=row.id),)
        clock.advance(timedelta(hours=1))
        assert seats(there) == (Seat(username="zhang"),)
    assert count.statements == 2
    clock.now -= timedelta(days=400)
    assert seats(there) == (Seat(username="zhang"),)
    by_hand(here, update(absence).values(since=clock() - timedelta(days=1), until=None))
    assert seats(there) == (Seat(username="zhang", absence=row.id),)
    by_hand(here, delete(absence))
    assert seats(there) == (Seat(username="zhang"),)


def test_signing_in_makes_nobody_read_the_staff_anew(nodes):
    here = nodes()
    holders(here)
    with here.transaction() as records:
        id = records.people.find("zhang").id
        assert records.people.count_failure(id) == 1
        records.people.change(id, failed_logins=0, locked_until=None, password_hash="y")
    with count_statements(here.database) as count:
        holders(here)
    assert count.statements == 1


def test_nobody_who_leaves_waits_for_those_who_are_placing_and_whoever_places_next_knows_it(nodes):
    here, there = nodes(), nodes()
    if here.database.dialect == "sqlite":
        pytest.skip("one writer at a time")
    with here.transaction() as records:
        assert records.people.seats(["104"], ["reviewer_a"])[POST] == (Seat(username="zhang"),)
        by_hand(there, update(person).values(active=False))
        assert records.people.seats(["104"], ["reviewer_a"])[POST] == (Seat(username="zhang"),)
    assert holders(here) == []
