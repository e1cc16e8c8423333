"""Rehearsals: begun by a person, played by the worker a little at a time, kept with the very files they are of."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.correlating import AlreadyDone
from service.casework.office import Office
from service.casework.rehearsals.finished_cases import replay_case
from service.casework.rehearsals.paths import report_of
from service.casework.rehearsals.running_cases import judge_case
from service.casework.rehearsals.staging import STAGE, Staged
from service.casework.rehearsals.subjects import Subject, subject_of, subject_of_draft, subject_of_release
from service.engine import ModelFault
from service.rules.refusals import Conflict, Missing, Refusal, Unavailable
from service.rules.rehearsals import ItemKind, RehearsalState, ReplayVerdict
from service.rules.sentences import Sentence
from service.rules.vocabulary import AgendaKind, LedgerAction
from service.store.agenda import AgendaRow
from service.store.records import Records
from service.store.rehearsals import RehearsalItemRow, RehearsalRow

log = logging.getLogger(__name__)

MOST, REPLAYED = 5000, 20  # running cases that are judged, finished ones that are replayed
AT_ONCE, SLICE = 50, 2.0  # cases, seconds before the worker looks at what else is due
FAULT = Sentence("试演时出错；错误已记入日志")
FAULTY = {"code": "REHEARSAL_FAULT", "sentence": FAULT.text, "params": {}}


def rehearse_draft(office: Office, actor: Actor, draft_id: UUID) -> UUID:
    """Begin; the worker plays. An earlier rehearsal of the same draft is given up.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND; Invalid REHEARSAL_ERRORS; Conflict
    CALLED_PROCESS_MISSING, REHEARSAL_CLOSED.
    """
    with office.transaction() as records:
        subject = subject_of_draft(records, actor, draft_id)
        STAGE.take(office, records, subject)
    return _begin(office, actor, subject)


def rehearse_release(office: Office, actor: Actor, release_id: UUID, process: str) -> UUID:
    """The same for one process of what was handed in, by who checks it.

    Refused: Forbidden PROCESSES_FORBIDDEN; Missing RELEASE_NOT_FOUND, DEFINITION_NOT_FOUND; as `rehearse_draft`.
    """
    with office.transaction() as records:
        subject = subject_of_release(records, actor, release_id, process)
        STAGE.take(office, records, subject)
    return _begin(office, actor, subject)


def _begin(office: Office, actor: Actor, subject: Subject) -> UUID:
    if not subject.open:
        raise Conflict("REHEARSAL_CLOSED", "已经部署、提交或作废的不再试演。")

    def begin() -> UUID:
        with office.transaction() as records:
            earlier = records.rehearsals.before(subject.process, subject.draft_id, subject.digest)
            records.agenda.drop(earlier)
            records.rehearsals.forget(earlier)
            live = records.deployments.newest([subject.process]).get(subject.process)
            row = RehearsalRow(
                id=uuid4(),
                process=subject.process,
                digest=subject.digest,
                draft_id=subject.draft_id,
                draft_version=subject.draft_version,
                release_id=subject.release_id,
                base_id=live.id if live is not None else None,
                state=RehearsalState.RUNNING.value,
                begun_by=actor.username,
                begun_at=records.now,
            )
            running = records.rehearsals.running(subject.process, limit=MOST)
            records.rehearsals.add(row, running, records.rehearsals.finished(subject.process, limit=REPLAYED))
            records.agenda.add(
                [
                    AgendaRow(
                        id=row.id,
                        kind=AgendaKind.REHEARSAL.value,
                        element=row.process,
                        due_at=records.now,
                        ready_at=records.now,
                    )
                ]
            )
            records.prompt = True
            detail = {"rehearsal": str(row.id), "draft": str(row.draft_id or ""), "release": str(row.release_id or "")}
            records.ledger.write(LedgerAction.DRAFT_REHEARSED, actor.username, row.process, detail)
            return row.id

    return office.attempt(begin)


def play_on(office: Office, item: AgendaRow) -> bool:
    """The worker's turn: the paths, or some cases; whether there is more to do at once. Refused: AlreadyDone when it is over."""
    with office.reading() as records:
        row = records.rehearsals.find(item.id)
        if row is None or row.state != RehearsalState.RUNNING:
            raise AlreadyDone
    try:
        report, said = _slice(office, row)
    except Unavailable:
        raise
    except (Refusal, ModelFault) as failure:
        gone = isinstance(failure, _Overtaken | Missing)
        state = RehearsalState.OVERTAKEN if gone else RehearsalState.FAILED
        sentence = failure.sentence() if isinstance(failure, Refusal) else str(failure)
        return _end(office, item, state, None if gone else sentence)
    return _keep(office, item, report, said)


class _Overtaken(Conflict):
    """The files are others, or another version is live."""


def _slice(office: Office, row: RehearsalRow) -> tuple[dict[str, Any] | None, list[tuple[int, str, dict[str, Any]]]]:
    with office.transaction() as records:  # a binding of the newest called processes may be kept for the first time
        subject = subject_of(records, row)
        staged = STAGE.take(office, records, subject)
        base = staged.base[0].id if staged.base is not None else None
        if subject.digest != row.digest or base != row.base_id:
            raise _Overtaken("REHEARSAL_OVERTAKEN", "草稿或现行版本已变，请重新试演。")
        calendar, now = records.calendar, records.now
    if row.report is None:
        return report_of(staged, calendar, now), []
    with office.reading() as records:
        items = records.rehearsals.next_items(row.id, AT_ONCE)
    said: list[tuple[int, str, dict[str, Any]]] = []
    until = monotonic() + SLICE
    for one in items:
        said.append((one.position, *_asked(office, staged, one)))
        if monotonic() > until:
            break
    return None, said


def _asked(office: Office, staged: Staged, item: RehearsalItemRow) -> tuple[str, dict[str, Any]]:
    running = item.kind == ItemKind.RUNNING
    try:
        with office.reading() as records:
            return (judge_case if running else replay_case)(office, records, staged, item.case_id)
    except Unavailable:
        raise
    except Exception:
        log.exception("a case could not be rehearsed", extra={"case": str(item.case_id)})
        return ("IMPOSSIBLE", {"reasons": [FAULTY]}) if running else (ReplayVerdict.NOT_PLAYED.value, {"why": "FAULT"})


def _keep(
    office: Office, item: AgendaRow, report: dict[str, Any] | None, said: list[tuple[int, str, dict[str, Any]]]
) -> bool:
    def keep() -> bool:
        with office.transaction() as records:
            row = records.rehearsals.find(item.id, lock=True)
            if row is None or row.state != RehearsalState.RUNNING:
                return False
            if report is not None:
                records.rehearsals.change(row.id, report=report)
            for position, verdict, detail in said:
                records.rehearsals.settle(row.id, position, verdict, detail)
            if records.rehearsals.next_items(row.id, 1):
                records.agenda.change(item.id, {"ready_at": records.now, "locked_until": None})
                records.prompt = True
                return True
            return _over(records, item, RehearsalState.DONE, None)

    return office.attempt(keep)


def _end(office: Office, item: AgendaRow, state: RehearsalState, sentence: str | None) -> bool:
    def end() -> bool:
        with office.transaction() as records:
            if records.rehearsals.find(item.id, lock=True) is None:
                return False
            return _over(records, item, state, sentence)

    return office.attempt(end)


def _over(records: Records, item: AgendaRow, state: RehearsalState, sentence: str | None) -> bool:
    records.agenda.drop([item.id])
    records.rehearsals.change(item.id, state=state.value, sentence=sentence, ended_at=records.now)
    return False
