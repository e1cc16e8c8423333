"""The blob store: whole files by the SHA-256 of their content, in a folder or in an S3-compatible store."""

from __future__ import annotations

from service.connectors.blobs.choosing import blobs_from
from service.connectors.blobs.folder import FolderBackend
from service.connectors.blobs.keeping import DIGEST, LARGEST, Blobs, Kept, Swept
from service.connectors.blobs.s3 import S3Backend

__all__ = ["DIGEST", "LARGEST", "Blobs", "FolderBackend", "Kept", "S3Backend", "Swept", "blobs_from"]
