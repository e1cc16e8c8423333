"""Sealing: the act `archive` asks for it when everything about a case is done, the outbox makes the package, once.

The act waits until nothing of the case is under way (documents being printed, messages being sent). What failed for good holds
nothing up: it has its incident, and whatever comes of it later is a supplement. The package is made outside of any transaction;
keeping it counts its place in the chain, so that a node may die at any step and the chain has neither a gap nor a fork.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from service.casework.acts.asking import asking
from service.casework.acts.outbox import PlainCarrier, put_out
from service.casework.acts.request import Request
from service.casework.archive.attached import ATTACHED
from service.casework.archive.describing import description, local
from service.casework.archive.filing import file_of
from service.casework.archive.gathering import OWN_SOURCES, Source, Subject, held_by, piece_hash, subject_of
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.seal_keys import archive_key
from service.casework.support_asking import end_moot
from service.documents.sealed import NOTHING_BEFORE, PackageHead, Piece, Sealed, link, pack
from service.documents.sealed.describing import index_html, metadata_xml
from service.rules.refusals import Conflict, Unavailable
from service.rules.retention import TERM_CODES
from service.rules.vocabulary import AgendaKind, JournalAction
from service.store.agenda import AgendaRow
from service.store.archives import PackageRow
from service.store.database import BUSY
from service.store.records import Records

ACT, CARRIER, SERIES = "archive", "archive", "DA/chain"
UNDER_WAY = frozenset({AgendaKind.ACT, AgendaKind.ACTION, AgendaKind.OUTBOX})
AGAIN, LATEST = timedelta(minutes=1), timedelta(days=1)
IN_MEMORY = 8 << 20
SOURCES: tuple[Source, ...] = (*ATTACHED, *OWN_SOURCES)


def archive(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """Ask for the next package of a case that has ended; asks again later while something of it is under way."""
    if file.row.ended_at is None:
        _ask_again(records, file.id, request, max(2 * (records.now - request.asked_at), AGAIN))
        return
    end_moot(records, file.id)
    rest = [row for row in records.agenda.of_case(file.id) if row.id != request.id and _under_way(row)]
    if any((row.detail or {}).get("carrier") == CARRIER for row in rest):
        return
    if rest:
        last = max(row.ready_at or records.now for row in rest)
        _ask_again(records, file.id, request, max(last - records.now + timedelta(seconds=1), AGAIN))
    elif _unsealed(records, file.id, file.version):
        file_of(office, records, file)
        put_out(records, carrier=CARRIER, ref=file.id, case_id=file.id, detail={"title": file.row.title})


def ask_for_archive(records: Records, case_id: UUID) -> None:
    """Something was added to an ended case: ask for a supplement, unless that is planned already."""
    planned = any(_asks(row) for row in records.agenda.of_case(case_id))
    if not planned:
        records.agenda.add([asking(case_id, ACT, element=None, inputs={}, values={}, now=records.now, place=900)])
        records.prompt = True


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A package to be made: of the case as it was at `version`."""

    subject: Subject
    pieces: tuple[Piece, ...]
    version: int
    sealed_at: datetime


