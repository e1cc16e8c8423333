"""What others may see of a person: enough to recognise oneself, not enough to find somebody (public pages, lists, logs)."""

from __future__ import annotations


def masked_mobile(number: str) -> str:
    """`138****5678`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "*" * len(number)


def masked_email(address: str) -> str:
    """The first letter and the domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def masked_identity(number: str) -> str:
    """The first and the last characters of an identity number or a 统一社会信用代码: `4101**********123X`."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) >= 15 else "*" * len(number)


def masked_name(name: str) -> str:
    """`李*`, `王**`; of an organisation, a name of five characters and more, its kind as well: `华**公司`."""
    name = name.strip()
    return f"{name[:1]}**{name[-2:]}" if len(name) >= 5 else name[:1] + "*" * (len(name) - 1)
