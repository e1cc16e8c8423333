"""Who may administer what (DOMAIN P26, B.3): accounts and roles are the security administrator's, windows and departments the
业务科's; the audit administrator reads, the system administrator has no business here."""

from __future__ import annotations

from service.casework.actors import Actor
from service.rules.refusals import Forbidden

SECURITY, AUDIT, OFFICE = "security_admin", "audit_admin", "business_office"
STAFF_READERS = (SECURITY, AUDIT, OFFICE)
ASKERS = (SECURITY, OFFICE)  # ask for roles (P26: request)
DECIDERS = (SECURITY, AUDIT)
ORGANISERS = (OFFICE, SECURITY)  # departments, windows, postings
LEDGER_READERS = (AUDIT,)


def require_staff_reader(actor: Actor) -> None:
    """Refused: Forbidden STAFF_NOT_YOURS."""
    if actor.roles.isdisjoint(STAFF_READERS):
        raise Forbidden("STAFF_NOT_YOURS", "只有安全管理员、审计管理员和业务科可以查看人员与岗位。")


def require_security(actor: Actor) -> None:
    """Refused: Forbidden NOT_GRANTED."""
    if actor.roles.isdisjoint((SECURITY,)):
        raise Forbidden("NOT_GRANTED", "只有安全管理员可以管理账号。")


def require_asker(actor: Actor) -> None:
    """Refused: Forbidden ROLES_NOT_YOURS."""
    if actor.roles.isdisjoint(ASKERS):
        raise Forbidden("ROLES_NOT_YOURS", "只有安全管理员和业务科可以申请变更角色。")


def require_organiser(actor: Actor) -> None:
    """Refused: Forbidden ORGANISATION_NOT_YOURS."""
    if actor.roles.isdisjoint(ORGANISERS):
        raise Forbidden("ORGANISATION_NOT_YOURS", "只有业务科和安全管理员可以维护部门和窗口。")


def require_ledger_reader(actor: Actor) -> None:
    """Refused: Forbidden LEDGER_NOT_YOURS (P31)."""
    if actor.roles.isdisjoint(LEDGER_READERS):
        raise Forbidden("LEDGER_NOT_YOURS", "只有审计管理员可以查看审计记录。")
