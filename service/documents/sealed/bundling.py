"""Several packages in one ZIP, with their links of the chain, and whether packages and links belong together."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO

from service.documents.sealed.manifest import canonical, link

CHAIN = "chain.json"
IN_MEMORY, CHUNK = 8 << 20, 1 << 20
LARGEST = 16 << 20  # bytes of a list of links


@dataclass(frozen=True, kw_only=True)
class Link:
    """One package's place in the chain of its installation. `file`: its name beside the list."""

    file: str
    sequence: int
    manifest: str
    digest: str
    previous: str
    chain: str

    @property
    def right(self) -> bool:
        """Whether the link follows from what it says."""
        return self.chain == link(self.previous, self.sequence, self.manifest, self.digest)


def bundle(
    packages: Iterable[tuple[str, str]], links: Sequence[Link], open_blob: Callable[[str], BinaryIO]
) -> BinaryIO:
    """A ZIP of packages (name, digest) and the list of links; the caller closes it."""
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name, digest in packages:
            with open_blob(digest) as source, made.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
        made.writestr(zipfile.ZipInfo(CHAIN), links_content(links))
    out.seek(0)
    return out  # type: ignore[return-value]


def links_content(links: Sequence[Link]) -> bytes:
    """The list as written."""
    return canonical({"links": [asdict(one) for one in links]})


def read_links(content: bytes) -> tuple[Link, ...] | None:
    """The list that was written so; None when it cannot be one."""
    if len(content) > LARGEST:
        return None
    try:
        return tuple(Link(**one) for one in json.loads(content)["links"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def wrong_links(links: Sequence[Link]) -> Iterator[str]:
    """A sentence for every link that does not follow from what it says, or from the one before it."""
    for before, after in zip((None, *links), links, strict=False):
        if not after.right:
            yield f"{after.file}：链值与登记的内容不符"
        elif before is not None and before.sequence + 1 == after.sequence and before.chain != after.previous:
            yield f"{after.file}：没有接在前一包之后"
