"""The press: HTML to PDF. It reads no file and asks no network; the same text gives the same bytes."""

from __future__ import annotations

import base64
import io
import re
import threading
from datetime import datetime
from functools import cache

import plutoprint

from service.documents.fonts import FILES, RARE, face, printable, rare_in

FAMILY = "Paper"  # what templates call the typeface of every paper
_ONE = threading.Lock()  # the press keeps fonts and styles for the whole process; nobody promises it to two threads


LARGEST = 4_000_000  # characters of a paper
DEEPEST, DEEPEST_TABLE = 60, 4  # elements within each other; tables are laid out anew for each one around them
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*?(/?)>", re.IGNORECASE)
NEVER_CLOSED = frozenset("area base br col embed hr img input link meta source track wbr".split())


class PaperFault(Exception):
    """A template asked for something that is not the paper's own: a mistake of ours, not of who prints."""


class _OwnFonts(plutoprint.ResourceFetcher):
    """Gives out our fonts and remembers what else was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def fetch_url(self, url: str) -> plutoprint.ResourceData:
        """The font of one of our addresses, nothing for any other."""
        if url in FILES or url in RARE:
            return _font(url)
        self.refused.append(url)
        return plutoprint.ResourceData(b"", "text/plain", "utf-8")


@cache
def _font(url: str) -> plutoprint.ResourceData:
    """A font in the press's own memory. Its caches outlive the interpreter: bytes of ours would be given back to an
    interpreter that is gone, which ends the process with a segmentation fault (plutoprint 0.23.0).
    """
    text = base64.b64encode(face(url).data).decode("ascii")
    return plutoprint.default_resource_fetcher.fetch_url(f"data:font/ttf;base64,{text}")


def press(html: str, made_at: datetime) -> bytes:
    """The PDF of an A4 page. `made_at` stands in the file as the day it was made. Raises PaperFault."""
    fonts = _OwnFonts()
    with _ONE:
        book = plutoprint.Book(plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NONE)
        book.custom_resource_fetcher = fonts
        book.load_html(_with_rare_fonts(printable(checked(html))))
        for when in (plutoprint.PDF_METADATA_CREATION_DATE, plutoprint.PDF_METADATA_MODIFICATION_DATE):
            book.set_metadata(when, made_at.replace(microsecond=0).isoformat())
        paper = io.BytesIO()
        book.write_to_pdf_stream(paper)
    if fonts.refused:
        raise PaperFault(f"expected only own fonts, but the paper asked for {fonts.refused[0][:200]}")
    return paper.getvalue()


def drawn(html: str, canvas: plutoprint.ImageCanvas, size: float) -> None:
    """Draw a page of ours on a picture of this many pixels. Raises PaperFault."""
    fonts = _OwnFonts()
    with _ONE:
        book = plutoprint.Book(
            plutoprint.PageSize(size * plutoprint.UNITS_PX, size * plutoprint.UNITS_PX),
            plutoprint.PAGE_MARGINS_NONE,
            plutoprint.MEDIA_TYPE_SCREEN,
        )
        book.custom_resource_fetcher = fonts
        book.load_html(_with_rare_fonts(printable(checked(html))))
        book.render_document(canvas)
    if fonts.refused:
        raise PaperFault(f"expected only own fonts, but the paper asked for {fonts.refused[0][:200]}")


def photographed(html: str, *, dpi: int = 110, most: int = 20) -> tuple[bytes, ...]:
    """The pages of the same paper as PNG pictures, for reading on a screen; at most `most` of them. Raises PaperFault."""
    fonts, found = _OwnFonts(), []
    with _ONE:
        book = plutoprint.Book(plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NONE)
        book.custom_resource_fetcher = fonts
        book.load_html(_with_rare_fonts(printable(checked(html))))
        for number in range(min(book.get_page_count(), most)):
            size = book.get_page_size_at(number)  # in points; what is drawn on it is in pixels
            canvas = plutoprint.ImageCanvas(
                round(size.width * dpi / 72), round(size.height * dpi / 72), plutoprint.IMAGE_FORMAT_RGB24
            )
            canvas.clear_surface(1, 1, 1, 1)
            canvas.scale(dpi / 96, dpi / 96)
            book.render_page(canvas, number)
            file = io.BytesIO()
            canvas.write_to_png_stream(file)
            found.append(file.getvalue())
    if fonts.refused:
        raise PaperFault(f"expected only own fonts, but the paper asked for {fonts.refused[0][:200]}")
    return tuple(found)


def checked(html: str) -> str:
    """The same HTML. Raises PaperFault for what takes the press too long: too much of it, or too deep."""
    if len(html) > LARGEST:
        raise PaperFault(f"expected at most {LARGEST} characters, but the paper has {len(html)}")
    depth = tables = 0
    for closing, name, closed in TAG.findall(html):
        lowered = name.lower()
        if closed or lowered in NEVER_CLOSED:
            continue
        step = -1 if closing else 1
        depth += step
        tables += step if lowered == "table" else 0
        if depth > DEEPEST or tables > DEEPEST_TABLE:
            raise PaperFault("expected fewer elements within each other")
    return html


def _with_rare_fonts(html: str) -> str:
    """The paper's own typeface, filled up from the rare fonts for those characters that need them; most papers need none."""
    faces = "".join(
        f"@font-face {{ font-family: {FAMILY}; font-weight: {weight}; src: url({address}); "
        f"unicode-range: {','.join(f'U+{one:X}' for one in those)}; }}"
        for address, those in rare_in(html).items()
        for weight in (400, 700)
    )
    return html.replace("</head>", f"<style>{faces}</style></head>", 1) if faces else html
