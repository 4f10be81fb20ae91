"""Checking files: recognised by content, read, and refused in the user's terms whatever goes wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.given_statements import ACCOUNT, a_statement
from tieout.contracts.importer import Importer
from tieout.contracts.reading import BytesSource, Head, Reading, Source, bytes_of
from tieout.domain.statements import Statement
from tieout.kernel.errors import Finding, Place, Refused, UsageError
from tieout.services.files import check_files as service
from tieout.services.files.check_files import check_files, check_source


class SmallImporter:
    """Reads files that begin with its mark; each further line is OPENING CLOSING OPENS CLOSES NUMBER."""

    def __init__(self, mark: str = "small", profiles: tuple[str, ...] = (), streamed: bool = False) -> None:
        self.FORMATS: tuple[str, ...] = ("canonical_csv" if streamed else mark,)
        self.PROFILES: tuple[str, ...] = profiles
        self.mark = mark

    def recognise(self, head: Head) -> str | None:
        """Its format where the content begins with its mark."""
        return self.FORMATS[0] if head.text.startswith(self.mark) else None

    def read(self, source: Source, keep_entries: bool, profile: str | None) -> Reading:
        """One statement per line."""
        lines = bytes_of(source).decode().splitlines()[1:]
        return Reading(self.FORMATS[0], profile=profile, statements=[_statement(line) for line in lines])


class FailingImporter(SmallImporter):
    """Recognises everything and then fails in one way."""

    def __init__(self, fail: Callable[[], Reading]) -> None:
        super().__init__(mark="")
        self.fail = fail

    def read(self, source: Source, keep_entries: bool, profile: str | None) -> Reading:
        """Never reads anything."""
        return self.fail()


def _statement(line: str) -> Statement:
    opening, closing, opens, closes, number = line.split()
    return a_statement(opening, closing=closing, opens=opens, closes=closes, number=number)


def written(folder: Path, **contents: str) -> list[str]:
    """Files with these contents; their paths in the order given."""
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [str(folder / name) for name in contents]


def refusal(importer: Importer, source: Source | None = None, profile: str | None = None) -> tuple[str, str]:
    """Code and words with which one source is refused."""
    (finding,) = check_source(source or BytesSource("may", b"small"), [importer], profile).refused
    return finding.code, str(finding)


def test_every_file_is_answered_in_the_order_given_whether_read_or_refused(tmp_path: Path) -> None:
    paths = written(tmp_path, may="small\n1.00 2.00 2026-05-01 2026-05-31 5", empty="", letter="Dear customer")

    checked = check_files([*paths, str(tmp_path / "gone")], [SmallImporter()])

    assert [file.file for file in checked] == [*paths, str(tmp_path / "gone")]
    assert [file.reading.format for file in checked] == ["small", None, None, None]
    assert [[finding.code for finding in file.refused] for file in checked] == [
        [],
        ["empty"],
        ["unknown_format"],
        ["not_found"],
    ]
    assert len(checked.statements) == len(checked.proofs) == 1


def test_every_refusal_says_what_to_do(tmp_path: Path) -> None:
    paths = written(tmp_path, empty="", letter="Dear customer", table="a;b;c\n1;2;3\n")

    checked = check_files([*paths, str(tmp_path)], [])

    assert [str(finding).rpartition("; ")[2] for finding in checked.refused] == [
        "the download may have failed",
        "export the account statement from the bank as camt.053, MT940, OFX or CSV",
        "name its columns as in the canonical CSV, or choose a profile with --profile",
        "name the files in it, for example with a shell glob",
    ]


def test_the_importer_that_recognises_the_content_reads_it_whatever_the_name(tmp_path: Path) -> None:
    (path,) = written(tmp_path, **{"may.one": "two\n"})

    checked = check_files([path], [SmallImporter("one"), SmallImporter("two")])

    assert checked.files[0].reading.format == "two"


def test_a_chain_that_breaks_between_files_is_a_warning_on_the_later_statement(tmp_path: Path) -> None:
    june, may = written(
        tmp_path, june="small\n90.00 90.00 2026-06-01 2026-06-30 6", may="small\n1.00 100.00 2026-05-01 2026-05-31 5"
    )

    first, second = check_files([june, may], [SmallImporter()]).files

    assert second.reading.warnings == []
    (warning,) = first.reading.warnings
    assert str(warning) == (
        f"{june}: statement 6 of {ACCOUNT} opens with 90.00 NOK on 2026-06-01, but statement 5 before it closed with "
        f"100.00 NOK on 2026-05-31: -10.00 NOK in between; look for a statement missing between them ({may})"
    )


def test_a_chain_inside_one_file_is_looked_at_too(tmp_path: Path) -> None:
    lines = ["small", "1.00 2.00 2026-05-01 2026-05-01 1", "2.00 3.00 2026-05-02 2026-05-02 2"]
    (path,) = written(tmp_path, may="\n".join([*lines, "3.00 3.00 2026-05-04 2026-05-04 4"]))

    (checked,) = check_files([path], [SmallImporter()])

    assert [warning.code for warning in checked.reading.warnings] == ["number_gap"]


def test_a_profile_goes_to_the_importer_that_has_it_and_other_files_say_so(tmp_path: Path) -> None:
    paths = written(tmp_path, one="one\n", two="two\n")

    one, two = check_files(paths, [SmallImporter("one", profiles=("reversed",)), SmallImporter("two")], "reversed")

    assert (one.reading.profile, one.reading.warnings) == ("reversed", [])
    assert [warning.code for warning in two.reading.warnings] == ["profile_not_used"]


def test_a_profile_reads_content_that_nobody_recognises() -> None:
    source = BytesSource("may", b"header\n1.00 2.00 2026-05-01 2026-05-31 5")

    checked = check_source(source, [SmallImporter("one"), SmallImporter("two", profiles=("bank",))], "bank")

    assert (checked.reading.format, len(checked.reading.statements)) == ("two", 1)


@pytest.mark.parametrize(
    ("profiles", "hint"), [(("reversed",), 'did you mean "reversed"?'), ((), "no format has profiles")]
)
def test_a_profile_that_nobody_has_is_wrong_usage_with_the_nearest_name(profiles: tuple[str, ...], hint: str) -> None:
    with pytest.raises(UsageError, match=f'there is no profile "reversd"; {hint}'.replace("?", r"\?")):
        check_files([], [SmallImporter(profiles=profiles)], "reversd")


def deep(levels: int = 0) -> Reading:
    """Recurses for ever."""
    return deep(levels + 1)


def exhausted() -> Reading:
    """Fails as a reader does that needs more memory than there is."""
    raise MemoryError


def mistaken() -> Reading:
    """Fails as a reader with a fault of its own does."""
    layouts: dict[str, str] = {}
    return Reading(layouts["camt"])


def unreadable() -> Reading:
    """Fails as a disk does."""
    raise OSError(5, "Input/output error")


def test_a_bomb_or_a_fault_of_ours_refuses_the_file_and_is_no_traceback() -> None:
    assert refusal(FailingImporter(deep)) == (
        "too_deep",
        "may: the content is nested too deep to read; export the file again, or unpack the outer archive",
    )
    assert refusal(FailingImporter(exhausted))[0] == "too_large"
    assert refusal(FailingImporter(unreadable)) == (
        "not_readable",
        "may: the file cannot be read: Input/output error; check its permissions",
    )
    code, words = refusal(FailingImporter(mistaken))
    assert code == "reader_fault"
    assert words.startswith("may: tieout itself failed on this file (KeyError at test_check_files.py:")
    assert words.endswith("""; in "'camt'"; report it with the message, which names the place in the code""")


def test_what_an_importer_says_without_advice_gets_that_of_the_catalogue() -> None:
    place = Place("may", 7, 1)

    def noticed() -> Reading:
        warnings = [Finding("missing_page", "page 2 is missing", place), Finding("bad_date", "x", place, advice="wait")]
        return Reading("", warnings=warnings, quarantined=[Finding("no_amount", "no amount", place)])

    reading = check_source(BytesSource("may", b"small"), [FailingImporter(noticed)]).reading

    assert [str(finding) for finding in reading.warnings + reading.quarantined] == [
        "may:7:1: page 2 is missing; download that page too, and check the pages together",
        "may:7:1: x; wait",
        "may:7:1: no amount; look the entry up at the bank",
    ]


def test_a_refusal_of_an_importer_keeps_its_words_its_reasons_and_the_format_that_was_seen() -> None:
    findings = [
        Finding("truncated", "the file ends inside entry 3", Place("may", 7, 1)),
        Finding("empty", "x", Place("y")),
    ]

    def refused() -> Reading:
        raise Refused(findings)

    checked = check_source(BytesSource("may", b"small"), [FailingImporter(refused)])

    assert str(checked.refused[0]) == "may:7:1: the file ends inside entry 3; download it again, whole"
    assert [finding.code for finding in checked.refused] == ["truncated", "empty"]
    assert (checked.reading.format, checked.reading.statements) == ("", [])


class SparseSource:
    """A source of some size of which only the beginning may be read."""

    name = "big"
    size = 600_000_000

    def __init__(self, beginning: bytes) -> None:
        self.beginning = beginning

    def open(self) -> BinaryIO:
        """A stream of the beginning."""
        return BytesSource("big", self.beginning).open()


def test_a_file_over_the_limit_is_read_only_when_our_own_format_streams_it() -> None:
    canonical = SmallImporter("id,", streamed=True)

    assert refusal(SmallImporter(), SparseSource(b"small"))[0] == "too_large"
    assert refusal(SmallImporter(), SparseSource(bytes(65_536)))[0] == "too_large"
    assert check_source(SparseSource(b"id,amount"), [canonical]).refused == ()
    assert refusal(canonical, SparseSource(b"small")) == (
        "too_large",
        "big: the file has 600,000,000 bytes; more than 536,870,912 are read of a canonical CSV only; split the file",
    )


def test_the_limit_is_the_largest_file_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SIZE_MAX", 5)

    assert check_source(BytesSource("may", b"small"), [SmallImporter()]).refused == ()
    assert refusal(SmallImporter(), BytesSource("may", b"small\n"))[0] == "too_large"


def test_sources_are_watched_while_they_are_read(tmp_path: Path) -> None:
    paths = written(tmp_path, may="small\n", june="small\n")
    watched: list[str] = []

    def watch(source: Source) -> Source:
        watched.append(source.name)
        return source

    check_files(paths, [SmallImporter()], watch=watch)

    assert watched == paths
