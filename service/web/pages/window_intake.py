"""收件 on one screen: the application, the checklist beside it, and the conclusion, sent together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from service.casework import sample_application
from service.casework.materials.reading import material_panel
from service.casework.materials.receiving import bring_material
from service.casework.window.applicants import find_applicants, take_applicant
from service.casework.window.receiving import AGENT, Application, Checked, Presence, receive
from service.casework.window.screen import MADE_HERE, Screen, intake_screen
from service.casework.workbench import feel
from service.rules.forms import Block, hidden_fields, initial_values, judge, present, read_page
from service.rules.materials import Origin, Source
from service.rules.refusals import Conflict, FieldProblem, Invalid, Refusal
from service.rules.sentences import Sentence
from service.web.pages.sign_in import acting
from service.web.pages.window_seat import chosen_window
from service.web.pages.wording import say
from service.web.statuses import status_of

EMPTY: dict[str, Any] = {"components": []}
GAPS_NONE = Sentence("没有标为“缺”的材料，不需要补正。")
DESK = "desk-"  # names of the desk's fields on the screen: both forms may ask for a reason


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What the screen shows as filled in. `opened` and `token`: of the first time it was shown."""

    entries: Mapping[str, Any]
    desk: Mapping[str, Any]
    marks: Mapping[int, Mapping[str, str]]
    agent: Mapping[str, str]
    signed_by: str
    title: str
    ticket: str
    opened: str
    token: str


def register(pages: Blueprint, office: Any) -> None:
    """Adds the screen and looking for somebody who has applied before."""

    @pages.get("/window/applicants", endpoint="window_applicants")
    def applicants() -> str:
        return render_template("parts/window_applicants.html", **_found(office))

    @pages.get("/window/new/<key>", endpoint="window_intake")
    def ask(key: str) -> str | tuple[str, int] | Response:
        try:
            screen = intake_screen(office, acting(), key, window=chosen_window())
        except Conflict as refusal:
            flash(say(refusal), "bad")
            return redirect(url_for("pages.window", q=request.args.get("q", "")))
        return _page(office, screen, _begun(office, screen))

    @pages.post("/window/new/<key>", endpoint="window_receive")
    def take_in(key: str) -> Response | str | tuple[str, int] | dict[str, list[str]]:
        screen = intake_screen(office, acting(), key, window=chosen_window())
        filled = _read(screen)
        if request.accept_mimetypes.best == "application/json":
            return {"hidden": _hidden(screen, filled)}
        concluding = screen.desk is not None and request.form.get("act") != "receive"
        answers, problems = _judged(screen, filled, concluding)
        if problems:
            return _page(office, screen, filled, problems), 422
        application = Application(
            key=key,
            answers=answers[0],
            checked=tuple(_checked(screen, filled)),
            conclusion=answers[1] if concluding else None,
            window=screen.window.code if screen.window is not None else "",
            ticket=filled.ticket,
            title=filled.title[:200],
            agent=filled.agent,
            signed_by=filled.signed_by,
            opened_at=_instant(filled.opened),
            token=_uuid(filled.token),
        )
        try:
            case_id = receive(office, acting(), application)
        except Refusal as refusal:
            wrong = tuple(_placed(screen, one) for one in refusal.fields)
            code = status_of(refusal)
            return _page(office, screen, filled, wrong, refusal), 422 if code == 400 else code
        _bring_files(office, screen, case_id)
        return redirect(url_for("pages.window_slip", case_id=case_id))


def _begun(office: Any, screen: Screen) -> Filled:
    """The screen as it is first shown: an applicant who was found, or an example in demo mode, fills it in."""
    values: dict[str, Any] = dict(initial_values(screen.form or EMPTY, {}))
    nth = request.args.get("sample", "")
    if office.settings.demo and nth.isdecimal() and len(nth) < 4:
        values |= sample_application(office, acting(), screen.key, int(nth))
    agent: dict[str, str] = {}
    chosen = request.args.get("applicant", "")
    if chosen:
        try:
            facts = take_applicant(office, acting(), UUID(chosen))
        except (ValueError, Refusal):
            facts = {}
        names = set(read_page(screen.form or EMPTY, lambda name: [""]))
        values |= {name: value for name, value in facts.items() if name in names}
        agent = {name: str(facts[name]) for name in AGENT if facts.get(name) and request.args.get("agent") == "1"}
    return Filled(
        entries=values,
        desk=initial_values(screen.desk or EMPTY, {}),
        marks={place: _usual(one) for place, one in enumerate(screen.lines)},
        agent=agent,
        signed_by="",
        title="",
        ticket=request.args.get("ticket", "").strip()[:20],
        opened=request.args.get("opened", "")[:40] or screen.opened_at.isoformat(),
        token=str(uuid4()),
    )


