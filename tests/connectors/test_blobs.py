"""The blob store keeps files by their content; the same claims for a folder and for an S3-compatible store."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.connectors.blobs import Blobs, FolderBackend, blobs_from
from service.connectors.blobs.s3_signing import EMPTY, S3Account
from service.rules.refusals import Invalid, Missing, TooLarge, Unavailable
from tests.connectors.s3 import BUCKET, KEY, REGION, S3, SECRET

TEXT = "施工许可证".encode()
DIGEST = hashlib.sha256(TEXT).hexdigest()
LATER = timedelta(days=1)


def real() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def s3() -> Iterator[S3]:
    server = S3()
    yield server
    server.close()


def variables(server: S3, **changes: str) -> dict[str, str]:
    given = {
        "S3_URL": f"http://127.0.0.1:{server.port}",
        "S3_BUCKET": BUCKET,
        "S3_KEY": KEY,
        "S3_SECRET": SECRET,
        "S3_REGION": REGION,
        "S3_PREFIX": "lianban",
        "CONNECTOR_NETWORKS": "127.0.0.0/8",
    }
    return {f"LIANBAN_{name}": value for name, value in (given | changes).items()}


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return blobs_from({}, data_dir=tmp_path, clock=real)
    return blobs_from(variables(request.getfixturevalue("s3")), data_dir=tmp_path, clock=real)


def damage(blobs: Blobs, digest: str, content: bytes) -> None:
    """Somebody changes a file behind our back."""
    if isinstance(blobs.backend, FolderBackend):
        path = next((blobs.backend.root / "kept").glob(f"*/*/{digest}"))
        path.chmod(0o600)
        path.write_bytes(content)
    else:
        draft = blobs.backend.drafts / "changed"
        draft.write_bytes(content)
        blobs.backend._call("PUT", f"lianban/kept/{digest}", body=content, content=hashlib.sha256(content).hexdigest())


# -- both backends ------------------------------------------------------------------------------------------------


def test_a_file_beyond_the_limit_is_refused_and_leaves_nothing(blobs):
    with pytest.raises(TooLarge) as refused:
        blobs.put(io.BytesIO(b"x" * 11), limit=10)
    assert refused.value.code == "BLOB_TOO_LARGE"
    assert list(blobs.listed()) == [] and list(blobs.backend.drafts.iterdir()) == []
    assert blobs.put(b"x" * 10, limit=10)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, DIGEST + "\n", DIGEST[:-1]])
def test_what_is_no_digest_is_refused_before_anything_is_looked_for(blobs, digest):
    for act in (blobs.open, blobs.exists, blobs.verify, blobs.read):
        with pytest.raises(Invalid, match="DIGEST_INVALID"):
            act(digest)


def test_a_file_nobody_brought_is_missing(blobs):
    assert not blobs.exists(DIGEST)
    with pytest.raises(Missing, match="BLOB_MISSING"):
        blobs.open(DIGEST)


def test_a_changed_file_is_found_out(blobs):
    blobs.put(TEXT)
    damage(blobs, DIGEST, TEXT + b"!")
    assert not blobs.verify(DIGEST)
    with pytest.raises(Unavailable, match="BLOB_DAMAGED"):
        blobs.read(DIGEST)
    assert blobs.put(TEXT) == DIGEST and blobs.verify(DIGEST)  # brought again, it is whole again


def test_the_same_content_is_kept_once(blobs):
    assert blobs.put(TEXT) == blobs.put(io.BytesIO(TEXT)) == DIGEST
    assert [(one.digest, one.size) for one in blobs.listed()] == [(DIGEST, len(TEXT))]
    assert blobs.exists(DIGEST) and blobs.verify(DIGEST) and blobs.read(DIGEST) == TEXT


def test_the_empty_file_is_a_file_too(blobs):
    assert blobs.put(b"") == EMPTY
    assert blobs.read(EMPTY) == b"" and blobs.verify(EMPTY)


def test_a_large_file_is_read_from_anywhere(blobs):
    content = os.urandom(3 * 1024 * 1024 + 17)
    digest = blobs.put(io.BytesIO(content))
    with blobs.open(digest) as stream:
        stream.seek(2 * 1024 * 1024)
        assert stream.read(5) == content[2 * 1024 * 1024 : 2 * 1024 * 1024 + 5]
        assert stream.seek(-4, io.SEEK_END) == len(content) - 4
        assert stream.read() == content[-4:] and stream.read() == b""
        stream.seek(0)
        assert stream.read() == content


def test_eight_who_bring_the_same_file_at_once_all_have_it(blobs):
    content = os.urandom(200_000)
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(blobs.put(io.BytesIO(content)))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert got == [hashlib.sha256(content).hexdigest()] * 8 and blobs.verify(got[0])
    assert len(list(blobs.listed())) == 1 and list(blobs.backend.drafts.iterdir()) == []


def test_a_reader_that_breaks_off_leaves_no_draft(blobs):
    class Breaking(io.BytesIO):
        def read(self, size=-1):
            raise RuntimeError("the line is gone")

    with pytest.raises(RuntimeError):
        blobs.put(Breaking(b"x"))
    assert list(blobs.listed()) == [] and list(blobs.backend.drafts.iterdir()) == []


def test_a_sweep_leaves_what_is_young_and_what_is_used(blobs):
    used, young = blobs.put(b"used"), blobs.put(b"young")
    swept = blobs.sweep(lambda digests: [used], before=real() - LATER)
    assert (swept.binned, swept.deleted) == (0, 0) and blobs.exists(young)
    swept = blobs.sweep(lambda digests: [used], before=real() + LATER)
    assert swept.binned == 1 and [one.digest for one in blobs.listed()] == [used]


def test_what_lies_in_the_bin_comes_back_when_somebody_asks(blobs):
    blobs.put(TEXT)
    blobs.sweep(lambda digests: [], before=real() + LATER)
    assert list(blobs.listed()) == []
    assert blobs.read(DIGEST) == TEXT and len(list(blobs.listed())) == 1


def test_what_lies_in_the_bin_and_is_used_again_is_taken_out_by_the_next_sweep(blobs):
    blobs.put(TEXT)
    blobs.sweep(lambda digests: [], before=real() + LATER)
    swept = blobs.sweep(lambda digests: digests, before=real() + LATER)
    assert (swept.restored, swept.deleted) == (1, 0) and len(list(blobs.listed())) == 1


def test_what_nobody_wants_is_deleted_a_grace_period_after_it_was_binned(blobs):
    for number in range(5):
        blobs.put(b"orphan %d" % number)
    assert blobs.sweep(lambda digests: [], before=real() + LATER).binned == 5
    assert blobs.sweep(lambda digests: [], before=real() - LATER).deleted == 0
    assert blobs.sweep(lambda digests: [], before=real() + LATER).deleted == 5
    with pytest.raises(Missing):
        blobs.open(hashlib.sha256(b"orphan 0").hexdigest())


# -- the folder ---------------------------------------------------------------------------------------------------


def test_files_in_the_folder_are_read_only_and_the_owners_alone(tmp_path):
    blobs = Blobs(FolderBackend(tmp_path / "blobs"))
    blobs.put(TEXT)
    path = tmp_path / "blobs" / "kept" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(Unavailable, match="BLOBS_UNREACHABLE"):
        Blobs(FolderBackend(tmp_path / "blobs")).put(TEXT)


def test_drafts_of_a_killed_process_are_tidied_away_after_the_grace(tmp_path):
    blobs = Blobs(FolderBackend(tmp_path / "blobs"))
    blobs.put(TEXT)
    left = tmp_path / "blobs" / "drafts" / "draft-left"
    left.write_bytes(b"half")
    blobs.sweep(lambda digests: digests, before=real() - LATER)
    assert left.exists()
    blobs.sweep(lambda digests: digests, before=real() + LATER)
    assert not left.exists() and blobs.exists(DIGEST)


# -- S3 -----------------------------------------------------------------------------------------------------------


def test_a_wrong_secret_is_trouble_of_the_store_and_names_no_secret(s3, tmp_path):
    blobs = blobs_from(variables(s3, S3_SECRET="another secret"), data_dir=tmp_path, clock=real)
    with pytest.raises(Unavailable) as refused:
        blobs.put(TEXT)
    assert refused.value.code == "BLOBS_UNREACHABLE" and "another" not in str(refused.value)
    assert s3.objects == {}


@pytest.mark.parametrize("status", [301, 403, 429, 500, 503])
def test_a_store_in_trouble_is_unavailable_not_a_fault(s3, tmp_path, status):
    blobs = blobs_from(variables(s3), data_dir=tmp_path, clock=real)
    for act in (lambda: blobs.put(TEXT), lambda: blobs.exists(DIGEST), lambda: list(blobs.listed())):
        s3.fail = [status]
        with pytest.raises(Unavailable, match="BLOBS_UNREACHABLE"):
            act()


def test_a_store_on_an_internal_address_nobody_named_is_not_connected_to(s3, tmp_path):
    blobs = blobs_from(variables(s3, CONNECTOR_NETWORKS=""), data_dir=tmp_path, clock=real)
    with pytest.raises(Unavailable, match="BLOBS_UNREACHABLE"):
        blobs.put(TEXT)
    assert s3.requests == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"S3_BUCKET": "Not A Bucket"}, "LIANBAN_S3_BUCKET"),
        ({"S3_PREFIX": "../up"}, "LIANBAN_S3_PREFIX"),
        ({"S3_SECRET": ""}, "LIANBAN_S3_SECRET"),
        ({"S3_KEY": ""}, "LIANBAN_S3_KEY"),
        ({"S3_URL": "ftp://host"}, "LIANBAN_S3_URL"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(s3, tmp_path, changes, named):
    with pytest.raises(Invalid) as refused:
        blobs_from(variables(s3, **changes), data_dir=tmp_path, clock=real)
    assert refused.value.code == "SETTING_INVALID" and refused.value.params["name"] == named


def test_the_signature_is_the_one_of_the_published_example():
    account = S3Account(
        key="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region="us-east-1"
    )
    headers = account.headers(
        "GET",
        "/test.txt",
        {},
        {"Range": "bytes=0-9"},
        host="examplebucket.s3.amazonaws.com",
        content=EMPTY,
        at=datetime(2013, 5, 24, tzinfo=UTC),
    )
    assert headers["Authorization"].endswith(
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
