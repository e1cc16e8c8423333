"""事项目录 and 办事指南: open to everybody, generated from the register, printable; with the power list and all versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext, lazy_gettext
from flask_login import current_user

from service.casework.register import (
    catalogue,
    department_counts,
    guide,
    guide_paper,
    item_diagram,
    item_flow_picture,
    item_history,
    may_office,
    may_propose,
    may_propose_any,
    may_watch,
    power_list,
)
from service.casework.workbench import joint_chains, startable
from service.rules.item_words import ItemLimitUnit
from service.rules.items import STAGES, ItemCard
from service.rules.worktime import SHANGHAI
from service.web.downloads import pdf
from service.web.pages import columns, listing
from service.web.pages import item_words as words
from service.web.pages.paging import Address
from service.web.pages.rights import Rights
from service.web.pages.wording import centre_name

FILTERS = ("department", "kind", "theme", "status")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the procedure, with the nature of what happens in it (XN-05)."""

    words: str
    half_days: int
    nature: str


def register(pages: Blueprint, office: Any) -> None:
    """Adds the catalogue, the guide, its versions, its flow chart and the power list."""

    def load(number: int) -> Any:
        search, chosen = _filters()
        return catalogue(office, search=search, filters=chosen, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="items", words=lazy_gettext("事项目录"), load=load, columns=columns.ITEMS),
    )

    @pages.get("/items")
    def items() -> str:
        search, chosen = _filters()
        who, found = reader(), listing.shown(listed)
        return render_template(
            "items/catalogue.html",
            list=found,
            chosen=chosen,
            search=search,
            address=Address("pages.items", q=search, **chosen),
            words=words,
            watching=may_watch(who),
            proposing=who is not None and may_propose_any(who),
            startable=_startable(office, who),
            chains=() if any(chosen.values()) or found.page > 1 else joint_chains(office, search=search),
        )

    @pages.get("/items/<code>")
    def item(code: str) -> str:
        who = reader()
        found = guide(office, who, code, version=_version())
        return render_template(
            "items/guide.html",
            found=found,
            words=words,
            steps=steps_of(found.card),
            limits=limits_of(found.card),
            watching=may_watch(who),
            proposing=who is not None and may_propose(who, found.card.department),
            official=who is not None and may_office(who),
        )

    @pages.get("/items/<code>/guide.pdf")
    def item_guide_file(code: str) -> Response:
        found = guide(office, reader(), code, version=_version())
        sections = guide_sections(found.card, found.department)
        address = f"{request.url_root.rstrip('/')}/items/{found.card.code}"
        since = found.row.effective_from.astimezone(SHANGHAI).date() if found.row.effective_from else ""
        version = gettext("第 %(version)s 版，自 %(day)s 起施行", version=found.row.version, day=since)
        content = guide_paper(
            found, sections, centre=centre_name(office), address=address, version=version, translate=gettext
        )
        return pdf(content, gettext("办事指南"), found.card.code)

    @pages.get("/items/<code>/flow.bpmn")
    def item_flow(code: str) -> Response:
        response = Response(item_diagram(office, code), mimetype="application/xml")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @pages.get("/items/<code>/flow.svg")
    def item_picture(code: str) -> Response:
        response = Response(item_flow_picture(office, code), mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @pages.get("/items/<code>/versions")
    def item_versions(code: str) -> str:
        who = reader()
        lines, people = item_history(office, who, code)
        return render_template(
            "items/versions.html",
            code=code,
            lines=lines,
            people=people,
            words=words,
            watching=may_watch(who),
            official=who is not None and may_office(who),
        )

    @pages.get("/power-list", endpoint="power_list")
    def show_power_list() -> str:
        department = request.args.get("department", "").strip()[:3]
        counts = department_counts(office)
        shown = department if department in {one.code for one in counts} else ""
        return render_template(
            "items/power_list.html",
            counts=counts,
            shown=next((one for one in counts if one.code == shown), None),
            lines=power_list(office, shown) if shown else (),
            words=words,
            limits=limits_of,
        )


def _filters() -> tuple[str, dict[str, str]]:
    chosen = {name: request.args.get(name, "").strip()[:20] for name in FILTERS}
    return request.args.get("q", "").strip()[:100], chosen


def reader() -> Any:
    """Who reads, None for the public."""
    return current_user.actor if current_user.is_authenticated else None


def _startable(office: Any, who: Any) -> frozenset[str]:
    """Processes the reader may start from the catalogue."""
    if who is None or not Rights(who, demo=office.settings.demo).take_in:
        return frozenset()
    return frozenset(one.key for one in startable(office, who))


def steps_of(card: ItemCard) -> list[Step]:
    """The stages in their order, with what the item needs besides."""
    plan = dict(zip(STAGES, card.stages, strict=True))
    service, decides = gettext("服务"), gettext("审批")
    found = [Step(words=gettext("受理"), half_days=plan["受理"], nature=service)]
    if not card.immediate:
        found.append(Step(words=gettext("审核"), half_days=plan["审核"], nature=decides))
    if card.survey:
        found.append(Step(words=gettext("现场勘查"), half_days=0, nature=gettext("两名以上人员，当面签单")))
    if card.expert:
        found.append(Step(words=gettext("专家或技术评审"), half_days=0, nature=gettext("技术审查")))
    if card.hearing:
        found.append(Step(words=gettext("听证"), half_days=0, nature=gettext("特别程序")))
    if card.collective:
        found.append(Step(words=gettext("集体审议"), half_days=0, nature=decides))
    found.append(Step(words=gettext("批准"), half_days=plan["批准"], nature=decides))
    if card.kind == "REPORT_UP":
        found.append(Step(words=gettext("上报"), half_days=0, nature=gettext("上级审批")))
    found.append(Step(words=gettext("发证"), half_days=plan["发证"], nature=service))
    return found


def limits_of(card: ItemCard) -> dict[str, str]:
    """The limits in words."""
    law, correction = card.statutory, card.correction
    if law.unit in (ItemLimitUnit.WORKDAY, ItemLimitUnit.CALENDAR):
        statutory = gettext(
            "%(start)s %(days)s 个%(unit)s",
            start=words.STARTS[law.start],
            days=law.value,
            unit=words.LIMIT_UNITS[law.unit],
        )
    else:
        statutory = str(words.LIMIT_UNITS[law.unit])
    extension = gettext("不延期")
    if card.extension.most and card.extension.times:
        extension = gettext(
            "经%(approver)s批准可延长一次，最长 %(days)s 个工作日",
            approver=words.APPROVERS.get(card.extension.approver, card.extension.approver),
            days=card.extension.most,
        )
    unit = words.LIMIT_UNITS[correction.unit]
    return {
        "statutory": statutory + (gettext("（%(note)s）", note=law.note) if law.note else ""),
        "promised": gettext("当场办结") if card.immediate else gettext("%(days)s 个工作日", days=card.promised),
        "correction": gettext("%(days)s 个%(unit)s内", days=correction.value, unit=unit),
        "extension": extension,
    }


def guide_sections(card: ItemCard, department: str) -> list[tuple[str, list[str]]]:
    """The guide as headings with lines, for paper."""
    limits = limits_of(card)
    arrow = " → "
    materials = []
    for number, one in enumerate(card.materials, 1):
        notes = [str(words.FORMS[one.form])]
        if one.source == "SHARED":
            notes = [gettext("免提交")]
        elif one.copies:
            notes.append(gettext("%(count)s 份", count=one.copies))
        if one.condition:
            notes.append(one.condition)
        materials.append(f"{number}. {one.name}（{gettext('，').join(notes)}）")
    basics = gettext("；").join(
        (
            f"{gettext('实施部门')}{gettext('：')}{department}",
            f"{gettext('办件类型')}{gettext('：')}{words.KINDS[card.kind]}",
            f"{gettext('服务对象')}{gettext('：')}{words.item_value([str(a) for a in card.audience], 'audience')}",
            f"{gettext('办理渠道')}{gettext('：')}{words.item_value([str(c) for c in card.channels], 'channels')}",
        )
    )
    fee = gettext("按收费标准 %(codes)s 收取，以缴款单为准。", codes=gettext("、").join(card.fees))
    found = [
        (gettext("基本信息"), [basics]),
        (gettext("审批依据"), [f"{one.name}{one.article}" for one in card.basis]),
        (gettext("申请条件"), [f"{n}. {one}" for n, one in enumerate(card.conditions, 1)]),
        (gettext("申报材料"), materials),
        (gettext("办理程序"), [arrow.join(one.words for one in steps_of(card))]),
        (
            gettext("办理时限"),
            [
                f"{gettext('法定时限')}{gettext('：')}{limits['statutory']}{gettext('；')}"
                f"{gettext('承诺时限')}{gettext('：')}{limits['promised']}"
            ],
        ),
        (gettext("收费依据和标准"), [fee if card.fees else f"{card.fee_statement}（{card.fee_basis}）"]),
        (gettext("办理结果"), [card.result.name]),
        (gettext("特别说明"), list(card.remarks)),
        (
            gettext("投诉渠道"),
            [gettext("；").join(f"{words.COMPLAINTS[one.kind]}{gettext('：')}{one.value}" for one in card.complaints)],
        ),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def _version() -> int | None:
    text = request.args.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
