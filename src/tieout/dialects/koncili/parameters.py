"""What a list is asked for, from the parameters of its address; one that is empty counts as left out.

Parameters that the vendor does not know are passed over, as it does.
"""

from tieout.contracts.http_asked import Asked
from tieout.contracts.http_query import Query
from tieout.services.settlements.delivery import Fetch

# What every page holds; no client is known to ask for another number.
PAGE_SIZE = 100

_YES = ("true", "True", "TRUE", "1")
_NO = ("false", "False", "FALSE", "0")


def given(asked: Asked) -> Query:
    """The parameters that say something."""
    query = Query(b"")
    query.pairs = tuple(pair for pair in asked.query if pair.value)
    return query


def fetch_of(asked: Asked, *, unread: bool = True) -> Fetch:
    """Which entries are asked for. unread: whether `onlyUnread` is understood here. Raises RequestFault (400)."""
    query = given(asked)
    only_unread = (
        query.flag("onlyUnread", absent=True, true=_YES, false=_NO) if unread and query.text("onlyUnread", "") else None
    )
    return Fetch(
        offset=query.whole("offset", 0),
        limit=PAGE_SIZE,
        unread_only=only_unread,
        from_day=query.day("initDate"),
        through_day=query.day("endDate"),
        batch_id=query.optional_whole("conciliationId"),
        channel=query.text("channelName", None),
    )
