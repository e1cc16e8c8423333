"""转办, 委派, 收回, 催办, 抄送, drafts and everything of somebody who leaves."""

from __future__ import annotations

from uuid import uuid4

import pytest

from service.casework import assign_task, complete_task, get_case, get_task, record_absence, start_case
from service.casework.actors import Actor
from service.casework.handing import (
    Kind,
    acknowledge_copy,
    answer_delegation,
    copy_list,
    delegate_work,
    draft_of,
    hand_over,
    handing_panel,
    owed,
    people_named,
    save_draft,
    send_copy,
    take_back,
    transfer_task,
    urge_task,
    what_is_left,
)
from service.casework.office import Office
from service.casework.together.asking import Place, ask_signers
from service.rules.absences import AbsenceKind
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework import desk
from tests.casework.desk import (
    CAST,
    CHIEF,
    CLERK,
    ENGINE,
    FOUR_STAGES,
    KEEPER,
    LEADER,
    REVIEWER,
    SECOND,
    STRANGER,
    SUPERVISOR,
    actions_of,
    deploy_text,
    journal_of,
    open_tasks,
)
from tests.conftest import Clock

TWIN = Actor(username="sunwei", name="孙伟", department="104", roles=frozenset({"reviewer_a"}))
OFFICE = Actor(username="yewu", name="业务科", department="100", roles=frozenset({"business_office"}))
APPLICANT = Actor(username="lizhao", name="李昭", roles=frozenset({"applicant"}))
REVIEW = '<userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104"/>'
ONE_REVIEW = f'<startEvent id="S"/>{REVIEW}<endEvent id="E"/>\nS -> Review\nReview -> E\n'

OWN = (
    '<startEvent id="S"/><userTask id="Supplement" name="补正" camunda:assignee="lizhao"/><endEvent id="E"/>'
    "\nS -> Supplement\nSupplement -> E\n"
)


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office, (*CAST, TWIN, OFFICE, APPLICANT))
    deploy_text(any_office, ONE_REVIEW)
    deploy_text(any_office, FOUR_STAGES, key="four")
    deploy_text(any_office, OWN, key="own")
    return any_office


def begun(office: Office, holder: Actor = REVIEWER):
    """A review somebody has."""
    case = start_case(office, CLERK, key="p")
    task = open_tasks(office, case.id)["Review"]
    assign_task(office, CHIEF, task.id, holder.username)
    return case.id, task.id


# -- 转办


@pytest.mark.parametrize(
    ("actor", "to", "code"),
    [
        (TWIN, "liuyang", "ASSIGN_FORBIDDEN"),  # not theirs
        (REVIEWER, "liuyang", "DEPUTY_NOT_YET"),  # S-16: B岗 not before the yellow light
        (REVIEWER, "stranger", "NOT_OF_THE_POST"),
        (REVIEWER, "wangfang", "NOT_OF_THE_POST"),
        (REVIEWER, "sunli", "NOT_OF_THE_POST"),
        (REVIEWER, "nobody", "PERSON_UNKNOWN"),
        (REVIEWER, "zhangwei", "HANDED_TO_ONESELF"),
    ],
)
def test_a_task_is_not_handed_to_whoever_may_not_do_it(staffed: Office, actor: Actor, to: str, code: str) -> None:
    _, task = begun(staffed)
    with pytest.raises((Forbidden, Invalid, Conflict)) as refusal:
        transfer_task(staffed, actor, task, to, "出差")
    assert refusal.value.code == code
    assert get_task(staffed, REVIEWER, task).assignee == "zhangwei"


def test_strangers_are_not_told_that_there_is_a_task(staffed: Office) -> None:
    _, task = begun(staffed)
    for found in (task, uuid4()):
        for act in (
            lambda found=found: transfer_task(staffed, STRANGER, found, "sunwei", "帮忙"),
            lambda found=found: delegate_work(staffed, STRANGER, found, "sunwei", "请看"),
            lambda found=found: answer_delegation(staffed, STRANGER, found, "可以"),
            lambda found=found: take_back(staffed, STRANGER, found),
            lambda found=found: urge_task(staffed, STRANGER, found),
        ):
            with pytest.raises(Missing) as refusal:
                act()
            assert refusal.value.code == "TASK_NOT_FOUND"


