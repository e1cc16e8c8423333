"""交换记录 and 对接状态 as administrators see and keep them (XN-24, XN-25, YY-23, YY-24)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.untitled import reads_contents
from service.rules.acts import TRANSFERS
from service.rules.refusals import Forbidden, refuse
from service.rules.vocabulary import LedgerAction
from service.store.exchange import ConnectionRow, ExchangeRow

EXCHANGE_READERS = ("system_admin", "business_office", "supervisor")
EXCHANGE_KEEPERS = ("system_admin", "business_office")
CONNECTION_STATES = ("NONE", "TEST", "LIVE")
STATES = ("QUEUED", "SENT", "ANSWERED", "FAILED", "RECEIVED", "DONE")
PAGE = 50
ITEM_KEY = re.compile(r"item_(\d{3})_([A-Z]{2})_(\d{3})(?:_\w+)?")


@dataclass(frozen=True, kw_only=True)
class ItemConnection:
    """One item and how far it is connected; `late`: its deadline has passed and it is not."""

    item: str
    name: str
    department: str
    state: str
    connection: str
    deadline: date | None
    changed_by: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class ExchangePage:
    """The log and its counts, the items with their connections, and the connections there are."""

    total: int
    messages: tuple[ExchangeRow, ...]
    counts: Mapping[str, Mapping[str, int]]  # transfer → state → messages
    items: tuple[ItemConnection, ...]
    connected: int
    connections: tuple[str, ...]
    keeps: bool


def exchange_page(
    office: Office, actor: Actor, *, state: str = "", transfer: str = "", search: str = "", page: int = 1
) -> ExchangePage:
    """What went out and came in, the latest first, and the connections. Refused: Forbidden EXCHANGE_FORBIDDEN."""
    if not actor.has(*EXCHANGE_READERS):
        raise Forbidden("EXCHANGE_FORBIDDEN", "您没有查看数据交换的权限。")
    wanted = {"state": state if state in STATES else "", "transfer": transfer if transfer in TRANSFERS else ""}
    with office.reading() as records:
        words = search if reads_contents(actor) else ""
        total, messages = records.exchange.log(**wanted, search=words, top=PAGE, skip=(page - 1) * PAGE)
        counts: dict[str, dict[str, int]] = {kind: {} for kind in TRANSFERS}
        for (kind, one), many in records.exchange.counts().items():
            counts.setdefault(kind, {})[one] = many
        known = {row.item: row for row in records.exchange.connections()}
        today = records.now.astimezone(office.settings.time_zone).date()
        named = {code: name for key, name in records.exchange.items() if (code := item_code(key))}
    items = tuple(_item(code, named.get(code, ""), known.get(code), today) for code in sorted({*named, *known}))
    return ExchangePage(
        total=total,
        messages=messages if reads_contents(actor) else tuple(_without_contents(one) for one in messages),
        counts=counts,
        items=items,
        connected=sum(one.state == "LIVE" for one in items),
        connections=tuple(sorted(office.connectors.exchanges)),
        keeps=actor.has(*EXCHANGE_KEEPERS),
    )


def change_connection(
    office: Office, actor: Actor, item: str, *, state: str, connection: str = "", deadline: date | None = None
) -> None:
    """How far an item is connected, from now on. Refused: Forbidden EXCHANGE_FORBIDDEN, Invalid on one of the fields."""
    if not actor.has(*EXCHANGE_KEEPERS):
        raise Forbidden("EXCHANGE_FORBIDDEN", "只有业务科和系统管理员可以修改对接状态。")
    if not re.fullmatch(r"\d{3}-[A-Z]{2}-\d{3}", item):
        raise refuse("item", "ITEM_INVALID", "事项编码应形如 104-XK-001。")
    if state not in CONNECTION_STATES:
        raise refuse("state", "CONNECTION_STATE", "对接状态应为未对接、测试或已对接。")
    if connection and connection not in office.connectors.exchanges:
        raise refuse("connection", "CONNECTION_UNKNOWN", "没有配置对接“{connection}”（LIANBAN_EXCHANGES）", connection=connection)  # fmt: skip
    if state != "NONE" and not connection:
        raise refuse("connection", "CONNECTION_MISSING", "测试和已对接的事项应选择对接的系统。")

    def act() -> None:
        with office.transaction() as records:
            records.exchange.keep_connection(
                ConnectionRow(
                    item=item,
                    department=item[:3],
                    connection=connection,
                    state=state,
                    deadline=deadline,
                    changed_at=records.now,
                    changed_by=actor.username,
                )
            )
            said = {"state": state, "connection": connection, "deadline": deadline and deadline.isoformat()}
            records.ledger.write(LedgerAction.CONNECTION_CHANGED, actor.username, item, said)

    office.attempt(act)


def _without_contents(row: ExchangeRow) -> ExchangeRow:
    """That something was sent, whither and how it went; not what."""
    return replace(row, payload={}, answer=None, subject="")


def item_code(key: str) -> str | None:
    """The item code in the key of a process."""
    found = ITEM_KEY.fullmatch(key)
    return "-".join(found.groups()) if found else None


def _item(code: str, name: str, row: ConnectionRow | None, today: date) -> ItemConnection:
    state = row.state if row is not None else "NONE"
    deadline = row.deadline if row is not None else None
    return ItemConnection(
        item=code,
        name=name,
        department=code[:3],
        state=state,
        connection=row.connection if row is not None else "",
        deadline=deadline,
        changed_by=row.changed_by if row is not None else "",
        late=state != "LIVE" and deadline is not None and deadline < today,
    )
