"""Scheduled jobs of the service (DOMAIN D.15): declared here, next run on the agenda, every run a line of the ledger.

A job has one row on the agenda, whose id follows from its name: whichever node attends it locks the row, runs the job with
the instant of the rule, however late it comes, and puts the next run on the row, all in one transaction. Runs missed
while nobody worked are made up for one by one, in due order among everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from service.casework.archive.checking import check_archive
from service.casework.backups.scheduled import back_up_nightly
from service.casework.blob_care import sweep_weekly
from service.casework.calendar_guard import guard_calendar
from service.casework.correlating import AlreadyDone
from service.casework.delivery.reminding import remind_receivers
from service.casework.joint_review_days import open_meetings
from service.casework.letters.reminding import remind_of_letters
from service.casework.measures.renewals import look_at_renewals
from service.casework.migration.sweeping import give_up_weekly
from service.casework.money.reconciling import reconcile_yesterday
from service.casework.office import Office
from service.casework.papers.renewing import tend_certificates
from service.casework.quality.jobs import open_monthly, tend_on_site_days
from service.casework.register.reviews import open_quarterly, open_yearly
from service.rules.refusals import Conflict
from service.rules.vocabulary import AgendaKind, LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.agenda import AgendaRow
from service.store.records import Records

NAMES = UUID("6f1de0f0-3c6e-5b0f-9d5c-2f6f3a1f7a10")  # namespace of the rows' ids
ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Job:
    """One declared job. `next_run`: the first run after an instant. `run` gets the instant of the rule; its counts are logged."""

    name: str
    next_run: Callable[[datetime], datetime]
    run: Callable[[Office, Records, datetime], Mapping[str, Any]]

    @property
    def row_id(self) -> UUID:
        """Its row on the agenda."""
        return uuid5(NAMES, self.name)


def daily(
    at: time, *, months: tuple[int, ...] = tuple(range(1, 13)), last_day: int = 31
) -> Callable[[datetime], datetime]:
    """Every day of these months, up to a day of the month, at a time of the wall in China."""

    def next_run(after: datetime) -> datetime:
        day = after.astimezone(SHANGHAI).date()
        while True:
            found = datetime.combine(day, at, SHANGHAI)
            if found > after and day.month in months and day.day <= last_day:
                return found
            day += timedelta(1)

    return next_run


def weekly(at: time, weekday: int) -> Callable[[datetime], datetime]:
    """Every week on a day (0: Monday) at a time of the wall in China."""

    def next_run(after: datetime) -> datetime:
        day = after.astimezone(SHANGHAI).date()
        found = datetime.combine(day + timedelta((weekday - day.weekday()) % 7), at, SHANGHAI)
        return found if found > after else found + timedelta(7)

    return next_run


JOBS = {
    job.name: job
    for job in (
        Job(name="pick-up-reminders", next_run=daily(time(8, 30)), run=remind_receivers),  # J-06
        Job(name="calendar-guard", next_run=daily(time(0, 30), months=(11, 12)), run=guard_calendar),  # J-19
        Job(name="renewals", next_run=daily(time(0, 0)), run=look_at_renewals),  # J-05, before certificates run out
        Job(name="certificates", next_run=daily(time(8, 30)), run=tend_certificates),  # J-06, J-20
        Job(name="reconciliation", next_run=daily(time(2, 0)), run=reconcile_yesterday),
        Job(
            name="item-cleanup", next_run=daily(time(6, 10), months=(1, 4, 7, 10), last_day=12), run=open_quarterly
        ),  # J-11
        Job(name="item-review", next_run=daily(time(6, 0), months=(1,), last_day=12), run=open_yearly),  # J-12
        Job(name="quality-month", next_run=daily(time(8, 40), last_day=12), run=open_monthly),  # J-13
        Job(name="on-site-day", next_run=daily(time(8, 40)), run=tend_on_site_days),  # J-15
        Job(name="letters", next_run=daily(time(8, 40)), run=remind_of_letters),
        Job(name="joint-review", next_run=daily(time(6, 20), last_day=12), run=open_meetings),
        Job(name="archive-check", next_run=daily(time(2, 30)), run=check_archive),  # J-18
        Job(name="migration-states", next_run=weekly(time(3, 40), 6), run=give_up_weekly),
        Job(name="backup", next_run=daily(time(1, 0)), run=back_up_nightly),
        Job(name="blob-sweep", next_run=weekly(time(3, 30), 6), run=sweep_weekly),
    )
}


def arm_jobs(office: Office) -> None:
    """Put every declared job on the agenda that is not there; call it when a node starts and when the clock went back.

    A run that lies farther ahead than the next one (the clock was ahead when it was put there) is brought forward.
    """
    try:
        with office.transaction() as records:
            rearm_jobs(records)
    except Conflict as refusal:  # another node that started at the same moment was faster
        if refusal.code != "ALREADY_EXISTS":
            raise


def rearm_jobs(records: Records) -> None:
    """The same within a transaction."""
    for job in JOBS.values():
        due, row = job.next_run(records.now), records.agenda.find(job.row_id)
        if row is None:
            records.agenda.add(
                [AgendaRow(id=job.row_id, kind=AgendaKind.JOB.value, element=job.name, due_at=due, ready_at=due)]
            )
        elif row.due_at > due and row.retries > 0:
            records.agenda.change(row.id, {"due_at": due, "ready_at": due, "locked_until": None})


def run_job(office: Office, item: AgendaRow, *, early: bool = False) -> bool:
    """Run a scheduled job once and put its next run on the agenda; whether that is due already.

    `early`: an administrator asked for it; the run that is planned stays planned. Refused: AlreadyDone.
    """
    with office.transaction() as records:
        row = records.agenda.lock(item.id)
        if row is None or (not early and (row.ready_at is None or row.ready_at > records.now)):
            raise AlreadyDone
        job = JOBS.get(row.element or "")
        if job is None:  # of a release that had it
            records.agenda.drop([row.id])
            return False
        rule = min(row.due_at, records.now)
        counts = job.run(office, records, rule)
        due = job.next_run(row.due_at) if row.due_at <= records.now else row.due_at
        again = {"due_at": due, "ready_at": due, "locked_until": None, "retries": ATTEMPTS, "error": None}
        records.agenda.change(row.id, again)
        records.incidents.close_at([row.id], records.now)
        detail = {"due": rule.isoformat(), "next": due.isoformat(), **counts}
        records.ledger.write(LedgerAction.JOB_RAN, None, job.name, detail)
        records.prompt = records.prompt or due <= records.now
        return due <= records.now
