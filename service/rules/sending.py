"""When and by which channel a message goes out, what follows when it fails (DOMAIN F.2, SM-35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from service.rules.message_texts import Audience
from service.rules.messages import template
from service.rules.worktime import SHANGHAI

QUIET_FROM, QUIET_UNTIL = time(22), time(7, 30)
DUTY_FROM = time(8, 30)  # messages about tasks held over night wait for the beginning of duty (SM-35)
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
DIGEST_OVER = 5  # messages to one person within
DIGEST_WINDOW = timedelta(minutes=10)


class Channel(StrEnum):
    """How a message reaches somebody."""

    INAPP = "INAPP"
    SMS = "SMS"
    EMAIL = "EMAIL"


class MessageState(StrEnum):
    """Where one message stands on one channel."""

    QUEUED = "QUEUED"
    SENT = "SENT"  # the gateway took it over
    DELIVERED = "DELIVERED"  # its receipt says it arrived
    FAILED = "FAILED"


class Report(StrEnum):
    """What a channel says about a message."""

    ACCEPTED = "ACCEPTED"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"  # for good
    EXPIRED = "EXPIRED"  # tried as often as allowed


class Fallback(StrEnum):
    """What a failed message leads to."""

    STAND_IN = "STAND_IN"  # the same message to B岗
    WINDOW_TASK = "WINDOW_TASK"  # the window calls the applicant
    NOTHING = "NOTHING"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What is known of how to reach somebody."""

    account: str = ""
    mobile: str = ""
    email: str = ""


def planned_at(code: str, wanted: datetime) -> datetime:
    """The instant a message goes out that should go at `wanted`: between 22:00 and 07:30 it waits for the morning, one
    about a task for the beginning of duty, unless the template says that it goes at once. Retries are planned likewise.
    """
    one, local = template(code), wanted.astimezone(SHANGHAI)
    about_task = code.startswith("T")
    morning = DUTY_FROM if about_task else QUIET_UNTIL
    if one.at_once or morning <= local.time() < QUIET_FROM:
        return wanted
    if local.time() >= QUIET_FROM:
        local += timedelta(1)
    return datetime.combine(local.date(), morning, SHANGHAI)


def channels(code: str, contact: Contact) -> tuple[Channel, ...]:
    """The channels of a message to one person: in-app whenever they have an account, and SMS, or else e-mail.

    A code to prove who asks goes to the telephone only. Empty: the person cannot be reached, `fallback` says what then.
    """
    if code == "M24":
        return (Channel.SMS,) if contact.mobile else ()
    if inside_only(code):
        return (Channel.INAPP,) if contact.account else ()
    outside = Channel.SMS if contact.mobile else Channel.EMAIL if contact.email else None
    inside = (Channel.INAPP,) if contact.account else ()
    return inside if outside is None else (*inside, outside)


def inside_only(code: str) -> bool:
    """Whether a message stays in the house: colleagues among themselves (N)."""
    return code.startswith("N")


def after(state: MessageState, report: Report) -> MessageState:
    """The state after a report. A receipt may come before the answer to sending, twice, or after a failure: that a
    message arrived is never taken back.
    """
    if MessageState.DELIVERED is state or report is Report.DELIVERED:
        return MessageState.DELIVERED
    if report is Report.ACCEPTED:
        return MessageState.SENT if state is MessageState.QUEUED else state
    return MessageState.FAILED


def next_try(code: str, failed: int, now: datetime, *, wait: timedelta | None = None) -> datetime | None:
    """When to try again after so many failures, None when enough; `wait`: what the gateway asks for at least."""
    if failed > len(RETRIES):
        return None
    return planned_at(code, now + max(RETRIES[failed - 1], wait or timedelta(0)))


def fallback(code: str, to: Audience) -> Fallback:
    """What follows when a message could not be delivered."""
    if code.startswith("T") and to is Audience.REVIEWER_A:
        return Fallback.STAND_IN
    if code.startswith("M") and code != "M24":
        return Fallback.WINDOW_TASK
    return Fallback.NOTHING


def copied_to_agent(code: str) -> bool:
    """Whether the agent (代办员) of an active contract gets what the applicant gets; a secret code is the applicant's."""
    return code.startswith("M") and code != "M24"


def bundled(due: Sequence[str], sent_lately: int) -> tuple[tuple[str, ...], int]:
    """The codes that go out one by one, and how many are told in one digest instead.

    `due`: what one person should get now, `sent_lately`: what they got in the last ten minutes. More than five make a
    digest; what is red, leads or was asked for goes alone.
    """
    alone = tuple(code for code in due if template(code).at_once or code.startswith("L"))
    rest = tuple(code for code in due if code not in alone)
    if len(due) + sent_lately <= DIGEST_OVER or len(rest) < 2:
        return tuple(due), 0
    return alone, len(rest)
