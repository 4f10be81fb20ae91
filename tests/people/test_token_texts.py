"""What tokens look like to the clients of each face."""

import re
from collections.abc import Callable
from uuid import UUID

from hypothesis import given
from hypothesis.strategies import binary, sampled_from

from tieout.domain.people import Face
from tieout.services.people.token_texts import digest_of, token_text


def chance(drawn: bytes) -> Callable[[int], bytes]:
    return lambda length: drawn[:length]


DRAWN = binary(min_size=32, max_size=32)


@given(drawn=DRAWN)
def test_a_kashflow_token_is_a_uuid_that_its_clients_send_as_a_kftoken(drawn: bytes) -> None:
    text = token_text(Face.KASHFLOW, chance(drawn))

    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", text)
    assert UUID(text).version == 4


@given(drawn=DRAWN)
def test_a_fintera_token_is_hexadecimal_and_holds_every_random_bit(drawn: bytes) -> None:
    assert bytes.fromhex(token_text(Face.FINTERA, chance(drawn))) == drawn


@given(drawn=DRAWN, face=sampled_from([face for face in Face if face not in (Face.KASHFLOW, Face.FINTERA)]))
def test_other_tokens_say_whose_they_are_and_fit_any_header(drawn: bytes, face: Face) -> None:
    text = token_text(face, chance(drawn))

    assert re.fullmatch(rf"tieout_{face}_[A-Za-z0-9_-]{{43}}", text)


@given(drawn=DRAWN, other=DRAWN)
def test_tokens_of_different_chance_have_different_digests(drawn: bytes, other: bytes) -> None:
    digests = {digest_of(token_text(Face.NATIVE, chance(each))) for each in (drawn, other)}

    assert len(digests) == len({drawn, other})


def test_a_text_that_no_header_can_hold_has_a_digest_too() -> None:
    assert len(digest_of("\ud800")) == 32
