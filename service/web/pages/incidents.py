"""异常: what failed, what it was given, and what an administrator does about it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.repairing import RepairView, correct_value, repair_view
from service.casework.troubles import VIEWS, give_up_act, repair_act, repeat_act, trouble, trouble_list
from service.rules.refusals import Forbidden, Missing, Refusal
from service.rules.typed_text import KINDS
from service.web.pages import columns, listing
from service.web.pages.labels import AGENDA_KINDS
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, one trouble, and the acts on it."""

    def load(number: int) -> Any:
        view, filters = _filters()
        return trouble_list(office, acting(), view=view, kind=filters["kind"], search=filters["q"], page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="incidents", words=lazy_gettext("异常"), load=load, columns=columns.INCIDENTS),
    )

    @pages.get("/incidents")
    def incidents() -> str:
        view, filters = _filters()
        found = listing.shown(listed)
        return render_template(
            "incidents.html",
            found=found,
            view=view,
            filters=filters,
            address=Address("pages.incidents", view=None if view == "parked" else view, **filters),
        )

    @pages.get("/incidents/<uuid:item_id>", endpoint="incident")
    def show(item_id: UUID) -> str:
        return _page(office, item_id)

    @pages.post("/incidents/<uuid:item_id>/<act>", endpoint="see_to_incident")
    def see_to(item_id: UUID, act: str) -> Response | tuple[str, int]:
        given = {name: text.strip() for name, text in request.form.items()}
        try:
            match act:
                case "repeat":
                    repeat_act(office, acting(), item_id)
                    words = gettext("已重新排队，马上重试。")
                case "repair":
                    inputs = {name[3:]: text for name, text in given.items() if name.startswith("in-")}
                    repair_act(
                        office, acting(), item_id, inputs=inputs, values=given.get("values", ""),
                        reason=given.get("reason", ""),
                    )  # fmt: skip
                    words = gettext("已修改，马上重试。")
                case "correct":
                    correct_value(
                        office, acting(), item_id, name=given.get("name", ""), kind=given.get("kind", ""),
                        text=request.form.get("value", ""), reason=given.get("reason", ""),
                    )  # fmt: skip
                    if not given.get("retry"):
                        flash(gettext("“%(name)s”已修改，尚未重试。", name=given["name"]), "good")
                        return redirect(url_for("pages.incident", item_id=item_id))
                    repeat_act(office, acting(), item_id)
                    words = gettext("“%(name)s”已修改，马上重试。", name=given["name"])
                case "give-up":
                    give_up_act(office, acting(), item_id, reason=given.get("reason", ""))
                    words = gettext("已放弃，理由已记入流水。")
                case _:
                    raise Missing("NOT_FOUND", "没有这个地址。")
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            status = 422 if status_of(refusal) == 400 else status_of(refusal)
            return _page(office, item_id, act=act, given=given, refusal=refusal), status
        flash(words, "good")
        return redirect(url_for("pages.incidents"))


def _filters() -> tuple[str, dict[str, str]]:
    view, kind = request.args.get("view", "parked"), request.args.get("kind", "")
    filters = {"kind": kind if kind in AGENDA_KINDS else "", "q": request.args.get("q", "").strip()[:100]}
    return (view if view in VIEWS else "parked"), filters


def _page(
    office: Any, item_id: UUID, *, act: str = "", given: dict[str, str] | None = None, refusal: Refusal | None = None
) -> str:
    found = trouble(office, acting(), item_id)
    repair = repair_view(office, acting(), item_id) if found.row.error else None
    given = given or ({} if refusal else _chosen(repair))
    return render_template(
        "incident.html",
        found=found,
        act=act,
        given=given,
        repair=repair,
        kinds=KINDS,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        shown=json.dumps(found.values, ensure_ascii=False, indent=2, default=str),
    )


def _chosen(repair: RepairView | None) -> dict[str, str]:
    """The variable somebody chose in the table, as the form for it starts."""
    wanted = request.args.get("variable", "")
    one = next((known for known in repair.known if known.name == wanted), None) if repair is not None else None
    if one is None:
        return {}
    text = "" if not repair or not repair.read else _typed(one.value)
    return {"name": one.name, "kind": one.type if one.type in KINDS else "Json", "value": text}


def _typed(value: Any) -> str:
    """A value as somebody would type it."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
