"""Called joint processes and what follows a certificate, all at once."""

from __future__ import annotations

from pathlib import Path

from drawing.four_levels import draw_four_levels
from drawing.joint_drawing import draw_joint_drawing
from drawing.tax_check import draw_tax_check
from drawing.verifying import draw_supervision, draw_verifying


def draw_joint_reviews(cards: dict[str, dict], folder: Path) -> None:
    """Draw them into `folder`; `cards` are the register cards by code."""
    draw_joint_drawing(cards, folder)
    draw_verifying(folder)
    draw_supervision(folder)
    draw_tax_check(folder)
    draw_four_levels(cards, folder)