def _usual(one: Any) -> dict[str, str]:
    """What is usual for a line: forms are filled in here and shared data is not asked for; what the register wants on paper."""
    card = one.card
    paper = card.form.value if card is not None and card.form.value in ("ORIGINAL", "COPY") else ""
    present_already = one.listed.source in (Source.FORM, Source.SHARED)
    return {
        "mark": Presence.HERE if present_already else Presence.LACKING,
        "paper": "" if present_already else paper,
        "copies": str(card.copies if card is not None and card.copies else 1) if paper and not present_already else "",
        "problem": "",
    }


def _read(screen: Screen) -> Filled:
    sent = request.form
    marks = {
        place: {name: sent.get(f"{name}-{place}", "").strip()[:200] for name in ("mark", "paper", "copies", "problem")}
        for place, _ in enumerate(screen.lines)
    }
    return Filled(
        entries=read_page(screen.form or EMPTY, sent.getlist),
        desk=read_page(screen.desk or EMPTY, lambda name: sent.getlist(DESK + name)),
        marks=marks,
        agent={name: sent.get(name, "").strip()[:100] for name in AGENT},
        signed_by=sent.get("signed_by", "").strip()[:60],
        title=sent.get("case-title", "").strip(),
        ticket=sent.get("ticket", "").strip()[:20],
        opened=sent.get("opened", "")[:40],
        token=sent.get("token", "")[:40],
    )


def _checked(screen: Screen, filled: Filled) -> Iterable[Checked]:
    for place, one in enumerate(screen.lines):
        said = filled.marks[place]
        mark = said["mark"] if said["mark"] in Presence.__members__ else Presence.LACKING
        copies = said["copies"]
        yield Checked(
            line=one.listed.text,
            presence=Presence(mark),
            paper=said["paper"],
            copies=int(copies) if copies.isascii() and copies.isdigit() and len(copies) < 3 else 0,
            problem=said["problem"],
        )


