"""保管期限: how long the file of an ended case is kept, by kind of item (政务服务电子文件归档, 国办发〔2023〕26号)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.rules.refusals import refuse
from service.rules.sentences import Sentence

FOR_EVER = None
TERMS: tuple[int | None, ...] = (FOR_EVER, 30, 10)  # 永久, 30年, 10年
TERM_CODES = {FOR_EVER: "Y", 30: "D30", 10: "D10"}
CHAIN, OTHER = "CHAIN", "QT"
CATEGORIES = {  # types of item in a catalogue code: 104-XK-001
    "XK": Sentence("行政许可"),
    "QR": Sentence("行政确认"),
    "JF": Sentence("行政给付"),
    "ZS": Sentence("行政征收"),
    "CJ": Sentence("行政裁决"),
    "GG": Sentence("公共服务"),
    CHAIN: Sentence("联办"),
    OTHER: Sentence("其他"),
}
DEFAULTS = {
    "XK": (30, "行政许可类办件，定期30年"),
    "QR": (30, "行政确认类办件，定期30年"),
    "JF": (30, "行政给付类办件，定期30年"),
    "ZS": (30, "行政征收类办件，定期30年"),
    "CJ": (30, "行政裁决类办件，定期30年"),
    "GG": (10, "公共服务类办件，定期10年"),
    CHAIN: (FOR_EVER, "建设项目联办案卷，永久"),
    OTHER: (10, "其他办件，定期10年"),
}


@dataclass(frozen=True, kw_only=True)
class Retention:
    """The term of one kind of item. `years` None: for ever."""

    category: str
    years: int | None
    basis: str

    def until(self, closed_on: date) -> date | None:
        """The last day it is kept: terms count from the year after the case was closed; None: for ever."""
        return None if self.years is None else date(closed_on.year + self.years, 12, 31)


def category_of(item: str | None, kind: str | None) -> str:
    """The kind of a catalogue code (`104-XK-001`), of a chain, else the rest."""
    if kind == "CHAIN":
        return CHAIN
    parts = (item or "").split("-")
    return parts[1] if len(parts) == 3 and parts[1] in CATEGORIES else OTHER


def retention(category: str, years: int | None, basis: str) -> Retention:
    """A rule as somebody enters it. Refused: RETENTION_CATEGORY, RETENTION_YEARS, RETENTION_BASIS."""
    if category not in CATEGORIES:
        raise refuse("category", "RETENTION_CATEGORY", "没有事项类别“{category}”。", category=category)
    if years not in TERMS:
        raise refuse("years", "RETENTION_YEARS", "保管期限应为永久、30年或10年。")
    if not basis.strip() or len(basis.strip()) > 200:
        raise refuse("basis", "RETENTION_BASIS", "请写明保管期限的依据，不超过 200 个字。")
    return Retention(category=category, years=years, basis=basis.strip())


def archive_series(year: int, years: int | None) -> str:
    """档号 are counted by year and term."""
    return f"DA/{year}/{TERM_CODES[years]}"


def archive_number(region: str, year: int, years: int | None, serial: int) -> str:
    """档号: `990100-ZWFW·2026·D30-00012` (place, the centre's own category, year, term, serial)."""
    return f"{region}-ZWFW·{year}·{TERM_CODES[years]}-{serial:05d}"
