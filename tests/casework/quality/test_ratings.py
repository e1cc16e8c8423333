"""评价: one for a case, thirty days, changed once within a day; a bad one opens a 差评处置 kept from who handled the case."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework.quality import bad_ratings, rate_case, rateable, rating_list
from service.casework.quality.ratings import verifier
from service.casework.starting import start_case
from service.rules.refusals import Conflict, Forbidden, Invalid
from tests.casework.quality.conftest import ITEM, Town, ended_case
from tests.conftest import Clock


@pytest.fixture
def case_id(town: Town) -> UUID:
    return ended_case(town)


def follow_up(town: Town, case_id: UUID) -> UUID:
    """The 差评处置 of a case."""
    with town.office.reading() as records:
        row = records.quality.rating_of(case_id)
        assert row is not None and row.follow_up is not None
        _, started = records.exchange.linked(case_id)
    assert [one.id for one in started] == [row.follow_up]
    return row.follow_up


def test_the_applicant_rates_a_case_once_and_may_change_it_once_within_a_day(town: Town, clock: Clock, case_id: UUID):
    lizhao = town.who("lizhao")
    row = rate_case(town.office, lizhao, case_id, 5, tags=["按时办结"], said="很快")
    assert (row.grade, row.channel, row.named, row.department, row.follow_up) == (5, "ONLINE", True, "101", None)
    clock.advance(hours=23)
    assert rate_case(town.office, lizhao, case_id, 4).grade == 4
    with pytest.raises(Conflict) as refused:
        rate_case(town.office, lizhao, case_id, 3)
    assert refused.value.code == "RATED_ALREADY"
    assert not rateable(town.office, lizhao, case_id).open


def test_after_a_day_a_rating_stands(town: Town, clock: Clock, case_id: UUID):
    rate_case(town.office, town.who("lizhao"), case_id, 5)
    clock.advance(hours=25)
    with pytest.raises(Conflict):
        rate_case(town.office, town.who("lizhao"), case_id, 4)


def test_a_case_is_rated_within_thirty_days_of_its_end_and_not_before(town: Town, clock: Clock, case_id: UUID):
    lizhao = town.who("lizhao")
    running = start_case(town.office, lizhao, key=ITEM, variables={"project_name": "新厂"}).id
    with pytest.raises(Conflict) as refused:
        rate_case(town.office, lizhao, running, 5)
    assert refused.value.code == "CASE_STILL_RUNNING"
    clock.advance(days=31)
    with pytest.raises(Conflict) as refused:
        rate_case(town.office, lizhao, case_id, 5)
    assert refused.value.code == "RATING_LATE"


@pytest.mark.parametrize("username", ["101-a", "sunli", "tianyue"])
def test_nobody_of_the_house_but_the_window_rates(town: Town, case_id: UUID, username: str):
    with pytest.raises(Forbidden):
        rate_case(town.office, town.who(username), case_id, 5)


def test_a_bad_rating_says_why(town: Town, case_id: UUID):
    for grade, tags, code in (
        (1, (), "RATING_REASON"),
        (0, (), "RATING_GRADE"),
        (6, (), "RATING_GRADE"),
        (5, ("好",), "RATING_TAGS"),
    ):
        with pytest.raises(Invalid) as refused:
            rate_case(town.office, town.who("lizhao"), case_id, grade, tags=tags)
        assert refused.value.code == code


def test_nobody_pressing_at_the_counter_is_no_rating_yet(town: Town, case_id: UUID):
    row = rate_case(town.office, town.who("wangfang"), case_id, 0)
    assert (row.grade, row.channel, row.clerk, row.rated_by) == (0, "WINDOW", "wangfang", None)
    again = rate_case(town.office, town.who("lizhao"), case_id, 4)
    assert (again.grade, again.changed_at, again.rated_by) == (4, None, "lizhao")
    found = rating_list(town.office, town.who("jiangyue"))
    assert (found.counts, found.average) == ({4: 1}, 4.0)


def test_a_bad_rating_is_verified_by_somebody_who_did_nothing_in_the_case(town: Town, case_id: UUID):
    rate_case(town.office, town.who("lizhao"), case_id, 1, tags=["办理太慢"])
    started = follow_up(town, case_id)
    [task] = town.open(started)
    assert (task.element, task.department, task.assignee) == ("Task_Verify", "101", "101-head")
    town.run()
    with town.office.reading() as records:
        told = [(one.code, one.box) for one in records.messages.of_case(started) if one.code == "L10" and one.box]
        assert verifier(records, "101", {"101-rep", "101-head"}) == ("dept_head", "101")
        assert verifier(records, "101", {"101-rep", "101-head", "101-director"}) == ("supervisor", "201")
    assert told == [("L10", "101-head")]


def test_a_bad_rating_is_put_right_called_back_and_published_without_names(town: Town, case_id: UUID):
    rate_case(town.office, town.who("lizhao"), case_id, 2, said="李昭说跑了三趟")
    started = follow_up(town, case_id)
    town.step(started, "Task_Verify", finding="true", contacted="已联系")
    town.step(started, "Task_Rectify", measure="增设一次告知清单")
    assert town.step(started, "Task_CallBack", accepted="yes", said="认可") == "sunli"
    assert town.end(started) == "End_Closed"
    [published] = bad_ratings(town.office)
    assert (published.department, published.grade, published.measure) == ("发展和改革局", "2", "增设一次告知清单")
    assert "李昭" not in repr(published)


def test_a_mistaken_rating_stays_on_record_and_counts_for_nothing(town: Town, case_id: UUID):
    rate_case(town.office, town.who("lizhao"), case_id, 1, said="按错了")
    started = follow_up(town, case_id)
    town.step(started, "Task_Verify", finding="mistaken", contacted="本人说明按错")
    town.step(started, "Task_Appeal", by="tianyue", appeal="upheld", reason="录音为证")
    assert town.end(started) == "End_Invalid"
    found = rating_list(town.office, town.who("jiangyue"))
    assert (found.items[0].rating.grade, found.average) == (1, None)
    assert found.items[0].rating.excluded_at is not None


def test_verification_that_is_late_costs_the_department_a_red_card(town: Town, clock: Clock, case_id: UUID):
    rate_case(town.office, town.who("lizhao"), case_id, 1, said="太慢")
    started = follow_up(town, case_id)
    [task] = town.open(started)
    assert task.due_at is not None
    clock.now = task.due_at
    town.run()
    with town.office.reading() as records:
        cards = [(one.violation, one.level, one.addressee) for one in records.supervision.of_case(started)]
    assert cards == [("RATING_UNVERIFIED", "RED", "101")]


def test_each_sees_the_ratings_that_concern_them(town: Town, case_id: UUID):
    rate_case(town.office, town.who("lizhao"), case_id, 5)
    assert rating_list(town.office, town.who("101-a")).total == 1
    assert rating_list(town.office, town.who("zhangwei")).total == 0
    assert rating_list(town.office, town.who("lizhao")).average is None
    with pytest.raises(Forbidden):
        rating_list(town.office, town.who("cashier"))
