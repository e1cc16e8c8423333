"""What single 即办件 know beyond T1: the promise when they cannot be done at once, and facts that bind the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BORN = (
    '{name} = if string length({number}) = 18 then date(substring({number}, 7, 4) + "-" + substring({number}, 11, 2)'
    ' + "-" + substring({number}, 13, 2)) else null'
)
AGE = "{name} = if {born} = null then null else years and months duration({born}, today()).years"


@dataclass(frozen=True)
class Rule:
    """`days`: working days promised when it cannot be done at once; `found`: FEEL of 收件登记; `barred`, `denied`: FEEL
    while which the item is not accepted, not granted, whatever the desk says."""

    days: int = 3
    found: tuple[str, ...] = ()
    barred: str = ""
    denied: str = ""


RULES = {
    "109-GG-003": Rule(days=1, found=("test_passed = null",), denied="test_passed = false"),
    "104-QT-004": Rule(found=("drawn = null", "mended = 0", "survey_conclusion = null")),
    "113-QT-001": Rule(days=1),
    "113-QT-002": Rule(found=("survey_conclusion = null",)),
    "115-GG-004": Rule(  # 《老年人权益保障法》: from sixty on; the number says it
        found=(
            BORN.format(name="born", number="applicant_id_no"),
            AGE.format(name="age", born="born"),
            "too_young = if age < 60 then true else false",
            'reason = if too_young then "按身份证号码计算未满六十周岁" else null',
        ),
        barred="too_young = true",
    ),
    "118-QR-002": Rule(  # 《民法典》第一千零四十七条: he twenty-two, she twenty; what has to be verified first, within a day
        days=1,
        found=(
            BORN.format(name="his_day", number="applicant_id_no"),
            BORN.format(name="her_day", number="b_id_no"),
            AGE.format(name="his_age", born="his_day"),
            AGE.format(name="her_age", born="her_day"),
            "of_age = if his_age < 22 or her_age < 20 then false else true",
            'established = if of_age then null else "按身份证号码计算，一方未到法定婚龄"',
            'reason = if of_age then null else "未到法定婚龄，男不早于二十二周岁，女不早于二十周岁"',
        ),
        denied="of_age = false",
    ),
}
REGISTERED = ("return_count = 0", "decision = null", "recommendation = null", "certificate_no = null")


def rule_of(card: Mapping) -> Rule:
    """The rule of an item."""
    return RULES.get(card["code"], Rule())


def registered(card: Mapping) -> str:
    """What 收件登记 sets: nothing is decided yet, and what the application itself says."""
    return "\n".join([*REGISTERED, *rule_of(card).found])
