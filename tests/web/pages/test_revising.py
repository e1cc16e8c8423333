"""One limit, one material and one branch of an item are changed without code, by files and by pages; running cases stay."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from service.casework import complete_task, get_case, start_case, task_form
from service.casework.actors import SYSTEM
from service.casework.clocks.showing import case_clocks
from service.casework.measures.releases import release_list
from service.casework.office import Office
from service.casework.register import guide, item_drafts
from service.cli.deploy import deploy_paths
from service.rules.clocks import ClockKind
from service.web.app import create_app
from tests.casework.desk import CLERK, open_tasks
from tests.casework.measures.city import answer, ended, put_up
from tests.casework.papers.city import do, who, work
from tests.casework.register.cast import ITEMS, OFFICER
from tests.processes.library import FILES, FORMS, closure, forms_of
from tests.web.pages.conftest import Visitor, text
from tests.web.pages.test_items import form_of

CODE, KEY, FORM = "119-XK-002", "item_119_XK_002", "accept_119_XK_002"
NOTE = "压缩时限，增加一项材料，窗口可以退件"
MATERIAL = "经营场所消防安全说明"
BRANCH = """<bpmn:serviceTask id="Document_Return" name="出具退件清单" zw:action="document" zw:doc="W23">
      <bpmn:incoming>Flow_Returned</bpmn:incoming><bpmn:outgoing>Flow_Returned_End</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:endEvent id="End_Returned" name="退件" zw:reaches="RETURNED"><bpmn:incoming>Flow_Returned_End</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="Flow_Returned" sourceRef="Gateway_Accept" targetRef="Document_Return" name="退件">
      <bpmn:conditionExpression>=decision = "return_file"</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="Flow_Returned_End" sourceRef="Document_Return" targetRef="End_Returned" />
    <bpmn:exclusiveGateway id="Gateway_Accept\""""


def revised_card() -> dict:
    """A promise of five working days instead of seven, and one material more."""
    card = json.loads((ITEMS / f"{CODE}.json").read_text("utf-8"))
    material = {**card["materials"][1], "name": MATERIAL}
    return {**card, "promised": 5, "stages": [1, 6, 2, 1], "materials": [*card["materials"], material]}


def revised_diagram() -> str:
    """The limit and the plan of the card, and a fourth outcome at the window: 退件."""
    drawn = FILES[KEY].read_text("utf-8")
    for old, new in (
        ('zw:limit="7wd"', 'zw:limit="5wd"'),
        ('zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="119" zw:limit="9hd"',
         'zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="119" zw:limit="6hd"'),
        ('zw:stage="ISSUE" zw:role="issue_clerk" zw:dept="201" zw:limit="2hd"',
         'zw:stage="ISSUE" zw:role="issue_clerk" zw:dept="201" zw:limit="1hd"'),
        ('<bpmn:exclusiveGateway id="Gateway_Accept"', BRANCH),
        ('<bpmn:outgoing>Flow_1_Gateway_Accept</bpmn:outgoing>',
         '<bpmn:outgoing>Flow_1_Gateway_Accept</bpmn:outgoing><bpmn:outgoing>Flow_Returned</bpmn:outgoing>'),
        ('<bpmn:flowNodeRef>Gateway_Accept</bpmn:flowNodeRef>',
         '<bpmn:flowNodeRef>Gateway_Accept</bpmn:flowNodeRef><bpmn:flowNodeRef>Document_Return</bpmn:flowNodeRef>'
         '<bpmn:flowNodeRef>End_Returned</bpmn:flowNodeRef>'),
    ):  # fmt: skip
        assert drawn.count(old) == 1, old
        drawn = drawn.replace(old, new)
    return drawn


