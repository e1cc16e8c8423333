"""中文 or English, kept in the session. Chinese sentences are the message ids, so Chinese needs no catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, Flask, g, redirect, request, session
from flask_babel import Babel, Domain
from werkzeug.wrappers import Response

from service.web.pages.addresses import safe_next

CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
LANGUAGES = {"zh": "中文", "en": "English"}


def register(app: Flask, pages: Blueprint) -> None:
    """Chooses the language of every request and serves the switch."""
    compile_catalogues(CATALOGUES)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    babel = Babel(app, default_locale="zh", default_timezone="Asia/Shanghai", locale_selector=chosen)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    with app.app_context():
        words = babel.__dict__["domain_instance"] = Words()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: words.get_translations().ugettext(text),
        ngettext=lambda one, many, count: words.get_translations().ungettext(one, many, count),
        newstyle=True,
    )

    @pages.post("/language")
    def switch_language() -> Response:
        wanted = request.form.get("language", "zh")
        session["language"] = wanted if wanted in LANGUAGES else "zh"
        return redirect(safe_next(request.form.get("next")))


class Words(Domain):  # type: ignore[misc]
    """The catalogue of a request, looked for once: a page says four hundred sentences."""

    def get_translations(self) -> Any:
        """The one of the request's language, or of the language it was changed to meanwhile."""
        kept: Any = getattr(g, "_flask_babel", None) if g else None
        known = getattr(kept, "words", None)
        if known is not None and known[0] is kept.babel_locale:
            return known[1]
        found = super().get_translations()
        kept = getattr(g, "_flask_babel", None) if g else None
        if kept is not None:
            kept.words = kept.babel_locale, found
        return found


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
