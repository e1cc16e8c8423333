"""Changing an item in pages: drafted by one person, checked by 法制 where the law is touched, published by another of 业务科."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.register.agreeing import new_circles
from service.casework.register.deploying import check_effect, check_order
from service.casework.register.effects import forget_effect, tell_effect
from service.casework.register.rights import LEGAL, require_office, require_proposer
from service.casework.register.rows import Source, card_of, columns_of, digest_of, published_row
from service.rules.item_checks import check_card, check_change
from service.rules.item_diff import Difference, differences, needs_legal_check
from service.rules.item_reading import items_invalid, read_card
from service.rules.item_words import ItemStatus
from service.rules.items import ItemCard
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.register import DRAFT, PUBLISHED, SUBMITTED, WITHDRAWN, VersionRow

SHORTEST_NOTE = 4


def save_draft(
    office: Office,
    actor: Actor,
    data: Mapping[str, Any] | ItemCard,
    *,
    note: str,
    seen: str | None = None,
    source: Source = Source.PAGE,
) -> VersionRow:
    """Write down a change of an item, or a new item; nothing of it is in force. `seen`: digest of what it was made from.

    Refused: Forbidden ITEM_FORBIDDEN; Invalid ITEM_INVALID with every field, ITEM_NOTE_MISSING, ITEM_UNCHANGED;
    Conflict ITEM_DRAFT_CHANGED, ITEM_IN_REVIEW.
    """
    card = data if isinstance(data, ItemCard) else read_card(data)
    require_proposer(actor, card.department)
    note = checked_note(note)
    with office.transaction() as records:
        return put_draft(records, actor, card, note=note, seen=seen, source=source)


def put_draft(
    records: Records, actor: Actor, card: ItemCard, *, note: str, seen: str | None = None, source: Source = Source.PAGE
) -> VersionRow:
    """The same inside a transaction."""
    register = records.register
    if register.lock(card.code) is None:
        register.add_items({card.code: card.department})
    latest = register.latest([card.code]).get(card.code)
    before = None if latest is None else card_of(latest)
    problems = check_card(card) or check_change(before, card)
    if problems:
        raise items_invalid(problems)
    if latest is not None and latest.digest == digest_of(card):
        raise refuse("card", "ITEM_UNCHANGED", "内容与现行版本相同，没有需要保存的修改。")
    draft = register.open_draft(card.code)
    if draft is not None and draft.state == SUBMITTED:
        raise _in_review()
    made_from = draft or latest
    if seen is not None and made_from is not None and made_from.digest != seen:
        raise Conflict("ITEM_DRAFT_CHANGED", "该事项刚刚被{name}修改，请核对后再保存。", name=made_from.drafted_by)
    values = {**columns_of(card), "note": note, "drafted_by": actor.username, "drafted_at": records.now, "answer": ""}
    if draft is not None:
        register.change(draft.id, **values)
        row = replace(draft, **values)
    else:
        based_on = None if latest is None else latest.version
        row = VersionRow(
            id=uuid4(), code=card.code, version=None, state=DRAFT, based_on=based_on, source=source.value, **values
        )
        register.add([row])
    records.ledger.write(LedgerAction.ITEM_DRAFTED, actor.username, card.code, {"note": note, "source": source.value})
    return row


def to_edit(office: Office, actor: Actor, code: str) -> tuple[ItemCard, str, str]:
    """The card to change (of the open draft, else of the latest version), its digest and the draft's reason.

    Refused: Missing ITEM_MISSING; Forbidden ITEM_FORBIDDEN; Conflict ITEM_IN_REVIEW.
    """
    with office.reading() as records:
        draft = records.register.open_draft(code)
        row = draft or records.register.latest([code]).get(code)
        if row is None:
            raise _missing(code)
        require_proposer(actor, row.department)
        if draft is not None and draft.state == SUBMITTED:
            raise _in_review()
        return card_of(row), row.digest, draft.note if draft else ""


def differences_with(office: Office, actor: Actor, data: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What a change would change, without keeping it. Refused as `save_draft`, but for the reason."""
    card = read_card(data)
    require_proposer(actor, card.department)
    with office.reading() as records:
        latest = records.register.latest([card.code]).get(card.code)
    before = None if latest is None else card_of(latest)
    if problems := check_card(card) or check_change(before, card):
        raise items_invalid(problems)
    return differences(before, card)


