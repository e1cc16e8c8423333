"""At one instant of one case: clocks, then timers, then actions, whichever node has claimed what."""

from __future__ import annotations

from service.casework import start_case
from service.casework.attending import attend
from service.casework.office import Office
from tests.casework.clocks.items import late, lines_of, task
from tests.casework.desk import ENGINE, deploy_text, journal_of
from tests.conftest import Clock

BODY = (
    '<startEvent id="S"/><parallelGateway id="F"/>'
    + "".join(task(id, limit="2hd") + late(id, "due(&quot;REVIEW&quot;)") for id in ("B", "A"))
    + '<parallelGateway id="J"/><endEvent id="E"/>\nS -> F\nF -> A\nF -> B\nA -> J\nB -> J\nJ -> E\nALate -> ATold\nBLate -> BTold\n'
)


def test_a_node_that_has_claimed_the_last_thing_does_the_first_ones_first(any_office: Office, clock: Clock) -> None:
    office = any_office
    deploy_text(office, BODY)
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="p")
    clock.set("2026-03-17T12:00")
    with office.transaction() as records:
        claimed = records.agenda.claim_ready(records.now, records.now, 10)
    assert [(row.kind, row.element) for row in claimed if row.due_at == clock.now] == [
        ("timer", "ALate"),
        ("timer", "BLate"),
    ], "the clocks are still to turn yellow"
    attend(office, claimed[-1])
    done = [
        (line.action, line.element, (line.detail or {}).get("light"))
        for line in journal_of(office, case.id)
        if line.action in ("clock:turned", "timer:fired")
    ]
    assert done == [
        ("clock:turned", "A", "yellow"),
        ("clock:turned", "B", "yellow"),
        ("clock:turned", "A", "red"),
        ("clock:turned", "B", "red"),
        ("timer:fired", "ALate", None),
        ("timer:fired", "BLate", None),
    ]
    for row in claimed[:-1]:
        assert attend(office, row) is False, row.kind
    assert len(lines_of(office, case.id, "timer:fired")) == 2
