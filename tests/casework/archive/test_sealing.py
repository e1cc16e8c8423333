"""An ended case becomes one sealed package, chained to the one before, whatever dies in between; what comes later a supplement."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from service.casework import attend_due, start_case, terminate_case
from service.casework.act_book import ACTS, CARRIERS
from service.casework.acts.outbox import put_out
from service.casework.archive.checking import verify_chain, verify_package
from service.casework.audit.sealing import seal_audit
from service.casework.carrying import carry_out
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.documents.sealed import NOTHING_BEFORE, link
from service.rules.vocabulary import JournalAction
from tests.casework.archive.files import content, deploy_item, ended, packages, work
from tests.casework.desk import ENGINE, LINEAR, agenda_of, deploy_text, hire, journal_of
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def nothing_to_deliver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTS, "delivery", lambda *_: None)


def test_a_running_case_and_a_case_of_no_item_are_not_filed(any_office: Office) -> None:
    deploy_item(any_office)
    deploy_text(any_office, LINEAR, key="p")
    running = start_case(any_office, ENGINE, key="item")
    other = start_case(any_office, ENGINE, key="p")
    terminate_case(any_office, ENGINE, other.id, "试办")
    work(any_office)
    assert packages(any_office, running.id) == packages(any_office, other.id) == ()


def test_an_ended_item_is_sealed_once_with_everything_of_it(any_office: Office, clock: Clock) -> None:
    deploy_item(any_office)
    case = ended(any_office)
    work(any_office)
    [package] = packages(any_office, case)
    assert (package.sequence, package.part, package.previous) == (1, 0, NOTHING_BEFORE)
    assert package.chain == link(NOTHING_BEFORE, 1, package.manifest, package.digest)
    held = content(any_office, package)
    assert {
        "index.html",
        "metadata.xml",
        "opinions.json",
        "tasks.json",
        "clocks.json",
        "data.json",
        "process/item-v1.bpmn",
        "manifest.json",
        "seal.json",
    } <= set(held)
    [journal] = [json.loads(held[name]) for name in held if name.startswith("journal/")]
    lines = journal_of(any_office, case)
    assert [line["action"] for line in journal["lines"]] == [line.action for line in lines[:-1]]
    assert lines[-1].action == JournalAction.ARCHIVE_SEALED and package.through == lines[-1].line
    opinions = json.loads(held["opinions.json"])
    assert opinions["answers"][0]["answers"] == {"opinion": "材料齐全"}
    with any_office.reading() as records:
        file = records.archives.file(case)
    assert file is not None
    assert (file.number, file.years, file.keep_until) == ("CN-ZWFW·2026·D30-00001", 30, date(2056, 12, 31))
    metadata = ElementTree.fromstring(held["metadata.xml"])
    space = {"a": "urn:lianban:archive:1"}
    assert metadata.findtext("a:案卷/a:档号", namespaces=space) == file.number
    assert metadata.findtext("a:案卷/a:办理结果", namespaces=space) == "准予"
    names = [one.text for one in metadata.iterfind("a:文件目录/a:文件/a:计算机文件名", space)]
    assert names == [name for name in held if name not in ("manifest.json", "seal.json")]
    index = held["index.html"].decode()
    assert "云溪大厦" in index and "受理" in index and "<script" not in index
    assert verify_package(BytesIO(any_office.blobs.read(package.digest))).sound
    work(any_office)
    assert len(packages(any_office, case)) == 1


def test_what_people_wrote_cannot_break_out_of_the_index_or_the_metadata(any_office: Office) -> None:
    deploy_item(any_office)
    evil = "<script>alert(1)</script>]]>&\u0001\ufffe"
    case = start_case(any_office, ENGINE, key="item", business_key=evil, variables={"project_name": evil})
    terminate_case(any_office, ENGINE, case.id, evil)
    work(any_office)
    [package] = packages(any_office, case.id)
    held = content(any_office, package)
    assert b"<script" not in held["index.html"]
    root = ElementTree.fromstring(held["metadata.xml"])
    assert "<script>" in (root.findtext("a:案卷/a:办件编号", namespaces={"a": "urn:lianban:archive:1"}) or "")


def test_a_case_waits_for_what_is_under_way_and_not_for_what_has_failed(any_office: Office, clock: Clock) -> None:
    deploy_item(any_office)
    case = ended(any_office)
    with any_office.transaction() as records:
        late = put_out(records, carrier="nobody", ref=case, case_id=case, due=records.now + timedelta(hours=2))
    work(any_office)
    assert packages(any_office, case) == ()
    clock.advance(hours=2, seconds=2)
    work(any_office)  # it cannot be carried: an incident, and parked
    clock.advance(hours=3)
    work(any_office)
    [package] = packages(any_office, case)
    assert "incident:opened" in {line.action for line in journal_of(any_office, case)[: package.through]}
    assert [row.id for row in agenda_of(any_office, case)] == [late]


def test_what_is_added_later_goes_into_a_supplement_that_names_the_package(any_office: Office, clock: Clock) -> None:
    deploy_item(any_office)
    case = ended(any_office)
    work(any_office)
    clock.set("2026-03-17T02:29:00")
    add_line(any_office, case)
    from service.casework import arm_jobs

    arm_jobs(any_office)
    clock.set("2026-03-17T02:30:00")
    work(any_office)
    first, second = packages(any_office, case)
    assert (second.part, second.sequence, second.previous) == (1, 2, first.chain)
    held = content(any_office, second)
    manifest = json.loads(held["manifest.json"])
    assert manifest["earlier"] == [first.manifest] and manifest["number"] == "CN-ZWFW·2026·D30-00001"
    assert "process/item-v1.bpmn" not in held, "the first package holds it"
    [journal] = [json.loads(held[name])["lines"] for name in held if name.startswith("journal/")]
    assert [line["action"] for line in journal] == ["archive:sealed", "task:commented"]
    clock.set("2026-03-18T02:30:00")
    work(any_office)
    assert len(packages(any_office, case)) == 2, "nothing new, no package"


def test_the_same_errand_makes_the_same_bytes(any_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy_item(any_office)
    case = ended(any_office)
    while attend_due(any_office):
        pass
    [row] = [one for one in agenda_of(any_office, case) if one.kind == "outbox"]
    carrier = CARRIERS["archive"]
    made = []
    for _ in range(2):
        with any_office.transaction() as records:
            errand = carrier.take(any_office, records, row)
        made.append(carrier.carry(any_office, row, errand).digest)
    assert made[0] == made[1]


@pytest.mark.parametrize("seed", range(4))
def test_twenty_deaths_between_the_steps_leave_one_package_a_case_and_an_unbroken_chain(
    any_office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    deploy_item(any_office)
    cases = [ended(any_office, f"SJ20260316104{n:04d}") for n in range(1, 6)]
    while attend_due(any_office):
        pass
    chance, deaths = random.Random(seed), 20
    carrier = CARRIERS["archive"]
    steps = {name: getattr(carrier, name) for name in ("take", "carry", "keep")}

    def dying(step: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: Any) -> Any:
            nonlocal deaths
            before, dies = chance.random() < 0.5, deaths > 0 and chance.random() < 0.6
            if dies and before:
                deaths -= 1
                raise KeyboardInterrupt
            result = step(*arguments)
            if dies:
                deaths -= 1
                raise KeyboardInterrupt
            return result

        return act

    with monkeypatch.context() as mortal:
        for name, step in steps.items():
            mortal.setattr(carrier, name, dying(step))
        for _ in range(200):
            rows = [one for case in cases for one in agenda_of(any_office, case) if one.kind == "outbox"]
            if not rows:
                break
            try:
                carry_out(any_office, chance.choice(rows))
            except KeyboardInterrupt:
                continue
    assert deaths == 0, "every death was died"
    found = [packages(any_office, case) for case in cases]
    assert [len(one) for one in found] == [1] * 5
    assert sorted(one[0].sequence for one in found) == [1, 2, 3, 4, 5]
    report = verify_chain(any_office)
    assert (report.links, report.packages, report.broken) == (5, 5, ())


def test_a_case_that_moves_while_it_is_packed_gets_the_rest_in_a_supplement(
    any_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy_item(any_office)
    case = ended(any_office)
    while attend_due(any_office):
        pass
    carrier = CARRIERS["archive"]
    carry = carrier.carry

    def interrupted(*arguments: Any) -> Any:
        monkeypatch.setattr(carrier, "carry", carry)
        add_line(any_office, case)
        return carry(*arguments)

    monkeypatch.setattr(carrier, "carry", interrupted)
    work(any_office)
    first, second = packages(any_office, case)
    lines = journal_of(any_office, case)
    assert [line.action for line in lines[first.through :]] == ["task:commented", "archive:sealed", "archive:sealed"]
    assert second.through == lines[-1].line


def test_no_statement_changes_what_was_written(any_office: Office) -> None:
    hire(any_office)
    deploy_item(any_office)
    case = ended(any_office)
    work(any_office)
    from service.casework.archive.keeping import lay_paper

    lay_paper(any_office, ENGINE, case, "2026-104-07", "12")
    seal_audit(any_office)
    engine = create_engine(any_office.database.url)
    statements = [
        statement
        for table in (
            "journal",
            "ledger",
            "archive_file",
            "archive_package",
            "archive_place",
            "audit_block",
            "audit_piece",
        )
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {COLUMNS[table]} = {COLUMNS[table]}")
    ]
    if engine.dialect.name == "postgresql":
        statements.append("TRUNCATE archive_package, archive_place")
    for statement in statements:
        with engine.connect() as connection, pytest.raises(DBAPIError, match="written once"):
            connection.execute(text(statement))
    engine.dispose()


COLUMNS = {
    "journal": "action",
    "ledger": "action",
    "archive_file": "title",
    "archive_package": "digest",
    "archive_place": "box",
    "audit_block": "chain",
    "audit_piece": "entries",
}


def add_line(office: Office, case_id: UUID) -> None:
    """Something that is noted after the end."""
    with office.transaction() as records:
        row = records.cases.lock(case_id)
        assert row is not None
        file = CaseFile(row)
        write(records, file, JournalAction.TASK_COMMENTED, ENGINE, detail={"text": "补充说明"})
        put_back(records, file)
