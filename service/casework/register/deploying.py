"""Item files (`processes/items/NNN-TT-NNN.json`) become versions of the register, all of them or none.

A file that was deployed before and has not changed since makes nothing: what was changed in pages meanwhile stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import orjson

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.register.agreeing import in_circles, new_circles
from service.casework.register.effects import tell_effect
from service.casework.register.rights import DEPLOYERS
from service.casework.register.rows import Source, card_of, digest_of, published_row
from service.engine.facts import Resource
from service.rules.item_checks import check_card, check_change
from service.rules.item_reading import read_leniently
from service.rules.items import ItemCard
from service.rules.refusals import Conflict, FieldProblem, Forbidden, Invalid
from service.rules.sentences import Sentence
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.register import VersionRow

FILE = re.compile(r"[0-9]{3}-[A-Z]{2}-[0-9]{3}\.json", re.ASCII)
LARGEST = 256 * 1024  # bytes of one file
NOT_JSON = Sentence("文件不是 UTF-8 的 JSON 对象，或者超过 256 KB。")
OTHER_NAME = Sentence("文件名应为事项编码 {item}。")
TWICE = Sentence("事项 {item} 有两个文件。")


@dataclass(frozen=True, kw_only=True)
class ItemFinding:
    """What is wrong with a file, with the field it stands in."""

    file: str
    problem: FieldProblem

    @property
    def sentence(self) -> str:
        """In Chinese."""
        return self.problem.sentence()


@dataclass(frozen=True, kw_only=True)
class DeployedItems:
    """Which versions were made (code, number), and how many files say what is there already."""

    made: tuple[tuple[str, int], ...]
    unchanged: int
    effective_from: datetime


def is_item_file(name: str) -> bool:
    """Whether a file of a deployment is an item card: it is named by the item's code."""
    return FILE.fullmatch(PurePosixPath(name).name) is not None


def read_item_files(files: Sequence[Resource]) -> tuple[dict[str, ItemCard], tuple[ItemFinding, ...]]:
    """The cards of files by code, and everything that is wrong with them. Needs no database."""
    cards: dict[str, ItemCard] = {}
    findings: list[ItemFinding] = []
    for file in files:
        data = _parsed(file.content)
        if data is None:
            findings.append(_finding(file.name, "file", "ITEM_FILE", NOT_JSON))
            continue
        card, problems = read_leniently(data)
        problems = problems or check_card(card)
        findings += [ItemFinding(file=file.name, problem=one) for one in problems]
        stem = PurePosixPath(file.name).stem
        if card.code and card.code != stem:
            findings.append(_finding(file.name, "code", "ITEM_FILE_NAME", OTHER_NAME, item=card.code))
        if card.code in cards:
            findings.append(_finding(file.name, "code", "ITEM_FILE_TWICE", TWICE, item=card.code))
        cards[card.code] = card
    names = {PurePosixPath(file.name).stem: file.name for file in files}
    findings += [ItemFinding(file=names[code], problem=one) for code, one in in_circles(cards.values(), names)]
    return cards, tuple(findings)


def refuse_bad_items(files: Sequence[Resource]) -> None:
    """Refused: Invalid ITEMS_REFUSED with the findings as details. Needs no database."""
    _refuse(read_item_files(files)[1])


def deploy_items(
    office: Office,
    actor: Actor,
    files: Sequence[Resource],
    *,
    effective_from: datetime | None = None,
    note: str | None = None,
) -> DeployedItems:
    """New versions of the items whose files are new or have changed, in force at once or from an instant on.

    Refused: Forbidden NOT_GRANTED; Invalid ITEMS_REFUSED with the findings as details, ITEM_EFFECTIVE_PAST;
    Conflict ITEM_EFFECTIVE_ORDER.
    """
    if not actor.has(*DEPLOYERS):
        raise Forbidden("NOT_GRANTED", "只有业务科、流程设计员和系统管理员可以部署事项。")
    cards, findings = read_item_files(files)
    _refuse(findings)
    with office.transaction() as records:
        records.deployments.lock()
        return _Deployment(records, actor, cards).make(effective_from, (note or "").strip()[:2000])


