"""Which release of the program a database belongs to: during an upgrade two of them may look at one database, one may write."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from service.rules.refusals import Unavailable

SUPERSEDED, NOT_UPGRADED = "SERVICE_SUPERSEDED", "DATABASE_NOT_UPGRADED"


@dataclass(frozen=True, kw_only=True)
class Revisions:
    """The migrations a program knows. Both are asked when first needed: reading the scripts takes a moment."""

    newest: Callable[[], str | None]
    known: Callable[[], Collection[str]]

    def judge(self, revision: str | None) -> Unavailable | None:
        """Why a program may not write to a database of this revision, None when it may."""
        if revision == self.newest():
            return None
        if revision is None or revision in self.known():
            return Unavailable(NOT_UPGRADED, "数据库还没有升级到本版本，暂时不能办理；请运行 lianban db upgrade。")
        return Unavailable(SUPERSEDED, "系统正在升级到新版本，暂时只能查看，请几分钟后刷新再办。")
