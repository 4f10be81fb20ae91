"""Public ids are UUIDs as RFC 9562 lays them out."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers

from tieout.kernel.public_ids import uuid4, uuid7

INSTANTS = integers(0, 2**48 * 1000 - 1)


@given(at=INSTANTS, chance=binary(min_size=10, max_size=10))
def test_a_public_id_is_a_uuid_of_version_7_that_tells_its_millisecond(at: int, chance: bytes) -> None:
    read = UUID(uuid7(at, chance))

    assert (read.version, read.variant) == (7, "specified in RFC 4122")
    assert read.int >> 80 == at // 1000


@given(at=INSTANTS, later=integers(1, 10**9), chance=binary(min_size=10, max_size=10))
def test_public_ids_sort_by_their_millisecond_whatever_chance_adds(at: int, later: int, chance: bytes) -> None:
    after = min(at + later * 1000, 2**48 * 1000 - 1)

    ids = uuid7(at, chance), uuid7(after, bytes(10))

    assert after // 1000 == at // 1000 or ids[0] < ids[1]


@given(chance=binary(min_size=16, max_size=16))
def test_a_uuid_of_version_4_keeps_every_random_bit_it_has_room_for(chance: bytes) -> None:
    read = UUID(uuid4(chance))

    assert read == UUID(bytes=chance, version=4)


@pytest.mark.parametrize("at", [-1000, 2**48 * 1000])
def test_an_instant_that_does_not_fit_makes_no_public_id(at: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        uuid7(at, bytes(10))


def test_too_little_chance_makes_no_public_id() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(0, bytes(9))
    with pytest.raises(ValueError, match="16 random bytes"):
        uuid4(bytes(10))
