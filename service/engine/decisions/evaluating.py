"""Deciding: the decisions a decision needs, in their order, then its table or expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.engine import feel
from service.engine.decisions import words
from service.engine.decisions.kinds import Unfit, fitted
from service.engine.decisions.model import (
    SINGLE,
    Decision,
    DecisionFailure,
    DecisionFile,
    Expression,
    Input,
    Kind,
    Output,
    Row,
    Table,
)
from service.rules.sentences import Sentence, filled

MANY = 400  # cells of one crossing into the sandbox
NEEDED = 200  # decisions one decision may need


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer: `rows` what every row that counts gives (by output name), `value` what FEEL makes of it.

    `matched`: numbers of the rows that hold, in their order.
    """

    rows: tuple[Mapping[str, Any], ...]
    value: Any
    matched: tuple[int, ...] = ()
    single: bool = True
    names: tuple[str, ...] = field(default=())


def decide(file: DecisionFile, id: str, variables: Mapping[str, Any], *, now: datetime | None = None) -> Verdict:
    """The answer of one decision over variables. Raises DecisionFailure."""
    decision = file.decisions.get(id)
    if decision is None:
        raise DecisionFailure(filled(words.MISSING, name=id))
    known = dict(variables)
    order = decisions_needed(file, decision)
    if len(order) > NEEDED:
        raise DecisionFailure(filled(words.TOO_MANY, name=decision.name, most=NEEDED, count=len(order)))
    verdicts: dict[str, Verdict] = {}
    for one in order:
        scope = dict(known)
        for needed in one.requires:
            scope.update(_outputs(verdicts[needed]))
        for needed in one.requires:
            scope[file.decisions[needed].variable] = verdicts[needed].value
        verdicts[one.id] = _decide(one, scope, now)
    return verdicts[id]


def decisions_needed(file: DecisionFile, decision: Decision) -> list[Decision]:
    """A decision and all it needs, needed ones first; circles were refused when the file was read."""
    order: list[Decision] = []
    done: set[str] = set()
    work = [(decision, False)]
    while work:
        one, ready = work.pop()
        if one.id in done:
            continue
        if ready:
            done.add(one.id)
            order.append(one)
        else:
            work.append((one, True))
            work += [(file.decisions[id], False) for id in reversed(one.requires) if id not in done]
    return order


def _outputs(verdict: Verdict) -> dict[str, Any]:
    """Camunda's way to read a needed decision: by the names of its outputs."""
    if verdict.single:
        row = verdict.rows[0] if verdict.rows else {}
        return {name: row.get(name) for name in verdict.names}
    return {name: [row.get(name) for row in verdict.rows] for name in verdict.names}


def _decide(decision: Decision, scope: Mapping[str, Any], now: datetime | None) -> Verdict:
    where = filled(words.DECISION, name=decision.name)
    if isinstance(decision.logic, Expression):
        value = _value(decision.logic, scope, now, filled(words.EXPRESSION, where=where))
        value = _fit(value, decision.kind, filled(words.RESULT, where=where))
        return Verdict(rows=({decision.variable: value},), value=value, names=(decision.variable,))
    return _Sitting(decision.logic, scope, now, where).verdict()