def test_an_applicant_sends_nothing_and_asks_nobody(staffed: Office) -> None:
    case = start_case(staffed, APPLICANT, key="own").id
    task = open_tasks(staffed, case)["Supplement"].id
    assert handing_panel(staffed, APPLICANT, task).acts == frozenset()
    with pytest.raises(Forbidden) as copied:
        send_copy(staffed, APPLICANT, case, ["zhangwei"])
    assert copied.value.code == "COPY_FORBIDDEN"
    with pytest.raises(Forbidden) as asked:
        ask_signers(staffed, APPLICANT, task, ["zhangwei"], place=Place.PARALLEL, policy="all", question="？")
    assert asked.value.code == "SIGNERS_NOT_YOURS"


@pytest.mark.parametrize(("reason", "code"), [("  ", "REASON_MISSING"), ("长" * 501, "REASON_LONG")])
def test_handing_on_needs_a_reason(staffed: Office, reason: str, code: str) -> None:
    _, task = begun(staffed)
    with pytest.raises(Invalid) as refusal:
        transfer_task(staffed, REVIEWER, task, "sunwei", reason)
    assert refusal.value.code == code and refusal.value.fields[0].field == "reason"


def test_who_accepted_an_item_is_not_handed_its_review(staffed: Office) -> None:
    case = start_case(staffed, CLERK, key="four")
    complete_task(staffed, SECOND, open_tasks(staffed, case.id)["Accept"].id)
    review = open_tasks(staffed, case.id)["Review"].id
    assign_task(staffed, CHIEF, review, "zhangwei")
    with pytest.raises(Forbidden) as refusal:
        transfer_task(staffed, CHIEF, review, "liuyang", "忙")
    assert refusal.value.code == "DUTIES_SEPARATED_OTHER" and "受理" in refusal.value.sentence()


def test_who_is_away_gets_nothing(staffed: Office) -> None:
    _, task = begun(staffed)
    record_absence(staffed, TWIN, "sunwei", kind=AbsenceKind.SUDDEN)
    with pytest.raises(Conflict) as refusal:
        transfer_task(staffed, REVIEWER, task, "sunwei", "出差")
    assert refusal.value.code == "PERSON_AWAY"


def test_a_form_made_before_somebody_else_acted_is_refused(staffed: Office) -> None:
    _, task = begun(staffed)
    with pytest.raises(Conflict) as refusal:
        transfer_task(staffed, REVIEWER, task, "sunwei", "出差", seen=1)
    assert refusal.value.code == "TASK_CHANGED"


def test_a_colleague_of_the_post_does_it_and_the_journal_says_why(staffed: Office) -> None:
    case, task = begun(staffed)
    assert transfer_task(staffed, REVIEWER, task, "sunwei", "出差三天").assignee == "sunwei"
    line = journal_of(staffed, case)[-1]
    assert (line.action, line.actor) == ("task:transferred", "zhangwei")
    assert line.detail == {"from": "zhangwei", "to": "sunwei", "reason": "出差三天"}
    with pytest.raises(Forbidden):
        complete_task(staffed, REVIEWER, task)
    complete_task(staffed, TWIN, task)


def test_the_chief_representative_decides_freely_within_the_department(staffed: Office) -> None:
    _, task = begun(staffed)
    assert transfer_task(staffed, CHIEF, task, "liuyang", "均衡工作量").assignee == "liuyang"
    assert transfer_task(staffed, LEADER, task, "chengang", "疑难件").assignee == "chengang"


