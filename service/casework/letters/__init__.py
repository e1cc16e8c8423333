"""授权委托书: the register of letters of authority, what they cover, who has none (DF-12, DF-13)."""

from __future__ import annotations

from service.casework.letters.drawing import draw_signature, own_signature, signature_of, signatures_under
from service.casework.letters.reading import LETTER_READERS, LetterLine, LetterPage, letter_page, letter_scan
from service.casework.letters.registering import (
    MAY_ACTIVATE,
    LetterForm,
    activate_letter,
    register_letter,
    withdraw_letter,
)
from service.casework.letters.relatives import RelativePage, declare_relative, relative_page, withdraw_relative
from service.store.letters import LetterRow

__all__ = [
    "LETTER_READERS",
    "LetterForm",
    "LetterLine",
    "LetterPage",
    "LetterRow",
    "MAY_ACTIVATE",
    "RelativePage",
    "activate_letter",
    "declare_relative",
    "draw_signature",
    "letter_page",
    "letter_scan",
    "own_signature",
    "register_letter",
    "relative_page",
    "signature_of",
    "signatures_under",
    "withdraw_letter",
    "withdraw_relative",
]
