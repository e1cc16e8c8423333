"""The demonstration clock in the header: training and acceptance move the service's time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import move_demo_clock
from service.rules.refusals import Invalid, Missing
from service.web.pages.addresses import safe_next
from service.web.pages.sign_in import acting

STEPS = {"half-day": "P1HD", "1wd": "P1WD", "3wd": "P3WD"}
STANDING = {"freeze": True, "thaw": False}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the act of moving the clock."""

    @pages.post("/demo/clock")
    def move_clock() -> Response:
        if not office.settings.demo:
            raise Missing("NOT_FOUND", "没有这个地址。")
        step = request.form.get("step", "")
        if step in STEPS:
            move_demo_clock(office, acting(), advance=STEPS[step])
            flash(gettext("演示时钟已前移，到期事项已处理。"), "good")
        elif step in STANDING:
            move_demo_clock(office, acting(), frozen=STANDING[step])
            flash(gettext("演示时钟已停住。") if STANDING[step] else gettext("演示时钟继续走。"), "good")
        else:
            raise Invalid("CLOCK_STEP", "不认识的时间步长。")
        return redirect(safe_next(request.form.get("next")))
