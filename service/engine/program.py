"""Programs: a process and everything it calls, in fixed versions, ready to run. Immutable, shared by threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson

from service.engine.decisions.library import read_once
from service.engine.decisions.model import DecisionFile, DecisionUnreadable
from service.engine.facts import ElementCard, Source
from service.engine.kernel.elements import CallActivity, ScopeRoot, SubProcess
from service.engine.kernel.elements.events import Part
from service.engine.kernel.elements.loops import Loop
from service.engine.kernel.faults import EngineFault, ModelFault
from service.engine.kernel.model import ProcessModel
from service.engine.kernel.parser import read_process


class Program:
    """One binding: which version of every called process a case runs with."""

    def __init__(self, key: str, models: Mapping[str, ProcessModel], sources: Mapping[str, Source]) -> None:
        """Use `build_program`."""
        self.key = key
        self.models = models
        self._definitions = {name: source.definition_id for name, source in sources.items()}
        self._forms = {name: _schemas(source) for name, source in sources.items()}
        self.correlated = frozenset(_correlated(models))  # elements whose messages have correlation properties
        self._cards = {name: dict(_cards(model, None)) for name, model in models.items()}

    def forms(self, process_key: str) -> Mapping[str, dict[str, Any]]:
        """The form-js schemas of a process by form key."""
        return self._forms[process_key]

    def definition_id(self, process_key: str) -> UUID:
        """The version this process runs in."""
        return self._definitions[process_key]

    def elements(self, process_key: str) -> Mapping[str, ElementCard]:
        """What pages and history need to know about the elements, those of embedded sub-processes included."""
        return self._cards[process_key]

    def attributes(self, process_key: str) -> Mapping[str, str]:
        """The zw: attributes of a process itself: kind, limit, statutory, milestones …"""
        zw: Mapping[str, str] = self.models[process_key].zw
        return zw

    def name(self, process_key: str) -> str:
        """What a process is called."""
        return str(self.models[process_key].description or process_key)

    def processes(self) -> tuple[str, ...]:
        """Keys of the process itself and of everything it calls."""
        return tuple(self.models)


def build_program(key: str, sources: Mapping[str, Source]) -> Program:
    """Read a process and everything it calls. Raises ModelFault (element, line) for what the linter should have refused."""
    if key not in sources:
        raise EngineFault(f"expected a source for process {key}, but got {sorted(sources)}")
    models = {name: read_process(source.bpmn, name) for name, source in sources.items()}
    for name, source in sources.items():
        models[name].decisions.update(_decisions(source))
    return Program(key, models, sources)


def _decisions(source: Source) -> dict[str, DecisionFile]:
    try:
        return {use: read_once(content) for use, content in source.decisions.items()}
    except DecisionUnreadable as failure:
        raise ModelFault(failure.sentence) from failure


def _correlated(models: Mapping[str, ProcessModel]) -> Iterator[str]:
    waiting: list[Any] = list(models.values())
    while waiting:
        model = waiting.pop()
        for name, element in model.task_specs.items():
            if getattr(element, "keys", ()):
                yield name
            if isinstance(element, SubProcess) and not isinstance(element, CallActivity):
                waiting.append(element.inner)


def _schemas(source: Source) -> dict[str, dict[str, Any]]:
    found = {}
    for key, content in source.forms.items():
        try:
            schema = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise ModelFault(f"表单“{key}”应为JSON,但无法识别") from error
        if not isinstance(schema, dict):
            raise ModelFault(f"表单“{key}”应为form-js表单,但不是对象")
        found[key] = schema
    return found


def _cards(model: ProcessModel, parent: str | None) -> list[tuple[str, ElementCard]]:
    cards: list[tuple[str, ElementCard]] = []
    for name, element in model.task_specs.items():
        if isinstance(element, (ScopeRoot, Part)):
            continue
        host = element.host.body if isinstance(element.host, Loop) else element.host
        cards.append(
            (
                name,
                ElementCard(
                    element=name,
                    name=element.label,
                    activity_type=element.activity_type,
                    kind=element.details.tag,
                    process=model.key,
                    parent=parent,
                    attached_to=host.name if host is not None else None,
                    called=element.called if isinstance(element, CallActivity) else None,
                    form_key=element.details.camunda.get("formKey"),
                    lane=element.details.lane,
                    zw=element.details.zw,
                    conditions=tuple(flow.condition.text for flow in element.outgoing if flow.condition),
                    after=tuple(flow.source.name for flow in element.incoming),
                ),
            )
        )
        if isinstance(element, SubProcess) and not isinstance(element, CallActivity):
            cards.extend(_cards(element.inner, name))
    return cards
