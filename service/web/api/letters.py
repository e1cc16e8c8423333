"""授权委托书 for programs: the register, its acts; and the contact data of a case with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response

from service.casework.letters import (
    LetterForm,
    LetterRow,
    activate_letter,
    letter_page,
    register_letter,
    withdraw_letter,
)
from service.casework.letters.reading import MOST, VIEWS
from service.casework.masking import show_contact
from service.rules.letters import Power
from service.web.api.door import answer, door, identify, this_office, who
from service.web.api.paging import only_parameters, parameter
from service.web.bodies import Body, field_refused, read_body
from service.web.instants import iso_instant

POWERS = tuple(one.value for one in Power)


def letter(row: LetterRow, state: str) -> dict[str, Any]:
    """One letter. `state`: how it stands today."""
    return {
        "id": str(row.id),
        "number": row.number,
        "department": row.department,
        "grantor": row.grantor,
        "grantee": row.grantee,
        "deputy": row.deputy,
        "items": list(row.items),
        "powers": list(row.powers),
        "validFrom": row.valid_from.isoformat(),
        "validTo": row.valid_to.isoformat(),
        "state": state,
        "registeredBy": row.registered_by,
        "registeredAt": iso_instant(row.registered_at),
        "activatedBy": row.activated_by,
        "withdrawnBy": row.withdrawn_by,
        "reason": row.reason,
    }


@door.get("/letters")
def list_letters() -> Response:
    """One's department's, everybody's for who oversees; those that hold or will hold unless told otherwise."""
    only_parameters("view", "department")
    page = letter_page(
        this_office(), who(), view=parameter("view", VIEWS) or "now", department=parameter("department"), size=MOST
    )
    without = [one.code for one in page.departments if one.number is None]
    return answer(
        {"items": [letter(line.row, line.state) for line in page.lines], "rate": page.rate, "without": without}
    )


@door.post("/letters")
def enter() -> Response:
    only_parameters()
    body = read_body()
    body.only("department", "grantor", "grantee", "deputy", "items", "powers", "validFrom", "validTo")
    row = register_letter(
        this_office(),
        who(),
        LetterForm(
            department=body.needed_text("department", longest=8),
            grantor=body.needed_text("grantor", longest=60),
            grantee=body.needed_text("grantee", longest=60),
            deputy=body.text("deputy", longest=60) or "",
            items=tuple(body.texts("items") or ()),
            powers=tuple(body.texts("powers") or ()),
            valid_from=_day(body, "validFrom"),
            valid_to=_day(body, "validTo"),
        ),
    )
    return answer(letter(row, row.state), 201)


@door.post("/letters/<text>/activate")
def activate(text: str) -> Response:
    read_body().only()
    row = activate_letter(this_office(), who(), _id(text))
    return answer(letter(row, row.state))


@door.post("/letters/<text>/withdraw")
def withdraw(text: str) -> Response:
    body = read_body()
    body.only("reason")
    row = withdraw_letter(this_office(), who(), _id(text), body.needed_text("reason", longest=300))
    return answer(letter(row, row.state))


@door.post("/cases/<text>/contact")
def contact(text: str) -> Response:
    """What is masked otherwise, with a reason that is written down."""
    body = read_body()
    body.only("reason")
    found = identify(text, "CASE_NOT_FOUND", "没有编号为 {id} 的办件。")
    shown = show_contact(this_office(), who(), found, body.needed_text("reason", longest=200))
    response = answer({"contact": dict(shown)})
    response.headers["Cache-Control"] = "no-store"
    return response


def _id(text: str) -> Any:
    return identify(text, "LETTER_NOT_FOUND", "没有这份授权委托书")


def _day(body: Body, name: str) -> date:
    text = body.needed_text(name, longest=10)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise field_refused(name, "日期，例如 2026-12-31") from None
