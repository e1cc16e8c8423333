"""What others may see of a person: enough to recognise oneself, not enough to find somebody (public pages, lists, logs)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.rules.field_labels import Label, Labels

PHONES = re.compile(r"(^|_)(phone|mobile|tel|telephone|fax)(_|\d|$)", re.I)
MAILS = re.compile(r"(^|_)e?mail(_|\d|$)", re.I)
ADDRESSES = re.compile(r"(^|_)(home|mail|mailing|postal|contact|delivery|person|residence)_address$|^address$", re.I)
IDENTITIES = re.compile(r"(^|_)(id_no|identity|passport)(_no)?$", re.I)
BANKS = re.compile(r"(^|_)(bank_account|bank_card|account_no|card_no)(_no)?$", re.I)
CARD = re.compile(  # the number of an identity card in a text of any name: region, day of birth, sequence, check digit;
    # nobody born since 2020 is meant, as certificates of today are numbered alike
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19\d{2}|20[01]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
HIDDEN = "******"
NO_LABELS: Labels = {}
PERSONS = ("person", "natural", "自然人", "个人")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")  # in a text of any name


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


def masked_address(address: str) -> str:
    """The first six characters: which district, not which door."""
    return address[:6] + "*" * 4 if address else ""


def masked_contact(
    values: Mapping[str, Any], labels: Labels = NO_LABELS, *, contact: bool = False, sensitive: bool = False
) -> dict[str, Any]:
    """Variables or answers of a case without what leads to a person: telephone, mail, numbers of identity cards and bank
    accounts, and the address where the applicant is a person (SM-13, S-18); and what `labels` of its forms keep back.

    Names of companies, sites and items stay; so do the words a decision needs. `contact`, `sensitive`: seen as they are.
    """
    sight = _Sight(labels, contact, sensitive)
    person = is_person(values)
    return {name: sight.masked(name, value, person) for name, value in values.items()}


def is_person(values: Mapping[str, Any]) -> bool:
    """Whether the applicant the values tell of is a person and no company."""
    kind = str(values.get("applicant_kind") or "").casefold()
    return kind in PERSONS or (not values.get("applicant_uscc") and bool(values.get("applicant_id_no")))


def names_contact(name: str) -> bool:
    """Whether what stands under a name may be masked: telephone, mail, numbers of cards and accounts, and the address of a
    person or a company alike."""
    return any(kind.search(name) for kind in (PHONES, MAILS, ADDRESSES, IDENTITIES, BANKS))


def holds_contact(values: Mapping[str, Any], labels: Labels = NO_LABELS) -> bool:
    """Whether anything in it would be masked."""
    return masked_contact(values, labels) != dict(values)


def unmasked(answers: Mapping[str, Any], known: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of somebody who was shown masked values: one that came back masked stays what it was."""
    return {
        name: known[name] if name in known and value == shown.get(name) != known[name] else value
        for name, value in answers.items()
    }


class _Sight:
    """What somebody sees of the values of a case."""

    def __init__(self, labels: Labels, contact: bool, sensitive: bool) -> None:
        self.labels, self.contact, self.sensitive = labels, contact, sensitive

    def masked(self, name: str, value: Any, person: bool) -> Any:
        """One value."""
        label = self.labels.get(name)
        if label is Label.PUBLIC or value is None or value == "":
            return value
        if label is Label.SENSITIVE:
            return value if self.sensitive else HIDDEN
        if isinstance(value, Mapping):
            return {key: self.masked(str(key), one, person or is_person(value)) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.masked(name, one, person) for one in value]
        if self.contact:
            return value
        return _personal(name, value) if label is Label.PERSONAL else _masked(name, value, person)


def _personal(name: str, value: Any) -> Any:
    """A value its form calls personal: by its kind where the name tells, or its first character."""
    shown = _masked(name, value, True)
    return shown if shown != value else str(value)[:1] + "***"


def _masked(name: str, value: Any, person: bool) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        if PHONES.search(name):
            return masked_number(str(value))
        return masked_identity(str(value)) if IDENTITIES.search(name) or BANKS.search(name) else value
    if not isinstance(value, str):
        return value
    if PHONES.search(name):
        return masked_number(value)
    if MAILS.search(name):
        return masked_email(value) if "@" in value else "***"
    if IDENTITIES.search(name) or BANKS.search(name):
        return masked_identity(value)
    if person and ADDRESSES.search(name):
        return masked_address(value)
    return MOBILE.sub(lambda found: masked_mobile(found[0]), CARD.sub(_masked_card, value))


def _masked_card(found: re.Match[str]) -> str:
    """Masked when its check digit is right (GB 11643): a number of 18 digits may be something else."""
    total = sum(int(digit) * pow(2, 17 - place) for place, digit in enumerate(found[0][:17]))
    return masked_identity(found[0]) if found[0][17].upper() == "10X98765432"[total % 11] else found[0]


def masked_number(text: str) -> str:
    """A telephone number of any shape: a mobile as `masked_mobile`, of others the first three digits."""
    digits = text.strip()
    return masked_mobile(digits) if len(digits) == 11 else digits[:3] + "*" * max(4, len(digits) - 3)
