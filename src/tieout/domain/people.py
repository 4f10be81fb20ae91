"""Who acts: organisations, entities, users, what they may do, and the credentials that stand for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Capability(StrEnum):
    """What somebody may do in an entity."""

    READ = "read"
    PREPARE = "prepare"  # bring lines in, propose matches, tick
    CONFIRM = "confirm"  # make a proposed match final, undo one
    CLOSE = "close"  # close and reopen a reconciliation
    CONFIGURE = "configure"  # accounts' settings, users, keys


class Role(StrEnum):
    """A named set of capabilities, granted per entity; each role holds those before it."""

    READER = "reader"
    PREPARER = "preparer"
    APPROVER = "approver"
    OWNER = "owner"

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this role may do."""
        return _CAPABILITIES[self]


_CAPABILITIES: Mapping[Role, frozenset[Capability]] = {
    Role.READER: frozenset({Capability.READ}),
    Role.PREPARER: frozenset({Capability.READ, Capability.PREPARE}),
    Role.APPROVER: frozenset({Capability.READ, Capability.PREPARE, Capability.CONFIRM, Capability.CLOSE}),
    Role.OWNER: frozenset(Capability),
}


class Face(StrEnum):
    """An API that a credential belongs to; the other faces refuse it."""

    NATIVE = "native"
    DESK = "desk"
    FINTERA = "fintera"
    KASHFLOW = "kashflow"
    SNAPBOOKS = "snapbooks"
    KONCILI = "koncili"
    MONITE = "monite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Owns entities, users, keys and settings."""

    id: int
    public_id: str  # UUIDv7
    name: str
    created_at: int  # microseconds since 1970 UTC, as every instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """The legal entity whose books are reconciled."""

    id: int
    organisation_id: int
    public_id: str
    name: str
    currency: str  # functional currency, ISO 4217
    time_zone: str  # IANA name; the bank's local day is never shifted, schedules need it
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who signs in; the e-mail address is unique in lower case."""

    id: int
    organisation_id: int
    public_id: str
    email: str
    name: str
    password_hash: str  # Argon2id
    created_at: int
    disabled_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The role of one user in one entity."""

    entity_id: int
    user_id: int
    role: str
    granted_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A credential for one face; only its digest is kept.

    entities: ids it is narrowed to, separated by blanks; empty for all that its user may see.
    """

    id: int
    organisation_id: int
    user_id: int
    face: str
    digest: bytes  # SHA-256 of the whole token
    label: str
    entities: str
    post: bool  # may confirm alone, where a second person would be needed
    created_at: int
    expires_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """A program that signs in by itself for all entities of its organisation (Monite's client credentials)."""

    id: int
    organisation_id: int
    public_id: str
    label: str
    digest: bytes  # SHA-256 of its secret, which is random
    created_at: int
    revoked_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Something that must be read back, sealed with AES-GCM; the row's identity is bound in."""

    id: int
    organisation_id: int
    owner: str  # what it belongs to: "user:7", "connection:3"
    name: str  # "memorable_word"
    key_id: str
    sealed: bytes
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One business setting of an organisation (entity_id 0) or of one of its entities."""

    organisation_id: int
    entity_id: int
    name: str
    value: str
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in for a while; operational, so it makes no event.

    facts: JSON text that the face needs, for example the positions asked of a memorable word.
    """

    digest: bytes
    face: str
    purpose: str  # "session", or a step before it
    organisation_id: int
    user_id: int
    facts: str
    started_at: int
    seen_at: int
    expires_at: int


# The user id of whoever runs commands on the machine of the database; no row has it.
OPERATOR = 0
# The user id of a program that signs in by itself; no row has it either.
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Principal:
    """Whom a credential stands for, where, and what it may do there.

    roles: by entity, already narrowed to what the credential is scoped to.
    """

    organisation_id: int
    user_id: int
    face: Face
    roles: Mapping[int, Role]
    post: bool = True  # False: a token that may prepare, but not confirm alone under its owner's rules
    token_id: int | None = None
    client_id: int | None = None  # of an ApiClient that acts for itself, as NOBODY

    @property
    def name(self) -> str:
        """Who it is, as audit events say: `user:7@desk`, with the face it came through; `operator` for OPERATOR."""
        if self.client_id is not None:
            return f"client:{self.client_id}@{self.face}"
        return f"user:{self.user_id}@{self.face}" if self.user_id != OPERATOR else "operator"

    def sees(self, entity_id: int) -> bool:
        """Whether the entity exists at all for this principal."""
        return entity_id in self.roles

    def may(self, capability: Capability, entity_id: int) -> bool:
        """Whether it may do this in the entity."""
        role = self.roles.get(entity_id)
        return role is not None and capability in role.capabilities
