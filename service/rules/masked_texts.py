"""What people write freely about a case (comments, notes, queries, names of files), for who sees its applicants masked.

Hidden is what has the shape of a way to reach somebody or of the number of an identity card, and whatever the case knows of
its people: their numbers, addresses and names. Names of companies, sites and items stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.rules.masking import (
    ADDRESSES,
    BANKS,
    IDENTITIES,
    MAILS,
    MOBILE,
    PHONES,
    is_person,
    masked_address,
    masked_email,
    masked_identity,
    masked_mobile,
    masked_name,
    masked_number,
)

NAMES = frozenset(
    {"contact", "contact_name", "agent", "agent_name", "legal_rep", "principal", "person_name", "real_name"}
)
APPLICANT = "applicant"  # a person's name, or a company's
IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-－— ]?[2-9]\d{6,7}(?!\d)")
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
SPACED = re.compile(r"(?<!\d)1[3-9]\d[-－— ]\d{4}[-－— ]\d{4}(?!\d)")  # 139-0000-0001
SHORTEST_NAME, SHORTEST_NUMBER = 2, 5
APART = re.compile(r"[、，,；;\s]+")

Known = tuple[tuple[str, str], ...]


def known_of(values: Iterable[Mapping[str, Any]]) -> Known:
    """What the case knows of its people, with what others see instead; the longest first, so that nothing is cut in two."""
    found: dict[str, str] = {}
    for one in values:
        found.update(_told(one, is_person(one)))
    return tuple(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def masked_text(text: str, known: Known) -> str:
    """A free text as who sees applicants masked reads it."""
    for value, shown in known:
        if value in text:
            text = text.replace(value, shown)
    text = IDENTITY.sub(lambda found: masked_identity(found[0]), text)
    text = SPACED.sub(lambda found: masked_mobile(re.sub(r"\D", "", found[0])), text)
    text = MOBILE.sub(lambda found: masked_mobile(found[0]), text)
    text = LANDLINE.sub(lambda found: masked_number(found[0]), text)
    return MAIL.sub(lambda found: masked_email(found[0]), text)


def _told(values: Mapping[str, Any], person: bool) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _told({str(key): one for key, one in value.items()}, person or is_person(value))
        elif isinstance(value, (list, tuple)):
            for one in value:
                yield from _told(one if isinstance(one, Mapping) else {name: one}, person)
        elif isinstance(value, int) and not isinstance(value, bool) and PHONES.search(name):
            yield from _told({name: str(value)}, person)
        elif isinstance(value, str) and value.strip():
            yield from _shown(name, value.strip(), person)


def _shown(name: str, value: str, person: bool) -> Iterator[tuple[str, str]]:
    if (IDENTITIES.search(name) or BANKS.search(name)) and len(value) >= SHORTEST_NUMBER:
        yield value, masked_identity(value)
    elif PHONES.search(name) and len(value) >= SHORTEST_NUMBER:
        yield value, masked_number(value)
    elif MAILS.search(name) and "@" in value:
        yield value, masked_email(value)
    elif person and ADDRESSES.search(name) and len(value) >= SHORTEST_NUMBER:
        yield value, masked_address(value)
    elif name in NAMES or (person and name == APPLICANT):
        for one in APART.split(value):
            if len(one) >= SHORTEST_NAME and not any(sign.isdigit() for sign in one):
                yield one, masked_name(one)
