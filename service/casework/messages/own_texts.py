"""The words of an installation changed: texts, signature, telephone numbers; every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from string import Formatter
from typing import TYPE_CHECKING

from service.casework.messages.channels import require_administrator
from service.casework.messages.wording import SETTING, SIGNED, Words, words_of
from service.rules.message_texts import PLACES, TEMPLATES, Template
from service.rules.messages import LIMIT, PERSONAL, check_templates, places, template, units
from service.rules.refusals import Conflict, Missing, Refusal, refuse
from service.rules.vocabulary import LedgerAction
from service.store.messages import TextRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

FACTS = {"hotline": 20, "hours": 12, "window": 3}  # units at most, as their places
LONGEST = 200
LONGEST_NOTE = 200


@dataclass(frozen=True, kw_only=True)
class TextView:
    """One template as it is now: its words, a sample with its length, the length of the longest real values."""

    template: Template
    text: str
    version: int
    sample: str
    length: int
    longest: int
    places: tuple[str, ...]

    @property
    def segments(self) -> int:
        """Short messages it is sent as: as many as its length fills, and a text may fill one only."""
        return -(-self.length // LIMIT)


@dataclass(frozen=True, kw_only=True)
class TextPage:
    """Every template, and what they all share."""

    texts: tuple[TextView, ...]
    signature: str
    facts: Mapping[str, str]
    limit: int = LIMIT


def text_page(office: Office, actor: Actor) -> TextPage:
    """Every template as it is now. Refused: Forbidden MESSAGES_FORBIDDEN."""
    require_administrator(actor)
    with office.reading() as records:
        words, own = words_of(records), records.messages.texts()
    texts = tuple(_view(one, words, own.get(one.code)) for one in TEMPLATES.values())
    return TextPage(texts=texts, signature=words.signature, facts=words.facts)


def one_text(office: Office, actor: Actor, code: str) -> tuple[TextView, tuple[TextRow, ...], datetime]:
    """One template, its versions, the newest first, and the instant they are seen at. Refused: Forbidden MESSAGES_FORBIDDEN, Missing MESSAGE_UNKNOWN."""
    require_administrator(actor)
    one = template(code)
    with office.reading() as records:
        words, own = words_of(records), records.messages.texts()
        return _view(one, words, own.get(code)), records.messages.versions(code), records.now


def text_preview(office: Office, actor: Actor, code: str, text: str) -> TextView:
    """A text as it would be sent; nothing is kept. Refused: what `change_text` refuses about the text."""
    require_administrator(actor)
    shipped = template(code)
    said = " ".join(text.split())
    with office.reading() as records:
        words = words_of(records)
    _check(replace(shipped, text=said), shipped, words.signature)
    return _view(shipped, replace(words, texts={code: said}), None)


def change_text(
    office: Office,
    actor: Actor,
    code: str,
    text: str,
    *,
    note: str,
    effective_at: datetime | None = None,
    seen: int,
) -> TextRow:
    """Give a template other words, at once or from an instant on. `seen`: the newest version when they were written.

    Refused: Forbidden MESSAGES_FORBIDDEN, Missing MESSAGE_UNKNOWN, Conflict TEXT_CHANGED, Invalid naming the field:
    TEXT_NOTE, TEXT_PAST, TEXT_SAME, TEXT_MISSING, TEXT_INVALID, MESSAGE_PLACE, MESSAGE_PERSONAL, MESSAGE_TOO_LONG.
    """
    require_administrator(actor)
    shipped = template(code)
    said, words = _reason("note", note), " ".join(text.split())

    def act() -> TextRow:
        with office.transaction() as records:
            if effective_at is not None and effective_at < records.now:
                raise refuse("effective_at", "TEXT_PAST", "生效时间应不早于现在。")
            versions = _newest(records, code, seen)
            if words == (versions[0].text if versions else shipped.text):
                raise refuse("text", "TEXT_SAME", "内容没有修改。")
            return _add(records, actor, shipped, words, said, effective_at or records.now, versions)

    return office.attempt(act)


def change_text_within(records: Records, actor: Actor, code: str, text: str, *, note: str) -> TextRow:
    """The same inside a transaction that has other things to do. Refused: as `change_text` refuses about the text."""
    require_administrator(actor)
    said, versions = _reason("note", note), records.messages.versions(code)
    return _add(records, actor, template(code), " ".join(text.split()), said, records.now, versions)


def restore_text(office: Office, actor: Actor, code: str, version: int, *, note: str, seen: int) -> TextRow:
    """An earlier version (0: the shipped words) is said again at once, as a new version; what was to come is overtaken.

    Refused: Forbidden MESSAGES_FORBIDDEN, Missing MESSAGE_UNKNOWN, TEXT_NOT_FOUND, Conflict TEXT_CHANGED, TEXT_IN_EFFECT,
    Invalid TEXT_NOTE, and what `change_text` refuses about a text that does not fit any more.
    """
    require_administrator(actor)
    shipped = template(code)
    said = _reason("reason", note)

    def act() -> TextRow:
        with office.transaction() as records:
            versions = _newest(records, code, seen)
            text = {0: shipped.text, **{row.version: row.text for row in versions}}.get(version)
            if text is None:
                raise Missing("TEXT_NOT_FOUND", "没有这个版本。")
            now = records.messages.texts().get(code)
            if version == seen == (now.version if now is not None else 0):
                raise Conflict("TEXT_IN_EFFECT", "该版本就是现行版本。")
            return _add(records, actor, shipped, text, said, records.now, versions, restored=version)

    return office.attempt(act)


def change_signature(office: Office, actor: Actor, signature: str, facts: Mapping[str, str]) -> None:
    """Sign otherwise; other telephone number, hours and window. All templates must stay short messages.

    Refused: Forbidden MESSAGES_FORBIDDEN, Invalid naming the field: TEXT_INVALID, MESSAGE_TOO_LONG.
    """
    require_administrator(actor)
    signed = "".join(signature.split())
    if not 2 <= units(signed) <= 12 or not signed.isprintable() or any(one in "【】{}" for one in signed):
        raise refuse("signature", "TEXT_INVALID", "签名应为 2 至 12 个字，不含括号。")
    kept = {name: " ".join(facts.get(name, "").split()) for name in FACTS}
    for name, value in kept.items():
        most = units(PLACES[name].longest)
        if not value.isprintable() or not 0 < units(value) <= most or any(one in "【】{}" for one in value):
            raise refuse(name, "TEXT_INVALID", "应为 1 至 {most} 个字，不含括号。", most=most)

    def act() -> None:
        with office.transaction() as records:
            words = words_of(records)
            own_words = [replace(one, text=words.texts.get(one.code, one.text)) for one in TEMPLATES.values()]
            later = [replace(TEMPLATES[row.code], text=row.text) for row in records.messages.texts_to_come()]
            for own in (*own_words, *later):
                _within("signature", lambda own=own: check_templates([own], signature=signed))
            versions = records.messages.versions(SIGNED)
            version = versions[0].version + 1 if versions else 1
            records.messages.add_text(
                TextRow(code=SIGNED, version=version, text=signed, changed_at=records.now, changed_by=actor.username)
            )
            records.settings.put(SETTING, kept)
            records.ledger.write(
                LedgerAction.MESSAGE_TEXT_CHANGED, actor.username, SIGNED, {"version": version, "text": signed, **kept}
            )

    office.attempt(act)


def _check(own: Template, shipped: Template, signature: str) -> None:
    """Known places only, those this message knows; at most one short message."""
    if not own.text:
        raise refuse("text", "TEXT_MISSING", "请填写内容。")
    if len(own.text) > LONGEST or not own.text.isprintable() or any(one in own.text for one in "【】"):
        raise refuse("text", "TEXT_INVALID", "内容不能包含【】，也不能超过 {most} 个字。", most=LONGEST)
    if any(one.search(own.text) for one in PERSONAL):
        raise refuse("text", "MESSAGE_PERSONAL", "内容含有个人信息（证件号、手机号、卡号或邮箱），不得使用。")
    try:
        found = [part for part in Formatter().parse(own.text) if part[1] is not None]
        plain = all(name and not spec and conversion is None for _, name, spec, conversion in found)
    except ValueError:
        found, plain = [], False
    if not plain or "{{" in own.text or "}}" in own.text:
        raise refuse("text", "TEXT_INVALID", "花括号应成对出现，里面写内容的名称，例如 {sample}。", sample="{item}")
    foreign = sorted({str(name) for _, name, _, _ in found} - places(shipped.text))
    if foreign:
        raise refuse("text", "MESSAGE_PLACE", "本消息没有内容 {name}。", name=foreign[0])
    _within("text", lambda: check_templates([own], signature=signature))


def _within(field: str, check: object) -> None:
    """The same refusal, naming the field."""
    try:
        check()  # type: ignore[operator]
    except Refusal as refusal:
        raise refuse(field, refusal.code, refusal.text, **dict(refusal.params)) from None


def _reason(field: str, note: str) -> str:
    said = " ".join(note.split())
    if not 2 <= len(said) <= LONGEST_NOTE or not said.isprintable():
        raise refuse(field, "TEXT_NOTE", "请写明为什么修改，二至{most}个字。", most=LONGEST_NOTE)
    return said


def _newest(records: Records, code: str, seen: int) -> tuple[TextRow, ...]:
    """The versions of a text, when the newest one is still the one that was seen."""
    versions = records.messages.versions(code)
    if (versions[0].version if versions else 0) != seen:
        raise Conflict("TEXT_CHANGED", "该模板在您修改期间已由他人修改，请刷新后再改。")
    return versions


def _add(
    records: Records,
    actor: Actor,
    shipped: Template,
    text: str,
    said: str,
    effective_at: datetime,
    versions: tuple[TextRow, ...],
    **more: int,
) -> TextRow:
    _check(replace(shipped, text=text), shipped, words_of(records).signature)
    row = TextRow(
        code=shipped.code,
        version=(versions[0].version if versions else 0) + 1,
        text=text,
        changed_at=records.now,
        changed_by=actor.username,
        note=said,
        effective_at=effective_at,
    )
    records.messages.add_text(row)
    detail = {"version": row.version, "text": text, "note": said, "effective": effective_at.isoformat(), **more}
    records.ledger.write(LedgerAction.MESSAGE_TEXT_CHANGED, actor.username, shipped.code, detail)
    return row


def _view(one: Template, words: Words, own: TextRow | None) -> TextView:
    text = words.texts.get(one.code, one.text)
    names = tuple(sorted(places(text)))
    offered = tuple(sorted(places(one.text)))
    signed = f"【{words.signature}】"
    sample = signed + text.format(**{name: PLACES[name].sample for name in names})
    longest = signed + text.format(**{name: PLACES[name].longest for name in names})
    return TextView(
        template=one,
        text=text,
        version=own.version if own is not None else 0,
        sample=sample,
        length=units(sample),
        longest=units(longest),
        places=offered,
    )
