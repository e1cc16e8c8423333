"""Items that are ready to be handed out, and the people at the window, for tests of delivery."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.casework import attend_due, start_case
from service.casework.office import Office
from service.rules.deliveries import IdentityKind, Receiver, ReceiverKind
from service.store.deliveries import DeliveryRow
from service.store.documents import DocumentRow
from tests.casework.clocks.items import MARK, do, item, task
from tests.casework.desk import CHIEF, CLERK, ENGINE, ISSUER, REVIEWER, STRANGER, SUPERVISOR, deploy_text

CAST = (CHIEF, CLERK, ISSUER, REVIEWER, STRANGER, SUPERVISOR)
CODE = "K7M2QP"
APPLICANT = Receiver(
    kind=ReceiverKind.SELF, name="李建国", identity_kind=IdentityKind.ID_CARD, identity="11010519491231002X"
)
AGENT = Receiver(
    kind=ReceiverKind.AGENT,
    name="周晓东",
    identity_kind=IdentityKind.ID_CARD,
    identity="110105 19491231 002x",
    relation="员工",
    letter="委2026-018",
)
ISSUING = (
    '<startEvent id="S"/>'
    + task("Review")
    + task("Approve", "批准", "APPROVE")
    + MARK.format(id="Granted", mark="DECIDED_YES")
    + task("Issue", "制证发证", "ISSUE", more='zw:reaches="READY"')
    + '<endEvent id="E" zw:reaches="DELIVERED"/>\n'
    "S -> Review\nReview -> Approve\nApprove -> Granted\nGranted -> Issue\nIssue -> E\n"
)


def deploy_issuing(office: Office) -> None:
    """An item that is reviewed, decided and issued."""
    deploy_text(office, item(ISSUING, limit="10wd"))


def decided(office: Office, number: str = "SJ202603161040001") -> UUID:
    """An item at the issuing desk."""
    case = start_case(office, ENGINE, key="item", business_key=number, variables={"project_name": "云溪大厦"})
    do(office, case.id, "Review")
    do(office, case.id, "Approve")
    return case.id


def ready(office: Office, way: str | None = "window", number: str = "SJ202603161040001", **answers: Any) -> UUID:
    """An item whose certificate was made; what follows has been done."""
    case = decided(office, number)
    given = {"certificate_no": "990100202603190005", "delivery": way, **answers}
    do(office, case, "Issue", answers={name: value for name, value in given.items() if value is not None})
    settle(office)
    return case


def settle(office: Office) -> None:
    """Do what is due now."""
    while attend_due(office):
        pass


def delivery(office: Office, case_id: UUID) -> DeliveryRow:
    """The only delivery of a case."""
    with office.reading() as records:
        [row] = records.deliveries.of_case(case_id)
    return row


def papers(office: Office, case_id: UUID, code: str) -> list[DocumentRow]:
    """The issued documents of a case of one kind."""
    with office.reading() as records:
        return [one for one in records.documents.of_case(case_id) if one.code == code]
