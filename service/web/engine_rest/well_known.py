"""Where modelling tools find our pages."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.web.engine_rest.answers import answer

well_known = Blueprint("well_known", __name__)


@well_known.get("/.well-known/camunda-automation-platform/webapps")
def webapps() -> Response:
    root = request.host_url.rstrip("/")
    return answer({"adminUrl": f"{root}/processes", "cockpitUrl": f"{root}/processes", "tasklistUrl": f"{root}/"})
