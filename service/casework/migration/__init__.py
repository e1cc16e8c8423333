"""办件迁移: running cases go on in another version of their process, when somebody has planned it and another has begun it
(docs/migration.md)."""

from service.casework.migration.batches import (
    BatchView,
    ItemView,
    batch_items,
    batch_view,
    begin_batch,
    cancel_batch,
    forget_batch,
    latest_batches,
    pause_batch,
    resume_batch,
    undo_batch,
)
from service.casework.migration.judging import CaseVerdict, DryRun, try_out, try_plan
from service.casework.migration.plans import PlanPage, Suggestion, VersionCard, make_plan, plan_page, suggest, versions
from service.casework.migration.programs import Instructions, begin_later, generate, migrate_now, validate
from service.casework.migration.rights import may_begin, may_plan
from service.casework.migration.sweeping import give_up_weekly

__all__ = [
    "BatchView",
    "CaseVerdict",
    "DryRun",
    "Instructions",
    "ItemView",
    "PlanPage",
    "Suggestion",
    "VersionCard",
    "batch_items",
    "batch_view",
    "begin_batch",
    "begin_later",
    "cancel_batch",
    "forget_batch",
    "generate",
    "give_up_weekly",
    "latest_batches",
    "make_plan",
    "may_begin",
    "may_plan",
    "migrate_now",
    "pause_batch",
    "plan_page",
    "resume_batch",
    "suggest",
    "try_out",
    "try_plan",
    "undo_batch",
    "validate",
    "versions",
]
