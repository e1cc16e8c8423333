"""Makes docs/bpmn.md from the cases: `python -m tests.bpmn.table > docs/bpmn.md`."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from lxml import etree

from tests.bpmn.cases import Case, all_cases

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
SHOWN = 3  # cases named in a row
REFUSED = (  # what no case can show running: element, rule
    ("choreography, conversation and their parts", "LB108"),
    ("ioBinding (service interfaces)", "LB109"),
    ("performer, potentialOwner and other resource roles (use camunda:assignee and candidates)", "LB111"),
    (
        "code in the diagram: class, delegateExpression, listeners, scripts other than FEEL",
        "LB131, LB135, LB502, LB504",
    ),
    ("Camunda 8 extensions except calledDecision", "LB505"),
    ("business knowledge models, boxed contexts and invocations in DMN", "LB802, LB806"),
)
QUIET = frozenset(
    "definitions process sequenceFlow extensionElements incoming outgoing script condition conditionExpression message "
    "signal error escalation documentation text timeDuration timeDate timeCycle linkEventDefinition source target "
    "collaboration participant laneSet lane flowNodeRef completionCondition loopCardinality loopCondition from to "
    "sourceRef targetRef inputSet outputSet dataInputRefs dataOutputRefs optionalInputRefs dataInput dataOutput "
    "inputDataItem outputDataItem loopDataInputRef loopDataOutputRef activationCondition messagePath dataPath "
    "correlationPropertyRef correlationPropertyBinding correlationPropertyRetrievalExpression messageEventDefinition "
    "timerEventDefinition signalEventDefinition errorEventDefinition escalationEventDefinition "
    "conditionalEventDefinition compensateEventDefinition cancelEventDefinition terminateEventDefinition "
    "eventDefinitionRef event assignment transformation extension import itemDefinition".split()
)


def features(path: Path) -> set[str]:
    """What a diagram uses, in words of the table."""
    found = set()
    for element in etree.parse(path).iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag.startswith(BPMN) or (kind := tag.removeprefix(BPMN)) in QUIET:
            continue
        definitions = [
            child.tag.removeprefix(BPMN).removesuffix("EventDefinition")
            for child in element
            if isinstance(child.tag, str) and child.tag.endswith("EventDefinition")
        ]
        if kind.endswith("Event"):
            word = definitions[0] if len(definitions) == 1 else "multiple" if definitions else "none"
            if word == "multiple" and element.get("parallelMultiple") == "true":
                word = "parallel multiple"
            inside = element.getparent().get("triggeredByEvent") == "true"
            quiet = "false" in (element.get("cancelActivity"), element.get("isInterrupting"))
            place = "event sub-process start" if inside and kind == "startEvent" else kind
            found.add(f"{place}: {word}{', non-interrupting' if quiet else ''}")
        elif kind == "subProcess" and element.get("triggeredByEvent") == "true":
            found.add("event sub-process")
        elif kind == "multiInstanceLoopCharacteristics":
            found.add(f"multi-instance, {'sequential' if element.get('isSequential') == 'true' else 'parallel'}")
        else:
            found.add(kind)
    table = path.with_suffix(".dmn")
    if table.exists():
        for element in etree.parse(table).iter(f"{DMN}decisionTable"):
            aggregation = f" {element.get('aggregation')}" if element.get("aggregation") else ""
            found.add(f"decision table: {element.get('hitPolicy', 'UNIQUE')}{aggregation}")
        if any(True for _ in etree.parse(table).iter(f"{DMN}literalExpression")):
            found.add("decision: literal expression")
    return found


def rows() -> dict[str, list[Case]]:
    """The cases that play each feature; refused diagrams play none."""
    found: dict[str, list[Case]] = defaultdict(list)
    known: dict[Path, set[str]] = {}
    for case in all_cases():
        if case.refused is None:
            if case.diagram not in known:
                known[case.diagram] = features(case.diagram)
            for feature in known[case.diagram]:
                found[feature].append(case)
    return found


def page() -> str:
    """The page as Markdown."""
    cases = all_cases()
    groups = Counter(case.group for case in cases)
    parts = [
        "# BPMN and DMN: what is executed\n\nGenerated from the conformance suite (`python -m tests.bpmn.table > "
        "docs/bpmn.md`). Do not edit.\n\n"
        f"{len(cases)} cases on {len({case.diagram for case in cases})} diagrams in `tests/bpmn/`, each played in "
        "memory, with save and load after every step, and over `/engine-rest`. What is not executed is refused at "
        "deployment with the code of a rule in `docs/lint.md`, never skipped.\n",
        "| element | | cases | for example |\n|---|---|---|---|",
    ]
    for feature, played in sorted(rows().items()):
        shown = sorted({f"`{one.group}/{one.diagram.stem}`" for one in played}, key=lambda one: (len(one), one))[:SHOWN]
        parts.append(f"| {feature} | supported | {len(played)} | {', '.join(shown)} |")
    parts += [f"| {what} | refused ({code}) | | `tests/lint` |" for what, code in REFUSED]
    parts.append("\n## Diagrams that must be refused\n\n| rule | diagram |\n|---|---|")
    parts += sorted(
        f"| {case.refused[0]} | `{case.group}/{case.diagram.stem}` |" for case in cases if case.refused is not None
    )
    parts.append("\n## Groups\n\n| group | cases |\n|---|---|")
    parts += [f"| {group} | {number} |" for group, number in sorted(groups.items())]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(page(), end="")
