"""Large files come in pieces: each is kept by its content, and a signed slip says whose piece it is.

So no request is large, a broken line costs one piece, and any node may take any piece. What is never put together is swept.
"""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID

from service.casework.journalling import require_running
from service.casework.materials.rights import find_line, require_bringer
from service.connectors.blobs import Blobs
from service.rules.material_files import LARGEST_FILE, MEGABYTE, fault
from service.rules.refusals import Invalid

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

LARGEST_PIECE = 4 * MEGABYTE
MOST_PIECES = -(-LARGEST_FILE // LARGEST_PIECE)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece that was kept. `slip` is what the sender gives back to have it put together."""

    slip: str
    size: int


def put_piece(office: Office, actor: Actor, material_id: UUID, content: bytes) -> Piece:
    """Keep one piece of a file for a line. Refused: MATERIAL_NOT_FOUND, MATERIAL_FORBIDDEN, CASE_ENDED, CASE_SUSPENDED,
    PIECE_SIZE.
    """
    if not 0 < len(content) <= LARGEST_PIECE:
        raise Invalid("PIECE_SIZE", "分片应为 1 字节至 {most} MB。", most=LARGEST_PIECE // MEGABYTE)
    with office.reading() as records:
        _, row = find_line(records, actor, material_id)
        require_running(row)
        require_bringer(records, actor, row)
    digest = office.blobs.put(content, limit=LARGEST_PIECE)
    return Piece(slip=f"{digest}.{_sign(office, actor, material_id, digest)}", size=len(content))


def put_together(office: Office, actor: Actor, material_id: UUID, slips: Sequence[str], *, name: str) -> BinaryIO:
    """The whole file as a stream, read piece by piece. Refused: PIECES_INVALID, FILE_TOO_LARGE."""
    if len(slips) > MOST_PIECES:
        raise fault("FILE_TOO_LARGE", name, most=LARGEST_FILE // MEGABYTE)
    digests = []
    for slip in slips:
        digest, _, signature = slip.partition(".")
        if not hmac.compare_digest(signature.encode(), _sign(office, actor, material_id, digest).encode()):
            raise Invalid("PIECES_INVALID", "上传的分片无效，请重新选择文件。")
        digests.append(digest)
    return cast(BinaryIO, io.BufferedReader(_Pieces(office.blobs, digests), MEGABYTE))


def _sign(office: Office, actor: Actor, material_id: UUID, digest: str) -> str:
    text = f"material piece\n{actor.username}\n{material_id}\n{digest}"
    return hmac.new(office.settings.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


class _Pieces(io.RawIOBase):
    """One stream of several files."""

    def __init__(self, blobs: Blobs, digests: Sequence[str]) -> None:
        self._blobs, self._left = blobs, list(digests)
        self._stream: BinaryIO | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """The next bytes."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        while True:
            if self._stream is None:
                if not self._left:
                    return 0
                self._stream = self._blobs.open(self._left.pop(0))
            part = self._stream.read(len(view))
            if part:
                view[: len(part)] = part
                return len(part)
            self._stream.close()
            self._stream = None