def test_what_was_handed_on_comes_back_until_it_is_touched(staffed: Office) -> None:
    case, task = begun(staffed)
    transfer_task(staffed, REVIEWER, task, "sunwei", "出差")
    with pytest.raises(Forbidden) as refusal:
        take_back(staffed, TWIN, task)
    assert refusal.value.code == "NOT_HANDED_BY_YOU"
    assert "take_back" in handing_panel(staffed, REVIEWER, task).acts
    assert take_back(staffed, REVIEWER, task).assignee == "zhangwei"
    transfer_task(staffed, REVIEWER, task, "sunwei", "还是出差")
    save_draft(staffed, TWIN, task, {"opinion": "看了一半"})
    with pytest.raises(Conflict) as conflict:
        take_back(staffed, REVIEWER, task)
    assert conflict.value.code == "HANDING_TOUCHED" and "孙伟" in conflict.value.sentence()
    assert actions_of(staffed, case)[-3:] == ["task:transferred", "task:taken_back", "task:transferred"]


# -- 委派


def test_a_colleague_gives_an_opinion_and_the_holder_decides(staffed: Office) -> None:
    case, task = begun(staffed)
    with pytest.raises(Forbidden):
        delegate_work(staffed, TWIN, task, "liuyang", "请看一下")
    delegate_work(staffed, REVIEWER, task, "liuyang", "请核对面积")
    for act in (
        lambda: complete_task(staffed, SECOND, task),
        lambda: transfer_task(staffed, CHIEF, task, "sunwei", "x"),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "TASK_DELEGATED"
    with pytest.raises(Forbidden):
        answer_delegation(staffed, REVIEWER, task, "我自己说")
    with pytest.raises(Invalid) as missing:
        answer_delegation(staffed, SECOND, task, " ")
    assert missing.value.code == "OPINION_MISSING"
    assert answer_delegation(staffed, SECOND, task, "面积无误").assignee == "zhangwei"
    with pytest.raises(Conflict) as done:
        answer_delegation(staffed, SECOND, task, "再说一次")
    assert done.value.code == "NOT_DELEGATED"
    complete_task(staffed, REVIEWER, task)
    assert "task:resolved" in actions_of(staffed, case)


def test_a_delegation_is_taken_back_while_nobody_has_begun(staffed: Office) -> None:
    _, task = begun(staffed)
    delegate_work(staffed, REVIEWER, task, "liuyang", "请看一下")
    view = take_back(staffed, REVIEWER, task)
    assert (view.assignee, view.delegation) == ("zhangwei", None)


# -- 催办


def test_only_who_waits_urges_and_once_per_half_day(staffed: Office, clock: Clock) -> None:
    case, task = begun(staffed)
    with pytest.raises(Missing):
        urge_task(staffed, STRANGER, task)
    with pytest.raises(Conflict) as own:
        urge_task(staffed, REVIEWER, task)
    assert own.value.code == "URGE_ONESELF"
    assert urge_task(staffed, CLERK, task, "申请人在等") == 1
    with pytest.raises(Conflict) as again:
        urge_task(staffed, CLERK, task)
    assert again.value.code == "URGED_ALREADY" and "09:00" in again.value.sentence()
    assert urge_task(staffed, CHIEF, task) == 2
    clock.advance(hours=4)
    assert urge_task(staffed, CLERK, task) == 3
    assert handing_panel(staffed, REVIEWER, task).urged == 3
    assert journal_of(staffed, case)[-1].detail == {"count": 3}


# -- 抄送


def test_whoever_is_sent_a_case_reads_that_case_and_nothing_else(staffed: Office) -> None:
    case, task = begun(staffed)
    other, _ = begun(staffed)
    with pytest.raises(Missing):
        send_copy(staffed, STRANGER, case, ["yewu"])
    with pytest.raises(Forbidden) as outside:
        send_copy(staffed, CHIEF, case, ["lizhao"])
    assert outside.value.code == "READER_FORBIDDEN"
    with pytest.raises(Invalid) as nobody:
        send_copy(staffed, CHIEF, case, ["", " "])
    assert nobody.value.code == "READERS_MISSING"
    assert send_copy(staffed, REVIEWER, case, ["stranger"], "供参考") == 1
    with pytest.raises(Conflict) as twice:
        send_copy(staffed, REVIEWER, case, ["stranger"])
    assert twice.value.code == "COPIED_ALREADY"
    assert get_case(staffed, STRANGER, case).id == case
    with pytest.raises(Missing):
        get_case(staffed, STRANGER, other)
    with pytest.raises(Forbidden):
        complete_task(staffed, STRANGER, task)
    (reading,) = copy_list(staffed, STRANGER).items
    assert owed(staffed, STRANGER).unread == 1
    assert reading.note == "供参考" and reading.read_at is None
    with pytest.raises(Missing):
        acknowledge_copy(staffed, REVIEWER, reading.id)
    assert acknowledge_copy(staffed, STRANGER, reading.id) == case == acknowledge_copy(staffed, STRANGER, reading.id)
    assert copy_list(staffed, STRANGER).total == owed(staffed, STRANGER).unread == 0
    assert copy_list(staffed, STRANGER, read="read").items[0].read_at is not None
    assert actions_of(staffed, case)[-2:] == ["case:copied", "case:copy_read"]


def test_copies_are_counted_found_and_cut_into_pages(staffed: Office) -> None:
    for number in range(1, 24):
        case = start_case(staffed, CLERK, key="p", title=f"示例{number}", business_key=f"C-{number:03}")
        send_copy(staffed, SUPERVISOR if number == 7 else OFFICE, case.id, ["stranger"], "加急" if number < 4 else "")
    first, last = (copy_list(staffed, STRANGER, page=page) for page in (1, 99))
    assert (first.total, first.pages, len(first.items), last.page, len(last.items)) == (23, 2, 20, 2, 3)
    assert not {one.id for one in first.items} & {one.id for one in last.items}
    acknowledge_copy(staffed, STRANGER, last.items[0].id)
    assert copy_list(staffed, STRANGER).counts == {"unread": 22, "read": 1, "all": 23}
    assert copy_list(staffed, STRANGER, search="加急").total == 3 - (last.items[0].note == "加急")
    assert [one.number for one in copy_list(staffed, STRANGER, search="孙丽", read="all").items] == ["C-007"]
    assert [one.number for one in copy_list(staffed, STRANGER, search="示例7", read="all").items] == ["C-007"]
    assert copy_list(staffed, CHIEF).total == 0


def test_people_are_named_as_they_are_called(staffed: Office) -> None:
    assert people_named(staffed, ["刘洋", "sunwei"]) == ["liuyang", "sunwei"]
    with pytest.raises(Invalid):
        people_named(staffed, ["无此人"])


# -- 草稿


def test_a_draft_is_seen_by_its_author_alone_and_gone_with_the_task(staffed: Office) -> None:
    case, task = begun(staffed)
    with pytest.raises(Forbidden):
        save_draft(staffed, SECOND, task, {"opinion": "x"})
    save_draft(staffed, REVIEWER, task, {"opinion": "初步"})
    save_draft(staffed, REVIEWER, task, {"opinion": "初步同意"})
    kept = draft_of(staffed, REVIEWER, task)
    assert kept is not None and kept.entries["entries"] == {"opinion": "初步同意"}
    assert draft_of(staffed, CHIEF, task) is None
    assign_task(staffed, CHIEF, task, "chengang")
    assert draft_of(staffed, REVIEWER, task) is not None  # kept, should it come back
    assign_task(staffed, CHIEF, task, "zhangwei")
    before = len(actions_of(staffed, case))
    complete_task(staffed, REVIEWER, task)
    assert draft_of(staffed, REVIEWER, task) is None
    assert len(actions_of(staffed, case)) == before + 2
    with pytest.raises(Conflict) as over:
        save_draft(staffed, REVIEWER, task, {})
    assert over.value.code == "TASK_ENDED"


# -- 移交


def test_only_heads_and_administrators_hand_over_and_to_somebody_else(staffed: Office) -> None:
    begun(staffed)
    for actor in (REVIEWER, STRANGER, SUPERVISOR):
        with pytest.raises(Forbidden) as refusal:
            what_is_left(staffed, actor, "zhangwei")
        assert refusal.value.code == "HAND_OVER_FORBIDDEN"
    with pytest.raises(Invalid) as oneself:
        hand_over(staffed, CHIEF, "zhangwei", "zhangwei", "调离")
    assert oneself.value.fields[0].field == "successor"
    with pytest.raises(Conflict) as nothing:
        hand_over(staffed, CHIEF, "sunwei", "zhangwei", "调离")
    assert nothing.value.code == "NOTHING_LEFT"


def test_everything_goes_at_once_and_what_cannot_go_says_why(staffed: Office) -> None:
    case, task = begun(staffed)
    save_draft(staffed, REVIEWER, task, {"opinion": "一半"})
    _, lent = begun(staffed)
    delegate_work(staffed, REVIEWER, lent, "liuyang", "请看一下")
    barred = start_case(staffed, CLERK, key="four")
    accept = open_tasks(staffed, barred.id)["Accept"].id
    assign_task(staffed, CHIEF, accept, "sunwei")
    complete_task(staffed, TWIN, accept)
    review = open_tasks(staffed, barred.id)["Review"].id
    assign_task(staffed, CHIEF, review, "zhangwei")
    preview = what_is_left(staffed, CHIEF, "zhangwei", "sunwei")
    assert {one.id: one.kind for one in preview.items} == {task: Kind.TASK, lent: Kind.DELEGATED, review: Kind.TASK}
    assert [one.id for one in preview.items if one.refusal is not None] == [review]
    done = hand_over(staffed, OFFICE, "zhangwei", "sunwei", "调离本局")
    assert {one.id: one.refusal and one.refusal.code for one in done} == {
        task: None,
        lent: None,
        review: "DUTIES_SEPARATED_OTHER",
    }
    assert get_task(staffed, CHIEF, task).assignee == "sunwei"
    assert get_task(staffed, CHIEF, lent).owner == "sunwei"
    assert get_task(staffed, CHIEF, review).assignee == "zhangwei"
    moved = draft_of(staffed, TWIN, task)
    assert moved is not None and moved.entries["entries"] == {"opinion": "一半"}
    assert draft_of(staffed, REVIEWER, task) is None
    assert journal_of(staffed, case)[-1].detail == {"from": "zhangwei", "to": "sunwei", "reason": "调离本局"}
    answer_delegation(staffed, SECOND, lent, "可以")
    assert get_task(staffed, CHIEF, lent).assignee == "sunwei"
    assert [one.id for one in what_is_left(staffed, CHIEF, "zhangwei").items] == [review]


def test_a_letter_of_authority_names_nobody_of_another_department_afterwards(staffed: Office, clock: Clock) -> None:
    record_absence(staffed, CHIEF, CHIEF.username, kind=AbsenceKind.SUDDEN, reason="住院", stand_in="liuyang")
    for successor in ("stranger", "wuqian"):  # another department; no post that stands in
        [left] = what_is_left(staffed, OFFICE, "liuyang", successor).items
        assert left.kind is Kind.STAND_IN and left.refusal is not None and left.refusal.code == "STAND_IN_INVALID"
        [done] = hand_over(staffed, OFFICE, "liuyang", successor, "调离")
        assert done.refusal is not None and done.refusal.code == "STAND_IN_INVALID"
    [done] = hand_over(staffed, OFFICE, "liuyang", "sunwei", "调离")
    assert done.refusal is None and what_is_left(staffed, OFFICE, "liuyang").items == ()


def test_cases_about_people_are_not_named_to_who_may_not_read_them(staffed: Office) -> None:
    deploy_text(staffed, ONE_REVIEW, key="support_SP_01")
    case = start_case(staffed, ENGINE, key="support_SP_01", title="投诉某某")
    assign_task(staffed, ENGINE, open_tasks(staffed, case.id)["Review"].id, "zhangwei")
    [told] = what_is_left(staffed, OFFICE, "zhangwei").items
    [hidden] = what_is_left(staffed, KEEPER, "zhangwei").items
    assert (told.number or "").endswith("投诉某某") or told.number == case.business_key
    assert (hidden.number, hidden.case_id) == (None, case.id)
