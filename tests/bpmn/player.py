"""Plays cases. What a stage can do is the same for the kernel and for a server, so the cases are too."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Protocol
from uuid import uuid4

from service.engine import Program, Resource, Source, WaitKind, build_program, decision_cards, examine
from tests.bpmn.cases import Case, Step
from tests.engine.drive import Drive

TASKS = (WaitKind.USER_TASK, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class Stage(Protocol):
    """Where a case is played. `ordered`: its history tells the order."""

    ordered: bool

    def start(self, element: str | None, variables: dict[str, Any]) -> None: ...
    def complete(self, element: str, nth: int, variables: dict[str, Any]) -> None: ...
    def fail(self, element: str, code: str, variables: dict[str, Any]) -> None: ...
    def escalate(self, element: str, code: str, variables: dict[str, Any]) -> None: ...
    def message(self, name: str, variables: dict[str, Any]) -> None: ...
    def signal(self, name: str, variables: dict[str, Any]) -> None: ...
    def advance(self, by: timedelta) -> None: ...
    def set(self, variables: dict[str, Any]) -> None: ...
    def activate(self, host: str, element: str) -> None: ...
    def finish(self, host: str) -> None: ...
    def retry(self, element: str) -> None: ...
    def open(self) -> list[str]: ...
    def listening(self) -> list[str]: ...
    def timers(self) -> int: ...
    def variables(self) -> dict[str, Any]: ...
    def incidents(self) -> list[str]: ...
    def history(self, what: str) -> list[str]: ...
    def thrown(self, kind: str) -> list[str]: ...
    def ended(self) -> bool: ...


def play(case: Case, stage: Stage) -> None:
    """All steps of a case. Raises AssertionError naming file and line."""
    for step in case.steps:
        try:
            take(step, stage)
        except AssertionError as error:
            raise AssertionError(f"{case.diagram.with_suffix('.case')}:{step.line}: {error}") from error


def take(step: Step, stage: Stage) -> None:
    """One step."""
    words, given = list(step.words), step.given
    nth = int(words.pop()[1:]) if words and re.fullmatch(r"#\d+", words[-1]) else 0
    first = words[0] if words else None
    match step.verb:
        case "start":
            stage.start(first, given or {})
        case "complete":
            assert first is not None
            stage.complete(first, nth, given or {})
        case "fail":
            stage.fail(words[0], words[1], given or {})
        case "escalate":
            stage.escalate(words[0], words[1], given or {})
        case "message":
            stage.message(words[0], given or {})
        case "signal":
            stage.signal(words[0], given or {})
        case "advance":
            stage.advance(duration(words[0]))
        case "set":
            stage.set(given)
        case "activate":
            stage.activate(words[0], words[1])
        case "finish":
            stage.finish(words[0])
        case "retry":
            stage.retry(words[0])
        case _:
            look(step, words, stage)


def look(step: Step, words: list[str], stage: Stage) -> None:
    """One expectation."""
    given = step.given
    match step.verb:
        case "open":
            assert sorted(stage.open()) == sorted(words), f"open: {sorted(stage.open())}"
        case "listening":
            assert sorted(stage.listening()) == sorted(words), f"listening: {sorted(stage.listening())}"
        case "timers":
            assert stage.timers() == int(words[0]), f"timers: {stage.timers()}"
        case "variables":
            found = stage.variables()
            assert {name: found.get(name) for name in given} == given, f"variables: {found}"
        case "absent":
            found = stage.variables()
            assert not set(words) & set(found), f"variables: {found}"
        case "incident":
            assert sorted(stage.incidents()) == sorted(words), f"incidents: {stage.incidents()}"
        case "fine":
            assert not stage.incidents(), f"incidents: {stage.incidents()}"
        case "thrown":
            assert stage.thrown(words[0]) == words[1:], f"thrown: {stage.thrown(words[0])}"
        case "passed":
            done = stage.history("completed")
            rest = iter(done if stage.ordered else [word for word in words if word in done])
            missing = [word for word in words if word not in rest]
            assert not missing, f"not in this order: {stage.history('completed')}"
        case "count" | "cancelled":
            what = "completed" if step.verb == "count" else "cancelled"
            assert stage.history(what).count(words[0]) == int(words[1]), f"{what}: {stage.history(what)}"
        case "alive":
            assert not stage.ended(), "ended"
        case "ended":
            assert stage.ended(), f"open: {stage.open()}, listening: {stage.listening()}, {stage.incidents()}"
        case verb:
            raise ValueError(f"unknown verb {verb}")


def duration(text: str) -> timedelta:
    """PnDTnHnMnS."""
    found = _DURATION.fullmatch(text)
    assert found is not None, f"expected a duration, but got {text}"
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def program_for(case: Case) -> Program:
    """The program of the first process of the file; the linter must accept the file."""
    content = case.diagram.read_bytes()
    tables = decisions_of(case)
    examined = examine([Resource(name=case.diagram.name, content=content), *tables])
    assert not examined.errors, [f"{f.code} {f.element}: {f.english}" for f in examined.errors]
    keys = [draft.key for draft in examined.drafts]
    decisions = {card.key: table.content for table in tables for card in decision_cards(table.content)}
    sources = {key: Source(key=key, definition_id=uuid4(), bpmn=content, decisions=decisions) for key in keys}
    return build_program(keys[0], sources)


def decisions_of(case: Case) -> list[Resource]:
    """The DMN file beside the diagram, if there is one."""
    table = case.diagram.with_suffix(".dmn")
    return [Resource(name=table.name, content=table.read_bytes())] if table.exists() else []


class InKernel:
    """A stage in memory; `reload` saves and loads after every engine step."""

    ordered = True

    def __init__(self, case: Case, *, reload: bool) -> None:
        self.program, self.reload = program_for(case), reload
        self.drive: Drive

    def start(self, element: str | None, variables: dict[str, Any]) -> None:
        """A new instance."""
        more = {"start": element} if element else {}
        self.drive = Drive(self.program, variables, reload=self.reload, **more)

    def complete(self, element: str, nth: int, variables: dict[str, Any]) -> None:
        """A task is done."""
        assert element in self.open(), f"open: {self.open()}"
        self.drive.do(element, variables, nth=nth)

    def fail(self, element: str, code: str, variables: dict[str, Any]) -> None:
        """A BPMN error."""
        self.drive.fail(element, code, variables=variables)

    def escalate(self, element: str, code: str, variables: dict[str, Any]) -> None:
        """An escalation."""
        self.drive.run.throw_escalation(self.drive.wait(element).id, code, variables)
        self.drive.settle()

    def message(self, name: str, variables: dict[str, Any]) -> None:
        """One receiver must be there."""
        assert self.drive.send("message", name, variables), f"listening: {self.listening()}"

    def signal(self, name: str, variables: dict[str, Any]) -> None:
        """All receivers."""
        self.drive.send("signal", name, variables)

    def advance(self, by: timedelta) -> None:
        """The clock."""
        self.drive.pass_time(seconds=by.total_seconds())

    def set(self, variables: dict[str, Any]) -> None:
        """Variables of the case."""
        self.drive.run.set_variables(variables)
        self.drive.settle()

    def activate(self, host: str, element: str) -> None:
        """An activity of an ad-hoc sub-process."""
        self.drive.run.activate(self._offer(host), element)
        self.drive.settle()

    def finish(self, host: str) -> None:
        """Nothing more is to be done in an ad-hoc sub-process."""
        self.drive.run.finish(self._offer(host))
        self.drive.settle()

    def _offer(self, host: str) -> Any:
        found = [offer.host for offer in self.drive.run.offers() if offer.element == host]
        assert found, f"offers: {self.drive.run.offers()}"
        return found[0]

    def retry(self, element: str) -> None:
        """An incident."""
        self.drive.run.retry(self.drive.waits(WaitKind.INCIDENT, element)[0].id)
        self.drive.settle()

    def open(self) -> list[str]:
        """Open tasks."""
        return [wait.element for wait in self.drive.waits() if wait.kind in TASKS]

    def listening(self) -> list[str]:
        """Messages and signals waited for."""
        return [w.event or "" for w in self.drive.waits() if w.kind in (WaitKind.MESSAGE, WaitKind.SIGNAL)]

    def timers(self) -> int:
        """Armed timers."""
        return len(self.drive.waits(WaitKind.TIMER))

    def variables(self) -> dict[str, Any]:
        """Variables of the case, also after its end."""
        return {name: value for (scope, name), value in self.drive.table.items() if scope is None}

    def incidents(self) -> list[str]:
        """Elements with an incident."""
        return self.drive.incidents()

    def history(self, what: str) -> list[str]:
        """Elements that completed or were cancelled, in order."""
        lines = (line.partition(" ") for line in self.drive.trace)
        return [rest.partition("/")[2] for verb, _, rest in lines if verb == what]

    def thrown(self, kind: str) -> list[str]:
        """Names thrown."""
        return [name for what, name in self.drive.thrown if what == kind]

    def ended(self) -> bool:
        """Completed?"""
        return self.drive.ended is not None
