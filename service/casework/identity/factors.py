"""The second factor by codes of a telephone (TOTP), with recovery codes for the day the telephone is lost.

The secret is not kept: it follows from the key of the installation and a salt, so a copy of the database gives no codes.
A code is taken once. Wrong codes count as wrong passwords do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pyotp

from service.casework.actors import SYSTEM, Actor, Origin
from service.casework.office import Office
from service.casework.people import found_person
from service.casework.signing_in import count_failure, known_actor, needs_factor, refuse_locked
from service.casework.staff.rights import require_security
from service.documents import qr_code
from service.rules.one_time_codes import (
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    RECOVERY_LETTERS,
    counters_at,
    is_one_time,
    read_code,
)
from service.rules.refusals import Conflict, Forbidden, Missing, Unauthenticated, refuse
from service.rules.roles import ADMINISTRATORS
from service.rules.vocabulary import FactorKind, LedgerAction
from service.store.factors import FactorRow
from service.store.people import Person
from service.store.records import Records

ISSUER = "联办"
SECRET = 20  # bytes, as long as SHA-1's output (RFC 4226)


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolment:
    """What the telephone takes in: the drawing of a QR code, or the secret typed by hand."""

    secret: str
    address: str
    drawing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorView:
    """One second factor, as its owner sees it."""

    id: UUID
    kind: FactorKind
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Factors:
    """What somebody has. `needed`: the installation asks for one; `codes_left`: recovery codes not used yet."""

    factors: tuple[FactorView, ...]
    needed: bool
    codes_left: int


def own_factors(office: Office, actor: Actor) -> Factors:
    """The second factors of who asks."""
    return factors_of(office, actor.username)


def factors_of(office: Office, username: str) -> Factors:
    """The second factors of somebody. Refused: Missing PERSON_UNKNOWN."""
    with office.reading() as records:
        person = found_person(records, username)
        rows = records.factors.of(person.id)
        return Factors(
            factors=tuple(
                FactorView(
                    id=row.id,
                    kind=FactorKind(row.kind),
                    name=row.name,
                    added_at=row.added_at,
                    used_at=row.used_at,
                )
                for row in rows
            ),
            needed=needs_factor(office, person),
            codes_left=records.factors.codes_left(person.id) if rows else 0,
        )


def begin_totp(office: Office, actor: Actor) -> Enrolment:
    """What to take in with the telephone; the same until a code of it was given. Refused: Conflict TOTP_THERE."""
    with office.transaction() as records:
        person = found_person(records, actor.username)
        if any(row.kind == FactorKind.TOTP for row in records.factors.of(person.id)):
            raise Conflict("TOTP_THERE", "已启用动态验证码；要换手机，请先停用。")
        row = _waiting(records, person)
        if row is None:
            row = FactorRow(
                id=uuid4(),
                person_id=person.id,
                kind=FactorKind.TOTP.value,
                name="",
                detail={"salt": secrets.token_hex(16)},
                counter=0,
                added_at=records.real_now,
            )
            records.factors.add(row)
    secret = totp_secret(office, row)
    address = pyotp.TOTP(secret).provisioning_uri(name=person.username, issuer_name=ISSUER)
    return Enrolment(secret=secret, address=address, drawing=qr_code(address))


def confirm_totp(office: Office, actor: Actor, code: str) -> tuple[str, ...]:
    """A first code from the telephone: from now on it is asked for. The recovery codes, shown this once.

    The session goes on, all others end. Refused: Invalid CODE_WRONG; Conflict TOTP_NOT_BEGUN. Line `factor:added`.
    """
    with office.transaction() as records:
        person = found_person(records, actor.username)
        row = _waiting(records, person)
        if row is None:
            raise Conflict("TOTP_NOT_BEGUN", "请先用手机扫描二维码。")
        counter = _matching(office, row, read_code(code), records.real_now)
        if counter is None:
            raise refuse("code", "CODE_WRONG", "验证码不正确。请看手机上现在的六位数字，并核对手机的时间。")
        records.factors.use(row.id, counter, records.real_now)
        take_effect(records, actor, person, row, method="totp")
        return make_codes(records, person)


def take_effect(records: Records, actor: Actor, person: Person, row: FactorRow, *, method: str) -> None:
    """A factor is asked for from now on; the session goes on, all others end. Line `factor:added`."""
    records.factors.change(row.id, confirmed_at=records.real_now)
    records.people.end_sessions(person.id)
    if actor.session is not None:
        methods = f"{records.identities.methods_of(actor.session)} {method}"
        records.identities.change_session(actor.session, stamp=person.stamp + 1, methods=methods)
    records.ledger.write(LedgerAction.FACTOR_ADDED, actor.username, person.username, {"kind": row.kind})


def make_codes(records: Records, person: Person) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones are void."""
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    records.factors.put_codes(person.id, [recovery_digest(person, one) for one in codes])
    return codes


def new_codes(office: Office, actor: Actor, code: str, origin: Origin) -> tuple[str, ...]:
    """Ten other recovery codes, shown this once; the old ones are void. Refused as `check_code`; Conflict NO_FACTOR."""
    _require_factor(office, actor)
    check_code(office, actor.username, code, origin)
    with office.transaction() as records:
        person = found_person(records, actor.username)
        codes = make_codes(records, person)
        records.ledger.write(
            LedgerAction.RECOVERY_CODES_MADE, actor.username, person.username, {"count": RECOVERY_CODES}
        )
    return codes


