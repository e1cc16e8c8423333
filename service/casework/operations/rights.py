"""Who looks after the running service: the system administrator, and 业务科 for what concerns cases."""

from __future__ import annotations

from service.casework.actors import Actor
from service.casework.rights import KEEPERS
from service.rules.refusals import Forbidden, refuse

OPERATORS = KEEPERS
DEPLOYMENT_READERS = (*KEEPERS, "supervisor", "audit_admin", "process_designer")  # P25
LONGEST_REASON = 500


def require_operator(actor: Actor) -> None:
    """Refused: Forbidden OPERATIONS_NOT_YOURS."""
    if not actor.has(*OPERATORS):
        raise Forbidden("OPERATIONS_NOT_YOURS", "只有系统管理员和业务科可以查看运行情况。")


def require_deployment_reader(actor: Actor) -> None:
    """Refused: Forbidden DEPLOYMENTS_NOT_YOURS."""
    if not actor.has(*DEPLOYMENT_READERS):
        raise Forbidden("DEPLOYMENTS_NOT_YOURS", "您无权查看部署记录。")


def require_reason(reason: str) -> str:
    """The reason without blanks around it. Refused, naming the field: REASON_MISSING, REASON_TOO_LONG."""
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明理由。")
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)
    return reason.strip()
