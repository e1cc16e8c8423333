"""The office: database, clock and caches of one process, and the transactions every use case runs in."""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from service.casework.demo_time import CLOCK_OFFSET, DemoTime
from service.casework.idempotency import seal, sealed
from service.casework.programs import Programs
from service.casework.record_keys import crypto_module
from service.casework.signing_in import Credentials
from service.casework.tampered import noting
from service.connectors.blobs import Blobs, blobs_from
from service.connectors.choosing import Connectors, connectors_from
from service.connectors.outgoing import DeliveryReport
from service.rules.crypto import CryptoModule
from service.rules.hashes import hmac_sm3
from service.rules.refusals import Unavailable
from service.settings import ENFORCED, Settings, real_time
from service.store import migrations
from service.store.calendars import CalendarShelf
from service.store.database import BUSY, Database
from service.store.records import Records
from service.store.seals import Seals
from service.store.seats import StaffShelf

if TYPE_CHECKING:
    from service.connectors.ldap import LdapDirectory
    from service.connectors.oidc import OidcProvider

Result = TypeVar("Result")
OFFSET_SECONDS = 0.5  # how long another process may still see the demo clock as it was
ATTEMPTS = 5


@dataclass(frozen=True)
class _Offset:
    """What the demo clock shows, as last read. `move`: how many moves of this process came before."""

    move: int = 0
    time: DemoTime = field(default_factory=DemoTime)
    until: float = 0.0


@dataclass(kw_only=True)
class Office:
    """Built once per process by `open_office`, shared by all threads."""

    database: Database
    settings: Settings
    clock: Callable[[], datetime] = real_time
    programs: Programs = field(default_factory=Programs)
    credentials: Credentials = field(default_factory=Credentials)
    tampered: set[str] = field(default_factory=set)  # records this process has told of
    awake: threading.Event = field(default_factory=threading.Event)  # set when a commit made something ready at once

    on_report: Callable[[Office, DeliveryReport], None] | None = None  # keeps what became of a message
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)  # what the connectors are built from

    _whole: dict[tuple[Any, ...], Any] = field(default_factory=dict)  # rows found whole lately
    _shelf: CalendarShelf = field(init=False)
    _staff: StaffShelf = field(init=False)
    _connectors: Connectors | None = None
    _connectors_lock: threading.Lock = field(default_factory=threading.Lock)
    _offset: _Offset = field(default_factory=_Offset)
    _offset_lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._shelf = CalendarShelf(self.settings.region)
        self._staff = StaffShelf(enforced=self.settings.letters == ENFORCED, fingerprint=self.fingerprint)

    @contextmanager
    def transaction(self) -> Iterator[Records]:
        """A unit of work that commits at the end and rolls back on any raise. Unavailable when a lock is not had."""
        with noting(self) as found:
            with self.database.writing() as connection:
                records = self._records(connection, writes=True)
                found.append(records)
                yield records
                seal(records)
                records.commit()
        sealed()
        if records.clock_moved:
            with self._offset_lock:
                self._offset = _Offset(self._offset.move + 1)
        if records.prompt:
            self.awake.set()

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """A unit of work that only reads one state of the database."""
        with noting(self) as found, self.database.reading() as connection:
            records = self._records(connection, writes=False)
            found.append(records)
            yield records
            records.flush()  # a write is refused here, or at the latest forgotten

    def attempt(self, act: Callable[[], Result]) -> Result:
        """Do it, again when somebody else held a lock (deadlock, serialization, busy), at most five times."""
        for attempt in range(1, ATTEMPTS):
            try:
                return act()
            except Unavailable as refusal:
                if refusal.code != BUSY:
                    raise
                time.sleep(random.uniform(0.01, 0.05) * attempt)
        return act()

    @cached_property
    def crypto(self) -> CryptoModule:
        """What seals records; from the environment. Refused: SETTING_INVALID, SM3_MISSING, CRYPTO_MODULE_MISSING."""
        return crypto_module(self.environment, self.settings.secret_key)

    @cached_property
    def blobs(self) -> Blobs:
        """The files of the installation, by content; built from the environment when first asked for."""
        return blobs_from(self.environment, data_dir=self.settings.data_dir, clock=real_time)

    @cached_property
    def provider(self) -> OidcProvider | None:
        """The provider of identities people may sign in with; from the environment. Refused: SETTING_INVALID."""
        if not self.environment.get("LIANBAN_OIDC_ISSUER"):
            return None
        from service.connectors.oidc import oidc_from  # its libraries cost every start a third of a second

        return oidc_from(self.environment)

    @cached_property
    def directory(self) -> LdapDirectory | None:
        """The directory people may sign in with; from the environment. Refused: SETTING_INVALID."""
        if not self.environment.get("LIANBAN_LDAP_URL"):
            return None
        from service.connectors.ldap import ldap_from

        return ldap_from(self.environment)

    @property
    def clock_stands(self) -> bool:
        """Whether the demo clock stands, as this process last read it."""
        return self._offset.time.frozen

    @property
    def connectors(self) -> Connectors:
        """What there is to reach other machines with, built when first asked for. Refused: SETTING_INVALID."""
        with self._connectors_lock:
            if self._connectors is None:
                self._connectors = connectors_from(
                    self.environment,
                    clock=real_time,
                    on_report=self._report,
                    desk_secret=_desk_secret(self.settings.secret_key),
                )
            return self._connectors

    def fingerprint(self, identity: str) -> str:
        """What is kept of the number of an identity card that only has to be recognised."""
        return hmac_sm3(self.settings.secret_key.encode(), f"identity\n{identity.strip().upper()}".encode())

    def close(self) -> None:
        """Give back every connection."""
        with self._connectors_lock:
            if self._connectors is not None:
                self._connectors.close()
                self._connectors = None
        self.database.close()

    def _report(self, report: DeliveryReport) -> None:
        if self.on_report is not None:
            self.on_report(self, report)

    def _records(self, connection: Any, *, writes: bool) -> Records:
        """A unit of work at one instant."""
        now = self.clock().astimezone(UTC)
        seals = Seals(self.crypto, self._whole)
        records = Records(connection, now, shelf=self._shelf, staff=self._staff, seals=seals, writes=writes)
        if self.settings.demo:
            records.now = self._demo_time(records).at(records.now)
        return records

    def _demo_time(self, records: Records) -> DemoTime:
        """What the demo clock shows, read twice a second at most.

        Race: a transaction that began before a move may read the old offset after the move; its mark is then of an
        older move and is not kept.
        """
        known = self._offset
        if time.monotonic() < known.until:
            return known.time
        shown = DemoTime.kept(records.settings.get(CLOCK_OFFSET))
        fresh = _Offset(known.move, shown, time.monotonic() + OFFSET_SECONDS)
        with self._offset_lock:
            if self._offset is known:
                self._offset = fresh
        return shown


def _desk_secret(secret: str) -> str:
    """The cashier desk's own key: who learns one of the two does not know the other."""
    return hashlib.sha256(f"cashier desk\n{secret}".encode()).hexdigest()


def open_office(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> Office:
    """The office of an installation. Opens no connection yet and migrates nothing; see `upgrade`."""
    database = Database(settings.database_url, threads=settings.threads, revisions=migrations.REVISIONS)
    return Office(database=database, settings=settings, clock=clock or real_time)
