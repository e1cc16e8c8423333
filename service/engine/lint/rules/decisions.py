"""LB8xx: decision tables, from the file as a whole down to every cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.engine.decisions.model import DecisionFile, Table
from service.engine.decisions.reading import is_dmn, read_decisions
from service.engine.decisions.references import written_use
from service.engine.decisions.regions import hidden, overlaps
from service.engine.facts import Resource
from service.engine.lint.catalog import error, note, warning
from service.engine.lint.report import Report
from service.engine.lint.rules import files
from service.engine.lint.xml import Document, XmlRefused, read_xml

FEEL = '按 FEEL 书写；文字加双引号，如 "通过"'

EMPTY = warning("LB801", "文件中没有决策", "the file has no decision", "画出决策表，或不上传此文件")
UNSUPPORTED = error("LB802", "不支持 {what}", "{what} is not supported", "只用决策表、文字表达式、输入数据和所需决策")
DUPLICATE = error("LB803", "标识 {id} 重复", "the id {id} is used twice", "改为唯一的标识")
NO_ID = error("LB804", "决策没有标识（id）", "the decision has no id", "填写唯一的标识")
NO_LOGIC = error(
    "LB805",
    "决策 {id} 应恰有一个决策表或一个非空的文字表达式",
    "the decision {id} should hold exactly one table or one expression",
    "补上决策逻辑",
)
BOXED = error("LB806", "不支持决策逻辑 {what}", "decision logic {what} is not supported", "改用决策表或文字表达式")
DANGLING = error("LB807", "所需的决策或输入“{ref}”不在本文件中", "the required {ref} is not in this file", "删除后重连")
CIRCLE = error("LB808", "决策互相需要成环：{path}", "decisions need each other in a circle: {path}", "去掉其中一个需要")
POLICY = error(
    "LB810",
    "不认识命中策略“{policy}”",
    "the hit policy {policy} is unknown",
    "改用 UNIQUE、FIRST、PRIORITY、ANY、COLLECT、RULE ORDER 或 OUTPUT ORDER",
)
AGGREGATION = error(
    "LB811",
    "命中策略 {policy} 不能用汇总“{aggregation}”",
    "the hit policy {policy} cannot have the aggregation {aggregation}",
    "汇总只用于 COLLECT：SUM、MIN、MAX 或 COUNT",
)
NO_INPUT = error("LB812", "输入列 {number} 没有表达式", "the input column {number} has no expression", "填写输入表达式")
NO_OUTPUT = error("LB813", "决策表没有输出列", "the table has no output column", "添加输出列")
OUTPUT_NAME = error(
    "LB814", "多个输出列应各有唯一的名称", "several outputs need names of their own", "填写输出列的 name"
)
ONE_OUTPUT = error(
    "LB815",
    "汇总 {aggregation} 只能有一个输出列",
    "the aggregation {aggregation} allows one output only",
    "删除其余输出列，或不用汇总",
)
NO_RANKS = error(
    "LB816",
    "命中策略 {policy} 应有输出取值（outputValues）说明先后，且只列文字或数",
    "the hit policy {policy} needs outputValues that list the priorities",
    "按优先次序填写输出取值",
)
ROW_SHAPE = error(
    "LB817",
    "第 {number} 行应有 {inputs} 个输入单元格和 {outputs} 个输出单元格",
    "row {number} should have {inputs} input and {outputs} output entries",
    "在决策表编辑器中修复该行",
)
NO_RESULT = error(
    "LB818",
    "第 {number} 行输出列 {place} 不能是“-”",
    "row {number}: the output {place} cannot be a dash",
    "填写输出值，无值写 null",
)
TOO_MANY = error("LB819", "决策表有 {count} 行，上限为 5000", "{count} rows, 5,000 are allowed", "拆分决策表")
EXPRESSION = error(
    "LB820", "{what}的“{expression}”有错：{problem}", "the expression {expression} is wrong: {english}", FEEL
)
LANGUAGE = error(
    "LB821",
    "{what}的语言“{language}”不支持，只能用 FEEL",
    "the language {language} is not supported, only FEEL is",
    FEEL,
)
FUNCTION = error(
    "LB822",
    "{what}的“{expression}”调用了不存在的函数 {name}()",
    "{expression} calls the unknown function {name}()",
    FEEL,
)
TYPE = error("LB823", "不认识类型“{type}”", "the type {type} is unknown", "改用 string、number、boolean、date 等")
OVERLAP = warning(
    "LB824",
    "第 {first} 行与第 {second} 行会同时命中，UNIQUE 不允许；遇到这样的输入，办件会停在这里",
    "rows {first} and {second} can hold together, which UNIQUE forbids: such a case stops here",
    "改窄其中一行，或改用 FIRST",
)
HIDDEN = warning(
    "LB825",
    "第 {second} 行永远轮不到：第 {first} 行已包含它",
    "row {second} is never reached: row {first} holds whenever it does",
    "调整次序，或删除该行",
)
NO_ROWS = warning("LB826", "决策表没有行，结果总是空值", "the table has no rows: its result is always null", "添加行")
ELSEWHERE = error(
    "LB827",
    "决策 {id} 在 {other} 中已经用过",
    "the decision {id} is already used in {other}",
    "改用唯一的决策标识",
)
SEEN_INPUT = note(
    "LB828",
    "输入数据“{name}”没有被任何决策使用",
    "the input data {name} is used by no decision",
    "可以删除",
)

RULES_BY_CODE = {
    rule.code: rule
    for rule in (
        EMPTY, UNSUPPORTED, DUPLICATE, NO_ID, NO_LOGIC, BOXED, DANGLING, CIRCLE, POLICY, AGGREGATION, NO_INPUT,
        NO_OUTPUT, OUTPUT_NAME, ONE_OUTPUT, NO_RANKS, ROW_SHAPE, NO_RESULT, TOO_MANY, EXPRESSION, LANGUAGE, FUNCTION,
        TYPE,
    )
}  # fmt: skip


def check_decisions(report: Report, resource: Resource) -> DecisionFile | None:
    """Everything about one DMN file; what it decides, or None when it cannot be read."""
    try:
        document = read_xml(resource.content)
    except XmlRefused as refused:
        files.report_unreadable(report, resource.name, refused)
        return None
    if not is_dmn(document.root):
        line = document.line(document.root)
        report.add(files.DMN, resource.name, line=line, detail=str(document.root.tag).rpartition("}")[2])
        return None
    found = read_decisions(document.root)
    for problem in found.problems:
        _say(report, resource, document, RULES_BY_CODE[problem.code], problem.element, **problem.params)
    for decision in found.decisions.values():
        if isinstance(decision.logic, Table):
            _check_rows(report, resource, document, decision.element, decision.logic)
    _check_inputs(report, resource, document)
    return found


def uses_of(file: DecisionFile) -> Iterator[str]:
    """How business rule tasks may name the decisions of a file that comes with them."""
    for id, decision in file.decisions.items():
        yield id
        yield written_use(id, "deployment", "")
        if decision.version_tag:
            yield written_use(id, "versionTag", decision.version_tag)


def check_one_place(report: Report, found: dict[str, DecisionFile]) -> None:
    """No decision stands in two files of a deployment."""
    first: dict[str, str] = {}
    for name, file in found.items():
        for id in file.decisions:
            if id in first:
                report.add(ELSEWHERE, name, element=id, id=id, other=first[id])
            first.setdefault(id, name)


def _check_rows(report: Report, resource: Resource, document: Document, element: Any, table: Table) -> None:
    if not table.rows:
        _say(report, resource, document, NO_ROWS, element)
    pairs, rule = ([], OVERLAP)
    if table.policy == "UNIQUE":
        pairs = overlaps(table)
    elif table.policy == "FIRST":
        pairs, rule = hidden(table), HIDDEN
    for earlier, later in pairs:
        _say(report, resource, document, rule, later.element, first=earlier.number, second=later.number)


def _check_inputs(report: Report, resource: Resource, document: Document) -> None:
    root = document.root
    prefix = str(root.tag).rpartition("}")[0] + "}"
    used = {(e.get("href") or "").removeprefix("#") for e in root.iter(f"{prefix}requiredInput")}
    for element in root.iterchildren(f"{prefix}inputData"):
        if element.get("id") not in used:
            name = element.get("name") or element.get("id") or ""
            _say(report, resource, document, SEEN_INPUT, element, name=name)


def _say(report: Report, resource: Resource, document: Document, rule: Any, element: Any, **params: object) -> None:
    named = element
    while named is not None and not named.get("id"):
        named = named.getparent()
    line, column = document.places.get(element, (1, 0))
    id = named.get("id") if named is not None else None
    report.add(rule, resource.name, line=line, column=column, element=id, **params)
