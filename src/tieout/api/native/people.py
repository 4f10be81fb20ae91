"""Who may do what: users, their roles, tokens, and the settings that they decided on."""

import msgspec

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.operations import Operation
from tieout.api.native.spelling import instant_text, maybe_instant_text
from tieout.domain.people import Face, Grant, Role, Setting, Token, User
from tieout.kernel.errors import Refusal
from tieout.services.context import Denied
from tieout.services.people.grants import grant, grants, revoke_grant
from tieout.services.people.settings import set_setting
from tieout.services.people.settings_now import settings_now
from tieout.services.people.tokens import TokenNow, issue_token, revoke_token, tokens
from tieout.services.people.users import (
    UserRequest,
    change_password,
    create_user,
    disable_user,
    enable_user,
    user,
    users,
)


class RoleBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The role of a user in an entity."""

    entity_id: int
    role: str  # reader, preparer, approver, owner


class UserBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new user with its roles."""

    email: str
    name: str
    password: str
    roles: list[RoleBody] = []


class PasswordBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password; everybody changes their own, and says the old one."""

    password: str
    old: str


class GrantBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The role that the user shall have in the entity."""

    role: str


class TokenBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token by which a program acts as a user: for one face, narrowed to entities, for some days."""

    face: str
    user_id: int | None = None  # whoever asks, where none is named
    entities: list[int] = []
    post: bool = False
    days: int | None = None
    label: str = ""


class SettingBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The new value of a setting: of an entity, or without one of the whole organisation."""

    name: str
    value: str
    entity_id: int | None = None


class UserAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who signs in."""

    id: int
    public_id: str
    email: str
    name: str
    created_at: str
    disabled_at: str | None


class UsersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The users that the token may know of, by id."""

    users: list[UserAnswer]


class GrantAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The role of one user in one entity."""

    entity_id: int
    user_id: int
    role: str
    granted_at: str


class GrantsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who has which role in the entity."""

    grants: list[GrantAnswer]


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A token; its text is shown once, when it is made."""

    id: int
    user_id: int
    face: str
    label: str
    entities: list[int]
    post: bool
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None = None
    counts: bool = True
    text: str | None = None


class TokensAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The tokens that the token may know of, by id."""

    tokens: list[TokenAnswer]


class SettingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A setting; entity 0 is the whole organisation."""

    entity_id: int
    name: str
    value: str
    changed_at: str


class KnownSetting(msgspec.Struct, frozen=True, kw_only=True):
    """A setting with the value that counts."""

    name: str
    value: str
    meaning: str


class SettingsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that there are, as they count in the entity."""

    settings: list[KnownSetting]


def _list(call: Call) -> Answer:
    return UsersAnswer(users=[_user(each) for each in users(call.context, call.principal)])


def _create(call: Call) -> Answer:
    body = call.read(UserBody)
    unknown = [
        Refusal("not_allowed", f"roles[{row}].role") for row, each in enumerate(body.roles) if not _known(each.role)
    ]
    if unknown:
        return Denied(tuple(unknown))
    roles = {each.entity_id: Role(each.role) for each in body.roles}
    made = create_user(
        call.context,
        call.principal,
        UserRequest(email=body.email, name=body.name, password=body.password, roles=roles),
    )
    if isinstance(made, Denied):
        return made
    return Given(_user(made), 201, {"location": f"{call.asked.path}/{made.id}"})


def _show(call: Call) -> Answer:
    return _user_or_denial(user(call.context, call.principal, call.number("user_id")))


def _disable(call: Call) -> Answer:
    return _user_or_denial(disable_user(call.context, call.principal, call.number("user_id")))


def _enable(call: Call) -> Answer:
    return _user_or_denial(enable_user(call.context, call.principal, call.number("user_id")))


def _password(call: Call) -> Answer:
    body, wanted = call.read(PasswordBody), call.number("user_id")
    return _user_or_denial(change_password(call.context, call.principal, wanted, body.password, old=body.old))


def _user_or_denial(found: User | Denied) -> Answer:
    return found if isinstance(found, Denied) else _user(found)


def _user(user: User) -> UserAnswer:
    return UserAnswer(
        id=user.id,
        public_id=user.public_id,
        email=user.email,
        name=user.name,
        created_at=instant_text(user.created_at),
        disabled_at=maybe_instant_text(user.disabled_at),
    )


def _list_grants(call: Call) -> Answer:
    found = grants(call.context, call.principal, call.entity_id)
    return found if isinstance(found, Denied) else GrantsAnswer(grants=[_grant(each) for each in found])


