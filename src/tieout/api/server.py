"""The whole server as one ASGI application: the native API, and every dialect that the registry finds."""

from collections.abc import Sequence
from typing import cast

from starlette.types import ASGIApp

from tieout.api.dispatcher import Dispatcher, Served
from tieout.api.native import application as native
from tieout.contracts.dialect import Dialect
from tieout.contracts.http_body import BODY_LIMIT, UPLOAD_LIMIT
from tieout.kernel.registry import modules_in
from tieout.services.context import Context

# Enough that no two requests of one server share it.
_ID_LENGTH = 16


def dialects() -> Sequence[Dialect[Context]]:
    """Every dialect there is, in name order."""
    return tuple(cast("Dialect[Context]", module) for module in modules_in("tieout.dialects"))


def server_application(context: Context) -> ASGIApp:
    """The application of the whole server. Raises PrefixesOverlap where two faces claim the same paths."""
    own = native.application(context)
    served = [Served("native", native.PREFIXES, own)]
    served += [Served(str(each.FACE), each.PREFIXES, each.application(context)) for each in dialects()]
    limits = {BODY_LIMIT: context.settings.json_bytes_max, UPLOAD_LIMIT: context.settings.upload_bytes_max}
    return Dispatcher(served, own, lambda: context.random_bytes(_ID_LENGTH).hex(), limits)
