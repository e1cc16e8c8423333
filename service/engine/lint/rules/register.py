"""BV-16, BV-21, BV-24, BV-34, BV-35: a diagram and the card of its item say the same.

Where they differ the card is right: it is what the centre has published. Against the law (a limit beyond the statute,
silence beyond the level, a fee nobody fixed) the deployment is refused; otherwise the difference is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.engine.facts import Register
from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import Diagram, Node, Process
from service.engine.lint.report import Pen
from service.engine.lint.rules.limits import FOUR, TACIT, half_days, working_days
from service.engine.lint.rules.procedures import HUMAN, STAGES, reachable, stages_of
from service.rules.acts import words_of
from service.rules.item_circles import circles
from service.rules.item_words import ItemLimitUnit
from service.rules.items import ItemCard
from service.rules.promises import StartRule
from service.rules.tacit import RANKS, WORDS, TacitLevel, covers
from service.rules.vocabulary import InHouseAction

CIRCLE = error(
    "BV-21",
    "事项互为前置条件：{items}",
    "these items are each other's precondition: {items}",
    "修改事项卡片的申报材料，去掉其中一项对另一项结果的要求",
)
FEE = error(
    "BV-24",
    "收费有误：{problem}",
    "the fee is wrong: {english}",
    "按事项卡片的 fees 在发证前画缴费（调用 support_SP_05 或 zw:action=“bill”）；收费标准先报财政批准",
)
DIFFERS = warning(
    "BV-34",
    "{what}与事项卡片 {item} 不一致：图上 {drawn}，卡片 {said}",
    "{english} of the diagram ({drawn}) and of the card {item} ({said}) differ",
    "改流程图，或按年度规范修改事项卡片",
)
HURTS = error(
    "BV-35",
    "{what}超出事项卡片 {item} 的规定：图上 {drawn}，卡片 {said}",
    "{english} of the diagram ({drawn}) goes beyond the card {item} ({said})",
    "法定时限只能按法律缩短，从更早的日子起算；改正流程图，或先修改事项卡片并经法制审核",
)

PAYING = "support_SP_05"
UNITS = {ItemLimitUnit.WORKDAY: "wd", ItemLimitUnit.CALENDAR: "cd"}
STARTS = {StartRule.RECEIPT: 0, StartRule.ACCEPTANCE: 1, StartRule.MATERIALS_COMPLETE: 1}  # the earlier, the better
INSIDE = ("SURVEY", "EXPERT", "HEARING", "PUBLICITY", "MEETING", "COORDINATE")  # may be part of the time of 审核
LIMIT = re.compile(r"(\d{1,3})(wd|cd)", re.IGNORECASE | re.ASCII)


def check_register(diagram: Diagram, register: Register, pen: Pen) -> None:
    """The rules for items whose card is deployed along or in force."""
    for process in diagram.processes:
        code = process.zw.get("item", "").strip()
        card = register.items.get(code)
        if not process.executable or process.kind != "ITEM" or card is None:
            continue
        nodes = list(process.nodes())
        check_promise(process, card, pen)
        check_statute(process, card, pen)
        check_longer(nodes, card, pen)
        check_plan(process, nodes, card, pen)
        check_silence(process, nodes, card, pen)
        check_fees(process, card, register.standards, pen)
        for group in circles(register.items.values()):
            if code in group:
                pen.say(CIRCLE, process.element, items="、".join(group))


def check_promise(process: Process, card: ItemCard, pen: Pen) -> None:
    """zw:limit is the promise that was published; beyond the statute it is no promise."""
    drawn = working_days(process.zw.get("limit"))
    if drawn == card.promised:
        return
    said = {"what": "承诺时限（zw:limit）", "english": "the promise", "item": card.code, "said": f"{card.promised}wd"}
    beyond = card.statutory.unit is ItemLimitUnit.WORKDAY and drawn is not None and drawn > card.statutory.value > 0
    pen.say(HURTS if beyond else DIFFERS, process.element, **said, drawn=process.zw.get("limit") or "没有写")


def check_statute(process: Process, card: ItemCard, pen: Pen) -> None:
    """zw:statutory and where it starts are the law's."""
    law, written = card.statutory, process.zw.get("statutory", "").strip()
    said = {"what": "法定时限（zw:statutory）", "english": "the statutory limit", "item": card.code}
    by_law = f"{law.value}{UNITS[law.unit]}" if law.unit in UNITS else "没有规定"
    if written.lower() != (by_law if law.unit in UNITS else ""):
        found = LIMIT.fullmatch(written)
        longer = law.unit in UNITS and (
            found is None or found[2].lower() != UNITS[law.unit] or int(found[1]) > law.value
        )
        pen.say(HURTS if longer else DIFFERS, process.element, **said, drawn=written or "没有写", said=by_law)
    start = process.zw.get("statutory_start", "").strip() or StartRule.ACCEPTANCE
    if written and law.unit in UNITS and start in frozenset(StartRule) and start != law.start:
        later = STARTS[StartRule(start)] > STARTS[law.start]
        said |= {"what": "法定时限的起算（zw:statutory_start）", "english": "the start of the statutory limit"}
        pen.say(HURTS if later else DIFFERS, process.element, **said, drawn=start, said=law.start)


