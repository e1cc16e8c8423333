"""Forms: a form-js schema walked on the server, for pages, print and programs alike.

`judge` says what was answered and what is wrong; `present` says what to draw. Both take the FEEL evaluator as a
parameter, so this room needs no engine: `evaluate(text, context)` answers None when the text cannot be evaluated.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from service.rules.form_fields import (
    ASKING,
    GROUPING,
    Choice,
    Field,
    components,
    field_path,
    fields,
    group_path,
    hide_condition,
    kind_of,
    lookup,
    place,
)
from service.rules.form_values import Refused, coerce, from_page, is_dangerous, is_empty, problems
from service.rules.refusals import FieldProblem

Evaluate = Callable[[str, Mapping[str, Any]], Any]
PATIENCE = 0.25  # seconds of the processor


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a form's answers amount to: the values to file, what is wrong, which fields do not apply."""

    answers: Mapping[str, Any]
    problems: tuple[FieldProblem, ...]
    hidden: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Block:
    """One thing to draw. `kind` is the component type; groups carry their blocks in `children`."""

    kind: str
    name: str = ""
    label: str = ""
    description: str = ""
    value: Any = None
    shown: str = ""  # the value in words, for reading and print
    choices: tuple[Choice, ...] = ()
    required: bool = False
    locked: bool = False
    hidden: bool = False
    problem: FieldProblem | None = None
    text: str = ""
    prefix: str = ""
    suffix: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)  # min, max, step, maxlength, subtype for the input
    wide: bool = True
    children: tuple[Block, ...] = ()


def _patient(evaluate: Evaluate) -> Evaluate:
    """The evaluator until it has taken `PATIENCE` for one form, then one that knows nothing: a form may hold a thousand expressions."""
    spent = 0.0

    def asked(text: str, context: Mapping[str, Any]) -> Any:
        nonlocal spent
        if spent > PATIENCE:
            return None
        began = time.thread_time()
        try:
            return evaluate(text, context)
        finally:
            spent += time.thread_time() - began

    return asked


def no_feel(text: str, context: Mapping[str, Any]) -> Any:
    """The evaluator of a form without expressions: knows nothing."""
    return None