def _put_grant(call: Call) -> Answer:
    role = call.read(GrantBody).role
    if not _known(role):
        return Denied((Refusal("not_allowed", "role"),))
    made = grant(call.context, call.principal, call.entity_id, call.number("user_id"), Role(role))
    return made if isinstance(made, Denied) else _grant(made)


def _revoke_grant(call: Call) -> Answer:
    revoked = revoke_grant(call.context, call.principal, call.entity_id, call.number("user_id"))
    return revoked if isinstance(revoked, Denied) else Given(None, 204)


def _grant(kept: Grant) -> GrantAnswer:
    return GrantAnswer(
        entity_id=kept.entity_id, user_id=kept.user_id, role=kept.role, granted_at=instant_text(kept.granted_at)
    )


def _known(role: str) -> bool:
    return role in tuple(Role)


def _list_tokens(call: Call) -> Answer:
    return TokensAnswer(tokens=[_token_now(each) for each in tokens(call.context, call.principal)])


def _issue(call: Call) -> Answer:
    body = call.read(TokenBody)
    if body.face not in tuple(Face):
        return Denied((Refusal("not_allowed", "face"),))
    issued = issue_token(
        call.context,
        call.principal,
        body.user_id or call.principal.user_id,
        Face(body.face),
        entities=body.entities,
        post=body.post,
        days=body.days,
        label=body.label,
    )
    return issued if isinstance(issued, Denied) else Given(_token(issued.token, text=issued.text), 201)


def _revoke_token(call: Call) -> Answer:
    revoked = revoke_token(call.context, call.principal, call.number("token_id"))
    return revoked if isinstance(revoked, Denied) else Given(None, 204)


def _token_now(now: TokenNow) -> TokenAnswer:
    return msgspec.structs.replace(
        _token(now.token), last_used_at=maybe_instant_text(now.last_used_at), counts=now.counts
    )


def _token(token: Token, text: str | None = None) -> TokenAnswer:
    return TokenAnswer(
        id=token.id,
        user_id=token.user_id,
        face=token.face,
        label=token.label,
        entities=[int(each) for each in token.entities.split()],
        post=token.post,
        created_at=instant_text(token.created_at),
        expires_at=maybe_instant_text(token.expires_at),
        revoked_at=maybe_instant_text(token.revoked_at),
        text=text,
    )


def _list_settings(call: Call) -> Answer:
    found = settings_now(call.context, call.principal, call.entity_id)
    if isinstance(found, Denied):
        return found
    return SettingsAnswer(settings=[KnownSetting(**each._asdict()) for each in found])


def _set(call: Call) -> Answer:
    body = call.read(SettingBody)
    kept = set_setting(call.context, call.principal, body.name, body.value, entity_id=body.entity_id or 0)
    return kept if isinstance(kept, Denied) else _setting(kept)


def _setting(kept: Setting) -> SettingAnswer:
    return SettingAnswer(
        entity_id=kept.entity_id, name=kept.name, value=kept.value, changed_at=instant_text(kept.changed_at)
    )


_GRANTS = "/entities/{entity_id}/grants"

OPERATIONS = (
    Operation("GET", "/users", "users", _list, gives=UsersAnswer),
    Operation("POST", "/users", "a new user", _create, UserBody, UserAnswer, 201),
    Operation("GET", "/users/{user_id}", "one user", _show, gives=UserAnswer),
    Operation("POST", "/users/{user_id}/disable", "let nobody sign in as it", _disable, gives=UserAnswer),
    Operation("POST", "/users/{user_id}/enable", "let it sign in again", _enable, gives=UserAnswer),
    Operation("POST", "/users/{user_id}/password", "change the own password", _password, PasswordBody, UserAnswer),
    Operation("GET", _GRANTS, "who has which role", _list_grants, gives=GrantsAnswer),
    Operation("PUT", f"{_GRANTS}/{{user_id}}", "give a role", _put_grant, GrantBody, GrantAnswer),
    Operation("DELETE", f"{_GRANTS}/{{user_id}}", "take a role away", _revoke_grant, status=204),
    Operation("GET", "/tokens", "tokens", _list_tokens, gives=TokensAnswer),
    Operation("POST", "/tokens", "a new token, whose text is shown this once", _issue, TokenBody, TokenAnswer, 201),
    Operation("DELETE", "/tokens/{token_id}", "revoke a token", _revoke_token, status=204),
    Operation("GET", "/entities/{entity_id}/settings", "what was decided", _list_settings, gives=SettingsAnswer),
    Operation("PUT", "/settings", "decide on a setting", _set, SettingBody, SettingAnswer),
)
