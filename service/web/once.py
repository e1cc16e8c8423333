"""`Idempotency-Key`: the same POST sent twice is carried out once and answered twice."""

from __future__ import annotations

import hashlib
import re

import structlog
from flask import Blueprint, Response, current_app, g, request

from service.casework.idempotency import begin_once, end_once
from service.rules.refusals import Unavailable
from service.web.bodies import field_refused

log = structlog.get_logger()

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEY = "^[!-~](?:[ -~]{0,198}[!-~])?$"  # as both descriptions say it


def heed_idempotency_keys(door: Blueprint) -> None:
    """Makes every POST below the blueprint heed the header. The actor must be known before: call after authentication."""

    @door.before_request
    def begin() -> Response | None:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or "actor" not in g:  # who is nobody changes nothing
            return None
        if re.fullmatch(KEY, key) is None:
            raise field_refused(HEADER, " 1 到 200 个可打印的 ASCII 字符")
        given = begin_once(current_app.extensions["office"], g.actor, key, _digest())
        if given is None:
            g.once = True
            return None
        answer = Response(given.body, given.status, content_type="application/json")
        answer.headers[REPLAYED] = "true"
        return answer

    @door.after_request
    def end(response: Response) -> Response:
        if g.pop("once", False):
            # What was asked for is committed: whoever asked is told so, even when the answer cannot be kept. Sent again,
            # the request is refused as carried out (IDEMPOTENCY_UNANSWERED).
            try:
                end_once(current_app.extensions["office"], response.status_code, response.get_data(as_text=True))
            except Unavailable as trouble:
                log.warning("answer not kept", request_id=g.get("request_id"), code=trouble.code)
        return response


def _digest() -> str:
    """Method, address and content; of a multipart body the parts, because its boundary differs each time."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.mimetype == "multipart/form-data":
        for name, text in request.form.items(multi=True):
            digest.update(f"{name}\0{text}\0".encode())
        for name, part in request.files.items(multi=True):
            digest.update(f"{name}\0{part.filename}\0".encode() + part.read() + b"\0")
            part.seek(0)
    else:
        digest.update(request.get_data(cache=True))
    return digest.hexdigest()
