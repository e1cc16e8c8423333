"""LIANBAN_* variables as connectors read them: text, numbers, secrets from files, the other side's address."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from service.connectors.addresses import AddressGuard
from service.connectors.http_exchange import HttpExchange, read_url
from service.rules.refusals import Invalid


class Given:
    """LIANBAN_* variables; a secret may stand in a file that `<name>_FILE` names."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str = "") -> str:
        """The value without blanks around it."""
        return self._environment.get(f"LIANBAN_{name}", "").strip() or default

    def secret(self, name: str) -> str:
        """The value, or the content of its file."""
        path = self.text(f"{name}_FILE")
        if not path:
            return self.text(name)
        try:
            return Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise wrong(f"{name}_FILE", "a file that can be read", type(error).__name__) from None

    def number(self, name: str, default: float, most: float) -> float:
        """Above zero."""
        text = self.text(name)
        try:
            value = float(text) if text else default
        except ValueError:
            value = -1.0
        if not 0 < value <= most:
            raise wrong(name, f"0 < … ≤ {most:g}", text)
        return value

    def trust(self) -> ssl.SSLContext | None:
        """Certificates beside the machine's own that other sides may show."""
        path = self.text("CONNECTOR_CA_FILE")
        if not path:
            return None
        context = ssl.create_default_context()
        try:
            context.load_verify_locations(path)
        except (OSError, ssl.SSLError) as error:
            raise wrong("CONNECTOR_CA_FILE", "a PEM file", type(error).__name__) from None
        return context

    def exchange(
        self, name: str, guard: AddressGuard, trust: ssl.SSLContext | None, *, wait: float = 10, most: float = 120
    ) -> HttpExchange:
        """Requests to LIANBAN_<name>_URL, `wait` seconds unless LIANBAN_<name>_TIMEOUT says otherwise."""
        place = read_url(f"LIANBAN_{name}_URL", self.text(f"{name}_URL"))
        return HttpExchange(place, guard, timeout=self.number(f"{name}_TIMEOUT", wait, most), trust=trust)


def wrong(name: str, expected: str, got: str) -> Invalid:
    """The refusal of a variable: SETTING_INVALID."""
    return Invalid(
        "SETTING_INVALID",
        "配置项 {name} 的值“{got}”无效，应为 {expected}。",
        name=f"LIANBAN_{name}",
        expected=expected,
        got=got,
    )