def remove_factor(office: Office, actor: Actor, factor_id: UUID, code: str, origin: Origin) -> None:
    """One of one's own goes, with a code. The last one of who needs one stays; who has another telephone takes the first
    one back by this.

    Refused as `check_code`; Missing FACTOR_NOT_FOUND; Forbidden FACTOR_NEEDED. Line `factor:removed`.
    """
    with office.reading() as records:
        person = found_person(records, actor.username)
        known = records.factors.of(person.id)
    row = next((one for one in known if one.id == factor_id), None)
    if row is None:
        raise Missing("FACTOR_NOT_FOUND", "没有这种验证方式，或已停用。")
    if len(known) == 1 and needs_factor(office, person):
        raise Forbidden(
            "FACTOR_NEEDED", "您的角色须使用第二种验证方式，不能停用最后一种；手机丢失的，请安全管理员重设。"
        )
    check_code(office, actor.username, code, origin)
    with office.transaction() as records:
        records.factors.remove(person.id, [factor_id])
        if len(known) == 1:
            records.factors.put_codes(person.id, ())
        records.ledger.write(LedgerAction.FACTOR_REMOVED, actor.username, person.username, {"kind": row.kind})


def reset_factors(office: Office, actor: Actor, username: str, reason: str) -> None:
    """Who has lost telephone and codes begins anew, with a reason; sessions end. That of an administrator is reset on the
    command line only: who could sign in as the other one would confirm the own requests.

    Refused: Forbidden NOT_GRANTED, ADMINISTRATOR_FACTOR; Invalid REASON_MISSING; Missing PERSON_UNKNOWN; Conflict NO_FACTOR.
    """
    if actor is not SYSTEM:
        require_security(actor)
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明理由。")
    with office.transaction() as records:
        person = found_person(records, username)
        mine = person.username == actor.username or not person.roles.isdisjoint(ADMINISTRATORS)
        if actor is not SYSTEM and mine:
            raise Forbidden("ADMINISTRATOR_FACTOR", "管理员账号的第二种验证方式只能在服务器命令行重设。")
        rows = records.factors.of(person.id, confirmed=None)
        if not rows:
            raise Conflict("NO_FACTOR", "这个账号没有启用第二种验证方式。")
        records.factors.remove(person.id, [row.id for row in rows])
        records.factors.put_codes(person.id, ())
        records.people.end_sessions(person.id)
        detail = {"reason": reason.strip()[:500]}
        records.ledger.write(LedgerAction.FACTORS_RESET, actor.username, person.username, detail)


def second_step(office: Office, username: str, stamp: int, code: str, origin: Origin) -> tuple[Actor, str]:
    """Who gave the password before and now gives a code; with the method (`totp`, `recovery`).

    `stamp`: of the account when the password was verified. Refused as `check_code`; Unauthenticated SIGN_IN_AGAIN.
    """
    method = check_code(office, username, code, origin)
    with office.transaction() as records:
        person = found_person(records, username)
        if not person.active or person.stamp != stamp:
            raise Unauthenticated("SIGN_IN_AGAIN", "请重新登录。")
        if person.failed_logins:
            records.people.change(person.id, failed_logins=0, locked_until=None)
        return known_actor(office, person, records.now, shown=True), method


def check_code(office: Office, username: str, code: str, origin: Origin) -> str:
    """Take a code of the telephone or a recovery code of somebody, once; which it was.

    Refused: Unauthenticated CODE_WRONG (also one that was used), ACCOUNT_LOCKED; Missing PERSON_UNKNOWN.
    """
    given = read_code(code)
    with office.transaction() as records:
        person = found_person(records, username)
        refuse_locked(office, person, records.now)
        if is_one_time(given):
            for row in records.factors.of(person.id):
                counter = _matching(office, row, given, records.real_now) if row.kind == FactorKind.TOTP else None
                if counter is not None and records.factors.use(row.id, counter, records.real_now):
                    return "totp"
        elif records.factors.use_code(person.id, recovery_digest(person, given), records.real_now):
            left = records.factors.codes_left(person.id)
            detail = {"left": left, **({"address": origin.address} if origin.address else {})}
            records.ledger.write(LedgerAction.RECOVERY_CODE_USED, person.username, person.username, detail)
            return "recovery"
    wrong = Unauthenticated("CODE_WRONG", "验证码不正确，或已经用过。")
    raise count_failure(office, person, origin, wrong)


def totp_secret(office: Office, row: FactorRow) -> str:
    """The secret of a factor in base 32, from the key of the installation and the factor's salt."""
    text = f"totp\n{row.person_id}\n{row.detail['salt']}"
    derived = hmac.new(office.settings.secret_key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b32encode(derived[:SECRET]).decode()


def recovery_digest(person: Person, code: str) -> str:
    """What is kept of a recovery code: 49 random bits and the person's id, so a table of all codes is of no use."""
    return hashlib.sha256(f"recovery\n{person.id}\n{code}".encode("utf-8", "surrogatepass")).hexdigest()


def _matching(office: Office, row: FactorRow, code: str, at: datetime) -> int | None:
    """The counter a code belongs to, of those that are taken now."""
    if not is_one_time(code):
        return None
    generator = pyotp.TOTP(totp_secret(office, row))
    fits = [counter for counter in counters_at(at) if hmac.compare_digest(generator.generate_otp(counter), code)]
    return fits[0] if fits else None


def _waiting(records: Records, person: Person) -> FactorRow | None:
    rows = records.factors.of(person.id, confirmed=False)
    return next((row for row in rows if row.kind == FactorKind.TOTP), None)


def _require_factor(office: Office, actor: Actor) -> None:
    with office.reading() as records:
        if not records.factors.of(found_person(records, actor.username).id):
            raise Conflict("NO_FACTOR", "这个账号没有启用第二种验证方式。")


def _recovery_code() -> str:
    return "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH))
