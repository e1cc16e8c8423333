"""What a person sees when something is refused or fails: the sentence, the request's id, and where to go on."""

from __future__ import annotations

from flask import Response, current_app, g, make_response, render_template, request
from flask_babel import gettext

from service.rules.refusals import Refusal
from service.settings import real_time
from service.web.pages.labels import STATUSES
from service.web.pages.wording import say


def answer(status: int, code: str, sentence: str, refusal: Refusal | None) -> Response:
    """The error page, or a JSON object for our own scripts."""
    words = say(refusal) if refusal is not None else gettext(sentence)
    if status >= 500 and refusal is None:
        words = gettext("系统内部错误。请把请求编号告诉系统管理员，您填写的内容没有被保存。")
    if code == "BAD_REQUEST" and request.method == "POST":
        words = gettext("页面已过期或不是从本系统打开的。请返回上一页，刷新后重新提交。")
    if request.accept_mimetypes.best == "application/json":
        return make_response({"code": code, "message": words}, status)
    if status == 503:  # the frame of a page asks who is there, and may get no answer either
        g.service_now = g.get("service_now") or real_time()
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    page = render_template(
        "error.html",
        status=status,
        code=code,
        title=STATUSES.get(status) or STATUSES[500 if status >= 500 else 400],
        words=words,
        refusal=refusal,
        submitted=request.method not in ("GET", "HEAD"),
        request_id=g.get("request_id"),
    )
    return make_response(page, status)
