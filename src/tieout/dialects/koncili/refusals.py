"""Every refusal of the core in the vendor's terms: a code of its error reference.

Most can only come from what was sent, which the vendor calls bad values.
"""

from collections.abc import Mapping
from typing import NamedTuple

from starlette.responses import Response

from tieout.dialects.koncili.answers import (
    ACCOUNT_MISSING,
    ACCOUNT_NOT_ALLOWED,
    BAD_VALUES,
    CONFLICTING_DATES,
    coded,
    problem,
)
from tieout.domain.rules import RULES
from tieout.services.context import Denied


class Spelling(NamedTuple):
    """How one refusal is said."""

    error_code: str  # of the vendor's list; empty where it has none
    message: str
    status: int = 0  # where there is no code, which has it in itself


# What refusals are about, as the vendor calls it.
_FIELDS: Mapping[str, str] = {
    "from_day": "initDate",
    "through_day": "endDate",
    "batch_id": "conciliationId",
    "channel": "channelName",
    "entity": "account",
}
_OTHERS: Mapping[str, Spelling] = {
    "not_found": Spelling(ACCOUNT_MISSING, "the account does not exist"),
    "not_permitted": Spelling(ACCOUNT_NOT_ALLOWED, "the account is not allowed to do this"),
    "end_before_start": Spelling(CONFLICTING_DATES, "endDate lies before initDate"),
    "credentials_wrong": Spelling("", "e-mail address or password is wrong", 401),
    "account_locked": Spelling("", "too many attempts; try again later", 429),
}
SPELLED: Mapping[str, Spelling] = {code: _OTHERS.get(code, Spelling(BAD_VALUES, rule)) for code, rule in RULES.items()}


def refused(denied: Denied) -> Response:
    """The answer that a refusal of a service becomes: its first, as the vendor names one at a time."""
    first = denied.refusals[0]
    spelling = SPELLED[first.code]
    if not spelling.error_code:
        return problem(spelling.status, spelling.message)
    field = _FIELDS.get(first.concerns, first.concerns)
    facts = ", ".join(f"{name} {value}" for name, value in first.facts)
    message = (
        f"{field}: {spelling.message}".removeprefix(": ") if spelling.error_code == BAD_VALUES else spelling.message
    )
    return coded(spelling.error_code, f"{message} ({facts})" if facts else message, field)
