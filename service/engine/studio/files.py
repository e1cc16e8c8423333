"""Forms and decision tables to begin with: empty ones, and others' under a new key; whether what was sent can be read at all."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from service.engine.decisions.reading import is_dmn
from service.engine.lint.diagram import Diagram, read_diagram
from service.engine.lint.rules.forms import MAX_BYTES
from service.engine.lint.xml import XmlRefused, read_xml

SCHEMA_VERSION = 17  # of form-js, as the shipped forms say
EMPTY_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id={definitions} name={name} namespace="urn:lianban:decisions">
  <decision id={key} name={name}>
    <decisionTable id={table} hitPolicy="UNIQUE">
      <input id="Input_1" label="条件">
        <inputExpression id="Asked_1" typeRef="string">
          <text></text>
        </inputExpression>
      </input>
      <output id="Output_1" label="结果" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="Diagram_1">
      <dmndi:DMNShape id="Shape_1" dmnElementRef={key}>
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def blank_form(key: str) -> bytes:
    """A form that asks nothing yet."""
    return _written({"type": "default", "id": key, "schemaVersion": SCHEMA_VERSION, "components": []})


def blank_table(key: str, name: str) -> bytes:
    """A decision with an empty table."""
    return EMPTY_TABLE.format(
        key=quoteattr(key),
        name=quoteattr(name),
        table=quoteattr(f"Table_{key}"),
        definitions=quoteattr(f"Definitions_{key}"),
    ).encode()


def copied_form(content: bytes, key: str) -> bytes:
    """The same form under another key."""
    return _written((form_schema(content) or {"type": "default", "components": []}) | {"id": key})


def copied_table(content: bytes, key: str, name: str) -> bytes:
    """The same decisions as others: the one that needs all the rest gets the key, the rest get it in front of theirs."""
    root = read_xml(content).root
    decisions = [one for one in root if _tag(one) == "decision"]
    if not decisions:
        return blank_table(key, name)
    needed = {one.get("href", "").lstrip("#") for one in root.iter() if _tag(one) == "requiredDecision"}
    first = next((one for one in decisions if one.get("id") not in needed), decisions[-1])
    ids = {one.get("id"): key if one is first else f"{key}_{one.get('id')}" for one in decisions}
    for element in root.iter():
        for attribute, mark in (("href", "#"), ("dmnElementRef", "")):
            said = (element.get(attribute) or "").removeprefix(mark)
            if said in ids:
                element.set(attribute, mark + ids[said])
    for one in decisions:
        one.set("id", ids[one.get("id")])
    root.set("name", name)
    first.set("name", name)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def form_schema(content: bytes) -> dict[str, Any] | None:
    """The schema of a form file; None when it is none."""
    if len(content) > MAX_BYTES:
        return None
    try:
        schema = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return schema if isinstance(schema, dict) and isinstance(schema.get("components"), list) else None


def is_table_file(content: bytes) -> bool:
    """Whether it is a DMN file of a version that is read."""
    try:
        return is_dmn(read_xml(content).root)
    except XmlRefused:
        return False


def drawn_decisions(content: bytes) -> tuple[tuple[str, str], ...]:
    """Key and name of every decision of a DMN file, however unfinished."""
    try:
        root = read_xml(content).root
    except XmlRefused:
        return ()
    found = [(one.get("id") or "", one.get("name") or "") for one in root if _tag(one) == "decision"]
    return tuple((key, name) for key, name in found if key) if is_dmn(root) else ()


def named_by(content: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of the forms and of the decisions that the processes of a diagram name."""
    try:
        diagram: Diagram = read_diagram("diagram.bpmn", read_xml(content))
    except XmlRefused:
        return (), ()
    forms = [key for process in diagram.processes for key in process.forms if not key.startswith(("${", "#{", "="))]
    decisions = [use.partition("@")[0] for process in diagram.processes for use in process.decisions]
    return tuple(dict.fromkeys(forms)), tuple(dict.fromkeys(decisions))


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _written(schema: dict[str, Any]) -> bytes:
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()
