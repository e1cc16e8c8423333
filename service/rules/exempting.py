"""减免申请: asked for by one person, examined by the charging department, granted by 财政 (DOMAIN E.6 SP-05)."""

from __future__ import annotations

from enum import StrEnum

from service.rules.refusals import Conflict, Forbidden
from service.rules.sentences import Sentence


class ExemptionState(StrEnum):
    """Where a request stands."""

    REQUESTED = "REQUESTED"
    REVIEWED = "REVIEWED"  # 收费部门初审同意
    GRANTED = "GRANTED"  # 财政批准
    REFUSED = "REFUSED"


class ExemptionAct(StrEnum):
    """What is done about one."""

    REVIEW = "review"  # by the charging department
    DECIDE = "decide"  # by 财政


EXEMPTION_STATE_NAMES = {
    ExemptionState.REQUESTED: Sentence("待初审"),
    ExemptionState.REVIEWED: Sentence("待财政批准"),
    ExemptionState.GRANTED: Sentence("已批准"),
    ExemptionState.REFUSED: Sentence("未批准"),
}
WAITING = frozenset({ExemptionState.REQUESTED, ExemptionState.REVIEWED})


def follow_exemption(
    state: ExemptionState, act: ExemptionAct, *, agree: bool, by: str, before: tuple[str, ...]
) -> ExemptionState:
    """The state after an act. `before`: who acted on it earlier; nobody acts twice.

    Refused: Conflict EXEMPTION_STATE, Forbidden EXEMPTION_SAME_PERSON.
    """
    wanted = ExemptionState.REQUESTED if act is ExemptionAct.REVIEW else ExemptionState.REVIEWED
    if state is not wanted:
        raise Conflict(
            "EXEMPTION_STATE", "减免申请{state}，不能进行此操作。", state=EXEMPTION_STATE_NAMES[state].words()
        )
    if by in before:
        raise Forbidden("EXEMPTION_SAME_PERSON", "减免的申请人、初审人和批准人应为不同的人。")
    if not agree:
        return ExemptionState.REFUSED
    return ExemptionState.REVIEWED if act is ExemptionAct.REVIEW else ExemptionState.GRANTED
