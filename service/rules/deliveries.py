"""送达: ways and states of a delivery, who may receive it, pick-up codes, couriers, hand-overs to the window (SP-11, SM-37, SM-38)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from service.rules.refusals import Conflict, Invalid, refuse
from service.rules.sentences import Sentence

DELIVERY_DAYS = 10  # working days from the decision, 行政许可法 art. 44
CODE_TRIES = 5
CODE_LOCK = timedelta(minutes=15)
FAILED_ATTEMPTS = 2  # of the courier; then the post comes back to the window
WAYBILL = re.compile(r"[A-Z0-9]{8,20}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
CHECKS = "10X98765432"


class Way(StrEnum):
    """How a result reaches the applicant."""

    PICKUP = "PICKUP"  # 窗口领取
    POST = "POST"  # 邮寄送达
    ELECTRONIC = "ELECTRONIC"  # 电子送达
    JOINT = "JOINT"  # 移交统一发证: handed out together with the chain
    DRAWN = "DRAWN"  # the flow itself says it was delivered


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "WAITING"  # 待领取 or 待寄出, at the window
    POSTED = "POSTED"  # 已寄出
    RETURNED = "RETURNED"  # 退回窗口: the courier did not reach anybody twice
    JOINED = "JOINED"  # 已移交统一发证
    DELIVERED = "DELIVERED"  # 已送达


class HandoverState(StrEnum):
    """Where a 移交单 stands."""

    SENT = "SENT"  # 待签收
    RECEIVED = "RECEIVED"  # 已签收
    PARTLY = "PARTLY"  # 部分签收: something is missing
    WITHDRAWN = "WITHDRAWN"  # 已撤回, before it was signed for


class LineState(StrEnum):
    """What became of one certificate of a 移交单."""

    SENT = "SENT"
    RECEIVED = "RECEIVED"
    MISSING = "MISSING"


class ReceiverKind(StrEnum):
    """Who takes the result."""

    SELF = "SELF"  # 本人, 法定代表人
    AGENT = "AGENT"  # 受托人, with a letter of authority


class IdentityKind(StrEnum):
    """What a receiver shows."""

    ID_CARD = "ID_CARD"  # 居民身份证
    PASSPORT = "PASSPORT"
    OTHER = "OTHER"  # 其他有效证件


ANSWERS = {  # what the issuing desk's form says → way
    "window": Way.PICKUP,
    "post": Way.POST,
    "electronic": Way.ELECTRONIC,
    "joint": Way.JOINT,
}
AWAITED = frozenset({Way.PICKUP, Way.POST})  # delivered later than the flow thinks, when somebody signs for it
FIRST_STATES = {
    Way.PICKUP: DeliveryState.WAITING,
    Way.POST: DeliveryState.WAITING,
    Way.ELECTRONIC: DeliveryState.DELIVERED,
    Way.JOINT: DeliveryState.JOINED,
    Way.DRAWN: DeliveryState.DELIVERED,
}
AT_WINDOW = frozenset({DeliveryState.WAITING, DeliveryState.RETURNED})


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Who takes a result and what was checked. `identity`: the number as shown; `letter`: number of the 委托书."""

    kind: ReceiverKind
    name: str
    identity_kind: IdentityKind
    identity: str
    relation: str = ""
    letter: str = ""


def way_of(answers: Any) -> Way | None:
    """The way a desk's answers name; None when they name none."""
    return ANSWERS.get(str(answers.get("delivery", ""))) if isinstance(answers, Mapping) else None


