"""Operation × topology: what every operation does to tokens, tasks, clocks, timers and the journal, wherever it is done.

The table is `topologies.SHAPES`. After every operation open tasks, clocks and timers are what the table says and what the
engine says; the journal has the operation's lines and no others; and the case goes to its end, its last desk done once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID

import pytest

from service.casework import assign_task, attend_due, complete_task, get_case, resume_case, start_case, suspend_case
from service.casework.countersigning import answer_signing, remove_signer
from service.casework.handing import answer_delegation, delegate_work, send_copy, transfer_task, urge_task
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.returning import (
    Ground,
    Way,
    end_case,
    move_places,
    move_token,
    reopen_case,
    return_preview,
    return_task,
    take_back_preview,
    take_back_task,
)
from service.casework.together.asking import Place, ask_signers
from service.casework.together.instances import add_instance, remove_instance
from service.rules.refusals import Refusal
from service.rules.vocabulary import JournalAction
from service.store.tasks import TaskRow
from tests.casework import desk
from tests.casework.desk import (
    CAST,
    CHIEF,
    CLERK,
    ENGINE,
    KEEPER,
    REVIEWER,
    SECOND,
    SUPERVISOR,
    deploy_text,
    journal_of,
)
from tests.casework.returning.topologies import SHAPES, Open, Shape, drawn
from tests.casework.test_handing import TWIN
from tests.casework.test_truths import check
from tests.conftest import Clock


class Play:
    """One case of a shape, and hands to look at it."""

    def __init__(self, office: Office, clock: Clock, shape: Shape) -> None:
        self.office, self.shape = office, shape
        self.case = start_case(office, CLERK, key="p", variables=shape.values).id
        for element in shape.way[:-1]:
            complete_task(office, ENGINE, self.task(element).id)
        clock.advance(minutes=1)  # a former round is over for a while
        last = self.task(shape.way[-1])
        assign_task(office, CHIEF, last.id, "zhangwei")
        complete_task(office, REVIEWER, last.id)
        self.last, self.row = last.id, self.task(shape.at)
        assert self.open() == shape.stand
        self.lines = len(journal_of(office, self.case))
        self.timers = self._timers()

    def rows(self) -> tuple[TaskRow, ...]:
        with self.office.reading() as records:
            return records.tasks.open_of(self.case)

    def task(self, element: str) -> TaskRow:
        return next(row for row in self.rows() if row.element == element)

    def open(self) -> Open:
        return tuple(sorted(row.element for row in self.rows()))

    def said(self) -> list[str]:
        """The lines since one stands there, but for those of the clocks and of whom the desk was given to."""
        lines = [line.action for line in journal_of(self.office, self.case)[self.lines :]]
        return [one for one in lines if not one.startswith("clock:") and one != "task:assigned"]

    def require(self, wanted: Open, *lines: str) -> None:
        """Tokens, tasks, clocks and timers are what the table says, and the journal tells it."""
        attend_due(self.office)  # people are told
        check(self.office, self.case)
        assert self.open() == wanted
        assert {element for element, _ in self._timers()} == {f"T_{one}" for one in wanted}
        assert self.said() == list(lines)

    def require_untouched(self, *lines: str) -> None:
        """The operation is one between people: no token, task, clock or timer has moved."""
        self.require(self.shape.stand, *lines)
        assert self._timers() == self.timers and self.row.id in {row.id for row in self.rows()}

    def finish(self) -> None:
        for _ in range(20):
            rows = self.rows()
            if not rows:
                break
            complete_task(self.office, ENGINE, rows[0].id, variables={"more": False})
        attend_due(self.office)
        check(self.office, self.case)
        with self.office.reading() as records:
            done = Counter(row.element for row in records.tasks.of_case(self.case) if row.outcome == "COMPLETED")
        assert get_case(self.office, ENGINE, self.case).ended and done["z"] == 1

    def mine(self) -> UUID:
        """The desk one stands at, in 张伟's hands."""
        assign_task(self.office, CHIEF, self.row.id, "zhangwei")
        return self.row.id

    def _timers(self) -> set[tuple[str, UUID]]:
        with self.office.reading() as records:
            return {(row.element or "", row.id) for row in records.agenda.of_case(self.case) if row.kind == "timer"}


