"""Hostile expressions are stopped or harmless, and the engine works on afterwards."""

from __future__ import annotations

import time

import pytest

from service.engine.feel import FeelError, evaluate, evaluate_many

A = "a" * 5000
LONG = '"' + "a" * 36 + '"'

STOPPED = {
    "huge for": ("count(for i in 1..1000000000 return i)", {"FEEL_TIME", "FEEL_MEMORY"}),
    "endless range": ("for i in 0.5..3 return i", {"FEEL_TIME", "FEEL_MEMORY"}),
    "endless some": ("some x in 1..1000000000, y in 1..100000 satisfies x+y < 0", {"FEEL_TIME", "FEEL_MEMORY"}),
    "nested for": ("for a in 1..1000, b in 1..1000, c in 1..1000 return a*b*c", {"FEEL_TIME", "FEEL_MEMORY"}),
    "backtracking": (
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")',
        {"FEEL_TIME"},
    ),
    "replace, too long": (f'replace("{A}", "(a*)*b", "x")', {"FEEL_TOO_LONG"}),
    "application to itself": ("{w: function(x) x(x), r: w(w)}.r", {"FEEL_DEPTH"}),
    "recursion": ("{f: function(x) f(x), g: function(h) h(h), r: g(g)}.r", {"FEEL_DEPTH"}),
    "deep parentheses": ("(" * 20000 + "1" + ")" * 20000, {"FEEL_TOO_LONG"}),
    "deep list": ("[" * 5000 + "1" + "]" * 5000, {"FEEL_TOO_LONG"}),
    "long sum": ("+".join(["1"] * 20000), {"FEEL_TOO_LONG"}),
    "deep not": ("not(" * 3000 + "true" + ")" * 3000, {"FEEL_TOO_LONG"}),
    "a megabyte": ("1 + " * 250000 + "1", {"FEEL_TOO_LONG"}),
    "doubling lists": (
        "for i in 1..60 return if i = 1 then [1,2,3,4] else concatenate(partial[-1], partial[-1])",
        {"FEEL_TIME", "FEEL_MEMORY"},
    ),
    "sorting": ("sort(for i in 1..300000 return i, function(a,b) a > b)", {"FEEL_TIME", "FEEL_MEMORY"}),
}
STOPPED_OR_HARMLESS = {
    "doubling text": 'for i in 1..100 return if i = 1 then "aaaaaaaaaaaaaaaaaaaaaaaa" else partial[-1] + partial[-1]',
    "flatten": "flatten(for i in 1..100000 return [i])",
    "joining": f"string length(string join(for i in 1..200000 return {LONG}, {LONG}))",
}
NOTHING_THERE = {
    "constructor": '"a".constructor.constructor("return 1")()',
    "prototype": "{}.__proto__.polluted",
    "constructor of a function": 'abs.constructor("return 7")()',
    "prototype put": 'context merge({"__proto__": {x: 1}}, {"__proto__": {x: 1}}).x',
    "get value": 'get value({}, "constructor")',
    "properties of dates": 'date("2026-01-01").constructor',
}


def seconds_of(run):
    before = time.process_time()
    try:
        run()
    except FeelError:
        pass
    return time.process_time() - before


@pytest.mark.parametrize("name", STOPPED)
def test_a_hostile_expression_is_stopped_and_the_engine_works_on(name):
    source, codes = STOPPED[name]
    with pytest.raises(FeelError) as refused:
        evaluate(source)
    assert refused.value.code in codes
    assert refused.value.text
    assert evaluate("a > 1", {"a": 2}) is True


@pytest.mark.parametrize("name", STOPPED_OR_HARMLESS)
def test_a_greedy_expression_ends_soon(name):
    assert seconds_of(lambda: evaluate(STOPPED_OR_HARMLESS[name])) < 1.5
    assert evaluate("a > 1", {"a": 2}) is True


@pytest.mark.parametrize("name", NOTHING_THERE)
def test_there_is_no_way_to_the_language_below(name):
    try:
        assert evaluate(NOTHING_THERE[name]) in (None, [])
    except FeelError as refused:
        assert refused.code in ("FEEL_FAILED", "FEEL_SYNTAX")
    assert evaluate("a.polluted", {"a": {}}) is None


def test_deep_parsing_within_the_length_limit_is_bounded():
    for source in (
        "(" * 2000 + "1" + ")" * 2000,
        "[" * 2000 + "]" * 2000,
        "-" * 4000 + "1",
        "not(" * 800 + "1" + ")" * 800,
    ):
        assert seconds_of(lambda text=source: evaluate(text)) < 1.5
    assert evaluate("1 + 1") == 2


def test_nul_and_lone_surrogates_are_refused():
    for source in ("1\x00", '"\ud800"', "a \x07 b"):
        with pytest.raises(FeelError) as refused:
            evaluate(source)
        assert refused.value.code == "FEEL_SYNTAX"


def test_deep_data_is_refused_not_fatal():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(FeelError) as refused:
        evaluate("count(a)", {"a": deep})
    assert refused.value.code in ("FEEL_VALUE", "FEEL_DEPTH")


def test_many_at_once_have_an_end():
    with pytest.raises(FeelError):
        evaluate_many(["1"] * 501)
    assert evaluate_many([f"a + {n}" for n in range(500)], {"a": 1})[-1] == 500


def test_more_programs_than_the_engine_keeps():
    for n in range(1100):
        assert evaluate(f"a + {n}", {"a": 1}) == n + 1
    assert evaluate_many([f"a - {n}" for n in range(300)], {"a": 300})[299] == 1
