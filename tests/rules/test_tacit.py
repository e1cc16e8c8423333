"""Tacit approval: levels, preconditions, exceptions, timing (DOMAIN D.7)."""

from __future__ import annotations

from datetime import date

import pytest

from service.rules.refusals import Conflict
from service.rules.tacit import (
    SENTENCES,
    TacitException,
    TacitFacts,
    TacitLevel,
    check_level,
    deemed_renewal,
    hold_until,
    judge_tacit,
    tacit_times,
)
from service.rules.worktime import standard_calendar
from tests.rules.conftest import at, vectors

CALENDAR = standard_calendar()
TODAY = date(2026, 3, 18)
FACTS = {
    TacitException.CLOCK_NOT_RUNNING: TacitFacts(clock_running=False),
    TacitException.PROCEDURE_OPEN: TacitFacts(procedure_open=True),
    TacitException.FEE_UNPAID: TacitFacts(fee_unpaid=True),
    TacitException.MATERIAL_INCOMPLETE: TacitFacts(material_incomplete=True),
    TacitException.OBJECTION_OPEN: TacitFacts(objection_open=True),
    TacitException.HIGHER_LEVEL: TacitFacts(higher_level=True),
    TacitException.SYSTEM_OUTAGE: TacitFacts(outage_minutes=60),
    TacitException.INVESTIGATION: TacitFacts(investigation=True),
    TacitException.EXTENSION_PENDING: TacitFacts(extension_pending=True),
    TacitException.SUPERVISOR_HOLD: TacitFacts(held_until=TODAY),
}


@pytest.mark.parametrize("level", [TacitLevel.STAGE_SKIP, TacitLevel.DECISION])
@pytest.mark.parametrize("exception", list(TacitException))
def test_any_of_the_ten_exceptions_holds_the_outcome(exception, level):
    verdict = judge_tacit(level, FACTS[exception], TODAY)
    assert (verdict.applies, verdict.holds) == (False, (exception,))
    assert SENTENCES[exception].text and len(FACTS) == 10


@pytest.mark.parametrize("level", [TacitLevel.NONE, TacitLevel.NEVER])
def test_an_item_without_tacit_level_never_passes_by_silence(level):
    assert not judge_tacit(level, TacitFacts(), TODAY).applies


def test_only_the_decision_level_reaches_a_decision():
    for level in TacitLevel:
        assert judge_tacit(level, TacitFacts(), TODAY, decision=True).applies is (level is TacitLevel.DECISION)


def test_an_opinion_counts_as_given_when_the_request_arrived_and_the_network_worked():
    level = TacitLevel.INTERNAL_OPINION
    assert judge_tacit(level, TacitFacts(fee_unpaid=True), TODAY).applies
    for facts in (TacitFacts(delivered=False), TacitFacts(clock_running=False), TacitFacts(outage_minutes=90)):
        assert not judge_tacit(level, facts, TODAY).applies


def test_a_short_outage_and_an_ended_hold_are_no_exception():
    facts = TacitFacts(outage_minutes=59, held_until=date(2026, 3, 17))
    assert judge_tacit(TacitLevel.DECISION, facts, TODAY).applies
    assert judge_tacit(TacitLevel.DECISION, TacitFacts(calendar_error=True), TODAY).holds == (
        TacitException.CLOCK_NOT_RUNNING,
    )


def test_a_never_item_cannot_be_given_a_level_by_anybody():
    with pytest.raises(Conflict, match="公共安全") as refused:
        check_level(TacitLevel.NEVER, TacitLevel.STAGE_SKIP, "公共安全,《行政许可法》第十二条第一项")
    assert refused.value.code == "TACIT_NEVER"
    check_level(TacitLevel.NONE, TacitLevel.STAGE_SKIP, "")


@pytest.mark.parametrize("v", vectors("tacit_decision"))
def test_notice_and_certificate_of_a_tacit_decision(v):
    times = tacit_times(CALENDAR, date.fromisoformat(v["due"]))
    assert (times.notice_at, times.certificate_by) == (at(v["notice_at"]), at(v["certificate_by"]))
    assert CALENDAR.workdays_between(date.fromisoformat(v["due"]), times.overdue_day) == 1


def test_a_hold_is_placed_once_before_the_trigger_for_three_working_days():
    due = date(2026, 3, 18)
    assert hold_until(CALENDAR, date(2026, 3, 19), due, before=False) == date(2026, 3, 24)
    for placed, before, code in ((date(2026, 3, 19), True, "HOLD_ONCE"), (date(2026, 3, 20), False, "HOLD_LATE")):
        with pytest.raises(Conflict) as refused:
            hold_until(CALENDAR, placed, due, before=before)
        assert refused.value.code == code


def test_a_renewal_in_time_and_undecided_is_deemed_granted():
    expiry = date(2026, 6, 30)
    assert deemed_renewal(expiry, date(2026, 5, 26), None)
    assert deemed_renewal(expiry, date(2026, 5, 31), date(2026, 7, 1))
    assert not deemed_renewal(expiry, date(2026, 6, 1), None)
    assert not deemed_renewal(expiry, date(2026, 5, 26), expiry)
