"""An item card from plain data (a file, a page, a spreadsheet): every wrong field is told by its path, none hides another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, cast

from service.rules import item_words as words
from service.rules.clocks import PauseKind
from service.rules.deferrals import MOST_DAYS
from service.rules.fees import BasisLevel
from service.rules.items import (
    CODE,
    Basis,
    Complaint,
    CorrectionLimit,
    ExceptionNote,
    ExtensionRule,
    FormField,
    ItemCard,
    Material,
    Procedure,
    Result,
    StatutoryLimit,
)
from service.rules.promises import StartRule
from service.rules.refusals import FieldProblem, Invalid
from service.rules.sentences import Sentence
from service.rules.tacit import TacitLevel

MOST = 60  # entries of one list
MISSING = Sentence("请填写。")
TOO_LONG = Sentence("最多 {most} 个字，现为 {length} 个。")
NOT_TEXT = Sentence("应为文字。")
NOT_WHOLE = Sentence("应为 {least} 到 {most} 的整数。")
NOT_ONE_OF = Sentence("应为 {choices} 之一，现为“{value}”。")
NOT_YES_NO = Sentence("应为是或否。")
NOT_A_LIST = Sentence("应为列表，最多 {most} 项。")
NOT_AN_ENTRY = Sentence("应为带字段的一组内容。")
NOT_A_DATE = Sentence("应为日期（YYYY-MM-DD）。")
UNKNOWN = Sentence("没有这个字段。")
BAD_CODE = Sentence("事项编码应形如 104-XK-001。")
BAD_KEY = Sentence("应以小写字母开头，只用小写字母、数字和下划线。")
TWICE = Sentence("“{value}”重复。")
_PROCESS = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_DEPARTMENT = re.compile(r"[0-9]{3}", re.ASCII)
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]")

Word = TypeVar("Word", bound=StrEnum)
Entry = TypeVar("Entry")


def read_card(data: Any) -> ItemCard:
    """The card. Refused: ITEM_INVALID with every wrong field as `materials[2].name`."""
    card, problems = read_leniently(data)
    if problems:
        raise items_invalid(problems)
    return card


def read_leniently(data: Any) -> tuple[ItemCard, tuple[FieldProblem, ...]]:
    """The card as far as it can be read, and what is wrong; wrong fields hold something harmless."""
    reader = _Reader(data, "", [])
    card = _card(reader)
    return card, tuple(reader.problems)


def items_invalid(problems: Sequence[FieldProblem]) -> Invalid:
    """The refusal of a card with problems."""
    return Invalid("ITEM_INVALID", "事项有 {count} 处不正确。", fields=tuple(problems), count=len(problems))


def _card(at: _Reader) -> ItemCard:
    card = ItemCard(
        code=at.text("code", 10, pattern=CODE, otherwise=BAD_CODE),
        name=at.text("name", 100),
        short_name=at.text("short_name", 8),
        type=at.word("type", words.ItemType, words.ItemType.OTHER),
        nature=at.word("nature", words.ItemNature, words.ItemNature.APPROVAL),
        category=at.word("category", words.ItemCategory, words.ItemCategory.APPROVAL, optional=True),
        department=at.text("department", 3, pattern=_DEPARTMENT, otherwise=BAD_CODE),
        level=at.word("level", words.ItemLevel, words.ItemLevel.CITY, optional=True),
        status=at.word("status", words.ItemStatus, words.ItemStatus.ACTIVE, optional=True),
        devolved_to=at.text("devolved_to", 60, optional=True),
        devolved_on=at.day("devolved_on"),
        national_code=at.text("national_code", 40, optional=True),
        themes=at.words("themes", words.ItemTheme),
        audience=at.words("audience", words.ItemAudience),
        kind=at.word("kind", words.ItemKind, words.ItemKind.PROMISED),
        basis=at.entries("basis", _basis),
        conditions=at.texts("conditions", 500),
        process=at.text("process", 100, optional=True, pattern=_PROCESS),
        materials=at.entries("materials", _material),
        statutory=_statutory(at.entry("statutory")),
        promised=at.whole("promised", most=999),
        correction=_correction(at.entry("correction", optional=True)),
        stages=at.stages("stages"),
        counter_minutes=at.number("counter_minutes", least=1, most=480),
        survey=at.flag("survey"),
        expert=at.flag("expert"),
        collective=at.flag("collective"),
        hearing=at.flag("hearing"),
        limited=at.flag("limited"),
        procedures=at.entries("procedures", _procedure),
        extension=_extension(at.entry("extension", optional=True)),
        tacit=at.word("tacit", TacitLevel, TacitLevel.NONE, optional=True),
        tacit_basis=at.text("tacit_basis", 500, optional=True),
        lock=at.maybe_word("lock", words.LockGround),
        lock_reason=at.text("lock_reason", 200, optional=True),
        fees=at.texts("fees", 40),
        fee_statement=at.text("fee_statement", 200, optional=True),
        fee_basis=at.text("fee_basis", 200, optional=True),
        result=_result(at.entry("result")),
        renewal_days=at.number("renewal_days", least=1, most=365),
        windows=at.texts("windows", 10),
        board=at.word("board", words.ItemBoard, words.ItemBoard.APPROVAL, optional=True),
        channels=at.words("channels", words.ItemChannel),
        visits=at.whole("visits", most=9, default=1),
        complaints=at.entries("complaints", _complaint),
        agency=at.flag("agency", default=True),
        green_channel=at.flag("green_channel", default=True),
        exceptions=at.entries("exceptions", _exception),
        remarks=at.texts("remarks", 500),
        fields=at.entries("fields", _field),
        to_confirm=at.texts("to_confirm", 500),
    )
    at.only(set(ItemCard.__dataclass_fields__))
    at.no_twice("materials", [one.name for one in card.materials], "name")
    at.no_twice("fields", [one.key for one in card.fields], "key")
    return card


def _basis(at: _Reader) -> Basis:
    at.only({"name", "article", "text", "level"})
    return Basis(
        name=at.text("name", 120),
        article=at.text("article", 60, optional=True),
        text=at.text("text", 1000, optional=True),
        level=at.word("level", BasisLevel, BasisLevel.NORMATIVE),
    )


def _material(at: _Reader) -> Material:
    at.only(
        {
            "name",
            "form",
            "source",
            "copies",
            "need",
            "condition",
            "shared_key",
            "reusable",
            "validity",
            "basis",
            "defer_days",
        }
    )
    form = at.word("form", words.MaterialForm, words.MaterialForm.ORIGINAL)
    return Material(
        name=at.text("name", 100),
        form=form,
        source=at.word("source", words.MaterialSource, words.MaterialSource.APPLICANT),
        copies=at.whole("copies", most=99, default=1),
        need=at.word("need", words.MaterialNeed, words.MaterialNeed.MANDATORY, optional=True),
        condition=at.text("condition", 200, optional=True),
        shared_key=at.text("shared_key", 60, optional=True),
        reusable=at.flag("reusable"),
        defer_days=at.number("defer_days", least=1, most=MOST_DAYS),
        validity=at.text("validity", 100, optional=True),
        basis=at.text("basis", 200),
    )


def _statutory(at: _Reader) -> StatutoryLimit:
    at.only({"value", "most", "unit", "start", "note"})
    return StatutoryLimit(
        value=at.whole("value", most=999, default=0),
        most=at.number("most", least=1, most=999),
        unit=at.word("unit", words.ItemLimitUnit, words.ItemLimitUnit.NONE),
        start=at.word("start", StartRule, StartRule.ACCEPTANCE, optional=True),
        note=at.text("note", 200, optional=True),
    )


def _correction(at: _Reader) -> CorrectionLimit:
    at.only({"value", "unit"})
    return CorrectionLimit(
        value=at.whole("value", most=30, default=5),
        unit=at.word("unit", words.ItemLimitUnit, words.ItemLimitUnit.WORKDAY, optional=True),
    )


def _procedure(at: _Reader) -> Procedure:
    at.only({"kind", "most", "unit", "excluded", "basis"})
    return Procedure(
        kind=at.word("kind", PauseKind, PauseKind.EXPERT),
        most=at.whole("most", most=365, default=0),
        unit=at.word("unit", words.ItemLimitUnit, words.ItemLimitUnit.WORKDAY, optional=True),
        excluded=at.flag("excluded", default=True),
        basis=at.text("basis", 200, optional=True),
    )


def _extension(at: _Reader) -> ExtensionRule:
    at.only({"most", "approver", "times"})
    return ExtensionRule(
        most=at.whole("most", most=60, default=10),
        approver=at.text("approver", 40, optional=True, pattern=_KEY, otherwise=BAD_KEY) or "dept_head",
        times=at.whole("times", most=3, default=1),
    )


def _result(at: _Reader) -> Result:
    at.only({"kind", "name", "months"})
    return Result(
        kind=at.word("kind", words.ResultKind, words.ResultKind.CERTIFICATE),
        name=at.text("name", 100),
        months=at.number("months", least=1, most=1200),
    )


def _complaint(at: _Reader) -> Complaint:
    at.only({"kind", "value"})
    return Complaint(kind=at.word("kind", words.ComplaintKind, words.ComplaintKind.PHONE), value=at.text("value", 200))


def _exception(at: _Reader) -> ExceptionNote:
    at.only({"reason", "text"})
    return ExceptionNote(
        reason=at.word("reason", words.ExceptionReason, words.ExceptionReason.COMPLEX),
        text=at.text("text", 300, optional=True),
    )


def _field(at: _Reader) -> FormField:
    at.only({"key", "label", "kind", "length", "choices", "unit", "hint"})
    return FormField(
        key=at.text("key", 40, pattern=_KEY, otherwise=BAD_KEY),
        label=at.text("label", 40),
        kind=at.word("kind", words.FieldKind, words.FieldKind.TEXT),
        length=at.number("length", least=1, most=4000),
        choices=at.texts("choices", 40),
        unit=at.text("unit", 20, optional=True),
        hint=at.text("hint", 200, optional=True),
    )


class _Reader:
    """One mapping of the data; what is wrong goes to `problems` under its path."""

    def __init__(self, data: Any, path: str, problems: list[FieldProblem], *, absent: bool = False) -> None:
        self.path, self.problems = path, problems
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping) and not absent:
            self._wrong("", "ITEM_FIELD_INVALID", NOT_AN_ENTRY)

    def text(
        self,
        name: str,
        most: int,
        *,
        optional: bool = False,
        pattern: re.Pattern[str] | None = None,
        otherwise: Sentence = NOT_TEXT,
    ) -> str:
        """A line of text, without what nobody can see."""
        return self._text(name, self.data.get(name), most, optional=optional, pattern=pattern, otherwise=otherwise)

    def _text(
        self,
        name: str,
        value: Any,
        most: int,
        *,
        optional: bool = False,
        pattern: re.Pattern[str] | None = None,
        otherwise: Sentence = NOT_TEXT,
    ) -> str:
        if value is None or (isinstance(value, str) and not value.strip()):
            if not optional:
                self._wrong(name, "ITEM_FIELD_MISSING", MISSING)
            return ""
        if not isinstance(value, str) or _HIDDEN.search(value):
            self._wrong(name, "ITEM_FIELD_INVALID", NOT_TEXT)
            return ""
        text = value.strip()
        if len(text) > most:
            self._wrong(name, "ITEM_TOO_LONG", TOO_LONG, most=most, length=len(text))
            return text[:most]
        if pattern is not None and not pattern.fullmatch(text):
            self._wrong(name, "ITEM_FIELD_INVALID", otherwise)
        return text

    def texts(self, name: str, most: int) -> tuple[str, ...]:
        """Several lines."""
        return tuple(self._text(f"{name}[{n}]", value, most) for n, value in enumerate(self._list(name)))

    def number(self, name: str, *, least: int, most: int) -> int | None:
        """A whole number, or nothing."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self._wrong(name, "ITEM_FIELD_INVALID", NOT_WHOLE, least=least, most=most)
            return None
        return value

    def whole(self, name: str, *, most: int, default: int | None = None) -> int:
        """A whole number of at least 0."""
        value = self.number(name, least=0, most=most)
        if value is None:
            if default is None and self.data.get(name) in (None, ""):
                self._wrong(name, "ITEM_FIELD_MISSING", MISSING)
            return default or 0
        return value

    def stages(self, name: str) -> tuple[int, int, int, int]:
        """Four numbers of half-days."""
        value = self.data.get(name)
        parts = tuple(value) if isinstance(value, (list, tuple)) else ()
        if len(parts) != 4 or not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 1000 for n in parts):
            self._wrong(name, "ITEM_FIELD_INVALID", STAGES_WRONG)
            return 0, 0, 0, 0
        return cast("tuple[int, int, int, int]", parts)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Yes or no."""
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            self._wrong(name, "ITEM_FIELD_INVALID", NOT_YES_NO)
            return default
        return value

    def day(self, name: str) -> date | None:
        """A date, or nothing."""
        value = self.data.get(name)
        if value in (None, ""):
            return None
        try:
            return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _no_date()
        except ValueError:
            self._wrong(name, "ITEM_FIELD_INVALID", NOT_A_DATE)
            return None

    def word(self, name: str, kinds: type[Word], otherwise: Word, *, optional: bool = False) -> Word:
        """One word of a closed list."""
        found = self._word(name, self.data.get(name), kinds, optional=optional)
        return otherwise if found is None else found

    def maybe_word(self, name: str, kinds: type[Word]) -> Word | None:
        """The same, or nothing."""
        return self._word(name, self.data.get(name), kinds, optional=True)

    def words(self, name: str, kinds: type[Word]) -> tuple[Word, ...]:
        """Several words, each once."""
        found = [self._word(f"{name}[{n}]", value, kinds) for n, value in enumerate(self._list(name))]
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def _word(self, name: str, value: Any, kinds: type[Word], *, optional: bool = False) -> Word | None:
        if value is None or value == "":
            if not optional:
                self._wrong(name, "ITEM_FIELD_MISSING", MISSING)
            return None
        if not isinstance(value, str) or value not in kinds.__members__:
            told = "、".join(kinds.__members__)
            self._wrong(name, "ITEM_FIELD_INVALID", NOT_ONE_OF, choices=told, value=str(value)[:40])
            return None
        return kinds(value)

    def entry(self, name: str, *, optional: bool = False) -> _Reader:
        """A group of fields."""
        value = self.data.get(name)
        if value is None and not optional:
            self._wrong(name, "ITEM_FIELD_MISSING", MISSING)
        return _Reader(value, f"{self._at(name)}.", self.problems, absent=value is None)

    def entries(self, name: str, read: Callable[[_Reader], Entry]) -> tuple[Entry, ...]:
        """Several groups."""
        return tuple(
            read(_Reader(value, f"{self._at(name)}[{n}].", self.problems)) for n, value in enumerate(self._list(name))
        )

    def only(self, known: set[str]) -> None:
        """Nothing else may be said: a misspelt field would be lost without a word."""
        for name in self.data:
            if name not in known:
                self._wrong(str(name)[:40], "ITEM_FIELD_UNKNOWN", UNKNOWN)

    def no_twice(self, name: str, values: Sequence[str], part: str) -> None:
        """The same value may not stand in a list twice."""
        for n, value in enumerate(values):
            if value and value in values[:n]:
                self._wrong(f"{name}[{n}].{part}", "ITEM_TWICE", TWICE, value=value)

    def _list(self, name: str) -> Sequence[Any]:
        value = self.data.get(name)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)) or len(value) > MOST:
            self._wrong(name, "ITEM_FIELD_INVALID", NOT_A_LIST, most=MOST)
            return ()
        return value

    def _at(self, name: str) -> str:
        return f"{self.path}{name}"

    def _wrong(self, name: str, code: str, said: Sentence, **params: Any) -> None:
        field = self._at(name).rstrip(".") or "card"
        self.problems.append(FieldProblem(field=field, code=code, text=said.text, params=tuple(params.items())))


STAGES_WRONG = Sentence("应为受理、审核、批准、发证四个半日数，例如 1、2、2、1。")


def _no_date() -> date:
    raise ValueError("not a date")
