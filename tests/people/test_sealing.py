"""What is sealed opens for its row, under its key, unchanged; for nothing else."""

import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers

from tieout.contracts.sealing import CannotUnseal
from tieout.services.sealing import AesSealer

KEY = bytes(range(32))


@given(clear=binary(max_size=200), row=binary(max_size=40))
def test_what_is_sealed_for_a_row_opens_for_that_row(clear: bytes, row: bytes) -> None:
    sealer = AesSealer(KEY)

    sealed = sealer.seal(clear, row)

    assert AesSealer(KEY).unseal(sealed, row, sealer.key_id) == clear


@given(clear=binary(min_size=8, max_size=200), row=binary(max_size=40), other=binary(max_size=40))
def test_what_is_sealed_for_a_row_cannot_be_moved_to_another(clear: bytes, row: bytes, other: bytes) -> None:
    sealer = AesSealer(KEY)
    other = other if other != row else other + b"/"

    sealed = sealer.seal(clear, row)

    with pytest.raises(CannotUnseal, match="belongs to another row"):
        sealer.unseal(sealed, other, sealer.key_id)


@given(at=integers(0, 33), bit=integers(0, 7))
def test_a_sealed_secret_in_which_one_bit_changed_does_not_open(at: int, bit: int) -> None:
    sealer = AesSealer(KEY)
    sealed = bytearray(sealer.seal(b"carrot", b"row"))
    sealed[at] ^= 1 << bit

    with pytest.raises(CannotUnseal, match="it was changed"):
        sealer.unseal(bytes(sealed), b"row", sealer.key_id)


@pytest.mark.parametrize("length", [0, 5, 12, 27])
def test_a_sealed_secret_that_was_cut_does_not_open(length: int) -> None:
    sealer = AesSealer(KEY)
    sealed = sealer.seal(b"carrot", b"row")

    with pytest.raises(CannotUnseal):
        sealer.unseal(sealed[:length], b"row", sealer.key_id)


def test_another_key_is_named_and_does_not_open() -> None:
    sealer, other = AesSealer(KEY), AesSealer(bytes(32))
    sealed = sealer.seal(b"carrot", b"row")

    with pytest.raises(CannotUnseal, match=f"sealed under the key {sealer.key_id}, and .* is {other.key_id}"):
        other.unseal(sealed, b"row", sealer.key_id)
    with pytest.raises(CannotUnseal, match="it was changed"):
        other.unseal(sealed, b"row", other.key_id)


def test_the_same_secret_sealed_twice_looks_different() -> None:
    sealer = AesSealer(KEY)

    assert sealer.seal(b"carrot", b"row") != sealer.seal(b"carrot", b"row")


def test_signing_keys_differ_by_purpose_and_by_secret_key() -> None:
    keys = {
        AesSealer(secret).signing_key(purpose) for secret in (KEY, bytes(32)) for purpose in ("cursors", "deliveries")
    }

    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}


def test_a_sealer_does_not_show_its_key() -> None:
    assert repr(AesSealer(KEY)) == "AesSealer()"