@dataclass(kw_only=True)
class ArchiveCarrier(PlainCarrier):
    """Makes packages."""

    def take(self, office: Office, records: Records, row: AgendaRow) -> Errand | None:
        """Everything of the case as it is; None when a package holds it already."""
        case = records.cases.find(_case_of(row))
        if case is None or not _unsealed(records, case.id, case.version):
            return None
        file = records.archives.file(case.id)
        if file is None:
            return None
        subject = subject_of(office, records, case, file)
        pieces = tuple(piece for source in SOURCES for piece in source(office, records, subject))
        now = records.cases.find(case.id)
        if now is None or now.version != case.version:  # read again as a whole
            raise Unavailable(BUSY, "办件正在变动，请稍后再试。")
        return Errand(subject=subject, pieces=pieces, version=case.version, sealed_at=row.due_at)

    def carry(self, office: Office, row: AgendaRow, errand: Errand) -> Sealed:
        """Write the package and put it into the blob store; the same errand makes the same file."""
        held = held_by(errand.subject.earlier)
        rest = [one for one in errand.pieces if not held or (one.path, piece_hash(one)) not in held]
        head = _head(errand)
        names = ((index_html, "index.html", "卷内目录", "INDEX"), (metadata_xml, "metadata.xml", "元数据", "METADATA"))
        own = [Piece(path=path, title=title, kind=kind, content=b"") for _, path, title, kind in names]
        told = description(
            errand.subject, head, [*own, *rest], keeper=errand.subject.keeper, region=office.settings.region
        )
        first = [Piece(path=path, title=title, kind=kind, content=make(told)) for make, path, title, kind in names]
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as out:
            sealed = pack(out, head, [*first, *rest], key=archive_key(office))  # type: ignore[arg-type]
            stored = office.blobs.put(out)  # type: ignore[arg-type]
        if stored != sealed.digest:
            raise Conflict("ARCHIVE_CHANGED", "归档包写入存储后与生成时不一致，请检查存储。")
        return sealed

    def keep(self, office: Office, records: Records, row: AgendaRow, errand: Errand, result: Sealed) -> None:
        """The package takes its place in the chain; what came meanwhile goes into a supplement."""
        case = records.cases.find(_case_of(row))
        if case is None or len(records.archives.packages_of(case.id)) != errand.subject.part:
            return
        file = CaseFile(case)
        sequence = records.series.next(SERIES)  # whoever seals at the same moment waits here
        last = records.archives.last()
        if (last.sequence if last is not None else 0) != sequence - 1:
            raise Conflict("ARCHIVE_CHAIN", "归档链不完整：应接在第 {sequence} 包之后。", sequence=sequence - 1)
        previous = last.chain if last is not None else NOTHING_BEFORE
        chain = link(previous, sequence, result.manifest_hash, result.digest)
        write(
            records,
            file,
            JournalAction.ARCHIVE_SEALED,
            None,
            detail={
                "number": errand.subject.file.number,
                "part": errand.subject.part,
                "sequence": sequence,
                "manifest": result.manifest_hash,
                "chain": chain,
            },
        )
        whole = case.version == errand.version
        records.archives.seal(
            PackageRow(
                id=row.id,
                sequence=sequence,
                case_id=case.id,
                part=errand.subject.part,
                holds=errand.version,
                through=file.version if whole else errand.version,
                sealed_at=errand.sealed_at,
                digest=result.digest,
                size=result.size,
                manifest=result.manifest_hash,
                previous=previous,
                chain=chain,
                entries=[
                    {"path": one.path, "title": one.title, "kind": one.kind, "size": one.size, "sm3": one.sm3}
                    for one in result.manifest.entries
                ],
            )
        )
        put_back(records, file)
        if not whole:
            records.agenda.add([asking(case.id, ACT, element=None, inputs={}, values={}, now=records.now, place=900)])
            records.prompt = True


def _head(errand: Errand) -> PackageHead:
    file = errand.subject.file
    facts: Mapping[str, Any] = {
        "term": TERM_CODES[file.years],
        "keep_until": None if file.keep_until is None else file.keep_until.isoformat(),
        "year": file.year,
        "category": file.category,
        "department": file.department,
        "through": errand.version,
    }
    return PackageHead(
        number=file.number,
        case=errand.subject.case.business_key or str(errand.subject.case.id),
        title=file.title,
        part=errand.subject.part,
        sealed_at=local(errand.sealed_at),
        earlier=tuple(one.manifest for one in errand.subject.earlier),
        facts=facts,
    )


def _case_of(row: AgendaRow) -> UUID:
    if row.case_id is None:
        raise ValueError(f"expected errand {row.id} to have a case")
    return row.case_id


def _unsealed(records: Records, case_id: UUID, version: int) -> bool:
    return max((one.through for one in records.archives.packages_of(case_id)), default=0) < version


def _under_way(row: AgendaRow) -> bool:
    return row.kind in UNDER_WAY and row.ready_at is not None and not _asks(row)


def _asks(row: AgendaRow) -> bool:
    return row.kind == AgendaKind.ACT and (row.detail or {}).get("act") == ACT and row.ready_at is not None


def _ask_again(records: Records, case_id: UUID, request: Request, wait: timedelta) -> None:
    due = records.now + min(wait, LATEST)
    row = asking(
        case_id, ACT, element=request.element or None, inputs={}, values={}, now=request.asked_at, due=due, place=900
    )
    records.agenda.add([row])
