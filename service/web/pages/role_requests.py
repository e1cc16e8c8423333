"""角色申请: what one administrator asked for and another one decides on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.people import people_names
from service.casework.staff.role_requests import VIEWS, decide_roles, may_decide, request_list, withdraw_roles
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from service.web.pages import listing
from service.web.pages.labels import REQUEST_STATES, ROLES
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list and the three acts: confirm, refuse, withdraw."""

    def load(number: int) -> Any:
        view, search = _asked()
        return request_list(office, acting(), view=view, search=search, sort=listing.sort_wanted(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="role_requests",
            words=lazy_gettext("角色申请"),
            load=load,
            sorts=("asked_at", "username", "decided_at"),
            columns=(
                listing.Column(code="asked_at", words=lazy_gettext("申请时间"), cell=lambda row, _: row.asked_at),
                listing.Column(
                    code="username", words=lazy_gettext("人员"), cell=lambda row, _: f"{row.name} {row.username}"
                ),
                listing.Column(code="before", words=lazy_gettext("现有角色"), cell=lambda row, _: _roles(row.before)),
                listing.Column(code="after", words=lazy_gettext("申请的角色"), cell=lambda row, _: _roles(row.after)),
                listing.Column(code="reason", words=lazy_gettext("理由"), cell=lambda row, _: row.reason),
                listing.Column(code="asked_by", words=lazy_gettext("申请人"), cell=lambda row, _: row.asked_by),
                listing.Column(code="state", words=lazy_gettext("状态"), cell=lambda row, _: REQUEST_STATES[row.state]),
                listing.Column(code="decided_by", words=lazy_gettext("确认人"), cell=lambda row, _: row.decided_by),
                listing.Column(code="decided_at", words=lazy_gettext("确认时间"), cell=lambda row, _: row.decided_at),
                listing.Column(code="remark", words=lazy_gettext("意见"), cell=lambda row, _: row.remark),
            ),
        ),
    )

    @pages.get("/admin/roles", endpoint="role_requests")
    def every() -> str:
        return _page(office, listed)

    @pages.post("/admin/roles/<uuid:request_id>/<act>", endpoint="decide_roles")
    def decide(request_id: UUID, act: str) -> Response | tuple[str, int]:
        remark = request.form.get("remark", "")[:500]
        try:
            match act:
                case "confirm":
                    decide_roles(office, acting(), request_id, confirmed=True, remark=remark)
                    words = gettext("已确认，角色即时生效，当事人需重新登录。")
                case "refuse":
                    decide_roles(office, acting(), request_id, confirmed=False, remark=remark)
                    words = gettext("已退回申请。")
                case "withdraw":
                    withdraw_roles(office, acting(), request_id)
                    words = gettext("申请已撤回。")
                case _:
                    raise Missing("NOT_FOUND", "没有这个地址。")
        except (Forbidden, Missing):
            raise
        except Invalid as refusal:
            return _page(office, listed, about=request_id, refusal=refusal), 422
        except Conflict as refusal:
            flash(say(refusal), "bad")
        else:
            flash(words, "good")
        return redirect(url_for("pages.role_requests"))


def _page(office: Any, listed: listing.Listed, *, about: UUID | None = None, refusal: Refusal | None = None) -> str:
    view, search = _asked()
    found = listing.shown(listed)
    people = {row.asked_by for row in found.items} | {row.decided_by for row in found.items if row.decided_by}
    return render_template(
        "admin/role_requests.html",
        found=found,
        view=view,
        search=search,
        names=people_names(office, people),
        decidable={row.id for row in found.items if row.state == "ASKED" and may_decide(acting(), row)},
        about=about,
        refusal=refusal,
        address=Address("pages.role_requests", view=None if view == "open" else view, q=search),
    )


def _asked() -> tuple[str, str]:
    view = request.args.get("view", "open")
    return (view if view in VIEWS else "open"), request.args.get("q", "").strip()[:60]


def _roles(codes: list[str]) -> str:
    return gettext("、").join(str(ROLES.get(code, code)) for code in codes)
