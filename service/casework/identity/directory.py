"""People who sign in elsewhere: at a provider (OpenID Connect) or with the password of a directory (LDAP).

Who is new gets an account without a password and with the roles of the mapping; who is known has those brought up to date.
Roles the mapping does not know stay, so the roles of administrators are given by two persons here as ever (S-09). An account
of the same name that was opened here is nobody's from elsewhere, unless it is linked on the command line.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from service.casework.actors import SYSTEM, Actor, Origin
from service.casework.addresses import address_locked, is_barred
from service.casework.office import Office
from service.casework.passwords import NO_PASSWORD
from service.casework.people import found_person, give_roles, name_problems, roles_may_meet
from service.casework.signing_in import USERNAME, count_failure, known_actor, refuse_locked, sign_in
from service.connectors.outside import Outsider, RoleMapping, refused
from service.rules.refusals import Conflict, Forbidden, Missing, Unauthenticated
from service.rules.vocabulary import LedgerAction
from service.store.people import Person
from service.store.records import Records

if TYPE_CHECKING:
    from service.connectors.oidc import OidcProvider

oidc_refused = refused


def provider_of(office: Office) -> OidcProvider:
    """The provider. Refused: Missing NOT_FOUND where there is none."""
    if office.provider is None:
        raise Missing("NOT_FOUND", "没有这个地址。")
    return office.provider


def sign_in_anywhere(office: Office, username: str, password: str, origin: Origin) -> tuple[Actor, str]:
    """Who this is, and how: `password` of an account here, else `ldap` where there is a directory. Refused as `sign_in`;
    Unavailable LDAP_UNREACHABLE; and as `let_in_from`."""
    directory = office.directory
    with office.reading() as records:
        person = records.people.find(username) if USERNAME.fullmatch(username) else None
        barred, now = is_barred(records, origin), records.now
    here = person is not None and person.password_hash != NO_PASSWORD
    if directory is None or here or not USERNAME.fullmatch(username):
        return sign_in(office, username, password, origin), "password"
    if barred:
        raise address_locked(office)
    if person is not None:
        refuse_locked(office, person, now)
    outsider = directory.verified(username, password)
    if outsider is None:
        raise count_failure(office, person, origin)
    return let_in_from(office, outsider, directory.mapping), "ldap"


def let_in_from(office: Office, outsider: Outsider, mapping: RoleMapping, *, shown: bool = False) -> Actor:
    """The account of somebody who has signed in elsewhere; `shown`: with a second factor there.

    Refused: Forbidden NO_ROLE_HERE; Conflict NAME_TAKEN_HERE, ROLES_CONFLICT; Unauthenticated SIGN_IN_FAILED for an
    account that was closed. Lines `identity:linked`, `person:added`, `person:changed`.
    """
    roles = mapping.roles_of(outsider.groups)
    with office.transaction() as records:
        known = records.factors.outside(outsider.issuer, outsider.subject)
        person = records.people.by_id(known) if known is not None else None
        if person is None:
            person = _opened(records, outsider, roles)
        if not person.active:
            raise Unauthenticated("SIGN_IN_FAILED", "用户名或密码不正确。")
        wanted = (person.roles - mapping.managed) | roles
        if wanted != person.roles:
            roles_may_meet(wanted)
            give_roles(records, SYSTEM, person, wanted)
            person = replace(person, roles=wanted, stamp=person.stamp + 1)
        if not person.roles:
            raise Forbidden("NO_ROLE_HERE", "您在本系统没有岗位，请联系安全管理员。")
        if person.failed_logins and not person.has_factor:
            records.people.change(person.id, failed_logins=0, locked_until=None)
        return known_actor(office, person, records.now, shown=shown)


def link_identity(office: Office, actor: Actor, username: str, issuer: str, subject: str) -> None:
    """Somebody of elsewhere is this account from now on; on the command line only. Refused: Forbidden NOT_GRANTED; Missing
    PERSON_UNKNOWN; Conflict IDENTITY_LINKED."""
    if actor is not SYSTEM:
        raise Forbidden("NOT_GRANTED", "只能在服务器命令行关联统一身份。")
    with office.transaction() as records:
        person = found_person(records, username)
        if records.factors.outside(issuer, subject) is not None:
            raise Conflict("IDENTITY_LINKED", "这个统一身份已关联到一个账号。")
        _link(records, person, issuer, subject)


def _opened(records: Records, outsider: Outsider, roles: frozenset[str]) -> Person:
    """A new account, of who has a role here and a name nobody has."""
    if not roles:
        raise Forbidden("NO_ROLE_HERE", "您在本系统没有岗位，请联系安全管理员。")
    if name_problems(outsider.username, outsider.name):
        raise refused()
    if records.people.find(outsider.username) is not None:
        raise Conflict(
            "NAME_TAKEN_HERE",
            "本系统已有用户名为 {username} 的账号，请联系系统管理员关联。",
            username=outsider.username,
        )
    roles_may_meet(roles)
    person = Person(
        id=uuid4(),
        username=outsider.username,
        name=outsider.name.strip(),
        staff_no=None,
        department=None,
        duty="",
        password_hash=NO_PASSWORD,
        active=True,
        demo=False,
        failed_logins=0,
        locked_until=None,
        created_at=records.now,
        roles=roles,
    )
    records.people.add([person])
    detail = {"roles": sorted(roles), "issuer": outsider.issuer}
    records.ledger.write(LedgerAction.PERSON_ADDED, SYSTEM.username, person.username, detail)
    _link(records, person, outsider.issuer, outsider.subject)
    return person


def _link(records: Records, person: Person, issuer: str, subject: str) -> None:
    records.factors.link(issuer, subject, person.id)
    records.ledger.write(LedgerAction.IDENTITY_LINKED, SYSTEM.username, person.username, {"issuer": issuer})
