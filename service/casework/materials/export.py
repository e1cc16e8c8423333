"""All materials of a case as one ZIP, with a list of what is in it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
import zipfile
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID

from service.casework.materials.reading import MaterialLine, materials_of
from service.casework.rights import require_reader
from service.rules.cells import harmless
from service.rules.refusals import Missing
from service.rules.vocabulary import LedgerAction
from service.store.materials import VersionRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

IN_MEMORY = 8 * 1024 * 1024
HEADINGS = (
    "文件",
    "事项",
    "材料",
    "来源",
    "原文件名",
    "版本",
    "页数",
    "字节",
    "SHA-256",
    "提交人",
    "提交时间",
    "核对原件",
    "审查",
)


def pack_case(office: Office, actor: Actor, case_id: UUID) -> tuple[str, BinaryIO]:
    """The name of the package and the package, to be closed by the caller. Who took it stands in the ledger.

    Only files that count and may be opened. Refused: CASE_NOT_FOUND, MATERIALS_NONE, BLOB_MISSING, BLOBS_UNREACHABLE.
    """
    with office.transaction() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        lines = materials_of(records, case_id)
        files = [(line, one) for line in lines for one in line.current if one.readable]
        if not files:
            raise Missing("MATERIALS_NONE", "这个办件还没有可以下载的材料。")
        records.ledger.write(
            LedgerAction.MATERIALS_TAKEN,
            actor.username,
            str(case_id),
            {"files": len(files), "number": row.business_key},
        )
    package = cast(BinaryIO, tempfile.SpooledTemporaryFile(IN_MEMORY))
    scopes = list(dict.fromkeys(line.row.scope_id for line in lines))
    table, listed = [], []
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
        for line, one in files:
            item = f"{scopes.index(line.row.scope_id) + 1:02d} {line.row.process}/" if len(scopes) > 1 else ""
            place = f"{item}{line.row.position:02d} {_plain(line.row.name)}/{one.row.number:02d} {_plain(one.row.name)}"
            with office.blobs.open(one.row.digest) as stream, archive.open(place, "w", force_zip64=True) as target:
                shutil.copyfileobj(stream, target)
            table.append(_row(place, line, one.row))
            listed.append({"path": place, "sha256": one.row.digest, "size": one.row.size, "material": line.row.name})
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(HEADINGS)
        writer.writerows(table)
        archive.writestr("目录.csv", "\ufeff" + text.getvalue())
        manifest = {"case": row.business_key or str(case_id), "title": row.title, "files": listed}
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    package.seek(0)
    return f"{_plain(row.business_key or row.title or str(case_id))} 材料.zip", package


def _row(place: str, line: MaterialLine, version: VersionRow) -> tuple[str, ...]:
    row = line.row
    values = (
        place,
        row.process,
        row.name,
        version.origin,
        version.name,
        version.number,
        version.pages,
        version.size,
        version.digest,
        version.uploaded_by,
        version.uploaded_at.isoformat(),
        row.seen_by,
        row.examined_by,
    )
    return tuple(harmless("" if one is None else str(one)) for one in values)


def _plain(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", name).strip(" .")[:100] or "_"
