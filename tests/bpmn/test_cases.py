"""Every case of the suite: in memory, and with save and load after every engine step, with the same trace."""

from __future__ import annotations

import pytest

from service.engine import Resource, examine
from tests.bpmn.cases import ROOT, Case, all_cases
from tests.bpmn.player import InKernel, decisions_of, play

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_goes_as_the_standard_says(case: Case) -> None:
    if case.refused is not None:
        code, element = case.refused
        found = examine([Resource(name=case.diagram.name, content=case.diagram.read_bytes()), *decisions_of(case)])
        assert (code, element) in [(one.code, one.element if element else None) for one in found.errors]
        return
    kept, reloaded = InKernel(case, reload=False), InKernel(case, reload=True)
    play(case, kept)
    play(case, reloaded)
    assert kept.drive.trace == reloaded.drive.trace
    assert kept.drive.thrown == reloaded.drive.thrown
    assert kept.variables() == reloaded.variables()
    assert kept.drive.ended == reloaded.drive.ended


def test_every_diagram_has_cases_and_every_case_a_diagram() -> None:
    assert {path.stem for path in ROOT.glob("*/*.bpmn")} == {case.diagram.stem for case in CASES}
    assert len({case.id for case in CASES}) == len(CASES)
    assert all(len(case.steps) > 1 or case.refused for case in CASES)
