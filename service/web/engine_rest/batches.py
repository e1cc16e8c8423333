"""Batches: migrations of many instances, seen as Camunda's consoles see them; every case is one job."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from service.casework.migration import (
    BatchView,
    batch_view,
    cancel_batch,
    forget_batch,
    latest_batches,
    pause_batch,
    resume_batch,
)
from service.rules.migrations import BatchState, ItemState
from service.web.bodies import read_body
from service.web.engine_rest.answers import answer, counted, done
from service.web.engine_rest.door import door, identify, this_office, who
from service.web.engine_rest.suspension import read_suspension
from service.web.instants import camunda_instant

KIND = "instance-migration"


def batch(view: BatchView) -> dict[str, Any]:
    """One batch as Camunda writes it."""
    return {
        "id": str(view.id),
        "type": KIND,
        "totalJobs": view.cases,
        "jobsCreated": view.cases,
        "batchJobsPerSeed": 100,
        "invocationsPerBatchJob": 1,
        "seedJobDefinitionId": None,
        "monitorJobDefinitionId": None,
        "batchJobDefinitionId": None,
        "suspended": view.state is BatchState.PAUSED,
        "tenantId": None,
        "createUserId": view.begun_by,
        "startTime": camunda_instant(view.begun_at),
        "executionStartTime": camunda_instant(view.begun_at),
    }


def statistics(view: BatchView) -> dict[str, Any]:
    """The same with how far it is."""
    failed = view.of(ItemState.FAILED, ItemState.MOVED_ON)
    remaining = view.of(ItemState.WAITING, ItemState.UNDOING)
    return {
        **batch(view),
        "remainingJobs": remaining + failed,
        "completedJobs": view.cases - remaining - failed,
        "failedJobs": failed,
    }


def _batch_id(text: str) -> UUID:
    return identify(text, "MIGRATION_NOT_FOUND", "没有编号为 {id} 的批次。")


def _wanted() -> list[BatchView]:
    """Those that are under way (Camunda forgets a batch when it is over), filtered as the address says."""
    found = [one for one in latest_batches(this_office(), who(), limit=1_000) if one.open]
    if wanted := request.args.get("batchId"):
        found = [one for one in found if str(one.id) == wanted]
    if kind := request.args.get("type"):
        found = found if kind == KIND else []
    if suspended := request.args.get("suspended"):
        found = [one for one in found if (one.state is BatchState.PAUSED) == (suspended == "true")]
    return found


def _page(found: list[BatchView]) -> list[BatchView]:
    first = int(request.args.get("firstResult") or 0) if (request.args.get("firstResult") or "0").isdigit() else 0
    most = request.args.get("maxResults") or ""
    return found[first : first + int(most)] if most.isdigit() else found[first:]


@door.get("/batch")
def list_batches() -> Response:
    return answer([batch(one) for one in _page(_wanted())])


@door.get("/batch/count")
def count_batches() -> Response:
    return counted(len(_wanted()))


@door.get("/batch/statistics")
def list_statistics() -> Response:
    return answer([statistics(one) for one in _page(_wanted())])


@door.get("/batch/statistics/count")
def count_statistics() -> Response:
    return counted(len(_wanted()))


@door.get("/batch/<text>")
def get_batch(text: str) -> Response:
    return answer(batch(batch_view(this_office(), who(), _batch_id(text))))


@door.put("/batch/<text>/suspended")
def suspend_batch(text: str) -> Response:
    act = pause_batch if read_suspension(read_body()).suspended else resume_batch
    act(this_office(), who(), _batch_id(text))
    return done()


@door.delete("/batch/<text>")
def delete_batch(text: str) -> Response:
    """What has not had its turn stays as it is; `cascade` forgets what became of the others, too."""
    view = batch_view(this_office(), who(), _batch_id(text))
    if request.args.get("cascade") == "true":
        forget_batch(this_office(), who(), view.id)
    elif view.open:
        cancel_batch(this_office(), who(), view.id)
    return done()
