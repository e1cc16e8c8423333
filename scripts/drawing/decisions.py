"""Decision tables: rows in, one DMN 1.3 file out, readable in Camunda Modeler and dmn-js."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
CAMUNDA = "http://camunda.org/schema/1.0/dmn"
ANY = "-"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One decision table. `inputs`: (label, FEEL expression, type); `outputs`: (label, name, type); `rows`: cells as FEEL."""

    key: str
    name: str
    inputs: Sequence[tuple[str, str, str]]
    outputs: Sequence[tuple[str, str, str]]
    rows: Sequence[tuple[Sequence[str], Sequence[str], str]]  # input cells, output cells, remark
    policy: str = "RULE ORDER"


def text(value: str) -> str:
    """A text as FEEL."""
    return f'"{value}"'


def write_table(table: Table, folder: Path) -> None:
    """Write `<key>.dmn`."""
    for prefix, uri in (("", DMN), ("dmndi", DMNDI), ("dc", DC), ("camunda", CAMUNDA)):
        ET.register_namespace(prefix, uri)
    root = ET.Element(
        f"{{{DMN}}}definitions", id=f"Definitions_{table.key}", name=table.name, namespace="urn:lianban:decisions"
    )
    decision = _add(root, "decision", id=table.key, name=table.name)
    body = _add(decision, "decisionTable", id=f"Table_{table.key}", hitPolicy=table.policy)
    for n, (label, expression, kind) in enumerate(table.inputs, 1):
        asked = _add(body, "input", id=f"Input_{n}", label=label)
        _text(_add(asked, "inputExpression", id=f"Asked_{n}", typeRef=kind), expression)
    for n, (label, name, kind) in enumerate(table.outputs, 1):
        _add(body, "output", id=f"Output_{n}", label=label, name=name, typeRef=kind)
    for n, (cells, results, remark) in enumerate(table.rows, 1):
        rule = _add(body, "rule", id=f"Rule_{n}")
        if remark:
            _add(rule, "description").text = remark
        for m, cell in enumerate(cells, 1):
            _text(_add(rule, "inputEntry", id=f"Cell_{n}_{m}"), "" if cell == ANY else cell)
        for m, result in enumerate(results, 1):
            _text(_add(rule, "outputEntry", id=f"Result_{n}_{m}"), result)
    drawing = ET.SubElement(ET.SubElement(root, f"{{{DMNDI}}}DMNDI"), f"{{{DMNDI}}}DMNDiagram", id="Diagram_1")
    shape = ET.SubElement(drawing, f"{{{DMNDI}}}DMNShape", id=f"{table.key}_di", dmnElementRef=table.key)
    ET.SubElement(shape, f"{{{DC}}}Bounds", height="80", width="180", x="160", y="100")
    ET.indent(root)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{table.key}.dmn").write_bytes(
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "utf-8") + b"\n"
    )


def _add(parent: ET.Element, name: str, /, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{DMN}}}{name}", attributes)


def _text(parent: ET.Element, value: str) -> None:
    _add(parent, "text").text = value
