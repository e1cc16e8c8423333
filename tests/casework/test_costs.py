"""What things cost: a completion in the real chain in statements, a finished case in bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text

from service.casework import attend_due, complete_task, find_actor, get_case, start_case
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.office import Office
from service.store.database import count_statements
from tests.casework.desk import CLERK, ENGINE, deploy_text, open_tasks
from tests.processes.library import resources
from tests.processes.test_chain import DECLARED, reply_to

CASES = 100
MOST_BYTES = 5_000
FIELDS = [{"type": "textfield", "key": key, "label": key} for key in ("opinion", "amount", "agreed")]
FORM = json.dumps({"type": "default", "id": "apply", "components": FIELDS})
TASKS = ("Task_1", "Task_2", "Task_3", "Task_4")
LINEAR = (
    '<startEvent id="S"/>'
    + "".join(
        f'<userTask id="{id}" name="环节" camunda:formKey="apply" camunda:candidateGroups="104:reviewer_a"/>'
        for id in TASKS
    )
    + '<endEvent id="E"/>\nS -> Task_1\nTask_1 -> Task_2\nTask_2 -> Task_3\nTask_3 -> Task_4\nTask_4 -> E\n'
)
PAGES = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
RELATIONS = """SELECT sum(pg_total_relation_size(oid)) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""


def play(office: Office, first: int, count: int) -> None:
    """Start and finish linear cases with three answers a task."""
    answers = {"opinion": "同意，材料齐全", "amount": 120_000, "agreed": True}
    for number in range(first, first + count):
        variables = {"applicant_name": "云溪建设有限公司"}
        case = start_case(office, ENGINE, key="p", business_key=f"BJ-{number:05d}", variables=variables)
        for element in TASKS:
            complete_task(office, ENGINE, open_tasks(office, case.id)[element].id, answers=answers)


def stored(office: Office) -> int:
    """Bytes of the database without free space."""
    sqlite = office.database.dialect == "sqlite"
    engine = create_engine(office.database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if sqlite:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        connection.execute(text("VACUUM" if sqlite else "VACUUM FULL"))
        size = int(connection.execute(text(PAGES if sqlite else RELATIONS)).scalar_one())
    engine.dispose()
    return size


@pytest.mark.slow
def test_a_finished_linear_case_costs_at_most_five_kilobytes(any_office: Office) -> None:
    deploy_text(any_office, LINEAR, forms={"apply.form": FORM})
    play(any_office, 0, 2)
    before = stored(any_office)
    play(any_office, 10, CASES)
    assert (stored(any_office) - before) / CASES <= MOST_BYTES


def share_posts(office: Office) -> None:
    """Everybody in a department gets a colleague on the same posts."""
    with office.transaction() as records:
        staff = [one for one in records.people.listing() if one.department is not None]
        records.people.add(
            replace(one, id=uuid4(), username=f"{one.username}.2", alias=None, staff_no=None) for one in staff
        )


def offered_to(office: Office, task_id: UUID) -> str:
    """The first of those a queued task is offered to."""
    with office.reading() as records:
        (group,) = [one.value for one in records.tasks.candidates(task_id)]
        return records.people.members([group])[group][0]


@pytest.mark.slow
@pytest.mark.parametrize(("holders", "most"), [(1, 11), (2, 12)])
def test_the_joint_chain_is_completed_by_its_people_in_at_most_twelve_statements_a_task(
    any_demo_office: Office, holders: int, most: int
) -> None:
    """With two holders a task was and is offered: two statements more. Served as an installation is, without a demo clock."""
    demo = any_demo_office
    office = Office(database=demo.database, settings=replace(demo.settings, demo=False), clock=demo.clock)
    if holders == 2:
        share_posts(office)
    deploy(office, SYSTEM, "建设工程一站报建", resources("chain_JS_35"))
    case = start_case(office, CLERK, key="chain_JS_35", variables=DECLARED)
    for _ in range(100):
        with office.reading() as records:
            task = next(iter(records.tasks.open_of(case.id)), None)
        if task is None:
            break
        actor = find_actor(office, task.assignee or offered_to(office, task.id))
        assert actor is not None, f"nobody owns {task.element}"
        with count_statements(office.database) as count:
            complete_task(office, actor, task.id, answers=reply_to(task.element))
        assert count.commits == 1 and len(count.sql) <= most, (
            task.element,
            [" ".join(one.split())[:90] for one in count.sql],
        )
        while attend_due(office):
            pass
    assert get_case(office, CLERK, case.id).state == "COMPLETED"
