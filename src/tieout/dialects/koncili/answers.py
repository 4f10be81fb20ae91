"""What a call is answered with when it cannot be served: the vendor's coded errors, and problems where it has no code.

Source: the vendor's error reference: `{"errorMessage", "errorCode", "errorSource"}` for what its list codes, bare
`{"response": "NO_TOKEN"}` for a token that is missing or has ended, and RFC 7807 otherwise.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_faults import HttpFault
from tieout.kernel.errors import TieoutError

# The vendor's codes; the number before the dash is the status.
BAD_VALUES = "400-0"
CONFLICTING_DATES = "400-3"
ACCOUNT_INACTIVE = "403-1"
ACCOUNT_NOT_ALLOWED = "403-2"
ACCOUNT_MISSING = "404-1"
CHANNEL_MISSING = "404-2"
ORDER_MISSING = "404-3"

# A request without a token; its body is not read.
NOT_KNOWN = HttpFault(403, "no_token", "nobody is known by this token")


class TurnedAway(TieoutError):
    """A call that ends here, with its answer."""

    code: ClassVar[str] = "turned_away"

    def __init__(self, answer: Response) -> None:
        self.answer = answer
        super().__init__(str(answer.status_code))


def coded(error_code: str, message: str, source: str = "") -> Response:
    """An error of the vendor's list. source: the field or parameter that it is about."""
    status = int(error_code.partition("-")[0])
    return json_answer({"errorMessage": message, "errorCode": error_code, "errorSource": source}, status)


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error that the vendor has no code for (RFC 7807)."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return json_answer(told, status, headers, "application/problem+json")


def no_token() -> Response:
    """The token is missing, unknown, or has ended."""
    return json_answer({"response": "NO_TOKEN"}, 403)


def later(status: int, detail: str, seconds: int | None) -> Response:
    """Not now; after so many seconds, or without end."""
    return problem(status, detail, {} if seconds is None else {"retry-after": str(seconds)})


def spell(_: Request | None, faults: Sequence[HttpFault]) -> Response:
    """The vendor's answer to what is wrong with a request as such."""
    first = faults[0]
    if first == NOT_KNOWN:
        return no_token()
    if first.status != 400:
        return problem(first.status, first.what, dict(first.headers))
    said = "; ".join(f"{fault.concerns}: {fault.what}".removeprefix(": ") for fault in faults)
    return coded(BAD_VALUES, said, first.concerns)
