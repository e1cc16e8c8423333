"""What is done about hints, cards and orders, by whom and until when (DOMAIN C.5.4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from service.casework import handle_card, start_case, terminate_case
from service.casework.actors import Actor
from service.casework.journalling import CaseFile, put_back
from service.casework.office import Office
from service.casework.supervising import About, raise_card
from service.casework.workbench import supervision_list, supervision_page
from service.rules.cards import BY_ADDRESSEE, FOLLOWS, CardAct, CardState, Violation
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.store.supervision import SupervisionRow
from tests.casework import desk
from tests.casework.desk import CHIEF, CLERK, KEEPER, LINEAR, REVIEWER, SECOND, STRANGER, SUPERVISOR, journal_of
from tests.conftest import CHINA, Clock


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    desk.deploy_text(any_office, LINEAR)
    return any_office


def card(
    office: Office,
    case_id: UUID,
    violation: Violation = Violation.STAGE_OVERDUE,
    to: str = "zhangwei",
    scope: UUID | None = None,
) -> SupervisionRow | None:
    """A card raised by a rule, now."""
    with office.transaction() as records:
        row = records.cases.lock(case_id)
        assert row is not None
        file = CaseFile(row)
        found = raise_card(records, file, violation, to=to, department="104", at=records.now, about=About(scope=scope))
        put_back(records, file)
        return found


def given(office: Office, violation: Violation = Violation.STAGE_OVERDUE) -> tuple[UUID, SupervisionRow]:
    case_id = start_case(office, CLERK, key="p").id
    row = card(office, case_id, violation)
    assert row is not None
    return case_id, row


def lead_to(office: Office, row: SupervisionRow, state: CardState) -> None:
    ways = {
        CardState.OPEN: (),
        CardState.SIGNED: (CardAct.SIGN,),
        CardState.REPLIED: (CardAct.REPLY,),
        CardState.ACCEPTED: (CardAct.REPLY, CardAct.ACCEPT),
        CardState.APPEALED: (CardAct.APPEAL,),
        CardState.REVOKED: (CardAct.APPEAL, CardAct.UPHOLD),
        CardState.CLOSED: (CardAct.CLOSE,),
    }
    for act in ways[state]:
        do(office, row, act)


def do(office: Office, row: SupervisionRow, act: CardAct) -> SupervisionRow:
    return handle_card(office, REVIEWER if act in BY_ADDRESSEE else SUPERVISOR, row.id, act, "因材料较多")


@pytest.mark.parametrize("state", list(CardState))
@pytest.mark.parametrize("act", list(CardAct))
def test_only_what_the_table_allows_is_done(staffed: Office, state: CardState, act: CardAct) -> None:
    _, row = given(staffed)
    lead_to(staffed, row, state)
    after = FOLLOWS.get((state, act))
    if after is None:
        with pytest.raises(Conflict) as refusal:
            do(staffed, row, act)
        assert refusal.value.code == "CARD_STATE"
    else:
        assert do(staffed, row, act).state == after


def test_strangers_see_nothing_and_colleagues_and_programs_do_nothing(staffed: Office) -> None:
    _, row = given(staffed)
    for actor in (STRANGER, SECOND, CLERK, KEEPER):
        with pytest.raises(Missing):
            handle_card(staffed, actor, row.id, CardAct.SIGN)
        with pytest.raises(Missing):
            supervision_page(staffed, actor, row.id)
    for actor, act in ((CHIEF, CardAct.SIGN), (REVIEWER, CardAct.CLOSE)):
        with pytest.raises(Forbidden) as refusal:
            handle_card(staffed, actor, row.id, act)
        assert refusal.value.code == "CARD_FORBIDDEN"
    with pytest.raises(Missing):
        handle_card(staffed, SUPERVISOR, uuid4(), CardAct.CLOSE)
    with pytest.raises(Invalid) as missing:
        handle_card(staffed, REVIEWER, row.id, CardAct.REPLY, "  ")
    assert [one.field for one in missing.value.fields] == ["text"]


def test_a_departments_card_is_answered_by_its_heads(staffed: Office) -> None:
    _, row = given(staffed, Violation.CASE_OVERDUE)
    assert (row.addressee, row.level) == ("104", "RED")
    with pytest.raises(Missing):
        handle_card(staffed, REVIEWER, row.id, CardAct.SIGN)
    assert handle_card(staffed, CHIEF, row.id, CardAct.SIGN).state == CardState.SIGNED


def test_an_appeal_comes_within_three_working_days(staffed: Office, clock: Clock) -> None:
    _, row = given(staffed)  # Monday 03-16
    case_id, other = given(staffed)
    clock.set("2026-03-19T23:59")
    handle_card(staffed, REVIEWER, row.id, CardAct.APPEAL, "当日系统故障")
    clock.set("2026-03-20T00:00")
    with pytest.raises(Conflict) as refusal:
        handle_card(staffed, REVIEWER, other.id, CardAct.APPEAL, "当日系统故障")
    assert refusal.value.code == "APPEAL_LATE"


def test_a_hint_is_answered_but_not_appealed(staffed: Office) -> None:
    _, row = given(staffed, Violation.YELLOW_LIGHT)
    assert row.feedback_due_at is None
    with pytest.raises(Conflict) as refusal:
        handle_card(staffed, REVIEWER, row.id, CardAct.APPEAL, "不服")
    assert refusal.value.code == "HINT_WITHOUT_APPEAL"


def test_a_card_is_answered_within_a_working_day_and_once_more_when_rejected(staffed: Office, clock: Clock) -> None:
    _, row = given(staffed)
    assert row.feedback_due_at == datetime(2026, 3, 17, 17, tzinfo=CHINA)
    do(staffed, row, CardAct.REPLY)
    clock.set("2026-03-18T10:00")
    after = do(staffed, row, CardAct.REJECT)
    assert after.state == CardState.OPEN and after.feedback_due_at == datetime(2026, 3, 19, 17, tzinfo=CHINA)


def test_every_act_is_a_line_of_the_case_also_after_its_end(staffed: Office) -> None:
    case_id, row = given(staffed)
    terminate_case(staffed, KEEPER, case_id, "撤回")
    for act in (CardAct.SIGN, CardAct.REPLY, CardAct.ACCEPT, CardAct.CLOSE):
        do(staffed, row, act)
    lines = [line for line in journal_of(staffed, case_id) if line.action.startswith("card:")]
    assert [line.action for line in lines] == [
        "card:raised",
        "card:signed",
        "card:replied",
        "card:accepted",
        "card:closed",
    ]
    assert [line.actor for line in lines] == [None, "zhangwei", "zhangwei", "sunli", "sunli"]
    page = supervision_page(staffed, REVIEWER, row.id)
    assert [one.act for one in page.done] == ["sign", "reply", "accept", "close"] and page.acts == ()


def test_the_same_finding_costs_one_card_and_a_revoked_one_does_not_upgrade(staffed: Office) -> None:
    case_id, row = given(staffed)
    assert card(staffed, case_id) is None
    scope = uuid4()
    again = card(staffed, case_id, scope=scope)  # another item is another 办件
    assert again is not None and (again.level, again.upgraded) == ("YELLOW", False)
    lead_to(staffed, row, CardState.REVOKED)
    second = card(staffed, case_id, to="liuyang")
    assert second is not None and (second.level, second.upgraded) == ("YELLOW", False)
    third = card(staffed, case_id, Violation.TACIT_STAGE, to="liuyang")
    assert third is not None and (third.level, third.upgraded) == ("RED", True)


def test_lists_show_each_what_concerns_them_and_count_what_they_show(staffed: Office) -> None:
    case_id, row = given(staffed)
    for _ in range(24):
        given(staffed, Violation.YELLOW_LIGHT)
    given(staffed, Violation.CASE_OVERDUE)
    seen = {
        actor.username: supervision_list(staffed, actor, view="all").total
        for actor in (SUPERVISOR, CHIEF, REVIEWER, SECOND, STRANGER)
    }
    assert seen == {"sunli": 26, "chengang": 26, "zhangwei": 25, "liuyang": 0, "stranger": 0}
    page = supervision_list(staffed, SUPERVISOR, view="all", page=2)
    assert (len(page.items), page.page, page.pages) == (6, 2, 2)
    assert supervision_list(staffed, SUPERVISOR, filters={"level": "RED"}).total == 1
    assert supervision_list(staffed, CHIEF, filters={"mine": "1"}).total == 1
    do(staffed, row, CardAct.CLOSE)
    assert supervision_list(staffed, SUPERVISOR).counts == {"open": 25, "overdue": 0, "over": 1, "all": 26}


def test_an_answer_that_is_late_is_counted_as_such(staffed: Office, clock: Clock) -> None:
    given(staffed)
    clock.set("2026-03-17T17:00")
    assert supervision_list(staffed, SUPERVISOR).counts["overdue"] == 1


BUSINESS = Actor(username="yewu", name="业务科", department="100", roles=frozenset({"business_office"}))


def test_the_business_office_reads_but_does_not_rule(staffed: Office) -> None:
    _, row = given(staffed)
    assert supervision_page(staffed, BUSINESS, row.id).acts == ()
