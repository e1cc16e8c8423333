"""Sealed packages: the same bytes every time, any ZIP program opens them, and any wrong byte is found and located."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile
from collections.abc import Callable
from typing import BinaryIO

import pytest

from service.documents.sealed import PackageHead, Piece, Sealed, pack, verify
from service.documents.sealed.manifest import MANIFEST, NOTHING_BEFORE, SEAL, link
from service.documents.sealed.verifying import Part, Verdict
from service.rules.hashes import sm3
from service.rules.refusals import Invalid

HEAD = PackageHead(
    number="990100-ZWFW·2026·D30-00001",
    case="SJ202603161040001",
    title="云溪建设有限公司-建筑工程施工许可证核发",
    part=0,
    sealed_at="2026-03-20T09:40:00+08:00",
    facts={"years": 30},
)
PIECES = (
    Piece(path="index.html", title="目录", kind="INDEX", content="<p>目录 䶮 𠮷</p>".encode()),
    Piece(path="documents/001-W02.pdf", title="受理通知书", kind="DOCUMENT", content=b"%PDF-1.7\n\x00\xff"),
    Piece(path="materials/申请表.txt", title="申请表", kind="MATERIAL", content=lambda: io.BytesIO(b"")),
)
KEY = b"k" * 32


def made(pieces: tuple[Piece, ...] = PIECES, key: bytes | None = None) -> tuple[bytes, Sealed]:
    out = io.BytesIO()
    sealed = pack(out, HEAD, pieces, key=key)
    return out.getvalue(), sealed


def judged(content: bytes, key: bytes | None = None) -> Verdict:
    return verify(io.BytesIO(content), key=key)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../a", "a/../b", "a//b", "a\\b", "a\nb", "", "C:x", " a", "a.", "x" * 241, MANIFEST, SEAL]
)
def test_a_path_that_could_leave_the_package_is_refused(path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        made((Piece(path=path, title="", kind="", content=b""),))
    assert refusal.value.code == "ARCHIVE_PATH"
    with pytest.raises(Invalid):
        made((PIECES[0], PIECES[0]))


def test_the_same_pieces_are_the_same_file_and_any_zip_program_opens_it() -> None:
    content, sealed = made()
    assert made()[0] == content
    assert (sealed.size, sealed.digest) == (len(content), hashlib.sha256(content).hexdigest())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert package.namelist() == [*(piece.path for piece in PIECES), MANIFEST, SEAL]
        assert package.read("documents/001-W02.pdf") == b"%PDF-1.7\n\x00\xff"
        assert sealed.manifest_hash == sm3(package.read(MANIFEST))


def test_a_sound_package_says_what_it_is() -> None:
    content, sealed = made()
    verdict = judged(content)
    assert verdict.sound
    assert verdict.manifest == sealed.manifest
    assert (verdict.manifest_hash, verdict.digest, verdict.size) == (sealed.manifest_hash, sealed.digest, sealed.size)


def where(content: bytes) -> Callable[[int], tuple[str, str]]:
    """What each byte of a sound package belongs to."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        infos = package.infolist()
        begins = package.start_dir
    spans: list[tuple[int, int, tuple[str, str]]] = []
    for info in infos:
        start = info.header_offset + 30 + len(info.filename.encode())
        spans.append((info.header_offset, start, (Part.HEADER, info.filename)))
        spans.append((start, start + info.file_size, (Part.CONTENT, info.filename)))
        length = 46 + len(info.filename.encode())
        spans.append((begins, begins + length, (Part.DIRECTORY, info.filename)))
        begins += length
    spans.append((begins, len(content), (Part.DIRECTORY, "")))
    return lambda at: next(found for first, last, found in spans if first <= at < last)


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_every_single_wrong_byte_is_found_and_located(mask: int) -> None:
    content, _ = made(key=KEY)
    place = where(content)
    for at in range(len(content)):
        wrong = bytearray(content)
        wrong[at] ^= mask
        verdict = judged(bytes(wrong))
        part, entry = place(at)
        found = [(one.part, one.entry) for one in verdict.damages]
        assert found == [(part, entry)], f"byte {at}"
        assert verdict.damages[0].begins <= at <= verdict.damages[0].ends, f"byte {at}"


def test_what_is_cut_off_put_in_or_no_package_at_all_is_told() -> None:
    content, _ = made()
    for length in range(0, len(content), 7):
        assert not judged(content[:length]).sound
    assert not judged(content + b"\0").sound
    assert not judged(b"\0" + content).sound
    assert [one.part for one in judged(b"GIF89a" * 20).damages] == [Part.FILE]


def test_an_entry_exchanged_together_with_its_checksums_is_told_by_the_manifest() -> None:
    other, _ = made((PIECES[0], Piece(path=PIECES[1].path, title="", kind="", content=b"another"), PIECES[2]))
    content, _ = made()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(io.BytesIO(other)) as forged:
        pieces = [
            Piece(path=name, title="", kind="", content=(forged if name == PIECES[1].path else package).read(name))
            for name in package.namelist()
        ]
    out = io.BytesIO()
    _pack_raw(out, pieces)
    assert [(one.part, one.entry) for one in judged(out.getvalue()).damages] == [(Part.CONTENT, PIECES[1].path)]
    out = io.BytesIO()
    _pack_raw(out, [*pieces[:1], Piece(path="more.txt", title="", kind="", content=b"x"), *pieces[3:]])
    found = {(one.part, one.entry) for one in judged(out.getvalue()).damages}
    assert found == {
        (Part.STRANGE, "more.txt"),
        (Part.MISSING, PIECES[1].path),
        (Part.MISSING, PIECES[2].path),
    }


def _pack_raw(out: BinaryIO, pieces: list[Piece]) -> None:
    """A well-formed package of exactly these entries, made by somebody else."""
    from service.documents.sealed.layout import Slot, central_header, end_record
    from service.documents.sealed.packing import _write

    slots: list[Slot] = []
    for piece in pieces:
        _write(out, slots, piece)
    for slot in slots:
        out.write(central_header(slot))
    out.write(end_record(slots))


def test_only_who_has_the_key_can_make_the_seal() -> None:
    content, _ = made(key=KEY)
    assert judged(content, KEY).sound and judged(content).sound and judged(content).keyed
    assert [(one.part, one.entry) for one in judged(content, b"x" * 32).damages] == [(Part.SEAL, SEAL)]
    assert [one.part for one in judged(made()[0], KEY).damages] == [Part.SEAL]


def test_random_damage_never_raises_and_never_passes() -> None:
    content, _ = made()
    chance = random.Random(7)
    for _ in range(400):
        wrong = bytearray(content)
        for _ in range(chance.randint(1, 12)):
            wrong[chance.randrange(len(wrong))] = chance.randrange(256)
        if bytes(wrong) != content:
            assert not judged(bytes(wrong)).sound


def test_a_link_depends_on_everything_it_binds() -> None:
    ours = link(NOTHING_BEFORE, 1, "a", "b")
    others = {link("1" * 64, 1, "a", "b"), link(NOTHING_BEFORE, 2, "a", "b"), link(NOTHING_BEFORE, 1, "b", "b")}
    assert ours not in others | {link(NOTHING_BEFORE, 1, "a", "c")} and len(ours) == 64
