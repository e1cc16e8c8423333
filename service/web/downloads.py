"""Files that are made when they are asked for."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

PDF = "application/pdf"


def disposition(kind: str, name: str) -> str:
    """The header that names a file, `inline` or `attachment`, in any language (RFC 6266)."""
    ending = name.rpartition(".")[2]
    plain = f"file.{ending}" if ending.isascii() and ending.isalnum() and ending != name else "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def pdf(content: bytes, title: str, number: str | None) -> Response:
    """A PDF to keep, named in the reader's language (RFC 6266); never stored by anybody in between."""
    name = f"{title} {number or ''}".strip().replace("/", "-")
    response = Response(content, content_type=PDF)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"time-proof.pdf\"; filename*=UTF-8''{quote(name)}.pdf"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def shown_pdf(content: bytes, name: str) -> Response:
    """A PDF the browser shows by itself; never stored by anybody in between."""
    response = Response(content, content_type=PDF)
    plain = name.replace("/", "-")
    response.headers["Content-Disposition"] = f"inline; filename=\"document.pdf\"; filename*=UTF-8''{quote(plain)}.pdf"
    response.headers["Cache-Control"] = "no-store"
    return response
