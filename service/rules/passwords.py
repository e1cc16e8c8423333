"""What a password has to be (GB/T 22239 8.1.4.1 a): length, kinds of characters, and nothing that is guessed first."""

from __future__ import annotations

import re

from service.rules.refusals import FieldProblem, refuse

LONGEST = 128
KINDS = 3  # of lower case, upper case, digits, others
RUN = 5  # keys beside each other, or letters and digits in their order
REPEATED = re.compile(r"(.)\1{3}")
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "!@#$%^&*()",
)
RUNS = frozenset(
    row[at : at + RUN] for forth in ROWS for row in (forth, forth[::-1]) for at in range(len(forth) - RUN + 1)
)
FOLDED = str.maketrans("0134578@$!", "oleastbasi")  # P@ssw0rd is Password
STEMS = frozenset(  # what remains of the passwords people choose first, without the year and the sign they put behind
    """
    abc admin adminadmin administrator admins changeme changeit china computer default demo football guest hello
    iloveyou letmein lianban login loginme love manager master mima monkey newpassword office operator pass passw
    passwd password passwords princess root secret server service start sunshine super superuser supervisor sysadmin
    system temp temppass test testtest tester user username welcome welcomeback woaini woaizhongguo zhengfu zhengwu
    zhongguo mypassword nihao beijing shanghai spring summer autumn winter company government
    """.split()
)


def password_problems(password: str, *, least: int = 8, username: str = "") -> list[FieldProblem]:
    """What is wrong with a password: at least `least` characters of three of the four kinds (PASSWORD_WEAK), without the
    username (PASSWORD_HAS_NAME), rows of keys or repetitions (PASSWORD_RUN), and none of those tried first
    (PASSWORD_COMMON). The first that is wrong is told."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    variety = sum(any(kind(letter) for letter in password) for kind in kinds)
    if not least <= len(password) <= LONGEST or variety < KINDS:
        weak = refuse(
            "password",
            "PASSWORD_WEAK",
            "密码应为 {least} 到 128 个字符，并至少包含大写字母、小写字母、数字、符号中的三种。",
            least=least,
        )
        return list(weak.fields)
    lowered = password.lower()
    if len(username) >= 3 and username.lower() in lowered:
        return list(refuse("password", "PASSWORD_HAS_NAME", "密码不能包含用户名。").fields)
    if REPEATED.search(lowered) or any(lowered[at : at + RUN] in RUNS for at in range(len(lowered) - RUN + 1)):
        run = refuse("password", "PASSWORD_RUN", "密码不能有连续的键位、字母、数字，或四个相同的字符。")
        return list(run.fields)
    if _stem(lowered) in STEMS:
        return list(refuse("password", "PASSWORD_COMMON", "这个密码太常见，容易被猜到，请换一个。").fields)
    return []


def _stem(lowered: str) -> str:
    """What is left when digits and signs at both ends are taken away and those within are read as letters."""
    inner = re.sub(r"^[^a-z]+|[^a-z]+$", "", lowered)
    return re.sub(r"[^a-z]", "", inner.translate(FOLDED))
