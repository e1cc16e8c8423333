"""A hundred and more ways to falsify the audit trail, and what has to be told of each.

Every way is a function of an open connection, a source of chance and what is there; it says which lines (stream, number) must be
told, or which blocks. Whoever does this owns the database: triggers and foreign keys are out of the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, Text, and_, bindparam, cast, delete, insert, select, type_coerce, update

from service.documents.audited import block_hash, fingerprint, link, packed, piece_line, unpacked
from service.rules.plain_json import plain_json
from service.store.audit_schema import audit_block, audit_piece
from service.store.schema import case, journal, ledger

Line = tuple[str, int]
TABLES = (ledger, journal, audit_block, audit_piece)


@dataclass(frozen=True)
class Told:
    """What verifying must tell: exactly these lines, at least these blocks."""

    lines: frozenset[Line] = frozenset()
    blocks: frozenset[int] = frozenset()
    anywhere: bool = False  # whatever is told: the case and its journal do not fit each other


@dataclass
class Trail:
    """What is there before anybody touches it."""

    connection: Connection
    random: Random
    ledger: list[dict[str, Any]] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    pieces: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for table, rows in zip(TABLES, (self.ledger, self.journal, self.blocks, self.pieces), strict=True):
            keys = [*table.primary_key.columns]
            rows += [dict(row._mapping) for row in self.connection.execute(select(*raw(table)).order_by(*keys))]

        self.versions = [(row.id, row.version) for row in self.connection.execute(select(case.c.id, case.c.version))]

    def put_back(self) -> None:
        """Everything as it was."""
        for case_id, version in self.versions:
            self.connection.execute(update(case).where(case.c.id == case_id).values(version=version))
        for table in reversed(TABLES):
            self.connection.execute(delete(table))
        for table, rows in zip(TABLES, (self.ledger, self.journal, self.blocks, self.pieces), strict=True):
            self.connection.execute(insert_raw(table), rows)


def raw(table: Table) -> list[Any]:
    """Columns with JSON as its text."""
    return [type_coerce(c, Text()).label(c.name) if c.name == "detail" else c for c in table.columns]


def insert_raw(table: Table) -> Any:
    """An insertion that takes JSON as its text."""
    given = {c.name: bindparam(c.name, type_=Text() if c.name == "detail" else c.type) for c in table.columns}
    return insert(table).values(given)


def number_of(table: Table, row: dict[str, Any]) -> Line:
    """Stream and number of a line."""
    return ("ledger", row["id"]) if table is ledger else (str(row["case_id"]), row["line"])


def at(table: Table, row: dict[str, Any]) -> Any:
    """Where a row stands."""
    return and_(*(column == row[column.name] for column in table.primary_key.columns))


Way = Callable[[Trail], Told]


def ways() -> dict[str, Way]:
    """Every way by its name."""
    return {**dict(_changes()), **dict(_deletions()), **dict(_insertions()), **dict(_orders()), **dict(_seals())}


# -- one value of one line

TEXTS: dict[str, Callable[[str, Random], str]] = {
    "longer": lambda text, _: text + "0",
    "shorter": lambda text, _: text[:-1],
    "blank before": lambda text, _: " " + text,
    "other case": lambda text, _: text.swapcase() if text.swapcase() != text else text + "A",
    "two letters exchanged": lambda text, _: text[1] + text[0] + text[2:] if len(set(text[:2])) == 2 else text[::-1] + "x",
    "look-alike": lambda text, _: text.replace("a", "а").replace("e", "е").replace("1", "l") + ("" if set(text) & set("ae1") else "l"),
    "somebody else": lambda text, random: f"{text[:2]}{random.randrange(10**6)}",
}  # fmt: skip


def _changes() -> Iterator[tuple[str, Way]]:
    for table, columns in (
        (ledger, ("action", "actor", "subject", "detail")),
        (journal, ("action", "actor", "element", "detail")),
    ):
        for column in columns:
            for name, change in TEXTS.items():
                yield f"{table.name}.{column}: {name}", _changed(table, column, change)
        for column in columns[1:]:
            yield f"{table.name}.{column}: taken out", _emptied(table, column)
        for name, shift in (("a second later", 1), ("a day earlier", -86_400), ("a year later", 31_536_000)):
            yield f"{table.name}.written_at: {name}", _shifted(table, shift)
    yield "journal.task_id: another", _retasked
    yield "ledger.detail: blanks between", _changed(ledger, "detail", lambda text, _: text.replace(":", ": ") + " ")
    yield "journal.detail: no JSON", _changed(journal, "detail", lambda *_: "{not json")
    yield "ledger.detail: no JSON", _changed(ledger, "detail", lambda *_: "][")


def _rows(trail: Trail, table: Table) -> list[dict[str, Any]]:
    return trail.ledger if table is ledger else trail.journal


def _write(trail: Trail, table: Table, row: dict[str, Any], column: str, value: Any) -> None:
    set_ = {column: cast(value, Text) if column == "detail" and value is not None else value}
    trail.connection.execute(update(table).where(at(table, row)).values(set_))


def _changed(table: Table, column: str, change: Callable[[str, Random], str]) -> Way:
    def way(trail: Trail) -> Told:
        row = trail.random.choice([one for one in _rows(trail, table) if one[column]])
        changed = change(row[column], trail.random)
        assert changed != row[column], f"{column}: expected another text than {changed!r}"
        _write(trail, table, row, column, changed)
        return Told(frozenset({number_of(table, row)}))

    return way


def _emptied(table: Table, column: str) -> Way:
    def way(trail: Trail) -> Told:
        row = trail.random.choice([one for one in _rows(trail, table) if one[column]])
        _write(trail, table, row, column, None)
        return Told(frozenset({number_of(table, row)}))

    return way


def _shifted(table: Table, seconds: int) -> Way:
    def way(trail: Trail) -> Told:
        row = trail.random.choice(_rows(trail, table))
        _write(trail, table, row, "written_at", row["written_at"] + timedelta(seconds=seconds))
        return Told(frozenset({number_of(table, row)}))

    return way


def _retasked(trail: Trail) -> Told:
    row = trail.random.choice([one for one in trail.journal if one["task_id"]])
    _write(trail, journal, row, "task_id", uuid4())
    return Told(frozenset({number_of(journal, row)}))


# -- lines that are gone


def _deletions() -> Iterator[tuple[str, Way]]:
    for table in (ledger, journal):
        yield f"{table.name}: one line taken out", _taken_out(table, lambda rows, r: [r.choice(rows)])
        yield f"{table.name}: three lines taken out", _taken_out(table, lambda rows, r: r.sample(rows, 3))
        yield (
            f"{table.name}: everything after a line",
            _taken_out(table, lambda rows, r: rows[r.randrange(1, len(rows)) :]),
        )
        yield f"{table.name}: the first line", _taken_out(table, lambda rows, _: rows[:1])
        yield f"{table.name}: the last line", _taken_out(table, lambda rows, _: rows[-1:])
        yield f"{table.name}: every other line", _taken_out(table, lambda rows, _: rows[::2])
        yield f"{table.name}: everything", _taken_out(table, lambda rows, _: rows)
    yield "journal: all of one case", _whole_case
    yield "journal: the last line, and the case says one less", _last_and_version


def _taken_out(table: Table, choose: Callable[[list[dict[str, Any]], Random], list[dict[str, Any]]]) -> Way:
    def way(trail: Trail) -> Told:
        gone = choose(_rows(trail, table), trail.random)
        for row in gone:
            trail.connection.execute(delete(table).where(at(table, row)))
        return Told(frozenset(number_of(table, row) for row in gone))

    return way


def _whole_case(trail: Trail) -> Told:
    case_id = trail.random.choice(trail.journal)["case_id"]
    trail.connection.execute(delete(journal).where(journal.c.case_id == case_id))
    return Told(frozenset(number_of(journal, row) for row in trail.journal if row["case_id"] == case_id))


def _last_and_version(trail: Trail) -> Told:
    row = [one for one in trail.journal if one["case_id"] == trail.journal[0]["case_id"]][-1]
    trail.connection.execute(delete(journal).where(at(journal, row)))
    trail.connection.execute(update(case).where(case.c.id == row["case_id"]).values(version=row["line"] - 1))
    return Told(frozenset({number_of(journal, row)}))


# -- lines that were never written


def _insertions() -> Iterator[tuple[str, Way]]:
    for number in (0, -1, -(2**31)):
        yield f"ledger: a line with the number {number}", _inserted(ledger, number)
        yield f"journal: a line with the number {number}", _inserted(journal, number)
    yield "ledger: a copy before everything", _inserted(ledger, -7, copied=True)
    yield "journal: a copy before everything", _inserted(journal, -7, copied=True)
    yield "journal: a line behind the last one", _behind


def _inserted(table: Table, number: int, *, copied: bool = False) -> Way:
    def way(trail: Trail) -> Told:
        row = dict(trail.random.choice(_rows(trail, table)))
        row["id" if table is ledger else "line"] = number
        if not copied:
            row["actor"] = "somebody"
        trail.connection.execute(insert_raw(table), [row])
        return Told(frozenset({number_of(table, row)}))

    return way


def _behind(trail: Trail) -> Told:
    """Only the case gives it away: it knows of no such line."""
    row = dict([one for one in trail.journal if one["case_id"] == trail.journal[0]["case_id"]][-1])
    row["line"] += 1
    trail.connection.execute(insert_raw(journal), [row])
    return Told(anywhere=True)


# -- lines in another order


def _orders() -> Iterator[tuple[str, Way]]:
    for table in (ledger, journal):
        yield f"{table.name}: two neighbours exchanged", _exchanged(table, near=True)
        yield f"{table.name}: two distant lines exchanged", _exchanged(table, near=False)
        yield f"{table.name}: a line said twice", _said_twice(table)
        yield f"{table.name}: a line taken out and the rest moved up", _moved_up(table)
    yield "journal: a line given to another case", _given_away


def _exchanged(table: Table, *, near: bool) -> Way:
    def way(trail: Trail) -> Told:
        rows = _rows(trail, table)
        while True:
            first = trail.random.randrange(len(rows) - 1)
            second = first + 1 if near else trail.random.randrange(len(rows))
            one, other = rows[first], rows[second]
            if _said(table, one) != _said(table, other) and (table is ledger or one["case_id"] == other["case_id"]):
                break
        _say(trail, table, one, other)
        _say(trail, table, other, one)
        return Told(frozenset({number_of(table, one), number_of(table, other)}))

    return way


def _said_twice(table: Table) -> Way:
    def way(trail: Trail) -> Told:
        one, other = _two_that_differ(trail, table)
        _say(trail, table, one, other)
        return Told(frozenset({number_of(table, one)}))

    return way


def _two_that_differ(trail: Trail, table: Table) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = _rows(trail, table)
    while True:
        one, other = trail.random.sample(rows, 2)
        if _said(table, one) != _said(table, other) and (table is ledger or one["case_id"] == other["case_id"]):
            return one, other


def _moved_up(table: Table) -> Way:
    def way(trail: Trail) -> Told:
        rows = _rows(trail, table)
        if table is journal:
            rows = [one for one in rows if one["case_id"] == rows[0]["case_id"]]
        first = trail.random.randrange(len(rows) - 1)
        for one, other in zip(rows[first:], rows[first + 1 :], strict=False):
            _say(trail, table, one, other)
        trail.connection.execute(delete(table).where(at(table, rows[-1])))
        changed = [
            one
            for one, other in zip(rows[first:], rows[first + 1 :], strict=False)
            if _said(table, one) != _said(table, other)
        ]
        return Told(frozenset(number_of(table, one) for one in (*changed, rows[-1])))

    return way


def _given_away(trail: Trail) -> Told:
    row = trail.random.choice(trail.journal)
    other = next(one["case_id"] for one in trail.journal if one["case_id"] != row["case_id"])
    trail.connection.execute(update(journal).where(at(journal, row)).values(case_id=other, line=-3))
    return Told(frozenset({number_of(journal, row), (str(other), -3)}))


def _said(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    keys = {"id"} if table is ledger else {"case_id", "line"}
    return {name: value for name, value in row.items() if name not in keys}


def _say(trail: Trail, table: Table, row: dict[str, Any], other: dict[str, Any]) -> None:
    said = {name: cast(value, Text) if name == "detail" else value for name, value in _said(table, other).items()}
    trail.connection.execute(update(table).where(at(table, row)).values(said))


# -- the seals themselves


def _seals() -> Iterator[tuple[str, Way]]:
    for column, value in (
        ("lines", 1),
        ("pieces", "0" * 64),
        ("previous", "f" * 64),
        ("chain", "1" * 64),
        ("mac", "2" * 64),
    ):
        yield f"audit_block.{column}: another", _sealed_other(column, value)
    yield "audit_block.sealed_at: a day later", _sealed_later
    yield "audit_block: one taken out", _block_gone(lambda sequences, random: random.choice(sequences[1:-1]))
    yield "audit_block: the first taken out", _block_gone(lambda sequences, _: sequences[0])
    yield "audit_block: the last taken out", _block_gone(lambda sequences, _: sequences[-1])
    yield (
        "audit_piece: a byte of a fingerprint",
        _piece(lambda one, random: {"entries": _flipped(one["entries"], random)}),
    )
    yield "audit_piece: a fingerprint less", _piece(lambda one, _: {"entries": one["entries"][:-40]})
    yield (
        "audit_piece: a fingerprint more",
        _piece(lambda one, _: {"entries": one["entries"] + packed([(10**6, b"x" * 32)])}),
    )
    yield "audit_piece: half a fingerprint", _piece(lambda one, _: {"entries": one["entries"][:-7]})
    yield "audit_piece.last: farther", _piece(lambda one, _: {"last": one["last"] + 1})
    yield "audit_piece.after: farther back", _piece(lambda one, _: {"after": one["after"] - 1})
    yield "audit_piece.stream: no such thing", _piece(lambda one, _: {"stream": "nowhere"})
    yield "audit_piece: one taken out", _piece_gone
    yield "a line and its fingerprint", _forged(deep=0)
    yield "a line, its fingerprint and the list's hash", _forged(deep=1)
    yield "a line, its fingerprint and the chain value of its block", _forged(deep=2)
    yield "a line, its fingerprint and the chain up to its end", _forged(deep=3)


def _sealed_other(column: str, value: Any) -> Way:
    def way(trail: Trail) -> Told:
        row = trail.random.choice(trail.blocks)
        trail.connection.execute(update(audit_block).where(at(audit_block, row)).values({column: value}))
        return Told(blocks=frozenset({row["sequence"]}))

    return way


def _sealed_later(trail: Trail) -> Told:
    row = trail.random.choice(trail.blocks)
    later = row["sealed_at"] + timedelta(days=1)
    trail.connection.execute(update(audit_block).where(at(audit_block, row)).values(sealed_at=later))
    return Told(blocks=frozenset({row["sequence"]}))


def _block_gone(choose: Callable[[list[int], Random], int]) -> Way:
    def way(trail: Trail) -> Told:
        sequences = [one["sequence"] for one in trail.blocks]
        gone = choose(sequences, trail.random)
        trail.connection.execute(delete(audit_piece).where(audit_piece.c.sequence == gone))
        trail.connection.execute(delete(audit_block).where(audit_block.c.sequence == gone))
        return Told(
            blocks=frozenset({gone} if gone == sequences[-1] else {gone + 1})
        )  # the last one only the anchors know

    return way


def _piece(change: Callable[[dict[str, Any], Random], dict[str, Any]]) -> Way:
    def way(trail: Trail) -> Told:
        row = trail.random.choice(trail.pieces)
        trail.connection.execute(update(audit_piece).where(at(audit_piece, row)).values(change(row, trail.random)))
        return Told(blocks=frozenset({row["sequence"]}))

    return way


def _piece_gone(trail: Trail) -> Told:
    row = trail.random.choice(trail.pieces)
    trail.connection.execute(delete(audit_piece).where(at(audit_piece, row)))
    return Told(blocks=frozenset({row["sequence"]}))


def _flipped(content: bytes, random: Random) -> bytes:
    where = random.randrange(len(content))
    return content[:where] + bytes([content[where] ^ 1]) + content[where + 1 :]


def _forged(deep: int) -> Way:
    """Somebody who knows how it is done, but has no key and cannot write the anchors."""

    def way(trail: Trail) -> Told:
        piece = dict(trail.random.choice([one for one in trail.pieces if one["stream"] == "ledger"]))
        listed = unpacked(piece["entries"])
        where = trail.random.randrange(len(listed))
        row = dict(next(one for one in trail.ledger if one["id"] == listed[where][0]))
        _write(trail, ledger, row, "actor", "somebody")
        row["actor"] = "somebody"
        said = {name: plain_json(value) for name, value in row.items() if name != "id"}
        listed[where] = (row["id"], fingerprint(said))
        piece["entries"] = packed(listed)
        trail.connection.execute(update(audit_piece).where(at(audit_piece, piece)).values(entries=piece["entries"]))
        if deep:
            _relinked(trail, piece, deep)
        last = trail.blocks[-1]["sequence"]
        broken = piece["sequence"] if deep < 2 or piece["sequence"] == last else piece["sequence"] + 1
        return Told(blocks=frozenset({broken if deep < 3 else last}))

    return way


def _relinked(trail: Trail, piece: dict[str, Any], deep: int) -> None:
    own = [
        piece if one["stream"] == piece["stream"] else one
        for one in trail.pieces
        if one["sequence"] == piece["sequence"]
    ]
    hashed = block_hash(piece_line(one["stream"], one["after"], one["last"], one["entries"]) for one in own)
    previous = None
    for block in trail.blocks:
        if block["sequence"] < piece["sequence"]:
            continue
        changes = {"pieces": hashed} if block["sequence"] == piece["sequence"] else {}
        if deep > 1 and (changes or deep > 2):
            before = previous or block["previous"]
            pieces = changes.get("pieces", block["pieces"])
            previous = link(before, block["sequence"], block["sealed_at"].isoformat(), block["lines"], pieces)
            changes |= {"previous": before, "chain": previous}
        if changes:
            trail.connection.execute(update(audit_block).where(at(audit_block, block)).values(changes))
