"""承诺件 from register cards: 受理 → 审核 → 批准 → 发证 (T2), with the survey between 书面审查 and 综合意见 (T3), a hearing
before 批准 (T3-H), a meeting (T6), and what is special of single items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from drawing.deciding import (
    built,
    counted_limit,
    end_granted,
    followed,
    heard,
    issue_line,
    met,
    publicised,
    refusal_line,
    returned,
    taxed,
)  # fmt: skip
from drawing.office import ESCALATION, choice, late, office_task
from drawing.procedures import draw_procedures
from drawing.register import desk_limit, facts, requested, slug, tacit
from drawing.reviewing import (
    AROUND,
    Line,
    batched,
    consulted,
    noted_late,
    ordered_procedure,
    short_way,
    survey_limits,
    surveyed,
)  # fmt: skip
from drawing.sheet import OTHERWISE, Drawing, Node, Sheet
from drawing.specials import Special, special_of
from drawing.window import draw_window

REGISTERED = """return_count = 0
decision = null
recommendation = null
procedure = null
certificate_no = null"""
FEE_INPUTS = {  # what the fees of an item are charged for (docs/fees.md), by FEEL of what the case knows
    "102-QR-005": {
        "housing_registrations": 'if house_use = "住宅" then 1 else null',
        "housing_certificates": 'if house_use = "住宅" then certs_count else null',
        "registrations": 'if house_use = "非住宅" then 1 else null',
        "certificates": 'if house_use = "非住宅" then certs_count else null',
    },
    "108-XK-002": {"disturbed_area": "land_area_m2"},
}
CONSULTED = 132  # height of the lane of a department that is asked


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The half-days of a card, those of 审核 divided among its desks."""

    accept: int
    written: int  # 书面审查; 0: there is no such desk
    booking: int
    visiting: int
    review: int  # 审核, or 综合意见 after a survey
    approve: int
    issue: int


def plan_of(card: dict, special: Special) -> Plan:
    """Divide the half-days of 审核: what others need first, the rest by half between papers and conclusion."""
    accept, review, approve, issue = card["stages"]
    if special.consulted and not special.consulted.pause:
        review -= 2 * int(special.consulted.limit.removesuffix("wd"))
    if special.hearing:
        review -= 2  # the announcement
    if special.batch:
        review -= 2
    if special.counted:
        review -= counted_limit(special.publicity)
    if special.meeting:
        review -= 6  # papers and meeting
    booking, visiting, written = 0, 0, 0
    if special.survey:
        booking, visiting = survey_limits(review)
        if special.booked:
            booking = 0  # agreed at the window
        review -= booking + visiting
        written = 0 if special.booked else review // 2
    return Plan(
        accept=accept, written=written, booking=booking, visiting=visiting, review=review - written, approve=approve,
        issue=issue,
    )  # fmt: skip


def registered(card: dict, special: Special) -> str:
    """What 收件登记 sets, so that every path knows it."""
    lines = [REGISTERED]
    if tacit(card) in ("decision", "statutory"):
        lines.append("Task_Approve_tacit = false")
    if card.get("fees"):
        lines.append("fee_abandoned = null")
    if special.survey:
        lines.append("survey_count = 0\nsurvey_conclusion = null\nsurvey_inspectors = null")
    if special.booked:
        lines.append("survey_on = null\nhalf = null\nplace = null")
    if special.publicity:
        lines.append("publicised = false" if special.counted else "Task_Publicity = null")
    if special.hearing:
        lines.append("Task_Hearing_Ordered = null\nheld_at = null\nhearing_place = null\nhearing_host = null")
    if special.meeting:
        lines.append("resolution = null")
    if special.batch:
        lines.append("batch_no = null\nbatch_on = null")
    if special.elsewhere:
        lines += [
            f'reject_kind = if {special.elsewhere} then "other_agency" else null',
            f'proper_authority = if {special.elsewhere} then "{special.authority}" else null',
            f'reason = if {special.elsewhere} then "依法由{special.authority}审批，不属本机关职权" else null',
        ]
    if special.follow[0]:
        matter, limit, *to = special.follow
        lines.append(f'follow_up = "{matter}"\nfollow_up_dept = "{card["department"]}"\nfollow_up_limit = "{limit}"')
        lines.append(f'follow_up_to = "{to[0]}"' if to else "follow_up_to = null")
    return "\n".join([*lines, *([special.computed] if special.computed else [])])


