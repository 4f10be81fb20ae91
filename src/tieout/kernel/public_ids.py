"""Identifiers that others are shown: UUIDs made of the time and of random bytes that the caller gives.

Source: RFC 9562, sections 4 (layout), 5.4 (version 4) and 5.7 (version 7).
"""

_VARIANT = 0b10
_MILLISECONDS_BITS = 48


def uuid7(at: int, random_bytes: bytes) -> str:
    """A UUID that sorts by its millisecond.

    at: microseconds since 1970 UTC. random_bytes: 10 of them; 74 bits are used.
    """
    if len(random_bytes) != 10:
        raise ValueError(f"a UUID of version 7 takes 10 random bytes, not {len(random_bytes)}")
    milliseconds = at // 1000
    if not 0 <= milliseconds < 1 << _MILLISECONDS_BITS:
        raise ValueError(f"{at} microseconds since 1970 do not fit a UUID of version 7")
    return _text((milliseconds << 80) | int.from_bytes(random_bytes), version=7)


def uuid4(random_bytes: bytes) -> str:
    """A UUID of 122 random bits. random_bytes: 16 of them."""
    if len(random_bytes) != 16:
        raise ValueError(f"a UUID of version 4 takes 16 random bytes, not {len(random_bytes)}")
    return _text(int.from_bytes(random_bytes), version=4)


def _text(bits: int, version: int) -> str:
    """The 128 bits with version and variant put in, in groups of hexadecimal digits."""
    bits = bits & ~(0xF << 76) | version << 76
    bits = bits & ~(0b11 << 62) | _VARIANT << 62
    digits = f"{bits:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
