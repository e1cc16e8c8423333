"""Shapes and lines of a sheet as SVG: presentation attributes only, no style, no script, no id, so that many fit on a page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from service.engine.picture.reading import Box, Line, Shape, Sheet, read_sheet
from service.engine.picture.symbols import event_symbol, gateway_symbol, task_symbol

INK, PAPER, SOFT = "#1b2230", "#ffffff", "#f3f5f9"
BAND = 30  # pixels of a pool's or lane's head
MARGIN = 16
BESIDE, INSIDE = 11, 12  # pixels of a sign beside and in a shape
FRAMES = ("participant", "lane")


def picture(bpmn: bytes, title: str) -> str | None:
    """The first sheet of a file as SVG with `title` for those who cannot see it; None when nothing is drawn."""
    sheet = read_sheet(bpmn)
    if sheet is None:
        return None
    frames = [shape for shape in sheet.shapes if shape.kind in FRAMES]
    nodes = [shape for shape in sheet.shapes if shape.kind not in FRAMES]
    nodes.sort(key=lambda shape: (not shape.expanded, shape.kind == "boundaryEvent"))
    parts = [part for shape in frames for part in draw_frame(shape)]
    parts += [part for line in sheet.lines for part in draw_line(line)]
    parts += [part for shape in nodes for part in draw_node(shape)]
    left, top, right, bottom = edges(sheet)
    view = f"{left:g} {top:g} {right - left:g} {bottom - top:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" font-family="inherit" '
        f'stroke-linejoin="round"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def edges(sheet: Sheet) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of everything, with a margin."""
    boxes = [box for one in sheet.shapes for box in (one.box, one.label) if box is not None]
    xs = [x for box in boxes for x in (box.x, box.x + box.width)] + [p[0] for line in sheet.lines for p in line.points]
    ys = [y for box in boxes for y in (box.y, box.y + box.height)] + [p[1] for line in sheet.lines for p in line.points]
    return min(xs) - MARGIN, min(ys) - MARGIN, max(xs) + MARGIN, max(ys) + MARGIN


def draw_frame(shape: Shape) -> Iterator[str]:
    """A pool or lane with its name in the band at its left; a black box bears it in the middle."""
    box = shape.box
    yield rectangle(box, fill=PAPER)
    if shape.empty or box.height < BAND * 2 and shape.kind == "participant":
        yield from words(shape.name, box.x + box.width / 2, box.y + box.height / 2, box.width - 20, INSIDE)
        return
    yield f'<path d="M{box.x + BAND:g} {box.y:g}v{box.height:g}" fill="none" stroke="{INK}"/>'
    x, y = box.x + BAND / 2, box.y + box.height / 2
    yield f'<g transform="rotate(-90 {x:g} {y:g})">{"".join(words(shape.name, x, y, box.height, INSIDE))}</g>'


def draw_node(shape: Shape) -> Iterator[str]:
    """One node with what stands in it and beside it."""
    box = shape.box
    x, y = box.x + box.width / 2, box.y + box.height / 2
    if shape.kind.endswith("Event"):
        yield from draw_event(shape, x, y)
    elif shape.kind.endswith("Gateway"):
        wide, high = box.width / 2, box.height / 2
        diamond = f"M{x:g} {box.y:g}l{wide:g} {high:g}l{-wide:g} {high:g}l{-wide:g} {-high:g}z"
        yield f'<path d="{diamond}" fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>'
        yield gateway_symbol(shape.kind, x, y)
    elif shape.kind == "textAnnotation":
        yield f'<path d="M{box.x + 10:g} {box.y:g}h-10v{box.height:g}h10" fill="none" stroke="{INK}"/>'
        yield from words(shape.name, x, y, box.width - 8, BESIDE)
        return
    else:
        yield rectangle(
            box, fill=SOFT if shape.expanded else PAPER, round=10, width=4 if shape.kind == "callActivity" else 1.5
        )
        inner = shape.kind in ("callActivity", "subProcess", "transaction", "adHocSubProcess")
        yield task_symbol(shape.kind, box.x, box.y)
        if inner and not shape.expanded:
            plus = f"M{x - 7:g} {box.y + box.height - 16:g}h14v14h-14zM{x:g} {box.y + box.height - 13:g}v8m-4 -4h8"
            yield f'<path d="{plus}" fill="none" stroke="{INK}"/>'
        at = box.y + 12 if shape.expanded else y - (6 if inner else 0)
        yield from words(shape.name, x, at, box.width - 12, INSIDE)
        return
    yield from beside(
        shape.name, shape.label or Box(x=x - 45, y=box.y + box.height + 6, width=90, height=14), shape.label
    )


