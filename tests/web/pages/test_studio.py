"""流程设计 on pages: drawn by designers alone, saved with what the checks find, compared, handed in, put back."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office
from service.engine.lint.rules.extensions import ZW_ATTRIBUTES
from tests.casework.measures.city import put_up
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def site(demo_office: Office) -> Flask:
    """The demo city with one item and the process of releases."""
    from service.web.app import create_app

    put_up(demo_office, "item_104_XK_002", "support_SP_18")
    return create_app(demo_office)


def begun(designer: Visitor) -> str:
    designer.get("/processes/item_104_XK_002")
    answer = designer.post("/studio/new", {"way": "revise", "process": "item_104_XK_002"})
    assert answer.status_code == 302
    path = answer.headers["Location"]
    designer.get(path)
    return str(path)


def save(designer: Visitor, path: str, content: bytes, seen: int) -> tuple[int, dict[str, object]]:
    form = {"seen": str(seen), "content": (BytesIO(content), "diagram.bpmn")}
    answer = designer.post(f"{path}/save", form, content_type="multipart/form-data")
    return answer.status_code, answer.get_json()


def test_a_draft_is_saved_with_findings_and_never_over_somebody_elses(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    content = designer.get(f"{path}.bpmn").data
    status, said = save(designer, path, content.replace(b'zw:limit="1hd"', b'zw:limit="soon"'), 1)
    assert status == 200 and said["version"] == 2
    [first, *_] = said["findings"]  # type: ignore[misc]
    assert first["severity"] == "error" and first["element"] and first["text"]
    assert save(designer, path, content, 1) == (
        409,
        {"code": "PROCESS_DRAFT_STALE", "sentence": "何静已保存了较新的内容，请重新打开草稿。"},
    )
    assert save(designer, path, b"<x", 2)[0] == 400
    assert "处错误" in text(designer.get("/studio"))
    designer.post("/language", {"language": "en"})
    english = save(designer, path, content.replace(b'zw:limit="1hd"', b'zw:limit="soon"'), 2)[1]["findings"]
    assert english[0]["remedy"] and not re.search("[\u4e00-\u9fff]", english[0]["remedy"])  # type: ignore[index]


def test_the_panel_knows_every_attribute_and_names_it(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    panel = designer.get("/studio/panel.json").get_json()
    named = {one["name"]: one["label"] for one in panel["attributes"]}
    assert set(named) == ZW_ATTRIBUTES
    assert [name for name, label in named.items() if not re.search("[\u4e00-\u9fff]", label)] == []
    assert ["104", "住房和城乡建设局"] in panel["lists"]["departments"]
    assert "review" in [code for code, _ in panel["lists"]["forms"]]
    assert [one["label"] for one in panel["templates"]] == ["四环节", "征求意见", "会签", "补正", "现场勘查", "缴费"]
    assert designer.post("/studio/expression", {"text": "a = "}).get_json()["problem"]
    assert designer.post("/studio/expression", {"text": 'decision = "grant"'}).get_json() == {"problem": ""}
    assert "没有函数" in designer.post("/studio/expression", {"text": "foo(1) = 2"}).get_json()["problem"]


def test_nobody_else_finds_the_studio(site: Flask) -> None:
    path = begun(Visitor(site).sign_in("hejing"))
    for username in ("wangfang", "guotao", "lizhao"):
        visitor = Visitor(site).sign_in(username)
        assert 'href="/studio"' not in visitor.get("/inbox").get_data(as_text=True)
        for address in (
            "/studio",
            "/studio/new",
            path,
            f"{path}.bpmn",
            f"{path}/findings",
            f"{path}/compare",
            "/studio/panel.json",
        ):
            assert visitor.get(address).status_code == 403, address
        assert save(visitor, path, b"<x/>", 1)[0] == 403
        assert visitor.post("/studio/expression", {"text": "1"}).status_code == 403


def test_a_draft_is_compared_discarded_and_comes_back(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    content = designer.get(f"{path}.bpmn").data
    assert "没有区别" in text(designer.get(f"{path}/compare"))
    save(designer, path, content.replace('name="审核"'.encode(), 'name="审查"'.encode()), 1)
    page = text(designer.get(f"{path}/compare"))
    assert "人工环节" in page and "审核 → 审查" in page
    designer.post(f"{path}/discard")
    assert "没有草稿" in text(designer.get("/studio")) and "处错误" not in text(designer.get("/studio?view=discarded"))
    designer.post(f"{path}/resume")
    assert "item_104_XK_002" in text(designer.get("/studio"))


def test_a_copy_needs_a_name_and_a_free_key(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    designer.get("/studio/new?way=copy")
    given = {"way": "copy", "process": "item_104_XK_002", "name": "园区消防设计审查"}
    for key, said in (("item_104_XK_002", "已有键为"), ("1x", "流程键以字母开头")):
        answer = designer.post("/studio/new", given | {"key": key})
        assert answer.status_code in (409, 422) and said in text(answer)
    made = designer.post("/studio/new", given | {"key": "item_104_XK_902"})
    assert UUID(made.headers["Location"].rsplit("/", 1)[-1])
    assert "新流程" in text(designer.get(made.headers["Location"]))


def test_the_administrator_puts_an_earlier_version_back(site: Flask, demo_office: Office) -> None:
    from service.casework.deploying import deploy
    from service.engine import Resource
    from tests.casework.measures.city import who
    from tests.processes.library import FILES

    later = FILES["item_104_XK_002"].read_bytes().replace('name="审核"'.encode(), 'name="审查"'.encode())
    deploy(demo_office, who(demo_office, "guotao"), "修订", [Resource(name="item_104_XK_002.bpmn", content=later)])
    keeper = Visitor(site).sign_in("guotao")
    page = keeper.get("/processes/item_104_XK_002")
    assert "恢复以前的版本" in text(page)
    assert "审核 → 审查" in text(keeper.get("/processes/item_104_XK_002/compare"))
    keeper.post("/processes/item_104_XK_002/restore", {"version": "1", "reason": "名称不合规范"})
    assert "现行版本为 v3" in text(keeper.get("/processes/item_104_XK_002"))
    assert "没有区别" in text(keeper.get("/processes/item_104_XK_002/compare?from=1&to=3"))
    designer = Visitor(site).sign_in("hejing")
    assert "恢复以前的版本" not in text(designer.get("/processes/item_104_XK_002"))
    assert designer.post("/processes/item_104_XK_002/restore", {"version": "2", "reason": "再改"}).status_code == 403


def test_who_agrees_sees_what_a_release_changes_in_words(site: Flask, demo_office: Office) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    content = designer.get(f"{path}.bpmn").data
    shorter = content.replace(b'zw:statutory="15wd"', b'zw:statutory="14wd"')
    save(designer, path, shorter, 1)
    assert designer.post(f"{path}/hand-in", {"seen": "2", "note": "压缩法定时限"}).status_code == 302
    with demo_office.reading() as records:
        [row] = records.measures.releases(first=0, size=5)
    checker = Visitor(site).sign_in("gaolin")
    address = f"/releases/{row.id}/processes/item_104_XK_002"
    assert address in checker.get(f"/releases/{row.id}").get_data(as_text=True)
    assert "法定时限 ： 15wd → 14wd" in text(checker.get(address)).replace("：", " ： ").replace("  ", " ")
    assert checker.get(f"{address}.bpmn").data == shorter
    assert checker.get(f"/releases/{row.id}/processes/nothing").status_code == 404
    applicant = Visitor(site).sign_in("lizhao")
    assert [applicant.get(one).status_code for one in (address, f"{address}.bpmn")] == [403, 403]


def test_forms_and_tables_of_a_draft_are_taken_added_and_removed(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    page = text(designer.get(path))
    assert "表单与决策表" in page and "review.form" in page and "沿用现行" in page
    designer.post(f"{path}/files/review.form/take", {"seen": "1"})
    assert "尚未修改" in text(designer.get(path))
    content = designer.get(f"{path}/files/review.form").data
    form = {"seen": "2", "content": (BytesIO(content.replace("审核".encode(), "审查".encode())), "review.form")}
    saved = designer.post(f"{path}/files/review.form/save", form, content_type="multipart/form-data")
    assert saved.get_json()["version"] == 3 and "已修订" in text(designer.get(path))
    assert "表单 review" in text(designer.get(f"{path}/compare"))
    designer.post(f"{path}/files", {"seen": "3", "kind": "form", "key": "1x"})
    assert "键以字母开头" in text(designer.get(path))
    designer.post(f"{path}/files", {"seen": "3", "source": "review.form", "key": "review_note"})
    assert "流程图没有用到" in text(designer.get(path))
    own = designer.get(f"/studio/panel.json?draft={path.rsplit('/', 1)[-1]}").get_json()["lists"]["forms"]
    assert "review_note" in [code for code, _ in own]
    designer.post(f"{path}/files/review.form/remove", {"seen": "4"})
    assert "已修订" not in text(designer.get(path))
    assert designer.get(f"{path}/files/nothing.form").status_code == 404
    broken = {"seen": "5", "content": (BytesIO(b"{"), "review_note.form")}
    refused = designer.post(f"{path}/files/review_note.form/save", broken, content_type="multipart/form-data")
    assert (refused.status_code, refused.get_json()["code"]) == (400, "DRAFT_FILE_UNREADABLE")
    clerk = Visitor(site).sign_in("wangfang")
    assert clerk.get(f"{path}/files/review.form").status_code == 403
    assert clerk.post(f"{path}/files/review.form/take", {"seen": "5"}).status_code == 403


def test_names_of_variables_forms_and_steps_are_offered_for_expressions(site: Flask, clerk: Visitor) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)
    said = designer.get(f"{path}/names.json").get_json()
    names = {name: (words, made) for name, words, made in said["names"]}
    assert names["item"] == ("", "") and names["Task_Review"][1] == "Task_Review"
    assert (
        names["Task_Review.recommendation"][0].startswith("审核 · ")
        and names["Task_Review.recommendation"][1] == "Task_Review"
    )
    assert [name for name, (_, made) in names.items() if made == "Start_Apply"]
    assert {"due()", "count()", "date and time()"} <= set(said["functions"])
    assert clerk.get(f"{path}/names.json").status_code == 403


def test_looking_at_a_draft_holds_nothing_and_drawing_it_does(site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    path = begun(designer)

    def holder() -> str | None:
        with site.extensions["office"].reading() as records:
            return records.process_drafts.find(UUID(path.rsplit("/", 1)[-1])).held_by

    designer.post(f"{path}/hold", {"leave": "1"})
    page = designer.get(path).get_data(as_text=True)
    assert 'data-locked="no"' in page and holder() is None
    assert designer.post(f"{path}/hold", {}).get_json() == {"held": True} and holder() == "hejing"
