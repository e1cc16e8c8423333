"""文书: every kind is printed, says what it must say, and prints what was written (DOMAIN F.1)."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from jinja2 import meta
from pypdf import PdfReader

from service.documents.official import (
    DocumentHead,
    DocumentState,
    preview,
    print_document,
    samples,
    shown,
    written_document,
)
from service.documents.papers import FOLDER, environment
from service.rules.document_kinds import KINDS, Fact, FactKind, Remedy, read_facts
from service.rules.hashes import sm3
from service.rules.refusals import Refusal

SAMPLES = {code: dict(facts) for code, facts in samples().items()}
MADE = datetime(2026, 3, 19, 2, tzinfo=UTC)
HEAD = DocumentHead(
    authority="云溪市住房和城乡建设局",
    number="云政服受〔2026〕00042号",
    issued_on=date(2026, 3, 19),
    case_number="990100-20260316-104-00042-0",
    query_code="K7M2QP",
    applicant="𠮷䶮金属制品（云溪）有限公司",
    item="建筑工程施工许可证核发",
    item_code="104-XK-001",
    contact="12号窗口 0371-60000012",
    supervision="0371-60000000",
    verify_url="https://lianban.example/verify/42",
)
VARIANTS = {
    "W02": {"deemed": True},
    "W08": {"act": "恢复", "through_day": "2026-03-24", "new_due": "2026-03-26"},
    "W10": {"opinion": None, "signed_by": None, "signed_at": None},
    "W12": {"form": "听证笔录", "record": "各方已充分发表意见。", "signatures": ["李昭", "孙立"]},
    "W14": {"valid_to": None, "conditions": None, "duties": None},
    "W24": {"form": "撤回申请书"},
    "W29": {"form": "投诉受理单", "investigation": None, "conclusion": None, "valid": None},
    "W31": {"form": "会议通知"},
    "W34": {"form": "代办委托书", "materials": None},
    "W40": {"rating": "非常满意"},
}


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def texts(value) -> list[str]:
    """Every text of facts, however deep."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def refused(act, *arguments, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


def test_every_kind_has_a_template_and_a_sample():
    assert [f"W{n:02d}" for n in range(1, 43)] == list(KINDS) == list(SAMPLES)
    templates = {path.stem for path in (FOLDER / "official").glob("*.j2")}
    assert templates == {kind.template for kind in KINDS.values()} | {"document", "parts"}


@pytest.mark.parametrize("code", KINDS)
def test_a_missing_an_unknown_and_an_odd_fact_are_refused(code):
    kind, sample = KINDS[code], SAMPLES[code]
    assert refused(print_document, code, HEAD, sample | {"amount_by_hand": "1.00"}, made_at=MADE) == "DOCUMENT_FACTS"
    for fact in kind.facts:
        if not fact.optional:
            assert refused(read_facts, kind, sample | {fact.name: None}) == "DOCUMENT_FACTS"
        odd = {"nothing": "fits"} if fact.kind is not FactKind.ROWS else [{"unknown": "column"}]
        assert refused(read_facts, kind, sample | {fact.name: odd}) in ("DOCUMENT_FACTS", "NUMBER_INVALID")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FactKind.DATE, "19.3.2026"),
        (FactKind.INSTANT, "2026-03-19T10:00:00"),
        (FactKind.MONEY, 600.5),
        (FactKind.MONEY, "600.505"),
        (FactKind.COUNT, -1),
        (FactKind.COUNT, True),
        (FactKind.COUNT, "2"),
        (FactKind.YES_NO, "true"),
        (FactKind.LIST, "one"),
        (FactKind.LIST, [""]),
        (FactKind.ROWS, ["x"]),
        (FactKind.TEXT, "  "),
        (FactKind.TEXT, 5),
    ],
)
def test_facts_have_one_form(kind, value):
    one = KINDS["W05"].__class__(code="X", title="x", facts=(Fact(name="a", label="甲", kind=kind),))
    assert refused(read_facts, one, {"a": value}) in ("DOCUMENT_FACTS", "NUMBER_INVALID")


