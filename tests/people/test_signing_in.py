"""Signing in: right or wrong is all that is told, and guessing ends after five."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.given_people import PASSWORD, given_user
from tests.given_store import Clock, given_office
from tieout.domain.people import User
from tieout.services.context import Context, Denied
from tieout.services.people.passwords import password_fits
from tieout.services.people.signing_in import MEMORABLE_WORD, check_password, forget_attempts, note_attempt
from tieout.services.people.users import disable_user


def said(answer: User | Denied) -> str:
    """The code of a refusal, or that it was right."""
    return answer.codes[0] if isinstance(answer, Denied) else "right"


def test_the_right_password_gives_the_user_whatever_the_case_of_the_address(context: Context) -> None:
    made = given_user(context, given_office(context))

    assert check_password(context, f" {made.email.upper()} ", PASSWORD) == made


def test_a_wrong_password_an_unknown_address_and_a_disabled_user_sound_alike(context: Context) -> None:
    office = given_office(context)
    made, gone = given_user(context, office), given_user(context, office)
    disable_user(context, office.owner, gone.id)

    answers = [
        check_password(context, email, password)
        for email, password in (
            (made.email, "parsnips"),
            ("nobody@office.example", PASSWORD),
            (gone.email, PASSWORD),
            ("\ud800", "\ud800"),
            (made.email, ""),
            (made.email, "x" * 100_000),
        )
    ]

    assert answers == [answers[0]] * 6
    assert said(answers[0]) == "credentials_wrong"


@pytest.mark.parametrize("known", [True, False], ids=["a user", "an unknown address"])
def test_after_five_wrong_passwords_nothing_is_accepted_until_a_quarter_of_an_hour_has_passed(
    known: bool, context: Context, clock: Clock
) -> None:
    made = given_user(context, given_office(context))
    email = made.email if known else f"not.{made.email}"

    answers = [said(check_password(context, email, "parsnips")) for _ in range(7)]
    clock.forward(minutes=14, seconds=59)
    locked = said(check_password(context, email, PASSWORD))
    clock.forward(seconds=1)

    assert answers == ["credentials_wrong"] * 5 + ["account_locked"] * 2
    assert locked == "account_locked"
    assert said(check_password(context, email, PASSWORD)) == ("right" if known else "credentials_wrong")


def test_attempts_while_it_is_locked_do_not_lock_it_longer(context: Context, clock: Clock) -> None:
    made = given_user(context, given_office(context))
    for _ in range(5):
        check_password(context, made.email, "parsnips")

    for _ in range(14):
        clock.forward(minutes=1)
        check_password(context, made.email, "parsnips")
    clock.forward(minutes=1)

    assert said(check_password(context, made.email, PASSWORD)) == "right"


def test_the_right_password_forgives_the_wrong_ones_before_it(context: Context) -> None:
    made = given_user(context, given_office(context))

    answers = [said(check_password(context, made.email, each)) for each in ["a", "b", "c", "d", PASSWORD] * 3]

    assert answers == (["credentials_wrong"] * 4 + ["right"]) * 3


def test_wrong_attempts_of_one_user_do_not_lock_another(context: Context) -> None:
    office = given_office(context)
    made, other = given_user(context, office), given_user(context, office)

    for _ in range(6):
        check_password(context, made.email, "parsnips")

    assert said(check_password(context, other.email, PASSWORD)) == "right"


def test_guesses_at_the_same_moment_are_counted_one_after_another(context: Context) -> None:
    made = given_user(context, given_office(context))

    with ThreadPoolExecutor(8) as threads:
        noted = list(threads.map(lambda _: note_attempt(context, made, MEMORABLE_WORD), range(24)))

    assert noted.count(None) == 5
    assert {each.codes for each in noted if each is not None} == {("account_locked",)}


def test_a_guess_that_is_right_counts_no_more_when_five_wrong_ones_were_quicker(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = given_user(context, given_office(context))

    def slowly(*checked: Any) -> tuple[bool, str | None]:
        monkeypatch.undo()
        for _ in range(5):
            check_password(context, made.email, "parsnips")
        return password_fits(*checked)

    monkeypatch.setattr("tieout.services.people.signing_in.password_fits", slowly)

    assert said(check_password(context, made.email, PASSWORD)) == "account_locked"


def test_while_it_is_locked_no_password_is_looked_at(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    made = given_user(context, given_office(context))
    for _ in range(5):
        check_password(context, made.email, "parsnips")
    looked: list[object] = []
    monkeypatch.setattr("tieout.services.people.signing_in.password_fits", lambda *checked: looked.append(checked))

    answer = check_password(context, made.email, PASSWORD)

    assert (said(answer), looked) == ("account_locked", [])


def test_people_who_sign_in_rightly_at_the_same_moment_all_come_in(context: Context) -> None:
    made = given_user(context, given_office(context))

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: check_password(context, made.email, PASSWORD), range(24)))

    assert answers == [made] * 24


def test_a_right_password_does_not_forgive_wrong_memorable_words(context: Context) -> None:
    made = given_user(context, given_office(context))

    answers = []
    for _ in range(6):
        answers += [said(check_password(context, made.email, PASSWORD)), note_attempt(context, made, MEMORABLE_WORD)]

    assert answers[:10] == ["right", None] * 5
    assert answers[10] == "account_locked"
    assert isinstance(answers[11], Denied)


def test_a_right_memorable_word_forgives_the_wrong_ones(context: Context) -> None:
    made = given_user(context, given_office(context))
    for _ in range(5):
        note_attempt(context, made, MEMORABLE_WORD)

    forget_attempts(context, made, MEMORABLE_WORD)

    assert note_attempt(context, made, MEMORABLE_WORD) is None
    assert said(check_password(context, made.email, PASSWORD)) == "right"


def test_a_password_is_kept_under_a_new_cost_when_its_user_signs_in(context: Context) -> None:
    made = given_user(context, given_office(context))
    dearer = replace(context, settings=replace(context.settings, password_passes=2))

    first, second = (check_password(dearer, made.email, PASSWORD) for _ in range(2))

    assert isinstance(first, User)
    assert isinstance(second, User)
    assert "t=1," in first.password_hash
    assert "t=2," in second.password_hash
    assert password_fits(dearer.settings, PASSWORD, second.password_hash) == (True, None)
