"""Hands for run-time tests: the cast, diagrams in shorthand, and looks into the tables of one case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.projection import take_up
from service.engine.facts import Wait
from service.rules.vocabulary import AgendaKind
from service.store.agenda import AgendaRow
from service.store.history import JournalLine
from service.store.people import Department, Person
from service.store.tasks import TaskRow
from tests.conftest import deploy_bpmn
from tests.engine.drive import definitions, process

ENGINE = Actor(username="engine", name="引擎", roles=frozenset({"service"}), service=True)
CLERK = Actor(username="wangfang", name="王芳", department="100", roles=frozenset({"counter_clerk"}))
REVIEWER = Actor(username="zhangwei", name="张伟", department="104", roles=frozenset({"reviewer_a"}))
SECOND = Actor(username="liuyang", name="刘洋", department="104", roles=frozenset({"reviewer_b"}))
CHIEF = Actor(username="chengang", name="陈刚", department="104", roles=frozenset({"chief_rep"}))
LEADER = Actor(username="zhaomin", name="赵敏", department="104", roles=frozenset({"resident_leader"}))
ISSUER = Actor(username="wuqian", name="吴倩", department="104", roles=frozenset({"issue_clerk"}))
SUPERVISOR = Actor(username="sunli", name="孙丽", roles=frozenset({"supervisor"}))
STRANGER = Actor(username="stranger", name="路人", department="199", roles=frozenset({"reviewer_a"}))
KEEPER = Actor(username="guotao", name="郭涛", roles=frozenset({"system_admin"}))
CAST = (CLERK, REVIEWER, SECOND, CHIEF, LEADER, ISSUER, SUPERVISOR, STRANGER, KEEPER)

ITEM_TASK = '<userTask id="{id}" name="{name}" zw:stage="{stage}" zw:role="{role}" zw:dept="104"/>'
ITEM = "".join(
    ITEM_TASK.format(id=id, name=name, stage=stage, role=role)
    for id, name, stage, role in (
        ("Accept", "受理", "ACCEPT", "reviewer_b"),
        ("Review", "审核", "REVIEW", "reviewer_a"),
        ("Approve", "批准", "APPROVE", "chief_rep"),
        ("Issue", "发证", "ISSUE", "issue_clerk"),
    )
)
LINEAR = (
    '<startEvent id="S"/><userTask id="A" name="甲"/><userTask id="B" name="乙"/><endEvent id="E"/>'
    "\nS -> A\nA -> B\nB -> E\n"
)
FOUR_STAGES = (
    f'<startEvent id="S"/>{ITEM}<endEvent id="E"/>\n'
    "S -> Accept\nAccept -> Review\nReview -> Approve\nApprove -> Issue\nIssue -> E\n"
)


def hire(office: Office, cast: Iterable[Actor] = CAST) -> None:
    """Put the cast and its departments into the tables."""
    with office.transaction() as records:
        records.people.put_departments(
            Department(code=code, name=code, short=code, window_kind="常设") for code in ("100", "104", "199")
        )
        records.people.add(
            Person(
                id=uuid4(),
                username=one.username,
                name=one.name,
                staff_no=None,
                department=one.department,
                duty="",
                password_hash="-",
                active=True,
                demo=False,
                failed_logins=0,
                locked_until=None,
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
                roles=one.roles,
            )
            for one in cast
        )


def deploy_text(office: Office, content: str, *, key: str = "p", **more: Any) -> UUID:
    """Deploy one process (or several, when the text has <process>) in shorthand; the id of the first one's version."""
    body = content if "<process" in content else process(content, key)
    view = deploy_bpmn(office, definitions(body).decode(), **more)
    return view.definitions[0].id


def open_tasks(office: Office, case_id: UUID) -> dict[str, TaskRow]:
    """Open tasks of a case by element (the last one, when several instances are open)."""
    with office.reading() as records:
        return {row.element: row for row in records.tasks.open_of(case_id)}


def agenda_of(office: Office, case_id: UUID) -> tuple[AgendaRow, ...]:
    """Everything that will happen in a case; not that people are to be told of it."""
    with office.reading() as records:
        return tuple(row for row in records.agenda.of_case(case_id) if row.kind != AgendaKind.NOTICE)


def journal_of(office: Office, case_id: UUID) -> tuple[JournalLine, ...]:
    """The journal of a case."""
    with office.reading() as records:
        return records.history.lines(case_id)


def actions_of(office: Office, case_id: UUID) -> list[str]:
    """What was done in a case, first act first."""
    return [line.action for line in journal_of(office, case_id)]


def waits_of(office: Office, case_id: UUID) -> dict[UUID, Wait]:
    """What the engine itself says about a case."""
    with office.reading() as records:
        row = records.cases.find(case_id)
        assert row is not None
        return take_up(office, records, CaseFile(row)).run.waits() if row.ended_at is None else {}
