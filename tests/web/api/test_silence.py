"""补正 and 超时默许 over /api/v1."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, attend_due, start_case
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.store.people import Department
from service.web.app import create_app
from tests.casework.desk import ENGINE, open_tasks
from tests.conftest import Clock
from tests.processes.library import resources
from tests.web.rest import Client, hire

NOWHERE = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def case(office: Office) -> UUID:
    """A shipped item at the window."""
    deploy(office, SYSTEM, "事项库", resources("item_104_XK_001"))
    return start_case(office, ENGINE, key="item_104_XK_001", variables={"applicant": "云溪华印制罐有限公司"}).id


def desk(office: Office, case: UUID, element: str) -> UUID:
    """The open task of an element."""
    return open_tasks(office, case)[element].id


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/cases/{id}/notice-release", {"reason": "漏列"}, 403, "RELEASE_FORBIDDEN"),
        ("/cases/{id}/notice-release", {"reason": "漏列", "scope": "x"}, 404, "ITEM_NOT_FOUND"),
        (f"/tasks/{NOWHERE}/late-opinion", {"text": "同意"}, 404, "TASK_NOT_FOUND"),
    ],
)
def test_what_may_not_be_done_is_refused(
    api: Client, case: UUID, path: str, body: dict, status: int, code: str
) -> None:
    answer = api.post(path.replace("{id}", str(case)), body)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_program_reads_what_silence_has_done_and_files_what_came_late(
    app: Flask, office: Office, api: Client, case: UUID, clock: Clock
) -> None:
    with office.transaction() as records:
        records.people.put_departments([Department(code="104", name="住建局", short="住建", window_kind="常设")])
    hire(office, "late", ["reviewer_a"], department="104")
    api.post(
        f"/tasks/{desk(office, case, 'Task_Accept')}/complete",
        {"answers": {"decision": "accept", "materials": ["申请表(表)"]}},
    )
    review = desk(office, case, "Task_Review")
    clock.set("2026-03-20T10:00")
    while attend_due(office):
        pass
    assert api.get(f"/tasks/{review}").json["outcome"] == "TACIT"
    person = Client(app, "/api/v1", "late")
    said = person.post(f"/tasks/{review}/late-opinion", {"text": "总平面与规划不符"})
    assert said.status_code == 200, said.json
    (one,) = api.get(f"/cases/{case}/silence").json["silences"]
    assert (one["level"], one["passed"], one["taskId"], one["holds"]) == ("STAGE_SKIP", True, str(review), [])
    assert one["late"] == [{"author": "late", "text": "总平面与规划不符"}]


def test_only_supervision_holds_silence_back(demo_office: Office) -> None:
    chief = Client(create_app(demo_office), "/api/v1", "chengang")
    assert chief.post(f"/cases/{NOWHERE}/tacit-holds", {"reason": "正在了解"}).json["code"] == "HOLD_FORBIDDEN"
    supervisor = Client(create_app(demo_office), "/api/v1", "sunli")
    assert supervisor.post(f"/cases/{NOWHERE}/tacit-holds", {"reason": "正在了解"}).status_code == 404
