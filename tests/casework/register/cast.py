"""The people around the register, and item files as somebody might deploy them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.casework.actors import SYSTEM, Actor
from service.casework.office import Office
from service.casework.register import DeployedItems, deploy_items
from service.engine.facts import Resource
from service.store.ledger import LedgerLine

ITEMS = Path(__file__).parents[3] / "processes" / "items"
CODE = "104-XK-001"
OFFICER = Actor(username="tianyue", name="田悦", department="201", roles=frozenset({"business_office"}))
SECOND_OFFICER = Actor(username="fanlei", name="樊磊", department="201", roles=frozenset({"business_office"}))
LAWYER = Actor(username="gaolin", name="高琳", department="203", roles=frozenset({"legal_checker"}))
CHIEF = Actor(username="chengang", name="陈刚", department="104", roles=frozenset({"chief_rep"}))
OTHER_CHIEF = Actor(username="102-rep", name="彭建国", department="102", roles=frozenset({"chief_rep"}))
CLERK = Actor(username="wangfang", name="王芳", department="201", roles=frozenset({"counter_clerk"}))


def card_data(code: str = CODE, /, **changes: Any) -> dict[str, Any]:
    """A shipped card with changes."""
    found: dict[str, Any] = json.loads((ITEMS / f"{code}.json").read_text("utf-8"))
    return {**found, **changes}


def item_file(data: Mapping[str, Any]) -> Resource:
    """A card as a file."""
    return Resource(name=f"items/{data['code']}.json", content=json.dumps(data, ensure_ascii=False).encode())


def put_in(office: Office, *cards: Mapping[str, Any], **more: Any) -> DeployedItems:
    """Deploy cards by file."""
    return deploy_items(office, SYSTEM, [item_file(one) for one in cards or (card_data(),)], **more)


def ledger_of(office: Office, code: str) -> list[LedgerLine]:
    """What the ledger says of an item, first line first."""
    with office.reading() as records:
        return [line for line in reversed(records.ledger.lines()) if line.subject == code]
