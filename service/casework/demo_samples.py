"""Sample applications of the demo city: every process that can be started has one its own form accepts.

Whose application it is and what stands in which field is data (`demo_city/samples.json`); the form as deployed decides
what is asked, so that a revised form has a sample as well.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.starting import start_form
from service.rules.form_samples import Words, sample_answers
from service.rules.refusals import Missing


def sample_application(office: Office, actor: Actor, key: str, nth: int = 0) -> Mapping[str, Any]:
    """Entries for the start form of the newest version of a process, by field name; `nth`: another applicant's.

    Refused: Missing NOT_FOUND outside demo mode, DEFINITION_NOT_FOUND, Forbidden START_FORBIDDEN.
    """
    if not office.settings.demo:
        raise Missing("NOT_FOUND", "没有这个页面。")
    form = start_form(office, actor, key)
    with office.reading() as records:
        today = records.now.astimezone(office.settings.time_zone).date()
    return filled(form.schema or {}, today, key=key, nth=nth)


def filled(
    schema: Mapping[str, Any], today: date, *, key: str = "", nth: int = 0, chosen: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A form filled in by one of the city's applicants; always the same for the same `key` and `nth`.

    `chosen`: what is wanted where the form allows it.
    """
    from service.casework.workbench.task_pages import feel

    said = _samples()
    cast = said["cast"]
    words = Words(
        labels=said["labels"],
        parts=said["parts"],
        days=said["days"],
        units=said["units"],
        person=cast[(zlib.crc32(key.encode()) + nth) % len(cast)],
    )
    own = said["processes"].get(key, {})
    return sample_answers(schema, words, today, chosen={**own, **(chosen or {})}, evaluate=feel)


@cache
def _samples() -> dict[str, Any]:
    text = (files("service.casework") / "demo_city" / "samples.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
