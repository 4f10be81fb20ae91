"""Requests that no route sees: unknown paths and methods, bodies that cannot be read, and faults of our own."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.contracts.http_negotiation import JSON
from tieout.contracts.http_query import Query
from tieout.dialects.fintera.answers import Answer, Failed, Faults, response_of
from tieout.dialects.fintera.calling import NOT_KNOWN, access_denied, answer_type
from tieout.dialects.fintera.refusals import BLANK, INVALID, NO_SUCH_PATH

_SENTENCES: Mapping[str, str] = {
    "no_such_path": NO_SUCH_PATH,
    "method_not_allowed": "Este endereço não aceita este método.",
    "body_too_large": "O corpo da requisição é grande demais.",
    "body_too_slow": "O corpo da requisição não chegou por inteiro.",
    "unsupported_media_type": "O corpo da requisição está em um formato que não é aceito aqui.",
    "not_acceptable": "A resposta pode ser application/json ou application/xml.",
    "own_fault": "Ops! Erro no servidor; nada foi alterado.",
}
# The field of an upload form, as the vendor's faults call it.
UPLOAD_FIELD = "bank_statement[file]"


def spell(request: Request, faults: Sequence[HttpFault]) -> Response:
    """The vendor's answer to what is wrong with a request as such."""
    fault = faults[0]
    if fault == NOT_KNOWN:
        return access_denied()
    headers = dict(fault.headers)
    if (fault.code, fault.concerns) == ("required", UPLOAD_FIELD):
        answer = Answer(Faults({"file": [BLANK]}), 422, headers)
    elif fault.code in _SENTENCES:
        answer = Answer(Failed(_SENTENCES[fault.code]), fault.status, headers)
    else:
        where = f" ({fault.concerns})" if fault.concerns else ""
        answer = Answer(Failed(f"{INVALID}{where}"), fault.status, headers)
    return response_of(answer, _form(request))


def _form(request: Request) -> str:
    """The form that the client asked for, JSON where that cannot be said."""
    try:
        return answer_type(
            Asked(method=request.method, path="", names={}, query=Query(b""), headers=request.headers, origin="")
        )
    except RequestFault:
        return JSON
