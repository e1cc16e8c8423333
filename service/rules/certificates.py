"""证照: states, validity, what succeeds what, reminders to renew (DOMAIN C.3.5, C.5.10; 行政许可法 art. 50, 69, 70)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from service.rules.refusals import Conflict, refuse
from service.rules.sentences import Sentence

REMIND_BEFORE = (60, 30)  # days before the end
FILE_BEFORE = 30  # days before the end a renewal is to be filed, 行政许可法 art. 50
DEEMED = "视为准予延续"


class CertificateState(StrEnum):
    """What a certificate is worth."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"  # 暂扣
    RENEWED = "RENEWED"  # another one took its place, as for the next three
    CHANGED = "CHANGED"
    DEEMED_RENEWED = "DEEMED_RENEWED"
    REISSUED = "REISSUED"  # lost, 补发
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"  # 撤销, art. 69
    CANCELLED = "CANCELLED"  # 注销, art. 70


STATE_NAMES = {
    CertificateState.ACTIVE: Sentence("有效"),
    CertificateState.SUSPENDED: Sentence("暂扣"),
    CertificateState.RENEWED: Sentence("已延续"),
    CertificateState.CHANGED: Sentence("已变更"),
    CertificateState.DEEMED_RENEWED: Sentence("视为准予延续"),
    CertificateState.REISSUED: Sentence("已补发"),
    CertificateState.EXPIRED: Sentence("已过期"),
    CertificateState.REVOKED: Sentence("已撤销"),
    CertificateState.CANCELLED: Sentence("已注销"),
}


class CertificateAct(StrEnum):
    """What may happen to a certificate."""

    RENEW = "RENEW"  # 延续
    DEEM_RENEWED = "DEEM_RENEWED"
    CHANGE = "CHANGE"  # 变更
    REISSUE = "REISSUE"  # 遗失补发
    SUSPEND = "SUSPEND"
    LIFT = "LIFT"
    EXPIRE = "EXPIRE"
    REVOKE = "REVOKE"
    CANCEL = "CANCEL"


ACTIVE, SUSPENDED = CertificateState.ACTIVE, CertificateState.SUSPENDED
TRANSITIONS = {
    CertificateAct.RENEW: ({ACTIVE}, CertificateState.RENEWED),
    CertificateAct.DEEM_RENEWED: ({ACTIVE}, CertificateState.DEEMED_RENEWED),
    CertificateAct.CHANGE: ({ACTIVE}, CertificateState.CHANGED),
    CertificateAct.REISSUE: ({ACTIVE}, CertificateState.REISSUED),
    CertificateAct.SUSPEND: ({ACTIVE}, SUSPENDED),
    CertificateAct.LIFT: ({SUSPENDED}, ACTIVE),
    CertificateAct.EXPIRE: ({ACTIVE, SUSPENDED}, CertificateState.EXPIRED),
    CertificateAct.REVOKE: ({ACTIVE, SUSPENDED, CertificateState.EXPIRED}, CertificateState.REVOKED),
    CertificateAct.CANCEL: ({ACTIVE, SUSPENDED, CertificateState.EXPIRED}, CertificateState.CANCELLED),
}
SUCCEEDED = frozenset(
    {CertificateAct.RENEW, CertificateAct.DEEM_RENEWED, CertificateAct.CHANGE, CertificateAct.REISSUE}
)
WITH_REASON = frozenset({CertificateAct.SUSPEND, CertificateAct.LIFT, CertificateAct.REVOKE, CertificateAct.CANCEL})


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """One certificate. `valid_to` None: without end (长期). `follows`: the number it took the place of."""

    number: str
    kind: str
    holder: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    state: CertificateState = ACTIVE
    basis: str = ""
    reason: str = ""
    follows: str = ""

    def valid_on(self, day: date) -> bool:
        """Whether it can be relied on; its last day is included."""
        return self.state is ACTIVE and self.valid_from <= day <= (self.valid_to or day)


