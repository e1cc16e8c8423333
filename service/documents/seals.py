"""Seals as pictures: what may be uploaded, and 样章 drawn for demonstrations, which say of themselves that they are worth nothing."""

from __future__ import annotations

import io
import math
import struct
import zlib
from functools import lru_cache

import plutoprint

from service.documents.press import drawn
from service.rules.refusals import refuse

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST, SMALLEST, HEAVIEST = 1200, 120, 400_000  # pixels, pixels, bytes
SIZE = 420  # of a drawn one
COLOURED_WITH_ALPHA = 6
INK = "#c0211c"


def examine_seal(image: bytes) -> None:
    """Whether a file may be a seal: a whole PNG, square, of a size that prints well, with a transparent ground.

    Refused: SEAL_NOT_PNG, SEAL_SIZE, SEAL_OPAQUE.
    """
    if len(image) > HEAVIEST:
        raise refuse("image", "SEAL_SIZE", "印章图片不能超过 {most} KB。", most=HEAVIEST // 1000)
    chunks = _chunks(image)
    if chunks is None or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND" or b"IDAT" not in dict(chunks):
        raise refuse("image", "SEAL_NOT_PNG", "印章应为完整的 PNG 图片。")
    width, height, depth, colour = struct.unpack(">LLBB", chunks[0][1][:10])
    if not SMALLEST <= width <= LARGEST or not SMALLEST <= height <= LARGEST or abs(width - height) > width // 20:
        raise refuse(
            "image",
            "SEAL_SIZE_PIXELS",
            "印章图片应为正方形，边长 {least} 至 {most} 像素。",
            least=SMALLEST,
            most=LARGEST,
        )
    if depth != 8 or (colour != COLOURED_WITH_ALPHA and b"tRNS" not in dict(chunks)):
        raise refuse("image", "SEAL_OPAQUE", "印章图片应为透明底（8 位 RGBA），否则会遮住文字。")
    channels = {COLOURED_WITH_ALPHA: 4, 2: 3, 4: 2}.get(colour, 1)
    try:
        pixels = zlib.decompressobj().decompress(
            b"".join(data for name, data in chunks if name == b"IDAT"), height * (width * channels + 1) + 1
        )
    except zlib.error:
        pixels = b""
    if len(pixels) != height * (width * channels + 1):
        raise refuse("image", "SEAL_NOT_PNG", "印章应为完整的 PNG 图片。")


@lru_cache(maxsize=64)
def sample_seal(authority: str) -> bytes:
    """A 样章 of an authority: a ring, its name around a star, and in the middle that it is only a sample."""
    canvas = plutoprint.ImageCanvas(SIZE, SIZE, plutoprint.IMAGE_FORMAT_ARGB32)
    canvas.clear_surface(0, 0, 0, 0)
    drawn(_sheet(authority), canvas, SIZE)
    file = io.BytesIO()
    canvas.write_to_png_stream(file)
    return file.getvalue()


def _sheet(authority: str) -> str:
    """The drawing: every character of the name is turned to its place on the ring."""
    middle, ring = SIZE / 2, SIZE * 0.355
    turn = min(22.0, 250 / max(len(authority) - 1, 1))
    size = min(44.0, turn * 2.1)
    first = -turn * (len(authority) - 1) / 2
    letters = "".join(
        f'<div class="l" style="transform: translate({middle + ring * math.sin(math.radians(a)):.1f}px,'
        f'{middle - ring * math.cos(math.radians(a)):.1f}px) rotate({a:.1f}deg) translate(-50px,-30px)">{one}</div>'
        for n, one in enumerate(authority)
        for a in (first + turn * n,)
    )
    star = " ".join(
        f"{middle + r * math.sin(math.radians(36 * n)):.1f},{middle - 6 - r * math.cos(math.radians(36 * n)):.1f}"
        for n in range(10)
        for r in (54 if n % 2 == 0 else 21,)
    )
    return (
        "<!doctype html><html><head><style>"
        "@font-face{font-family:Paper;font-weight:700;src:url(font:bold)}"
        f"html,body{{margin:0;background:transparent}}body{{font:700 {size:.0f}px/60px Paper;color:{INK};position:relative}}"
        ".l{position:absolute;left:0;top:0;width:100px;height:60px;text-align:center;transform-origin:0 0}"
        ".s{position:absolute;left:0;width:100%;text-align:center}svg{position:absolute;left:0;top:0}"
        "</style></head><body>"
        f'<svg width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}"><circle cx="{middle}" cy="{middle}" '
        f'r="{middle - 8}" fill="none" stroke="{INK}" stroke-width="9"/><polygon points="{star}" fill="{INK}"/></svg>'
        f'{letters}<div class="s" style="top:{SIZE * 0.66:.0f}px;font-size:34px">样章</div>'
        f'<div class="s" style="top:{SIZE * 0.77:.0f}px;font-size:20px">演示用 无效</div></body></html>'
    )


def _chunks(image: bytes) -> list[tuple[bytes, bytes]] | None:
    """The chunks of a PNG in order, every check sum right; None when it is not one."""
    if not image.startswith(PNG):
        return None
    found, at = [], len(PNG)
    while at + 12 <= len(image):
        length, name = struct.unpack(">L4s", image[at : at + 8])
        data, check = image[at + 8 : at + 8 + length], image[at + 8 + length : at + 12 + length]
        if len(check) != 4 or struct.unpack(">L", check)[0] != zlib.crc32(name + data):
            return None
        found.append((name, data))
        at += 12 + length
    return found if at == len(image) and found else None
