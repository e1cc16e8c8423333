"""Rounds of opinions under one task, copies of cases, and forms that are not submitted yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, exists, func, insert, or_, select, update

from service.store.schema import case, task
from service.store.schema import person as people
from service.store.together_schema import ASKED, GOING_ON, copied, draft, signer, signing
from service.store.upserts import upsert
from service.store.work import matches

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningRow:
    """One round. `place`: BEFORE, PARALLEL, AFTER; `policy`: as `rules.countersign` writes it."""

    id: UUID
    case_id: UUID
    task_id: UUID
    place: str
    policy: str
    question: str
    asked_by: str
    asked_at: datetime
    state: str
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SignerRow:
    """One who is asked. `state`: WAITING for their turn, OPEN, AGREE, OBJECT, REMOVED (减签), SPARED (it was over)."""

    id: UUID
    signing_id: UUID
    case_id: UUID
    task_id: UUID
    person: str
    position: int
    state: str
    opinion: str = ""
    opened_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRow:
    """A case somebody was sent to read."""

    id: UUID
    case_id: UUID
    task_id: UUID | None
    person: str
    sent_by: str
    sent_at: datetime
    note: str
    read_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRow:
    """What somebody has filled in at an open task. `held_at`: it is submitted and waits for the signers."""

    task_id: UUID
    person: str
    entries: Mapping[str, Any]
    saved_at: datetime
    held_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """One opinion somebody owes: the task, the case, who asks what."""

    signer: UUID
    task_id: UUID
    task: str
    case_id: UUID
    title: str | None
    number: str | None
    question: str
    asked_by: str
    opened_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One case somebody was sent to read, as a list shows it."""

    id: UUID
    case_id: UUID
    title: str | None
    number: str | None
    sent_by: str
    sent_at: datetime
    note: str
    read_at: datetime | None


_NO_DRAFTS = delete(draft).where(draft.c.task_id == bindparam("one_id"))
_OVER = (
    update(signing)
    .where(signing.c.task_id == bindparam("one_id"), GOING_ON)
    .values(state="CANCELLED", closed_at=bindparam("at"))
)


