"""审计记录 in words: what a line is about, and what was changed, without the names programs give to fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.web.instants import read_instant
from service.web.pages import labels, listing
from service.web.pages.item_words import STATUSES, VERSION_SOURCES
from service.web.pages.wording import instant, value_in_words

HIDDEN = frozenset(  # what only machines know something by
    {
        "sha256",
        "digest",
        "card",
        "certificate",
        "standard",
        "refund",
        "absence",
        "message",
        "seal",
        "case",
        "entry",
        "file",
        "batch",
        "plan",
        "draft",
        "notes",
        "based_on",
    }
)
WORDS: Mapping[str, Mapping[str, Any]] = {
    "act": {**labels.CARD_ACTS, **labels.CERTIFICATE_ACTS},
    "violation": labels.VIOLATIONS,
    "level": labels.CARD_LEVELS,
    "source": VERSION_SOURCES,
    "status": STATUSES,
    "state": labels.LEDGER_STATES,
    "changed": {"password": _("密码")},
    "format": {"xlsx": "XLSX", "csv": "CSV"},
    "powers": labels.POWERS,
    "methods": labels.SIGN_IN_METHODS,
    "kind": labels.FACTORS,
    "scopes": labels.TOKEN_SCOPES,
    "board": labels.BOARDS,
    "carrier": labels.ACT_NAMES,
}


def register(app: Flask) -> None:
    """Filters of the page and of a job's runs."""
    app.jinja_env.filters.update(ledger_subject=subject_words, ledger_detail=detail_words, job_result=job_words)


def subject_words(row: Any, more: Mapping[str, Any]) -> str:
    """What a line is about: a person, a department, a list, a job … by name."""
    subject = str(row.subject or "")
    if not subject:
        return "—"
    room = row.action.partition(":")[0]
    if room == "list":
        known = listing.lists().get(subject)
        return str(known.words) if known is not None else subject
    if room == "job":
        return str(labels.JOB_NAMES.get(subject, subject))
    if room == "window" or row.action == "posting:changed":
        return gettext("窗口 %(number)s", number=subject)
    if row.action == "message:text_changed":
        return str(labels.MESSAGE_EVENTS.get(subject, subject))
    if row.action == "channel:tried":
        return str(labels.CHANNELS.get(subject, subject))
    if room == "agenda":
        return str(labels.AGENDA_KINDS.get((row.detail or {}).get("kind", ""), gettext("日程事项")))
    if subject in more["names"]:
        return str(more["names"][subject])
    if subject in more["departments"]:
        return str(more["departments"][subject])
    return "—" if _is_id(subject) else subject


def detail_words(detail: Any, more: Mapping[str, Any] | None = None) -> str:
    """What a line says, field by field."""
    if not isinstance(detail, Mapping):
        return value_in_words(detail)
    return gettext("；").join(_fields(detail, more or {"names": {}, "departments": {}})) or "—"


def job_words(detail: Mapping[str, Any] | None) -> str:
    """What a run of a scheduled job came to."""
    return detail_words({name: value for name, value in (detail or {}).items() if name not in ("due", "next")})


def _fields(detail: Mapping[str, Any], more: Mapping[str, Any]) -> Iterable[str]:
    for name, value in detail.items():
        if name in HIDDEN or value in (None, "", [], {}):
            continue
        words = labels.LEDGER_FIELDS.get(name)
        said = _value(name, value, more)
        if said and said != "—":
            yield gettext("%(name)s：%(value)s", name=words if words is not None else name, value=said)


def _value(name: str, value: Any, more: Mapping[str, Any]) -> str:
    if isinstance(value, Mapping):
        said = gettext("、").join(_fields(value, more))
        return gettext("（%(said)s）", said=said) if said else ""
    if isinstance(value, (list, tuple)):
        return gettext("、").join(one for one in (_value(name, item, more) for item in value) if one)
    if isinstance(value, bool) or not isinstance(value, str):
        return value_in_words(value)
    if name in WORDS and value in WORDS[name]:
        return str(WORDS[name][value])
    if value in labels.ROLES:
        return str(labels.ROLES[value])
    if value in more["names"]:
        return str(more["names"][value])
    if name in ("department", "addressee", "from", "to") and value in more["departments"]:
        return str(more["departments"][value])
    if name == "kind" and value in labels.AGENDA_KINDS:
        return str(labels.AGENDA_KINDS[value])
    if _is_id(value):
        return ""
    moment = read_instant(value) if "T" in value and len(value) > 15 else None
    return instant(moment, year=True) if isinstance(moment, datetime) else value


def _is_id(text: str) -> bool:
    """A number only machines know something by."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
