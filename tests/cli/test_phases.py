"""The moving bar on a terminal while a reconciliation takes long."""

import threading

import pytest

from tieout.cli import progress
from tieout.cli.phases import work_progress
from tieout.contracts.reading import BytesSource, bytes_of


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, seconds_before_bar: float) -> None:
    """Let standard error be one, where a bar appears after so many seconds."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "SECONDS_BEFORE_BAR", seconds_before_bar)


def worked(capsys: pytest.CaptureFixture[str]) -> str:
    """Read a source, match and write; what appears on standard error."""
    with work_progress() as work:
        assert bytes_of(work.watch(BytesSource("may.sta", b"x" * 2_000_000)))
        work.tell("matching 3 lines")
        work.tell("writing out")
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err


def test_nothing_is_told_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "SECONDS_BEFORE_BAR", -1.0)

    assert worked(capsys) == ""


def test_what_is_soon_done_needs_no_bar_and_leaves_no_timer_behind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch, 3600.0)

    assert worked(capsys) == ""
    assert [
        thread
        for thread in threading.enumerate()
        if isinstance(thread, threading.Timer) and not thread.finished.is_set()
    ] == []


def test_long_work_names_each_phase_in_its_turn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch, -1.0)

    shown = worked(capsys)

    places = [shown.index(phase) for phase in ("reading may.sta", "matching 3 lines", "writing out")]
    assert places == sorted(places)


def test_a_phase_shows_itself_when_it_has_lasted_long_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch, 0.01)

    with work_progress() as work:
        work.tell("matching 3 lines")
        for thread in [each for each in threading.enumerate() if isinstance(each, threading.Timer)]:
            thread.join()

    assert "matching 3 lines" in capsys.readouterr().err


def test_the_bar_is_gone_when_the_work_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch, -1.0)

    with pytest.raises(KeyboardInterrupt):
        _interrupted()

    shown = capsys.readouterr().err
    assert "matching 3 lines" in shown
    assert shown.endswith("\x1b[2K")


def _interrupted() -> None:
    with work_progress() as work:
        work.tell("matching 3 lines")
        raise KeyboardInterrupt
