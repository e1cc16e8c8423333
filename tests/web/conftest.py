"""Applications and clients over real offices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from service.casework import Office
from service.web.app import create_app
from tests.conftest import Clock, make_office
from tests.web.rest import Client, hire

if TYPE_CHECKING:
    from tests.web.access.stage import Town


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


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_demo_template: Path) -> Iterator[Town]:
    """Two of everything, built once for each file that asks for it."""
    from tests.web.access.stage import build
    from tests.web.access.walking import pressed

    directory = tmp_path_factory.mktemp("access")
    path = directory / "lianban.db"
    path.write_bytes(sqlite_demo_template.read_bytes())
    clock = Clock()
    office = make_office(f"sqlite:///{path}", directory, clock, demo=True)
    with pressed():
        yield build(office, clock)
    office.close()


@pytest.fixture(scope="module")
def site(town: Town) -> Flask:
    """The application over the town."""
    app = create_app(town.office)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    return app
