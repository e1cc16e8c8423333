"""Decision tables: DMN 1.1 to 1.5, read hardened, evaluated by FEEL; what is ambiguous is a failure, never a guess."""

from service.engine.decisions.evaluating import Verdict, decide
from service.engine.decisions.model import Decision, DecisionFailure, DecisionFile, DecisionUnreadable
from service.engine.decisions.reading import read_decision_bytes, read_decisions

__all__ = [
    "Decision",
    "DecisionFailure",
    "DecisionFile",
    "DecisionUnreadable",
    "Verdict",
    "decide",
    "read_decision_bytes",
    "read_decisions",
]
