"""AWS Signature Version 4 for one S3 request (header form), as every S3-compatible store checks it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, kw_only=True)
class S3Account:
    """Who asks, and in which region."""

    key: str
    secret: str = field(repr=False)
    region: str

    def headers(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        given: Mapping[str, str],
        *,
        host: str,
        content: str,
        at: datetime,
    ) -> dict[str, str]:
        """`given` with Host, date, content hash and signature. `path`: as sent; `content`: SHA-256 of the body."""
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        headers = {**given, "Host": host, "x-amz-content-sha256": content, "x-amz-date": stamp}
        signed = {
            name.lower(): value.strip() for name, value in sorted(headers.items(), key=lambda one: one[0].lower())
        }
        names = ";".join(signed)
        request = "\n".join(
            (method, path, spelt(query), *(f"{name}:{value}" for name, value in signed.items()), "", names, content)
        )
        text = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return headers


def spelt(query: Mapping[str, str]) -> str:
    """A query in the order and spelling in which it is signed."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(query.items()))