class _Sitting:
    """One evaluation of one table."""

    def __init__(self, table: Table, scope: Mapping[str, Any], now: datetime | None, where: Sentence) -> None:
        self.table, self.scope, self.now, self.where = table, scope, now, where
        self.names = tuple(output.name for output in table.outputs)

    def verdict(self) -> Verdict:
        """Rows that hold, narrowed by the hit policy."""
        matched = self.matching()
        if not matched:
            return self.nothing()
        policy = self.table.policy
        if policy == "UNIQUE" and len(matched) > 1:
            raise DecisionFailure(filled(words.UNIQUE, where=self.where, rows=_listed(matched)))
        if policy == "FIRST":
            matched = matched[:1]
        found = [(row, self.results_of(row)) for row in matched]
        if policy == "ANY":
            first = found[0][1]
            if any(not alike(first, results) for _, results in found):
                raise DecisionFailure(filled(words.ANY, where=self.where, rows=_listed(matched)))
            found = found[:1]
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            found.sort(key=lambda pair: self.rank(pair[1], pair[0]))
            if policy == "PRIORITY":
                found = found[:1]
        rows = tuple(results for _, results in found)
        numbers = tuple(row.number for row, _ in found)
        if self.table.aggregation is not None:
            return self.aggregated(rows, numbers)
        values = [row[self.names[0]] if len(self.names) == 1 else dict(row) for row in rows]
        single = policy in SINGLE
        return Verdict(
            rows=rows, value=values[0] if single else values, matched=numbers, single=single, names=self.names
        )

    def matching(self) -> list[Row]:
        """The rows all of whose cells hold, column by column; only rows still possible are asked."""
        possible = list(self.table.rows)
        for column, clause in enumerate(self.table.inputs):
            value = self.input_value(column, clause)
            cells = {cell.text: cell for row in possible if (cell := row.cells[column]) is not None}
            if not cells:
                continue
            holds = self.hold(list(cells.values()), value, clause)
            possible = [row for row in possible if (cell := row.cells[column]) is None or holds[cell.text]]
            if not possible:
                break
        return possible

    def input_value(self, column: int, clause: Input) -> Any:
        """What an input column asks about, of its type, one of its allowed values."""
        where = filled(words.INPUT, where=self.where, label=clause.label)
        value = _value(clause.expression, self.scope, self.now, where)
        moments = clause.kind.base == "date" and any(
            "date and time(" in cell.text for row in self.table.rows if (cell := row.cells[column]) is not None
        )
        value = _fit(value, clause.kind, where, moments=moments)
        if clause.allowed is not None and value is not None:
            items = value if clause.kind.collection and isinstance(value, list) else [value]
            if not all(self.hold([clause.allowed], item, clause)[clause.allowed.text] for item in items):
                raise DecisionFailure(
                    filled(words.ALLOWED, where=where, allowed=clause.allowed.text, value=words.shown(value))
                )
        return value

    def hold(self, cells: list[Expression], value: Any, clause: Input) -> dict[str, bool]:
        """Whether each cell holds for the value. A cell that gives neither true nor false does not hold."""
        names = {name: None for cell in cells for name in cell.names}
        maybe = {name: None for cell in cells for name in cell.maybe}
        where = filled(words.INPUT, where=self.where, label=clause.label)
        context = {**_needed((*names,), (*maybe,), self.scope, where), "?": value}
        found: dict[str, bool] = {}
        for start in range(0, len(cells), MANY):
            part = [cell.text for cell in cells[start : start + MANY]]
            try:
                answers = feel.evaluate_many(part, context, unary=True, now=self.now)
            except feel.FeelError as error:
                raise DecisionFailure(filled(words.CELLS_FAIL, where=where, reason=words.said(error))) from error
            found.update((text, answer is True) for text, answer in zip(part, answers, strict=True))
        return found

    def results_of(self, row: Row) -> dict[str, Any]:
        """What a row gives, of the declared types."""
        results = {}
        for output, cell in zip(self.table.outputs, row.results, strict=True):
            where = filled(words.OUTPUT, where=self.where, row=row.number, label=output.label)
            results[output.name] = self.checked(_value(cell, self.scope, self.now, where), output, where)
        return results

    def checked(self, value: Any, output: Output, where: Sentence) -> Any:
        """An output of its type, one of its declared values."""
        value = _fit(value, output.kind, where)
        if output.ranks and value is not None:
            for one in value if isinstance(value, list) else [value]:
                if not any(alike(one, rank) for rank in output.ranks):
                    raise DecisionFailure(filled(words.DECLARED, where=where, value=words.shown(value)))
        return value

    def rank(self, results: Mapping[str, Any], row: Row) -> tuple[int, ...]:
        """Place in the order of outputValues, first output first (DMN 1.3, 8.2.11); then the order of the rows."""
        places = []
        for output in self.table.outputs:
            if output.ranks:
                value = results[output.name]
                places.append(next((n for n, rank in enumerate(output.ranks) if alike(rank, value)), len(output.ranks)))
        return (*places, row.number)

    def nothing(self) -> Verdict:
        """No row holds: the default outputs if declared, else null, the empty list or a count of none."""
        single = self.table.policy in SINGLE
        if any(output.default is not None for output in self.table.outputs):
            row = {}
            for output in self.table.outputs:
                where = filled(words.DEFAULT, where=self.where, label=output.label)
                found = output.default
                row[output.name] = self.checked(
                    None if found is None else _value(found, self.scope, self.now, where), output, where
                )
            value: Any = row[self.names[0]] if len(self.names) == 1 else dict(row)
            listed = not single and self.table.aggregation is None
            return Verdict(rows=(row,), value=[value] if listed else value, single=not listed, names=self.names)
        if self.table.aggregation == "COUNT":
            return Verdict(rows=({self.names[0]: 0},), value=0, names=self.names)
        if self.table.aggregation is not None:
            return Verdict(rows=(), value=None, names=self.names)
        return Verdict(rows=(), value=None if single else [], single=single, names=self.names)

    def aggregated(self, rows: tuple[Mapping[str, Any], ...], numbers: tuple[int, ...]) -> Verdict:
        """COLLECT with an aggregator: count of the rows, or sum, min, max of their numbers."""
        name, how = self.names[0], self.table.aggregation
        values = [row[name] for row in rows]
        if how == "COUNT":
            value: Any = len(values)
        else:
            wrong = [number for number, one in zip(numbers, values, strict=True) if not _is_number(one)]
            if wrong:
                raise DecisionFailure(filled(words.NUMBERS, where=self.where, how=how, rows="、".join(map(str, wrong))))
            exact = [Decimal(str(one)) for one in values]
            value = _plain(sum(exact, Decimal()) if how == "SUM" else min(exact) if how == "MIN" else max(exact))
        return Verdict(rows=({name: value},), value=value, matched=numbers, names=self.names)


