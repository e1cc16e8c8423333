"""拼音首字母: what officers type to find an item in two seconds."""

from __future__ import annotations

LONGEST = 120


def initials(*names: str) -> str:
    """The first letters of every name, one word each: 施工许可 → `sgxk`. Other characters stay, in lower case."""
    from pypinyin import Style, lazy_pinyin  # its dictionary takes as long to load as a fifth of a start

    words = ("".join(letter[:1] for letter in lazy_pinyin(name, style=Style.FIRST_LETTER)) for name in names)
    kept = ("".join(c for c in word.lower() if c.isascii() and c.isalnum()) for word in words)
    return " ".join(dict.fromkeys(filter(None, kept)))[:LONGEST]
