"""Where connectors may connect to: public addresses, and the internal networks an administrator has named.

A name is resolved once, every address it has is judged, and the connection goes to a judged address: a name that
changes between question and connection gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable

from service.connectors.outgoing import ConnectorTrouble
from service.rules.networks import Network, networks_from

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64: an IPv4 address inside


class AddressGuard:
    """Opens connections to allowed addresses only. `networks`: internal ones that are allowed, by the installation."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self.networks = tuple(networks)

    @classmethod
    def reading(cls, text: str) -> AddressGuard:
        """From a comma-separated list of networks (`10.20.0.0/16, 127.0.0.1/32`). Refused: SETTING_INVALID."""
        return cls(networks_from("LIANBAN_CONNECTOR_NETWORKS", text))

    def allows(self, address: Address) -> bool:
        """Whether a connection may go there."""
        real = embedded(address)
        if any(one in network for network in self.networks for one in (address, real)):
            return True
        return real.is_global and not real.is_multicast and not real.is_reserved

    def connect(self, host: str, port: int, *, timeout: float) -> socket.socket:
        """A connected socket with the time-out in seconds, for all addresses together.

        Raises ConnectorTrouble: ADDRESS_REFUSED (final), NAME_UNKNOWN, UNREACHABLE.
        """
        until = time.monotonic() + timeout
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise ConnectorTrouble("NAME_UNKNOWN", f"{host}: {error}", retryable=True) from None
        allowed = [one for one in found if self.allows(ipaddress.ip_address(str(one[4][0]).partition("%")[0]))]
        if not allowed:
            raise ConnectorTrouble(
                "ADDRESS_REFUSED", f"{host} has no allowed address, see LIANBAN_CONNECTOR_NETWORKS", retryable=False
            )
        last: OSError = TimeoutError("timed out")
        for family, kind, protocol, _, address in allowed:
            left = until - time.monotonic()
            if left <= 0:
                break
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(left)
                line.connect(address)
            except OSError as error:
                line.close()
                last = error
            else:
                line.settimeout(timeout)
                return line
        raise ConnectorTrouble("UNREACHABLE", f"{host}:{port}: {last}", retryable=True)


def embedded(address: Address) -> Address:
    """The IPv4 address inside a mapped, 6to4, Teredo or translated one, else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
