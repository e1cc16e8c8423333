"""Which blob store an installation has: an S3-compatible one when LIANBAN_S3_URL names it, else a folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from service.connectors.addresses import AddressGuard
from service.connectors.blobs.folder import FolderBackend
from service.connectors.blobs.keeping import Blobs
from service.connectors.blobs.s3 import S3Backend
from service.connectors.blobs.s3_signing import S3Account
from service.connectors.environment import Given, wrong

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"(?:[0-9A-Za-z_-]+/)*")


def blobs_from(environment: Mapping[str, str], *, data_dir: Path, clock: Callable[[], datetime]) -> Blobs:
    """The store of an installation; nothing is opened yet. `clock`: real time. Refused: SETTING_INVALID."""
    given = Given(environment)
    root = Path(given.text("BLOBS_DIR") or data_dir / "blobs")
    if not given.text("S3_URL"):
        return Blobs(FolderBackend(root))
    bucket, prefix = given.text("S3_BUCKET"), given.text("S3_PREFIX")
    prefix = f"{prefix.strip('/')}/" if prefix else ""
    if not BUCKET.fullmatch(bucket):
        raise wrong("S3_BUCKET", "a bucket's name", bucket)
    if not PREFIX.fullmatch(prefix):
        raise wrong("S3_PREFIX", "lianban/", prefix)
    key, secret = given.text("S3_KEY"), given.secret("S3_SECRET")
    if not key or not secret:
        raise wrong("S3_KEY" if not key else "S3_SECRET", "the access key and its secret", "…" if key else "")
    guard = AddressGuard.reading(given.text("CONNECTOR_NETWORKS"))
    account = S3Account(key=key, secret=secret, region=given.text("S3_REGION", "us-east-1"))
    exchange = given.exchange("S3", guard, given.trust(), wait=120, most=3600)
    return Blobs(S3Backend(exchange, account, bucket=bucket, prefix=prefix, drafts=root / "drafts", clock=clock))
