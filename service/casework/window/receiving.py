"""收件 in one act: the case begins, its checklist is marked, and the window concludes, all in one transaction or not at all.

The papers of each outcome (收件凭证, 受理通知书, 补正告知书, 不予受理通知书) are those the diagram names; they are printed afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.completing import complete_within
from service.casework.journalling import case_file, put_back
from service.casework.materials.files import note
from service.casework.materials.opening import open_materials
from service.casework.messages.codes import QUERY, access_code
from service.casework.register.rows import card_of
from service.casework.starting import begin, require_in_use, wanted_definition
from service.casework.window.applicants import remember
from service.casework.window.choosing import item_of_process
from service.casework.window.deferring import defer
from service.casework.window.desks import require_able, require_clerk, window_of
from service.casework.window.screen import ACCEPTING, matched
from service.rules.deferrals import MISSING
from service.rules.materials import Source, read_line
from service.rules.refusals import Conflict, FieldProblem, Invalid
from service.rules.sentences import Sentence
from service.rules.vocabulary import JournalAction
from service.store.database import Duplicate
from service.store.intakes import IntakeRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records
    from service.store.register import VersionRow

LONGEST_TICKET = 20
LONGEST_VISIT = timedelta(hours=12)  # a form that was left open longer says nothing of counter time
AGENT = ("agent_name", "agent_id_no", "agent_letter")
IDENTITY = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]|[0-9A-Za-z]{18}")
PAPERS = frozenset({"", "ORIGINAL", "COPY"})
LACKING = Sentence("这项材料还缺。")
EMPTY = Sentence("请填写。")
IDENTITY_WRONG = Sentence("证件号码应为15或18位。")


class Presence(StrEnum):
    """What the window says of one line of the checklist."""

    HERE = "HERE"  # 齐
    LACKING = "LACKING"  # 缺
    NOT_NEEDED = "NOT_NEEDED"  # 不适用: its condition does not hold
    DEFERRED = "DEFERRED"  # 容缺: promised for later


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One line as the window found it. `paper`: what stays here, ORIGINAL or COPY, in so many `copies`; `problem`: of a gap."""

    line: str
    presence: Presence
    paper: str = ""
    copies: int = 0
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Application:
    """What came over the counter. `conclusion`: the answers to the window's own desk; None: taken in only."""

    key: str
    answers: Mapping[str, Any]
    checked: tuple[Checked, ...] = ()
    conclusion: Mapping[str, Any] | None = None
    window: str = ""
    ticket: str = ""
    title: str = ""
    agent: Mapping[str, str] = field(default_factory=dict)
    signed_by: str = ""  # who promises what is deferred
    opened_at: datetime | None = None
    token: UUID = field(default_factory=uuid4)


def receive(office: Office, actor: Actor, application: Application) -> UUID:
    """Take an application in, and conclude when it says how; the case. The same form sent twice is one case.

    Refused: Forbidden WINDOW_ONLY; Missing DEFINITION_NOT_FOUND, WINDOW_UNKNOWN; Conflict WINDOW_CANNOT, WINDOW_NONE, WINDOW_NEEDED,
    ITEM_NOT_IN_USE, DEFINITION_SUSPENDED; Invalid AGENT_INCOMPLETE, MATERIAL_LACKING; and what `complete_task` refuses.
    """
    require_clerk(actor)
    _require_agent(application.agent)

    def attempt() -> UUID:
        with office.transaction() as records:
            known = records.intakes.sent(application.token)
            if known is not None and known.clerk == actor.username:
                return known.case_id
            return _receive(office, records, actor, application)

    try:
        return office.attempt(attempt)
    except Duplicate:  # race: the same form, or the first case of the same applicant, at the same instant
        return office.attempt(attempt)


def _receive(office: Office, records: Records, actor: Actor, application: Application) -> UUID:
    definition = wanted_definition(records, key=application.key)
    require_in_use(records, definition.key)
    item = item_of_process(records, definition.key)
    window = window_of(records, actor, application.window)
    require_able(records, window, item, definition.name or definition.key)
    here = [one.line for one in application.checked if one.presence is Presence.HERE]
    agent = {name: value.strip() for name in AGENT if (value := application.agent.get(name, "")).strip()}
    values = {**application.answers, **({"handed_in": here} if application.checked else {}), **agent}
    case = begin(office, records, actor, definition, variables=values, title=application.title or None)
    opened = application.opened_at
    if opened is None or not timedelta() <= records.now - opened <= LONGEST_VISIT:
        opened = records.now
    row = IntakeRow(
        case_id=case.id,
        window=window.code if window is not None else "",
        ticket=" ".join(application.ticket.split())[:LONGEST_TICKET],
        item=item.code if item is not None else "",
        process=definition.key,
        clerk=actor.username,
        called_at=opened,
        taken_at=records.now,
        token=application.token,
        applicant_id=remember(records, values),
    )
    records.intakes.add(row)
    access_code(office, records, case.id, None, QUERY)
    _mark(office, records, actor, case.id, definition.key, application.checked)
    if application.conclusion is not None:
        task = next(
            (one for one in records.tasks.open_of(case.id) if one.scope_id is None and one.stage in ACCEPTING), None
        )
        if task is not None:
            said = _concluded(application, here)
            promised = _deferred(records, actor, case.id, item, application, said)
            complete_within(office, records, actor, task.id, answers=said, variables=promised)
    records.prompt = True
    return case.id


