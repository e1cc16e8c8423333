"""Security keys (WebAuthn level 2, FIDO2) as second factor: nobody who looks on, and no page of another site, learns anything.

What a key has to sign is kept here, for one answer within five minutes; the browser only carries it. A key whose counter goes
back was copied: it is refused. Wrong answers count as wrong passwords do.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from service.casework.actors import Actor, Origin
from service.casework.identity.factors import ISSUER, make_codes, take_effect
from service.casework.office import Office
from service.casework.people import found_person
from service.casework.signing_in import COPIED, count_failure, known_actor, refuse_locked
from service.rules.refusals import Conflict, Refusal, Unauthenticated, refuse
from service.rules.vocabulary import FactorKind
from service.store.factors import FactorRow
from service.store.people import Person
from service.store.records import Records

WITHIN = timedelta(minutes=5)
MOST = 5  # keys of one person
LONGEST = 16_000  # characters of an answer


@dataclass(frozen=True, kw_only=True)
class Site:
    """The site a key is for: `origin` as the browser says it (https://banshi.example), its host is what a key is bound to."""

    origin: str

    @property
    def host(self) -> str:
        """The relying party."""
        return urlsplit(self.origin).hostname or ""


def begin_key(office: Office, actor: Actor, site: Site) -> str:
    """What the browser hands to a new key, as JSON. Refused: Conflict TOO_MANY_KEYS, KEY_HOST (a site without a name)."""
    if site.host.replace(".", "").isdigit() or ":" in site.host:
        raise Conflict("KEY_HOST", "安全密钥须用域名访问本系统（LIANBAN_PUBLIC_URL），不能用 IP 地址。")
    with office.transaction() as records:
        person = found_person(records, actor.username)
        known = _keys(records, person)
        if len(known) >= MOST:
            raise Conflict("TOO_MANY_KEYS", "最多登记 {most} 个安全密钥，请先停用不用的。", most=MOST)
        challenge = _ask(records, person, "enrol", site)
    return options_to_json(
        generate_registration_options(
            rp_id=site.host,
            rp_name=ISSUER,
            user_name=person.username,
            user_id=person.id.bytes,
            user_display_name=person.name,
            challenge=challenge,
            exclude_credentials=_descriptors(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
            ),
        )
    )


def confirm_key(office: Office, actor: Actor, site: Site, answer: str, name: str) -> tuple[str, ...]:
    """A new key has answered: from now on it is asked for. Recovery codes, shown this once, with the first factor; none later.

    Refused: Invalid KEY_WRONG. Line `factor:added`.
    """
    with office.transaction() as records:
        person = found_person(records, actor.username)
        challenge = _answered(records, person, "enrol", site)
    given = _read(answer)
    try:
        if challenge is None or given is None:
            raise WebAuthnException("nothing was asked")
        found = verify_registration_response(
            credential=given, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise _wrong_registration() from wrong
    with office.transaction() as records:
        known = _keys(records, found_person(records, actor.username))
        credential = bytes_to_base64url(found.credential_id)
        if any(one.detail["credential"] == credential for one in known):
            raise Conflict("KEY_KNOWN", "这个安全密钥已经登记过。")
        row = FactorRow(
            id=uuid4(),
            person_id=person.id,
            kind=FactorKind.WEBAUTHN.value,
            name=name.strip()[:60],
            detail={"credential": credential, "key": bytes_to_base64url(found.credential_public_key)},
            counter=found.sign_count,
            added_at=records.real_now,
        )
        first = not records.factors.of(person.id)
        records.factors.add(row)
        take_effect(records, actor, person, row, method="webauthn")
        return make_codes(records, person) if first else ()


def begin_key_step(office: Office, username: str, site: Site) -> str:
    """What the browser hands to a key of who has given the password. Refused: Conflict NO_KEY; Unauthenticated ACCOUNT_LOCKED."""
    with office.transaction() as records:
        person = found_person(records, username)
        refuse_locked(office, person, records.now)
        known = _keys(records, person)
        if not known:
            raise Conflict("NO_KEY", "这个账号没有登记安全密钥。")
        challenge = _ask(records, person, "step", site)
    return options_to_json(
        generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            allow_credentials=_descriptors(known),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def key_step(office: Office, username: str, stamp: int, site: Site, answer: str, origin: Origin) -> Actor:
    """Who gave the password before and now shows a key. `stamp`: of the account when the password was verified.

    Refused: Unauthenticated KEY_WRONG, KEY_COPIED, ACCOUNT_LOCKED, SIGN_IN_AGAIN. A wrong answer is a failure of the account.
    """
    with office.transaction() as records:
        person = found_person(records, username)
        refuse_locked(office, person, records.now)
        challenge, known = _answered(records, person, "step", site), _keys(records, person)
    row, counter = _verified(known, challenge, site, _read(answer))
    if row is None:
        raise count_failure(office, person, origin, Unauthenticated("KEY_WRONG", "安全密钥没有通过验证，请重试。"))
    with office.transaction() as records:
        person = found_person(records, username)
        if not person.active or person.stamp != stamp:
            raise Unauthenticated("SIGN_IN_AGAIN", "请重新登录。")
        copied = bool(counter or row.counter) and not records.factors.use(row.id, counter, records.real_now)
        if not copied:
            records.factors.change(row.id, used_at=records.real_now)
            if person.failed_logins:
                records.people.change(person.id, failed_logins=0, locked_until=None)
            return known_actor(office, person, records.now, shown=True)
    wrong = Unauthenticated(COPIED, "安全密钥的计数倒退，可能被复制，已拒绝。请联系安全管理员。")
    raise count_failure(office, person, origin, wrong)


def has_keys(office: Office, username: str) -> bool:
    """Whether somebody can answer with a key. Refused: Missing PERSON_UNKNOWN."""
    with office.reading() as records:
        return bool(_keys(records, found_person(records, username)))


def _keys(records: Records, person: Person) -> tuple[FactorRow, ...]:
    return tuple(row for row in records.factors.of(person.id) if row.kind == FactorKind.WEBAUTHN)


def _descriptors(rows: tuple[FactorRow, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.detail["credential"])) for row in rows]


def _ask(records: Records, person: Person, purpose: str, site: Site) -> bytes:
    """A challenge of somebody, instead of the one before."""
    _forget(records, person)
    challenge = secrets.token_bytes(32)
    until = records.real_now + WITHIN
    detail = {"purpose": purpose, "origin": site.origin, "until": until.isoformat(), "challenge": challenge.hex()}
    row = FactorRow(
        id=uuid4(),
        person_id=person.id,
        kind=FactorKind.WEBAUTHN.value,
        name="",
        detail=detail,
        counter=0,
        added_at=records.real_now,
    )
    records.factors.add(row)
    return challenge


def _answered(records: Records, person: Person, purpose: str, site: Site) -> bytes | None:
    """The challenge that was asked for this; it is gone with that, whatever the answer."""
    asked = _forget(records, person)
    if asked is None or asked["purpose"] != purpose or asked["origin"] != site.origin:
        return None
    return bytes.fromhex(asked["challenge"]) if records.real_now <= datetime.fromisoformat(asked["until"]) else None


def _forget(records: Records, person: Person) -> dict[str, Any] | None:
    waiting = [row for row in records.factors.of(person.id, confirmed=False) if row.kind == FactorKind.WEBAUTHN]
    gone = records.factors.remove(person.id, [row.id for row in waiting])
    return next((dict(row.detail) for row in waiting if row.id in gone), None)


def _read(answer: str) -> dict[str, Any] | None:
    """What the browser brings, None when it is none."""
    if len(answer) > LONGEST:
        return None
    try:
        given = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) and isinstance(given.get("id"), str) else None


def _verified(
    known: tuple[FactorRow, ...], challenge: bytes | None, site: Site, given: dict[str, Any] | None
) -> tuple[FactorRow | None, int]:
    """The key that has signed, and its counter."""
    row = next((one for one in known if given is not None and one.detail["credential"] == given["id"]), None)
    if row is None or challenge is None or given is None:
        return None, 0
    try:
        found = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(row.detail["key"]),
            credential_current_sign_count=0,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None, 0
    return row, found.new_sign_count


def _wrong_registration() -> Refusal:
    return refuse("key", "KEY_WRONG", "安全密钥没有登记成功，请重试。")
