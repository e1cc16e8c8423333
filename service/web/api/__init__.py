"""The `/api/v1` door: cases, tasks and processes for other people's programs."""

from __future__ import annotations

from flask import Flask

from service.casework import Office
from service.web.api import (
    absences,
    bills,
    calendars,
    cases,
    clocks,
    demo,
    documents,
    handing,
    inbox,
    incidents,
    items,
    letters,
    materials,
    notes,
    openapi,
    processes,
    returning,
    silence,
    supervision,
    tasks,
    time_limits,
    windows,
)
from service.web.api.door import door
from service.web.api.problems import problem

RESOURCES = (
    absences,
    bills,
    calendars,
    cases,
    clocks,
    demo,
    documents,
    handing,
    inbox,
    incidents,
    items,
    letters,
    materials,
    notes,
    openapi,
    processes,
    returning,
    silence,
    supervision,
    tasks,
    time_limits,
    windows,
)


def register(app: Flask, office: Office) -> None:
    """Adds this door's routes and words its refusals."""
    app.register_blueprint(door)
    app.extensions["answers"].append(("/api/", problem))
