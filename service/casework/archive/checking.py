"""Is the archive what it was (J-18): the chain row by row, packages in the store, blocks of the audit trail.

Every night both chains are gone through link by link, and as many packages and blocks of the audit trail are read as take a few
minutes, one after another round the archive. What is wrong is an incident, and a line of the ledger says that it was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid4, uuid5

from service.casework.acts.outbox import PlainCarrier, errand_row
from service.casework.archive.filing import ARCHIVED_KINDS
from service.casework.archive.sealing import ask_for_archive
from service.casework.audit.anchoring import note_anchor
from service.casework.audit.records import NIGHTLY as NIGHTLY_RECORDS
from service.casework.audit.records import verify_records
from service.casework.audit.sealing import seal_audit
from service.casework.audit.verifying import verify_audit
from service.casework.office import Office
from service.casework.seal_keys import archive_key, read_key
from service.documents.sealed import NOTHING_BEFORE, Verdict, link, read_links, verify, wrong_links
from service.documents.sealed.bundling import CHAIN as CHAIN_FILE
from service.rules.refusals import Missing, Refusal
from service.rules.vocabulary import IncidentKind, LedgerAction
from service.store.agenda import AgendaRow
from service.store.archives import PackageRow
from service.store.incidents import IncidentRow
from service.store.records import Records

CARRIER, CURSOR, AUDIT_CURSOR = "archive-check", "archive_checked", "audit_checked"
NIGHTLY = 200  # packages read in one night
NIGHTLY_BLOCKS, NIGHTLY_LINES = 30, 200_000  # of the audit trail; a block is a day's writing
SUPPLEMENTS = 500  # cases asked for in one night
PLACE = UUID("b3a7d9a4-3a62-5d1e-9b0c-6a5b9a3c1f70")  # namespace of what incidents are about
ERRAND = uuid5(PLACE, "check")
PAGE = 1000


__all__ = [
    "CHAIN_FILE",
    "Broken",
    "ChainReport",
    "CheckCarrier",
    "Verdict",
    "check_archive",
    "read_key",
    "read_links",
    "verify_chain",
    "verify_package",
    "wrong_links",
]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One thing that is not what it was. `sequence`: of the package, None for the ledger."""

    sequence: int | None
    case_id: UUID | None
    text: str


@dataclass(frozen=True, kw_only=True)
class ChainReport:
    """What going through the archive found. `last`: sequences of the package and of the piece of the ledger read last."""

    links: int
    packages: int
    audit: int
    last: tuple[int, int]
    broken: tuple[Broken, ...] = field(default_factory=tuple)


def verify_package(source: BinaryIO, *, key: bytes | None = None) -> Verdict:
    """Verify one package with nothing but the file."""
    return verify(source, key=key)


def verify_chain(
    office: Office,
    *,
    after: tuple[int, int] = (0, 0),
    most: tuple[int | None, int | None] = (None, None),
    lines: int | None = None,
) -> ChainReport:
    """Go through the chains; read packages and blocks of the audit trail after these sequences (round the archive), at most so many
    of each (None: all) and no further block when so many `lines` were read.
    """
    with office.reading() as records:
        rows = tuple(_chain(records))
    audit = verify_audit(office, after=after[1], most=most[1], most_lines=lines)
    tampered = verify_records(office, NIGHTLY_RECORDS).wrong
    broken = [*_broken_links(rows), *(Broken(sequence=None, case_id=None, text=one.text) for one in audit.wrong)]
    broken += (Broken(sequence=None, case_id=None, text=one.sentence()) for one in tampered)
    turned = [row for row in rows if row.sequence > after[0]] + [row for row in rows if row.sequence <= after[0]]
    key, last = archive_key(office), after[0]
    chosen = turned[: most[0]]
    for row in chosen:
        broken += _broken_package(office, row, key)
        last = row.sequence
    return ChainReport(
        links=len(rows),
        packages=len(chosen),
        audit=audit.blocks,
        last=(last, audit.last),
        broken=tuple(broken),
    )