def submit_draft(office: Office, actor: Actor, draft_id: UUID) -> VersionRow:
    """Ask for the review. Refused: Forbidden ITEM_FORBIDDEN; Missing ITEM_DRAFT_MISSING; Conflict ITEM_DRAFT_STATE."""
    with office.transaction() as records:
        row = _open(records, draft_id, DRAFT)
        require_proposer(actor, row.department)
        return _change(records, actor, row, LedgerAction.ITEM_SUBMITTED, state=SUBMITTED, submitted_at=records.now)


def check_draft(office: Office, actor: Actor, draft_id: UUID) -> VersionRow:
    """法制审核 has no objection. Refused: Forbidden ITEM_LEGAL_ONLY, ITEM_OWN_DRAFT; Missing, Conflict as above."""
    if not actor.has(LEGAL):
        raise Forbidden("ITEM_LEGAL_ONLY", "只有法制审核员可以出具法制审核意见。")
    with office.transaction() as records:
        row = _open(records, draft_id, SUBMITTED)
        _another_person(actor, row)
        values = {"legal_by": actor.username, "legal_at": records.now}
        return _change(records, actor, row, LedgerAction.ITEM_CHECKED, **values)


def return_draft(office: Office, actor: Actor, draft_id: UUID, *, answer: str) -> VersionRow:
    """Back to whoever drafted it, with the reason. Refused: as `publish_draft`, Invalid ITEM_NOTE_MISSING."""
    answer = checked_note(answer, field="answer")
    with office.transaction() as records:
        row = _open(records, draft_id, SUBMITTED)
        if not actor.has(LEGAL):
            require_office(actor)
        values = {"state": DRAFT, "answer": answer, "submitted_at": None, "legal_by": None, "legal_at": None}
        return _change(records, actor, row, LedgerAction.ITEM_RETURNED, **values)


def drop_draft(office: Office, actor: Actor, draft_id: UUID) -> VersionRow:
    """Give a draft up. Refused: as `submit_draft`."""
    with office.transaction() as records:
        row = _open(records, draft_id, DRAFT)
        require_proposer(actor, row.department)
        return _change(records, actor, row, LedgerAction.ITEM_DROPPED, state=WITHDRAWN)


def publish_draft(
    office: Office, actor: Actor, draft_id: UUID, *, effective_from: datetime | None = None
) -> VersionRow:
    """Make the draft a version, in force at once or from an instant on. Running cases stay with theirs.

    Refused: Forbidden ITEM_OFFICE_ONLY, ITEM_OWN_DRAFT; Missing ITEM_DRAFT_MISSING; Conflict ITEM_DRAFT_STATE,
    ITEM_LEGAL_FIRST, ITEM_DRAFT_OUTDATED, ITEM_EFFECTIVE_ORDER; Invalid ITEM_EFFECTIVE_PAST, ITEM_INVALID.
    """
    require_office(actor)
    with office.transaction() as records:
        row = _open(records, draft_id, SUBMITTED)
        _another_person(actor, row)
        return publish(records, actor, row, check_effect(records.now, effective_from))


def publish(records: Records, actor: Actor, row: VersionRow, at: datetime) -> VersionRow:
    """The same inside a transaction, for one draft that waits."""
    register = records.register
    number = register.lock(row.code) or 0
    latest = register.latest([row.code]).get(row.code)
    if (latest.version if latest else None) != row.based_on:
        raise Conflict("ITEM_DRAFT_OUTDATED", "起草后已有新的版本发布，请退回并重新核对。")
    before, card = None if latest is None else card_of(latest), card_of(row)
    circle = tuple(problem for _, problem in new_circles(records, [card]))
    if problems := check_card(card) or check_change(before, card) or circle:
        raise items_invalid(problems)
    if row.legal_by is None and needs_legal_check(before, card):
        raise Conflict("ITEM_LEGAL_FIRST", "依据、法定时限、默许或收费有变动，须先经法制审核。")
    check_order(latest, at)
    register.count(row.code, number + 1)
    values = {"version": number + 1, "decided_by": actor.username, "decided_at": records.now, "effective_from": at}
    made = _change(records, actor, row, LedgerAction.ITEM_PUBLISHED, state=PUBLISHED, **values)
    tell_effect(records, [made])
    return made


