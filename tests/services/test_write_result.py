"""A result is written whole or not at all, and never over what somebody else put there."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, cast

import pytest

from tests.given_results import RESULT
from tieout.contracts.exporter import Exporter, ResultFormat
from tieout.domain.results import Result
from tieout.kernel.errors import Refused
from tieout.kernel.registry import modules_in
from tieout.services.files.write_result import SUMS, CannotWrite, write_result

EXPORTERS = cast("tuple[Exporter, ...]", modules_in("tieout.exporters"))
FILES = ["SHA256SUMS", "lines.csv", "matches.csv", "open.csv", "postings.csv", "report.html", "result.json"]


class Breaking(ModuleType):
    """An exporter that writes half of its file and then fails."""

    FILE = "later.csv"
    FORMATS: tuple[ResultFormat, ...] = ("json",)

    def __init__(self, error: BaseException) -> None:
        super().__init__("breaking")
        self.error = error

    def write(self, result: Result, stream: BinaryIO) -> None:
        """Half a file."""
        stream.write(b"half")
        raise self.error


def written(folder: Path, result: Result = RESULT, exporters: tuple[Exporter, ...] = EXPORTERS) -> dict[str, bytes]:
    """The files of the folder after writing a result into it."""
    write_result(result, str(folder), "json", exporters)
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def places_of(refused: Refused) -> list[str]:
    """The names of the files that are in the way."""
    return [finding.place.file.rpartition("/")[2] for finding in refused.findings]


def test_every_file_of_the_format_is_written(tmp_path: Path) -> None:
    assert list(written(tmp_path / "out")) == FILES


def test_under_parquet_the_long_lists_are_parquet(tmp_path: Path) -> None:
    write_result(RESULT, str(tmp_path / "out"), "parquet", EXPORTERS)

    assert list(contents(tmp_path / "out")) == [
        *("SHA256SUMS", "allocations.parquet", "lines.csv", "matches.parquet", "open.parquet", "postings.csv"),
        *("report.html", "result.json"),
    ]


def test_anybody_can_check_the_files_against_their_digests(tmp_path: Path) -> None:
    written(tmp_path / "out")

    checked = subprocess.run(["sha256sum", "-c", SUMS], cwd=tmp_path / "out", capture_output=True, check=False)

    assert checked.returncode == 0
    assert checked.stdout.count(b": OK") == 5


def test_the_digests_do_not_depend_on_the_seconds(tmp_path: Path) -> None:
    first = written(tmp_path / "first", replace(RESULT, seconds=1.0))
    second = written(tmp_path / "second", replace(RESULT, seconds=2.0))

    assert {name for name in first if first[name] != second[name]} == {"result.json"}


def test_writing_twice_replaces_the_earlier_result_whole(tmp_path: Path) -> None:
    write_result(RESULT, str(tmp_path / "out"), "parquet", EXPORTERS)

    second = written(tmp_path / "out")

    assert list(second) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_missing_folders_above_are_made(tmp_path: Path) -> None:
    assert list(written(tmp_path / "2026" / "may")) == FILES


def test_an_empty_folder_is_filled_and_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o750)

    written(tmp_path / "out")

    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750


def test_a_new_folder_is_readable_as_any_new_folder_is(tmp_path: Path) -> None:
    (tmp_path / "like").mkdir()

    written(tmp_path / "out")

    assert (tmp_path / "out").stat().st_mode == (tmp_path / "like").stat().st_mode


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "budget.xlsx").write_bytes(b"mine")
    (tmp_path / "year").mkdir()

    with pytest.raises(Refused) as raised:
        written(tmp_path)

    assert places_of(raised.value) == ["budget.xlsx", "year"]
    assert {finding.code for finding in raised.value.findings} == {"out_has_other_files"}
    assert (tmp_path / "budget.xlsx").read_bytes() == b"mine"


def test_a_file_that_was_added_to_a_result_is_refused_and_left_alone(tmp_path: Path) -> None:
    before = written(tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("ask Kari", encoding="utf-8")

    with pytest.raises(Refused) as raised:
        written(tmp_path / "out")

    assert places_of(raised.value) == ["notes.txt"]
    assert contents(tmp_path / "out") == {**before, "notes.txt": b"ask Kari"}


def test_notes_that_somebody_saved_in_a_file_of_ours_are_not_overwritten(tmp_path: Path) -> None:
    written(tmp_path / "out")
    with (tmp_path / "out" / "open.csv").open("a", encoding="utf-8") as stream:
        stream.write("ask Kari")

    with pytest.raises(Refused) as raised:
        written(tmp_path / "out")

    assert [finding.code for finding in raised.value.findings] == ["out_was_changed"]


def test_a_result_json_of_something_else_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("{}", encoding="utf-8")
    (tmp_path / SUMS).write_text("", encoding="utf-8")

    with pytest.raises(Refused) as raised:
        written(tmp_path)

    assert places_of(raised.value) == ["result.json"]


def test_what_a_file_browser_leaves_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    written(tmp_path / "out")
    (tmp_path / "out" / ".DS_Store").write_bytes(b"\0")

    assert list(written(tmp_path / "out")) == FILES


def test_a_link_is_never_followed_out_of_the_folder(tmp_path: Path) -> None:
    before = written(tmp_path / "out")
    (tmp_path / "open.csv").write_bytes(before["open.csv"])
    (tmp_path / "out" / "open.csv").unlink()
    (tmp_path / "out" / "open.csv").symlink_to(tmp_path / "open.csv")

    with pytest.raises(Refused):
        written(tmp_path / "out")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")

    with pytest.raises(Refused) as raised:
        written(tmp_path / "out")

    assert raised.value.findings[0].code == "out_is_a_file"


def test_only_the_first_files_in_the_way_are_listed_with_their_count(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").touch()

    with pytest.raises(Refused) as raised:
        written(tmp_path)

    assert (len(raised.value.findings), raised.value.count) == (20, 30)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("a bug")], ids=["Ctrl-C", "fault"])
def test_when_writing_stops_halfway_the_earlier_result_is_untouched(tmp_path: Path, error: BaseException) -> None:
    before = written(tmp_path / "out")

    with pytest.raises(type(error)):
        written(tmp_path / "out", exporters=(*EXPORTERS, Breaking(error)))

    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_when_the_first_result_stops_halfway_nothing_stays(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        written(tmp_path / "2026" / "out", exporters=(Breaking(KeyboardInterrupt()),))

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_the_earlier_result_is_untouched(tmp_path: Path) -> None:
    before = written(tmp_path / "out")

    with pytest.raises(CannotWrite, match="No space left on device"):
        written(tmp_path / "out", exporters=(Breaking(OSError(28, "No space left on device")),))

    assert contents(tmp_path / "out") == before


def test_when_the_new_folder_cannot_take_its_place_the_earlier_one_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written(tmp_path / "out")
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.suffix == ".new":
            raise OSError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(CannotWrite):
        written(tmp_path / "out")

    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.fixture
def _standing_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")


@pytest.mark.usefixtures("_standing_in")
def test_the_folder_where_the_user_stands_is_filled_and_stays_the_same_folder(tmp_path: Path) -> None:
    before = (tmp_path / "out").stat().st_ino

    write_result(RESULT, ".", "parquet", EXPORTERS)
    write_result(RESULT, ".", "json", EXPORTERS)

    assert list(contents(tmp_path / "out")) == FILES
    assert (tmp_path / "out").stat().st_ino == before


@pytest.mark.usefixtures("_standing_in")
def test_ctrl_c_while_files_are_exchanged_leaves_one_whole_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_result(RESULT, ".", "parquet", EXPORTERS)
    replaced = Path.replace
    calls = 0

    def interrupted(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_result(RESULT, ".", "json", EXPORTERS)

    assert list(contents(tmp_path / "out")) == FILES


def test_a_file_holds_what_its_exporter_writes(tmp_path: Path) -> None:
    files = written(tmp_path / "out")

    for exporter in EXPORTERS:
        if "json" in exporter.FORMATS:
            stream = io.BytesIO()
            exporter.write(RESULT, stream)
            assert files[exporter.FILE] == stream.getvalue()
