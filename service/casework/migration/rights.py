"""Who plans a migration and who begins it: two people (S-07), and programs for themselves."""

from __future__ import annotations

from service.casework.actors import Actor
from service.casework.rights import KEEPERS, withheld_from
from service.rules.refusals import Conflict, Forbidden
from service.store.migrating import PlanRow

PLANNERS = ("process_designer", *KEEPERS)


def may_plan(actor: Actor) -> bool:
    """Whether the actor may look at what a migration would do, and plan one."""
    return actor.service or actor.has(*PLANNERS)


def may_begin(actor: Actor) -> bool:
    """Whether the actor may begin, pause, cancel and take back migrations at all."""
    return actor.service or actor.has(*KEEPERS)


def require_planner(actor: Actor, process: str) -> None:
    """Refused: Forbidden MIGRATION_NOT_YOURS; also for processes whose cases are about people, for who may not read them."""
    if not may_plan(actor) or not actor.service and process in withheld_from(actor):
        raise Forbidden("MIGRATION_NOT_YOURS", "只有流程设计员、业务科和系统管理员可以迁移办件")


def require_beginner(actor: Actor, plan: PlanRow, deployer: str | None = None) -> None:
    """Refused: Forbidden MIGRATION_NOT_YOURS; Conflict MIGRATION_SAME_PERSON for who made the plan or deployed the new version.

    Programs are not asked: what they may do is granted to them one by one.
    """
    if not may_begin(actor):
        raise Forbidden("MIGRATION_NOT_YOURS", "只有流程设计员、业务科和系统管理员可以迁移办件")
    if not actor.service and actor.username in (plan.made_by, deployer):
        raise Conflict("MIGRATION_SAME_PERSON", "部署新版本或拟定迁移方案的人不能自己开始迁移，请由另一人核准")
