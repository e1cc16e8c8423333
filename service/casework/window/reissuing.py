"""查询码 issued anew at the window, for who shows the identity of the applicant or the agent (DOMAIN C.4)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.journalling import case_file, put_back, write
from service.casework.messages.codes import QUERY, issue_anew
from service.casework.rights import require_reader
from service.rules.masking import masked_identity, masked_name
from service.rules.refusals import Forbidden, refuse
from service.rules.vocabulary import JournalAction

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

WINDOW = ("counter_clerk",)
NUMBERS = ("applicant_id_no", "applicant_uscc", "agent_id_no", "legal_person_id_no")  # of who may ask
SHORTEST, LONGEST = 6, 30
LONGEST_NAME = 60


def reissue_code(
    office: Office, actor: Actor, case_id: UUID, *, identity: str, name: str, checked: bool, scope: UUID | None = None
) -> str:
    """Another 查询码, told once; the one before does not open anything any more. Tries and a lock are forgotten.

    The number must be one the case knows, where it knows any; the clerk says that the document was looked at. A line of
    the journal each time. Refused: Forbidden CODE_WINDOW; Missing CASE_NOT_FOUND; Invalid IDENTITY_UNCHECKED,
    IDENTITY_INVALID, IDENTITY_DIFFERS, NAME_INVALID.
    """
    require_window(actor)
    if not checked:
        raise refuse("checked", "IDENTITY_UNCHECKED", "请核对来人与证件一致后再重发查询码。")
    shown, bearer = _plain(identity), " ".join(name.split())
    if not SHORTEST <= len(shown) <= LONGEST:
        raise refuse("identity", "IDENTITY_INVALID", "请填写证件号码")
    if not 1 <= len(bearer) <= LONGEST_NAME:
        raise refuse("name", "NAME_INVALID", "姓名应为 1 到 60 个字。")

    def attempt() -> str:
        with office.transaction() as records:
            row = require_reader(records, actor, records.cases.lock(case_id))
            known = _numbers(records, case_id)
            if known and shown not in known:
                raise refuse("identity", "IDENTITY_DIFFERS", "证件号码与本件的申请人、代理人不符，不能重发查询码。")
            code, count = issue_anew(office, records, case_id, scope, QUERY)
            detail = {
                "scope": None if scope is None else str(scope),
                "name": masked_name(bearer),
                "identity": masked_identity(shown),
                "compared": bool(known),
                "count": count,
            }
            file = case_file(row, alive=False)
            told = {key: value for key, value in detail.items() if value is not None}
            write(records, file, JournalAction.CODE_REISSUED, actor, detail=told)
            put_back(records, file)
            return code

    return office.attempt(attempt)


def require_window(actor: Actor) -> None:
    """Refused: Forbidden CODE_WINDOW."""
    if not actor.has(*WINDOW):
        raise Forbidden("CODE_WINDOW", "查询码由综合窗口核对证件后重发。")


def _numbers(records: Records, case_id: UUID) -> set[str]:
    """The numbers of who may ask, as the case knows them."""
    values = records.variables.of_case(case_id)
    return {_plain(str(one.value)) for one in values if one.name in NUMBERS and one.value} - {""}


def _plain(text: str) -> str:
    return re.sub(r"[\s\-‐–—]+", "", unicodedata.normalize("NFKC", text)).upper()
