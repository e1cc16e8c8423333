"""回避 (S-06): whom somebody has declared as near, and whether one of them stands in an application.

A party is known by name and, where the form asks for it, by the number of an identity card. Two numbers decide; where one of
them is missing the name alone keeps the person away: the law prefers a handler too few (行政许可法 has no rule of its own,
公务员法 art. 76).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PARTIES = {  # variable of a case → variable with the number of the same person
    "applicant": "applicant_id_no",
    "legal_rep": "legal_rep_id_no",
    "agent": "agent_id_no",
    "agent_name": "agent_id_no",
    "principal": "",
    "contact": "",
    "shareholders": "",
}
APART = re.compile(r"[、，,；;：:\s（）()]+")
LONGEST_NAME = 60


class Kinship(StrEnum):
    """How somebody is near (公务员法 art. 74: 夫妻, 直系血亲, 三代以内旁系血亲, 近姻亲)."""

    SELF = "SELF"  # the person: to tell namesakes apart by number
    SPOUSE = "SPOUSE"
    LINEAL = "LINEAL"
    COLLATERAL = "COLLATERAL"
    IN_LAW = "IN_LAW"
    INTEREST = "INTEREST"  # 其他利害关系: a company one holds shares in


@dataclass(frozen=True, kw_only=True, slots=True)
class Relative:
    """One declared person. `identity`: fingerprint of the number, empty when it was not told."""

    kind: str
    name: str
    identity: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """Somebody an application is of. `identity`: fingerprint of the number, empty when the form did not ask."""

    name: str
    identity: str = ""


def parties_of(values: Mapping[str, Any], fingerprint: Any) -> tuple[Party, ...]:
    """Applicant, legal representative, agent, contact and shareholders as the variables of a case name them."""
    found: dict[Party, None] = {}
    for name, number in PARTIES.items():
        said = values.get(name)
        for one in _names(said):
            identity = str(values.get(number) or "").strip() if number else ""
            found.setdefault(Party(name=one, identity=fingerprint(identity) if identity else ""))
    return tuple(found)


def near(own_name: str, declared: Iterable[Relative], parties: Iterable[Party]) -> Relative | None:
    """Who of one's own stands in the application; None: nobody."""
    declared = tuple(declared)
    known = [one for one in declared if one.kind == Kinship.SELF]
    mine = known or [Relative(kind=Kinship.SELF.value, name=own_name)]
    for one in (*mine, *(one for one in declared if one.kind != Kinship.SELF)):
        for party in parties:
            if one.identity and party.identity:
                if one.identity == party.identity:
                    return one
            elif one.name and one.name == party.name:
                return one
    return None


def _names(said: Any) -> Iterable[str]:
    """The names in a value: a text, several on lines of their own (股东), or rows with a name."""
    if isinstance(said, str):
        for line in said.splitlines():
            first = next((word for word in APART.split(line.strip()) if word), "")
            if first:
                yield first[:LONGEST_NAME]
            if line.strip() and line.strip() != first:
                yield line.strip()[:LONGEST_NAME]
    elif isinstance(said, Mapping):
        yield from _names(said.get("name"))
    elif isinstance(said, (list, tuple)):
        for one in said:
            yield from _names(one)
