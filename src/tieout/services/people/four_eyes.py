"""Four eyes: who may make final what somebody prepared."""

from tieout.domain.people import Principal
from tieout.kernel.errors import Refusal
from tieout.services.people.settings import FOUR_EYES, setting
from tieout.store.protocols import Reading


def second_person_missing(view: Reading, principal: Principal, entity_id: int, prepared_by: str) -> Refusal | None:
    """Why the principal may not confirm, close, reopen or write off this alone, or None.

    prepared_by: the name of the principal who prepared it, as `Principal.name`; the face it came through does not
    count, so that nobody is two people. What the engine prepared, nobody did.
    A token or a client makes nothing final unless an owner granted it `post`; with it, it does so alone.
    """
    if principal.token_id is not None or principal.client_id is not None:
        return None if principal.post else Refusal("post_missing", "match")
    if _person(prepared_by) != _person(principal.name):
        return None
    if setting(view, principal.organisation_id, entity_id, FOUR_EYES) == "off":
        return None
    return Refusal("second_person_needed", "match")


def _person(name: str) -> str:
    """`user:7@desk` and `user:7@kashflow` are one person."""
    return name.partition("@")[0]
