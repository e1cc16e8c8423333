"""Jobs: what stands on the agenda and what became of it."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework import execute_job, set_job_due, set_job_retries
from service.casework.listing import JOBS, JobRow, one_row
from service.web.bodies import read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import door, job_id, this_office, who
from service.web.engine_rest.inquiries import serve_count, serve_list
from service.web.instants import camunda_instant


def job(row: JobRow) -> dict[str, Any]:
    """One job as Camunda writes it."""
    return {
        "id": str(row.id),
        "jobDefinitionId": None,
        "processInstanceId": str(row.case_id) if row.case_id else None,
        "processDefinitionId": str(row.definition_id) if row.definition_id else None,
        "processDefinitionKey": row.definition_key,
        "executionId": str(row.token_id) if row.token_id else None,
        "rootProcessInstanceId": str(row.case_id) if row.case_id else None,
        "retries": row.retries,
        "exceptionMessage": row.error,
        "failedActivityId": row.element if row.error else None,
        "activityId": row.element,
        "dueDate": camunda_instant(row.due_at),
        "suspended": row.case_state == "SUSPENDED",
        "priority": 0,
        "tenantId": None,
        "createTime": None,
        "batchId": None,
        "jobType": row.kind,
    }


def _one(text: str) -> JobRow:
    return one_row(this_office(), who(), JOBS, "JOB_NOT_FOUND", "没有编号为 {job_id} 的作业。", job_id=job_id(text))


@door.route("/job", methods=["GET", "POST"])
def list_jobs() -> Response:
    return serve_list(JOBS, job)


@door.route("/job/count", methods=["GET", "POST"])
def count_jobs() -> Response:
    return serve_count(JOBS)


@door.get("/job/<text>")
def get_job(text: str) -> Response:
    return answer(job(_one(text)))


@door.get("/job/<text>/stacktrace")
def job_stacktrace(text: str) -> Response:
    return Response(_one(text).error or "", content_type="text/plain; charset=utf-8")


@door.put("/job/<text>/retries")
def put_job_retries(text: str) -> Response:
    set_job_retries(this_office(), who(), job_id(text), read_body().needed_whole("retries", least=0))
    return done()


@door.put("/job/<text>/duedate")
def put_job_due(text: str) -> Response:
    set_job_due(this_office(), who(), job_id(text), read_body().instant("duedate"))
    return done()


@door.post("/job/<text>/execute")
def execute(text: str) -> Response:
    """Does it at once, whatever its due instant."""
    execute_job(this_office(), who(), job_id(text))
    return done()
