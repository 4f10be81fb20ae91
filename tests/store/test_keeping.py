"""Nouns go in and come out as they were."""

from tests.given_store import given_office
from tieout.domain.people import Entity
from tieout.services.context import Context


def test_an_entity_comes_out_as_it_went_in(context: Context) -> None:
    office = given_office(context, "NOK", "EUR")

    with context.store.reading() as view:
        found = view.all(Entity, organisation_id=office.organisation.id)

    assert tuple(found) == office.entities
