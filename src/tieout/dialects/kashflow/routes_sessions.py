"""Signing in, in two steps: user name and password, then three characters of the memorable word."""

import json
from hmac import compare_digest, digest

from tieout.contracts.http_asked import Asked
from tieout.contracts.http_query import identifier
from tieout.dialects.kashflow.answers import Answer, refuse
from tieout.dialects.kashflow.parameters import Parameters
from tieout.dialects.kashflow.serving import Here, body_as, company_of, inside, named, require
from tieout.dialects.kashflow.shapes_sessions import LOGIN, REMEMBERED, SESSION, Character, Remembered, SessionShown
from tieout.domain.people import Face, Principal, Role, Session, User
from tieout.services.context import Context
from tieout.services.people.entities import entity
from tieout.services.people.principals import principal_of_token, principal_of_user
from tieout.services.people.secrets import read_secret
from tieout.services.people.sessions import SIGNED_IN, SignedIn, end_session, session_of, start_session
from tieout.services.people.signing_in import MEMORABLE_WORD, check_password, forget_attempts, note_attempt
from tieout.services.people.users import user

# The step between password and memorable word.
_HALF_WAY = "memorable_word"
_HALF_WAY_MINUTES = 10
_ASKED_FOR = 3
# In microseconds.
_DAY = 86_400_000_000
# KeepUserLoggedIn: a week unused instead of the hour.
_KEPT_MINUTES = 7 * 24 * 60


def sign_in(context: Context, asked: Asked) -> Answer:
    """POST /sessiontoken: a temporary token, and which characters of the memorable word are asked for."""
    login = body_as(asked, LOGIN)
    found = require(check_password(context, login.user_name, login.password))
    word = _word_of(context, found)
    if not word:
        refuse("memorable_word_missing")
    principal = principal_of_user(context, found.id, Face.KASHFLOW)
    positions = _positions(context, found, len(word))
    facts = json.dumps({"positions": positions})
    token = start_session(context, Face.KASHFLOW, _HALF_WAY, found.id, facts, _HALF_WAY_MINUTES)
    if principal is None or token is None:
        refuse("credentials_wrong")
    shown = _shown(context, principal, found, temporary_token=token, positions=positions)
    return Answer(201, SESSION.write(shown), SESSION.type_name)


def remember(context: Context, asked: Asked) -> Answer:
    """PUT /sessiontoken: a session's token for a temporary one and the characters that were asked for."""
    given = body_as(asked, REMEMBERED)
    half_way = session_of(context, Face.KASHFLOW, _HALF_WAY, given.temporary_token)
    if half_way is None:
        refuse("session_invalid")
    found = require(user(context, half_way.principal, half_way.session.user_id))
    if locked := note_attempt(context, found, MEMORABLE_WORD):
        require(locked)
    if not _fits(_word_of(context, found), half_way.session, given):
        refuse("credentials_wrong")
    forget_attempts(context, found, MEMORABLE_WORD)
    if not end_session(context, Face.KASHFLOW, _HALF_WAY, given.temporary_token):
        refuse("session_invalid")
    company = company_of(half_way.principal)
    if company is None:
        refuse("not_permitted")
    return _started(context, half_way.principal, found, company, keep_logged_in=given.keep_logged_in)


def swap(context: Context, asked: Asked) -> Answer:
    """GET /sessiontoken?externalToken=&uid=: the token of a program, issued for its user, is a session's by itself."""
    parameters = Parameters(asked)
    token, uid = parameters.text("externaltoken"), parameters.text("uid")
    if not token or not uid:
        refuse("required", "externalToken and uid")
    principal = principal_of_token(context, Face.KASHFLOW, token)
    company = company_of(principal) if principal else None
    if principal is None or company is None or principal.user_id != identifier(uid):
        refuse("session_invalid")
    found = require(user(context, principal, principal.user_id))
    shown = _shown(context, inside(principal, company), found, session_token=token)
    return Answer(200, SESSION.write(shown), SESSION.type_name)


