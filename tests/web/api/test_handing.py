"""Work between people for programs: the same acts, the same refusals."""

from __future__ import annotations

import pytest
from flask import Flask

from service.casework import Office, assign_task, find_actor, start_case
from service.web.app import create_app
from tests.casework.desk import CHIEF, deploy_text, open_tasks
from tests.casework.test_handing import ONE_REVIEW
from tests.casework.test_together import JOINT
from tests.web.rest import Client


@pytest.fixture
def site(demo_office: Office) -> Flask:
    deploy_text(demo_office, ONE_REVIEW)
    deploy_text(demo_office, JOINT, key="joint")
    return create_app(demo_office)


@pytest.fixture
def task(site: Flask, demo_office: Office) -> str:
    """A review 张伟 has."""
    clerk = find_actor(demo_office, "wangfang")
    assert clerk is not None
    case = start_case(demo_office, clerk, key="p")
    found = open_tasks(demo_office, case.id)["Review"].id
    assign_task(demo_office, CHIEF, found, "zhangwei")
    return str(found)


def person(site: Flask, username: str) -> Client:
    return Client(site, "/api/v1", username)


def test_handing_on_names_the_field_the_winner_and_the_reason(site: Flask, task: str) -> None:
    holder, chief = person(site, "zhangwei"), person(site, "chengang")
    answer = holder.post(f"/tasks/{task}/transfer", {"to": "liuyang"})
    assert (answer.status_code, answer.json["code"]) == (400, "FIELD_REQUIRED")
    early = holder.post(f"/tasks/{task}/transfer", {"to": "liuyang", "reason": "出差"})
    assert (early.status_code, early.json["code"]) == (403, "DEPUTY_NOT_YET")
    done = chief.post(f"/tasks/{task}/transfer", {"to": "liuyang", "reason": "均衡工作量"})
    assert (done.status_code, done.json["assignee"]) == (200, "liuyang")
    late = holder.post(f"/tasks/{task}/delegate", {"to": "luoming", "question": "请看"})
    assert (late.status_code, late.json["code"]) == (403, "TASK_FORBIDDEN")
    assert chief.post(f"/tasks/{task}/recall").json["assignee"] == "zhangwei"
    assert chief.post(f"/tasks/{task}/urge", {"note": "快"}).json == {"count": 1}
    assert chief.post(f"/tasks/{task}/urge").status_code == 409
    lent = holder.post(f"/tasks/{task}/delegate", {"to": "liuyang", "question": "请看"})
    assert lent.json["delegated"] and lent.json["owner"] == "zhangwei"
    back = person(site, "liuyang").post(f"/tasks/{task}/answer", {"opinion": "可以"})
    assert (back.json["assignee"], back.json["delegated"]) == ("zhangwei", False)


def test_opinions_are_asked_given_and_complete_what_was_submitted(site: Flask, task: str) -> None:
    holder, colleague = person(site, "zhangwei"), person(site, "102-rep")
    asked = {"people": ["102-rep", "liuyang"], "place": "PARALLEL", "policy": "veto", "question": "请提意见"}
    wrong = holder.post(f"/tasks/{task}/signers", {**asked, "policy": "ratio:0"})
    assert (wrong.status_code, wrong.json["code"]) == (400, "COUNTERSIGN_MODE")
    assert colleague.get(f"/tasks/{task}/signers").status_code == 404
    made = holder.post(f"/tasks/{task}/signers", asked)
    assert made.status_code == 201
    (round_,) = made.json["rounds"]
    mine, other = round_["signers"]
    assert (round_["state"], mine["person"]) == ("OPEN", "102-rep")
    held = holder.post(f"/tasks/{task}/complete", {})
    assert (held.status_code, held.json["held"], held.json["caseEnded"]) == (200, True, False)
    assert colleague.post(f"/tasks/{task}/signers/{other['id']}/opinion", {"vote": "agree"}).status_code == 403
    assert colleague.post(f"/tasks/{task}/signers/{mine['id']}/opinion", {"vote": "object"}).status_code == 400
    said = colleague.post(f"/tasks/{task}/signers/{mine['id']}/opinion", {"vote": "agree", "opinion": "可"})
    assert said.json == {"completed": False}
    gone = holder.post(f"/tasks/{task}/signers/{other['id']}/remove", {"reason": "出差"})
    assert gone.json == {"completed": True}
    assert holder.get(f"/tasks/{task}/signers").json["rounds"][0]["state"] == "PASSED"


def test_copies_are_sent_read_and_listed(site: Flask, task: str) -> None:
    holder, reader = person(site, "zhangwei"), person(site, "108-rep")
    case = holder.get(f"/tasks/{task}").json["case"]["id"]
    assert reader.get(f"/cases/{case}/copies").status_code == 404
    assert holder.post(f"/cases/{case}/copies", {"people": ["108-rep"], "note": "供参考"}).json == {"count": 1}
    (copy,) = reader.get(f"/cases/{case}/copies").json["items"]
    assert copy["readAt"] is None
    assert holder.post(f"/copies/{copy['id']}/read").status_code == 404
    assert reader.post(f"/copies/{copy['id']}/read").json == {"caseId": case}
    assert holder.get(f"/cases/{case}/copies").json["items"][0]["readAt"] is not None


def test_everything_of_who_leaves_is_previewed_and_moved(site: Flask, task: str) -> None:
    office = person(site, "tianyue")
    assert person(site, "wangfang").get("/people/zhangwei/hand-over").status_code == 403
    preview = office.get("/people/zhangwei/hand-over?successor=wangfang").json["items"]
    assert [(one["id"], one["refusal"]["code"]) for one in preview] == [(task, "NOT_OF_THE_POST")]
    moved = office.post("/people/zhangwei/hand-over", {"successor": "liuyang", "reason": "调离"})
    assert [(one["kind"], one["refusal"]) for one in moved.json["items"]] == [("TASK", None)]
    assert office.post("/people/zhangwei/hand-over", {"successor": "liuyang", "reason": "调离"}).status_code == 409


def test_departments_join_and_leave_a_countersigning(site: Flask, demo_office: Office) -> None:
    clerk = find_actor(demo_office, "wangfang")
    assert clerk is not None
    case = start_case(demo_office, clerk, key="joint", variables={"departments": ["104", "102"]})
    one = str(open_tasks(demo_office, case.id)["A"].id)
    office = person(site, "tianyue")
    assert office.post(f"/tasks/{one}/instances", {"item": "999", "reason": "补充"}).status_code == 400
    assert office.post(f"/tasks/{one}/instances", {"item": "108", "reason": "补充"}).json == {"done": True}
    assert office.post(f"/tasks/{one}/instances", {"item": "108", "reason": "补充"}).status_code == 409
    assert office.post(f"/tasks/{one}/instances/remove", {"reason": "不涉及"}).json == {"done": True}
    assert office.post(f"/tasks/{one}/instances/remove", {"reason": "不涉及"}).status_code == 409
