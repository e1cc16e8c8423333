"""年规范 and 季清理: opened by the calendar, answered by departments, in force at publication and not before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from service.casework import arm_jobs, attend_due
from service.casework.office import Office
from service.casework.register import (
    answer_line,
    catalogue,
    check_review,
    guide,
    open_review,
    publish_review,
    review_list,
    review_view,
    save_draft,
    submit_draft,
    sum_up,
)
from service.rules.item_reviews import ReviewDecision
from service.rules.item_words import ItemStatus
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework.register.cast import (
    CHIEF,
    CLERK,
    CODE,
    LAWYER,
    OFFICER,
    OTHER_CHIEF,
    SECOND_OFFICER,
    card_data,
    put_in,
)
from tests.conftest import CHINA, Clock

KEEP, ADD, CANCEL, CHANGE = ReviewDecision
MORNING = datetime(2026, 3, 20, 8, tzinfo=CHINA)


@pytest.fixture
def yearly(any_office: Office) -> Iterator[tuple[Office, UUID]]:
    """A review of two items of 104."""
    put_in(any_office, card_data(), card_data("104-XK-002"))
    yield any_office, open_review(any_office, OFFICER, "YEARLY", 2026).id


def test_only_the_business_office_opens_sums_up_and_publishes(office: Office) -> None:
    put_in(office)
    with pytest.raises(Forbidden, match="ITEM_OFFICE_ONLY"):
        open_review(office, CHIEF, "YEARLY", 2026)
    review = open_review(office, OFFICER, "YEARLY", 2026)
    for act in (sum_up, publish_review):
        with pytest.raises(Forbidden, match="ITEM_OFFICE_ONLY"):
            act(office, CHIEF, review.id)
    with pytest.raises(Forbidden, match="ITEM_LEGAL_ONLY"):
        check_review(office, OFFICER, review.id)
    with pytest.raises(Forbidden, match="REGISTER_CLOSED"):
        review_list(office, CLERK)
    with pytest.raises(Forbidden, match="ITEM_FORBIDDEN"):
        answer_line(office, OTHER_CHIEF, review.id, CODE, KEEP)


@pytest.mark.parametrize(
    ("kind", "year", "quarter"), [("YEARLY", 2026, 1), ("QUARTERLY", 2026, 0), ("X", 2026, 0), ("YEARLY", 1, 0)]
)
def test_a_review_is_of_a_year_or_of_one_quarter(office: Office, kind: str, year: int, quarter: int) -> None:
    with pytest.raises(Invalid, match="REVIEW_KIND"):
        open_review(office, OFFICER, kind, year, quarter)


def test_a_year_is_reviewed_once(yearly: tuple[Office, UUID]) -> None:
    office, _ = yearly
    with pytest.raises(Conflict, match="REVIEW_THERE"):
        open_review(office, OFFICER, "YEARLY", 2026)


def test_every_item_has_to_be_answered_and_what_is_not_kept_needs_a_reason(yearly: tuple[Office, UUID]) -> None:
    office, review = yearly
    answer_line(office, CHIEF, review, CODE, KEEP)
    with pytest.raises(Conflict, match="REVIEW_INCOMPLETE"):
        sum_up(office, OFFICER, review)
    with pytest.raises(Invalid, match="ITEM_NOTE_MISSING"):
        answer_line(office, CHIEF, review, "104-XK-002", CANCEL)
    with pytest.raises(Invalid, match="REVIEW_DRAFT_MISSING"):
        answer_line(office, CHIEF, review, "104-XK-002", CHANGE, reason="压缩时限")
    with pytest.raises(Missing, match="REVIEW_MISSING"):
        answer_line(office, CHIEF, review, "105-XK-001", KEEP)
    with pytest.raises(Missing, match="REVIEW_MISSING"):
        answer_line(office, CHIEF, uuid4(), CODE, KEEP)


def test_items_change_at_publication_and_not_before(yearly: tuple[Office, UUID], clock: Clock) -> None:
    office, review = yearly
    draft = save_draft(office, CHIEF, card_data(promised=2, stages=[1, 1, 1, 1], tacit="NONE"), note="压缩时限")
    submit_draft(office, CHIEF, draft.id)
    answer_line(office, CHIEF, review, CODE, CHANGE, reason="压缩承诺时限")
    answer_line(office, CHIEF, review, "104-XK-002", CANCEL, reason="并入联合图审")
    sum_up(office, OFFICER, review)
    with pytest.raises(Conflict, match="REVIEW_STATE"):
        answer_line(office, CHIEF, review, CODE, KEEP)
    with pytest.raises(Conflict, match="REVIEW_STATE"):
        publish_review(office, OFFICER, review)
    check_review(office, LAWYER, review)
    publish_review(office, OFFICER, review, effective_from=MORNING)
    assert guide(office, None, CODE).card.promised == 3 and catalogue(office).total == 2
    clock.set("2026-03-20T08:00:00")
    found = guide(office, None, CODE)
    assert (found.card.promised, found.row.legal_by, found.row.version) == (2, "gaolin", 2)
    assert guide(office, None, "104-XK-002").card.status is ItemStatus.CANCELLED
    assert catalogue(office).total == 1
    view = review_view(office, OFFICER, review)
    assert view.row.state == "PUBLISHED" and view.counts == {"KEEP": 0, "ADD": 0, "CANCEL": 1, "CHANGE": 1}
    with office.reading() as records:
        [line] = [one for one in records.ledger.lines() if one.action == "review:moved" and "before" in one.detail]
    assert (line.detail["before"], line.detail["CANCEL"], line.detail["CHANGE"]) == (2, 1, 1)


def test_a_new_item_is_added_by_the_review(yearly: tuple[Office, UUID]) -> None:
    office, review = yearly
    draft = save_draft(office, OTHER_CHIEF, card_data("102-XK-002"), note="新增事项")
    submit_draft(office, OTHER_CHIEF, draft.id)
    answer_line(office, OTHER_CHIEF, review, "102-XK-002", ADD, reason="国家清单新增")
    for code in (CODE, "104-XK-002"):
        answer_line(office, CHIEF, review, code, KEEP)
    sum_up(office, OFFICER, review)
    check_review(office, LAWYER, review)
    publish_review(office, OFFICER, review)
    assert catalogue(office).total == 3


def test_one_change_that_cannot_be_published_keeps_all_of_them_back(yearly: tuple[Office, UUID]) -> None:
    office, review = yearly
    draft = save_draft(office, OFFICER, card_data(visits=0), note="全程网办")
    submit_draft(office, OFFICER, draft.id)
    answer_line(office, OFFICER, review, CODE, CHANGE, reason="全程网办")
    answer_line(office, CHIEF, review, "104-XK-002", CANCEL, reason="并入联合图审")
    sum_up(office, OFFICER, review)
    check_review(office, LAWYER, review)
    with pytest.raises(Forbidden, match="ITEM_OWN_DRAFT"):
        publish_review(office, OFFICER, review)
    assert catalogue(office).total == 2 and review_view(office, OFFICER, review).row.state == "CHECKED"
    assert publish_review(office, SECOND_OFFICER, review).state == "PUBLISHED"


def test_the_quarterly_list_is_opened_on_the_first_working_day_with_its_reasons(
    any_office: Office, clock: Clock
) -> None:
    put_in(any_office, card_data(), card_data("101-QT-001"), card_data("107-XK-001"))
    arm_jobs(any_office)
    clock.set("2026-04-01T06:30:00")
    while attend_due(any_office):
        pass
    [found] = review_list(any_office, OFFICER)
    assert (found.row.kind, found.row.year, found.row.quarter, found.row.opened_by) == ("QUARTERLY", 2026, 1, None)
    view = review_view(any_office, OFFICER, found.row.id)
    told = {one.line.code: [finding.code.value for finding in one.findings] for one in view.items}
    assert told["107-XK-001"] == ["OVER_DEFAULT", "TO_CONFIRM", "NO_PROCESS"]
    assert told[CODE] == ["COULD_BE_IMMEDIATE", "NO_PROCESS"]
    clock.set("2026-04-12T07:00:00")
    while attend_due(any_office):
        pass
    assert len(review_list(any_office, OFFICER)) == 1


def test_the_year_begins_with_its_review_and_an_item_nobody_asked_for_is_on_the_list(
    any_office: Office, clock: Clock
) -> None:
    clock.set("2024-10-09T09:00:00")
    put_in(any_office)
    arm_jobs(any_office)
    clock.set("2026-01-01T07:00:00")
    while attend_due(any_office):
        pass
    assert "YEARLY" not in {one.row.kind for one in review_list(any_office, OFFICER) if one.row.year == 2026}
    clock.set("2026-01-04T07:00:00")  # a Sunday that works
    while attend_due(any_office):
        pass
    [review] = [one for one in review_list(any_office, OFFICER) if (one.row.kind, one.row.year) == ("YEARLY", 2026)]
    [line] = review_view(any_office, OFFICER, review.row.id).items
    assert "NO_CASE" in [one.code.value for one in line.findings]
