"""配套流程: beginning one for a case, one page each; the list of orders (督办)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from service.casework import get_case
from service.casework.measures.orders import issue_order
from service.casework.measures.refunds import apply_refund
from service.casework.measures.renewals import file_renewal
from service.casework.measures.showing import VIEWS, Offers, offers, order_list
from service.casework.measures.withdrawal import ask_withdrawal
from service.rules.money import decimal_number
from service.rules.refusals import Missing, Refusal, refuse
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.rights import Rights
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing asked. `kind`: text, long or choice; `choices`: value → words."""

    name: str
    words: Any
    kind: str = "text"
    about: Any = ""
    choices: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One of them: its words, what it asks, whether it is open to who looks, and beginning it."""

    title: Any
    about: Any
    button: Any
    fields: Callable[[Offers], tuple[Field, ...]]
    open: Callable[[Offers], bool]
    do: Callable[[Any, UUID, Mapping[str, str]], UUID]


def register(pages: Blueprint, office: Any) -> None:
    """Adds a page per measure, and the list of orders."""

    @pages.get("/cases/<uuid:case_id>/measures/<name>")
    def measure(case_id: UUID, name: str) -> str:
        return _page(office, case_id, name, dict(request.args))

    @pages.post("/cases/<uuid:case_id>/measures/<name>")
    def begin_measure(case_id: UUID, name: str) -> Response | tuple[str, int]:
        given = {field: text.strip() for field, text in request.form.items()}
        try:
            made = _known(name).do(office, case_id, given)
        except Missing:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(office, case_id, name, given, refusal), 422 if status == 400 else status
        flash(str(_("已开始办理。")), "good")
        return redirect(url_for("pages.case", case_id=made))

    def load(number: int) -> Any:
        view, filters = _filters()
        return order_list(office, acting(), view=view, filters=filters, page=number)

    listed = listing.declare(pages, listing.Listed(name="orders", words=_("督办"), load=load, columns=columns.ORDERS))

    @pages.get("/orders")
    def orders() -> str:
        view, filters = _filters()
        return render_template(
            "orders.html",
            found=listing.shown(listed),
            view=view,
            views={"open": _("未销号"), "over": _("已销号"), "all": _("全部")},
            lights={"red": _("逾期未回复"), "yellow": _("四小时内到期")},
            filters=filters,
            narrowed=any(filters.values()) or view != "open",
            oversees=Rights(acting(), demo=office.settings.demo).oversee,
            address=Address("pages.orders", view=None if view == "open" else view, **filters),
        )


def _filters() -> tuple[str, dict[str, str]]:
    view, light = request.args.get("view", "open"), request.args.get("light", "")
    filters = {
        "department": request.args.get("department", "")[:8],
        "light": light if light in ("red", "yellow") else "",
        "mine": "1" if request.args.get("mine") == "1" else "",
    }
    return (view if view in VIEWS else "open"), filters


def _known(name: str) -> Measure:
    if name not in MEASURES:
        raise Missing("ACT_NOT_FOUND", "没有这个操作，或者您现在不能进行。")
    return MEASURES[name]


def _page(office: Any, case_id: UUID, name: str, given: Mapping[str, str], refusal: Refusal | None = None) -> str:
    found, one = offers(office, acting(), case_id), _known(name)
    return render_template(
        "measure.html",
        name=name,
        measure=one,
        case=get_case(office, acting(), case_id),
        fields=one.fields(found),
        open=one.open(found),
        offer=found,
        given=given,
        refusal=refusal,
        problems={problem.field: problem for problem in (refusal.fields if refusal else ())},
    )


def _order(office: Any, case_id: UUID, given: Mapping[str, str]) -> UUID:
    matter, demand = given.get("order_matter", ""), given.get("order_demand", "")
    return issue_order(office, acting(), case_id, to=given.get("order_to", ""), matter=matter, demand=demand)


def _withdraw(office: Any, case_id: UUID, given: Mapping[str, str]) -> UUID:
    item = given.get("item", WHOLE)
    if not item:
        raise refuse("item", "FIELD_REQUIRED", "请选择撤回范围。")
    node = "" if item == WHOLE else item
    return ask_withdrawal(office, acting(), case_id, ending="WITHDRAWN", reason=given.get("reason", ""), node=node)


def _terminate(office: Any, case_id: UUID, given: Mapping[str, str]) -> UUID:
    return ask_withdrawal(office, acting(), case_id, ending="TERMINATED", reason=given.get("reason", ""))


def _renew(office: Any, case_id: UUID, given: Mapping[str, str]) -> UUID:
    return file_renewal(office, acting(), case_id, given.get("certificate_no", ""))


def _refund(office: Any, case_id: UUID, given: Mapping[str, str]) -> UUID:
    try:
        payment = UUID(given.get("payment", ""))
    except ValueError as error:
        raise refuse("payment", "FIELD_REQUIRED", "请选择要退的缴费。") from error
    amount = decimal_number("amount", given.get("amount", ""), places=2)
    return apply_refund(office, acting(), payment, amount, reason=given.get("reason", ""))


def _items(found: Offers) -> tuple[Field, ...]:
    """Of a chain: the whole, or one of its items; the chain goes on without that or its lead says how."""
    if not found.items:
        return ()
    choices: dict[str, Any] = {WHOLE: _("整个联办件")} if found.whole else {}
    choices |= dict(found.items)
    about = _("只撤回一个事项的，联办件继续办理；缺它不能继续的，由牵头部门会商后决定。")
    return (Field(name="item", words=_("撤回范围"), kind="choice", about=about, choices=choices),)


WHOLE = "whole"
REASON = Field(name="reason", words=_("理由"), kind="long")
MEASURES: dict[str, Measure] = {
    "order": Measure(
        title=_("签发督办单"),
        about=_("承办部门或承办人须在一个工作日内书面回复；不达标的重办一次，仍不达标的升级分管领导并发红牌。"),
        button=_("签发"),
        fields=lambda found: (
            Field(
                name="order_to",
                words=_("承办部门"),
                kind="choice",
                choices={code: names[1] for code, names in (found.departments or {}).items()},
            ),
            Field(name="order_matter", words=_("督办事由"), kind="long"),
            Field(name="order_demand", words=_("督办要求"), kind="long"),
        ),
        open=lambda found: found.order,
        do=_order,
    ),
    "withdraw": Measure(
        title=_("撤回申请"),
        about=_("作出决定前可以撤回；由窗口确认本人意愿后停止计时、退还材料。撤回后可以重新申请。"),
        button=_("提交撤回"),
        fields=lambda found: (*_items(found), REASON),
        open=lambda found: "WITHDRAWN" in found.endings,
        do=_withdraw,
    ),
    "terminate": Measure(
        title=_("终止办理"),
        about=_("因法定原因不能继续办理的，由首席代表决定终止，并书面告知申请人。"),
        button=_("提请终止"),
        fields=lambda found: (REASON,),
        open=lambda found: "TERMINATED" in found.endings,
        do=_terminate,
    ),
    "renew": Measure(
        title=_("登记为延续申请"),
        about=_("届满三十日前提出、到期仍未决定的，依《行政许可法》第五十条视为准予延续。"),
        button=_("登记"),
        fields=lambda found: (
            Field(name="certificate_no", words=_("原证照号"), about=_("由另一办件制发、仍然有效的证照")),
        ),
        open=lambda found: found.renewal,
        do=_renew,
    ),
    "refund": Measure(
        title=_("申请退费"),
        about=_("由收费部门审核、财政批准后原路退回；提出、审核和批准的不得为同一人。"),
        button=_("提交申请"),
        fields=lambda found: (
            Field(
                name="payment",
                words=_("缴费"),
                kind="choice",
                choices={str(id): f"{bill}　{amount} 元" for id, bill, amount in found.payments},
            ),
            Field(name="amount", words=_("退费金额（元）")),
            REASON,
        ),
        open=lambda found: bool(found.payments),
        do=_refund,
    ),
}
