"""Mutated diagrams, tables, forms, packages and workbooks through the real doors."""

from __future__ import annotations

from tests.escapes.mutating import send_all
from tests.sampling import sample


def test_a_mutated_file_is_taken_or_refused_never_a_fault(sqlite_demo_template):
    count = sample(60, 100)
    sent = send_all(count, sqlite_demo_template, seed=20260316)
    for what, many in sorted(sent.answers.items()):
        print(f"{many:6} {what}")
    assert sent.faults == []
    assert sent.count == count
    kinds = {what.split()[0] for what in sent.answers}
    assert kinds == {"bpmn", "dmn", "form", "package", "items"}
    assert any(what.endswith(" 400") for what in sent.answers) and any(what.endswith(" 200") for what in sent.answers)
