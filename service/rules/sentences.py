"""Sentences for people: a Chinese gettext msgid and what fills its places, so that every language can say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """`text` is the msgid; `params` fill `{name}` after translation and may be sentences themselves."""

    text: str
    params: tuple[tuple[str, Any], ...] = field(default=())

    def __str__(self) -> str:
        return self.words()

    def words(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language `translate` turns msgids into; Chinese when it is not told."""
        text = translate(self.text)
        if not self.params:
            return text
        return text.format(
            **{name: one.words(translate) if isinstance(one, Sentence) else one for name, one in self.params}
        )


NATIVE = Sentence("中文")


@dataclass(frozen=True)
class Twofold(Sentence):
    """A sentence nobody translates: whoever made it has said it in both languages."""

    english: str = field(default="", kw_only=True)

    def words(self, translate: Callable[[str], str] = str) -> str:
        """Chinese where msgids stay as they are, English elsewhere."""
        return self.text if translate(NATIVE.text) == NATIVE.text else self.english


def filled(sentence: Sentence, **params: Any) -> Sentence:
    """The same sentence with its places filled."""
    return Sentence(sentence.text, tuple(params.items()))


WEEKDAYS = (
    Sentence("周一"),
    Sentence("周二"),
    Sentence("周三"),
    Sentence("周四"),
    Sentence("周五"),
    Sentence("周六"),
    Sentence("周日"),
)
