"""Windows of the hall, cases taken in at them, favourites of clerks, and the register of applicants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update

from service.rules.clocks import ClockKind
from service.rules.windows import Window
from service.store.intake_schema import applicant, favourite, intake, service_window
from service.store.materials_schema import material
from service.store.schema import case, definition, task, task_candidate
from service.store.time_schema import clock, proceeding
from service.store.upserts import upsert
from service.store.work import matches

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class IntakeRow:
    """One case taken in at a window. `called_at` to `taken_at`: the counter time until it was taken in."""

    case_id: UUID
    window: str
    ticket: str
    item: str
    process: str
    clerk: str
    called_at: datetime
    taken_at: datetime
    token: UUID
    applicant_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingRow:
    """One application without an outcome. `deemed_at`: when silence accepts it; `window` empty: it came online."""

    task_id: UUID
    task_name: str
    stage: str | None
    case_id: UUID
    title: str | None
    business_key: str | None
    process_name: str
    received_at: datetime
    deemed_at: datetime | None
    due_at: datetime | None
    assignee: str | None
    window: str
    ticket: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicantRow:
    """Somebody who has applied here. `facts`: what forms ask of an applicant, as said last."""

    id: UUID
    subject: str
    code: str
    name: str
    phone: str
    facts: Mapping[str, Any]
    cases: int
    first_at: datetime
    last_at: datetime


class Intakes:
    """What windows keep."""

    def __init__(self, records: Records) -> None:
        self._records = records

    # -- windows

    def windows(self) -> tuple[Window, ...]:
        """Every window, by number."""
        rows = self._records.execute(select(service_window).order_by(service_window.c.code))
        return tuple(Window(**{**row._mapping, "items": tuple(row.items)}) for row in rows)

    def put_windows(self, windows: Iterable[Window]) -> None:
        """Add windows, or write what has changed about them."""
        rows = [{**asdict(one), "items": list(one.items)} for one in windows]
        if rows:
            self._records.execute(upsert(self._records.dialect, service_window, ("code",)), rows)

    # -- cases taken in

    def add(self, row: IntakeRow) -> None:
        """A case was taken in."""
        self._records.execute(insert(intake), [asdict(row)])

    def of_case(self, case_id: UUID) -> IntakeRow | None:
        """Where a case was taken in; None: not at a window."""
        row = self._records.execute(select(intake).where(intake.c.case_id == case_id)).one_or_none()
        return None if row is None else IntakeRow(**row._mapping)

    def sent(self, token: UUID) -> IntakeRow | None:
        """The case a form has made already."""
        row = self._records.execute(select(intake).where(intake.c.token == token)).one_or_none()
        return None if row is None else IntakeRow(**row._mapping)

    def recent(self, clerk: str, most: int) -> tuple[str, ...]:
        """The processes somebody took in last, each once."""
        last = func.max(intake.c.taken_at)
        query = (
            select(intake.c.process)
            .where(intake.c.clerk == clerk)
            .group_by(intake.c.process)
            .order_by(last.desc(), intake.c.process)
            .limit(most)
        )
        return tuple(self._records.execute(query).scalars())

    def taken_since(self, window: str, since: datetime) -> int:
        """How many cases a window has taken in since an instant."""
        query = select(func.count()).where(intake.c.window == window, intake.c.taken_at >= since)
        return int(self._records.execute(query).scalar_one())

    def waiting(
        self,
        groups: Collection[str],
        username: str,
        *,
        department: str | None = None,
        window: str | None = None,
        search: str = "",
        skip: int = 0,
        limit: int = 20,
    ) -> tuple[int, tuple[WaitingRow, ...]]:
        """Applications the window still owes an outcome, those silence accepts first at the top; `window`: of one window,
        empty: those that came online; None: of all of them.
        `department`: the centre's own tasks too, whoever has them by now.
        """
        receipt = clock.alias("receipt")
        offered = and_(
            task_candidate.c.task_id == task.c.id,
            task_candidate.c.kind == "group",
            task_candidate.c.value.in_(sorted(groups)),
        )
        conditions = [
            task.c.ended_at.is_(None),
            task.c.stage.in_(("ACCEPT", "IMMEDIATE", "CORRECT")),
            or_(
                task.c.assignee == username,
                task.c.department == department,
                select(task_candidate.c.task_id).where(offered).exists(),
            ),
        ]
        if window is not None:
            conditions.append(intake.c.window == window if window else intake.c.window.is_(None))
        if search:
            conditions.append(matches(search, case.c.title, case.c.business_key, definition.c.name, intake.c.ticket))
        same = receipt.c.scope_id == task.c.scope_id
        alone = and_(receipt.c.scope_id.is_(None), task.c.scope_id.is_(None))
        joined = (
            task.join(case, case.c.id == task.c.case_id)
            .join(definition, definition.c.id == task.c.definition_id)
            .outerjoin(intake, intake.c.case_id == case.c.id)
            .outerjoin(
                receipt,
                and_(
                    receipt.c.case_id == task.c.case_id,
                    receipt.c.kind == ClockKind.RECEIPT.value,
                    receipt.c.state != "STOPPED",
                    or_(same, alone),
                ),
            )
        )
        total = int(self._records.execute(select(func.count()).select_from(joined).where(*conditions)).scalar_one())
        query = (
            select(
                task.c.id.label("task_id"),
                task.c.name.label("task_name"),
                task.c.stage,
                case.c.id.label("case_id"),
                case.c.title,
                case.c.business_key,
                definition.c.name.label("process_name"),
                case.c.started_at.label("received_at"),
                receipt.c.due_at.label("deemed_at"),
                task.c.due_at,
                task.c.assignee,
                func.coalesce(intake.c.window, "").label("window"),
                func.coalesce(intake.c.ticket, "").label("ticket"),
            )
            .select_from(joined)
            .where(*conditions)
            .order_by(receipt.c.due_at.is_(None), receipt.c.due_at, task.c.created_at, task.c.id)
            .offset(skip)
            .limit(limit)
        )
        return total, tuple(WaitingRow(**row._mapping) for row in self._records.execute(query))

    # -- favourites

    def favourites(self, username: str) -> tuple[str, ...]:
        """The processes somebody keeps at hand, in the order they were kept."""
        query = select(favourite.c.process).where(favourite.c.username == username)
        return tuple(self._records.execute(query.order_by(favourite.c.kept_at, favourite.c.process)).scalars())

    def keep_favourite(self, username: str, process: str, keep: bool) -> None:
        """Keep a process at hand, or no longer. Twice is once."""
        mine = and_(favourite.c.username == username, favourite.c.process == process)
        self._records.execute(delete(favourite).where(mine))
        if keep:
            row = {"username": username, "process": process, "kept_at": self._records.now}
            self._records.execute(insert(favourite), [row])


class Applicants:
    """The register of applicants."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def behind(self, subject: str) -> ApplicantRow | None:
        """The applicant with this code, as `subject_key` says it."""
        row = self._records.execute(select(applicant).where(applicant.c.subject == subject)).one_or_none()
        return None if row is None else ApplicantRow(**row._mapping)

    def find(self, applicant_id: UUID) -> ApplicantRow | None:
        """One applicant."""
        row = self._records.execute(select(applicant).where(applicant.c.id == applicant_id)).one_or_none()
        return None if row is None else ApplicantRow(**row._mapping)

    def add(self, row: ApplicantRow) -> None:
        """Somebody applies for the first time. Race: of two at once the second is refused as Duplicate, and tried again."""
        self._records.execute(insert(applicant), [asdict(row)])

    def change(self, applicant_id: UUID, **columns: Any) -> None:
        """What somebody says of themselves now."""
        self._records.execute(update(applicant).where(applicant.c.id == applicant_id).values(**columns))

    def has_broken(self, subject: str) -> bool:
        """Whether a 容缺 promise of the same applicant was not kept."""
        query = (
            select(proceeding.c.id)
            .join(material, material.c.case_id == proceeding.c.case_id)
            .where(material.c.subject == subject, proceeding.c.kind == "DEFERRAL", proceeding.c.state == "LAPSED")
            .limit(1)
        )
        return self._records.execute(query).first() is not None

    def search(self, words: str, most: int) -> tuple[ApplicantRow, ...]:
        """By the beginning of a code, a whole telephone number or its last four digits, or a part of the name; the latest first."""
        text = words.strip().upper()
        name = applicant.c.name.icontains(words.strip(), autoescape=True)
        number = or_(
            applicant.c.code.startswith(text, autoescape=True),
            applicant.c.phone == text,
            applicant.c.phone.endswith(text, autoescape=True),
        )
        wanted = or_(name, number) if text.isascii() and any(sign.isdigit() for sign in text) else name
        query = select(applicant).where(wanted).order_by(applicant.c.last_at.desc(), applicant.c.id).limit(most)
        return tuple(ApplicantRow(**row._mapping) for row in self._records.execute(query))
