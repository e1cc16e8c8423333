"""收费标准: proposed by one person, approved by another of 财政, in force from a day on (YY-19, LW-08).

A version that was in force is never changed: the next one ends it the day before it begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.money.rights import FINANCE, STANDARD_KEEPERS, STANDARD_READERS
from service.casework.office import Office
from service.rules.bills import RefundRule
from service.rules.clocks import Unit
from service.rules.fee_standards import read_standard
from service.rules.fees import FeeStandard, check_standard
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.fee_standards import StandardRow
from service.store.records import Records

PROPOSED, APPROVED, REFUSED, REPLACED = "PROPOSED", "APPROVED", "REFUSED", "REPLACED"
ITEM = re.compile(r"[0-9]{3}-[A-Z]{2}-[0-9]{3}")
LONGEST = {"code": 40, "name": 120, "department": 8, "document": 120, "answer": 500}
DAY = timedelta(1)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is proposed: the standard as `docs/fees.md` writes it, and what it is for."""

    content: Mapping[str, Any]
    items: tuple[str, ...] = ()
    on_demand: bool = False
    document: str = ""
    sample: bool = False
    refund: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Standard:
    """A stored version with what it says."""

    row: StandardRow
    says: FeeStandard
    people: Mapping[str, str] = field(default_factory=dict)  # username → name of who proposed and decided


def propose_standard(office: Office, actor: Actor, proposal: Proposal) -> StandardRow:
    """Propose a version. Its legal basis is checked now and again when it is approved and charged.

    Refused: Forbidden STANDARDS_FORBIDDEN; Invalid FEE_ITEM, FEE_DOCUMENT, FEE_DEPARTMENT, FEE_TEXT_LONG and what
    `read_standard` and `check_standard` refuse.
    """
    if STANDARD_KEEPERS and not (actor.roles & set(STANDARD_KEEPERS)):
        raise Forbidden("STANDARDS_FORBIDDEN", "只有收费部门、业务科和财政可以提出收费标准。")
    says = checked(proposal)
    if not proposal.document.strip():
        raise refuse("document", "FEE_DOCUMENT", "请填写制定或调整该标准的文件和文号。")

    def act() -> StandardRow:
        with office.transaction() as records:
            if says.department not in {one.code for one in records.people.departments()}:
                raise refuse(
                    "department", "FEE_DEPARTMENT", "没有编码为 {department} 的收费部门。", department=says.department
                )
            row = standard_row(proposal, says, by=actor.username, at=records.now)
            records.fees.add([row])
            records.ledger.write(LedgerAction.FEE_PROPOSED, actor.username, row.code, _noted(row))
            return row

    return office.attempt(act)


def decide_standard(office: Office, actor: Actor, standard_id: UUID, *, grant: bool, answer: str = "") -> StandardRow:
    """Approve or refuse a proposed version; approved, it ends the version before it on the day before its own first day.

    Refused: Missing STANDARD_NOT_FOUND; Forbidden FINANCE_ONLY, STANDARD_SAME_PERSON; Conflict STANDARD_DECIDED,
    FEE_OVERLAP, FEE_RETROACTIVE; Invalid STANDARD_ANSWER_MISSING, and what `check_standard` refuses.
    """
    if FINANCE[0] not in actor.roles:
        raise Forbidden("FINANCE_ONLY", "只有财政部门可以进行此操作。")
    said = answer.strip()[: LONGEST["answer"]]
    if not grant and not said:
        raise refuse("answer", "STANDARD_ANSWER_MISSING", "不同意时请写明理由。")

    def act() -> StandardRow:
        with office.transaction() as records:
            found = records.fees.find(standard_id)
            versions = records.fees.lock_code(found.code) if found is not None else ()
            row = next((one for one in versions if one.id == standard_id), None)
            if row is None:
                raise Missing("STANDARD_NOT_FOUND", "没有这个收费标准。")
            if row.state != PROPOSED:
                raise Conflict(
                    "STANDARD_DECIDED",
                    "收费标准 {standard} 已由 {who} 处理。",
                    standard=row.code,
                    who=row.decided_by or "",
                )
            if actor.username == row.proposed_by:
                raise Forbidden("STANDARD_SAME_PERSON", "收费标准的提出人和批准人不能是同一人。")
            if grant:
                _make_room(records, row, versions)
            done: dict[str, Any] = {
                "state": APPROVED if grant else REFUSED,
                "decided_by": actor.username,
                "decided_at": records.now,
                "answer": said,
            }
            records.fees.change(row.id, **done)
            detail = {**_noted(row), "granted": grant, "answer": said}
            records.ledger.write(LedgerAction.FEE_DECIDED, actor.username, row.code, detail)
            return replace(row, **done)

    return office.attempt(act)


