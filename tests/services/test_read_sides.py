"""The files of a side as columns: canonical lines by their own ids, bank files united in order of what they hold."""

from itertools import permutations
from pathlib import Path

import pytest

from tests.given_files import ACCOUNT, Entry, Row, canonical, mt940
from tieout.app import importers
from tieout.domain.kinds import Side
from tieout.domain.line_table import texts_of
from tieout.kernel.errors import Refused, UsageError
from tieout.services.files.read_sides import SideRead, inputs_of, read_side

APRIL = Entry("2026-04-04", "100.00", "first"), Entry("2026-04-30", "20.00", "second")
MAY = Entry("2026-04-30", "5.00", "third"), Entry("2026-05-04", "1.00", "fourth")


def read(*arguments: str, side: Side = "statement", profile: str | None = None) -> SideRead:
    """The side that these arguments name."""
    return read_side(inputs_of(arguments), side, importers(), profile)


def ids(side: SideRead) -> list[str]:
    """The ids of its lines."""
    return texts_of(side.lines.id, len(side.lines))


def refused(*arguments: str, side: Side = "ledger") -> list[str]:
    """The reasons for which these arguments are refused."""
    with pytest.raises(Refused) as raised:
        read(*arguments, side=side)
    return [str(finding) for finding in raised.value.findings]


def test_a_prefix_makes_the_ids_of_a_file_other_ids_also_where_they_are_settled(tmp_path: Path) -> None:
    path = canonical(tmp_path / "may.csv", [Row("L1", "1.00", kind="receivable"), Row("P1", "1.00", settles="L1 L2")])

    side = read(f"{path}=B:", side="ledger")

    assert ids(side) == ["B:L1", "B:P1"]
    assert texts_of(side.lines.settles, 2) == ["", "B:L1 B:L2"]


def test_two_files_of_a_side_may_not_share_an_id_unless_one_has_a_prefix(tmp_path: Path) -> None:
    may, june = (canonical(tmp_path / f"{name}.csv", [Row("L1", "1.00")]) for name in ("may", "june"))

    assert refused(may, june) == [
        f'{june}:2:1: the id is also in {may}; in "L1"; name a prefix for one of them: "{june}=OTHER:"'
    ]
    assert ids(read(may, f"{june}=J:", side="ledger")) == ["L1", "J:L1"]


def test_an_equals_sign_in_the_name_of_a_file_is_no_prefix(tmp_path: Path) -> None:
    path = canonical(tmp_path / "a=b.csv", [Row("L1", "1.00")])

    assert ids(read(path, side="ledger")) == ["L1"]


def test_bank_lines_are_counted_by_day_in_the_order_of_what_the_files_hold(tmp_path: Path) -> None:
    april = mt940(tmp_path / "z.sta", ("0.00", "2026-04-01"), ("120.00", "2026-04-30"), *APRIL)
    may = mt940(tmp_path / "a.sta", ("120.00", "2026-04-30"), ("126.00", "2026-05-31"), *MAY)

    read_in = [read(*order) for order in permutations([april, may])]

    assert ids(read_in[0]) == ids(read_in[1])
    assert ids(read_in[0]) == [
        f"{ACCOUNT}/{day}" for day in ("2026-04-04/1", "2026-04-30/1", "2026-04-30/2", "2026-05-04/1")
    ]
    assert texts_of(read_in[0].lines.description, 4) == ["first", "second", "third", "fourth"]
    assert [read_in[0].statement_files, read_in[0].bank_lines] == [["z.sta", "a.sta"], 4]


def test_files_that_say_the_same_count_once_whatever_they_are_called(tmp_path: Path) -> None:
    paths = [mt940(tmp_path / name, ("0.00", "2026-04-01"), ("120.00", "2026-04-30"), *APRIL) for name in ("a", "b")]

    assert len(read(*paths).lines) == 2


def test_a_statement_missing_between_two_files_of_a_call_is_noticed_without_naming_a_folder(tmp_path: Path) -> None:
    april = mt940(tmp_path / "april.sta", ("0.00", "2026-04-01"), ("120.00", "2026-04-30"), *APRIL)
    june = mt940(tmp_path / "june.sta", ("150.00", "2026-06-01"), ("156.00", "2026-06-30"), Entry("2026-06-02", "6.00"))

    (warning,) = read(june, april).warnings

    assert (warning.code, warning.place.file) == ("chain_gap", "june.sta")
    assert str(tmp_path) not in str(warning)


def test_a_column_that_is_almost_ours_is_said_also_when_the_file_is_good(tmp_path: Path) -> None:
    (tmp_path / "may.csv").write_text(
        "id,amount,currency,booking_date,Reference\nL1,1.00,NOK,2026-05-04,INV-1\n", "utf-8"
    )

    (warning,) = read(str(tmp_path / "may.csv"), side="ledger").warnings

    assert (warning.code, warning.place.file, warning.place.column) == ("similar_column", "may.csv", 33)


def test_the_books_are_not_read_from_a_bank_file(tmp_path: Path) -> None:
    path = mt940(tmp_path / "may.sta", ("0.00", "2026-04-01"), ("120.00", "2026-04-30"), *APRIL)

    (reason,) = refused(path)

    assert reason.startswith(f"{path}: the books are read from canonical CSV only; write the books as canonical CSV")


def test_every_refused_file_is_named_with_all_its_reasons(tmp_path: Path) -> None:
    good = canonical(tmp_path / "good.csv", [Row("L1", "1.00")])
    empty, bad = tmp_path / "empty.csv", canonical(tmp_path / "bad.csv", [Row("L2", "x"), Row("L2", "1.005")])
    empty.touch()

    reasons = refused(good, str(empty), bad)

    places = [reason.split(": ")[0] for reason in reasons]
    assert places == [str(empty), f"{bad}:2:9", f"{bad}:3:1", f"{bad}:3:9"]


def test_more_reasons_than_anybody_corrects_at_once_are_counted(tmp_path: Path) -> None:
    path = canonical(tmp_path / "bad.csv", [Row(f"L{number}", "x") for number in range(25)])

    with pytest.raises(Refused) as raised:
        read(path, side="ledger")

    assert (len(raised.value.findings), raised.value.count) == (20, 25)


def test_what_is_meant_to_be_canonical_is_told_what_it_lacks_on_either_side(tmp_path: Path) -> None:
    path = tmp_path / "may.csv"
    path.write_text("id,amount,currency\nL1,1.00,NOK\n", "utf-8")

    for side in ("ledger", "statement"):
        (reason,) = refused(str(path), side=side)
        assert reason.startswith(f'{path}:1:1: the required column "booking_date" is missing; in "id,amount,currency"')


def test_a_table_of_somebody_else_is_told_how_to_become_ours(tmp_path: Path) -> None:
    path = tmp_path / "may.csv"
    path.write_text("Dato;Tekst;Beløp\n01.05.2026;Kaffe;-4,00\n", "utf-8")

    (reason,) = refused(str(path))

    assert reason.startswith(f"{path}: a table whose columns nobody recognises")


def test_a_profile_that_no_format_has_is_refused_before_a_file_is_read(tmp_path: Path) -> None:
    path = canonical(tmp_path / "may.csv", [Row("S1", "1.00")])

    with pytest.raises(UsageError, match='there is no profile "nosuch"'):
        read(path, profile="nosuch")
