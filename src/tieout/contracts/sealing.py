"""Sealing what must be read back: what the store never sees in the clear."""

from typing import Protocol


class Sealer(Protocol):
    """Encrypts under the process's secret key; `bound` ties the result to the row that holds it."""

    key_id: str

    def seal(self, clear: bytes, bound: bytes) -> bytes:
        """The sealed bytes, nonce included."""
        ...

    def unseal(self, sealed: bytes, bound: bytes, key_id: str) -> bytes:
        """The clear bytes. Raises CannotUnseal where key, row or content differ."""
        ...

    def signing_key(self, purpose: str) -> bytes:
        """32 bytes that follow from the secret key, one for each purpose: cursors, tokens."""
        ...
