"""Whatever is done to the audit trail behind the service's back is found, and where (等保 C2; S-17)."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update

from service.casework.actors import Actor
from service.casework.audit.anchoring import note_anchor, read_anchors
from service.casework.audit.exporting import export_audit, export_for
from service.casework.audit.sealing import seal_audit
from service.casework.audit.verifying import Anchor, verify_audit
from service.casework.office import Office
from service.rules.refusals import Forbidden, Invalid
from service.rules.vocabulary import LedgerAction
from service.store.schema import ledger
from tests.casework.archive.files import ended
from tests.casework.audit.sealed_city import KEY, fill, owner
from tests.casework.audit.tampering import Told, Trail, ways
from tests.casework.desk import ENGINE
from tests.sampling import sample

AUDITOR = Actor(username="linlan", name="林岚", roles=frozenset({"audit_admin"}))


def check(office: Office, anchors: tuple[Anchor, ...], told: Told) -> list[str]:
    """What verifying says wrongly about this; nothing: it found what there is and where."""
    report = verify_audit(office, anchors=anchors)
    lines = frozenset((one.trouble.stream, one.trouble.number) for one in report.wrong if one.trouble)
    blocks = frozenset(one.block for one in report.wrong if one.trouble is None and one.block is not None)
    faults = [] if report.wrong else ["nothing was found"]
    if told.lines and lines != told.lines:
        faults.append(f"lines {sorted(lines ^ told.lines)[:4]}")
    if not told.blocks <= blocks:
        faults.append(f"blocks {sorted(told.blocks - blocks)}")
    return faults


def test_a_night_stops_after_so_many_lines_and_the_next_one_goes_on(any_office: Office) -> None:
    fill(any_office)
    whole = verify_audit(any_office)
    assert whole.read == whole.blocks > 2
    first = verify_audit(any_office, most_lines=1)
    assert first.read == 1 and first.lines >= 1
    second = verify_audit(any_office, after=first.last, most_lines=first.lines + 1)
    assert second.last > first.last


def test_every_kind_of_forgery_is_found_and_located(any_office: Office) -> None:
    anchors = fill(any_office)
    assert verify_audit(any_office, anchors=anchors).wrong == []
    kinds = ways()
    assert len(kinds) >= 100
    random = Random(20260316)
    names = random.sample(sorted(kinds), len(kinds))
    with owner(any_office) as connection:
        trail = Trail(connection, random)
        for number in range(sample(45, share=100)):
            name = names[number % len(names)]
            assert check(any_office, anchors, kinds[name](trail)) == [], name
            trail.put_back()
        assert verify_audit(any_office, anchors=anchors).wrong == []


def test_only_what_is_new_is_sealed_and_the_rest_is_counted(any_office: Office) -> None:
    fill(any_office, blocks=2)
    assert seal_audit(any_office) == 0
    ended(any_office, "SJ202603161040900")
    report = verify_audit(any_office)
    assert (report.blocks, report.read, report.keyed, report.wrong) == (2, 2, 2, [])
    assert report.unsealed > 5
    assert seal_audit(any_office) == report.unsealed
    assert verify_audit(any_office).unsealed == 0


def test_days_and_turns_choose_the_blocks_that_are_read(any_office: Office) -> None:
    fill(any_office, blocks=3)
    assert verify_audit(any_office, until=date(2026, 3, 15)).read == 0
    assert verify_audit(any_office, since=date(2026, 3, 16), until=date(2026, 3, 16)).read == 3
    first = verify_audit(any_office, most=2)
    assert (first.read, first.last) == (2, 2)
    again = verify_audit(any_office, after=first.last, most=2)
    assert (again.read, again.last) == (2, 1), "round the chain"


def test_the_key_is_asked_for_when_there_is_one(any_office: Office) -> None:
    fill(any_office, blocks=1)
    any_office.environment = {"LIANBAN_AUDIT_KEY": KEY + "!"}
    [wrong] = verify_audit(any_office).wrong
    assert wrong.text == "审计链第 1 段的封签不符"
    any_office.environment = {"LIANBAN_AUDIT_KEY": "short"}
    with pytest.raises(Invalid, match="LIANBAN_AUDIT_KEY"):
        verify_audit(any_office)


def test_anchors_are_kept_outside_and_read_again(any_office: Office, tmp_path: Path) -> None:
    assert note_anchor(any_office) is None
    [anchor] = fill(any_office, blocks=1)
    file = tmp_path / "anchors"
    any_office.environment = {"LIANBAN_AUDIT_ANCHORS": str(file)}
    assert note_anchor(any_office) == anchor
    assert read_anchors(file) == (anchor,)
    file.write_text("2026-03-16 one two\n")
    with pytest.raises(Invalid, match="第 1 行"):
        read_anchors(file)


def test_an_export_proves_itself_with_nothing_but_python(any_office: Office, tmp_path: Path) -> None:
    fill(any_office, blocks=2)
    target = BytesIO()
    lines = export_audit(any_office, target)
    whole, verifier = tmp_path / "whole.zip", tmp_path / "verify.py"
    whole.write_bytes(target.getvalue())
    with zipfile.ZipFile(whole) as export:
        verifier.write_bytes(export.read("verify.py"))
        told = export.read("lines.jsonl")
    assert told.count(b"\n") == lines

    def verified(path: Path, *more: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", str(verifier), str(path), *more], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.strip() or done.stderr.strip()

    key = tmp_path / "key"
    key.write_text(KEY)
    assert verified(whole, "--key-file", str(key)) == (0, "whole")
    key.write_text(KEY + "?")
    assert verified(whole, "--key-file", str(key))[0] == 1
    touched = tmp_path / "touched.zip"
    with zipfile.ZipFile(whole) as export, zipfile.ZipFile(touched, "w") as out:
        for name in export.namelist():
            out.writestr(name, export.read(name).replace(b"guotao", b"nobody", 1))
    code, said = verified(touched)
    assert code == 1
    assert said.count("\n") == 0 and said.endswith("changed")
    touched.write_bytes(b"no archive")
    assert verified(touched)[0] == 2


def test_who_exports_says_what_for(any_office: Office) -> None:
    fill(any_office, blocks=1)
    with pytest.raises(Forbidden):
        export_for(any_office, ENGINE, BytesIO(), reason="年度审计", since=None, until=None)
    with pytest.raises(Invalid):
        export_for(any_office, AUDITOR, BytesIO(), reason=" ", since=None, until=None)
    lines = export_for(any_office, AUDITOR, BytesIO(), reason="年度审计", since=None, until=None)
    with any_office.reading() as records:
        [line] = records.ledger.lines(LedgerAction.AUDIT_EXPORTED)
    assert (line.actor, line.detail["reason"], line.detail["lines"]) == (AUDITOR.username, "年度审计", lines)


def test_a_forged_line_stays_found_when_the_next_block_is_sealed(any_office: Office) -> None:
    fill(any_office, blocks=1)
    with owner(any_office) as connection:
        connection.execute(update(ledger).where(ledger.c.id == 1).values(actor="somebody"))
    ended(any_office, "SJ202603161040901")
    seal_audit(any_office)
    [wrong] = verify_audit(any_office).wrong
    assert wrong.text == "台账第 1 行被改动"
