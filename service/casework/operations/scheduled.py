"""Scheduled jobs as an administrator sees them: when each ran last and with what result, and when it runs next (D.15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.operations.agenda import run_now
from service.casework.operations.rights import require_operator
from service.casework.scheduling import JOBS
from service.rules.refusals import Missing
from service.rules.vocabulary import LedgerAction
from service.store.ledger import LedgerLine

RUNS = 20  # of one job shown


@dataclass(frozen=True, kw_only=True)
class JobState:
    """One job. `last`: its newest run; `next_run` None: it stands on no agenda; `error`: why its last try failed."""

    name: str
    next_run: datetime | None
    retries: int
    error: str | None
    last: LedgerLine | None
    result: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class JobList:
    """Every job in the order of its next run."""

    items: tuple[JobState, ...]
    total: int
    now: datetime
    page: int = 1
    pages: int = 1


def job_list(office: Office, actor: Actor) -> JobList:
    """Every declared job. Refused: Forbidden OPERATIONS_NOT_YOURS."""
    require_operator(actor)
    with office.reading() as records:
        found = []
        for job in JOBS.values():
            row = records.agenda.find(job.row_id)
            last = next(iter(records.ledger.lines(LedgerAction.JOB_RAN, limit=1, subject=job.name)), None)
            found.append(
                JobState(
                    name=job.name,
                    next_run=row.ready_at if row is not None else None,
                    retries=row.retries if row is not None else 0,
                    error=row.error if row is not None else None,
                    last=last,
                    result=_result(last),
                )
            )
        found.sort(key=lambda one: (one.next_run is None, one.next_run or records.now, one.name))
        return JobList(items=tuple(found), total=len(found), now=records.now)


def job_runs(office: Office, actor: Actor, name: str) -> tuple[LedgerLine, ...]:
    """The newest runs of a job. Refused: Forbidden OPERATIONS_NOT_YOURS, Missing JOB_UNKNOWN."""
    require_operator(actor)
    _require_known(name)
    with office.reading() as records:
        return records.ledger.lines(LedgerAction.JOB_RAN, limit=RUNS, subject=name)


def run_job_now(office: Office, actor: Actor, name: str, reason: str) -> None:
    """Run a job at once; the run that is planned stays planned. Refused as `run_now`, and Missing JOB_UNKNOWN."""
    require_operator(actor)
    _require_known(name)
    run_now(office, actor, JOBS[name].row_id, reason)


def _require_known(name: str) -> None:
    if name not in JOBS:
        raise Missing("JOB_UNKNOWN", "没有名为 {name} 的定期任务。", name=name)


def _result(line: LedgerLine | None) -> dict[str, Any]:
    return {name: value for name, value in (line.detail or {}).items() if name not in ("due", "next")} if line else {}