def check_archive(office: Office, records: Records, rule: datetime) -> Mapping[str, Any]:
    """The nightly job: ask for what no package holds yet, send for the check."""
    wanting = records.archives.ended_unsealed(ARCHIVED_KINDS, SUPPLEMENTS)
    for case_id in wanting:
        ask_for_archive(records, case_id)
    if records.agenda.find(ERRAND) is None:  # one at a time, however many nights are made up for
        records.agenda.add([replace(errand_row(records.now, carrier=CARRIER, ref=ERRAND), id=ERRAND)])
        records.prompt = True
    return {"asked": len(wanting)}


@dataclass(kw_only=True)
class CheckCarrier(PlainCarrier):
    """Carries the check out."""

    def take(self, office: Office, records: Records, row: AgendaRow) -> tuple[int, int]:
        """Where the last check stopped."""
        return int(records.settings.get(CURSOR) or 0), int(records.settings.get(AUDIT_CURSOR) or 0)

    def carry(self, office: Office, row: AgendaRow, errand: tuple[int, int]) -> ChainReport:
        """Seal what was written since the last time, then go through everything."""
        seal_audit(office)
        note_anchor(office)
        return verify_chain(office, after=errand, most=(NIGHTLY, NIGHTLY_BLOCKS), lines=NIGHTLY_LINES)

    def keep(
        self, office: Office, records: Records, row: AgendaRow, errand: tuple[int, int], result: ChainReport
    ) -> None:
        """Note that it was looked at; what is wrong is an incident until it is put right."""
        records.settings.put(CURSOR, result.last[0])
        records.settings.put(AUDIT_CURSOR, result.last[1])
        detail = {
            "links": result.links,
            "packages": result.packages,
            "audit": result.audit,
            "broken": [one.text for one in result.broken][:20],
        }
        records.ledger.write(LedgerAction.ARCHIVE_CHECKED, None, "archive", detail)
        for one in result.broken:
            about = uuid5(PLACE, f"{one.sequence}:{one.text}")
            if not records.incidents.open_at(about):
                records.incidents.open(
                    [
                        IncidentRow(
                            id=uuid4(),
                            case_id=one.case_id,
                            definition_id=None,
                            kind=IncidentKind.ARCHIVE,
                            element=None,
                            token_id=about,
                            message=one.text,
                            opened_at=records.now,
                        )
                    ]
                )


def _chain(records: Records) -> Iterator[PackageRow]:
    after = 0
    while rows := records.archives.chain(after=after, limit=PAGE):
        yield from rows
        after = rows[-1].sequence


def _broken_links(rows: tuple[PackageRow, ...]) -> Iterator[Broken]:
    """Every package stands where it was sealed, and its link follows from the one before."""
    previous, expected = NOTHING_BEFORE, 1
    for row in rows:
        if row.sequence != expected:
            text = f"归档链第 {expected} 包缺失"
            yield Broken(sequence=expected, case_id=row.case_id, text=text)
        elif row.previous != previous or row.chain != link(previous, row.sequence, row.manifest, row.digest):
            text = f"归档链第 {row.sequence} 包的链值与登记的内容不符"
            yield Broken(sequence=row.sequence, case_id=row.case_id, text=text)
        previous, expected = row.chain, row.sequence + 1


def _broken_package(office: Office, row: PackageRow, key: bytes | None) -> Iterator[Broken]:
    """The file is in the store, whole, and the one that was registered."""
    try:
        with office.blobs.open(row.digest) as source:
            verdict = verify(source)
            if verdict.keyed and key is not None:
                verdict = verify(source, key=key)
    except Missing:
        yield Broken(sequence=row.sequence, case_id=row.case_id, text=f"归档链第 {row.sequence} 包的文件缺失")
        return
    except Refusal as refusal:
        text = f"归档链第 {row.sequence} 包无法读取：{refusal.sentence()}"
        yield Broken(sequence=row.sequence, case_id=row.case_id, text=text)
        return
    if not verdict.sound:
        text = f"归档链第 {row.sequence} 包已损坏：{verdict.damages[0].text}"
        yield Broken(sequence=row.sequence, case_id=row.case_id, text=text)
    elif (verdict.digest, verdict.manifest_hash) != (row.digest, row.manifest):
        text = f"归档链第 {row.sequence} 包不是登记的那一包"
        yield Broken(sequence=row.sequence, case_id=row.case_id, text=text)
