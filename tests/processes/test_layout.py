"""What is drawn badly is told with its code and element, and every shipped diagram is drawn well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.layout.checks import check
from scripts.layout.geometry import Box, common, crosses, enters
from scripts.layout.reading import read
from tests.processes.library import FILES, ROOT

NODES = {
    "s": ("startEvent", "申请", 180, 200), "a": ("userTask", "受理", 300, 200), "b": ("userTask", "审核", 480, 200),
    "e": ("endEvent", "办结-准予", 640, 200),
}  # fmt: skip
SIZES = {"startEvent": (36, 36), "endEvent": (36, 36), "userTask": (100, 64), "exclusiveGateway": (50, 50)}
LINES = {"f1": "s a", "f2": "a b", "f3": "b e"}


def straight(source: tuple, target: tuple) -> list[tuple[float, float]]:
    """From the right side of one node to the left side of the other."""
    wide, other = SIZES[source[0]][0], SIZES[target[0]][0]
    return [(source[2] + wide / 2, source[3]), (target[2] - other / 2, target[3])]


def drawn(path: Path, *, nodes=None, lines=None, ways=None, labels=None, undrawn=(), lane=(130, 100, 700, 220)) -> Path:
    """A file with one pool, one lane and four nodes in a row, changed as asked."""
    nodes, lines, ways, labels = NODES | (nodes or {}), LINES | (lines or {}), ways or {}, labels or {}
    parts, shapes = [], []
    for id, (kind, name, x, y, *host) in nodes.items():
        attached = f' attachedToRef="{host[0]}"' if host else ""
        parts.append(f'<{kind} id="{id}" name="{name}"{attached}/>')
        wide, high = SIZES.get(kind, (36, 36))
        bounds = f'<dc:Bounds x="{x - wide / 2}" y="{y - high / 2}" width="{wide}" height="{high}"/>'
        shapes.append(
            (id, f'<di:BPMNShape id="{id}_di" bpmnElement="{id}">{bounds}{label(labels.get(id))}</di:BPMNShape>')
        )
    for id, ends in lines.items():
        source, target = ends.split()
        name = ' name="准予"' if id in labels else ""
        parts.append(f'<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}"{name}/>')
        points = "".join(
            f'<dd:waypoint x="{x}" y="{y}"/>' for x, y in ways.get(id) or straight(nodes[source], nodes[target])
        )
        shapes.append(
            (id, f'<di:BPMNEdge id="{id}_di" bpmnElement="{id}">{points}{label(labels.get(id))}</di:BPMNEdge>')
        )
    members = "".join(f"<flowNodeRef>{id}</flowNodeRef>" for id in nodes)
    x, y, wide, high = lane
    path.write_text(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">'
        '<collaboration id="c"><participant id="pool" name="示例" processRef="p"/></collaboration>'
        f'<process id="p"><laneSet id="ls"><lane id="l" name="窗口">{members}</lane></laneSet>{"".join(parts)}</process>'
        '<di:BPMNDiagram id="d"><di:BPMNPlane id="dp" bpmnElement="c">'
        '<di:BPMNShape id="pool_di" bpmnElement="pool"><dc:Bounds x="100" y="100" width="730" height="220"/></di:BPMNShape>'
        f'<di:BPMNShape id="l_di" bpmnElement="l"><dc:Bounds x="{x}" y="{y}" width="{wide}" height="{high}"/></di:BPMNShape>'
        f"{''.join(one for id, one in shapes if id not in undrawn)}</di:BPMNPlane></di:BPMNDiagram></definitions>",
        "utf-8",
    )
    return path


def label(at: tuple[float, float] | None) -> str:
    if at is None:
        return ""
    return f'<di:BPMNLabel><dc:Bounds x="{at[0]}" y="{at[1]}" width="90" height="14"/></di:BPMNLabel>'


def said(tmp_path: Path, **changes) -> set[tuple[str, str]]:
    return {(one.code, one.element) for one in check(read(drawn(tmp_path / "p.bpmn", **changes)))}


def test_a_tidy_drawing_has_nothing_to_mend(tmp_path):
    assert said(tmp_path) == set()


BAD = [
    ("LY01", "b", {"undrawn": ("b",)}),
    ("LY01", "f2", {"undrawn": ("f2",)}),
    ("LY02", "a", {"nodes": {"x": ("userTask", "会签", 320, 240)}, "lines": {"f4": "x e"}}),
    ("LY03", "s", {"labels": {"s": (250, 200)}}),
    ("LY03", "s", {"labels": {"f1": (200, 226), "s": (190, 224)}}),
    ("LY04", "f2", {"lines": {"f2": "s b"}, "ways": {"f2": [(198, 200), (430, 200)]}}),
    ("LY04", "f2", {"ways": {"f2": [(250, 200), (430, 200)]}}),
    ("LY05", "a", {"nodes": {"a": ("userTask", "受理", 300, 300)}}),
    ("LY05", "l", {"lane": (130, 100, 720, 220)}),
    ("LY06", "b", {"nodes": {"b": ("userTask", "审核", 480.4, 200)}}),
    ("LY06", "t", {"nodes": {"t": ("boundaryEvent", "到期", 300, 262, "a")}}),
    ("LY08", "f9", {"nodes": {"x": ("endEvent", "放弃", 180, 280)}, "lines": {"f9": "b x"},
                    "ways": {"f9": [(480, 232), (480, 280), (198, 280)]}}),
    ("LY09", "f2", {"ways": {"f2": [(350, 200), (430, 190)]}}),
    ("LY09", "f2", {"ways": {"f2": [(360, 200), (430, 200)]}}),
    ("LY09", "f2", {"nodes": {"b": ("exclusiveGateway", "结论", 480, 200)}, "ways": {"f2": [(350, 200), (400, 200), (400, 188), (455, 188)]}}),
    ("LY12", "n", {"nodes": {"n": ("textAnnotation", "M1 一个在旁边写不下的里程碑名称", 300, 270)}}),
    ("LY10", "f2", {"nodes": {"x": ("userTask", "会签", 480, 280)}, "lines": {"f9": "x e"},
                    "ways": {"f9": [(480, 248), (480, 240), (400, 240), (400, 200), (420, 200), (420, 150), (640, 150), (640, 182)]}}),
    ("LY11", "f2", {"labels": {"f2": (380, 194)}}),
    ("LY12", "a", {"nodes": {"a": ("userTask", "核对申请人提交的全部规划设计文件与图纸并逐一登记在册和编号归档入库留存", 300, 200)}}),
    ("LY13", "f2", {"ways": {"f2": [(350, 200), (390, 200), (390, 203), (430, 203)]}}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "element", "changes"), BAD, ids=[f"{row[0]}-{n}" for n, row in enumerate(BAD)])
def test_what_is_drawn_badly_is_told_with_code_and_element(tmp_path, code, element, changes):
    assert (code, element) in said(tmp_path, **changes)


def test_many_crossings_are_told_once_and_few_are_not(tmp_path):
    tops = {f"t{n}": ("startEvent", "申请", 200 + 90 * n, 130) for n in range(5)}
    ends = {f"u{n}": ("endEvent", "完成", 200 + 90 * n, 290) for n in range(5)}
    down = {f"d{n}": f"t{n} u{n}" for n in range(5)}
    ways = {f"d{n}": [(200 + 90 * n, 148), (200 + 90 * n, 272)] for n in range(5)}
    across = {"x1": "t0 u4"}
    bent = {"x1": [(200, 148), (200, 160), (165, 160), (165, 250), (600, 250), (600, 290), (578, 290)]}
    changes = {"nodes": {**tops, **ends}, "lines": {**LINES, **down, **across}, "ways": {**ways, **bent}}
    assert [code for code, _ in said(tmp_path, **changes)].count("LY07") == 1
    few = {"nodes": {**tops, **ends}, "lines": {"d1": "t1 u1", "x1": "t0 u4"}, "ways": {**ways, **bent}}
    assert "LY07" not in {code for code, _ in said(tmp_path, **few)}


def test_a_flow_back_to_an_earlier_desk_may_run_to_the_left(tmp_path):
    changes = {"lines": {"f9": "b a"}, "ways": {"f9": [(480, 232), (480, 270), (300, 270), (300, 232)]}}
    assert said(tmp_path, **changes) == set()


def test_lines_meet_boxes_and_each_other_as_geometry_says():
    box = Box(10, 10, 20, 20)
    assert enters(((0, 20), (40, 20)), box) and enters(((0, 0), (40, 40)), box)
    assert not enters(((0, 10), (40, 10)), box) and not enters(((0, 0), (5, 40)), box)
    assert crosses(((0, 5), (10, 5)), ((5, 0), (5, 10)))
    assert not crosses(((0, 5), (10, 5)), ((5, 5), (5, 10)))
    assert common(((0, 5), (10, 5)), ((4, 5), (30, 5))) == 6
    assert box.touches((10, 20), 2) and not box.touches((20, 20), 2)


@pytest.mark.parametrize("key", FILES)
def test_every_shipped_diagram_is_drawn_well(key):
    assert check(read(FILES[key])) == []


def test_the_command_tells_file_code_and_element_and_fails(tmp_path):
    file = drawn(tmp_path / "p.bpmn", undrawn=("b",))
    told = subprocess.run(
        [sys.executable, ROOT / "scripts" / "check_layout", file], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert f"{file}: LY01 b is not drawn" in told.stdout
