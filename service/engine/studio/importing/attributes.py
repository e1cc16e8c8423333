"""Attributes of other products: written as ours where they mean the same, else left where they stand and told."""

from __future__ import annotations

import re
from typing import Any

from service.engine.lint.diagram import BPMN, CAMUNDA, ZEEBE, ZW
from service.engine.studio.importing import vendors
from service.engine.studio.importing.pen import NotePen, called

KNOWN_FORM = re.compile(r"[^\W\d][\w.\-]*")
DEPLOYED_FORM = re.compile(r"camunda-forms:(?:deployment:)?(?:.*/)?([^/]+?)(?:\.form)?")
CALLING = ("inheritVariables", "inheritBusinessKey", "businessKey")  # of a call activity, told by its elements
WORKERS = ("external", "external-worker")
WHO_STARTED = {"$INITIATOR": "${initiator}"}  # as Flowable's editor writes it


def take_over_attributes(element: Any, pen: NotePen) -> None:
    """Every attribute of one BPMN element that is not BPMN's own."""
    for name in list(element.attrib):
        namespace, _, local = name.rpartition("}")
        namespace = f"{namespace}}}" if namespace else ""
        if not namespace or namespace == ZW or namespace.strip("{}") in vendors.SILENT:
            continue
        value = element.get(name)
        if namespace == ZEEBE:
            pen.open(element, called(name), value, vendors.EIGHT)
        elif namespace in (CAMUNDA, *vendors.COUSINS):
            _take_over(element, namespace, local, value, pen)
        else:
            pen.kept(element, called(name), value)
    _translate_call(element, pen)


def _take_over(element: Any, namespace: str, local: str, value: str, pen: NotePen) -> None:
    name = namespace + local
    if local in ("formKey", "formRef"):
        _form(element, name, local, value, pen)
    elif local == "type" and element.tag != f"{BPMN}userTask":
        _type(element, name, value, pen)
    elif local in vendors.CODE:
        pen.open(element, called(name), value, vendors.NOT_RUN)
    elif local == "skipExpression":
        pen.open(element, called(name), value, vendors.NO_SKIP)
    elif local in vendors.SAME or namespace != CAMUNDA and local in vendors.RENAMED:
        _rewrite(element, name, vendors.RENAMED.get(local, local), value, pen)
    elif local == "resource":
        pen.open(element, called(name), value, vendors.NO_SCRIPT)
    elif namespace == CAMUNDA and local in vendors.HARMLESS or local in CALLING:
        return
    else:
        pen.kept(element, called(name), value)


def _rewrite(element: Any, name: str, local: str, value: str, pen: NotePen) -> None:
    """The same attribute as camunda:, its expression in FEEL. What is there already is not overwritten."""
    ours = CAMUNDA + local
    if name != ours:
        if element.get(ours) is not None:
            pen.kept(element, called(name), value)
            return
        pen.mapped(element, called(name), value, called(ours))
        del element.attrib[name]
    value = WHO_STARTED.get(value, value)
    element.set(ours, pen.translated(element, called(ours), value) if local in vendors.EXPRESSIVE else value)


def _type(element: Any, name: str, value: str, pen: NotePen) -> None:
    """Of a task: who works off a topic is the same everywhere; mail, http, shell and the like are not run."""
    if value not in WORKERS:
        pen.open(element, called(name), value, vendors.NO_SUCH_TASK)
    elif name != f"{CAMUNDA}type" and element.get(f"{CAMUNDA}type") is None:
        del element.attrib[name]
        element.set(f"{CAMUNDA}type", "external")
        pen.mapped(element, called(name), value, "camunda:type")


def _form(element: Any, name: str, local: str, value: str, pen: NotePen) -> None:
    """A key of a form that is deployed along; pages and scripts of other products are no forms here."""
    deployed = DEPLOYED_FORM.fullmatch(value.strip())
    key = deployed[1] if deployed else value.strip()
    if not KNOWN_FORM.fullmatch(key) or "html" in key.rpartition(".")[2]:
        pen.open(element, called(name), value, vendors.NO_SUCH_FORM)
        return
    ours = CAMUNDA + local
    if name == ours and key == value or name != ours and element.get(ours) is not None:
        return
    del element.attrib[name]
    element.set(ours, key)
    pen.mapped(element, called(name), value, called(ours))


def _translate_call(element: Any, pen: NotePen) -> None:
    """What a call activity names is known when it is deployed, so it cannot be computed."""
    target = element.get("calledElement") or ""
    if element.tag == f"{BPMN}callActivity" and target.startswith(("${", "#{")):
        pen.open(element, "calledElement", target, vendors.NOT_TRANSLATED)
