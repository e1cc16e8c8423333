"""How templates say things: instants, lights, names, refusals; and what the frame around every page shows."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import Blueprint, Flask, g, request
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup, escape

from service.casework.calendars import calendar_warning
from service.casework.workbench import open_count, service_now
from service.rules.money import yuan
from service.rules.numbers import shown
from service.rules.proof import local_day
from service.rules.refusals import FieldProblem, Refusal
from service.rules.sentences import Sentence
from service.rules.worktime import SHANGHAI
from service.web.pages import labels, rights
from service.web.pages.language import LANGUAGES, chosen

CLOSE = 17  # hour the counters close


def register(app: Flask, pages: Blueprint, office: Any) -> None:
    """Filters and globals of all templates."""
    app.jinja_env.filters.update(
        groupby_order=in_order,
        urgent=urgent,
        instant=instant,
        day=day,
        due=due,
        left=left,
        say=say,
        problem=say_problem,
        value=value_in_words,
        marked=marked,
        told=told,
        acceptance=shown,
        yuan=yuan,
        only_shown=lambda row: office.settings.demo and row.error == "CHANNEL_MISSING",
    )
    app.jinja_env.tests["isodate"] = _is_iso_date
    app.jinja_env.globals.update(labels=labels, LANGUAGES=LANGUAGES, measure=measure, local_day=local_day)

    @app.context_processor
    def frame() -> dict[str, Any]:
        actor = current_user.actor if current_user and current_user.is_authenticated else None
        return {
            "actor": actor,
            "language": chosen(),
            "centre": centre_name(office),
            "demo": office.settings.demo,
            "may": rights.Rights(actor, demo=office.settings.demo) if actor else None,
            "now": _now(office),
            "clock_stands": office.clock_stands,
            "open_count": (lambda: open_count(office, actor)) if actor else (lambda: 0),
            "calendar_alarm": calendar_warning(office, actor) if actor else None,
            "duty": duty_of(actor) if actor else "",
            "here": request.endpoint,
        }


def centre_name(office: Any) -> str:
    """What the centre is called, in the language of the reader."""
    return gettext("云溪市政务服务中心") if office.settings.demo else gettext("政务服务中心")


def _now(office: Any) -> datetime:
    if "service_now" not in g:
        g.service_now = service_now(office)
    moment: datetime = g.service_now
    return moment


def say(refusal: Refusal) -> str:
    """A refusal in the language of the reader."""
    text = gettext(refusal.text)
    return text.format(**{name: _readable(value) for name, value in refusal.params.items()}) if refusal.params else text


def told(sentence: Sentence) -> str:
    """A sentence of the rules in the language of the reader."""
    return sentence.words(gettext)


def say_problem(problem: FieldProblem) -> str:
    """What is wrong with a field, in the language of the reader."""
    text = gettext(problem.text)
    return text.format(**{name: _readable(value) for name, value in problem.params}) if problem.params else text


def instant(moment: datetime | None, *, year: bool = False) -> str:
    """An instant as the counter's clock shows it; the year only when it is another one, or asked for."""
    if moment is None:
        return "—"
    local = moment.astimezone(SHANGHAI)
    current = g.get("service_now")
    same = current is not None and current.astimezone(SHANGHAI).year == local.year
    return local.strftime("%m-%d %H:%M" if same and not year else "%Y-%m-%d %H:%M")


def day(moment: datetime | None) -> str:
    """A date with its weekday."""
    if moment is None:
        return "—"
    local = moment.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d} {labels.WEEKDAYS[local.weekday()]}"


def due(moment: datetime | None, now: datetime) -> str:
    """Until when: 今天 17:00, 明天 12:00, else the date and time."""
    if moment is None:
        return gettext("未设时限")
    local, today = moment.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    days = (local.date() - today).days
    named = {-1: gettext("昨天"), 0: gettext("今天"), 1: gettext("明天")}.get(days)
    return f"{named} {local:%H:%M}" if named else f"{local:%m-%d} {labels.WEEKDAYS[local.weekday()]} {local:%H:%M}"


def measure(amount: float, unit: str) -> str:
    """So much of a limit, in its unit."""
    number = f"{amount:g}"
    if unit == "HALFDAY":
        return gettext("%(number)s 个半日", number=number)
    if unit == "HOUR":
        return gettext("%(number)s 小时", number=number)
    if unit == "CALENDAR":
        return gettext("%(number)s 个自然日", number=number)
    return gettext("%(number)s 个工作日", number=number)


def working_time(span: Any) -> str:
    """A span of working time in words."""
    number = f"{span.amount:g}"
    if span.unit == "day":
        return gettext("%(number)s 个工作日", number=number)
    if span.unit == "hour":
        return gettext("%(number)s 小时", number=number)
    return gettext("%(number)s 分钟", number=number)


def left(item: Any) -> str:
    """The light in words: 超期 1.5 个工作日, 剩 2 小时."""
    if item.light == "stopped":
        return gettext("不计时")
    if item.left is None:
        return gettext("无时限")
    amount, span = item.left.amount, working_time(item.left)
    if item.light == "red":
        return gettext("超期 %(span)s", span=span) if amount else gettext("刚刚超期")
    return gettext("剩 %(span)s", span=span) if amount else gettext("即将到期")


def in_order(items: Any, attribute: str) -> list[tuple[Any, list[Any]]]:
    """Neighbours with the same attribute together, in the order they come."""
    return [(key, list(found)) for key, found in groupby(items, key=attrgetter(attribute))]


def urgent(items: Any) -> Any:
    """The item whose clock is worst: escalated and overdue first, then by due instant."""
    far = datetime.max.replace(tzinfo=SHANGHAI)
    return min(items, key=lambda item: (item.row.escalated_at is None, item.row.due_at or far))


def duty_of(actor: Any) -> str:
    """What a person is in the centre: the roles in words."""
    separator = gettext("、")
    return separator.join(str(labels.ROLES[role]) for role in sorted(actor.roles) if role in labels.ROLES)


def value_in_words(value: Any) -> str:
    """Any variable as people read it."""
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return "、".join(value_in_words(one) for one in value)
    if isinstance(value, dict):
        return "；".join(f"{name}: {value_in_words(one)}" for name, one in value.items())
    return str(_readable(value))


def marked(text: str) -> Markup:
    """Form texts: headings, lists, bold; everything else is escaped."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n|\n(?=#)", text.strip()):
        lines = block.splitlines()
        if not lines:
            continue
        if lines[0].startswith("#"):
            blocks.append(f"<h3>{_bold(lines.pop(0).lstrip('# '))}</h3>")
        if lines and all(line.lstrip().startswith(("- ", "* ")) for line in lines):
            blocks.append("<ul>" + "".join(f"<li>{_bold(line.lstrip()[2:])}</li>" for line in lines) + "</ul>")
        elif lines:
            blocks.append("<p>" + "<br>".join(_bold(line) for line in lines) + "</p>")
    return Markup("".join(blocks))


def _bold(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", str(escape(text)))


def _is_iso_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None


def _readable(value: Any) -> Any:
    if isinstance(value, Sentence):
        return told(value)
    return instant(value) if isinstance(value, datetime) else value
