"""Telling: notices become messages, many in one transaction, a dozen statements for all of them.

No case is locked: what a notice says happened in the transaction that wrote it. Notices that somebody else holds are left
to them, so that whoever locks a case together with its agenda never waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.messages.facts import SAID, Facts, task_values
from service.casework.messages.notices import APPLICANT, STAND_INS, TASK
from service.casework.messages.queueing import About, Post, compose, hand_in
from service.casework.messages.receivers import (
    AGENT,
    AUDIENCES,
    REACHED_BY,
    Receiver,
    applicants,
    holder_of,
    said,
)
from service.casework.posts import group_of
from service.rules.message_texts import Audience
from service.rules.sending import Channel, copied_to_agent
from service.store.messages import ContactRow

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.store.agenda import AgendaRow
    from service.store.cases import CaseRow
    from service.store.people import Member
    from service.store.records import Records
    from service.store.tasks import TaskRow


@dataclass(frozen=True, kw_only=True)
class _Notice:
    """A row of the agenda read."""

    row: AgendaRow
    code: str
    to: tuple[str, ...]
    event: UUID
    scope: UUID | None
    task: UUID | None
    process: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, row: AgendaRow) -> _Notice:
        detail = row.detail or {}
        return cls(
            row=row,
            code=str(detail["code"]),
            to=tuple(detail.get("to", ())),
            event=UUID(detail["event"]),
            scope=UUID(detail["scope"]) if "scope" in detail else None,
            task=UUID(detail["task"]) if "task" in detail else None,
            process=str(detail.get("process", "")),
            values=detail.get("values", {}),
        )

    def tasks(self) -> Iterator[UUID]:
        """The tasks it speaks of."""
        if self.task is not None:
            yield self.task
        for one in self.to:
            if one.startswith(TASK):
                yield UUID(one.removeprefix(TASK))


@dataclass(kw_only=True)
class _Files:
    """Everything a batch of notices needs, read once."""

    tasks: Mapping[UUID, TaskRow]
    cases: Mapping[UUID, CaseRow]
    known: Mapping[tuple[UUID, UUID, str], Any]
    numbers: Mapping[tuple[UUID, UUID], str]
    members: Mapping[str, Sequence[str]]
    people: Mapping[str, Member]
    contacts: Mapping[str, ContactRow]
    departments: Mapping[str, str]
    stand_ins: Mapping[str, Mapping[str, int]]


def tell(office: Office, items: Iterable[AgendaRow]) -> int:
    """Tell what these notices say and take them off the agenda; how many that were. Others are held by somebody else."""
    with office.transaction() as records:
        rows = records.agenda.lock_some([one.id for one in items])
        notices = [_Notice.of(row) for row in rows]
        if not notices:
            return 0
        files, post = _read(records, notices), Post()
        for one in notices:
            _tell_one(office, records, files, post, one)
        hand_in(records, post)
        records.agenda.drop([row.id for row in rows])
        return len(rows)


def _read(records: Records, notices: Sequence[_Notice]) -> _Files:
    tasks = records.tasks.some({id for one in notices for id in one.tasks()})
    cases = records.cases.some({one.row.case_id for one in notices if one.row.case_id is not None})
    known = records.messages.variables(cases, (*SAID, *REACHED_BY))
    named = {name for one in notices for name in one.to if name != APPLICANT and not name.startswith((TASK, STAND_INS))}
    groups = {name for name in named if ":" in name or name in AUDIENCES}
    groups |= {group_of(one.department, one.role) for one in tasks.values() if one.role and one.assignee is None}
    members = records.people.members(groups)
    names = (named - groups) | {name for found in members.values() for name in found}
    away = {name for one in notices for name in one.to if name.startswith(STAND_INS)}
    stand_ins = {name: records.tasks.acted_for(name.removeprefix(STAND_INS)) for name in away}
    names |= {name for found in stand_ins.values() for name in found}
    names |= {one.assignee for one in tasks.values() if one.assignee}
    names |= {one.started_by for one in cases.values() if one.started_by}
    names |= {value for (_, _, name), value in known.items() if name == AGENT and isinstance(value, str)}
    departments = {}
    if any(one.values.get("department", "").isdigit() for one in notices) or any(
        one.code in ("T11", "L02", "L03", "M17") for one in notices
    ):
        departments = {one.code: one.name for one in records.people.departments()}
    return _Files(
        tasks=tasks,
        cases=cases,
        known=known,
        numbers=records.documents.acceptance_numbers(cases),
        members=members,
        people=records.people.roles_of(names),
        contacts=records.messages.contacts(names),
        departments=departments,
        stand_ins=stand_ins,
    )


def _tell_one(office: Office, records: Records, files: _Files, post: Post, one: _Notice) -> None:
    case = files.cases.get(one.row.case_id) if one.row.case_id is not None else None
    task = files.tasks.get(one.task) if one.task is not None else None
    at = one.row.due_at
    values: dict[str, str] = {}
    if case is not None:
        facts = Facts(case=case, scope=one.scope, process=one.process, known=files.known, numbers=files.numbers)
        values |= facts.values(office, records)
    if task is not None:
        values |= task_values(records, task, at)
    values |= one.values
    if "department" in values:
        values["department"] = files.departments.get(values["department"], values["department"])
    about = About(case_id=one.row.case_id, scope=one.scope, task=one.task)
    over = task.ended_at if task is not None and one.code.startswith("T") else None
    for receiver, more in _stand_ins(files, one) or [(to, {}) for to in dict.fromkeys(_receivers(files, one, case))]:
        before = len(post.rows)
        compose(
            office,
            records,
            post,
            code=one.code,
            values={**values, **more},
            to=receiver,
            about=about,
            event=one.event,
            contacts=files.contacts,
        )
        if over is not None:
            _only_kept(post, before, over)


def _only_kept(post: Post, since: int, at: datetime) -> None:
    """A task that has been done meanwhile: its messages stay for the record, nobody is called to it any more."""
    fresh = post.rows[since:]
    post.rows[since:] = [replace(one, read_at=at) for one in fresh if one.channel == Channel.INAPP]
    for one in fresh:
        post.errands.pop(one.id, None)


def _stand_ins(files: _Files, one: _Notice) -> list[tuple[Receiver, dict[str, str]]]:
    """Who does the tasks of somebody absent, each with how many."""
    return [
        (Receiver(audience=Audience.REVIEWER_B, account=name), {"count": str(min(count, 99))})
        for person in one.to
        for name, count in files.stand_ins.get(person, {}).items()
    ]


def _receivers(files: _Files, one: _Notice, case: CaseRow | None) -> Iterator[Receiver]:
    for name in one.to:
        if name == APPLICANT:
            if case is not None:
                named = said(case.id, one.scope, AGENT, files.known) if copied_to_agent(one.code) else ""
                agent = files.people.get(named)
                yield from applicants(case.id, one.scope, files.people.get(case.started_by or ""), files.known, agent)
        elif name.startswith(TASK):
            row = files.tasks.get(UUID(name.removeprefix(TASK)))
            found = holder_of(row, files.members) if row is not None else None
            if found is not None:
                yield found
        elif name.startswith(STAND_INS):
            continue
        elif name in files.members:
            yield from _of_post(files, name, one.code)
        elif name in files.people:
            yield Receiver(audience=_audience(files.people[name].roles), account=name)


def _of_post(files: _Files, group: str, code: str) -> Iterator[Receiver]:
    """A post with one holder is that person; a queue is told of tasks once, everybody else by name."""
    names = files.members[group]
    audience = AUDIENCES.get(group.rpartition(":")[2], Audience.HOLDER)
    if len(names) > 1 and code.startswith("T") and ":" in group:
        yield Receiver(audience=audience, post=group)
        return
    for name in names:
        yield Receiver(audience=audience, account=name)


def _audience(roles: frozenset[str]) -> Audience:
    return next((audience for post, audience in AUDIENCES.items() if post in roles), Audience.HOLDER)
