"""对账: what we hold against the channel's file of a day, entry by entry; a difference is 0 or a listed exception (YY-20)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from io import StringIO

from service.rules.money import EXACT, NOTHING, decimal_number
from service.rules.refusals import Invalid

COLUMNS = ("kind", "transaction", "bill", "amount", "at")


class EntryKind(StrEnum):
    """Which way money went."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One movement of money; the channel's number is unique within its kind."""

    kind: EntryKind
    transaction: str
    bill: str
    amount: Decimal
    at: datetime

    @property
    def signed(self) -> Decimal:
        """The amount, negative when it went back."""
        return self.amount if self.kind is EntryKind.PAYMENT else -self.amount


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The same movement, told differently (amount or bill)."""

    ours: Entry
    theirs: Entry


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """The outcome of a day. `missing`: ours, not in the file. `surplus`: in the file, not ours. `repeated`: twice in it."""

    matched: tuple[Entry, ...]
    missing: tuple[Entry, ...]
    surplus: tuple[Entry, ...]
    repeated: tuple[Entry, ...]
    differing: tuple[Difference, ...]
    ours: Decimal
    theirs: Decimal

    @property
    def difference(self) -> Decimal:
        """What the channel has more than we have; the exceptions explain all of it."""
        return EXACT.subtract(self.theirs, self.ours)

    @property
    def clean(self) -> bool:
        """Whether there is nothing to look into."""
        return not (self.missing or self.surplus or self.repeated or self.differing)


def reconcile(ours: Iterable[Entry], theirs: Iterable[Entry]) -> Reconciliation:
    """Compare by kind and number of the channel; the order of either side does not matter.

    Refused: ENTRY_TWICE when our own books hold a number twice.
    """
    held, told = list(ours), list(theirs)
    counts = Counter((one.kind, one.transaction) for one in held)
    twice = [transaction for (_, transaction), count in counts.items() if count > 1]
    if twice:
        raise Invalid("ENTRY_TWICE", "流水号 {transaction} 在本方账上出现两次。", transaction=twice[0])
    open_entries = {(one.kind, one.transaction): one for one in held}
    matched, surplus, repeated, differing = [], [], [], []
    seen: set[tuple[EntryKind, str]] = set()
    for one in told:
        key = (one.kind, one.transaction)
        mine = open_entries.pop(key, None)
        if key in seen:
            repeated.append(one)
        elif mine is None:
            surplus.append(one)
        elif (mine.amount, mine.bill) == (one.amount, one.bill):
            matched.append(mine)
        else:
            differing.append(Difference(ours=mine, theirs=one))
        seen.add(key)
    return Reconciliation(
        matched=tuple(matched),
        missing=tuple(open_entries.values()),
        surplus=tuple(surplus),
        repeated=tuple(repeated),
        differing=tuple(differing),
        ours=_sum(held),
        theirs=_sum(told),
    )


def read_channel_file(text: str) -> tuple[Entry, ...]:
    """The file of a channel: UTF-8 CSV with the columns kind, transaction, bill, amount, at (docs/connectors.md).

    Refused: CHANNEL_FILE naming the line.
    """
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        known, lines = tuple(rows.fieldnames or ()) == COLUMNS, list(rows)
    except csv.Error:
        known, lines = False, []
    if not known:
        raise Invalid("CHANNEL_FILE", "对账文件第 {line} 行无效：{problem}", line=1, problem=",".join(COLUMNS))
    found = []
    for line, row in enumerate(lines, start=2):
        try:
            at = datetime.fromisoformat(row["at"])
            if at.tzinfo is None or not row["transaction"] or None in row or len(row["amount"].rpartition(".")[2]) != 2:
                raise ValueError("transaction, at")
            found.append(
                Entry(
                    kind=EntryKind(row["kind"]),
                    transaction=row["transaction"],
                    bill=row["bill"],
                    amount=decimal_number("amount", row["amount"], places=2),
                    at=at,
                )
            )
        except (ValueError, TypeError, AttributeError, Invalid) as error:
            raise Invalid(
                "CHANNEL_FILE", "对账文件第 {line} 行无效：{problem}", line=line, problem=str(error)[:200]
            ) from None
    return tuple(found)


def _sum(entries: Iterable[Entry]) -> Decimal:
    total = NOTHING
    for one in entries:
        total = EXACT.add(total, one.signed)
    return total
