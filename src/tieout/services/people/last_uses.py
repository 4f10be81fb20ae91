"""When tokens were last used: remembered by requests, written down beside them. Operational rows."""

from tieout.domain.people import Session, Token
from tieout.services.context import Context
from tieout.services.known_tokens import TokenUse
from tieout.services.people.principals import LAST_USE_EVERY
from tieout.store.errors import Conflict
from tieout.store.protocols import Reading, Writing

# What a last use is kept as: a session row that never lets anybody in.
LAST_USE = "last_use"

_NEVER = 2**53 - 1


def write_last_uses(context: Context) -> int:
    """Write down the uses that requests of this process remember; how many were written.

    A use within a minute of the one that is written already, perhaps by another process, is not.
    """
    taken = [context.token_uses.pop(digest) for digest in [*context.token_uses]]
    if not taken:
        return 0
    try:
        with context.store.operating() as work:
            return sum([_write(work, use) for use in taken])
    except Conflict:  # another process wrote a first use at this moment: the next time finds its row
        for use in taken:
            context.token_uses.setdefault(use.token.digest, use)
        return 0


def last_used_at(context: Context, view: Reading, token: Token) -> int | None:
    """When the token was last used, to the minute, as far as this process knows; None for never."""
    kept = view.one(Session, digest=token.digest)
    remembered = context.token_uses.get(token.digest)
    known = [*([kept.seen_at] if kept else ()), *([remembered.at] if remembered else ())]
    return max(known, default=None)


def _write(work: Writing, use: TokenUse) -> bool:
    token, at = use
    kept = work.one(Session, digest=token.digest)
    if kept is not None:
        return at - kept.seen_at >= LAST_USE_EVERY and work.change(kept, seen_at=at)
    work.add(
        Session(
            digest=token.digest,
            face=token.face,
            purpose=LAST_USE,
            organisation_id=token.organisation_id,
            user_id=token.user_id,
            facts="",
            started_at=at,
            seen_at=at,
            expires_at=_NEVER,
        )
    )
    return True
