"""签名: how somebody signs, drawn once with pen or finger and put under what they decide."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from service.received import examine
from service.rules.refusals import Forbidden, Missing, refuse
from service.rules.vocabulary import LedgerAction

if TYPE_CHECKING:
    from uuid import UUID

    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.history import JournalLine
    from service.store.records import Records

PREFIX = "data:image/png;base64,"
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 120 * 1024  # bytes


def draw_signature(office: Office, actor: Actor, drawn: str) -> None:
    """Keep one's signature, a PNG as browsers write canvases (`data:image/png;base64,…`).

    What was signed before keeps its line in the journal; the picture shown is the present one. Refused: Forbidden
    SIGNATURE_STAFF; Invalid SIGNATURE_UNREADABLE, SIGNATURE_LARGE.
    """
    if actor.service or actor.department is None:
        raise Forbidden("SIGNATURE_STAFF", "签名由窗口和部门工作人员填写")
    try:
        image = base64.b64decode(drawn.removeprefix(PREFIX), validate=True) if drawn.startswith(PREFIX) else b""
    except binascii.Error:
        image = b""
    if not image.startswith(PNG):
        raise refuse("signature", "SIGNATURE_UNREADABLE", "请在框内签名后再保存")
    if len(image) > LARGEST:
        raise refuse("signature", "SIGNATURE_LARGE", "签名图片太大，请重新签名")
    with tempfile.TemporaryDirectory(prefix="lianban-") as folder:
        draft = Path(folder) / "signature.png"
        draft.write_bytes(image)
        examine(draft, name=draft.name, scan=False)

    def attempt() -> None:
        with office.transaction() as records:
            records.letters.put_signature(actor.username, image)
            records.ledger.write(LedgerAction.SIGNATURE_DRAWN, actor.username, actor.username, {"bytes": len(image)})

    office.attempt(attempt)


def own_signature(office: Office, actor: Actor) -> datetime | None:
    """Since when one has a signature; None: one has none."""
    with office.reading() as records:
        found = records.letters.signature(actor.username)
    return None if found is None else found[1]


def signature_of(office: Office, actor: Actor, username: str) -> bytes:
    """A person's signature; to be seen by everybody who works in the house. Refused: Missing SIGNATURE_NOT_FOUND."""
    with office.reading() as records:
        found = records.letters.signature(username) if actor.department is not None or actor.service else None
    if found is None:
        raise Missing("SIGNATURE_NOT_FOUND", "还没有签名")
    return found[0]


def signatures_under(records: Records, lines: Iterable[JournalLine]) -> Mapping[UUID, bytes]:
    """Task → the signature its decision was signed with; none where somebody has drawn another one since."""
    found: dict[UUID, bytes] = {}
    for line in lines:
        when = ((line.detail or {}).get("signed") or {}).get("drawn")
        if when and line.actor and line.task_id:
            kept = records.letters.signature(line.actor)
            if kept is not None and kept[1] == datetime.fromisoformat(str(when)):
                found[line.task_id] = kept[0]
    return found
