"""Messages of one transaction: written once, found by receiver, reference or case; the words and addresses they need."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Executable, bindparam, delete, func, insert, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.rules.refusals import Forbidden
from service.rules.sending import Channel, MessageState
from service.store.message_schema import access_code, contact, message, message_text, nonce
from service.store.schema import variable
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRow:
    """One message to one receiver by one channel. `box`: who reads it, a username or `#post`; None: no account."""

    id: UUID
    event_id: UUID
    code: str
    audience: str
    box: str | None
    channel: str
    address: str = ""
    text: str
    places: Mapping[str, Any]
    case_id: UUID | None = None
    scope_id: UUID | None = None
    task_id: UUID | None = None
    queued_at: datetime
    planned_at: datetime
    sent_at: datetime | None = None
    reported_at: datetime | None = None
    state: str = MessageState.QUEUED.value
    attempts: int = 0
    reference: str | None = None
    error: str | None = None
    digest_id: UUID | None = None
    read_at: datetime | None = None
    read_by: str | None = None
    handled_at: datetime | None = None
    handled_by: str | None = None
    handled: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRow:
    """How somebody of the house is reached."""

    username: str
    mobile: str = ""
    email: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextRow:
    """One version of an installation's own words for a message."""

    code: str
    version: int
    text: str
    changed_at: datetime
    changed_by: str
    note: str = ""
    effective_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeRow:
    """The code of an item. `digest`: what is kept of it; `issue`: how often it was issued anew."""

    case_id: UUID
    scope_id: UUID  # the case's own id for the case itself
    purpose: str
    digest: str | None = None
    issue: int = 0


@cache
def _add(dialect: str) -> Executable:
    """Insert what is not there yet; the ids of what was not."""
    kind = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return kind(message).on_conflict_do_nothing(index_elements=["id"]).returning(message.c.id)


@cache
def _keep_code(dialect: str) -> Executable:
    kind = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return kind(access_code).on_conflict_do_nothing(index_elements=["case_id", "scope_id", "purpose"])


_INAPP = message.c.channel == literal_column(
    f"'{Channel.INAPP}'"
)  # spelt out: partial indexes are found by their words
_UNREAD = select(func.count()).where(
    message.c.box.in_(bindparam("boxes", expanding=True)), message.c.read_at.is_(None), _INAPP
)
_CONTACTS = select(variable.c.case_id, variable.c.scope_id, variable.c.name, variable.c.value).where(
    variable.c.case_id.in_(bindparam("cases", expanding=True)), variable.c.name.in_(bindparam("names", expanding=True))
)
_TO_GO = (
    select(message)
    .where(
        message.c.box == bindparam("of_box"),
        message.c.channel == bindparam("by_channel"),
        message.c.state == MessageState.QUEUED.value,
        message.c.digest_id.is_(None),
        message.c.planned_at <= bindparam("at", type_=message.c.planned_at.type),
    )
    .order_by(message.c.queued_at, message.c.id)
    .with_for_update()
)


