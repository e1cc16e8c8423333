"""The sandbox: the real file of one process; what it calls is one task that ends in every way its caller tells apart.

Nothing is stored and nothing leaves it: a run in memory, a calendar, and clocks that are counted from now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from service.engine.facts import Source
from service.engine.lint.diagram import BPMN
from service.engine.lint.xml import read_xml
from service.engine.program import Program, build_program
from service.engine.timekeeping import Place, PlainTime

CASE = UUID("00000000-0000-4000-8000-000000000000")
STUB = "Stub"  # the one task of a called process
_STUB = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:stub">'
    '<process id="{key}" name="{key}" isExecutable="true"><startEvent id="Stub_Start"/>'
    '<userTask id="Stub" name="{key}"/><endEvent id="Stub_End"/>'
    '<sequenceFlow id="Stub_1" sourceRef="Stub_Start" targetRef="Stub"/>'
    '<sequenceFlow id="Stub_2" sourceRef="Stub" targetRef="Stub_End"/></process></definitions>'
)
_DAYS = {"RECEIPT": 5, "CORRECTION": 30}  # of clocks the sandbox has none of; 20 where no law says otherwise


class AnyTime(PlainTime):
    """Time without clocks: a limit counts from when its activity was entered, whatever is asked for by name from now on."""

    def __init__(self, calendar: Any, now: datetime) -> None:
        super().__init__(calendar)
        self.now = now

    def named(self, ask: str, name: str, place: Place, later: str | None) -> datetime | None:
        """Counted from now; no clock is unknown here."""
        days = _DAYS.get(name, 20)
        fitting = {"due": days, "warn": days - 3, "half": days // 2}.get(ask, days)
        found: datetime = self.calendar.due_after_workdays(self.now, max(1, fitting))
        return found


def process_in(content: bytes, key: str) -> Any:
    """The element `process` of a file, by its key."""
    root = read_xml(content).root
    return next(one for one in root.iter(f"{BPMN}process") if one.get("id") == key)


def called_by(process: Any) -> tuple[str, ...]:
    """Keys of the processes it calls."""
    return tuple(sorted({one.get("calledElement") or "" for one in process.iter(f"{BPMN}callActivity")} - {""}))


def sandboxed(source: Source) -> Program:
    """The program of a process with stubs for what it calls. Raises ModelFault for what the linter refuses."""
    sources: dict[str, Source] = {source.key: source}
    for key in called_by(process_in(source.bpmn, source.key)):
        content = _STUB.format(key=key).encode()
        sources.setdefault(key, Source(key=key, definition_id=uuid5(NAMESPACE_URL, f"stub/{key}"), bpmn=content))
    return build_program(source.key, sources)


def codes_of(process: Any, kind: str) -> Mapping[str, str]:
    """The codes of a file's errors or escalations, by id."""
    root = process.getroottree().getroot()
    return {one.get("id"): one.get(f"{kind}Code") or "" for one in root.iter(f"{BPMN}{kind}")}
