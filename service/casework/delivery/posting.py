"""By post: what leaves with a waybill comes to its receiver, or after two attempts back to the window (SM-38)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.archive.sealing import ask_for_archive
from service.casework.delivery.guards import require_ready
from service.casework.delivery.handing_out import chosen
from service.casework.delivery.rights import require_issuer, require_not_approver
from service.casework.delivery.settling import settle_deliveries
from service.casework.delivery.telling import tell
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.rules.deliveries import AT_WINDOW, DeliveryState, Way, after_attempts, read_waybill, require_state
from service.rules.refusals import refuse
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.deliveries import DeliveryRow
from service.store.records import Records

POSTED = frozenset({DeliveryState.POSTED})
NOON = time(12)


def post(
    office: Office, actor: Actor, case_id: UUID, delivery_id: UUID, *, waybill: str, courier: str = ""
) -> DeliveryRow:
    """Give a result to the courier; the applicant is told the number (M18).

    Refused: Forbidden DELIVERY_ISSUERS_ONLY, DUTIES_SEPARATED; Missing; Invalid WAYBILL, COURIER; Conflict DELIVERY_STATE
    and what `require_ready` refuses.
    """
    require_issuer(actor)
    number, name = read_waybill(waybill), " ".join(courier.split()) or "EMS"
    if len(name) > 40:
        raise refuse("courier", "COURIER", "快递公司名称不能超过 40 个字")

    def act() -> DeliveryRow:
        with office.transaction() as records:
            file, [row] = chosen(records, case_id, [delivery_id])
            require_not_approver(records, actor, case_id, frozenset({row.scope_id}))
            require_state(DeliveryState(row.state), AT_WINDOW)
            require_ready(records, [row])
            changes: dict[str, Any] = {
                "state": DeliveryState.POSTED.value,
                "way": Way.POST.value,
                "waybill": number,
                "courier": name,
                "certificates": list(row.certificates),
                "attempts": [],
            }
            records.deliveries.change(row.id, changes)
            detail = {**_about(row), "waybill": number, "courier": name}
            write(records, file, JournalAction.DELIVERY_POSTED, actor, detail=detail)
            tell(records, row, "M18", waybill=number)
            return _put_back(records, file, row)

    return office.attempt(act)


def record_attempt(
    office: Office,
    actor: Actor,
    case_id: UUID,
    delivery_id: UUID,
    *,
    signed: bool,
    on: date,
    signer: str = "",
    note: str = "",
) -> DeliveryRow:
    """What the courier reports: signed for by somebody, or nobody was reached. The second time it comes back to the window.

    Refused: Forbidden DELIVERY_ISSUERS_ONLY; Missing; Invalid ATTEMPT_DAY, SIGNER, NOTE; Conflict DELIVERY_STATE.
    """
    require_issuer(actor)
    name, said = signer.strip(), " ".join(note.split())
    if signed and not 1 <= len(name) <= 60:
        raise refuse("signer", "SIGNER", "请填写签收人，不超过 60 个字")
    if not signed and not said:
        raise refuse("note", "NOTE", "请写明未能投递的原因")
    if len(said) > 200:
        raise refuse("note", "NOTE", "内容不能超过 200 个字")

    def act() -> DeliveryRow:
        with office.transaction() as records:
            file, [row] = chosen(records, case_id, [delivery_id])
            require_state(DeliveryState(row.state), POSTED)
            at = _instant(records, row, on)
            attempt = {"at": at.isoformat(), "signed": signed, "note": said, "by": actor.username}
            attempts = [*(dict(one) for one in row.attempts), attempt]
            records.deliveries.change(row.id, {"attempts": attempts})
            state = after_attempts(tuple(bool(one["signed"]) for one in attempts))
            if state is DeliveryState.DELIVERED:
                receipt = {
                    "kind": "POST",
                    "name": name,
                    "relation": said or "快递签收",
                    "identity": "快递员核验",
                    "waybill": row.waybill,
                    "place": "邮寄地址",
                }
                settle_deliveries(office, records, file, [row], actor=actor, way=Way.POST, at=at, receipt=receipt)
                found = records.deliveries.find(row.id)
                return found or row
            detail = {**_about(row), "note": said, "nth": len(attempts)}
            write(records, file, JournalAction.DELIVERY_ATTEMPTED, actor, detail=detail)
            if state is DeliveryState.RETURNED:
                changes = {"state": state.value, "way": Way.PICKUP.value, "reminded": 0}
                records.deliveries.change(row.id, changes)
                write(records, file, JournalAction.DELIVERY_RETURNED, None, detail=_about(row))
                tell(records, row, "M15")
            return _put_back(records, file, row)

    return office.attempt(act)


def change_way(office: Office, actor: Actor, case_id: UUID, delivery_id: UUID, way: Way, reason: str) -> DeliveryRow:
    """The applicant wants it another way, while it is at the window. Who will fetch it gets the code.

    Refused: Forbidden DELIVERY_ISSUERS_ONLY; Missing; Invalid WAY, REASON; Conflict DELIVERY_STATE.
    """
    require_issuer(actor)
    if way not in (Way.PICKUP, Way.POST):
        raise refuse("way", "WAY", "只能改为窗口领取或邮寄送达。")
    said = " ".join(reason.split())
    if not 1 <= len(said) <= 200:
        raise refuse("reason", "REASON", "请写明原因，不超过 200 个字。")

    def act() -> DeliveryRow:
        with office.transaction() as records:
            file, [row] = chosen(records, case_id, [delivery_id])
            require_state(DeliveryState(row.state), AT_WINDOW)
            if row.way == way:
                return row
            records.deliveries.change(row.id, {"way": way.value})
            detail = {**_about(row), "way": way.value, "reason": said}
            write(records, file, JournalAction.DELIVERY_CHANGED, actor, detail=detail)
            if way is Way.PICKUP:
                tell(records, row, "M15")
            return _put_back(records, file, row)

    return office.attempt(act)


def send_code(office: Office, actor: Actor, case_id: UUID, delivery_id: UUID) -> DeliveryRow:
    """Send the pick-up code once more. Refused: Forbidden DELIVERY_ISSUERS_ONLY; Missing; Conflict DELIVERY_STATE."""
    require_issuer(actor)

    def act() -> DeliveryRow:
        with office.transaction() as records:
            file, [row] = chosen(records, case_id, [delivery_id])
            require_state(DeliveryState(row.state), AT_WINDOW)
            write(records, file, JournalAction.DELIVERY_CODE_SENT, actor, detail=_about(row))
            tell(records, row, "M15")
            return _put_back(records, file, row)

    return office.attempt(act)


def _put_back(records: Records, file: CaseFile, row: DeliveryRow) -> DeliveryRow:
    put_back(records, file)
    if file.row.ended_at is not None:
        ask_for_archive(records, file.id)
    return records.deliveries.find(row.id) or row


def _about(row: DeliveryRow) -> dict[str, Any]:
    told: dict[str, Any] = {"delivery": str(row.id)}
    return told if row.scope_id is None else {**told, "scope": str(row.scope_id)}


def _instant(records: Records, row: DeliveryRow, on: date) -> datetime:
    """Noon of the day, now when it is today; not before the result was ready, not in the future."""
    today = records.now.astimezone(SHANGHAI).date()
    if not row.ready_at.astimezone(SHANGHAI).date() <= on <= today:
        raise refuse("on", "ATTEMPT_DAY", "日期应在办结之后，且不晚于今天。")
    return records.now if on == today else min(records.now, datetime.combine(on, NOON, SHANGHAI))
