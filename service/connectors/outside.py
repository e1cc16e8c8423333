"""Identity kept elsewhere: what a provider or directory says of who has signed in there, and which roles that is here.

A mapping never gives the roles of the three administrators or of programs: those take two persons (S-09).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from service.rules.refusals import Invalid, Unauthenticated
from service.rules.roles import ADMINISTRATORS, ROLES

NEVER = frozenset({*ADMINISTRATORS, "service"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Outsider:
    """Somebody as the other side knows them. `subject` never changes there; `groups` are its words, not our roles."""

    issuer: str
    subject: str
    username: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoleMapping:
    """Group of the other side → role of ours."""

    roles: Mapping[str, str]

    @property
    def managed(self) -> frozenset[str]:
        """The roles the other side decides on; all others are left as they are."""
        return frozenset(self.roles.values())

    def roles_of(self, groups: Collection[str]) -> frozenset[str]:
        """The roles somebody in these groups has."""
        return frozenset(self.roles[group] for group in groups if group in self.roles)


def mapping_from(name: str, text: str) -> RoleMapping:
    """A mapping as JSON, {"group": "role"}. Refused: Invalid SETTING_INVALID, also for roles no mapping gives."""
    expected = '{"group": "reviewer_a"}'
    try:
        given = json.loads(text or "{}")
    except json.JSONDecodeError:
        raise bad_value(name, expected, text[:40]) from None
    if not isinstance(given, dict):
        raise bad_value(name, expected, text[:40])
    for role in given.values():
        if role not in ROLES or role in NEVER:
            raise bad_value(name, expected, role)
    return RoleMapping(roles=given)


def bad_value(name: str, expected: str, got: object) -> Invalid:
    """The refusal of a setting."""
    return Invalid(
        "SETTING_INVALID", "配置项 {name} 的值“{got}”无效，应为 {expected}。", name=name, expected=expected, got=got
    )


def refused() -> Unauthenticated:
    """The provider, or what it sent, does not say who it is."""
    return Unauthenticated("OIDC_REFUSED", "统一身份认证没有通过，请重新登录。")
