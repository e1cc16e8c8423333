"""审批表: a case on paper: the application, every opinion with who gave it, materials, documents, clocks (page and PDF)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.letters import signatures_under
from service.casework.materials.reading import MaterialLine, materials_of
from service.casework.papers.printing import Sheet, sheet_of
from service.casework.papers.reading import documents_of, title_of
from service.casework.workbench.answers import Answered
from service.casework.workbench.case_pages import CasePage, case_page
from service.casework.workbench.task_pages import feel
from service.documents import Paper, print_paper
from service.rules.document_kinds import document_kind
from service.rules.forms import Block, entries_of, present
from service.rules.vocabulary import JournalAction, TaskOutcome
from service.store.documents import DocumentRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records
    from service.store.workbench import PersonCard

SAID = {  # acts besides completing a step by which somebody has said something
    JournalAction.SIGNING_ANSWERED,
    JournalAction.TASK_RETURNED,
    JournalAction.TASK_RESOLVED,
    JournalAction.OPINION_LATE,
}
SEALS = 6  # of one sheet at most
ISSUED = frozenset({"ISSUED", "VOID"})


@dataclass(frozen=True, kw_only=True)
class Signed:
    """One opinion: who gave it in which post, for whom they stood in, what they concluded and wrote, what else they filled in.

    `silent`: nobody said anything, the rule passed the step. `act`: what was done when it was no completion; `vote`: of a
    co-signer. `drawn`: the signature put under it, a PNG in base64.
    """

    step: str
    process: str
    at: datetime
    person: str
    post: str
    department: str
    acting_for: str
    conclusion: str
    opinion: str
    more: tuple[tuple[str, str], ...]
    silent: bool = False
    act: str = ""
    vote: str = ""
    drawn: str = ""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """The seal on a document of the case: whose, on which, and its picture, a PNG in base64."""

    authority: str
    title: str
    number: str
    image: str


@dataclass(frozen=True, kw_only=True)
class ApprovalSheet:
    """Everything the sheet says. `application`: what was asked for, name and value; `seals`: those of issued documents."""

    page: CasePage
    application: tuple[tuple[str, str], ...]
    signed: tuple[Signed, ...]
    materials: tuple[MaterialLine, ...]
    items: Mapping[UUID | None, str]
    documents: tuple[tuple[DocumentRow, str], ...]
    seals: tuple[Sealed, ...]
    people: Mapping[str, str]
    made_at: datetime
    made_by: str


def approval_sheet(office: Office, actor: Actor, case_id: UUID) -> ApprovalSheet:
    """The sheet of a case, for who may read it. Refused: Missing CASE_NOT_FOUND."""
    page = case_page(office, actor, case_id)
    with office.reading() as records:
        materials = materials_of(records, case_id)
        documents = tuple((row, title_of(row)) for row in documents_of(records, case_id) if row.state in ISSUED)
        named = {one for row, _ in documents for one in (row.issued_by,) if one}
        named |= {one for line in materials for one in (line.row.seen_by, line.row.examined_by) if one}
        people = records.people.names(named) if named else {}
        drawn = signatures_under(records, page.journal)
        stamps = _stamps(office, records, documents)
    schema, values = page.application
    asked = () if schema is None else present(schema, entries_of(schema, values), data=values, evaluate=feel)
    return ApprovalSheet(
        page=page,
        application=tuple((one.label, one.shown + one.suffix) for one in _flat(asked) if one.name and one.shown != "—"),
        signed=tuple(sorted((*_answered(page, drawn), *_passed(page), *_said(page)), key=lambda one: one.at)),
        materials=materials,
        items={one.scope: one.name for one in page.diagrams},
        documents=documents,
        seals=tuple(_sealed(sheet, title) for sheet, title in stamps if sheet.ink),
        people=people,
        made_at=page.now,
        made_by=actor.name,
    )


def print_approval(
    sheet: ApprovalSheet, issuer: str, words: Mapping[str, Any], translate: Callable[[str], str] = str
) -> bytes:
    """The PDF of a sheet, issued by a centre. `words`: of states and sources, in the reader's language."""
    paper = Paper(
        template="approval_sheet",
        title="审批表",
        issuer=issuer,
        number=sheet.page.case.business_key or str(sheet.page.case.id)[:8],
        made_at=sheet.made_at,
        facts={"sheet": sheet, "words": words},
    )
    return print_paper(paper, translate)


