"""Who acts: the person or service account behind a request, with the groups that open tasks to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

SERVICE = "service"  # role of accounts that programs use; they may do everything on /engine-rest


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a request came from: network address and what the browser or program calls itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """An active account at the instant of the request. `roles` are codes: counter_clerk, reviewer_a, service, …"""

    username: str
    name: str
    department: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    service: bool = False
    demo: bool = False
    must_change: bool = False  # the password: somebody else chose it, or it is too old
    second_factor: bool = False  # has one, and is asked for it after the password
    must_enrol: bool = False  # needs one and has not shown one
    stamp: int = 0  # sessions of an older one have ended
    toured: bool = True  # has put away the tour of the first day
    session: UUID | None = None  # of the browser the request came from

    @cached_property
    def groups(self) -> frozenset[str]:
        """Every role, the department's code, and `department:role` for every role."""
        return groups_of(self.department, self.roles)

    def has(self, *roles: str) -> bool:
        """Whether the actor holds one of the roles; a service account holds all of them."""
        return self.service or not self.roles.isdisjoint(roles)


def groups_of(department: str | None, roles: frozenset[str]) -> frozenset[str]:
    """The candidate groups of somebody in a department with roles; none without a role."""
    if department is None or not roles:
        return roles
    return roles | {department} | {f"{department}:{role}" for role in roles}


SYSTEM = Actor(username="system", name="系统", roles=frozenset({SERVICE}), service=True)  # installation, command line
NOWHERE = Origin()  # a call of the service itself
