"""发证窗口: what waits to be fetched or posted, and handing it out: code, identity, letter of authority, receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.delivery.handing_out import hand_out
from service.casework.delivery.posting import change_way, post, record_attempt, send_code
from service.casework.delivery.reading import QUEUES, case_deliveries, issuing_queue
from service.rules.deliveries import STATE_NAMES, WAY_NAMES, IdentityKind, Receiver, ReceiverKind, Way
from service.rules.refusals import Forbidden, Missing, Refusal, refuse
from service.web.pages import columns, listing
from service.web.pages.labels import HANDOVER_LINES, IDENTITY_KINDS, ISSUING_QUEUES
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the queue, the deliveries of a case and what is done about them."""

    def load(number: int) -> Any:
        queue, words = _asked_for()
        return issuing_queue(office, acting(), queue=queue, words=words, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="issuing", words=lazy_gettext("发证窗口"), load=load, columns=columns.ISSUING),
    )

    @pages.get("/issuing")
    def issuing() -> str:
        queue, words = _asked_for()
        found = listing.shown(listed)
        return render_template(
            "issuing.html",
            found=found,
            queue=queue,
            words=words,
            queues=ISSUING_QUEUES,
            states=STATE_NAMES,
            ways=WAY_NAMES,
            address=Address("pages.issuing", queue=None if queue == "waiting" else queue, q=words),
        )

    @pages.get("/cases/<uuid:case_id>/delivery")
    def delivery(case_id: UUID) -> str:
        return _page(office, case_id)

    @pages.post("/cases/<uuid:case_id>/delivery/<act>")
    def deliver(case_id: UUID, act: str) -> Response | tuple[str, int]:
        if act not in DOING:
            raise Missing("NOT_FOUND", "没有这个地址。")
        try:
            said = DOING[act](office, case_id)
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            code = status_of(refusal)
            return _page(office, case_id, refused=act, refusal=refusal), 422 if code == 400 else code
        flash(said, "good")
        return redirect(url_for("pages.delivery", case_id=case_id))


def _asked_for() -> tuple[str, str]:
    queue = request.args.get("queue", "waiting")
    return (queue if queue in QUEUES else "waiting"), request.args.get("q", "").strip()[:60]


def _page(office: Any, case_id: UUID, *, refused: str = "", refusal: Refusal | None = None) -> str:
    given = {name: text for name, text in request.form.items() if name != "csrf_token"}
    return render_template(
        "delivery.html",
        page=case_deliveries(office, acting(), case_id),
        refused=refused,
        refusal=refusal,
        given=given,
        chosen=request.form.getlist("delivery"),
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
        states=STATE_NAMES,
        ways=WAY_NAMES,
        identities=IDENTITY_KINDS,
        lines=HANDOVER_LINES,
    )


def _hand_out(office: Any, case_id: UUID) -> str:
    form = request.form
    receiver = Receiver(
        kind=ReceiverKind.AGENT if form.get("kind") == ReceiverKind.AGENT else ReceiverKind.SELF,
        name=form.get("name", "")[:200],
        identity_kind=_identity_kind(form.get("identity_kind", "")),
        identity=form.get("identity", "")[:60],
        relation=form.get("relation", "")[:200],
        letter=form.get("letter", "")[:200],
    )
    done = hand_out(
        office,
        acting(),
        case_id,
        _chosen(),
        receiver,
        code=form.get("code", "")[:20],
        identity_checked=form.get("checked") == "1",
        signed_instead=form.get("signed_instead", "")[:500],
        remark=form.get("remark", "")[:500],
    )
    count = sum(len(one.certificates) for one in done)
    return gettext("已发出 %(count)s 件证照，送达回证正在生成。", count=count)


def _post(office: Any, case_id: UUID) -> str:
    form = request.form
    post(
        office,
        acting(),
        case_id,
        _one(),
        waybill=form.get("waybill", "")[:60],
        courier=form.get("courier", "")[:100],
    )
    return gettext("已登记寄出，单号已通知申请人。")


def _attempt(office: Any, case_id: UUID) -> str:
    form = request.form
    signed = form.get("outcome") == "signed"
    record_attempt(
        office,
        acting(),
        case_id,
        _one(),
        signed=signed,
        on=_day(form.get("on", "")),
        signer=form.get("signer", "")[:200],
        note=form.get("note", "")[:500],
    )
    return gettext("已登记签收，送达回证正在生成。") if signed else gettext("已登记投递情况。")


def _way(office: Any, case_id: UUID) -> str:
    wanted = request.form.get("way", "")
    way = Way(wanted) if wanted in tuple(Way) else Way.DRAWN
    change_way(office, acting(), case_id, _one(), way, request.form.get("reason", "")[:500])
    return gettext("已改为%(way)s。", way=gettext(WAY_NAMES[way].text))


def _code(office: Any, case_id: UUID) -> str:
    send_code(office, acting(), case_id, _one())
    return gettext("取件码已重新发送给申请人。")


DOING: dict[str, Callable[[Any, UUID], str]] = {
    "hand-out": _hand_out,
    "post": _post,
    "attempt": _attempt,
    "way": _way,
    "code": _code,
}


def _chosen() -> list[UUID]:
    """The deliveries of the form. Refused: Invalid DELIVERY_NONE."""
    try:
        found = [UUID(text) for text in request.form.getlist("delivery")]
    except ValueError:
        found = []
    if not found:
        raise refuse("delivery", "DELIVERY_NONE", "请选择要发出的结果。")
    return found


def _one() -> UUID:
    return _chosen()[0]


def _identity_kind(text: str) -> IdentityKind:
    return IdentityKind(text) if text in tuple(IdentityKind) else IdentityKind.ID_CARD


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("on", "FIELD_INVALID", "请填写正确的日期。") from None
