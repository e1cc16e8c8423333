"""Jobs and incidents."""

from __future__ import annotations

from tests.web.rest import EXTERNAL, Client

SLEEPS = (
    '<startEvent id="S"/><intermediateCatchEvent id="T"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    '</timerEventDefinition></intermediateCatchEvent><userTask id="A"/><endEvent id="E"/>\nS -> T\nT -> A\nA -> E\n'
)


def test_a_timer_is_a_job_that_can_be_moved_and_executed(rest: Client) -> None:
    rest.deploy(SLEEPS)
    case_id = rest.start()
    (job,) = rest.get(f"/job?processInstanceId={case_id}&timers=true").json
    assert (job["dueDate"], job["suspended"], job["exceptionMessage"]) == ("2026-03-16T10:00:00.000+0800", False, None)
    assert rest.get("/job/count?executable=true").json == {"count": 0}
    assert rest.get("/job/count?messages=true").json == {"count": 0}
    path = f"/job/{job['id']}"
    assert rest.put(f"{path}/duedate", {"duedate": "2026-03-16T12:00:00.000+0800"}).status_code == 204
    assert rest.get(path).json["dueDate"] == "2026-03-16T12:00:00.000+0800"
    assert rest.put(f"{path}/retries", {"retries": 5}).status_code == 204
    assert rest.get(path).json["retries"] == 5
    assert rest.put(f"{path}/retries", {"retries": "5"}).status_code == 400
    assert rest.get(f"{path}/stacktrace").text == ""
    assert rest.post(f"{path}/execute").status_code == 204
    assert rest.only_task(case_id)["taskDefinitionKey"] == "A"
    assert rest.get(path).status_code == 404


def test_jobs_are_listed_as_the_worker_package_asks(rest: Client) -> None:
    rest.deploy(SLEEPS)
    rest.start()
    query = "firstResult=0&maxResults=10&sortBy=jobDueDate&sortOrder=desc"
    assert len(rest.get(f"/job?{query}").json) == 1
    assert rest.get(f"/job?{query}&withException=true").json == []
    assert rest.post("/job", {"noRetriesLeft": True}).json == []
    assert rest.get("/job/count?withRetriesLeft=true").json == {"count": 1}


def test_an_incident_is_listed_read_and_resolved(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    case_id = rest.start()
    (task,) = rest.lock()
    rest.post(f"/external-task/{task['id']}/failure", {"workerId": "w1", "errorMessage": "boom", "retries": 0})
    (incident,) = rest.get(f"/incident?processInstanceId={case_id}&incidentType=failedExternalTask").json
    assert incident["incidentMessage"] == "boom"
    assert incident["configuration"] == task["id"]
    assert rest.get(f"/incident/{incident['id']}").json == incident
    assert rest.delete(f"/incident/{incident['id']}").status_code == 204
    assert rest.get("/incident/count").json == {"count": 0}
    (kept,) = rest.get("/history/incident").json
    assert (kept["open"], kept["resolved"]) == (False, True)


HEARD = (
    '<startEvent id="S"/><parallelGateway id="F"/><userTask id="Review" zw:stage="REVIEW" zw:limit="4hd"/>'
    '<boundaryEvent id="Late" attachedToRef="Review" cancelActivity="false"><timerEventDefinition>'
    '<timeDate>due("REVIEW")</timeDate></timerEventDefinition></boundaryEvent><endEvent id="Told"/>'
    '<userTask id="Hear" zw:stage="HEARING" zw:pause="HEARING"/><parallelGateway id="J"/><endEvent id="E"/>'
    "\nS -> F\nF -> Review\nF -> Hear\nReview -> J\nHear -> J\nJ -> E\nLate -> Told\n"
)


def test_a_timer_whose_clock_stands_still_has_no_due_date(rest: Client) -> None:
    rest.deploy(HEARD)
    case_id = rest.start()
    jobs = rest.get(f"/job?processInstanceId={case_id}").json
    assert [(one["activityId"], one["dueDate"]) for one in sorted(jobs, key=lambda one: one["activityId"])] == [
        ("Late", None),
        ("Review", None),
    ]
    (hearing,) = rest.get(f"/task?processInstanceId={case_id}&taskDefinitionKey=Hear").json
    assert rest.post(f"/task/{hearing['id']}/complete").status_code == 204
    (late,) = rest.get(f"/job?processInstanceId={case_id}&activityId=Late").json
    assert late["dueDate"] == "2026-03-18T12:00:00.000+0800"
