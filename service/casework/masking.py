"""隔离墙 (SM-13, S-18, P33): who sees how applicants are reached and what forms keep back, and who may look with a reason.

Denied unless granted: the applicant and the agent who filed see what is theirs, the window and who hands out see it while
they have to; everybody else gets it masked, from every door. What was looked at stands in the journal of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from service.casework.field_labels import labels_of
from service.casework.journalling import case_file, put_back, write
from service.casework.rights import require_reader
from service.casework.views import TypedValue
from service.rules.field_labels import Label, Labels
from service.rules.masked_texts import Known, known_of, masked_text
from service.rules.masking import holds_contact, masked_contact, names_contact, unmasked
from service.rules.refusals import Forbidden, refuse
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.cases import CaseRow
from service.store.history import JournalLine
from service.store.listing.conditions import Condition
from service.store.listing.variables import VariableRow
from service.store.records import Records
from service.store.variables import VariableRow as Variable

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

WINDOWS = ("counter_clerk",)  # on intake, and for all contact afterwards (SM-12)
ISSUERS = ("issue_clerk",)  # on delivery
WITH_REASON = ("supervisor", "complaint_officer")
HEADS = ("chief_rep", "resident_leader")  # of a department that has the case
SURVEY, SURVEY_DAY = "SURVEY", "survey_on"
LONGEST = 200
SHORTEST = 2
PERSON = {"applicant_kind": "person"}  # an address may be a person's: look closer
Row = TypeVar("Row", VariableRow, Variable)


def sees_contact(records: Records, actor: Actor, case: CaseRow) -> bool:
    """Whether somebody sees telephone, mail and address of a case's people as they are."""
    if actor.service or (
        case.started_by == actor.username and not actor.roles.isdisjoint(("applicant", "agency_officer"))
    ):
        return True
    if not actor.roles.isdisjoint(WINDOWS):
        return True
    return not actor.roles.isdisjoint(ISSUERS) and any(one.stage == "ISSUE" for one in records.tasks.of_case(case.id))


def sees_sensitive(records: Records, actor: Actor, case: CaseRow) -> bool:
    """Whether somebody sees what a form calls sensitive: who filed it, programs, and whoever holds a task of the case now."""
    if actor.service or case.started_by == actor.username:
        return True
    return any(one.assignee == actor.username for one in records.tasks.open_of(case.id))