def alike(a: Any, b: Any) -> bool:
    """Equal as FEEL means it: 1 and 1.0 are, 1 and true are not."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(alike, a, b))
    if _is_number(a) != _is_number(b):
        return False
    try:
        return bool(a == b)
    except TypeError:
        return False


def _value(expression: Expression, scope: Mapping[str, Any], now: datetime | None, where: Sentence) -> Any:
    try:
        return feel.evaluate("=" + expression.text, _needed(expression.names, expression.maybe, scope, where), now=now)
    except feel.FeelError as error:
        raise DecisionFailure(filled(words.FAILS, where=where, reason=words.said(error))) from error


def _needed(
    names: tuple[str, ...], maybe: tuple[str, ...], scope: Mapping[str, Any], where: Sentence
) -> dict[str, Any]:
    """The variables an expression reads. One that does not exist is a failure: null would choose a wrong row silently."""
    missing = [name for name in names if name not in scope]
    if missing:
        raise DecisionFailure(filled(words.UNKNOWN, where=where, name=missing[0]))
    return {name: scope[name] for name in (*names, *maybe) if name in scope}


def _fit(value: Any, kind: Kind, where: Sentence, *, moments: bool = False) -> Any:
    try:
        return fitted(value, kind, moments=moments)
    except Unfit as error:
        wanted = words.kind_words(kind.base, collection=kind.collection)
        raise DecisionFailure(filled(words.KIND, where=where, wanted=wanted, value=words.shown(value))) from error


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _listed(rows: list[Row]) -> str:
    return "、".join(str(row.number) for row in rows)
