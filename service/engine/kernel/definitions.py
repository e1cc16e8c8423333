"""What stands inside an element: event definitions, messages, scripts, loop characteristics."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from service.engine import feel
from service.engine.kernel.details import CAMUNDA, children, text_of
from service.engine.kernel.elements.activity import Activity
from service.engine.kernel.elements.loops import LoopPlan, MultiInstance, StandardLoop
from service.engine.kernel.faults import ModelFault
from service.engine.kernel.formulas import Formula, Text, attribute, formula
from service.engine.kernel.items import collection_of
from service.engine.kernel.timers import Timer, literal
from service.engine.kernel.triggers import Trigger
from service.rules.countersign import is_policy, read_policy

_NAME = re.compile(r"[^\W\d]\w*")
_SUFFIX = "EventDefinition"
_TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def event_triggers(node: Any, parser: Any) -> tuple[Trigger, ...]:
    """The event definitions of an event, its own and those it refers to. Raises ModelFault."""
    found = [child for child in node if isinstance(child.tag, str) and child.tag.endswith(_SUFFIX)]
    found += [_referred(node, (child.text or "").strip()) for child in children(node, "eventDefinitionRef")]
    return tuple(trigger_of(node, definition, parser) for definition in found)


def trigger_of(node: Any, definition: Any, parser: Any) -> Trigger:
    """One event definition. Raises ModelFault."""
    kind = definition.tag.rpartition("}")[2].removesuffix(_SUFFIX)
    if kind == "timer":
        return Trigger(kind=kind, timer=_timer(node, definition))
    if kind in ("message", "signal"):
        declared = parser.messages if kind == "message" else parser.signals
        return Trigger(kind=kind, event=_named(node, definition, kind, declared))
    if kind in ("error", "escalation"):
        captures = {
            name.rpartition("}")[2]: value
            for name, value in definition.attrib.items()
            if name.startswith(f"{{{CAMUNDA}}}") and name.endswith("Variable") and value
        }
        declared = parser.errors if kind == "error" else parser.escalations
        return Trigger(kind=kind, code=_code(node, definition, kind, declared), captures=captures)
    if kind == "conditional":
        condition = _formula(node, text_of(definition, "condition"))
        if condition is None:
            raise _fault(node, "条件事件应有条件(condition)")
        only = definition.get(f"{{{CAMUNDA}}}variableName")
        names = frozenset({only} if only else feel.compile_expression(condition.source).names)
        return Trigger(kind=kind, condition=condition, names=names)
    if kind == "compensate":
        waits = definition.get("waitForCompletion", "true") not in ("false", "0")
        return Trigger(kind=kind, activity=definition.get("activityRef") or None, waits=waits)
    if kind == "link":
        return Trigger(kind=kind, link=(definition.get("name") or "").strip() or None)
    return Trigger(kind=kind)


def behaviour_event(node: Any, loop: Any, attribute_name: str, parser: Any) -> Trigger | None:
    """The event a multi-instance loop throws, by reference to a root event definition. Raises ModelFault."""
    ref = loop.get(attribute_name)
    return trigger_of(node, _referred(node, ref), parser) if ref else None


def _referred(node: Any, id: str) -> Any:
    for child in node.getroottree().getroot():
        if isinstance(child.tag, str) and child.tag.endswith(_SUFFIX) and child.get("id") == id:
            return child
    raise _fault(node, f"引用的事件定义“{id}”没有声明")


def message_of(node: Any, parser: Any) -> Text | None:
    """The message of a send or receive task. Raises ModelFault."""
    return _named(node, node, "message", parser.messages) if node.get("messageRef") else None


def script_lines(node: Any, result: str | None) -> tuple[tuple[str, Formula], ...]:
    """The assignments of a script task. Raises ModelFault."""
    id, line = node.get("id"), node.sourceline or 0
    script = text_of(node, "script") or ""
    if result:
        return ((result, formula(script, element=id, line=line)),)
    lines = []
    for text in script.splitlines():
        stripped = text.strip()
        if not stripped or stripped.startswith("//"):
            continue
        name, equals, expression = stripped.partition("=")
        if not equals or not _NAME.fullmatch(name.strip()):
            raise _fault(node, f"脚本每行应为“变量 = FEEL表达式”,但这一行是“{stripped[:60]}”")
        lines.append((name.strip(), formula(expression, element=id, line=line)))
    return tuple(lines)


def loop_around(spec: Any, node: Any, body: Activity, parser: Any) -> Activity:
    """The loop around an activity, if the diagram has one. Raises ModelFault."""
    bare = replace(body.details, inputs=(), outputs=(), texts={}, zw_texts={}, name_text=None)
    for loop in children(node, "multiInstanceLoopCharacteristics"):
        return MultiInstance(
            spec,
            f"{body.name}#multiInstanceBody",
            bare,
            body=body,
            plan=_plan(node, loop, parser, body.details.zw.get("quorum", "")),
        )
    for loop in children(node, "standardLoopCharacteristics"):
        condition, maximum = text_of(loop, "loopCondition"), loop.get("loopMaximum")
        if not condition and not maximum:
            raise _fault(node, "循环应有条件(loopCondition)或最多次数(loopMaximum)")
        if maximum and not maximum.isdecimal():
            raise _fault(node, f"循环的最多次数应为非负整数,但写的是“{maximum}”")
        return StandardLoop(
            spec,
            f"{body.name}#loop",
            bare,
            body=body,
            condition=_formula(node, condition),
            maximum=int(maximum) if maximum else None,
            test_before=loop.get("testBefore") == "true",
        )
    return body


def _plan(node: Any, loop: Any, parser: Any, quorum: str) -> LoopPlan:
    def item_name(tag: str) -> str | None:
        return next((item.get("name") or item.get("id") for item in children(loop, tag)), None)

    items = parser.items
    given, made = text_of(loop, "loopDataInputRef"), text_of(loop, "loopDataOutputRef")
    collection = loop.get(f"{{{CAMUNDA}}}collection") or (given and collection_of(node, items, given, "Input"))
    cardinality = text_of(loop, "loopCardinality")
    if not collection and not cardinality:
        raise _fault(node, "多实例应有集合(collection)或次数(loopCardinality)")
    return LoopPlan(
        sequential=loop.get("isSequential") == "true",
        cardinality=None if collection else _formula(node, cardinality),
        collection=_formula(node, collection),
        item=loop.get(f"{{{CAMUNDA}}}elementVariable") or item_name("inputDataItem"),
        output=made and collection_of(node, items, made, "Output"),
        output_item=item_name("outputDataItem"),
        condition=_formula(node, text_of(loop, "completionCondition")),
        policy=read_policy(quorum.strip()) if is_policy(quorum.strip()) else None,
        behavior=loop.get("behavior", "All"),
        one=behaviour_event(node, loop, "oneBehaviorEventRef", parser),
        none=behaviour_event(node, loop, "noneBehaviorEventRef", parser),
        complex=tuple(_complex(node, item, parser) for item in children(loop, "complexBehaviorDefinition")),
    )


def _complex(node: Any, item: Any, parser: Any) -> tuple[Formula, Trigger | None]:
    condition = _formula(node, text_of(item, "condition"))
    if condition is None:
        raise _fault(node, "complexBehaviorDefinition应有条件(condition)")
    thrown = [trigger for event in children(item, "event") for trigger in event_triggers(event, parser)]
    return condition, thrown[0] if thrown else None


def _formula(node: Any, text: str | None) -> Formula | None:
    return formula(text, element=node.get("id"), line=node.sourceline or 0) if text else None


def _timer(node: Any, definition: Any) -> Timer:
    found = [(kind, text) for tag, kind in _TIMERS.items() if (text := text_of(definition, tag)) is not None]
    if len(found) != 1:
        raise _fault(node, "定时事件应恰好有一个timeDate、timeDuration或timeCycle")
    kind, text = found[0]
    if literal(text):
        return Timer(kind, text)
    asked = _formula(node, text)
    return Timer(kind, text, asked, asks=asked is not None and bool(feel.compile_expression(text).clock_functions))


def _named(node: Any, definition: Any, kind: str, declared: dict[str, str | None]) -> Text:
    ref = definition.get(f"{kind}Ref")
    name = declared.get(ref) if ref else None
    if not name:
        raise _fault(
            node, f"事件应引用有名称的{'消息' if kind == 'message' else '信号'},但“{ref or ''}”没有声明或没有名称"
        )
    return attribute(name, element=node.get("id"), line=node.sourceline or 0)


def _code(node: Any, definition: Any, kind: str, declared: dict[str, dict[str, str | None]]) -> str | None:
    ref = definition.get(f"{kind}Ref")
    if not ref:
        return None
    if ref not in declared:
        raise _fault(node, f"事件引用的“{ref}”没有声明")
    return declared[ref]["error_code" if kind == "error" else "escalation_code"] or declared[ref]["name"]


def _fault(node: Any, sentence: str) -> ModelFault:
    return ModelFault(sentence, element=node.get("id"), line=node.sourceline or 0)
