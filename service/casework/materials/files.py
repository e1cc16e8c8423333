"""What stands for a line at present: files that were neither replaced nor withdrawn; and how one more is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.journalling import CaseFile, write
from service.rules.materials import READABLE, Origin, Verdict
from service.rules.vocabulary import JournalAction
from service.store.materials import MaterialRow, SharedRow, VersionRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.store.records import Records


def current(versions: Iterable[VersionRow]) -> tuple[VersionRow, ...]:
    """The files of one line that count, in the order they came."""
    rows = tuple(versions)
    replaced = {row.replaces for row in rows}
    return tuple(row for row in rows if row.id not in replaced and row.withdrawn_at is None)


def by_line(versions: Iterable[VersionRow]) -> Mapping[UUID, tuple[VersionRow, ...]]:
    """Versions of a case by the line they were handed in for."""
    found: dict[UUID, list[VersionRow]] = {}
    for row in versions:
        found.setdefault(row.material_id, []).append(row)
    return {material: tuple(rows) for material, rows in found.items()}


def readable(row: VersionRow) -> bool:
    """Whether the scanner lets anybody open it."""
    return Verdict(row.verdict) in READABLE


def copy_to(
    line: MaterialRow,
    source: VersionRow | SharedRow,
    *,
    origin: Origin,
    number: int,
    records: Records,
    by: str | None,
    replaces: UUID | None = None,
    reason: str = "",
) -> VersionRow:
    """A file known already, as a version of another line."""
    found = source.case_id if isinstance(source, VersionRow) else source.source_case
    return VersionRow(
        id=uuid4(),
        material_id=line.id,
        case_id=line.case_id,
        number=number,
        digest=source.digest,
        thumbnail=source.thumbnail,
        name=source.name,
        media_type=source.media_type,
        size=source.size,
        pages=source.pages,
        dpi=source.dpi if isinstance(source, VersionRow) else None,
        origin=origin.value,
        origin_case=found,
        replaces=replaces,
        reason=reason,
        uploaded_by=by,
        uploaded_at=records.now,
        valid_to=source.valid_to,
        issuer=source.issuer,
        verdict=source.verdict,
        scanned_at=source.scanned_at,
    )


def told(line: MaterialRow, version: VersionRow | None = None, **more: Any) -> dict[str, Any]:
    """What the journal says of a line and one of its files."""
    detail: dict[str, Any] = {"material": line.name, "line": str(line.id)}
    if line.scope_id != line.case_id:
        detail["scope"] = str(line.scope_id)
    if version is not None:
        detail |= {
            "version": str(version.id),
            "number": version.number,
            "file": version.name,
            "digest": version.digest,
            "origin": version.origin,
        }
    return detail | {name: value for name, value in more.items() if value not in (None, "")}


def note(
    records: Records,
    file: CaseFile,
    action: JournalAction,
    actor: Actor | None,
    line: MaterialRow,
    version: VersionRow | None = None,
    **more: Any,
) -> None:
    """One journal line about a material."""
    write(records, file, action, actor, detail=told(line, version, **more))
