"""催领: who has not fetched a result three, seven and ten working days after it was ready is reminded (J-06, M19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid5

from service.casework.acts.asking import asking
from service.casework.acts.request import Request
from service.casework.delivery.telling import HOURS, tell
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.rules.deliveries import AT_WINDOW, DeliveryState, Way
from service.rules.reminders import PICK_UP, pick_up
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI, CalendarMissing
from service.store.deliveries import DeliveryRow
from service.store.records import Records

ACT = "remind_pick_up"


def remind_receivers(office: Office, records: Records, rule: datetime) -> Mapping[str, Any]:
    """The job of every morning: ask for the reminders that are due, one act each; it is done under the case's lock."""
    asked = 0
    states = [one.value for one in AT_WINDOW]
    for row in records.deliveries.waiting(states, Way.PICKUP.value, len(PICK_UP)):
        nth = due_reminder(records, row, rule.astimezone(SHANGHAI).date())
        if nth <= row.reminded:
            continue
        item = asking(
            row.case_id,
            ACT,
            element=None,
            process=row.process,
            scope=row.scope_id,
            inputs={},
            values={"delivery": str(row.id), "nth": nth},
            now=records.now,
        )
        item = replace(item, id=uuid5(row.id, f"{ACT}/{nth}/{row.state}"))  # once, however often the job runs
        if records.agenda.find(item.id) is None:
            records.agenda.add([item])
            records.prompt = True
            asked += 1
    return {"asked": asked}


def remind(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """Remind once, if it still lies there."""
    nth = int(request.values.get("nth", 0))
    for row in records.deliveries.of_case(file.id):
        if str(row.id) != request.values.get("delivery"):
            continue
        if DeliveryState(row.state) not in AT_WINDOW or row.way != Way.PICKUP or row.reminded >= nth:
            return
        records.deliveries.change(row.id, {"reminded": nth})
        detail: dict[str, Any] = {"delivery": str(row.id), "nth": nth}
        if row.scope_id is not None:
            detail["scope"] = str(row.scope_id)
        write(records, file, JournalAction.DELIVERY_REMINDED, None, detail=detail)
        tell(records, row, "M19", nth=nth, hours=HOURS)


def due_reminder(records: Records, row: DeliveryRow, today: date) -> int:
    """How many reminders are due by a day, counted from when it was ready, or came back to the window."""
    since = row.ready_at
    if row.state == DeliveryState.RETURNED and row.attempts:
        since = datetime.fromisoformat(str(row.attempts[-1]["at"]))
    try:
        reminders = pick_up(records.calendar, since.astimezone(SHANGHAI).date())
    except CalendarMissing:
        return 0
    return max((one.nth for one in reminders if one.at.astimezone(SHANGHAI).date() <= today), default=0)
