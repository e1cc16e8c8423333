"""How often who may ask, by the minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from service.rules.refusals import Invalid

MOST = 10_000_000


@dataclass(frozen=True, kw_only=True)
class RateRules:
    """Requests a minute; 0: without a limit. Programs built in a process (tests, campaigns) have none unless they say so."""

    address: int = 0  # from one network address by whoever is not signed in
    person: int = 0  # by one account of a person
    program: int = 0  # by one account of a program
    heavy: int = 0  # of one person, for what costs much: exports, uploads, rehearsals, print views

    @classmethod
    def from_environment(cls, given: Mapping[str, str]) -> RateRules:
        """LIANBAN_RATE_ADDRESS, _PERSON, _PROGRAM, _HEAVY. Refused: Invalid SETTING_INVALID."""
        rules = SERVED
        for one in fields(cls):
            name = f"LIANBAN_RATE_{one.name.upper()}"
            if text := given.get(name, "").strip():
                if not text.isascii() or not text.isdigit() or int(text) > MOST:
                    raise Invalid(
                        "SETTING_INVALID",
                        "配置项 {name} 的值“{got}”无效，应为 {expected}。",
                        name=name,
                        expected=f"0–{MOST}",
                        got=text,
                    )
                rules = replace(rules, **{one.name: int(text)})
        return rules


SERVED = RateRules(address=600, person=1_200, program=60_000, heavy=120)
