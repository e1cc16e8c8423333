"""Acts on the clocks of a case, one page each: what is asked, what was wrong beside its field, and back to the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from service.casework.clocks.extending import ask_extension, decide_extension
from service.casework.clocks.pausing import resume_clock, suspend_clock
from service.casework.clocks.proceedings import close_proceeding, open_proceeding
from service.casework.workbench.clock_acts import ActPage, act_page
from service.rules.pauses import PAUSE_RULES
from service.rules.refusals import FieldProblem, Missing, Refusal, refuse
from service.web.pages import labels
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

LONG = 500
FIELD_OF = {  # refusals of the rules, which know no fields
    "PAUSE_KIND_UNKNOWN": "kind",
    "PAUSE_COUNTED": "kind",
    "PAUSE_ONCE": "kind",
    "PAUSE_OPEN": "kind",
    "PAUSE_NOT_GRANTED": "kind",
    "PAUSE_WITHOUT_NOTICE": "notice",
    "PAUSE_TOO_LONG": "expected_days",
    "EXTENSION_TOO_LONG": "amount",
    "EXTENSION_WITHOUT_REASONS": "notice",
    "PROCEEDING_OPEN": "kind",
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing asked. `kind`: text, number, long, choice or hidden; `choices`: value → words."""

    name: str
    words: Any
    kind: str = "text"
    about: Any = ""
    must: bool = False
    choices: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act: its title, what it means, the button, what it asks, whether it is open to who looks, and doing it."""

    title: Any
    about: Any
    button: Any
    done: Any
    fields: Callable[[ActPage], tuple[Field, ...]]
    open: Callable[[ActPage], bool]
    do: Callable[[Any, UUID, UUID | None, Mapping[str, str]], Any]


def register(pages: Blueprint, office: Any) -> None:
    """Adds one page per act."""

    @pages.get("/cases/<uuid:case_id>/clocks/<name>", endpoint="clock_act")
    def ask(case_id: UUID, name: str) -> str:
        page, scope = _found(office, case_id, name)
        return _page(name, page, case_id, scope, dict(request.args))

    @pages.post("/cases/<uuid:case_id>/clocks/<name>", endpoint="do_clock_act")
    def do(case_id: UUID, name: str) -> Response | tuple[str, int]:
        page, scope = _found(office, case_id, name)
        given = {field: text.strip() for field, text in request.form.items()}
        try:
            ACTS[name].do(office, case_id, scope, given)
        except Missing:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(name, page, case_id, scope, given, refusal), 422 if status == 400 else status
        flash(str(ACTS[name].done), "good")
        return redirect(url_for("pages.case", case_id=case_id, _anchor="clocks"))


def _found(office: Any, case_id: UUID, name: str) -> tuple[ActPage, UUID | None]:
    """The item an act of the address is about. Missing for who may not read the case."""
    text = request.values.get("scope", "")
    try:
        scope = UUID(text) if text else None
    except ValueError:
        scope = UUID(int=0)
    page = act_page(office, acting(), case_id, scope)
    if name not in ACTS or page is None:
        raise Missing("ACT_NOT_FOUND", "没有这个操作，或者您现在不能进行。")
    return page, scope


def _page(
    name: str,
    page: ActPage,
    case_id: UUID,
    scope: UUID | None,
    given: Mapping[str, str],
    refusal: Refusal | None = None,
) -> str:
    act = ACTS[name]
    return render_template(
        "clock_act.html",
        name=name,
        act=act,
        page=page,
        case_id=case_id,
        scope=scope,
        fields=act.fields(page),
        open=act.open(page),
        given=given,
        refusal=refusal,
        problems=_problems(refusal),
    )


def _problems(refusal: Refusal | None) -> dict[str, FieldProblem]:
    if refusal is None:
        return {}
    found = {one.field: one for one in refusal.fields}
    field = FIELD_OF.get(refusal.code)
    if field is not None and not found:
        params = tuple((name, value) for name, value in refusal.params.items())
        found[field] = FieldProblem(field=field, code=refusal.code, text=refusal.text, params=params)
    return found


def _whole(given: Mapping[str, str], name: str, *, must: bool) -> int | None:
    text = given.get(name, "")
    if not text and not must:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise refuse(name, "FIELD_INVALID", "请填写整数。")
    return int(text)


def _suspend(office: Any, case_id: UUID, scope: UUID | None, given: Mapping[str, str]) -> None:
    if not given.get("kind"):
        raise refuse("kind", "FIELD_REQUIRED", "请选择暂停的事由。")
    suspend_clock(
        office,
        acting(),
        case_id,
        kind=given["kind"],
        scope=scope,
        notice=given.get("notice", ""),
        expected_days=_whole(given, "expected_days", must=False),
        basis=given.get("basis", ""),
        reason=given.get("reason", ""),
    )


def _resume(office: Any, case_id: UUID, scope: UUID | None, given: Mapping[str, str]) -> None:
    kind, document = given.get("kind", ""), given.get("document", "")
    resume_clock(office, acting(), case_id, kind=kind, scope=scope, document=document)


def _ask(office: Any, case_id: UUID, scope: UUID | None, given: Mapping[str, str]) -> None:
    amount = _whole(given, "amount", must=True) or 0
    ask_extension(office, acting(), case_id, scope=scope, amount=amount, reason=given.get("reason", ""))


def _decide(office: Any, case_id: UUID, scope: UUID | None, given: Mapping[str, str]) -> None:
    if given.get("grant") not in ("yes", "no"):
        raise refuse("grant", "FIELD_REQUIRED", "请选择是否批准。")
    decide_extension(
        office,
        acting(),
        case_id,
        _identity(given),
        grant=given["grant"] == "yes",
        notice=given.get("notice", ""),
        reason=given.get("reason", ""),
    )


def _open(office: Any, case_id: UUID, scope: UUID | None, given: Mapping[str, str]) -> None:
    if not given.get("kind"):
        raise refuse("kind", "FIELD_REQUIRED", "请选择登记的事项。")
    open_proceeding(
        office,
        acting(),
        case_id,
        kind=given["kind"],
        scope=scope,
        document=given.get("document", ""),
        reason=given.get("reason", ""),
    )


def _close(office: Any, case_id: UUID, scope: UUID | None, given: Mapping[str, str]) -> None:
    close_proceeding(
        office,
        acting(),
        case_id,
        _identity(given),
        document=given.get("document", ""),
        reason=given.get("reason", ""),
    )


def _identity(given: Mapping[str, str]) -> UUID:
    try:
        return UUID(given.get("proceeding", ""))
    except ValueError as error:
        raise refuse("proceeding", "FIELD_REQUIRED", "请选择要处理的申请。") from error


def _pause_kinds(page: ActPage) -> dict[str, Any]:
    return {kind.value: PAUSE_RULES[kind].name.words(gettext) for kind in page.acts.kinds}


def _held_kinds(page: ActPage) -> dict[str, Any]:
    return {one.pause.kind: one.name.words(gettext) for one in page.acts.held}


def _requests(page: ActPage) -> dict[str, Any]:
    return {
        str(one.id): gettext(
            "延长 %(amount)s，理由：%(reason)s", amount=one.detail.get("amount"), reason=one.detail.get("reason")
        )
        for one in page.acts.undecided
    }


def _open_kinds(page: ActPage) -> dict[str, Any]:
    return {str(one.id): labels.PROCEEDINGS.get(one.kind, one.kind) for one in page.acts.closable}


NOTICE = _("文书编号，例如 特告〔2026〕3号")
ACTS: dict[str, Act] = {
    "suspend": Act(
        title=_("暂停计时"),
        about=_("从现在起不计入时限，直到恢复。暂停前必须将所需时间书面告知申请人（《行政许可法》第四十五条）。"),
        button=_("确认暂停计时"),
        done=_("已暂停计时。"),
        fields=lambda page: (
            Field(name="kind", words=_("事由"), kind="choice", must=True, choices=_pause_kinds(page)),
            Field(name="notice", words=_("书面告知"), about=NOTICE),
            Field(name="expected_days", words=_("预计天数"), kind="number", about=_("告知申请人的工作日数")),
            Field(name="basis", words=_("依据"), about=_("留空则按该事由的法定依据")),
            Field(name="reason", words=_("说明"), kind="long"),
        ),
        open=lambda page: bool(page.acts.kinds),
        do=_suspend,
    ),
    "resume": Act(
        title=_("恢复计时"),
        about=_("从现在起继续计时；恢复当日不计入。"),
        button=_("确认恢复计时"),
        done=_("已恢复计时。"),
        fields=lambda page: (
            Field(name="kind", words=_("结束的事由"), kind="choice", must=True, choices=_held_kinds(page)),
            Field(name="document", words=_("结束的凭据"), about=_("笔录、报告或意见的编号")),
        ),
        open=lambda page: bool(page.acts.held),
        do=_resume,
    ),
    "extend": Act(
        title=_("申请延期"),
        about=_(
            "只能延期一次，须在到期前批准，理由要告知申请人（《行政许可法》第四十二条）。申请待决期间不适用超时默许。"
        ),
        button=_("提交延期申请"),
        done=_("延期申请已提交，等待批准。"),
        fields=lambda page: (
            Field(name="amount", words=_("延长"), kind="number", must=True, about=_("与时限同一单位")),
            Field(name="reason", words=_("理由"), kind="long", must=True),
        ),
        open=lambda page: page.acts.may_ask,
        do=_ask,
    ),
    "decide": Act(
        title=_("决定延期"),
        about=_("批准后，承诺时限和法定时限同时延长；不批准的，请写明理由。"),
        button=_("确认决定"),
        done=_("延期申请已处理。"),
        fields=lambda page: (
            Field(name="proceeding", words=_("申请"), kind="choice", must=True, choices=_requests(page)),
            Field(
                name="grant", words=_("决定"), kind="choice", must=True, choices={"yes": _("批准"), "no": _("不批准")}
            ),
            Field(name="notice", words=_("延期通知书"), about=_("批准时必填：告知申请人的通知书编号")),
            Field(name="reason", words=_("理由"), kind="long", about=_("不批准时必填")),
        ),
        open=lambda page: bool(page.acts.undecided),
        do=_decide,
    ),
    "note": Act(
        title=_("登记异议、听证申请或调查"),
        about=_("登记后，在了结之前不适用超时默许；时限照常计算。"),
        button=_("登记"),
        done=_("已登记。"),
        fields=lambda page: (
            Field(
                name="kind",
                words=_("登记的事项"),
                kind="choice",
                must=True,
                choices={kind: labels.PROCEEDINGS.get(kind, kind) for kind in page.acts.proceedings},
            ),
            Field(name="document", words=_("文书编号")),
            Field(name="reason", words=_("情况说明"), kind="long"),
        ),
        open=lambda page: bool(page.acts.proceedings),
        do=_open,
    ),
    "settle": Act(
        title=_("了结登记的事项"),
        about=_("了结后恢复适用超时默许。"),
        button=_("确认了结"),
        done=_("已了结。"),
        fields=lambda page: (
            Field(name="proceeding", words=_("登记的事项"), kind="choice", must=True, choices=_open_kinds(page)),
            Field(name="document", words=_("文书编号")),
            Field(name="reason", words=_("处理结果"), kind="long"),
        ),
        open=lambda page: bool(page.acts.closable),
        do=_close,
    ),
}
