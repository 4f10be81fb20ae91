"""Every module of tieout.exporters has the one shape, and no two write the same file."""

from collections import Counter
from types import ModuleType
from typing import get_args

import pytest

from tieout.contracts.exporter import ResultFormat
from tieout.kernel.registry import modules_in

EXPORTERS = modules_in("tieout.exporters")


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.__name__)
def test_an_exporter_names_its_file_and_its_formats_and_writes(exporter: ModuleType) -> None:
    assert exporter.FILE
    assert set(exporter.FORMATS) <= set(get_args(ResultFormat))
    assert callable(exporter.write)


@pytest.mark.parametrize("result_format", get_args(ResultFormat))
def test_under_one_format_every_file_is_written_once(result_format: ResultFormat) -> None:
    files = Counter(exporter.FILE for exporter in EXPORTERS if result_format in exporter.FORMATS)

    assert set(files.values()) == {1}
    assert {"result.json", "lines.csv", "postings.csv", "report.html"} <= set(files)
