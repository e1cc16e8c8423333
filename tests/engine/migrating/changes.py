"""The kinds of change: old and new diagram, where the case stands, the verdict, and what is done until its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.engine.drive import CYCLE, ESCALATION, HOUR, MESSAGE, SIGNAL, process

AS_IS, MAPPED, IMPOSSIBLE = "AS_IS", "MAPPED", "IMPOSSIBLE"
TWO_HOURS = "<timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>"
UNDO = "<compensateEventDefinition/>"


@dataclass(frozen=True, kw_only=True)
class Change:
    """`reach`: acts of the old version before; `done`: what is done after the migration until the end, or, where it is
    impossible, in the old version that goes on; `code`: the first reason."""

    name: str
    old: str
    new: str
    reach: tuple[str, ...] = ()
    verdict: str = AS_IS
    code: str | None = None
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    armed: tuple[str, ...] = ()
    recounted: tuple[str, ...] = ()


def tasks(*names: str, more: str = "") -> str:
    """A line of user tasks."""
    flows = "".join(f"{a} -> {b};" for a, b in zip(("s", *names), (*names, "e"), strict=True))
    return '<startEvent id="s"/><endEvent id="e"/>' + "".join(map(task, names)) + more + flows


def task(name: str, inside: str = "", label: str = "") -> str:
    """One user task."""
    return f'<userTask id="{name}" name="{label}">{inside}</userTask>'


def gate(kind: str, *branches: str, before: str = "a", after: str = "z") -> str:
    """a, a split into branches (each `x` or `x y`), a join, z."""
    parts = [
        f'<startEvent id="s"/>{task(before)}<{kind}Gateway id="fork"/><{kind}Gateway id="join"/>{task(after)}<endEvent id="e"/>'
    ]
    flows = [f"s -> {before};{before} -> fork;join -> {after};{after} -> e;"]
    for branch in branches:
        names = branch.split()
        parts += [task(name) for name in names]
        flows += [f"{one} -> {other};" for one, other in zip(("fork", *names), (*names, "join"), strict=True)]
    return "".join(parts + flows)


def boundary(host: str, definition: str, id: str = "late", to: str = "u", interrupting: bool = True) -> str:
    """A boundary event and the task it leads to."""
    flag = "" if interrupting else ' cancelActivity="false"'
    return (
        f'<boundaryEvent id="{id}" attachedToRef="{host}"{flag}>{definition}</boundaryEvent>{task(to)}'
        f'<endEvent id="end_{id}"/>{id} -> {to};{to} -> end_{id};'
    )


def sub(name: str, *names: str, inside: str = "", tag: str = "subProcess", attributes: str = "") -> str:
    """A sub-process with a line of tasks."""
    flows = "".join(f"{a} -> {b};" for a, b in zip((f"{name}s", *names), (*names, f"{name}e"), strict=True))
    return (
        f'<{tag} id="{name}"{attributes}>{inside}<startEvent id="{name}s"/><endEvent id="{name}e"/>'
        f"{''.join(map(task, names))}{flows}</{tag}>"
    )


def around(middle: str, name: str = "x") -> str:
    """a, something, z."""
    return f'<startEvent id="s"/>{task("a")}{middle}{task("z")}<endEvent id="e"/>s -> a;a -> {name};{name} -> z;z -> e;'


def many(count: str = "3", *, sequential: bool = False, condition: str = "", more: str = "") -> str:
    """A multi-instance loop."""
    ends = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"{more}><loopCardinality>{count}'
        f"</loopCardinality>{ends}</multiInstanceLoopCharacteristics>"
    )


def guard(definition: str, id: str = "ev", to: str = "w", interrupting: bool = True) -> str:
    """An event sub-process with one task."""
    flag = "" if interrupting else ' isInterrupting="false"'
    return (
        f'<subProcess id="{id}" triggeredByEvent="true"><startEvent id="{id}s"{flag}>{definition}</startEvent>{task(to)}'
        f'<endEvent id="{id}e"/>{id}s -> {to};{to} -> {id}e;</subProcess>'
    )


def calls(called: str, *names: str, key: str = "q") -> str:
    """a, a call, z; and the called process with a line of tasks."""
    main = process(around(f'<callActivity id="x" calledElement="{called}"/>'))
    line = "".join(f"{a} -> {b};" for a, b in zip(("qs", *names), (*names, "qe"), strict=True))
    inner = f'<startEvent id="qs"/><endEvent id="qe"/>{"".join(map(task, names))}{line}'
    return main + process(inner, key)


def race(*branches: tuple[str, str]) -> str:
    """a, an event-based gateway with events, z."""
    parts = [
        f'<startEvent id="s"/>{task("a")}<eventBasedGateway id="g"/><exclusiveGateway id="m"/>{task("z")}<endEvent id="e"/>'
    ]
    flows = ["s -> a;a -> g;m -> z;z -> e;"]
    for id, definition in branches:
        parts.append(f'<intermediateCatchEvent id="{id}">{definition}</intermediateCatchEvent>')
        flows.append(f"g -> {id};{id} -> m;")
    return "".join(parts + flows)


def catch(definition: str) -> str:
    """a, a catch event, z."""
    return around(f'<intermediateCatchEvent id="x">{definition}</intermediateCatchEvent>')


def undone(*, handler: bool = True) -> str:
    """a with something that undoes it, b, a throw that undoes, z."""
    more = (
        f'<boundaryEvent id="ub" attachedToRef="a">{UNDO}</boundaryEvent><userTask id="undo" isForCompensation="true"/>'
        '<association id="as" sourceRef="ub" targetRef="undo"/>'
        if handler
        else ""
    )
    return (
        f'<startEvent id="s"/>{task("a")}{task("b")}<intermediateThrowEvent id="t">{UNDO}</intermediateThrowEvent>'
        f'{task("z")}<endEvent id="e"/>{more}s -> a;a -> b;b -> t;t -> z;z -> e;'
    )


LINE, PAR = tasks("a", "b", "c"), gate("parallel", "b", "c")
LOOPED = '<standardLoopCharacteristics loopMaximum="{}"/>'
MI = around(task("x", many()))
CHOICE = (
    f'<startEvent id="s"/>{task("a")}<exclusiveGateway id="g"/>{task("b")}{task("c")}<exclusiveGateway id="m"/>{task("z")}'
    '<endEvent id="e"/>s -> a;a -> g;g -> b : way = 1\ng -> c : {}\nb -> m;c -> m;m -> z;z -> e;'
)
REPEATED = (
    f'<startEvent id="s"/><exclusiveGateway id="m"/>{task("a")}<exclusiveGateway id="g"/>{{more}}<endEvent id="e"/>'
    "s -> m;m -> a;{flows}g -> m : again = true\ng -> e : again != true\n"
)

CHANGES = (
    # -- a line
    Change(name="insert before", old=LINE, new=tasks("n", "a", "b", "c"), reach=("a",), done=("b", "c")),
    Change(name="insert right before", old=LINE, new=tasks("a", "n", "b", "c"), reach=("a",), done=("b", "c")),
    Change(name="insert after", old=LINE, new=tasks("a", "b", "n", "c"), reach=("a",), done=("b", "n", "c")),
    Change(name="insert at the end", old=LINE, new=tasks("a", "b", "c", "n"), reach=("a",), done=("b", "c", "n")),
    Change(name="remove done", old=LINE, new=tasks("b", "c"), reach=("a",), done=("b", "c")),
    Change(name="remove future", old=LINE, new=tasks("a", "b"), reach=("a",), done=("b",)),
    Change(
        name="remove active",
        old=LINE,
        new=tasks("a", "c"),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("b", "c"),
    ),
    Change(
        name="remove active, mapped on",
        old=LINE,
        new=tasks("a", "c"),
        reach=("a",),
        verdict=MAPPED,
        mapping={"b": "c", "c": None},
        done=("c",),
    ),
    Change(
        name="rename id, seen by neighbourhood",
        old=LINE,
        new=tasks("a", "b2", "c"),
        reach=("a",),
        verdict=MAPPED,
        done=("b2", "c"),
    ),
    Change(
        name="rename id, seen by name",
        old='<startEvent id="s"/><endEvent id="e"/>' + task("b", label="审查") + "s -> b;b -> e;",
        new='<startEvent id="s"/><endEvent id="e"/>'
        + task("n")
        + task("b2", label="审查")
        + task("c")
        + "s -> n;n -> b2;b2 -> c;c -> e;",
        verdict=MAPPED,
        done=("b2", "c"),
    ),
    Change(
        name="rename name only",
        old=tasks("a"),
        new='<startEvent id="s"/><endEvent id="e"/>' + task("a", label="初审") + "s -> a;a -> e;",
        done=("a",),
    ),
    Change(name="swap the order", old=LINE, new=tasks("a", "c", "b"), reach=("a",), done=("b",)),
    Change(
        name="unmapped by hand",
        old=LINE,
        new=LINE,
        reach=("a",),
        mapping={"b": None},
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("b", "c"),
    ),
    # -- types
    Change(
        name="user to manual task",
        old=LINE,
        new=LINE.replace(task("b"), '<manualTask id="b"/>'),
        reach=("a",),
        done=("b", "c"),
    ),
    Change(
        name="user to service task",
        old=LINE,
        new=LINE.replace(task("b"), '<serviceTask id="b" camunda:topic="t"/>'),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="TYPE_CHANGED",
        done=("b", "c"),
    ),
    Change(
        name="user to receive task",
        old=LINE,
        new=LINE.replace(task("b"), '<receiveTask id="b" messageRef="M1"/>'),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="TYPE_CHANGED",
        done=("b", "c"),
    ),
    Change(
        name="whose the active is changed",
        old=LINE,
        new=LINE.replace('<userTask id="b"', '<userTask id="b" zw:role="chief_rep" zw:dept="104"'),
        reach=("a",),
        done=("b", "c"),
    ),
    Change(
        name="type of a future task",
        old=LINE,
        new=LINE.replace(task("c"), '<serviceTask id="c" camunda:topic="t"/>'),
        reach=("a",),
        done=("b", "c"),
    ),
    Change(
        name="topic to action",
        old=around('<serviceTask id="x" camunda:topic="t"/>'),
        new=around('<serviceTask id="x" zw:action="notify"/>'),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="WORK_CHANGED",
        done=("x", "z"),
    ),
    Change(
        name="another topic",
        old=around('<serviceTask id="x" camunda:topic="t"/>'),
        new=around('<serviceTask id="x" camunda:topic="t2"/>'),
        reach=("a",),
        done=("x", "z"),
    ),
    # -- gateways
    Change(
        name="insert a choice ahead",
        old=LINE,
        new=tasks("a", "b", "c").replace("b -> c;", "")
        + f'<exclusiveGateway id="g"/>{task("n")}b -> g;g -> c : true\ng -> n : false\nn -> e;',
        reach=("a",),
        done=("b", "c"),
    ),
    Change(
        name="condition changed ahead",
        old=CHOICE.format("true"),
        new=CHOICE.format("way = 2").replace("way = 1", "way = 3"),
        variables={"way": 2},
        done=("a", "c", "z"),
    ),
    Change(
        name="branch added to a choice",
        old=CHOICE.format("true"),
        new=CHOICE.format("true") + f"{task('d')}g -> d : way = 9\nd -> m;",
        variables={"way": 1},
        reach=("a",),
        done=("b", "z"),
    ),
    Change(
        name="taken branch of a choice removed",
        old=CHOICE.format("true"),
        new=around(task("c"), "c"),
        variables={"way": 1},
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("b", "z"),
    ),
    Change(name="parallel inserted ahead", old=tasks("a", "z"), new=PAR, done=("a", "b", "c", "z")),
    Change(
        name="parallel inserted around the active",
        old=tasks("a", "b", "z"),
        new=PAR,
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="JOIN_STARVES",
        done=("b", "z"),
    ),
    Change(name="parallel inserted behind", old=tasks("a", "z"), new=PAR, reach=("a",), done=("z",)),
    Change(name="branch added ahead", old=PAR, new=gate("parallel", "b", "c", "d"), done=("a", "b", "c", "d", "z")),
    Change(
        name="branch added to a split that has run",
        old=PAR,
        new=gate("parallel", "b", "c", "d"),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="JOIN_STARVES",
        done=("b", "c", "z"),
    ),
    Change(
        name="task added in a branch",
        old=PAR,
        new=gate("parallel", "b n", "c"),
        reach=("a",),
        done=("b", "c", "n", "z"),
    ),
    Change(
        name="task added in a branch that has arrived",
        old=PAR,
        new=gate("parallel", "b n", "c"),
        reach=("a", "b"),
        done=("c", "z"),
    ),
    Change(
        name="task removed from a branch that has arrived",
        old=gate("parallel", "b n", "c"),
        new=PAR,
        reach=("a", "b", "n"),
        done=("c", "z"),
    ),
    Change(
        name="active branch removed",
        old=gate("parallel", "b", "c", "d"),
        new=PAR,
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("b", "c", "d", "z"),
    ),
    Change(
        name="arrived branch removed",
        old=gate("parallel", "b", "c", "d"),
        new=PAR,
        reach=("a", "d"),
        verdict=IMPOSSIBLE,
        code="JOIN_ARRIVAL_LOST",
        done=("b", "c", "z"),
    ),
    Change(
        name="branches mapped into one",
        old=PAR,
        new=gate("parallel", "b d", "n"),
        reach=("a",),
        mapping={"c": "d"},
        verdict=IMPOSSIBLE,
        code="JOIN_STARVES",
        done=("b", "c", "z"),
    ),
    Change(
        name="parallel becomes a line",
        old=PAR,
        new=tasks("a", "b", "c", "z"),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="WAYS_CONVERGE",
        done=("b", "c", "z"),
    ),
    Change(name="parallel becomes a line, ahead", old=PAR, new=tasks("a", "b", "c", "z"), done=("a", "b", "c", "z")),
    Change(
        name="parallel becomes a choice",
        old=PAR,
        new=PAR.replace("parallel", "exclusive"),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="WAYS_CONVERGE",
        done=("b", "c", "z"),
    ),
    Change(
        name="parallel becomes inclusive", old=PAR, new=gate("inclusive", "b", "c"), reach=("a", "b"), done=("c", "z")
    ),
    Change(
        name="inclusive becomes parallel", old=gate("inclusive", "b", "c"), new=PAR, reach=("a", "b"), done=("c", "z")
    ),
    Change(
        name="inclusive gets a branch after its split",
        old=gate("inclusive", "b", "c"),
        new=gate("inclusive", "b", "c", "d"),
        reach=("a", "b"),
        done=("c", "z"),
    ),
    Change(
        name="choice becomes parallel",
        old=CHOICE.format("true"),
        new=CHOICE.format("true")
        .replace("exclusiveGateway", "parallelGateway")
        .replace(" : way = 1\n", ";")
        .replace(" : true\n", ";"),
        variables={"way": 1},
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="JOIN_STARVES",
        done=("b", "z"),
    ),
    Change(
        name="choice becomes inclusive",
        old=CHOICE.format("true"),
        new=CHOICE.format("true").replace("exclusiveGateway", "inclusiveGateway"),
        variables={"way": 1},
        reach=("a",),
        done=("b", "z"),
    ),
    Change(
        name="join gets another id",
        old=PAR,
        new=PAR.replace("join", "meet"),
        reach=("a", "b"),
        verdict=MAPPED,
        done=("c", "z"),
    ),
    # -- events
    Change(
        name="boundary timer added on the active",
        old=LINE,
        new=LINE + boundary("b", HOUR),
        reach=("a",),
        armed=("late",),
        done=("b", "c"),
    ),
    Change(
        name="boundary timer removed from the active",
        old=LINE + boundary("b", HOUR),
        new=LINE,
        reach=("a",),
        dropped=("late",),
        done=("b", "c"),
    ),
    Change(
        name="boundary timer kept",
        old=LINE + boundary("b", HOUR),
        new=tasks("a", "b", "n", "c") + boundary("b", HOUR),
        reach=("a",),
        done=("b", "n", "c"),
    ),
    Change(
        name="boundary timer with another duration",
        old=LINE + boundary("b", HOUR),
        new=LINE + boundary("b", TWO_HOURS),
        reach=("a",),
        recounted=("late",),
        done=("b", "c"),
    ),
    Change(
        name="boundary timer becomes a message",
        old=LINE + boundary("b", HOUR),
        new=LINE + boundary("b", MESSAGE),
        reach=("a",),
        dropped=("late",),
        armed=("late",),
        done=("b", "c"),
    ),
    Change(
        name="boundary moved to another task",
        old=LINE + boundary("b", HOUR),
        new=LINE + boundary("c", HOUR),
        reach=("a",),
        dropped=("late",),
        done=("b", "c"),
    ),
    Change(
        name="boundary that interrupts no more",
        old=LINE + boundary("b", CYCLE, interrupting=False),
        new=LINE + boundary("b", CYCLE),
        reach=("a", "+1"),
        done=("b", "c", "u"),
    ),
    Change(
        name="path of a boundary that has fired gone",
        old=LINE + boundary("b", HOUR),
        new=LINE,
        reach=("a", "+1"),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("u",),
    ),
    Change(
        name="catch timer changed",
        old=catch(HOUR),
        new=catch(TWO_HOURS),
        reach=("a",),
        recounted=("x",),
        done=("x", "z"),
    ),
    Change(
        name="catch of another kind",
        old=catch(HOUR),
        new=catch(MESSAGE),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="TYPE_CHANGED",
        done=("x", "z"),
    ),
    Change(
        name="catch of another message",
        old=catch(MESSAGE),
        new=catch(MESSAGE.replace("M1", "M2")),
        reach=("a",),
        done=("x", "z"),
    ),
    Change(
        name="event added behind an event-based gateway",
        old=race(("m1", MESSAGE)),
        new=race(("m1", MESSAGE), ("t1", HOUR)),
        reach=("a",),
        armed=("t1",),
        done=("m1", "z"),
    ),
    Change(
        name="event removed behind an event-based gateway",
        old=race(("m1", MESSAGE), ("t1", HOUR)),
        new=race(("t1", HOUR)),
        reach=("a",),
        dropped=("m1",),
        done=("t1", "z"),
    ),
    Change(
        name="event sub-process added",
        old=LINE,
        new=LINE + guard(MESSAGE),
        reach=("a",),
        armed=("ev",),
        done=("b", "c"),
    ),
    Change(
        name="event sub-process removed",
        old=LINE + guard(MESSAGE),
        new=LINE,
        reach=("a",),
        dropped=("ev",),
        done=("b", "c"),
    ),
    Change(
        name="event sub-process of another event",
        old=LINE + guard(MESSAGE),
        new=LINE + guard(SIGNAL),
        reach=("a",),
        dropped=("ev",),
        armed=("ev",),
        done=("b", "c"),
    ),
    Change(
        name="event sub-process that runs, changed",
        old=LINE + guard(MESSAGE),
        new=LINE
        + guard(MESSAGE)
        .replace("w -> eve", "w -> w2;w2 -> eve")
        .replace('<endEvent id="eve"/>', f'<endEvent id="eve"/>{task("w2")}'),
        reach=("a", "msg m1"),
        done=("w", "w2"),
    ),
    Change(
        name="event sub-process that runs, removed",
        old=LINE + guard(MESSAGE),
        new=LINE,
        reach=("a", "msg m1"),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("w",),
    ),
    Change(
        name="event sub-process beside, kept",
        old=LINE + guard(MESSAGE, interrupting=False),
        new=tasks("a", "b", "n", "c") + guard(MESSAGE, interrupting=False),
        reach=("a", "msg m1"),
        done=("b", "n", "c", "w"),
    ),
    Change(
        name="escalation boundary added",
        old=LINE,
        new=LINE + boundary("b", ESCALATION, interrupting=False),
        reach=("a",),
        armed=("late",),
        done=("b", "c"),
    ),
    Change(
        name="message boundary removed from the active",
        old=LINE + boundary("b", MESSAGE),
        new=LINE,
        reach=("a",),
        dropped=("late",),
        done=("b", "c"),
    ),
    Change(
        name="message boundary added on the active",
        old=LINE,
        new=LINE + boundary("b", MESSAGE),
        reach=("a",),
        armed=("late",),
        done=("b", "c"),
    ),
    Change(
        name="boundary timer with another id",
        old=LINE + boundary("b", HOUR),
        new=LINE + boundary("b", HOUR, id="late2"),
        reach=("a",),
        done=("b", "c"),
    ),
    Change(
        name="path of a reminder that has fired gone",
        old=LINE + boundary("b", HOUR, interrupting=False),
        new=LINE,
        reach=("a", "+1"),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("b", "c", "u"),
    ),
    Change(
        name="event sub-process that ends the rest no more",
        old=LINE + guard(MESSAGE),
        new=LINE + guard(MESSAGE, interrupting=False),
        reach=("a",),
        done=("b", "c"),
    ),
    Change(
        name="event-based gateway becomes one event",
        old=race(("m1", MESSAGE), ("t1", HOUR)),
        new=catch(MESSAGE),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("m1", "z"),
    ),
    # -- scopes
    Change(
        name="inside of an open sub-process changed",
        old=around(sub("x", "v", "w")),
        new=around(sub("x", "v", "n", "w")),
        reach=("a",),
        done=("v", "n", "w", "z"),
    ),
    Change(
        name="sub-process with another id",
        old=around(sub("x", "v", "w")),
        new=around(sub("y", "v", "w").replace("ys", "xs").replace("ye", "xe"), "y"),
        reach=("a",),
        verdict=MAPPED,
        done=("v", "w", "z"),
    ),
    Change(
        name="active task put into a sub-process",
        old=tasks("a", "v", "z"),
        new=around(sub("x", "v")),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="ELEMENT_ELSEWHERE",
        done=("v", "z"),
    ),
    Change(
        name="sub-process dissolved around the active",
        old=around(sub("x", "v")),
        new=tasks("a", "v", "z"),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="SCOPE_DISSOLVED",
        done=("v", "z"),
    ),
    Change(
        name="active task taken out of a sub-process that stays",
        old=around(sub("x", "v", "w")),
        new=tasks("a", "v", more="").replace("v -> e;", "").replace('<endEvent id="e"/>', "")
        + sub("x", "w")
        + task("z")
        + '<endEvent id="e"/>v -> x;x -> z;z -> e;',
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="ELEMENT_ELSEWHERE",
        done=("v", "w", "z"),
    ),
    Change(
        name="task put into a sub-process, ahead",
        old=tasks("a", "v", "z"),
        new=around(sub("x", "v")),
        done=("a", "v", "z"),
    ),
    Change(
        name="sub-process dissolved, ahead", old=around(sub("x", "v")), new=tasks("a", "v", "z"), done=("a", "v", "z")
    ),
    Change(
        name="sub-process dissolved, behind",
        old=around(sub("x", "v")),
        new=tasks("a", "v", "z"),
        reach=("a", "v"),
        done=("z",),
    ),
    Change(
        name="sub-process becomes a call",
        old=around(sub("x", "v")),
        new=calls("q", "v"),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="TYPE_CHANGED",
        done=("v", "z"),
    ),
    Change(
        name="guard inside an open sub-process added",
        old=around(sub("x", "v")),
        new=around(sub("x", "v", inside=guard(MESSAGE))),
        reach=("a",),
        armed=("ev",),
        done=("v", "z"),
    ),
    Change(
        name="sub-process becomes a transaction",
        old=around(sub("x", "v")),
        new=around(sub("x", "v", tag="transaction")),
        reach=("a",),
        done=("v", "z"),
    ),
    Change(
        name="active in a sub-process removed",
        old=around(sub("x", "v", "w")),
        new=around(sub("x", "w")),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("v", "w", "z"),
    ),
    Change(
        name="timer on an open sub-process",
        old=around(sub("x", "v")),
        new=around(sub("x", "v")) + boundary("x", HOUR),
        reach=("a",),
        armed=("late",),
        done=("v", "z"),
    ),
    Change(
        name="called process with a new version",
        old=calls("q", "v", "w"),
        new=calls("q", "v", "n", "w"),
        reach=("a",),
        done=("v", "n", "w", "z"),
    ),
    Change(
        name="active in the called process with another id",
        old=calls("q", "v", "w"),
        new=calls("q", "v2", "w"),
        reach=("a",),
        verdict=MAPPED,
        done=("v2", "w", "z"),
    ),
    Change(
        name="reminder added in the called process",
        old=calls("q", "v"),
        new=calls("q", "v").replace(task("v"), task("v") + boundary("v", HOUR, interrupting=False)),
        reach=("a",),
        armed=("late",),
        done=("v", "z"),
    ),
    Change(
        name="called process behind the case changed",
        old=calls("q", "v"),
        new=calls("q", "k"),
        reach=("a", "v"),
        done=("z",),
    ),
    Change(
        name="active in the called process removed",
        old=calls("q", "v", "w"),
        new=calls("q", "w"),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("v", "w", "z"),
    ),
    Change(
        name="another process called",
        old=calls("q", "v"),
        new=calls("r", "v", key="r"),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="CALL_CHANGED",
        done=("v", "z"),
    ),
    Change(
        name="another process called, ahead", old=calls("q", "v"), new=calls("r", "k", key="r"), done=("a", "k", "z")
    ),
    Change(
        name="call becomes a task",
        old=calls("q", "v"),
        new=process(around(task("x"))),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="TYPE_CHANGED",
        done=("v", "z"),
    ),
    Change(
        name="ad-hoc block gets an activity",
        old=around(f'<adHocSubProcess id="x">{task("v")}</adHocSubProcess>'),
        new=around(f'<adHocSubProcess id="x">{task("v")}{task("w")}</adHocSubProcess>'),
        reach=("a", "begin v"),
        done=("v", "z"),
    ),
    # -- loops
    Change(
        name="multi-instance running, kept",
        old=MI,
        new=around(task("x", many())).replace("x -> z;", f"x -> n;n -> z;{task('n')}"),
        reach=("a", "x"),
        done=("x", "x", "n", "z"),
    ),
    Change(
        name="multi-instance running, another number",
        old=MI,
        new=around(task("x", many("9"))),
        reach=("a", "x"),
        done=("x", "x", "z"),
    ),
    Change(
        name="multi-instance running, another condition",
        old=MI,
        new=around(task("x", many(condition="nrOfCompletedInstances &gt;= 2"))),
        reach=("a", "x"),
        done=("x", "z"),
    ),
    Change(
        name="multi-instance becomes sequential",
        old=MI,
        new=around(task("x", many(sequential=True))),
        reach=("a", "x"),
        verdict=IMPOSSIBLE,
        code="LOOP_CHANGED",
        done=("x", "x", "z"),
    ),
    Change(
        name="multi-instance removed",
        old=MI,
        new=around(task("x")),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="LOOP_REMOVED",
        done=("x", "x", "x", "z"),
    ),
    Change(
        name="multi-instance added",
        old=around(task("x")),
        new=MI,
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="LOOP_ADDED",
        done=("x", "z"),
    ),
    Change(name="multi-instance added, ahead", old=around(task("x")), new=MI, done=("a", "x", "x", "x", "z")),
    Change(
        name="multi-instance with another id",
        old=MI,
        new=around(task("y", many()), "y"),
        reach=("a", "x"),
        verdict=MAPPED,
        done=("y", "y", "z"),
    ),
    Change(
        name="multi-instance becomes a loop",
        old=MI,
        new=around(task("x", LOOPED.format(3))),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="LOOP_CHANGED",
        done=("x", "x", "x", "z"),
    ),
    Change(
        name="body of a running loop changed",
        old=around(sub("x", "v", inside=many("2"))),
        new=around(sub("x", "v", "w", inside=many("2"))),
        reach=("a",),
        done=("v", "v", "w", "w", "z"),
    ),
    Change(
        name="standard loop with another maximum",
        old=around(task("x", LOOPED.format(4))),
        new=around(task("x", LOOPED.format(2))),
        reach=("a", "x"),
        done=("x", "z"),
    ),
    Change(
        name="way back inserted",
        old=REPEATED.format(more="", flows="a -> g;").replace("g -> m : again = true\n", ""),
        new=REPEATED.format(more="", flows="a -> g;"),
        done=("a",),
    ),
    Change(
        name="way back removed while it is gone round",
        old=REPEATED.format(more="", flows="a -> g;"),
        new=REPEATED.format(more="", flows="a -> g;").replace(
            "g -> m : again = true\ng -> e : again != true\n", "g -> e;"
        ),
        reach=("a",),
        variables={"again": True},
        done=("a",),
    ),
    Change(
        name="standard loop added around the active",
        old=around(task("x")),
        new=around(task("x", LOOPED.format(3))),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="LOOP_ADDED",
        done=("x", "z"),
    ),
    Change(
        name="standard loop removed while it runs",
        old=around(task("x", LOOPED.format(3))),
        new=around(task("x")),
        reach=("a", "x"),
        verdict=IMPOSSIBLE,
        code="LOOP_REMOVED",
        done=("x", "x", "z"),
    ),
    Change(
        name="reminder added on a running multi-instance",
        old=MI,
        new=MI + boundary("x", HOUR, interrupting=False),
        reach=("a", "x"),
        armed=("late",),
        done=("x", "x", "z"),
    ),
    Change(
        name="multi-instance running, removed",
        old=MI,
        new=tasks("a", "z"),
        reach=("a", "x"),
        verdict=IMPOSSIBLE,
        code="ELEMENT_GONE",
        done=("x", "x", "z"),
    ),
    Change(
        name="way back with more in it",
        old=REPEATED.format(more="", flows="a -> g;"),
        new=REPEATED.format(more=task("b"), flows="a -> b;b -> g;"),
        done=("a", "b"),
    ),
    # -- compensation
    Change(
        name="handler kept",
        old=undone(),
        new=undone().replace("b -> t;", f"b -> n;n -> t;{task('n')}"),
        reach=("a",),
        done=("b", "n", "undo", "z"),
    ),
    Change(
        name="handler of what is done removed",
        old=undone(),
        new=undone(handler=False),
        reach=("a",),
        verdict=IMPOSSIBLE,
        code="COMPENSATION_LOST",
        done=("b", "undo", "z"),
    ),
    Change(name="handler of what is to come removed", old=undone(), new=undone(handler=False), done=("a", "b", "z")),
    Change(
        name="while something is undone",
        old=undone(),
        new=undone(),
        reach=("a", "b"),
        verdict=IMPOSSIBLE,
        code="COMPENSATING",
        done=("undo", "z"),
    ),
)
