"""Numbers of the trade: 收件号, one series without gaps per day and department, and series diagrams name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.casework.actors import Actor
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.rules.numbers import AGENCY, BILL, CARD, CHAIN, COMPLAINT, CONSULTATION, FAULT, ORDER, VISIT
from service.rules.refusals import Invalid
from service.rules.vocabulary import JournalAction
from service.store.records import Records

CENTRE = "201"  # the service centre itself receives what nobody of a department starts
TRADE = {one.prefix: one for one in (BILL, CHAIN, CARD, AGENCY, ORDER, COMPLAINT, VISIT, CONSULTATION, FAULT)}
DEPARTMENT = re.compile(r"[0-9]{3}")


def receipt_number(office: Office, records: Records, actor: Actor) -> str:
    """The next 收件号 of the starter's department today: `SJ`, date, department, four digits (`SJ202603161040051`).

    Counted in the transaction that starts the case: when that fails the number is free again, and starts at the same
    moment come one after another. A number that somebody has given to a case by hand is left out. After 9999 cases of
    a day and department the number grows by a digit.
    """
    day = f"{records.now.astimezone(office.settings.time_zone):%Y%m%d}"
    department = actor.department if actor.department and DEPARTMENT.fullmatch(actor.department) else CENTRE
    while True:
        number = f"SJ{day}{department}{records.series.next(f'SJ/{day}/{department}'):04d}"
        if not records.cases.has_number(number):
            return number


def take_number(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, str]:
    """取号: the next number of the series `zw:series`, into the variable `zw:into` (else `number`).

    A series of the trade (JC, DBD, TS, HF, LB, DB, SF, ZX, GZ) is written as C.4 says; any other is a plain number. Refused: Invalid
    SERIES_MISSING, Conflict SERIAL_EXHAUSTED.
    """
    series = request.inputs.get("series", "").strip()
    if not series:
        raise Invalid("SERIES_MISSING", "环节“{element}”没有写明号码序列（zw:series）", element=request.element)
    if series in TRADE:
        day = records.now.astimezone(office.settings.time_zone).date()
        number = TRADE[series].number(day, records.series.next(TRADE[series].series(day)))
    else:
        number = str(records.series.next(f"act/{series}"))
    write(
        records, file, JournalAction.ACTION_DONE, None, element=request.element,
        detail={"action": request.act, "series": series, "number": number},
    )  # fmt: skip
    return {request.inputs.get("into", "").strip() or "number": number}
