"""report.html: one page that an auditor can file; it needs nothing from outside and reads well on paper."""

from typing import BinaryIO

from tieout.contracts.exporter import ResultFormat
from tieout.domain.results import Result
from tieout.exporters.report_html.page import page

FILE = "report.html"
FORMATS: tuple[ResultFormat, ...] = ("json", "parquet")


def write(result: Result, stream: BinaryIO) -> None:
    """The whole page in UTF-8: the bank reconciliation first, then what proves it, what ties out and what does not."""
    stream.write(page(result).encode())
