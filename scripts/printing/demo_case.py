"""The demo case of 云溪市 from receipt to certificate, and its sisters that went other ways, with every document they bring about.

What a case brings about is taken from the case; the other kinds are issued in the demo case with their sample facts.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from service.casework import attend_due, complete_task, find_actor, start_case
from service.casework.actors import SYSTEM
from service.casework.carrying import carry_due
from service.casework.clocks.extending import ask_extension, decide_extension
from service.casework.demo import load_demo_city
from service.casework.journalling import case_file, put_back
from service.casework.office import Office, open_office
from service.casework.papers.issuing import issue_document
from service.casework.papers.reading import document_pictures, pdf_of
from service.cli.deploy import deploy_paths
from service.documents.official import samples
from service.rules.document_kinds import KINDS
from service.rules.numbers import acceptance_series
from service.rules.worktime import SHANGHAI
from service.settings import REPOSITORY, Settings
from service.store.migrations import upgrade

BUILDING, ADVERTISING, PLANNING = "item_104_XK_001", "item_107_XK_005", "item_102_XK_003_chain"
APPLICATION = {
    "applicant": "云溪华印制罐有限公司",
    "applicant_uscc": "91990100MA0000001X",
    "contact": "李昭",
    "phone": "13900000001",
    "project_code": "2603-990100-04-01-482915",
    "project_name": "年产2亿只金属罐项目",
    "site_address": "云溪市高新区科学大道8号",
    "contract_price": 3500,
    "contractor_uscc": "91990100MA0000002X",
    "supervisor_uscc": "91990100MA0000003X",
    "building_area_m2": 12345.67,
    "planned_start": "2026-04-01",
    "planned_end": "2027-03-31",
    "site_manager": "李昭",
    "handed_in": [
        "申请表(表)", "用地批准手续(共)", "建设工程规划许可证(共)", "施工图审查合格书(共)", "中标通知书/施工合同(自)",
        "质量安全措施(自)",
    ],
    "pick_up": "window",
}  # fmt: skip
ACCEPT = {"decision": "accept", "materials": APPLICATION["handed_in"]}
REVIEW = {"recommendation": "grant", "opinion": "用地、规划、图审手续齐备，施工企业已经确定，建议准予。"}
FIRST = 42  # the demo case is the forty-second of its day and department


class Stage:
    """A demonstration city of its own, with a clock that is set by hand."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI)
        url = f"sqlite:///{folder / 'demo.db'}"
        upgrade(url)
        settings = Settings(
            data_dir=folder, database_url=url, demo=True, secret="demo", public_url="https://zw.yunxi.example"
        )
        self.office: Office = open_office(settings, clock=lambda: self.now)
        load_demo_city(self.office)
        deploy_paths(self.office, [REPOSITORY / "processes", REPOSITORY / "forms"], "事项库")

    def at(self, text: str) -> None:
        """It is that time now, and everything due before has been done."""
        self.now = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
        self.work()

    def work(self) -> None:
        """Everything that is due is attended, everything that goes out is carried."""
        while attend_due(self.office) or carry_due(self.office):
            pass

    def begin(self, key: str, **changes: Any) -> UUID:
        """王芳 takes in an application."""
        actor = find_actor(self.office, "wangfang")
        assert actor is not None
        values = {**APPLICATION, **changes}
        title = f"{values['applicant']}-{values['project_name']}"
        case_id = start_case(self.office, actor, key=key, variables=values, title=title).id
        self.work()
        return case_id

    def do(self, case_id: UUID, element: str, **answers: Any) -> None:
        """Whoever has the task answers its form."""
        with self.office.reading() as records:
            task = next(row for row in records.tasks.open_of(case_id) if row.element == element)
        actor = find_actor(self.office, task.assignee or "wangfang")
        assert actor is not None
        complete_task(self.office, actor, task.id, answers=answers)
        self.work()


def print_all(folder: Path) -> Iterator[str]:
    """Write every document into the folder; a line about each, the kinds in order."""
    home = Path(tempfile.mkdtemp(prefix="lianban-demo-"))
    stage = Stage(home)
    try:
        main, found = _cases(stage)
        for code in KINDS:
            origin = "办件" if code in found else "示例内容"
            document_id = found.get(code) or _sample(stage, main, code)
            yield _write(stage, folder, code, document_id, origin)
    finally:
        stage.office.close()
        shutil.rmtree(home)


def _cases(stage: Stage) -> tuple[UUID, dict[str, UUID]]:
    """The demo case, and the latest document of every kind that cases brought about; the demo case's own come first."""
    with stage.office.transaction() as records:
        day = stage.now.date()
        while records.series.next(acceptance_series(day, "104")) < FIRST - 1:
            pass
    stage.at("2026-03-16T09:12")
    main = stage.begin(BUILDING)
    refused, rejected, lacking, heard, longer, sign = (
        stage.begin(key) for key in (*[BUILDING] * 4, ADVERTISING, ADVERTISING)
    )
    planning = stage.begin(PLANNING)
    stage.at("2026-03-16T10:30")
    stage.do(main, "Task_Accept", **ACCEPT)
    for case_id in (refused, heard, longer, sign, planning):
        stage.do(case_id, "Task_Accept", **ACCEPT)
    stage.do(
        rejected, "Task_Accept", decision="reject", reject_kind="other_agency",
        reason="申请建设的高速公路连接线，其施工许可由省级交通运输主管部门核发。", proper_authority="省交通运输厅",
    )  # fmt: skip
    stage.do(
        lacking, "Task_Accept", decision="correct", gaps=["中标通知书/施工合同(自)", "质量安全措施(自)"],
        gap_notes="缺少发包人盖章页；提交经双方盖章的完整合同\n未附应急预案；补充应急预案",
    )  # fmt: skip
    stage.at("2026-03-17T09:40")
    stage.do(main, "Task_Review", **REVIEW)
    stage.do(
        refused, "Task_Review", recommendation="refuse", opinion="施工合同承包范围不含消防工程。", reason="不具备条件"
    )
    stage.do(heard, "Task_Review", recommendation="procedure", procedure_reason="直接涉及他人重大利益，提请听证。")
    stage.do(heard, "Task_Procedure", procedure="HEARING", expected_days=10, notice="—", reason="利害关系人申请听证")
    for place in ("Defence", "Fire"):
        stage.do(planning, f"Task_Opinion_{place}", conclusion="agree", opinion="符合规定。")
    _extend(stage, longer)
    stage.at("2026-03-18T11:20")
    stage.do(main, "Task_Approve", decision="grant", conditions="开工前完成安全措施备案。", opinion="同意。")
    stage.do(
        refused, "Task_Approve", decision="refuse", reason="尚未确定消防工程施工企业，不具备法定条件。",
        evidence="施工合同（2026-02-10）\n审核意见（2026-03-17）", refuse_basis="《中华人民共和国建筑法》第八条第一款第四项",
    )  # fmt: skip
    stage.do(main, "Task_Issue", delivery="window", receiver="李昭")
    stage.at("2026-03-24T15:00")
    stage.do(
        heard, "Task_Hearing", held_at="2026-03-24T09:00", place="市政务服务中心三楼会议室", host="罗明",
        result="各方充分陈述、申辩并质证，主持人认为争议事项不影响施工条件。", signatures="李昭、张伟、罗明",
    )  # fmt: skip
    stage.at("2026-04-10T17:00")
    stage.at("2026-05-20T17:00")
    found: dict[str, UUID] = {}
    with stage.office.reading() as records:
        for case_id in (planning, sign, longer, lacking, heard, rejected, refused, main):
            found |= {row.code: row.id for row in records.documents.of_case(case_id) if row.state == "ISSUED"}
    return main, found


def _extend(stage: Stage, case_id: UUID) -> None:
    """The limit of an item is extended once by the head of its department."""
    reviewer, head = find_actor(stage.office, "107-a"), find_actor(stage.office, "107-head")
    assert reviewer is not None and head is not None
    asked = ask_extension(stage.office, reviewer, case_id, amount=2, reason="现场勘查发现设置位置需要复核。")
    head = replace(head, roles=frozenset({"dept_head"}))  # of the demo city only department 104 has one
    decide_extension(stage.office, head, case_id, asked.id, grant=True, notice="—")
    stage.work()


def _sample(stage: Stage, case_id: UUID, code: str) -> UUID:
    """A kind no case has brought about yet, issued in the demo case with its sample facts."""
    with stage.office.transaction() as records:
        file = case_file(records.cases.lock(case_id), alive=False)
        row = issue_document(stage.office, records, file, code=code, facts=samples()[code], actor=SYSTEM)
        put_back(records, file)
    stage.work()
    return row.id


def _write(stage: Stage, folder: Path, code: str, document_id: UUID, origin: str) -> str:
    (folder / f"{code}.pdf").write_bytes(pdf_of(stage.office, document_id))
    pictures = document_pictures(stage.office, SYSTEM, document_id)
    for number, picture in enumerate(pictures, 1):
        (folder / f"{code}-{number}.png").write_bytes(picture)
    return f"{code} {KINDS[code].title}：{origin}，{len(pictures)} 页"


if __name__ == "__main__":
    for line in print_all(Path(sys.argv[1])):
        print(line, flush=True)
