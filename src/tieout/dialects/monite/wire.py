"""Kinds of values as this vendor writes them, with what its OpenAPI document says of each."""

import re
from typing import Annotated, TypeAlias

import msgspec

from tieout.contracts.exact_json import number

Uuid: TypeAlias = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uuid"})]
Instant: TypeAlias = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
# A JSON number with the digits that the accounting system has.
Decimal: TypeAlias = Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"type": "number"})]

# RFC 8259, section 6, without exponents.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)


def decimal(text: str | None) -> msgspec.Raw | None:
    """Decimal text as a JSON number, each digit kept; None for what is absent. Raises ValueError for anything else."""
    return None if text is None else required_decimal(text)


def required_decimal(text: str) -> msgspec.Raw:
    """Decimal text as a JSON number, each digit kept. Raises ValueError for anything else."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a decimal number")
    return number(text)