def _made_here(screen: Screen, filled: Filled, *, schema: Any, entries: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a form with those the checklist answers."""
    checked = list(_checked(screen, filled))
    here = [one.line for one in checked if one.presence is Presence.HERE]
    lacking = [one.line for one in checked if one.presence is Presence.LACKING]
    made: dict[str, Any] = {"handed_in": here, "materials": here, "gaps": lacking}
    known = set(read_page(schema, lambda name: [""]))
    found = {**entries, **{name: value for name, value in made.items() if name in known}}
    if "gap_notes" in known and not str(found.get("gap_notes") or "").strip() and lacking:
        found["gap_notes"] = "\n".join(
            f"{one.line}：{one.problem or '未提交'}" for one in checked if one.presence is Presence.LACKING
        )
    return found


def _judged(
    screen: Screen, filled: Filled, concluding: bool
) -> tuple[tuple[dict[str, Any], dict[str, Any]], tuple[FieldProblem, ...]]:
    """The answers to both forms, and everything wrong with them at once."""
    form = screen.form or EMPTY
    entries = _made_here(screen, filled, schema=form, entries=filled.entries)
    applied = judge(form, entries, data={}, evaluate=feel)
    problems = list(applied.problems)
    said: dict[str, Any] = {}
    if concluding:
        desk = screen.desk or EMPTY
        found = _made_here(screen, filled, schema=desk, entries=filled.desk)
        concluded = judge(desk, found, data=applied.answers, evaluate=feel)
        said = dict(concluded.answers)
        problems += [replace(one, field=DESK + one.field) for one in concluded.problems if one.field not in MADE_HERE]
        if said.get("decision") == "correct" and not said.get("gaps"):
            problems.append(FieldProblem(field="checklist", code="GAPS_NONE", text=GAPS_NONE.text))
    return (dict(applied.answers), said), tuple(problems)


def _hidden(screen: Screen, filled: Filled) -> list[str]:
    form, desk = screen.form or EMPTY, screen.desk or EMPTY
    entries = _made_here(screen, filled, schema=form, entries=filled.entries)
    applied = judge(form, entries, data={}, evaluate=feel)
    said = hidden_fields(desk, filled.desk, data=applied.answers, evaluate=feel)
    return sorted({*hidden_fields(form, entries, data={}, evaluate=feel), *(DESK + name for name in said)})


def _placed(screen: Screen, one: FieldProblem) -> FieldProblem:
    """A problem of casework beside the field of the screen it is about."""
    places = {line.listed.text: f"mark-{place}" for place, line in enumerate(screen.lines)}
    if one.field in places:
        return replace(one, field=places[one.field])
    known = set(read_page(screen.desk or EMPTY, lambda name: [""]))
    if one.field in MADE_HERE:
        return replace(one, field="checklist")
    return replace(one, field=DESK + one.field) if one.field in known else one


def _bring_files(office: Any, screen: Screen, case_id: UUID) -> None:
    """What was scanned or photographed at the counter, line by line; what is refused is told and can be brought again."""
    files: list[tuple[str, FileStorage]] = [
        (screen.lines[place].listed.name, one)
        for place in range(len(screen.lines))
        for one in request.files.getlist(f"file-{place}")
        if one.filename
    ]
    if not files:
        return
    lines = {line.row.name: line.row.id for line in material_panel(office, acting(), case_id).lines}
    for material, one in files:
        try:
            bring_material(
                office,
                acting(),
                lines[material[:200]],
                cast(BinaryIO, one.stream),
                name=one.filename or "",
                origin=Origin.UPLOAD,
            )
        except Refusal as refusal:
            told = gettext("“%(file)s”没有收下：%(why)s", file=one.filename, why=say(refusal))
            flash(told + gettext("请在材料清单中重新提交。"), "bad")


def _found(office: Any) -> dict[str, Any]:
    """Who was looked for, with what has to stay in the address."""
    who = request.args.get("who", "").strip()[:100]
    key = request.args.get("key", "")[:255]
    kept = {name: request.args.get(name, "")[:40] for name in ("ticket", "opened") if request.args.get(name)}
    try:
        return {"who": who, "people": find_applicants(office, acting(), who) if who else None, "key": key, "kept": kept}
    except Invalid as refusal:
        return {"who": who, "people": (), "key": key, "kept": kept, "refusal": refusal}


def _page(
    office: Any,
    screen: Screen,
    filled: Filled,
    problems: tuple[FieldProblem, ...] = (),
    refusal: Refusal | None = None,
) -> str:
    form, desk = screen.form or EMPTY, screen.desk or EMPTY
    own = [replace(one, field=one.field.removeprefix(DESK)) for one in problems if one.field.startswith(DESK)]
    applied = judge(form, _made_here(screen, filled, schema=form, entries=filled.entries), data={}, evaluate=feel)
    shown = present(form, filled.entries, data={}, evaluate=feel, wrong=problems)
    concluding = present(desk, filled.desk, data=applied.answers, evaluate=feel, wrong=own)
    looked = _found(office) if request.method == "GET" and request.args.get("who") else {"who": "", "people": None}
    nth = request.args.get("sample", "")
    return render_template(
        "window_intake.html",
        screen=screen,
        filled=filled,
        blocks=_without(shown, ""),
        desk=_without(concluding, DESK),
        problems=problems,
        wrong={one.field: one for one in problems},
        refusal=refusal,
        next_sample=int(nth) + 1 if nth.isdecimal() and len(nth) < 4 else 0,
        **{"key": screen.key, "kept": {"ticket": filled.ticket, "opened": filled.opened}, **looked},
    )


def _without(blocks: Iterable[Block], prefix: str) -> list[Block]:
    """The blocks without those the checklist answers, named apart from the other form."""
    kept = []
    for one in blocks:
        if one.name in MADE_HERE:
            continue
        children = tuple(_without(one.children, prefix))
        kept.append(replace(one, name=prefix + one.name if one.name else "", children=children))
    return kept


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