def initial_values(schema: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields show before anybody answered: case data under the same key, else the default."""
    values: dict[str, Any] = {}
    for one in fields(schema):
        known = lookup(data, one.path)
        value = one.component.get("defaultValue") if known is None else known
        if value is not None:
            values[one.name] = value
    return values


def read_page(schema: Mapping[str, Any], sent: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    """What a browser sent, per field name, unjudged: to be judged, and to be shown again when refused."""
    return {one.name: from_page(one, sent(one.name)) for one in fields(schema) if not one.locked}


def entries_of(schema: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of a program (nested by path) as entries per field name."""
    return {one.name: lookup(answers, one.path) for one in fields(schema)}


def judge(
    schema: Mapping[str, Any],
    entries: Mapping[str, Any],
    *,
    data: Mapping[str, Any] | None = None,
    evaluate: Evaluate = no_feel,
) -> Judgement:
    """Coerce every entry, drop what is hidden, apply all validation rules. `data`: the case's variables."""
    data, evaluate = data or {}, _patient(evaluate)
    known = initial_values(schema, data)
    every = fields(schema)
    values: dict[str, Any] = {}
    refused: dict[str, FieldProblem] = {}
    for one in every:
        entry = known.get(one.name) if one.locked else entries.get(one.name)
        try:
            values[one.name] = None if one.kind == "expression" else coerce(one, entry, choices_of(one, data, evaluate))
        except Refused as refusal:
            values[one.name] = None
            refused[one.name] = refusal.problem
    hidden = _hidden(every, values, data, evaluate)
    answers: dict[str, Any] = {}
    wrong: list[FieldProblem] = []
    for one in every:
        if one.name in hidden:
            continue
        if one.kind == "expression":
            computed = evaluate(_feel(one.component.get("expression")), _context(every, values, data, hidden))
            place(answers, one.path, computed)
            continue
        if one.component.get("disabled"):
            continue
        place(answers, one.path, values[one.name])
        if one.name in refused:
            wrong.append(refused[one.name])
        elif not one.locked:
            wrong.extend(list(problems(one, values[one.name]))[:1])
    return Judgement(answers=answers, problems=tuple(wrong), hidden=hidden)


def choices_of(one: Field, data: Mapping[str, Any], evaluate: Evaluate) -> tuple[Choice, ...]:
    """The options of a field: written in the schema, taken from a variable, or computed."""
    offered: Any = one.component.get("values")
    if one.component.get("valuesKey"):
        offered = data.get(str(one.component["valuesKey"]))
    elif one.component.get("valuesExpression"):
        offered = evaluate(_feel(one.component["valuesExpression"]), data)
    if not isinstance(offered, list):
        return ()
    return tuple(
        Choice(value=o.get("value"), label=str(o.get("label", o.get("value"))))
        if isinstance(o, Mapping)
        else Choice(value=o, label=str(o))
        for o in offered
    )


def present(
    schema: Mapping[str, Any],
    entries: Mapping[str, Any],
    *,
    data: Mapping[str, Any] | None = None,
    evaluate: Evaluate = no_feel,
    wrong: Sequence[FieldProblem] = (),
) -> tuple[Block, ...]:
    """What to draw, in order. Hidden components are kept (marked), so that a page can show them when answers change."""
    data, evaluate = data or {}, _patient(evaluate)
    every = fields(schema)
    known = initial_values(schema, data)
    entries = {**entries, **{one.name: known.get(one.name) for one in every if one.locked}}
    values = {one.name: _soft(one, entries.get(one.name), data, evaluate) for one in every}
    hidden = _hidden(every, values, data, evaluate)
    painter = _Painter(
        by_name={one.name: one for one in every},
        entries=entries,
        context=_context(every, values, data, hidden),
        data=data,
        evaluate=evaluate,
        wrong={p.field: p for p in reversed(wrong)},
    )
    return tuple(painter.blocks(schema, (), False))


def hidden_fields(
    schema: Mapping[str, Any], entries: Mapping[str, Any], *, data: Mapping[str, Any], evaluate: Evaluate
) -> frozenset[str]:
    """Names of the fields that do not apply to these entries."""
    every, evaluate = fields(schema), _patient(evaluate)
    return _hidden(
        every, {one.name: _soft(one, entries.get(one.name), data, evaluate) for one in every}, data, evaluate
    )


def has_conditions(schema: Mapping[str, Any]) -> bool:
    """Whether some field of the schema can be hidden."""
    return any(one.conditions for one in fields(schema))


def keys_of(schema: Mapping[str, Any]) -> frozenset[str]:
    """The keys under which a form files its answers."""
    return frozenset(str(one["key"]) for one, _ in _every_component(schema, ()) if one.get("key"))


def schema_problems(schema: Any) -> tuple[str, ...]:
    """Chinese sentences about a schema that cannot be served: not a form, fields without key, unknown types."""
    if not isinstance(schema, Mapping) or not isinstance(schema.get("components"), list):
        return ("不是表单文件：缺少 components 列表",)
    said: list[str] = []
    names: set[str] = set()
    for component, above in _every_component(schema, ()):
        kind, label = kind_of(component), str(component.get("label") or component.get("id") or component.get("type"))
        if kind == "unknown":
            said.append(f"组件“{label}”的类型 {component.get('type')} 不受支持")
        elif kind in ASKING:
            name = ".".join(field_path(component, above))
            if not component.get("key"):
                said.append(f"字段“{label}”没有键（key）")
            elif name in names:
                said.append(f"键 {name} 出现了不止一次")
            names.add(name)
            pattern = (component.get("validate") or {}).get("pattern")
            if pattern and is_dangerous(str(pattern)):
                said.append(f"字段“{label}”的校验表达式无效或可能耗时过长")
    return tuple(said)


def _every_component(
    node: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    for component in components(node):
        yield component, above
        if kind_of(component) in GROUPING:
            yield from _every_component(component, group_path(component, above))


def _soft(one: Field, entry: Any, data: Mapping[str, Any], evaluate: Evaluate) -> Any:
    try:
        return coerce(one, entry, choices_of(one, data, evaluate))
    except Refused:
        return None


def _feel(text: Any) -> str:
    return str(text or "").strip().removeprefix("=").strip()


def _context(
    every: Sequence[Field], values: Mapping[str, Any], data: Mapping[str, Any], hidden: frozenset[str]
) -> dict[str, Any]:
    context = dict(data)
    for one in every:
        head = one.path[0]
        if len(one.path) > 1 and isinstance(context.get(head), Mapping):
            context[head] = dict(context[head])
        place(context, one.path, None if one.name in hidden else values.get(one.name))
    return context


def _hidden(
    every: Sequence[Field], values: Mapping[str, Any], data: Mapping[str, Any], evaluate: Evaluate
) -> frozenset[str]:
    """A hidden field answers nothing, which may hide or show others: repeat until nothing moves (at most once a field)."""
    hidden: frozenset[str] = frozenset()
    for _ in range(len(every) + 1):
        context = _context(every, values, data, hidden)
        verdicts = {c: evaluate(c, context) is True for c in {c for one in every for c in one.conditions}}
        now = frozenset(one.name for one in every if any(verdicts[c] for c in one.conditions))
        if now == hidden:
            break
        hidden = now
    return hidden


@dataclass(frozen=True, kw_only=True)
class _Painter:
    by_name: Mapping[str, Field]
    entries: Mapping[str, Any]
    context: Mapping[str, Any]
    data: Mapping[str, Any]
    evaluate: Evaluate
    wrong: Mapping[str, FieldProblem]

    def blocks(self, node: Mapping[str, Any], above: tuple[str, ...], hidden: bool) -> Iterator[Block]:
        for component in components(node):
            condition = hide_condition(component)
            gone = hidden or bool(condition and self.evaluate(condition, self.context) is True)
            kind = kind_of(component)
            if kind in GROUPING:
                children = tuple(self.blocks(component, group_path(component, above), gone))
                yield Block(kind=kind, label=self._words(component.get("label")), hidden=gone, children=children)
            elif kind in ASKING or kind == "expression":
                one = self.by_name.get(".".join(field_path(component, above)))
                if one is not None:
                    yield replace(self._field(one), hidden=gone)
            elif kind in ("text", "html"):
                yield Block(
                    kind="text", text=self._words(component.get("text") or component.get("content")), hidden=gone
                )
            elif kind in ("separator", "spacer"):
                yield Block(kind=kind, hidden=gone)

    def _field(self, one: Field) -> Block:
        component = one.component
        choices = choices_of(one, self.data, self.evaluate)
        value = self.entries.get(one.name)
        if one.kind == "expression":
            value = self.evaluate(_feel(component.get("expression")), self.context)
        look = component.get("appearance")
        look = look if isinstance(look, Mapping) else {}
        return Block(
            kind=one.kind,
            name=one.name,
            label=self._words(one.label),
            description=self._words(component.get("description")),
            value=value,
            shown=in_words(one, value, choices),
            choices=choices,
            required=one.required,
            locked=one.locked,
            problem=self.wrong.get(one.name),
            prefix=self._words(look.get("prefixAdorner")),
            suffix=self._words(look.get("suffixAdorner")),
            limits=_limits(one),
            wide=one.kind in ("textarea", "radio", "checklist", "taglist", "checkbox") or _columns(component) > 8,
        )

    def _words(self, text: Any) -> str:
        """Labels and texts may be FEEL (`=…`) or hold `{{…}}` places."""
        words = str(text or "")
        if words.startswith("="):
            found = self.evaluate(_feel(words), self.context)
            return "" if found is None else str(found)

        def fill(place: re.Match[str]) -> str:
            found = self.evaluate(place.group(1).strip(), self.context)
            return "" if found is None else str(found)

        return re.sub(r"\{\{([^{}]+)\}\}", fill, words)


def in_words(one: Field, value: Any, choices: Sequence[Choice]) -> str:
    """A value as people read it: labels of options, 是/否, a dash for nothing."""
    if one.kind == "checkbox":
        return "是" if value is True else "否"
    if is_empty(value):
        return "—"
    labels = {str(choice.value): choice.label for choice in choices}
    if isinstance(value, list):
        return "、".join(labels.get(str(v), str(v)) for v in value)
    words = labels.get(str(value), str(value))
    return words.replace("T", " ").removesuffix("+08:00") if one.kind == "datetime" else words


def _columns(component: Mapping[str, Any]) -> int:
    layout = component.get("layout")
    columns = layout.get("columns") if isinstance(layout, Mapping) else None
    return columns if isinstance(columns, int) else 8


def _limits(one: Field) -> dict[str, Any]:
    rules, component = one.rules, one.component
    found: dict[str, Any] = {}
    if one.kind == "number":
        digits = component.get("decimalDigits")
        step = component.get("increment") or (f"{10 ** -int(digits):f}" if digits else "1" if digits == 0 else "any")
        found = {"min": rules.get("min"), "max": rules.get("max"), "step": step}
    elif one.kind in ("textfield", "textarea"):
        found = {"maxlength": rules.get("maxLength")}
    elif one.kind == "datetime":
        found = {"subtype": component.get("subtype") or "date"}
    return {name: value for name, value in found.items() if value is not None}
