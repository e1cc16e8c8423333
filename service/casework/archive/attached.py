"""What other rooms keep of a case: documents with their PDF, certificates, materials, bills and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, BinaryIO

from service.casework.archive.gathering import Source, Subject, data_piece
from service.casework.office import Office
from service.documents.sealed import Piece
from service.rules.document_kinds import document_kind
from service.rules.material_files import BY_MEDIA_TYPE
from service.store.messages import MessageRow
from service.store.records import Records


def documents(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """文书: what was issued, also when it has become void, with the PDF that was printed; drafts are none yet."""
    rows = [one for one in records.documents.of_case(subject.case.id) if one.state != "DRAFT"]
    for number, row in enumerate(rows, 1):
        if row.digest is not None:
            void = "（作废）" if row.state == "VOID" else ""
            title = f"{document_kind(row.code).title} {row.number or ''}{void}".strip()
            yield Piece(
                path=f"documents/{number:03d}-{row.code}.pdf",
                title=title,
                kind="DOCUMENT",
                content=_opener(office, row.digest),
            )
    if rows:
        acceptances = [asdict(one) for one in records.documents.acceptances(subject.case.id)]
        content = {"documents": [asdict(one) for one in rows], "acceptances": acceptances}
        yield data_piece("documents.json", "文书登记", "DOCUMENT", content)


def certificates(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """证照 as they are now."""
    rows = records.certificates.of_case(subject.case.id)
    if rows:
        yield data_piece("certificates.json", "证照", "CERTIFICATE", {"certificates": [asdict(one) for one in rows]})


def materials(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """申请材料: every version that was handed in, by the lines of the checklist."""
    lines = {one.id: one for one in records.materials.lines(subject.case.id)}
    places = {one.id: one.position for one in lines.values()}
    versions = sorted(
        records.materials.versions(subject.case.id),
        key=lambda one: (places.get(one.material_id, 0), one.material_id.bytes, one.number),
    )
    for row in versions:
        line, kind = lines.get(row.material_id), BY_MEDIA_TYPE.get(row.media_type)
        ending = kind.endings[0] if kind is not None else "bin"
        state = "（已撤回）" if row.withdrawn_at is not None else ""
        place = f"{places.get(row.material_id, 0):03d}-{row.material_id.hex[:8]}-{row.number}"
        yield Piece(
            path=f"materials/{place}.{ending}",
            title=f"{line.name if line is not None else ''} {row.name}{state}".strip(),
            kind="MATERIAL",
            content=_opener(office, row.digest),
        )
    if lines:
        content = {
            "lines": [asdict(one) for one in lines.values()],
            "versions": [asdict(one) for one in versions],
        }
        yield data_piece("materials.json", "申请材料清单", "MATERIAL", content)


def bills(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """收费: bills with their lines, payments, refunds and exemptions."""
    rows = records.bills.of_case(subject.case.id)
    if rows:
        content = {
            "bills": [
                {
                    **asdict(one),
                    "payments": [asdict(payment) for payment in records.bills.payments_of(one.id)],
                    "refunds": [asdict(refund) for refund in records.bills.refunds_for(bill_id=one.id)],
                    "exemptions": [asdict(exemption) for exemption in records.bills.exemptions_of(one.id)],
                }
                for one in rows
            ],
            "lines": [asdict(one) for one in records.bills.lines_of([one.id for one in rows])],
        }
        yield data_piece("bills.json", "收费", "FEE", content)


def messages(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """通知: what was sent to whom. Addresses are masked in the table already; secret codes are left out."""
    rows = records.messages.of_case(subject.case.id)
    if rows:
        yield data_piece("messages.json", "通知", "MESSAGE", {"messages": [_without_codes(one) for one in rows]})


SECRET, HIDDEN = {"code", "otp"}, "******"
ATTACHED: tuple[Source, ...] = (documents, certificates, materials, bills, messages)


def _without_codes(row: MessageRow) -> dict[str, Any]:
    text, places = row.text, dict(row.places)
    for name in SECRET & places.keys():
        text = text.replace(str(places[name]), HIDDEN)
        places[name] = HIDDEN
    return {**asdict(row), "text": text, "places": places}


def _opener(office: Office, digest: str) -> Callable[[], BinaryIO]:
    return lambda: office.blobs.open(digest)