def _concluded(application: Application, here: list[str]) -> dict[str, Any]:
    """The answers of the desk: what is here and what is missing follow from the checklist. Refused: Invalid MATERIAL_LACKING."""
    said = dict(application.conclusion or {})
    if not application.checked:
        return said
    missing = [one for one in application.checked if one.presence is Presence.LACKING]
    if said.get("decision") == "correct":
        said["gaps"] = [one.line for one in missing]
        if not str(said.get("gap_notes") or "").strip():
            said["gap_notes"] = "\n".join(f"{read_line(one.line).name}：{one.problem or '未提交'}" for one in missing)
    elif said.get("decision") != "reject":
        if missing:
            raise Invalid(
                "MATERIAL_LACKING",
                "还缺 {count} 项材料，不能受理；请一次告知补正。",
                fields=tuple(
                    FieldProblem(field=one.line, code="MATERIAL_LACKING", text=LACKING.text) for one in missing
                ),
                count=len(missing),
            )
        said["materials"] = here
    return said


def _deferred(
    records: Records,
    actor: Actor,
    case_id: UUID,
    item: VersionRow | None,
    application: Application,
    said: Mapping[str, Any],
) -> dict[str, Any]:
    """容缺: the promise for what comes later, when it is accepted. Variables of the case. Refused: as `defer`; DEFERRAL_AT_ONCE."""
    wanted = [one.line for one in application.checked if one.presence is Presence.DEFERRED]
    if not wanted or said.get("decision") in ("correct", "reject"):
        return {}
    card = card_of(item) if item is not None else None
    if card is None or card.immediate:
        raise Conflict("DEFERRAL_AT_ONCE", "当场办结的事项不适用容缺受理。")
    lines = matched([read_line(one.line) for one in application.checked], card.materials)
    days = {one.listed.text: (one.card.defer_days or 0) if one.card is not None else 0 for one in lines}
    brought = [
        one for one in application.checked
        if one.presence is Presence.HERE and read_line(one.line).source not in (Source.FORM, Source.SHARED)
    ]  # fmt: skip
    file = case_file(records.cases.lock(case_id))
    found = defer(
        records, file, actor, [(line, days.get(line, 0)) for line in wanted], present=len(brought),
        signed_by=application.signed_by,
    )  # fmt: skip
    put_back(records, file)
    return {MISSING: [one.material for one in found]}


def _mark(
    office: Office, records: Records, actor: Actor, case_id: UUID, process: str, checked: tuple[Checked, ...]
) -> None:
    """完整性 (SM-17): what the window has found complete, and what of it stays here on paper."""
    file = case_file(records.cases.lock(case_id), alive=False)
    lines = {line.name: line for line in open_materials(office, records, file, None, process)}
    for one in checked:
        line = lines.get(read_line(one.line).name[:200])
        paper = one.paper if one.paper in PAPERS and one.copies > 0 else ""
        if line is None or one.presence is not Presence.HERE or line.source == Source.FORM or not paper:
            continue
        copies = min(one.copies, 99)
        records.materials.change_line(line.id, seen_by=actor.username, seen_at=records.now, paper=paper, copies=copies)
        note(records, file, JournalAction.MATERIAL_SEEN, actor, line, paper=paper, copies=copies)
    put_back(records, file)


def _require_agent(agent: Mapping[str, str]) -> None:
    """Who acts for somebody says who they are and by which letter. Refused: Invalid AGENT_INCOMPLETE."""
    given = {name: agent.get(name, "").strip() for name in AGENT}
    if not any(given.values()):
        return
    wrong = [FieldProblem(field=name, code="AGENT_INCOMPLETE", text=EMPTY.text) for name in AGENT if not given[name]]
    if given["agent_id_no"] and not IDENTITY.fullmatch(given["agent_id_no"]):
        wrong.append(FieldProblem(field="agent_id_no", code="AGENT_INCOMPLETE", text=IDENTITY_WRONG.text))
    if wrong:
        raise Invalid("AGENT_INCOMPLETE", "委托代理人的信息不完整。", fields=tuple(wrong))
