"""Every kind of change has its verdict; what can migrate is driven to its end, what cannot goes on as if nobody had asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.engine import Run, WaitKind
from service.engine.migrating import CODES, Migration, MigrationVerdict, taken_back
from service.rules.refusals import Conflict
from tests.engine.drive import CALENDAR, HOUR, program_of
from tests.engine.migrating.changes import (
    CHANGES,
    LINE,
    MI,
    PAR,
    TWO_HOURS,
    Change,
    around,
    boundary,
    calls,
    catch,
    sub,
    task,
    tasks,
)
from tests.engine.migrating.ways import by_process, finish, migrate, played, take_over


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name.replace(" ", "-"))
def test_every_kind_of_change_has_its_verdict_and_comes_to_its_end(change: Change) -> None:
    drive = played(change.old, change.reach, dict(change.variables))
    before = drive.state
    if change.verdict == MigrationVerdict.IMPOSSIBLE:
        with pytest.raises(Conflict) as refused:
            migrate(drive, change.new, by_process(change.mapping))
        judgement = refused.value.details
        assert judgement.reasons[0].code == change.code
        assert all(one.sentence.words() and one.code in CODES for one in judgement.reasons)
        assert drive.state == before
    else:
        judgement = migrate(drive, change.new, by_process(change.mapping))
        assert (judgement.dropped, judgement.armed, judgement.recounted) == (
            change.dropped,
            change.armed,
            change.recounted,
        )
    assert judgement.verdict == change.verdict
    assert tuple(finish(drive)) == change.done
    assert drive.ended == "completed" and not drive.rows


def test_there_are_at_least_forty_kinds_of_change_with_names_of_their_own() -> None:
    assert len({change.name for change in CHANGES}) == len(CHANGES) >= 40
    named = {change.code for change in CHANGES if change.code}
    assert {"ELEMENT_GONE", "TYPE_CHANGED", "JOIN_STARVES", "WAYS_CONVERGE", "LOOP_CHANGED", "CALL_CHANGED"} <= named


def test_a_token_and_what_it_waits_for_stay_the_same() -> None:
    drive = played(LINE + boundary("b", HOUR), ("a",))
    task_before, timer = drive.wait("b"), drive.wait("late")
    drive.now += timedelta(minutes=20)
    migrate(drive, tasks("a", "b", "n", "c") + boundary("b", HOUR))
    assert drive.wait("b").id == task_before.id and drive.wait("b").entered_at == task_before.entered_at
    assert (drive.wait("late").id, drive.wait("late").due) == (timer.id, timer.due)
    outcome = drive.outcomes[-1]
    assert not outcome.opened and not outcome.closed and not outcome.changed
    assert {element for _, element in drive.run.standing().values()} == {"b", "late"}


def test_a_timer_that_is_another_counts_from_the_migration() -> None:
    drive = played(LINE + boundary("b", HOUR), ("a",))
    drive.now += timedelta(minutes=20)
    migrate(drive, LINE + boundary("b", TWO_HOURS))
    assert drive.wait("late").due == drive.now + timedelta(hours=2)
    caught = played(catch(HOUR), ("a",))
    caught.now += timedelta(minutes=20)
    migrate(caught, catch(TWO_HOURS))
    assert caught.wait("x").due == caught.now + timedelta(hours=2)


def test_a_new_timer_on_the_active_counts_from_the_migration_and_fires() -> None:
    drive = played(LINE, ("a",))
    drive.now += timedelta(minutes=20)
    migrate(drive, LINE + boundary("b", HOUR))
    assert drive.wait("late").due == drive.now + timedelta(hours=1)
    drive.pass_time(hours=1)
    assert drive.open() == ["u"]


def test_a_reminder_that_has_been_is_not_armed_again() -> None:
    once = boundary("b", HOUR, interrupting=False)
    drive = played(LINE + once, ("a", "+1"))
    migrate(drive, tasks("a", "b", "n", "c") + once)
    assert drive.open() == ["b", "u"] and not drive.waits(WaitKind.TIMER)


def test_every_reason_is_told_not_only_the_first() -> None:
    drive = played(PAR, ("a",))
    judgement = Migration(drive.program, program_of(tasks("a", "z"))).judge(drive.state)
    assert [(one.code, one.element) for one in judgement.reasons] == [("ELEMENT_GONE", "b"), ("ELEMENT_GONE", "c")]


def test_answers_of_a_task_with_another_id_are_known_under_the_new_one() -> None:
    drive = played(tasks("a", "b"), ())
    drive.do("a", answers={"conclusion": "agree"})
    migrate(drive, tasks("a2", "b"), by_process({"a": "a2"}))
    assert drive.variables()["a2"] == drive.variables()["a"] == {"conclusion": "agree"}


def test_answers_of_a_running_round_go_on_under_the_new_id() -> None:
    drive = played(MI, ("a",))
    drive.do("x", answers={"n": 1})
    migrate(drive, MI.replace('"x"', '"y"').replace("-> x;x ->", "-> y;y ->"))
    drive.do("y", answers={"n": 2})
    assert drive.variables()["y"] == [{"n": 1}, {"n": 2}]


def test_a_branch_that_was_all_the_join_waited_for_is_joined_at_once() -> None:
    """The third branch leads past the join now: what has arrived is complete, and goes on with the migration."""
    three = PAR + f"{task('d')}fork -> d;d -> join;"
    drive = played(three, ("a", "b", "c"))
    migrate(drive, PAR + f"{task('d')}<endEvent id='other'/>fork -> d;d -> other;")
    assert drive.open() == ["d", "z"]
    assert finish(drive) == ["d", "z"]


def test_an_incident_is_repaired_by_a_better_diagram() -> None:
    broken = around("<exclusiveGateway id='x'/>").replace("x -> z;", "x -> z : way = 1\n")
    drive = played(broken, ("a",))
    assert drive.incidents() == ["x"]
    migrate(drive, broken.replace("way = 1", "way = null"))
    drive.run.retry(drive.wait("x").id)
    drive.settle()
    assert drive.open() == ["z"]


def test_the_wish_of_who_returned_a_task_follows_the_new_id() -> None:
    drive = played(LINE, ("a", "b"))
    spot = next(
        one.spot for one in drive.run.targets(drive.wait("c").id, {(None, "a"), (None, "b")}) if one.spot.element == "a"
    )
    drive.run.move([drive.wait("c").id], spot, back="li")
    drive.settle()
    migrate(drive, tasks("a", "b", "c9"), by_process({"c": "c9"}))
    drive.do("a")
    assert [(wait.element, wait.returned_to) for wait in drive.waits(WaitKind.USER_TASK)] == [("c9", "li")]
    gone = played(LINE, ("a", "b"))
    gone.run.move([gone.wait("c").id], spot, back="li")
    gone.settle()
    judged = Migration(gone.program, program_of(tasks("a", "b"))).judge(gone.state)
    assert [one.code for one in judged.reasons] == ["RETURN_LOST"]


def test_a_migration_is_taken_back_to_what_was_stored() -> None:
    drive = played(LINE + boundary("b", HOUR), ("a",))
    old, before, waits = drive.program, drive.state, drive.run.waits()
    migrate(drive, tasks("a", "b9", "c"))
    run = taken_back(old, before, case_id=drive.case_id, now=drive.now, calendar=CALENDAR, told=drive.run.kinds())
    take_over(drive, run, old)
    assert drive.state == before and drive.run.waits() == waits
    assert finish(drive) == ["b", "c"]


def test_a_mapping_is_looked_at_by_itself() -> None:
    old, new = (
        program_of(PAR),
        program_of(around(sub("x", "b")) + '<serviceTask id="t" camunda:topic="t"/>' + task("k") + "z -> t;t -> k;"),
    )
    given = {"nobody": "a", "a": "nothing", "b": "t", "c": "b", "fork": None, "z": "k"}
    wrong = {one.element: one.code for one in Migration(old, new, by_process(given)).faults()}
    assert wrong == {"nobody": "SOURCE_UNKNOWN", "a": "TARGET_UNKNOWN", "b": "TYPE_CHANGED", "c": "ELEMENT_ELSEWHERE"}
    twice = Migration(old, new, by_process({"a": "z", "z": "z"})).faults()
    assert [one.code for one in twice] == ["TARGET_TWICE"]


def test_pairs_say_how_they_were_found() -> None:
    migration = Migration(program_of(calls("q", "v", "w")), program_of(calls("q", "v", "w2")))
    pairs = {(one.process, one.old): (one.new, one.how) for one in migration.pairs()}
    assert pairs["p", "a"] == ("a", "id") and pairs["q", "v"] == ("v", "id") and pairs["q", "w"] == ("w2", "likeness")
    assert {one.element for one in migration.candidates("q")} == {"qs", "v", "w2", "qe"}


def test_what_has_not_migrated_is_the_same_to_the_byte() -> None:
    drive = played(PAR, ("a", "b"))
    before = drive.state
    Migration(drive.program, program_of(LINE)).judge(before)
    again = Run.load(drive.program, before, case_id=drive.case_id, now=drive.now, calendar=CALENDAR)
    assert again.settle().state == before
