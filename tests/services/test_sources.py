"""Files and archive members as sources, and what is refused before anything is read."""

import io
import os
import random
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from tieout.contracts.reading import Source, bytes_of
from tieout.kernel.errors import Finding, Refused
from tieout.services.files import archives
from tieout.services.files.sources import sources_of


def a_zip(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> str:
    """An archive with these members, in this order; its path as a user would type it."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return str(path)


def opened(path: str) -> list[Source]:
    """The sources of a path that is not refused."""
    found = sources_of(path)
    assert not isinstance(found, Finding), str(found)
    return found


def refusal(path: str) -> tuple[str, str]:
    """Code and words of a path that is refused whole."""
    found = sources_of(path)
    assert isinstance(found, Finding)
    assert found.place.file == path
    return found.code, found.message


def refusal_of_member(source: Source) -> tuple[str, str]:
    """Code and words of a member that is refused when it is read."""
    with pytest.raises(Refused) as refused:
        bytes_of(source)
    (finding,) = refused.value.findings
    assert finding.place.file == source.name
    return finding.code, finding.message


def test_a_file_is_one_source_under_the_name_that_the_user_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "may.sta").write_bytes(b":20:MAY")
    monkeypatch.chdir(tmp_path)

    (source,) = opened("./may.sta")

    assert (source.name, source.size, bytes_of(source), bytes_of(source)) == ("./may.sta", 7, b":20:MAY", b":20:MAY")


def test_an_archive_is_its_members_sorted_by_name_without_folders_and_what_macos_adds(tmp_path: Path) -> None:
    members = {"b.xml": b"<b/>", "days/": b"", "days/1.sta": b":20:", "__MACOSX/b.xml": b"mac", "a.xml": b"<a/>"}
    path = a_zip(tmp_path / "may.zip", members)

    sources = opened(path)

    assert [source.name for source in sources] == [f"{path}!a.xml", f"{path}!b.xml", f"{path}!days/1.sta"]
    assert [bytes_of(source) for source in sources] == [b"<a/>", b"<b/>", b":20:"]
    assert [source.size for source in sources] == [4, 4, 4]


def test_a_member_is_read_from_its_start_as_often_as_needed_and_may_be_read_piece_by_piece(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1_000
    (source,) = opened(a_zip(tmp_path / "may.zip", {"may.sta": content}))

    with source.open() as first, source.open() as second:
        beginning = first.read(1_000)
        whole = second.read()
        first.seek(250_000)
        end = first.read()

    assert (beginning, whole, end) == (content[:1_000], content, content[250_000:])


def test_an_archive_is_known_by_its_content_and_a_workbook_is_none(tmp_path: Path) -> None:
    misnamed = a_zip(tmp_path / "may.sta", {"may.xml": b"<a/>"})
    workbook = a_zip(tmp_path / "may.zip", {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})

    assert [source.name for source in opened(misnamed)] == [f"{misnamed}!may.xml"]
    assert [source.name for source in opened(workbook)] == [workbook]


def test_a_path_without_a_file_is_refused_by_what_is_there_instead(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "may.sta").write_bytes(b"x")

    assert refusal(str(tmp_path))[0] == "not_a_file"
    assert refusal(str(tmp_path / "pipe"))[0] == "not_a_file"
    assert refusal("/dev/null")[0] == "not_a_file"
    assert refusal(str(tmp_path / "gone.sta"))[0] == "not_found"
    assert refusal(str(tmp_path / "may.sta" / "x"))[0] == "not_found"
    assert refusal("may\0.sta")[0] == "not_found"
    assert refusal(str(tmp_path / "round"))[0] == "not_readable"
    assert refusal("x" * 5_000)[0] == "not_readable"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file; run the suite as another user")
def test_a_file_that_this_user_may_not_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "may.sta"
    path.write_bytes(b"x")
    path.chmod(0)

    assert refusal(str(path)) == ("not_readable", "the file cannot be read: Permission denied")


def test_a_name_that_is_no_text_is_shown_with_a_replacement(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/may\xff.sta")
    Path(path).write_bytes(b"x")

    (source,) = opened(path)

    assert source.name == f"{tmp_path}/may\ufffd.sta"
    assert bytes_of(source) == b"x"


def test_an_archive_that_declares_to_unpack_to_more_than_the_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    a_zip(path, {f"{n}.xml": bytes(1_000) for n in range(3)})
    declare_size(path, 200_000_000)

    code, words = refusal(str(path))

    assert code == "too_large"
    assert words.startswith("the archive unpacks to 600,000,000 bytes, more than 536,870,912; ")


def test_a_member_that_declares_too_small_a_size_is_damaged_and_never_unpacked_beyond_it(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    a_zip(path, {"may.xml": bytes(50_000_000)})
    declare_size(path, 100_000)
    (source,) = opened(str(path))

    tracemalloc.start()
    outcome = refusal_of_member(source)
    _, bytes_held_at_most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert outcome[0] == "archive_unreadable"
    assert bytes_held_at_most < 2_000_000


def declare_size(path: Path, size: int) -> None:
    """Let every record of the archive's directory claim that its member unpacks to `size` bytes."""
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<L", raw, at + 24, size)
        at = raw.find(b"PK\x01\x02", at + 4)
    path.write_bytes(raw)


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_zip(tmp_path / "many.zip", {f"{n}.xml": b"" for n in range(1_001)})
    assert refusal(path)[0] == "too_large"

    monkeypatch.setattr(archives, "MEMBERS_MAX", 1_001)
    assert len(opened(path)) == 1_001

    monkeypatch.setattr(archives, "DIRECTORY_SIZE_MAX", 50_000)
    assert refusal(path) == ("too_large", "the archive holds more than 1,001 files; pack fewer files into one archive")


def test_an_archive_inside_an_archive_is_refused_and_its_neighbours_are_read(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("may.xml", "<a/>")
    path = a_zip(tmp_path / "year.zip", {"may.zip": inner.getvalue(), "june.xml": b"<a/>"})

    june, may = opened(path)

    assert bytes_of(june) == b"<a/>"
    assert refusal_of_member(may)[0] == "too_deep"


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "may.zip"
    a_zip(path, {"may.xml": b"<a/>"})
    raw = bytearray(path.read_bytes())
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + flags_at] |= 0x1
    path.write_bytes(raw)

    (source,) = opened(str(path))

    assert refusal_of_member(source) == (
        "archive_unreadable",
        "the file is encrypted; unpack it and name the files themselves",
    )


def test_a_member_packed_in_a_way_that_could_unpack_without_limit_is_refused(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "may.zip", {"may.xml": bytes(10_000)}, compression=zipfile.ZIP_BZIP2)

    (source,) = opened(path)

    assert refusal_of_member(source)[0] == "archive_unreadable"


def test_an_archive_without_files_is_empty(tmp_path: Path) -> None:
    assert refusal(a_zip(tmp_path / "may.zip", {"days/": b""}))[0] == "empty"


def test_whatever_is_wrong_with_an_archive_is_said_as_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "may.zip"
    a_zip(path, {"a.xml": b"<a>" + bytes(range(256)) * 20 + b"</a>", "b.xml": b"<b/>"})
    whole = path.read_bytes()
    damage = random.Random(20260531)

    outcomes = set()
    for _ in range(400):
        raw = bytearray(whole[: damage.choice([len(whole), damage.randrange(4, len(whole))])])
        for _ in range(damage.choice([0, 1, 8])):
            raw[damage.randrange(4, len(raw))] = damage.randrange(256)
        path.write_bytes(raw)
        outcomes |= outcomes_of(str(path))

    assert outcomes <= {"read", "archive_unreadable", "too_large", "empty", "too_deep"}
    assert {"read", "archive_unreadable"} <= outcomes


def outcomes_of(path: str) -> set[str]:
    """How reading every member of an archive ends."""
    found = sources_of(path)
    if isinstance(found, Finding):
        return {found.code}
    outcomes = set()
    for source in found:
        try:
            bytes_of(source)
            outcomes.add("read")
        except Refused as refused:
            outcomes.add(refused.findings[0].code)
    return outcomes
