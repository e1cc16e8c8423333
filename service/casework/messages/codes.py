"""查询码 and 取件码: short codes an applicant is told, one for each item and purpose; kept as a fingerprint only (DOMAIN C.4).

A code follows from the secret key of the installation, the item and how often it was issued anew, so that the papers and
messages which have to name it can, and neither the database nor a copy of it can. With another key the codes told so far
are wrong, and are issued anew at the window.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from uuid import UUID

from service.rules.hashes import hmac_sm3
from service.rules.numbers import QUERY_ALPHABET
from service.store.messages import CodeRow

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.store.records import Records

QUERY, PICKUP = "QUERY", "PICKUP"
LENGTH = 6
AT_ONCE = 500  # codes of before that are hashed in one transaction


def access_code(office: Office, records: Records, case_id: UUID, scope: UUID | None, purpose: str) -> str:
    """The code of an item for a purpose, made when it is first asked for. Six characters that are not mistaken easily."""
    row = records.messages.code_of(case_id, scope, purpose)
    if row is None:
        fresh = CodeRow(case_id=case_id, scope_id=scope or case_id, purpose=purpose)
        records.messages.keep_code(fresh, fingerprint(office, fresh, _drawn(office, fresh)))
        row = records.messages.code_of(case_id, scope, purpose) or fresh
    return _drawn(office, row)


def issue_anew(office: Office, records: Records, case_id: UUID, scope: UUID | None, purpose: str) -> tuple[str, int]:
    """Another code for an item, and how often that has happened; the one told before is wrong from now on."""
    access_code(office, records, case_id, scope, purpose)
    row = records.messages.code_of(case_id, scope, purpose, lock=True)
    assert row is not None  # it has just been made
    after = CodeRow(case_id=row.case_id, scope_id=row.scope_id, purpose=purpose, issue=row.issue + 1)
    code = _drawn(office, after)
    records.messages.change_code(after, fingerprint(office, after, code))
    return code, after.issue


def is_code(office: Office, row: CodeRow, typed: str) -> bool:
    """Whether this is what the applicant was told, in the time it takes to find out that it is not."""
    kept = hmac.compare_digest(fingerprint(office, row, typed).encode(), (row.digest or "").encode())
    return kept | hmac.compare_digest(_drawn(office, row).encode(), typed.encode())


def fingerprint(office: Office, row: CodeRow, code: str) -> str:
    """What is kept of a code."""
    return hmac_sm3(office.settings.secret_key.encode(), f"code kept\n{_about(row)}\n{code}".encode())


def hash_codes(office: Office) -> int:
    """Codes that stand in the database as they were told, from before it kept fingerprints only: how many were hashed."""
    done = 0
    while True:
        with office.transaction() as records:
            rows = records.messages.plain_codes(AT_ONCE)
            for row, code in rows:
                records.messages.change_code(row, fingerprint(office, row, code))
        done += len(rows)
        if len(rows) < AT_ONCE:
            return done


def _drawn(office: Office, row: CodeRow) -> str:
    number = int(hmac_sm3(office.settings.secret_key.encode(), f"code\n{_about(row)}\n{row.issue}".encode()), 16)
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(QUERY_ALPHABET))
        letters.append(QUERY_ALPHABET[place])
    return "".join(letters)


def _about(row: CodeRow) -> str:
    return f"{row.purpose}\n{row.case_id}\n{row.scope_id}"
