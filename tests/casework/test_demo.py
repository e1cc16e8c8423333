"""The demo city and its clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from service.casework import TopicRequest, fetch_and_lock
from service.casework import demo_clock as module
from service.casework.actors import SYSTEM, Actor
from service.casework.attending import CLAIM, attend_due
from service.casework.completing import complete_task
from service.casework.demo import DEMO_PASSWORD, demo_accounts, has_demo_accounts, load_demo_city
from service.casework.demo_clock import move_demo_clock, read_demo_clock, show_instant
from service.casework.office import Office
from service.casework.people import add_person, list_departments, list_people
from service.casework.signing_in import find_actor, sign_in
from service.casework.starting import start_case
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Unauthenticated
from service.rules.roles import ROLES, conflicting_roles
from service.rules.vocabulary import LedgerAction
from service.store.agenda import AgendaRow
from service.store.database import count_statements
from tests.casework.desk import actions_of, deploy_text, open_tasks
from tests.conftest import CHINA, deploy_bpmn, make_office

CAST = {
    "lizhao": ("李昭", None, {"applicant"}),
    "wangfang": ("王芳", "201", {"counter_clerk"}),
    "zhangwei": ("张伟", "104", {"reviewer_a"}),
    "liuyang": ("刘洋", "104", {"reviewer_b"}),
    "chengang": ("陈刚", "104", {"chief_rep"}),
    "zhaomin": ("赵敏", "104", {"resident_leader"}),
    "luoming": ("罗明", "104", {"dept_head"}),
    "shenyan": ("沈岩", "104", {"lead_coordinator"}),
    "xuhong": ("徐宏", None, {"leader"}),
    "wuqian": ("吴倩", "201", {"issue_clerk"}),
    "sunli": ("孙丽", "201", {"supervisor"}),
    "jiangyue": ("江月", "201", {"complaint_officer"}),
    "leiming": ("雷鸣", "202", {"supervisor"}),
    "zhouqiang": ("周强", "201", {"agency_officer"}),
    "zhengkai": ("郑凯", "201", {"agency_officer"}),
    "tianyue": ("田悦", "201", {"business_office"}),
    "fanlei": ("樊磊", "201", {"business_office"}),
    "gaolin": ("高琳", "203", {"legal_checker"}),
    "hejing": ("何静", "201", {"process_designer"}),
    "guotao": ("郭涛", "201", {"system_admin"}),
    "machao": ("马超", "201", {"security_admin"}),
    "linlan": ("林岚", "201", {"audit_admin"}),
    "engine": ("引擎接口", None, {"service"}),
    "feehan": ("韩雪梅", "201", {"fee_manager"}),
    "feeren": ("任海燕", "105", {"fee_manager"}),
    "caiwu": ("蒋文斌", "124", {"finance"}),
    "caizheng": ("丁晓岚", "124", {"finance"}),
    "cashier": ("苏静", None, {"cashier"}),
    "qinlan": ("秦岚", "201", {"archivist"}),
}
DAILY = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="urn:test">
  <process id="daily" name="每日" isExecutable="true">
    <startEvent id="Timer"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>
    <startEvent id="Start"/><userTask id="Work" name="办理"/><endEvent id="End"/>
    <sequenceFlow id="f1" sourceRef="Timer" targetRef="Work"/>
    <sequenceFlow id="f2" sourceRef="Start" targetRef="Work"/>
    <sequenceFlow id="f3" sourceRef="Work" targetRef="End"/>
  </process>
</definitions>"""
CLERK = Actor(username="wangfang", name="王芳", roles=frozenset({"counter_clerk"}))


# -- people -------------------------------------------------------------------------------------------------------


def test_outside_demo_mode_nobody_is_loaded(office: Office) -> None:
    with pytest.raises(Forbidden):
        load_demo_city(office)
    assert list_people(office) == () and not has_demo_accounts(office)


def test_the_cast_signs_in_with_the_one_password(any_demo_office: Office) -> None:
    for username, (name, department, roles) in CAST.items():
        actor = sign_in(any_demo_office, username, DEMO_PASSWORD)
        assert (actor.name, actor.department, actor.roles) == (name, department, roles)
    assert {account.username for account in demo_accounts()} == set(CAST)
    assert next(account.title for account in demo_accounts() if account.username == "zhangwei") == "张伟 住建 A岗"


