"""What comes packed or in tables: packages, workbooks, notices of holidays, statements of channels, forms."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.casework.calendars.files import read_rows
from service.casework.register.files import _read
from service.casework.register.sheets import write_book
from service.engine import Resource, examine
from service.rules.forms import judge, present
from service.rules.packages import read_package
from service.rules.reconciling import read_channel_file
from service.rules.refusals import Invalid
from tests.escapes.expressions import nested
from tests.escapes.trying import Place

MEGABYTE = 1024 * 1024


def packed(entries: dict[str, bytes], *, stored: bool = False, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def package(files: dict[str, bytes], **manifest: object) -> bytes:
    """A package whose manifest fits its entries."""
    said = {
        "format": 1, "product": "x", "city": "x", "made_at": "x", "made_by": "x",
        "entries": [{"path": path, "sha256": hashlib.sha256(content).hexdigest()} for path, content in files.items()],
    }  # fmt: skip
    return packed({"manifest.json": json.dumps(said | manifest).encode(), **files})


def link(name: str, target: str) -> bytes:
    """An archive with a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, target)
    return out.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """An archive whose directory says of its first entry that it unpacks to so many bytes."""
    at = content.find(b"PK\x01\x02")
    return content[: at + 24] + size.to_bytes(4, "little") + content[at + 28 :]


def overlapping(entries: int) -> bytes:
    """An archive whose entries are all the same bytes, a megabyte of zeros."""
    one = packed({"forms/a.form": bytes(MEGABYTE)})
    at, end = one.find(b"PK\x01\x02"), one.find(b"PK\x05\x06")
    line = one[at:end]
    lines = b"".join(line.replace(b"forms/a.form", f"forms/{n:05}".encode() + b"x") for n in range(entries))
    tail = bytearray(one[end:])
    tail[8:12] = entries.to_bytes(2, "little") * 2
    tail[12:16] = len(lines).to_bytes(4, "little")
    return one[:at] + lines + bytes(tail)


PACKAGES = {
    "package: a path that climbs": package({"../../etc/cron.d/x": b"x"}),
    "package: an absolute path": package({"/etc/passwd": b"x"}),
    "package: a path with a drive": package({"C:\\x": b"x"}),
    "package: a path in a folder of ours": package({"forms/../../x.form": b"x"}),
    "package: a path with backslashes": package({"forms\\..\\..\\x.form": b"x"}),
    "package: a name that is turned round": package({"forms/\u202emrof.exe": b"x"}),
    "package: a name with NUL": package({"forms/a\x00.form": b"x"}),
    "package: a name of ten thousand letters": package({"forms/" + "a" * 10_000: b"x"}),
    "package: a symbolic link": link("forms/a.form", "@SECRET@"),
    "package: a folder": package({"forms/": b""}),
    "package: a bomb": packed({"forms/a.form": bytes(500 * MEGABYTE)}),
    "package: a bomb that lies": lying(packed({"forms/a.form": bytes(50 * MEGABYTE)}), 10),
    "package: a bomb of many": packed({f"forms/a{n}.form": bytes(1_900_000) for n in range(60)}),
    "package: a bomb in itself": overlapping(3_000),
    "package: six thousand entries": packed({f"forms/a{n}.form": b"" for n in range(6_000)}),
    "package: twice the same": package({"forms/a.form": b"x"}) + package({"forms/a.form": b"y"}),
    "package: no manifest": packed({"forms/a.form": b"x"}),
    "package: a manifest of depth": packed({"manifest.json": nested("[", "", "]", 200_000).encode()}),
    "package: a manifest of depth in entries": packed({"manifest.json": ('{"format": 1, "entries": ' + nested("[", "", "]", 200_000) + "}").encode()}),
    "package: a manifest of numbers": packed({"manifest.json": ('{"format": ' + "9" * 1_000_000 + "}").encode()}),
    "package: a manifest of a list": packed({"manifest.json": b"[]"}),
    "package: a manifest of wrong kinds": package({}, entries=[{"path": {"a": 1}, "sha256": []}]),
    "package: another sum": package({"forms/a.form": b"x"}, entries=[{"path": "forms/a.form", "sha256": "0"}]),
    "package: UTF-16": packed({"manifest.json": '{"format": 1, "entries": []}'.encode("utf-16")}),
    "package: a password": packed({"forms/a.form": b"x"}).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
    "package: an unknown method": packed({"forms/a.form": b"x"}).replace(b"\x08\x00", b"\x63\x00"),
    "package: a comment": packed({"forms/a.form": b"x"}, comment=b"x" * 60_000),
    "package: a directory that lies": packed({"forms/a.form": b"x"})[:-12] + b"\xff" * 12,
    "package: six megabytes": b"PK\x03\x04" + bytes(6 * MEGABYTE),
    "package: a page": b"<html>",
}  # fmt: skip

