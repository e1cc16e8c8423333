"""定时发布: three persons agree as ever, the agenda deploys at the instant, and before it it can be called off."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.casework.measures.effective import call_off_release, schedule_release
from service.casework.measures.releases import release_list
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.rules.vocabulary import LedgerAction
from tests.casework.measures.city import answer, ended, value, who, work
from tests.casework.measures.test_releases import newest, submitted
from tests.conftest import Clock


def agreed(office: Office, clock: Clock) -> tuple[UUID, UUID]:
    """A release for the day after tomorrow to which all have agreed: its case and itself."""
    support = submitted(office)
    [line] = release_list(office, who(office, "tianyue"))
    schedule_release(office, who(office, "guotao"), line.row.id, clock.now + timedelta(days=2))
    answer(office, support, "Task_Office", "tianyue", decision="agree")
    answer(office, support, "Task_Deploy", "guotao", decision="agree")
    work(office)
    return support, line.row.id


def test_it_is_deployed_at_its_instant_and_not_before(demo_office: Office, clock: Clock) -> None:
    support, release = agreed(demo_office, clock)
    assert newest(demo_office) == 1
    clock.now += timedelta(days=1)
    work(demo_office)
    assert newest(demo_office) == 1
    clock.now += timedelta(days=1)
    work(demo_office)
    assert (ended(demo_office, support), newest(demo_office)) == ("End_Released", 2)
    with pytest.raises(Conflict) as refused:
        call_off_release(demo_office, who(demo_office, "guotao"), release, "来不及")
    assert refused.value.code == "RELEASE_OVER"


def test_what_is_called_off_before_its_instant_is_not_deployed(demo_office: Office, clock: Clock) -> None:
    support, release = agreed(demo_office, clock)
    call_off_release(demo_office, who(demo_office, "guotao"), release, "节后再发布")
    work(demo_office)
    assert value(demo_office, support, "released") is False
    assert newest(demo_office) == 1
    [line] = release_list(demo_office, who(demo_office, "tianyue"))
    assert line.state == "CANCELLED"
    with demo_office.reading() as records:
        assert records.ledger.lines(LedgerAction.RELEASE_CALLED_OFF)[0].detail["reason"] == "节后再发布"  # type: ignore[index]


def test_an_instant_moved_to_now_deploys_at_once(demo_office: Office, clock: Clock) -> None:
    support, release = agreed(demo_office, clock)
    schedule_release(demo_office, who(demo_office, "guotao"), release, None)
    work(demo_office)
    assert (ended(demo_office, support), newest(demo_office)) == ("End_Released", 2)


def test_only_who_deploys_sets_an_instant_and_only_one_to_come(demo_office: Office, clock: Clock) -> None:
    submitted(demo_office)
    [line] = release_list(demo_office, who(demo_office, "tianyue"))
    for name in ("hejing", "tianyue"):
        with pytest.raises(Forbidden):
            schedule_release(demo_office, who(demo_office, name), line.row.id, clock.now + timedelta(days=1))
    for at in (clock.now, clock.now + timedelta(days=400)):
        with pytest.raises(Invalid):
            schedule_release(demo_office, who(demo_office, "guotao"), line.row.id, at)
    with pytest.raises(Conflict) as refused:
        call_off_release(demo_office, who(demo_office, "guotao"), line.row.id, "没有设定")
    assert refused.value.code == "RELEASE_UNSCHEDULED"
