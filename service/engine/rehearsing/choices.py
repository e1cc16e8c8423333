"""What may happen where a process waits: answers, ends of calls, results of acts, messages, errors, silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from service.engine.facts import Source, Wait, WaitKind
from service.engine.lint.diagram import BPMN, CAMUNDA, ZW
from service.engine.program import Program
from service.engine.rehearsing.answers import answers_of, combined
from service.engine.rehearsing.facts import Fill, Step
from service.engine.rehearsing.sandbox import codes_of, process_in
from service.engine.rehearsing.words import given_to, offers, words_in
from service.rules.acts import ACTS
from service.rules.vocabulary import InHouseAction

WORK = (WaitKind.USER_TASK, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)
SILENT: Mapping[str, Mapping[str, Any]] = {
    "opinion": {"conclusion": "agree"},
    "decision": {"decision": "grant"},
}  # what it says where it counts
NEAR = 4  # elements behind an event within which its payload is asked for
ENDINGS = 24  # of a called process
_SAID = frozenset(one.value for one in InHouseAction)


class Choices:
    """The choices of one process. Immutable but for what it remembers."""

    def __init__(self, source: Source, program: Program, today: date, fill: Fill) -> None:
        self.key, self.program, self.today, self.fill = source.key, program, today, fill
        self.process = process_in(source.bpmn, source.key)
        self.words = words_in(self.process, {id(one): one for one in source.decisions.values()}.values())
        self.flows = {
            one.get("id"): (one.get("sourceRef"), one.get("targetRef"))
            for one in self.process.iter(f"{BPMN}sequenceFlow")
            if one.get("id")
        }
        self.given = {k: v for k, v in given_to(self.process).items() if k not in self.words.written}
        self.calls: dict[str, list[Any]] = {}
        for call in self.process.iter(f"{BPMN}callActivity"):
            self.calls.setdefault(call.get("calledElement") or "", []).append(call)
        self.before = self._before()
        self.own: dict[str, frozenset[str]] = {}
        self.live = self._live()
        self.free = self._free()
        self.heard = self._heard()
        self.statutory = "decision" if self.process.get(f"{ZW}tacit") == "statutory" else None
        self._known: dict[str, tuple[dict[str, Any], ...]] = {}

    def starts(self) -> Iterator[tuple[str | None, str | None]]:
        """Ways to begin: the start event (None: the plain one) and its form."""
        for one in self.process.findall(f"{BPMN}startEvent"):
            plain = not any(str(child.tag).endswith("EventDefinition") for child in one)
            yield (None if plain else one.get("id")), one.get(f"{CAMUNDA}formKey")

    def beginnings(self, form: str | None) -> Iterator[tuple[bool, dict[str, Any]]]:
        """What it may begin with: its form in the usual way, with what only a program would say or leave out, then in every
        way. The first value: whether its form was answered like that, or a program would have to."""
        every = self.answers(form) or ({},)
        usual = {**self.given, **every[0]}
        yield True, usual
        yield from ((False, {**usual, **free}) for free in self.free if free)
        yield from ((False, {**usual, name: []}) for name, value in usual.items() if type(value) is list)
        yield from ((True, {**self.given, **one}) for one in every[1:])

    def answers(self, form: str | None) -> tuple[dict[str, Any], ...]:
        """What a form may be answered, as far as it makes a difference; one answer that says nothing where there is no form."""
        schema = self.program.forms(self.key).get(form or "")
        if form is None or schema is None:
            return ({},)
        if form not in self._known:
            self._known[form] = answers_of(schema, self.words, self.today, self.fill)
        return self._known[form]

    def element(self, wait: Wait) -> str:
        """Where a wait stands in this process; inside of a stub: the call."""
        if wait.process == self.key:
            return wait.element
        calls = self.calls.get(wait.process, [])
        return str(calls[0].get("id")) if calls else wait.element

    def at(self, waits: Sequence[Wait], desk: str) -> Iterator[Step]:
        """Everything that may happen at one desk, and from outside."""
        first = next((one for one in waits if one.kind in WORK and self.element(one) == desk), None)
        if first is not None:
            yield from self.work(first)
        yield from self.outside(waits)

    def outside(self, waits: Sequence[Wait]) -> Iterator[Step]:
        """Messages that come, and the next instant at which something is due."""
        for element in dict.fromkeys(one.element for one in waits if one.kind in (WaitKind.MESSAGE, WaitKind.SIGNAL)):
            yield Step(kind="message", element=element)
            for asked in sorted(self._near(element) & self.words.values.keys()):
                for value in offers(self.words.values[asked]):
                    yield Step(kind="message", element=element, say={asked: value})
        if any(one.kind is WaitKind.TIMER and one.due is not None for one in waits):
            yield Step(kind="clock")

    def work(self, wait: Wait) -> Iterator[Step]:
        """The ways a task, an act or a call may come out."""
        if wait.process != self.key:
            yield from (Step(kind="call", element=wait.process, say=one) for one in self._endings(wait.process))
            for call in self.calls.get(wait.process, ()):
                yield from self._thrown(call.get("id"), wait.process)
            return
        if wait.kind is WaitKind.USER_TASK:
            for answers in self.answers(wait.form_key):
                yield Step(kind="task", element=wait.element, say=answers)
            silence = wait.zw.get("tacit") or (self.statutory if wait.zw.get("stage") == "APPROVE" else None)
            if silence not in (None, "none", "never"):
                yield Step(kind="silence", element=wait.element, say=SILENT.get(silence, {}))
            for code in self.heard:
                yield Step(kind="escalation", element=wait.element, say={"code": code})
        else:
            yield from (Step(kind="act", element=wait.element, say=one) for one in self.outputs(wait))
        yield from self._thrown(wait.element, wait.element)

    def outputs(self, wait: Wait) -> Iterator[dict[str, Any]]:
        """What an act or an outside system may report."""
        card = ACTS.get(InHouseAction(wait.action)) if wait.action in _SAID else None
        if card is None:
            yield from self.free
            return
        told: dict[str, tuple[Any, ...]] = {}
        for output in card.outputs:
            name = wait.zw.get("into", output.name)
            if name in self.given:
                told[name] = (self.given[name],)
            elif output.type == "Boolean":
                told[name] = (True, False) if name in self.words.read else (True,)
            else:
                told[name] = tuple(offers(self.words.values.get(name, ()))) or ("1",)
        yield from combined(told, ENDINGS)

    def single(self, wait: Wait) -> dict[str, Any] | None:
        """The result of an act that has one only."""
        if any(self._thrown(wait.element, wait.element)):
            return None
        every = list(self.outputs(wait))
        return every[0] if len(every) == 1 else None

    def _endings(self, called: str) -> Iterator[dict[str, Any]]:
        """What a called process may leave behind, as far as its callers here take it over and tell it apart."""
        outs = [one for call in self.calls.get(called, ()) for one in call.iter(f"{CAMUNDA}out")]
        if not outs or any(one.get("variables") == "all" for one in outs):
            yield from self.free
            return
        told: dict[str, dict[Any, None]] = {}
        for one in outs:
            source, expression = one.get("source"), one.get("sourceExpression")
            if source is not None:
                told.setdefault(source, {}).update(dict.fromkeys(offers(self.words.values.get(one.get("target"), ()))))
            elif expression is not None:
                names = words_in(one)
                for name in sorted(names.read - set(told)):
                    told[name] = dict.fromkeys(offers(self.words.values.get(name, ())))
        yield from combined({name: tuple(values) or ("1",) for name, values in told.items()}, ENDINGS)

    def _thrown(self, element: str, at: str) -> Iterator[Step]:
        """Errors and escalations that boundary events of an element catch."""
        for event in self.process.iter(f"{BPMN}boundaryEvent"):
            if event.get("attachedToRef") != element:
                continue
            for kind in ("error", "escalation"):
                definition = event.find(f"{BPMN}{kind}EventDefinition")
                if definition is None:
                    continue
                code = codes_of(self.process, kind).get(definition.get(f"{kind}Ref") or "") or kind.upper()
                asked = sorted(self._near(str(event.get("id"))) & self.words.values.keys() - self.words.written)
                yield Step(kind=kind, element=at, say={"code": code})
                for name in asked if kind == "error" else ():
                    for value in offers(self.words.values[name]):
                        yield Step(kind=kind, element=at, say={"code": code, name: value})

    def _heard(self) -> tuple[str, ...]:
        """Escalations that event sub-processes listen for; the service itself may throw them from any desk."""
        codes = codes_of(self.process, "escalation")
        found = [
            one.get("escalationRef")
            for scope in self.process.iter(f"{BPMN}subProcess")
            if scope.get("triggeredByEvent") == "true"
            for start in scope.findall(f"{BPMN}startEvent")
            for one in start.iter(f"{BPMN}escalationEventDefinition")
        ]
        return tuple(sorted({codes.get(one or "") or "ESCALATION" for one in found}))

    def _near(self, element: str) -> set[str]:
        """Names that are asked for right behind an event."""
        found, edge = set[str](), {element}
        for _ in range(NEAR):
            edge = {one for one, sources in self.before.items() if sources & edge}
            for one in edge:
                found |= self.own.get(one, frozenset())
        return found

    def _free(self) -> list[dict[str, Any]]:
        """What expressions ask for and no form, act or script here says: whoever starts it may."""
        used = {one.get(f"{ZW}action") for one in self.process.iter() if isinstance(one.tag, str)}
        acts = {output.name for card in ACTS.values() if card.name in used for output in card.outputs}
        support = self.process.get(f"{ZW}kind") == "SUPPORT"
        declared = (self.process.get(f"{ZW}data_contract") or "").partition("out:")[0]
        found: list[dict[str, Any]] = [{}]
        for name, values in self.words.values.items():
            if name not in self.given and (support or name in declared or name not in self.words.written | acts):
                found += [{name: value} for value in offers(values)]
        return found

    def _before(self) -> dict[str, set[str]]:
        """From where each element is reached."""
        before: dict[str, set[str]] = {}
        for source, target in self.flows.values():
            before.setdefault(target, set()).add(source)
        for event in self.process.iter(f"{BPMN}boundaryEvent"):
            before.setdefault(event.get("id"), set()).add(event.get("attachedToRef"))
        for scope in self.process.iter(f"{BPMN}subProcess"):
            for one in scope:
                if one.tag == f"{BPMN}startEvent":
                    before.setdefault(one.get("id"), set()).add(scope.get("id"))
                elif one.tag == f"{BPMN}endEvent":
                    before.setdefault(scope.get("id"), set()).add(one.get("id"))
        return before

    def _live(self) -> dict[str, frozenset[str]]:
        """What is still read behind each element: values nobody asks for any more make no other state."""
        own: dict[str, set[str]] = {}
        watched = self.words.values.keys() | self.words.asked | (self.words.fed - self.words.written)
        scopes = {f"{BPMN}{one}" for one in ("process", "subProcess", "laneSet", "lane")}
        for element in self.process.iter():
            if isinstance(element.tag, str) and element.get("id") and element.tag not in scopes:
                where = element.get("sourceRef") or element.get("id")
                own.setdefault(where, set()).update(words_in(element).read & watched)
        always = frozenset(
            name
            for scope in self.process.iter(f"{BPMN}subProcess")
            if scope.get("triggeredByEvent") == "true"
            for one in scope.iter()
            if isinstance(one.tag, str)
            for name in own.get(one.get("id") or "", ())
        )
        for loop in self.process.iter(f"{BPMN}multiInstanceLoopCharacteristics"):
            own.setdefault(loop.getparent().get("id"), set()).update(words_in(loop).read)
        self.own = {element: frozenset(names) for element, names in own.items()}
        found = {element: names | always for element, names in self.own.items()}
        edge = [*found]
        while edge:
            element = edge.pop()
            for one in self.before.get(element, ()):
                more = found.get(one, always) | found.get(element, always)
                if more != found.get(one):
                    found[one] = more
                    edge.append(one)
        return found
