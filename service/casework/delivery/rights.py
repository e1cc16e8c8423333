"""Who hands out, who hands over, who looks (DOMAIN B.2, P16; separation of duties S-03)."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.rules.refusals import Forbidden
from service.store.records import Records

ISSUERS = ("issue_clerk",)
HANDERS = ("reviewer_a", "reviewer_b", "chief_rep", "resident_leader")  # of the department that has decided
LOOKERS = ("issue_clerk", "supervisor", "business_office")  # see the whole queue
APPROVE = "APPROVE"


def require_issuer(actor: Actor) -> None:
    """Refused: Forbidden DELIVERY_ISSUERS_ONLY."""
    if not actor.has(*ISSUERS):
        raise Forbidden("DELIVERY_ISSUERS_ONLY", "只有发证窗口人员可以发证和登记送达。")


def require_looker(actor: Actor) -> None:
    """Refused: Forbidden DELIVERY_FORBIDDEN."""
    if not actor.has(*LOOKERS):
        raise Forbidden("DELIVERY_FORBIDDEN", "您无权查看发证窗口的办理情况。")


def require_hander(actor: Actor) -> str:
    """The department that hands over. Refused: Forbidden HANDOVER_FORBIDDEN."""
    if actor.department is None or not actor.has(*HANDERS):
        raise Forbidden("HANDOVER_FORBIDDEN", "只有审批部门的人员可以向发证窗口移交证照。")
    return actor.department


def require_not_approver(records: Records, actor: Actor, case_id: UUID, scopes: frozenset[UUID | None]) -> None:
    """Who has approved an item does not hand it out (S-03). Refused: Forbidden DUTIES_SEPARATED."""
    for done in records.tasks.stages_of(case_id):
        if done.stage == APPROVE and done.person == actor.username and (done.scope_id in scopes or None in scopes):
            raise Forbidden("DUTIES_SEPARATED", "您批准了这个事项，不能再由您发证，请交由其他人员办理。")