def test_every_department_has_its_four_accounts_and_every_post_one_holder(any_demo_office: Office) -> None:
    codes = {department.code for department in list_departments(any_demo_office)}
    assert len(codes) == 31 and {"101", "104", "129", "201", "203"} <= codes
    people = {person.username: person for person in list_people(any_demo_office)}
    names = set(people) | {person.alias for person in people.values() if person.alias}
    assert {f"{code}-{post}" for code in codes for post in ("a", "b", "rep", "head")} <= names
    assert all(person.active and person.demo for person in people.values())
    groups = [
        f"{code}:{role}" for code in codes for role in ("reviewer_a", "reviewer_b", "chief_rep", "resident_leader")
    ]
    with any_demo_office.reading() as records:
        members = records.people.members(groups)
    assert {len(names) for names in members.values()} == {1}
    assert members["103:reviewer_a"] == ("103-a",) and members["104:chief_rep"] == ("chengang",)
    handling = [one.code for one in list_departments(any_demo_office) if one.code < "200"]
    with any_demo_office.reading() as records:
        heads = records.people.members([f"{code}:dept_head" for code in handling])
    assert len(handling) == 28 and {len(names) for names in heads.values()} == {1}


def test_the_accounts_of_department_104_are_the_cast_by_another_name(any_demo_office: Office) -> None:
    for alias, username in (
        ("104-a", "zhangwei"),
        ("104-b", "liuyang"),
        ("104-rep", "chengang"),
        ("104-head", "zhaomin"),
        ("104-director", "luoming"),
    ):
        assert sign_in(any_demo_office, alias, DEMO_PASSWORD) == sign_in(any_demo_office, username, DEMO_PASSWORD)


def test_the_centre_has_one_clerk_one_issuer_and_heads_for_what_is_late(any_demo_office: Office) -> None:
    posts = {
        "201:counter_clerk": ("wangfang",),
        "201:issue_clerk": ("wuqian",),
        "201:reviewer_a": ("201-a",),
        "201:reviewer_b": ("201-b",),
        "201:chief_rep": ("201-rep",),
        "201:resident_leader": ("201-head",),
    }
    with any_demo_office.reading() as records:
        assert records.people.members(tuple(posts)) == posts


def test_the_roster_breaks_no_rule_and_has_no_double(demo_office: Office) -> None:
    people = list_people(demo_office)
    assert all(person.roles <= set(ROLES) and conflicting_roles(person.roles) is None for person in people)
    for values in ([p.username for p in people], [p.name for p in people], [p.staff_no for p in people if p.staff_no]):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_loading_again_changes_nothing_and_writes_no_line(any_demo_office: Office) -> None:
    before = list_people(any_demo_office)
    assert load_demo_city(any_demo_office) == 0
    assert list_people(any_demo_office) == before
    with any_demo_office.reading() as records:
        assert len(records.ledger.lines(LedgerAction.DEMO_LOADED)) == 1


def test_who_is_there_already_stays_as_they_are(sqlite_url: str, tmp_path: Path, clock: Any) -> None:
    office = make_office(sqlite_url, tmp_path, clock, demo=True)
    add_person(office, SYSTEM, "zhangwei", "张威", "Correct-1")
    load_demo_city(office)
    kept = next(person for person in list_people(office) if person.username == "zhangwei")
    assert (kept.name, kept.demo, kept.roles) == ("张威", False, frozenset())
    office.close()


def test_a_real_service_sees_that_demo_accounts_are_there(any_demo_office: Office, tmp_path: Path, clock: Any) -> None:
    real = make_office(any_demo_office.settings.database_url, tmp_path, clock)
    assert has_demo_accounts(real)
    real.close()


# -- the clock ----------------------------------------------------------------------------------------------------


@pytest.fixture
def attended(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, datetime]]:
    """What a stand-in for the worker attends: the element and the instant it was done at."""
    done: list[tuple[str, datetime]] = []

    def attend_due(office: Office) -> int:
        with office.transaction() as records:
            rows = records.agenda.claim_ready(records.now, records.now + timedelta(minutes=1), 1)
            for row in rows:
                done.append((row.element or "", records.now))
                records.agenda.drop([row.id])
                if row.element == "makes-another":
                    records.agenda.add([item("another", row.due_at + timedelta(hours=1))])
        return len(rows)

    monkeypatch.setattr(module, "attend_due", attend_due)
    return done


