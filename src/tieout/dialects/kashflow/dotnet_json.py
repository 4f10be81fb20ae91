"""JSON as the vendor's .NET writes it: amounts are numbers with all their decimals."""

from typing import Any

import msgspec

from tieout.dialects.kashflow.wire import Repeated, Written

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def json_written(written: Written) -> bytes:
    """The value as JSON."""
    return _ENCODER.encode(_plain(written))


def _plain(written: Written) -> Any:
    if isinstance(written, Repeated):
        return [_plain(member) for member in written.members]
    if isinstance(written, dict):
        return {name: _plain(value) for name, value in written.items()}
    return written
