"""事项清理 (SP-13): the list of the register goes through its desks, or they follow what is done on its page."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework.office import Office
from service.casework.register import (
    answer_line,
    check_review,
    open_review,
    publish_review,
    return_review,
    review_view,
    sum_up,
)
from service.rules.item_reviews import ReviewDecision
from service.rules.refusals import Conflict, Forbidden, Invalid
from tests.casework.measures.city import answer, ended, put_up, task, until, who, work
from tests.casework.register.cast import card_data, put_in
from tests.conftest import Clock

CODES = ("104-XK-001", "107-XK-005")
FILED = {"filed": ["本部门事项已逐项填报"]}


def opened(office: Office, kind: str = "YEARLY", quarter: int = 0) -> tuple[UUID, UUID]:
    """A review of an item of 104 and one of 107, and its supporting case."""
    put_up(office, "support_SP_13")
    put_in(office, *(card_data(code) for code in CODES))
    review = open_review(office, who(office, "tianyue"), kind, 2026, quarter).id
    work(office)
    with office.reading() as records:
        [row] = records.measures.running("support_SP_13")
    assert row.subject == review
    return review, row.id


def keep(office: Office, review: UUID, code: str) -> None:
    answer_line(
        office, who(office, f"{code[:3]}-rep" if code[:3] != "104" else "chengang"), review, code, ReviewDecision.KEEP
    )


def file_both(office: Office, review: UUID, support: UUID) -> None:
    from service.casework import complete_task

    for code, by in zip(CODES, ("chengang", "107-rep"), strict=True):
        keep(office, review, code)
        with office.reading() as records:
            [desk] = [one for one in records.tasks.open_of(support) if one.department == code[:3]]
        complete_task(office, who(office, by), desk.id, answers=FILED)
        work(office)


def test_the_yearly_review_goes_from_desk_to_desk_and_is_in_force_at_its_end(
    any_demo_office: Office, clock: Clock
) -> None:
    office = any_demo_office
    review, support = opened(office)
    with office.reading() as records:
        desks = {one.department: one for one in records.tasks.open_of(support)}
    assert set(desks) == {"104", "107"}
    from service.casework import complete_task

    with pytest.raises(Conflict, match="REVIEW_INCOMPLETE"):
        complete_task(office, who(office, "chengang"), desks["104"].id, answers=FILED)
    file_both(office, review, support)
    answer(office, support, "Task_Sum", "tianyue")
    answer(office, support, "Task_Legal", "gaolin", decision="agree")
    assert review_view(office, who(office, "tianyue"), review).row.state == "CHECKED"
    assert task(office, support).element == "Task_Public"
    until(office, clock, "2026-03-30T18:00")
    answer(office, support, "Task_Answer", "fanlei", decision="agree", answer="没有收到意见")
    assert ended(office, support) == "End_Published"
    row = review_view(office, who(office, "tianyue"), review).row
    assert (row.state, row.summed_by, row.checked_by, row.published_by) == ("PUBLISHED", "tianyue", "gaolin", "fanlei")


def test_what_is_done_on_the_page_of_the_list_is_followed_at_the_desks(demo_office: Office, clock: Clock) -> None:
    review, support = opened(demo_office)
    for code in CODES:
        keep(demo_office, review, code)
    officer = who(demo_office, "tianyue")
    sum_up(demo_office, officer, review)
    until(demo_office, clock, "2026-03-16T09:03")
    assert task(demo_office, support).element == "Task_Legal"
    check_review(demo_office, who(demo_office, "gaolin"), review)
    work(demo_office)
    publish_review(demo_office, officer, review)
    until(demo_office, clock, "2026-03-16T09:06")
    assert ended(demo_office, support) == "End_Published"


def test_the_business_office_may_stop_before_publication(demo_office: Office) -> None:
    review, support = opened(demo_office, "QUARTERLY", 1)
    file_both_of(demo_office, review, support)
    answer(demo_office, support, "Task_Sum", "tianyue")
    answer(demo_office, support, "Task_Legal", "gaolin", decision="agree")
    assert task(demo_office, support).element == "Task_Answer", "no 公示 for a quarter"
    answer(demo_office, support, "Task_Answer", "tianyue", decision="stop")
    assert ended(demo_office, support) == "End_Stopped"
    assert review_view(demo_office, who(demo_office, "tianyue"), review).row.state == "CHECKED"


def test_what_legal_wants_changed_is_answered_again_and_summed_up_again(demo_office: Office) -> None:
    review, support = opened(demo_office)
    file_both(demo_office, review, support)
    officer, lawyer = who(demo_office, "tianyue"), who(demo_office, "gaolin")
    with pytest.raises(Conflict, match="REVIEW_STATE"):
        return_review(demo_office, lawyer, review, "尚未汇总")
    answer(demo_office, support, "Task_Sum", "tianyue")
    answer(demo_office, support, "Task_Legal", "gaolin", decision="revise", answer="107-XK-005 的法定时限与条例不符")
    assert task(demo_office, support).element == "Task_Sum"
    row = review_view(demo_office, officer, review).row
    assert (row.state, row.summed_by) == ("OPEN", None)
    keep(demo_office, review, "107-XK-005")
    answer(demo_office, support, "Task_Sum", "tianyue")
    with pytest.raises(Forbidden, match="ITEM_LEGAL_ONLY"):
        return_review(demo_office, officer, review, "请再次修改")
    with pytest.raises(Invalid, match="ITEM_NOTE_MISSING"):
        return_review(demo_office, lawyer, review, "  ")
    for _ in range(2):
        return_review(demo_office, lawyer, review, "仍与条例不符")
        work(demo_office)
        assert task(demo_office, support).element == "Task_Sum", "done on the page, followed at the desk"
        answer(demo_office, support, "Task_Sum", "tianyue")
    answer(demo_office, support, "Task_Legal", "gaolin", decision="revise", answer="三次退回后仍不符")
    assert ended(demo_office, support) == "End_Disagreed"


def file_both_of(office: Office, review: UUID, support: UUID) -> None:
    """A quarter has the items a finding was made of only."""
    from service.casework import complete_task

    with office.reading() as records:
        lines, desks = records.reviews.lines(review), records.tasks.open_of(support)
    for line in lines:
        keep(office, review, line.code)
    for desk in desks:
        by = "chengang" if desk.department == "104" else f"{desk.department}-rep"
        complete_task(office, who(office, by), desk.id, answers=FILED)
        work(office)
