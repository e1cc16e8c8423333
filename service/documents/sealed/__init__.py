"""Sealed packages of the archive: how they are written, read again and verified without anything but the file itself."""

from service.documents.sealed.bundling import Link, bundle, read_links, wrong_links
from service.documents.sealed.manifest import NOTHING_BEFORE, Entry, Manifest, PackageHead, canonical, link
from service.documents.sealed.packing import Piece, Sealed, pack
from service.documents.sealed.verifying import Damage, Verdict, verify

__all__ = [
    "NOTHING_BEFORE",
    "Damage",
    "Entry",
    "Link",
    "Manifest",
    "PackageHead",
    "Piece",
    "Sealed",
    "Verdict",
    "bundle",
    "canonical",
    "link",
    "pack",
    "read_links",
    "verify",
    "wrong_links",
]
