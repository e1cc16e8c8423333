"""One town with two of everything: what is near to the cast of 104 (own), and what belongs to 101 and to strangers (other)."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from service.casework import (
    SYSTEM,
    Actor,
    Office,
    add_person,
    attend_due,
    carry_due,
    comment_task,
    complete_task,
    find_actor,
    open_proceeding,
    record_absence,
    start_case,
    studio,
)
from service.casework.bulk import BulkAct, begin_bulk
from service.casework.decisions import list_decisions
from service.casework.delivery.transfers import Handed, hand_over
from service.casework.deploying import deploy
from service.casework.drafts import keep_draft
from service.casework.handing.copying import send_copy
from service.casework.letters import LetterForm, register_letter
from service.casework.materials.reading import materials_of
from service.casework.materials.receiving import bring_material
from service.casework.measures.releases import submit_release
from service.casework.migration import begin_batch, make_plan
from service.casework.money.refunding import ask_refund
from service.casework.notes.queries import ask_applicant
from service.casework.notes.writing import write_note
from service.casework.papers.stationery import upload_seal
from service.casework.quality.complaints import ComplaintForm, file_complaint
from service.casework.register import deploy_items
from service.casework.register.drafting import save_draft
from service.casework.register.reviews import open_review
from service.casework.saved_filters import save_filter
from service.casework.staff.role_requests import ask_roles
from service.casework.together.asking import Place, ask_signers
from service.documents.seals import sample_seal
from service.engine.facts import Resource
from service.rules.absences import AbsenceKind
from service.rules.work_filters import WorkFilter
from service.store.reconciliations import DayRow, ExceptionRow
from tests.casework.acts.test_repairing import STUCK
from tests.casework.clocks.items import item
from tests.casework.desk import LINEAR, deploy_text
from tests.casework.money.till import BILLED_BODY, LIMITS, SHELTER, pay
from tests.casework.money.till import ROOT as MESSAGES
from tests.casework.papers.city import ACCEPT, APPLICATION, BUILDING, GRANT, ISSUE, REVIEW
from tests.casework.test_letters import PIXEL
from tests.conftest import Clock
from tests.processes.library import FILES, ROOT, resources
from tests.received.made import pdf
from tests.web.pages.test_revising import revised_card
from tests.web.rest import EXTERNAL

OTHER = "item_101_QT_001"
DAY = date(2026, 3, 16)
PICTURE = b64decode(PIXEL.partition(",")[2])
PASSWORD = "Yunxi-2026!"
PLAIN = {"applicant": "云溪绿能有限公司", "contact": "钱程", "phone": "13900000088", "project_name": "分布式光伏"}
OWN_ANSWERS = {"Task_Accept": ACCEPT, "Task_Review": REVIEW, "Task_Approve": GRANT, "Task_Issue": ISSUE}
OTHER_ANSWERS: dict[str, dict[str, Any]] = {
    "Task_Accept": {"decision": "accept", "materials": ["申请表(表)"]},
    "Task_Review": {"recommendation": "grant"},
    "Task_Approve": {"decision": "grant"},
    "Task_Issue": {"certificate_no": "990100202600077", "delivery": "window"},
}
OWN_DESKS = {"Task_Accept": "wangfang", "Task_Review": "zhangwei", "Task_Approve": "chengang", "Task_Issue": "wuqian"}
OTHER_DESKS = {"Task_Accept": "wangfang", "Task_Review": "101-a", "Task_Approve": "101-rep", "Task_Issue": "wuqian"}
EXTRA = {  # accounts the demo city has not: username → roles, department
    "qiancheng": (["applicant"], None),
    "xunke": (["inspector"], "104"),
    "wujuese": ([], "201"),
    "lianxi": ([], "104"),
}


@dataclass
class Town:
    """The office and where its objects are: `own` and `other` by the name the table uses."""

    office: Office
    clock: Clock
    own: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)

    def who(self, username: str) -> Actor:
        """Somebody."""
        found = find_actor(self.office, username)
        assert found is not None, username
        return found

    def settle(self) -> None:
        """What is due happens."""
        while attend_due(self.office) or carry_due(self.office):
            pass

    def both(self, name: str, own: Any, other: Any) -> None:
        """An object near the cast, and one far from it."""
        self.own[name], self.other[name] = own, other

    def one(self, query: str, **said: Any) -> Any:
        """The first value a statement finds."""
        values = {name: value.bytes if isinstance(value, UUID) else value for name, value in said.items()}
        with self.office.reading() as records:
            found = records.execute(text(query), values).scalars().first()
        assert found is not None, (query, said)
        return UUID(bytes=bytes(found)) if isinstance(found, bytes | memoryview) else found

    def open(self, case: UUID, element: str) -> UUID:
        """An open task."""
        with self.office.reading() as records:
            return next(one.id for one in records.tasks.open_of(case) if one.element == element)

    def walk(self, case: UUID, until: str | None, desks: dict[str, str], answers: dict[str, dict[str, Any]]) -> UUID:
        """The desks of an item answer, up to the one that stays open (None: to the end)."""
        for element, username in desks.items():
            if element == until:
                break
            complete_task(self.office, self.who(username), self.open(case, element), answers=answers[element])
            self.settle()
        return case


def build(office: Office, clock: Clock) -> Town:
    """Everything the table names."""
    town = Town(office, clock)
    for username, (roles, department) in EXTRA.items():
        add_person(
            office, SYSTEM, username=username, name=username, password=PASSWORD, department=department, roles=set(roles)
        )
    deploy(office, SYSTEM, "事项库", resources(BUILDING, OTHER, "linear", "support_SP_18", "support_SP_01"))
    codes = ("104-XK-001", "101-QT-001", "104-XK-002")
    deploy_items(office, SYSTEM, [
        Resource(name=f"{one}.json", content=(ROOT / "processes" / "items" / f"{one}.json").read_bytes()) for one in codes
    ])  # fmt: skip
    for step in (_cases, _beside_cases, _money, _house, _designs, _failures):
        step(town)
    return town


def _cases(town: Town) -> None:
    """Open and ended cases of both departments, with their tasks, materials, papers and certificates."""
    office = town.office
    begin = {
        "own": lambda: start_case(office, town.who("lizhao"), key=BUILDING, variables=APPLICATION, title="罐厂").id,
        "other": lambda: start_case(office, town.who("qiancheng"), key=OTHER, variables=PLAIN, title="光伏").id,
    }
    roads = {"own": (OWN_DESKS, OWN_ANSWERS), "other": (OTHER_DESKS, OTHER_ANSWERS)}
    for side, start in begin.items():
        kept = town.own if side == "own" else town.other
        case, ended, ready, fresh, reviewed = (start() for _ in range(5))
        town.settle()
        with office.reading() as records:
            lines = [one for one in materials_of(records, case) if one.row.source != "SHARED"]
        line = lines[0].row.id
        bring_material(office, town.who("wangfang"), line, io.BytesIO(pdf(2)), name="申请表.pdf")
        town.walk(case, "Task_Review", *roads[side])
        town.walk(ready, "Task_Issue", *roads[side])
        town.walk(ended, None, *roads[side])
        town.walk(reviewed, "Task_Approve", *roads[side])
        kept |= {"case": case, "ended": ended, "ready": ready, "fresh": fresh, "material": line}
        kept |= {
            "task": town.open(case, "Task_Review"),
            "intake_task": town.open(fresh, "Task_Accept"),
            "issue_task": town.open(ready, "Task_Issue"),
        }
        kept |= {"reviewed": reviewed, "approval": town.open(reviewed, "Task_Approve"), "variable": "applicant"}
        kept["activity"] = town.one("SELECT id FROM activity WHERE case_id = :c", c=case)
        kept["deployment"] = town.one("SELECT deployment_id FROM definition WHERE key = :k", k=BUILDING)
        kept["resource"] = town.one("SELECT id FROM resource WHERE deployment_id = :d", d=kept["deployment"])
        kept["version"] = town.one("SELECT id FROM material_version WHERE material_id = :m", m=line)
        kept["document"] = town.one("SELECT id FROM document WHERE case_id = :c AND state = 'ISSUED'", c=case)
        kept["certificate"] = town.one("SELECT id FROM certificate WHERE case_id = :c", c=ended)
        kept["done"] = town.one("SELECT id FROM task WHERE case_id = :c AND ended_by = 'wangfang'", c=case)
        kept["department"] = "104" if side == "own" else "101"
        kept["key"], kept["code"] = (BUILDING, "104-XK-001") if side == "own" else (OTHER, "101-QT-001")
        kept["definition"] = town.one("SELECT id FROM definition WHERE key = :k", k=kept["key"])
        kept["token"] = town.one("SELECT id FROM task WHERE id = :t", t=kept["task"])
        kept["reference"] = town.one("SELECT number FROM document WHERE case_id = :c AND number IS NOT NULL", c=case)


def _beside_cases(town: Town) -> None:
    """Notes, queries, copies, opinions, hand-overs, messages, filters, bulk runs, drafts."""
    office = town.office
    sides = (
        (town.own, "zhangwei", "liuyang", "wangfang", "lizhao", "chengang", BUILDING),
        (town.other, "101-a", "101-b", "wangfang", "qiancheng", "101-rep", OTHER),
    )
    for kept, reviewer, colleague, clerk, applicant, chief, key in sides:
        doing, case = town.who(reviewer), kept["case"]
        kept["note"] = write_note(office, doing, case, "内部意见", [("a.png", io.BytesIO(PICTURE))])
        kept["note_file"] = town.one("SELECT id FROM note_file WHERE note_id = :n", n=kept["note"])
        kept["query"] = ask_applicant(office, doing, case, "面积是多少？")
        send_copy(office, doing, case, [colleague], "请知悉")
        kept["copy"] = town.one("SELECT id FROM copied WHERE case_id = :c", c=case)
        ask_signers(office, doing, kept["task"], [colleague], place=Place.PARALLEL, policy="all", question="可否？")
        kept["signer"] = town.one(
            "SELECT s.id FROM signer s JOIN signing g ON s.signing_id = g.id WHERE g.case_id = :c", c=case
        )
        kept["filter"] = save_filter(office, doing, "我的", WorkFilter(q="厂"))
        kept["bulk"] = begin_bulk(office, doing, BulkAct.COMPLETE, {kept["task"]: "同意"}, key=f"walk-{reviewer}")
        kept["draft"] = keep_draft(office, town.who(applicant), key, {"applicant": "甲"})
        kept["message"] = town.one("SELECT id FROM message WHERE case_id = :c", c=case)
        kept["person"], kept["applicant"], kept["clerk"] = reviewer, applicant, clerk
        absent = town.who("liuyang" if reviewer == "zhangwei" else "101-b")
        kept["absence"] = record_absence(
            office, town.who(chief), absent.username, kind=AbsenceKind.SUDDEN, since=None, reason="外出"
        ).id
        comment_task(office, doing, kept["task"], "已阅")
        kept["comment"] = town.one("SELECT id FROM comment WHERE case_id = :c", c=case)
        form = ComplaintForm(kind="attitude", text="态度生硬", about="", department=kept["department"])
        kept["complaint"] = file_complaint(office, town.who(applicant), form).id
        kept["proceeding"] = open_proceeding(office, town.who("engine"), case, kind="OBJECTION", reason="邻居异议").id
    kept_case = town.own["ready"]
    town.own["handover"] = hand_over(
        office,
        town.who("zhangwei"),
        [Handed(case_id=kept_case, scope=_scope(town, kept_case), number="9901002026A", name="许可证")],
    ).id
    kept_case = town.other["ready"]
    town.other["handover"] = hand_over(
        office,
        town.who("101-a"),
        [Handed(case_id=kept_case, scope=_scope(town, kept_case), number="9901002026B", name="备案证")],
    ).id


def _scope(town: Town, case: UUID) -> Any:
    with town.office.reading() as records:
        return next(one["scope_id"] for one in records.deliveries.issuing(None) if one["case_id"] == case)


def _money(town: Town) -> None:
    """A bill, a payment and a refund of each department."""
    office = town.office
    for kept, department, applicant in (
        (town.own, "104", "lizhao"),
        (town.other, "101", "qiancheng"),
    ):
        key = f"billed_{department}"
        body = re.sub(
            r'zw:dept="\d+"', f'zw:dept="{department}"', item(BILLED_BODY, key=key, item="105-XK-001", **LIMITS)
        )
        deploy_text(office, re.sub(r' zw:kind="\w+"', "", body) + MESSAGES, key=key)
        bills = []
        for _ in range(2):
            case = start_case(office, town.who(applicant), key=key, variables=SHELTER, title="人防结建").id
            complete_task(office, town.who("engine"), town.open(case, "Accept"))
            town.settle()
            with office.reading() as records:
                bills.append(records.bills.of_case(case)[0])
        pay(office, bills[1], transaction=f"T-{department}")
        kept["bill"], kept["paid"], kept["billed"] = bills[0].number, bills[1].number, bills[0].case_id
        kept["payment"] = town.one("SELECT id FROM payment WHERE bill_id = :b", b=bills[1].id)
        kept["refund"] = ask_refund(office, town.who("feehan"), kept["payment"], Decimal("12.00"), reason="多缴").id
    with office.transaction() as records:
        day = records.now
        rows = [
            ExceptionRow(
                id=uuid4(), day=DAY, kind="SURPLUS", entry="PAYMENT", number=f"X{one}", bill_no="SF0", ours=None,
                theirs=Decimal(1), at=day,
            )
            for one in range(2)
        ]  # fmt: skip
        said = DayRow(
            day=DAY, source="FILE", digest="", ours=Decimal(0), theirs=Decimal(2), matched=0, open=2, run_at=day,
            run_by="caiwu",
        )  # fmt: skip
        records.reconciliations.keep(said, rows)
    town.both("difference", rows[0].id, rows[1].id)
    town.both("standard", *(2 * (town.one("SELECT id FROM fee_standard"),)))


def _house(town: Town) -> None:
    """What belongs to the house: letters, seals, requests, postings, windows, packages of the archive, cards."""
    office = town.office
    for kept, department, head, deputy in (
        (town.own, "104", "罗明", "zhaomin"),
        (town.other, "101", "曹建民", "101-head"),
    ):
        form = LetterForm(
            department=department, grantor=head, grantee=deputy, deputy="", items=("*",), powers=("REVIEW",),
            valid_from=date(2026, 3, 16), valid_to=date(2026, 12, 31),
        )  # fmt: skip
        kept["letter"] = register_letter(office, town.who("tianyue"), form, io.BytesIO(pdf(1)), "委托书.pdf").id
    town.both(
        "request",
        ask_roles(office, town.who("tianyue"), "lianxi", ["inspector"], "补充人员"),
        ask_roles(office, town.who("tianyue"), "wujuese", ["archivist"], "补充人员"),
    )
    town.both("posting", *(2 * (town.one("SELECT id FROM posting"),)))
    town.both("window", *(2 * (town.one("SELECT code FROM service_window"),)))
    town.both(
        "seal",
        *(
            2
            * (
                upload_seal(
                    office,
                    town.who("tianyue"),
                    authority="104",
                    image=sample_seal("云溪市政务服务中心"),
                    valid_from=date(2026, 3, 16),
                ).id,
            )
        ),
    )


def _designs(town: Town) -> None:
    """Drafts of processes and items, a release with its rehearsal, a review of items, a plan and a batch of migration."""
    office, designer = town.office, town.who("hejing")
    draft = studio.begin_revision(office, designer, "linear")
    town.both("process_draft", draft, draft)
    studio.take_file(office, designer, draft, "demo_request.form", seen=1)
    studio.add_file(office, designer, draft, "table", "choosing", "选择", seen=2)
    town.both("form_file", "demo_request.form", "demo_request.form")
    town.both("table_file", "choosing.dmn", "choosing.dmn")
    town.both("item_draft", *(2 * (save_draft(office, designer, revised_card(), note="压缩办理时限").id,)))
    table = ROOT / "processes" / "matrix_DB_20.dmn"
    deploy(office, SYSTEM, "决策", [Resource(name=table.name, content=table.read_bytes())])
    [decision, *_] = list_decisions(office, town.who("engine"))
    town.both("decision", decision.id, decision.id)
    town.both("decision_key", decision.key, decision.key)
    renamed = FILES["linear"].read_text("utf-8").replace('name="', 'name="新', 1)
    submit_release(office, designer, [Resource(name="linear.bpmn", content=renamed.encode())], note="改名")
    release = town.one("SELECT id FROM release")
    town.both("release", release, release)
    town.both("review", *(2 * (open_review(office, town.who("tianyue"), "YEARLY", 2026).id,)))
    old = deploy_text(office, LINEAR, key="moved")
    start_case(office, town.who("engine"), key="moved")
    new = deploy_text(office, LINEAR.replace("乙", "丙"), key="moved")
    plan = make_plan(office, designer, old, new, {})
    town.both("plan", plan.id, plan.id)
    town.both("batch", *(2 * (begin_batch(office, town.who("guotao"), plan.id),)))


def _failures(town: Town) -> None:
    """A task for a program, a case that has failed, and a card after two days without an answer."""
    office = town.office
    deploy_text(office, EXTERNAL, key="external")
    case = start_case(office, town.who("engine"), key="external").id
    deploy_text(office, STUCK, key="stuck")
    start_case(office, town.who("engine"), key="stuck", variables={"area": "十二"})
    town.clock.set("2026-03-18 15:30")
    town.settle()
    town.both("external", *(2 * (town.one("SELECT id FROM external_task WHERE case_id = :c", c=case),)))
    town.both("incident", *(2 * (town.one("SELECT token_id FROM incident"),)))
    town.both("trouble", *(2 * (town.one("SELECT id FROM incident"),)))
    for kept in (town.own, town.other):
        kept["agenda"] = town.one("SELECT id FROM agenda WHERE case_id = :c", c=kept["case"])
        kept["card"] = town.one("SELECT id FROM supervision WHERE case_id = :c", c=kept["fresh"])
