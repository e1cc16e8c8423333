"""免二次录入: what the applicant has handed in once is attached by itself or offered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.clockwork.book import day_of
from service.casework.journalling import CaseFile, case_file, put_back
from service.casework.materials.files import by_line, copy_to, current, note, readable
from service.casework.materials.rights import find_line, require_bringer
from service.casework.rights import may_read
from service.rules.materials import Origin, Source, Verdict, is_valid
from service.rules.refusals import Conflict
from service.rules.vocabulary import JournalAction
from service.store.materials import MaterialRow, SharedRow, VersionRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

MOST_OFFERS = 12
MOST_CASES = 30


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Something that could be used again. `id`: of the version or of the document in the base (`shared`)."""

    id: UUID
    shared: bool
    name: str
    media_type: str
    size: int
    pages: int | None
    at: datetime
    valid_to: date | None
    issuer: str
    thumbnail: bool
    case_number: str
    case_title: str


def attach_known(
    records: Records, file: CaseFile, lines: Collection[MaterialRow], siblings: Collection[MaterialRow]
) -> None:
    """Attach to new lines what other items of the case have, and to 共 lines what the base has and is still valid."""
    wanted = [line for line in lines if line.source != Source.FORM]
    taken = {line.id: found for line, found in _from_siblings(records, file, wanted, siblings)}
    left = [line for line in wanted if line.source == Source.SHARED and line.subject and line.id not in taken]
    for subject in {line.subject for line in left if line.subject}:
        kinds = {line.kind for line in left if line.subject == subject}
        known = records.materials.shared(subject, kinds)
        for line in left:
            document = known.get(line.kind)
            if line.subject == subject and document is not None and usable(document, day_of(records.now)):
                taken[line.id] = [copy_to(line, document, origin=Origin.SHARED, number=1, records=records, by=None)]
    records.materials.add_versions([row for rows in taken.values() for row in rows])
    for line in lines:
        for version in taken.get(line.id, ()):
            note(records, file, JournalAction.MATERIAL_ATTACHED, None, line, version)


def spread(records: Records, file: CaseFile, line: MaterialRow, version: VersionRow) -> None:
    """Give a file that has just come to the lines of the case that ask for the same document and have none."""
    if line.source == Source.FORM or not readable(version):
        return
    have = by_line(records.materials.versions(file.id))
    others = [
        other
        for other in records.materials.lines(file.id)
        if other.kind == line.kind
        and other.id != line.id
        and other.source != Source.FORM
        and not current(have.get(other.id, ()))
    ]
    rows = [
        copy_to(
            other,
            version,
            origin=Origin.SIBLING,
            number=len(have.get(other.id, ())) + 1,
            records=records,
            by=version.uploaded_by,
        )
        for other in others
    ]
    records.materials.add_versions(rows)
    for other, row in zip(others, rows, strict=True):
        note(records, file, JournalAction.MATERIAL_ATTACHED, None, other, row)


def usable(row: VersionRow | SharedRow, today: date) -> bool:
    """Whether it may still be handed in: valid, and nothing was found in it."""
    return Verdict(row.verdict) in (Verdict.CLEAN, Verdict.UNSCANNED) and is_valid(row.valid_to, today)


def offers_for(office: Office, actor: Actor, material_id: UUID) -> tuple[Offer, ...]:
    """What the same applicant has handed in before for such a line, the base first, then the newest.

    Only of cases the actor may read. Refused: MATERIAL_NOT_FOUND, MATERIAL_FORBIDDEN.
    """
    with office.reading() as records:
        line, row = find_line(records, actor, material_id)
        require_bringer(records, actor, row)
        return tuple(offer for offer, _ in _candidates(records, actor, line))


def reuse_material(office: Office, actor: Actor, material_id: UUID, chosen: UUID) -> UUID:
    """Attach something that was offered; the id of the new version, or of the one that is there already.

    Refused: MATERIAL_NOT_FOUND, MATERIAL_FORBIDDEN, CASE_ENDED, CASE_SUSPENDED, OFFER_GONE.
    """

    def attempt() -> UUID:
        with office.transaction() as records:
            line, row = find_line(records, actor, material_id)
            require_bringer(records, actor, row)
            file = case_file(records.cases.lock(row.id))
            source = next((found for offer, found in _candidates(records, actor, line) if offer.id == chosen), None)
            if source is None:
                raise Conflict("OFFER_GONE", "这份材料已不能复用：可能已过有效期，或者您无权查看。")
            versions = by_line(records.materials.versions(file.id)).get(line.id, ())
            same = next((one for one in current(versions) if one.digest == source.digest), None)
            if same is not None:
                return same.id
            origin = Origin.SHARED if isinstance(source, SharedRow) else Origin.EARLIER
            made = copy_to(line, source, origin=origin, number=len(versions) + 1, records=records, by=actor.username)
            records.materials.add_versions([made])
            records.materials.change_line(line.id, seen_by=None, seen_at=None, examined_by=None, examined_at=None)
            note(records, file, JournalAction.MATERIAL_ATTACHED, actor, line, made)
            spread(records, file, line, made)
            put_back(records, file)
            return made.id

    return office.attempt(attempt)


def _from_siblings(
    records: Records, file: CaseFile, lines: Collection[MaterialRow], siblings: Collection[MaterialRow]
) -> Iterator[tuple[MaterialRow, list[VersionRow]]]:
    kinds = {line.kind for line in lines}
    known = [other for other in siblings if other.kind in kinds and other.source != Source.FORM]
    if not known:
        return
    have, today = by_line(records.materials.versions(file.id)), day_of(records.now)
    for line in lines:
        for other in known:
            files = [one for one in current(have.get(other.id, ())) if usable(one, today)]
            if other.kind == line.kind and files:
                yield (
                    line,
                    [
                        copy_to(line, one, origin=Origin.SIBLING, number=number, records=records, by=one.uploaded_by)
                        for number, one in enumerate(files, start=1)
                    ],
                )
                break


def _candidates(records: Records, actor: Actor, line: MaterialRow) -> Iterator[tuple[Offer, VersionRow | SharedRow]]:
    if line.subject is None or line.source == Source.FORM:
        return
    today, seen, cases = day_of(records.now), set[str](), dict[UUID, tuple[bool, str, str]]()
    document = records.materials.shared(line.subject, [line.kind]).get(line.kind)
    if document is not None and usable(document, today):
        seen.add(document.digest)
        yield _offer(document, "", ""), document
    for version, _ in records.materials.earlier(line.subject, [line.kind], apart=line.case_id):
        if len(seen) >= MOST_OFFERS:
            return
        if version.digest in seen or not usable(version, today):
            continue
        if version.case_id not in cases:
            if len(cases) >= MOST_CASES:
                return
            row = records.cases.find(version.case_id)
            allowed = row is not None and may_read(records, actor, row)
            cases[version.case_id] = (allowed, (row and row.business_key) or "", (row and row.title) or "")
        allowed, number, title = cases[version.case_id]
        if allowed:
            seen.add(version.digest)
            yield _offer(version, number, title), version


def _offer(row: VersionRow | SharedRow, number: str, title: str) -> Offer:
    return Offer(
        id=row.id,
        shared=isinstance(row, SharedRow),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        pages=row.pages,
        at=row.kept_at if isinstance(row, SharedRow) else row.uploaded_at,
        valid_to=row.valid_to,
        issuer=row.issuer,
        thumbnail=row.thumbnail is not None and isinstance(row, VersionRow),
        case_number=number,
        case_title=title,
    )
