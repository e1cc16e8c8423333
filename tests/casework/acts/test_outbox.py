"""The outbox: carried outside of transactions, at least once; its effect kept once; trouble put off, then given up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.casework import carry_due
from service.casework.act_book import CARRIERS
from service.casework.acts.outbox import PlainCarrier, put_out, ref_of
from service.casework.carrying import carry_out
from service.casework.correlating import AlreadyDone
from service.casework.office import Office
from service.connectors.outgoing import ConnectorTrouble
from service.store.agenda import AgendaRow
from service.store.records import Records
from tests.conftest import Clock


@dataclass
class Pigeon(PlainCarrier):
    """Carries notes; `troubles` come first, in order."""

    troubles: list[Exception] = field(default_factory=list)
    carried: list[UUID] = field(default_factory=list)
    kept: list[UUID] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    incident: bool = True
    wanted: bool = True

    def take(self, office: Office, records: Records, row: AgendaRow) -> UUID | None:
        return ref_of(row) if self.wanted else None

    def carry(self, office: Office, row: AgendaRow, errand: UUID) -> str:
        self.carried.append(errand)
        if self.troubles:
            raise self.troubles.pop(0)
        return "there"

    def keep(self, office: Office, records: Records, row: AgendaRow, errand: UUID, result: Any) -> None:
        records.settings.put("pigeon", str(result))
        self.kept.append(errand)

    def give_up(self, office: Office, records: Records, row: AgendaRow, trouble: str) -> bool:
        self.given_up.append(trouble)
        return self.incident


@pytest.fixture
def pigeon(monkeypatch: pytest.MonkeyPatch) -> Pigeon:
    bird = Pigeon()
    monkeypatch.setitem(CARRIERS, "pigeon", bird)
    return bird


def test_an_errand_is_carried_and_its_effect_kept_once(any_office: Office, pigeon: Pigeon) -> None:
    item, ref = _sent(any_office)
    assert carry_due(any_office) == 1 and carry_due(any_office) == 0
    assert pigeon.carried == pigeon.kept == [ref] and _row(any_office, item) is None


def test_an_errand_that_nobody_needs_any_more_is_dropped(any_office: Office, pigeon: Pigeon) -> None:
    pigeon.wanted = False
    item, _ = _sent(any_office)
    assert carry_due(any_office) == 1 and pigeon.carried == [] and _row(any_office, item) is None


def test_a_node_that_dies_before_it_kept_the_effect_lets_another_carry_it_again(
    any_office: Office, pigeon: Pigeon, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, ref = _sent(any_office)
    row = _row(any_office, item)
    assert row is not None
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(pigeon, "keep", _die)
        carry_out(any_office, row)
    assert _row(any_office, item) is not None, "nothing is lost"
    carry_out(any_office, row)
    assert pigeon.carried == [ref, ref] and pigeon.kept == [ref]


def test_the_slower_of_two_nodes_keeps_nothing(any_office: Office, pigeon: Pigeon) -> None:
    item, ref = _sent(any_office)
    row = _row(any_office, item)
    assert row is not None
    carry = pigeon.carry

    def overtaken(office: Office, row: AgendaRow, errand: UUID) -> str:
        pigeon.carry = carry  # type: ignore[method-assign]
        carry_out(office, row)
        return carry(office, row, errand)

    pigeon.carry = overtaken  # type: ignore[method-assign]
    with pytest.raises(AlreadyDone):
        carry_out(any_office, row)
    assert pigeon.kept == [ref]


def test_trouble_is_tried_again_after_one_five_and_thirty_minutes_then_given_up(
    any_office: Office, clock: Clock, pigeon: Pigeon
) -> None:
    pigeon.troubles = [ConnectorTrouble("UNREACHABLE", "no route", retryable=True) for _ in range(4)]
    item, _ = _sent(any_office)
    for minutes in (0, 1, 5, 30):
        clock.advance(minutes=minutes)
        assert carry_due(any_office) == 1
        assert carry_due(any_office) == 0, "not before its time"
    assert pigeon.given_up == ["UNREACHABLE: no route"]
    row = _row(any_office, item)
    assert row is not None and row.ready_at is None and row.retries == 0
    with any_office.reading() as records:
        assert [one.message for one in records.incidents.open_at(item)] == ["UNREACHABLE: no route"]


def test_the_other_side_may_ask_for_a_longer_wait(any_office: Office, clock: Clock, pigeon: Pigeon) -> None:
    pigeon.troubles = [ConnectorTrouble("BUSY", "", retryable=True, wait=timedelta(minutes=9))]
    _sent(any_office)
    assert carry_due(any_office) == 1
    clock.advance(minutes=8)
    assert carry_due(any_office) == 0
    clock.advance(minutes=1)
    assert carry_due(any_office) == 1 and len(pigeon.kept) == 1


def test_what_can_never_be_carried_is_given_up_at_once(any_office: Office, pigeon: Pigeon) -> None:
    pigeon.incident = False
    pigeon.troubles = [ConnectorTrouble("NO_SUCH_NUMBER", "", retryable=False)]
    item, _ = _sent(any_office)
    assert carry_due(any_office) == 1
    assert pigeon.given_up and _row(any_office, item) is None, "the carrier has seen to it itself"


def test_a_carrier_nobody_knows_is_an_incident_and_stops_nothing(any_office: Office, pigeon: Pigeon) -> None:
    item, _ = _sent(any_office, carrier="dragon")
    _sent(any_office)
    assert carry_due(any_office) == 2 and len(pigeon.kept) == 1
    with any_office.reading() as records:
        assert len(records.incidents.open_at(item)) == 1


def _sent(office: Office, carrier: str = "pigeon") -> tuple[UUID, UUID]:
    ref = uuid4()
    with office.transaction() as records:
        return put_out(records, carrier=carrier, ref=ref), ref


def _row(office: Office, item: UUID) -> AgendaRow | None:
    with office.reading() as records:
        return records.agenda.find(item)


def _die(*_: Any) -> None:
    raise KeyboardInterrupt
