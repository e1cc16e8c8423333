"""Network addresses from which too many sign-ins have failed, whatever the names: guessing one password for everybody."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from service.casework.actors import Origin
from service.rules.refusals import Unauthenticated
from service.rules.vocabulary import LedgerAction
from service.settings.identity import IdentityRules

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.store.records import Records


def is_barred(records: Records, origin: Origin) -> bool:
    """Whether nobody signs in from there now."""
    if not counts(origin.address):
        return False
    until = records.identities.barred_until(origin.address)
    return until is not None and until > records.real_now


def count_address(records: Records, origin: Origin, rules: IdentityRules) -> None:
    """One more failure from there; the one too many locks the address."""
    if not counts(origin.address):
        return
    failures = records.identities.count_address(origin.address, records.real_now, rules.lock)
    if failures < rules.address_failures:
        return
    until = records.real_now + rules.lock
    records.identities.bar(origin.address, until)
    detail = {"address": origin.address, "failures": failures, "until": until.isoformat()}
    records.ledger.write(LedgerAction.ADDRESS_LOCKED, None, origin.address, detail)


def counts(address: str) -> bool:
    """Whether failures from an address are counted: not those of this machine, where everybody comes from behind a proxy
    that is not made known (LIANBAN_TRUSTED_PROXY)."""
    try:
        return not ip_address(address).is_loopback
    except ValueError:
        return False


def address_locked(office: Office) -> Unauthenticated:
    """The refusal."""
    minutes = office.settings.identity.lock_minutes
    return Unauthenticated(
        "ADDRESS_LOCKED", "从这个网络地址登录失败的次数过多，请 {minutes} 分钟后再试。", minutes=minutes
    )
