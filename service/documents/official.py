"""文书: official documents from the kinds of `rules.document_kinds`, each with a template of its own.

They are Chinese whatever the reader's language (《国家通用语言文字法》 art. 9), so their words stand in the templates. The same
document is the same file, byte for byte; its SM3 is what the verification page compares.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any

import segno

from service.documents.papers import environment
from service.documents.press import photographed, press
from service.rules.document_kinds import DocumentKind, Fact, FactKind, Remedy, document_kind, read_facts
from service.rules.hashes import sm3
from service.rules.money import in_capitals, yuan
from service.rules.worktime import SHANGHAI

PNG = b"\x89PNG\r\n\x1a\n"
ABSENT = "—"
FOLDER_OF_KINDS = Path(__file__).parent / "templates" / "official"


class DocumentState(StrEnum):
    """What a printed document is worth; all but ISSUED say so across the page."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    VOID = "VOID"


MARKS = {DocumentState.DRAFT: "草稿 不具效力", DocumentState.ISSUED: "", DocumentState.VOID: "作废"}


@dataclass(frozen=True, kw_only=True)
class DocumentHead:
    """What every document begins and ends with. Empty: left out. `authority`: its full name; `verify_url`: in the QR code."""

    authority: str
    number: str = ""
    issued_on: date | None = None
    case_number: str = ""  # 受理号 as shown, or 收件号
    query_code: str = ""
    applicant: str = ""
    item: str = ""
    item_code: str = ""
    contact: str = ""
    supervision: str = ""
    verify_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """The PDF of a document and its SM3."""

    pdf: bytes
    hash: str


SAMPLE_HEAD = DocumentHead(
    authority="示例机关",
    number="示例政服收〔2026〕00042号",
    issued_on=date(2026, 3, 19),
    case_number="990100-20260316-104-00042-0",
    query_code="K7M2QP",
    applicant="云溪华印制罐有限公司",
    item="建筑工程施工许可证核发",
    item_code="104-XK-001",
    contact="12号窗口",
    supervision="监督科",
)


def print_document(
    code: str,
    head: DocumentHead,
    data: Mapping[str, Any],
    *,
    made_at: datetime,
    state: DocumentState = DocumentState.ISSUED,
    reprint: int = 0,
    seal: bytes = b"",
    body: str | None = None,
) -> Printed:
    """Print a document. `reprint`: the nth copy printed again (补打); `seal`: the PNG of the authority's seal, else the place for it;
    `body`: the template to use in the place of the shipped one, already examined.

    Refused: DOCUMENT_KIND, DOCUMENT_FACTS.
    """
    html = written_document(code, head, data, made_at=made_at, state=state, reprint=reprint, seal=seal, body=body)
    pdf = press(html, made_at)
    return Printed(pdf=pdf, hash=sm3(pdf))


def photograph_document(
    code: str,
    head: DocumentHead,
    data: Mapping[str, Any],
    *,
    made_at: datetime,
    state: DocumentState = DocumentState.ISSUED,
    seal: bytes = b"",
    body: str | None = None,
) -> tuple[bytes, ...]:
    """The same document as pictures of its pages. Refused: DOCUMENT_KIND, DOCUMENT_FACTS."""
    return photographed(written_document(code, head, data, made_at=made_at, state=state, seal=seal, body=body))


def preview(code: str, *, made_at: datetime, body: str | None = None) -> Printed:
    """A kind with sample facts, as a draft: what designers see of a template. Refused: DOCUMENT_KIND."""
    document_kind(code)
    return print_document(code, SAMPLE_HEAD, samples()[code], made_at=made_at, state=DocumentState.DRAFT, body=body)


def photograph_preview(code: str, *, made_at: datetime, body: str | None = None) -> tuple[bytes, ...]:
    """The same as pictures of its pages. Refused: DOCUMENT_KIND."""
    document_kind(code)
    return photograph_document(
        code, SAMPLE_HEAD, samples()[code], made_at=made_at, state=DocumentState.DRAFT, body=body
    )


@cache
def samples() -> Mapping[str, Mapping[str, Any]]:
    """Sample facts of every kind."""
    found: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "samples.json").read_text("utf-8"))
    return found


def written_document(
    code: str,
    head: DocumentHead,
    data: Mapping[str, Any],
    *,
    made_at: datetime,
    state: DocumentState = DocumentState.ISSUED,
    reprint: int = 0,
    seal: bytes = b"",
    body: str | None = None,
) -> str:
    """The HTML the press gets. Refused: DOCUMENT_KIND, DOCUMENT_FACTS."""
    kind = document_kind(code)
    facts = read_facts(kind, data)
    if seal and not seal.startswith(PNG):
        raise ValueError("expected the seal as PNG")
    shelf = environment()
    template = shelf.get_template(f"official/{kind.template}.j2") if body is None else shelf.from_string(body)
    return template.render(
        kind=kind,
        head=head,
        label={fact.name: fact.label for fact in kind.facts},
        value=partial(_named, kind, facts),
        columns=partial(_columns, kind),
        cell=shown,
        chinese=chinese_day,
        capitals=in_capitals,
        mark=MARKS[state],
        reprint=reprint,
        made_at=_instant(made_at),
        qr=qr_code(head.verify_url) if head.verify_url else "",
        seal=base64.b64encode(seal).decode("ascii"),
        review=kind.remedy is Remedy.REVIEW,
        appeal=kind.remedy is Remedy.APPEAL,
        **facts,
    )


def shown(fact: Fact, value: Any) -> str:
    """A fact as it is printed."""
    if value is None:
        return ABSENT
    match fact.kind:
        case FactKind.DATE:
            return chinese_day(value)
        case FactKind.INSTANT:
            return _instant(value)
        case FactKind.MONEY:
            return yuan(Decimal(value))
        case FactKind.YES_NO:
            return "是" if value else "否"
        case FactKind.LIST:
            return "；".join(value)
    return str(value)


def chinese_day(day: date) -> str:
    """`2026年3月19日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def _named(kind: DocumentKind, facts: Mapping[str, Any], name: str) -> str:
    return shown(_fact(kind, name), facts[name])


def _columns(kind: DocumentKind, name: str) -> tuple[Fact, ...]:
    return _fact(kind, name).columns


def _fact(kind: DocumentKind, name: str) -> Fact:
    """Raises KeyError for what is no fact of the kind."""
    return {fact.name: fact for fact in kind.facts}[name]


def _instant(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{chinese_day(local.date())} {local:%H:%M}"


def qr_code(text: str) -> str:
    """A QR code as a drawing inside a page."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, nl=False, border=4, omitsize=True)
    return drawing.getvalue().decode("utf-8")
