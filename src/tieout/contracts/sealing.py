"""Sealing what must be read back: what the store never sees in the clear."""

from typing import Protocol

from tieout.kernel.errors import TieoutError


class CannotUnseal(TieoutError):
    """Something sealed does not open: another key, another row, or changed content."""

    code = "cannot_unseal"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"a sealed secret cannot be opened: {why}")


class Sealer(Protocol):
    """Encrypts under the process's secret key; `bound` ties the result to the row that holds it."""

    @property
    def key_id(self) -> str:
        """Which key it is; the store keeps it beside what is sealed."""
        ...

    def seal(self, clear: bytes, bound: bytes) -> bytes:
        """The sealed bytes, nonce included."""
        ...

    def unseal(self, sealed: bytes, bound: bytes, key_id: str) -> bytes:
        """The clear bytes. Raises CannotUnseal where key, row or content differ."""
        ...

    def signing_key(self, purpose: str) -> bytes:
        """32 bytes that follow from the secret key, one for each purpose: cursors, tokens."""
        ...
