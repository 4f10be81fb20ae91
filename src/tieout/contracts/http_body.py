"""Bodies as they arrive: never more of one in memory than its limit, never waited for without end."""

import asyncio
from collections.abc import AsyncGenerator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, NamedTuple, cast

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from tieout.contracts.http_faults import (
    HttpFault,
    RequestFault,
    body_not_allowed,
    body_too_large,
    body_too_slow,
    unsupported_media_type,
)
from tieout.contracts.http_negotiation import media_type

BODY_BYTES_MAX = 32 * 1024 * 1024
UPLOAD_BYTES_MAX = 512 * 1024 * 1024
# Under these names the dispatcher hands the settings' limits down in the scope.
BODY_LIMIT, UPLOAD_LIMIT = "tieout.body_bytes_max", "tieout.upload_bytes_max"
# A client that is silent for longer has gone away.
SILENCE_SECONDS_MAX = 30
# What is smaller stays in memory.
_SPOOLED_BYTES_MAX = 1024 * 1024
_FIELDS_MAX = 20


class Upload(NamedTuple):
    """A file that was sent, with the fields beside it. Whoever asked for it closes it."""

    file: BinaryIO  # at its beginning
    name: str  # as the client calls it; empty where it did not say
    fields: dict[str, str]


async def body_of(request: Request) -> bytes:
    """The whole body. Raises RequestFault: 413 beyond the limit, 408 when it stops coming, 415 for a compressed one."""
    return b"".join([piece async for piece in _pieces(request, _limit(request, BODY_LIMIT, BODY_BYTES_MAX))])


def require_no_body(request: Request) -> None:
    """Pass when the request carries no body. Raises RequestFault (400)."""
    if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
        raise RequestFault(body_not_allowed())


async def upload_of(request: Request, field: str) -> Upload:
    """The file of a multipart form's `field`, or the body itself where it is no form.

    It is written to a temporary file as it arrives, so that memory holds a piece of it at a time.
    Raises RequestFault: 413, 408, 415 as `body_of`, 400 for a broken form or one without the file.
    """
    pieces = _pieces(request, _limit(request, UPLOAD_LIMIT, UPLOAD_BYTES_MAX))
    content_type = media_type(request.headers.get("content-type", ""))
    if content_type.name == "multipart/form-data":
        return await _form_file(request, pieces, field)
    spool = cast("BinaryIO", SpooledTemporaryFile(_SPOOLED_BYTES_MAX))  # noqa: SIM115, closed by whoever asked for it
    try:
        async for piece in pieces:
            spool.write(piece)
    except RequestFault:
        spool.close()
        raise
    spool.seek(0)
    return Upload(spool, "", {})


async def _form_file(request: Request, pieces: AsyncGenerator[bytes, None], field: str) -> Upload:
    parser = MultiPartParser(request.headers, pieces, max_files=1, max_fields=_FIELDS_MAX)
    try:
        form = await parser.parse()
    except MultiPartException as broken:
        raise RequestFault(HttpFault(400, "bad_form", broken.message.rstrip(".").lower())) from None
    found = form.get(field)
    if not isinstance(found, UploadFile):
        await form.close()
        raise RequestFault(HttpFault(400, "required", "the form does not hold this file", field))
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    if "\0" in "".join([found.filename or "", *fields.values()]):
        await form.close()
        raise RequestFault(HttpFault(400, "not_storable", "the form holds a character that cannot be kept"))
    return Upload(found.file, found.filename or "", fields)


def _limit(request: Request, name: str, otherwise: int) -> int:
    limit: int = request.scope.get(name, otherwise)
    return limit


async def _pieces(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise RequestFault(unsupported_media_type(("sent without Content-Encoding",)))
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise RequestFault(body_too_large(limit))
    size = 0
    arriving = request.stream()
    try:
        while True:
            async with asyncio.timeout(SILENCE_SECONDS_MAX):
                piece = await anext(arriving)
            size += len(piece)
            if size > limit:
                raise RequestFault(body_too_large(limit))
            yield piece
    except StopAsyncIteration:
        return
    except (TimeoutError, ClientDisconnect):
        raise RequestFault(body_too_slow()) from None
