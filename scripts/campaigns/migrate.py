"""A thousand running cases against a revised chain of desks: how long the dry run takes, and the migration of all of them.

In one process, as the worker does it: a third waits at a desk, a third in a parallel block that is half done, a third at a timer; the new
version inserts desks and gives one another id.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.campaigns.databases import database
from scripts.campaigns.diagrams import Drawing
from service.casework import Office, Resource, attend_due, complete_task, deploy, open_office, start_case, upgrade
from service.casework.actors import SYSTEM
from service.casework.migration import batch_view, begin_batch, make_plan, try_plan, undo_batch
from service.settings import Settings

KINDS = ("sqlite", "postgresql")


def drawing(*, revised: bool) -> Drawing:
    """Desk, parallel block, timer, desk; the revised one has more."""
    picture = Drawing("campaign_migrate")
    picture.node("startEvent", "start")
    for name in ("first", "left", "right", "last"):
        picture.user("right_2" if revised and name == "right" else name)
    picture.node("parallelGateway", "split")
    picture.node("parallelGateway", "join")
    picture.timer("pause", "P30D")
    picture.node("endEvent", "end")
    more = ("more",) if revised else ()
    for name in more:
        picture.user(name)
    picture.line("start", "first", *more, "split")
    picture.line("split", "left", "join")
    picture.line("split", "right_2" if revised else "right", "join")
    picture.line("join", "pause", "last", "end")
    return picture


def measure(kind: str, cases: int) -> list[str]:
    """The figures on one database, in words."""
    with TemporaryDirectory() as name, database(kind, Path(name)) as url:
        settings = Settings(database_url=url, data_dir=Path(name), secret="campaign")
        with closing(open_office(settings)) as office:
            upgrade(office)
            old, new = (_deployed(office, revised=revised) for revised in (False, True))
            for number in range(cases):
                _walked(office, old, number % 3)
            plan = make_plan(office, SYSTEM, old, new, {"campaign_migrate": {"right": "right_2"}})
            began = time.perf_counter()
            tried = try_plan(office, SYSTEM, plan.id)
            dry = time.perf_counter() - began
            batch = begin_batch(office, SYSTEM, plan.id)
            over = _timed(office)
            counts = dict(batch_view(office, SYSTEM, batch).counts)
            undo_batch(office, SYSTEM, batch)
            back = _timed(office)
            undone = dict(batch_view(office, SYSTEM, batch).counts)
    verdicts = ", ".join(f"{name} {count}" for name, count in sorted(tried.counts.items()))
    return [
        f"{kind}: {cases:,} running cases, dry run {dry:.2f} s ({verdicts})",
        f"{kind}: migrated in {over:.1f} s, {over / cases * 1000:.1f} ms a case: {counts}",
        f"{kind}: taken back in {back:.1f} s: {undone}",
    ]


def _deployed(office: Office, *, revised: bool) -> object:
    files = [Resource(name=name, content=content) for name, content in drawing(revised=revised).files]
    view = deploy(office, SYSTEM, "campaign", files)
    return view.definitions[0].id


def _walked(office: Office, definition: object, place: int) -> None:
    case = start_case(office, SYSTEM, definition_id=definition)  # type: ignore[arg-type]
    desks = {0: (), 1: ("first", "left"), 2: ("first", "left", "right")}[place]
    for element in desks:
        with office.reading() as records:
            task = next(row.id for row in records.tasks.open_of(case.id) if row.element == element)
        complete_task(office, SYSTEM, task)


def _timed(office: Office) -> float:
    began = time.perf_counter()
    while attend_due(office):
        continue
    return time.perf_counter() - began


def main() -> None:
    """`migrate [--cases N] [--database KIND]`."""
    parser = argparse.ArgumentParser(prog="scripts/bench migrate", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--database", choices=KINDS)
    options = parser.parse_args()
    for kind in [options.database] if options.database else KINDS:
        print("\n".join(measure(kind, options.cases)), flush=True)
    sys.exit(0)


if __name__ == "__main__":
    main()
