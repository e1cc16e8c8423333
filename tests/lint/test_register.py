"""A diagram and the card of its item say the same: what hurts the law is refused, every other difference is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from service.casework.register import read_item_files
from service.engine import Register, Resource, Severity, examine
from service.rules.item_circles import circles, preconditions
from service.rules.item_words import ItemLimitUnit, MaterialNeed
from service.rules.items import ItemCard, StatutoryLimit
from service.rules.promises import StartRule
from service.rules.tacit import TacitLevel
from tests.lint.shipped import shipped_register
from tests.processes.library import FILES, FORMS, ROOT

CARDS = shipped_register().items


def said(key: str, card: ItemCard, *, standards: frozenset[str] | None = None, others: tuple[ItemCard, ...] = (),
         **changed: str) -> dict[str, Severity]:  # fmt: skip
    """What is said about a shipped item against a card; `changed`: texts of the file put in the place of others."""
    content = FILES[key].read_text("utf-8")
    for old, new in changed.items():
        was = f'zw:{old}="' + content.split(f'zw:{old}="')[1].split('"')[0] + '"'
        content = content.replace(was, f'zw:{old}="{new}"' if new else "", 1)
    files = [Resource(name="p.bpmn", content=content.encode())]
    named = [path for form, path in FORMS.items() if f'formKey="{form}"' in content]
    files += [Resource(name=path.name, content=path.read_bytes()) for path in named]
    items = {one.code: one for one in (card, *others)}
    examination = examine(files, check_calls=False, register=Register(items=items, standards=standards))
    assert all(one.text and one.english and one.remedy for one in examination.findings)
    return {f"{one.code}:{one.element}": one.severity for one in examination.findings}


def card(code: str, **changes: Any) -> ItemCard:
    return replace(CARDS[code], **changes)


def test_another_promise_is_told_and_one_beyond_the_statute_refused():
    key = "item_105_XK_001"
    assert said(key, card("105-XK-001", promised=6)) == {f"BV-34:{key}": Severity.WARNING}
    short = StatutoryLimit(value=5, unit=ItemLimitUnit.WORKDAY)
    assert said(key, card("105-XK-001", promised=5, statutory=short))[f"BV-35:{key}"] is Severity.ERROR


@pytest.mark.parametrize(
    ("law", "severity"),
    [
        (StatutoryLimit(value=15, unit=ItemLimitUnit.WORKDAY), Severity.ERROR),
        (StatutoryLimit(value=30, unit=ItemLimitUnit.WORKDAY), Severity.WARNING),
        (StatutoryLimit(value=30, unit=ItemLimitUnit.CALENDAR), Severity.ERROR),
        (StatutoryLimit(value=0, unit=ItemLimitUnit.NONE), Severity.WARNING),
        (StatutoryLimit(value=20, unit=ItemLimitUnit.WORKDAY, start=StartRule.RECEIPT), Severity.ERROR),
        (StatutoryLimit(value=20, unit=ItemLimitUnit.WORKDAY, start=StartRule.MATERIALS_COMPLETE), Severity.WARNING),
    ],
)
def test_a_statutory_limit_may_differ_only_to_the_applicants_advantage(law, severity):
    code = "BV-35" if severity is Severity.ERROR else "BV-34"
    assert said("item_105_XK_001", card("105-XK-001", statutory=law)) == {f"{code}:item_105_XK_001": severity}


def test_a_step_gives_a_case_no_longer_a_statute_than_the_card_says():
    key, law = "item_103_XK_004", CARDS["103-XK-004"].statutory
    assert said(key, card("103-XK-004")) == {}
    refused = {"BV-35:Script_Survey": Severity.ERROR}
    assert said(key, card("103-XK-004", statutory=replace(law, most=40))) == refused
    both = refused | {"BV-35:Notice_Expert_Ordered": Severity.ERROR}
    assert said(key, card("103-XK-004", statutory=replace(law, most=None))) == both


def test_a_diagram_that_forgets_the_statute_is_refused():
    found = said("item_105_XK_001", card("105-XK-001"), statutory="")
    assert found["BV-35:item_105_XK_001"] is Severity.ERROR


def test_half_days_that_differ_from_the_plan_are_told_stage_by_stage():
    key = "item_105_XK_001"
    assert said(key, card("105-XK-001", stages=(1, 8, 3, 2))) == {f"BV-34:{key}": Severity.WARNING}
    assert said(key, card("105-XK-001", stages=(1, 9, 2, 2))) == {}


def test_opinions_are_part_of_the_time_of_the_review():
    key = "item_102_XK_003_chain"
    assert said(key, card("102-XK-003")) == {}
    assert said(key, card("102-XK-003", stages=(1, 6, 4, 2))) == {f"BV-34:{key}": Severity.WARNING}


def test_silence_never_goes_further_than_the_card():
    key = "item_107_XK_005"
    assert said(key, card("107-XK-005", tacit=TacitLevel.STAGE_SKIP)) == {
        f"BV-16:{key}": Severity.ERROR, "BV-16:Task_Approve": Severity.ERROR,
    }  # fmt: skip
    assert said("item_104_XK_001", card("104-XK-001", tacit=TacitLevel.NEVER))["BV-16:Task_Review"] is Severity.ERROR
    assert said("item_104_XK_001", card("104-XK-001", tacit=TacitLevel.DECISION)) == {
        "BV-34:item_104_XK_001": Severity.WARNING
    }
    assert said("item_104_XK_001", card("104-XK-001", tacit=TacitLevel.NONE), tacit="statutory")[
        "BV-16:item_104_XK_001"
    ] is Severity.ERROR  # fmt: skip


def test_who_owes_a_fee_pays_before_the_certificate_and_nobody_else_pays():
    key = "item_105_XK_001"
    assert said(key, card("105-XK-001", fees=(), fee_statement="不收费", fee_basis="《行政许可法》第五十八条")) == {
        "BV-24:Call_Fee": Severity.ERROR
    }
    assert said("item_107_XK_001", card("107-XK-001", fees=("LH-1",))) == {"BV-24:item_107_XK_001": Severity.ERROR}


def test_a_fee_needs_an_approved_standard_once_standards_have_been_entered():
    key = "item_105_XK_001"
    assert said(key, card("105-XK-001"), standards=frozenset({"BDC-1"})) == {f"BV-24:{key}": Severity.ERROR}
    assert said(key, card("105-XK-001"), standards=frozenset({"RF-1"})) == {}
    assert said(key, card("105-XK-001"), standards=frozenset()) == {}


def test_items_that_wait_for_each_other_are_refused():
    permit, survey = card("102-XK-003"), card("102-QR-004")
    back = replace(permit.materials[0], name=f"{survey.result.name}（原件）", need=MaterialNeed.MANDATORY)
    permit = replace(permit, materials=(*permit.materials, back))
    found = said("item_102_XK_003_chain", permit, others=(survey,))
    assert found == {"BV-21:item_102_XK_003_chain": Severity.ERROR}
    assert circles([permit, survey]) == (("102-QR-004", "102-XK-003"),)
    renewal = replace(back, need=MaterialNeed.CONDITIONAL, condition="申请延续的")
    assert circles([replace(permit, materials=(*permit.materials[:-1], renewal)), survey]) == ()


def test_the_shipped_register_has_preconditions_and_no_circle():
    assert circles(CARDS.values()) == ()
    asked = preconditions(CARDS.values())
    assert asked["104-XK-001"] == {"102-XK-003", "104-QT-005"}
    assert "102-XK-002" in asked["102-XK-003"]


def test_an_item_without_a_card_and_a_plain_diagram_are_left_alone():
    assert said("item_105_XK_001", card("104-XK-001")) == {}
    plain = Resource(name="p.bpmn", content=FILES["linear"].read_bytes())
    assert [one.code for one in examine([plain], register=Register(items=CARDS)).findings if one.code[:2] == "BV"] == []


def test_a_card_in_a_circle_is_refused_with_its_field():
    one, other = (
        json.loads((ROOT / f"processes/items/{code}.json").read_text("utf-8")) for code in ("102-XK-003", "102-QR-004")
    )
    one["materials"].append({**one["materials"][0], "name": other["result"]["name"]})
    files = [Resource(name=f"{data['code']}.json", content=json.dumps(data).encode()) for data in (one, other)]
    found = [(finding.file, finding.problem.field, finding.problem.code) for finding in read_item_files(files)[1]]
    assert found == [("102-QR-004.json", "materials", "ITEM_CIRCLE"), ("102-XK-003.json", "materials", "ITEM_CIRCLE")]
