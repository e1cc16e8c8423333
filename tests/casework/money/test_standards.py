"""收费标准 as dated acts: proposed, approved by another person, never changed backwards, never without a law (YY-19, LW-08)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from service.casework.money.standards import (
    Proposal,
    decide_standard,
    propose_standard,
    read_catalogue,
    standard_list,
)
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid
from tests.casework.money.till import MANAGER, SECOND_TREASURER, TREASURER, begin, deploy_billed, person, the_bill
from tests.casework.test_races import at_once
from tests.conftest import Clock
from tests.rules.fee_cards import NORMATIVE, OCCUPATION

DEARER = {
    **OCCUPATION,
    "code": "RF-1",
    "name": "防空地下室易地建设费",
    "department": "105",
    "kind": "PER_UNIT",
    "params": {"unit_price": "1300.00", "unit": "㎡", "input": "shelter_area"},
    "effective_from": "2026-04-01",
}


def proposal(content: dict[str, Any] = DEARER, **more: Any) -> Proposal:
    values = {"items": ("105-XK-001",), "on_demand": True, "document": "云发改价费〔2026〕5号", "content": content}
    return Proposal(**(values | more))


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        ({"basis": NORMATIVE}, {}, "FEE_BASIS"),
        ({"params": {"unit_price": "1000-1300", "input": "a"}}, {}, "FEE_RANGE"),
        ({"params": {"min_price": "1", "max_price": "2", "input": "a"}}, {}, "FEE_RANGE"),
        ({"params": {"unit_price": "面议", "input": "a"}}, {}, "FEE_FREE_TEXT"),
        ({"params": {"unit_price": 1.5, "input": "a"}}, {}, "FEE_FREE_TEXT"),
        ({"department": "999"}, {}, "FEE_DEPARTMENT"),
        ({"effective_to": "2026-03-01"}, {}, "FEE_DATES"),
        ({"name": "费" * 121}, {}, "FEE_TEXT_LONG"),
        ({"amount": "1"}, {}, "FEE_PARAM_UNKNOWN"),
        ({}, {"items": ()}, "FEE_ITEM"),
        ({}, {"items": ("人防",)}, "FEE_ITEM"),
        ({}, {"document": " "}, "FEE_DOCUMENT"),
        ({}, {"refund": {"amount": 0, "unit": "CALENDAR", "basis": "x"}}, "FEE_REFUND_RULE"),
        ({}, {"refund": {"amount": "七", "unit": "CALENDAR", "basis": "x"}}, "FEE_REFUND_RULE"),
    ],
)
def test_what_may_not_be_charged_is_not_even_proposed(
    demo_office: Office, content: dict[str, Any], more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        propose_standard(demo_office, person(demo_office, MANAGER), proposal({**DEARER, **content}, **more))
    assert refused.value.code == code


def test_windows_and_programs_propose_nothing(demo_office: Office) -> None:
    for username in ("wangfang", "zhangwei", "engine", "cashier", "sunli"):
        with pytest.raises(Forbidden):
            propose_standard(demo_office, person(demo_office, username), proposal())


def test_nobody_approves_what_they_proposed(any_demo_office: Office, clock: Clock) -> None:
    office = any_demo_office
    row = propose_standard(office, person(office, TREASURER), proposal())
    for username in (TREASURER, MANAGER, "engine"):
        with pytest.raises(Forbidden):
            decide_standard(office, person(office, username), row.id, grant=True)
    with pytest.raises(Invalid):
        decide_standard(office, person(office, SECOND_TREASURER), row.id, grant=False)
    deploy_billed(office)
    clock.set("2026-04-01 09:00")
    assert f"{the_bill(office, begin(office)).total}" == "600000.00"  # proposed only
    clock.set("2026-03-31 09:00")
    decide_standard(office, person(office, SECOND_TREASURER), row.id, grant=True)
    assert f"{the_bill(office, begin(office)).total}" == "600000.00"
    clock.set("2026-04-01 00:00")
    assert f"{the_bill(office, begin(office)).total}" == "650000.00"
    ends = {
        one.row.effective_from: one.row.effective_to
        for one in standard_list(office, person(office, TREASURER))
        if one.row.code == "RF-1"
    }
    assert ends == {date(2026, 1, 1): date(2026, 3, 31), date(2026, 4, 1): None}


def test_two_versions_for_one_day_are_refused_also_at_once(any_demo_office: Office) -> None:
    office = any_demo_office
    rows = [
        propose_standard(
            office, person(office, MANAGER), proposal({**DEARER, "params": {**DEARER["params"], "unit_price": price}})
        )
        for price in ("1300.00", "1400.00")
    ]
    results = at_once(
        *(partial(decide_standard, office, person(office, TREASURER), row.id, grant=True) for row in rows)
    )
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "StandardRow"], results
    assert [one.code for one in results if isinstance(one, Conflict)] == ["FEE_OVERLAP"]


def test_a_change_does_not_reach_back(demo_office: Office) -> None:
    row = propose_standard(
        demo_office, person(demo_office, MANAGER), proposal({**DEARER, "effective_from": "2026-03-15"})
    )
    with pytest.raises(Conflict) as refused:
        decide_standard(demo_office, person(demo_office, TREASURER), row.id, grant=True)
    assert refused.value.code == "FEE_RETROACTIVE"


def test_a_fee_ends_by_the_same_act(demo_office: Office, clock: Clock) -> None:
    actor = person(demo_office, TREASURER)
    [old] = [one for one in standard_list(demo_office, actor) if one.row.code == "RF-1"]
    content = {**old.row.content, "effective_to": "2026-03-31"}
    row = propose_standard(demo_office, person(demo_office, MANAGER), proposal(content))
    decide_standard(demo_office, actor, row.id, grant=True)
    deploy_billed(demo_office)
    assert f"{the_bill(demo_office, begin(demo_office)).total}" == "600000.00"
    clock.set("2026-04-01 09:00")
    assert f"{the_bill(demo_office, begin(demo_office)).total}" == "0.00"


def test_the_demo_catalogue_is_lawful_and_its_local_samples_say_so(demo_office: Office) -> None:
    found = {one.row.code: one for one in standard_list(demo_office, person(demo_office, TREASURER))}
    assert set(found) == {"BDC-1", "BDC-2", "RF-1", "ZD-1", "ZD-2", "SB-1", "SL-1"}
    assert {code for code, one in found.items() if not one.row.sample} == {"BDC-1", "BDC-2"}
    assert all(one.says.approved_by == "caiwu" for one in found.values())


@pytest.mark.parametrize("data", [None, {}, [1], "x", [{"code": "X"}]])
def test_a_catalogue_that_is_none_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        read_catalogue(data)


def test_a_refused_version_charges_nothing(demo_office: Office) -> None:
    row = propose_standard(demo_office, person(demo_office, MANAGER), proposal())
    done = decide_standard(demo_office, person(demo_office, TREASURER), row.id, grant=False, answer="没有依据")
    assert (done.state, done.answer) == ("REFUSED", "没有依据")
    assert replace(done, state="PROPOSED", decided_by=None, decided_at=None, answer="") == row
