"""What the frame of a chain hears from the service: an item that ends by itself, a milestone that is late."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from scripts.campaigns.city import CLERK, City
from service.casework.clockwork.book import STOPPED as OVER
from service.casework.matrices import change_matrix
from service.casework.measures.withdrawal import ask_withdrawal
from service.rules.clocks import ClockKind
from service.rules.refusals import Refusal
from tests.processes.library import BPMN, ZW
from tests.processes.walking.openings import complete
from tests.processes.walking.programs import process_of
from tests.processes.walking.walker import Step

DESKS = 10  # of a withdrawal


def miss_milestone(city: City, case: UUID) -> bool:
    """Nothing happens until the next milestone of the chain is late; whether it has one."""
    with city.office.reading() as records:
        clocks = records.clocks.of_case(case)
    due = [
        one.due_at
        for one in clocks
        if one.kind == ClockKind.MILESTONE and one.element is None and one.state != OVER and one.due_at is not None
    ]
    if due:
        city.turn(max(min(due) + timedelta(hours=1), city.now))
    return bool(due)


def stop_item(city: City, case: UUID, key: str, step: Step) -> bool:
    """The item of a step that throws is taken back by its applicant, or left out by who leads; whether it could be stopped."""
    node = _node(key, step.process)
    try:
        if step.say["stopped_as"] == "left_out":
            change_matrix(city.office, city.actor(_leader(city, key)), case, node=node, join=False, reason="不再需要")
        else:
            _take_back(city, case, node)
    except Refusal:
        return False
    city.attend()
    return True


def _take_back(city: City, case: UUID, node: str) -> None:
    asked = ask_withdrawal(city.office, city.actor(CLERK), case, ending="WITHDRAWN", reason="本项不再办理", node=node)
    for _ in range(DESKS):
        city.attend()
        if not any(complete(city, desk, {}) for desk in city.desks(asked)):
            break


def _leader(city: City, key: str) -> str:
    """The 首席代表 of the department that leads a chain."""
    lead = process_of(key).get(f"{ZW}lead")
    with city.office.reading() as records:
        return next(
            one.username for one in records.people.listing() if one.department == lead and "chief_rep" in one.roles
        )


def _node(key: str, called: str) -> str:
    """The node of a chain that calls a process."""
    calls = process_of(key).iter(f"{BPMN}callActivity")
    return next(one.get("id") for one in calls if one.get("calledElement") == called).removeprefix("Call_")
