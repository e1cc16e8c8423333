"""加签 and 减签 under one engine task, and at the loop itself."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest

from service.casework import (
    assign_task,
    attend_due,
    complete_task,
    countersigning,
    get_task,
    resume_case,
    start_case,
    suspend_case,
)
from service.casework.actors import Actor
from service.casework.countersigning import answer_signing, remove_signer
from service.casework.handing import draft_of, hand_over, handing_panel, owed, transfer_task, what_is_left
from service.casework.office import Office
from service.casework.together.asking import Place, ask_signers
from service.casework.together.instances import add_instance, like, remove_instance
from service.rules.countersign import Result, Vote, conclude, read_policy
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework import desk
from tests.casework.desk import (
    CAST,
    CHIEF,
    CLERK,
    ENGINE,
    ISSUER,
    KEEPER,
    LEADER,
    REVIEWER,
    SECOND,
    STRANGER,
    actions_of,
    agenda_of,
    deploy_text,
    journal_of,
    open_tasks,
)
from tests.casework.test_handing import APPLICANT, ONE_REVIEW, TWIN
from tests.conftest import Clock

JOINT = (
    '<startEvent id="S"/><userTask id="A" name="会签" zw:quorum="veto" zw:role="chief_rep" zw:dept="=one"><multiInstanceLoopCharacteristics '
    'camunda:collection="=departments" camunda:elementVariable="one"/></userTask><userTask id="Z" name="汇总"/>'
    '<endEvent id="E"/>\nS -> A\nA -> Z\nZ -> E\n'
)
OTHER_CHIEF = Actor(username="other-rep", name="外局首席", department="199", roles=frozenset({"chief_rep"}))


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office, (*CAST, TWIN, APPLICANT, OTHER_CHIEF))
    deploy_text(any_office, ONE_REVIEW)
    deploy_text(any_office, JOINT, key="joint")
    return any_office


def begun(office: Office) -> tuple[UUID, UUID]:
    case = start_case(office, CLERK, key="p")
    task = open_tasks(office, case.id)["Review"]
    assign_task(office, CHIEF, task.id, "zhangwei")
    return case.id, task.id


def ask(office: Office, task: UUID, *people: str, place: Place = Place.PARALLEL, policy: str = "all") -> UUID:
    return ask_signers(office, REVIEWER, task, people, place=place, policy=policy, question="请提意见")


def seat(office: Office, task: UUID, person: Actor) -> UUID:
    with office.reading() as records:
        return next(one.id for one in reversed(records.together.of_task(task)) if one.person == person.username)


def say(office: Office, task: UUID, person: Actor, vote: str = "agree", opinion: str = "") -> bool:
    return answer_signing(office, person, task, seat(office, task, person), vote, opinion)


# -- refusals


@pytest.mark.parametrize(
    ("actor", "people", "changes", "code"),
    [
        (CHIEF, ["liuyang"], {}, "SIGNERS_NOT_YOURS"),
        (REVIEWER, [], {}, "SIGNERS_MISSING"),
        (REVIEWER, ["zhangwei"], {}, "SIGNER_HOLDER"),
        (REVIEWER, ["lizhao"], {}, "SIGNER_FORBIDDEN"),
        (REVIEWER, ["sunli"], {}, "SUPERVISION_NEVER_ACTS"),
        (REVIEWER, ["guotao"], {}, "SIGNER_FORBIDDEN"),
        (REVIEWER, ["nobody"], {}, "PERSON_UNKNOWN"),
        (REVIEWER, ["liuyang"], {"policy": "most"}, "COUNTERSIGN_MODE"),
        (REVIEWER, ["liuyang"], {"policy": "ratio:0"}, "COUNTERSIGN_MODE"),
        (REVIEWER, ["liuyang"], {"question": " "}, "REASON_MISSING"),
        (REVIEWER, [f"p{n}" for n in range(21)], {}, "SIGNERS_MANY"),
    ],
)
def test_not_everybody_is_asked_by_everybody(
    staffed: Office, actor: Actor, people: list[str], changes: dict[str, str], code: str
) -> None:
    case, task = begun(staffed)
    asked = {"place": Place.PARALLEL, "policy": "all", "question": "请提意见", **changes}
    with pytest.raises((Forbidden, Invalid)) as refusal:
        ask_signers(staffed, actor, task, people, **asked)
    assert refusal.value.code == code
    assert "signing:asked" not in actions_of(staffed, case)


def test_an_opinion_is_given_by_who_was_asked_once_and_with_reasons(staffed: Office) -> None:
    _, task = begun(staffed)
    ask(staffed, task, "liuyang", "stranger")
    with pytest.raises(Conflict) as again:
        ask(staffed, task, "liuyang")
    assert again.value.code == "SIGNER_ASKED"
    with pytest.raises(Forbidden) as other:
        answer_signing(staffed, TWIN, task, seat(staffed, task, SECOND), "agree")
    assert other.value.code == "SIGNER_OTHER"
    for vote, opinion, field in (("", "", "vote"), ("object", " ", "opinion")):
        with pytest.raises(Invalid) as missing:
            say(staffed, task, SECOND, vote, opinion)
        assert missing.value.fields[0].field == field
    assert [one.task for one in owed(staffed, STRANGER).seats] == ["审核"]
    say(staffed, task, STRANGER)
    with pytest.raises(Conflict) as twice:
        say(staffed, task, STRANGER)
    assert twice.value.code == "SIGNER_ANSWERED" and owed(staffed, STRANGER).seats == ()


def test_who_was_not_asked_does_not_see_the_case(staffed: Office) -> None:
    _, task = begun(staffed)
    with pytest.raises(Missing):
        get_task(staffed, STRANGER, task)
    ask(staffed, task, "stranger")
    assert get_task(staffed, STRANGER, task).id == task
    with pytest.raises(Forbidden):
        complete_task(staffed, STRANGER, task)


# -- when they are heard


def test_before_the_holder_submits_everybody_asked_before_is_heard(staffed: Office) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang", "sunwei", place=Place.BEFORE)
    say(staffed, task, SECOND)
    with pytest.raises(Conflict) as refusal:
        complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"})
    assert refusal.value.code == "SIGNERS_OPEN" and "孙伟" in refusal.value.sentence()
    assert say(staffed, task, TWIN) is False
    assert complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"}).ended
    assert "task:submitted" not in actions_of(staffed, case)


def test_what_is_submitted_beside_them_takes_effect_with_the_last_opinion(staffed: Office) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang", "stranger")
    done = complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"}, signed=REVIEWER.name)
    assert done.held and not done.ended and get_task(staffed, REVIEWER, task).ended_at is None
    for act in (
        lambda: complete_task(staffed, REVIEWER, task),
        lambda: transfer_task(staffed, REVIEWER, task, "sunwei", "出差"),
        lambda: ask(staffed, task, "sunwei"),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "TASK_SUBMITTED"
    assert say(staffed, task, SECOND) is False
    assert say(staffed, task, STRANGER, "agree", "没有意见") is True
    lines = journal_of(staffed, case)
    completed = next(one for one in lines if one.action == "task:completed")
    assert completed.actor == "zhangwei" and completed.detail["answers"] == {"conclusion": "pass"}
    assert completed.detail["signed"] == {"name": REVIEWER.name, "drawn": None}
    closed = next(one for one in lines if one.action == "signing:closed")
    assert closed.detail == {"policy": "all", "result": "PASSED", "agreed": 2, "objected": 0, "spared": []}
    assert draft_of(staffed, REVIEWER, task) is None


def test_who_is_asked_afterwards_waits_for_the_holder(staffed: Office) -> None:
    _, task = begun(staffed)
    ask(staffed, task, "liuyang", place=Place.AFTER)
    with pytest.raises(Conflict) as turn:
        say(staffed, task, SECOND)
    assert turn.value.code == "SIGNER_TURN"
    assert complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"}).held
    assert say(staffed, task, SECOND) is True
    assert get_task(staffed, REVIEWER, task).ended_at is not None


def test_an_objection_gives_the_task_back_with_what_was_filled_in(staffed: Office) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang", "sunwei", policy="veto")
    complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"})
    assert say(staffed, task, SECOND, "object", "面积不符") is False
    kept = draft_of(staffed, REVIEWER, task)
    assert kept is not None and kept.held_at is None and kept.entries["answers"] == {"conclusion": "pass"}
    with pytest.raises(Conflict) as over:
        say(staffed, task, TWIN)
    assert over.value.code == "SIGNING_OVER"
    closed = next(one for one in journal_of(staffed, case) if one.action == "signing:closed")
    assert closed.detail["result"] == "FAILED" and closed.detail["spared"] == ["sunwei"]
    assert complete_task(staffed, REVIEWER, task, answers={"conclusion": "fail"}).ended  # the holder decides


def test_what_cannot_take_effect_any_more_goes_back_and_the_opinion_stays(staffed: Office) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang")
    complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"})
    assign_task(staffed, CHIEF, task, "chengang")
    assert say(staffed, task, SECOND) is False
    kept = draft_of(staffed, REVIEWER, task)
    assert kept is not None and kept.held_at is None
    assert actions_of(staffed, case)[-3:] == ["signing:answered", "signing:closed", "task:unsubmitted"]


def killed(*_: object, **__: object) -> None:
    """A process that dies here: nothing below catches it."""
    raise KeyboardInterrupt


def test_a_crash_between_the_last_opinion_and_its_completion_loses_neither(
    staffed: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang")
    complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"})
    monkeypatch.setattr(countersigning, "complete_task", killed)
    with pytest.raises(KeyboardInterrupt):
        say(staffed, task, SECOND)
    monkeypatch.undo()
    assert get_task(staffed, REVIEWER, task).ended_at is None and kinds_of(staffed, case) == ["held"]
    attend_due(staffed)
    assert get_task(staffed, REVIEWER, task).ended_at is None  # for ten seconds it is still its own process's
    clock.advance(seconds=10)
    attend_due(staffed)
    assert get_task(staffed, REVIEWER, task).ended_at is not None and kinds_of(staffed, case) == []
    done = [one for one in journal_of(staffed, case) if one.action == "task:completed"]
    assert [(one.actor, one.detail["answers"]) for one in done] == [("zhangwei", {"conclusion": "pass"})]


def test_a_crash_after_somebody_was_taken_off_loses_nothing_either(
    staffed: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang")
    complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"})
    monkeypatch.setattr(countersigning, "complete_task", killed)
    with pytest.raises(KeyboardInterrupt):
        remove_signer(staffed, REVIEWER, task, seat(staffed, task, SECOND), "离岗")
    monkeypatch.undo()
    suspend_case(staffed, KEEPER, case)
    clock.advance(seconds=10)
    attend_due(staffed)
    assert open_tasks(staffed, case)["Review"].id == task  # a case that stands still stands still
    resume_case(staffed, KEEPER, case)
    attend_due(staffed)
    assert get_task(staffed, REVIEWER, task).ended_at is not None and kinds_of(staffed, case) == []


def test_what_was_concluded_at_once_leaves_nothing_on_the_agenda(staffed: Office) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang")
    complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"})
    assign_task(staffed, CHIEF, task, "chengang")
    assert say(staffed, task, SECOND) is False and kinds_of(staffed, case) == []
    assert countersigning.conclude_held(staffed, task) is False


def kinds_of(office: Office, case: UUID) -> list[str]:
    return [row.kind for row in agenda_of(office, case) if row.kind == "held"]


def test_programs_are_told_instead_of_waiting(staffed: Office) -> None:
    _, task = begun(staffed)
    ask(staffed, task, "liuyang")
    with pytest.raises(Conflict) as refusal:
        complete_task(staffed, ENGINE, task)
    assert refusal.value.code == "SIGNERS_OPEN"


# -- modes


@pytest.mark.parametrize("policy", ["all", "any", "ratio:50", "sequential", "veto"])
def test_a_round_follows_the_truth_table(staffed: Office, policy: str) -> None:
    people = (SECOND, TWIN, LEADER)
    for votes in product(Vote, repeat=3) if policy != "all" else [(Vote.AGREE,) * 3, (Vote.OBJECT,) * 3]:
        _, task = begun(staffed)
        ask(staffed, task, *(one.username for one in people), policy=policy)
        said: list[Vote] = []
        for person, vote in zip(people, votes, strict=True):
            say(staffed, task, person, vote.value, "理由")
            said.append(vote)
            result = conclude(read_policy(policy), 3, said)
            ((round_, _),) = handing_panel(staffed, REVIEWER, task).rounds
            assert round_.state == result.value
            if result is not Result.OPEN:
                break


# -- 减签


def test_who_is_taken_off_is_not_waited_for(staffed: Office) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang", "sunwei")
    complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"})
    with pytest.raises(Forbidden):
        remove_signer(staffed, CHIEF, task, seat(staffed, task, SECOND), "不用了")
    with pytest.raises(Invalid):
        remove_signer(staffed, REVIEWER, task, seat(staffed, task, SECOND), " ")
    say(staffed, task, SECOND)
    with pytest.raises(Conflict) as answered:
        remove_signer(staffed, REVIEWER, task, seat(staffed, task, SECOND), "不用了")
    assert answered.value.code == "SIGNER_ANSWERED"
    assert remove_signer(staffed, REVIEWER, task, seat(staffed, task, TWIN), "出差联系不上") is True
    assert get_task(staffed, REVIEWER, task).ended_at is not None
    assert "signing:removed" in actions_of(staffed, case)


def test_a_sequence_goes_on_past_who_is_taken_off(staffed: Office) -> None:
    _, task = begun(staffed)
    ask(staffed, task, "liuyang", "sunwei", policy="sequential")
    with pytest.raises(Conflict):
        say(staffed, task, TWIN)
    remove_signer(staffed, REVIEWER, task, seat(staffed, task, SECOND), "离岗")
    say(staffed, task, TWIN)
    assert handing_panel(staffed, REVIEWER, task).rounds[0][0].state == "PASSED"


def test_a_seat_goes_to_the_successor_of_who_leaves(staffed: Office) -> None:
    _, task = begun(staffed)
    ask(staffed, task, "liuyang")
    done = hand_over(staffed, CHIEF, "liuyang", "wuqian", "调离")
    assert [(one.kind, one.refusal) for one in done] == [("SIGNER", None)]
    say(staffed, task, ISSUER)
    assert handing_panel(staffed, REVIEWER, task).rounds[0][0].state == "PASSED"


def test_a_seat_goes_to_nobody_who_could_not_be_asked(staffed: Office) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang")
    for successor, code in (("guotao", "SIGNER_FORBIDDEN"), ("sunli", "SUPERVISION_NEVER_ACTS")):
        [left] = what_is_left(staffed, CHIEF, "liuyang", successor).items
        [done] = hand_over(staffed, CHIEF, "liuyang", successor, "调离")
        assert left.refusal is not None and done.refusal is not None
        assert (left.refusal.code, done.refusal.code) == (code, code)
    assert [one.task for one in owed(staffed, SECOND).seats] == ["审核"]
    assert actions_of(staffed, case)[-1] == "signing:asked"


def test_what_somebody_submitted_who_leaves_is_not_decided_by_the_successor(staffed: Office) -> None:
    case, task = begun(staffed)
    ask(staffed, task, "liuyang")
    complete_task(staffed, REVIEWER, task, answers={"conclusion": "pass"})
    hand_over(staffed, CHIEF, "zhangwei", "sunwei", "调离")
    assert actions_of(staffed, case)[-2:] == ["task:unsubmitted", "task:assigned"]
    assert say(staffed, task, SECOND) is False
    kept = draft_of(staffed, TWIN, task)
    assert kept is not None and kept.held_at is None and kept.entries["answers"] == {"conclusion": "pass"}
    assert complete_task(staffed, TWIN, task, answers={"conclusion": "fail"}).ended


# -- the loop itself


def joint(office: Office) -> UUID:
    return start_case(office, CLERK, key="joint", variables={"departments": ["104", "199"]}).id


def test_only_heads_and_keepers_change_who_countersigns(staffed: Office) -> None:
    case = joint(staffed)
    task = open_tasks(staffed, case)["A"].id
    with pytest.raises(Forbidden) as refusal:
        add_instance(staffed, CLERK, task, "100", "补充")
    assert refusal.value.code == "INSTANCES_FORBIDDEN"
    with pytest.raises(Invalid) as unknown:
        add_instance(staffed, desk.KEEPER, task, "999", "补充")
    assert unknown.value.code == "DEPARTMENT_UNKNOWN"
    with pytest.raises(Conflict) as there:
        add_instance(staffed, desk.KEEPER, task, "199", "补充")
    assert there.value.code == "INSTANCE_THERE"
    for unlike in (199, ["199"], {"department": "199"}, "", "1\0"):
        with pytest.raises(Invalid) as unfit:
            add_instance(staffed, desk.KEEPER, task, unlike, "补充")
        assert unfit.value.code == "ITEM_UNLIKE"
    _, single = begun(staffed)
    with pytest.raises(Conflict) as no_loop:
        add_instance(staffed, CHIEF, single, "100", "补充")
    assert no_loop.value.code == "NO_LOOP"


def test_who_is_added_to_a_list_of_objects_looks_like_the_others(staffed: Office) -> None:
    known = ({"department": "104", "limit": 5},)
    with staffed.reading() as records:
        assert like(records, "199", known) == {"department": "199", "limit": 5}
        assert like(records, {"department": "199", "limit": 9}, known) == {"department": "199", "limit": 9}
        for item, code in (
            ({"department": "999", "limit": 5}, "DEPARTMENT_UNKNOWN"),
            ({"department": 199, "limit": 5}, "DEPARTMENT_UNKNOWN"),
            ({"department": "199"}, "ITEM_UNLIKE"),
            ({"department": "199", "limit": "长" * 2000}, "ITEM_UNLIKE"),
        ):
            with pytest.raises(Invalid) as refusal:
                like(records, item, known)
            assert refusal.value.code == code


def test_departments_join_and_leave_and_an_objection_ends_the_others(staffed: Office) -> None:
    case = joint(staffed)
    with staffed.reading() as records:
        tasks = {one.department: one for one in records.tasks.open_of(case)}
    add_instance(staffed, desk.KEEPER, tasks["104"].id, "100", "涉及窗口")
    with staffed.reading() as records:
        assert sorted(one.department for one in records.tasks.open_of(case)) == ["100", "104", "199"]
        extra = next(one for one in records.tasks.open_of(case) if one.department == "100")
    remove_instance(staffed, desk.KEEPER, extra.id, "不涉及")
    with staffed.reading() as records:
        assert records.tasks.find(extra.id).outcome == "CANCELLED"
    complete_task(staffed, CHIEF, tasks["104"].id, answers={"conclusion": "disagree"})
    lines = journal_of(staffed, case)
    closed = next(one for one in lines if one.action == "countersign:closed")
    assert closed.detail == {
        "policy": "veto",
        "result": "FAILED",
        "agreed": 0,
        "objected": 1,
        "spared": ["other-rep"],
    }
    assert list(open_tasks(staffed, case)) == ["Z"]
    assert [one.action for one in lines if one.action.startswith("instance")] == ["instance:added", "instance:removed"]
