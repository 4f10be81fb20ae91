"""The bar on a terminal, once reading takes long."""

from pathlib import Path

import pytest

from tieout.cli import progress
from tieout.cli.progress import WatchedFile, WatchedSource, reading_progress
from tieout.contracts.reading import BytesSource, Source, bytes_of
from tieout.services.files.sources import FileSource

CONTENT = bytes(range(256)) * 10_000


def read_watched(capsys: pytest.CaptureFixture[str]) -> str:
    """Read one source under watch; what appears on standard error."""
    with reading_progress() as watch:
        assert bytes_of(watch(BytesSource("may\x1b.sta", CONTENT))) == CONTENT
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard error be one."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")


def test_a_watched_source_gives_the_same_bytes_and_tells_how_far_it_is() -> None:
    told: list[tuple[str, int]] = []

    def tell(source: Source, done: int) -> None:
        told.append((source.name, done))

    source = WatchedSource(BytesSource("may.sta", CONTENT), tell)
    with source.open() as stream:
        beginning = stream.read(10)
        stream.seek(-4, 2)
        end = stream.read()

    assert (source.name, source.size, beginning, end) == ("may.sta", 2_560_000, CONTENT[:10], CONTENT[-4:])
    assert told[0] == ("may.sta", 1_048_576)
    assert told[-1] == ("may.sta", 2_560_000)


def test_a_watched_file_keeps_its_path_for_importers_that_open_it_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch)
    (tmp_path / "may.csv").write_bytes(CONTENT)
    file = FileSource("may.csv", tmp_path / "may.csv", len(CONTENT))

    with reading_progress() as watch:
        watched = watch(file)

    assert isinstance(watched, WatchedFile)
    assert (watched.path, bytes_of(watched)) == (file.path, CONTENT)


def test_nothing_is_shown_into_a_pipe(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "SECONDS_BEFORE_BAR", -1.0)

    assert read_watched(capsys) == ""


def test_nothing_is_shown_for_what_is_soon_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setattr(progress, "SECONDS_BEFORE_BAR", 3600.0)

    assert read_watched(capsys) == ""


def test_a_bar_names_the_source_while_it_is_read_and_moves_no_cursor_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setattr(progress, "SECONDS_BEFORE_BAR", -1.0)

    shown = read_watched(capsys)

    assert "reading may .sta" in shown
    assert "2.6 MB" in shown
