"""Who may see and change the register (DOMAIN B.2, P01–P03 and P29)."""

from __future__ import annotations

from service.casework.actors import Actor
from service.rules.refusals import Forbidden

OFFICE = "business_office"  # 业务科 keeps the register and decides
LEGAL = "legal_checker"  # 法制审核
PROPOSERS = (OFFICE, "process_designer")  # of every department
OWN_PROPOSERS = ("chief_rep", "dept_head")  # of their own
WATCHERS = (*PROPOSERS, *OWN_PROPOSERS, LEGAL, "system_admin", "supervisor", "leader")  # see drafts and reviews
DEPLOYERS = ("process_designer", "system_admin", OFFICE)


def may_propose(actor: Actor, department: str) -> bool:
    """Whether the actor may draft a change of an item of a department."""
    return actor.has(*PROPOSERS) or (actor.has(*OWN_PROPOSERS) and actor.department == department)


def may_propose_any(actor: Actor) -> bool:
    """Whether the actor may draft a change of some item."""
    return actor.has(*PROPOSERS) or (actor.has(*OWN_PROPOSERS) and actor.department is not None)


def may_office(actor: Actor) -> bool:
    """Whether the actor decides for 业务科."""
    return actor.has(OFFICE)


def may_watch(actor: Actor | None) -> bool:
    """Whether drafts, reviews and what a department still has to confirm are shown."""
    return actor is not None and actor.has(*WATCHERS)


def require_proposer(actor: Actor, department: str) -> None:
    """Refused: Forbidden ITEM_FORBIDDEN."""
    if not may_propose(actor, department):
        raise Forbidden("ITEM_FORBIDDEN", "只有业务科、流程设计员和本部门首席代表、主要负责人可以修改事项。")


def require_watcher(actor: Actor) -> None:
    """Refused: Forbidden REGISTER_CLOSED."""
    if not may_watch(actor):
        raise Forbidden("REGISTER_CLOSED", "您没有查看事项草稿和清理名单的权限。")


def require_office(actor: Actor) -> None:
    """Refused: Forbidden ITEM_OFFICE_ONLY."""
    if not actor.has(OFFICE):
        raise Forbidden("ITEM_OFFICE_ONLY", "只有业务科可以发布、暂停、取消事项和汇总清理名单。")