BOOK = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="事项" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
    "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1"><si><t>code</t></si></sst>',
    "xl/worksheets/sheet1.xml": b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>',
}  # fmt: skip
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGH = f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>'.encode()


def sheet(rows: str, before: bytes = b"") -> bytes:
    return (
        before
        + f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'.encode()
    )


def strings(inside: str, before: bytes = b"") -> bytes:
    return (
        before
        + f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1">{inside}</sst>'.encode()
    )


def row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


BOOKS = {
    "workbook: a formula": BOOK | {SHEET: sheet(row(1, '<c r="A1" t="str"><v>code</v></c>') + row(2, '<c r="A2"><f>WEBSERVICE("@URL@/x")</f><v>=cmd|\' /C calc\'!A0</v></c>'))},
    "workbook: an external link": BOOK | {"xl/externalLinks/externalLink1.xml": b'<externalLink/>', "xl/externalLinks/_rels/externalLink1.xml.rels": b'<Relationships xmlns="x"><Relationship Id="r" Target="@URL@/x.xlsx" TargetMode="External"/></Relationships>'},
    "workbook: an external sheet": BOOK | {"xl/_rels/workbook.xml.rels": BOOK["xl/_rels/workbook.xml.rels"].replace(b'Target="worksheets/sheet1.xml"', b'Target="@URL@/sheet.xml" TargetMode="External"')},
    "workbook: a sheet outside": BOOK | {"xl/_rels/workbook.xml.rels": BOOK["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"../../../../@SECRET@")},
    "workbook: an external entity": BOOK | {SHEET: sheet(row(1, '<c r="A1" t="str"><v>&x;</v></c>'), b'<!DOCTYPE a [<!ENTITY x SYSTEM "file://@SECRET@">]>')},
    "workbook: an external entity in its strings": BOOK | {STRINGS: strings("<si><t>&x;</t></si>", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file://@SECRET@">]>')},
    "workbook: an entity of the network": BOOK | {"xl/workbook.xml": b'<!DOCTYPE a SYSTEM "@URL@/x.dtd">' + BOOK["xl/workbook.xml"]},
    "workbook: a billion laughs": packed(BOOK | {SHEET: sheet(row(1, '<c r="A1" t="str"><v>&l9;</v></c>'), LAUGH)}),
    "workbook: a billion laughs in its strings": packed(BOOK | {STRINGS: strings("<si><t>&l9;</t></si>", LAUGH)}),
    "workbook: a quadratic entity": packed(BOOK | {STRINGS: strings("<si><t>" + "&x;" * 20_000 + "</t></si>", f'<!DOCTYPE a [<!ENTITY x "{"x" * 50_000}">]>'.encode())}),
    "workbook: a bomb of strings": packed(BOOK | {STRINGS: strings("<si><t>" + "x" * (55 * MEGABYTE) + "</t></si>")}),
    "workbook: a million strings": packed(BOOK | {STRINGS: strings("<si><t>xx</t></si>" * 1_500_000)}),
    "workbook: a bomb of rows": packed(BOOK | {SHEET: sheet("".join(row(n, '<c t="str"><v>1</v></c>' * 60) for n in range(1, 15_000)))}),
    "workbook: as many cells as may be": packed(BOOK | {SHEET: sheet("".join(row(n, '<c t="str"><v>1</v></c>' * 60) for n in range(1, 2_450)))}),
    "workbook: a bomb of a cell": packed(BOOK | {SHEET: sheet(row(1, f'<c r="A1" t="str"><v>{"x" * (50 * MEGABYTE)}</v></c>'))}),
    "workbook: a row far below": packed(BOOK | {SHEET: sheet(row(1, '<c r="A1" t="str"><v>code</v></c>') + row(1048576, '<c r="A1048576"><v>1</v></c>'))}),
    "workbook: a row beyond the end": packed(BOOK | {SHEET: sheet(row(999999999999, '<c r="ZZZZZZ999999999999"><v>1</v></c>'))}),
    "workbook: a size that lies": packed(BOOK | {SHEET: BOOK[SHEET].replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')}),
    "workbook: deep": packed(BOOK | {SHEET: sheet(nested("<row>", "", "</row>", 100_000))}),
    "workbook: a styles bomb": packed(BOOK | {"xl/styles.xml": b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>' + b"<xf/>" * 3_000_000 + b"</cellXfs></styleSheet>"}),
    "workbook: a size in the directory that lies": lying(packed(BOOK | {SHEET: sheet("x" * (50 * MEGABYTE))}), 10),
    "workbook: macros": packed(BOOK | {"xl/vbaProject.bin": b"x" * 1000}),
    "workbook: a number of a thousand digits": packed(BOOK | {SHEET: sheet(row(1, f'<c r="A1"><v>{"9" * 5_000}</v></c>'))}),
    "workbook: a date beyond time": packed(BOOK | {SHEET: sheet(row(1, '<c r="A1" t="d"><v>99999-99-99</v></c>'))}),
    "workbook: a string that is not there": packed(BOOK | {SHEET: sheet(row(1, '<c r="A1" t="s"><v>999999999</v></c>'))}),
    "workbook: an old one": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000),
    "workbook: garbage": b"\x81\x30\xff\xff" * 1_000,
}  # fmt: skip

ITEMS = {
    "items: a depth": nested("[", "", "]", 200_000).encode(),
    "items: a depth of objects": nested('{"a":', "1", "}", 200_000).encode(),
    "items: a depth in an item": ('[{"code": "101-XK-001", "basis": ' + nested("[", "", "]", 500) + "}]").encode(),
    "items: a huge number": b'[{"code": "101-XK-001", "promised": ' + b"9" * 100_000 + b"}]",
    "items: a huge exponent": b'[{"code": "101-XK-001", "promised": 1e999999}]',
    "items: wrong kinds": b'[{"code": {"a": 1}, "name": [1], "stages": "x", "materials": {"a": 1}, "statutory": []}]',
    "items: no numbers": b'[{"code": NaN}]',
    "items: a lone surrogate": b'[{"code": "\\ud800"}]',
    "items: three million commas": b"[" + b"{}," * 1_300_000 + b"{}]",
    "items: twice the same key": b'[{"code": "a", "code": "b"}]',
}  # fmt: skip

CALENDARS = {
    "holidays: a bomb of commas": ("a.csv", b"," * 1_000_000),
    "holidays: an open quotation": ("a.csv", b'"' + b"a" * 1_000_000),
    "holidays: a field too long": ("a.csv", "名称,开始\n".encode() + b"x" * 900_000 + b",2026-01-01\n"),
    "holidays: NUL": ("a.csv", "名称,开始\n\x00,2026-01-01\n".encode()),
    "holidays: a formula": ("a.csv", "名称,开始\n=HYPERLINK(\"@URL@\"),2026-01-01\n".encode()),
    "holidays: half a character": ("a.csv", b"\xd6,\xd6\n"),
    "holidays: garbage in GB18030": ("a.csv", b"\x81\x30\xff\xff\x84\x31" * 1_000),
    "holidays: a depth": ("a.json", nested("[", "", "]", 200_000).encode()),
    "holidays: a depth in a cell": ("a.json", ('[{"a": ' + nested("[", "", "]", 900) + "}]").encode()),
    "holidays: a day beyond time": ("a.csv", "名称,开始,结束,上班\na,9999-12-31,9999-12-31,是\nb,0000-00-00,,\n".encode()),
    "holidays: a long stay": ("a.csv", "名称,开始,结束\na,0001-01-01,9999-12-31\n".encode()),
    "holidays: a workbook that laughs": ("a.xlsx", BOOKS["workbook: a billion laughs"]),
}  # fmt: skip

STATEMENTS = {
    "statement: an open quotation": 'kind,transaction,bill,amount,at\n"' + "a" * 1_000_000,
    "statement: a field too long": "kind,transaction,bill,amount,at\nPAYMENT," + "x" * 900_000 + ",b,1.00,2026-01-01T00:00:00+08:00\n",
    "statement: a huge amount": "kind,transaction,bill,amount,at\nPAYMENT,t,b," + "9" * 100_000 + ".00,2026-01-01T00:00:00+08:00\n",
    "statement: an exponent": "kind,transaction,bill,amount,at\nPAYMENT,t,b,1E999999999.00,2026-01-01T00:00:00+08:00\n",
    "statement: no number": "kind,transaction,bill,amount,at\nPAYMENT,t,b,NaN.00,2026-01-01T00:00:00+08:00\n",
    "statement: an instant beyond time": "kind,transaction,bill,amount,at\nPAYMENT,t,b,1.00,9999-12-31T23:59:59-23:59\n",
    "statement: NUL": "kind,transaction,bill,amount,at\n\x00,t,b,1.00,2026-01-01T00:00:00+08:00\n",
}  # fmt: skip

SLOW = 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")'


def form(*components: object) -> bytes:
    return json.dumps({"type": "default", "id": "f", "components": components}, ensure_ascii=False).encode()


def text(**more: object) -> dict[str, object]:
    return {"type": "textfield", "key": "a", "label": "a", **more}


FORMS = {
    "form: a component of HTML": form({"type": "html", "content": "<script>alert(1)</script>"}),
    "form: a frame": form({"type": "iframe", "url": "javascript:alert(1)"}),
    "form: a picture of the network": form({"type": "image", "source": "@URL@/x.png"}),
    "form: a picture with a script": form({"type": "image", "source": "data:image/svg+xml,<svg onload=alert(1)>"}),
    "form: a text with a script": form({"type": "text", "text": "<img src=x onerror=alert(1)>[a](javascript:alert(1))"}),
    "form: a link with a script": form({"type": "button", "label": "a", "action": "javascript:alert(1)"}),
    "form: an unknown component": form({"type": "fetch", "url": "@URL@"}),
    "form: a component without a type": form({"key": "a"}),
    "form: a number for a component": form(1, None, [], "x"),
    "form: a key of the prototype": form(text(key="__proto__.polluted"), text(key="constructor")),
    "form: the same key twice": form(text(), text()),
    "form: a thousand levels": ('{"components": ' + '[{"type": "group", "components": ' * 900 + "[]" + "}]" * 900 + "}").encode(),
    "form: a hundred thousand levels": nested("[", "", "]", 100_000).encode(),
    "form: two thousand components": form(*(text(key=f"a{n}") for n in range(2_000))),
    "form: a broken expression": form(text(conditional={"hide": "=a =="})),
    "form: an expression of Java": form(text(conditional={"hide": "${runtimeService.a()}"})),
    "form: five hundred slow expressions": form(*(text(key=f"a{n}", conditional={"hide": f"={n} = 0 and {SLOW}"}) for n in range(500))),
    "form: five hundred slow values": form(*({"type": "expression", "key": f"a{n}", "expression": f"={n} = 0 or {SLOW}"} for n in range(500))),
    "form: slow choices": form(*({"type": "select", "key": f"a{n}", "label": "a", "valuesExpression": f"=for i in 1..1000000000 return {n}"} for n in range(100))),
    "form: a slow pattern": form(text(validate={"pattern": "^(a+)+$"})),
    "form: a pattern that counts": form(text(validate={"pattern": "((a{1,1000}){1,1000}){1,1000}$"})),
    "form: a pattern that is none": form(text(validate={"pattern": "((("})),
    "form: a huge length": form(text(validate={"minLength": 10**30, "maxLength": -1})),
    "form: lengths of wrong kinds": form(text(validate={"minLength": "x", "maxLength": {}, "min": [], "max": True})),
    "form: a megabyte": form(text(label="x" * 1_000_000)),
    "form: half a character": b'{"components": [\xff]}',
    "form: a lone surrogate": b'{"components": [{"type": "textfield", "key": "\\ud800", "label": "\\udfff"}]}',
    "form: no numbers": b'{"components": [{"type": "number", "key": "a", "defaultValue": NaN, "validate": {"min": Infinity}}]}',
    "form: a dynamic list of a thousand million": form({"type": "dynamiclist", "path": "a", "defaultRepetitions": 10**9, "components": [text()]}),
}  # fmt: skip

SHOWN = ("form: five hundred slow", "form: slow", "form: two thousand", "form: a dynamic list", "form: a pattern")
CASES = (
    {name: ("package", content) for name, content in PACKAGES.items()}
    | {name: ("book", content) for name, content in BOOKS.items()}
    | {name: ("items", content) for name, content in ITEMS.items()}
    | {name: ("calendar", content) for name, content in CALENDARS.items()}
    | {name: ("statement", content) for name, content in STATEMENTS.items()}
    | {name: ("form", content) for name, content in FORMS.items()}
    | {f"page of a {name}": ("page", content) for name, content in FORMS.items() if name.startswith(SHOWN)}
)


def feel(text: str, context: object) -> object:
    """What pages evaluate forms with."""
    from service.casework.workbench.task_pages import feel as evaluate

    return evaluate(text, context)  # type: ignore[arg-type]


def examined(content: bytes) -> object:
    """A form is examined."""
    examination = examine([Resource(name="a.form", content=content)])
    if examination.errors:
        raise Invalid(examination.errors[0].code, examination.errors[0].text)
    return "taken"


def paged(content: bytes) -> object:
    """What no examination would have taken is shown and judged, as a page sent with mistakes is."""
    schema = json.loads(content)
    entries = {"a": "a" * 40 + "!"}
    blocks = present(schema, entries, evaluate=feel)
    judged = judge(schema, entries, evaluate=feel)
    return f"{len(blocks)} blocks, {len(judged.problems)} problems"


@contextmanager
def prepared(place: Place) -> Iterator[Callable[[tuple[str, object]], object]]:
    """Each is read as the page reads it that takes it."""
    write_book([], {})
    _read("a.xlsx", write_book_of_one(), {})

    def perform(case: tuple[str, object]) -> object:
        kind, given = case
        match kind, given:
            case "package", bytes():
                return f"{len(read_package(place_in(place, given)).entries)} entries"
            case "book", dict():
                filled = packed({name: place_in(place, content) for name, content in given.items()})
                return f"{len(_read('a.xlsx', filled, {}))} items"
            case "book", bytes():
                return f"{len(_read('a.xlsx', place_in(place, given), {}))} items"
            case "items", bytes():
                return f"{len(_read('a.json', given, {}))} items"
            case "calendar", (str() as name, bytes() as content):
                return f"{len(read_rows(name, place_in(place, content), 'CN', 2026))} rows"
            case "statement", str():
                return f"{len(read_channel_file(given))} lines"
            case "form", bytes():
                return examined(place_in(place, given))
            case "page", bytes():
                return paged(given)
        raise AssertionError(kind)

    yield perform


def write_book_of_one() -> bytes:
    """A workbook that can be read, so that reading one is no news."""
    return packed(
        BOOK
        | {
            SHEET: sheet(
                row(1, '<c r="A1" t="str"><v>code</v></c>') + row(2, '<c r="A2" t="str"><v>101-XK-001</v></c>')
            )
        }
    )


def place_in(place: Place, content: bytes) -> bytes:
    """Words of plain files are filled in; packed ones stay as they are."""
    for word, value in place.words.items():
        content = content if content.startswith(b"PK") else content.replace(word.encode(), value.encode())
    return content