def checked(proposal: Proposal) -> FeeStandard:
    """What a proposal says, if it may be charged at all."""
    content = {**proposal.content, "approved_by": ""}
    says = read_standard(content)
    for name, text in (("code", says.code), ("name", says.name), ("department", says.department)):
        if len(text) > LONGEST[name]:
            raise refuse(name, "FEE_TEXT_LONG", "{name}不能超过 {most} 个字。", name=name, most=LONGEST[name])
    if len(proposal.document) > LONGEST["document"]:
        raise refuse(
            "document", "FEE_TEXT_LONG", "{name}不能超过 {most} 个字。", name="document", most=LONGEST["document"]
        )
    if not proposal.items:
        raise refuse("items", "FEE_ITEM", "请填写适用的事项编码，例如 105-XK-001。")
    for item in proposal.items:
        if not ITEM.fullmatch(item):
            raise refuse("items", "FEE_ITEM", "“{item}”不是事项编码，应如 105-XK-001。", item=item[:40])
    check_standard(says, licence=any(is_licence(item) for item in proposal.items))
    refund_rule(proposal.refund)
    return says


def is_licence(item: str) -> bool:
    """Whether an item is a 行政许可, by its code."""
    return "-XK-" in item


def standard_row(proposal: Proposal, says: FeeStandard, *, by: str, at: datetime) -> StandardRow:
    """The version as it is kept."""
    return StandardRow(
        id=uuid4(),
        code=says.code,
        name=says.name,
        department=says.department,
        content={name: value for name, value in proposal.content.items() if name != "approved_by"},
        items=tuple(proposal.items),
        on_demand=proposal.on_demand,
        refund=proposal.refund,
        effective_from=says.effective_from,
        effective_to=says.effective_to,
        state=PROPOSED,
        sample=proposal.sample,
        document=proposal.document.strip(),
        proposed_by=by,
        proposed_at=at,
    )


def said_by(row: StandardRow) -> FeeStandard:
    """What a version says; its end may have been brought forward by the next one."""
    end = None if row.effective_to is None else row.effective_to.isoformat()
    approved = row.decided_by if row.state == APPROVED else ""
    return read_standard({**row.content, "effective_to": end, "approved_by": approved or ""})


def in_force(records: Records, day: date) -> tuple[StandardRow, ...]:
    """What may be charged on a day."""
    return records.fees.in_force(day)


def refund_rule(said: Mapping[str, Any] | None) -> RefundRule | None:
    """Within how long money of a standard goes back after a refusal. Refused: Invalid FEE_REFUND_RULE."""
    if not said:
        return None
    try:
        amount = int(said["amount"])
        rule = RefundRule(amount=amount, unit=Unit(said["unit"]), basis=str(said["basis"]))
    except (KeyError, TypeError, ValueError):
        raise refuse("refund", "FEE_REFUND_RULE", "退费时限应写明数量、单位和依据。") from None
    if not 0 < amount <= 365 or not rule.basis.strip():
        raise refuse("refund", "FEE_REFUND_RULE", "退费时限应写明数量、单位和依据。")
    return rule


def standard_list(office: Office, actor: Actor, *, state: str | None = None) -> tuple[Standard, ...]:
    """Every version for who keeps them. Refused: Forbidden STANDARDS_FORBIDDEN."""
    _require_reader(actor)
    with office.reading() as records:
        return tuple(Standard(row=row, says=said_by(row)) for row in records.fees.listing(state))


