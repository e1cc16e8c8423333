"""What is said to supporting cases (配套流程) by whoever holds the case they serve: begin, follow, a message. Always through the agenda."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.acts.asking import asking
from service.store.records import Records

ORDER, EXTENSION, WITHDRAWAL, RENEWAL = "support_SP_02", "support_SP_07", "support_SP_10", "support_SP_12"
REVIEW, REFUND, RELEASE, SILENCE = "support_SP_13", "support_SP_17", "support_SP_18", "support_SP_19"
BEGIN, FOLLOW, MEET = "support", "follow", "meet"  # acts asked for by the service, not drawn


def ask_support(
    records: Records,
    case_id: UUID,
    key: str,
    *,
    subject: UUID,
    title: str,
    variables: Mapping[str, Any],
    scope: UUID | None = None,
    department: str | None = None,
    element: str = "",
) -> None:
    """Put on the agenda of a case that a supporting case is to be begun for it; nothing where its process is not deployed."""
    if key not in records.deployments.newest([key]):
        return
    inputs = {"process": key, "subject": str(subject), "title": title, "department": department or ""}
    row = asking(case_id, BEGIN, element=element or None, scope=scope, inputs=inputs, values=variables, now=records.now)
    records.agenda.add([row])
    records.prompt = True


def keep_in_step(
    records: Records,
    key: str,
    subject: UUID,
    element: str,
    by: str | None,
    answers: Mapping[str, Any] | None = None,
    *,
    department: str = "",
    place: int = 0,
) -> None:
    """What a desk of a supporting case waits for was done elsewhere (on a page, by a program): it follows.

    `element` empty: the matter is over, the supporting case ends. `department`: of one of several desks; `place`:
    after what was said before it at the same instant.
    """
    row = records.measures.about(key, subject)
    if row is None:
        return
    inputs = {"by": by or "", "department": department}
    records.agenda.add(
        [
            asking(
                row.id,
                FOLLOW,
                element=element or None,
                inputs=inputs,
                values=answers or {},
                now=records.now,
                place=place,
            )
        ]
    )
    records.prompt = True


def end_moot(records: Records, case_id: UUID) -> None:
    """A case has ended: what was asked for it and is void by that ends as well. An extension lapses (许可法 art. 42 extends a
    decision that is still to be made), a withdrawal nobody has confirmed is over (it is before the decision only).

    Orders, refunds, renewals and what silence left go on: they are about what has happened.
    """
    for one in records.measures.running(EXTENSION, for_case=case_id):
        answers = {"decision": "refuse", "answer": "办件已经办结"}
        keep_in_step(records, EXTENSION, one.subject, "Task_Decide", None, answers)
    for one in records.measures.running(WITHDRAWAL, for_case=case_id):
        keep_in_step(records, WITHDRAWAL, one.subject, "", None)


def tell_waiting(records: Records, case_id: UUID, message: str, values: Mapping[str, Any]) -> None:
    """Put on the agenda of a supporting case that a message for it has come."""
    records.agenda.add([asking(case_id, MEET, element=None, inputs={"event": message}, values=values, now=records.now)])
    records.prompt = True
