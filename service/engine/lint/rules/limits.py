"""BV-06, BV-16, BV-17, BV-19, BV-20, BV-29 to BV-33: what procedures say about limits, pauses and silence.

The arithmetic is that of `service/rules`; here is only what a diagram must write so that it can be applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.engine.lint.catalog import error, note, warning
from service.engine.lint.diagram import Diagram, Node, Process
from service.engine.lint.report import Pen
from service.engine.lint.rules.forms import Forms
from service.engine.lint.rules.procedures import HUMAN, stages_of
from service.rules.chains import MOST_DAYS, read_steps
from service.rules.clocks import PauseKind, Unit
from service.rules.form_fields import fields
from service.rules.limits import LimitUnit, parse_limit
from service.rules.pauses import PAUSE_RULES, WITHOUT_NOTICE, Exclusion
from service.rules.promises import WARNING_LINE, check_promise, promised_most
from service.rules.refusals import Refusal
from service.rules.tacit import LOCKED, RANKS, STAGES, WORDS, TacitLevel, covers
from service.rules.vocabulary import Mark

PLAN = error(
    "BV-06",
    "各环节时限合计 {total} 个半日，超过承诺时限 {limit} 的 {most} 个半日",
    "the stages add up to {total} half-days, the promise of {limit} has {most}",
    "缩短受理、审核、批准、发证或征求意见环节的 zw:limit，或经年度规范调整 zw:limit",
)
TACIT = error(
    "BV-16",
    "超时默许 zw:tacit=“{level}”不允许：{problem}",
    "zw:tacit {level} is not allowed: {english}",
    "删除 zw:tacit，或改为法律和事项目录允许的级别",
)
PAUSE = error(
    "BV-17",
    "暂停计时有误：{problem}",
    "the pause of time is wrong: {english}",
    "zw:pause 写法定的暂停事由；在本环节或它前面一步写明告知申请人的文书（zw:doc），或在表单中加上告知书文号（notice）",
)
LEAD = error(
    "BV-19",
    "联办流程没有写明{what}",
    "the chain does not say {english}",
    "在流程上写 zw:lead（牵头部门编码），在每个调用活动上写 zw:dept（责任部门编码）",
)
MILESTONES = error(
    "BV-20",
    "联办时限有误：{problem}",
    "the limits of the chain are wrong: {english}",
    "各里程碑（zw:milestones）合计等于 zw:limit，且不超过 45 个工作日",
)
PROMISE = error(
    "BV-29",
    "承诺时限 {promised} 个工作日超过法定时限的三分之二（{most} 个工作日）",
    "the promise of {promised} working days is more than two thirds of the statutory limit ({most})",
    "缩短 zw:limit，或写明经批准的例外理由（zw:promise_reason）",
)
LONG_PROMISE = note(
    "BV-30",
    "承诺时限 {promised} 个工作日超过 {most} 个工作日，没有写明例外理由",
    "the promise of {promised} working days is longer than {most} and gives no reason",
    "写明例外理由（zw:promise_reason），如现场勘查、技术评审",
)
UNMARKED = warning(
    "BV-31",
    "没有环节标记 zw:reaches=“{mark}”，{what}",
    "no node has zw:reaches {mark}: {english}",
    "在到达该状态的环节或事件上写 zw:reaches",
)
ANSWERS = error(
    "BV-32",
    "默许的答复 zw:tacit_answers=“{text}”有误：{problem}",
    "zw:tacit_answers {text} is wrong: {english}",
    "写成 字段=值，多项用逗号分开，字段和选项与该环节表单一致",
)

CONFIRMED = error(
    "BV-33",
    "默许须经牵头部门确认（zw:tacit_confirm），但环节上没有捕获升级 ESC_TACIT 的中断边界事件",
    "zw:tacit_confirm needs an interrupting boundary event that catches the escalation ESC_TACIT",
    "附上中断型升级边界事件 ESC_TACIT，接到牵头部门的确认环节",
)

FOUR = ("ACCEPT", "REVIEW", "APPROVE", "ISSUE")
MARKED = {
    Mark.ACCEPTED: ("承诺和法定时限不会起算", "the limits of the item never start"),
    Mark.READY: ("承诺和法定时限不会停止", "the limits of the item never stop"),
}
ANSWER = re.compile(r"\s*([a-z][a-z0-9_.]*)\s*=\s*([^,=]+?)\s*")


def check_limits(diagram: Diagram, forms: Forms, pen: Pen) -> None:
    """The rules for processes with zw:kind."""
    for process in diagram.processes:
        if not process.executable or process.kind is None:
            continue
        nodes = list(process.nodes())
        for node in nodes:
            check_pause(process, node, forms, pen)
            check_tacit(diagram, process, node, pen)
            check_answers(node, forms, pen)
        if process.kind == "ITEM":
            check_item_level(process, pen)
            check_plan(process, nodes, pen)
            check_promised(process, pen)
            check_marks(process, nodes, pen)
        elif process.kind == "CHAIN":
            check_chain(process, nodes, pen)


def half_days(text: str | None) -> int | None:
    """A limit in half-days; None when it is not written as a plain one."""
    try:
        limit = parse_limit(text or "")
    except Refusal:
        return None
    return limit.amount * (2 if limit.unit is LimitUnit.WORKDAY else 1)


def working_days(text: str | None) -> int | None:
    """A limit in whole working days; None for anything else."""
    found = re.fullmatch(r"P?(\d{1,3})wd", (text or "").strip(), re.IGNORECASE | re.ASCII)
    return int(found[1]) if found else None


def check_plan(process: Process, nodes: Iterable[Node], pen: Pen) -> None:
    """BV-06: the longest task of each of the four stages, and of the opinions asked between them (SM-20)."""
    promised = working_days(process.zw.get("limit"))
    if not promised:  # 即办件 have no plan
        return
    longest: dict[str, int] = {}
    for node in nodes:
        if node.kind in HUMAN and not node.zw.get("pause"):
            stages = stages_of(node)
            stage = next((one for one in (*FOUR, "OPINION") if one in stages), None)
            if stage is not None:
                longest[stage] = max(longest.get(stage, 0), half_days(node.zw.get("limit")) or 0)
    total = sum(longest.values())
    if total > 2 * promised:
        pen.say(PLAN, process.element, total=total, limit=process.zw["limit"], most=2 * promised)


def check_promised(process: Process, pen: Pen) -> None:
    """BV-29, BV-30: at most two thirds of the statutory limit, and a reason above three days (SM-19, AMB-12)."""
    promised = working_days(process.zw.get("limit"))
    statutory = working_days(process.zw.get("statutory"))
    if promised is None:
        return
    try:
        check_promise(promised, statutory or 0, Unit.WORKDAY, process.zw.get("promise_reason", ""))
    except Refusal as refusal:
        if refusal.code == "PROMISE_TOO_LONG":
            pen.say(PROMISE, process.element, promised=promised, most=promised_most(statutory or 0))
        else:
            pen.say(LONG_PROMISE, process.element, promised=promised, most=WARNING_LINE)


def check_marks(process: Process, nodes: Iterable[Node], pen: Pen) -> None:
    """BV-31: an item that says something about its limits says where they start and stop, too."""
    reached = {node.zw["reaches"].strip() for node in nodes if node.zw.get("reaches")}
    if not reached and "statutory" not in process.zw:
        return
    for mark, (what, english) in MARKED.items():
        if mark not in reached:
            pen.say(UNMARKED, process.element, mark=mark, what=what, english=english)


def check_chain(process: Process, nodes: Iterable[Node], pen: Pen) -> None:
    """BV-19, BV-20."""
    if not process.zw.get("lead"):
        pen.say(LEAD, process.element, what="牵头部门（zw:lead）", english="who leads it (zw:lead)")
    for node in nodes:
        if node.kind == "callActivity" and not node.zw.get("dept"):
            pen.say(LEAD, node.element, what="该环节的责任部门（zw:dept）", english="whose node this is (zw:dept)")
    limit = working_days(process.zw.get("limit"))
    written = process.zw.get("milestones", "").strip()
    budgets = [step.days for step in read_steps(written) or ()]
    if limit is not None and limit > MOST_DAYS:
        problem, english = f"{limit} 个工作日超过 {MOST_DAYS} 个", f"{limit} working days are more than {MOST_DAYS}"
        pen.say(MILESTONES, process.element, problem=problem, english=english)
    if (limit is None) != (not written):
        missing, english = ("里程碑（zw:milestones）", "milestones") if not written else ("时限（zw:limit）", "limit")
        pen.say(MILESTONES, process.element, problem=f"没有写明{missing}", english=f"there is no {english}")
    elif budgets and limit is not None and sum(budgets) != limit:
        problem = f"里程碑合计 {sum(budgets)}，时限为 {limit}"
        english = f"the milestones add up to {sum(budgets)}, the limit is {limit}"
        pen.say(MILESTONES, process.element, problem=problem, english=english)


def check_pause(process: Process, node: Node, forms: Forms, pen: Pen) -> None:
    """BV-17: a reason the law or the centre knows, told to the applicant in writing."""
    word = node.zw.get("pause", "").strip()
    if not word or word.startswith(("${", "#{", "=")):
        return
    if word not in PauseKind.__members__:
        known = "、".join(PauseKind)
        pen.say(PAUSE, node.element, problem=f"没有事由“{word}”，应为 {known}", english=f"{word} is no reason to pause")
        return
    kind = PauseKind(word)
    rule = PAUSE_RULES[kind]
    excluded = process.zw.get("excludes", "").replace(",", " ").split()
    if rule.exclusion is Exclusion.PER_ITEM and word not in excluded:
        pen.say(
            PAUSE, node.element, problem=f"{rule.name.text}所需时间计入时限，除非流程写明 zw:excludes=“{word}”",
            english=f"{word} counts unless the process says zw:excludes {word}",
        )  # fmt: skip
    before = [flow.source.zw.get("doc") for flow in node.incoming if flow.source is not None]
    unseen = node.form_key is not None and node.form_key not in forms.schemas  # BV-28 tells of a form nobody has
    noticed = unseen or "notice" in fields_of(node, forms)
    if kind not in WITHOUT_NOTICE and not any([node.zw.get("doc"), *before]) and not noticed:
        problem, english = "没有告知申请人的文书", "no notice to the applicant is named"
        pen.say(PAUSE, node.element, problem=problem, english=english)


def fields_of(node: Node, forms: Forms) -> frozenset[str]:
    """Names of the fields of a task's form, as far as the form is given."""
    schema = forms.schemas.get(node.form_key or "")
    return frozenset() if schema is None else frozenset(field.name for field in fields(schema))


