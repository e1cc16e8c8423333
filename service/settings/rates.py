"""How often who may ask, by the minute, and from where administrators work."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from service.rules.refusals import Invalid

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
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


def networks(name: str, text: str) -> tuple[Network, ...]:
    """Networks by commas (`10.20.0.0/16, 2001:db8::/32`). Refused: Invalid SETTING_INVALID."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise Invalid(
            "SETTING_INVALID",
            "配置项 {name} 的值“{got}”无效，应为 {expected}。",
            name=name,
            expected="10.20.0.0/16,…",
            got=str(error),
        ) from None


def within(address: str, allowed: tuple[Network, ...]) -> bool:
    """Whether an address is in one of the networks; none named: from anywhere."""
    if not allowed:
        return True
    try:
        real = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(real, "ipv4_mapped", None)
    return any((mapped or real) in network for network in allowed)
