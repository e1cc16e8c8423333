"""Diagrams that the linter lets pass, run: nothing automatic lasts, grows or spreads without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from service.engine import Run, WaitKind
from tests.engine.drive import CALENDAR, MONDAY, program_of
from tests.escapes.trying import Place

SLOW = 'matches(text, "^(a+)+$")'
HEAVY = "count(for i in 1..1000000000 return i)"
TEXT = {"text": "a" * 40 + "!", "n": 7, "many": list(range(3_000))}
END = '<endEvent id="E"/>'
START = '<startEvent id="S"/>'


def script(lines: str, id: str = "A") -> str:
    return f'<scriptTask id="{id}" scriptFormat="feel"><script>{lines}</script></scriptTask>'


def fan(kind: str, condition: str, count: int) -> str:
    """A gateway with so many conditions."""
    flows = "\n".join(f"G -> T{n} : {condition} or {n} = -1" for n in range(count))
    tasks = "".join(f'<userTask id="T{n}"/>' for n in range(count))
    ends = "\n".join(f"T{n} -> E" for n in range(count))
    return f'{START}<{kind} id="G" default="d"/>{tasks}{END}\nS -> G\n{flows}\n{ends}\n<sequenceFlow id="d" sourceRef="G" targetRef="E"/>'


def circle(lines: str) -> str:
    """A circle that goes on while n is more than 0; each turn runs a script."""
    return (
        f'{START}<exclusiveGateway id="M"/>{script(lines)}<exclusiveGateway id="G" default="back"/>{END}'
        '\nS -> M\nM -> A\nA -> G\nG -> E : n = 0\n<sequenceFlow id="back" sourceRef="G" targetRef="M"/>'
    )


def instances(inside: str, body: str = '<userTask id="A">', end: str = "</userTask>") -> str:
    return (
        f"{START}{body}<multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics>{end}{END}"
        "\nS -> A\nA -> E\n"
    )


def many(count: str) -> str:
    return f"<loopCardinality>{count}</loopCardinality>"


def sub(inside: str) -> str:
    """A sub-process as the body of a loop, with a start and an end of its own."""
    return f'<subProcess id="A"><startEvent id="A1"/>{inside}<endEvent id="A2"/><sequenceFlow id="a1" sourceRef="A1" targetRef="B"/><sequenceFlow id="a2" sourceRef="B" targetRef="A2"/>'


def forks(depth: int) -> str:
    """Parallel gateways that double without ever joining."""
    nodes = "".join(f'<parallelGateway id="P{n}"/>' for n in range(depth))
    flows = "\n".join(f"P{n} -> P{n + 1}\nP{n} -> P{n + 1}" for n in range(depth - 1))
    return f"{START}{nodes}{END}\nS -> P0\n{flows}\nP{depth - 1} -> E\n"


CASES = {
    "a circle of scripts": circle("n = n"),
    "a circle that doubles a text": circle("text = text + text"),
    "a circle that doubles a list": circle("many = concatenate(many, many)"),
    "a circle that nests": circle("many = [many, many]"),
    "a circle of new variables": circle("n = n + 1"),
    "a circle of slow scripts": circle(f"x = {SLOW}"),
    "a slow script of five hundred lines": f"{START}{script(chr(10).join(f'x{n} = {SLOW}' for n in range(500)))}{END}\nS -> A\nA -> E\n",
    "three hundred slow conditions": fan("exclusiveGateway", SLOW, 300),
    "three hundred slow conditions of an inclusive gateway": fan("inclusiveGateway", SLOW, 300),
    "three hundred heavy conditions": fan("exclusiveGateway", f"{HEAVY} = 1", 300),
    "instances by a range": instances(many(HEAVY)),
    "instances by a large number": instances(many("1000000000 * n")),
    "instances by a negative number": instances(many("0 - n")),
    "instances by a text": instances(many('"7"')),
    "ten thousand instances with ten thousand instances": instances(many("10000"), sub(f'<userTask id="B"><multiInstanceLoopCharacteristics>{many("10000")}</multiInstanceLoopCharacteristics></userTask>'), "</subProcess>"),
    "a collection of a million": instances("<loopCardinality>count(for i in 1..1000000 return i)</loopCardinality>"),
    "slow instances": instances(many("3000"), f'<scriptTask id="A" scriptFormat="feel"><script>x = {SLOW}</script>', "</scriptTask>"),
    "instances that each keep a text": instances(many("5000"), '<scriptTask id="A" scriptFormat="feel"><script>x = string join(for i in 1..2000 return text, "")</script>', "</scriptTask>"),
    "a loop without end": f'{START}<scriptTask id="A" scriptFormat="feel"><standardLoopCharacteristics><loopCondition>true</loopCondition></standardLoopCharacteristics><script>n = n + 1</script></scriptTask>{END}\nS -> A\nA -> E\n',
    "a loop without end that grows": f'{START}<scriptTask id="A" scriptFormat="feel"><standardLoopCharacteristics><loopCondition>true</loopCondition></standardLoopCharacteristics><script>text = text + text</script></scriptTask>{END}\nS -> A\nA -> E\n',
    "forks that double twenty times": forks(20),
    "a thousand tokens out of one": f'{START}<userTask id="A" completionQuantity="1000"/><task id="B" completionQuantity="1000"/>{END}\nS -> B\nB -> A\nA -> E\n',
    "a process that calls itself": f'{START}<callActivity id="A" calledElement="p"/>{END}\nS -> A\nA -> E\n',
    "a process that calls itself twice": f'{START}<callActivity id="A" calledElement="p"/><callActivity id="B" calledElement="p"/>{END}\nS -> A\nS -> B\nA -> E\nB -> E\n',
    "a process that calls itself a hundred times": instances(many("100"), '<callActivity id="A" calledElement="p">', "</callActivity>"),
    "a million timers a second": f'{START}<userTask id="A"/><boundaryEvent id="B" attachedToRef="A" cancelActivity="false"><timerEventDefinition><timeCycle>R1000000/PT1S</timeCycle></timerEventDefinition></boundaryEvent>{END}\nS -> A\nA -> E\nB -> E\n',
    "a timer that begins three thousand tasks every second": f'{START}<userTask id="A"/><userTask id="B"><multiInstanceLoopCharacteristics>{many("3000")}</multiInstanceLoopCharacteristics></userTask><boundaryEvent id="T" attachedToRef="A" cancelActivity="false"><timerEventDefinition><timeCycle>R1000000/PT1S</timeCycle></timerEventDefinition></boundaryEvent>{END}\nS -> A\nA -> E\nT -> B\nB -> E\n',
    "a cron of every second": f'{START}<userTask id="A"/><boundaryEvent id="B" attachedToRef="A" cancelActivity="false"><timerEventDefinition><timeCycle>* * * * * ?</timeCycle></timerEventDefinition></boundaryEvent>{END}\nS -> A\nA -> E\nB -> E\n',
    "a cron of nothing": f'{START}<intermediateCatchEvent id="A"><timerEventDefinition><timeCycle>0 0 0 31 2 ?</timeCycle></timerEventDefinition></intermediateCatchEvent>{END}\nS -> A\nA -> E\n',
    "a timer out of a variable": f'{START}<intermediateCatchEvent id="A"><timerEventDefinition><timeDuration>="P" + text + "D"</timeDuration></timerEventDefinition></intermediateCatchEvent>{END}\nS -> A\nA -> E\n',
    "a timer that ends with time": f'{START}<intermediateCatchEvent id="A"><timerEventDefinition><timeDuration>P9999Y</timeDuration></timerEventDefinition></intermediateCatchEvent>{END}\nS -> A\nA -> E\n',
    "a slow condition that is waited for": f'{START}<intermediateCatchEvent id="A"><conditionalEventDefinition><condition>{SLOW.replace(chr(34), "&quot;")}</condition></conditionalEventDefinition></intermediateCatchEvent>{END}\nS -> A\nA -> E\n',
    "a person by an expression": f'{START}<userTask id="A" camunda:assignee="${{text}}" camunda:candidateGroups="${{n}}" camunda:dueDate="=&quot;x&quot;"/>{END}\nS -> A\nA -> E\n',
    "a form by an expression": f'{START}<userTask id="A" camunda:formKey="=&quot;../../../../@SECRET@&quot;"/>{END}\nS -> A\nA -> E\n',
}  # fmt: skip


@contextmanager
def prepared(place: Place) -> Iterator[Callable[[str], object]]:
    """A case is started and settles with the budget of the service; then four timers fire, each a settling of its own."""

    def perform(body: str) -> object:
        try:
            program = program_of(place.filled(body))
            run = Run.start(program, case_id=uuid4(), now=MONDAY, calendar=CALENDAR, variables=dict(TEXT))
        except Exception as failure:
            if type(failure).__module__.startswith("service."):
                return f"refused: {failure}"
            raise
        outcome = run.settle()
        for _ in range(4):
            timers = [one for one in run.waits().values() if one.kind is WaitKind.TIMER]
            if timers:
                run.fire(timers[0].id)
                run.settle()
        return f"{outcome.steps} steps, {len(outcome.opened)} waits, {outcome.ended}, {len(outcome.state or b'')} bytes"

    yield perform