def read_receiver(receiver: Receiver) -> Receiver:
    """The receiver in one shape. Refused: RECEIVER_INVALID with every field that is wrong; an agent without 委托书 too."""
    name, identity = receiver.name.strip(), _plain(receiver.identity)
    letter, relation = receiver.letter.strip(), receiver.relation.strip()
    troubles: list[Invalid] = []
    if not 1 <= len(name) <= 60:
        troubles.append(refuse("name", "RECEIVER_NAME", "请填写领取人姓名，不超过 60 个字"))
    if receiver.identity_kind is IdentityKind.ID_CARD and not is_id_card(identity):
        troubles.append(refuse("identity", "IDENTITY_INVALID", "身份证号码应为 18 位且校验码正确，请核对证件"))
    elif not 4 <= len(identity) <= 30 or not identity.isalnum() or not identity.isascii():
        troubles.append(refuse("identity", "IDENTITY_INVALID", "证件号码应为 4 到 30 位字母或数字"))
    if receiver.kind is ReceiverKind.AGENT and not letter:
        troubles.append(
            refuse("letter", "LETTER_MISSING", "代领人应出示委托书，请填写委托书编号；没有委托书的不能代领")
        )
    if receiver.kind is ReceiverKind.AGENT and not relation:
        troubles.append(refuse("relation", "RELATION_MISSING", "请填写代领人与申请人的关系"))
    for field, value in (("letter", letter), ("relation", relation)):
        if len(value) > 60:
            troubles.append(refuse(field, "RECEIVER_LONG", "内容不能超过 60 个字"))
    problems = tuple(problem for one in troubles for problem in one.fields)
    if problems:
        raise Invalid("RECEIVER_INVALID", "领取人的信息不完整或不正确，请核对后再发证。", fields=problems)
    return Receiver(
        kind=receiver.kind,
        name=name,
        identity_kind=receiver.identity_kind,
        identity=identity,
        relation=relation if receiver.kind is ReceiverKind.AGENT else "",
        letter=letter if receiver.kind is ReceiverKind.AGENT else "",
    )


def is_id_card(text: str) -> bool:
    """Whether a number is a resident identity number: a day of birth and the check character (GB 11643)."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(text[:17], WEIGHTS, strict=True)) % 11] == text[17]


def read_waybill(text: str) -> str:
    """A courier's number in one shape. Refused: WAYBILL."""
    number = _plain(text)
    if not WAYBILL.fullmatch(number):
        raise refuse("waybill", "WAYBILL", "快递单号应为 8 到 20 位字母或数字，请核对面单。")
    return number


def require_state(state: DeliveryState, allowed: frozenset[DeliveryState]) -> None:
    """Refused: Conflict DELIVERY_STATE."""
    if state not in allowed:
        raise Conflict("DELIVERY_STATE", "这件结果现在是“{state}”，不能这样处理。", state=STATE_NAMES[state].words())


def require_code(
    right: Callable[[str], bool] | None, given: str, tries: int, locked_until: datetime | None, now: datetime
) -> None:
    """The code of the message; `right` tells it from others. Refused: Conflict CODE_LOCKED, CODE_MISSING; Invalid CODE_WRONG beside its field.

    Five wrong ones lock it for a quarter of an hour; whoever asks counts the wrong one.
    """
    if locked_until is not None and now < locked_until:
        raise Conflict("CODE_LOCKED", "取件码输错次数过多，请 15 分钟后再试。")
    if right is None:
        raise Conflict("CODE_MISSING", "还没有给申请人发取件码，请先发送取件码。")
    if not right(_plain(given)):
        left = max(CODE_TRIES - tries - 1, 0)
        raise refuse("code", "CODE_WRONG", "取件码不正确，还可以试 {left} 次。", left=left)


def after_attempts(outcomes: tuple[bool, ...]) -> DeliveryState:
    """What a posted delivery is after the courier's attempts: signed for, back at the window, or still under way."""
    if outcomes and outcomes[-1]:
        return DeliveryState.DELIVERED
    return DeliveryState.RETURNED if len(outcomes) >= FAILED_ATTEMPTS else DeliveryState.POSTED


STATE_NAMES = {
    DeliveryState.WAITING: Sentence("待领取"),
    DeliveryState.POSTED: Sentence("已寄出"),
    DeliveryState.RETURNED: Sentence("退回窗口"),
    DeliveryState.JOINED: Sentence("移交统一发证"),
    DeliveryState.DELIVERED: Sentence("已送达"),
}
WAY_NAMES = {
    Way.PICKUP: Sentence("窗口领取"),
    Way.POST: Sentence("邮寄送达"),
    Way.ELECTRONIC: Sentence("电子送达"),
    Way.JOINT: Sentence("统一发证"),
    Way.DRAWN: Sentence("流程登记"),
}


def _plain(text: str) -> str:
    """Without blanks and hyphens, half-width, in capitals."""
    return re.sub(r"[\s\-‐–—]+", "", unicodedata.normalize("NFKC", text)).upper()
