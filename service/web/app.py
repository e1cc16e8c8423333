"""Builds the Flask application: doors, request ids, the access log and the last line of defence against faults."""

from __future__ import annotations

import re
import secrets
import time
from typing import Protocol

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, SecurityError

from service.casework import Office
from service.rules.refusals import Refusal, TooMany
from service.web import api, budgets, callbacks, engine_rest, health, metrics, pages
from service.web.pages.protection import POLICY
from service.web.statuses import status_of

log = structlog.get_logger("lianban.web")

BODY_LIMIT = 8 * 1024 * 1024  # bytes; a larger request is refused with 413
RETRY_SECONDS = "5"  # what whoever was told that we cannot should wait
ROOMS = (metrics, budgets, health, callbacks, engine_rest, api, pages)
THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
A_YEAR = "max-age=31536000"
HEADERS = {  # of every answer that says nothing else itself
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Answer(Protocol):
    """How a door words a refusal or a fault: status, stable code, sentence, and the refusal when there is one."""

    def __call__(self, status: int, code: str, sentence: str, refusal: Refusal | None) -> Response: ...


def create_app(office: Office) -> Flask:
    """The application over one office. Rooms register themselves; each may set how its paths word errors.

    A room is a module with `register(app, office)`. It may add `(path prefix, Answer)` to `app.extensions["answers"]`;
    the longest matching prefix words what is refused below it, also for routes that do not exist.
    """
    app = Flask("service.web", static_folder=None)
    app.secret_key = office.settings.secret_key
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=office.settings.public_url.startswith("https://"),
        SESSION_COOKIE_NAME="__Host-session" if office.settings.public_url.startswith("https://") else "session",
        TRUSTED_HOSTS=[*office.settings.hosts, *THIS_MACHINE] if office.settings.hosts else None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["office"] = office
    app.extensions["answers"] = []
    _watch_requests(app, secure=office.settings.public_url.startswith("https://"))
    _word_errors(app)
    for room in ROOMS:
        room.register(app, office)
    return app


def _watch_requests(app: Flask, *, secure: bool) -> None:
    """Gives every request an id and one log line: rule, status and duration, but no names, values or addresses."""

    @app.before_request
    def begin() -> None:
        offered = request.headers.get("X-Request-ID", "")
        g.request_id = offered if REQUEST_ID.fullmatch(offered) else secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if response.mimetype == "text/html":  # pages of errors, too, where no room has answered
            response.headers.setdefault("Content-Security-Policy", POLICY)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers["Strict-Transport-Security"] = A_YEAR
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", RETRY_SECONDS)
        log.info(
            "request",
            request_id=g.get("request_id"),
            method=request.method,
            rule=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
        )
        return response


def _word_errors(app: Flask) -> None:
    """Refusals become their status; anything unexpected is logged with the request id and answers 500 without details."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        app.extensions["count_refusal"](refusal)
        answer = _answer(app, status_of(refusal), refusal.code, refusal.sentence(), refusal)
        if isinstance(refusal, TooMany):
            answer.headers["Retry-After"] = str(refusal.params["seconds"])
        return answer

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        behind = getattr(error, "original_exception", None)  # raised after the answer was made, by what ends a request
        if behind is not None:
            return refused(behind) if isinstance(behind, Refusal) else fault(behind)
        if error.response is not None or (error.code or 500) < 400:
            return Response(error.get_response().get_data(), error.code, error.get_headers())
        status = error.code or 500
        code, sentence = HTTP_WORDS.get(status, ("HTTP_ERROR", "请求无法处理。"))
        if isinstance(error, SecurityError):
            code, sentence = "HOST_UNKNOWN", "本系统不使用这个网址，请改用正式网址。"
            if not request.path.startswith(
                ("/api/", "/engine-rest")
            ):  # a page names addresses, and there are none here
                return Response(f"{sentence}（{code}）\n", status, mimetype="text/plain")
        answer = _answer(app, status, code, sentence, None)
        if "Allow" in (headers := dict(error.get_headers())):
            answer.headers["Allow"] = headers["Allow"]
        return answer

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        log.error("fault", request_id=g.get("request_id"), exc_info=error)
        return _answer(app, 500, "INTERNAL_ERROR", f"系统内部错误，请求编号 {g.get('request_id')}。", None)


HTTP_WORDS = {
    400: ("BAD_REQUEST", "请求格式不正确。"),
    404: ("NOT_FOUND", "没有这个地址。"),
    405: ("METHOD_NOT_ALLOWED", "这个地址不支持该请求方法。"),
    413: ("BODY_TOO_LARGE", "请求内容超过 8 MB。"),
    415: ("UNSUPPORTED_MEDIA_TYPE", "不支持的内容类型。"),
    429: ("TOO_MANY_REQUESTS", "请求过于频繁，请稍后再试。"),
}


def _answer(app: Flask, status: int, code: str, sentence: str, refusal: Refusal | None) -> Response:
    worded = [(prefix, answer) for prefix, answer in app.extensions["answers"] if request.path.startswith(prefix)]
    if worded:
        wording: Answer = max(worded, key=lambda pair: len(pair[0]))[1]
        return wording(status, code, sentence, refusal)
    return Response(f"{sentence}\n", status, mimetype="text/plain")