def draw_event(shape: Shape, x: float, y: float) -> Iterator[str]:
    """A circle: thin where something begins, thick where it ends, double between; dashed where nothing is interrupted."""
    radius = shape.box.width / 2
    dashed = ' stroke-dasharray="5 3"' if shape.quiet and shape.kind in ("boundaryEvent", "startEvent") else ""
    width = 4 if shape.kind == "endEvent" else 1.5
    yield f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{PAPER}" stroke="{INK}" stroke-width="{width}"{dashed}/>'
    if shape.kind.startswith(("intermediate", "boundary")):
        yield f'<circle cx="{x:g}" cy="{y:g}" r="{radius - 4:g}" fill="none" stroke="{INK}" stroke-width="1.2"{dashed}/>'
    yield event_symbol(shape.event, x, y, filled=shape.kind in ("endEvent", "intermediateThrowEvent"))


def draw_line(line: Line) -> Iterator[str]:
    """A flow with its head; message flows are dashed, default flows bear a slash."""
    way = "L".join(f"{x:g} {y:g}" for x, y in line.points)
    dashed = "" if line.kind == "sequenceFlow" else ' stroke-dasharray="7 5"'
    yield f'<path d="M{way}" fill="none" stroke="{INK}" stroke-width="1.4"{dashed}/>'
    (ax, ay), (bx, by) = line.points[-2:]
    if "ssociation" not in line.kind:
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1
        dx, dy = (bx - ax) / length, (by - ay) / length
        left, right = (bx - 9 * dx - 4.5 * dy, by - 9 * dy + 4.5 * dx), (bx - 9 * dx + 4.5 * dy, by - 9 * dy - 4.5 * dx)
        fill = INK if line.kind == "sequenceFlow" else PAPER
        head = f"M{bx:g} {by:g}L{left[0]:.6g} {left[1]:.6g}L{right[0]:.6g} {right[1]:.6g}z"
        yield f'<path d="{head}" fill="{fill}" stroke="{INK}"/>'
    if line.default:
        (ax, ay), (bx, by) = line.points[:2]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1
        x, y = ax + 10 * (bx - ax) / length, ay + 10 * (by - ay) / length
        yield f'<path d="M{x - 4:.6g} {y + 5:.6g}l8 -10" stroke="{INK}" fill="none"/>'
    middle = line.points[len(line.points) // 2]
    yield from beside(line.name, line.label or Box(x=middle[0], y=middle[1] - 16, width=90, height=14), line.label)


def rectangle(box: Box, *, fill: str, round: int = 0, width: float = 1) -> str:
    """A rectangle with round corners."""
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{round}" fill="{fill}" '
        f'stroke="{INK}" stroke-width="{width:g}"/>'
    )


def beside(name: str, box: Box, given: Box | None) -> Iterator[str]:
    """A name beside its element: from the left upper corner the file gives, else in the middle below."""
    if not name:
        return
    lines = broken(name, 90, BESIDE)
    for number, line in enumerate(lines):
        wide = width_of(line, BESIDE)
        x = (
            box.x + (max(map(lambda one: width_of(one, BESIDE), lines)) - wide) / 2
            if given
            else box.x + (box.width - wide) / 2
        )
        yield text(line, x, box.y + 10 + 13.2 * number, BESIDE, "start")


def words(name: str, x: float, y: float, width: float, size: float) -> Iterator[str]:
    """A name in the middle of a place, broken into lines."""
    lines = broken(name, width, size)
    for number, line in enumerate(lines):
        at = y + size * 0.36 + (number - (len(lines) - 1) / 2) * size * 1.2
        yield text(line, x, at, size, "middle")


def text(line: str, x: float, y: float, size: float, anchor: str) -> str:
    """One line of text by its base line."""
    return (
        f'<text x="{x:.6g}" y="{y:.6g}" font-size="{size:g}" text-anchor="{anchor}" fill="{INK}">{escape(line)}</text>'
    )


def broken(name: str, width: float, size: float) -> list[str]:
    """A name in lines that are not wider than a place; Chinese breaks anywhere."""
    lines = [""]
    for sign in name:
        if lines[-1] and width_of(lines[-1] + sign, size) > width:
            lines.append("")
        lines[-1] += sign
    return [line.strip() for line in lines if line.strip()]


def width_of(line: str, size: float) -> float:
    """How wide a line is, about."""
    return sum(size if ord(sign) > 255 else size * 0.56 for sign in line)
