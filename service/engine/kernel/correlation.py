"""Correlation keys of a diagram: which message is meant for which instance (BPMN 2.0.2, 8.4.2).

A process that subscribes to a key says with a data path what its own value is. Without a subscription the key's value is
what the message path finds in the process' own data: what an earlier message of the conversation has left there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Formula, View, formula

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass(frozen=True, kw_only=True)
class Key:
    """One correlation property of a message: how the message tells its value, and how the process does."""

    name: str
    message_path: Formula
    data_path: Formula


def keys_of(node: Any) -> tuple[Key, ...]:
    """The correlation properties of the message an event or receive task waits for. Raises ModelFault."""
    message = node.get("messageRef") or next(
        (one.get("messageRef") for one in node.iterchildren(f"{BPMN}messageEventDefinition")), None
    )
    root = node.getroottree().getroot()
    process = next(node.iterancestors(f"{BPMN}process"), None)
    if not message or process is None:
        return ()
    bound, grouped = _bound(process), _grouped(root)
    found = []
    for number, item in enumerate(root.iterchildren(f"{BPMN}correlationProperty")):
        if item.get("id") not in grouped:
            continue
        for retrieval in item.iterchildren(f"{BPMN}correlationPropertyRetrievalExpression"):
            path = _text(retrieval, "messagePath")
            if retrieval.get("messageRef") == message and path:
                compiled = formula(path, element=item.get("id"), line=item.sourceline or 0)
                own = bound.get(item.get("id"))
                found.append(
                    Key(
                        name=item.get("name") or item.get("id") or str(number),
                        message_path=compiled,
                        data_path=formula(own, element=node.get("id"), line=node.sourceline or 0) if own else compiled,
                    )
                )
    return tuple(found)


def armed(keys: tuple[Key, ...], view: View) -> dict[str, Any]:
    """The values a message must have; a property that has none yet asks for nothing. Raises StepFailure."""
    return {key.name: value for key in keys if (value := key.data_path.value(view)) is not None}


def fits(
    keys: tuple[Key, ...],
    wanted: Mapping[str, Any],
    payload: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    now: datetime,
    addressed: bool,
) -> bool:
    """Whether a message is meant. `given`: values its sender names; `addressed`: it names the case, so that a property
    it does not tell is no reason to refuse it.
    """
    view = View(dict(payload), now)
    for key in keys:
        if key.name not in wanted:
            continue
        value = given.get(key.name)
        if value is None:
            try:
                value = key.message_path.value(view)
            except StepFailure:
                value = None
        if value is None and addressed:
            continue
        if isinstance(value, bool) != isinstance(wanted[key.name], bool) or value != wanted[key.name]:
            return False
    return True


def _bound(process: Any) -> dict[str, str]:
    return {
        binding.get("correlationPropertyRef"): _text(binding, "dataPath")
        for subscription in process.iterchildren(f"{BPMN}correlationSubscription")
        for binding in subscription.iterchildren(f"{BPMN}correlationPropertyBinding")
        if _text(binding, "dataPath")
    }


def _grouped(root: Any) -> frozenset[str]:
    """Properties that stand in a key; a property alone correlates nothing."""
    return frozenset(
        (ref.text or "").strip()
        for key in root.iter(f"{BPMN}correlationKey")
        for ref in key.iterchildren(f"{BPMN}correlationPropertyRef")
    )


def _text(element: Any, tag: str) -> str:
    return next(((child.text or "").strip() for child in element.iterchildren(BPMN + tag)), "")
