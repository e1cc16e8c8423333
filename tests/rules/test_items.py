"""A card says everything a guide needs, nothing vague, and nothing the law does not allow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.rules.item_checks import check_card, check_change, remarks_of, vague_phrase
from service.rules.item_diff import differences, needs_legal_check
from service.rules.item_reading import read_card, read_leniently
from service.rules.items import ItemCard, card_data
from service.rules.refusals import Invalid
from service.rules.tacit import TacitLevel

ITEMS = Path(__file__).parents[2] / "processes" / "items"


def data(code: str = "104-XK-001", /, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ITEMS / f"{code}.json").read_text("utf-8"))
    return {**found, **changes}


def card(code: str = "104-XK-001", /, **changes: Any) -> ItemCard:
    return read_card(data(code, **changes))


def problems(code: str = "104-XK-001", /, **changes: Any) -> list[tuple[str, str]]:
    """Field and code of everything wrong."""
    read, found = read_leniently(data(code, **changes))
    return [(one.field, one.code) for one in found or check_card(read)]


# -- reading


@pytest.mark.parametrize("wrong", [None, [], "104-XK-001", 7, {"code": {}}, {"materials": "all"}, {"stages": [1, 2]}])
def test_anything_may_come_and_is_refused_by_field(wrong: object) -> None:
    _, found = read_leniently(wrong)
    assert found and all(one.field and one.code.startswith("ITEM_") for one in found)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"promised": "3"}, "promised", "ITEM_FIELD_INVALID"),
        ({"promised": True}, "promised", "ITEM_FIELD_INVALID"),
        ({"promised": -1}, "promised", "ITEM_FIELD_INVALID"),
        ({"kind": "FAST"}, "kind", "ITEM_FIELD_INVALID"),
        ({"name": "甲" * 101}, "name", "ITEM_TOO_LONG"),
        ({"short_name": "建筑工程施工许可证"}, "short_name", "ITEM_TOO_LONG"),
        ({"name": "施工\u202e许可"}, "name", "ITEM_FIELD_INVALID"),
        ({"name": "施工\x00许可"}, "name", "ITEM_FIELD_INVALID"),
        ({"code": "１04-XK-001"}, "code", "ITEM_FIELD_INVALID"),
        ({"stages": [1, 2, 2]}, "stages", "ITEM_FIELD_INVALID"),
        ({"survey": "yes"}, "survey", "ITEM_FIELD_INVALID"),
        ({"promise": 3}, "promise", "ITEM_FIELD_UNKNOWN"),
        ({"basis": [{"name": "《建筑法》"}]}, "basis[0].level", "ITEM_FIELD_MISSING"),
        ({"conditions": ["x"] * 61}, "conditions", "ITEM_FIELD_INVALID"),
        ({"devolved_on": "2026-02-30"}, "devolved_on", "ITEM_FIELD_INVALID"),
    ],
)
def test_a_wrong_field_is_told_by_its_path(changes: dict[str, Any], field: str, code: str) -> None:
    assert (field, code) in problems(**changes)


def test_every_wrong_field_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_card(data(name="", promised="x", kind="?"))
    assert {one.field for one in refused.value.fields} == {"name", "promised", "kind"}


def test_a_material_may_stand_in_the_list_once() -> None:
    twice = [*data()["materials"], data()["materials"][0]]
    assert (f"materials[{len(twice) - 1}].name", "ITEM_TWICE") in problems(materials=twice)


@pytest.mark.parametrize("path", sorted(ITEMS.glob("*.json")), ids=lambda path: path.stem)
def test_every_shipped_card_may_be_published_and_says_the_same_when_written_again(path: Path) -> None:
    read = read_card(json.loads(path.read_text("utf-8")))
    assert check_card(read) == ()
    assert read.code == path.stem
    assert read_card(card_data(read)) == read


def test_there_are_eighty_one_items_of_twenty_seven_departments_and_twenty_four_are_locked() -> None:
    cards = [read_card(json.loads(path.read_text("utf-8"))) for path in ITEMS.glob("*.json")]
    assert len(cards) == 81
    assert len({one.department for one in cards}) == 27
    assert sum(one.tacit is TacitLevel.NEVER for one in cards) == 24
    assert len({one.short_name for one in cards}) == 81


# -- closed lists (SM-03)


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("法律、法规规定的其他材料", "法律、法规规定的其他"),
        ("其它相关材料", "其它相关材料"),
        ("有关证明", "有关证明"),
        ("身份证、户口簿等材料", "等材料"),
        ("身份证、户口簿等", "等"),
        ("视情况提供的文件", "视情况"),
        ("审批机关认为必要的材料", "必要的材料"),
        ("施工图及其他", "及其他"),
    ],
)
def test_a_catch_all_material_is_refused_with_the_phrase(name: str, phrase: str) -> None:
    materials = data()["materials"]
    materials[2] = {**materials[2], "name": name}
    read, _ = read_leniently(data(materials=materials))
    [found] = [one for one in check_card(read) if one.code == "ITEM_WORDING"]
    assert found.field == "materials[2].name"
    assert phrase in found.sentence()


@pytest.mark.parametrize(
    "name", ["施工合同（复印件1份）", "特种设备等级证书", "其他建设工程消防验收备案表", "平等条款说明"]
)
def test_a_name_that_says_what_is_meant_is_accepted(name: str) -> None:
    assert vague_phrase(name) is None


def test_a_shared_material_needs_its_key_and_a_conditional_one_its_condition() -> None:
    materials = data()["materials"]
    materials[1] = {**materials[1], "shared_key": ""}
    materials[4] = {**materials[4], "need": "CONDITIONAL"}
    found = problems(materials=materials)
    assert ("materials[1].shared_key", "ITEM_SHARED_KEY") in found
    assert ("materials[4].condition", "ITEM_CONDITION") in found


# -- headings (DF-04, YY-01)


@pytest.mark.parametrize("heading", ["basis", "conditions", "materials", "complaints", "channels", "audience"])
def test_an_empty_heading_keeps_an_item_from_being_published(heading: str) -> None:
    assert (heading, "ITEM_HEADING_EMPTY") in problems(**{heading: []})


def test_an_approval_in_use_has_a_window() -> None:
    assert ("windows", "ITEM_WINDOW_MISSING") in problems(windows=[])
    assert problems(windows=[], status="SUSPENDED") == []
    assert problems("115-GG-004", windows=[], category="CONVENIENCE") == []


def test_no_fee_is_a_value_and_blank_is_not() -> None:
    assert ("fee_basis", "ITEM_HEADING_EMPTY") in problems("107-XK-005", fee_basis="")
    assert ("fee_statement", "ITEM_HEADING_EMPTY") in problems("107-XK-005", fee_statement="")
    assert problems("107-XK-005", fee_statement="不收费", fee_basis="《行政许可法》第五十八条") == []
    assert ("fee_statement", "ITEM_FEE_TWICE") in problems("107-XK-005", fees=["GG-1"])


def test_a_licence_rests_on_more_than_a_circular() -> None:
    assert ("basis", "ITEM_BASIS_LEVEL") in problems(basis=[{"name": "《市政府通知》", "level": "NORMATIVE"}])


# -- limits (D.2, D.3)


def test_a_promise_is_two_thirds_of_the_statute_or_has_a_reason() -> None:
    assert ("promised", "PROMISE_TOO_LONG") in problems("106-XK-001", promised=7, exceptions=[])
    assert problems("106-XK-001", promised=7, exceptions=[{"reason": "SURVEY"}]) == []


def test_more_than_three_working_days_need_a_reason() -> None:
    assert ("promised", "PROMISE_WITHOUT_REASON") in problems("107-XK-001", exceptions=[])


def test_no_reason_lets_a_promise_outlast_the_statute() -> None:
    found = problems("104-XK-001", promised=8, exceptions=[{"reason": "COMPLEX"}])
    assert ("promised", "ITEM_PROMISE_BEYOND_STATUTE") in found


def test_the_longest_statute_is_longer_than_the_usual_one() -> None:
    law = {"value": 20, "unit": "CALENDAR", "start": "ACCEPTANCE"}
    assert problems("103-XK-004", statutory={**law, "most": 45}) == []
    assert ("statutory.most", "ITEM_STATUTORY") in problems("103-XK-004", statutory={**law, "most": 20})
    nothing = {"value": 0, "unit": "NONE", "start": "ACCEPTANCE", "most": 20}
    assert ("statutory.most", "ITEM_STATUTORY") in problems("103-XK-004", statutory=nothing)


def test_the_stages_fit_into_the_promise() -> None:
    assert ("stages", "STAGE_PLAN_TOO_LONG") in problems(stages=[1, 3, 2, 1])
    assert ("stages", "ITEM_STAGES_EMPTY") in problems(stages=[0, 0, 0, 0])


def test_an_immediate_item_promises_nothing_longer_than_the_visit() -> None:
    assert ("promised", "ITEM_PROMISE_KIND") in problems("101-QT-001", promised=1)
    assert ("promised", "ITEM_PROMISE_KIND") in problems("101-QT-001", stages=[0, 1, 0, 0])
    assert ("promised", "ITEM_PROMISE_KIND") in problems("104-XK-001", promised=0)


def test_the_code_names_the_department_and_the_type() -> None:
    assert ("code", "ITEM_CODE") in problems(department="105")
    assert ("code", "ITEM_CODE") in problems(type="SERVICE")


def test_what_needs_no_survey_review_or_board_should_be_immediate() -> None:
    assert [one.code for one in remarks_of(card())] == ["ITEM_COULD_BE_IMMEDIATE"]
    assert remarks_of(card(survey=True)) == ()


# -- silence (D.7)


@pytest.mark.parametrize("level", ["NONE", "STAGE_SKIP", "DECISION"])
def test_a_locked_item_never_passes_by_silence(level: str) -> None:
    assert ("tacit", "ITEM_TACIT_LOCKED") in problems("104-XK-002", tacit=level, tacit_basis="《办法》")


def test_a_lock_cannot_be_taken_away_by_a_later_version() -> None:
    before = card("116-XK-001")
    after = card("116-XK-001", lock=None, lock_reason="", tacit="NONE")
    assert check_card(after) == ()
    assert [(one.field, one.code) for one in check_change(before, after)] == [("tacit", "ITEM_TACIT_LOCKED")]
    assert check_change(before, card("116-XK-001", lock="HEALTH"))
    assert check_change(before, before) == ()


def test_deciding_by_silence_needs_a_basis_and_a_decision_of_ones_own() -> None:
    assert ("tacit_basis", "ITEM_TACIT_BASIS") in problems("107-XK-005", tacit_basis="")
    assert ("tacit", "ITEM_TACIT_ELSEWHERE") in problems("107-XK-005", collective=True)
    assert ("lock", "ITEM_TACIT_GROUND") in problems("107-XK-005", tacit="NEVER")


# -- differences


def test_a_difference_names_the_field_and_the_entry() -> None:
    materials = [one for one in data()["materials"] if one["name"] != "中标通知书或施工合同"]
    found = differences(card(), card(promised=2, stages=[1, 1, 1, 1], materials=materials))
    assert [(one.field, one.entry) for one in found] == [
        ("materials", "中标通知书或施工合同"),
        ("promised", ""),
        ("stages", ""),
    ]
    assert found[0].after is None and (found[1].before, found[1].after) == (3, 2)


def test_the_law_is_looked_at_by_the_legal_checker_and_a_shorter_promise_is_not() -> None:
    assert not needs_legal_check(card(), card(promised=2, stages=[1, 1, 1, 1]))
    assert needs_legal_check(card(), card(tacit="NONE"))
    assert needs_legal_check(card(), card(fee_basis="《办法》"))
    assert needs_legal_check(None, card())
