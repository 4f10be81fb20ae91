"""The folder of an earlier result: read whole as it was written, or refused with what is wrong."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests import given_results
from tests.given_results import BANK, YEN, large
from tieout.app import write
from tieout.domain.line_table import LineTable, texts_of
from tieout.domain.results import Outstanding, Result
from tieout.kernel.errors import Refused
from tieout.services.files.previous import Previous, read_previous
from tieout.services.files.write_result import SUMS


def _with_amounts(part: Outstanding, table: LineTable) -> Outstanding:
    amounts = dict(zip(texts_of(table.id, len(table)), table.minor_units.tolist(), strict=True))
    return part._replace(amounts=part.amounts or tuple(amounts[line] for line in part.lines))


# The example, with what of each outstanding line is outstanding, as every reconciliation of ours has it.
RESULT = replace(
    given_results.RESULT,
    reconciliations=tuple(
        account._replace(
            in_books_not_on_bank=_with_amounts(account.in_books_not_on_bank, given_results.RESULT.ledger),
            on_bank_not_in_books=_with_amounts(account.on_bank_not_in_books, given_results.RESULT.statement),
        )
        for account in given_results.RESULT.reconciliations
    ),
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(result: Result, result_format: str = "json") -> Previous:
    """The result after it was written and read again."""
    write(result, "may", "parquet" if result_format == "parquet" else "json")
    return read_previous("may")


@pytest.mark.parametrize("result_format", ["json", "parquet"])
@pytest.mark.parametrize("size", [lambda result: result, large], ids=["small", "large"])
def test_what_the_next_run_needs_is_read_from_either_format(
    size: Callable[[Result], Result], result_format: str
) -> None:
    previous = written(size(RESULT), result_format)

    assert previous.remaining["ledger"] == {"L1": 90_00, "L2": 90_00, "L8": 9_900, "L10": 40_00}
    assert previous.remaining["statement"]["S6"] == 50_00
    assert {line: part.minor_units for line, part in previous.outstanding["statement"].items() if line == "S6"}
    assert previous.awaiting == frozenset({"S2"})
    assert previous.closed == {"statement": frozenset({"S0"}), "ledger": frozenset({"L0"})}
    assert previous.closings[BANK, "NOK"].closing == 1_646_50
    assert previous.books[BANK, "NOK"].minor_units == 1_549_00
    assert (YEN, "JPY") not in previous.books


@pytest.mark.parametrize("many", [False, True], ids=["small", "large"])
def test_every_line_comes_back_as_it_was_written(many: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.services.files.lines_file.SMALL_LINES_MAX", 0 if many else 2_000)

    lines = written(RESULT).lines

    for side, table in (("statement", RESULT.statement), ("ledger", RESULT.ledger)):
        ids = lines.ids("statement" if side == "statement" else "ledger")
        assert ids == texts_of(table.id, len(table))
        back = lines.table("statement" if side == "statement" else "ledger", ids)
        for column in ("reference", "counterparty", "description", "settles", "native_id"):
            assert texts_of(getattr(back, column), len(back)) == texts_of(getattr(table, column), len(table)), column
        assert back.minor_units.tolist() == table.minor_units.tolist()
        assert [back.booking_day.tolist(), back.value_day.tolist()] == [
            table.booking_day.tolist(),
            table.value_day.tolist(),
        ]
        assert [back.account.at(row) for row in range(len(back))] == [
            table.account.at(row) for row in range(len(table))
        ]
        assert (back.extra or {}).keys() == (table.extra or {}).keys()
    assert lines.accounts_of(("customer_payment",)) == {(BANK, "NOK")}
    assert lines.table("ledger", ["L9"]).id == ["L9"]


def reason(folder: str) -> str:
    """Why the folder is refused."""
    with pytest.raises(Refused) as raised:
        read_previous(folder)
    (finding,) = raised.value.findings
    assert finding.code == "previous_not_a_result"
    return str(finding)


_NAME_ONE = "name a folder that `tieout reconcile --out` wrote"


def test_a_folder_that_is_none_or_holds_no_result_is_refused() -> None:
    Path("empty").mkdir()
    Path("file").touch()

    assert reason("gone") == f"gone: there is no such folder; {_NAME_ONE}"
    assert reason("file") == f"file: this is a file, not a folder with a result; {_NAME_ONE}"
    assert reason("empty/") == f"empty/result.json: it is missing, so this folder holds no result; {_NAME_ONE}"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"tieout": "0.1.0"}', "\xff"])
def test_a_result_json_of_somebody_else_is_refused(text: str) -> None:
    Path("may").mkdir()
    Path("may/result.json").write_text(text, "latin-1")

    assert reason("may").startswith("may/result.json: this is not a result of tieout (")


def test_an_amount_in_result_json_that_is_none_is_refused() -> None:
    written(RESULT)
    document = json.loads(Path("may/result.json").read_text("utf-8"))
    document["open_parts"][0]["amount"] = "1,0"
    Path("may/result.json").write_text(json.dumps(document), "utf-8")

    assert reason("may").startswith("may/result.json: this is not a result of tieout ('1,0' is not an amount")


@pytest.mark.parametrize("name", ["lines.csv", "open.parquet"])
def test_a_file_that_was_changed_since_is_refused(name: str) -> None:
    written(RESULT, "parquet")
    with (Path("may") / name).open("ab") as stream:
        stream.write(b"x")

    assert reason("may").startswith(
        f"may/{name}: this was changed since tieout wrote it; give the result as it was written"
    )


def test_without_the_list_of_digests_what_is_no_table_of_lines_is_refused() -> None:
    written(RESULT)
    (Path("may") / SUMS).unlink()
    Path("may/lines.csv").write_text("id,amount\n", "utf-8")

    assert reason("may").startswith("may/lines.csv: these are not the lines of a result (it has no column side); ")


def test_an_open_line_that_lines_csv_does_not_have_is_refused() -> None:
    written(RESULT)
    document = json.loads(Path("may/result.json").read_text("utf-8"))
    document["open_parts"][-1]["line"] = "L77"
    Path("may/result.json").write_text(json.dumps(document), "utf-8")

    assert reason("may") == f"may/lines.csv: the ledger line L77 of result.json is not in it; {_NAME_ONE}"
