"""中文 or English, kept in the session. Chinese sentences are the message ids, so Chinese needs no catalogue."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, Flask, redirect, request, session
from flask_babel import Babel
from werkzeug.wrappers import Response

from service.web.pages.addresses import safe_next

CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
LANGUAGES = {"zh": "中文", "en": "English"}


def register(app: Flask, pages: Blueprint) -> None:
    """Chooses the language of every request and serves the switch."""
    compile_catalogues(CATALOGUES)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    Babel(app, default_locale="zh", default_timezone="Asia/Shanghai", locale_selector=chosen)
    app.jinja_env.add_extension("jinja2.ext.i18n")

    @pages.post("/language")
    def switch_language() -> Response:
        wanted = request.form.get("language", "zh")
        session["language"] = wanted if wanted in LANGUAGES else "zh"
        return redirect(safe_next(request.form.get("next")))


def chosen() -> str:
    """The language of this request."""
    language = session.get("language", "zh") if request else "zh"
    return language if language in LANGUAGES else "zh"


def compile_catalogues(root: Path) -> None:
    """Write the compiled form of every catalogue that is newer than it; a read-only installation ships it."""
    for source in root.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        try:
            draft = target.with_suffix(".tmp")
            with draft.open("wb") as file:
                write_mo(file, catalogue)
            draft.replace(target)
        except OSError:
            continue
