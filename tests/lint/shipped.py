"""The shipped item cards and fee standards as the linter is given them."""

from __future__ import annotations

import json
from functools import cache

from service.casework.register import read_item_files
from service.engine import Register, Resource
from tests.processes.library import ROOT


@cache
def shipped_register() -> Register:
    """Every card of processes/items, and the standards of the demo city."""
    paths = sorted((ROOT / "processes/items").glob("*.json"))
    cards, problems = read_item_files([Resource(name=path.name, content=path.read_bytes()) for path in paths])
    assert problems == ()
    standards = json.loads((ROOT / "service/casework/demo_city/fees.json").read_text("utf-8"))
    return Register(items=cards, standards=frozenset(one["code"] for one in standards))