# -- that move tokens


def send_back(play: Play) -> None:
    """退回, 重走."""
    _returned(play, Way.AGAIN)
    play.require(play.shape.back, "task:returned")
    if play.shape.to not in play.shape.stand:  # armed anew
        assert {id for element, id in play._timers() if element == f"T_{play.shape.to}"}.isdisjoint(
            {id for _, id in play.timers}
        )
    play.finish()


def send_straight_back(play: Play) -> None:
    """退回, 直回."""
    if play.shape.straight is None:
        assert refused(lambda: _returned(play, Way.STRAIGHT)) == "MOVE_NOT_STRAIGHT"
        play.require_untouched()
    else:
        _returned(play, Way.STRAIGHT)
        play.require(play.shape.back, "task:returned")
        complete_task(play.office, ENGINE, play.task(play.shape.to).id)
        play.require(play.shape.straight, "task:returned", "task:completed")
    play.finish()


def _returned(play: Play, way: Way) -> None:
    id = play.mine()
    shown = return_preview(play.office, REVIEWER, id)
    place = next(one for one in shown.places if one.element == play.shape.to)
    return_task(
        play.office, REVIEWER, id, element=place.element, scope=place.scope, reason="重办", way=way, seen=shown.mark
    )


def take_it_back(play: Play) -> None:
    """撤回."""

    def act() -> None:
        shown = take_back_preview(play.office, REVIEWER, play.last)
        take_back_task(play.office, REVIEWER, play.last, reason="写错", seen=shown.mark)

    _one_of(play, act, play.shape.recall, "task:recalled")


def jump(play: Play) -> None:
    """跳转."""

    def act() -> None:
        shown = move_places(play.office, KEEPER, play.case, play.row.id)
        place = next(one for one in shown.places if one.element == "z")
        move_token(play.office, KEEPER, play.case, play.row.id, "z", "纠错", scope=place.scope, seen=shown.mark)

    _one_of(play, act, play.shape.jump, "token:moved")


def ask_one_more(play: Play) -> None:
    """加签 in the loop."""
    _one_of(
        play,
        lambda: add_instance(play.office, KEEPER, play.row.id, None, "再征求一家"),
        play.shape.add,
        "instance:added",
    )


def ask_one_less(play: Play) -> None:
    """减签 in the loop."""
    _one_of(
        play,
        lambda: remove_instance(play.office, KEEPER, play.row.id, "不需要"),
        play.shape.remove,
        "instance:removed",
    )


def end_and_reopen(play: Play) -> None:
    """终止 as a withdrawal that was a mistake, and 重新启动."""
    with play.office.transaction() as records:
        case = records.cases.lock(play.case)
        assert case is not None
        file = CaseFile(case)
        write(records, file, JournalAction.ITEM_REACHED, None, detail={"mark": "WITHDRAWN"})
        put_back(records, file)
    end_case(play.office, KEEPER, play.case, ground=Ground.MISFILED, reason="误立")
    ended = ("item:reached", "item:reached", "case:terminated")
    play.require((), *ended)
    code = refused(lambda: reopen_case(play.office, CHIEF, play.case, reason="误撤"))
    if isinstance(play.shape.reopen, str):
        assert code == play.shape.reopen
        play.require((), *ended)
        return
    assert code == ""
    play.require(play.shape.reopen, *ended, "case:reopened", "card:raised")
    play.finish()


