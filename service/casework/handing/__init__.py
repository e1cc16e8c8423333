"""Work that goes from hand to hand: 转办, 委派, 催办, 抄送, drafts, and everything of somebody who leaves."""

from __future__ import annotations

from service.casework.handing.copying import acknowledge_copy, copies_of, copy_list, owed, send_copy
from service.casework.handing.drafts import draft_of, drop_draft, save_draft
from service.casework.handing.leaving import Kind, Leaving, Left, hand_over, what_is_left
from service.casework.handing.panel import HandingPanel, handing_panel, people_named, people_to_ask, task_colleagues
from service.casework.handing.passing import answer_delegation, delegate_work, take_back, transfer_task
from service.casework.handing.urging import urge_task
from service.store.together import DraftRow

__all__ = [
    "DraftRow",
    "HandingPanel",
    "Kind",
    "Leaving",
    "Left",
    "acknowledge_copy",
    "answer_delegation",
    "copies_of",
    "copy_list",
    "delegate_work",
    "draft_of",
    "drop_draft",
    "hand_over",
    "handing_panel",
    "owed",
    "people_named",
    "people_to_ask",
    "save_draft",
    "send_copy",
    "take_back",
    "task_colleagues",
    "transfer_task",
    "urge_task",
    "what_is_left",
]
