"""Built scripts and styles: names that carry their content's hash, kept by browsers for a year."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory, url_for

DIST = Path(__file__).resolve().parents[1] / "static" / "dist"
YEAR = 365 * 24 * 3600


def register(app: Flask, pages: Blueprint) -> None:
    """Serves the built files and tells templates their addresses."""

    @pages.get("/static/dist/<path:name>")
    def built_file(name: str) -> Response:
        response = send_from_directory(DIST, name, max_age=YEAR)
        response.cache_control.public = True
        response.cache_control.immutable = True
        return response

    app.jinja_env.globals["built"] = lambda name: url_for("pages.built_file", name=_manifest().get(name, name))


@cache
def _manifest() -> dict[str, str]:
    """Plain name → name with hash; empty when nothing has been built, so that pages still work without scripts."""
    try:
        found: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found
