"""抽签: a ticket anybody can work out again, by the rate of the diagram, kept in the journal."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import pytest

from service.casework import attend_due, start_case
from service.casework.lots import TICKETS
from service.casework.office import Office
from service.rules.vocabulary import JournalAction
from tests.casework.desk import ENGINE, deploy_text, journal_of

LOT = (
    '<startEvent id="S"/><serviceTask id="L" name="随机抽查" zw:action="lot" zw:into="picked" zw:rate="{rate}"/>'
    '<userTask id="T" name="检查"/><endEvent id="E"/>\nS -> L\nL -> T\nT -> E\n'
)


def drawn(office: Office, rate: str) -> UUID:
    """A case whose lot has been drawn."""
    deploy_text(office, LOT.format(rate=rate))
    case = start_case(office, ENGINE, key="p").id
    while attend_due(office):
        pass
    return case


@pytest.mark.parametrize(("rate", "picked"), [("100", True), ("0", False), ("=50 - 50", False)])
def test_the_rate_decides(office: Office, rate, picked):
    case = drawn(office, rate)
    with office.reading() as records:
        assert {v.name: v.value for v in records.variables.of_case(case)}["picked"] is picked


def test_the_ticket_can_be_worked_out_again(office: Office):
    case = drawn(office, "30")
    (line,) = [one for one in journal_of(office, case) if one.action == JournalAction.ACTION_DONE]
    ticket = int.from_bytes(sha256(f"{case}/{case}/L".encode()).digest()[:8], "big") % TICKETS
    assert line.detail == {"action": "lot", "rate": "30", "ticket": ticket, "drawn": ticket < 3000}


def test_a_rate_that_is_none_is_an_incident(office: Office):
    case = drawn(office, "=null")
    with office.reading() as records:
        (incident,) = records.incidents.open_of_case(case)
    assert "抽查比例" in incident.message
