"""消息模板 and 通道: the words of an installation, and how its messages go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.messages.channels import channel_page, try_channel
from service.casework.messages.own_texts import (
    change_signature,
    change_text,
    one_text,
    restore_text,
    text_page,
    text_preview,
)
from service.rules.message_texts import PLACES
from service.rules.messages import LIMIT
from service.rules.refusals import Conflict, Invalid, Missing, Refusal, refuse
from service.rules.sending import Channel
from service.web.instants import read_instant
from service.web.pages import columns, listing
from service.web.pages.labels import MESSAGE_EVENTS, MESSAGE_KINDS
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the templates, one of them, what they share, and the channels."""

    def load(number: int) -> listing.OnePage:
        kind, search = _filters()
        page = text_page(office, acting())
        return listing.cut(
            [
                one
                for one in page.texts
                if (not kind or kind_of(one.template.code) == kind)
                and search.casefold()
                in f"{one.template.code} {MESSAGE_EVENTS[one.template.code]} {one.text}".casefold()
            ],
            number,
            page=page,
        )

    listing.declare(
        pages,
        listing.Listed(name="message_texts", words=lazy_gettext("消息模板"), load=load, columns=columns.MESSAGE_TEXTS),
    )

    @pages.get("/messages/templates", endpoint="message_texts")
    def all_texts() -> str:
        return _all(office, {}, None)

    @pages.post("/messages/templates", endpoint="change_signature")
    def sign() -> Response | tuple[str, int]:
        given = {name: request.form.get(name, "")[:60] for name in ("signature", "hotline", "hours", "window")}
        try:
            change_signature(office, acting(), given["signature"], given)
        except Invalid as refusal:
            return _all(office, given, refusal), 422
        flash(gettext("签名和共用内容已保存。"), "good")
        return redirect(url_for("pages.message_texts"))

    @pages.get("/messages/templates/<code>", endpoint="message_text")
    def one(code: str) -> str:
        return _one(office, code, None, None)

    @pages.post("/messages/templates/<code>", endpoint="change_message_text")
    def change(code: str) -> Response | tuple[str, int]:
        text = request.form.get("text", "")[:500]
        try:
            row = change_text(
                office,
                acting(),
                code,
                text,
                note=request.form.get("note", ""),
                effective_at=_effective_at(),
                seen=_number("seen"),
            )
        except (Invalid, Conflict) as refusal:
            return _one(office, code, text, refusal), 422 if isinstance(refusal, Invalid) else status_of(refusal)
        flash(gettext("已保存为第 %(version)s 版，生效后的消息使用新内容。", version=row.version), "good")
        return redirect(url_for("pages.message_text", code=code))

    @pages.post("/messages/templates/<code>/preview", endpoint="preview_message_text")
    def show_preview(code: str) -> str | tuple[str, int]:
        try:
            view = text_preview(office, acting(), code, request.form.get("text", "")[:500])
        except Invalid as refusal:
            return render_template("parts/preview_refused.html", refusal=refusal), 422
        return render_template("parts/preview_message.html", view=view, limit=LIMIT)

    @pages.post("/messages/templates/<code>/restore", endpoint="restore_message_text")
    def restore(code: str) -> Response | tuple[str, int]:
        try:
            row = restore_text(
                office,
                acting(),
                code,
                _number("version"),
                note=request.form.get("reason", ""),
                seen=_number("seen"),
            )
        except (Invalid, Conflict) as refusal:
            return _one(office, code, None, refusal), 422 if isinstance(refusal, Invalid) else status_of(refusal)
        flash(gettext("已恢复，新版本为第 %(version)s 版，立即生效。", version=row.version), "good")
        return redirect(url_for("pages.message_text", code=code))

    @pages.get("/messages/channels", endpoint="channels")
    def channels() -> str:
        return render_template("channels.html", page=channel_page(office, acting()))

    @pages.post("/messages/channels/<channel>", endpoint="try_channel")
    def attempt(channel: str) -> Response:
        if channel not in (Channel.SMS, Channel.EMAIL):
            raise Missing("NOT_FOUND", "没有这个地址。")
        try:
            try_channel(office, acting(), Channel(channel))
        except Conflict as refusal:
            flash(say(refusal), "bad")
        else:
            flash(gettext("测试消息已交给通道，结果见发送记录。"), "good")
        return redirect(url_for("pages.channels"))


def kind_of(code: str) -> str:
    """Which kind a template is shown with: the digest among those about tasks."""
    return "T" if code == "D01" else code[:1]


def _filters() -> tuple[str, str]:
    kind = request.args.get("kind", "")
    return kind if kind in MESSAGE_KINDS else "", request.args.get("q", "").strip()[:60]


def _all(office: Any, given: dict[str, str], refusal: Refusal | None) -> str:
    problems = {one.field: one for one in (refusal.fields if refusal else ())}
    found, (kind, search) = listing.shown(listing.lists()["message_texts"]), _filters()
    return render_template(
        "message_texts.html",
        found=found,
        page=found.more["page"],
        kind=kind,
        search=search,
        kind_of=kind_of,
        address=Address("pages.message_texts", kind=kind, q=search),
        given=given,
        problems=problems,
        refusal=refusal,
    )


def _one(office: Any, code: str, given: str | None, refusal: Refusal | None) -> str:
    view, versions, now = one_text(office, acting(), code)
    return render_template(
        "message_text.html",
        view=view,
        versions=versions,
        now=now,
        newest=versions[0] if versions else None,
        samples=PLACES,
        limit=LIMIT,
        given=given if given is not None else versions[0].text if versions else view.text,
        sent=request.form,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        refusal=refusal,
    )


def _number(field: str) -> int:
    """A version that was sent, -1 for anything else."""
    text = request.form.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1


def _effective_at() -> datetime | None:
    text = request.form.get("effective_at", "").strip()
    found = read_instant(text) if text else None
    if text and found is None:
        raise refuse("effective_at", "FIELD_INVALID", "请填写正确的时间。")
    return found
