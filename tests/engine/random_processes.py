"""Random processes: sequences, nested gateways, loops, calls, sub-processes, multi-instance, boundary events, throws,
event sub-processes, compensation, transactions, ad-hoc blocks, conditions, multiple events, links, complex gateways."""

from __future__ import annotations

import random

from tests.engine.drive import ERROR, ESCALATION, HOUR, SIGNAL, process

MESSAGES = ('<messageEventDefinition messageRef="M1"/>', '<messageEventDefinition messageRef="M2"/>')
CATCH_ALL = "<errorEventDefinition/>"
UNDO = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
CONDITION = "<conditionalEventDefinition><condition>c = 1</condition></conditionalEventDefinition>"
SEVERAL = MESSAGES[0] + SIGNAL


class Author:
    """Writes one random process; the same seed writes the same text."""

    def __init__(self, seed: int, *, calm: bool = False) -> None:
        """`calm`: nothing that interrupts, throws or undoes, so that every token must come to the end."""
        self.random, self.calm = random.Random(seed), calm
        self.numbers = 0
        self.called: list[str] = []

    def text(self) -> str:
        """The whole file."""
        main = process(self.scope(4, top=True))
        return main + "".join(self.called)

    def id(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}{self.numbers}"

    def scope(self, depth: int, top: bool = False, called: bool = False) -> str:
        """The content of a process or sub-process."""
        parts: list[str] = []
        flows: list[tuple[str, str, str | None]] = []
        start, end = self.id("s"), self.id("e")
        first, last = self.block(depth, parts, flows)
        thrown = [""] if self.calm else ["", "", "", ESCALATION, SIGNAL, UNDO, UNDO, "<terminateEventDefinition/>"]
        thrown += [] if top or self.calm else [ERROR]
        self.guards(depth, parts, inside=not top and not called)
        parts.append(f'<startEvent id="{start}"/><endEvent id="{end}">{self.random.choice(thrown)}</endEvent>')
        flows += [(start, first, None), (last, end, None)]
        return "".join(parts) + self.flows(flows)

    def guards(self, depth: int, parts: list[str], inside: bool) -> None:
        """Event sub-processes of a scope."""
        if self.calm:
            return
        kinds = [*MESSAGES, ERROR, CATCH_ALL, ESCALATION, SIGNAL, HOUR, CONDITION, SEVERAL] + ([UNDO] if inside else [])
        for definition in self.random.sample(kinds, self.random.choice([0, 0, 0, 1, 2])):
            once = (
                "error" in definition,
                definition == UNDO,
                SIGNAL in definition,
            )  # a signal that throws itself never ends
            goes_on = not any(once) and self.random.random() < 0.5
            flag = ' isInterrupting="false"' if goes_on else ""
            id, start, end = self.id("ev"), self.id("s"), self.id("e")
            inner: list[str] = []
            flows: list[tuple[str, str, str | None]] = []
            first, last = self.block(min(depth - 1, 1) if depth else 0, inner, flows)
            thrown = self.random.choice(["", "", "", ESCALATION, UNDO, ERROR if inside else ""])
            flows += [(start, first, None), (last, end, None)]
            parts.append(
                f'<subProcess id="{id}" triggeredByEvent="true"><startEvent id="{start}"{flag}>{definition}</startEvent>'
                f'<endEvent id="{end}">{thrown}</endEvent>{"".join(inner)}{self.flows(flows)}</subProcess>'
            )

    def undone(self, host: str, parts: list[str]) -> None:
        """Perhaps a compensation handler."""
        if self.calm or self.random.random() < 0.5:
            return
        event, tag = self.id("b"), self.random.choice(["userTask", "task"])
        parts.append(
            f'<boundaryEvent id="{event}" attachedToRef="{host}">{UNDO}</boundaryEvent>'
            f'<{tag} id="undo_{host}" isForCompensation="true"/>'
            f'<association id="{self.id("as")}" sourceRef="{event}" targetRef="undo_{host}"/>'
        )

    def flows(self, flows: list[tuple[str, str, str | None]]) -> str:
        return "".join(f"{a} -> {b}{f' : {condition}' if condition else ''}\n" for a, b, condition in flows)

    def attach(self, host: str, parts: list[str], flows: list[tuple[str, str, str | None]]) -> None:
        """Boundary events; their paths end on their own."""
        self.undone(host, parts)
        if self.calm:
            return
        kinds = (*MESSAGES, ERROR, CATCH_ALL, ESCALATION, SIGNAL, HOUR, CONDITION, SEVERAL)
        for definition in self.random.sample(kinds, self.random.choice([0, 0, 1, 2])):
            interrupting = "error" in definition or self.random.random() < 0.5
            event, task, end = self.id("b"), self.id("u"), self.id("e")
            parts.append(
                f'<boundaryEvent id="{event}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">{definition}</boundaryEvent>'
                f'<userTask id="{task}"/><endEvent id="{end}"/>'
            )
            flows += [(event, task, None), (task, end, None)]

    def loop(self) -> str:
        """Perhaps a multi-instance loop."""
        if self.random.random() < 0.7:
            return ""
        sequential = str(self.random.random() < 0.5).lower()
        condition = (
            "<completionCondition>nrOfCompletedInstances = 1</completionCondition>"
            if self.random.random() < 0.3
            else ""
        )
        return f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>{self.random.randint(0, 3)}</loopCardinality>{condition}</multiInstanceLoopCharacteristics>'

    def block(self, depth: int, parts: list[str], flows: list[tuple[str, str, str | None]]) -> tuple[str, str]:
        """A piece with one way in and one way out: ids of its first and last element."""
        kinds = [
            "task",
            "task",
            "seq",
            "seq",
            "par",
            "inc",
            "xor",
            "sub",
            "call",
            "throw",
            "again",
            "race",
            "service",
            "script",
            "adhoc",
            "transaction",
            "link",
            "complex",
        ]
        if self.calm:
            kinds = [
                "task",
                "task",
                "seq",
                "seq",
                "par",
                "par",
                "inc",
                "xor",
                "sub",
                "call",
                "again",
                "race",
                "service",
            ]
        kind = self.random.choice(kinds if depth else ["task", "task", "service"])
        if kind in ("task", "service"):
            id = self.id("u")
            tag = "userTask" if kind == "task" else 'serviceTask camunda:topic="t"'
            parts.append(f'<{tag} id="{id}">{self.loop()}</{tag.split()[0]}>')
            self.attach(id, parts, flows)
            return id, id
        if kind == "script":
            id = self.id("t")
            parts.append(f'<scriptTask id="{id}"><script>v{id} = {self.numbers}</script></scriptTask>')
            return id, id
        if kind == "throw":
            id = self.id("t")
            parts.append(
                f'<intermediateThrowEvent id="{id}">{self.random.choice([ESCALATION, SIGNAL, *MESSAGES, UNDO, UNDO, UNDO, UNDO])}</intermediateThrowEvent>'
            )
            return id, id
        if kind == "seq":
            a, b = self.block(depth - 1, parts, flows), self.block(depth - 1, parts, flows)
            flows.append((a[1], b[0], None))
            return a[0], b[1]
        if kind == "sub":
            id = self.id("x")
            parts.append(f'<subProcess id="{id}">{self.loop()}{self.scope(depth - 1)}</subProcess>')
            self.attach(id, parts, flows)
            return id, id
        if kind == "adhoc":
            id, a, b = self.id("x"), self.id("u"), self.id("u")
            order = self.random.choice(["Sequential", "Parallel"])
            keeps = self.random.choice(["true", "false"])
            inner: list[str] = [f'<userTask id="{a}"/><userTask id="{b}">{self.loop()}</userTask>']
            self.undone(a, inner)
            condition = self.random.choice(["", "<completionCondition>last &gt; 20</completionCondition>"])
            parts.append(
                f'<adHocSubProcess id="{id}" ordering="{order}" cancelRemainingInstances="{keeps}">'
                f"{''.join(inner)}{condition}</adHocSubProcess>"
            )
            self.attach(id, parts, flows)
            return id, id
        if kind == "transaction":
            id, start, split, good, bad, out, boundary = (self.id(p) for p in ("x", "s", "g", "e", "e", "t", "b"))
            inner, within = [], []
            first, last = self.block(depth - 1, inner, within)
            within += [(start, first, None), (last, split, None), (split, good, "last = null or last < 9")]
            within += [(split, bad, "last >= 9")]
            parts.append(
                f'<transaction id="{id}">{self.loop()}<startEvent id="{start}"/><exclusiveGateway id="{split}"/>'
                f'<endEvent id="{good}"/><endEvent id="{bad}">{CANCEL}</endEvent>{"".join(inner)}{self.flows(within)}</transaction>'
                f'<boundaryEvent id="{boundary}" attachedToRef="{id}">{CANCEL}</boundaryEvent><exclusiveGateway id="{out}"/>'
            )
            flows += [(id, out, None), (boundary, out, None)]
            return id, out
        if kind == "link":
            a, b = self.id("t"), self.id("t")
            link = f'<linkEventDefinition name="{a}"/>'
            parts.append(
                f'<intermediateThrowEvent id="{a}">{link}</intermediateThrowEvent>'
                f'<intermediateCatchEvent id="{b}">{link}</intermediateCatchEvent>'
            )
            return a, b
        if kind == "complex":
            split, join = self.id("g"), self.id("g")
            parts.append(
                f'<parallelGateway id="{split}"/><complexGateway id="{join}">'
                f"<activationCondition>activationCount &gt;= {self.random.choice([1, 2])}</activationCondition></complexGateway>"
            )
            for _ in range(2):
                one = self.block(depth - 1, parts, flows)
                flows += [(split, one[0], None), (one[1], join, None)]
            return split, join
        if kind == "call":
            id, key = self.id("c"), self.id("q")
            self.called.append(process(self.scope(depth - 1, called=True), key))
            parts.append(f'<callActivity id="{id}" calledElement="{key}">{self.loop()}</callActivity>')
            self.attach(id, parts, flows)
            return id, id
        if kind == "race":
            gateway, join = self.id("g"), self.id("g")
            a, b = self.id("m"), self.id("m")
            parts.append(
                f'<eventBasedGateway id="{gateway}"/><intermediateCatchEvent id="{a}">{self.random.choice(MESSAGES)}</intermediateCatchEvent>'
                f'<intermediateCatchEvent id="{b}">{HOUR}</intermediateCatchEvent><exclusiveGateway id="{join}"/>'
            )
            flows += [(gateway, a, None), (gateway, b, None), (a, join, None), (b, join, None)]
            return gateway, join
        if kind == "again":
            merge, split, inner = self.id("g"), self.id("g"), self.block(depth - 1, parts, flows)
            counter = self.id("n")
            script = self.id("t")
            parts.append(
                f'<exclusiveGateway id="{merge}"/><scriptTask id="{script}"><script>{counter} = if {counter} = null then 1 else {counter} + 1</script></scriptTask>'
                f'<exclusiveGateway id="{split}"/>'
            )
            out = self.id("t")
            parts.append(f'<task id="{out}"/>')
            flows += [
                (merge, script, None),
                (script, inner[0], None),
                (inner[1], split, None),
                (split, merge, f"{counter} = null or {counter} < 3" if self.calm else f"{counter} < 3"),
                (split, out, f"{counter} >= 3"),
            ]
            return merge, out
        tag = {"par": "parallelGateway", "inc": "inclusiveGateway", "xor": "exclusiveGateway"}[kind]
        split, join = self.id("g"), self.id("g")
        parts.append(f'<{tag} id="{split}"/><{tag} id="{join}"/>')
        for branch in range(self.random.choice([2, 2, 3])):
            inner = self.block(depth - 1, parts, flows)
            condition = None if kind == "par" else "true" if branch == 0 else self.random.choice(["true", "false"])
            flows += [(split, inner[0], condition), (inner[1], join, None)]
        return split, join
