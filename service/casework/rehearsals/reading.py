"""A rehearsal as pages show it: how far it is, what it found, and whether it is still true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.rehearsals.subjects import Subject, draft_of, subject_of_draft, subject_of_release
from service.rules.rehearsals import ItemKind, RehearsalState
from service.store.records import Records
from service.store.rehearsals import RehearsalItemRow, RehearsalRow
from service.store.workbench import PersonCard, Workbench

PAGE = 20


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """What is said of one case."""

    item: RehearsalItemRow
    number: str | None
    title: str | None


@dataclass(frozen=True, kw_only=True)
class RehearsalPage:
    """The last rehearsal of a draft or of a process of a release, `row` None when there is none. `fresh`: of these very files, with
    what is live now; `counts`: cases by verdict, by question."""

    subject: Subject
    row: RehearsalRow | None
    fresh: bool
    people: Mapping[str, PersonCard]
    counts: Mapping[str, Mapping[str, int]]
    waiting: int
    running: tuple[CaseLine, ...]
    finished: tuple[CaseLine, ...]

    @property
    def going(self) -> bool:
        """Whether the worker is at it."""
        return self.row is not None and self.row.state == RehearsalState.RUNNING

    @property
    def cases(self) -> int:
        """How many cases are asked about."""
        return self.waiting + sum(sum(one.values()) for one in self.counts.values())


def draft_rehearsal(
    office: Office, actor: Actor, draft_id: UUID, *, verdict: str | None = None, page: int = 1
) -> RehearsalPage:
    """Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND."""
    with office.reading() as records:
        subject = subject_of_draft(records, actor, draft_id)
        row = records.rehearsals.latest(subject.process, draft_id=draft_id)
        return _page(records, subject, row, verdict, page)


def release_rehearsal(
    office: Office, actor: Actor, release_id: UUID, process: str, *, verdict: str | None = None, page: int = 1
) -> RehearsalPage:
    """That of the very files that were handed in, else of the draft they were drawn in, whoever began it.

    Refused: Forbidden PROCESSES_FORBIDDEN; Missing RELEASE_NOT_FOUND, DEFINITION_NOT_FOUND.
    """
    with office.reading() as records:
        subject = subject_of_release(records, actor, release_id, process)
        row, draft = records.rehearsals.latest(process, digest=subject.digest), None
        if row is None and (draft := draft_of(records, release_id, process)) is not None:
            row = records.rehearsals.latest(process, draft_id=draft.draft_id)
        return _page(records, subject, row, verdict, page, of=draft)


def is_rehearsed(office: Office, actor: Actor, draft_id: UUID) -> bool:
    """Whether a draft as it is now has been rehearsed with what is live now. Refused: as `draft_rehearsal`."""
    with office.reading() as records:
        subject = subject_of_draft(records, actor, draft_id)
        row = records.rehearsals.latest(subject.process, draft_id=draft_id)
        return row is not None and row.state == RehearsalState.DONE and _fresh(records, subject, row)


def _fresh(records: Records, subject: Subject, row: RehearsalRow) -> bool:
    live = records.deployments.newest([subject.process]).get(subject.process)
    return row.digest == subject.digest and row.base_id == (live.id if live is not None else None)


def _page(
    records: Records,
    subject: Subject,
    row: RehearsalRow | None,
    verdict: str | None,
    page: int,
    *,
    of: Subject | None = None,
) -> RehearsalPage:
    counts: dict[str, dict[str, int]] = {ItemKind.RUNNING.value: {}, ItemKind.FINISHED.value: {}}
    waiting = 0
    tally = records.rehearsals.tally(row.id) if row is not None else {}
    for (kind, said), number in tally.items():
        if said is None:
            waiting += number
        else:
            counts[kind][said] = number
    known = verdict if verdict in counts[ItemKind.RUNNING] else None
    return RehearsalPage(
        subject=subject,
        row=row,
        fresh=row is not None and _fresh(records, of or subject, row),
        people=Workbench(records).people({row.begun_by}) if row is not None else {},
        counts=counts,
        waiting=waiting,
        running=_lines(records, row, ItemKind.RUNNING, known, page),
        finished=_lines(records, row, ItemKind.FINISHED, None, 1),
    )


def _lines(
    records: Records, row: RehearsalRow | None, kind: ItemKind, verdict: str | None, page: int
) -> tuple[CaseLine, ...]:
    if row is None:
        return ()
    found = records.rehearsals.listed(row.id, kind.value, verdict=verdict, limit=PAGE, offset=(max(page, 1) - 1) * PAGE)
    return tuple(CaseLine(item=item, number=number, title=title) for item, number, title in found)
