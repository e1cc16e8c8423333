"""Refusals of the duty rules (DOMAIN B.3) beside the tasks themselves: which rule it is, and who may act instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from service.rules.refusals import Forbidden
from service.rules.sentences import Sentence

if TYPE_CHECKING:
    from service.store.records import Records

MOST_NAMES = 5
Named = tuple[tuple[str, str], ...]


def kept_apart(
    records: Records,
    rule: str,
    code: str,
    text: Sentence,
    others: Sentence,
    *,
    groups: Iterable[str],
    without: Collection[str],
    **params: Any,
) -> Forbidden:
    """A refusal by a rule of B.3. `others`: the same sentence with `{instead}`, said when somebody of `groups` may act;
    `without`: whom the same rule keeps away. Two statements, and only when something is refused.
    """
    names = acting_instead_of(records, groups, without)
    details = {"rule": rule, "instead": [{"username": username, "name": name} for username, name in names]}
    if not names:
        return Forbidden(code, text.text, details=details, **params)
    said = "、".join(name for _, name in names)
    return Forbidden(code, others.text, details=details, **params, instead=said)


def acting_instead_of(records: Records, groups: Iterable[str], without: Collection[str]) -> Named:
    """Who holds one of the posts, without those the rule keeps away and without who is absent: usernames with their names."""
    members = records.people.members(set(groups))
    found = sorted({one for names in members.values() for one in names} - set(without))
    away = records.absences.away(set(found)) if found else frozenset()
    here = [one for one in found if one not in away][:MOST_NAMES]
    names = records.people.names(here) if here else {}
    return tuple((one, names.get(one, one)) for one in here)
