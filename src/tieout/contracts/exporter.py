"""The shape of an exporter: one module per file of a result under tieout.exporters, found by the registry."""

from typing import BinaryIO, Literal, Protocol, TypeAlias

from tieout.domain.results import Result

# What `--format` may say: the long lists inside result.json and as CSV, or as Parquet.
ResultFormat: TypeAlias = Literal["json", "parquet"]


class Exporter(Protocol):
    """Writes one file of a result. A module with these three names is an exporter."""

    FILE: str  # its name inside the --out folder
    FORMATS: tuple[ResultFormat, ...]  # under which --format it is written

    def write(self, result: Result, stream: BinaryIO) -> None:
        """Write the whole file; the caller opens and closes the stream.

        The same result gives the same bytes, `seconds` of result.json aside: no clock, no path, no name of an engine.
        """
        ...
