"""Migrating a driven case, and driving one to its end whatever it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from service.engine import Program, Run, WaitKind
from service.engine.migrating import Judgement, Mapped, Migration
from tests.engine.drive import CALENDAR, Drive, program_of

TASKS = (WaitKind.USER_TASK, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)


def by_process(mapping: Mapping[str, str | None] | None, key: str = "p") -> Mapped:
    """The mapping of the process itself."""
    return {key: mapping} if mapping else {}


def played(body: str, acts: tuple[str, ...], variables: dict | None = None) -> Drive:
    """A case of a process in shorthand, driven by acts: an element, `+2` hours, `msg m1`, `begin a` in an ad-hoc block."""
    drive = Drive(body, variables)
    for act in acts:
        play(drive, act)
    return drive


def play(drive: Drive, act: str) -> None:
    """One act."""
    if act.startswith("+"):
        drive.pass_time(hours=float(act[1:]))
    elif act.startswith("msg "):
        assert drive.send("message", act[4:])
    elif act.startswith("begin "):
        drive.run.activate(drive.run.offers()[0].host, act[6:])
        drive.settle()
    elif act.startswith("fail "):
        drive.fail(act[5:], "e1")
    else:
        drive.do(act)


def migrate(drive: Drive, new: str | Program, mapping: Mapped | None = None) -> Judgement:
    """Carry the case over, save it and load it again. Raises Conflict MIGRATION_IMPOSSIBLE, and nothing has changed then."""
    program = program_of(new) if isinstance(new, str) else new
    migration = Migration(drive.program, program, mapping)
    told = drive.run.kinds()
    judgement, run = migration.carry_over(
        drive.state, case_id=drive.case_id, now=drive.now, calendar=CALENDAR, told=told
    )
    take_over(drive, run, program)
    if drive.ended is None:
        drive.run = Run.load(program, drive.state, case_id=drive.case_id, now=drive.now, calendar=CALENDAR)
    return judgement


def take_over(drive: Drive, run: Run, program: Program) -> None:
    """Go on with another run; what was known before has its new facts, as the tables have them."""
    drive.run, drive.program = run, program
    fresh = run.waits()
    drive.rows = {
        id: fresh[id] if id in fresh and fresh[id].kind is wait.kind else wait for id, wait in drive.rows.items()
    }
    drive.settle()


def finish(drive: Drive, most: int = 400) -> list[str]:
    """Do whatever waits until the case has ended; the tasks in their order, and what happened between them."""
    done: list[str] = []
    for _ in range(most):
        if drive.ended:
            return done
        waits = drive.waits()
        tasks = [one for one in waits if one.kind in TASKS]
        outside = [one for one in waits if one.kind is not WaitKind.INCIDENT and one.host is None]
        outside = [one for one in outside if "tart" not in one.activity_type]
        if tasks:
            done.append(tasks[0].element)
            drive.do(tasks[0].element)
        elif outside and outside[0].kind is WaitKind.TIMER:
            done.append(outside[0].element)
            assert outside[0].due is not None
            drive.now = max(drive.now, outside[0].due) + timedelta(seconds=1)
            drive.run.fire(outside[0].id)
            drive.settle()
        elif outside:
            done.append(outside[0].element)
            drive.run.deliver(outside[0].id)
            drive.settle()
        elif drive.run.offers():
            drive.run.finish(drive.run.offers()[0].host)
            drive.settle()
        else:
            raise AssertionError(f"nobody waits and it has not ended: {drive.incidents()} {drive.trace[-5:]}")
    raise AssertionError("never comes to an end")