def item(element: str, due: datetime) -> AgendaRow:
    return AgendaRow(id=uuid4(), kind="start", element=element, due_at=due, ready_at=due)


def add(office: Office, *rows: AgendaRow) -> None:
    with office.transaction() as records:
        records.agenda.add(rows)


def test_outside_demo_mode_there_is_no_clock(office: Office) -> None:
    with pytest.raises(Missing):
        read_demo_clock(office)
    with pytest.raises(Missing):
        move_demo_clock(office, SYSTEM, advance="PT1H")


@pytest.mark.parametrize("username", ["lizhao", "zhangwei", "machao", "linlan", "wuqian"])
def test_who_is_not_granted_does_not_move_the_clock(demo_office: Office, username: str) -> None:
    actor = find_actor(demo_office, username)
    assert actor is not None
    with pytest.raises(Forbidden):
        move_demo_clock(demo_office, actor, advance="PT1H")


@pytest.mark.parametrize(
    ("move", "refused", "code"),
    [
        ({}, Invalid, "CLOCK_MOVE_INVALID"),
        ({"now": datetime(2026, 4, 1, tzinfo=UTC), "advance": "PT1H"}, Invalid, "CLOCK_MOVE_INVALID"),
        ({"now": datetime(2026, 4, 1)}, Invalid, "CLOCK_MOVE_INVALID"),
        ({"now": datetime(2101, 4, 1, tzinfo=UTC)}, Invalid, "CLOCK_MOVE_INVALID"),
        ({"now": datetime(1999, 4, 1, tzinfo=UTC)}, Invalid, "CLOCK_MOVE_INVALID"),
        ({"advance": "tomorrow"}, Invalid, "DURATION_UNREADABLE"),
        ({"advance": "-PT1H"}, Invalid, "DURATION_UNREADABLE"),
        ({"advance": "P99999Y"}, Invalid, "DURATION_UNREADABLE"),
        ({"advance": "P999WD"}, Invalid, "CALENDAR_MISSING"),
    ],
)
def test_a_bad_move_is_refused_and_the_clock_stands(
    demo_office: Office, clock: Any, move: dict[str, Any], refused: type[Exception], code: str
) -> None:
    with pytest.raises(refused) as refusal:
        move_demo_clock(demo_office, CLERK, **move)
    assert refusal.value.code == code  # type: ignore[attr-defined]
    assert read_demo_clock(demo_office).now == clock.now


def test_the_clock_goes_back_again_and_again_though_there_are_cases(any_demo_office: Office, clock: Any) -> None:
    clock.set("2026-11-21T23:00:00+08:00")
    deploy_bpmn(any_demo_office, DAILY)
    begins = datetime(2026, 3, 16, 9, tzinfo=CHINA)
    started = []
    for _ in range(3):
        assert move_demo_clock(any_demo_office, CLERK, now=begins).now == begins
        with any_demo_office.reading() as records:
            first = records.agenda.first_ready()  # the timer, or a job of the night before it
        assert first is not None and begins < first <= begins + timedelta(days=1)
        case = start_case(any_demo_office, SYSTEM, key="daily")
        assert case.started_at == begins
        started.append(case.id)
        assert move_demo_clock(any_demo_office, CLERK, advance="PT36H").attended >= 1
    for case_id in started:
        [task] = open_tasks(any_demo_office, case_id).values()
        complete_task(any_demo_office, SYSTEM, task.id)
        assert actions_of(any_demo_office, case_id) == ["case:started", "task:completed", "case:completed"]
    with any_demo_office.reading() as records:
        back = records.ledger.lines(LedgerAction.CLOCK_MOVED)[-1]
    assert (back.actor, datetime.fromisoformat(back.detail["to"])) == ("wangfang", begins)


def test_going_back_attends_nothing_and_what_waits_keeps_its_instant(
    any_demo_office: Office, clock: Any, attended: list[tuple[str, datetime]]
) -> None:
    due = clock.now + timedelta(hours=1)
    row = item("later", due)
    add(any_demo_office, row)
    assert move_demo_clock(any_demo_office, CLERK, now=clock.now - timedelta(days=9)).attended == 0
    with any_demo_office.reading() as records:
        kept = records.agenda.find(row.id)
    assert kept is not None and (kept.due_at, kept.ready_at, attended) == (due, due, [])


