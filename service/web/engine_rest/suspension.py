"""What a request to suspend or resume says, wherever it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from service.rules.refusals import Invalid
from service.web.bodies import Body


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspension:
    """`suspended`: or resumed; `cases`: the instances of a definition, too."""

    suspended: bool
    cases: bool


def read_suspension(body: Body) -> Suspension:
    """Refused: Invalid for values of another type; EXECUTION_DATE_UNSUPPORTED."""
    if body.text("executionDate"):
        raise Invalid("EXECUTION_DATE_UNSUPPORTED", "暂不支持 executionDate：只能立即挂起或恢复。")
    return Suspension(suspended=body.flag("suspended"), cases=body.flag("includeProcessInstances"))
