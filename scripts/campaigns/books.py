"""Audits the two truths while nobody writes: open rows in the tables against the waits in the engine's states."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from uuid import UUID

from sqlalchemy import Table, select

from service.casework import open_office
from service.engine import Run
from service.engine.facts import WaitKind
from service.settings import Settings
from service.store.records import Records
from service.store.schema import agenda, case, external_task, subscription, task

ROWS_OF = {
    WaitKind.USER_TASK: (task, task.c.id),
    WaitKind.EXTERNAL_TASK: (external_task, external_task.c.id),
    WaitKind.TIMER: (agenda, agenda.c.token_id),
    WaitKind.MESSAGE: (subscription, subscription.c.id),
    WaitKind.SIGNAL: (subscription, subscription.c.id),
}


def compare_books(url: str) -> list[str]:
    """Every difference in one sentence; empty when the books agree."""
    faults: list[str] = []
    settings = Settings(database_url=url, data_dir=Path(tempfile.gettempdir()), secret="audit")
    with closing(open_office(settings)) as office, office.reading() as records:
        running = records.execute(select(case).where(case.c.ended_at.is_(None))).all()
        for row in running:
            program = office.programs.for_binding(records, row.binding_id, row.key)
            run = Run.load(program, row.blob, case_id=row.id, now=records.now, calendar=records.calendar)
            waits = run.waits().values()
            for table in {table.name: table for table, _ in ROWS_OF.values()}.values():
                kinds = {kind for kind, (of, _) in ROWS_OF.items() if of is table}
                expected = {wait.id for wait in waits if wait.kind in kinds}
                found = _open(records, table, row.id)
                if expected != found:
                    faults.append(f"{row.id}: engine has {_told(expected)} but {table.name} has {_told(found)}")
        ended = select(case.c.id).where(case.c.ended_at.is_not(None))
        for table, column in {table.name: (table, column) for table, column in ROWS_OF.values()}.values():
            left = [
                one for one in records.execute(_open_rows(table, column).where(table.c.case_id.in_(ended))).scalars()
            ]
            if left:
                faults.append(f"ended cases still have open rows in {table.name}: {_told(left)}")
    return faults


def _open_rows(table: Table, column: object) -> object:
    statement = select(column)
    if table is task:
        return statement.where(task.c.ended_at.is_(None))
    if table is agenda:
        return statement.where(agenda.c.kind == "timer")
    return statement


def _open(records: Records, table: Table, case_id: UUID) -> set[UUID]:
    column = next(column for of, column in ROWS_OF.values() if of is table)
    return set(records.execute(_open_rows(table, column).where(table.c.case_id == case_id)).scalars())


def _told(ids: Iterable[UUID]) -> str:
    return "{" + ", ".join(sorted(str(one) for one in ids)) + "}"
