"""What a password has to be."""

from __future__ import annotations

import pytest

from service.rules.passwords import password_problems


def code_of(password: str, **more: object) -> str | None:
    problems = password_problems(password, **more)  # type: ignore[arg-type]
    return problems[0].code if problems else None


@pytest.mark.parametrize("password", ["Ab1!xyz", "alllowercase1", "UPPERCASE99", "短短的Ab1", "A1!" + "x" * 126])
def test_a_password_that_is_short_long_or_of_too_few_kinds_is_weak(password: str) -> None:
    assert code_of(password) == "PASSWORD_WEAK"


def test_the_installation_may_ask_for_longer_ones() -> None:
    assert code_of("Rather-1") is None
    assert code_of("Rather-1", least=10) == "PASSWORD_WEAK"
    assert password_problems("Rather-1", least=10)[0].sentence().startswith("密码应为 10 到")


@pytest.mark.parametrize(
    "password", ["P@ssw0rd!", "Admin-2026", "Welcome!1", "Test@2026", "2026#Lianban", "Zhengwu_01"]
)
def test_what_everybody_tries_first_is_refused_however_it_is_dressed(password: str) -> None:
    assert code_of(password) == "PASSWORD_COMMON"


@pytest.mark.parametrize("password", ["Qwert-9Zx", "Blue12345!", "1qaz2WSX!", "Kite-edcba7", "Boat!!!!9"])
def test_rows_of_keys_and_repetitions_are_refused(password: str) -> None:
    assert code_of(password) == "PASSWORD_RUN"


def test_the_username_is_no_part_of_the_password() -> None:
    assert code_of("Zhangwei-77", username="zhangwei") == "PASSWORD_HAS_NAME"
    assert code_of("Zhangwei-77", username="wangfang") is None


def test_a_sentence_of_words_is_fine() -> None:
    assert code_of("Drei Enten gehen 7 mal baden") is None