def draw_promised(card: dict, folder: Path, *, joint: bool = False) -> None:
    """Draw one 承诺件 into `folder` as item_<code>.bpmn; `joint`: as item_<code>_joint, surveyed by the chain that calls it."""
    special, name = special_of(card), slug(card)
    if joint:
        special = replace(special, survey="", booked=False, promoted=())
    key, dept = f"item_{name}{'_joint' if joint else ''}", card["department"]
    sheet, plan = Sheet(key), plan_of(card, special)
    opening = sheet.lane("综合窗口", 360)
    asked = sheet.lane(special.consulted.lane, CONSULTED) if special.consulted else None
    reviewing = sheet.lane("部门审核", 390 if special.short else 280)
    deciding = sheet.lane("首席代表", 150)
    issuing = sheet.lane("发证窗口", 210 if card.get("fees") else 170)
    system = sheet.lane("系统", 100)

    window = draw_window(
        sheet, opening, name, registered=registered(card, special), limit=desk_limit(plan.accept),
        results=("decision", *special.promoted),
        turned_away=" or ".join(['decision = "reject"', *([special.elsewhere] if special.elsewhere else [])]),
    )  # fmt: skip
    y, top = reviewing.top + 195, reviewing.top + 75
    line = Line(sheet, y, 690, window.taken, dept)
    before = special.late or special.short or special.ordered or special.consulted or special.booked or special.batch
    if before:
        meet = choice(sheet, "Merge_Accepted", "", 600, y)
        sheet.flow(window.taken, meet, way="bottom-left")
        sheet.flow(window.told, meet, way="bottom-bottom", bend=y + AROUND)
        line.end, line.x = meet, meet.x
    if special.late:
        noted_late(line, special.late, top)
    short = short_way(line, special.short, name, reviewing.top + 320) if special.short else None
    if special.ordered:
        ordered_procedure(line, special.ordered, special.short.otherwise if special.short else "")
    if special.batch:
        batched(line, name)
    if special.consulted and asked is not None:
        consulted(line, special.consulted, asked)

    level = tacit(card)
    silence = {"zw__tacit": "stage_skip"} if level in ("stage_skip", "decision") else {}
    first = survey = None
    ways: dict = {}
    if short is not None and not special.ordered and special.short:
        ways = {"name": special.short.otherwise, "condition": OTHERWISE}
    if plan.written:
        conditional = special.survey != "always"
        first = office_task(
            sheet, "Task_Review", "书面审查", line.x + 110 if before else line.x, y, stage="REVIEW", role="reviewer_a",
            dept=dept, limit=desk_limit(plan.written), form=f"review_{name}" if conditional else "written_review",
            results=special.found if conditional else (), **silence,
        )  # fmt: skip
        line.desks.append(first)
        _enter(sheet, window, line, first, bool(before), ways)
        ways = {}
    if special.survey:
        survey = surveyed(
            line, "" if special.survey == "always" else special.survey, (plan.booking or 1, plan.visiting)
        )
    desk = "Task_Conclude" if survey else "Task_Review"
    reviewed = office_task(
        sheet, desk, "综合意见" if survey else "审核", line.x + (125 if survey or before else 0), y, stage="REVIEW",
        role="reviewer_a", dept=dept, limit=desk_limit(plan.review), form=_reviewing_form(name, special),
        results=("recommendation", *(() if special.survey not in ("", "always") else special.found)),
        zw__sms="M12", **silence,
    )  # fmt: skip
    line.desks.append(reviewed)
    if first is None and survey is None:
        _enter(sheet, window, line, reviewed, bool(before), ways)
    else:
        line.to(reviewed)
    x = reviewed.x
    advised = line.to(choice(sheet, "Gateway_Review", "审核结论", x + 115, y, (x + 123, y + 32)))
    procedures = draw_procedures(sheet, requested(card), x + 115, top, dept=dept, desk=desk)
    sheet.flow(
        advised, procedures, "特别程序", 'recommendation = "procedure"', way="top-bottom", label=(x + 121, y - 46)
    )
    sheet.flow(procedures, reviewed, way="left-top", shift=(0, 20))
    if survey is not None:
        under = y + (AROUND + 14 if special.survey != "always" else AROUND)
        sheet.flow(
            advised, survey, "再次勘查", 'recommendation = "survey" and survey_count < 3', way="bottom-bottom",
            bend=under, label=(x - 102, under - 18),
        )  # fmt: skip

    bypass = meeting = None
    if special.publicity:
        bypass = publicised(line, special.publicity, reviewed, counted=special.counted)
    if special.hearing:
        bypass = heard(line)
    if special.meeting:
        meeting = met(line, deciding)
    if special.tax:
        taxed(line, special.tax)
    at = line.x + 185
    approved = office_task(
        sheet, "Task_Approve", "签发" if meeting else "批准", at, deciding.middle, stage="APPROVE", role="chief_rep",
        dept=dept, limit=desk_limit(plan.approve), form="approve", results=("decision",), zw__sms="M12",
        **({"zw__tacit": "decision", "zw__tacit_answers": "decision=grant"} if level == "decision" else {}),
    )  # fmt: skip
    if meeting is not None:
        line.to(approved)
    else:
        ahead = {"condition": OTHERWISE} if line.end.kind == "exclusiveGateway" and line.end.name else {}
        line.to(approved, way="right-top", shift=(0, -30), **ahead)
    if bypass is not None:
        done = (
            'recommendation = "refuse" or Task_Publicity != null'
            if special.publicity
            else "Task_Hearing_Ordered != null"
        )
        if special.counted:
            done = OTHERWISE
        sheet.flow(
            bypass, approved, "已公示" if special.publicity else "已听证", done, way="bottom-left",
            label=(bypass.x + 6, deciding.top + 20),
        )  # fmt: skip
    if short is not None:
        task = next(node for node in sheet.nodes if node.id == "Task_Short")
        sheet.flow(task, approved, bend=at - 110)
    decided = choice(sheet, "Gateway_Decide", "批准结论", at + 180, deciding.middle, (at + 100, deciding.middle - 34))
    sheet.flow(approved, decided)
    refusing, _ = refusal_line(sheet, at + 270, deciding.middle)
    sheet.flow(decided, refusing, "不予", 'decision = "refuse"')
    returned(sheet, line, approved, decided, reviewed, reviewing.top + 20)

    granting, issued = issue_line(
        sheet, at + 180, issuing, limit=desk_limit(plan.issue), charged=bool(card.get("fees")),
        licence=card["type"] == "LICENSE", inputs=FEE_INPUTS.get(card["code"]),
    )  # fmt: skip
    sheet.flow(decided, granting, "准予", _granting(special), way="bottom-top")
    last: Node = issued
    if special.works:
        works, last = built(sheet, issued, special.works, dept)
        line.desks.append(works)
    if special.follow[0]:
        last = followed(sheet, issued)
    for id, longer in special.longer:
        next(node for node in sheet.nodes if node.id == id).attributes["zw:statutory"] = longer
    ends = max(last.x + 130, at + 490)
    end_granted(sheet, last, ends if level not in ("decision", "statutory") else max(ends, last.x + 190),
                silent=level in ("decision", "statutory"), delivered=special.works is not None)  # fmt: skip
    for task in (window.accepting, *line.desks, approved, issued):
        late(sheet, task, system.middle)
    Drawing(
        key=key,
        name=card["name"],
        sheet=sheet,
        attributes=facts(card),
        width=max(node.x for node in sheet.nodes) + 100,
        outsider="申请人",
        outsider_flow=("申请材料", window.start.id),
        roots=[ESCALATION],
    ).write(folder / f"{key}.bpmn")


def _enter(sheet: Sheet, window: object, line: Line, task: Node, before: bool, ways: dict) -> None:
    """The way from the window to the first desk of 审核."""
    if before:
        line.to(task, **ways)
        return
    sheet.flow(window.taken, task, way="bottom-left", shift=(0, -14))  # type: ignore[attr-defined]
    sheet.flow(window.told, task, way="bottom-left", shift=(0, 14))  # type: ignore[attr-defined]
    line.end, line.x = task, task.x


def _reviewing_form(name: str, special: Special) -> str:
    """The form of 审核 or 综合意见: one of its own where the desk answers more than its opinion."""
    if special.survey == "always" and special.found or not special.survey and special.found:
        return f"conclude_{name}" if special.survey else f"review_{name}"
    return "conclude" if special.survey else "review"


def _granting(special: Special) -> str:
    """When 批准 grants: what must hold of the case is asked again of the decision."""
    more = [f"({special.unless})"] if special.unless else []
    more += ['resolution = "grant"'] if special.meeting else []
    return " and ".join(['decision = "grant"', *more])
