"""The forms of an item say what its register card says: every field once, with its label, unit and closed list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.processes.library import FILES, FORMS, ROOT, forms_of, schema
from tests.processes.test_files import answer, every_component

CARDS = {
    card["code"]: card
    for path in sorted((ROOT / "processes" / "items").glob("*.json"))
    if (card := json.loads(path.read_text("utf-8"))).get("process") in FILES
}
HEAD = {"uscc": "applicant_uscc", "contacts": "contact"}  # what a card calls otherwise, asked once at the head
DRAWN_BEFORE = {  # their forms are older than their cards
    "101-QT-001", "101-XK-002", "102-XK-002", "102-XK-003", "103-XK-001", "103-XK-002", "104-QT-005", "104-XK-001",
    "104-XK-002", "105-XK-001", "107-XK-001", "107-XK-005",
}  # fmt: skip
FOUND_OUT = {  # the applicant itself, computed from its number, handed in as a file, or said by the office
    ("103-XK-004", "monitoring_plan"), ("104-QT-004", "spot_check"), ("104-XK-003", "facility_test_report"),
    ("104-QT-007", "docs_check"), ("106-XK-001", "inspectors"), ("108-XK-003", "review_report"), ("115-GG-004", "age"), ("115-GG-004", "person"),
    ("115-GG-004", "photo"), ("118-QR-002", "a"), ("118-QR-002", "photo"),
}  # fmt: skip
NEW = sorted(CARDS.keys() - DRAWN_BEFORE)


def asked(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every field the forms of an item's own process ask, by key."""
    found: dict[str, dict[str, Any]] = {}
    for form in sorted(forms_of(card["process"]) & FORMS.keys(), key=lambda name: name.startswith("apply_")):
        found |= {one["key"]: one for one in every_component(schema(form)) if "key" in one}
    return found


@pytest.mark.parametrize("code", NEW)
def test_every_field_of_the_card_is_asked_with_its_label_unit_and_choices(code):
    card, found = CARDS[code], asked(CARDS[code])
    for field in card["fields"]:
        key = HEAD.get(field["key"], field["key"])
        if (code, field["key"]) in FOUND_OUT:
            continue
        ends = [name for name in (key, f"{key}_from", f"{key}_to") if name in found]
        assert ends, f"nobody asks {key}"
        if field["kind"] in ("CHOICE", "LIST") and field.get("choices"):
            assert [v["value"] for v in found[key]["values"]] == field["choices"]
        if field.get("unit"):
            assert found[key]["appearance"]["suffixAdorner"] == field["unit"]
        if key == field["key"] and key in found and field["kind"] != "PARTY":
            assert found[key]["label"] == field["label"] or key in ("site_address", "project_name")


@pytest.mark.parametrize("code", NEW)
def test_nothing_is_typed_twice_in_an_application(code):
    slug = code.replace("-", "_")
    keys = [one["key"] for one in every_component(schema(f"apply_{slug}")) if "key" in one]
    assert len(keys) == len(set(keys))
    assert not set(keys) & HEAD.keys(), "the head asks that already"


@pytest.mark.parametrize("code", NEW)
def test_the_checklist_is_the_menu_of_materials(code):
    slug = code.replace("-", "_")
    form = f"desk_{slug}" if f"desk_{slug}" in FORMS else f"accept_{slug}"
    listed = next(one for one in schema(form)["components"] if one.get("key") == "materials")["values"]
    names = [one["value"].rpartition("(")[0] for one in listed]
    assert names[: len(CARDS[code]["materials"])] == [one["name"] for one in CARDS[code]["materials"]]
    for one, material in zip(listed, CARDS[code]["materials"], strict=False):
        assert one["value"].endswith("(共)") == (material["source"] == "SHARED")
        assert material.get("condition", "") in one["label"]


def test_every_window_has_something_it_may_ask_the_applicant_for():
    lists = {
        form: next((one for one in every_component(schema(form)) if one.get("key") == "gaps"), None) for form in FORMS
    }
    asked = {form: [one["value"] for one in found["values"]] for form, found in lists.items() if found is not None}
    assert len(asked) > 80
    assert [form for form, values in asked.items() if all(one.endswith("(共)") for one in values)] == []


def test_a_person_gives_an_identity_number_and_a_unit_its_credit_code():
    form = "apply_109_XK_002"
    assert answer(form, applicant_kind="person") >= {"applicant_id_no"}
    assert answer(form, applicant_kind="unit") >= {"applicant_uscc", "contact"}
    assert "applicant_uscc" not in answer(form, applicant_kind="person")
    assert "applicant_id_no" in answer(form, applicant_kind="person", applicant_id_no="41010519500315002")
    assert "applicant_id_no" not in answer(form, applicant_kind="person", applicant_id_no="41010519500315002X")


def test_numbers_keep_the_bounds_of_the_law():
    assert "rate" in answer("apply_127_GG_001", rate=4.5)
    assert "rate" not in answer("apply_127_GG_001", rate=12)
    assert "rate" in answer("desk_113_QR_003", decision="grant", rate=1.5)
