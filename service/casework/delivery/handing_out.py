"""Handing out at the window: code and identity are checked, an agent shows a letter of authority, one receipt for everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.delivery.guards import require_ready, with_certificates
from service.casework.delivery.rights import require_issuer, require_not_approver
from service.casework.delivery.settling import settle_deliveries
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.messages.codes import PICKUP, is_code
from service.casework.office import Office
from service.rules.deliveries import (
    AT_WINDOW,
    CODE_LOCK,
    CODE_TRIES,
    DeliveryState,
    IdentityKind,
    Receiver,
    ReceiverKind,
    Way,
    read_receiver,
    require_code,
    require_state,
)
from service.rules.masking import masked_identity
from service.rules.refusals import Invalid, Missing, refuse
from service.rules.vocabulary import JournalAction
from service.store.deliveries import DeliveryRow
from service.store.records import Records

IDENTITY_WORDS = {
    IdentityKind.ID_CARD: "居民身份证",
    IdentityKind.PASSPORT: "护照",
    IdentityKind.OTHER: "其他证件",
}
LONGEST_REMARK = 200


def hand_out(
    office: Office,
    actor: Actor,
    case_id: UUID,
    deliveries: Sequence[UUID],
    receiver: Receiver,
    *,
    code: str,
    identity_checked: bool,
    signed_instead: str = "",
    remark: str = "",
) -> tuple[DeliveryRow, ...]:
    """Hand out results of one case together; the rows as they are now.

    `identity_checked`: the clerk has compared the person with the document shown. `signed_instead`: why the applicant
    has no code and signs by hand; an agent always needs the code. A wrong code is counted and noted although it is refused.
    Refused: Forbidden DELIVERY_ISSUERS_ONLY, DUTIES_SEPARATED; Missing CASE_NOT_FOUND, DELIVERY_NOT_FOUND; Invalid
    RECEIVER_INVALID, IDENTITY_UNCHECKED, CODE_WRONG, CODE_NEEDED, REMARK_LONG; Conflict DELIVERY_STATE, CODE_LOCKED,
    CODE_MISSING, and what `require_ready` refuses.
    """
    require_issuer(actor)
    person = read_receiver(receiver)
    if not identity_checked:
        raise refuse("checked", "IDENTITY_UNCHECKED", "请核对领取人与证件一致后再发证。")
    instead, remark = " ".join(signed_instead.split()), " ".join(remark.split())
    for field, value in (("signed_instead", instead), ("remark", remark)):
        if len(value) > LONGEST_REMARK:
            raise refuse(field, "REMARK_LONG", "内容不能超过 200 个字")
    if not code.strip() and (not instead or person.kind is ReceiverKind.AGENT):
        raise refuse("code", "CODE_NEEDED", "请输入申请人短信中的取件码；代领必须有取件码")

    def act() -> tuple[DeliveryRow, ...] | Invalid:
        with office.transaction() as records:
            file, rows = chosen(records, case_id, deliveries)
            require_not_approver(records, actor, case_id, frozenset(row.scope_id for row in rows))
            for row in rows:
                require_state(DeliveryState(row.state), AT_WINDOW)
            require_ready(records, rows)
            if code.strip():
                wrong = _check_code(office, records, file, rows[0], code, actor)
                if wrong is not None:
                    return wrong
            receipt = _receipt(person, actor, records, code_ok=bool(code.strip()), instead=instead, remark=remark)
            settle_deliveries(office, records, file, rows, actor=actor, way=Way.PICKUP, at=records.now, receipt=receipt)
            return tuple(now for one in rows if (now := records.deliveries.find(one.id)) is not None)

    done = office.attempt(act)
    if isinstance(done, Invalid):
        raise done
    return done


def chosen(records: Records, case_id: UUID, deliveries: Sequence[UUID]) -> tuple[CaseFile, tuple[DeliveryRow, ...]]:
    """The locked case and the deliveries of it, with the certificates there are by now.

    Refused: Missing CASE_NOT_FOUND, DELIVERY_NOT_FOUND.
    """
    file = case_file(records.cases.lock(case_id), alive=False)
    rows = records.deliveries.of_case(case_id)
    found = tuple(with_certificates(records, row, rows) for row in rows if row.id in set(deliveries))
    if not found or len(found) != len(set(deliveries)):
        raise Missing("DELIVERY_NOT_FOUND", "没有这件待送达的结果。")
    return file, found


def code_of(office: Office, records: Records, row: DeliveryRow) -> Callable[[str], bool] | None:
    """Tells the code the applicant was sent for it from others; None when none was sent yet."""
    kept = records.messages.code_of(row.case_id, row.scope_id, PICKUP)
    return None if kept is None else lambda typed: is_code(office, kept, typed)


def _check_code(
    office: Office, records: Records, file: CaseFile, row: DeliveryRow, given: str, actor: Actor
) -> Invalid | None:
    """A wrong one is counted; the fifth locks. The codes of everything that goes out together will do."""
    right = code_of(office, records, row)
    try:
        require_code(right, given, row.code_tries, row.code_locked_until, records.now)
    except Invalid as wrong:
        tries = row.code_tries + 1
        locked = records.now + CODE_LOCK if tries >= CODE_TRIES else None
        changes = {"code_tries": 0 if locked else tries, "code_locked_until": locked}
        records.deliveries.change(row.id, changes)
        detail = {"delivery": str(row.id), "tries": tries, "locked": locked is not None}
        write(records, file, JournalAction.DELIVERY_CODE_REFUSED, actor, detail=detail)
        put_back(records, file)
        return wrong
    return None


def _receipt(
    person: Receiver, actor: Actor, records: Records, *, code_ok: bool, instead: str, remark: str
) -> dict[str, Any]:
    shown = f"{IDENTITY_WORDS[person.identity_kind]} {masked_identity(person.identity)}"
    notes = [
        one
        for one in (f"委托书 {person.letter}" if person.letter else "", instead and f"签字领取：{instead}", remark)
        if one
    ]
    return {
        "kind": person.kind.value,
        "name": person.name,
        "relation": person.relation,
        "identity": shown,
        "letter": person.letter,
        "code_ok": code_ok,
        "checked_by": actor.username,
        "checked_at": records.now.isoformat(),
        "remark": "；".join(notes),
    }
