"""The engine moves tokens and knows neither people nor SQL. SpiffWorkflow, lxml and the FEEL sandbox live here only."""

from service.engine.examine import examine
from service.engine.facts import Draft, Examination, Finding, Resource, Severity, Start, TaskCard

__all__ = ["Draft", "Examination", "Finding", "Resource", "Severity", "Start", "TaskCard", "examine"]
