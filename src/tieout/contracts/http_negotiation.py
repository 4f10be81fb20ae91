"""Which form a body comes in and which form an answer goes out in (RFC 9110, sections 8.3 and 12.5.1)."""

from collections.abc import Sequence
from typing import NamedTuple

from tieout.contracts.http_faults import RequestFault, not_acceptable, unsupported_media_type

JSON = "application/json"
XML = "application/xml"
# What clients write for XML.
XML_NAMES = (XML, "text/xml")


class MediaType(NamedTuple):
    """A Content-Type in lower case, without its parameters but the charset."""

    name: str  # application/json
    charset: str  # utf-8 where none is named


def media_type(content_type: str) -> MediaType:
    """The media type that a Content-Type header names."""
    name, *parameters = content_type.split(";")
    charset = "utf-8"
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    return MediaType(name.strip().lower(), charset)


def require_taken(content_type: str | None, taken: Sequence[str], missing: str | None = None) -> str:
    """The media type of a body, one of `taken`, in UTF-8.

    missing: what a body without Content-Type is taken for; None refuses it.
    Raises RequestFault (415).
    """
    if not content_type:
        if missing is None:
            raise RequestFault(unsupported_media_type(tuple(taken)))
        return missing
    name, charset = media_type(content_type)
    if name not in taken or charset not in ("utf-8", "utf8", "us-ascii"):
        raise RequestFault(unsupported_media_type(tuple(taken)))
    return name


def require_accepted(accept: str | None, offered: Sequence[str]) -> str:
    """The media type to answer in: the offered one that the client likes best, the first of equals.

    offered: in order of our own liking; without an Accept header the first.
    Raises RequestFault (406) where the client takes none of them.
    """
    if not accept or accept == "*/*":
        return offered[0]
    best, best_liking = "", 0
    for name in offered:
        liking = _liking(accept, name)
        if liking > best_liking:
            best, best_liking = name, liking
    if not best:
        raise RequestFault(not_acceptable(tuple(offered)))
    return best


def _liking(accept: str, name: str) -> int:
    """How much the client likes a media type, in thousandths: what the most exact range that covers it says."""
    exactness, liking = -1, 0
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        covers = ("*/*", f"{name.partition('/')[0]}/*", name)
        if media_range in covers and covers.index(media_range) > exactness:
            exactness = covers.index(media_range)
            liking = next((_thousandths(text[2:]) for text in parameters if text.startswith("q=")), 1000)
    return liking


def _thousandths(quality: str) -> int:
    whole, _, decimals = quality.partition(".")
    digits = (whole + decimals.ljust(3, "0")[:3]).strip()
    return min(int(digits), 1000) if digits.isascii() and digits.isdigit() else 0
