"""The five formulas of fees, each with single prices: how inputs are read, what they come to, how that is printed.

FIXED with first and further pieces, PER_UNIT, PER_UNIT_DAYS, RATIO, TIERED with marginal prices (DOMAIN C.3.1, D.9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from service.rules.money import EXACT, decimal_number, rounded, yuan
from service.rules.refusals import refuse


class PartKind(StrEnum):
    """The parts a line may have; exemptions are for one of them."""

    BASE = "BASE"
    FURTHER = "FURTHER"  # what further pieces cost


@dataclass(frozen=True, kw_only=True)
class FormulaPart:
    """One part before rounding, and its computation in words."""

    kind: PartKind
    amount: Decimal
    formula: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One input: its name as sent, its label and unit, how many decimals it may have.

    `share`: what counts is this share of the input, rounded to the same decimals first (V18-05).
    """

    name: str
    label: str
    unit: str
    places: int = 2
    share: Decimal | None = None

    def read(self, inputs: Mapping[str, object]) -> Decimal:
        """The input as a number. Refused: FEE_INPUT_MISSING, NUMBER_INVALID."""
        value = inputs.get(self.name)
        if value is None or value == "":
            raise refuse(
                self.name, "FEE_INPUT_MISSING", "计费需要{label}（{unit}）。", label=self.label, unit=self.unit
            )
        return decimal_number(self.name, value, places=self.places)

    def counted(self, value: Decimal) -> Decimal:
        """What the price is for."""
        return value if self.share is None else rounded(EXACT.multiply(value, self.share), self.places)

    def words(self, value: Decimal) -> str:
        """The quantity with its unit; for a share its derivation."""
        counted = f"{plain(self.counted(value))}{self.unit}"
        if self.share is None:
            return counted
        return f"（{plain(value)}{self.unit} × {plain(self.share.scaleb(2))}% = {counted}）"


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A price for what lies above the tier before and up to a bound; None: without end."""

    upto: Decimal | None
    price: Decimal


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """So much a piece, and so much for each further one beyond those `included` in every piece (550/件, 10/本)."""

    price: Decimal
    pieces: Measure
    further_price: Decimal | None = None
    further: Measure | None = None
    included: int = 1
    kind: ClassVar[str] = "FIXED"

    @property
    def kinds(self) -> tuple[PartKind, ...]:
        """The parts it has."""
        return (PartKind.BASE,) if self.further is None else (PartKind.BASE, PartKind.FURTHER)

    def read(self, inputs: Mapping[str, object]) -> dict[str, Decimal]:
        """Its inputs, checked."""
        measures = (self.pieces,) if self.further is None else (self.pieces, self.further)
        return {one.name: one.read(inputs) for one in measures}

    def parts(self, used: Mapping[str, Decimal]) -> tuple[FormulaPart, ...]:
        """What they come to."""
        pieces = used[self.pieces.name]
        base = FormulaPart(
            kind=PartKind.BASE,
            amount=EXACT.multiply(self.price, pieces),
            formula=f"{self.pieces.words(pieces)} × {yuan(self.price)} 元/{self.pieces.unit}",
        )
        if self.further is None or self.further_price is None:
            return (base,)
        count = max(Decimal(0), used[self.further.name] - self.included * pieces)
        return (
            base,
            FormulaPart(
                kind=PartKind.FURTHER,
                amount=EXACT.multiply(self.further_price, count),
                formula=f"另加 {plain(count)}{self.further.unit} × {yuan(self.further_price)} 元/{self.further.unit}",
            ),
        )


class OnePart:
    """A formula whose line has one part."""

    kinds = (PartKind.BASE,)


@dataclass(frozen=True, kw_only=True)
class PerUnit(OnePart):
    """A price for each unit."""

    price: Decimal
    quantity: Measure
    kind: ClassVar[str] = "PER_UNIT"

    def read(self, inputs: Mapping[str, object]) -> dict[str, Decimal]:
        """Its input, checked."""
        return {self.quantity.name: self.quantity.read(inputs)}

    def parts(self, used: Mapping[str, Decimal]) -> tuple[FormulaPart, ...]:
        """What it comes to."""
        value = used[self.quantity.name]
        return base_part(
            EXACT.multiply(self.quantity.counted(value), self.price),
            f"{self.quantity.words(value)} × {price(self.price)} 元/{self.quantity.unit}",
        )


@dataclass(frozen=True, kw_only=True)
class PerUnitDays(OnePart):
    """A price for each unit and day."""

    price: Decimal
    quantity: Measure
    days: Measure
    kind: ClassVar[str] = "PER_UNIT_DAYS"

    def read(self, inputs: Mapping[str, object]) -> dict[str, Decimal]:
        """Its inputs, checked."""
        return {one.name: one.read(inputs) for one in (self.quantity, self.days)}

    def parts(self, used: Mapping[str, Decimal]) -> tuple[FormulaPart, ...]:
        """What they come to."""
        value, days = used[self.quantity.name], used[self.days.name]
        return base_part(
            EXACT.multiply(EXACT.multiply(self.quantity.counted(value), days), self.price),
            f"{self.quantity.words(value)} × {self.days.words(days)} × {price(self.price)} 元/{self.quantity.unit}·天",
        )


@dataclass(frozen=True, kw_only=True)
class Ratio(OnePart):
    """A share of an amount of money."""

    rate: Decimal
    base: Measure
    kind: ClassVar[str] = "RATIO"

    def read(self, inputs: Mapping[str, object]) -> dict[str, Decimal]:
        """Its input, checked."""
        return {self.base.name: self.base.read(inputs)}

    def parts(self, used: Mapping[str, Decimal]) -> tuple[FormulaPart, ...]:
        """What it comes to."""
        value = used[self.base.name]
        return base_part(
            EXACT.multiply(self.base.counted(value), self.rate),
            f"{self.base.words(value)} × {plain(self.rate.scaleb(2))}%",
        )


@dataclass(frozen=True, kw_only=True)
class Tiered(OnePart):
    """Marginal prices: each tier's price is for what lies in the tier; the last one has no end."""

    tiers: tuple[Tier, ...]
    quantity: Measure
    kind: ClassVar[str] = "TIERED"

    def read(self, inputs: Mapping[str, object]) -> dict[str, Decimal]:
        """Its input, checked."""
        return {self.quantity.name: self.quantity.read(inputs)}

    def parts(self, used: Mapping[str, Decimal]) -> tuple[FormulaPart, ...]:
        """What it comes to."""
        left = self.quantity.counted(used[self.quantity.name])
        amount, below = Decimal(0), Decimal(0)
        words: list[str] = []
        for tier in self.tiers:
            within = left if tier.upto is None else min(left, tier.upto - below)
            if within <= 0 and words:
                break
            amount = EXACT.add(amount, EXACT.multiply(within, tier.price))
            words.append(f"{plain(within)}{self.quantity.unit} × {price(tier.price)} 元/{self.quantity.unit}")
            left, below = left - within, tier.upto or below
        return base_part(amount, " + ".join(words))


Formula = Fixed | PerUnit | PerUnitDays | Ratio | Tiered


def base_part(amount: Decimal, formula: str) -> tuple[FormulaPart, ...]:
    """The only part of a line."""
    return (FormulaPart(kind=PartKind.BASE, amount=amount, formula=formula),)


def plain(number: Decimal) -> str:
    """A number without exponent and superfluous zeros, thousands set apart."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(amount: Decimal) -> str:
    """A price with at least two decimals."""
    return yuan(amount) if rounded(amount, 2) == amount else plain(amount)
