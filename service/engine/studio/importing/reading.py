"""One diagram of another product becomes one of ours: nothing is executed, nothing foreign is lost, everything is told."""

from __future__ import annotations

from typing import Any

from lxml import etree

from service.engine.lint.diagram import BPMN, CAMUNDA
from service.engine.lint.xml import DECLARATION, decode, read_xml
from service.engine.studio.copying import drawn_process
from service.engine.studio.importing.attributes import take_over_attributes
from service.engine.studio.importing.elements import (
    inherit,
    take_over_extensions,
    take_over_people,
    take_over_script,
    take_over_texts,
)
from service.engine.studio.importing.facts import Imported
from service.engine.studio.importing.forms import take_over_fields
from service.engine.studio.importing.pen import NotePen
from service.engine.studio.importing.vendors import PRODUCTS

ASKING = (f"{BPMN}userTask", f"{BPMN}startEvent")


def import_diagram(file: str, content: bytes) -> Imported | None:
    """The diagram as ours with notes; None when it is no BPMN file with a process (the linter says why)."""
    drawn = drawn_process(content)
    if drawn is None:
        return None
    root = _whole(content)
    pen = NotePen(file)
    forms: dict[str, bytes] = {}
    for process in root.iter(f"{BPMN}process"):
        for element in [one for one in process.iter() if isinstance(one.tag, str) and one.tag.startswith(BPMN)]:
            _take_over(element, process.get("id") or "", pen, forms)
        _name_initiator(process)
    for element in root:
        if isinstance(element.tag, str) and element.tag.startswith(BPMN) and element.tag != f"{BPMN}process":
            take_over_attributes(element, pen)
            take_over_extensions(element, pen)
    prefixes = {prefix for one in root.iter() if isinstance(one.tag, str) for prefix in one.nsmap if prefix}
    if not any(uri == CAMUNDA.strip("{}") for uri in root.nsmap.values()):
        etree.cleanup_namespaces(root, top_nsmap={"camunda": CAMUNDA.strip("{}")}, keep_ns_prefixes=sorted(prefixes))
    written = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return Imported(
        file=file,
        key=drawn[0],
        name=drawn[1],
        product=_product(content),
        content=written,
        forms=forms,
        notes=tuple(pen.notes),
    )


def _take_over(element: Any, process: str, pen: NotePen, forms: dict[str, bytes]) -> None:
    if element.tag == f"{BPMN}callActivity":
        inherit(element, pen)
    take_over_attributes(element, pen)
    if element.tag == f"{BPMN}userTask":
        take_over_people(element, pen)
    if element.tag in ASKING and (made := take_over_fields(element, process, pen)) is not None:
        forms[made[0]] = made[1]
    take_over_script(element, pen)
    take_over_texts(element, pen)
    take_over_extensions(element, pen)


def _name_initiator(process: Any) -> None:
    """Who starts an instance has a name where a task asks for it."""
    if any(one.get(f"{CAMUNDA}assignee") == "=initiator" for one in process.iter(f"{BPMN}userTask")):
        for start in process.findall(f"{BPMN}startEvent"):
            if start.get(f"{CAMUNDA}initiator") is None:
                start.set(f"{CAMUNDA}initiator", "initiator")


def _whole(content: bytes) -> Any:
    """The tree with its comments and white space. The hardened reader has refused what must not be read before."""
    text = decode(content)
    found = DECLARATION.match(text)
    data = text[found.end() :] if found else text
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    return etree.fromstring(data.encode(), parser)


def _product(content: bytes) -> str:
    """Whose extensions a diagram uses: names and attributes, not what is merely declared."""
    used = set()
    for one in read_xml(content).root.iter():
        for name in (one.tag, *one.attrib):
            namespace, brace, _ = str(name).rpartition("}")
            used.add(namespace + brace)
    return next((name for namespace, name in PRODUCTS if namespace in used), "BPMN 2.0")
