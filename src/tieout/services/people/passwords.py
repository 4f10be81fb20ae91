"""Passwords: what one may be, and the Argon2id hash that is kept of it."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tieout.contracts.settings import ProcessSettings
from tieout.kernel.errors import Refusal

# NIST SP 800-63B: at least 8 characters, at least 64 accepted, no rules about kinds of characters.
PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 1000


def password_refusals(password: str) -> tuple[Refusal, ...]:
    """Every reason against a new password."""
    if not password:
        return (Refusal("required", "password"),)
    if len(password) < PASSWORD_LENGTH_MIN:
        return (Refusal("not_allowed", "password", (("length_min", str(PASSWORD_LENGTH_MIN)),)),)
    if len(password) > PASSWORD_LENGTH_MAX:
        return (Refusal("too_long", "password", (("length_max", str(PASSWORD_LENGTH_MAX)),)),)
    return ()


def password_hash(settings: ProcessSettings, password: str) -> str:
    """The Argon2id hash of a password, with its salt and parameters."""
    return _hasher(settings).hash(_clear(password))


def password_fits(settings: ProcessSettings, password: str, kept: str) -> tuple[bool, str | None]:
    """Whether the password is the one of which `kept` is the hash, and a hash to keep instead where settings differ.

    It takes the same time whether it fits or not; where `kept` is empty too, and it then never fits.
    """
    hasher = _hasher(settings)
    if len(password) > PASSWORD_LENGTH_MAX or not kept:
        hasher.hash(b"nobody has this password")
        return False, None
    return hasher.verify_and_update(_clear(password), kept)


def _clear(password: str) -> bytes:
    """Bytes even for text that is no UTF-8: a JSON body may hold half a surrogate pair."""
    return password.encode("utf-8", errors="surrogatepass")


def _hasher(settings: ProcessSettings) -> PasswordHash:
    cost = Argon2Hasher(
        time_cost=settings.password_passes, memory_cost=settings.password_memory_kibibytes, parallelism=1
    )
    return PasswordHash((cost,))
