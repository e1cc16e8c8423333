"""Seals of rows (记录封签): an HMAC-SM3 over what a row says, its table and its key, written with the row and asked when it is used.

Which rows: `FIELDS`. A seal holds for the one row it was made for: moved to another row, taken away, or made under a key
nobody has, it holds no more (GB/T 22239 8.1.4.7, GB/T 39786 8.4 c, g).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Column, Table, Text, type_coerce

from service.rules.crypto import CryptoModule
from service.rules.refusals import Conflict
from service.rules.sentences import Sentence
from service.store.columns import EPOCH, Instant, Json
from service.store.schema import journal, person_role
from service.store.time_schema import clock
from service.store.together_schema import signer

PURPOSE = "record"
REMEMBERED = 20_000  # rows, of half a kilobyte or so
MICROSECOND = timedelta(microseconds=1)
TOLD = {
    "journal": Sentence("办件 {case} 办理过程第 {line} 行与写入时不一致，已停止使用，请联系审计管理员。"),
    "clock": Sentence("时钟 {id} 与写入时不一致，已停止使用，请联系审计管理员。"),
    "signer": Sentence("加签意见 {id} 与写入时不一致，已停止使用，请联系审计管理员。"),
    "person_role": Sentence("账号 {person} 的角色 {role} 与授予时不一致，已停止使用，请联系审计管理员。"),
}
TABLES: Mapping[str, Table] = {table.name: table for table in (journal, clock, signer, person_role)}
_LEFT_OUT = {
    "mac",
    "element@clock",
}  # moving a case to another version of its diagram renames the elements of its clocks


class RecordTampered(Conflict):
    """A row that is not what the service wrote. `table` and `key` say which one."""

    def __init__(self, table: str, key: Mapping[str, Any]) -> None:
        self.table, self.key = table, key
        places = {"case": key.get("case_id"), "line": key.get("line"), "id": key.get("id")}
        places |= {"person": key.get("person_id"), "role": key.get("role")}
        super().__init__("RECORD_TAMPERED", TOLD[table].text, **{name: said for name, said in places.items() if said})

    @property
    def subject(self) -> str:
        """The row in one word: `clock:…`."""
        return f"{self.table}:{'/'.join(str(one) for one in self.key.values())}"


def _json(value: Any) -> str:
    """As the column keeps it: what was read raw is a text already."""
    if value == ():
        return "[]"
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _instant(value: datetime) -> int:
    return (value - EPOCH) // MICROSECOND


def _spelling(column: Column[Any]) -> Callable[[Any], Any] | None:
    match column.type:
        case Json():
            return _json
        case Instant():
            return _instant
        case _:
            return None


FIELDS: Mapping[str, tuple[str, ...]] = {
    name: tuple(column.name for column in table.columns if not {column.name, f"{column.name}@{name}"} & _LEFT_OUT)
    for name, table in TABLES.items()
}
_PICK = {name: itemgetter(*fields) for name, fields in FIELDS.items()}
_SPELL = {
    name: tuple(
        (place, spell)
        for place, field in enumerate(fields, 1)
        if (spell := _spelling(TABLES[name].c[field])) is not None
    )
    for name, fields in FIELDS.items()
}
KEYS = {name: tuple(column.name for column in table.primary_key.columns) for name, table in TABLES.items()}


def raw(table: Table) -> list[Any]:
    """The columns to select, JSON as the text it is kept as: a text that is no JSON any more is told, not stumbled over."""
    return [
        type_coerce(column, Text).label(column.name) if isinstance(column.type, Json) else column
        for column in table.columns
    ]


def canonical(table: str, values: Mapping[str, Any]) -> bytes:
    """What a seal is computed over: the table and every field in the order of the schema, in one spelling."""
    said = [table, *_PICK[table](values)]
    for place, spell in _SPELL[table]:
        if said[place] is not None:
            said[place] = spell(said[place])
    return orjson.dumps(said)


class Seals:
    """The seals of one transaction. `found`: grants that were left out because they are not as they were written.

    `known`: rows this process has found whole lately, by every value with the seal, and what was made of them; the same
    again needs no second look. A case in hand is read at every act, and little of it changes.
    """

    def __init__(self, module: CryptoModule, known: dict[tuple[Any, ...], Any] | None = None) -> None:
        self._module, self._known = module, {} if known is None else known
        self.found: list[RecordTampered] = []

    def mac(self, table: str, values: Mapping[str, Any]) -> str:
        """The seal of a row that is about to be written."""
        key_id = self._module.current
        return f"{key_id}:{self._module.hmac_sm3(PURPOSE, key_id, canonical(table, values))}"

    def sealed(self, table: str, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows, each with its seal."""
        found = list(rows)
        for row in found:
            row["mac"] = self.mac(table, row)
        return found

    def holds(self, table: str, values: Mapping[str, Any], mac: str | None) -> bool:
        """Whether a row is as it was written."""
        key_id, _, said = (mac or "").partition(":")
        if not said or not self._module.knows(key_id):
            return False
        row = (table, mac, *values, *values.values())
        try:
            if row in self._known:
                return True
            whole = said == self._module.hmac_sm3(PURPOSE, key_id, canonical(table, values))
        except (TypeError, ValueError):  # a value the service never writes
            return False
        if whole:
            self.remember(row, True)
        return whole

    def recall(self, row: tuple[Any, ...]) -> Any:
        """What was made of a row that was whole; None: it is not known."""
        return self._known.get(row)

    def remember(self, row: tuple[Any, ...], made: Any) -> None:
        """A row is whole, with what was made of it."""
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[row] = made

    def check(self, table: str, values: Mapping[str, Any], mac: str | None) -> None:
        """Refused: RecordTampered when a row is not as it was written."""
        if not self.holds(table, values, mac):
            raise RecordTampered(table, {name: values[name] for name in KEYS[table]})

    def grants(self, person_id: UUID, role: str | None, mac: str | None) -> bool:
        """Whether somebody holds a role: a grant that is not as it was written gives nothing and is noted."""
        if role is None:
            return False
        values = {"person_id": person_id, "role": role}
        if self.holds("person_role", values, mac):
            return True
        self.found.append(RecordTampered("person_role", values))
        return False