def _one_of(play: Play, act: Callable[[], object], wanted: Open | str, line: str) -> None:
    code = refused(act)
    if isinstance(wanted, str):
        assert code == wanted
        play.require_untouched()
    else:
        assert code == ""
        play.require(wanted, line)
    play.finish()


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal; empty when there was none."""
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return ""


# -- that move none


def hand_on(play: Play) -> None:
    """转办."""
    transfer_task(play.office, REVIEWER, play.mine(), "sunwei", "外出")
    play.require_untouched("task:transferred")
    assert play.row.id in {row.id for row in play.rows() if row.assignee == "sunwei"}
    play.finish()


def let_prepare(play: Play) -> None:
    """委派."""
    id = play.mine()
    delegate_work(play.office, REVIEWER, id, "liuyang", "请核对")
    play.require_untouched("task:delegated")
    answer_delegation(play.office, SECOND, id, "无误")
    play.require_untouched("task:delegated", "task:resolved")
    play.finish()


def ask_others(play: Play) -> None:
    """加签 three ways and 减签 at one desk: nothing moves before everybody was heard, then the desk is done as always."""
    id, lines = play.mine(), []
    for place, person in ((Place.BEFORE, SECOND), (Place.PARALLEL, TWIN), (Place.AFTER, SECOND)):
        ask_signers(play.office, REVIEWER, id, [person.username], place=place, policy="all", question="请提意见")
        lines.append("signing:asked")
        if place is Place.BEFORE:
            assert refused(lambda: complete_task(play.office, REVIEWER, id)) == "SIGNERS_OPEN"
            answer_signing(play.office, person, id, _seat(play, id, person.username), "agree")
            lines += ["signing:answered", "signing:closed"]
        play.require_untouched(*lines)
    assert complete_task(play.office, REVIEWER, id).held
    lines.append("task:submitted")
    play.require_untouched(*lines)
    answer_signing(play.office, TWIN, id, _seat(play, id, "sunwei"), "agree")
    lines += ["signing:answered", "signing:closed"]
    play.require_untouched(*lines)
    assert remove_signer(play.office, REVIEWER, id, _seat(play, id, "liuyang"), "出差")
    lines += ["signing:removed", "signing:closed", "task:completed"]
    assert play.said()[: len(lines)] == lines and id not in {row.id for row in play.rows()}
    play.finish()


def _seat(play: Play, task: UUID, person: str) -> UUID:
    with play.office.reading() as records:
        seats = records.together.of_task(task)
        return next(one.id for one in seats if one.person == person and one.state == "OPEN")


def stand_still(play: Play) -> None:
    """挂起 and 恢复."""
    suspend_case(play.office, KEEPER, play.case)
    with play.office.reading() as records:
        rows = records.agenda.of_case(play.case)
        assert all(row.ready_at is None for row in rows if row.kind == "timer")
        assert {one.state for one in records.clocks.of_case(play.case)} == {"PAUSED", "STOPPED"}
    assert refused(lambda: complete_task(play.office, ENGINE, play.row.id)) == "CASE_SUSPENDED"
    assert play.open() == play.shape.stand
    resume_case(play.office, KEEPER, play.case)
    play.require_untouched("case:suspended", "case:resumed")
    play.finish()


def end(play: Play) -> None:
    """终止."""
    end_case(play.office, KEEPER, play.case, ground=Ground.FALSE, reason="材料不实")
    play.require((), "item:reached", "case:terminated")
    assert refused(lambda: reopen_case(play.office, CHIEF, play.case, reason="误终止")) == "REOPEN_NOT_MISTAKEN"


def tell(play: Play) -> None:
    """抄送 and 催办."""
    play.mine()
    send_copy(play.office, SUPERVISOR, play.case, ["zhaomin"], "供参考")
    urge_task(play.office, CLERK, play.row.id, "申请人在等")
    play.require_untouched("case:copied", "task:urged")
    play.finish()


OPERATIONS = (
    send_back,
    send_straight_back,
    take_it_back,
    jump,
    ask_one_more,
    ask_one_less,
    end_and_reopen,
    hand_on,
    let_prepare,
    ask_others,
    stand_still,
    end,
    tell,
)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_operation_does_what_the_table_says(office: Office, clock: Clock, shape: str) -> None:
    desk.hire(office, (*CAST, TWIN))
    deploy_text(office, drawn(SHAPES[shape]))
    wrong = []
    for operation in OPERATIONS:
        try:
            operation(Play(office, clock, SHAPES[shape]))
        except (AssertionError, Refusal, StopIteration) as error:
            wrong.append(f"{operation.__name__}: {error!r}")
    assert not wrong, "\n".join(wrong)
