"""收费标准: a fee is computed from one standard that is valid on the day of the bill, never typed (DOMAIN D.9).

A standard is a value: a formula with single prices, its legal basis, its dates, what is exempt of it. The arithmetic is
exact; what is derived from an input (an area as a share of another) is rounded to 0.01 first, the amount last, half up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from service.rules.fee_formulas import Formula, FormulaPart, PartKind
from service.rules.money import EXACT, NOTHING, cents, total_of, yuan
from service.rules.refusals import Conflict, Missing, refuse

HUNDRED = Decimal(100)


class BasisLevel(StrEnum):
    """How high the text stands that allows a fee."""

    LAW = "LAW"  # 法律
    ADMINISTRATIVE_REGULATION = "ADMINISTRATIVE_REGULATION"  # 行政法规
    LOCAL_REGULATION = "LOCAL_REGULATION"  # 地方性法规
    RULE = "RULE"  # 规章
    NORMATIVE = "NORMATIVE"  # 规范性文件


FOR_LICENCES = frozenset({BasisLevel.LAW, BasisLevel.ADMINISTRATIVE_REGULATION})  # 行政许可法 art. 58


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What allows a fee: the name of the text, the article, its level. Both are printed on the bill (R-FEE-4)."""

    name: str
    article: str
    level: BasisLevel

    def text(self) -> str:
        """As documents cite it."""
        return f"{self.name}{self.article}"


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """减免: so many percent of one part of a line, on its own basis, within its own dates."""

    code: str
    name: str
    basis: Basis
    percent: Decimal
    part: PartKind = PartKind.BASE
    effective_from: date | None = None
    effective_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it may be claimed on a day."""
        return (self.effective_from or day) <= day <= (self.effective_to or day)


@dataclass(frozen=True)
class Claim:
    """An exemption that is claimed for a line, and why this applicant has it."""

    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FeeStandard:
    """One version of a standard. `approved_by`: who approved it, as a dated act; `cap` and `floor` in 元."""

    code: str
    name: str
    department: str
    basis: Basis
    formula: Formula
    effective_from: date
    effective_to: date | None = None
    cap: Decimal | None = None
    floor: Decimal | None = None
    exemptions: tuple[Exemption, ...] = ()
    approved_by: str = ""
    mandatory: bool = True

    def valid_on(self, day: date) -> bool:
        """Whether it may be charged on a day; its last day is included."""
        return self.effective_from <= day <= (self.effective_to or day)


@dataclass(frozen=True, kw_only=True)
class ChargedPart:
    """One part of what is charged: how it was computed, how much of it is exempt and why."""

    kind: PartKind
    formula: str
    computed: Decimal
    exempted: Decimal = NOTHING
    exemption: Exemption | None = None
    reason: str = ""

    @property
    def amount(self) -> Decimal:
        """What is left to pay."""
        return EXACT.subtract(self.computed, self.exempted)


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What one standard asks for one set of inputs on one day."""

    standard: FeeStandard
    inputs: tuple[tuple[str, Decimal], ...]
    parts: tuple[ChargedPart, ...]

    @property
    def amount(self) -> Decimal:
        """What is to be paid."""
        return total_of(tuple(part.amount for part in self.parts))

    @property
    def exempted(self) -> Decimal:
        """What is not."""
        return total_of(tuple(part.exempted for part in self.parts))


def standard_on(versions: Iterable[FeeStandard], code: str, day: date) -> FeeStandard:
    """The version of a standard that is valid on a day (R-FEE-1). Refused: FEE_STANDARD_MISSING."""
    for one in versions:
        if one.code == code and one.valid_on(day):
            return one
    raise Missing(
        "FEE_STANDARD_MISSING", "收费标准 {standard} 在 {day} 没有有效版本。", standard=code, day=day.isoformat()
    )


