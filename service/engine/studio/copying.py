"""Diagrams to begin with: another process's under a new key, or an empty one."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from service.engine.lint.diagram import BPMN, CAMUNDA, ZW
from service.engine.lint.xml import XmlRefused, read_xml

REFERENCES = ("processRef", "bpmnElement")  # where a process is named by its id
EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zw="urn:lianban:bpmn:zw:1" id="Definitions_1" targetNamespace="urn:lianban:processes">
  <bpmn:process id={key} name={name} isExecutable="true">
    <bpmn:startEvent id="Start_1" name="开始" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_1">
    <bpmndi:BPMNPlane id="Plane_1" bpmnElement={key}>
      <bpmndi:BPMNShape id="Start_1_di" bpmnElement="Start_1">
        <dc:Bounds x="180" y="160" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def blank_diagram(key: str, name: str) -> bytes:
    """A process with nothing but its start."""
    return EMPTY.format(key=quoteattr(key), name=quoteattr(name)).encode()


def drawn_process(content: bytes) -> tuple[str, str] | None:
    """Key and name of the process a file draws (the first that is executed); None when it is no diagram."""
    try:
        root = read_xml(content).root
    except XmlRefused:
        return None
    if root.tag != f"{BPMN}definitions":
        return None
    found = _main(root)
    return None if found is None else (found.get("id") or "", found.get("name") or "")


def copied(content: bytes, key: str, name: str) -> bytes:
    """The same diagram as another process. What belongs to one item alone (its code, its version) is left out."""
    root = read_xml(content).root
    process = _main(root)
    if process is None:
        return blank_diagram(key, name)
    old = process.get("id")
    for element in root.iter():
        for reference in REFERENCES:
            if element.get(reference) == old:
                element.set(reference, key)
    process.set("id", key)
    process.set("name", name)
    for one in (f"{ZW}item", f"{CAMUNDA}versionTag"):
        process.attrib.pop(one, None)
    for participant in root.iter(f"{BPMN}participant"):
        if participant.get("processRef") == key:
            participant.set("name", name)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _main(root: Any) -> Any | None:
    processes = root.findall(f"{BPMN}process")
    executed = [one for one in processes if one.get("isExecutable", "true") not in ("false", "0")]
    return next(iter(executed or processes), None)
