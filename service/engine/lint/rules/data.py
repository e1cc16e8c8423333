"""LB16x: data objects and the associations that carry data between them and activities."""

from __future__ import annotations

from service.engine.feel import FeelError, compile_expression
from service.engine.kernel.items import Association, associations, items_of
from service.engine.lint.catalog import error, note
from service.engine.lint.diagram import BPMN, Diagram, Node, text_of
from service.engine.lint.report import Pen

FEEL = "按 FEEL 书写"

DANGLING = error(
    "LB160", "数据关联指向不存在的“{ref}”", "the data association means {ref}, which does not exist", "删除后重新连线"
)
NOT_OWN = error(
    "LB161",
    "数据关联的“{ref}”不是本活动的数据输入、数据输出或属性",
    "{ref} is no data input, data output or property of this activity",
    "在本活动的 ioSpecification 中声明",
)
DRAWN = note(
    "LB162",
    "数据关联只作图示，不传递数据",
    "the data association is a drawing only",
    "要传递数据时声明数据输入、数据输出，或用 camunda:inputOutput",
)
SEVERAL = error(
    "LB163",
    "数据关联有 {count} 个来源，但没有转换或赋值说明如何合并",
    "the data association has {count} sources and neither transformation nor assignment",
    "只留一个来源，或写明转换",
)
EXPRESSION = error(
    "LB164",
    "数据关联的表达式“{expression}”有错：{problem}",
    "the data association's {expression} is wrong: {english}",
    FEEL,
)
INCOMPLETE = error("LB165", "数据关联的赋值应有来源和目标", "an assignment needs from and to", "补全赋值，或删除")

OWN = {"Input": ("dataInput", "property"), "Output": ("dataOutput", "property")}


def check_data(diagram: Diagram, pen: Pen) -> None:
    """All data associations of the executable processes."""
    items = items_of(diagram.document.root)
    for process in diagram.processes:
        for node in process.nodes() if process.executable else ():
            for direction in ("Input", "Output"):
                for one in associations(node.element, items, direction):
                    check_ends(diagram, node, one, direction, pen)
                    check_texts(one, pen)


def check_ends(diagram: Diagram, node: Node, one: Association, direction: str, pen: Pen) -> None:
    """Both ends exist, one of them belongs to the activity."""
    sources = [text_of(end) for end in one.element.iterchildren(f"{BPMN}sourceRef")]
    targets = [text_of(end) for end in one.element.iterchildren(f"{BPMN}targetRef")]
    for reference in (*sources, *targets):
        if reference not in diagram.ids:
            pen.say(DANGLING, one.element, ref=reference)
            return
    if one.drawn:
        pen.say(DRAWN, one.element)
        return
    mine = {
        element.get("id")
        for kind in OWN[direction]
        for element in node.element.iter(BPMN + kind)
        if element.getparent() is node.element or element.getparent().getparent() is node.element
    }
    for reference in targets if direction == "Input" else sources:
        if reference not in mine:
            pen.say(NOT_OWN, one.element, ref=reference)
    if len(sources) > 1 and not one.transformation and not one.assignments:
        pen.say(SEVERAL, one.element, count=len(sources))


def check_texts(one: Association, pen: Pen) -> None:
    """Transformation and assignments compile."""
    texts = [one.transformation] if one.transformation else []
    for source, target in one.assignments:
        if not source or not target:
            pen.say(INCOMPLETE, one.element)
        elif source:
            texts.append(source)
    for text in texts:
        try:
            compile_expression(text)
        except FeelError as refused:
            pen.say(EXPRESSION, one.element, expression=text, problem=refused.text, english=refused.english)
