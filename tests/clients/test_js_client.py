"""The published JavaScript worker package, unmodified, works fifty external tasks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.clients.conftest import Served, assert_all_done
from tests.web.rest import PASSWORD


def test_fifty_tasks_are_completed_failed_and_raised_as_errors(
    served: Served, fifty: list[str], node_folder: Path
) -> None:
    beside = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    node = shutil.which("node", path=beside)
    assert node is not None
    worked = subprocess.run(
        [node, "work.mjs", served.url, "engine", PASSWORD, "50"],
        cwd=node_folder,
        env={**os.environ, "PATH": beside},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert worked.returncode == 0, worked.stderr
    done = json.loads(worked.stdout.strip().splitlines()[-1])
    assert done == {"complete": 40, "failure": 5, "bpmnError": 5, "errors": []}
    assert_all_done(served.rest, fifty)
    stored = served.rest.get(f"/history/variable-instance?processInstanceId={fifty[0]}").json
    values = {one["name"]: (one["type"], one["value"]) for one in stored}
    assert values["number"] == ("Integer", 7)
    assert values["folder"] == ("Json", '{"shelf":[1]}')
    assert values["nothing"] == ("Null", None)
    assert values["day"] == ("Date", "1970-01-01T08:00:00.000+0800")
