"""授权委托书, declared relatives and signatures: rows of what gives and takes duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, select, update

from service.rules.letters import Letter, LetterState, state_on
from service.store.duty_schema import authority_letter, relative, signature
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterRow:
    """One letter of the register. `scan`: digest of its file in the blob store."""

    id: UUID
    number: str
    department: str
    grantor: str
    grantee: str
    deputy: str | None
    items: Sequence[str]
    powers: Sequence[str]
    valid_from: date
    valid_to: date
    scan: str | None = None
    scan_name: str = ""
    scan_type: str = ""
    state: str
    registered_by: str
    registered_at: datetime
    activated_by: str | None = None
    activated_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    reason: str = ""

    def standing(self, day: date) -> LetterState:
        """How it stands on a day."""
        return state_on(self.state, self.valid_from, self.valid_to, day)

    def letter(self) -> Letter:
        """What it lets people do."""
        return Letter(
            number=self.number,
            department=self.department,
            grantee=self.grantee,
            deputy=self.deputy,
            items=frozenset(self.items),
            powers=frozenset(self.powers),
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class RelativeRow:
    """One declared person of somebody of the house."""

    id: UUID
    username: str
    kind: str
    name: str
    identity: str
    declared_by: str
    declared_at: datetime
    withdrawn_at: datetime | None = None


class Letters:
    """Rows of `authority_letter`, `relative` and `signature`. Changes of the first two change the staff."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, rows: Sequence[LetterRow]) -> None:
        """New letters. Duplicate when a number is taken."""
        if rows:
            self._records.forget_staff()
            self._records.execute(insert(authority_letter), [asdict(row) for row in rows])

    def find(self, letter_id: UUID, *, lock: bool = False) -> LetterRow | None:
        """One letter."""
        query = select(authority_letter).where(authority_letter.c.id == letter_id)
        row = self._records.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else LetterRow(**row._mapping)

    def change(self, letter_id: UUID, values: Mapping[str, Any]) -> None:
        """Write columns of one letter."""
        self._records.forget_staff()
        self._records.execute(update(authority_letter).where(authority_letter.c.id == letter_id).values(**values))

    def lock_department(self, department: str) -> None:
        """Whoever changes which letters of a department count waits for whoever does so now."""
        query = select(authority_letter.c.id).where(authority_letter.c.department == department)
        self._records.execute(query.order_by(authority_letter.c.id).with_for_update()).all()

    def listing(self, department: str | None = None) -> tuple[LetterRow, ...]:
        """All letters, or a department's, by department, the latest first."""
        query = select(authority_letter)
        if department is not None:
            query = query.where(authority_letter.c.department == department)
        order = (authority_letter.c.department, authority_letter.c.valid_from.desc(), authority_letter.c.number.desc())
        return tuple(LetterRow(**row._mapping) for row in self._records.execute(query.order_by(*order)))

    # relatives

    def declare(self, row: RelativeRow) -> None:
        """Somebody has declared a person as near."""
        self._records.forget_staff()
        self._records.execute(insert(relative), [asdict(row)])

    def relatives(self, username: str) -> tuple[RelativeRow, ...]:
        """Whom somebody has declared, first things first; what was withdrawn is left out."""
        query = (
            select(relative)
            .where(relative.c.username == username, relative.c.withdrawn_at.is_(None))
            .order_by(relative.c.declared_at, relative.c.id)
        )
        return tuple(RelativeRow(**row._mapping) for row in self._records.execute(query))

    def withdraw_relative(self, relative_id: UUID) -> None:
        """It does not hold any more."""
        self._records.forget_staff()
        self._records.execute(
            update(relative).where(relative.c.id == relative_id).values(withdrawn_at=self._records.now)
        )

    # signatures

    def put_signature(self, username: str, image: bytes) -> None:
        """How somebody signs from now on."""
        row = {"username": username, "image": image, "drawn_at": self._records.now}
        self._records.execute(upsert(self._records.dialect, signature, ("username",)), [row])

    def signature(self, username: str) -> tuple[bytes, datetime] | None:
        """A person's signature as a PNG, and since when."""
        row = self._records.execute(
            select(signature.c.image, signature.c.drawn_at).where(signature.c.username == username)
        ).one_or_none()
        return None if row is None else (row.image, row.drawn_at)
