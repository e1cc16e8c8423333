"""事项: everything the register says of an item, as one value. The 办事指南 is rendered from it and never typed twice.

A card is plain data in a file (`processes/items/NNN-TT-NNN.json`), a stored version or a page; `item_reading` makes it,
`item_checks` says what may be published, `item_diff` compares two of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from service.rules.clocks import PauseKind
from service.rules.fees import BasisLevel
from service.rules.item_words import (
    ComplaintKind,
    ExceptionReason,
    FieldKind,
    ItemAudience,
    ItemBoard,
    ItemCategory,
    ItemChannel,
    ItemKind,
    ItemLevel,
    ItemLimitUnit,
    ItemNature,
    ItemStatus,
    ItemTheme,
    ItemType,
    LockGround,
    MaterialForm,
    MaterialNeed,
    MaterialSource,
    ResultKind,
)
from service.rules.promises import StartRule
from service.rules.tacit import TacitLevel

CODE = re.compile(r"([0-9]{3})-([A-Z]{2})-([0-9]{3})")
STAGES = ("受理", "审核", "批准", "发证")


@dataclass(frozen=True, kw_only=True)
class Basis:
    """依据: a law or document, the article, and what it says of the matter."""

    name: str
    article: str = ""
    text: str = ""
    level: BasisLevel


@dataclass(frozen=True, kw_only=True)
class Material:
    """One line of the materials menu (一表式). `reusable`: kept in the applicant's space for the next item; `defer_days`: 容缺,
    it may come so many working days after acceptance; None: it may not.
    """

    name: str
    form: MaterialForm
    source: MaterialSource
    copies: int = 1
    need: MaterialNeed = MaterialNeed.MANDATORY
    condition: str = ""
    shared_key: str = ""
    reusable: bool = False
    defer_days: int | None = None
    validity: str = ""
    basis: str


@dataclass(frozen=True, kw_only=True)
class StatutoryLimit:
    """法定时限: so many days after its start; 0 when the unit counts nothing. `most`: of the cases the law gives longer."""

    value: int = 0
    most: int | None = None
    unit: ItemLimitUnit
    start: StartRule = StartRule.ACCEPTANCE
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectionLimit:
    """Within how long the applicant is told once what is missing (行政许可法 art. 32: five working days)."""

    value: int = 5
    unit: ItemLimitUnit = ItemLimitUnit.WORKDAY


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """特别程序: `most` days at the most (0: as announced), in or outside the limit."""

    kind: PauseKind
    most: int = 0
    unit: ItemLimitUnit = ItemLimitUnit.WORKDAY
    excluded: bool = True
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class ExtensionRule:
    """延期 (行政许可法 art. 42): so many working days, once unless said otherwise; 0 days: none is allowed."""

    most: int = 10
    approver: str = "dept_head"
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Result:
    """What is issued; `months` it is valid, None: without end."""

    kind: ResultKind
    name: str
    months: int | None = None


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """One way to complain."""

    kind: ComplaintKind
    value: str


@dataclass(frozen=True, kw_only=True)
class ExceptionNote:
    """例外理由, approved at the yearly review."""

    reason: ExceptionReason
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One field of the application form; the header (applicant, agent, contact, site) is on every form."""

    key: str
    label: str
    kind: FieldKind
    length: int | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemCard:
    """One item as it is from some instant on."""

    code: str
    name: str
    short_name: str
    type: ItemType
    nature: ItemNature
    category: ItemCategory = ItemCategory.APPROVAL
    department: str
    level: ItemLevel = ItemLevel.CITY
    status: ItemStatus = ItemStatus.ACTIVE
    devolved_to: str = ""
    devolved_on: date | None = None
    national_code: str = ""
    themes: tuple[ItemTheme, ...] = ()
    audience: tuple[ItemAudience, ...] = ()
    kind: ItemKind
    basis: tuple[Basis, ...]
    conditions: tuple[str, ...]
    process: str = ""
    materials: tuple[Material, ...]
    statutory: StatutoryLimit
    promised: int
    correction: CorrectionLimit = field(default_factory=CorrectionLimit)
    stages: tuple[int, int, int, int]
    counter_minutes: int | None = None
    survey: bool = False
    expert: bool = False
    collective: bool = False
    hearing: bool = False
    limited: bool = False
    procedures: tuple[Procedure, ...] = ()
    extension: ExtensionRule = field(default_factory=ExtensionRule)
    tacit: TacitLevel = TacitLevel.NONE
    tacit_basis: str = ""
    lock: LockGround | None = None
    lock_reason: str = ""
    fees: tuple[str, ...] = ()
    fee_statement: str = ""
    fee_basis: str = ""
    result: Result
    renewal_days: int | None = None
    windows: tuple[str, ...] = ()
    board: ItemBoard = ItemBoard.APPROVAL
    channels: tuple[ItemChannel, ...] = ()
    visits: int = 1
    complaints: tuple[Complaint, ...]
    agency: bool = True
    green_channel: bool = True
    exceptions: tuple[ExceptionNote, ...] = ()
    remarks: tuple[str, ...] = ()  # 特别说明 for the applicant
    fields: tuple[FormField, ...] = ()
    to_confirm: tuple[str, ...] = ()  # 待核定: what a department still has to confirm; not in the guide

    @property
    def immediate(self) -> bool:
        """即办件."""
        return self.kind is ItemKind.IMMEDIATE

    @property
    def licence(self) -> bool:
        """行政许可."""
        return self.type is ItemType.LICENSE


def card_data(card: ItemCard) -> dict[str, Any]:
    """The card as plain data, in the order of its fields; what says no more than the default is left out."""
    data = {name: _plain(value) for name, value in asdict(card).items()}
    return {name: value for name, value in data.items() if name in ALWAYS or value not in EMPTY}


ALWAYS = frozenset(
    "code name short_name type nature department kind basis conditions materials promised stages".split()
)
EMPTY: tuple[Any, ...] = (None, "", [], {})


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain for name, one in value.items() if (plain := _plain(one)) not in EMPTY or name == "value"}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
