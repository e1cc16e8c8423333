"""What is taken is what it says, whole, open and harmless; what is not is refused with the code that says why."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from service.received import asking, examine, show_page
from service.rules.refusals import Refusal
from tests.received.made import (
    OFD,
    WORD,
    bomb,
    broken_zip,
    huge_png,
    locked_zip,
    object_stream,
    packed,
    pages,
    pdf,
    picture,
    put,
    scanned_pdf,
)

EXE = b"MZ\x90\x00" + bytes(200)
JS = "/OpenAction<</S/JavaScript/JS(app.alert(1))>>"


def encrypted_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf())))
    writer.encrypt("", "owner")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


REFUSED = {
    "an unknown ending": ("a.exe", EXE, "FILE_KIND"),
    "no ending": ("scan", picture(), "FILE_KIND"),
    "HTML": ("a.html", b"<html></html>", "FILE_KIND"),
    "SVG": ("a.svg", b"<svg xmlns='x'><script/></svg>", "FILE_KIND"),
    "an empty file": ("a.pdf", b"", "FILE_EMPTY"),
    "a program called PDF": ("a.pdf", EXE, "FILE_NOT_WHAT_IT_SAYS"),
    "a PNG called JPG": ("a.jpg", picture("PNG"), "FILE_NOT_WHAT_IT_SAYS"),
    "HTML called JPG": ("a.jpg", b"<html><script>alert(1)</script>", "FILE_NOT_WHAT_IT_SAYS"),
    "an old DOC called DOCX": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "FILE_NOT_WHAT_IT_SAYS"),
    "a ZIP called DOCX": ("a.docx", packed({"x.txt": b"x"}), "FILE_NOT_WHAT_IT_SAYS"),
    "an OFD called XLSX": ("a.xlsx", packed(OFD), "FILE_NOT_WHAT_IT_SAYS"),
    "blanks before a PDF": ("a.pdf", b"\n\n" + pdf(), "FILE_NOT_WHAT_IT_SAYS"),
    "a picture that is a PDF too": ("a.png", picture("PNG", pnginfo=None)[:60] + b"%PDF-1.4" + bytes(50), "FILE_AMBIGUOUS"),
    "a picture that is a ZIP too": ("a.jpg", packed(WORD, before=picture()), "FILE_AMBIGUOUS"),
    "a PDF that is a ZIP too": ("a.pdf", packed({"x": b"x"}, before=pdf()), "FILE_AMBIGUOUS"),
    "a picture that is a page too": ("a.jpg", picture(comment=b"<script>alert(1)</script>"), "FILE_AMBIGUOUS"),
    "half a picture": ("a.jpg", picture(size=(900, 900), quality=95)[:2000], "FILE_DAMAGED"),
    "half a PDF": ("a.pdf", pdf()[:40], "FILE_DAMAGED"),
    "noise after the magic of PNG": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "FILE_DAMAGED"),
    "a ZIP with a wrong checksum": ("a.docx", broken_zip(), "FILE_DAMAGED"),
    "an entry that climbs out": ("a.docx", packed(WORD | {"../../etc/cron": b"x"}), "FILE_DAMAGED"),
    "a document with a password": ("a.docx", locked_zip(), "FILE_ENCRYPTED"),
    "a PDF with a password": ("a.pdf", encrypted_pdf(), "FILE_ENCRYPTED"),
    "macros": ("a.docx", packed(WORD | {"word/vbaProject.bin": b"x"}), "FILE_ACTIVE"),
    "a PDF with a script": ("a.pdf", pdf(catalog=JS), "FILE_ACTIVE"),
    "a PDF with a script spelt otherwise": ("a.pdf", pdf(catalog=JS.replace("/JS(", "/#4a#53(").replace("JavaScript", "J#61vaScript")), "FILE_ACTIVE"),
    "a PDF with a script in a packed stream": ("a.pdf", pdf(more=(object_stream(b"4 0  <</S/JavaScript/JS(x)>>"),)), "FILE_ACTIVE"),
    "a PDF that starts a program": ("a.pdf", pdf(catalog="/OpenAction<</S/Launch/F(cmd.exe)>>"), "FILE_ACTIVE"),
    "a bomb": ("a.docx", bomb(), "FILE_UNPACKS_TOO_LARGE"),
    "a picture of three thousand million pixels": ("a.png", huge_png(), "PICTURE_TOO_LARGE"),
    "a PDF of 2001 pages": ("a.pdf", pdf(2001), "FILE_TOO_MANY_PAGES"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_or_broken_file_is_refused_with_its_code(what, tmp_path):
    name, content, code = REFUSED[what]
    with pytest.raises(Refusal) as refused:
        examine(put(tmp_path, content), name=name, scan=False)
    assert refused.value.code == code
    assert name in refused.value.sentence()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jpg", picture(dpi=150)), ("a.tif", picture("TIFF", dpi=200)), ("a.pdf", scanned_pdf(150))],
)
def test_a_scan_below_300_dpi_is_refused_and_says_its_resolution(name, content, tmp_path):
    with pytest.raises(Refusal) as refused:
        examine(put(tmp_path, content), name=name, scan=True)
    assert refused.value.code == "SCAN_DPI_LOW" and refused.value.params["expected"] == 300
    assert examine(put(tmp_path, content), name=name, scan=False).thumbnail  # a photograph may state what it likes


def test_a_file_the_examiner_dies_of_is_refused_not_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.01)
    with pytest.raises(Refusal) as refused:
        examine(put(tmp_path, picture()), name="a.jpg", scan=False)
    assert refused.value.code == "FILE_UNREADABLE"


TAKEN = {
    "a.jpg": (picture(), "image/jpeg", 1, 300),
    "b.JPEG": (picture(dpi=None), "image/jpeg", 1, None),
    "a.png": (picture("PNG"), "image/png", 1, 300),
    "a.tif": (pages(3), "image/tiff", 3, 300),
    "a.pdf": (pdf(4), "application/pdf", 4, None),
    "scan.pdf": (scanned_pdf(300), "application/pdf", 1, 300),
    "a.ofd": (packed(OFD), "application/ofd", None, None),
    "a.docx": (packed(WORD), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None, None),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_told_in_kind_pages_and_resolution(name, tmp_path):
    content, media_type, number, dpi = TAKEN[name]
    found = examine(put(tmp_path, content), name=name, scan=True)
    assert (found.media_type, found.pages, found.dpi) == (media_type, number, dpi)
    assert (found.thumbnail is None) == (number is None)
    if found.thumbnail:
        with Image.open(io.BytesIO(found.thumbnail)) as small:
            assert small.format == "JPEG" and max(small.size) <= 360


def test_a_picture_is_shown_anew_without_what_else_its_file_holds(tmp_path):
    about = Image.Exif()
    about[0x010E] = "a secret place"
    content = picture(comment=b"a secret remark", exif=about)
    shown = show_page(put(tmp_path, content), name="a.jpg", media_type="image/jpeg", page=1, width=600)
    assert b"secret" not in shown and b"Exif" not in shown


def test_every_page_of_a_document_can_be_shown(tmp_path):
    path = put(tmp_path, pages(3))
    shown = [show_page(path, name="a.tif", media_type="image/tiff", page=page, width=200) for page in (1, 2, 3)]
    assert len({Image.open(io.BytesIO(one)).getpixel((5, 5)) for one in shown}) == 3
    with pytest.raises(Refusal):
        show_page(path, name="a.tif", media_type="image/tiff", page=4, width=200)


def test_a_page_is_turned_where_it_is_shown(tmp_path):
    for name, content, media_type in (("a.jpg", picture(), "image/jpeg"), ("a.pdf", pdf(), "application/pdf")):
        path = put(tmp_path, content)
        sizes = [
            Image.open(io.BytesIO(show_page(path, name=name, media_type=media_type, page=1, width=300, turn=turn))).size
            for turn in (0, 90, 180)
        ]
        assert sizes[0] == sizes[2] == sizes[1][::-1] and sizes[0][0] < sizes[0][1]


def test_a_transparent_picture_is_shown_on_white(tmp_path):
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    found = examine(put(tmp_path, out.getvalue()), name="a.png", scan=False)
    assert Image.open(io.BytesIO(found.thumbnail or b"")).getpixel((10, 10)) == (255, 255, 255)


def test_the_pdf_maker_of_these_tests_makes_pdfs():
    assert len(pypdfium2.PdfDocument(pdf(3))) == 3