def shown(records: Records, actor: Actor, case: CaseRow, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Values of a case as somebody may see them."""
    return _shown(records, actor, case, labels_of(records, case), values)


def _shown(
    records: Records, actor: Actor, case: CaseRow, labels: Labels, values: Mapping[str, Any]
) -> Mapping[str, Any]:
    if not holds_contact(values, labels):
        return values
    contact = sees_contact(records, actor, case)
    sensitive = _holds_sensitive(labels) and sees_sensitive(records, actor, case)
    return masked_contact(values, labels, contact=contact, sensitive=sensitive)


def _holds_sensitive(labels: Labels) -> bool:
    return Label.SENSITIVE in labels.values()


def shown_typed(
    records: Records, actor: Actor, case: CaseRow, values: Mapping[str, TypedValue]
) -> dict[str, TypedValue]:
    """The same for values with their types; what is masked is a text."""
    plain = {name: one.value for name, one in values.items()}
    seen = shown(records, actor, case, plain)
    return {
        name: one if seen[name] == one.value else TypedValue(type=_kind(one.type, seen[name]), value=seen[name])
        for name, one in values.items()
    }


def shown_lines(records: Records, actor: Actor, case: CaseRow, lines: Sequence[JournalLine]) -> tuple[JournalLine, ...]:
    """The journal of a case; what was answered stands in it."""
    labels = labels_of(records, case)
    if not any(holds_contact(one.detail or {}, labels) for one in lines):
        return tuple(lines)
    contact = sees_contact(records, actor, case)
    sensitive = _holds_sensitive(labels) and sees_sensitive(records, actor, case)
    if contact and (sensitive or not _holds_sensitive(labels)):
        return tuple(lines)
    return tuple(
        replace(one, detail=masked_contact(one.detail, labels, contact=contact, sensitive=sensitive))
        if one.detail
        else one
        for one in lines
    )


def shown_rows(records: Records, actor: Actor, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Variables of several cases as a list shows them: one statement for all cases, a few for each that has something to hide."""
    if actor.service:
        return tuple(rows)
    known = records.cases.some({row.case_id for row in rows})
    cases = {one: (case, labels_of(records, case)) for one, case in known.items()}
    facts: dict[UUID, Mapping[str, Any]] = {}
    found = []
    for row in rows:
        case, labels = cases.get(row.case_id, (None, {}))
        if not holds_contact({**PERSON, row.name: row.value}, labels):
            found.append(row)
            continue
        if row.case_id not in facts:
            facts[row.case_id] = {one.name: one.value for one in records.variables.of_case(row.case_id)}
        asked = {**facts[row.case_id], row.name: row.value}
        seen = masked_contact(asked, labels) if case is None else _shown(records, actor, case, labels, asked)
        value = seen[row.name]
        found.append(row if value == row.value else replace(row, value=value, type=_kind(row.type, value)))
    return tuple(found)


def narrowed(actor: Actor, filters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The filters of a list as somebody may ask them: what is shown masked is not found out by comparing either.

    Refused: Forbidden CONTACT_FILTER.
    """
    if actor.service or not actor.roles.isdisjoint(WINDOWS):
        return filters
    return {name: _narrowed(actor, value) if _conditions(value) else value for name, value in filters.items()}


def require_no_guess(actor: Actor, name: str, value: Any) -> None:
    """Refused: Forbidden CONTACT_FILTER when a masked variable would be compared for somebody it is masked for."""
    if actor.service or not actor.roles.isdisjoint(WINDOWS):
        return
    if names_contact(name) or holds_contact({**PERSON, name: value}):
        raise Forbidden(
            "CONTACT_FILTER",
            "“{variable}”是申请人的联系方式，您看到的是遮盖后的内容，不能用作查询条件",
            details={"rule": "S-18"},
            variable=name[:60],
        )


def _conditions(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, Condition) for one in value)


def _narrowed(actor: Actor, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    for one in conditions:
        require_no_guess(actor, one.name, one.value)
    return tuple(replace(one, whole=False) for one in conditions)


def given_back(
    records: Records, actor: Actor, case: CaseRow, answers: Mapping[str, Any], known: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What somebody has answered, with what they were shown masked put back as it is."""
    labels = labels_of(records, case)
    if not holds_contact({name: known[name] for name in answers if name in known}, labels):
        return answers
    return unmasked(answers, known, _shown(records, actor, case, labels, known))


def reader_of(records: Records, actor: Actor, case: CaseRow) -> Callable[[str, str | None], str]:
    """How somebody reads what was written freely about a case: a text and its author. One's own stays as it is.

    What the case knows of its people is read with the first text of others; nothing where everything is seen whole.
    """
    whole, known = sees_contact(records, actor, case), list[Known]()

    def told(text: str, author: str | None) -> str:
        if whole or not text or author == actor.username:
            return text
        if not known:
            known.append(known_of(_people_of(records, case.id)))
        return masked_text(text, known[0])

    return told


def _people_of(records: Records, case_id: UUID) -> list[dict[str, Any]]:
    """The values of a case, scope by scope: a person here is none elsewhere."""
    scopes: dict[UUID, dict[str, Any]] = {}
    for one in records.variables.of_case(case_id):
        scopes.setdefault(one.scope_id, {})[one.name] = one.value
    return list(scopes.values())


@dataclass(frozen=True, kw_only=True)
class FreeText:
    """Something that was written about a case: `kind` comment, note, question or answer."""

    kind: str
    author: str
    written_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What is masked otherwise: variables by name, and what was written freely."""

    values: Mapping[str, Any]
    texts: tuple[FreeText, ...] = ()


def show_contact(office: Office, actor: Actor, case_id: UUID, reason: str) -> Mapping[str, Any]:
    """The variables of `show_whole`."""
    return show_whole(office, actor, case_id, reason).values


def show_whole(office: Office, actor: Actor, case_id: UUID, reason: str) -> Contact:
    """How the people of a case are reached, whole, for a reason: variables and texts that are masked otherwise.

    By supervision and complaint officers, by the heads of a department that has the case (P33), and by who surveys on the
    day of the survey. A line of the journal each time. Refused: Missing CASE_NOT_FOUND; Forbidden CONTACT_MASKED; Invalid
    REASON_MISSING.
    """
    said = " ".join(reason.split())
    if not SHORTEST <= len(said) <= LONGEST or "\x00" in said:
        raise refuse("reason", "REASON_MISSING", "请写明查看号码的理由（2 至 200 个字）。")

    def attempt() -> Contact:
        with office.transaction() as records:
            row = require_reader(records, actor, records.cases.lock(case_id))
            why = _granted(records, actor, row)
            if why is None:
                raise Forbidden(
                    "CONTACT_MASKED",
                    "审核、批准人员不能查看申请人的联系方式，需要联系的请通过综合窗口办理",
                    details={"rule": "S-18"},
                )
            whole = {one.name: one.value for one in records.variables.of_case(case_id)}
            masked = masked_contact(whole, labels_of(records, row))
            found = {name: value for name, value in whole.items() if masked[name] != value}
            known = known_of(_people_of(records, case_id))
            texts = tuple(one for one in _texts(records, actor, case_id) if masked_text(one.text, known) != one.text)
            file = case_file(row, alive=False)
            detail: dict[str, Any] = {"reason": said, "grant": why, "shown": sorted(found)}
            if texts:
                detail["texts"] = len(texts)
            write(records, file, JournalAction.CONTACT_SHOWN, actor, detail=detail)
            put_back(records, file)
            return Contact(values=found, texts=texts)

    return office.attempt(attempt)


def _texts(records: Records, actor: Actor, case_id: UUID) -> list[FreeText]:
    """What was written freely about a case, the earliest first; notes and queries are of the house."""
    found = [
        FreeText(kind="comment", author=one.author, written_at=one.written_at, text=one.message)
        for one in records.history.comments(case_id)
    ]
    if actor.service or actor.roles - {"applicant"}:
        for note in records.notes.of_case(case_id):
            if note.deleted_at is None:
                found.append(FreeText(kind="note", author=note.author, written_at=note.written_at, text=note.text))
        for row in records.notes.queries(case_id):
            found.append(FreeText(kind="question", author=row.asked_by, written_at=row.asked_at, text=row.question))
            if row.answer and row.closed_by and row.closed_at:
                found.append(FreeText(kind="answer", author=row.closed_by, written_at=row.closed_at, text=row.answer))
    return sorted(found, key=lambda one: one.written_at)


def may_ask(office: Office, actor: Actor, case_id: UUID) -> bool:
    """Whether the page offers to show the whole with a reason. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        case = require_reader(records, actor, records.cases.find(case_id))
        return not sees_contact(records, actor, case) and _granted(records, actor, case) is not None


def _granted(records: Records, actor: Actor, row: CaseRow) -> str | None:
    """By what somebody may look; None: by nothing."""
    if sees_contact(records, actor, row):
        return "OWN"
    if not actor.roles.isdisjoint(WITH_REASON):
        return "OVERSIGHT"
    tasks = records.tasks.of_case(row.id)
    surveying = [one for one in tasks if one.stage == SURVEY and actor.username in (one.assignee, one.ended_by)]
    today = records.now.astimezone(SHANGHAI).date().isoformat()
    if surveying and any(
        str(one.value)[:10] == today for one in records.variables.of_case(row.id) if one.name == SURVEY_DAY
    ):
        return "SURVEY"
    if not actor.roles.isdisjoint(HEADS) and any(one.department == actor.department for one in tasks):
        return "HEAD"
    return None


def _kind(kind: str, value: Any) -> str:
    return "String" if isinstance(value, str) else kind
