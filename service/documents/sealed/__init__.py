"""Sealed packages of the archive: how they are written, read again and verified without anything but the file itself."""

from service.documents.sealed.manifest import Entry, Manifest, PackageHead, link
from service.documents.sealed.packing import Piece, Sealed, pack
from service.documents.sealed.verifying import Damage, Verdict, verify

__all__ = [
    "Damage",
    "Entry",
    "Manifest",
    "PackageHead",
    "Piece",
    "Sealed",
    "Verdict",
    "link",
    "pack",
    "verify",
]
