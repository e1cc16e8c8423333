"""An S3-compatible store as the other side sees it: checks signatures version 4 from the specification, path style."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, REGION, BUCKET = "AKIATEST", "a secret of the bucket", "cn-north-1", "lianban-blobs"


class S3:
    """Objects in memory. `fail` holds statuses to answer with next; `page` is how many objects a listing shows."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.fail: list[int] = []
        self.page = 2
        self.requests: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                if "Content_Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.requests.append(f"{self.command} {self.path}")
                if outer.fail:
                    return self.answer(outer.fail.pop(0), b"<Error><Code>SlowDown</Code></Error>")
                if not outer.signed(self.command, self.path, self.headers, body):
                    return self.answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
                parts = urlsplit(self.path)
                bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
                if bucket != BUCKET:
                    return self.answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
                query = dict(parse_qsl(parts.query))
                if self.command == "GET" and "list-type" in query:
                    return self.answer(200, outer.listing(query))
                if self.command == "PUT" and "x-amz-copy-source" in self.headers:
                    source = unquote(self.headers["x-amz-copy-source"]).removeprefix(f"/{BUCKET}/")
                    if source not in outer.objects:
                        return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
                    outer.objects[key] = (outer.objects[source][0], datetime.now(UTC))
                    return self.answer(200, b"<CopyObjectResult><ETag>x</ETag></CopyObjectResult>")
                if self.command == "PUT":
                    outer.objects[key] = (body, datetime.now(UTC))
                    return self.answer(200)
                if self.command == "DELETE":
                    outer.objects.pop(key, None)
                    return self.answer(204)
                if key not in outer.objects:
                    return self.answer(404, b"" if self.command == "HEAD" else b"<Error/>")
                content = outer.objects[key][0]
                if self.command == "HEAD":
                    return self.answer(200, Content_Length=str(len(content)))
                wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
                if wanted is None:
                    return self.answer(200, content)
                return self.answer(206, content[int(wanted[1]) : int(wanted[2]) + 1])

            do_GET = do_PUT = do_HEAD = do_DELETE = handle_any

            def log_message(self, *_) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def signed(self, method, path, headers, body) -> bool:
        """The signature is right, and the content is what was signed."""
        form = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)",
            headers.get("Authorization", ""),
        )
        if form is None or form[1] != KEY or form[3] != REGION:
            return False
        parts = urlsplit(path)
        pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
        query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
        lines = [method, parts.path, query]
        lines += [f"{name}:{' '.join(headers[name].split())}" for name in form[4].split(";")]
        lines += ["", form[4], headers["x-amz-content-sha256"]]
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        scope = f"{form[2]}/{form[3]}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{digest}"
        key = b"AWS4" + SECRET.encode()
        for part in (form[2], form[3], "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), "sha256").digest()
        right = hmac.new(key, text.encode(), "sha256").hexdigest()
        whole = hashlib.sha256(body).hexdigest() == headers["x-amz-content-sha256"]
        return whole and "host" in form[4].split(";") and hmac.compare_digest(right, form[5])

    def listing(self, query: dict[str, str]) -> bytes:
        """One page of a listing, with a token for the next."""
        keys = sorted(key for key in self.objects if key.startswith(query["prefix"]))
        start = int(query.get("continuation-token", "0"))
        shown, rest = keys[start : start + self.page], keys[start + self.page :]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.objects[key][0])}</Size><LastModified>"
            f"{self.objects[key][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in shown
        )
        more = f"<NextContinuationToken>{start + self.page}</NextContinuationToken>" if rest else ""
        cut = str(bool(rest)).lower()
        return (
            '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<IsTruncated>{cut}</IsTruncated>{more}{rows}</ListBucketResult>"
        ).encode()

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
