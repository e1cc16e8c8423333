"""The chain of the audit trail: fingerprints of lines, blocks of them, and what does not fit any more."""

from service.documents.audited.chain import (
    BLOCKS,
    LINES,
    NOTHING_BEFORE,
    UNREADABLE,
    Kind,
    Trouble,
    block_hash,
    compared,
    fingerprint,
    link,
    packed,
    piece_line,
    seal_mac,
    unpacked,
    verify_export,
)

__all__ = [
    "BLOCKS",
    "LINES",
    "UNREADABLE",
    "verify_export",
    "NOTHING_BEFORE",
    "Kind",
    "Trouble",
    "block_hash",
    "compared",
    "fingerprint",
    "link",
    "packed",
    "piece_line",
    "seal_mac",
    "unpacked",
]
