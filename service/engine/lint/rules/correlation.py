"""LB17x: correlation keys, their properties and what processes subscribe to."""

from __future__ import annotations

from typing import Any

from service.engine.feel import FeelError, compile_expression
from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import BPMN, Diagram, local, text_of
from service.engine.lint.report import Pen

DANGLING = error(
    "LB170",
    "{attribute} 指向不存在的“{ref}”",
    "{attribute} means {ref}, which does not exist",
    "选择存在的关联属性或关联键",
)
EXPRESSION = error(
    "LB171",
    "关联属性的表达式“{expression}”有错：{problem}",
    "the correlation's {expression} is wrong: {english}",
    "按 FEEL 书写",
)
NO_PATH = error("LB172", "{what} 没有写明取值表达式", "{what} says no expression", "填写 messagePath 或 dataPath")
NO_KEY = warning(
    "LB173",
    "关联属性“{name}”不在任何关联键中，不起作用",
    "the correlation property {name} stands in no key and has no effect",
    "在协作中加上关联键（correlationKey），或删除",
)

PATHS = {"correlationPropertyRetrievalExpression": "messagePath", "correlationPropertyBinding": "dataPath"}
REFERENCES = {
    "correlationPropertyBinding": ("correlationPropertyRef", "correlationProperty"),
    "correlationSubscription": ("correlationKeyRef", "correlationKey"),
}


def check_correlation(diagram: Diagram, pen: Pen) -> None:
    """Everything about correlation in the file."""
    grouped: set[str] = set()
    for element in diagram.document.places:
        kind = local(element)
        if kind == "correlationKey":
            for reference in element.iterchildren(f"{BPMN}correlationPropertyRef"):
                check_reference(
                    diagram, reference, "correlationPropertyRef", text_of(reference), "correlationProperty", pen
                )
                grouped.add(text_of(reference))
        if kind in REFERENCES:
            attribute, wanted = REFERENCES[kind]
            check_reference(diagram, element, attribute, element.get(attribute) or "", wanted, pen)
        if kind in PATHS:
            check_path(element, PATHS[kind], pen)
    for element in diagram.document.root.iterchildren(f"{BPMN}correlationProperty"):
        if element.get("id") not in grouped:
            pen.say(NO_KEY, element, name=element.get("name") or element.get("id") or "")


def check_reference(diagram: Diagram, element: Any, attribute: str, reference: str, kind: str, pen: Pen) -> None:
    """A reference to a property or key."""
    if diagram.referred(reference, kind) is None:
        pen.say(DANGLING, element, attribute=attribute, ref=reference)


def check_path(element: Any, tag: str, pen: Pen) -> None:
    """The expression is there and compiles."""
    text = next((text_of(child) for child in element.iterchildren(BPMN + tag)), "")
    if not text:
        pen.say(NO_PATH, element, what=local(element))
        return
    try:
        compile_expression(text)
    except FeelError as refused:
        pen.say(EXPRESSION, element, expression=text, problem=refused.text, english=refused.english)
