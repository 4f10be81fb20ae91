"""Lists that page by signed cursors: page 10,000 costs what page 1 costs."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from tieout.api.native.calling import Call
from tieout.api.native.operations import Parameter
from tieout.contracts.cursors import BadCursor, cursor_of, position_of
from tieout.contracts.http_faults import RequestFault, bad_parameter

LIMIT_MAX = 1_000
_LIMIT = 100

Row = TypeVar("Row")

PAGING = (
    Parameter("limit", "how many at most", {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": _LIMIT}),
    Parameter("cursor", "`next` of the page before, as it was given"),
)


def limit_of(call: Call) -> int:
    """How many the client wants on a page. Raises RequestFault (400)."""
    return call.asked.query.whole("limit", _LIMIT, 1, LIMIT_MAX)


def after_of(call: Call) -> int:
    """The identifier behind which the page begins; 0 for the first. Raises RequestFault (400)."""
    cursor = call.asked.query.text("cursor", None)
    if cursor is None:
        return 0
    try:
        return int(position_of(_key(call), _bound(call), cursor)[0])
    except BadCursor as bad:
        raise RequestFault(bad_parameter("cursor", str(bad), "bad_cursor")) from None


def next_cursor(call: Call, rows: Sequence[Row], identifier: Callable[[Row], int]) -> str | None:
    """The cursor of the page behind these rows; None where they are fewer than the limit."""
    if len(rows) < limit_of(call):
        return None
    return cursor_of(_key(call), _bound(call), (identifier(rows[-1]),))


def _key(call: Call) -> bytes:
    return call.context.sealer.signing_key("cursors")


def _bound(call: Call) -> tuple[str, ...]:
    """Whose list it is, which one, and how it is filtered; the size of pages may change on the way."""
    filters = sorted(f"{name}={value}" for name, value in call.asked.query if name not in ("cursor", "limit"))
    return (call.principal.name, call.asked.path, *filters)
