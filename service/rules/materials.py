"""Materials (申报材料): lines of an item's checklist, where each comes from, what counts as handed in, what may be reused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

CHECKLIST = "materials"  # the field of an item's form whose values are the lines
SUBJECT = ("applicant_uscc", "owner_uscc", "applicant_id_no", "id_no")  # variables that say whose case it is


class Source(StrEnum):
    """Who brings a material; the mark at the end of its line."""

    FORM = "FORM"  # 表: filled in here
    SHARED = "SHARED"  # 共: taken from the shared base, not to be asked for
    APPLICANT = "APPLICANT"  # 自: the applicant
    THIRD_PARTY = "THIRD_PARTY"  # 中: an intermediary


class Origin(StrEnum):
    """How a version came."""

    SCAN = "SCAN"  # scanned at the window
    UPLOAD = "UPLOAD"  # a file from outside, or a picture taken with a telephone
    SHARED = "SHARED"  # from the shared base
    EARLIER = "EARLIER"  # from an earlier case of the same applicant
    SIBLING = "SIBLING"  # from another item of the same case


class Verdict(StrEnum):
    """What the virus scanner said."""

    UNSCANNED = "UNSCANNED"  # there is no scanner
    PENDING = "PENDING"  # it could not be asked yet: quarantined
    CLEAN = "CLEAN"
    INFECTED = "INFECTED"


class LineState(StrEnum):
    """How far a line is."""

    MISSING = "MISSING"  # 待提交
    WAITING = "WAITING"  # 待共享: the base has not been asked with success yet
    QUARANTINED = "QUARANTINED"  # 隔离
    SUBMITTED = "SUBMITTED"  # 已提交
    SHARED = "SHARED"  # 已共享获取
    SEEN = "SEEN"  # 原件已核
    EXAMINED = "EXAMINED"  # 已审查


READABLE = frozenset({Verdict.UNSCANNED, Verdict.CLEAN})
MARKS = {"表": Source.FORM, "共": Source.SHARED, "自": Source.APPLICANT, "中": Source.THIRD_PARTY}
LINE = re.compile(r"(?P<name>.+?)[(（](?P<mark>[表共自中](?:/[表共自中])*)[)）]\s*")
SAME = {  # names under which lines ask for the same document of the same applicant
    "企业营业执照": "营业执照",
    "身份/营业执照": "营业执照",
    "规划许可证": "建设工程规划许可证",
    "用地批准/用地规划许可证": "建设用地规划许可证",
    "用地批准手续": "建设用地规划许可证",
    "施工图审查合格书": "施工图设计文件审查合格书",
    "契税完税信息": "完税证明或免税证明",
}


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One line of a checklist as the form writes it. `text` is what answers of the form say."""

    text: str
    name: str
    source: Source

    @property
    def kind(self) -> str:
        """What it is, whoever asks for it."""
        return kind_of(self.name)


def read_line(text: str) -> Listed:
    """`营业执照(共)` → name and source. Without a mark, or with a choice, the applicant may be asked for it."""
    found = LINE.fullmatch(text.strip())
    if found is None:
        return Listed(text=text, name=text.strip(), source=Source.APPLICANT)
    mark = found["mark"]
    return Listed(text=text, name=found["name"].strip(), source=MARKS.get(mark, Source.APPLICANT))


def checklist_of(schemas: Iterable[Mapping[str, Any]]) -> tuple[Listed, ...]:
    """The lines of the first form that lists materials; empty when none does."""
    for schema in schemas:
        for component in _components(schema):
            if component.get("key") == CHECKLIST and component.get("type") == "checklist":
                texts = [str(one.get("value") or "") for one in component.get("values") or ()]
                lines = {line.name: line for line in map(read_line, filter(str.strip, texts))}
                return tuple(lines.values())
    return ()


def kind_of(name: str) -> str:
    """The document a line asks for: its name without remarks, by the one name all lines share."""
    plain = re.sub(r"[(（][^()（）]*[)）]", "", unicodedata.normalize("NFC", name)).strip()
    return SAME.get(plain, plain)


def subject_of(variables: Mapping[str, Any]) -> str | None:
    """Whose case it is: a credit code or an identity number, None when the case does not say."""
    for name in SUBJECT:
        value = variables.get(name)
        if isinstance(value, str) and (code := value.strip().upper()) and re.fullmatch(r"[0-9A-Z]{15,18}", code):
            return code
    return None


def is_valid(valid_to: date | None, today: date) -> bool:
    """Whether a document may still be used; on the last day it may."""
    return valid_to is None or valid_to >= today


def line_state(
    source: Source,
    *,
    verdict: Verdict | None,
    origin: Origin | None,
    seen: bool,
    examined: bool,
    reference: bool,
    trouble: bool,
) -> LineState:
    """The state of a line. `verdict` and `origin`: of its current version, None without one; `seen`, `examined`: that
    version; `reference`: verified in the shared base without a file; `trouble`: the base could not give it.
    """
    if verdict is not None and verdict not in READABLE:
        return LineState.QUARANTINED
    if examined:
        return LineState.EXAMINED
    if seen:
        return LineState.SEEN
    if origin is Origin.SHARED or (verdict is None and reference):
        return LineState.SHARED
    if verdict is not None:
        return LineState.SUBMITTED
    return LineState.WAITING if source is Source.SHARED and not trouble else LineState.MISSING


def _components(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for component in schema.get("components") or ():
        yield component
        yield from _components(component)
