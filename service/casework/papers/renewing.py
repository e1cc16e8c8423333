"""J-06, the part of certificates: reminders to renew sixty and thirty days before the end (M22), and the end itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from service.casework.acts.asking import asking
from service.casework.office import Office
from service.casework.papers.certificates import expire_certificates, value_of
from service.casework.papers.subject import day_of
from service.rules.certificates import REMIND_BEFORE, CertificateState
from service.rules.reminders import renewal
from service.store.records import Records

MESSAGE = "M22"


def tend_certificates(office: Office, records: Records, at: datetime) -> Mapping[str, Any]:
    """Every morning: what ended the day before is noted, then who has to renew is reminded."""
    return {**expire_certificates(office, records, at), **remind_renewals(office, records, at)}


def remind_renewals(office: Office, records: Records, at: datetime) -> Mapping[str, Any]:
    """On working days: every holder whose certificate ends within sixty, then within thirty days is reminded once each."""
    today, told = day_of(at), 0
    if not records.calendar.is_workday(today):
        return {"reminded": 0}
    for row in records.certificates.ending(CertificateState.ACTIVE.value, today, today + timedelta(REMIND_BEFORE[0])):
        due = [one for one in renewal(records.calendar, value_of(row)) if day_of(one.at) <= today]
        if len(due) <= row.reminded:
            continue
        records.certificates.change(row.id, {"reminded": len(due)})
        if row.case_id is None:
            continue
        values = {
            "certificate": row.kind,
            "certificate_no": row.number,
            "valid_to": row.valid_to.isoformat() if row.valid_to else "",
        }
        inputs = {"sms": MESSAGE, "certificate": row.number}
        records.agenda.add(
            [
                asking(
                    row.case_id,
                    "message",
                    element=None,
                    scope=row.scope_id,
                    inputs=inputs,
                    values=values,
                    now=records.now,
                )
            ]
        )
        records.prompt = True
        told += 1
    return {"reminded": told}
