"""Networks an installation names by commas, and whether an address is in one of them."""

from __future__ import annotations

import ipaddress

from service.rules.refusals import Invalid

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks_from(setting: str, text: str) -> tuple[Network, ...]:
    """`10.20.0.0/16, 2001:db8::/32` as networks. `setting`: the variable it comes from. Refused: Invalid SETTING_INVALID."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise Invalid(
            "SETTING_INVALID",
            "配置项 {name} 的值“{got}”无效，应为 {expected}。",
            name=setting,
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
