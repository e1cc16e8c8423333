"""Values keep their kind across the border of the sandbox."""

from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from service.engine.feel import FeelError, compile_expression, evaluate, evaluate_many

SHANGHAI = timezone(timedelta(hours=8))


def test_a_value_feel_does_not_know_is_refused():
    for value in (b"bytes", object(), float("nan"), float("inf")):
        with pytest.raises(FeelError) as refused:
            evaluate("a = 1", {"a": value})
        assert refused.value.code == "FEEL_VALUE"


def test_an_unused_value_is_not_looked_at():
    assert evaluate("a = 1", {"a": 1, "b": b"bytes"}) is True


def test_a_function_is_no_result():
    with pytest.raises(FeelError) as refused:
        evaluate("function(a) a")
    assert refused.value.code == "FEEL_VALUE"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1.0 + 2", 3),
        ("0.5", 0.5),
        ('"中" + "文"', "中文"),
        ("null", None),
        ("[1, [true]]", [1, [True]]),
        ('{a: 1, "b c": [date("2026-03-02")]}', {"a": 1, "b c": [date(2026, 3, 2)]}),
        ('date("2026-03-02")', date(2026, 3, 2)),
        ('time("10:30:00")', time(10, 30)),
        ('duration("P1DT2H")', timedelta(hours=26)),
        ('duration("PT0S")', timedelta(0)),
        ('duration("-PT90M")', timedelta(minutes=-90)),
        ('duration("P1Y2M")', "P1Y2M"),
        ('date("2026-03-02") - date("2026-02-28")', timedelta(days=2)),
        ("amount in [1000..5000]", True),
        ("some x in 列表 satisfies x > 2", True),
    ],
)
def test_results_are_python_values(source, value):
    result = evaluate(source, {"amount": 1000, "列表": [1, 2, 3]})
    assert result == value
    assert type(result) is type(value)


def test_moments_come_back_aware_in_local_time():
    result = evaluate('date and time("2026-03-02T10:00:00")')
    assert result == datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert result.utcoffset() == timedelta(hours=8)


def test_python_moments_compare_with_literals():
    context = {
        "到期": datetime(2026, 3, 2, 2, tzinfo=UTC),
        "天": date(2026, 3, 2),
        "n": Decimal("3.50"),
        "d": Decimal(4),
    }
    assert evaluate('到期 = date and time("2026-03-02T10:00:00")', context) is True
    assert evaluate("date(到期) = 天", context) is True
    assert evaluate("n > 3.4 and d = 4", context) is True
    assert evaluate("u", {"u": UUID(int=1)}) == str(UUID(int=1))
    assert evaluate('t > duration("PT1H")', {"t": timedelta(hours=2)}) is True


def test_now_and_today_are_the_transactions():
    moment = datetime(2026, 3, 16, 7, 30, tzinfo=SHANGHAI)
    assert evaluate("now()", now=moment) == moment
    assert evaluate("today()", now=moment) == date(2026, 3, 16)
    assert evaluate('today() = date("2026-03-16") and date(now()) = today()', now=moment) is True
    assert evaluate_many(["today()"], now=moment) == [date(2026, 3, 16)]


def test_host_functions_are_answered_by_the_caller():
    due = datetime(2026, 3, 18, 17, 30, tzinfo=SHANGHAI)
    asked = []

    def answer(stage):
        asked.append(stage)
        return due

    assert evaluate('due("REVIEW")', functions={"due": answer}) == due
    assert evaluate('due("A") < due("B")', functions={"due": answer}) is False
    assert asked == ["REVIEW", "A", "B"]


def test_a_host_function_nobody_answers_is_refused():
    with pytest.raises(FeelError) as refused:
        evaluate('due("REVIEW")')
    assert refused.value.code == "FEEL_FUNCTION"


def test_a_misspelt_name_can_be_found():
    compiled = compile_expression("决定 = 'x'".replace("'", '"') + " and some i in 列表 satisfies i.a > 上限")
    assert compiled.names == ("决定", "列表", "上限")
    assert compile_expression("items[price > 3]").names == ("items",)
    assert compile_expression("fooo(a)").unknown_functions == ("fooo",)


def test_odd_names_are_understood():
    assert evaluate("合同 金额 > 3", {"合同 金额": 4}) is True
    assert evaluate("date > 3", {"date": 4}) is True
    assert evaluate("item.day count = 2", {"item": {"day count": 2}}) is True


def test_unary_tests_look_at_the_question_mark():
    assert evaluate("> 3", {"?": 4}, unary=True) is True
    assert evaluate('"a", "b"', {"?": "c"}, unary=True) is False
    assert evaluate_many(["> 3", "[1..3]", "-"], {"?": 4}, unary=True) == [True, False, True]


def test_threads_share_the_engine():
    wrong = []

    def work(base):
        for n in range(200):
            if evaluate("a * 2 + b", {"a": n, "b": base}) != n * 2 + base:
                wrong.append((base, n))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_child_has_its_own_engine():
    assert evaluate("1 + 1") == 2
    child = os.fork()
    if child == 0:
        os._exit(0 if evaluate("a + 1", {"a": 41}) == 42 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert evaluate("2 + 2") == 4
