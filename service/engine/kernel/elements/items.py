"""Data associations in motion: into the activity before it begins, out of it when it has completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Formula, formula
from service.engine.kernel.items import Item, associations, optional_of, outputs_of
from service.engine.kernel.scope import view_of, write
from service.engine.kernel.token import Token


@dataclass(frozen=True, kw_only=True)
class Move:
    """One association: `target` receives `source`, or what an expression makes of the data."""

    target: str
    source: str | None = None
    expression: Formula | None = None
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class DataFlow:
    """What goes into an activity and comes out of it; `outputs` are its data outputs."""

    into: tuple[Move, ...] = ()
    out: tuple[Move, ...] = ()
    outputs: tuple[str, ...] = ()


def data_flow(node: Any, items: Mapping[str, Item], collected: tuple[str, ...]) -> DataFlow | None:
    """The data flow of an activity or event; None without any. `collected`: outputs a loop collects. Raises ModelFault."""
    optional = optional_of(node, items)

    def moves(direction: str) -> tuple[Move, ...]:
        found: list[Move] = []
        for one in associations(node, items, direction):
            line = one.element.sourceline or 0
            for text, target in one.assignments:
                if text and target:
                    expression = formula(text, element=node.get("id"), line=line)
                    found.append(Move(target=target, expression=expression))
            own = one.target if direction == "Input" else next(iter(one.sources), None)
            if one.drawn or one.assignments or one.target is None or own in collected:
                continue
            required = own not in optional
            if one.transformation:
                expression = formula(one.transformation, element=node.get("id"), line=line)
                found.append(Move(target=one.target, expression=expression, required=required))
            elif one.sources:
                found.append(Move(target=one.target, source=one.sources[0], required=required))
        return tuple(found)

    flow = DataFlow(into=moves("Input"), out=moves("Output"), outputs=outputs_of(node, items))
    return flow if flow.into or flow.out else None


def pull(token: Token, flow: DataFlow) -> None:
    """Fill the data inputs, locals of the token. A required one without data is a failure (BPMN 2.0.2, 10.4.2)."""
    for move in flow.into:
        view = view_of(token)
        if move.expression is not None:
            token.data[move.target] = move.expression.value(view)
        elif (value := view.values.get(move.source or "")) is not None:
            token.data[move.target] = value
        elif move.required:
            raise StepFailure(f"数据输入“{move.target}”应有数据“{move.source}”,但它还没有值")
    for name in flow.outputs:
        token.data.setdefault(name, None)


def push(token: Token, flow: DataFlow) -> None:
    """Give the data outputs to the data around. What a form answered under that name counts as output too."""
    given: dict[str, Any] = {}
    for move in flow.out:
        view = view_of(token)
        if move.expression is not None:
            given[move.target] = move.expression.value(view)
            continue
        value = view.values.get(move.source or "")
        answers = view.values.get(token.task_spec.name)
        if value is None and isinstance(answers, Mapping):
            value = answers.get(move.source)
        if value is None and move.required:
            raise StepFailure(f"数据输出“{move.source}”应已有值(要交给“{move.target}”),但没有")
        if value is not None:
            given[move.target] = value
    write(token, given, beyond=True)
