"""Which Camunda release these shapes are those of, and the one engine behind them."""

from __future__ import annotations

from flask import Response

from service.web.engine_rest.answers import answer
from service.web.engine_rest.door import door

SHAPES = "7.23.0"  # modelling tools store it as the execution platform's version


@door.get("/version")
def version() -> Response:
    return answer({"version": SHAPES})


@door.get("/engine")
def engines() -> Response:
    return answer([{"name": "default"}])
