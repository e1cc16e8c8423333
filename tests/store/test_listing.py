"""Every filter and every sort of every list is understood by both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from service.casework import SYSTEM, Office, complete_task, set_variables, start_case
from service.rules.refusals import Invalid
from service.store import listing
from service.store.listing import Kind, Listing, Sight
from service.store.listing import listing as mechanism
from service.store.listing.conditions import OPERATORS, Condition
from tests.web.rest import LINEAR, diagram

EVERYTHING = Sight(everything=True)
NARROW = Sight(everything=False, username="nobody", groups=frozenset({"g"}), department="104")
LISTS = {name: found for name in listing.__all__ if isinstance(found := getattr(listing, name), Listing)}
VALUES: dict[Kind, Any] = {
    Kind.TEXT: "x",
    Kind.TEXTS: ["x", "y"],
    Kind.FLAG: True,
    Kind.WHOLE: 5,
    Kind.DATE: date(2026, 3, 16),
    Kind.INSTANT: datetime(2026, 3, 16, tzinfo=UTC),
    Kind.ID: uuid4(),
    Kind.IDS: [uuid4(), uuid4()],
    Kind.CONDITIONS: tuple(Condition(name="a", operator=one, value="7", loose=True) for one in OPERATORS),
}


@pytest.fixture
def worked(any_office: Office) -> Iterator[Office]:
    """An office with a case that has been worked on."""
    from tests.conftest import deploy_bpmn

    deploy_bpmn(any_office, diagram(LINEAR).decode())
    case = start_case(any_office, SYSTEM, key="p", business_key="BJ-1", variables={"a": 7, "s": "七"})
    with any_office.reading() as records:
        (task,) = listing.TASKS.rows(records, EVERYTHING, {"process_instance_id": case.id})
    set_variables(any_office, SYSTEM, case.id, {"b": [1]})
    complete_task(any_office, SYSTEM, task.id)
    yield any_office


def test_an_endless_answer_is_refused(worked: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanism, "ROWS_AT_MOST", 1)
    with worked.reading() as records, pytest.raises(Invalid) as refused:
        listing.TASKS.rows(records, EVERYTHING, {})
    assert refused.value.code == "LIST_TOO_LONG"


def test_every_filter_and_sort_can_be_asked(worked: Office) -> None:
    with worked.reading() as records:
        for name, one in LISTS.items():
            for key, criterion in one.criteria.items():
                filters = {key: VALUES[criterion.kind]}
                for sight in (EVERYTHING, NARROW):
                    found = one.rows(records, sight, filters, size=3)
                    assert one.count(records, sight, filters) >= len(found), (name, key)
                assert one.count(records, EVERYTHING, {}, any_of=[filters]) >= 0
            for sort in one.sorts:
                for descending in (True, False):
                    rows = one.rows(records, EVERYTHING, {}, sorting=[(sort, descending)], first=0, size=5)
                    assert len(rows) <= 5, (name, sort)


def test_a_stranger_sees_no_row_of_any_case(worked: Office) -> None:
    open_to_all = {"DEFINITIONS", "DEPLOYMENTS", "RESOURCES", "CANDIDATES"}
    with worked.reading() as records:
        for name, one in LISTS.items():
            if name not in open_to_all:
                assert one.rows(records, NARROW, {}) == (), name
        assert listing.TASKS.count(records, EVERYTHING, {}) == 2


@pytest.mark.parametrize(
    ("operator", "value", "loose", "found"),
    [
        ("eq", 7, False, True),
        ("eq", "7", False, False),
        ("eq", "7", True, True),
        ("neq", 8, False, True),
        ("gt", 6.5, False, True),
        ("gt", 70, False, False),
        ("gteq", "7", True, True),
        ("lt", "10", True, True),
        ("lteq", 6, False, False),
    ],
)
def test_variables_are_compared_as_what_they_are(
    worked: Office, operator: str, value: Any, loose: bool, found: bool
) -> None:
    condition = Condition(name="a", operator=operator, value=value, loose=loose)
    with worked.reading() as records:
        assert listing.CASES.count(records, EVERYTHING, {"variables": (condition,)}) == int(found)


def test_chinese_text_is_found_by_pattern(worked: Office) -> None:
    with worked.reading() as records:
        for operator, value, number in (("like", "七%", 1), ("eq", "七", 1), ("notLike", "七%", 0), ("like", "八%", 0)):
            condition = Condition(name="s", operator=operator, value=value)
            assert listing.CASES.count(records, EVERYTHING, {"variables": (condition,)}) == number
