"""LB0xx: files that cannot be read as what they are."""

from __future__ import annotations

from service.engine.lint.catalog import error, note, warning
from service.engine.lint.report import Report
from service.engine.lint.xml import XmlRefused

ONLY_BPMN = "用 bpmn-js 或 Camunda Modeler 重新导出为 BPMN 2.0 文件"

TOO_LARGE = error(
    "LB001", "文件过大（{detail} MB），上限为 2 MB", "the file has {detail} MB, 2 MB are allowed", "拆分流程"
)
EMPTY = error("LB002", "文件为空", "the file is empty", ONLY_BPMN)
CHARACTER = error("LB003", "含有 XML 不允许的字符 {detail}", "a character XML forbids: {detail}", "删除该字符")
ENCODING = error(
    "LB004", "不能按编码 {detail} 读取；请使用 UTF-8", "cannot be read as {detail}; use UTF-8", "另存为 UTF-8"
)
SYNTAX = error("LB005", "XML 语法错误：{detail}", "not well-formed XML: {english}", ONLY_BPMN)
DOCTYPE = error(
    "LB006", "不允许文档类型声明（DTD）和实体", "document types and entities are not allowed", "删除 <!DOCTYPE …>"
)
DEPTH = error("LB007", "XML 嵌套超过 {detail} 层", "XML nested deeper than {detail} levels", "减少子流程的嵌套")
AMOUNT = error(
    "LB008", "XML 元素或属性过多（上限 {detail}）", "more XML elements or attributes than {detail}", "拆分流程"
)
NOT_BPMN = error(
    "LB009", "不是 BPMN 2.0 文件：根元素是 {detail}", "not BPMN 2.0: the root element is {detail}", ONLY_BPMN
)
KEPT = note("LB010", "不认识的文件类型，原样保存", "unknown kind of file, kept as it is", "无需处理")
TWICE = error("LB011", "有两个文件名为 {detail}", "two files are called {detail}", "改名")
NO_PROCESS = warning("LB012", "文件中没有流程", "the file has no process", "画出流程，或不上传此文件")
NOT_EXECUTABLE = note(
    "LB013",
    '流程 {detail} 标为不可执行（isExecutable="false"），只作图示，不会部署',
    "process {detail} is marked not executable: a drawing only, not deployed",
    '要执行时改为 isExecutable="true"',
)
DMN = error("LB014", "不是 DMN 文件：根元素是 {detail}", "not DMN: the root element is {detail}", "重新导出决策表")

BY_CODE = {rule.code: rule for rule in (TOO_LARGE, EMPTY, CHARACTER, ENCODING, SYNTAX, DOCTYPE, DEPTH, AMOUNT)}


def report_unreadable(report: Report, file: str, refused: XmlRefused) -> None:
    """The finding of a file that is not acceptable XML."""
    line, column = max(refused.line, 1), max(refused.column, 0)
    report.add(BY_CODE[refused.code], file, line=line, column=column, detail=refused.detail, english=refused.english)
