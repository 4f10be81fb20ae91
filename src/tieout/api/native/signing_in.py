"""Bearer tokens of the native API (RFC 6750)."""

from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.domain.people import Face, Principal
from tieout.services.context import Context
from tieout.services.people.principals import principal_of_token

_CHALLENGE = (("www-authenticate", 'Bearer realm="tieout"'),)


def require_principal(context: Context, asked: Asked) -> Principal:
    """Whom the request's bearer token stands for. Raises RequestFault (401)."""
    scheme, _, token = asked.header("authorization").partition(" ")
    if not token:
        raise RequestFault(HttpFault(401, "token_missing", "send a token: Authorization: Bearer ...", "", _CHALLENGE))
    principal = principal_of_token(context, Face.NATIVE, token.strip()) if scheme.lower() == "bearer" else None
    if principal is None:
        raise RequestFault(HttpFault(401, "token_wrong", "this is not a token that counts here", "", _CHALLENGE))
    return principal
