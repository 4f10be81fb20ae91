"""Refresh tokens: each renews once, and one that comes again ends all that followed from the same signing in."""

import json
from base64 import urlsafe_b64decode

from tests.given_store import Clock, Office, given_office
from tieout.domain.people import Face, User
from tieout.services.context import Context
from tieout.services.people.operator import operator
from tieout.services.people.refresh_tokens import REFRESH_DAYS, TokenPair, presented, renew, start_family
from tieout.services.people.users import change_password, disable_user

HOURS = 2
SECONDS = HOURS * 3600


def signed_in(context: Context, office: Office) -> TokenPair:
    """The first tokens of the preparer."""
    pair = start_family(context, Face.KONCILI, office.preparer.user_id, SECONDS)
    assert pair is not None
    return pair


def renewed(context: Context, pair: TokenPair) -> TokenPair:
    """The next tokens."""
    following = renew(context, Face.KONCILI, pair.refresh, SECONDS)
    assert following is not None
    return following


def lets_in(context: Context, pair: TokenPair) -> bool:
    """Whether the access token stands for somebody."""
    found = presented(context, Face.KONCILI, pair.access)
    assert found is not None
    return found.principal is not None


def test_an_access_token_stands_for_its_user_until_it_ends(context: Context, clock: Clock) -> None:
    office = given_office(context, face=Face.KONCILI)
    pair = signed_in(context, office)

    found = presented(context, Face.KONCILI, pair.access)
    clock.forward(hours=HOURS)
    ended = presented(context, Face.KONCILI, pair.access)

    assert found is not None
    assert found.principal == office.preparer
    assert ended == found._replace(principal=None)


def test_it_says_itself_until_when_it_is_good(context: Context) -> None:
    pair = signed_in(context, given_office(context))

    claims = pair.access.split(".")[1]
    told = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))

    assert (told["use"], told["exp"] - told["iat"]) == ("access", SECONDS)


def test_a_renewal_puts_another_refresh_token_in_place_of_the_one_before(context: Context, clock: Clock) -> None:
    first = signed_in(context, given_office(context))
    clock.forward(hours=1)

    second = renewed(context, first)
    clock.forward(hours=1)
    third = renewed(context, second)

    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert [lets_in(context, each) for each in (first, second, third)] == [False, True, True]


def test_a_refresh_token_that_comes_again_ends_its_whole_family(context: Context) -> None:
    office = given_office(context)
    first, other = signed_in(context, office), signed_in(context, office)
    second = renewed(context, first)

    again = renew(context, Face.KONCILI, first.refresh, SECONDS)

    assert again is None
    assert renew(context, Face.KONCILI, second.refresh, SECONDS) is None
    assert [lets_in(context, each) for each in (first, second, other)] == [False, False, True]


def test_a_family_that_nobody_renews_for_a_month_ends(context: Context, clock: Clock) -> None:
    pair = signed_in(context, given_office(context))
    clock.forward(days=REFRESH_DAYS - 1)
    pair = renewed(context, pair)

    clock.forward(days=REFRESH_DAYS)

    assert renew(context, Face.KONCILI, pair.refresh, SECONDS) is None


def test_neither_token_does_the_work_of_the_other_or_of_another_face(context: Context) -> None:
    pair = signed_in(context, given_office(context))

    assert presented(context, Face.KONCILI, pair.refresh) is None
    assert renew(context, Face.KONCILI, pair.access, SECONDS) is None
    assert presented(context, Face.SNAPBOOKS, pair.access) is None
    assert renew(context, Face.SNAPBOOKS, pair.refresh, SECONDS) is None


def test_a_token_that_was_changed_anywhere_is_none_of_ours(context: Context) -> None:
    pair = signed_in(context, given_office(context))

    for position in range(0, len(pair.access), 7):
        letter = "A" if pair.access[position] != "A" else "B"
        changed = f"{pair.access[:position]}{letter}{pair.access[position + 1 :]}"
        assert presented(context, Face.KONCILI, changed) is None, position
    for text in ("", ".", "..", "a.b.c", "é", "x" * 10_000):
        assert presented(context, Face.KONCILI, text) is None


def test_a_new_password_and_a_disabled_user_end_what_was_signed_in(context: Context) -> None:
    office = given_office(context)
    principal = operator(context, office.organisation.id)
    pair = signed_in(context, office)

    change_password(context, principal, office.preparer.user_id, "another password")
    with_new_password = presented(context, Face.KONCILI, pair.access)
    pair = signed_in(context, office)
    disabled = disable_user(context, principal, office.preparer.user_id)
    when_disabled = presented(context, Face.KONCILI, pair.access)

    assert isinstance(disabled, User)
    assert with_new_password is not None
    assert (with_new_password.principal, with_new_password.disabled) == (None, False)
    assert when_disabled is not None
    assert (when_disabled.principal, when_disabled.disabled) == (None, True)
    assert renew(context, Face.KONCILI, pair.refresh, SECONDS) is None
    assert start_family(context, Face.KONCILI, office.preparer.user_id, SECONDS) is None
