"""What an installation decides: where data lives, which database, which port, demo or not."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from service.rules.calendars import COUNTRY, REGION
from service.rules.networks import Network, networks_from
from service.rules.refusals import Invalid
from service.settings.identity import IdentityRules
from service.settings.rates import RateRules

REPOSITORY = Path(__file__).resolve().parents[2]
DEMO_REGION = "990100"  # 云溪市
DEMO_PLACE = {
    "city": "云溪市",
    "place": "云",
    "contact": "综合窗口 0990-8612345",
    "supervision": "0990-12345",
}
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
PUBLIC_URL = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}(/[A-Za-z0-9._~/-]*)?")
ENFORCED, REGISTERED = "enforced", "registered"
SHORTEST_TOKEN = 16
LETTERS = (ENFORCED, REGISTERED)
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})


def real_time() -> datetime:
    """The machine's clock, aware, in UTC. The only place that asks it; everything else reads `records.now`."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation. `database_url` is always filled: SQLite in the data directory unless told otherwise."""

    data_dir: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    secret: str | None = None  # as given; use `secret_key`
    threads: int = 16
    region: str = ""  # whose calendar counts: CN or a division code; that of the demo city in demo mode, else CN
    city: str = ""  # what authorities are authorities of, in front of their names: 云溪市
    place: str = ""  # its short name in document numbers: 云
    public_url: str = ""  # where the public reaches the service, for QR codes; else host and port
    contact: str = ""  # window and telephone at the foot of documents
    supervision: str = ""  # 监督投诉电话
    direct_deployment: bool | None = (
        None  # 系统管理员 and programs deploy past the three persons (S-07); None: in demo mode only
    )
    letters: str = ENFORCED  # 批准 needs a letter of authority: always, or (registered) once the register has one
    time_zone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    processes_dir: Path = REPOSITORY / "processes"
    forms_dir: Path = REPOSITORY / "forms"
    argon2: tuple[int, int, int] = (2, 19_456, 1)  # rounds, memory in KiB, lanes; cheap only in tests
    identity: IdentityRules = IdentityRules()
    rates: RateRules = RateRules()
    admin_addresses: tuple[Network, ...] = ()  # from where 三员 work; none named: from anywhere
    hosts: tuple[
        str, ...
    ] = ()  # names the service answers to besides that of public_url and this machine; none: to any
    metrics_token: str = field(
        default="", repr=False
    )  # a monitoring program shows it at /metrics; without one only this machine may ask
    trusted_proxy: str = ""  # address of the proxy in front, whose X-Forwarded-For and -Proto are believed

    def __post_init__(self) -> None:
        url = self.database_url or f"sqlite:///{self.data_dir / 'lianban.db'}"
        object.__setattr__(self, "database_url", _driver_url(url))
        if not 0 <= self.port <= 65535:
            raise _bad_value("LIANBAN_PORT", "0–65535", self.port)
        if self.public_url:
            named = urlsplit(self.public_url).hostname or ""
            object.__setattr__(self, "hosts", tuple(dict.fromkeys((*self.hosts, named))))
        url = self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"
        if not PUBLIC_URL.fullmatch(url):
            raise _bad_value("LIANBAN_PUBLIC_URL", "https://…", self.public_url)
        object.__setattr__(self, "public_url", url)
        object.__setattr__(self, "region", self.region or (DEMO_REGION if self.demo else COUNTRY))
        if 0 < len(self.metrics_token) < SHORTEST_TOKEN:
            raise _bad_value("LIANBAN_METRICS_TOKEN", f"≥ {SHORTEST_TOKEN}", "…")
        if self.letters not in LETTERS:
            raise _bad_value("LIANBAN_LETTERS", " / ".join(LETTERS), self.letters)
        if not REGION.fullmatch(self.region):
            raise _bad_value("LIANBAN_REGION", "CN / 990100", self.region)
        if self.direct_deployment is None:
            object.__setattr__(self, "direct_deployment", self.demo)
        for name, words in (DEMO_PLACE if self.demo else {}).items():
            object.__setattr__(self, name, getattr(self, name) or words)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address, as browsers say it; nothing when none was given."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.hostname in self.hosts else ""

    @cached_property
    def secret_key(self) -> str:
        """Signs sessions and forms: LIANBAN_SECRET_KEY, else made once in the data directory, mode 0600."""
        return self.secret or _secret_from(self.data_dir / "secret.key")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Settings of LIANBAN_* variables; overrides (command line options) win unless None. Invalid for bad values."""
        given = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        if text := given.get("LIANBAN_DATA_DIR"):
            values["data_dir"] = Path(text)
        if text := given.get("LIANBAN_DATABASE_URL"):
            values["database_url"] = text
        if text := given.get("LIANBAN_HOST"):
            values["host"] = text
        if text := given.get("LIANBAN_PORT"):
            values["port"] = _number("LIANBAN_PORT", text)
        if text := given.get("LIANBAN_THREADS"):
            values["threads"] = _number("LIANBAN_THREADS", text, least=1)
        for name in (
            "region",
            "city",
            "place",
            "public_url",
            "contact",
            "supervision",
            "letters",
            "trusted_proxy",
            "metrics_token",
        ):
            if text := given.get(f"LIANBAN_{name.upper()}"):
                values[name] = text.strip()
        if (text := given.get("LIANBAN_DEMO")) is not None:
            values["demo"] = _yes_or_no("LIANBAN_DEMO", text)
        if text := given.get("LIANBAN_DIRECT_DEPLOYMENT"):
            values["direct_deployment"] = _yes_or_no("LIANBAN_DIRECT_DEPLOYMENT", text)
        if text := given.get("LIANBAN_SECRET_KEY"):
            values["secret"] = text
        values["identity"] = IdentityRules.from_environment(given)
        values["rates"] = RateRules.from_environment(given)
        values["admin_addresses"] = networks_from("LIANBAN_ADMIN_ADDRESSES", given.get("LIANBAN_ADMIN_ADDRESSES", ""))
        values["hosts"] = tuple(one.strip() for one in given.get("LIANBAN_HOSTS", "").split(",") if one.strip())
        values.update((name, value) for name, value in overrides.items() if value is not None)
        return cls(**values)


def _driver_url(url: str) -> str:
    """The SQLAlchemy URL: plain postgres URLs get the psycopg driver. Invalid for other databases."""
    for prefix in ("postgresql+psycopg://", "sqlite:///"):
        if url.startswith(prefix):
            return url
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    raise _bad_value("LIANBAN_DATABASE_URL", "sqlite:/// / postgresql://", url.split("://")[0] + "://…")


def _number(name: str, text: str, least: int = 0) -> int:
    if not text.strip().isascii() or not text.strip().isdigit() or not least <= int(text) <= 65535:
        raise _bad_value(name, f"{least}–65535", text)
    return int(text)


def _yes_or_no(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise _bad_value(name, "1 / 0", text)
    return word in TRUE_WORDS


def _bad_value(name: str, expected: str, got: object) -> Invalid:
    return Invalid(
        "SETTING_INVALID", "配置项 {name} 的值“{got}”无效，应为 {expected}。", name=name, expected=expected, got=got
    )


def _secret_from(path: Path) -> str:
    """The key kept in the file; made when there is none. Two processes that start at once end with the same key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails when the other process was faster: then its key is the one
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
