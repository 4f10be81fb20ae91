"""Four eyes: who prepared a match does not make it final alone, and no token does without an owner's word."""

import pytest

from tests.given_store import Office, given_office
from tieout.domain.people import Face, Principal
from tieout.services.context import Context
from tieout.services.people.four_eyes import second_person_missing
from tieout.services.people.settings import FOUR_EYES, set_setting


def refusal(context: Context, office: Office, who: Principal, prepared_by: str) -> str | None:
    """The code of the refusal, or None."""
    with context.store.reading() as view:
        found = second_person_missing(view, who, office.entity_id, prepared_by)
    return found.code if found else None


def through(who: Principal, face: Face, *, post: bool | None = None) -> Principal:
    """The same person through a face; by a token where `post` is given."""
    return Principal(who.organisation_id, who.user_id, face, who.roles, post is not False, None if post is None else 1)


@pytest.fixture
def office(context: Context) -> Office:
    """An office with four eyes on."""
    made = given_office(context)
    set_setting(context, made.owner, FOUR_EYES, "on")
    return made


def test_nobody_makes_final_what_they_prepared_through_whatever_face(context: Context, office: Office) -> None:
    prepared_by = through(office.approver, Face.KASHFLOW).name

    assert refusal(context, office, through(office.approver, Face.DESK), prepared_by) == "second_person_needed"
    assert refusal(context, office, through(office.owner, Face.DESK), prepared_by) is None


def test_what_the_engine_prepared_nobody_did(context: Context, office: Office) -> None:
    assert refusal(context, office, office.approver, "") is None


def test_with_four_eyes_off_one_person_is_enough(context: Context) -> None:
    office = given_office(context)

    assert refusal(context, office, office.approver, office.approver.name) is None


@pytest.mark.parametrize("eyes", ["on", "off"])
def test_a_token_makes_nothing_final_without_post_and_with_it_alone(eyes: str, context: Context) -> None:
    office = given_office(context)
    set_setting(context, office.owner, FOUR_EYES, eyes)

    for prepared_by in (office.approver.name, office.owner.name, ""):
        assert (
            refusal(context, office, through(office.approver, Face.FINTERA, post=False), prepared_by) == "post_missing"
        )
        assert refusal(context, office, through(office.approver, Face.FINTERA, post=True), prepared_by) is None
