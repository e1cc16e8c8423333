"""Some clients name the engine in the address: there is one, so its name is taken out before routing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NAMED = "/engine-rest/engine/default/"


class OnlyEngine:
    """WSGI: `/engine-rest/engine/default/task` is `/engine-rest/task`."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(NAMED):
            environ["PATH_INFO"] = "/engine-rest/" + path[len(NAMED) :]
        return self.app(environ, start_response)
