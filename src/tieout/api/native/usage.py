"""What was called of vendors' APIs whose calls are limited, and which credentials are locked for misuse."""

import msgspec

from tieout.api.native.calling import Answer, Call
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.spelling import day_written, instant_text, maybe_instant_text
from tieout.services.usage import blocks, usage

# What is shown where nobody says since when.
_DAYS_SHOWN = 30
_DAY = 86_400_000_000


class UsageRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one credential called of one endpoint on one day (UTC)."""

    credential: str  # user:7
    endpoint: str
    called_on: str
    calls: int
    refused: int  # too many in a minute
    faulty: int  # every answer of 400 to 499, those too
    blocked: int  # while it was locked


class LockedCredential(msgspec.Struct, frozen=True, kw_only=True):
    """A credential that is locked for misuse."""

    credential: str
    since: str
    until: str | None  # null: until tieout token unblock
    asked: int  # calls meanwhile


class UsageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Usage by credential, endpoint and day: of all for who owns every entity, of the own credential for others."""

    usage: list[UsageRow]
    locked: list[LockedCredential]


def _show(call: Call) -> Answer:
    asked = call.asked.query.day("from_date")
    from_day = call.context.now() // _DAY - _DAYS_SHOWN + 1 if asked is None else asked
    return UsageAnswer(
        usage=[
            UsageRow(
                credential=each.credential,
                endpoint=each.endpoint,
                called_on=day_written(each.on_day),
                calls=each.calls,
                refused=each.refused,
                faulty=each.faulty,
                blocked=each.blocked,
            )
            for each in usage(call.context, call.principal, from_day)
        ],
        locked=[
            LockedCredential(
                credential=each.credential,
                since=instant_text(each.since),
                until=maybe_instant_text(each.until),
                asked=each.asked,
            )
            for each in blocks(call.context, call.principal)
        ],
    )


_FROM = Parameter(
    "from_date", "since which day (UTC); the last 30 days where it is not given", {"type": "string", "format": "date"}
)

OPERATIONS = (Operation("GET", "/usage", "limited calls by day", _show, gives=UsageAnswer, parameters=(_FROM,)),)
