"""Every way through every shipped process: each flow taken, each end event reached, nothing breaks on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.drive import definitions, process
from tests.processes.library import FILES
from tests.processes.walking.walker import walk

BEYOND = (  # where so many branches and rounds multiply that what is left is aimed at, one flow after another: minutes
    "chain_GY_25",
    "chain_JS_35",
    "chain_QY_1",
    "item_104_QT_005_joint",
    "support_DB_20",
)
WHOLE = os.environ.get("LIANBAN_WALK") == "all"  # scripts/soak walk: also those


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """What was walked, written down where LIANBAN_WALK_TABLE says: file, flows taken and all, ends reached and all, the rest."""
    yield
    if path := os.environ.get("LIANBAN_WALK_TABLE"):
        lines = (
            f"{key},{len(one.taken)},{len(one.flows)},{len(one.reached)},{len(one.ends)},{'; '.join(one.missing.values())}"
            for key in FILES
            for one in [walk(key)]
        )
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("key", [key for key in FILES if WHOLE or key not in BEYOND])
def test_every_flow_is_taken_and_every_end_is_reached(key):
    walked = walk(key)
    assert walked.faults == {}, f"{walked}"
    assert walked.missing == {}, f"{walked}"


DEAD_END = (
    '<startEvent id="S"/><userTask id="A" name="甲"/><scriptTask id="B" scriptFormat="feel"><script>open = false</script></scriptTask>'
    '<exclusiveGateway id="G" default="f4_G_E"/><endEvent id="E"/><endEvent id="Never"/>'
    "\nS -> A\nA -> B\nB -> G\nG -> E\nG -> Never : open = true\n"
)


def test_what_cannot_be_reached_is_found_out(tmp_path, monkeypatch):
    file = tmp_path / "dead_end.bpmn"
    file.write_bytes(definitions(process(DEAD_END, "dead_end")))
    monkeypatch.setitem(FILES, "dead_end", file)
    assert walk("dead_end").missing == {"f5_G_Never": "G → Never", "Never": "end Never"}


def test_what_breaks_on_the_way_is_found_out_with_the_way_to_it(tmp_path, monkeypatch):
    body = DEAD_END.replace("open = false", 'open = 1 + "x" + nobody.knows(2)').replace(' default="f4_G_E"', "")
    file = tmp_path / "broken.bpmn"
    file.write_bytes(definitions(process(body.replace("G -> E\n", "G -> E : open = 2\n"), "broken")))
    monkeypatch.setitem(FILES, "broken", file)
    [(sentence, way)] = walk("broken").faults.items()
    assert sentence.startswith(("B:", "G:"))
    assert way == "start () → task A()"
