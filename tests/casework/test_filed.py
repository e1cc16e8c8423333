"""A folder that is deployed again changes only what has changed in it: revisions made otherwise stay."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from service.casework.actors import SYSTEM, Actor
from service.casework.deploying import DeploymentView, delete_deployment, deploy
from service.casework.examining import examine_upload
from service.casework.filed import FOLDER
from service.casework.office import Office
from service.casework.register import deploy_items, read_item_files
from service.cli.deploy import deploy_paths
from service.engine.facts import Resource
from service.rules.refusals import Invalid
from tests.processes.library import FILES, FORMS, ROOT

ADMIN = Actor(username="guotao", name="郭涛", roles=frozenset({"system_admin"}))
FORM = {"type": "default", "id": "apply", "components": [{"type": "textfield", "key": "name", "label": "名称"}]}


def diagram(key: str, name: str = "示例", form: str = "apply") -> Resource:
    content = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  id="D" targetNamespace="urn:test"><process id="{key}" name="{name}" isExecutable="true">
  <startEvent id="Start"/><userTask id="Work" name="办理" camunda:formKey="{form}"/><endEvent id="End"/>
  <sequenceFlow id="f1" sourceRef="Start" targetRef="Work"/><sequenceFlow id="f2" sourceRef="Work" targetRef="End"/>
  </process></definitions>"""
    return Resource(name=f"processes/{key}.bpmn", content=content.encode())


def form(label: str = "名称") -> Resource:
    content = json.dumps({**FORM, "components": [{**FORM["components"][0], "label": label}]})
    return Resource(name="forms/apply.form", content=content.encode())


def restart(office: Office, *files: Resource) -> DeploymentView:
    return deploy(office, SYSTEM, "云溪市", files, source=FOLDER)


def newest(office: Office, key: str) -> tuple[int, str]:
    with office.reading() as records:
        row = records.deployments.newest([key])[key]
    return row.version, row.name


def test_a_restart_does_not_undo_a_revision_made_through_the_pages(any_office: Office) -> None:
    restart(any_office, diagram("p"), form())
    deploy(any_office, ADMIN, "修订", [replace(diagram("p", "修订后"), name="p.bpmn"), form()], source="upload")
    again = restart(any_office, diagram("p"), form())
    assert (again.unchanged, again.definitions) == (True, ())
    assert newest(any_office, "p") == (2, "修订后")


def test_a_changed_file_makes_the_next_version_and_its_neighbours_stay_revised(any_office: Office) -> None:
    restart(any_office, diagram("p"), diagram("q"), form())
    deploy(any_office, ADMIN, "修订", [diagram("q", "修订后"), form()], source="upload")
    made = restart(any_office, diagram("p", "新版"), diagram("q"), form())
    assert [(one.key, one.version) for one in made.definitions] == [("p", 2)]
    assert newest(any_office, "q") == (2, "修订后")


def test_a_changed_form_makes_versions_of_the_diagrams_that_name_it(any_office: Office) -> None:
    restart(any_office, diagram("p"), diagram("q", form="other"), form())
    made = restart(any_office, diagram("p"), diagram("q", form="other"), form("单位名称"))
    assert [one.key for one in made.definitions] == ["p"]


def test_a_form_revised_through_the_pages_is_what_a_changed_file_is_deployed_with(any_office: Office) -> None:
    restart(any_office, diagram("p"), form())
    deploy(any_office, ADMIN, "修订表单", [replace(form("修订"), name="apply.form")], source="upload")
    restart(any_office, diagram("p", "新版"), form())
    with any_office.reading() as records:
        row = records.deployments.newest(["p"])["p"]
        content = records.deployments.contents([UUID(row.forms["apply"])])
    assert "修订" in next(iter(content.values())).decode("unicode_escape")


def test_what_was_deleted_is_deployed_again(any_office: Office) -> None:
    first = restart(any_office, diagram("p"), form())
    delete_deployment(any_office, ADMIN, first.id)
    assert [one.key for one in restart(any_office, diagram("p"), form()).definitions] == ["p"]


def test_an_upload_may_put_an_earlier_version_back(any_office: Office) -> None:
    restart(any_office, diagram("p"), form())
    deploy(any_office, ADMIN, "修订", [diagram("p", "修订后"), form()], source="upload")
    back = deploy(any_office, ADMIN, "恢复", [diagram("p"), form()], source="upload")
    assert [(one.key, one.version) for one in back.definitions] == [("p", 3)]


# -- cards ------------------------------------------------------------------------------------------------------


def shipped(key: str) -> list[Resource]:
    """A shipped item with its forms and what it calls."""
    content = FILES[key].read_text("utf-8")
    named = [path for form, path in FORMS.items() if f'formKey="{form}"' in content]
    paths = [FILES[key], FILES["support_SP_05"], *named]
    return [Resource(name=path.name, content=path.read_bytes()) for path in paths]


def card_file(code: str, **changes) -> Resource:
    data = json.loads((ROOT / f"processes/items/{code}.json").read_text("utf-8")) | changes
    return Resource(name=f"{code}.json", content=json.dumps(data, ensure_ascii=False).encode())


def test_a_diagram_is_compared_with_the_card_in_force(any_office: Office) -> None:
    deploy_items(any_office, SYSTEM, [card_file("107-XK-005", tacit="STAGE_SKIP")])
    with pytest.raises(Invalid) as refused:
        deploy(any_office, ADMIN, "广告", shipped("item_107_XK_005"))
    assert {finding.code for finding in refused.value.details} >= {"BV-16"}
    assert {one.code for one in examine_upload(any_office, shipped("item_107_XK_005")).errors} == {"BV-16"}
    deploy_items(any_office, SYSTEM, [card_file("107-XK-005", promised=4, stages=[1, 4, 2, 1])])
    made = deploy(any_office, ADMIN, "广告", shipped("item_107_XK_005"))
    assert {finding.code for finding in made.findings} == {"BV-34"}


def test_cards_deployed_along_count_before_they_are_in_force(office: Office, tmp_path: Path) -> None:
    deploy_items(office, SYSTEM, [card_file("107-XK-005", tacit="STAGE_SKIP")])
    for one in [*shipped("item_107_XK_005"), card_file("107-XK-005")]:
        (tmp_path / one.name).write_bytes(one.content)
    made = deploy_paths(office, [tmp_path], "云溪市")
    assert made.processes is not None and made.items is not None
    assert [one.key for one in made.processes.definitions if one.key.startswith("item")] == ["item_107_XK_005"]
    assert made.items.made == (("107-XK-005", 2),)


def test_a_card_that_closes_a_circle_over_the_register_is_refused(office: Office) -> None:
    survey = json.loads((ROOT / "processes/items/102-QR-004.json").read_text("utf-8"))
    deploy_items(office, SYSTEM, [card_file("102-QR-004")])
    permit = json.loads((ROOT / "processes/items/102-XK-003.json").read_text("utf-8"))
    permit["materials"].append({**permit["materials"][0], "name": survey["result"]["name"]})
    file = Resource(name="102-XK-003.json", content=json.dumps(permit).encode())
    assert read_item_files([file])[1] == ()
    with pytest.raises(Invalid) as refused:
        deploy_items(office, SYSTEM, [file])
    assert [one.problem.code for one in refused.value.details] == ["ITEM_CIRCLE"]