def test_what_is_locked_until_later_is_free_after_going_back(any_demo_office: Office, clock: Any) -> None:
    office = any_demo_office
    deploy_text(
        office,
        '<startEvent id="S"/><serviceTask id="X" camunda:type="external" camunda:topic="archive"/><endEvent id="E"/>'
        "\nS -> X\nX -> E\n",
    )
    start_case(office, SYSTEM, key="p")
    topic = TopicRequest(topic="archive", lock_ms=60_000)
    [locked] = fetch_and_lock(office, SYSTEM, "w1", 1, [topic])
    for _ in range(5):
        with pytest.raises(Unauthenticated) as refusal:
            sign_in(office, "wangfang", "wrong")
    assert refusal.value.code == "ACCOUNT_LOCKED"
    assert move_demo_clock(office, CLERK, now=clock.now - timedelta(days=9)).attended == 0
    assert sign_in(office, "wangfang", DEMO_PASSWORD).name == "王芳"
    [again] = fetch_and_lock(office, SYSTEM, "w2", 1, [topic])
    assert (again.id, again.worker) == (locked.id, "w2")


@pytest.mark.parametrize(
    ("today", "begins"),
    [
        ("2026-08-15T09:00:00+08:00", "2026-08-15T09:00:00+08:00"),
        (
            "2026-11-29T09:00:00+08:00",
            "2026-03-16T09:00:00+08:00",
        ),  # a chain that begins today ends in a year nobody has announced
        ("2031-05-05T09:00:00+08:00", "2026-03-16T09:00:00+08:00"),
    ],
)
def test_a_demo_begins_on_a_day_the_calendar_knows(
    sqlite_url: str, tmp_path: Path, clock: Any, today: str, begins: str
) -> None:
    clock.set(today)
    office = make_office(sqlite_url, tmp_path, clock, demo=True)
    load_demo_city(office)
    assert read_demo_clock(office).now == datetime.fromisoformat(begins)
    load_demo_city(office)
    assert read_demo_clock(office).now == datetime.fromisoformat(begins)
    office.close()


@pytest.mark.parametrize(
    ("advance", "shown"),
    [
        ("PT36H", "2026-03-17T21:00:00+08:00"),
        ("P2D", "2026-03-18T09:00:00+08:00"),
        ("P3WD", "2026-03-19T17:00:00+08:00"),
        ("P2HD", "2026-03-17T12:00:00+08:00"),
    ],
)
def test_the_clock_moves_and_goes_on_from_there(any_demo_office: Office, clock: Any, advance: str, shown: str) -> None:
    target = datetime.fromisoformat(shown)
    assert move_demo_clock(any_demo_office, CLERK, advance=advance).now == target
    clock.advance(seconds=90)
    assert read_demo_clock(any_demo_office).now == target + timedelta(seconds=90)
    assert move_demo_clock(any_demo_office, CLERK, now=target + timedelta(days=1)).now == target + timedelta(days=1)
    with any_demo_office.reading() as records:
        [second, first] = records.ledger.lines(LedgerAction.CLOCK_MOVED)
    assert (first.actor, first.detail["attended"]) == ("wangfang", 0)
    assert datetime.fromisoformat(first.detail["to"]) == target
    assert datetime.fromisoformat(second.detail["from"]) == target + timedelta(seconds=90)


def test_everything_due_on_the_way_is_attended_at_its_own_instant_in_due_order(
    any_demo_office: Office, clock: Any, attended: list[tuple[str, datetime]]
) -> None:
    start = clock.now
    hours = {"late": 30, "makes-another": 2, "past": -1, "never-yet": 40, "target": 36}
    add(any_demo_office, *(item(name, start + timedelta(hours=after)) for name, after in hours.items()))
    assert move_demo_clock(any_demo_office, CLERK, advance="PT36H").attended == 5
    assert [(name, (at - start).total_seconds() / 3600) for name, at in attended] == [
        ("past", 0),
        ("makes-another", 2),
        ("another", 3),
        ("late", 30),
        ("target", 36),
    ]