def check_item_level(process: Process, pen: Pen) -> None:
    """BV-16: an item the law locks declares no level at all."""
    word = process.zw.get("tacit", "none")
    lock = LOCKED.get(process.zw.get("item", ""))
    if lock is not None and word not in ("never", "none"):
        say_locked(process, word, process.element, pen)


def catches(diagram: Diagram, boundary: Node) -> bool:
    """Whether a boundary event takes a silent task to its confirmation."""
    if not boundary.interrupting or boundary.event != "escalation":
        return False
    escalation = diagram.referred(boundary.definitions[0].get("escalationRef"), "escalation")
    return escalation is not None and "ESC_TACIT" in (escalation.get("escalationCode"), escalation.get("name"))


def check_tacit(diagram: Diagram, process: Process, node: Node, pen: Pen) -> None:
    """BV-16: the law, then the catalogue, then the stage say what silence may mean at a task."""
    word = node.zw.get("tacit", "none").strip()
    level = WORDS.get(word)
    if level is None or level is TacitLevel.NONE:
        return
    declared = WORDS.get(process.zw.get("tacit", ""), TacitLevel.DECISION)
    stage = STAGES.get(level)
    if LOCKED.get(process.zw.get("item", "")) is not None:
        say_locked(process, word, node.element, pen)
    elif level not in RANKS or stage is None:
        problem, english = (
            "人工环节只能是 opinion、stage_skip 或 decision",
            "a task has opinion, stage_skip or decision",
        )
        pen.say(TACIT, node.element, level=word, problem=problem, english=english)
    elif node.kind not in HUMAN or stage not in stages_of(node):
        problem, english = f"只能用在 {stage} 环节", f"only at stage {stage}"
        pen.say(TACIT, node.element, level=word, problem=problem, english=english)
    elif node.zw.get("tacit_confirm") == "lead" and not any(catches(diagram, one) for one in node.boundaries):
        pen.say(CONFIRMED, node.element)
    elif not covers(declared, level):
        allowed = process.zw.get("tacit", "none")
        problem, english = f"事项的级别是 {allowed}", f"the item has level {allowed}"
        pen.say(TACIT, node.element, level=word, problem=problem, english=english)


