"""A result that was written proves itself again from its own files, and does not once anything in it is changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings

from tests.given_lines import BANK, SAVINGS, Line, reconciled
from tests.properties.sides import Sides, sides
from tieout.contracts.exporter import Exporter, ResultFormat
from tieout.domain.results import Result
from tieout.kernel.errors import UsageError
from tieout.kernel.registry import modules_in
from tieout.services.files.verify_folder import Verification, verify_folder
from tieout.services.files.write_result import write_result

STATEMENT = [
    Line("S1", "97.00", 3, description="INV-2026-01"),
    Line("S2", "-20.00", 4),
    Line("S3", "0.00", 5),
    Line("=S4", "40.00", 5, reference="V-0007"),
    Line("S5", "-500.00", 6, counterparty_account=SAVINGS),
    Line("S6", "500.00", 6, account=SAVINGS, counterparty_account=BANK),
    Line("S7", "1163.43", 3, description="INV-2026-02"),
    Line("S8", "80.00", 7, reference="INV-2026-03"),
]
LEDGER = [
    Line("L1", "100.00", 1, reference="INV-2026-01", account="1500"),
    Line("L2", "40.00", 1, reference="V-0007", kind="bank_entry", settles="L3"),
    Line("L3", "40.00", 1, account="1500"),
    Line("L4", "101.00", 1, currency="EUR", reference="INV-2026-02", account="1500", base_amount="1150.00"),
    Line("L5", "80.00", "2026-09-01", reference="INV-2026-03", account="1500"),
    Line("-L6", "7.00", 2, kind="bank_entry"),
]


def a_result() -> Result:
    """One of everything that is checked; the account balances."""
    return reconciled(STATEMENT, LEDGER, book=[f"{BANK}=147.00"], bank=[f"{BANK}=960.43", f"{SAVINGS}=500.00"])


def written(result: Result, folder: Path, result_format: ResultFormat = "json") -> str:
    """The folder with the result in it."""
    exporters = [cast("Exporter", module) for module in modules_in("tieout.exporters")]
    write_result(result, str(folder / "out"), result_format, exporters)
    return str(folder / "out")


@pytest.mark.parametrize("result_format", ["json", "parquet"])
def test_a_result_as_it_was_written_proves_itself(tmp_path: Path, result_format: ResultFormat) -> None:
    result = a_result()

    found = verify_folder(written(result, tmp_path, result_format))

    assert found == Verification(len(STATEMENT), len(LEDGER), result.matches_confirmed, ())
    assert [account.holds for account in result.reconciliations] == [None, True]
    assert result.matches_confirmed == 4
    assert result.matches_proposed == 1


Change = Callable[[dict[str, Any]], None]


def _first_allocation(document: dict[str, Any]) -> None:
    document["matches"][0]["allocations"][0]["amount"] = "97.01"


def _adjustment(document: dict[str, Any]) -> None:
    document["matches"][0]["adjustments"][0]["amount"] = "-2.99"


def _match_removed(document: dict[str, Any]) -> None:
    del document["matches"][0]


def _match_twice(document: dict[str, Any]) -> None:
    document["matches"].append(document["matches"][0])


def _open_part(document: dict[str, Any]) -> None:
    document["open_parts"][0]["amount"] = "-19.00"


def _settled(document: dict[str, Any]) -> None:
    document["settled_in_books"] = []


def _outstanding(document: dict[str, Any]) -> None:
    document["reconciliations"][1]["on_bank_not_in_books"]["lines"][0] = "S3"


def _difference(document: dict[str, Any]) -> None:
    document["reconciliations"][1]["difference"] = "0.01"


def _book_balance(document: dict[str, Any]) -> None:
    document["reconciliations"][1]["per_books"] = "148.00"


def _account_removed(document: dict[str, Any]) -> None:
    del document["reconciliations"][0]


def _count(document: dict[str, Any]) -> None:
    document["summary"]["matches_confirmed"] += 1


CHANGES: dict[str, tuple[Change, str]] = {
    "an allocation": (_first_allocation, "0.01 NOK is left over"),
    "an adjustment": (_adjustment, "-0.01 NOK is left over"),
    "a match is gone": (_match_removed, "statement line S1: 97.00 of 97.00 NOK is not accounted for"),
    "a match twice": (_match_twice, "is used for 194.00 of 97.00 NOK by all matches together"),
    "what is left of a line": (_open_part, "statement line S2: -1.00 of -20.00 NOK is not accounted for"),
    "a settled item": (_settled, "ledger line L3: 40.00 of 40.00 NOK is not accounted for"),
    "an outstanding line": (_outstanding, "on the bank and not in the books are others than result.json lists"),
    "the difference": (_difference, "the difference is another one than result.json states"),
    "the balance per books": (_book_balance, "the difference is another one than result.json states"),
    "an account is gone": (_account_removed, "is not reconciled"),
    "a count": (_count, "the summary counts 5 as matches_confirmed, but there are 4"),
}


@pytest.mark.parametrize(("change", "fault"), CHANGES.values(), ids=CHANGES.keys())
def test_a_result_in_which_anything_was_changed_does_not_prove_itself(
    tmp_path: Path, change: Change, fault: str
) -> None:
    folder = written(a_result(), tmp_path)
    path = Path(folder) / "result.json"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document), "utf-8")

    faults = verify_folder(folder).faults

    assert any(fault in found for found in faults), faults


def test_a_changed_line_is_found_by_its_digest_and_by_its_certificate(tmp_path: Path) -> None:
    folder = written(a_result(), tmp_path)
    path = Path(folder) / "lines.csv"
    path.write_text(path.read_text("utf-8").replace("97.00", "96.00"), "utf-8")

    faults = verify_folder(folder).faults

    assert "lines.csv is missing or was changed since tieout wrote it" in faults
    assert "match 1: statement line S1 is used for 97.00 of 96.00 NOK" in faults


def test_a_member_that_stands_twice_is_refused_since_readers_would_disagree_about_it(tmp_path: Path) -> None:
    folder = written(a_result(), tmp_path)
    path = Path(folder) / "result.json"
    path.write_text(path.read_text("utf-8").replace('"conservation":', '"matches": [], "conservation":'), "utf-8")

    with pytest.raises(UsageError, match="a member twice"):
        verify_folder(folder)


@pytest.mark.parametrize("name", ["result.json", "lines.csv"])
def test_a_folder_without_a_result_is_refused_by_the_name_of_what_is_missing(tmp_path: Path, name: str) -> None:
    folder = written(a_result(), tmp_path)
    (Path(folder) / name).unlink()

    with pytest.raises(UsageError, match=f"{name} is missing"):
        verify_folder(folder)


def test_a_result_of_another_shape_is_refused_with_the_place(tmp_path: Path) -> None:
    folder = written(a_result(), tmp_path)
    (Path(folder) / "result.json").write_text('{"tieout": "0.1.0", "proofs": 7}', "utf-8")

    with pytest.raises(UsageError, match=r"\$\.proofs"):
        verify_folder(folder)


@pytest.mark.slow
@settings(max_examples=40)
@given(sides())
def test_every_result_proves_itself_from_its_files(tmp_path_factory: pytest.TempPathFactory, company: Sides) -> None:
    folder = written(reconciled(*company), tmp_path_factory.mktemp("result"))

    assert verify_folder(folder).faults == ()
