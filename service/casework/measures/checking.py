"""What a desk of 配套流程, or of a chain, is checked for before it is done, beside its form: who may not, what is not there yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.casework.actors import Actor
from service.casework.chains.joining import SUM, check_all_said
from service.casework.journalling import CaseFile
from service.casework.measures.extension import check_extension
from service.casework.measures.refunds import check_refund
from service.casework.measures.releases import check_apart
from service.casework.measures.reviews import check_answered
from service.casework.measures.silences import check_certificate
from service.casework.measures.withdrawal import check_undecided
from service.casework.office import Office
from service.casework.projection import Running
from service.casework.support_asking import EXTENSION, REFUND, RELEASE, REVIEW, SILENCE, WITHDRAWAL
from service.casework.support_cases import Desk
from service.store.records import Records
from service.store.tasks import TaskRow

CHECKS: Mapping[tuple[str, str], Callable[[Office, Records, Desk], None]] = {
    (EXTENSION, "Task_Decide"): check_extension,
    (WITHDRAWAL, "Task_Confirm"): check_undecided,
    (WITHDRAWAL, "Task_Terminate"): check_undecided,
    (REFUND, "Task_Approve"): check_refund,
    (REVIEW, "Task_File"): check_answered,
    (REVIEW, "Task_Sum"): check_answered,
    (RELEASE, "Task_Office"): check_apart,
    (RELEASE, "Task_Legal"): check_apart,
    (RELEASE, "Task_Deploy"): check_apart,
    (SILENCE, "Task_Certificate"): check_certificate,
    (SILENCE, "Task_Centre"): check_certificate,
}
IN_CHAINS: Mapping[str, Callable[[Records, CaseFile, Mapping[str, Any]], None]] = {SUM: check_all_said}  # by the frame


def check_desk(
    office: Office, records: Records, running: Running, row: TaskRow, actor: Actor, said: Mapping[str, Any]
) -> None:
    """Refused: what the desk's own check refuses; desks of other processes are not looked at."""
    in_chain = IN_CHAINS.get(row.element)
    if in_chain is not None:
        in_chain(records, running.file, said)
    check = CHECKS.get((running.file.row.key, row.element))
    if check is not None:
        values = running.run.variables(row.id)
        check(office, records, Desk(file=running.file, row=row, actor=actor, said=said, values=values))
