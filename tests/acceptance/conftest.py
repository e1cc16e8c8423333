"""A served installation for each theme, and a watch over what it logs: nothing that is asked may become a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from tests.acceptance.visitor import Visitor
from tests.journeys.serving import Serving


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a demo installation without processes listens. Afterwards: it met no fault."""
    faults: list[Any] = []

    def watch(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        if event.get("event") == "fault":
            faults.append(event)
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[watch], cache_logger_on_first_use=False)
    serving = Serving(tmp_path_factory.mktemp("acceptance"), deploy=())
    yield serving.installation.address
    serving.stop()
    structlog.configure(**before)
    assert faults == []


@pytest.fixture(scope="module")
def engine(address: str) -> Iterator[Visitor]:
    """The service account of `/engine-rest`."""
    visitor = Visitor(address)
    yield visitor
    visitor.session.close()
