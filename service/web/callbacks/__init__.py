"""Callbacks of other machines: no session and no form token, but a signature, and nothing twice (docs/connectors.md)."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response

from service.rules.refusals import Refusal
from service.web.callbacks import payment, sms

PREFIX = "/callbacks"


def register(app: Flask, office: Any) -> None:
    """Adds the addresses and how their refusals are worded."""
    payment.register(app, office)
    sms.register(app, office)
    app.extensions["answers"].append((PREFIX, answer))


def answer(status: int, code: str, sentence: str, refusal: Refusal | None) -> Response:
    """A refusal for a program on the other side: its code, nothing else."""
    return Response(orjson.dumps({"code": code}), status, mimetype="application/json")
