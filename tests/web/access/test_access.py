"""Route × role × object: what every door answers to everybody, for what is theirs and what is not (DOMAIN B.2, bar 3 of security).

`table.csv` is the table. After a change of rights: `LIANBAN_ACCESS=write pytest tests/web/access` writes what is answered now,
new routes included; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.web.access import table
from tests.web.access.bodies import body
from tests.web.access.stage import Town
from tests.web.access.table import ROLES, Line
from tests.web.access.walking import Somebody, letter, nothing_kept

WRITE = os.environ.get("LIANBAN_ACCESS") == "write"
LINES = table.read()
LET_IN_NOWHERE = {  # addresses that let in no role of the table, and why; refused as they are, they prove what they can
    "a machine that signs what it sends": ("/callbacks/",),
    "who is signed in is asked for nothing more": ("/login", "/logout"),
    "503 where no worker runs": ("/readyz",),
    "asked on this machine or with a token of its own": ("/metrics",),
    "names a file that is not there": ("/static/dist/",),
    "no chain stands on this stage": ("/cases/{case}/chain", "/cases/{case}/lead/", "/cases/{case}/matrix"),
    "only after something the stage has not done": (
        "/account/security/session", "/api/v1/cases/{case}/extensions/{proceeding}", "/api/v1/tasks/{task}/delegate",
        "/api/v1/tasks/{task}/fetch-back", "/api/v1/tasks/{task}/recall", "/api/v1/tasks/{task}/transfer",
        "/items/{code}/withdraw", "/people/{person}/signature.png", "/studio/drafts/{process_draft}/import",
        "/tasks/{task}/beside", "/tasks/{task}/recall", "/api/v1/cases/{case}/queries", "/cases/{case}/documents",
    ),
    "what is sent names nothing there is": (
        "/admin/departments", "/admin/windows", "/api/v1/absences", "/api/v1/cases/{case}/notes", "/archive/terms/",
        "/bills/new", "/consultations/new",
    ),
}  # fmt: skip
CHANGED_BY = re.compile("[Aa]")


def routes(site: Flask) -> set[tuple[str, str]]:
    """Method and rule of every route there is."""
    return {
        (method, rule.rule)
        for rule in site.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def rule_of(site: Flask, line: Line, town: Town) -> str | None:
    """The rule an address of the table is answered by."""
    path = line.address.format_map(town.own)
    try:
        rule, _ = site.url_map.bind("localhost").match(path, method=line.method, return_rule=True)
    except HTTPException:
        return None
    return rule.rule


def test_every_route_stands_in_the_table_and_every_line_leads_somewhere(site: Flask, town: Town) -> None:
    met = {(line.method, rule_of(site, line, town)) for line in LINES}
    assert sorted(routes(site) - met) == []
    assert sorted(f"{line.method} {line.address}" for line in LINES if rule_of(site, line, town) is None) == []


def test_every_line_lets_somebody_in_or_has_a_reason_why_not() -> None:
    closed = [
        line.address
        for line in LINES
        if not any(CHANGED_BY.search(cell) for cell in line.cells.values()) and "b" not in "".join(line.cells.values())
    ]
    reasoned = tuple(prefix for those in LET_IN_NOWHERE.values() for prefix in those)
    assert sorted(one for one in closed if not one.startswith(reasoned)) == []


def test_every_page_that_changes_something_asks_for_the_token_of_its_form(site: Flask, town: Town) -> None:
    client = Somebody(site, "wangfang").client
    refused = {}
    with nothing_kept() as counted:
        for line in LINES:
            if line.method == "POST" and not line.address.startswith(("/api/", "/engine-rest/", "/callbacks/")):
                answer = client.post(line.address.format_map(town.own))
                if answer.status_code != 400:
                    refused[line.address] = answer.status_code
                answer.close()
    assert refused == {} and counted["commits"] == 0


@pytest.mark.parametrize("role", ROLES)
def test_every_door_answers_this_role_as_the_table_says(site: Flask, town: Town, role: str) -> None:
    somebody, wrong, found = Somebody(site, ROLES[role]), [], []
    with nothing_kept() as counted:
        for line in LINES:
            if line.address == "/logout":
                continue
            cell = ""
            for objects in (town.own, town.other) if line.objects else (town.own,):
                before = counted["commits"]
                path = line.address.format_map(objects)
                answer = somebody.ask(line.method, path, body(line.send, objects))
                cell += letter(answer, line.method, counted["commits"] - before)
                answer.close()
            found.append(replace(line, cells={**line.cells, role: cell}))
            if cell != line.cells[role]:
                wrong.append(f"{line.method} {line.address}: {cell}, the table says {line.cells[role]}")
    if WRITE:
        kept = {(one.method, one.address, one.send): one for one in table.read()}
        for one in found:
            key = (one.method, one.address, one.send)
            kept[key] = replace(kept[key], cells={**kept[key].cells, role: one.cells[role]})
        table.write(list(kept.values()))
        return
    assert wrong == []
