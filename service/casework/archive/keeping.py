"""Paper beside the file (SM-39), and how long files are kept."""

from __future__ import annotations

import re
from uuid import UUID

from service.casework.actors import Actor
from service.casework.archive.filing import term_of
from service.casework.archive.rights import require_filer, require_keeper, require_seer
from service.casework.office import Office
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.retention import CATEGORIES, Retention, retention
from service.rules.vocabulary import LedgerAction
from service.store.archives import PlaceRow

BOX = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿\-]{0,39}")
POSITION = re.compile(r"[0-9]{1,4}")


def lay_paper(office: Office, actor: Actor, case_id: UUID, box: str, position: str) -> PlaceRow:
    """Where the paper of a filed case lies from now on; where it lay before stays written.

    Refused: Forbidden ARCHIVE_FILERS_ONLY; Missing ARCHIVE_FILE; Invalid ARCHIVE_BOX, ARCHIVE_POSITION; Conflict
    ARCHIVE_PLACE_TAKEN.
    """
    require_filer(actor)
    box, position = box.strip(), position.strip()
    if not BOX.fullmatch(box):
        raise refuse("box", "ARCHIVE_BOX", "盒号由字母、数字、汉字和横线组成，不超过 40 位，如 2026-104-07。")
    if not POSITION.fullmatch(position) or int(position) == 0:
        raise refuse("position", "ARCHIVE_POSITION", "盒内位置应为 1 到 9999 的数字。")
    position = str(int(position))

    def act() -> PlaceRow:
        with office.transaction() as records:
            records.cases.lock(case_id)
            file = records.archives.file(case_id)
            if file is None:
                raise Missing("ARCHIVE_FILE", "这个办件还没有归档。")
            other = records.archives.lies_at(box, position)
            row = PlaceRow(
                case_id=case_id, box=box, position=position, recorded_by=actor.username, recorded_at=records.now
            )
            if other == case_id:
                return row
            if other is not None:
                taken = records.archives.file(other)
                raise Conflict(
                    "ARCHIVE_PLACE_TAKEN",
                    "{box} 盒第 {position} 位已放档号 {number} 的案卷。",
                    box=box,
                    position=position,
                    number=taken.number if taken is not None else "",
                )
            records.archives.lay(row)
            detail = {"box": box, "position": position}
            records.ledger.write(LedgerAction.ARCHIVE_PLACED, actor.username, file.number, detail)
            return row

    return office.attempt(act)


def retention_rules(office: Office, actor: Actor) -> tuple[Retention, ...]:
    """How long every category is kept. Refused: Forbidden ARCHIVE_FORBIDDEN."""
    require_seer(actor)
    with office.reading() as records:
        return tuple(term_of(records, category) for category in CATEGORIES)


def set_term(office: Office, actor: Actor, category: str, years: int | None, basis: str) -> Retention:
    """How long files of a category opened from now on are kept; those there are keep their term.

    Refused: Forbidden ARCHIVISTS_ONLY; Invalid as `rules.retention.retention`.
    """
    require_keeper(actor)
    rule = retention(category, years, basis)
    with office.transaction() as records:
        before = term_of(records, category)
        if (before.years, before.basis) != (rule.years, rule.basis):
            records.archives.put_rule(category, rule.years, rule.basis, actor.username)
            detail = {"before": before.years, "after": rule.years, "basis": rule.basis}
            records.ledger.write(LedgerAction.ARCHIVE_TERM_SET, actor.username, category, detail)
    return rule