def test_an_unknown_kind_is_refused():
    assert refused(print_document, "W99", HEAD, {}, made_at=MADE) == "DOCUMENT_KIND"


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_prints_what_was_written(code):
    printed = print_document(code, HEAD, SAMPLES[code], made_at=MADE)
    said = text_of(printed.pdf)
    for head in (
        HEAD.authority,
        HEAD.number,
        HEAD.case_number,
        HEAD.query_code,
        HEAD.item_code,
        "𠮷䶮金属制品",
    ):
        assert re.sub(r"\s+", "", head) in said, head
    for text in texts(SAMPLES[code]):
        plain = re.sub(r"\s+", "", text)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(T.*)?|\d+\.\d{2}", plain) and text not in ("代收单", "终止通知书"):
            assert plain in said, text
    assert printed.hash == sm3(printed.pdf)
    assert "None" not in said and "2026-0" not in said.replace("DBD-2026-0012", "").replace("TS-2026-0007", "").replace(
        "DB-2026-0031", ""
    ).replace("（2026-02-10）", "").replace("（2026-03-18）", "")


@pytest.mark.parametrize(("code", "change"), VARIANTS.items())
def test_variants_are_printed(code, change):
    said = text_of(print_document(code, HEAD, SAMPLES[code] | change, made_at=MADE).pdf)
    for text in texts(change):
        if not text.startswith("2026-"):
            assert text in said
    assert "None" not in said


@pytest.mark.parametrize("code", KINDS)
def test_templates_use_every_fact_and_nothing_else(code):
    kind = KINDS[code]
    source = (FOLDER / "official" / f"{kind.template}.j2").read_text("utf-8")
    used = meta.find_undeclared_variables(environment().parse(source)) | set(re.findall(r'"([a-z_]+)"', source))
    names = {fact.name for fact in kind.facts}
    common = {"kind", "head", "chinese", "capitals", "value", "label", "review", "appeal", "parts"}
    if kind.remedy is Remedy.REVIEW:
        used |= {"review_authority", "court"}
    if kind.remedy is Remedy.APPEAL:
        used |= {"appeal_by"}
    assert names <= used
    assert meta.find_undeclared_variables(environment().parse(source)) <= names | common


def test_refusals_tell_how_to_contest_them():
    for code, kind in KINDS.items():
        said = text_of(print_document(code, HEAD, SAMPLES[code], made_at=MADE).pdf)
        assert ("六十日内向云溪市人民政府申请行政复议" in said) is (kind.remedy is Remedy.REVIEW), code
        assert ("六个月内依法向云溪市人民法院提起行政诉讼" in said) is (kind.remedy is Remedy.REVIEW), code
        assert ("书面申诉" in said) is (kind.remedy is Remedy.APPEAL), code
    assert {code for code, kind in KINDS.items() if kind.remedy is not Remedy.NONE} == {
        "W03",
        "W15",
        "W27",
        "W28",
        "W29",
    }


def test_what_the_law_wants_said_is_said():
    def said(code, **change):
        return text_of(print_document(code, HEAD, SAMPLES[code] | change, made_at=MADE).pdf)

    assert "不表示受理" in said("W01")
    assert "第三十二条第一款第四项" in said("W02", deemed=True) and "第五项" in said("W02")
    assert "已一次告知全部需要补正的内容" in said("W04")
    assert "人民币陆拾万零贰佰贰拾元伍角" in said("W21") and "¥600,220.50" in said("W21")
    assert "不是行政决定" in said("W33") and "不是受理" in said("W34")


def test_what_people_wrote_is_no_markup_and_no_template():
    wild = "<script>alert(1)</script>{{ 7*7 }}{% include '/etc/passwd' %}<b>粗</b>"
    html = written_document("W09", HEAD, SAMPLES["W09"] | {"reason": wild}, made_at=MADE)
    assert "<script>" not in html and "{{ 7*7 }}" in html and "&lt;b&gt;" in html
    assert "alert(1)" in text_of(print_document("W09", HEAD, SAMPLES["W09"] | {"reason": wild}, made_at=MADE).pdf)


