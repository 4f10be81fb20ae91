"""result.json: the whole result, as interface.md section 4 promises it; also what `--json` prints."""

from typing import BinaryIO

from tieout.contracts.exporter import ResultFormat
from tieout.contracts.result_json import members, write_members
from tieout.domain.results import Result

FILE = "result.json"
FORMATS: tuple[ResultFormat, ...] = ("json",)


def write(result: Result, stream: BinaryIO) -> None:
    """One JSON object; every match, open line and finding on a line of its own."""
    write_members(stream, members(result))
