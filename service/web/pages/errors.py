"""What a person sees when something is refused or fails: the sentence, the request's id, and where to go on."""

from __future__ import annotations

from flask import Response, g, make_response, render_template, request
from flask_babel import gettext

from service.rules.refusals import Refusal
from service.web.pages.wording import say

TITLES = {
    400: "请求无法理解",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "请求方式不正确",
    409: "状态已变化",
    413: "内容太大",
    503: "暂时无法服务",
}


def answer(status: int, code: str, sentence: str, refusal: Refusal | None) -> Response:
    """The error page, or a JSON object for our own scripts."""
    words = say(refusal) if refusal is not None else gettext(sentence)
    if status >= 500 and refusal is None:
        words = gettext("系统内部错误。请把请求编号告诉系统管理员，您填写的内容没有被保存。")
    if code == "BAD_REQUEST" and request.method == "POST":
        words = gettext("页面已过期或不是从本系统打开的。请返回上一页，刷新后重新提交。")
    if request.accept_mimetypes.best == "application/json":
        return make_response({"code": code, "message": words}, status)
    page = render_template(
        "error.html",
        status=status,
        code=code,
        title=gettext(TITLES.get(status, "系统故障" if status >= 500 else "请求被拒绝")),
        words=words,
        refusal=refusal,
        request_id=g.get("request_id"),
    )
    return make_response(page, status)
