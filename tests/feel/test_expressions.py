"""The ways expressions are written: FEEL, `=…`, `${…}` and texts with some."""

from __future__ import annotations

import pickle

import pytest

from service.engine.feel import FeelError, compile_expression, evaluate, expression, template, translate_juel


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('${execution.getVariable("x")}', "getVariable"),
        ("${bean.check(order)}", "check"),
        ("${bean:fn(x)}", "前缀"),
        ("${currentUser()}", "currentUser"),
        ("${a = 1}", "赋值"),
        ("${x -> x}", "Lambda"),
        ("${a}${b}", "拼接"),
        ("${a} and b", "拼接"),
        ("${a[b]}", "下标"),
        ("${", "末尾"),
        ("${}", "}"),
        ("${a == }", "}"),
        ("${a ==", "末尾"),
        ("${'a}", "'a"),
        ("${a; b}", "语句"),
        ("${" + "(" * 200 + "1" + ")" * 200 + "}", "嵌套过深"),
        ("${" + "!" * 200 + "a}", "嵌套过深"),
    ],
)
def test_what_is_not_plain_juel_is_refused_by_name(text, part):
    with pytest.raises(FeelError) as refused:
        compile_expression(text)
    assert part in refused.value.text


@pytest.mark.parametrize(
    "source", ["", "  ", "=", "a +", "a == 1", "a && b", "if a then b", "foo(", "a b = ]", "'a' = b"]
)
def test_wrong_feel_is_refused(source):
    with pytest.raises(FeelError) as refused:
        compile_expression(source)
    assert refused.value.code == "FEEL_SYNTAX"


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ("${a == 1}", "a = 1"),
        ("#{ not approved }", "not(approved)"),
        ("${a.b['c'] ne null}", "a.b.c != null"),
        ("${a - b - 1 lt 6 div 2 % 4}", "((a - b) - 1) < modulo((6 / 2), 4)"),
        ("${a ? b : c}", "if a then b else c"),
        ("${list[0] ge -1}", "list[1] >= (0 - 1)"),
        ('${due("REVIEW")}', 'due("REVIEW")'),
        ("${true && !false}", "true and not(false)"),
        ("${金额 > 1.5e3}", "金额 > 1.5e3"),
    ],
)
def test_plain_juel_is_translated(juel, feel):
    assert translate_juel(juel) == feel


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${approved == true && amount > 100}", True),
        ("${decision eq '准予' || empty decision}", True),
        ("${!(amount le 5)}", True),
        ("${empty nothing and empty none and empty missing}", True),
        ("${empty decision}", False),
        ("${'it\\'s' == quoted}", True),
        ('${"a}b" == brace}', True),
        ("=amount + 1", 201),
        ("amount + 2", 202),
        ("${amount % 7}", 4),
        ("${amount > 100 ? 'big' : 'small'}", "big"),
    ],
)
def test_every_way_of_writing_is_evaluated(text, value):
    context = {
        "approved": True,
        "amount": 200,
        "decision": "准予",
        "nothing": "",
        "none": [],
        "quoted": "it's",
        "brace": "a}b",
    }
    assert evaluate(text, context) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("reviewers", "reviewers"),
        ("104:reviewer_a", "104:reviewer_a"),
        ("", ""),
        ("=", "="),
        ("${dept}", "104"),
        (" ${count} ", 3),
        ("=count + 1", 4),
        ("${dept}:reviewer_a", "104:reviewer_a"),
        ("a-${dept}-#{count}-${missing}-${flag}", "a-104-3--true"),
        ("50% {x} $ #", "50% {x} $ #"),
    ],
)
def test_texts_are_literal_unless_they_hold_an_expression(text, value):
    assert template(text).evaluate({"dept": "104", "count": 3, "flag": True}) == value


def test_a_template_tells_what_it_is():
    assert template("abc").literal == "abc"
    assert template("${a}").literal is None
    assert template("x ${a.b} ${c}").names == ("a", "c")


def test_a_wrong_expression_in_a_text_is_refused():
    for text in ("${a.b()}", "x ${", "=a +"):
        with pytest.raises(FeelError):
            template(text)


def test_errors_have_a_code_and_a_sentence_and_survive_pickling():
    with pytest.raises(FeelError) as refused:
        expression("${a.b()}")
    again = pickle.loads(pickle.dumps(refused.value))
    assert (again.code, again.text, str(again)) == ("JUEL_UNSUPPORTED", refused.value.text, refused.value.text)
    assert isinstance(again, ValueError)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plan[list contains(wanted, item.key)]", [{"key": "b", "on": True}]),
        ("plan[list contains(wanted, key)].key", ["b"]),
        ("plan[on].key", ["b"]),
        ("plan[item.on].key", ["b"]),
        ('words[matches(item, "^x")]', ["xa"]),
        ("plan[count(wanted)].key", "a"),
        ("words[last]", "y"),
        ("plan[not(list contains(wanted, item.key))].key", ["a"]),
        ("plan[item.on = true].key", ["b"]),
        ("words[-1]", "y"),
        ("plan[list contains(nothing, item.key)]", []),
    ],
)
def test_a_filter_that_is_a_call_a_name_or_a_path_is_asked_of_every_item(text, value):
    context = {
        "plan": [{"key": "a", "on": False}, {"key": "b", "on": True}],
        "wanted": ["b"],
        "words": ["xa", "y"],
        "last": 2,
        "nothing": None,
    }
    assert evaluate(text, context) == value
