"""自动排版: whatever a diagram looked like, it is laid out well, nothing of what it says changes, and once more changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.layout.checks import check
from scripts.layout.reading import LINES, Plane, read
from scripts.layout.tidying import meaning, scrambled, tidied
from tests.processes.library import ROOT

LARGEST = "chain_JS_35.bpmn"
SHIPPED = [ROOT / "processes" / name for name in (LARGEST, "item_104_QT_004.bpmn", "support_SP_01.bpmn")]
EVERYTHING = Path(__file__).parent / "tidy" / "everything.bpmn"  # of every kind one, and no drawing
STYLE = "LY07"  # crossings: fewer where it is possible; a figure of the campaign, not a fault
GRID = 10


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with everything laid out: shipped ones from a mess, and once more as `again`."""
    folder = tmp_path_factory.mktemp("tidy")
    (folder / "mess").mkdir()
    (folder / "again").mkdir()
    messy = [scrambled(file, folder / "mess" / file.name, 7) for file in SHIPPED]
    spent = tidied([*messy, EVERYTHING], folder)
    assert spent[LARGEST] < 4000, "milliseconds of processor time, at most 2000 on a desk of today"
    tidied([folder / file.name for file in (*messy, EVERYTHING)], folder / "again")
    return folder


@pytest.mark.parametrize("file", [*SHIPPED, EVERYTHING], ids=lambda one: one.stem)
def test_a_mess_is_laid_out_by_our_own_rules(laid: Path, file: Path) -> None:
    drawn = read(laid / file.name)
    assert [one for one in check(drawn) if one.code != STYLE] == []
    assert drawn.missing == []


@pytest.mark.parametrize("file", [*SHIPPED, EVERYTHING], ids=lambda one: one.stem)
def test_what_a_diagram_says_stays_the_same(laid: Path, file: Path) -> None:
    assert meaning(laid / file.name) == meaning(file)


@pytest.mark.parametrize("file", [*SHIPPED, EVERYTHING], ids=lambda one: one.stem)
def test_centres_and_bends_stand_on_the_grid(laid: Path, file: Path) -> None:
    for plane in read(laid / file.name).planes:
        centres = [one.box.middle for one in plane.shapes.values() if one.id in node_ids(plane) and not one.host]
        bends = [point for line in plane.lines if line.kind in LINES for point in line.points[1:-1]]
        assert [at for at in centres if at[0] % GRID or at[1] % GRID] == []
        assert [at for at in bends if at[0] % GRID or at[1] % GRID] == []


def node_ids(plane: Plane) -> set[str]:
    """What lines of the process join."""
    return {id for line in plane.lines if line.kind == "sequenceFlow" for id in (line.source, line.target)}


@pytest.mark.parametrize("file", [*SHIPPED, EVERYTHING], ids=lambda one: one.stem)
def test_once_more_changes_nothing(laid: Path, file: Path) -> None:
    assert (laid / "again" / file.name).read_text() == (laid / file.name).read_text()


def test_lanes_keep_their_order_and_lie_below_each_other(laid: Path) -> None:
    before, after = read(laid / "mess" / SHIPPED[1].name).planes[0], read(laid / SHIPPED[1].name).planes[0]
    lanes = [one for one in before.shapes.values() if one.kind == "lane"]
    order = [one.id for one in sorted(lanes, key=lambda one: one.box.y)]
    tops = [after.shapes[id].box for id in order]
    assert [one.bottom for one in tops[:-1]] == [one.y for one in tops[1:]]


def test_without_any_drawing_one_is_made(tmp_path: Path) -> None:
    tidied([SHIPPED[1]], tmp_path, bare=True)
    drawn = read(tmp_path / SHIPPED[1].name)
    assert drawn.missing == []
    assert [one for one in check(drawn) if one.code != STYLE] == []
    assert meaning(tmp_path / SHIPPED[1].name) == meaning(SHIPPED[1])
