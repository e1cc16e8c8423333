"""The press may be killed between any two steps: one paper, one hash, no number skipped or doubled."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from service.casework import attend_due
from service.casework.act_book import CARRIERS
from service.casework.carrying import carry_due
from service.casework.office import Office
from service.casework.papers.issuing import PRINT
from service.casework.papers.printing import Press
from service.casework.papers.reading import pdf_of
from service.rules.hashes import sm3
from tests.casework.papers.city import ACCEPT, do, opened, papers, received, work
from tests.conftest import Clock


class Killed(Exception):
    """The node dies here."""


def dying(step: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The step, once, with the node's death before or after it."""
    left = [1]

    def stepped(*args: Any, **named: Any) -> Any:
        if left and not after:
            left.pop()
            raise Killed
        found = step(*args, **named)
        if left:
            left.pop()
            raise Killed
        return found

    return stepped


@pytest.mark.parametrize("step", ["take", "carry", "keep"])
@pytest.mark.parametrize("after", [False, True])
def test_a_killed_press_prints_the_same_paper_again_and_keeps_it_once(
    any_demo_office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    office = opened(any_demo_office)
    case_id = received(office)
    press = Press()
    monkeypatch.setattr(press, step, dying(getattr(press, step), after=after))
    monkeypatch.setitem(CARRIERS, PRINT, press)
    do(office, case_id, "Task_Accept", "wangfang", **ACCEPT)
    for _ in range(4):
        clock.advance(minutes=10)
        while attend_due(office) or carry_due(office):
            pass
    row = papers(office, case_id)["W02"]
    with office.reading() as records:
        prints = records.documents.prints(row.id)
        [series] = [one for one in records.documents.series(2026) if one.name.endswith("受/2026")]
    assert row.hash == sm3(pdf_of(office, row.id)) and [one.hash for one in prints] == [row.hash]
    assert (series.last, series.used) == (1, frozenset({1}))


def test_a_document_can_be_read_before_it_is_printed(demo_office: Office) -> None:
    office = opened(demo_office)
    case_id = received(office)
    do_only(office, case_id)
    row = papers(office, case_id)["W02"]
    assert row.hash is None
    early = pdf_of(office, row.id)
    work(office)
    printed = pdf_of(office, row.id)
    assert papers(office, case_id)["W02"].hash == sm3(printed)
    words, code = re.subn(r"查询码[0-9A-Z]{6}", "", words_of(printed))
    assert (words, code) == (words_of(early), 1)  # whom it is for is told the code by the printed one only


def words_of(pdf: bytes) -> str:
    """What is written on the pages."""
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def do_only(office: Office, case_id: Any) -> None:
    """Accepted and attended to, but nothing carried out yet."""
    from service.casework import complete_task
    from tests.casework.desk import open_tasks
    from tests.casework.papers.city import who

    complete_task(office, who(office, "wangfang"), open_tasks(office, case_id)["Task_Accept"].id, answers=ACCEPT)
    while attend_due(office):
        pass