def check_standard(standard: FeeStandard, *, licence: bool) -> None:
    """Whether a standard may be put into force (R-FEE-3, R-FEE-4). `licence`: its item is a 行政许可.

    Refused: FEE_BASIS (no basis, or one below 行政法规 for a licence), FEE_DATES, FEE_CAP, FEE_EXEMPTION.
    """
    if not standard.basis.name.strip() or not standard.basis.article.strip():
        raise refuse("basis", "FEE_BASIS", "收费标准应写明依据名称和条款。")
    if licence and standard.basis.level not in FOR_LICENCES:
        raise refuse(
            "basis", "FEE_BASIS", "行政许可收费的依据应为法律或行政法规（《行政许可法》第五十八条），否则不得收费。"
        )
    if standard.effective_to is not None and standard.effective_to < standard.effective_from:
        raise refuse("effective_to", "FEE_DATES", "收费标准的失效日期早于生效日期。")
    if standard.cap is not None and (standard.formula.kind == "FIXED" or standard.cap < (standard.floor or NOTHING)):
        raise refuse("cap", "FEE_CAP", "封顶金额应不低于保底金额，固定金额没有封顶。")
    if standard.floor is not None and standard.formula.kind == "FIXED":
        raise refuse("floor", "FEE_CAP", "封顶金额应不低于保底金额，固定金额没有封顶。")
    codes = [one.code for one in standard.exemptions]
    for one in standard.exemptions:
        known = one.part in standard.formula.kinds and codes.count(one.code) == 1
        if not known or not one.basis.name.strip() or not NOTHING < one.percent <= HUNDRED:
            raise refuse(
                "exemptions",
                "FEE_EXEMPTION",
                "减免 {exemption} 应有依据、存在的收费部分和大于零、不超过 100 的百分比，且代码唯一。",
                exemption=one.code,
            )


def check_versions(versions: Iterable[FeeStandard]) -> None:
    """One version of a standard a day. Refused: FEE_OVERLAP."""
    ordered = sorted(versions, key=lambda one: (one.code, one.effective_from))
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.code == after.code and before.valid_on(after.effective_from):
            raise Conflict(
                "FEE_OVERLAP",
                "收费标准 {standard} 在 {day} 有两个版本，前一版本应在此前失效。",
                standard=after.code,
                day=after.effective_from.isoformat(),
            )


def charge(
    standard: FeeStandard, inputs: Mapping[str, object], on: date, *, licence: bool, claims: Iterable[Claim] = ()
) -> Charge:
    """Compute what is to be paid; the estimate before filing is the same computation.

    Refused: FEE_STANDARD_EXPIRED, FEE_NOT_APPROVED, what `check_standard` refuses, NUMBER_INVALID and FEE_INPUT_MISSING
    for inputs, EXEMPTION_UNKNOWN, EXEMPTION_WITHOUT_REASON.
    """
    if not standard.valid_on(on):
        raise Conflict(
            "FEE_STANDARD_EXPIRED",
            "收费标准 {standard} 在 {day} 不是有效版本。",
            standard=standard.code,
            day=on.isoformat(),
        )
    if not standard.approved_by.strip():
        raise Conflict("FEE_NOT_APPROVED", "收费标准 {standard} 尚未批准，不能据以收费。", standard=standard.code)
    check_standard(standard, licence=licence)
    used = standard.formula.read(inputs)
    claimed = [(_claimed(standard, claim, on), claim.reason.strip()) for claim in claims]
    parts = tuple(_charged(standard, part, claimed) for part in standard.formula.parts(used))
    return Charge(standard=standard, inputs=tuple(used.items()), parts=parts)


def _claimed(standard: FeeStandard, claim: Claim, on: date) -> Exemption:
    found = next((one for one in standard.exemptions if one.code == claim.code and one.holds(on)), None)
    if found is None:
        raise refuse("claims", "EXEMPTION_UNKNOWN", "收费标准在该日没有减免 {exemption}。", exemption=claim.code)
    if not claim.reason.strip():
        raise refuse("claims", "EXEMPTION_WITHOUT_REASON", "减免 {exemption} 应写明理由。", exemption=claim.code)
    return found


def _charged(standard: FeeStandard, part: FormulaPart, claimed: list[tuple[Exemption, str]]) -> ChargedPart:
    """A part within cap and floor, less the exemption that leaves least to pay; exemptions do not add up."""
    computed, formula = cents(part.amount), part.formula
    if standard.cap is not None and computed > standard.cap:
        computed, formula = cents(standard.cap), f"{formula}，封顶 {yuan(standard.cap)} 元"
    elif standard.floor is not None and NOTHING < part.amount < standard.floor:
        computed, formula = cents(standard.floor), f"{formula}，保底 {yuan(standard.floor)} 元"
    fitting = [pair for pair in claimed if pair[0].part is part.kind]
    if not fitting:
        return ChargedPart(kind=part.kind, formula=formula, computed=computed)
    best, reason = max(fitting, key=lambda pair: pair[0].percent)
    exempted = cents(EXACT.multiply(computed, best.percent.scaleb(-2)))
    return ChargedPart(
        kind=part.kind, formula=formula, computed=computed, exempted=exempted, exemption=best, reason=reason
    )