def test_a_document_says_what_it_is_worth():
    def said(**more):
        return text_of(print_document("W02", HEAD, SAMPLES["W02"], made_at=MADE, **more).pdf)

    assert "不具效力" not in said() and "补打" not in said()
    assert "草稿不具效力" in said(state=DocumentState.DRAFT)
    assert "作废" in said(state=DocumentState.VOID, reprint=1)
    assert "补打第2次" in said(reprint=2)


def test_a_preview_is_a_draft_of_nobody():
    said = text_of(preview("W02", made_at=MADE).pdf)
    assert "草稿不具效力" in said and "示例机关" in said
    assert refused(preview, "W99", made_at=MADE) == "DOCUMENT_KIND"


def test_a_text_that_decides_the_wording_is_one_of_its_choices():
    for code, name in (
        ("W08", "act"),
        ("W12", "form"),
        ("W24", "form"),
        ("W27", "level"),
        ("W31", "form"),
        ("W39", "form"),
    ):
        assert refused(read_facts, KINDS[code], SAMPLES[code] | {name: "别的"}) == "DOCUMENT_FACTS"


def test_the_same_document_is_the_same_file():
    first, second = (print_document("W21", HEAD, SAMPLES["W21"], made_at=MADE) for _ in range(2))
    assert first == second
    other = print_document("W21", HEAD, SAMPLES["W21"] | {"total": "600220.51"}, made_at=MADE)
    assert other.hash != first.hash


def test_a_seal_is_a_picture_and_nothing_else():
    one = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
        "1ff89993d1d0000000049454e44ae426082"
    )
    sealed = print_document("W14", HEAD, SAMPLES["W14"], made_at=MADE, seal=one).pdf
    assert "行政审批专用章" not in text_of(sealed)
    assert "行政审批专用章" in text_of(print_document("W14", HEAD, SAMPLES["W14"], made_at=MADE).pdf)
    with pytest.raises(ValueError, match="PNG"):
        print_document("W14", HEAD, SAMPLES["W14"], made_at=MADE, seal=b"<svg onload=x>")


def test_a_head_may_be_short():
    printed = print_document("W37", DocumentHead(authority="云溪市政务服务中心"), SAMPLES["W37"], made_at=MADE)
    said = text_of(printed.pdf)
    assert "申请人" not in said and "查询码" not in said and "扫码" not in said and "2026年权力清单" in said


def test_long_and_unbroken_texts_stay_on_the_page():
    rows = [
        {"stage": f"环节{n}", "person": "某", "post": "A岗", "opinion": "意见" * 60, "at": "2026-03-18T10:05:00+08:00"}
        for n in range(60)
    ]
    pdf = print_document("W13", HEAD, {"steps": rows}, made_at=MADE).pdf
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) > 2 and text_of(pdf).count("环节") >= 60
    assert f"第{len(pages)}页共{len(pages)}页" in text_of(pdf)
    assert "序号环节办理人" in re.sub(r"\s+", "", pages[1].extract_text())
    text_of(print_document("W09", HEAD, SAMPLES["W09"] | {"reason": "A" * 3000}, made_at=MADE).pdf)


def test_facts_are_shown_as_people_read_them():
    def one(kind):
        return Fact(name="a", label="甲", kind=kind)

    assert shown(one(FactKind.YES_NO), False) == "否" and shown(one(FactKind.YES_NO), True) == "是"
    assert shown(one(FactKind.LIST), ("甲", "乙")) == "甲；乙"
    assert shown(one(FactKind.INSTANT), datetime(2026, 3, 18, 16, 30, tzinfo=UTC)) == "2026年3月19日 00:30"
    assert shown(one(FactKind.TEXT), None) == "—"


@pytest.mark.slow
def test_a_process_that_printed_much_ends_well():
    """The press keeps fonts beyond the end of the interpreter (plutoprint 0.23.0); bytes of ours would end it with a fault."""
    program = (
        "import sys; from tests.documents.test_official import HEAD, KINDS, MADE, SAMPLES, print_document\n"
        "for code in KINDS: print_document(code, HEAD, SAMPLES[code], made_at=MADE)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
