"""人员账号: list, one account, opening and closing them; asking for roles; one's own password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.identity.factors import factors_of, reset_factors
from service.casework.identity.sessions import end_session_of, end_sessions_of, sessions_of
from service.casework.identity.tokens import revoke_token, tokens_of
from service.casework.staff.accounts import (
    VIEWS,
    account,
    account_list,
    change_account,
    change_own_password,
    close_account,
    give_start_password,
    open_account,
    reopen_account,
)
from service.casework.staff.departments import department_names
from service.casework.staff.rights import ASKERS, require_security
from service.casework.staff.role_requests import GRANTABLE, ask_roles
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from service.web.bodies import as_identity
from service.web.pages import listing
from service.web.pages.labels import ROLES
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

FIELDS = ("username", "name", "staff_no", "department", "duty")


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, one account with its acts, and the page for one's own password."""

    def load(number: int) -> Any:
        view, filters = _filters()
        return account_list(office, acting(), filters=filters, view=view, sort=listing.sort_wanted(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="accounts",
            words=lazy_gettext("人员账号"),
            load=load,
            sorts=("username", "name", "staff_no", "department", "created_at"),
            columns=(
                listing.Column(code="username", words=lazy_gettext("用户名"), cell=lambda row, _: row.username),
                listing.Column(code="name", words=lazy_gettext("姓名"), cell=lambda row, _: row.name),
                listing.Column(code="staff_no", words=lazy_gettext("工号"), cell=lambda row, _: row.staff_no),
                listing.Column(code="department", words=lazy_gettext("部门"), cell=lambda row, _: row.short),
                listing.Column(code="duty", words=lazy_gettext("岗位称谓"), cell=lambda row, _: row.duty),
                listing.Column(code="roles", words=lazy_gettext("角色"), cell=lambda row, _: roles_in_words(row.roles)),
                listing.Column(code="created_at", words=lazy_gettext("开设时间"), cell=lambda row, _: row.created_at),
            ),
        ),
    )

    @pages.app_template_filter("role_words")
    def said(roles: Any) -> str:
        return roles_in_words(roles if isinstance(roles, str) else " ".join(roles or ()))

    @pages.get("/admin/people", endpoint="accounts")
    def people() -> str:
        view, filters = _filters()
        return render_template(
            "admin/accounts.html",
            found=listing.shown(listed),
            view=view,
            filters=filters,
            departments=department_names(office),
            roles={code: ROLES[code] for code in GRANTABLE if code in ROLES},
            address=Address("pages.accounts", view=None if view == "active" else view, **filters),
        )

    @pages.route("/admin/people/new", methods=["GET", "POST"], endpoint="new_account")
    def new() -> str | tuple[str, int]:
        require_security(acting())
        given = {name: request.form.get(name, "").strip()[:100] for name in FIELDS}
        if request.method == "GET":
            return _new(office, given)
        try:
            password = open_account(office, acting(), **given)
        except (Invalid, Conflict) as refusal:
            status = 422 if isinstance(refusal, Invalid) else status_of(refusal)
            return _new(office, given, refusal), status
        return _page(office, given["username"].lower(), password=password)

    @pages.get("/admin/people/<username>", endpoint="account")
    def show(username: str) -> str:
        return _page(office, username)

    @pages.post("/admin/people/<username>/<act>", endpoint="account_act")
    def see_to(username: str, act: str) -> Response | str | tuple[str, int]:
        given = {name: text.strip()[:500] for name, text in request.form.items()}
        actor = acting()
        try:
            match act:
                case "change":
                    wanted = {name: given.get(name, "") for name in FIELDS if name != "username"}
                    change_account(office, actor, username, **wanted)
                    words = gettext("已保存。")
                case "password":
                    return _page(office, username, password=give_start_password(office, actor, username))
                case "sessions":
                    count = end_sessions_of(office, actor, username)
                    words = gettext("已结束 %(count)s 次登录。", count=count)
                case "session":
                    end_session_of(office, actor, username, as_identity(given.get("session", "")))
                    words = gettext("这次登录已结束。")
                case "token":
                    revoke_token(office, actor, username, as_identity(given.get("token", "")))
                    words = gettext("令牌已吊销。")
                case "factors":
                    reset_factors(office, actor, username, given.get("reason", ""))
                    words = gettext("第二种验证方式已重设，本人下次登录后重新启用。")
                case "close":
                    close_account(office, actor, username, given.get("reason", ""))
                    words = gettext("账号已停用，登录状态已失效。")
                case "reopen":
                    reopen_account(office, actor, username, given.get("reason", ""))
                    words = gettext("账号已恢复。")
                case "roles":
                    ask_roles(office, actor, username, request.form.getlist("roles"), given.get("reason", ""))
                    words = gettext("申请已提交，等待另一名管理员确认。")
                case _:
                    raise Missing("NOT_FOUND", "没有这个地址。")
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            status = 422 if status_of(refusal) == 400 else status_of(refusal)
            return _page(office, username, act=act, given=given, refusal=refusal), status
        flash(words, "good")
        return redirect(url_for("pages.account", username=username))

    @pages.route("/account/password", methods=["GET", "POST"], endpoint="own_password")
    def own_password() -> Response | str | tuple[str, int]:
        if request.method == "GET":
            return _own(office, None)
        given = [request.form.get(name, "")[:200] for name in ("old", "password", "again")]
        try:
            change_own_password(office, acting(), *given)
        except Invalid as refusal:
            return _own(office, refusal), 422
        flash(gettext("密码已修改，其他登录状态已失效。"), "good")
        return redirect(url_for("pages.inbox"))


def roles_in_words(roles: str | None) -> str:
    """Role codes between blanks, as people read them."""
    return gettext("、").join(str(ROLES.get(code, code)) for code in sorted((roles or "").split()))


def _filters() -> tuple[str, dict[str, str]]:
    view, role = request.args.get("view", "active"), request.args.get("role", "")
    filters = {
        "q": request.args.get("q", "").strip()[:60],
        "department": request.args.get("department", "")[:8],
        "role": role if role in ROLES else "",
    }
    return (view if view in VIEWS else "active"), filters


def _page(
    office: Any,
    username: str,
    *,
    password: str = "",
    act: str = "",
    given: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> str:
    found = account(office, acting(), username)
    stored = {name: getattr(found.person, name) or "" for name in FIELDS}
    chosen = request.form.getlist("roles") if act == "roles" else found.roles
    return render_template(
        "admin/account.html",
        found=found,
        given={**stored, **(given or {})},
        chosen=chosen,
        act=act,
        password=password,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        departments=department_names(office),
        grantable={code: ROLES[code] for code in GRANTABLE if code in ROLES},
        tokens=tokens_of(office, acting(), username) if found.may_change else (),
        factors=factors_of(office, username).factors if found.may_change else (),
        sessions=sessions_of(office, acting(), username) if found.may_change else (),
        may_ask=not acting().roles.isdisjoint(ASKERS) and not found.mine,
    )


def _new(office: Any, given: Mapping[str, str], refusal: Refusal | None = None) -> str:
    return render_template(
        "admin/account_new.html",
        given=given,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        departments=department_names(office),
    )


def _own(office: Any, refusal: Refusal | None) -> str:
    return render_template(
        "admin/password.html",
        rules=office.settings.identity,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )
