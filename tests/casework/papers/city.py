"""The demo city with the shipped items: the cast of DOMAIN 0.3 applies, accepts, reviews, decides and issues."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.casework import attend_due, complete_task, find_actor, start_case
from service.casework.actors import SYSTEM, Actor
from service.casework.carrying import carry_due
from service.casework.deploying import deploy
from service.casework.office import Office
from service.store.documents import DocumentRow
from tests.casework.desk import open_tasks
from tests.processes.library import resources

BUILDING = "item_104_XK_001"
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
}
MATERIALS = [
    "申请表(表)",
    "用地批准手续(共)",
    "建设工程规划许可证(共)",
    "施工图审查合格书(共)",
    "中标通知书/施工合同(自)",
    "质量安全措施(自)",
]
ACCEPT = {"decision": "accept", "materials": MATERIALS}
CORRECT = {
    "decision": "correct",
    "gaps": ["中标通知书/施工合同(自)", "质量安全措施(自)"],
    "gap_notes": "缺少发包人盖章页；提交经双方盖章的完整合同\n未附应急预案；补充应急预案",
}
REVIEW = {"recommendation": "grant", "opinion": "用地、规划、图审手续齐备，施工企业已经确定，建议准予。"}
GRANT = {"decision": "grant", "opinion": "开工前完成安全措施备案。"}
REFUSE = {"decision": "refuse", "opinion": "不具备法定条件。", "reason": "尚未确定消防工程施工企业，不具备法定条件。"}
ISSUE = {"delivery": "window", "receiver": "李昭"}


def opened(office: Office) -> Office:
    """The shipped item of the demo case is deployed, with whatever it calls and asks."""
    deploy(office, SYSTEM, "事项库", resources(BUILDING))
    return office


def who(office: Office, username: str) -> Actor:
    """One of the cast."""
    found = find_actor(office, username)
    assert found is not None, username
    return found


def received(office: Office, **changes: Any) -> UUID:
    """王芳 takes in the application of the demo case."""
    return start_case(
        office,
        who(office, "wangfang"),
        key=BUILDING,
        variables={**APPLICATION, **changes},
        title="云溪华印制罐有限公司-建筑工程施工许可证核发",
    ).id


def do(office: Office, case_id: UUID, element: str, username: str, **answers: Any) -> None:
    """Somebody answers the form of an open task, and what follows from it is done."""
    complete_task(office, who(office, username), open_tasks(office, case_id)[element].id, answers=answers)
    work(office)


def work(office: Office) -> None:
    """Everything that is due: what was asked for, and what goes out."""
    while attend_due(office) or carry_due(office):
        pass


def papers(office: Office, case_id: UUID) -> dict[str, DocumentRow]:
    """The documents of a case by kind, the latest of each."""
    with office.reading() as records:
        return {row.code: row for row in records.documents.of_case(case_id)}
