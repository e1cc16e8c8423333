"""Elements of other products: parameters and what a call hands over as ours, people as BPMN names them, the rest told."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from service.engine.feel import FeelError
from service.engine.lint.diagram import BPMN, CAMUNDA, ZEEBE, ZW, local, text_of
from service.engine.studio.importing import vendors
from service.engine.studio.importing.expressions import in_feel, is_whole
from service.engine.studio.importing.pen import NotePen, called

SCRIPTS = ("", "feel", "text/feel", "application/feel", "application/x-feel")
WRITTEN_IN_JUEL = ("juel", "javax.el", "uel")
NAMED = re.compile(r"\s*(user|group)\s*\(([^()]*)\)\s*")
PEOPLE = ("humanPerformer", "performer", "potentialOwner")
QUIET = frozenset({"properties", "connectorId"})


def take_over_texts(element: Any, pen: NotePen) -> None:
    """The expression an element holds as its text."""
    if local(element) not in vendors.TEXTS or local(element) == "condition" and len(element):
        return
    language = (element.get("language") or "").lower()
    if language and not language.startswith("http") and language not in (*SCRIPTS, *WRITTEN_IN_JUEL):
        pen.open(element, local(element), element.text or "", vendors.NO_SCRIPT)
    elif text_of(element):
        element.text = pen.translated(element, local(element), element.text)


def take_over_script(element: Any, pen: NotePen) -> None:
    """A script of one `${…}` that fills a variable is a line of FEEL; every other language is told and never run."""
    if element.tag != f"{BPMN}scriptTask":
        return
    language = (element.get("scriptFormat") or "").lower()
    script = element.find(f"{BPMN}script")
    if language in SCRIPTS and not (script is not None and is_whole(text_of(script))):
        return
    result = element.get(f"{CAMUNDA}resultVariable")
    if language not in (*SCRIPTS, *WRITTEN_IN_JUEL) or script is None or result is None:
        pen.open(element, "scriptFormat", language, vendors.NO_SCRIPT)
        return
    try:
        said = in_feel(text_of(script))
    except FeelError as problem:
        pen.open(element, "script", text_of(script), vendors.NO_SCRIPT, problem)
        return
    pen.mapped(element, "script", text_of(script), f"{result} = {said}")
    pen.mapped(element, "scriptFormat", language, "feel")
    script.text = f"{result} = {said}"
    element.set("scriptFormat", "feel")
    del element.attrib[f"{CAMUNDA}resultVariable"]


def take_over_people(task: Any, pen: NotePen) -> None:
    """`humanPerformer` and `potentialOwner` as assignee and candidates."""
    for kind in PEOPLE:
        for owner in task.findall(BPMN + kind):
            written = owner.find(f"{BPMN}resourceAssignmentExpression/{BPMN}formalExpression")
            text = text_of(written)
            if not text:
                continue
            for name, value in _people(kind, text).items():
                if task.get(CAMUNDA + name) is None:
                    task.set(CAMUNDA + name, value)
                    pen.mapped(task, kind, text, f"camunda:{name}")
            task.remove(owner)


def _people(kind: str, text: str) -> dict[str, str]:
    if kind != "potentialOwner":
        return {"assignee": text}
    found: dict[str, list[str]] = {"user": [], "group": []}
    for part in re.split(r",(?![^(]*\))", text):
        named = NAMED.fullmatch(part)
        found[named[1] if named else "group"].append((named[2] if named else part).strip())
    return {f"candidate{kind.title()}s": ",".join(names) for kind, names in found.items() if names}


def take_over_extensions(element: Any, pen: NotePen) -> None:
    """What stands in the extensionElements of an element."""
    for holder in element.findall(f"{BPMN}extensionElements"):
        for one in [child for child in holder if isinstance(child.tag, str)]:
            _extension(one, pen)


def _extension(one: Any, pen: NotePen) -> None:
    namespace, _, name = one.tag.rpartition("}")
    namespace = f"{namespace}}}"
    if namespace.strip("{}") in vendors.SILENT or namespace == ZW or namespace == CAMUNDA and name in QUIET:
        return
    if namespace == ZEEBE:
        pen.open(one, called(one.tag), _said(one), vendors.EIGHT)
    elif namespace not in (CAMUNDA, *vendors.COUSINS):
        pen.kept(one, called(one.tag), _said(one))
    elif name in vendors.LISTENERS:
        pen.open(one, called(one.tag), _said(one), vendors.NOT_HEARD)
    elif name == "connector":
        pen.open(one, called(one.tag), _said(one), vendors.NOT_RUN)
    elif name in ("in", "out"):
        _handed_over(one, name, pen)
    elif name == "inputOutput" and namespace == CAMUNDA:
        _parameters(one, pen)
    else:
        pen.kept(one, called(one.tag), _said(one))


def _handed_over(one: Any, name: str, pen: NotePen) -> None:
    before = called(one.tag)
    if not one.tag.startswith(CAMUNDA):
        one.tag = CAMUNDA + name
        pen.mapped(one, before, _said(one), called(one.tag))
    if source := one.get("sourceExpression"):
        one.set("sourceExpression", pen.translated(one, f"{called(one.tag)} sourceExpression", source))


def _parameters(holder: Any, pen: NotePen) -> None:
    for parameter in holder.iter(*(CAMUNDA + tag for tag in ("inputParameter", "outputParameter", "value", "entry"))):
        script = parameter.find(f"{CAMUNDA}script")
        if script is not None:
            pen.open(parameter, "camunda:script", _said(script), vendors.NO_SCRIPT)
        elif text_of(parameter):
            parameter.text = pen.translated(parameter, called(parameter.tag), parameter.text)


def inherit(call: Any, pen: NotePen) -> None:
    """Flowable's attributes of a call activity that hand everything or the business key over."""
    for namespace in vendors.COUSINS:
        for name, attribute, value in (
            ("inheritVariables", "variables", "all"),
            ("inheritBusinessKey", "businessKey", "#{execution.processBusinessKey}"),
        ):
            if call.get(namespace + name) in ("true", "1"):
                _extend(call, attribute, value)
                pen.mapped(call, called(namespace + name), "true", f"camunda:in {attribute}")
                del call.attrib[namespace + name]
        if (given := call.get(f"{namespace}businessKey")) is not None:
            pen.mapped(call, called(f"{namespace}businessKey"), given, "camunda:in businessKey")
            _extend(call, "businessKey", given)
            del call.attrib[f"{namespace}businessKey"]


def _extend(call: Any, attribute: str, value: str) -> None:
    holder = call.find(f"{BPMN}extensionElements")
    if holder is None:
        holder = etree.Element(f"{BPMN}extensionElements")
        call.insert(len(call.findall(f"{BPMN}documentation")), holder)
    etree.SubElement(holder, f"{CAMUNDA}in").set(attribute, value)


def _said(one: Any) -> str:
    """An element on one line: its attributes and its words."""
    words = [f"{called(name)}={value}" for name, value in one.attrib.items()]
    return " ".join([*words, *(text.strip() for text in one.itertext() if text.strip())])
