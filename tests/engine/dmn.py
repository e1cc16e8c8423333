"""Builders for DMN files in tests: `table("d", "UNIQUE", ["age: number"], ["price: number"], "< 18 | 5", …)`."""

from __future__ import annotations

from xml.sax.saxutils import escape

DMN13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def _typed(text: str) -> tuple[str, str]:
    name, _, kind = text.partition(":")
    return name.strip(), f' typeRef="{kind.strip()}"' if kind.strip() else ""


def table(
    id: str,
    policy: str,
    inputs: list[str],
    outputs: list[str],
    *rows: str,
    requires: tuple[str, ...] = (),
    more: str = "",
    values: dict[str, str] | None = None,
    allowed: dict[str, str] | None = None,
    defaults: dict[str, str] | None = None,
    name: str | None = None,
) -> str:
    """One decision with a table; a row is `cell, cell | result, result` with `;` between cells."""
    hit, _, aggregation = policy.partition("+")
    text = "".join(
        f'<informationRequirement id="{id}_{n}"><requiredDecision href="#{needed}"/></informationRequirement>'
        for n, needed in enumerate(requires)
    )
    text += f'{more}<decisionTable id="{id}_t" hitPolicy="{hit}"'
    text += f' aggregation="{aggregation}">' if aggregation else ">"
    for n, given in enumerate(inputs):
        expression, kind = _typed(given)
        limited = (allowed or {}).get(expression)
        text += (
            f'<input id="{id}_i{n}"><inputExpression{kind}><text>{escape(expression)}</text></inputExpression>'
            + (f"<inputValues><text>{escape(limited)}</text></inputValues>" if limited else "")
            + "</input>"
        )
    for n, given in enumerate(outputs):
        label, kind = _typed(given)
        ranks, default = (values or {}).get(label), (defaults or {}).get(label)
        text += f'<output id="{id}_o{n}" name="{label}"{kind}>'
        text += f"<outputValues><text>{escape(ranks)}</text></outputValues>" if ranks else ""
        text += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        text += "</output>"
    for n, row in enumerate(rows, 1):
        asked, _, given = row.rpartition("|")
        text += f'\n<rule id="{id}_r{n}">'
        text += "".join(
            f"<inputEntry><text>{escape(c.strip())}</text></inputEntry>" for c in asked.split(";") if inputs
        )
        text += "".join(f"<outputEntry><text>{escape(c.strip())}</text></outputEntry>" for c in given.split(";"))
        text += "</rule>"
    return f'\n<decision id="{id}" name="{name or id}">{text}</decisionTable></decision>'


def literal(
    id: str, expression: str, *, requires: tuple[str, ...] = (), kind: str = "", name: str | None = None
) -> str:
    """One decision with an expression."""
    needs = "".join(
        f'<informationRequirement><requiredDecision href="#{needed}"/></informationRequirement>' for needed in requires
    )
    typed = f' typeRef="{kind}"' if kind else ""
    return (
        f'\n<decision id="{id}" name="{name or id}"><variable name="{name or id}"{typed}/>{needs}'
        f"<literalExpression><text>{escape(expression)}</text></literalExpression></decision>"
    )


def dmn(*decisions: str, namespace: str = DMN13, roots: str = "") -> bytes:
    """A file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{namespace}" '
        f'xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="defs" name="defs" namespace="t">{roots}'
        + "".join(decisions)
        + "\n</definitions>"
    ).encode()
