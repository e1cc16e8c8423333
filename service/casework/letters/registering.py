"""登记, 生效 and 撤回 of a letter: the head of the department gives it, the security administrator lets it count (P27)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING
from uuid import UUID, uuid4

from service.casework.posts import CHIEF, HEAD, LEADER, REVIEWERS
from service.received import examine
from service.rules.letters import EVERY_ITEM, MOST_YEARS, LetterState, Power, missing_powers, overlap
from service.rules.material_files import LARGEST_FILE, clean_name
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.letters import LetterRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.people import Person
    from service.store.records import Records

MAY_ACTIVATE = ("security_admin",)
REGISTRARS = ("business_office",)
GRANTEES = (CHIEF, LEADER)  # who decides for a department besides its head (P10)
DEPUTIES = (CHIEF, LEADER, HEAD, *REVIEWERS)
LONGEST_REASON = 300
LONGEST_NAME = 60
SERIES = "SQ"  # SQ-104-2026-001


@dataclass(frozen=True, kw_only=True)
class LetterForm:
    """What is registered. `items`: codes, or `*` for every item of the department; days are inclusive."""

    department: str
    grantor: str
    grantee: str
    deputy: str
    items: tuple[str, ...]
    powers: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


def register_letter(
    office: Office, actor: Actor, form: LetterForm, scan: IO[bytes] | None = None, scan_name: str = ""
) -> LetterRow:
    """Put a signed letter on the register; it counts once the security administrator has activated it.

    By the head of the department or the business office. `scan`: the signed paper. Refused: Forbidden LETTER_FORBIDDEN;
    Invalid naming the field: LETTER_DEPARTMENT, LETTER_GRANTOR, LETTER_GRANTEE, LETTER_DEPUTY, LETTER_ITEMS, LETTER_POWERS,
    LETTER_DAYS, LETTER_SCAN and what `received.examine` refuses of a file.
    """
    _require_registrar(actor, form.department)
    kept = _keep_scan(office, scan, scan_name)

    def attempt() -> LetterRow:
        with office.transaction() as records:
            grantee, deputy = _checked(records, form)
            assert form.valid_from is not None and form.valid_to is not None
            year = form.valid_from.year
            count = records.series.next(f"{SERIES}/{form.department}/{year}")
            row = LetterRow(
                id=uuid4(),
                number=f"{SERIES}-{form.department}-{year}-{count:03d}",
                department=form.department,
                grantor=form.grantor.strip(),
                grantee=grantee.username,
                deputy=None if deputy is None else deputy.username,
                items=[EVERY_ITEM] if EVERY_ITEM in form.items else sorted(set(form.items)),
                powers=[one.value for one in Power if one.value in form.powers],
                valid_from=form.valid_from,
                valid_to=form.valid_to,
                scan=kept[0],
                scan_name=kept[1],
                scan_type=kept[2],
                state=LetterState.DRAFT.value,
                registered_by=actor.username,
                registered_at=records.now,
            )
            records.letters.add([row])
            records.ledger.write(LedgerAction.LETTER_REGISTERED, actor.username, row.number, noted(row))
            return row

    return office.attempt(attempt)


def activate_letter(office: Office, actor: Actor, letter_id: UUID) -> LetterRow:
    """Let a registered letter count. A 首席代表's needs a named stand-in, and no other 首席代表 with a letter for these days.

    Refused: Forbidden LETTER_ACTIVATION; Missing LETTER_NOT_FOUND; Conflict LETTER_STATE, LETTER_EXPIRED, CHIEF_EXISTS,
    LETTER_NO_DEPUTY.
    """
    if not actor.has(*MAY_ACTIVATE):
        raise Forbidden("LETTER_ACTIVATION", "只有安全管理员可以使授权委托书生效")

    def attempt() -> LetterRow:
        with office.transaction() as records:
            seen = records.letters.find(letter_id)
            if seen is not None:  # race: of two letters activated at once the second sees the first
                records.letters.lock_department(seen.department)
            row = _locked(records, letter_id)
            _require_state(records, row, LetterState.DRAFT)
            if row.valid_to < records.now.astimezone(SHANGHAI).date():
                raise Conflict("LETTER_EXPIRED", "授权委托书 {number} 的期限已过", number=row.number)
            person = records.people.find(row.grantee)
            if person is not None and CHIEF in person.roles:
                if row.deputy is None:
                    raise Conflict("LETTER_NO_DEPUTY", "首席代表的授权委托书应写明代理人")
                _require_only(records, row)
            records.letters.change(
                row.id,
                {"state": LetterState.ACTIVE.value, "activated_by": actor.username, "activated_at": records.now},
            )
            records.ledger.write(LedgerAction.LETTER_ACTIVATED, actor.username, row.number, noted(row))
            return records.letters.find(row.id) or row

    return office.attempt(attempt)


def withdraw_letter(office: Office, actor: Actor, letter_id: UUID, reason: str) -> LetterRow:
    """撤回, at once and for good: what was decided before stays decided.

    By the head of the department, the business office or the security administrator. Refused: Forbidden LETTER_FORBIDDEN;
    Missing LETTER_NOT_FOUND; Conflict LETTER_STATE; Invalid REASON_MISSING, REASON_LONG.
    """
    why = " ".join(reason.split())
    if not why:
        raise refuse("reason", "REASON_MISSING", "请写明理由")
    if len(why) > LONGEST_REASON:
        raise refuse("reason", "REASON_LONG", "理由不能超过 {most} 个字", most=LONGEST_REASON)

    def attempt() -> LetterRow:
        with office.transaction() as records:
            row = _locked(records, letter_id)
            if not actor.has(*MAY_ACTIVATE):
                _require_registrar(actor, row.department)
            _require_state(records, row, LetterState.DRAFT, LetterState.ACTIVE)
            changes = {
                "state": LetterState.WITHDRAWN.value,
                "withdrawn_by": actor.username,
                "withdrawn_at": records.now,
                "reason": why,
            }
            records.letters.change(row.id, changes)
            detail = {**noted(row), "reason": why}
            records.ledger.write(LedgerAction.LETTER_WITHDRAWN, actor.username, row.number, detail)
            return records.letters.find(row.id) or row

    return office.attempt(attempt)


def noted(row: LetterRow) -> dict[str, object]:
    """What the ledger says of a letter."""
    return {
        "department": row.department,
        "grantee": row.grantee,
        "deputy": row.deputy,
        "items": list(row.items),
        "powers": list(row.powers),
        "from": row.valid_from.isoformat(),
        "to": row.valid_to.isoformat(),
    }


def may_register(actor: Actor, department: str) -> bool:
    """The head of the department gives its letters; the business office keeps the register for all."""
    return actor.has(*REGISTRARS) or (actor.has(HEAD) and actor.department == department)


def _require_registrar(actor: Actor, department: str) -> None:
    if not may_register(actor, department):
        raise Forbidden("LETTER_FORBIDDEN", "只有部门主要负责人和业务科可以登记、撤回本部门的授权委托书")


def _locked(records: Records, letter_id: UUID) -> LetterRow:
    row = records.letters.find(letter_id, lock=True)
    if row is None:
        raise Missing("LETTER_NOT_FOUND", "没有这份授权委托书")
    return row


def _require_state(records: Records, row: LetterRow, *states: LetterState) -> None:
    if row.state not in states:
        who = row.withdrawn_by or row.activated_by or row.registered_by
        name = records.people.names([who]).get(who, who)
        raise Conflict("LETTER_STATE", "授权委托书 {number} 已由 {who} 处理", number=row.number, who=name)


def _require_only(records: Records, row: LetterRow) -> None:
    """Exactly one active 首席代表 per department at any time (DF-13)."""
    span = (row.valid_from, row.valid_to)
    for other in records.letters.listing(row.department):
        if other.state != LetterState.ACTIVE or other.grantee == row.grantee:
            continue
        person = records.people.find(other.grantee)
        if person is None or CHIEF not in person.roles or not overlap(span, (other.valid_from, other.valid_to)):
            continue
        raise Conflict(
            "CHIEF_EXISTS",
            "本部门同期已有首席代表{person}的授权委托书 {number}，应先撤回",
            person=person.name,
            number=other.number,
        )


def _checked(records: Records, form: LetterForm) -> tuple[Person, Person | None]:
    """Who is named. Refused: Invalid naming the field."""
    if records.people.department(form.department) is None:
        raise refuse("department", "LETTER_DEPARTMENT", "请选择部门")
    if not 1 <= len(form.grantor.strip()) <= LONGEST_NAME:
        raise refuse("grantor", "LETTER_GRANTOR", "请写明委托人（部门主要负责人）的姓名")
    grantee = records.people.find(form.grantee) if form.grantee else None
    if grantee is None or not _fits(grantee, form.department, GRANTEES):
        raise refuse("grantee", "LETTER_GRANTEE", "受委托人应是本部门在岗的首席代表或分管领导")
    deputy = records.people.find(form.deputy) if form.deputy else None
    if form.deputy and (
        deputy is None or deputy.username == grantee.username or not _fits(deputy, form.department, DEPUTIES)
    ):
        raise refuse("deputy", "LETTER_DEPUTY", "代理人应是本部门在岗位上的其他人员")
    if CHIEF in grantee.roles and deputy is None:
        raise refuse("deputy", "LETTER_DEPUTY", "首席代表的授权委托书应写明代理人")
    if not form.items or not set(form.items) <= item_codes(records, form.department) | {EVERY_ITEM}:
        raise refuse("items", "LETTER_ITEMS", "请选择本部门的事项，或者“全部事项”")
    if not form.powers or missing_powers(form.powers):
        raise refuse("powers", "LETTER_POWERS", "请选择授予的权限")
    if form.valid_from is None or form.valid_to is None or form.valid_to < form.valid_from:
        raise refuse("valid_to", "LETTER_DAYS", "期限的结束日期应不早于开始日期")
    if form.valid_to - form.valid_from > timedelta(366 * MOST_YEARS):
        raise refuse("valid_to", "LETTER_DAYS", "一份授权委托书最长 {years} 年", years=MOST_YEARS)
    return grantee, deputy


def item_codes(records: Records, department: str) -> set[str]:
    """The items of a department in force now."""
    return {one.code for one in records.register.current(records.now) if one.department == department}


def _fits(person: Person, department: str, roles: tuple[str, ...]) -> bool:
    return person.active and person.department == department and not person.roles.isdisjoint(roles)


def _keep_scan(office: Office, scan: IO[bytes] | None, name: str) -> tuple[str | None, str, str]:
    """The signed paper, examined like every file of others, in the blob store: digest, name, media type."""
    content = scan.read(LARGEST_FILE + 1) if scan is not None else b""
    if not content:
        return None, "", ""
    if len(content) > LARGEST_FILE:
        raise refuse("scan", "LETTER_SCAN", "文件太大")
    name = clean_name(name)[:120]
    with tempfile.TemporaryDirectory(prefix="lianban-") as folder:
        draft = Path(folder) / "file"
        draft.write_bytes(content)
        looked = examine(draft, name=name, scan=False)
    return office.blobs.put(content, limit=LARGEST_FILE), name, looked.media_type