def enter_company(here: Here) -> Answer:
    """GET /sessiontoken/{company_id}: a session in another company of the same user."""
    signed_in = _session(here.context, here.token)
    company = named(here.asked, "company_id", "entity")
    if signed_in is None:
        refuse("session_invalid")
    if not signed_in.principal.sees(company):
        refuse("not_found", "entity")
    found = require(user(here.context, signed_in.principal, signed_in.principal.user_id))
    return _started(here.context, signed_in.principal, found, company, keep_logged_in=False)


def sign_out(here: Here) -> Answer:
    """DELETE /sessiontoken/{session_token}: ends a session of whoever asks."""
    token = here.asked.names["session_token"].lower()
    ending = _session(here.context, token)
    if ending is None or ending.session.user_id != here.principal.user_id:
        refuse("session_invalid")
    end_session(here.context, Face.KASHFLOW, SIGNED_IN, token)
    return Answer(200, {}, SESSION.type_name)


def _session(context: Context, token: str) -> SignedIn | None:
    return session_of(context, Face.KASHFLOW, SIGNED_IN, token)


def _started(context: Context, principal: Principal, of: User, company: int, *, keep_logged_in: bool) -> Answer:
    facts = json.dumps({"company": company})
    idle = _KEPT_MINUTES if keep_logged_in else None
    token = start_session(context, Face.KASHFLOW, SIGNED_IN, of.id, facts, idle)
    if token is None:
        refuse("credentials_wrong")
    shown = _shown(context, inside(principal, company), of, session_token=token, keep_logged_in=keep_logged_in)
    return Answer(200, SESSION.write(shown), SESSION.type_name)


def _shown(
    context: Context,
    principal: Principal,
    of: User,
    *,
    temporary_token: str | None = None,
    session_token: str | None = None,
    positions: tuple[int, ...] = (),
    keep_logged_in: bool = False,
) -> SessionShown:
    company = company_of(principal)
    name = "" if company is None else require(entity(context, principal, company)).name
    return SessionShown(
        temporary_token=temporary_token,
        session_token=session_token,
        characters=tuple(Character(position=position) for position in positions),
        keep_logged_in=keep_logged_in,
        positions=",".join(map(str, positions)),
        company_user_id=of.id,
        company_id=company or 0,
        company_name=name,
        full_name=of.name,
        email=of.email,
        is_admin=company is not None and principal.roles[company] is Role.OWNER,
        start_page_url="/" if session_token else None,
    )


def _word_of(context: Context, of: User) -> str:
    return read_secret(context, of.organisation_id, f"user:{of.id}", MEMORABLE_WORD) or ""


def _positions(context: Context, of: User, length: int) -> tuple[int, ...]:
    """Three places in the word, counted from 1, ascending; all of a shorter one.

    They stay the same for a day: who has seen three characters cannot ask again until just those are wanted.
    """
    key = context.sealer.signing_key("memorable word positions")
    drawn = digest(key, f"{of.id} {length} {context.now() // _DAY}".encode(), "sha256")
    left = list(range(1, length + 1))
    places = [left.pop(int.from_bytes(drawn[8 * turn :][:8]) % len(left)) for turn in range(min(_ASKED_FOR, length))]
    return tuple(sorted(places))


def _fits(word: str, half_way: Session, given: Remembered) -> bool:
    """Whether exactly the characters that were asked for are given, in either case and any order."""
    positions: list[int] = json.loads(half_way.facts)["positions"]
    characters = {character.position: character.value.casefold() for character in given.characters}
    wanted = {position: word[position - 1 : position].casefold() for position in positions}
    if len(given.characters) != len(positions):
        return False
    return compare_digest(json.dumps(sorted(characters.items())).encode(), json.dumps(sorted(wanted.items())).encode())
