"""What an accounting platform is: one module or package under `tieout.platforms`, found by the registry.

A platform knows its system and nothing of ours: it pulls objects in our words, pushes what it is told under a key that
the system keeps, and finds by that key what it once pushed. Every call may wait for a network, so none is made inside a
transaction.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from tieout.kernel.errors import TieoutError

FaultKind: TypeAlias = Literal["unauthorised", "refused", "unavailable", "unknown", "malformed", "settings"]


class PlatformFault(TieoutError):
    """A platform did not do what it was asked.

    kind: unauthorised - it does not take our credentials; refused - it understood and said no, nothing happened;
    unavailable - nothing reached it, or it said to come back, nothing happened; unknown - it may have happened;
    malformed - its answer makes no sense, of a reading call nothing is lost; settings - the connection's own settings
    are wrong. retry_after: seconds it asked us to wait.
    """

    code = "platform"

    def __init__(self, kind: FaultKind, message: str, retry_after: int | None = None) -> None:
        self.kind, self.message, self.retry_after = kind, message, retry_after
        super().__init__(message)


class SettingField(NamedTuple):
    """One thing that a connection must be told."""

    name: str  # as in JSON and options: folder, url, database, user, password
    meaning: str
    secret: bool = False  # kept sealed, never shown
    default: str | None = None  # None: must be given
    local: bool = False  # a path on the machine of the server: not everybody who may connect may name any


class Business(NamedTuple):
    """Whose books they are, as the platform says."""

    name: str
    legal_name: str = ""
    base_currency: str = ""
    email: str = ""
    type: str = ""


class Pulled(NamedTuple):
    """One object as the platform has it.

    content: JSON values in our words; platforms.md of the documentation lists the keys of each object type.
    """

    object_type: str  # domain.connections.ObjectType
    platform_object_id: str
    content: Mapping[str, Any]
    updated_at: int | None = None  # microseconds
    key: str = ""  # the intent's key, where we made the object ourselves


class PulledPage(NamedTuple):
    """Some objects of one type in the order of the platform's own cursor."""

    objects: Sequence[Pulled]
    cursor: str  # to go on from; never earlier than what was given
    more: bool


class SpanSum(NamedTuple):
    """What a platform has in one span of days: it changes when anything in it is added, edited or deleted."""

    objects: int
    checksum: str


class Pushed(NamedTuple):
    """An object that a platform has taken."""

    platform_object_id: str
    updated_at: int | None = None


class PlatformSession(Protocol):
    """A platform opened with the settings and secrets of one connection. Every call raises PlatformFault."""

    def business(self) -> Business:
        """Whose books these are; also proves that the credentials work."""
        ...

    def pull(self, object_type: str, cursor: str, limit: int) -> PulledPage:
        """Objects that changed behind the cursor, at most `limit`; from the first with an empty one."""
        ...

    def spans(self, object_type: str) -> Mapping[str, SpanSum]:
        """By span of days (`2026-11`) what there is, of object types whose objects can be edited in place."""
        ...

    def ids(self, object_type: str, span: str) -> Sequence[str]:
        """Ids of all objects of a span, to tell which are gone."""
        ...

    def push(self, object_type: str, key: str, body: Mapping[str, Any]) -> Pushed:
        """Make an object once, kept under the key: a second push of one key gives the first object again."""
        ...

    def find(self, object_type: str, key: str) -> Pushed | None:
        """What was made under the key, as evidence; None where the platform is certain that there is nothing."""
        ...


class Platform(Protocol):
    """The shape of a module or package under `tieout.platforms`."""

    TITLE: str  # as people call it
    FIELDS: Sequence[SettingField]
    PULLS: Sequence[str]  # object types that can be pulled, those that others refer to first
    PUSHES: Sequence[str]

    def opened(
        self, settings: Mapping[str, str], secrets: Mapping[str, str]
    ) -> AbstractContextManager[PlatformSession]:
        """A session; closed at the end of the block. Raises PlatformFault."""
        ...