def deploy_items_within(records: Records, actor: Actor, files: Sequence[Resource], *, note: str) -> DeployedItems:
    """The same inside a transaction that has other things to do, of a package: every file makes a version. Refused: as `deploy_items`."""
    if not actor.has(*DEPLOYERS):
        raise Forbidden("NOT_GRANTED", "只有业务科、流程设计员和系统管理员可以部署事项。")
    cards, findings = read_item_files(files)
    _refuse(findings)
    records.deployments.lock()
    return _Deployment(records, actor, cards).make(None, note, source=Source.IMPORT)


def new_cards(office: Office, files: Sequence[Resource]) -> tuple[ItemCard, ...]:
    """The cards of files that would become versions: new ones, and those that have changed since they were deployed."""
    cards = read_item_files(files)[0]
    with office.reading() as records:
        return tuple(_changed(records, cards))


class _Deployment:
    """One set of files inside a transaction that no other deployment shares."""

    def __init__(self, records: Records, actor: Actor, cards: Mapping[str, ItemCard]) -> None:
        self.records, self.actor, self.cards = records, actor, cards

    def make(self, effective_from: datetime | None, note: str, *, source: Source = Source.FILE) -> DeployedItems:
        register, now = self.records.register, self.records.now
        at = check_effect(now, effective_from)
        changed = _changed(self.records, self.cards) if source is Source.FILE else list(self.cards.values())
        latest = register.latest([card.code for card in changed])
        _refuse(
            ItemFinding(file=f"{card.code}.json", problem=problem)
            for card in changed
            for problem in check_change(card_of(latest[card.code]) if card.code in latest else None, card)
        )
        _refuse(ItemFinding(file=f"{code}.json", problem=one) for code, one in new_circles(self.records, changed))
        known = register.codes()
        register.add_items({card.code: card.department for card in changed if card.code not in known})
        rows = []
        for card in changed:
            check_order(latest.get(card.code), at)
            rows.append(
                published_row(
                    card,
                    known.get(card.code, 0) + 1,
                    source=source,
                    by=self.actor.username,
                    at=now,
                    effective_from=at,
                    note=note,
                )
            )
        register.add(rows)
        tell_effect(self.records, rows)
        if rows:
            detail = {"items": {row.code: row.version for row in rows}, "from": at.isoformat(), "note": note}
            self.records.ledger.write(LedgerAction.ITEMS_DEPLOYED, self.actor.username, None, detail)
        made = tuple((row.code, row.version or 0) for row in rows)
        return DeployedItems(made=made, unchanged=len(self.cards) - len(rows), effective_from=at)


def _changed(records: Records, cards: Mapping[str, ItemCard]) -> list[ItemCard]:
    filed = records.register.latest_from(Source.FILE, cards)
    return [card for code, card in cards.items() if code not in filed or filed[code].digest != digest_of(card)]


def check_effect(now: datetime, wanted: datetime | None) -> datetime:
    """The instant from which a version is in force; now when none is given. Refused: ITEM_EFFECTIVE_PAST."""
    if wanted is None:
        return now
    if wanted < now:
        problem = FieldProblem(field="effective_from", code="ITEM_EFFECTIVE_PAST", text=PAST.text)
        raise Invalid("ITEM_EFFECTIVE_PAST", PAST.text, fields=(problem,))
    return wanted


PAST = Sentence("生效时间不能早于现在：已经受理的办件按当时的版本办理。")


def check_order(latest: VersionRow | None, at: datetime) -> None:
    """A later version is not in force before an earlier one. Refused: Conflict ITEM_EFFECTIVE_ORDER."""
    if latest is not None and latest.effective_from is not None and at < latest.effective_from:
        raise Conflict(
            "ITEM_EFFECTIVE_ORDER",
            "事项 {item} 的第 {version} 版尚未生效，新版本的生效时间不能更早；请先撤回该版本。",
            item=latest.code,
            version=latest.version,
        )


def _refuse(findings: Any) -> None:
    found = tuple(findings)
    if found:
        first = f"{found[0].file} {found[0].problem.field}：{found[0].sentence}"
        raise Invalid(
            "ITEMS_REFUSED",
            "事项文件有 {count} 处错误，未部署。第一处：{first}",
            details=found,
            count=len(found),
            first=first,
        )


def _parsed(content: bytes) -> Mapping[str, Any] | None:
    if len(content) > LARGEST:
        return None
    try:
        found = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (orjson.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _finding(file: str, field: str, code: str, said: Sentence, **params: Any) -> ItemFinding:
    problem = FieldProblem(field=field, code=code, text=said.text, params=tuple(params.items()))
    return ItemFinding(file=file, problem=problem)
