"""待办 by place and filter: every count is the list it opens, whoever looks and whatever is asked, on both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, insert, select, update

from service.casework import complete_task, delegate_task, find_actor, start_case
from service.casework.actors import Actor
from service.casework.following import follow_case, unfollow_case
from service.casework.office import Office
from service.casework.rights import HEADS
from service.casework.saved_filters import delete_filter, save_filter, saved_filters, set_usual_filter
from service.casework.workbench import VIEWS, WorkItem, case_list, changes_of, every_work, inbox, next_work, tab_counts
from service.rules.refusals import Forbidden, Invalid, Missing
from service.rules.work_filters import OPEN_TABS, SORTS, WorkFilter
from service.store.database import count_statements
from service.store.schema import case, task, task_candidate
from tests.casework.desk import deploy_text
from tests.conftest import Clock

QUEUE = (
    '<startEvent id="S"/><userTask id="A" name="{name}" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104"/>'
    '<userTask id="B" name="乙" zw:role="counter_clerk"/><endEvent id="E"/>\nS -> A\nA -> B\nB -> E\n'
)
PEOPLE = ("wangfang", "zhangwei", "liuyang", "chengang", "sunli")
MANY = 400


def person(office: Office, username: str) -> Actor:
    found = find_actor(office, username)
    assert found is not None
    return found


@pytest.fixture
def city(any_demo_office: Office) -> Office:
    for key in ("p", "q"):
        deploy_text(any_demo_office, QUEUE.format(name=f"审查{key}"), key=key)
    return any_demo_office


@pytest.fixture
def busy(city: Office) -> Office:
    """Four hundred tasks at random: held, offered, shared, delegated, overdue, paused, escalated, without a limit."""
    dice = random.Random(7)
    ids = [
        start_case(
            city, person(city, "wangfang"), key=key, title=f"云溪{n}号-{key}", business_key=f"BJ-{n}",
            variables={"applicant": f"申请人{n % 3}", "project_code": f"2603-{n % 4}"},
        ).id
        for n, key in enumerate("pqpqpqpq")
    ]  # fmt: skip
    with city.transaction() as records:
        (first,) = records.execute(select(task).where(task.c.case_id == ids[0])).all()
        definitions = dict(records.execute(select(case.c.id, case.c.definition_id)).all())  # type: ignore[arg-type]
        rows, candidates = [], []
        for _ in range(MANY):
            one, hours = dice.choice(ids), dice.randint(-200, 200)
            due = None if dice.random() < 0.1 else records.now + timedelta(hours=hours, minutes=1)
            owner = dice.choice((None, None, *PEOPLE))
            values: dict[str, Any] = {
                **first._mapping,
                "id": uuid4(),
                "case_id": one,
                "definition_id": definitions[one],
                "assignee": dice.choice((None, None, *PEOPLE)),
                "owner": owner,
                "delegation": "PENDING" if owner and dice.random() < 0.6 else None,
                "priority": dice.choice((20, 50, 80)),
                "department": dice.choice(("100", "104", "105")),
                "stage": dice.choice(("REVIEW", "ACCEPT", None)),
                "created_at": records.now - timedelta(hours=dice.randint(0, 300)),
                "due_at": due,
                "warn_at": due - timedelta(hours=dice.randint(1, 90)) if due and dice.random() < 0.7 else None,
                "paused_at": records.now if dice.random() < 0.1 else None,
                "escalated_at": records.now if dice.random() < 0.1 else None,
            }
            rows.append(values)
            offers = [
                ("group", "104:reviewer_a"),
                ("group", "counter_clerk"),
                ("user", "liuyang"),
                ("share", "104:reviewer_b"),
            ]
            candidates += [
                {"task_id": values["id"], "kind": kind, "value": value}
                for kind, value in dice.sample(offers, dice.randint(0, 3))
            ]
        records.execute(insert(task), rows)
        records.execute(insert(task_candidate), candidates)
    return city


def belongs(office: Office, actor: Actor, tab: str) -> set[UUID]:
    """The place of a task in plain words, from the rows themselves."""
    with office.reading() as records:
        rows = records.execute(select(task).where(task.c.ended_at.is_(None))).all()
        offers = records.execute(select(task_candidate)).all()
    offered = {o.task_id for o in offers if (o.kind == "user" and o.value == actor.username) or (o.kind == "group" and o.value in actor.groups)}  # fmt: skip
    shared = {o.task_id for o in offers if o.kind == "share" and o.value in actor.groups}
    places = {
        "mine": {r.id for r in rows if r.assignee == actor.username},
        "post": {r.id for r in rows if (r.assignee is None and r.id in offered | shared) or (r.assignee not in (None, actor.username) and r.id in shared)},
        "department": {r.id for r in rows if actor.has(*HEADS) and r.department == actor.department},
        "delegated": {r.id for r in rows if r.delegation == "PENDING" and actor.username in (r.owner, r.assignee) and r.owner and r.assignee and r.owner != r.assignee},
    }  # fmt: skip
    places["all"] = places["mine"] | places["post"]
    return places[tab]


def pages(office: Office, actor: Actor, wanted: WorkFilter) -> Iterator[WorkItem]:
    number = 1
    while True:
        found = inbox(office, actor, wanted, page=number)
        yield from found.items
        if number >= found.pages:
            return
        number += 1


@pytest.mark.parametrize("username", PEOPLE)
def test_every_place_holds_what_belongs_there_and_every_count_is_its_list(busy: Office, username: str) -> None:
    actor = person(busy, username)
    tabs = tab_counts(busy, actor)
    for tab in OPEN_TABS:
        expected = belongs(busy, actor, tab)
        work = inbox(busy, actor, WorkFilter(tab=tab))
        assert {item.row.id for item in pages(busy, actor, WorkFilter(tab=tab))} == expected, tab
        assert work.total == len(expected)
        if tab in tabs:
            assert tabs[tab] == len(expected) == work.tabs[tab]
        lights = [item.light.value for item in pages(busy, actor, WorkFilter(tab=tab))]
        assert work.counts["green"] == lights.count("green") + lights.count("none")
        for view in ("red", "yellow", "stopped"):
            assert work.counts[view] == lights.count(view), (tab, view)


def test_counts_agree_with_lists_for_any_filter(busy: Office) -> None:
    dice = random.Random(11)
    today = busy.clock().date()
    seen = 0
    for _ in range(30):
        actor = person(busy, dice.choice(PEOPLE))
        some = {
            "view": VIEWS,
            "q": ("云溪3", "BJ-2 审查", "申请人1", "2603-1", "%"),
            "item": ("p", "不存在"),
            "stage": ("REVIEW",),
            "department": ("104",),
            "applicant": ("申请人2",),
            "project": ("2603-3",),
            "due_from": (today,),
            "due_to": (today + timedelta(days=2),),
            "arrived_to": (today - timedelta(days=3),),
        }
        chosen = {name: dice.choice(some[name]) for name in dice.sample(sorted(some), dice.randint(0, 2))}
        wanted = WorkFilter(tab=dice.choice(OPEN_TABS), sort=dice.choice(SORTS), **chosen)  # type: ignore[arg-type]
        listed = list(pages(busy, actor, wanted))
        counts = inbox(busy, actor, wanted).counts
        assert counts[wanted.view] == len(listed) == len({item.row.id for item in listed}), wanted
        assert counts["all"] == sum(counts[one] for one in ("red", "yellow", "green", "stopped")), wanted
        assert [item.row.id for item in every_work(busy, actor, wanted, limit=1000)[0]] == [i.row.id for i in listed]
        seen += len(listed)
    assert seen > 300


def test_a_list_is_in_the_order_that_was_asked_for(busy: Office) -> None:
    actor = person(busy, "chengang")
    usual = [item.row.due_at for item in pages(busy, actor, WorkFilter(tab="department")) if item.row.due_at]
    assert usual == sorted(usual)
    newest = [item.row.created_at for item in pages(busy, actor, WorkFilter(tab="department", sort="newest"))]
    assert newest == sorted(newest, reverse=True)
    numbers = [item.row.business_key for item in pages(busy, actor, WorkFilter(tab="department", sort="number"))]
    assert numbers == sorted(numbers, key=str)


def test_a_search_knows_applicants_projects_numbers_and_items_and_takes_signs_literally(busy: Office) -> None:
    clerk = person(busy, "wangfang")
    for said, name in (
        ("申请人1", "q"),
        ("2603-2", "q"),
        ("BJ-4", "q"),
        ("申请人1", "applicant"),
        ("2603-2", "project"),
    ):
        found = inbox(busy, clerk, WorkFilter(**{name: said}))
        assert 0 < found.total < inbox(busy, clerk).total, said
    assert inbox(busy, clerk, WorkFilter(q="%")).total == inbox(busy, clerk, WorkFilter(q="_ _")).total == 0


def test_who_leads_nobody_has_no_list_of_the_department(busy: Office) -> None:
    for username in ("wangfang", "zhangwei", "sunli"):
        assert "department" not in tab_counts(busy, person(busy, username))
        assert inbox(busy, person(busy, username), WorkFilter(tab="department")).total == 0


def test_a_page_costs_the_same_however_much_there_is(busy: Office) -> None:
    chief = person(busy, "chengang")
    inbox(busy, chief)
    with count_statements(busy.database) as counted:
        inbox(busy, chief, WorkFilter(tab="department"))
    asked = [one for one in counted.sql if "FROM setting" not in one]  # the clock, now and then
    assert len(asked) <= 13, asked


def test_the_database_finds_work_by_indexes_alone(busy: Office) -> None:
    if busy.database.dialect != "sqlite":
        pytest.skip("plans of small tables on PostgreSQL say nothing")
    asked: list[tuple[str, Any]] = []
    event.listen(
        busy.database.engine, "before_cursor_execute", lambda c, k, sql, values, *rest: asked.append((sql, values))
    )
    for username in ("wangfang", "chengang"):
        for tab in OPEN_TABS:
            if tab != "department" or username == "chengang":  # who leads nobody is not looked anything up for
                inbox(busy, person(busy, username), WorkFilter(tab=tab))
    lists = [(sql, values) for sql, values in asked if "WITH work AS" in sql]
    assert len(lists) >= 9
    with busy.reading() as records:
        driver: Any = records.connection.connection.driver_connection
        for sql, values in lists:
            plan = [row[-1] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
            assert not [line for line in plan if line.startswith("SCAN task") and "INDEX" not in line], plan


# -- what comes next, and what changes meanwhile


def test_the_next_task_is_the_next_of_the_list_one_came_from(busy: Office) -> None:
    actor = person(busy, "zhangwei")
    wanted = WorkFilter(tab="post", view="green")
    first, second = inbox(busy, actor, wanted).items[:2]
    found = next_work(busy, actor, after=first.row.id, case_id=uuid4(), wanted=wanted)
    assert found is not None and found.row.id == second.row.id
    assert next_work(busy, actor, after=first.row.id, case_id=uuid4(), wanted=wanted.but(q="没有")) is None


def test_what_came_and_what_others_did_is_told_to_who_may_know(city: Office, clock: Clock) -> None:
    clerk, chief = person(city, "wangfang"), person(city, "chengang")
    held = start_case(city, clerk, key="p", title="云溪一号").id
    wanted = WorkFilter(tab="department")
    since = inbox(city, chief, wanted).now
    with city.reading() as records:
        (row,) = records.tasks.open_of(held)
    quiet = changes_of(city, chief, wanted, since=since, shown=[row.id])
    assert (quiet.fresh, quiet.rows) == (0, ())
    clock.advance(minutes=1)
    start_case(city, clerk, key="p", title="云溪二号")
    complete_task(city, person(city, "zhangwei"), row.id)
    found = changes_of(city, chief, wanted, since=since, shown=[row.id])
    assert found.fresh == 1 and [(one.state, one.by) for one in found.rows] == [("done", "张伟")]
    stranger = replace(person(city, "zhangwei"), username="x", department="199", roles=frozenset({"reviewer_a"}))
    assert changes_of(city, stranger, WorkFilter(), since=since, shown=[row.id]).rows == ()


def test_a_task_somebody_else_claimed_is_told_with_the_name(city: Office, clock: Clock) -> None:
    first = person(city, "wangfang")
    held = start_case(city, first, key="p", title="云溪一号").id
    with city.reading() as records:
        (row,) = records.tasks.open_of(held)
    complete_task(city, person(city, "zhangwei"), row.id)
    with city.transaction() as records:
        (row,) = records.tasks.open_of(held)
        records.execute(update(task).where(task.c.id == row.id).values(assignee="liuyang"))
    found = changes_of(city, first, WorkFilter(tab="post"), since=clock.now, shown=[row.id])
    assert [(one.state, one.by) for one in found.rows] == [("taken", "刘洋")]


# -- delegated, followed, kept


def test_what_is_delegated_stands_with_both(city: Office) -> None:
    case_id = start_case(city, person(city, "wangfang"), key="p").id
    with city.reading() as records:
        (row,) = records.tasks.open_of(case_id)
    delegate_task(city, person(city, "zhangwei"), row.id, "liuyang")
    for username in ("zhangwei", "liuyang"):
        assert inbox(city, person(city, username), WorkFilter(tab="delegated")).total == 1


def test_a_case_is_followed_by_who_may_read_it_and_its_count_is_its_list(city: Office) -> None:
    clerk, stranger = person(city, "wangfang"), person(city, "hejing")
    case_id = start_case(city, clerk, key="p", title="云溪一号").id
    with pytest.raises(Missing, match="CASE_NOT_FOUND"):
        follow_case(city, stranger, case_id)
    reviewer = person(city, "zhangwei")
    for _ in range(2):
        follow_case(city, reviewer, case_id)
    assert tab_counts(city, reviewer)["followed"] == 1
    assert [line.id for line in case_list(city, reviewer, view="all", followed=True).items] == [case_id]
    unfollow_case(city, reviewer, case_id)
    assert tab_counts(city, reviewer)["followed"] == case_list(city, reviewer, view="all", followed=True).total == 0


def test_a_kept_filter_is_refused_without_a_name_and_changed_by_its_owner_only(city: Office) -> None:
    owner, colleague, stranger = (person(city, name) for name in ("zhangwei", "liuyang", "wangfang"))
    with pytest.raises(Invalid, match="FILTER_NAME_MISSING"):
        save_filter(city, owner, "  ", WorkFilter())
    with pytest.raises(Invalid, match="FILTER_NAME_LONG"):
        save_filter(city, owner, "长" * 41, WorkFilter())
    kept = save_filter(city, owner, "超期审查", WorkFilter(view="red"), shared=True, usual=True)
    assert [(one.name, one.own, one.usual) for one in saved_filters(city, colleague)] == [("超期审查", False, False)]
    assert saved_filters(city, stranger) == ()
    with pytest.raises(Forbidden, match="FILTER_OF_ANOTHER"):
        delete_filter(city, colleague, kept)
    with pytest.raises(Missing, match="FILTER_NOT_FOUND"):
        set_usual_filter(city, stranger, kept, usual=True)
    assert save_filter(city, owner, "超期审查", WorkFilter(view="yellow")) == kept
    (one,) = saved_filters(city, owner)
    assert (one.wanted, one.shared, one.usual) == (WorkFilter(view="yellow"), False, False)
    delete_filter(city, owner, kept)
    assert saved_filters(city, owner) == ()


def test_only_one_filter_is_what_the_inbox_opens_with(city: Office) -> None:
    owner = person(city, "zhangwei")
    first, second = (save_filter(city, owner, name, WorkFilter(q=name), usual=True) for name in ("一", "二"))
    assert [one.id for one in saved_filters(city, owner) if one.usual] == [second]
    set_usual_filter(city, owner, first, usual=True)
    assert [one.id for one in saved_filters(city, owner) if one.usual] == [first]


def test_the_applicant_is_found_by_what_the_form_said(city: Office) -> None:
    clerk = person(city, "wangfang")
    start_case(city, clerk, key="p", variables={"applicant": "云溪华印制罐有限公司"})
    reviewer = person(city, "zhangwei")
    assert inbox(city, reviewer, WorkFilter(applicant="华印")).total == 1
    assert inbox(city, reviewer, WorkFilter(applicant="别家")).total == 0
