"""A served application on a free port, and fifty external tasks of three kinds."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from waitress.server import create_server

from service.casework import Office
from service.settings import real_time
from service.web.app import create_app
from tests.conftest import make_office
from tests.serving import stop_serving
from tests.web.rest import EXTERNAL, Client, hire

KINDS = ["complete"] * 40 + ["failure"] * 5 + ["bpmnError"] * 5


@dataclass
class Served:
    """A service that listens, and a client that looks into it directly."""

    url: str
    app: Flask
    rest: Client


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    """The web application on waitress in a thread, real time."""
    office: Office = make_office(sqlite_url, tmp_path, real_time)
    hire(office, "engine", ["service"])
    app = create_app(office)
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Served(
        url=f"http://127.0.0.1:{server.effective_port}/engine-rest",
        app=app,
        rest=Client(app, "/engine-rest", "engine"),
    )
    stop_serving(server, thread)
    office.close()


@pytest.fixture
def fifty(served: Served) -> list[str]:
    """Fifty cases that wait at an external task, what to do in a variable; their ids."""
    served.rest.deploy(EXTERNAL)
    return [
        served.rest.start(businessKey=f"BJ-{number}", variables={"what": {"value": kind}, "box": {"value": {"no": 1}}})
        for number, kind in enumerate(KINDS)
    ]


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """The published worker package from npm by its lock, kept under var/ between runs."""
    import hashlib
    import os
    import subprocess
    import sys

    here = Path(__file__).parent
    sources = [here / "package.json", here / "package-lock.json"]
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    folder = here.parents[1] / "var" / "client-packages" / digest
    beside = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            shutil.copy(source, folder)
        npm = shutil.which("npm", path=beside)
        assert npm is not None, "npm is needed to fetch the published worker package"
        subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder,
            env={**os.environ, "PATH": beside, "IBM_TELEMETRY_DISABLED": "true"},
            check=True,
            capture_output=True,
            timeout=120,
        )
        (folder / "ready").touch()
    shutil.copy(here / "work.mjs", folder)
    return folder


def assert_all_done(rest: Client, cases: list[str]) -> None:
    """Every case of the fifty went the way its kind says: ended, stuck with an incident, or at the caught error."""
    states = {one["id"]: one["state"] for one in rest.get("/history/process-instance").json}
    caught = {one["processInstanceId"] for one in rest.get("/task?taskDefinitionKey=R").json}
    stuck = {one["processInstanceId"] for one in rest.get("/incident?incidentType=failedExternalTask").json}
    for case_id, kind in zip(cases, KINDS, strict=True):
        assert (states[case_id] == "COMPLETED") == (kind == "complete"), (case_id, kind)
        assert (case_id in caught) == (kind == "bpmnError"), (case_id, kind)
        assert (case_id in stuck) == (kind == "failure"), (case_id, kind)
    assert rest.get("/external-task/count?noRetriesLeft=true").json == {"count": KINDS.count("failure")}
    assert rest.get("/external-task/count").json == {"count": KINDS.count("failure")}