def find_standard(office: Office, actor: Actor, standard_id: UUID) -> Standard:
    """One version. Refused: Forbidden STANDARDS_FORBIDDEN, Missing STANDARD_NOT_FOUND."""
    _require_reader(actor)
    with office.reading() as records:
        row = records.fees.find(standard_id)
        if row is None:
            raise Missing("STANDARD_NOT_FOUND", "没有这个收费标准。")
        people = records.people.names({name for name in (row.proposed_by, row.decided_by) if name})
        return Standard(row=row, says=said_by(row), people=people)


def _require_reader(actor: Actor) -> None:
    if not actor.has(*STANDARD_READERS):
        raise Forbidden("STANDARDS_FORBIDDEN", "只有收费部门、业务科和财政可以提出收费标准。")


def _make_room(records: Records, row: StandardRow, versions: Sequence[StandardRow]) -> None:
    """Whether a version may come into force beside the others, and the end of the one before it.

    The first version may begin in the past (a catalogue that is entered); a later one changes what people pay only from
    today on. One that begins like a version in force and differs in its last day alone takes its place: it ends a fee.
    """
    says = said_by(row)
    check_standard(says, licence=any(is_licence(item) for item in row.items))
    others = sorted((one for one in versions if one.state == APPROVED), key=lambda one: one.effective_from)
    today = records.now.astimezone(SHANGHAI).date()
    twin = next((one for one in others if one.effective_from == row.effective_from), None)
    if twin is not None:
        if {**twin.content, "effective_to": None} != {**row.content, "effective_to": None}:
            raise _overlap(row, row.effective_from)
        if row.effective_to is not None and row.effective_to < today - DAY:
            raise _retroactive(row)
        later = [one for one in others if one.effective_from > row.effective_from]
        if later and (row.effective_to is None or row.effective_to >= later[0].effective_from):
            raise _overlap(row, later[0].effective_from)
        records.fees.change(twin.id, state=REPLACED)
        return
    if others and row.effective_from < today:
        raise _retroactive(row)
    for one in others:
        if one.effective_from < row.effective_from <= (one.effective_to or row.effective_from):
            records.fees.change(one.id, effective_to=row.effective_from - DAY)
            records.ledger.write(
                LedgerAction.FEE_ENDED,
                None,
                one.code,
                {"standard": str(one.id), "last_day": (row.effective_from - DAY).isoformat()},
            )
        elif row.effective_from < one.effective_from <= (row.effective_to or one.effective_from):
            raise _overlap(row, one.effective_from)


def _overlap(row: StandardRow, day: date) -> Conflict:
    return Conflict(
        "FEE_OVERLAP",
        "收费标准 {standard} 在 {day} 有两个版本，前一版本应在此前失效。",
        standard=row.code,
        day=day.isoformat(),
    )


def _retroactive(row: StandardRow) -> Conflict:
    return Conflict("FEE_RETROACTIVE", "收费标准 {standard} 的调整不能追溯，应自今日或以后生效。", standard=row.code)


def _noted(row: StandardRow) -> dict[str, Any]:
    return {
        "standard": str(row.id),
        "name": row.name,
        "from": row.effective_from.isoformat(),
        "to": None if row.effective_to is None else row.effective_to.isoformat(),
        "document": row.document,
        "content": dict(row.content),
        "items": list(row.items),
    }


def read_catalogue(data: Any) -> tuple[Proposal, ...]:
    """Proposals from a catalogue file: a list of standards, each with `items` beside what `docs/fees.md` shows.

    Refused: Invalid FEE_CATALOGUE, and what `checked` refuses.
    """
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise Invalid("FEE_CATALOGUE", "收费目录应为收费标准的列表（JSON）。")
    found = []
    for one in data:
        more = {name: one.get(name) for name in ("items", "on_demand", "document", "sample", "refund")}
        items = more["items"] if isinstance(more["items"], list) else ()
        proposal = Proposal(
            content={name: value for name, value in one.items() if name not in more},
            items=tuple(str(item) for item in items),
            on_demand=more["on_demand"] is True,
            document=str(more["document"] or ""),
            sample=more["sample"] is True,
            refund=more["refund"] if isinstance(more["refund"], dict) else None,
        )
        checked(proposal)
        found.append(proposal)
    return tuple(found)
