"""What an organisation did about its people stands in its audit trail, and nothing that opens a door does."""

from tests.given_people import PASSWORD, given_entity, given_user, principal
from tests.given_store import Clock, given_office
from tieout.domain.audit import AuditEvent
from tieout.domain.people import Face, Role
from tieout.services.context import Context
from tieout.services.people.entities import change_entity
from tieout.services.people.grants import grant, revoke_grant
from tieout.services.people.last_uses import write_last_uses
from tieout.services.people.principals import principal_of_token
from tieout.services.people.secrets import keep_secret
from tieout.services.people.sessions import SIGNED_IN, session_of, start_session
from tieout.services.people.settings import FOUR_EYES, set_setting
from tieout.services.people.signing_in import check_password
from tieout.services.people.tokens import Issued, issue_token, revoke_token
from tieout.services.people.users import change_password, disable_user, enable_user


def test_the_trail_bears_out_every_row_and_holds_nothing_that_opens_a_door(context: Context, clock: Clock) -> None:
    office = given_office(context)
    owner = office.owner
    other = given_entity(context, office)
    made = given_user(context, office, {office.entity_id: Role.READER, other.id: Role.OWNER})
    change_entity(context, owner, office.entity_id, {"time_zone": "America/Sao_Paulo"})
    grant(context, owner, office.entity_id, made.id, Role.APPROVER)
    revoke_grant(context, owner, office.entity_id, made.id)
    issued = issue_token(context, owner, owner.user_id, Face.FINTERA, post=True, label="ERP")
    assert isinstance(issued, Issued)
    principal_of_token(context, Face.FINTERA, issued.text)
    write_last_uses(context)
    clock.forward(minutes=2)
    principal_of_token(context, Face.FINTERA, issued.text)
    write_last_uses(context)
    revoke_token(context, owner, issued.token.id)
    for word in ("kohlrabi", "radishes"):
        keep_secret(context, owner, f"user:{owner.user_id}", "memorable_word", word)
    session = start_session(context, Face.KASHFLOW, SIGNED_IN, made.id)
    assert session is not None
    clock.forward(minutes=2)
    session_of(context, Face.KASHFLOW, SIGNED_IN, session)
    check_password(context, made.email, "parsnips")
    change_password(context, principal(context, made.id), made.id, "leeks and leeks", old=PASSWORD)
    for value in ("on", "off"):
        set_setting(context, owner, FOUR_EYES, value)
        set_setting(context, owner, FOUR_EYES, value, entity_id=office.entity_id)
    disable_user(context, principal(context, owner.user_id), made.id)
    enable_user(context, principal(context, owner.user_id), made.id)

    with context.store.reading() as view:
        faults = view.trail_faults(office.organisation.id)
        told = "".join(event.body for event in view.all(AuditEvent, scope=f"organisation:{office.organisation.id}"))

    assert faults == []
    hidden = (issued.text, session, "kohlrabi", "radishes", PASSWORD, "leeks and leeks", "parsnips", made.password_hash)
    assert [text for text in hidden if text in told] == []
