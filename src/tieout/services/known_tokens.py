"""What a process remembers of tokens, so that a request costs one query to know who asks."""

from collections.abc import Mapping
from typing import NamedTuple

from tieout.domain.people import Principal, Role, Token


class KnownToken(NamedTuple):
    """A token as it was found, good while its organisation's audit chain has the same length.

    Everything that says what a token may do is written to that chain: its own row, its user, the user's roles.
    """

    token: Token
    roles: Mapping[int, Role]
    events: int
    use_noted_at: int


class KnownFamily(NamedTuple):
    """Whom the tokens of one signing in stand for, good as long as a known token is."""

    principal: Principal
    events: int


class TokenUse(NamedTuple):
    """That a token was used, not written down yet."""

    token: Token
    at: int
