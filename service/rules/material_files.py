"""Files of materials: which kinds are taken, how large, and what a name may look like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from service.rules.refusals import Invalid, Refusal, TooLarge
from service.rules.sentences import Sentence

MEGABYTE = 1024 * 1024
LARGEST_FILE = 200 * MEGABYTE
LARGEST_CASE = 2048 * MEGABYTE  # all versions of all materials of one case
MOST_VERSIONS = 50  # of one line
SCAN_DPI = 300  # SM-41
MOST_PIXELS = 120_000_000  # A3 at 600 dpi has 70 million
LONGEST_SIDE = 30_000
MOST_PAGES = 2000
MOST_ENTRIES = 5000  # of a packed document
LARGEST_UNPACKED = 500 * MEGABYTE
NAME_LENGTH = 120
ENDING = re.compile(r"\.([0-9A-Za-z]{1,5})$")
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """One kind of file that is taken. `shown`: browsers may show it; everything else is only downloaded."""

    code: str
    media_type: str
    endings: tuple[str, ...]
    shown: bool = False


KINDS = {
    one.code: one
    for one in (
        FileKind(code="pdf", media_type="application/pdf", endings=("pdf",), shown=True),
        FileKind(code="jpeg", media_type="image/jpeg", endings=("jpg", "jpeg"), shown=True),
        FileKind(code="png", media_type="image/png", endings=("png",), shown=True),
        FileKind(code="tiff", media_type="image/tiff", endings=("tif", "tiff")),
        FileKind(code="ofd", media_type="application/ofd", endings=("ofd",)),
        FileKind(
            code="docx",
            media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            endings=("docx",),
        ),
        FileKind(
            code="xlsx",
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            endings=("xlsx",),
        ),
    )
}
BY_ENDING = {ending: kind for kind in KINDS.values() for ending in kind.endings}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS.values()}
PAGED = frozenset({"application/pdf", "image/tiff", "image/jpeg", "image/png"})  # what has pages to look at
TAKEN = "PDF、JPG、PNG、TIFF、OFD、DOCX、XLSX"

FAULTS: dict[str, Sentence] = {
    "FILE_KIND": Sentence("“{name}”不是可以接收的文件，应为 PDF、JPG、PNG、TIFF、OFD、DOCX、XLSX。"),
    "FILE_EMPTY": Sentence("“{name}”是空文件。"),
    "FILE_TOO_LARGE": Sentence("“{name}”超过 {most} MB，请压缩或分成几个文件。"),
    "FILE_NOT_WHAT_IT_SAYS": Sentence("“{name}”的内容与扩展名不符：应为 {expected}，实际为 {got}。"),
    "FILE_AMBIGUOUS": Sentence("“{name}”同时是另一种文件（{got}），不能接收；请重新扫描或导出后再上传。"),
    "FILE_DAMAGED": Sentence("“{name}”已损坏，无法打开。"),
    "FILE_ENCRYPTED": Sentence("“{name}”设有密码，请去除密码后再上传。"),
    "FILE_ACTIVE": Sentence("“{name}”含有脚本或宏，请导出为不含脚本的文件后再上传。"),
    "FILE_UNPACKS_TOO_LARGE": Sentence("“{name}”解压后过大，不能接收。"),
    "FILE_TOO_MANY_PAGES": Sentence("“{name}”有 {got} 页，最多 {most} 页，请分成几个文件。"),
    "PICTURE_TOO_LARGE": Sentence("“{name}”的像素过多（{got}），请以 300 dpi 重新扫描。"),
    "SCAN_DPI_LOW": Sentence("“{name}”的扫描分辨率为 {got} dpi，应不低于 {expected} dpi，请重新扫描。"),
    "FILE_UNREADABLE": Sentence("“{name}”无法在限定时间内检查，请转换为 PDF 后再上传。"),
}


def fault(code: str, name: str, **params: Any) -> Refusal:
    """The refusal of a file, with the sentence of its code."""
    kind = TooLarge if code == "FILE_TOO_LARGE" else Invalid
    return kind(code, FAULTS[code].text, name=name, **params)


def clean_name(text: str) -> str:
    """A file's name without folders, control characters and marks that turn the direction of writing; its ending stays."""
    name = unicodedata.normalize("NFC", text).replace("\\", "/").rsplit("/", 1)[-1]
    name = INVISIBLE.sub("", "".join(one for one in name if unicodedata.category(one)[0] != "C" or one == "\u200d"))
    name = re.sub(r'[<>:"|?*\s]+', " ", name).strip(" .") or "file"
    ending = ENDING.search(name)
    tail = ending.group(0) if ending else ""
    return (
        name[: NAME_LENGTH - len(tail)].removesuffix(tail).rstrip(" .") + tail.lower() if tail else name[:NAME_LENGTH]
    )


def kind_by_name(name: str) -> FileKind:
    """The kind its ending says. Refused: FILE_KIND."""
    ending = ENDING.search(name)
    kind = BY_ENDING.get(ending.group(1).lower()) if ending else None
    if kind is None:
        raise fault("FILE_KIND", name)
    return kind
