"""An office with a city of its own: people with numbers, an item of four desks, channels as tests play them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from service.casework import attend_due, carry_due
from service.casework.messages.sending import keep_report
from service.casework.office import Office
from service.connectors.choosing import Connectors
from service.connectors.outgoing import ConnectorTrouble, DeliveryReport, Outgoing, Receipt
from service.engine.lint.rules import families
from service.rules.sending import Channel, Report
from service.store.messages import ContactRow, MessageRow
from tests.casework.desk import hire
from tests.conftest import Clock

MOBILES = {"zhangwei": "13800000001", "liuyang": "13800000002", "chengang": "13800000003", "sunli": "13800000004"}


@dataclass
class Line:
    """A channel that keeps what it is given; `troubles` come first, in order."""

    channel: Channel = Channel.SMS
    sent: list[Outgoing] = field(default_factory=list)
    troubles: list[ConnectorTrouble | None] = field(default_factory=list)

    def send(self, message: Outgoing) -> Receipt:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble
        self.sent.append(message)
        return Receipt(report=Report.ACCEPTED, reference=f"ref-{message.id}")

    def tend(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def small_procedures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Deploy an item without four lanes, forms and ladders."""
    names = {"check_elements", "check_references", "check_events", "check_structure", "check_expressions"}
    kept = tuple(one for one in families.FAMILIES if one.__name__ in names | {"check_timers"})
    monkeypatch.setattr(families, "FAMILIES", kept)
    monkeypatch.setattr(families, "check_limits", lambda *given, **more: None)
    yield


@pytest.fixture
def town(any_office: Office, line: Line, small_procedures: None) -> Office:
    """The cast with mobile numbers, and a channel for short messages."""
    hire(any_office)
    connect(any_office, line)
    with any_office.transaction() as records:
        for name, mobile in MOBILES.items():
            records.messages.put_contact(
                ContactRow(username=name, mobile=mobile, changed_at=records.now, changed_by=name)
            )
    return any_office


def connect(office: Office, *lines: Line) -> None:
    """Give an office these channels."""
    channels: Any = {one.channel: one for one in lines}
    payment = office.connectors.payment
    office._connectors = Connectors(messages=channels, payment=payment)


def settle_all(office: Office) -> None:
    """Attend and carry until nothing is due."""
    while attend_due(office) or carry_due(office):
        pass


def messages(office: Office, case_id: UUID | None = None, **wanted: Any) -> list[MessageRow]:
    """Messages in the order they were queued."""
    with office.reading() as records:
        rows = records.messages.of_case(case_id) if case_id is not None else records.messages.everything()
    return [one for one in rows if all(getattr(one, name) == value for name, value in wanted.items())]


def report(office: Office, one: MessageRow, said: Report) -> None:
    """The channel says what became of a message."""
    assert one.reference is not None
    keep_report(office, DeliveryReport(reference=one.reference, report=said, detail="stat:UNDELIV"))


def later(office: Office, clock: Clock, **by: float) -> None:
    """Time passes, then everything due is done."""
    clock.advance(**by)
    settle_all(office)