class Messages:
    """The message rows of one transaction, with their words and addresses."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.words: Any = None  # the installation's, once somebody has read them in this transaction

    # -- messages

    def add(self, rows: Sequence[MessageRow]) -> frozenset[UUID]:
        """Write messages; those that were there already stay as they are. The ids of the new ones."""
        if not rows:
            return frozenset()
        columns = [column.name for column in message.columns]
        values = [{name: getattr(one, name) for name in columns} for one in rows]
        return frozenset(row["id"] for row in self._records.read(_add(self._records.dialect), *values))

    def find(self, message_id: UUID, *, lock: bool = False) -> MessageRow | None:
        """One message; with `lock` nobody else changes it until the transaction ends."""
        statement = select(message).where(message.c.id == message_id)
        row = self._records.execute(statement.with_for_update() if lock else statement).one_or_none()
        return None if row is None else MessageRow(**row._mapping)

    def by_reference(self, reference: str) -> MessageRow | None:
        """The message a channel calls so, locked; the newest, should an operator use a name twice."""
        found = self._records.execute(
            select(message)
            .where(message.c.reference == reference)
            .order_by(message.c.queued_at.desc())
            .limit(1)
            .with_for_update()
        ).one_or_none()
        return None if found is None else MessageRow(**found._mapping)

    def change(self, message_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns of a message."""
        self._records.execute(update(message).where(message.c.id == message_id).values(**values))

    def change_digested(self, digest_id: UUID, values: Mapping[str, Any]) -> None:
        """What becomes of a digest becomes of what it stands for."""
        self._records.execute(update(message).where(message.c.digest_id == digest_id).values(**values))

    def put_into_digest(self, message_ids: Collection[UUID], digest_id: UUID) -> None:
        """These are told by a digest."""
        self._records.execute(update(message).where(message.c.id.in_(set(message_ids))).values(digest_id=digest_id))

    def to_go(self, box: str, channel: str, at: datetime) -> tuple[MessageRow, ...]:
        """What one person should get by a channel at this instant, locked, the oldest first."""
        rows = self._records.execute(_TO_GO, {"of_box": box, "by_channel": channel, "at": at})
        return tuple(MessageRow(**row._mapping) for row in rows)

    def sent_since(self, box: str, channel: str, since: datetime) -> int:
        """How many went out to one person by a channel after an instant; a digest counts once."""
        statement = select(func.count()).where(
            message.c.box == box,
            message.c.channel == channel,
            message.c.sent_at > since,
            message.c.digest_id.is_(None),
        )
        count: int = self._records.execute(statement).scalar_one()
        return count

    def unread(self, boxes: Collection[str]) -> int:
        """How many messages wait to be read in these boxes: one look at an index."""
        count: int = self._records.execute(_UNREAD, {"boxes": sorted(boxes)}).scalar_one()
        return count

    def unread_about(self, boxes: Collection[str], task_id: UUID) -> tuple[UUID, ...]:
        """What wants to be read in these boxes about a task."""
        statement = select(message.c.id).where(
            message.c.box.in_(set(boxes)), message.c.read_at.is_(None), _INAPP, message.c.task_id == task_id
        )
        return tuple(row.id for row in self._records.execute(statement))

    def mark_read(
        self, boxes: Collection[str], at: datetime, by: str, message_ids: Collection[UUID] | None = None
    ) -> int:
        """Note that messages in these boxes have been read, all that were not or some of them; how many."""
        statement = update(message).where(message.c.box.in_(set(boxes)), message.c.read_at.is_(None), _INAPP)
        if message_ids is not None:
            statement = statement.where(message.c.id.in_(set(message_ids)))
        return self._records.execute(statement.values(read_at=at, read_by=by)).rowcount

    def of_case(self, case_id: UUID) -> tuple[MessageRow, ...]:
        """Every message of a case, the oldest first."""
        rows = self._records.execute(
            select(message).where(message.c.case_id == case_id).order_by(message.c.queued_at, message.c.id)
        )
        return tuple(MessageRow(**row._mapping) for row in rows)

    def everything(self, limit: int = 10_000) -> tuple[MessageRow, ...]:
        """Every message, the oldest first."""
        rows = self._records.execute(select(message).order_by(message.c.queued_at, message.c.id).limit(limit))
        return tuple(MessageRow(**row._mapping) for row in rows)

    def counts(self) -> dict[tuple[str, str], int]:
        """(channel, state) → how many messages wait to go out or did not arrive."""
        statement = (
            select(message.c.channel, message.c.state, func.count().label("messages"))
            .where(message.c.state.in_(("QUEUED", "FAILED")), message.c.channel != Channel.INAPP.value)
            .group_by(message.c.channel, message.c.state)
        )
        return {(row.channel, row.state): row.messages for row in self._records.execute(statement)}

    # -- addresses

    def contacts(self, usernames: Collection[str]) -> dict[str, ContactRow]:
        """How these people of the house are reached, as far as it is known."""
        if not usernames:
            return {}
        rows = self._records.execute(select(contact).where(contact.c.username.in_(set(usernames))))
        return {row.username: ContactRow(**row._mapping) for row in rows}

    def put_contact(self, row: ContactRow) -> None:
        """Write how somebody is reached."""
        self._records.execute(
            upsert(self._records.dialect, contact, ("username",)),
            {
                "username": row.username,
                "mobile": row.mobile,
                "email": row.email,
                "changed_at": row.changed_at,
                "changed_by": row.changed_by,
            },
        )

    def variables(self, case_ids: Collection[UUID], names: Collection[str]) -> dict[tuple[UUID, UUID, str], Any]:
        """(case, scope, name) → value of these variables, in one statement; the case's own scope is its id."""
        if not case_ids:
            return {}
        rows = self._records.execute(_CONTACTS, {"cases": list(set(case_ids)), "names": sorted(names)})
        return {(row.case_id, row.scope_id, row.name): row.value for row in rows}

    # -- words

    def texts(self) -> dict[str, TextRow]:
        """The newest own words of an installation that are in effect, by code."""
        asked = select(message_text).where(
            or_(message_text.c.effective_at.is_(None), message_text.c.effective_at <= self._records.now)
        )
        rows = self._records.execute(asked.order_by(message_text.c.version))
        return {row.code: TextRow(**row._mapping) for row in rows}

    def texts_to_come(self) -> tuple[TextRow, ...]:
        """Own words that are set for later, also those a newer version has overtaken."""
        rows = self._records.execute(select(message_text).where(message_text.c.effective_at > self._records.now))
        return tuple(TextRow(**row._mapping) for row in rows)

    def versions(self, code: str) -> tuple[TextRow, ...]:
        """Every version of an installation's words for a code, the newest first."""
        rows = self._records.execute(
            select(message_text).where(message_text.c.code == code).order_by(message_text.c.version.desc())
        )
        return tuple(TextRow(**row._mapping) for row in rows)

    def add_text(self, row: TextRow) -> None:
        """Write one more version. Duplicate when somebody was faster."""
        self._records.execute(
            insert(message_text),
            {
                "code": row.code,
                "version": row.version,
                "text": row.text,
                "note": row.note,
                "effective_at": row.effective_at,
                "changed_at": row.changed_at,
                "changed_by": row.changed_by,
            },
        )

    # -- codes

    def code_of(self, case_id: UUID, scope: UUID | None, purpose: str, *, lock: bool = False) -> CodeRow | None:
        """What is kept of the code of an item for a purpose, if it has one."""
        asked = select(*(access_code.c[name] for name in CodeRow.__dataclass_fields__)).where(
            access_code.c.case_id == case_id,
            access_code.c.scope_id == (scope or case_id),
            access_code.c.purpose == purpose,
        )
        row = self._records.execute(asked.with_for_update() if lock else asked).first()
        return None if row is None else CodeRow(**row._mapping)

    def keep_code(self, row: CodeRow, digest: str) -> None:
        """Give an item a code, unless it has one."""
        values = {"case_id": row.case_id, "scope_id": row.scope_id, "purpose": row.purpose, "digest": digest}
        self._records.execute(_keep_code(self._records.dialect), {**values, "issue": row.issue})

    def change_code(self, row: CodeRow, digest: str) -> None:
        """Another code, or the same one kept as a fingerprint; wrong tries are forgotten."""
        self._records.execute(
            update(access_code)
            .where(
                access_code.c.case_id == row.case_id,
                access_code.c.scope_id == row.scope_id,
                access_code.c.purpose == row.purpose,
            )
            .values(digest=digest, issue=row.issue, code=None, tries=0, locked_until=None)
        )

    def plain_codes(self, most: int) -> tuple[tuple[CodeRow, str], ...]:
        """Codes that are still kept as they were told."""
        names = (*CodeRow.__dataclass_fields__, "code")
        asked = select(*(access_code.c[name] for name in names)).where(access_code.c.code.is_not(None)).limit(most)
        found = [dict(row._mapping) for row in self._records.execute(asked)]
        return tuple((CodeRow(**{n: v for n, v in one.items() if n != "code"}), one["code"]) for one in found)


class Nonces:
    """What was used once by a signed request, until it would be too old anyway."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def take(self, key: str, text: str, until: datetime) -> None:
        """Use a nonce. Refused: Forbidden SIGNATURE_INVALID when it was used before."""
        self._records.execute(delete(nonce).where(nonce.c.until < self._records.real_now))
        kind = postgresql.insert if self._records.dialect == "postgresql" else sqlite.insert
        statement = kind(nonce).on_conflict_do_nothing(index_elements=["key", "nonce"]).returning(nonce.c.key)
        values = {"key": key[:100], "nonce": text, "until": until}
        if self._records.execute(statement, values).first() is None:
            raise Forbidden("SIGNATURE_INVALID", "请求签名无效或已过期。")
