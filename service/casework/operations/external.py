"""External tasks: what waits for a program, which one has it, and what has failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.external_tasks import set_external_retries
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.operations.rights import require_operator
from service.store.listing import EXTERNAL_TASKS, Sight
from service.store.listing.external_tasks import ExternalTaskRow

VIEWS: Mapping[str, Mapping[str, Any]] = {
    "failed": {"no_retries_left": True},
    "locked": {"locked": True},
    "waiting": {"not_locked": True, "with_retries_left": True},
    "all": {},
}


def external_task_list(
    office: Office,
    actor: Actor,
    *,
    filters: Mapping[str, str] | None = None,
    view: str = "all",
    sort: str = "",
    page: int = 1,
) -> RowPage[ExternalTaskRow]:
    """One page of them; filters topic_name, worker_id. Refused: Forbidden OPERATIONS_NOT_YOURS."""
    require_operator(actor)
    return row_page(
        office, actor, EXTERNAL_TASKS, filters or {}, sort=sort, page=page, views=VIEWS, view=view,
        sight=Sight(everything=True),
    )  # fmt: skip


def let_try_again(office: Office, actor: Actor, task_id: UUID) -> None:
    """A failed external task may be fetched once more. Refused as `set_external_retries`."""
    set_external_retries(office, actor, task_id, 1)
