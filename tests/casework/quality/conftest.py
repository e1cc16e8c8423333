"""The demo city with every shipped process deployed, and people who answer their steps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from service.casework.actors import SYSTEM, Actor
from service.casework.attending import attend_due
from service.casework.completing import complete_task
from service.casework.deploying import deploy
from service.casework.office import Office
from service.casework.signing_in import find_actor
from service.casework.starting import start_case
from service.engine.facts import Resource
from service.store.tasks import TaskRow
from tests.conftest import Clock, make_office
from tests.engine.drive import definitions, process
from tests.processes.library import FILES, FORMS

SUPPORT = tuple(f"support_SP_{n}" for n in ("01", "03", "04", "14", "15", "16", "20"))
ITEM = "item_101_QT_001"
ORDERS = definitions(  # stands for 督办, which has tests of its own
    process('<startEvent id="S"/><userTask id="Task_Issue" name="签发督办单"/><endEvent id="E"/>\n'
            "S -> Task_Issue\nTask_Issue -> E\n", "support_SP_02")
)  # fmt: skip


class Town:
    """The office and its people."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def who(self, username: str) -> Actor:
        """Somebody of the demo city."""
        actor = find_actor(self.office, username)
        assert actor is not None, username
        return actor

    def run(self) -> None:
        """Everything that is due is attended to."""
        while attend_due(self.office):
            pass

    def open(self, case_id: UUID) -> list[TaskRow]:
        """Open steps of a case, in the order they opened."""
        with self.office.reading() as records:
            return sorted(records.tasks.open_of(case_id), key=lambda one: (one.created_at, one.element))

    def step(self, case_id: UUID, element: str, by: str | None = None, **answers: Any) -> str:
        """Somebody (who has it, or `by`) answers the first open step of an element; then the worker has its turn."""
        task = next(one for one in self.open(case_id) if one.element == element)
        doer = by or task.assignee
        assert doer is not None, f"{element} belongs to {task.department}:{task.role}"
        complete_task(self.office, self.who(doer), task.id, answers=answers)
        self.run()
        return doer

    def values(self, case_id: UUID) -> dict[str, Any]:
        """The variables of a case."""
        with self.office.reading() as records:
            return {one.name: one.value for one in records.variables.of_scope(case_id, case_id)}

    def end(self, case_id: UUID) -> str | None:
        """How a case ended."""
        with self.office.reading() as records:
            row = records.cases.find(case_id)
            assert row is not None
            return row.end_element


def finished(town: Town, *, decision: str = "grant", number: int = 1) -> UUID:
    """An item of 发改局 that the applicant declared and that has ended."""
    applicant = {"applicant": "云溪华印制罐有限公司", "project_name": f"罐厂{number}", "phone": "13900000001"}
    case_id = start_case(town.office, town.who("lizhao"), key=ITEM, variables=applicant, title=f"罐厂{number}-备案").id
    town.run()
    town.step(case_id, "Task_Accept", decision="accept", materials=["申请表(表)"])
    town.step(case_id, "Task_Review", recommendation="grant")
    if decision == "grant":
        town.step(case_id, "Task_Approve", decision="grant")
        town.step(case_id, "Task_Issue", certificate_no=f"9901002026{number:05}", delivery="electronic")
    else:
        town.step(case_id, "Task_Approve", decision="refuse", reason="不符合条件")
    assert town.end(case_id) is not None
    return case_id


def ended_case(town: Town) -> UUID:
    """The item that has ended before the test begins."""
    with town.office.reading() as records:
        found = records.quality.case_numbered("SJ202603162010001")
    assert found is not None
    return found


def resources_of(*keys: str) -> list[Resource]:
    """Diagrams with the forms they name."""
    files = [FILES[key] for key in keys]
    content = "".join(path.read_text("utf-8") for path in files)
    forms = [path for name, path in FORMS.items() if f'formKey="{name}"' in content]
    return [Resource(name=path.name, content=path.read_bytes()) for path in (*files, *forms)]


@pytest.fixture(scope="session")
def quality_template(sqlite_demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city with the supporting processes of quality, deployed once, and one item that has ended."""
    directory = tmp_path_factory.mktemp("quality-template")
    path = directory / "lianban.db"
    shutil.copyfile(sqlite_demo_template, path)
    office = make_office(f"sqlite:///{path}", directory, Clock(), demo=True)
    orders = Resource(name="support_SP_02.bpmn", content=ORDERS)
    deploy(office, SYSTEM, "质量支持流程", [*resources_of(*SUPPORT, ITEM), orders])
    finished(Town(office))
    office.close()
    with create_engine(f"sqlite:///{path}").connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return path


@pytest.fixture
def town(quality_template: Path, tmp_path: Path, clock: Clock) -> Iterator[Town]:
    """A copy of it with a clock of its own."""
    shutil.copyfile(quality_template, tmp_path / "lianban.db")
    office = make_office(f"sqlite:///{tmp_path / 'lianban.db'}", tmp_path, clock, demo=True)
    yield Town(office)
    office.close()
