"""The rules: a stable code, how bad it is, the sentence in Chinese and English, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from service.engine.facts import Severity

RULES: dict[str, Rule] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `text` and `english` hold `{placeholders}` that a finding fills."""

    code: str
    severity: Severity
    text: str
    english: str
    remedy: str


def error(code: str, text: str, english: str, remedy: str) -> Rule:
    """Declare a rule whose findings refuse the deployment."""
    return _declare(Rule(code, Severity.ERROR, text, english, remedy))


def warning(code: str, text: str, english: str, remedy: str) -> Rule:
    """Declare a rule whose findings do not refuse the deployment but should be looked at."""
    return _declare(Rule(code, Severity.WARNING, text, english, remedy))


def note(code: str, text: str, english: str, remedy: str) -> Rule:
    """Declare a rule that only informs."""
    return _declare(Rule(code, Severity.NOTE, text, english, remedy))


def _declare(rule: Rule) -> Rule:
    if rule.code in RULES:
        raise ValueError(f"two rules {rule.code}")
    RULES[rule.code] = rule
    return rule
