"""超时默许执行 (SP-19): what silence has decided is carried out, and looked at afterwards by supervision (D.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.acts.asking import asking
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.support_cases import Desk, require_served, text_of
from service.rules.refusals import Conflict, refuse
from service.rules.tacit import SENTENCES, TacitException
from service.rules.vocabulary import CaseState, InHouseAction, JournalAction
from service.store.records import Records

NOTICE = "W16"


def tacit(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """The latest line of silence about the clock: held with its reasons, or passed; then the notice is issued if it is missing."""
    origin = require_served(records, file)
    clock = text_of(request.values, "clock_id")
    actions = (JournalAction.TACIT_PASSED, JournalAction.TACIT_HELD)
    lines = [one for one in records.history.lines(origin.id) if one.action in actions]
    line = next((one for one in reversed(lines) if (one.detail or {}).get("clock") == clock), None)
    if line is None:
        return {"tacit_held": True, "tacit_holds": "没有默许记录"}
    detail: Mapping[str, Any] = line.detail or {}
    if line.action == JournalAction.TACIT_HELD:
        holds = "；".join(SENTENCES[TacitException(one)].words(str) for one in detail.get("holds", ()))
        return {"tacit_held": True, "tacit_holds": holds}
    if not _noticed(records, origin):
        row = asking(
            origin.id,
            InHouseAction.DOCUMENT.value,
            element=line.element,
            scope=None,
            inputs={"doc": NOTICE},
            values={},
            now=records.now,
        )
        records.agenda.add([row])
        records.prompt = True
    return {"tacit_held": False, "tacit_holds": None, "certificate_by": detail.get("certificate_by")}


def _noticed(records: Records, origin: CaseFile) -> bool:
    """Whether the notice is there, or on its way with the decision."""
    if any(one.code == NOTICE and one.state != "VOID" for one in records.documents.of_case(origin.id)):
        return True
    asked = ((one.detail or {}).get("inputs") or {} for one in records.agenda.of_case(origin.id))
    return any(one.get("doc") in ("W14", NOTICE) for one in asked)


def check_certificate(office: Office, records: Records, desk: Desk) -> None:
    """The certificate that is said to be issued is there. Refused: Invalid SILENCE_CERTIFICATE naming certificate_no; Conflict
    SILENCE_UNISSUED while the case has none; nothing when the case was withdrawn or ended from outside.
    """
    origin = require_served(records, desk.file)
    if origin.row.state == CaseState.TERMINATED:
        return
    numbers = {one.number for one in records.certificates.of_case(origin.id)}
    numbers |= {
        str(one.value)
        for one in records.variables.of_case(origin.id)
        if one.name == "certificate_no" and isinstance(one.value, str) and one.value
    }
    if not numbers:
        raise Conflict("SILENCE_UNISSUED", "本件尚未制发证照，请先在办件中完成制证发证。")
    if str(desk.said.get("certificate_no") or "").strip() not in numbers:
        raise refuse("certificate_no", "SILENCE_CERTIFICATE", "证照号与本件已制发的证照不一致。")
