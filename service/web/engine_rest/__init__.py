"""The `/engine-rest` door: the REST interface that modellers, workers and consoles of Camunda 7 know."""

from __future__ import annotations

from flask import Flask

from service.casework.office import Office
from service.web.engine_rest import (
    batches,
    comments,
    decision_definitions,
    definitions,
    deployments,
    executions,
    external_tasks,
    history,
    identity_links,
    incidents,
    instances,
    jobs,
    messages,
    migrations,
    modification,
    openapi,
    task_variables,
    tasks,
    version,
)
from service.web.engine_rest.answers import refused
from service.web.engine_rest.door import door
from service.web.engine_rest.fetching import Patience
from service.web.engine_rest.only_engine import OnlyEngine
from service.web.engine_rest.well_known import well_known

RESOURCES = (
    batches,
    comments,
    decision_definitions,
    definitions,
    deployments,
    executions,
    external_tasks,
    history,
    identity_links,
    incidents,
    instances,
    jobs,
    messages,
    migrations,
    modification,
    openapi,
    task_variables,
    tasks,
    version,
)


def register(app: Flask, office: Office) -> None:
    """Adds this door's routes, also below the name of its only engine."""
    app.wsgi_app = OnlyEngine(app.wsgi_app)  # type: ignore[method-assign]
    app.extensions["patience"] = Patience(office.settings.threads)
    app.register_blueprint(door)
    app.register_blueprint(well_known)
    app.extensions["answers"].append(("/engine-rest", refused))
