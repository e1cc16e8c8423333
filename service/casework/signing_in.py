"""Signing in: names, passwords, and locked accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.casework.actors import Actor

if TYPE_CHECKING:
    from service.casework.office import Office


class Credentials:
    """Passwords this process has verified lately, so that a request with HTTP Basic costs no Argon2 every time."""


def sign_in(office: Office, username: str, password: str) -> Actor:
    """The actor behind a name and a password. Unauthenticated: SIGN_IN_FAILED, ACCOUNT_LOCKED."""
    raise NotImplementedError


def find_actor(office: Office, username: str) -> Actor | None:
    """The active person with this name as actor, None when there is none."""
    raise NotImplementedError
