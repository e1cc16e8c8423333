"""What must be so before anything leaves the window: paid, a certificate that is worth something, really there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.casework.handed_over import require_handed_over
from service.casework.money.settled import require_settled
from service.rules.certificates import CertificateState
from service.rules.deliveries import Way
from service.rules.refusals import Conflict
from service.store.deliveries import DeliveryRow
from service.store.records import Records

WORTH_NOTHING = frozenset({CertificateState.REVOKED, CertificateState.CANCELLED, CertificateState.SUSPENDED})
ENDING = "_certificate_no"


def require_ready(records: Records, rows: Sequence[DeliveryRow]) -> None:
    """Refused: Conflict FEE_UNPAID, CERTIFICATE_NONE, CERTIFICATE_WORTHLESS, HANDOVER_OPEN."""
    for row in rows:
        require_settled(records, row.case_id, row.scope_id)
        numbers = [str(one.get("number", "")) for one in row.certificates]
        if not any(numbers):
            raise Conflict("CERTIFICATE_NONE", "“{name}”还没有登记证照或批复编号，不能发出。", name=row.name)
        known = {one.number: CertificateState(one.state) for one in records.certificates.of_case(row.case_id)}
        for number in numbers:
            if known.get(number) in WORTH_NOTHING:
                raise Conflict("CERTIFICATE_WORTHLESS", "证照 {number} 已撤销、注销或暂扣，不能发出。", number=number)
        require_handed_over(records, row.case_id, row.scope_id)


def with_certificates(records: Records, row: DeliveryRow, rows: Iterable[DeliveryRow]) -> DeliveryRow:
    """The delivery with the certificates there are by now: registered since, or handed over for the joint issue.

    Of the chain itself, failing both, the numbers its items have reported.
    """
    found: list[Mapping[str, Any]] = [dict(one) for one in row.certificates]
    numbers = {str(one.get("number")) for one in found}
    for one in records.certificates.of_case(row.case_id):
        if one.scope_id == row.scope_id and one.number not in numbers:
            found.append({"number": one.number, "name": one.kind, "copies": 1})
            numbers.add(one.number)
    if row.scope_id is None:
        for item in rows:
            if item.way == Way.JOINT:
                more = [dict(one) for one in item.certificates if str(one.get("number")) not in numbers]
                found += [{**one, "name": one.get("name") or item.name, "item": str(item.id)} for one in more]
                numbers |= {str(one.get("number")) for one in more}
        if not found:
            values = records.variables.of_scope(row.case_id, row.case_id)
            found = [
                {"number": one.value, "name": row.name, "copies": 1}
                for one in values
                if one.name.endswith(ENDING) and isinstance(one.value, str) and one.value.strip()
            ]
    return replace(row, certificates=found)
