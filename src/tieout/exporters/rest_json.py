"""result.json beside Parquet files: everything but the lists that those files hold, and where these are."""

import json
from typing import BinaryIO

from tieout.contracts.exporter import ResultFormat
from tieout.contracts.result_json import members, write_members
from tieout.domain.results import Result

FILE = "result.json"
FORMATS: tuple[ResultFormat, ...] = ("parquet",)

# The members that are left out, with the files that have them instead.
_ELSEWHERE = {"matches": "matches.parquet", "allocations": "allocations.parquet", "open_parts": "open.parquet"}
_LEFT_OUT = ("matches", "open", "open_parts")


def write(result: Result, stream: BinaryIO) -> None:
    """One JSON object as in result.json, without `matches`, `open` and `open_parts`; `tables` names their files."""
    rest = [member for member in members(result) if member[0] not in _LEFT_OUT]
    write_members(stream, [*rest[:-1], ("tables", json.dumps(_ELSEWHERE).encode()), rest[-1]])