def revised_form() -> str:
    """The material to tick, and the outcome to choose."""
    form = json.loads(FORMS[FORM].read_text("utf-8"))
    for one in form["components"]:
        if one.get("key") in ("materials", "gaps"):
            one["values"].append({"value": f"{MATERIAL}(自)", "label": f"{MATERIAL}(自)"})
        if one.get("key") == "decision":
            one["values"].append({"value": "return_file", "label": "退件"})
        if one.get("key") == "materials":
            one["conditional"]["hide"] += ' or decision = "return_file"'
    return json.dumps(form, ensure_ascii=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped files of one item, as a centre keeps them."""
    for sub in ("processes/items", "forms"):
        (tmp_path / "centre" / sub).mkdir(parents=True)
    for key in closure(KEY):
        (tmp_path / f"centre/processes/{key}.bpmn").write_bytes(FILES[key].read_bytes())
        for form in forms_of(key):
            (tmp_path / f"centre/forms/{form}.form").write_bytes(FORMS[form].read_bytes())
    (tmp_path / f"centre/processes/items/{CODE}.json").write_bytes((ITEMS / f"{CODE}.json").read_bytes())
    return tmp_path / "centre"


@pytest.fixture
def centre(demo_office: Office, folder: Path) -> Office:
    """The item deployed from its folder."""
    deploy(demo_office, folder)
    return demo_office


def deploy(office: Office, folder: Path) -> None:
    deploy_paths(office, [folder / "processes", folder / "forms"], "processes")


def by_files(office: Office, folder: Path) -> None:
    """Whoever keeps the folder changes three files in it and deploys it again."""
    (folder / f"processes/{KEY}.bpmn").write_text(revised_diagram(), "utf-8")
    (folder / f"forms/{FORM}.form").write_text(revised_form(), "utf-8")
    (folder / f"processes/items/{CODE}.json").write_text(json.dumps(revised_card(), ensure_ascii=False), "utf-8")
    deploy(office, folder)


def card_by_pages(office: Office, site: Flask) -> Visitor:
    """The designer drafts the card, 业务科 publishes it. The designer, signed in."""
    designer = Visitor(site).sign_in("hejing")
    rows = len(revised_card()["materials"])
    sent = form_of(designer, CODE) | {"promised": "5", "stages": "1/6/2/1", "note": "压缩时限，增加一项材料"}
    added = {
        name.replace("[1]", f"[{rows - 1}]"): value for name, value in sent.items() if name.startswith("materials[1].")
    }
    sent |= added | {f"materials[{rows - 1}].name": MATERIAL}
    assert designer.post(f"/items/{CODE}/edit", {**sent, "act": "save"}).status_code == 302
    [line] = item_drafts(office, OFFICER)
    designer.get(f"/items/drafts/{line.row.id}")
    assert designer.post(f"/items/drafts/{line.row.id}", {"act": "submit"}).status_code == 302
    officer = Visitor(site).sign_in("tianyue")
    officer.get(f"/items/drafts/{line.row.id}")
    assert officer.post(f"/items/drafts/{line.row.id}", {"act": "publish"}).status_code == 302
    return designer


def by_upload(office: Office, folder: Path) -> None:
    """The card in the register's pages; then diagram and form are uploaded."""
    site = create_app(office)
    designer = card_by_pages(office, site)
    files = {f"{KEY}.bpmn": revised_diagram(), f"{FORM}.form": revised_form()}
    designer.get("/processes/upload")
    upload = {"files": [(io.BytesIO(content.encode()), name) for name, content in files.items()]}
    seen = designer.post("/processes/upload", upload, content_type="multipart/form-data")
    assert seen.status_code == 200 and "v1 → v2" in text(seen), text(seen)
    kept = {
        "file-name": list(files),
        "file-content": [base64.b64encode(content.encode()).decode() for content in files.values()],
        "note": NOTE,
    }
    admin = Visitor(site).sign_in("guotao")
    admin.get("/processes/upload")
    assert admin.post("/processes/deploy", kept).status_code == 302
    deploy(office, folder)  # a restart deploys the unchanged folder again: nothing is undone


def by_studio(office: Office, folder: Path) -> None:
    """The card in the register's pages; then diagram and form in one draft of the studio, released by three persons."""
    put_up(office, "support_SP_18")
    site = create_app(office)
    designer = card_by_pages(office, site)
    designer.get(f"/processes/{KEY}")
    path = designer.post("/studio/new", {"way": "revise", "process": KEY}).headers["Location"]
    designer.get(path)
    saved(designer, f"{path}/save", revised_diagram(), seen=1)
    assert designer.post(f"{path}/files/{FORM}.form/take", {"seen": "2"}).status_code == 302
    found = saved(designer, f"{path}/files/{FORM}.form/save", revised_form(), seen=3)
    assert [one for one in found["findings"] if one["severity"] == "error"] == []
    assert designer.post(f"{path}/hand-in", {"seen": "4", "note": NOTE}).status_code == 302
    with office.reading() as records:
        [release] = records.measures.releases(first=0, size=5)
    work(office)
    support = next(one.case_id for one in release_list(office, OFFICER) if one.row.id == release.id)
    answer(office, support, "Task_Office", "tianyue", decision="agree")
    answer(office, support, "Task_Legal", "gaolin", decision="agree")
    answer(office, support, "Task_Deploy", "guotao", decision="agree")
    assert ended(office, support) == "End_Released"
    deploy(office, folder)


def saved(designer: Visitor, address: str, content: str, *, seen: int) -> dict:
    """One file of a draft kept; its new version and what the checks find."""
    form = {"seen": str(seen), "content": (io.BytesIO(content.encode()), "file")}
    answered = designer.post(address, form, content_type="multipart/form-data")
    assert answered.status_code == 200, text(answered)
    return answered.get_json()


def begun(office: Office) -> UUID:
    """An application at the window."""
    case = start_case(office, CLERK, key=KEY, variables={"applicant": "云溪山水旅行社有限公司", "phone": "13812345678"})
    work(office)
    return case.id


def version(office: Office, case_id: UUID) -> int:
    """Of the process the case runs on."""
    with office.reading() as records:
        case = records.cases.find(case_id)
        assert case is not None
        found = records.deployments.definition(case.definition_id)
    assert found is not None
    return found.version


def materials_asked(office: Office, case_id: UUID) -> int:
    """Lines of the checklist the window sees."""
    form = task_form(office, who(office, "wangfang"), open_tasks(office, case_id)["Task_Accept"].id)
    assert form.schema is not None
    return next(len(one["values"]) for one in form.schema["components"] if one.get("key") == "materials")


def promised(office: Office, case_id: UUID) -> str:
    """The day the promise ends."""
    entry = case_clocks(office, SYSTEM, case_id).of(ClockKind.CASE)
    assert entry is not None and entry.row.due_at is not None
    return entry.row.due_at.date().isoformat()


def accept(office: Office, case_id: UUID, **answers: object) -> None:
    do(
        office,
        case_id,
        "Task_Accept",
        "wangfang",
        **{"decision": "accept", "materials": ["旅行社申请书(表)"], **answers},
    )


@pytest.mark.parametrize("revise", [by_files, by_upload, by_studio])
def test_new_cases_follow_the_revision_and_running_ones_stay(
    centre: Office, folder: Path, revise: Callable[[Office, Path], None]
) -> None:
    before = begun(centre)
    revise(centre, folder)
    after, returned = begun(centre), begun(centre)
    assert [version(centre, one) for one in (before, after)] == [1, 2]
    assert (materials_asked(centre, before), materials_asked(centre, after)) == (3, 4)
    for one in (before, after):
        accept(centre, one)
    assert (promised(centre, before), promised(centre, after)) == ("2026-03-25", "2026-03-23")
    accept(centre, returned, decision="return_file", materials=[])
    ended = get_case(centre, CLERK, returned)
    assert ended.end_element == "End_Returned"
    with centre.reading() as records:
        assert not records.incidents.open_of_case(before)
    for case_id in (before, after):
        for element, person, said in (
            ("Task_Review", "119-a", {"recommendation": "grant", "opinion": "符合条件。"}),
            ("Task_Approve", "119-rep", {"decision": "grant", "opinion": "同意。"}),
            ("Task_Issue", "wuqian", {"delivery": "window", "receiver": "李昭"}),
        ):
            complete_task(centre, who(centre, person), open_tasks(centre, case_id)[element].id, answers=said)
            work(centre)
        assert get_case(centre, CLERK, case_id).ended_at is not None
    card = guide(centre, None, CODE).card
    assert card.promised == 5 and card.materials[-1].name == MATERIAL
