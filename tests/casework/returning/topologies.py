"""Shapes of processes, each with a place to stand at and what every operation does from there.

Every user task has a desk, a limit (so a clock) and a timer of its own, `T_<task>`, so that whoever asserts the open tasks
asserts tokens, clocks and timers too. A refusal is written as its code; `NO_LOOP` is 加签 where nobody is asked in a loop.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.engine.drive import HOUR, process

Open = tuple[str, ...]  # elements of open tasks, in order, each as often as it is open
MANY = "<multiInstanceLoopCharacteristics{flag}><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
SEQUENTIAL = ' isSequential="true"'
JOINED = (
    '<startEvent id="s"/><userTask id="a"/><{kind}Gateway id="fork"/><userTask id="b1"/><userTask id="b2"/><userTask id="c1"/>'
    '<{kind}Gateway id="join"/><userTask id="z"/><endEvent id="e"/>s -> a;a -> fork;fork -> b1{left};b1 -> b2;fork -> c1{right};'
    "b2 -> join;c1 -> join;join -> z;z -> e;"
)
SIGNED = (
    '<startEvent id="s"/><userTask id="a"/><userTask id="sign">{loop}</userTask><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> sign;sign -> z;z -> e;"
)
U_V = '<startEvent id="xs"/><userTask id="u"/><userTask id="v"/><endEvent id="xe"/>xs -> u;u -> v;v -> xe;'
EMBEDDED = (
    f'<startEvent id="s"/><userTask id="a"/><subProcess id="x">{U_V}</subProcess><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> x;x -> z;z -> e;"
)
CALLED = process(
    '<startEvent id="s"/><userTask id="a"/><callActivity id="c" calledElement="q"/><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> c;c -> z;z -> e;"
) + process(U_V, "q")
NESTED = (
    '<startEvent id="s"/><userTask id="a"/><parallelGateway id="f1"/><userTask id="h"/><parallelGateway id="f2"/>'
    '<userTask id="q"/><userTask id="r"/><parallelGateway id="j2"/><userTask id="t"/><userTask id="u"/>'
    '<parallelGateway id="j1"/><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> f1;f1 -> h;h -> f2;f2 -> q;f2 -> r;q -> j2;r -> j2;j2 -> t;t -> j1;f1 -> u;u -> j1;j1 -> z;z -> e;"
)
LOOPED = (
    '<startEvent id="s"/><exclusiveGateway id="again"/><userTask id="a"/><parallelGateway id="fork"/><userTask id="b"/>'
    '<userTask id="c"/><parallelGateway id="join"/><userTask id="d"/><exclusiveGateway id="x"/><userTask id="z"/><endEvent id="e"/>'
    "s -> again;again -> a;a -> fork;fork -> b;fork -> c;b -> join;c -> join;join -> d;d -> x;"
    "x -> again : more = true\nx -> z : more != true\nz -> e;"
)
CHOICE = (
    '<startEvent id="s"/><userTask id="a"/><exclusiveGateway id="x"/><userTask id="b"/><userTask id="c"/>'
    '<exclusiveGateway id="m"/><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> x;x -> b : left = true\nx -> c : left != true\nb -> m;c -> m;m -> z;z -> e;"
)
LINE = (
    '<startEvent id="s"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><userTask id="z"/><endEvent id="e"/>'
    "s -> a;a -> b;b -> c;c -> z;z -> e;"
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One topology and its row of the table.

    `way`: what is completed to get to `at`, where `stand` is open. `back`: 退回 to `to` (重走); `straight`: what is open when
    the target of a 直回 has been done, None where there is no straight way; `recall`: 撤回 of the last of the way; `jump`: 跳转
    to z; `add`, `remove`: 加签, 减签 in the loop; `reopen`: 重新启动 of a case that ended there.
    """

    text: str
    way: tuple[str, ...]
    at: str
    stand: Open
    to: str
    back: Open
    straight: Open | None
    recall: Open | str
    add: Open | str = "NO_LOOP"
    remove: Open | str = "NO_LOOP"
    reopen: Open | str
    jump: Open = ("z",)
    values: dict[str, Any] = field(default_factory=dict)


