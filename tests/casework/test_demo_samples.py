"""Sample applications: one for every process that can be started, accepted by its own form, and worth reading."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from service.casework import sample_application, start_case
from service.casework.demo_samples import _samples, filled
from service.casework.starting import start_form
from service.casework.workbench import feel
from service.rules.forms import judge
from service.rules.pattern_samples import sample_of
from service.rules.refusals import Missing
from tests.casework.desk import CLERK
from tests.casework.papers.city import BUILDING, opened, who
from tests.processes.library import FILES, FORMS, ROOT, schema
from tests.processes.walking.programs import starts_of

TODAY = date(2026, 3, 16)
DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
STARTABLE = {key: form for key in FILES for start, form in starts_of(key) if start is None and form is not None}


def test_samples_are_for_demonstrations_only(office):
    with pytest.raises(Missing):
        sample_application(office, CLERK, "linear")


@pytest.mark.parametrize("key", STARTABLE)
def test_every_form_that_starts_something_accepts_its_samples(key):
    for nth in range(3):
        entries = filled(schema(STARTABLE[key]), TODAY, key=key, nth=nth)
        judged = judge(schema(STARTABLE[key]), entries, data={}, evaluate=feel)
        assert judged.problems == ()


def test_every_item_and_chain_of_the_catalogue_is_drawn_and_starts_with_a_form_that_has_a_sample():
    cards = [json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "processes" / "items").glob("*.json"))]
    chains = [
        *(key for key in FILES if key.startswith("chain_")),
        "support_HY",
        "support_DB_20",
        "item_104_QT_005_joint",  # ST-7
        "item_117_XK_002",  # TS-1
    ]
    assert len(cards) == 81 and len(chains) == 11 and set(chains) <= set(FILES)
    undrawn = [card["code"] for card in cards if card.get("process") not in FILES]
    assert undrawn == []
    alone = {card["process"] for card in cards} | {
        "chain_GY_25",
        "chain_JS_35",
        "chain_QY_1",
        "chain_YS_10",
        "support_DB_20",
    }
    assert alone - set(STARTABLE) == set()


def test_every_other_form_is_filled_in_so_that_it_is_accepted():
    wrong = {}
    for form in FORMS:
        judged = judge(schema(form), filled(schema(form), TODAY), data={}, evaluate=feel)
        if judged.problems:
            wrong[form] = [problem.sentence() for problem in judged.problems]
    assert wrong == {}


def test_the_same_sample_is_the_same_and_the_next_is_of_somebody_else():
    form = schema(STARTABLE[BUILDING])
    first, again, other = (filled(form, TODAY, key=BUILDING, nth=nth) for nth in (0, 0, 1))
    assert first == again
    assert {name for name in first if first[name] != other[name]} >= {"applicant", "applicant_uscc", "project_code"}


def test_credit_codes_and_identity_numbers_have_the_right_check_digit():
    codes = re.findall(r"\b[0-9A-Z]{18}\b", str(_samples()))
    identities = [code for code in codes if code.startswith("990103")]
    assert len(identities) >= 8 and len(codes) > len(identities)
    for code in set(codes) - set(identities):
        total = sum(DIGITS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
        assert code[17] == DIGITS[(31 - total % 31) % 31], code
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for code in identities:
        assert code[17] == "10X98765432"[sum(int(c) * w for c, w in zip(code, weights, strict=False)) % 11], code


@pytest.mark.parametrize(
    "pattern", [r"^[0-9]{4}-(AB|CD)\d+$", r"^1[0-9]{10}$", r"^[一-龥]{1}[A-Z][A-Z0-9]{5}$", r"^\S+@\S+$"]
)
def test_a_pattern_nobody_knows_is_answered_all_the_same(pattern):
    assert re.search(pattern, sample_of(pattern), re.ASCII)


def test_a_sample_starts_a_case_at_the_window(demo_office):
    opened(demo_office)
    clerk = who(demo_office, "wangfang")
    entries = sample_application(demo_office, clerk, BUILDING)
    judged = judge(start_form(demo_office, clerk, BUILDING).schema or {}, entries, data={}, evaluate=feel)
    assert judged.problems == ()
    case = start_case(demo_office, clerk, key=BUILDING, variables=dict(judged.answers))
    assert case.title.startswith(str(entries["project_name"]))