class Together:
    """The rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: dict[UUID, tuple[bool, bool]] = {}

    def note(self, task_id: UUID, *, asked: bool, drafted: bool) -> None:
        """Read under the lock with the task: whether others are asked at it, and whether somebody has begun its form."""
        self._known[task_id] = (bool(asked), bool(drafted))

    def is_asked(self, task_id: UUID) -> bool:
        """Whether a round of a taken task is not over."""
        return self._known.get(task_id, (True, True))[0]

    def is_drafted(self, task_id: UUID) -> bool:
        """Whether somebody has begun the form of a taken task."""
        return self._known.get(task_id, (True, True))[1]

    # -- rounds

    def ask(self, row: SigningRow, signers: Sequence[SignerRow]) -> None:
        """Keep a round and who is asked."""
        self._records.execute(insert(signing), [asdict(row)])
        self.add(signers)

    def add(self, signers: Sequence[SignerRow]) -> None:
        """More who are asked."""
        if signers:
            rows = self._records.seals.sealed(signer.name, (asdict(one) for one in signers))
            self._records.execute(insert(signer), rows)

    def rounds(self, task_id: UUID) -> tuple[SigningRow, ...]:
        """The rounds of a task, the first one first."""
        rows = self._records.execute(
            select(signing).where(signing.c.task_id == task_id).order_by(signing.c.asked_at, signing.c.id)
        )
        return tuple(SigningRow(**row._mapping) for row in rows)

    def of_round(self, signing_id: UUID) -> tuple[SignerRow, ...]:
        """Who is or was asked in a round, in their order."""
        return self._signers(
            select(signer).where(signer.c.signing_id == signing_id).order_by(signer.c.position, signer.c.id)
        )

    def of_task(self, task_id: UUID) -> tuple[SignerRow, ...]:
        """Everybody who is or was asked at a task."""
        ids = select(signing.c.id).where(signing.c.task_id == task_id)
        return self._signers(
            select(signer).where(signer.c.signing_id.in_(ids)).order_by(signer.c.position, signer.c.id)
        )

    def change_round(self, signing_id: UUID, **values: Any) -> None:
        """Write columns of a round."""
        self._records.execute(update(signing).where(signing.c.id == signing_id).values(**values))

    def change_signer(self, signer_id: UUID, **values: Any) -> None:
        """Write columns of somebody who is asked. Refused: RecordTampered."""
        [now] = self._signers(select(signer).where(signer.c.id == signer_id))
        mac = self._records.seals.mac(signer.name, {**asdict(now), **values})
        self._records.execute(update(signer).where(signer.c.id == signer_id).values(**values, mac=mac))

    def _signers(self, query: Select[Any]) -> tuple[SignerRow, ...]:
        rows = [dict(row._mapping) for row in self._records.execute(query)]
        for values in rows:
            self._records.seals.check(signer.name, values, values.pop("mac"))
        return tuple(SignerRow(**values) for values in rows)

    def seats(self, person: str) -> tuple[Seat, ...]:
        """The opinions somebody owes at tasks that are open, the oldest first."""
        rows = self._records.execute(
            select(
                signer.c.id.label("signer"), signer.c.task_id, task.c.name.label("task"), signer.c.case_id,
                case.c.title, case.c.business_key.label("number"), signing.c.question, signing.c.asked_by,
                signer.c.opened_at, task.c.due_at,
            )
            .join_from(signer, signing, signing.c.id == signer.c.signing_id)
            .join(task, task.c.id == signer.c.task_id)
            .join(case, case.c.id == signer.c.case_id)
            .where(signer.c.person == person, signer.c.state == "OPEN", task.c.ended_at.is_(None))
            .order_by(signer.c.opened_at, signer.c.id)
        )  # fmt: skip
        return tuple(Seat(**row._mapping) for row in rows)

    def owed_by(self, person: str) -> tuple[SignerRow, ...]:
        """The seats somebody has in rounds that are not over, their turn or not."""
        return self._signers(
            select(signer)
            .join(task, task.c.id == signer.c.task_id)
            .where(signer.c.person == person, signer.c.state.in_(ASKED), task.c.ended_at.is_(None))
            .order_by(signer.c.id)
        )

    # -- copies

    def copy(self, rows: Sequence[CopyRow]) -> None:
        """Send a case to people."""
        self._records.execute(insert(copied), [asdict(one) for one in rows])

    def copies(self, case_id: UUID) -> tuple[CopyRow, ...]:
        """To whom a case was sent."""
        rows = self._records.execute(
            select(copied).where(copied.c.case_id == case_id).order_by(copied.c.sent_at, copied.c.id)
        )
        return tuple(CopyRow(**row._mapping) for row in rows)

    def find_copy(self, copy_id: UUID) -> CopyRow | None:
        """One copy."""
        row = self._records.execute(select(copied).where(copied.c.id == copy_id)).one_or_none()
        return None if row is None else CopyRow(**row._mapping)

    def mark_read(self, copy_id: UUID, at: datetime) -> None:
        """The receipt, once."""
        self._records.execute(
            update(copied).where(copied.c.id == copy_id, copied.c.read_at.is_(None)).values(read_at=at)
        )

    def readings(
        self, person: str, *, read: bool | None, search: str = "", limit: int, skip: int = 0
    ) -> tuple[tuple[int, int], tuple[Reading, ...]]:
        """How many copies a search finds that were not read and that were, and a page of one kind (`read` None: of both)."""
        found = [copied.c.person == person]
        if search:
            found.append(matches(search, case.c.title, case.c.business_key, copied.c.note, people.c.name))
        source = copied.join(case, case.c.id == copied.c.case_id).outerjoin(
            people, people.c.username == copied.c.sent_by
        )
        seen = copied.c.read_at.is_not(None)
        counted = select(func.count().filter(~seen).label("unread"), func.count().label("total")).select_from(source)
        counts = self._records.execute(counted.where(*found)).one()
        if read is not None:
            found.append(seen if read else ~seen)
        rows = self._records.execute(
            select(
                copied.c.id, copied.c.case_id, case.c.title, case.c.business_key.label("number"), copied.c.sent_by,
                copied.c.sent_at, copied.c.note, copied.c.read_at,
            )
            .select_from(source)
            .where(*found)
            .order_by(seen, copied.c.sent_at.desc(), copied.c.id)
            .limit(limit)
            .offset(skip)
        )  # fmt: skip
        return (counts.unread, counts.total - counts.unread), tuple(Reading(**row._mapping) for row in rows)

    def unread(self, person: str) -> int:
        """How many cases somebody was sent and has not read."""
        wanted = copied.c.person == person, copied.c.read_at.is_(None)
        return int(self._records.execute(select(func.count()).select_from(copied).where(*wanted)).scalar_one())

    def may_read(self, case_id: UUID, person: str) -> bool:
        """Whether somebody was asked for an opinion in a case, or was sent it."""
        asked = exists().where(signer.c.case_id == case_id, signer.c.person == person, signer.c.opened_at.is_not(None))
        sent = exists().where(copied.c.case_id == case_id, copied.c.person == person)
        return bool(self._records.execute(select(or_(asked, sent))).scalar_one())

    # -- drafts

    def keep(self, row: DraftRow) -> None:
        """Keep what somebody has filled in, instead of what was kept before."""
        self._records.execute(upsert(self._records.dialect, draft, ("task_id", "person")), [asdict(row)])

    def draft_of(self, task_id: UUID, person: str) -> DraftRow | None:
        """What somebody has filled in."""
        row = self._records.execute(
            select(draft).where(draft.c.task_id == task_id, draft.c.person == person)
        ).one_or_none()
        return None if row is None else DraftRow(**row._mapping)

    def held(self, task_id: UUID) -> DraftRow | None:
        """What is submitted at a task and waits for the signers."""
        row = self._records.execute(
            select(draft).where(draft.c.task_id == task_id, draft.c.held_at.is_not(None)).limit(1)
        ).one_or_none()
        return None if row is None else DraftRow(**row._mapping)

    def release(self, task_id: UUID) -> None:
        """What was submitted at a task does not wait any more: its author has it back as a draft."""
        self._records.execute(
            update(draft).where(draft.c.task_id == task_id, draft.c.held_at.is_not(None)).values(held_at=None)
        )

    def drop_draft(self, task_id: UUID, person: str) -> None:
        """Forget what somebody has filled in."""
        self._records.execute(delete(draft).where(draft.c.task_id == task_id, draft.c.person == person))

    def drop_drafts(self, task_ids: Sequence[UUID]) -> None:
        """Forget what anybody has filled in at tasks that have ended, and end their rounds."""
        if task_ids:
            self._records.send(_NO_DRAFTS, [{"one_id": one} for one in task_ids])
            self._records.send(_OVER, [{"one_id": one, "at": self._records.now} for one in task_ids])

    def drafts_of(self, person: str) -> tuple[DraftRow, ...]:
        """What somebody has begun at open tasks."""
        rows = self._records.execute(
            select(draft)
            .join(task, task.c.id == draft.c.task_id)
            .where(draft.c.person == person, task.c.ended_at.is_(None))
            .order_by(draft.c.saved_at)
        )
        return tuple(DraftRow(**row._mapping) for row in rows)
