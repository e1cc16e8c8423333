"""The words of an installation: its own texts, its signature, its telephone numbers; and what fills the places of a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from service.rules.message_texts import TEMPLATES
from service.rules.messages import SIGNATURE, MessageText, places, template, write

if TYPE_CHECKING:
    from service.store.records import Records

SETTING = "messages"
HOTLINE = "12345"  # 政务服务便民热线, the same all over the country
HOURS = "9:00至17:00"
WINDOW = "1"
SIGNED = "SIGNATURE"  # code of the signature among the texts


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an installation says its own way. `facts`: what fills places that are the same in every message."""

    signature: str = SIGNATURE
    texts: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def say(self, code: str, values: Mapping[str, Any]) -> MessageText:
        """A message in words; values no place asks for are left out. Refused: what `rules.messages.write` refuses."""
        text = self.texts.get(code)
        known = {**self.facts, **values}
        wanted = places(text or template(code).text)
        return write(
            code,
            {name: value for name, value in known.items() if name in wanted},
            signature=self.signature,
            text=text,
        )


def words_of(records: Records) -> Words:
    """The words as they are now; read once a transaction."""
    found: Words | None = records.messages.words
    if found is None:
        own = records.messages.texts()
        given = records.settings.get(SETTING) or {}
        found = Words(
            signature=own[SIGNED].text if SIGNED in own else SIGNATURE,
            texts={code: row.text for code, row in own.items() if code in TEMPLATES},
            facts={
                "hotline": str(given.get("hotline") or HOTLINE),
                "hours": str(given.get("hours") or HOURS),
                "window": str(given.get("window") or WINDOW),
            },
        )
        records.messages.words = found
    return found