def check_longer(nodes: Iterable[Node], card: ItemCard, pen: Pen) -> None:
    """zw:statutory of a step: what the law gives the cases that come by, at the most what the card says."""
    unit = UNITS.get(card.statutory.unit, "")
    for node in nodes:
        written = node.zw.get("statutory", "").strip().lower()
        found = LIMIT.fullmatch(written)
        if found is not None and (found[2] != unit or int(found[1]) > (card.statutory.most or 0)):
            said = f"{card.statutory.most}{unit}" if card.statutory.most and unit else "没有规定"
            words = {"what": "较长的法定时限（zw:statutory）", "english": "the longer statutory limit"}
            pen.say(HURTS, node.element, **words, item=card.code, drawn=written, said=said)


def check_plan(process: Process, nodes: Iterable[Node], card: ItemCard, pen: Pen) -> None:
    """BV-06 with the card: the desks of a stage have the half-days of the plan.

    Desks of one stage are alternatives or follow each other; what is asked for during 审核 is part of its time. The plan
    lies between the longest desk and all of them.
    """
    if card.immediate or working_days(process.zw.get("limit")) in (None, 0):
        return
    found: dict[str, list[int]] = {}
    for node in nodes:
        stages = [one for one in (*FOUR, "OPINION", *INSIDE) if one in stages_of(node)]
        if (node.kind in HUMAN or node.kind == "callActivity") and not node.zw.get("pause") and stages:
            found.setdefault(stages[0], []).append(half_days(node.zw.get("limit")) or 0)
    asked = max(found.get("OPINION", [0]))
    beside = sum(sum(found.get(one, ())) for one in ("OPINION", *INSIDE))
    for stage, planned in zip(FOUR, card.stages, strict=True):
        desks, review = found.get(stage, [0]), stage == "REVIEW"
        if not max(desks) <= planned <= sum(desks) + (beside if review else 0):
            pen.say(
                DIFFERS, process.element, what=f"{STAGES[stage]}环节的半日数", english=f"the half-days of {stage}",
                item=card.code, drawn=max(desks) + (asked if review else 0), said=planned,
            )  # fmt: skip


def check_silence(process: Process, nodes: Iterable[Node], card: ItemCard, pen: Pen) -> None:
    """BV-16 with the card: nothing passes by silence that the card does not let pass."""
    said = "none" if card.tacit is TacitLevel.NONE else next(w for w, level in WORDS.items() if level is card.tacit)
    for element, zw in ((process.element, process.zw), *((node.element, node.zw) for node in nodes)):
        word = zw.get("tacit", "").strip()
        level = WORDS.get(word, TacitLevel.NONE)
        if level in RANKS and not covers(card.tacit, level) or level is TacitLevel.STATUTORY is not card.tacit:
            problem, english = f"事项卡片 {card.code} 的级别是 {said}", f"the card {card.code} has level {said}"
            pen.say(TACIT, element, level=word, problem=problem, english=english)
    drawn = WORDS.get(process.zw.get("tacit", "").strip(), TacitLevel.NONE)
    silent = (TacitLevel.NONE, TacitLevel.NEVER)
    if drawn is not card.tacit and covers(card.tacit, drawn) and not (drawn in silent and card.tacit in silent):
        pen.say(
            DIFFERS, process.element, what="默许级别（zw:tacit）", english="the level of silence", item=card.code,
            drawn=process.zw.get("tacit") or "没有写", said=said,
        )  # fmt: skip


def check_fees(process: Process, card: ItemCard, standards: frozenset[str] | None, pen: Pen) -> None:
    """BV-24: whoever owes a fee pays it before the certificate, by a standard of the card that has been approved."""
    paying = [(node, top(node)) for node in process.nodes() if pays(node)]
    issuing = {top(node) for node in process.nodes() if node.kind in HUMAN and "ISSUE" in stages_of(node)}
    if not card.fees:
        for node, _ in paying:
            problem, english = f"事项卡片 {card.code} 不收费，图上却有缴费", f"the card {card.code} charges nothing"
            pen.say(FEE, node.element, problem=problem, english=english)
        return
    ahead = {one for _, node in paying for one in reachable([node])}
    if issuing - ahead or not paying:
        problem, english = f"事项收费（{'、'.join(card.fees)}），发证之前没有缴费", "nobody pays before the certificate"
        pen.say(FEE, process.element, problem=problem, english=english)
    for node, _ in paying:
        for code in words_of(node.zw.get("fees", "")):
            if code not in card.fees and not code.startswith(("=", "$")):
                problem, english = f"收费标准 {code} 不在事项卡片上", f"the card does not name the standard {code}"
                pen.say(FEE, node.element, problem=problem, english=english)
    for code in card.fees if standards else ():
        if standards is not None and code not in standards:
            problem, english = f"没有批准的收费标准 {code}", f"there is no approved standard {code}"
            pen.say(FEE, process.element, problem=problem, english=english)


def pays(node: Node) -> bool:
    """Whether money is asked for here."""
    billed = node.zw.get("action") == InHouseAction.BILL or "PAY" in stages_of(node)
    return billed or node.kind == "callActivity" and node.element.get("calledElement") == PAYING


def top(node: Node) -> Node:
    """The node of the process itself in which a node stands."""
    while node.scope.node is not None:
        node = node.scope.node
    return node
