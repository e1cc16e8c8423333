"""Sessions, addresses with failures, and the passwords people had before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from service.store.identity_schema import address_failure, past_password, web_session
from service.store.people import GRANT, HAS_FACTOR, Person, gather
from service.store.schema import person, person_role
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRow:
    """Somebody signed in at a browser."""

    id: UUID
    digest: str
    person_id: UUID
    stamp: int
    methods: str
    address: str
    agent: str
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


_SESSION = (
    select(
        person,
        *GRANT,
        HAS_FACTOR,
        *(column.label(f"session_{column.name}") for column in web_session.columns),
    )
    .join_from(web_session, person, web_session.c.person_id == person.c.id)
    .outerjoin(person_role, person_role.c.person_id == person.c.id)
    .where(web_session.c.digest == bindparam("wanted"))
)
_BARRED = select(address_failure.c.locked_until).where(address_failure.c.address == bindparam("wanted"))


class Identities:
    """Rows of `web_session`, `address_failure` and `past_password`."""

    def __init__(self, records: Records) -> None:
        self.records = records

    # -- sessions

    def session(self, digest: str) -> tuple[SessionRow, Person] | None:
        """A session and whose it is, in one statement; whether it still holds is not asked here."""
        rows = self.records.read(_SESSION, {"wanted": digest})
        if not rows:
            return None
        kept = {column.name: rows[0][f"session_{column.name}"] for column in web_session.columns}
        people = [{name: value for name, value in row.items() if not name.startswith("session_")} for row in rows]
        return SessionRow(**kept), gather(people, self.records.seals)[0]

    def begin_session(self, row: SessionRow) -> None:
        """A session from now on."""
        self.records.execute(insert(web_session), [asdict(row)])

    def sessions_of(self, person_id: UUID, stamp: int, *, seen_after: datetime, began_after: datetime) -> Any:
        """The sessions of somebody that hold, the one seen last first."""
        rows = self.records.execute(
            select(web_session)
            .where(
                web_session.c.person_id == person_id,
                web_session.c.stamp == stamp,
                web_session.c.ended_at.is_(None),
                web_session.c.seen_at > seen_after,
                web_session.c.began_at > began_after,
            )
            .order_by(web_session.c.seen_at.desc(), web_session.c.id)
        )
        return tuple(SessionRow(**row._mapping) for row in rows)

    def methods_of(self, session_id: UUID) -> str:
        """What a session was begun with."""
        query = select(web_session.c.methods).where(web_session.c.id == session_id)
        return str(self.records.execute(query).scalar_one())

    def change_session(self, session_id: UUID, **values: Any) -> None:
        """Write columns of a session."""
        self.records.execute(update(web_session).where(web_session.c.id == session_id).values(**values))

    def forget_sessions(self, person_id: UUID, began_before: datetime) -> None:
        """Old ones of somebody are not kept."""
        self.records.execute(
            delete(web_session).where(web_session.c.person_id == person_id, web_session.c.began_at < began_before)
        )

    # -- addresses

    def barred_until(self, address: str) -> datetime | None:
        """Until when nobody signs in from an address."""
        found = self.records.read(_BARRED, {"wanted": address})
        return found[0]["locked_until"] if found else None

    def count_address(self, address: str, at: datetime, within: timedelta) -> int:
        """One more failure from an address; how many there are since the first of the last `within`."""
        table = address_failure
        failures = self.records.execute(
            update(table)
            .where(table.c.address == address, table.c.since > at - within)
            .values(failures=table.c.failures + 1)
            .returning(table.c.failures)
        ).scalar_one_or_none()
        if failures is not None:
            return int(failures)
        row = {"address": address, "failures": 1, "since": at, "locked_until": None}
        self.records.send(upsert(self.records.dialect, table, ("address",)), [row])
        return 1

    def bar(self, address: str, until: datetime) -> None:
        """Nobody signs in from an address for a while."""
        self.records.execute(
            update(address_failure).where(address_failure.c.address == address).values(failures=0, locked_until=until)
        )

    # -- passwords

    def past_passwords(self, person_id: UUID, most: int) -> Sequence[str]:
        """The last passwords somebody had, the newest first."""
        rows = self.records.execute(
            select(past_password.c.password_hash)
            .where(past_password.c.person_id == person_id)
            .order_by(past_password.c.set_at.desc())
            .limit(most)
        )
        return [row.password_hash for row in rows]

    def keep_password(self, person_id: UUID, password_hash: str, at: datetime, most: int) -> None:
        """A password somebody had until now; only the last `most` are kept."""
        row = {"person_id": person_id, "set_at": at, "password_hash": password_hash}
        self.records.send(upsert(self.records.dialect, past_password, ("person_id", "set_at")), [row])
        kept = (
            select(past_password.c.set_at)
            .where(past_password.c.person_id == person_id)
            .order_by(past_password.c.set_at.desc())
            .limit(most)
        )
        self.records.execute(
            delete(past_password).where(past_password.c.person_id == person_id, past_password.c.set_at.not_in(kept))
        )
