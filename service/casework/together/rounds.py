"""A round of opinions: whose turn it is, what it has come to, and what becomes of those nobody needs to hear any more."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.handing.passing import HANDED
from service.casework.journalling import CaseFile, write
from service.casework.messages.notices import notice
from service.rules.countersign import Mode, Result, Vote, conclude, read_policy
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from service.store.tasks import TaskRow
from service.store.together import SignerRow, SigningRow

VOTES = {"AGREE": Vote.AGREE, "OBJECT": Vote.OBJECT}


def open_next(
    records: Records, file: CaseFile, row: TaskRow, signing: SigningRow, signers: Sequence[SignerRow]
) -> None:
    """Open the seats whose turn it is: all of them, or one after the other."""
    waiting = [one for one in signers if one.state == "WAITING"]
    if read_policy(signing.policy).mode is Mode.SEQUENTIAL:
        waiting = [] if any(one.state == "OPEN" for one in signers) else waiting[:1]
    asker = records.people.names([signing.asked_by]).get(signing.asked_by, signing.asked_by)
    for one in waiting:
        records.together.change_signer(one.id, state="OPEN", opened_at=records.now)
        file.notices.append(
            notice(
                records.now,
                HANDED,
                [one.person],
                case_id=file.id,
                scope=row.scope_id,
                task=row.id,
                values={"person": asker, "deed": "会签"},
            )
        )


def settle_round(records: Records, file: CaseFile, row: TaskRow, signing: SigningRow) -> bool:
    """Look at a round after an opinion or a 减签; when it is over, the rest is spared and who asked is told.

    True: no round of the task goes on any more and something is submitted, which may take effect now.
    """
    signers = [one for one in records.together.of_round(signing.id) if one.state != "REMOVED"]
    answered = sorted((one for one in signers if one.state in VOTES), key=lambda one: (one.answered_at, one.position))
    votes = [VOTES[one.state] for one in answered]
    result = conclude(read_policy(signing.policy), len(signers), votes) if signers else None
    if result is Result.OPEN:
        if signing.state == "OPEN":
            open_next(records, file, row, signing, signers)
        return False
    spared = [one for one in signers if one.state not in VOTES]
    for one in spared:
        records.together.change_signer(one.id, state="SPARED")
    state = "CANCELLED" if result is None else result.value
    records.together.change_round(signing.id, state=state, closed_at=records.now)
    detail = {
        "policy": signing.policy,
        "result": state,
        "agreed": votes.count(Vote.AGREE),
        "objected": votes.count(Vote.OBJECT),
        "spared": [one.person for one in spared],
    }
    write(records, file, JournalAction.SIGNING_CLOSED, None, element=row.element, task_id=row.id, detail=detail)
    if row.assignee is not None:
        values = {"person": "会签人员", "deed": "查看意见"}
        file.notices.append(
            notice(
                records.now,
                HANDED,
                [row.assignee],
                case_id=file.id,
                scope=row.scope_id,
                task=row.id,
                values=values,
            )
        )
    others = [
        one for one in records.together.rounds(row.id) if one.id != signing.id and one.state in ("OPEN", "WAITING")
    ]
    held = records.together.held(row.id)
    if held is not None and result is Result.FAILED:
        records.together.release(row.id)
        return False
    return held is not None and not others
