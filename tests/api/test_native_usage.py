"""What was called of limited APIs, as owners and others see it through the native API."""

from tests.api.given_server import Native
from tieout.services.limits import credential_of, take_call


def test_owners_see_what_every_credential_called_and_others_their_own(served: Native) -> None:
    office = served.office
    caller = credential_of(office.preparer.user_id)
    for _ in range(4):
        take_call(served.context, office.organisation.id, caller, "unresolveds", 3)

    told = served.client.ask("GET", "/usage")
    to_reader = served.client_of(office.reader).ask("GET", "/usage")
    later = served.client.ask("GET", "/usage?from_date=2999-01-01")

    day = {"credential": caller, "endpoint": "unresolveds", "called_on": "2026-01-15"}
    assert told.json == {"usage": [{**day, "calls": 4, "refused": 1, "faulty": 1, "blocked": 0}], "locked": []}
    assert (to_reader.status, to_reader.json["usage"], later.json["usage"]) == (200, [], [])
