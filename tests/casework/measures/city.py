"""Hands for tests of 配套流程: the demo city with shipped procedures, its people by name, time that passes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.casework import attend_due, carry_due, complete_task, find_actor, start_case
from service.casework.actors import SYSTEM, Actor
from service.casework.deploying import deploy
from service.casework.office import Office
from service.casework.supporting import linked_cases
from service.engine import Resource
from service.store.tasks import TaskRow
from tests.casework.desk import ENGINE, open_tasks
from tests.conftest import Clock
from tests.processes.library import CAMUNDA, FILES, FORMS, tree

APPLICANT = {"applicant": "云溪华印制罐有限公司", "project_name": "年产2亿只金属罐项目"}


def put_up(office: Office, *keys: str) -> None:
    """Deploy shipped procedures with their forms."""
    forms = {e.get(f"{CAMUNDA}formKey") for key in keys for e in tree(key).iter() if isinstance(e.tag, str)} - {None}
    paths = [*(FILES[key] for key in keys), *(FORMS[form] for form in sorted(forms))]
    deploy(office, SYSTEM, "配套流程", [Resource(name=path.name, content=path.read_bytes()) for path in paths])


def who(office: Office, username: str) -> Actor:
    """Somebody of the city."""
    found = find_actor(office, username)
    assert found is not None
    return found


def work(office: Office) -> None:
    """Everything that is due now in house; papers need not be printed."""
    while attend_due(office):
        pass


def until(office: Office, clock: Clock, text: str) -> None:
    """Let time pass up to an instant, everything on the way at its own."""
    target = Clock().set(text)
    for _ in range(1000):
        with office.reading() as records:
            stop = records.agenda.first_ready()
        if stop is None or stop > target:
            break
        if stop <= clock.now:  # only papers that wait for the press
            carry_due(office)
        clock.now = max(stop, clock.now)
        work(office)
    clock.now = target
    work(office)


def begin(office: Office, key: str, **variables: Any) -> UUID:
    """An application at the window."""
    return start_case(office, who(office, "wangfang"), key=key, variables={**APPLICANT, **variables}).id


def answer(office: Office, case_id: UUID, element: str, by: str | None = None, **answers: Any) -> None:
    """A desk answers like its form; `by` None: a program does. What follows is done."""
    actor = ENGINE if by is None else who(office, by)
    complete_task(office, actor, open_tasks(office, case_id)[element].id, answers=answers)
    work(office)


def task(office: Office, case_id: UUID) -> TaskRow:
    """The only open desk of a case."""
    [found] = open_tasks(office, case_id).values()
    return found


def beside(office: Office, case_id: UUID) -> UUID:
    """The latest supporting case of a case."""
    return linked_cases(office, ENGINE, case_id)[1][-1].id


def ended(office: Office, case_id: UUID) -> str | None:
    """At which end a case has ended; its state when it was cancelled."""
    with office.reading() as records:
        row = records.cases.find(case_id)
    assert row is not None
    return None if row.ended_at is None else row.end_element or row.state


def value(office: Office, case_id: UUID, name: str) -> Any:
    """A variable of a case."""
    with office.reading() as records:
        return next((one.value for one in records.variables.of_case(case_id) if one.name == name), None)
