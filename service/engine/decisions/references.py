"""Which decision a business rule task names, in which version, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.engine.decisions import words
from service.engine.decisions.evaluating import Verdict
from service.engine.decisions.model import DecisionFailure
from service.rules.sentences import filled

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
ZW = "{urn:lianban:bpmn:zw:1}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BINDINGS = ("latest", "deployment", "version", "versionTag")
MAPPINGS = ("singleEntry", "singleResult", "collectEntries", "resultList")
VALUE = "value"  # what FEEL makes of the decision: the default of every reference that is not Camunda 7's


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A reference as written. `variable`: where the answer goes, None for nowhere but the output mappings."""

    key: str
    binding: str = "latest"
    version: str = ""
    mapping: str = "resultList"
    variable: str | None = None

    @property
    def use(self) -> str:
        """Key and binding as one text: `key`, `key@deployment`, `key@version:3`, `key@versionTag:v1`."""
        return written_use(self.key, self.binding, self.version)


def written_use(key: str, binding: str, version: str) -> str:
    """A decision in a version, as one text."""
    if binding == "latest":
        return key
    return f"{key}@{binding}:{version}" if binding in ("version", "versionTag") else f"{key}@{binding}"


def read_use(text: str) -> tuple[str, str, str]:
    """Key, binding and version of such a text."""
    key, at, rest = text.rpartition("@")
    if not at:
        return text, "latest", ""
    binding, _, version = rest.partition(":")
    return key, binding, version


def reference_of(node: Any) -> Reference | None:
    """The decision of a business rule task: camunda:decisionRef, a calledDecision extension, zw:decision or a standard
    implementation attribute that is an address; None when it names none.
    """

    def camunda(name: str) -> str:
        return (node.get(CAMUNDA + name) or "").strip()

    variable = camunda("resultVariable") or None
    binding = camunda("decisionRefBinding") or "latest"
    version = camunda("decisionRefVersionTag" if binding == "versionTag" else "decisionRefVersion")
    if camunda("decisionRef"):
        mapping = camunda("mapDecisionResult") or "resultList"
        return Reference(
            key=camunda("decisionRef"), binding=binding, version=version, mapping=mapping, variable=variable
        )
    for holder in node.iterchildren(f"{BPMN}extensionElements"):
        for child in holder:
            tag = child.tag if isinstance(child.tag, str) else ""
            key = (child.get("decisionId") or child.get("decisionRef") or "").strip()
            if tag.endswith("}calledDecision") and key:
                named = (child.get("resultVariable") or "").strip() or variable
                return Reference(key=key, mapping=VALUE, variable=named or node.get("id"))
    key = (node.get(f"{ZW}decision") or "").strip() or _addressed((node.get("implementation") or "").strip())
    if not key:
        return None
    mapping = camunda("mapDecisionResult") or VALUE
    return Reference(key=key, binding=binding, version=version, mapping=mapping, variable=variable or node.get("id"))


def _addressed(implementation: str) -> str:
    """`dmn:Discount` or `decisions.dmn#Discount`; anything else (##WebService, ##unspecified) names no decision."""
    if implementation.startswith("dmn:"):
        return implementation.removeprefix("dmn:").strip()
    if implementation.startswith("##"):
        return ""
    return implementation.rpartition("#")[2].strip() if "#" in implementation else ""


def mapped(verdict: Verdict, mapping: str) -> Any:
    """The answer as Camunda's mapDecisionResult wants it. Raises DecisionFailure when it has another shape."""
    rows: Sequence[Mapping[str, Any]] = verdict.rows
    if mapping == VALUE:
        return verdict.value
    if mapping == "resultList":
        return [dict(row) for row in rows]
    if mapping == "collectEntries":
        if any(len(row) > 1 for row in rows):
            raise DecisionFailure(filled(words.ONE_COLUMN, mapping=mapping))
        return [next(iter(row.values()), None) for row in rows]
    if len(rows) > 1:
        raise DecisionFailure(filled(words.ONE_ROW, mapping=mapping, count=len(rows)))
    if mapping == "singleResult":
        return dict(rows[0]) if rows else None
    if rows and len(rows[0]) > 1:
        raise DecisionFailure(filled(words.ONE_COLUMN, mapping=mapping))
    return next(iter(rows[0].values()), None) if rows else None
