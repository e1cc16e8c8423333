"""Other systems data is exchanged with, each by our HTTP contract (docs/connectors.md), with the fields that may pass.

A connection is an installation's: its address, secret, zone and whitelist come from settings, never from a diagram. A diagram
only names it. What is not on its list does not leave the house, and what comes in under other names is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.connectors.addresses import AddressGuard
from service.connectors.environment import Given, wrong
from service.connectors.http_exchange import HttpExchange
from service.connectors.outgoing import ConnectorTrouble
from service.connectors.signing import SHORTEST_SECRET, Seen, SignedRequest, Signer
from service.rules.refusals import Invalid

ZONES = ("INNER", "AGENCY", "OUTER")  # 内网, 专网, 外网
LONGEST_REFERENCE = 128


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What goes out: our number, what it is about, and the fields under the other side's names."""

    id: str  # idempotency key
    ref: str
    transfer: str
    subject: str
    data: Mapping[str, Any]
    digest: str
    at: datetime
    reply_to: str


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The other side has it. `answer`: when it answered at once."""

    reference: str
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the other side posts to us. `id`: its own name for this message, the same when it comes again."""

    id: str
    ref: str
    subject: str
    transfer: str
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One other system. `out`, `into`: our name → the other side's, of what may pass in each direction."""

    name: str
    zone: str
    out: Mapping[str, str]
    into: Mapping[str, str]
    exchange: HttpExchange = field(repr=False)
    signer: Signer = field(repr=False)

    def may_send(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields under the other side's names. Refused: EXCHANGE_FIELD for one that is not on the list."""
        for name in fields:
            if name not in self.out:
                raise Invalid(
                    "EXCHANGE_FIELD", "“{name}”不在对接“{connection}”的字段白名单中，不能送出", name=name, connection=self.name
                )  # fmt: skip
        return {self.out[name]: value for name, value in fields.items()}

    def may_take(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What came in under our names, what is not on the list left out."""
        ours = {theirs: name for name, theirs in self.into.items()}
        return {ours[name]: value for name, value in data.items() if name in ours}

    def post(self, parcel: Parcel) -> Taken:
        """POST /messages, idempotent by id. Raises ConnectorTrouble."""
        path = self.exchange.place.path + "/messages"
        content = {
            "id": parcel.id,
            "ref": parcel.ref,
            "transfer": parcel.transfer,
            "subject": parcel.subject,
            "data": dict(parcel.data),
            "digest": parcel.digest,
            "at": parcel.at.isoformat(),
            "reply_to": parcel.reply_to,
        }
        body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": parcel.id,
            **self.signer.headers("POST", path, body),
        }
        said = self.exchange.call("POST", path, headers=headers, body=body).data()
        reference, status, data = said.get("reference"), said.get("status"), said.get("data")
        if status not in ("accepted", "answered") or not isinstance(reference, str) or not _is_reference(reference):
            raise ConnectorTrouble("ANSWER_UNREADABLE", "expected status and reference", retryable=True)
        if status == "accepted":
            return Taken(reference=reference)
        if not isinstance(data, dict):
            raise ConnectorTrouble("ANSWER_UNREADABLE", "expected data", retryable=True)
        return Taken(reference=reference, answer=self.may_take(data))

    def read(self, request: SignedRequest) -> tuple[Reply, Seen]:
        """What was posted to us. Refused: SIGNATURE_INVALID, EXCHANGE_UNREADABLE."""
        seen = self.signer.verify(request)
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict) or not _is_reference(said.get("id")) or not isinstance(said.get("data"), dict):
            raise Invalid("EXCHANGE_UNREADABLE", "交换报文应为含 id、ref 和 data 的 JSON 对象")
        ref, subject, transfer = (said.get(name, "") for name in ("ref", "subject", "transfer"))
        if not all(isinstance(one, str) and len(one) <= 200 for one in (ref, subject, transfer)):
            raise Invalid("EXCHANGE_UNREADABLE", "交换报文应为含 id、ref 和 data 的 JSON 对象")
        return Reply(id=said["id"], ref=ref, subject=subject, transfer=transfer, data=self.may_take(said["data"])), seen


def connections_from(environment: Mapping[str, str], *, clock: Callable[[], datetime]) -> dict[str, Connection]:
    """The connections LIANBAN_EXCHANGES names. Refused: SETTING_INVALID naming the variable."""
    given = Given(environment)
    guard, trust = AddressGuard.reading(given.text("CONNECTOR_NETWORKS")), given.trust()
    found: dict[str, Connection] = {}
    for name in given.text("EXCHANGES").replace(",", " ").split():
        if not (name.isascii() and name.isidentifier() and name.islower() and len(name) <= 40):
            raise wrong("EXCHANGES", "a_z, 0-9, _", name)
        prefix = f"EXCHANGE_{name.upper()}"
        secret, key = given.secret(f"{prefix}_SECRET").encode(), given.text(f"{prefix}_KEY", name)
        if len(secret) < SHORTEST_SECRET:
            raise wrong(f"{prefix}_SECRET", f"≥ {SHORTEST_SECRET} bytes", f"{len(secret)} bytes")
        zone = given.text(f"{prefix}_ZONE", "AGENCY")
        if zone not in ZONES:
            raise wrong(f"{prefix}_ZONE", " / ".join(ZONES), zone)
        algorithm = given.text(f"{prefix}_DIGEST", "sha256")
        if algorithm not in ("sha256", "sm3"):
            raise wrong(f"{prefix}_DIGEST", "sha256 / sm3", algorithm)
        found[name] = Connection(
            name=name,
            zone=zone,
            out=_mapping(given, f"{prefix}_OUT"),
            into=_mapping(given, f"{prefix}_IN"),
            exchange=given.exchange(prefix, guard, trust),
            signer=Signer(key=key, secret=secret, clock=clock, algorithm=algorithm),
        )
    return found


def _mapping(given: Given, name: str) -> dict[str, str]:
    """`project_code=proj_no applicant`: our names, and the other side's where they differ."""
    found = {}
    for one in given.text(name).replace(",", " ").split():
        ours, _, theirs = one.partition("=")
        if not ours.isidentifier() or (theirs and not theirs.replace("-", "_").isidentifier()):
            raise wrong(name, "ours=theirs …", one)
        found[ours] = theirs or ours
    return found


def _is_reference(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_REFERENCE and value.isprintable()
