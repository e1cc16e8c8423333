"""What the pages show: work of a person, one case with its timeline and diagrams, processes and their versions."""

from __future__ import annotations

from service.casework.workbench.absence_pages import DutyPage, duty_page
from service.casework.workbench.answers import Answered
from service.casework.workbench.case_pages import (
    CaseList,
    CasePage,
    DiagramPage,
    case_frame,
    case_list,
    case_page,
    diagram_page,
)
from service.casework.workbench.chain_pages import Branch, ChainPage, chain_page
from service.casework.workbench.diagrams import BODY
from service.casework.workbench.gallery_pages import (
    GalleryCard,
    GalleryGroup,
    gallery,
    process_picture,
    process_pictures,
)
from service.casework.workbench.led_pages import LedList, led_chains
from service.casework.workbench.live import Changes, changes_of
from service.casework.workbench.process_load import LivePage, Standing, live_page, may_watch
from service.casework.workbench.process_pages import (
    MAY_DEPLOY,
    MAY_READ,
    Change,
    Preview,
    ProcessLine,
    ProcessPage,
    diagram_source,
    joint_chains,
    preview_upload,
    process_acts,
    process_list,
    process_page,
    startable,
)
from service.casework.workbench.service_pages import demo_accounts_by_role, service_now
from service.casework.workbench.sheets import as_csv, as_workbook
from service.casework.workbench.supervision_pages import VIEWS as CARD_VIEWS
from service.casework.workbench.supervision_pages import cards_of_case, open_cards, supervision_list, supervision_page
from service.casework.workbench.task_pages import TaskPage, feel, task_page
from service.casework.workbench.work import (
    VIEWS,
    WorkItem,
    WorkList,
    done_work,
    every_work,
    inbox,
    next_work,
    open_count,
    tab_counts,
)
from service.engine.facts import Resource

__all__ = [
    "BODY",
    "CARD_VIEWS",
    "MAY_DEPLOY",
    "MAY_READ",
    "Answered",
    "CaseList",
    "CasePage",
    "Branch",
    "ChainPage",
    "Change",
    "DiagramPage",
    "Changes",
    "DutyPage",
    "GalleryCard",
    "GalleryGroup",
    "LedList",
    "LivePage",
    "Preview",
    "ProcessLine",
    "ProcessPage",
    "Resource",
    "Standing",
    "TaskPage",
    "VIEWS",
    "WorkItem",
    "WorkList",
    "as_csv",
    "as_workbook",
    "case_list",
    "chain_page",
    "cards_of_case",
    "case_frame",
    "case_page",
    "changes_of",
    "demo_accounts_by_role",
    "diagram_page",
    "diagram_source",
    "done_work",
    "duty_page",
    "every_work",
    "feel",
    "gallery",
    "inbox",
    "led_chains",
    "live_page",
    "may_watch",
    "next_work",
    "open_cards",
    "open_count",
    "preview_upload",
    "process_acts",
    "process_list",
    "process_page",
    "process_picture",
    "process_pictures",
    "service_now",
    "joint_chains",
    "startable",
    "supervision_list",
    "supervision_page",
    "tab_counts",
    "task_page",
]
