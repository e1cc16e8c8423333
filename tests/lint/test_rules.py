"""The rules themselves: unique, complete, documented."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from service.casework.act_book import ACTS
from service.engine.lint.catalog import RULES
from service.engine.lint.handbook import handbook
from service.engine.lint.remedies import REMEDIES
from service.engine.lint.report import Report
from service.rules.acts import ACTS as CARDS
from service.rules.vocabulary import InHouseAction
from tests.lint.test_bad_diagrams import BAD

DOCS = Path(__file__).parents[2] / "docs"
ELSEWHERE = {  # shown by files, forms or several files, not by one diagram
    "LB001", "LB002", "LB003", "LB004", "LB007", "LB008", "LB010", "LB011", "LB012", "LB013", "LB014", "LB113", "LB114",
    "LB501", "LB507", "LB513", "LB514", "LB601", "LB602", "LB603", "LB604", "LB605", "LB606", "LB607", "LB608", "LB609",
    "LB215", "LB320", "LB321", "LB170", "LB171", "LB172", "LB161", "LB162", "LB163", "LB164", "LB165",
    "LB151", "LB152", "LB153", "LB154", "LB705", "LB801", "LB802", "LB803", "LB804", "LB805", "LB806", "LB807", "LB808",
    "LB810", "LB811", "LB812", "LB813", "LB814", "LB815", "LB816", "LB817", "LB818", "LB819", "LB820", "LB821", "LB822",
    "LB823", "LB824", "LB825", "LB826", "LB827", "LB828",
    "BV-06", "BV-16", "BV-17", "BV-19", "BV-20", "BV-29", "BV-30", "BV-31", "BV-32", "BV-33",  # test_limits.py
    "BV-21", "BV-24", "BV-34", "BV-35",  # test_register.py
    "LB610", "LB701", "LB703", "LB706", "LB707", "LB411", "BV-28", "LB406", "LB901", "LB999",
}  # fmt: skip


def test_every_rule_has_a_bad_diagram_or_is_tested_elsewhere():
    shown = {row[1] for row in BAD}
    assert sorted(set(RULES) - shown - ELSEWHERE) == []


def test_every_rule_says_the_same_in_both_languages():
    for rule in RULES.values():
        assert re.search("[\u4e00-\u9fff]", rule.text), rule.code
        assert not re.search("[\u4e00-\u9fff]", rule.english), rule.code
        assert re.search("[\u4e00-\u9fff]", rule.remedy), rule.code
        assert re.search("[a-z]{2}", rule.remedy_english), rule.code
        if rule.code not in ("BV-04", "BV-12"):  # which quote names of lanes and flows
            assert not re.search("[\u4e00-\u9fff]", rule.remedy_english), rule.code


def test_every_code_has_a_remedy_in_both_languages_and_no_other():
    assert set(REMEDIES) == set(RULES)
    assert [code for code, rule in RULES.items() if not (rule.remedy and rule.remedy_english)] == []


def test_remedies_are_filled_in_like_the_sentences_of_a_finding():
    report = Report()
    for rule in RULES.values():
        names = {
            name for text in (rule.text, rule.english, rule.remedy) for _, name, _, _ in Formatter().parse(text) if name
        }
        report.add(rule, "one.bpmn", **{name: "x" for name in names})
    said = [text for one in report.sorted() for text in (one.remedy, one.remedy_english)]
    assert [text for text in said if re.search(r"(?<!\$){", text)] == []


def test_the_actions_a_diagram_may_name_are_those_that_are_carried_out():
    assert set(CARDS) == set(InHouseAction)
    assert {action.value for action in InHouseAction} <= set(ACTS)


def test_codes_have_the_two_forms():
    assert all(re.fullmatch(r"LB\d{3}|BV-\d{2}", code) for code in RULES)


def test_the_handbook_lists_every_rule_as_it_is():
    assert (DOCS / "lint.md").read_text("utf-8") == handbook()
    assert all(f"| {code} |" in handbook() for code in RULES)
