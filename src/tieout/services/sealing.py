"""AES-GCM under the process's secret key, with keys for signing derived from it.

Source: NIST SP 800-38D (AES-GCM, 96 bit nonces), RFC 5869 (HKDF).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tieout.contracts.sealing import CannotUnseal

SECRET_KEY_LENGTH = 32

_NONCE_LENGTH = 12
_KEY_ID_LENGTH = 4


@dataclass(frozen=True, slots=True)
class AesSealer:
    """Seals under one secret key of 32 bytes.

    random_bytes: where nonces come from; two nonces under one key must never be equal.
    """

    secret_key: bytes = field(repr=False)
    random_bytes: Callable[[int], bytes] = field(default=os.urandom, repr=False)

    @property
    def key_id(self) -> str:
        """A short name of the key that does not give it away."""
        return _derived(self.secret_key, "key id", _KEY_ID_LENGTH).hex()

    def seal(self, clear: bytes, bound: bytes) -> bytes:
        """The nonce, then the encrypted bytes with their tag; `bound` is authenticated, not kept."""
        nonce = self.random_bytes(_NONCE_LENGTH)
        return nonce + self._cipher().encrypt(nonce, clear, bound)

    def unseal(self, sealed: bytes, bound: bytes, key_id: str) -> bytes:
        """The clear bytes. Raises CannotUnseal where key, row or content differ."""
        if key_id != self.key_id:
            raise CannotUnseal(f"it was sealed under the key {key_id}, and the key of this process is {self.key_id}")
        try:
            return self._cipher().decrypt(sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:], bound)
        except (InvalidTag, ValueError):
            raise CannotUnseal("it was changed, or belongs to another row") from None

    def signing_key(self, purpose: str) -> bytes:
        """32 bytes that follow from the secret key, one for each purpose."""
        return _derived(self.secret_key, f"signing {purpose}", SECRET_KEY_LENGTH)

    def _cipher(self) -> AESGCM:
        return AESGCM(_derived(self.secret_key, "sealing", SECRET_KEY_LENGTH))


def _derived(secret_key: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, None, f"tieout {purpose}".encode()).derive(secret_key)