def say_locked(process: Process, word: str, element: object, pen: Pen) -> None:
    """The refusal nobody can lift."""
    item = process.zw.get("item", "")
    lock = LOCKED[item]
    pen.say(
        TACIT, element, level=word, problem=f"{item} {lock.reason.text}，依据{lock.article}不得适用超时默许",
        english=f"the law locks {item} for any role",
    )  # fmt: skip


def check_answers(node: Node, forms: Forms, pen: Pen) -> None:
    """BV-32: what silence answers can be read and is what the form of the task could say."""
    text = node.zw.get("tacit_answers", "")
    if not text:
        return
    schema = forms.schemas.get(node.form_key or "")
    for name, value, problem, english in wrong_answers(text):
        if problem:
            pen.say(ANSWERS, node.element, text=text, problem=problem, english=english)
            continue
        if schema is None:
            continue
        field = next((one for one in fields(schema) if one.name == name), None)
        options = None if field is None else [str(one.get("value")) for one in field.component.get("values") or ()]
        if field is None:
            problem, english = f"表单中没有字段 {name}", f"the form has no field {name}"
            pen.say(ANSWERS, node.element, text=text, problem=problem, english=english)
        elif options and value not in options:
            problem, english = f"{name} 没有选项 {value}", f"{name} has no option {value}"
            pen.say(ANSWERS, node.element, text=text, problem=problem, english=english)


def wrong_answers(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Every part: (field, value, what is wrong in Chinese, in English)."""
    for part in text.split(","):
        found = ANSWER.fullmatch(part)
        if found is None:
            yield "", "", f"“{part.strip()}”无法识别", f"{part.strip()} cannot be read"
        else:
            yield found[1], found[2], "", ""
