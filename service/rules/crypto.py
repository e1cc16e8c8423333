"""What the service asks of a cryptographic module (密码模块): a certified one is plugged in behind this and nothing else changes."""

from __future__ import annotations

from typing import Protocol


class CryptoModule(Protocol):
    """Keys never leave it; they are spoken of by their ids (GB/T 39786 8.4, keys apart from the data)."""

    @property
    def current(self) -> str:
        """Id of the key new rows are sealed with: letters, digits, `-`, `_`, 24 at most."""

    def knows(self, key_id: str) -> bool:
        """Whether the module has a key of this id."""

    def hmac_sm3(self, purpose: str, key_id: str, data: bytes) -> str:
        """HMAC-SM3 (GB/T 15852.2) of data in hexadecimal; what one purpose computes holds for no other."""