def _stamps(
    office: Office, records: Records, documents: Sequence[tuple[DocumentRow, str]]
) -> tuple[tuple[Sheet, str], ...]:
    """The last sealed document of every authority."""
    last = {
        row.authority: (row, title)
        for row, title in documents
        if row.state == "ISSUED" and document_kind(row.code).sealed
    }
    return tuple((sheet_of(office, records, row), title) for row, title in list(last.values())[:SEALS])


def _sealed(sheet: Sheet, title: str) -> Sealed:
    return Sealed(
        authority=sheet.head.authority,
        title=title,
        number=sheet.head.number,
        image=base64.b64encode(sheet.ink).decode("ascii"),
    )


def _answered(page: CasePage, drawn: Mapping[UUID, bytes]) -> Iterator[Signed]:
    tasks = {item.row.id: item for item in page.tasks}
    for one in page.answered:
        blocks = [block for block in _flat(_blocks(one)) if block.name and block.shown != "—"]
        choice = next((block for block in blocks if block.kind in ("radio", "select")), None)
        texts = [block for block in blocks if block.kind == "textarea"]
        said = [block for block in blocks if block is not choice and block not in texts]
        item = tasks.get(one.task.id)
        card = page.people.get(one.task.ended_by or "")
        yield Signed(
            step=one.task.name,
            process=one.task.process_name,
            at=one.task.ended_at or page.now,
            person=card.name if card is not None else one.task.ended_by or "",
            post=card.duty if card is not None else "",
            department=_department(page, card, one.task.department),
            acting_for=item.acting_for.name if item is not None and item.acting_for is not None else "",
            conclusion=choice.shown if choice is not None else "",
            opinion="\n".join(block.shown for block in texts),
            more=tuple((block.label, block.shown + block.suffix) for block in said),
            drawn=base64.b64encode(drawn.get(one.task.id, b"")).decode("ascii"),
        )


def _passed(page: CasePage) -> Iterator[Signed]:
    """The steps silence has passed: named as such, never as anybody's opinion."""
    for item in page.tasks:
        if item.row.outcome == TaskOutcome.TACIT and item.row.ended_at is not None:
            card = page.people.get(item.row.assignee or "")
            yield Signed(
                step=item.row.name,
                process=item.row.process_name,
                at=item.row.ended_at,
                person=card.name if card is not None else item.row.assignee or "",
                post=card.duty if card is not None else "",
                department=_department(page, card, item.row.department),
                acting_for="",
                conclusion="",
                opinion="",
                more=(),
                silent=True,
            )


def _said(page: CasePage) -> Iterator[Signed]:
    """Opinions of co-signers, of colleagues a step was given to, what was returned and why, what came too late."""
    tasks = {item.row.id: item.row for item in page.tasks}
    written = {(one.author, one.written_at): one.message for one in page.comments}
    for line in page.journal:
        row = tasks.get(line.task_id) if line.task_id else None
        if line.action not in SAID or row is None:
            continue
        detail, card = line.detail or {}, page.people.get(line.actor or "")
        yield Signed(
            step=row.name,
            process=row.process_name,
            at=line.written_at,
            person=card.name if card is not None else line.actor or "",
            post=card.duty if card is not None else "",
            department=_department(page, card, None),
            acting_for="",
            conclusion="",
            opinion=written.get((line.actor or "", line.written_at), "") or str(detail.get("reason") or ""),
            more=(),
            act=line.action,
            vote=str(detail.get("vote") or ""),
        )


def _department(page: CasePage, card: PersonCard | None, code: str | None) -> str:
    if code is not None and code in page.departments:
        return page.departments[code][1]
    return (card.short or card.department_name or "") if card is not None else ""


def _blocks(one: Answered) -> Sequence[Block]:
    schema = one.schema or {"components": []}
    return present(schema, entries_of(schema, one.values), data=one.values, evaluate=feel)


def _flat(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if not block.hidden:
            yield block
            yield from _flat(block.children)
