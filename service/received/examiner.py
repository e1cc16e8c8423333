"""The examiner: run as a process of its own with one JSON argument, answers one JSON object, then is gone."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 2 * 1024 * 1024 * 1024  # bytes of address space
SECONDS = 40  # of the processor
OUTPUT = 64 * 1024 * 1024  # bytes of any file it writes


def main() -> int:
    """Examine a file or show a page of one."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.loads(sys.argv[1])
    print(json.dumps(answer(asked)))
    return 0


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What is found, or what is wrong."""
    from service.received import magic, packed, pdfs, pictures
    from service.received.wrong import Wrong

    path, kind = Path(asked["path"]), asked["kind"]
    try:
        if asked["act"] == "page":
            shown = pdfs.show if kind == "pdf" else pictures.show
            shown(path, asked["page"], asked["width"], Path(asked["picture"]), turn=asked["turn"])
            return {"shown": True}
        magic.check(path, kind)
        if kind == "pdf":
            return pdfs.look(path, Path(asked["picture"]), scan=asked["scan"])
        if kind in ("jpeg", "png", "tiff"):
            return pictures.look(path, kind, Path(asked["picture"]), scan=asked["scan"])
        return packed.look(path, kind)
    except Wrong as wrong:
        return {"fault": wrong.code, "params": wrong.params}
    except MemoryError:
        return {"fault": "FILE_UNREADABLE", "params": {}}


if __name__ == "__main__":
    raise SystemExit(main())
