"""Every text file of a result, byte by byte, as it was last read and found good.

After a change that is wanted: `python -m tests.exporters.test_golden_files` writes what is now written; read the
difference before committing it.
"""

import io
from pathlib import Path
from types import ModuleType

import pytest

from tests.given_results import RESULT
from tieout.kernel.registry import modules_in
from tieout.kernel.version import VERSION

FOLDER = Path(__file__).parent / "golden"
# The files are the same for every version of tieout; where they name it, the golden files do not.
NO_VERSION = b"0.0.0"

EXPORTERS = [module for module in modules_in("tieout.exporters") if "json" in module.FORMATS]


def written(exporter: ModuleType) -> bytes:
    """The file of the example, without the version."""
    stream = io.BytesIO()
    exporter.write(RESULT, stream)
    return stream.getvalue().replace(VERSION.encode(), NO_VERSION)


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.FILE)
def test_the_file_of_the_example_is_the_golden_one(exporter: ModuleType) -> None:
    assert written(exporter) == (FOLDER / exporter.FILE).read_bytes()


def test_every_golden_file_belongs_to_an_exporter() -> None:
    assert {path.name for path in FOLDER.glob("*")} == {exporter.FILE for exporter in EXPORTERS}


if __name__ == "__main__":
    for each in EXPORTERS:
        (FOLDER / each.FILE).write_bytes(written(each))
