"""Messages in words: a template filled, at most 70 characters, nothing personal in it (DOMAIN F.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from service.rules.message_texts import PLACES, TEMPLATES, Template
from service.rules.refusals import Invalid, Missing

SIGNATURE = "云溪政务"
LIMIT = 70  # UCS-2 characters of one short message
PERSONAL = (
    re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])"),  # 居民身份证号
    re.compile(r"(?<![0-9A-Za-z])(?:\+?86)?1[3-9][0-9]{9}(?![0-9])"),  # a mobile number
    re.compile(r"(?<![0-9A-Za-z])62[0-9]{14,17}(?![0-9])"),  # a bank card
    re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
)


@dataclass(frozen=True, kw_only=True)
class MessageText:
    """A filled template: `subject` for channels that have one, `text` with the signature."""

    code: str
    subject: str
    text: str

    @property
    def length(self) -> int:
        """How long it is as a short message."""
        return units(self.text)


def template(code: str) -> Template:
    """The template of a code. Refused: MESSAGE_UNKNOWN."""
    if code not in TEMPLATES:
        raise Missing("MESSAGE_UNKNOWN", "没有消息模板 {template}。", template=code)
    return TEMPLATES[code]


def units(text: str) -> int:
    """UCS-2 characters; a rare character outside the basic plane (𠮷) counts as two."""
    return len(text.encode("utf-16-be")) // 2


def places(text: str) -> frozenset[str]:
    """The names of the places of a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def write(
    code: str, values: Mapping[str, object], *, signature: str = SIGNATURE, text: str | None = None
) -> MessageText:
    """Fill a template. Words that are longer than their place are cut with an ellipsis, numbers and codes never.

    `text`: an installation's own words for the code. Refused: MESSAGE_UNKNOWN, MESSAGE_VALUE (missing, unknown or too long), MESSAGE_PERSONAL, MESSAGE_TOO_LONG.
    """
    one = template(code)
    words = text or one.text
    wanted = places(words)
    for name in sorted(wanted ^ values.keys()):
        raise Invalid("MESSAGE_VALUE", "消息 {template} 的内容 {name} 缺少、多余或过长。", template=code, name=name)
    filled = {name: _fitting(code, name, str(values[name])) for name in wanted}
    said = f"【{signature}】{words.format(**filled)}"
    if units(said) > LIMIT:
        raise Invalid(
            "MESSAGE_TOO_LONG",
            "消息 {template} 共 {count} 字，应不超过 {most} 字。",
            template=code,
            count=units(said),
            most=LIMIT,
        )
    return MessageText(code=code, subject=f"【{signature}】{one.event}", text=said)


def check_templates(templates: Iterable[Template] = TEMPLATES.values(), *, signature: str = SIGNATURE) -> None:
    """Whether every template stays a single short message with the longest real values, and has known places only.

    For what an installation changes: its own texts, its own signature. Refused: MESSAGE_PLACE, MESSAGE_TOO_LONG.
    """
    for one in templates:
        for name in sorted(places(one.text) - PLACES.keys()):
            raise Invalid("MESSAGE_PLACE", "消息 {template} 的内容 {name} 不在允许之列。", template=one.code, name=name)
        longest = {name: PLACES[name].longest for name in places(one.text)}
        count = units(f"【{signature}】{one.text.format(**longest)}")
        if count > LIMIT:
            raise Invalid(
                "MESSAGE_TOO_LONG",
                "消息 {template} 共 {count} 字，应不超过 {most} 字。",
                template=one.code,
                count=count,
                most=LIMIT,
            )


def _fitting(code: str, name: str, value: str) -> str:
    """One value, on one line, as long as its place allows."""
    value = " ".join(value.split())
    if not value or "【" in value or "】" in value:
        raise Invalid("MESSAGE_VALUE", "消息 {template} 的内容 {name} 缺少、多余或过长。", template=code, name=name)
    if any(one.search(value) for one in PERSONAL):
        raise Invalid(
            "MESSAGE_PERSONAL", "消息 {template} 的内容 {name} 含有个人信息，不得发送。", template=code, name=name
        )
    most = units(PLACES[name].longest)
    if units(value) <= most:
        return value
    if not PLACES[name].cut:
        raise Invalid("MESSAGE_VALUE", "消息 {template} 的内容 {name} 缺少、多余或过长。", template=code, name=name)
    while units(value) > most - 1:
        value = value[:-1]
    return f"{value}…"