def act_on(certificate: Certificate, act: CertificateAct, on: date, *, reason: str = "") -> Certificate:
    """The certificate after an act without successor.

    Refused: CERTIFICATE_STATE, CERTIFICATE_REASON, CERTIFICATE_RUNS (expiry before its day is over), and ValueError for an act
    that needs a successor.
    """
    if act in SUCCEEDED:
        raise ValueError(f"{act} gives another certificate, expected succeed()")
    _expect(certificate, act)
    if act in WITH_REASON and not reason.strip():
        raise refuse("reason", "CERTIFICATE_REASON", "撤销、注销、暂扣或恢复证照应写明依据和理由。")
    if act is CertificateAct.EXPIRE and (certificate.valid_to is None or on <= certificate.valid_to):
        raise Conflict("CERTIFICATE_RUNS", "证照 {number} 尚在有效期内。", number=certificate.number)
    return replace(certificate, state=TRANSITIONS[act][1], reason=reason.strip() or certificate.reason)


def succeed(
    certificate: Certificate,
    act: CertificateAct,
    on: date,
    *,
    number: str,
    valid_to: date | None = None,
    basis: str = "",
) -> tuple[Certificate, Certificate]:
    """The old certificate and the one that takes its place.

    A renewal runs from the day after the old one's end, a changed or reissued one for what is left of it. Refused:
    CERTIFICATE_STATE, CERTIFICATE_ENDLESS (nothing to renew), CERTIFICATE_EXPIRED, CERTIFICATE_SHORTER.
    """
    if act not in SUCCEEDED:
        raise ValueError(f"{act} gives no other certificate, expected act_on()")
    _expect(certificate, act)
    renewal = act in (CertificateAct.RENEW, CertificateAct.DEEM_RENEWED)
    end = certificate.valid_to
    if renewal and end is None:
        raise Conflict("CERTIFICATE_ENDLESS", "证照 {number} 长期有效，无需延续。", number=certificate.number)
    if end is not None and on > end and act is not CertificateAct.DEEM_RENEWED:
        raise Conflict("CERTIFICATE_EXPIRED", "证照 {number} 已过有效期，应重新申请。", number=certificate.number)
    start = end + timedelta(1) if renewal and end is not None else on
    until = valid_to if renewal else end
    if renewal and (until is None or until < start):
        raise refuse("valid_to", "CERTIFICATE_SHORTER", "延续后的有效期应晚于原有效期。")
    new = Certificate(
        number=number,
        kind=certificate.kind,
        holder=certificate.holder,
        issued_on=on,
        valid_from=start,
        valid_to=until,
        basis=basis or (DEEMED if act is CertificateAct.DEEM_RENEWED else certificate.basis),
        follows=certificate.number,
    )
    return replace(certificate, state=TRANSITIONS[act][1]), new


def last_day(first: date, *, years: int = 0, months: int = 0) -> date:
    """The last day of a term in years and months that begins on a day: the day before the corresponding one, the end of
    the month where there is none (民法典 art. 202).
    """
    if years * 12 + months < 1:
        raise ValueError("expected a term of at least one month")
    at = first.year * 12 + first.month - 1 + years * 12 + months
    year, month = divmod(at, 12)
    length = calendar.monthrange(year, month + 1)[1]
    if first.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, first.day) - timedelta(1)


def reminders(certificate: Certificate) -> tuple[date, ...]:
    """The days its holder is reminded to renew: 60 and 30 days before the end, none before its first day."""
    if certificate.valid_to is None or certificate.state is not ACTIVE:
        return ()
    days = (certificate.valid_to - timedelta(n) for n in REMIND_BEFORE)
    return tuple(day for day in days if day >= certificate.valid_from)


def file_by(certificate: Certificate) -> date | None:
    """The last day a renewal is filed in time, so that silence until the end renews it (art. 50)."""
    return None if certificate.valid_to is None else certificate.valid_to - timedelta(FILE_BEFORE)


def _expect(certificate: Certificate, act: CertificateAct) -> None:
    states, _ = TRANSITIONS[act]
    if certificate.state not in states:
        raise Conflict(
            "CERTIFICATE_STATE",
            "证照 {number} {state}，不能这样处理。",
            number=certificate.number,
            state=STATE_NAMES[certificate.state].words(),
        )
