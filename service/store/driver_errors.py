"""What the database says when it cannot: which refusal is behind an error of a driver, None when the fault is ours."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from service.rules.refusals import Conflict, Invalid, Unavailable
from service.store.pipeline import NO_LONGER_PREPARED

RETRYABLE_STATES = NO_LONGER_PREPARED | {
    "40001",  # serialization
    "40P01",  # deadlock
    "55P03",  # lock timeout
    "57014",  # statement timeout
}
FULL_STATES = frozenset({"53100", "53200"})  # no room on the disk, in memory
READ_ONLY_STATE = "25006"
FORBIDDEN_STATE = "42501"
AWAY_STATES = ("08", "53", "57P", "58")  # connection, too many of them, shutting down, trouble of its machine
BUSY = "DATABASE_BUSY"  # code of a refusal that is worth another attempt


class Duplicate(Conflict):
    """A row with the same unique value is there already; the transaction must be given up."""


def meaning(error: DBAPIError) -> Duplicate | Unavailable | Invalid | None:
    """The refusal behind a driver error, None when it is a fault of ours."""
    original: Any = error.orig
    if isinstance(error, IntegrityError):
        state = getattr(original, "sqlstate", None) or ""
        unique = state == "23505" or getattr(original, "sqlite_errorname", "").endswith(("_UNIQUE", "_PRIMARYKEY"))
        return Duplicate("ALREADY_EXISTS", "同样的记录已经存在。") if unique else None
    if isinstance(error, DataError):
        return Invalid("VALUE_NOT_STORABLE", "有一个值过长，或含有不能保存的字符。")
    found = trouble(original)
    if found is None and (error.connection_invalidated or _nobody_there(error)):
        return unreachable()
    return found


def trouble(original: Any) -> Unavailable | None:
    """The refusal behind what the driver itself raised."""
    state = getattr(original, "sqlstate", None) or ""
    name = getattr(original, "sqlite_errorname", "")
    if state == READ_ONLY_STATE or name.startswith("SQLITE_READONLY") or _stands_by(original, state):
        return Unavailable("DATABASE_READ_ONLY", "系统目前只能查看，暂时不能办理，请稍后再试。")
    if state == FORBIDDEN_STATE:
        return Unavailable(
            "DATABASE_FORBIDS",
            "数据库不允许本服务这样做。升级后请由表的所有者运行 lianban db upgrade 和 lianban db grant。",
        )
    if state in RETRYABLE_STATES or name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return busy()
    if state in FULL_STATES or name == "SQLITE_FULL":
        return Unavailable(
            "DATABASE_FULL", "存储空间已满，暂时不能保存；已保存的内容不受影响，请联系系统管理员后再试。"
        )
    if state.startswith(AWAY_STATES) or name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
        return unreachable()
    return None


def busy() -> Unavailable:
    """Somebody else holds what is wanted."""
    return Unavailable(BUSY, "系统正忙，请稍后再试。")


def unreachable() -> Unavailable:
    """The database is not there, or its machine is in trouble."""
    return Unavailable("DATABASE_UNREACHABLE", "数据库暂时无法访问，请稍后再试。")


def _stands_by(original: Any, state: str) -> bool:
    """A standby refuses `BEGIN READ WRITE` with the state of what no server can do."""
    return state == "0A000" and "recovery" in str(original)


def _nobody_there(error: DBAPIError) -> bool:
    """A server that does not answer gives no state: there is nobody who could."""
    original: Any = error.orig
    named = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", "")
    return isinstance(error, OperationalError) and not named
