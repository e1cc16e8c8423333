"""Second factors, recovery codes, and tokens of programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, select, update

from service.store.identity_schema import api_token, outside_identity, recovery_code, second_factor
from service.store.people import GRANT, Person, gather
from service.store.schema import person, person_role

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorRow:
    """One second factor of somebody; of use once it is confirmed."""

    id: UUID
    person_id: UUID
    kind: str
    name: str
    detail: Mapping[str, Any]
    counter: int
    added_at: datetime
    confirmed_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRow:
    """One token; the token itself is not kept."""

    id: UUID
    digest: str
    person_id: UUID
    name: str
    scopes: list[str]
    made_at: datetime
    made_by: str
    ends_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None


_TOKEN = (
    select(person, *GRANT, *(column.label(f"token_{column.name}") for column in api_token.columns))
    .join_from(api_token, person, api_token.c.person_id == person.c.id)
    .outerjoin(person_role, person_role.c.person_id == person.c.id)
    .where(api_token.c.digest == bindparam("wanted"))
)


class Factors:
    """Rows of `second_factor`, `recovery_code` and `api_token`."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def of(self, person_id: UUID, *, confirmed: bool | None = True) -> tuple[FactorRow, ...]:
        """The factors of somebody, in the order they were added."""
        query = select(second_factor).where(second_factor.c.person_id == person_id)
        if confirmed is not None:
            at = second_factor.c.confirmed_at
            query = query.where(at.is_not(None) if confirmed else at.is_(None))
        rows = self.records.execute(query.order_by(second_factor.c.added_at, second_factor.c.id))
        return tuple(FactorRow(**row._mapping) for row in rows)

    def add(self, row: FactorRow) -> None:
        """One more."""
        self.records.execute(insert(second_factor), [asdict(row)])

    def change(self, factor_id: UUID, **values: Any) -> None:
        """Write columns of a factor."""
        self.records.execute(update(second_factor).where(second_factor.c.id == factor_id).values(**values))

    def use(self, factor_id: UUID, counter: int, at: datetime) -> bool:
        """Take a code of this counter, once: False when it, or a later one, has been taken. Two at once: one is taken."""
        table = second_factor
        taken = self.records.execute(
            update(table)
            .where(table.c.id == factor_id, table.c.counter < counter)
            .values(counter=counter, used_at=at)
            .returning(table.c.id)
        )
        return taken.first() is not None

    def remove(self, person_id: UUID, factor_ids: Iterable[UUID]) -> frozenset[UUID]:
        """Factors of somebody go; those that did. Of two at once one takes a row away."""
        table = second_factor
        gone = self.records.execute(
            delete(table).where(table.c.person_id == person_id, table.c.id.in_(list(factor_ids))).returning(table.c.id)
        )
        return frozenset(gone.scalars())

    # -- recovery codes

    def put_codes(self, person_id: UUID, digests: Iterable[str]) -> None:
        """These codes and no others."""
        self.records.execute(delete(recovery_code).where(recovery_code.c.person_id == person_id))
        rows = [{"person_id": person_id, "digest": one, "used_at": None} for one in digests]
        if rows:
            self.records.execute(insert(recovery_code), rows)

    def use_code(self, person_id: UUID, digest: str, at: datetime) -> bool:
        """Take a recovery code, once."""
        table = recovery_code
        taken = self.records.execute(
            update(table)
            .where(table.c.person_id == person_id, table.c.digest == digest, table.c.used_at.is_(None))
            .values(used_at=at)
            .returning(table.c.digest)
        )
        return taken.first() is not None

    def codes_left(self, person_id: UUID) -> int:
        """How many recovery codes were not used yet."""
        table = recovery_code
        query = select(func.count()).where(table.c.person_id == person_id, table.c.used_at.is_(None))
        return int(self.records.execute(query).scalar_one())

    # -- who somebody is elsewhere

    def outside(self, issuer: str, subject: str) -> UUID | None:
        """The account of somebody known there."""
        table = outside_identity
        query = select(table.c.person_id).where(table.c.issuer == issuer, table.c.subject == subject)
        return self.records.execute(query).scalar_one_or_none()

    def link(self, issuer: str, subject: str, person_id: UUID) -> None:
        """Who is known there by this is this person here."""
        row = {"issuer": issuer, "subject": subject, "person_id": person_id, "linked_at": self.records.real_now}
        self.records.execute(insert(outside_identity), [row])

    # -- tokens

    def token(self, digest: str) -> tuple[TokenRow, Person] | None:
        """A token and whose it is, in one statement; whether it still holds is not asked here."""
        rows = self.records.read(_TOKEN, {"wanted": digest})
        if not rows:
            return None
        kept = {column.name: rows[0][f"token_{column.name}"] for column in api_token.columns}
        people = [{name: value for name, value in row.items() if not name.startswith("token_")} for row in rows]
        return TokenRow(**kept), gather(people, self.records.seals)[0]

    def tokens_of(self, person_id: UUID) -> tuple[TokenRow, ...]:
        """The tokens of somebody that were not revoked, the newest first."""
        rows = self.records.execute(
            select(api_token)
            .where(api_token.c.person_id == person_id, api_token.c.revoked_at.is_(None))
            .order_by(api_token.c.made_at.desc(), api_token.c.id)
        )
        return tuple(TokenRow(**row._mapping) for row in rows)

    def add_token(self, row: TokenRow) -> None:
        """One more."""
        self.records.execute(insert(api_token), [asdict(row)])

    def change_token(self, token_id: UUID, **values: Any) -> None:
        """Write columns of a token."""
        self.records.execute(update(api_token).where(api_token.c.id == token_id).values(**values))
