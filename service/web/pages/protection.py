"""What browsers are told about our pages, and the check that a form came from one of them."""

from __future__ import annotations

from flask import Blueprint, Flask, Response
from flask_wtf.csrf import CSRFProtect

POLICY = (  # bpmn-js sets styles through the object model, so not even styles need 'unsafe-inline'
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def register(app: Flask, pages: Blueprint) -> None:
    """Checks every form that changes something and adds the security headers to every page."""
    csrf = CSRFProtect(app)
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)

    @pages.before_request
    def came_from_our_page() -> None:
        csrf.protect()

    @pages.after_request
    def tell_browser(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if response.mimetype == "text/html":
            response.headers["Cache-Control"] = "no-store"
        return response
