"""Supporting cases (配套流程): begun about a matter, linked to the case they serve, and kept in step with what is done elsewhere.

They stand beside the case path, never on it (ENG-5). One matter has one supporting case of a process, whoever asks for it
and however often. An act locks the supporting case first, then the case it serves; whoever holds the case it serves
speaks to the supporting case through the agenda only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.actors import SYSTEM, Actor
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.projection import in_hand, settle
from service.casework.signing_in import actor_of
from service.casework.starting import begin
from service.casework.support_asking import (
    EXTENSION,
    ORDER,
    REFUND,
    RELEASE,
    RENEWAL,
    REVIEW,
    SILENCE,
    WITHDRAWAL,
)
from service.engine.facts import WaitKind
from service.rules.refusals import Conflict, Invalid
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.exchange import LinkRow
from service.store.measures import MeasureRow
from service.store.records import Records
from service.store.tasks import TaskRow

NUMBERS = {  # how their cases are numbered: prefix-year-0001, without gaps
    ORDER: "DB",
    EXTENSION: "YQ",
    WITHDRAWAL: "CH",
    RENEWAL: "YX",
    REVIEW: "QL",
    REFUND: "TF",
    RELEASE: "FB",
    SILENCE: "MX",
}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A desk that somebody is about to do: `said` is what they answer, `values` what the desk sees."""

    file: CaseFile
    row: TaskRow
    actor: Actor
    said: Mapping[str, Any]
    values: Mapping[str, Any]


def begin_support(
    office: Office,
    records: Records,
    key: str,
    *,
    subject: UUID,
    actor: Actor | None,
    title: str,
    variables: Mapping[str, Any],
    file: CaseFile | None = None,
    scope: UUID | None = None,
    department: str | None = None,
    element: str = "",
    start: str | None = None,
) -> UUID | None:
    """The supporting case about a matter, begun now or before; None where its process is not deployed or is suspended.

    `file`: the locked case it serves, which gets a line `case:linked`; `start`: the start event, else the plain one.
    """
    known = records.measures.about(key, subject)
    if known is not None:
        return known.id
    definition = records.deployments.newest([key]).get(key)
    if definition is None or definition.suspended:
        return None
    given: dict[str, Any] = {"department": department, **variables}
    if file is not None:
        given |= {"for_case": str(file.id), "origin_case": str(file.id), "origin_number": file.row.business_key}
    made = begin(
        office,
        records,
        actor,
        definition,
        business_key=next_number(records, key),
        variables=given,
        start=start,
        title=title,
    )
    keep(records, made.id, key, subject=subject, file=file, department=department)
    if file is not None:
        link(records, made.id, file, key, scope=scope, element=element, title=made.title or "")
    return made.id


def keep(
    records: Records, case_id: UUID, key: str, *, subject: UUID, file: CaseFile | None, department: str | None
) -> None:
    """Write down what a supporting case is about."""
    records.measures.add(
        MeasureRow(
            id=case_id,
            key=key,
            subject=subject,
            for_case=None if file is None else file.id,
            department=department,
            opened_at=records.now,
        )
    )


def link(
    records: Records,
    case_id: UUID,
    file: CaseFile,
    key: str,
    *,
    scope: UUID | None = None,
    element: str = "",
    title: str = "",
) -> None:
    """Link it to the case it serves, whose journal says so."""
    records.exchange.link(
        LinkRow(
            id=case_id,
            parent_id=file.id,
            scope_id=scope,
            element=element,
            request_id=case_id,
            started_at=records.now,
        )
    )
    detail = {"case": str(case_id), "process": key, "title": title}
    write(records, file, JournalAction.CASE_LINKED, None, element=element or None, detail=detail)


def next_number(records: Records, key: str) -> str:
    """The next number of a kind of supporting case: DB-2026-0001."""
    year, prefix = records.now.astimezone(SHANGHAI).year, NUMBERS[key]
    return f"{prefix}-{year}-{records.series.next(f'support/{prefix}/{year}'):04d}"