SHAPES = {
    "linear": Shape(
        text=LINE, way=("a", "b"), at="c", stand=("c",),
        to="a", back=("a",), straight=("c",), recall=("b",), reopen=("c",),
    ),
    "exclusive": Shape(
        text=CHOICE, values={"left": True}, way=("a",), at="b", stand=("b",),
        to="a", back=("a",), straight=("b",), recall=("a",), reopen=("b",),
    ),
    "parallel, inside the branch": Shape(
        text=JOINED.format(kind="parallel", left="", right=""), way=("a", "b1"), at="b2", stand=("b2", "c1"),
        to="b1", back=("b1", "c1"), straight=("b2", "c1"), recall=("b1", "c1"), reopen="REOPEN_BRANCHES",
    ),
    "parallel, before the split": Shape(
        text=JOINED.format(kind="parallel", left="", right=""), way=("a", "c1", "b1"), at="b2", stand=("b2",),
        to="a", back=("a",), straight=None, recall=("b1",), reopen="MOVE_INTO_PARALLEL",
    ),
    "inclusive": Shape(
        text=JOINED.format(kind="inclusive", left=" : left = true\n", right=" : right = true\n"),
        values={"left": True, "right": True}, way=("a", "b1"), at="b2", stand=("b2", "c1"),
        to="b1", back=("b1", "c1"), straight=("b2", "c1"), recall=("b1", "c1"), reopen="REOPEN_BRANCHES",
    ),
    "inclusive, one branch": Shape(
        text=JOINED.format(kind="inclusive", left=" : left = true\n", right=" : right = true\n"),
        values={"left": True, "right": False}, way=("a", "b1"), at="b2", stand=("b2",),
        to="a", back=("a",), straight=None, recall=("b1",), reopen=("b2",),
    ),
    "several at once": Shape(
        text=SIGNED.replace("{loop}", MANY.replace("{flag}", "")), way=("a",), at="sign", stand=("sign",) * 3,
        to="a", back=("a",), straight=None, recall=("a",), add=("sign",) * 4, remove=("sign",) * 2,
        reopen="REOPEN_BRANCHES",
    ),
    "several one after the other": Shape(
        text=SIGNED.replace("{loop}", MANY.replace("{flag}", SEQUENTIAL)), way=("a",), at="sign", stand=("sign",),
        to="a", back=("a",), straight=None, recall=("a",), add=("sign",), remove=("sign",), reopen=("sign",),
    ),
    "embedded": Shape(
        text=EMBEDDED, way=("a", "u"), at="v", stand=("v",),
        to="a", back=("a",), straight=("v",), recall=("u",), reopen=("v",),
    ),
    "called": Shape(
        text=CALLED, way=("a", "u"), at="v", stand=("v",),
        to="a", back=("a",), straight=None, recall=("u",), reopen="REOPEN_CALLED",
    ),
    "blocks within blocks": Shape(
        text=NESTED, way=("a", "h"), at="q", stand=("q", "r", "u"),
        to="h", back=("h", "u"), straight=None, recall=("h", "u"), reopen="REOPEN_BRANCHES",
    ),
    "in the second round of a loop": Shape(
        text=LOOPED, values={"more": True}, way=("a", "b", "c", "d", "a"), at="b", stand=("b", "c"),
        to="a", back=("a",), straight=None, recall=("a",), reopen="REOPEN_BRANCHES",
    ),
}  # fmt: skip


def drawn(shape: Shape) -> str:
    """The diagram: a desk, a limit and a timer at every user task."""
    return re.sub(r'<userTask id="(\w+)"(/>|>.*?</userTask>)', _desk, shape.text)


def _desk(match: re.Match[str]) -> str:
    id, rest = match[1], match[2]
    said = 'zw:dept="104" zw:role="reviewer_a" zw:limit="2hd"'
    timer = f'<boundaryEvent id="T_{id}" attachedToRef="{id}" cancelActivity="false">{HOUR}</boundaryEvent>'
    return f'<userTask id="{id}" name="{id}" {said}{rest}{timer}<endEvent id="E_{id}"/>T_{id} -> E_{id};'
