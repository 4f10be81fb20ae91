"""Answers in the form that was asked for, and the vendor's envelope around everything that is refused."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, NoReturn

from starlette.requests import Request
from starlette.responses import Response

from tieout.contracts.http_answers import bytes_answer, empty_answer
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.contracts.http_negotiation import JSON, XML_NAMES, require_accepted
from tieout.dialects.kashflow.dotnet_json import json_written
from tieout.dialects.kashflow.dotnet_xml import xml_written
from tieout.dialects.kashflow.refusals import SPELLED, Answered, answered
from tieout.dialects.kashflow.wire import Written
from tieout.kernel.errors import Refusal

FORMS = (JSON, "text/json", *XML_NAMES)


class Answer(NamedTuple):
    """What an operation answers; without a value there is no body."""

    status: int
    value: Written = None
    type_name: str = ""  # of the value: its root in XML


class Refused(Exception):
    """A request that a rule says no to, raised to where it is answered."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(", ".join(refusal.code for refusal in refusals))


def refuse(code: str, concerns: str = "") -> NoReturn:
    """Raise one refusal."""
    raise Refused([Refusal(code, concerns)])


def form_of(accept: str) -> str:
    """The media type to answer in. Raises RequestFault (406)."""
    return require_accepted(accept, FORMS)


def answer_in(form: str, answer: Answer) -> Response:
    """The answer in JSON or XML."""
    if answer.value is None:
        return empty_answer(answer.status)
    return _in_form(form, answer.status, answer.value, answer.type_name)


def refusal_in(form: str, refusals: Sequence[Refusal]) -> Response:
    """The vendor's envelope for everything that was refused."""
    return _enveloped(form, answered(refusals))


def spell(request: Request, faults: Sequence[HttpFault]) -> Response:
    """What is wrong with a request, in the vendor's envelope; JSON where the client takes neither form."""
    try:
        form = form_of(request.headers.get("accept", ""))
    except RequestFault:
        form = JSON
    refusals = [Refusal(fault.code if fault.code in SPELLED else "bad_request", fault.concerns) for fault in faults]
    headers = {name: value for fault in faults for name, value in fault.headers}
    return _enveloped(form, answered(refusals), headers)


def _enveloped(form: str, said: Answered, headers: Mapping[str, str] | None = None) -> Response:
    value: Written = {"Error": said.error, "Message": said.message}
    return _in_form(form, said.status, value, "Error", headers)


def _in_form(
    form: str, status: int, value: Written, type_name: str, headers: Mapping[str, str] | None = None
) -> Response:
    content = xml_written(value, type_name) if form in XML_NAMES else json_written(value)
    return bytes_answer(content, f"{form}; charset=utf-8", status, headers)