def withdraw_version(office: Office, actor: Actor, code: str, *, answer: str) -> VersionRow:
    """Take back a version that is not in force yet. Refused: Forbidden ITEM_OFFICE_ONLY; Missing ITEM_MISSING;
    Conflict ITEM_IN_FORCE; Invalid ITEM_NOTE_MISSING."""
    require_office(actor)
    answer = checked_note(answer, field="answer")
    with office.transaction() as records:
        latest = _latest(records, code)
        if latest.effective_from is None or latest.effective_from <= records.now:
            raise Conflict(
                "ITEM_IN_FORCE", "第 {version} 版已经生效，不能撤回；请修改后发布新版本。", version=latest.version
            )
        forget_effect(records, latest.id)
        return _change(records, actor, latest, LedgerAction.ITEM_WITHDRAWN, state=WITHDRAWN, answer=answer)


def change_status(
    office: Office,
    actor: Actor,
    code: str,
    status: ItemStatus,
    *,
    note: str,
    effective_from: datetime | None = None,
    devolved_to: str = "",
) -> VersionRow:
    """暂停, 恢复, 取消 or 下放 an item: a version of its own. New cases are refused from then on, running ones go on.

    Refused: Forbidden ITEM_OFFICE_ONLY; Missing ITEM_MISSING; Invalid ITEM_NOTE_MISSING, ITEM_STATUS_SAME,
    ITEM_EFFECTIVE_PAST, ITEM_INVALID; Conflict ITEM_EFFECTIVE_ORDER.
    """
    require_office(actor)
    note = checked_note(note)
    with office.transaction() as records:
        at = check_effect(records.now, effective_from)
        return status_version(records, actor, code, status, note=note, at=at, devolved_to=devolved_to)


def status_version(
    records: Records,
    actor: Actor,
    code: str,
    status: ItemStatus,
    *,
    note: str,
    at: datetime,
    devolved_to: str = "",
    source: Source = Source.ACT,
) -> VersionRow:
    """The same inside a transaction."""
    latest = _latest(records, code)
    if latest.status == status:
        raise refuse("status", "ITEM_STATUS_SAME", "该事项已经是这个状态。")
    devolved = status is ItemStatus.DEVOLVED
    card = replace(
        card_of(latest),
        status=status,
        devolved_to=devolved_to.strip()[:60] if devolved else "",
        devolved_on=at.date() if devolved else None,
    )
    if problems := check_card(card):
        raise items_invalid(problems)
    check_order(latest, at)
    number = (records.register.lock(code) or 0) + 1
    row = published_row(card, number, source=source, by=actor.username, at=records.now, effective_from=at, note=note)
    records.register.add([row])
    records.ledger.write(
        LedgerAction.ITEM_STATUS, actor.username, code, {"status": status.value, "note": note, "version": number}
    )
    tell_effect(records, [row])
    return row


def checked_note(note: str, *, field: str = "note") -> str:
    """A reason somebody can read later. Refused: ITEM_NOTE_MISSING."""
    text = note.strip()
    if len(text) < SHORTEST_NOTE or len(text) > 2000 or "\x00" in text:
        raise refuse(field, "ITEM_NOTE_MISSING", "请写明理由，{least} 到 2000 个字。", least=SHORTEST_NOTE)
    return text


def _latest(records: Records, code: str) -> VersionRow:
    records.register.lock(code)
    latest = records.register.latest([code]).get(code)
    if latest is None:
        raise _missing(code)
    return latest


def _missing(code: str) -> Missing:
    return Missing("ITEM_MISSING", "没有编码为 {item} 的事项。", item=code[:10])


def _in_review() -> Conflict:
    return Conflict("ITEM_IN_REVIEW", "该事项的修改正在审核，请等待审核结果或先退回。")


def _open(records: Records, draft_id: UUID, state: str) -> VersionRow:
    """The draft, with its item locked."""
    row = records.register.find(draft_id)
    if row is not None:
        records.register.lock(row.code)
        row = records.register.find(draft_id)
    if row is None or row.state == WITHDRAWN:
        raise Missing("ITEM_DRAFT_MISSING", "没有这份修改，或者已经放弃。")
    if row.state != state:
        raise Conflict("ITEM_DRAFT_STATE", "这份修改已由他人处理，请刷新后查看。")
    return row


def _another_person(actor: Actor, row: VersionRow) -> None:
    if actor.username == row.drafted_by:
        raise Forbidden("ITEM_OWN_DRAFT", "起草人不能审核自己的修改，请由另一人审核。")


def _change(records: Records, actor: Actor, row: VersionRow, action: LedgerAction, **values: Any) -> VersionRow:
    records.register.change(row.id, **values)
    detail = {"note": row.note, "answer": values.get("answer", ""), "version": values.get("version", row.version)}
    records.ledger.write(action, actor.username, row.code, detail)
    return replace(row, **values)
