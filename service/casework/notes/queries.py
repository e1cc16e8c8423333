"""内部查询 (SM-12): who reviews asks, the 综合窗口 asks the applicant and writes the answer. Reviewers get no number to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.journalling import case_file, put_back, write
from service.casework.messages.notices import notice
from service.casework.notes.rights import require_insider
from service.casework.notes.writing import entry_id
from service.casework.rights import withheld_from
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import CaseState, JournalAction, QueryState
from service.store.notes import QueryLine, QueryRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.journalling import CaseFile
    from service.casework.office import Office
    from service.store.cases import CaseRow
    from service.store.records import Records

ASKERS = ("reviewer_a", "reviewer_b", "chief_rep", "resident_leader", "dept_head")
WINDOW = ("counter_clerk",)
ASKED, ANSWERED = "N02", "N03"
LONGEST = 500  # characters
PAGE = 20


@dataclass(frozen=True, kw_only=True)
class QueryView:
    """One query, and what the reader may do with it."""

    row: QueryRow
    may_answer: bool
    may_withdraw: bool

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.row.state == QueryState.OPEN


@dataclass(frozen=True, kw_only=True)
class QueryList:
    """One page of queries, the oldest first. `counts`: per state; `names`: username → name, department → short name."""

    items: tuple[QueryLine, ...]
    names: Mapping[str, str]
    total: int
    page: int
    pages: int


def ask_applicant(office: Office, actor: Actor, case_id: UUID, question: str, *, key: str = "") -> UUID:
    """Ask the applicant something through the window that took the case in; the window is told.

    `key`: of the form it was asked in; the same words out of the same form are one query. Refused: Missing CASE_NOT_FOUND; Forbidden NOTES_FORBIDDEN, QUERY_FORBIDDEN; Conflict CASE_ENDED, CASE_SUSPENDED; Invalid
    QUESTION_EMPTY, QUESTION_TOO_LONG.
    """
    said = _words(question, "question", "QUESTION", "请写明需要申请人说明什么")
    query_id = entry_id(actor, case_id, key, said)

    def act() -> UUID:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            row = require_insider(records, actor, file.row)
            if not _may_ask(records, actor, row):
                raise Forbidden("QUERY_FORBIDDEN", "只有办理本件的部门可以提出内部查询。")
            if records.notes.query(query_id) is not None:
                return query_id
            query = QueryRow(
                id=query_id,
                case_id=case_id,
                asked_by=actor.username,
                department=actor.department,
                asked_at=records.now,
                question=said,
                state=QueryState.OPEN.value,
            )
            records.notes.ask(query)
            values = {"department": actor.department} if actor.department else {"department": "201"}
            _tell(records, file, ASKED, _window_of(records, row), values)
            _line(records, file, actor, query.id, JournalAction.QUERY_ASKED)
            return query.id

    return office.attempt(act)


def answer_query(office: Office, actor: Actor, query_id: UUID, answer: str) -> None:
    """Write down what the applicant said, by the window; who asked is told.

    Refused: Missing QUERY_NOT_FOUND; Forbidden QUERY_WINDOW_ONLY; Conflict QUERY_CLOSED (by whom), CASE_ENDED, CASE_SUSPENDED; Invalid
    ANSWER_EMPTY, ANSWER_TOO_LONG.
    """
    said = _words(answer, "answer", "ANSWER", "请写明申请人的答复")

    def act() -> None:
        with office.transaction() as records:
            row, file = _taken(records, actor, query_id)
            if not actor.has(*WINDOW):
                raise Forbidden("QUERY_WINDOW_ONLY", "内部查询由综合窗口联系申请人后答复。")
            _close(records, file, actor, row, QueryState.ANSWERED, JournalAction.QUERY_ANSWERED, answer=said)
            _tell(records, file, ANSWERED, [row.asked_by], {})
            put_back(records, file)

    office.attempt(act)


def withdraw_query(office: Office, actor: Actor, query_id: UUID) -> None:
    """Take a query back that nobody has answered, by who asked.

    Refused: Missing QUERY_NOT_FOUND; Forbidden QUERY_NOT_YOURS; Conflict QUERY_CLOSED, CASE_ENDED, CASE_SUSPENDED.
    """

    def act() -> None:
        with office.transaction() as records:
            row, file = _taken(records, actor, query_id)
            if row.asked_by != actor.username:
                raise Forbidden("QUERY_NOT_YOURS", "只有提出查询的人可以撤回它。")
            _close(records, file, actor, row, QueryState.WITHDRAWN, JournalAction.QUERY_WITHDRAWN)
            put_back(records, file)

    office.attempt(act)


def open_queries(office: Office, actor: Actor, *, view: str = "open", page: int = 1) -> QueryList:
    """The queries the window has to see to, or has seen to (`view` closed). Refused: Forbidden QUERY_WINDOW_ONLY."""
    if actor.service or not actor.has(*WINDOW):
        raise Forbidden("QUERY_WINDOW_ONLY", "内部查询由综合窗口联系申请人后答复。")
    states = {QueryState.OPEN} if view == "open" else {QueryState.ANSWERED, QueryState.WITHDRAWN}
    with office.reading() as records:
        total, found = records.notes.queries_in(
            states, withheld=withheld_from(actor), skip=(max(page, 1) - 1) * PAGE, limit=PAGE
        )
        people = {name for one in found for name in (one.row.asked_by, one.row.closed_by) if name}
        return QueryList(
            items=found,
            names={
                **(records.people.names(people) if people else {}),
                **{one.code: one.short for one in records.people.departments()},
            },
            total=total,
            page=max(page, 1),
            pages=max(1, -(-total // PAGE)),
        )


def queries_seen(records: Records, actor: Actor, row: CaseRow) -> tuple[tuple[QueryView, ...], bool]:
    """The queries of a case for who may read its notes, and whether they may ask another."""
    going_on = row.state == CaseState.ACTIVE
    found = tuple(
        QueryView(
            row=one,
            may_answer=going_on and one.state == QueryState.OPEN and actor.has(*WINDOW),
            may_withdraw=going_on and one.state == QueryState.OPEN and one.asked_by == actor.username,
        )
        for one in records.notes.queries(row.id)
    )
    return found, going_on and _may_ask(records, actor, row)


def _may_ask(records: Records, actor: Actor, row: CaseRow) -> bool:
    """Whoever reviews or decides in a department that has a part in the case."""
    if actor.service or not actor.has(*ASKERS):
        return False
    people, departments = records.tasks.groups_involved(row.id)
    return actor.username in people or actor.department in departments


def _window_of(records: Records, row: CaseRow) -> list[str]:
    """The clerk who took the case in, else the whole window."""
    starter = records.people.find(row.started_by) if row.started_by else None
    if starter is not None and starter.active and "counter_clerk" in starter.roles:
        return [starter.username]
    return list(WINDOW)


def _taken(records: Records, actor: Actor, query_id: UUID) -> tuple[QueryRow, CaseFile]:
    seen = records.notes.query(query_id)
    locked = records.cases.lock(seen.case_id) if seen is not None else None
    row = records.notes.query(query_id)
    if row is None or locked is None:
        raise Missing("QUERY_NOT_FOUND", "没有这条内部查询，或者您无权查看。")
    file = case_file(locked)
    require_insider(records, actor, file.row)
    if row.state != QueryState.OPEN:
        names = records.people.names([row.closed_by]) if row.closed_by else {}
        raise Conflict(
            "QUERY_CLOSED", "这条内部查询已由 {who} 处理。", who=names.get(row.closed_by or "", row.closed_by or "")
        )
    return row, file


def _close(
    records: Records,
    file: CaseFile,
    actor: Actor,
    row: QueryRow,
    state: QueryState,
    action: JournalAction,
    *,
    answer: str | None = None,
) -> None:
    records.notes.close(row.id, state=state.value, closed_by=actor.username, closed_at=records.now, answer=answer)
    write(records, file, action, actor, detail={"query": str(row.id)})


def _words(text: str, field: str, code: str, missing: str) -> str:
    said = text.strip()
    if not said:
        raise refuse(field, f"{code}_EMPTY", missing)
    if len(said) > LONGEST:
        raise refuse(field, f"{code}_TOO_LONG", "不能超过 {most} 个字，现有 {count} 个", most=LONGEST, count=len(said))
    return said


def _tell(records: Records, file: CaseFile, code: str, to: list[str], values: Mapping[str, str]) -> None:
    file.notices.append(notice(records.now, code, to, case_id=file.id, values=values))
    records.prompt = True


def _line(records: Records, file: CaseFile, actor: Actor, query_id: UUID, action: JournalAction) -> None:
    write(records, file, action, actor, detail={"query": str(query_id)})
    put_back(records, file)
