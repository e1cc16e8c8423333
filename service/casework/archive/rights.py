"""Who may see the archive, file paper in it and take packages out of it (DOMAIN B.2, P32)."""

from __future__ import annotations

from service.casework.actors import Actor
from service.rules.refusals import Forbidden, refuse

SEERS = ("archivist", "supervisor", "business_office", "audit_admin", "counter_clerk", "issue_clerk")
FILERS = ("archivist", "counter_clerk", "issue_clerk")  # lay paper into boxes
TAKERS = ("archivist", "supervisor", "business_office", "audit_admin")  # take packages out, with a reason
KEEPERS = ("archivist",)  # decide how long what is kept
SHORTEST_REASON, LONGEST_REASON = 4, 200


def require_seer(actor: Actor) -> None:
    """Refused: Forbidden ARCHIVE_FORBIDDEN."""
    if not actor.has(*SEERS):
        raise Forbidden("ARCHIVE_FORBIDDEN", "您无权查看档案。")


def require_filer(actor: Actor) -> None:
    """Refused: Forbidden ARCHIVE_FILERS_ONLY."""
    if not actor.has(*FILERS):
        raise Forbidden("ARCHIVE_FILERS_ONLY", "只有档案员和窗口人员可以登记纸质档案的存放位置。")


def require_taker(actor: Actor, reason: str) -> str:
    """The reason in one shape. Refused: Forbidden ARCHIVE_TAKERS_ONLY; Invalid ARCHIVE_REASON."""
    if not actor.has(*TAKERS):
        raise Forbidden("ARCHIVE_TAKERS_ONLY", "只有档案员、督查科、业务科和审计管理员可以调取归档包。")
    said = " ".join(reason.split())
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise refuse("reason", "ARCHIVE_REASON", "请写明调取原因，4 到 200 个字。")
    return said


def require_keeper(actor: Actor) -> None:
    """Refused: Forbidden ARCHIVISTS_ONLY."""
    if not actor.has(*KEEPERS):
        raise Forbidden("ARCHIVISTS_ONLY", "只有档案员可以修改保管期限。")
