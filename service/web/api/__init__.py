"""The `/api/v1` door."""

from __future__ import annotations

from typing import Any

from flask import Flask


def register(app: Flask, office: Any) -> None:
    """Adds this door's routes."""
