"""The engine moves tokens and knows neither people nor SQL. SpiffWorkflow, lxml and the FEEL sandbox live here only."""

from service.engine.asking import Asking, asked_in
from service.engine.decisions import DecisionFailure, Verdict
from service.engine.decisions.library import Question, decision_cards, decision_questions, evaluate_decision
from service.engine.decisions.references import read_use, written_use
from service.engine.examine import examine
from service.engine.facts import (
    DecisionCard,
    Draft,
    ElementCard,
    Examination,
    Finding,
    Offer,
    Outcome,
    Passage,
    Register,
    Resource,
    ScopeView,
    Severity,
    Source,
    Start,
    TaskCard,
    Thrown,
    VariableChange,
    Wait,
    WaitKind,
)
from service.engine.kernel.faults import EngineFault, ModelFault
from service.engine.moves import ForgottenJoin, Spot, Target
from service.engine.program import Program, build_program
from service.engine.run import Run
from service.engine.schedules import first_start, instant_after, next_start
from service.engine.timekeeping import Around, ClockStands, Place, Timekeeper

__all__ = [
    "Around",
    "Asking",
    "ClockStands",
    "DecisionCard",
    "DecisionFailure",
    "Draft",
    "ElementCard",
    "EngineFault",
    "Examination",
    "Finding",
    "ForgottenJoin",
    "ModelFault",
    "Offer",
    "Outcome",
    "Passage",
    "Place",
    "Program",
    "Register",
    "Question",
    "Resource",
    "Run",
    "ScopeView",
    "Severity",
    "Source",
    "Spot",
    "Start",
    "Target",
    "TaskCard",
    "Thrown",
    "Timekeeper",
    "VariableChange",
    "Verdict",
    "Wait",
    "WaitKind",
    "asked_in",
    "build_program",
    "decision_cards",
    "decision_questions",
    "evaluate_decision",
    "examine",
    "first_start",
    "instant_after",
    "next_start",
    "read_use",
    "written_use",
]
