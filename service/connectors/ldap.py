"""A directory (LDAP): the service looks somebody up, then binds as they are with their password (RFC 4511, 4513)."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from service.connectors.outside import Outsider, RoleMapping, bad_value, mapping_from
from service.rules.refusals import Unavailable

SECONDS = 10
Connect = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class LdapDirectory:
    """One directory. `filter` holds {username}; groups are the values of `groups_attribute`, by their whole names."""

    url: str
    bind_dn: str
    bind_password: str
    base: str
    mapping: RoleMapping
    filter: str = "(uid={username})"
    subject_attribute: str = "entryUUID"
    name_attribute: str = "cn"
    groups_attribute: str = "memberOf"
    authority: str | None = None  # file of the certificates that are believed; the machine's when there is none
    connect: Connect | None = None  # opens a connection as (dn, password); the network's unless a test says otherwise

    def verified(self, username: str, password: str) -> Outsider | None:
        """Who has this name and this password there; None when nobody has. Refused: Unavailable LDAP_UNREACHABLE.

        An empty password is never sent: directories take it for no sign-in at all and agree (RFC 4513 5.1.2).
        """
        if not password:
            return None
        try:
            entry = self._entry(username)
            if entry is None:
                return None
            with self._connected(entry["dn"], password) as person:
                if not person.bind():
                    return None
        except (LDAPException, OSError) as error:
            raise Unavailable("LDAP_UNREACHABLE", "现在连接不上目录服务，请稍后再试。") from error
        found = entry["raw_attributes"]  # bytes, the same with and without the schema of the directory
        return Outsider(
            issuer=self.url,
            subject=_first(found.get(self.subject_attribute)) or entry["dn"],
            username=username.strip().lower(),
            name=(_first(found.get(self.name_attribute)) or username)[:60],
            groups=tuple(_text(one) for one in _all(found.get(self.groups_attribute))),
        )

    def _entry(self, username: str) -> Mapping[str, Any] | None:
        """The only entry of this name; of two nobody knows who is meant."""
        wanted = [self.subject_attribute, self.name_attribute, self.groups_attribute]
        name = self.filter.replace("{username}", escape_filter_chars(username))
        with self._connected(self.bind_dn, self.bind_password) as service:
            if not service.bind():
                raise LDAPException("the service itself is not let in")
            service.search(self.base, name, attributes=wanted, size_limit=2)
            entries = [one for one in service.response or () if one.get("type") == "searchResEntry"]
        return entries[0] if len(entries) == 1 else None

    @contextmanager
    def _connected(self, name: str, password: str) -> Iterator[Any]:
        """A connection that is closed whatever happens on it."""
        connection = self._connection(name, password) if self.connect is None else self.connect(name, password)
        try:
            yield connection
        finally:
            _close(connection)

    def _connection(self, name: str, password: str) -> Any:
        tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=self.authority)
        server = ldap3.Server(self.url, tls=tls, connect_timeout=SECONDS, get_info=ldap3.NONE)
        connection = ldap3.Connection(
            server,
            name,
            password,
            auto_bind=ldap3.AUTO_BIND_NONE,
            receive_timeout=SECONDS,
            check_names=False,
            read_only=True,
        )
        if self.url.startswith("ldap://"):
            try:
                connection.open()
                if not connection.start_tls():
                    raise LDAPException("no TLS")
            except LDAPException:
                _close(connection)
                raise
        return connection


def ldap_from(given: Mapping[str, str]) -> LdapDirectory | None:
    """The directory of LIANBAN_LDAP_* variables, None without a URL. Refused: Invalid SETTING_INVALID."""
    url = given.get("LIANBAN_LDAP_URL", "").strip()
    if not url:
        return None
    if not url.startswith(("ldaps://", "ldap://")):
        raise bad_value("LIANBAN_LDAP_URL", "ldaps://… / ldap://…", url)
    template = given.get("LIANBAN_LDAP_FILTER", "").strip() or "(uid={username})"
    if "{username}" not in template:
        raise bad_value("LIANBAN_LDAP_FILTER", "(uid={username})", template)
    authority = given.get("LIANBAN_LDAP_CA", "").strip()
    if authority and not Path(authority).is_file():
        raise bad_value("LIANBAN_LDAP_CA", "/etc/ssl/….pem", authority)
    return LdapDirectory(
        url=url,
        bind_dn=given.get("LIANBAN_LDAP_BIND_DN", ""),
        bind_password=given.get("LIANBAN_LDAP_BIND_PASSWORD", ""),
        base=given.get("LIANBAN_LDAP_BASE", ""),
        mapping=mapping_from("LIANBAN_LDAP_ROLES", given.get("LIANBAN_LDAP_ROLES", "")),
        filter=template,
        subject_attribute=given.get("LIANBAN_LDAP_SUBJECT", "").strip() or "entryUUID",
        name_attribute=given.get("LIANBAN_LDAP_NAME", "").strip() or "cn",
        groups_attribute=given.get("LIANBAN_LDAP_GROUPS", "").strip() or "memberOf",
        authority=authority or None,
    )


def _close(connection: Any) -> None:
    """Nobody is told that a broken connection does not say goodbye."""
    with suppress(LDAPException, OSError):
        connection.unbind()


def _all(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []


def _first(value: Any) -> str:
    return _text(next(iter(_all(value)), ""))


def _text(value: Any) -> str:
    """A value as text; an objectGUID is none and is written in hexadecimal."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
