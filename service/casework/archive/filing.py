"""案卷: the file of a case is opened once, with its number (档号), its category and how long it is kept."""

from __future__ import annotations

from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.projection import clocks_of
from service.rules.retention import DEFAULTS, Retention, archive_number, archive_series, category_of
from service.store.archives import ArchiveFileRow
from service.store.records import Records

ARCHIVED_KINDS = ("ITEM", "CHAIN")  # of processes; others are filed when a diagram asks for it
LONGEST_TITLE = 255


def file_of(office: Office, records: Records, file: CaseFile) -> ArchiveFileRow:
    """The file of a case that has ended, opened when there is none yet; its number is counted in this transaction."""
    known = records.archives.file(file.id)
    if known is not None:
        return known
    closed_at = file.row.ended_at or records.now
    closed_on = closed_at.astimezone(office.settings.time_zone).date()
    program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
    zw = program.attributes(file.row.key)
    move = clocks_of(records, file, program)
    rule = term_of(records, category_of(zw.get("item"), zw.get("kind")))
    serial = records.series.next(archive_series(closed_on.year, rule.years))
    row = ArchiveFileRow(
        case_id=file.id,
        number=archive_number(office.settings.region, closed_on.year, rule.years, serial),
        year=closed_on.year,
        category=rule.category,
        department=move.drawn.department(file.row.key) if move is not None else None,
        title=(file.row.title or file.row.business_key or file.row.key)[:LONGEST_TITLE],
        closed_at=closed_at,
        opened_at=records.now,
        years=rule.years,
        keep_until=rule.until(closed_on),
    )
    records.archives.open(row)
    return row


def term_of(records: Records, category: str) -> Retention:
    """How long files of a category are kept: as the archivist decided, else as shipped."""
    years, basis = records.archives.rules().get(category, DEFAULTS[category])
    return Retention(category=category, years=years, basis=basis)
