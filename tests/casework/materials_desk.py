"""Hands for tests of materials: a procedure with a checklist, one that calls it twice, and files to hand in."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID

from service.casework import attend_due, start_case
from service.casework.actors import Actor
from service.casework.materials.reading import MaterialLine, materials_of
from service.casework.materials.receiving import bring_material
from service.casework.office import Office
from tests.casework.desk import CLERK, deploy_text, hire
from tests.received.made import picture

CODE = "91990100MA5K2X7Q3L"
LINES = ("申请表(表)", "营业执照(共)", "质量安全措施(自)", "检测报告(中)")
TASK = (
    '<userTask id="Accept" name="受理" zw:stage="ACCEPT" zw:role="counter_clerk" zw:dept="100" camunda:formKey="list"/>'
    '<userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104"/>'
)
ITEM = f'<process id="item" name="施工许可" isExecutable="true"><startEvent id="S"/>{TASK}<endEvent id="E"/>\nS -> Accept\nAccept -> Review\nReview -> E\n</process>'
CHAIN = (
    '<process id="chain" name="联办" isExecutable="true"><startEvent id="CS"/>'
    '<callActivity id="One" calledElement="item"><extensionElements><camunda:in variables="all"/></extensionElements></callActivity>'
    '<callActivity id="Two" calledElement="item"><extensionElements><camunda:in variables="all"/></extensionElements></callActivity>'
    '<parallelGateway id="Split"/><parallelGateway id="Join"/><endEvent id="CE"/>\n'
    "CS -> Split\nSplit -> One\nSplit -> Two\nOne -> Join\nTwo -> Join\nJoin -> CE\n</process>"
)


def form(*lines: str) -> str:
    """A form with the two checklists of a window."""
    values = [{"value": line, "label": line} for line in lines]
    components = [
        {"id": f"Field_{key}", "key": key, "label": label, "type": "checklist", "values": values}
        for key, label in (("materials", "已核对材料"), ("gaps", "需要补正的材料"))
    ]
    return json.dumps({"type": "default", "id": "list", "schemaVersion": 17, "components": components})


def open_counter(office: Office, *lines: str, more: str = "") -> None:
    """The cast, and the procedure with its checklist."""
    hire(office)
    deploy_text(office, ITEM + more, forms={"list.form": form(*(lines or LINES))})


def begin(office: Office, *, key: str = "item", code: str | None = CODE, actor: Actor = CLERK, **values: Any) -> UUID:
    """A case of an applicant, with what the worker does at once done."""
    given = {"applicant_uscc": code} if code else {}
    case_id = start_case(office, actor, key=key, variables={**given, **values}).id
    attend_due(office)
    return case_id


def lines_of(office: Office, case_id: UUID) -> dict[str, MaterialLine]:
    """The lines of a case by name (of a chain: the last item's)."""
    with office.reading() as records:
        return {line.row.name: line for line in materials_of(records, case_id)}


def bring(
    office: Office, case_id: UUID, material: str, content: bytes | None = None, *, actor: Actor = CLERK, **more: Any
) -> UUID:
    """Hand in a picture for a line."""
    line = lines_of(office, case_id)[material]
    given = {"name": "a.jpg", **more}
    return bring_material(office, actor, line.row.id, io.BytesIO(content or picture()), **given)