def test_the_move_waits_for_what_another_worker_holds(
    demo_office: Office, clock: Any, attended: list[tuple[str, datetime]], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = item("held", clock.now + timedelta(hours=1))
    add(demo_office, row)
    with demo_office.transaction() as records:
        records.agenda.change(row.id, {"locked_until": clock.now + timedelta(minutes=5)})

    def finished(_seconds: float) -> None:
        with demo_office.transaction() as records:
            records.agenda.drop([row.id])

    monkeypatch.setattr(module.time, "sleep", finished)
    assert move_demo_clock(demo_office, CLERK, advance="PT2H").attended == 0
    with demo_office.reading() as records:
        assert records.agenda.first_ready() is None


def test_a_frozen_clock_stands_between_moves_and_goes_on_from_there_when_thawed(
    any_demo_office: Office, clock: Any
) -> None:
    target = datetime(2026, 3, 18, 9, tzinfo=CHINA)
    shown = move_demo_clock(any_demo_office, CLERK, now=target, frozen=True)
    assert (shown.now, shown.frozen) == (target, True)
    clock.advance(hours=5)
    assert read_demo_clock(any_demo_office) == shown
    assert move_demo_clock(any_demo_office, CLERK, advance="P1WD").now == datetime(2026, 3, 19, 17, tzinfo=CHINA)
    back = move_demo_clock(any_demo_office, CLERK, now=target)
    assert (back.now, back.frozen) == (target, True)
    assert not move_demo_clock(any_demo_office, CLERK, frozen=False).frozen
    clock.advance(seconds=90)
    assert read_demo_clock(any_demo_office).now == target + timedelta(seconds=90)
    with any_demo_office.reading() as records:
        thawed = records.ledger.lines(LedgerAction.CLOCK_MOVED)[0]
    assert thawed.detail["frozen"] is False


def test_what_another_process_reads_is_frozen_too(any_demo_office: Office, tmp_path: Path, clock: Any) -> None:
    begun = move_demo_clock(any_demo_office, CLERK, frozen=True).now
    clock.advance(hours=1)
    other = make_office(any_demo_office.settings.database_url, tmp_path, clock, demo=True)
    assert (read_demo_clock(other).now, read_demo_clock(other).frozen) == (begun, True)
    other.close()


def test_what_a_dead_node_held_is_attended_while_the_clock_stands(any_demo_office: Office, clock: Any) -> None:
    deploy_bpmn(any_demo_office, DAILY)
    due = move_demo_clock(any_demo_office, CLERK, frozen=True).now + timedelta(days=1)
    with any_demo_office.transaction() as records:
        show_instant(any_demo_office, records, due, frozen=True)
    with any_demo_office.transaction() as records:
        [held] = records.agenda.claim_ready(records.now, records.real_now + CLAIM, 1)
    assert attend_due(any_demo_office) == 0
    clock.advance(CLAIM)
    assert attend_due(any_demo_office) == 1
    with any_demo_office.reading() as records:
        again = records.agenda.find(held.id)
    assert again is not None and again.due_at == due + timedelta(days=1)


def test_a_move_that_died_goes_on_from_its_last_stop(
    any_demo_office: Office, clock: Any, attended: list[tuple[str, datetime]], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = move_demo_clock(any_demo_office, CLERK, frozen=True).now
    hours = {"first": 1, "second": 2, "third": 3}
    add(any_demo_office, *(item(name, start + timedelta(hours=after)) for name, after in hours.items()))
    monkeypatch.setattr(module, "STOPS", 1)
    for stop in (1, 2, 3):
        with pytest.raises(Conflict) as refusal:
            move_demo_clock(any_demo_office, CLERK, now=start + timedelta(hours=9))
        assert refusal.value.code == "CLOCK_TOO_FAR"
        assert read_demo_clock(any_demo_office).now == start + timedelta(hours=stop)
        clock.advance(hours=7)
    assert move_demo_clock(any_demo_office, CLERK, now=start + timedelta(hours=9)).attended == 0
    assert attended == [(name, start + timedelta(hours=after)) for name, after in hours.items()]


def test_each_stop_of_a_move_is_found_by_one_look_at_an_index(
    any_demo_office: Office, attended: list[tuple[str, datetime]]
) -> None:
    start = move_demo_clock(any_demo_office, CLERK, frozen=True).now
    add(any_demo_office, *(item("due", start + timedelta(minutes=minute)) for minute in range(1, 21)))
    with count_statements(any_demo_office.database) as count:
        assert move_demo_clock(any_demo_office, CLERK, advance="PT1H").attended == 20
    looks = [statement for statement in count.sql if "min(agenda.ready_at)" in statement]
    assert len(looks) <= 2 * 20 + 4 and not any("count(" in statement for statement in count.sql)
