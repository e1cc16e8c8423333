"""The rules: a stable code, how bad it is, the sentence in Chinese and English, and what to do about it in both."""

from __future__ import annotations

from dataclasses import dataclass

from service.engine.facts import Severity
from service.engine.lint.remedies import REMEDIES

RULES: dict[str, Rule] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its sentences and remedies hold `{placeholders}` that a finding fills."""

    code: str
    severity: Severity
    text: str
    english: str
    remedy: str
    remedy_english: str


def error(code: str, text: str, english: str, remedy: str) -> Rule:
    """Declare a rule whose findings refuse the deployment."""
    return _declare(Rule(code, Severity.ERROR, text, english, remedy, REMEDIES[code]))


def warning(code: str, text: str, english: str, remedy: str) -> Rule:
    """Declare a rule whose findings do not refuse the deployment but should be looked at."""
    return _declare(Rule(code, Severity.WARNING, text, english, remedy, REMEDIES[code]))


def note(code: str, text: str, english: str, remedy: str) -> Rule:
    """Declare a rule that only informs."""
    return _declare(Rule(code, Severity.NOTE, text, english, remedy, REMEDIES[code]))


def _declare(rule: Rule) -> Rule:
    if rule.code in RULES:
        raise ValueError(f"two rules {rule.code}")
    RULES[rule.code] = rule
    return rule
