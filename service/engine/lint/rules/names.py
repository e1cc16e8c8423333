"""BV-09 and BV-28: procedures use variables that are declared, forms that are there, and fields that exist.

FEEL takes a misspelt name for null, so a gateway would quietly go the other way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from service.engine.feel import FeelError
from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import Diagram, Process
from service.engine.lint.formulas import Place, Use, places
from service.engine.lint.report import Pen
from service.engine.lint.rules.expressions import compiled
from service.engine.lint.rules.forms import Forms
from service.engine.lint.rules.procedures import KINDS
from service.engine.lint.variables import answers_used, declared_variables
from service.rules.form_fields import fields

UNDECLARED = error(
    "BV-09",
    "{use}“{expression}”用到未声明的变量 {name}{hint}",
    "{expression} uses the undeclared variable {name}",
    "改正名称，或在 zw:data_contract 中声明",
)
UNDECLARED_ELSEWHERE = warning(
    "LB411",
    "{use}“{expression}”用到未声明的变量 {name}{hint}",
    "{expression} uses the undeclared variable {name}",
    "改正名称，或在 zw:data_contract 中声明",
)
NO_FIELD = error(
    "BV-28",
    "表单与流程不符：{problem}",
    "form and process do not fit: {english}",
    "改正名称，在表单中加上这个字段，或把表单一并上传",
)

DECIDING = frozenset({Use.CONDITION, Use.CARDINALITY, Use.COLLECTION, Use.COMPLETION, Use.LOOP})


def check_names(diagram: Diagram, forms: Forms, pen: Pen, *, complete: bool = False) -> None:
    """All expressions of processes with zw:kind. `complete`: every form there is stands among the files."""
    for process in diagram.processes:
        if not process.executable or process.kind not in KINDS:
            continue
        if complete:
            check_forms_there(process, forms, pen)
        declared = declared_variables(process, forms.schemas)
        asked = {
            node.id: node.form_key
            for node in process.nodes()
            if node.kind in ("userTask", "manualTask") and node.form_key in forms.schemas
        }
        for place in places(diagram, process):
            if declared is not None:
                check_declared(place, declared, pen)
            check_answers(process, place, asked, forms, pen)


def check_forms_there(process: Process, forms: Forms, pen: Pen) -> None:
    """Whoever opens a desk finds its form."""
    for node in process.nodes():
        key = node.form_key
        if key and key not in forms.by_key and not key.startswith(("${", "#{", "=")):
            pen.say(NO_FIELD, node.element, problem=f"没有表单 {key}", english=f"there is no form {key}")


def check_declared(place: Place, declared: frozenset[str], pen: Pen) -> None:
    """The free names of one expression."""
    try:
        names = {name for one in compiled(place) for name in one.names}
    except FeelError:
        return  # said elsewhere
    rule = UNDECLARED if place.use in DECIDING else UNDECLARED_ELSEWHERE
    for name in sorted(names - declared):
        pen.say(rule, place.element, use=place.use, expression=place.text, name=name, hint=suggestion(name, declared))


def check_answers(process: Process, place: Place, asked: Mapping[str, str | None], forms: Forms, pen: Pen) -> None:
    """Answers of tasks whose forms are given."""
    for task, field in answers_used(place.text, asked):
        key = asked[task] or ""
        known = {one.path[0] for one in fields(forms.schemas[key]) if one.path}
        if field not in known:
            pen.say(
                NO_FIELD, place.element,
                problem=f"“{place.text}”用到 {task}.{field}，但表单 {key} 中没有这个字段{suggestion(field, known)}",
                english=f"{place.text} uses {task}.{field}, which the form {key} does not have",
            )  # fmt: skip


def suggestion(name: str, known: Iterable[str]) -> str:
    """The name that was probably meant."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.75)
    return f"（是否为 {close[0]}？）" if close else ""
