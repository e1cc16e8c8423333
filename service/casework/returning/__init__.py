"""退回, 撤回, 跳转: tokens that go another way than the diagram, previewed, reasoned and journalled (docs/returning.md)."""

from service.casework.returning.ending import GROUNDS, Ground, end_case, end_preview
from service.casework.returning.modifying import modify_case
from service.casework.returning.moving import move_places, move_token
from service.casework.returning.previews import EndPreview, MovePreview, Place, ReturnPreview, TakeBackPreview, Way
from service.casework.returning.reopening import may_reopen, reopen_case, reopen_preview
from service.casework.returning.sending_back import return_preview, return_task
from service.casework.returning.taking_back import take_back_preview, take_back_task

__all__ = [
    "GROUNDS",
    "EndPreview",
    "Ground",
    "MovePreview",
    "Place",
    "ReturnPreview",
    "TakeBackPreview",
    "Way",
    "end_case",
    "end_preview",
    "may_reopen",
    "modify_case",
    "move_places",
    "move_token",
    "reopen_case",
    "reopen_preview",
    "return_preview",
    "return_task",
    "take_back_preview",
    "take_back_task",
]
