"""Applications and clients over real offices."""

from __future__ import annotations

import pytest
from flask import Flask

from service.casework import Office
from service.web.app import create_app
from tests.web.rest import Client, hire


@pytest.fixture
def app(office: Office) -> Flask:
    """The whole web application over an office on SQLite with a service account."""
    hire(office, "engine", ["service"])
    return create_app(office)


@pytest.fixture
def rest(app: Flask) -> Client:
    """`/engine-rest` as the service account."""
    return Client(app, "/engine-rest", "engine")


@pytest.fixture
def api(app: Flask) -> Client:
    """`/api/v1` as the service account."""
    return Client(app, "/api/v1", "engine")
