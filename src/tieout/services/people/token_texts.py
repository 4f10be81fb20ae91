"""What a token looks like: every face hands out texts that its clients recognise, and keeps their digests alone."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

from tieout.domain.people import Face
from tieout.kernel.public_ids import uuid4

TOKEN_BYTES = 32


def token_text(face: Face, random_bytes: Callable[[int], bytes]) -> str:
    """A new token of a face: 256 random bits, 122 for KashFlow.

    KashFlow: a UUID of version 4, because its clients send only such a text as a KfToken. Fintera: hexadecimal digits.
    Others: letters, digits, - and _ behind the name of the face, so that a scanner for leaked secrets finds them.
    """
    if face is Face.KASHFLOW:
        return uuid4(random_bytes(16))
    drawn = random_bytes(TOKEN_BYTES)
    if face is Face.FINTERA:
        return drawn.hex()
    return f"tieout_{face}_{urlsafe_b64encode(drawn).rstrip(b'=').decode()}"


def digest_of(token: str) -> bytes:
    """The SHA-256 by which a token is found; a long random text needs no salt."""
    return sha256(token.encode("utf-8", errors="surrogatepass")).digest()
