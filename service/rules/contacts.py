"""Where a person can be reached: mobile numbers and e-mail addresses in one shape."""

from __future__ import annotations

import re
import unicodedata

from service.rules.refusals import refuse

MOBILE = re.compile(r"1[3-9][0-9]{9}")
EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
BETWEEN = str.maketrans("", "", " -()\t")


def read_mobile(text: str) -> str:
    """Eleven digits; +86 and 0086, blanks, hyphens and full-width digits are understood. Refused: MOBILE_INVALID."""
    number = unicodedata.normalize("NFKC", text).translate(BETWEEN)
    for prefix in ("+86", "0086"):
        number = number.removeprefix(prefix)
    if not MOBILE.fullmatch(number):
        raise refuse("phone", "MOBILE_INVALID", "手机号码应为 11 位数字，以 1 开头。")
    return number


def read_email(text: str) -> str:
    """An address as it is sent to; the domain in small letters. Refused: EMAIL_INVALID."""
    address = text.strip()
    if not EMAIL.fullmatch(address) or len(address) > 254 or ".." in address or address.startswith("."):
        raise refuse("email", "EMAIL_INVALID", "电子邮箱地址无效。")
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"