def support(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """Begin what was asked for; asked again it is the same case."""
    begin_support(
        office,
        records,
        request.inputs["process"],
        subject=UUID(request.inputs["subject"]),
        actor=None,
        title=request.inputs["title"],
        variables=request.values,
        file=file,
        scope=request.scope,
        department=request.inputs["department"] or None,
        element=request.element,
    )


def follow(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """Complete the desk as somebody else has answered it. Refused: Conflict MEASURE_ON_ITS_WAY while acts before it are
    still to be done: tried again.
    """
    if file.row.ended_at is not None:
        return
    running, by = in_hand(office, records, file), request.inputs.get("by") or None
    if not request.element:
        running.run.cancel()
        file.change(reason="事项已另行办结")
        write(records, file, JournalAction.CASE_TERMINATED, by, detail={"reason": "事项已另行办结"})
        settle(records, running)
        return
    wanted = request.inputs.get("department", "")
    rows = [one for one in records.tasks.open_of(file.id) if one.element == request.element]
    task = next((one for one in rows if not wanted or one.department == wanted), None)
    if task is None:
        if any(wait.kind is WaitKind.ACTION for wait in running.run.waits().values()):
            raise Conflict("MEASURE_ON_ITS_WAY", "配套流程还有系统动作未完成，稍后重试。")
        return
    answers = dict(request.values)
    running.run.complete_task(task.id, None, answers=answers)
    detail = {"answers": answers, "elsewhere": True}
    write(records, file, JournalAction.TASK_COMPLETED, by, element=task.element, task_id=task.id, detail=detail)
    settle(records, running, doer=_named(records, by), done=task)


def meet(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """Deliver a message to the token that waits for it; nobody waits any more: nothing."""
    if file.row.ended_at is not None:
        return
    running, event = in_hand(office, records, file), request.inputs["event"]
    wait = next(
        (one for one in running.run.waits().values() if one.kind is WaitKind.MESSAGE and one.event == event), None
    )
    if wait is None:
        return
    running.run.deliver(wait.id, dict(request.values))
    write(records, file, JournalAction.MESSAGE_RECEIVED, None, element=wait.element, detail={"name": event})
    settle(records, running)


def served(records: Records, file: CaseFile) -> CaseFile | None:
    """The case a supporting case serves, locked, running or ended; None when it serves none."""
    row = records.measures.find(file.id)
    parent = row.for_case if row is not None else None
    if parent is None and row is None:
        started = records.exchange.parent_of(file.id)  # by a diagram
        parent = started.parent_id if started is not None else None
    found = records.cases.lock(parent) if parent is not None else None
    return None if found is None else CaseFile(found)


def require_served(records: Records, file: CaseFile) -> CaseFile:
    """The same. Refused: Invalid MEASURE_WITHOUT_CASE."""
    found = served(records, file)
    if found is None:
        raise Invalid("MEASURE_WITHOUT_CASE", "配套流程没有对应的办件（for_case），不能办理。")
    return found


def doer_of(records: Records, file: CaseFile, element: str) -> Actor:
    """Who completed a desk of the case last; the service itself when nobody did."""
    lines = (*records.history.lines(file.id), *file.lines)
    found = next(
        (one.actor for one in reversed(lines) if one.action == JournalAction.TASK_COMPLETED and one.element == element),
        None,
    )
    return _named(records, found) or SYSTEM


def subject_id(values: Mapping[str, Any], name: str) -> UUID:
    """A variable that holds the id of a row. Refused: Invalid MEASURE_SUBJECT, naming it."""
    try:
        return UUID(str(values.get(name)))
    except ValueError:
        raise Invalid("MEASURE_SUBJECT", "配套流程缺少事项标识 {name}。", name=name) from None


def text_of(values: Mapping[str, Any], name: str) -> str:
    """A variable as text, empty when it is none."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _named(records: Records, username: str | None) -> Actor | None:
    person = records.people.find(username) if username else None
    return actor_of(person) if person is not None else None
